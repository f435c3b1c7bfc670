/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CycloneDX bills of material (ECMA-424; JSON, versions 1.2 to 1.6, hardware ones too) become parts inside a product:
 * `contains:PART@VERSION = yes`, who makes a part, and in which country that maker is where the bill says so. A
 * component inside a component is a part of that one, so that a policy can ask two levels down. Vulnerabilities with an
 * analysis (VEX) become statuses as those of CSAF do. What stands beside - services, the graph of who calls whom - is
 * left out and counted.
 */
#include "evidence/import/import.h"

#include <string.h>

static const char standard[] = "CycloneDX";

/* A component with a name of its own in the document. */
struct component {
	const char *name, *version; /* as claims name it; version NULL where the document has none */
	const json_t *json;
};

struct bom {
	struct import_file *file;
	json_t *root;
	const json_t *metadata;
	const char *from, *prefix; /* who says it; how the claims' names begin */
	int32_t dated;
	struct component whole; /* what the bill is of; name NULL: it does not say */
	struct strs *refs;      /* bom-refs; components[id - 1] is what one stands for */
	struct component *components;
	size_t count, room;
};

static const char *text_at(const json_t *object, const char *outer, const char *inner)
{
	return json_word(json_object_get(object, outer), inner);
}

/* ---- the document as a whole ------------------------------------------------------------------------------------- */

static bool check_document(struct bom *b)
{
	static const char *const versions[] = { "1.2", "1.3", "1.4", "1.5", "1.6" };
	const char *format = json_word(b->root, "bomFormat"), *spec = json_word(b->root, "specVersion");
	const json_t *version = json_object_get(b->root, "version");
	const char *serial = json_word(b->root, "serialNumber");
	size_t i = 0;

	if (!json_is_object(b->root) || !format || strcmp(format, "CycloneDX")) {
		import_refuse(b->file, standard, "/bomFormat", "it is not \"CycloneDX\"");
		return false;
	}
	while (spec && i < sizeof versions / sizeof *versions && strcmp(spec, versions[i]))
		i++;
	if (!spec || i == sizeof versions / sizeof *versions)
		import_refuse(b->file, standard, "/specVersion", "\"%.40s\" is none of 1.2 to 1.6", spec ? spec : "");
	if (version && (!json_is_integer(version) || json_integer_value(version) < 1))
		import_refuse(b->file, standard, "/version", "it is no number from 1");
	if (serial && (strncmp(serial, "urn:uuid:", 9) || strlen(serial) != 45 ||
		       strspn(serial + 9, "0123456789abcdefABCDEF-") != 36))
		import_refuse(b->file, standard, "/serialNumber", "\"%.60s\" is no urn:uuid", serial);
	return !b->file->imported->refused;
}

/* Who made the bill: the organisation, else the person; else who supplies or makes what it is of. */
static const char *author_of(struct bom *b)
{
	const char *name = text_at(b->metadata, "manufacturer", "name");

	if (!name)
		name = json_word(json_array_get(json_object_get(b->metadata, "authors"), 0), "name");
	if (!name)
		name = text_at(b->metadata, "supplier", "name");
	if (!name)
		name = text_at(b->metadata, "manufacture", "name");
	return name ? import_copy(b->file, name) : NULL;
}

/* ---- components -------------------------------------------------------------------------------------------------- */

static bool check_component(struct bom *b, const json_t *json, const char *where)
{
	static const char types[] =
		" application framework library container platform operating-system device device-driver firmware file "
		"machine-learning-model data cryptographic-asset ";
	const char *type = json_word(json, "type");

	if (!json_is_object(json) || !json_word(json, "name"))
		import_refuse(b->file, standard, where, "a component without a name");
	else if (!type || strchr(type, ' ') || !strstr(types, arena_printf(b->file->arena, " %s ", type)))
		import_refuse(b->file, standard, where, "component \"%.80s\" is of no known type: \"%.40s\"",
			      json_word(json, "name"), type ? type : "");
	return !b->file->imported->refused;
}

/* A part is named with its group, because names alone are not unique among parts; the whole by its name, as inventories
 * do. */
static struct component component_of(struct bom *b, const json_t *json, bool whole)
{
	const char *group = whole ? NULL : json_word(json, "group"), *name = json_word(json, "name"),
		   *version = json_word(json, "version");
	struct component c = { .json = json };

	c.name = import_copy(b->file, group ? arena_printf(b->file->arena, "%s/%s", group, name) : name);
	c.version = version ? import_copy(b->file, version) : NULL;
	return c;
}

static void keep_ref(struct bom *b, const struct component *c)
{
	const char *ref = json_word(c->json, "bom-ref");
	uint32_t before = strs_count(b->refs);

	if (!ref)
		return;
	if (strs_id(b->refs, ref) < before) {
		import_refuse(b->file, standard, "bom-ref", "\"%.80s\" stands twice", ref);
		return;
	}
	if (b->count == b->room) {
		struct component *more;

		b->room = b->room * 2 + 64;
		more = arena_array(b->file->arena, b->room, sizeof *more);
		if (b->count)
			memcpy(more, b->components, b->count * sizeof *more);
		b->components = more;
	}
	b->components[b->count++] = *c;
}

