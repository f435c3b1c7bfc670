/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a CSAF document of a category must have: the profiles of section 4, and the tests of the document as a whole.
 * Mandatory tests 6.1.12, 6.1.15, 6.1.26 to 6.1.28.
 */
#include "evidence/import/csaf.h"

#include <string.h>
#include <strings.h>

/* ISO 639-1: every two-letter language code there is. Longer codes are too many to list and are not checked. */
static const char languages[] = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs "
				"cu cv cy da de dv dz ee el en eo es et eu "
				"fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik "
				"io is it iu ja jv ka kg ki kj kk kl km kn "
				"ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb "
				"nd ne ng nl nn no nr nv ny oc oj om or os "
				"pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su "
				"sv sw ta te tg th ti tk tl tn to tr ts tt "
				"tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

enum profile { PROFILE_BASE, PROFILE_INCIDENT, PROFILE_INFORMATIONAL, PROFILE_ADVISORY, PROFILE_VEX, PROFILES };

static const struct profile_row {
	const char *category, *title;
} profiles[PROFILES] = {
	[PROFILE_BASE] = { "csaf_base", "CSAF Base" },
	[PROFILE_INCIDENT] = { "csaf_security_incident_response", "Security Incident Response" },
	[PROFILE_INFORMATIONAL] = { "csaf_informational_advisory", "Informational Advisory" },
	[PROFILE_ADVISORY] = { "csaf_security_advisory", "Security Advisory" },
	[PROFILE_VEX] = { "csaf_vex", "VEX" },
};

static bool is_language_known(const char *tag)
{
	char code[3];

	if (strcspn(tag, "-") != 2)
		return true;
	code[0] = (char)(tag[0] | 0x20);
	code[1] = (char)(tag[1] | 0x20);
	code[2] = '\0';
	for (const char *at = languages; *at; at += at[2] ? 3 : 2)
		if (at[0] == code[0] && at[1] == code[1])
			return true;
	return false;
}

static void check_languages(struct csaf *c)
{
	static const char *const keys[] = { "lang", "source_lang" };
	const char *lang = json_word(c->document, "lang"), *source = json_word(c->document, "source_lang");
	const json_t *publisher = json_object_get(c->document, "publisher");

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const char *tag = json_word(c->document, keys[i]);

		if (tag && !is_language_known(tag))
			import_refuse(c->file, "CSAF 2.0, 6.1.12 language", "/document",
				      "%s \"%.40s\" is no language of ISO 639", keys[i], tag);
	}
	if (!strcmp(json_word(publisher, "category"), "translator") && !source)
		import_refuse(c->file, "CSAF 2.0, 6.1.15 translator", "/document",
			      "the publisher is a translator, and there is no source_lang");
	if (lang && source && !strcasecmp(lang, source))
		import_refuse(c->file, "CSAF 2.0, 6.1.28 translation", "/document",
			      "lang and source_lang are both %.40s", lang);
}

/* Without dashes, spaces and underscores, in small letters: how 6.1.26 compares names. Bounded: a longer one is no such
 * name. */
static void bare_name(const char *text, char out[64])
{
	size_t n = 0;

	for (; *text && n < 63; text++)
		if (!strchr("-_ \t\r\n", *text))
			out[n++] = *text >= 'A' && *text <= 'Z' ? (char)(*text | 0x20) : *text;
	out[n] = '\0';
}

static void check_category(struct csaf *c, const char *category)
{
	char bare[64], other[64];

	if (!strncasecmp(category, "csaf_", 5)) {
		import_refuse(c->file, "CSAF 2.0, 6.1.26 prohibited document category name", "/document/category",
			      "\"%.60s\" has the prefix that is kept for profiles", category);
		return;
	}
	bare_name(category, bare);
	for (int i = PROFILE_INCIDENT; i < PROFILES; i++) {
		bare_name(profiles[i].category, other);
		if (strcmp(bare, other) && strcmp(bare, other + strlen("csaf"))) {
			bare_name(profiles[i].title, other);
			if (strcmp(bare, other))
				continue;
		}
		import_refuse(c->file, "CSAF 2.0, 6.1.26 prohibited document category name", "/document/category",
			      "\"%.60s\" looks like the profile %s", category, profiles[i].category);
		return;
	}
}

static bool has_category(const json_t *list, const char *words)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *category = json_word(item, "category");

		if (category && strstr(words, category))
			return true;
	}
	return false;
}

