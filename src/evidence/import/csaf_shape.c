/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of a CSAF 2.0 document: section 3 of the standard and its JSON schema, as tables. What the schema leaves
 * open (additional members) is left open here; the format "uri" is an annotation there and not checked here.
 */
#include "evidence/import/csaf.h"

#include <stdlib.h>
#include <string.h>

enum shape_kind { SHAPE_TEXT, SHAPE_OBJECT, SHAPE_LIST, SHAPE_SCORE };

struct shape {
	const char *key; /* NULL ends a list of fields */
	enum shape_kind kind;
	bool required;
	unsigned least;             /* items of a list, members of an object */
	bool unique;                /* no item twice */
	const char *words;          /* the text is one of these, separated by spaces */
	bool (*fits)(const char *); /* the text has this form */
	const char *form;           /* what that form is called */
	const struct shape *inside; /* fields of an object, the item of a list */
};

/* ---- forms of texts ---------------------------------------------------------------------------------------------- */

static bool is_moment(const char *text)
{
	struct moment moment;

	return moment_parse(text, &moment);
}

static size_t digits(const char *text)
{
	return strspn(text, "0123456789");
}

static bool is_number_without_zeros(const char *text, size_t n)
{
	return n && (n == 1 || text[0] != '0');
}

/* identifiers of a pre-release ("rc.1", no number with a leading zero) or of build metadata */
static const char *skip_identifiers(const char *text, bool release)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";

	for (;;) {
		size_t n = strspn(text, letters);

		if (!n || (release && digits(text) == n && !is_number_without_zeros(text, n)))
			return NULL;
		text += n;
		if (*text != '.')
			return text;
		text++;
	}
}

/* version_t (3.1.11): an integer, or Semantic Versioning 2.0.0 */
static bool is_version(const char *text)
{
	for (int part = 0; part < 3; part++) {
		size_t n = digits(text);

		if (!is_number_without_zeros(text, n) || n > 18)
			return false;
		text += n;
		if (!part && !*text)
			return true;
		if (part < 2 && *text++ != '.')
			return false;
	}
	if (*text == '-')
		text = skip_identifiers(text + 1, true);
	if (text && *text == '+')
		text = skip_identifiers(text + 1, false);
	return text && !*text;
}

static bool is_cve(const char *text)
{
	return !strncmp(text, "CVE-", 4) && digits(text + 4) == 4 && text[8] == '-' && digits(text + 9) >= 4 &&
	       !text[9 + digits(text + 9)];
}

static bool is_cwe(const char *text)
{
	size_t n = strncmp(text, "CWE-", 4) ? 0 : digits(text + 4);

	return n >= 1 && n <= 6 && text[4] != '0' && !text[4 + n];
}

static bool is_edge(char c, bool signs)
{
	return strchr(" \t\n\r\v\f", c) || (signs && strchr("-_.", c));
}

static bool is_category(const char *text)
{
	return !is_edge(text[0], true) && !is_edge(text[strlen(text) - 1], true);
}

static bool is_id(const char *text)
{
	return !is_edge(text[0], false) && !is_edge(text[strlen(text) - 1], false) && !strpbrk(text, "\r\n");
}

/* A hash value of at least 128 bits. */
static bool is_hash(const char *text)
{
	size_t n = strspn(text, "0123456789abcdefABCDEF");

	return n >= 32 && !text[n];
}

/* "pkg:" type "/" ... : the form only; what the parts must be is test 6.1.13 */
static bool is_purl(const char *text)
{
	const char *slash = strchr(text, '/');

	return !strncmp(text, "pkg:", 4) && slash && slash > text + 4 && slash[1];
}

static bool is_cpe(const char *text)
{
	return !strncmp(text, "cpe:2.3:", 8) || ((text[0] | 0x20) == 'c' && (text[1] | 0x20) == 'p' &&
						 (text[2] | 0x20) == 'e' && text[3] == ':' && text[4] == '/');
}