static struct claim *claim_of(struct bom *b, const struct component *about, const char *kind)
{
	struct claim *claim = import_claim(b->file, b->prefix);
	const char *serial = json_word(b->root, "serialNumber");

	claim->about = ABOUT_PRODUCT;
	claim->subject = about->name;
	claim->version = about->version;
	claim->kind = kind;
	claim->from = b->from;
	claim->dated = claim->dated_to = b->dated;
	claim->source = serial ? import_copy(b->file, serial) : NULL;
	return claim;
}

static const char *sha256_of(const json_t *component)
{
	const json_t *hash;
	size_t i;

	json_array_foreach(json_object_get(component, "hashes"), i, hash)
	{
		const char *algorithm = json_word(hash, "alg");

		if (algorithm && !strcmp(algorithm, "SHA-256"))
			return json_word(hash, "content");
	}
	return NULL;
}

/* Who makes the part, and where that maker is. */
static void claim_maker(struct bom *b, const struct component *part)
{
	static const char *const makers[] = { "supplier", "manufacturer" };
	const char *name = NULL, *country = NULL;
	struct claim *claim;

	for (size_t i = 0; i < 2 && !name; i++) {
		const json_t *maker = json_object_get(part->json, makers[i]);

		name = json_word(maker, "name");
		country = name ? text_at(maker, "address", "country") : NULL;
	}
	if (!name)
		name = json_word(part->json, "publisher");
	if (!name)
		return;
	name = import_copy(b->file, name);
	claim = claim_of(b, part, "bill-of-materials");
	claim->attribute = "vendor";
	claim->value = name;
	import_again(b->file);
	if (!country)
		return;
	claim = claim_of(b, part, "bill-of-materials");
	claim->about = ABOUT_VENDOR;
	claim->subject = name;
	claim->version = NULL;
	claim->attribute = "jurisdiction";
	claim->value = import_copy(b->file, country);
	import_again(b->file);
}

static void read_components(struct bom *b, const json_t *list, const struct component *inside)
{
	const json_t *json;
	size_t i;

	if (list && !json_is_array(list)) {
		import_refuse(b->file, standard, "/components", "it is no list");
		return;
	}
	json_array_foreach(list, i, json)
	{
		struct component part;
		const char *build;
		struct claim *claim;

		if (!check_component(b, json, "/components"))
			return;
		part = component_of(b, json, false);
		keep_ref(b, &part);
		if (inside->name) {
			import_use(b->file);
			claim = claim_of(b, inside, "bill-of-materials");
			claim->attribute = import_copy(b->file, arena_printf(b->file->arena, "contains:%s%s%s",
									     part.name, part.version ? "@" : "",
									     part.version ? part.version : ""));
			claim->value = "yes";
			build = sha256_of(inside->json);
			claim->build = build ? import_copy(b->file, build) : NULL;
			import_again(b->file);
			claim_maker(b, &part);
		} else {
			import_leave_out(b->file, "part of nothing: the bill does not say what it is of", part.name);
		}
		read_components(b, json_object_get(json, "components"), &part);
	}
}

/* ---- vulnerabilities --------------------------------------------------------------------------------------------- */

static const char *value_of_state(const char *state)
{
	static const struct {
		const char *state, *value;
	} rows[] = {
		{ "resolved", "fixed" },
		{ "resolved_with_pedigree", "fixed" },
		{ "exploitable", "known-affected" },
		{ "in_triage", "under-investigation" },
		{ "false_positive", "not-affected" },
		{ "not_affected", "not-affected" },
		{ "affected", "known-affected" },
		{ "unaffected", "not-affected" },
	};

	for (size_t i = 0; state && i < sizeof rows / sizeof *rows; i++)
		if (!strcmp(rows[i].state, state))
			return rows[i].value;
	return NULL;
}

static const struct component *component_by_ref(const struct bom *b, const char *ref)
{
	uint32_t id = strs_find(b->refs, ref, strlen(ref));

	return id == STR_ABSENT || id == STR_EMPTY ? NULL : &b->components[id - 1];
}

struct vulnerability {
	const char *id, *value; /* value NULL: no analysis says */
	const char *note;
	int32_t dated;
};

static void claim_status(struct bom *b, const struct vulnerability *v, const struct component *c, const char *version,
			 const char *value)
{
	struct component about = *c;
	struct claim *claim;

	about.version = version;
	import_use(b->file);
	claim = claim_of(b, &about, "advisory");
	claim->attribute = v->id;
	claim->value = value;
	claim->note = v->note;
	if (v->dated != DATE_NONE)
		claim->dated = claim->dated_to = v->dated;
	import_again(b->file);
}

/* One of `versions`: a version or a range, affected unless it says otherwise. The analysis speaks of those that are
 * affected. */