/* 6.1.27.1 to 6.1.27.3 */
static void check_information(struct csaf *c, enum profile profile)
{
	if (!has_category(json_object_get(c->document, "notes"), "description details general summary"))
		import_refuse(c->file, "CSAF 2.0, 6.1.27.1 document notes", "/document/notes",
			      "none is a description, details, general or a summary");
	if (!has_category(json_object_get(c->document, "references"), "external"))
		import_refuse(c->file, "CSAF 2.0, 6.1.27.2 document references", "/document/references",
			      "none is external");
	if (profile == PROFILE_INFORMATIONAL && c->vulnerabilities)
		import_refuse(c->file, "CSAF 2.0, 6.1.27.3 vulnerabilities", "/vulnerabilities",
			      "an informational advisory has no vulnerabilities");
}

/* ---- VEX: every product that is not affected says why, every one that is says what to do ------------------------- */

static void mark_product(void *marks, const char *id)
{
	uint32_t *mark = csaf_mark(marks, id);

	if (mark)
		*mark = 1;
}

static void check_marks(struct csaf *c, struct csaf_marks *marks, const json_t *products, const char *rule,
			const char *what)
{
	const json_t *item;
	size_t i;

	json_array_foreach(products, i, item)
	{
		const uint32_t *mark = csaf_mark(marks, json_string_value(item));

		if (mark && !*mark)
			import_refuse(c->file, rule, NULL, "product \"%.80s\" has no %s", json_string_value(item),
				      what);
	}
}

static void check_statements(struct csaf *c, const json_t *vulnerability, struct csaf_marks *marks)
{
	const json_t *status = json_object_get(vulnerability, "product_status"), *item;
	size_t i;

	csaf_forget(marks);
	json_array_foreach(json_object_get(vulnerability, "flags"), i, item)
		csaf_each_product(c, item, mark_product, marks);
	json_array_foreach(json_object_get(vulnerability, "threats"), i,
			   item) if (!strcmp(json_word(item, "category"), "impact"))
		csaf_each_product(c, item, mark_product, marks);
	check_marks(c, marks, json_object_get(status, "known_not_affected"), "CSAF 2.0, 6.1.27.9 impact statement",
		    "impact statement: why is it not affected?");
	csaf_forget(marks);
	json_array_foreach(json_object_get(vulnerability, "remediations"), i, item)
		csaf_each_product(c, item, mark_product, marks);
	check_marks(c, marks, json_object_get(status, "known_affected"), "CSAF 2.0, 6.1.27.10 action statement",
		    "action statement: what is to be done?");
}

static void check_vex(struct csaf *c, const json_t *vulnerability, struct csaf_marks *marks)
{
	static const char *const kept[] = { "fixed", "known_affected", "known_not_affected", "under_investigation" };
	const json_t *status = json_object_get(vulnerability, "product_status");
	bool has = false;

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		has = has || json_object_get(status, kept[i]);
	if (!has)
		import_refuse(c->file, "CSAF 2.0, 6.1.27.7 VEX product status", "/vulnerabilities",
			      "no product is fixed, known_affected, known_not_affected or under_investigation");
	if (!json_object_get(vulnerability, "cve") && !json_object_get(vulnerability, "ids"))
		import_refuse(c->file, "CSAF 2.0, 6.1.27.8 vulnerability id", "/vulnerabilities",
			      "neither cve nor ids");
	check_statements(c, vulnerability, marks);
}

/* 6.1.27.4 to 6.1.27.11 */
static void check_advisory(struct csaf *c, enum profile profile)
{
	struct csaf_marks marks = csaf_marks(c);
	const json_t *vulnerability;
	size_t i;

	if (!c->tree)
		import_refuse(c->file, "CSAF 2.0, 6.1.27.4 product tree", "/", "there is none");
	if (!c->vulnerabilities)
		import_refuse(c->file, "CSAF 2.0, 6.1.27.11 vulnerabilities", "/", "there are none");
	json_array_foreach(c->vulnerabilities, i, vulnerability)
	{
		if (!json_object_get(vulnerability, "notes"))
			import_refuse(c->file, "CSAF 2.0, 6.1.27.5 vulnerability notes", "/vulnerabilities",
				      "number %zu has none", i + 1);
		if (profile == PROFILE_VEX)
			check_vex(c, vulnerability, &marks);
		else if (!json_object_get(vulnerability, "product_status"))
			import_refuse(c->file, "CSAF 2.0, 6.1.27.6 product status", "/vulnerabilities",
				      "number %zu has none", i + 1);
	}
}

void csaf_check_profile(struct csaf *c)
{
	const char *category = json_word(c->document, "category");
	int profile = PROFILE_BASE;

	while (profile < PROFILES && strcmp(category, profiles[profile].category))
		profile++;
	check_languages(c);
	if (profile == PROFILES)
		check_category(c, category);
	else if (profile == PROFILE_INCIDENT || profile == PROFILE_INFORMATIONAL)
		check_information(c, (enum profile)profile);
	else if (profile == PROFILE_ADVISORY || profile == PROFILE_VEX)
		check_advisory(c, (enum profile)profile);
}