/* RFC 5646: subtags of letters and digits between hyphens, the first of two or more letters, or "x-" and "i-". */
static bool is_language(const char *text)
{
	size_t first = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

	if (first > 8 || first == 0 || (first == 1 && !strchr("xXiI", text[0])))
		return false;
	for (text += first; *text == '-';) {
		size_t n = strspn(++text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

		if (n < 1 || n > 8)
			return false;
		text += n;
	}
	return !*text;
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

/* clang-format off */
#define TEXT(k)                   { .key = k, .kind = SHAPE_TEXT }
#define TEXT_REQUIRED(k)          { .key = k, .kind = SHAPE_TEXT, .required = true }
#define WORD_REQUIRED(k, w)       { .key = k, .kind = SHAPE_TEXT, .required = true, .words = w }
#define FORM(k, f, what)          { .key = k, .kind = SHAPE_TEXT, .fits = f, .form = what }
#define FORM_REQUIRED(k, f, what) { .key = k, .kind = SHAPE_TEXT, .required = true, .fits = f, .form = what }
#define MOMENT(k)                 FORM(k, is_moment, "a date and time (RFC 3339)")
#define MOMENT_REQUIRED(k)        FORM_REQUIRED(k, is_moment, "a date and time (RFC 3339)")
#define OBJECT(k, f)              { .key = k, .kind = SHAPE_OBJECT, .inside = f }
#define OBJECT_REQUIRED(k, f)     { .key = k, .kind = SHAPE_OBJECT, .required = true, .inside = f }
#define LIST(k, item)             { .key = k, .kind = SHAPE_LIST, .least = 1, .inside = &item }
#define UNIQUE(k, item)           { .key = k, .kind = SHAPE_LIST, .least = 1, .unique = true, .inside = &item }
#define END                       { .key = NULL }
/* clang-format on */

static const struct shape text_item = TEXT("");

static const struct shape acknowledgment_fields[] = { LIST("names", text_item), TEXT("organization"), TEXT("summary"),
						      LIST("urls", text_item), END };
static const struct shape acknowledgment = { .kind = SHAPE_OBJECT, .least = 1, .inside = acknowledgment_fields };

static const struct shape note_fields[] = {
	WORD_REQUIRED("category", "description details faq general legal_disclaimer other summary"),
	TEXT_REQUIRED("text"), TEXT("audience"), TEXT("title"), END
};
static const struct shape note = { .kind = SHAPE_OBJECT, .inside = note_fields };

static const struct shape reference_fields[] = { { .key = "category", .kind = SHAPE_TEXT, .words = "external self" },
						 TEXT_REQUIRED("summary"),
						 TEXT_REQUIRED("url"),
						 END };
static const struct shape reference = { .kind = SHAPE_OBJECT, .inside = reference_fields };

static const struct shape file_hash_fields[] = { TEXT_REQUIRED("algorithm"),
						 FORM_REQUIRED("value", is_hash, "a hash value"), END };
static const struct shape file_hash = { .kind = SHAPE_OBJECT, .inside = file_hash_fields };
static const struct shape hash_fields[] = {
	{ .key = "file_hashes", .kind = SHAPE_LIST, .required = true, .least = 1, .inside = &file_hash },
	TEXT_REQUIRED("filename"),
	END
};
static const struct shape hash_item = { .kind = SHAPE_OBJECT, .inside = hash_fields };
static const struct shape generic_uri_fields[] = { TEXT_REQUIRED("namespace"), TEXT_REQUIRED("uri"), END };
static const struct shape generic_uri = { .kind = SHAPE_OBJECT, .inside = generic_uri_fields };
static const struct shape helper_fields[] = { FORM("cpe", is_cpe, "a CPE name"),
					      LIST("hashes", hash_item),
					      UNIQUE("model_numbers", text_item),
					      FORM("purl", is_purl, "a package URL"),
					      LIST("sbom_urls", text_item),
					      UNIQUE("serial_numbers", text_item),
					      LIST("skus", text_item),
					      LIST("x_generic_uris", generic_uri),
					      END };
static const struct shape full_product_name_fields[] = {
	TEXT_REQUIRED("name"),
	TEXT_REQUIRED("product_id"),
	{ .key = "product_identification_helper", .kind = SHAPE_OBJECT, .least = 1, .inside = helper_fields },
	END
};
static const struct shape full_product_name = { .kind = SHAPE_OBJECT, .inside = full_product_name_fields };

static const struct shape branch; /* a branch holds branches */
static const struct shape branch_fields[] = {
	WORD_REQUIRED("category",
		      "architecture host_name language legacy patch_level product_family product_name product_version "
		      "product_version_range service_pack specification vendor"),
	TEXT_REQUIRED("name"), OBJECT("product", full_product_name_fields), LIST("branches", branch), END
};
static const struct shape branch = { .kind = SHAPE_OBJECT, .least = 3, .inside = branch_fields };

static const struct shape product_group_fields[] = { TEXT_REQUIRED("group_id"),
						     { .key = "product_ids",
						       .kind = SHAPE_LIST,
						       .required = true,
						       .least = 2,
						       .unique = true,
						       .inside = &text_item },
						     TEXT("summary"),
						     END };
static const struct shape product_group = { .kind = SHAPE_OBJECT, .inside = product_group_fields };
static const struct shape relationship_fields[] = {
	WORD_REQUIRED("category",
		      "default_component_of external_component_of installed_on installed_with optional_component_of"),
	OBJECT_REQUIRED("full_product_name", full_product_name_fields), TEXT_REQUIRED("product_reference"),
	TEXT_REQUIRED("relates_to_product_reference"), END
};
static const struct shape relationship = { .kind = SHAPE_OBJECT, .inside = relationship_fields };
static const struct shape product_tree_fields[] = { LIST("branches", branch),
						    LIST("full_product_names", full_product_name),
						    LIST("product_groups", product_group),
						    LIST("relationships", relationship), END };

static const struct shape aggregate_severity_fields[] = { TEXT_REQUIRED("text"), TEXT("namespace"), END };
static const struct shape tlp_fields[] = { WORD_REQUIRED("label", "AMBER GREEN RED WHITE"), TEXT("url"), END };
static const struct shape distribution_fields[] = { TEXT("text"), OBJECT("tlp", tlp_fields), END };
static const struct shape publisher_fields[] = { WORD_REQUIRED("category",
							       "coordinator discoverer other translator user vendor"),
						 TEXT_REQUIRED("name"),
						 TEXT_REQUIRED("namespace"),
						 TEXT("contact_details"),
						 TEXT("issuing_authority"),
						 END };
static const struct shape engine_fields[] = { TEXT_REQUIRED("name"), TEXT("version"), END };
static const struct shape generator_fields[] = { OBJECT_REQUIRED("engine", engine_fields), MOMENT("date"), END };
static const struct shape revision_fields[] = {
	MOMENT_REQUIRED("date"), FORM_REQUIRED("number", is_version, "a version (an integer or semantic)"),
	TEXT_REQUIRED("summary"), TEXT("legacy_version"), END
};
static const struct shape revision = { .kind = SHAPE_OBJECT, .inside = revision_fields };
static const struct shape tracking_fields[] = {
	UNIQUE("aliases", text_item),
	MOMENT_REQUIRED("current_release_date"),
	OBJECT("generator", generator_fields),
	FORM_REQUIRED("id", is_id, "an identifier without space around it"),
	MOMENT_REQUIRED("initial_release_date"),
	{ .key = "revision_history", .kind = SHAPE_LIST, .required = true, .least = 1, .inside = &revision },
	WORD_REQUIRED("status", "draft final interim"),
	FORM_REQUIRED("version", is_version, "a version (an integer or semantic)"),
	END
};
static const struct shape document_fields[] = {
	LIST("acknowledgments", acknowledgment),
	OBJECT("aggregate_severity", aggregate_severity_fields),
	FORM_REQUIRED("category", is_category, "a category (no space, -, _ or . at its ends)"),
	WORD_REQUIRED("csaf_version", "2.0"),
	{ .key = "distribution", .kind = SHAPE_OBJECT, .least = 1, .inside = distribution_fields },
	FORM("lang", is_language, "a language tag"),
	LIST("notes", note),
	OBJECT_REQUIRED("publisher", publisher_fields),
	LIST("references", reference),
	FORM("source_lang", is_language, "a language tag"),
	TEXT_REQUIRED("title"),
	OBJECT_REQUIRED("tracking", tracking_fields),
	END
};

static const struct shape cwe_fields[] = { FORM_REQUIRED("id", is_cwe, "a CWE number"), TEXT_REQUIRED("name"), END };
static const struct shape flag_fields[] = {
	MOMENT("date"), UNIQUE("group_ids", text_item), UNIQUE("product_ids", text_item),
	WORD_REQUIRED("label", "component_not_present inline_mitigations_already_exist "
			       "vulnerable_code_cannot_be_controlled_by_adversary "
			       "vulnerable_code_not_in_execute_path vulnerable_code_not_present"),
	END
};
static const struct shape flag = { .kind = SHAPE_OBJECT, .inside = flag_fields };
static const struct shape id_fields[] = { TEXT_REQUIRED("system_name"), TEXT_REQUIRED("text"), END };
static const struct shape id_item = { .kind = SHAPE_OBJECT, .inside = id_fields };
static const struct shape involvement_fields[] = {
	MOMENT("date"), WORD_REQUIRED("party", "coordinator discoverer other user vendor"),
	WORD_REQUIRED("status", "completed contact_attempted disputed in_progress not_contacted open"), TEXT("summary"),
	END
};
static const struct shape involvement = { .kind = SHAPE_OBJECT, .inside = involvement_fields };
static const struct shape product_status_fields[] = { UNIQUE("first_affected", text_item),
						      UNIQUE("first_fixed", text_item),
						      UNIQUE("fixed", text_item),
						      UNIQUE("known_affected", text_item),
						      UNIQUE("known_not_affected", text_item),
						      UNIQUE("last_affected", text_item),
						      UNIQUE("recommended", text_item),
						      UNIQUE("under_investigation", text_item),
						      END };
static const struct shape restart_fields[] = {
	WORD_REQUIRED("category",
		      "connected dependencies machine none parent service system vulnerable_component zone"),
	TEXT("details"), END
};
static const struct shape remediation_fields[] = {
	WORD_REQUIRED("category", "mitigation no_fix_planned none_available vendor_fix workaround"),
	MOMENT("date"),
	TEXT_REQUIRED("details"),
	LIST("entitlements", text_item),
	UNIQUE("group_ids", text_item),
	UNIQUE("product_ids", text_item),
	OBJECT("restart_required", restart_fields),
	TEXT("url"),
	END
};
static const struct shape remediation = { .kind = SHAPE_OBJECT, .inside = remediation_fields };
static const struct shape score_fields[] = {
	{ .key = "products", .kind = SHAPE_LIST, .required = true, .least = 1, .unique = true, .inside = &text_item },
	{ .key = "cvss_v2", .kind = SHAPE_SCORE },
	{ .key = "cvss_v3", .kind = SHAPE_SCORE },
	END
};
static const struct shape score = { .kind = SHAPE_OBJECT, .least = 2, .inside = score_fields };
static const struct shape threat_fields[] = { WORD_REQUIRED("category", "exploit_status impact target_set"),
					      MOMENT("date"),
					      TEXT_REQUIRED("details"),
					      UNIQUE("group_ids", text_item),
					      UNIQUE("product_ids", text_item),
					      END };
static const struct shape threat = { .kind = SHAPE_OBJECT, .inside = threat_fields };
static const struct shape vulnerability_fields[] = {
	LIST("acknowledgments", acknowledgment),
	FORM("cve", is_cve, "a CVE number"),
	OBJECT("cwe", cwe_fields),
	MOMENT("discovery_date"),
	UNIQUE("flags", flag),
	UNIQUE("ids", id_item),
	UNIQUE("involvements", involvement),
	LIST("notes", note),
	{ .key = "product_status", .kind = SHAPE_OBJECT, .least = 1, .inside = product_status_fields },
	LIST("references", reference),
	MOMENT("release_date"),
	LIST("remediations", remediation),
	LIST("scores", score),
	LIST("threats", threat),
	TEXT("title"),
	END
};
static const struct shape vulnerability = { .kind = SHAPE_OBJECT, .least = 1, .inside = vulnerability_fields };
static const struct shape root_fields[] = {
	OBJECT_REQUIRED("document", document_fields),
	{ .key = "product_tree", .kind = SHAPE_OBJECT, .least = 1, .inside = product_tree_fields },
	LIST("vulnerabilities", vulnerability),
	END
};
static const struct shape root_shape = { .kind = SHAPE_OBJECT, .inside = root_fields };

/* ---- checking ---------------------------------------------------------------------------------------------------- */

static const char schema[] = "CSAF 2.0, schema";

const char *csaf_pointer(struct arena *arena, const struct csaf_path *path)
{
	if (!path || (!path->up && !path->key))
		return "/";
	if (path->key)
		return arena_printf(arena, "%s/%s", path->up && path->up->up ? csaf_pointer(arena, path->up) : "",
				    path->key);
	return arena_printf(arena, "%s/%zu", csaf_pointer(arena, path->up), path->item);
}

static bool is_one_of(const char *words, const char *text)
{
	size_t bytes = strlen(text);

	for (const char *at = words; (at = strstr(at, text)) && bytes; at += bytes)
		if ((at == words || at[-1] == ' ') && (at[bytes] == ' ' || !at[bytes]))
			return true;
	return false;
}

static void check_value(struct import_file *, const struct shape *, const json_t *, const struct csaf_path *);

static void check_text(struct import_file *file, const struct shape *shape, const json_t *value,
		       const struct csaf_path *path)
{
	const char *text = json_string_value(value);

	if (!text)
		import_refuse(file, schema, csaf_pointer(file->arena, path), "a text is needed");
	else if (!text[0] || json_string_length(value) != strlen(text))
		import_refuse(file, schema, csaf_pointer(file->arena, path),
			      text[0] ? "a text with a NUL in it" : "an empty text");
	else if (shape->words && !is_one_of(shape->words, text))
		import_refuse(file, schema, csaf_pointer(file->arena, path), "\"%.60s\" is none of: %s", text,
			      shape->words);
	else if (shape->fits && !shape->fits(text))
		import_refuse(file, schema, csaf_pointer(file->arena, path), "\"%.60s\" is not %s", text, shape->form);
}

static void check_object(struct import_file *file, const struct shape *shape, const json_t *value,
			 const struct csaf_path *path)
{
	if (!json_is_object(value)) {
		import_refuse(file, schema, csaf_pointer(file->arena, path), "an object is needed");
		return;
	}
	if (json_object_size(value) < shape->least)
		import_refuse(file, schema, csaf_pointer(file->arena, path), "%zu members, at least %u are needed",
			      json_object_size(value), shape->least);
	for (const struct shape *field = shape->inside; field->key; field++) {
		const json_t *member = json_object_get(value, field->key);
		struct csaf_path below = { .up = path, .key = field->key };

		if (member)
			check_value(file, field, member, &below);
		else if (field->required)
			import_refuse(file, schema, csaf_pointer(file->arena, path), "\"%s\" is missing", field->key);
	}
	if (shape->inside == branch_fields && json_object_size(value) != 3)
		import_refuse(file, schema, csaf_pointer(file->arena, path),
			      "a branch has a category, a name and one of branches and product");
}

static void complain_of_double(struct import_file *file, const struct csaf_path *path, size_t i)
{
	struct csaf_path below = { .up = path, .item = i };

	import_refuse(file, schema, csaf_pointer(file->arena, &below), "the same item twice in one list");
}

/* Short lists by comparing pairs; long ones by a table that is gone afterwards: documents have many short lists. */
static void check_unique(struct import_file *file, const json_t *list, const struct csaf_path *path)
{
	enum { SHORT = 16 };
	size_t count = json_array_size(list);
	struct arena *arena;
	struct strs *seen;

	if (count <= SHORT) {
		for (size_t i = 0; i < count; i++)
			for (size_t k = 0; k < i; k++)
				if (json_equal(json_array_get(list, i), json_array_get(list, k)))
					complain_of_double(file, path, i);
		return;
	}
	arena = arena_new();
	seen = strs_new(arena);
	for (size_t i = 0; i < count; i++) {
		char *text = json_dumps(json_array_get(list, i), JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
		uint32_t before = strs_count(seen);

		if (text && strs_id(seen, text) < before)
			complain_of_double(file, path, i);
		free(text);
	}
	arena_free(arena);
}

static void check_list(struct import_file *file, const struct shape *shape, const json_t *value,
		       const struct csaf_path *path)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(value)) {
		import_refuse(file, schema, csaf_pointer(file->arena, path), "a list is needed");
		return;
	}
	if (json_array_size(value) < shape->least)
		import_refuse(file, schema, csaf_pointer(file->arena, path),
			      "a list of %zu items, at least %u are needed", json_array_size(value), shape->least);
	json_array_foreach(value, i, item)
	{
		struct csaf_path below = { .up = path, .item = i };

		check_value(file, shape->inside, item, &below);
	}
	if (shape->unique)
		check_unique(file, value, path);
}

static void check_value(struct import_file *file, const struct shape *shape, const json_t *value,
			const struct csaf_path *path)
{
	switch (shape->kind) {
	case SHAPE_TEXT:
		check_text(file, shape, value, path);
		break;
	case SHAPE_OBJECT:
		check_object(file, shape, value, path);
		break;
	case SHAPE_LIST:
		check_list(file, shape, value, path);
		break;
	case SHAPE_SCORE: /* what is in it is test 6.1.8 */
		if (!json_is_object(value))
			import_refuse(file, schema, csaf_pointer(file->arena, path), "an object is needed");
		break;
	}
}

bool csaf_check_shape(struct import_file *file, const json_t *root)
{
	struct csaf_path top = { .up = NULL };

	check_value(file, &root_shape, root, &top);
	return !file->imported->refused;
}