static void read_version(struct bom *b, const struct vulnerability *v, const struct component *c, const json_t *row)
{
	const char *version = json_word(row, "version"), *status = json_word(row, "status");
	const char *value = value_of_state(status ? status : "affected");

	if (!version)
		import_leave_out(b->file, "version range: the model knows versions only",
				 json_word(row, "range") ? json_word(row, "range") : c->name);
	else if (!value)
		import_leave_out(b->file, "version of which nothing is known", version);
	else
		claim_status(b, v, c, import_copy(b->file, version),
			     !strcmp(value, "known-affected") && v->value ? v->value : value);
}

static void read_affected(struct bom *b, const struct vulnerability *v, const json_t *affected)
{
	const char *ref = json_word(affected, "ref");
	const json_t *versions = json_object_get(affected, "versions"), *row;
	const struct component *c = ref ? component_by_ref(b, ref) : NULL;
	size_t i;

	if (!ref)
		import_refuse(b->file, standard, "/vulnerabilities", "%.60s affects something without a ref", v->id);
	else if (!c && !strncmp(ref, "urn:cdx:", 8))
		import_leave_out(b->file, "product of another bill of materials", ref);
	else if (!c)
		import_refuse(b->file, standard, "/vulnerabilities",
			      "%.60s affects \"%.80s\", and no component has that bom-ref", v->id, ref);
	else if (json_array_size(versions))
		json_array_foreach(versions, i, row) read_version(b, v, c, row);
	else if (v->value)
		claim_status(b, v, c, c->version, v->value);
	else
		import_leave_out(b->file, "vulnerability without an analysis", v->id);
}

static void read_vulnerability(struct bom *b, const json_t *json)
{
	const json_t *analysis = json_object_get(json, "analysis"), *affects = json_object_get(json, "affects"),
		     *affected;
	const char *state = json_word(analysis, "state"), *why = json_word(analysis, "justification");
	const char *updated =
		json_word(analysis, "lastUpdated") ? json_word(analysis, "lastUpdated") : json_word(json, "updated");
	struct vulnerability v = { .dated = updated ? import_day(updated) : DATE_NONE };
	size_t i;

	if (state && !value_of_state(state)) {
		import_refuse(b->file, standard, "/vulnerabilities", "\"%.40s\" is no state of an analysis", state);
		return;
	}
	if (!json_word(json, "id")) {
		import_leave_out(b->file, "vulnerability without a number",
				 json_word(json, "bom-ref") ? json_word(json, "bom-ref") : "(unnamed)");
		return;
	}
	v.id = import_copy(b->file, json_word(json, "id"));
	v.value = value_of_state(state);
	v.note = why ? import_copy(b->file, why) : NULL;
	if (!json_array_size(affects))
		import_leave_out(b->file, "vulnerability that affects nothing", v.id);
	json_array_foreach(affects, i, affected) read_affected(b, &v, affected);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void leave_out_rest(struct bom *b)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(b->root, "services"), i, item)
		import_leave_out(b->file, "service", json_word(item, "name") ? json_word(item, "name") : "(unnamed)");
	json_array_foreach(json_object_get(b->root, "dependencies"), i, item)
		import_leave_out(b->file, "dependency: who uses whom inside is not kept",
				 json_word(item, "ref") ? json_word(item, "ref") : "(unnamed)");
}

static void read_bom(struct bom *b)
{
	const json_t *component = json_object_get(b->metadata, "component"), *vulnerability;
	const char *timestamp = json_word(b->metadata, "timestamp");
	size_t i;

	b->refs = strs_new(b->file->arena);
	b->from = author_of(b);
	b->dated = timestamp ? import_day(timestamp) : DATE_NONE;
	b->prefix = "cyclonedx";
	if (timestamp && b->dated == DATE_NONE)
		import_refuse(b->file, standard, "/metadata/timestamp", "\"%.60s\" is no date and time", timestamp);
	if (component && check_component(b, component, "/metadata/component")) {
		b->whole = component_of(b, component, true);
		keep_ref(b, &b->whole);
	}
	if (b->file->imported->refused)
		return;
	b->prefix =
		arena_printf(b->file->arena, "cyclonedx-%s-%.8s",
			     import_slug(b->file->arena, b->whole.name ? b->whole.name : "statement"), b->file->sha256);
	if (component)
		read_components(b, json_object_get(component, "components"), &b->whole);
	read_components(b, json_object_get(b->root, "components"), &b->whole);
	json_array_foreach(json_object_get(b->root, "vulnerabilities"), i, vulnerability)
		read_vulnerability(b, vulnerability);
	leave_out_rest(b);
}

void cyclonedx_read(struct import_file *file)
{
	struct bom b = { .file = file, .root = import_json(file) };

	if (!b.root)
		return;
	if (check_document(&b)) {
		b.metadata = json_object_get(b.root, "metadata");
		read_bom(&b);
	}
	json_decref(b.root);
}
