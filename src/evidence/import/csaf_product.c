/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The product tree of a CSAF document: who defines a product id, from whose branches it hangs, which products a
 * relationship joins, which groups there are; and every reference to them. Mandatory tests 6.1.1
 * to 6.1.5, 6.1.13, 6.1.25 and 6.1.31.
 */
#include "evidence/import/csaf.h"

#include <string.h>
#include <strings.h>

/* What the branches above a product say. */
struct line_of_branches {
	const char *vendor, *name, *version;
	bool range;
};

/* ---- marks ------------------------------------------------------------------------------------------------------- */

struct csaf_marks csaf_marks(const struct csaf *c)
{
	return (struct csaf_marks){
		.csaf = c,
		.round = arena_array(c->file->arena, c->product_count, sizeof(uint32_t)),
		.value = arena_array(c->file->arena, c->product_count, sizeof(uint32_t)),
		.now = 1,
	};
}

void csaf_forget(struct csaf_marks *marks)
{
	marks->now++;
}

uint32_t *csaf_mark(struct csaf_marks *marks, const char *id)
{
	const struct csaf_product *product = csaf_product(marks->csaf, id);
	size_t at = product ? (size_t)(product - marks->csaf->products) : 0;

	if (!product)
		return NULL;
	if (marks->round[at] != marks->now) {
		marks->round[at] = marks->now;
		marks->value[at] = 0;
	}
	return &marks->value[at];
}

bool csaf_twice(struct csaf *c, const char *key)
{
	uint32_t before = strs_count(c->seen);

	return strs_id(c->seen, key) < before;
}

/* ---- definitions ------------------------------------------------------------------------------------------------- */

static uint32_t define(struct csaf *c, const char *id)
{
	uint32_t number = strs_id(c->ids, id);

	if (number >= c->id_room) {
		size_t room = (size_t)number * 2 + 64;
		uint32_t *more = arena_array(c->file->arena, room, sizeof *more);

		if (c->id_room)
			memcpy(more, c->product_of_id, c->id_room * sizeof *more);
		c->product_of_id = more;
		c->id_room = room;
	}
	return number;
}

/* "maven/@1.3.4" has no name: type, name and their characters (the purl specification, cited by 6.1.13) */
static const char *purl_mistake(const char *purl)
{
	const char *type = purl + 4, *slash, *end, *name;

	if (strncmp(purl, "pkg:", 4))
		return "it does not begin with pkg:";
	while (*type == '/')
		type++;
	slash = strchr(type, '/');
	if (!slash || slash == type)
		return "it has no type";
	for (const char *p = type; p < slash; p++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.+-", *p) ||
		    (p == type && *p >= '0' && *p <= '9'))
			return "its type has a character that no type may have";
	end = slash + strcspn(slash, "?#");
	for (const char *p = end - 1; p > slash && *p != '/'; p--)
		if (*p == '@') {
			end = p;
			break;
		}
	while (end > slash + 1 && end[-1] == '/')
		end--;
	name = end;
	while (name > slash + 1 && name[-1] != '/')
		name--;
	return name == end ? "it has no name" : NULL;
}

static void check_helper(struct csaf *c, const json_t *helper, const char *id)
{
	const json_t *hashes = json_object_get(helper, "hashes"), *item, *hash;
	const char *purl = json_word(helper, "purl"), *mistake = purl ? purl_mistake(purl) : NULL;
	size_t i, k;

	if (mistake)
		import_refuse(c->file, "CSAF 2.0, 6.1.13 PURL", id, "\"%.80s\": %s", purl, mistake);
	json_array_foreach(hashes, i, item)
	{
		json_array_foreach(json_object_get(item, "file_hashes"), k, hash)
		{
			const char *algorithm = json_word(hash, "algorithm");

			if (csaf_twice(c, arena_printf(c->file->arena, "hash %s %zu %s", id, i, algorithm)))
				import_refuse(c->file, "CSAF 2.0, 6.1.25 multiple use of the same hash algorithm", id,
					      "%.40s twice for one file", algorithm);
		}
	}
}

static struct csaf_product *add_product(struct csaf *c, const json_t *full, const struct line_of_branches *branches)
{
	const char *id = json_word(full, "product_id");
	uint32_t number = define(c, id);
	struct csaf_product *product;

	check_helper(c, json_object_get(full, "product_identification_helper"), id);
	if (c->product_of_id[number]) {
		import_refuse(c->file, "CSAF 2.0, 6.1.2 multiple definition of product id", NULL,
			      "\"%.80s\" is defined twice", id);
		return &c->products[c->product_of_id[number] - 1];
	}
	if (c->product_count == c->product_room) {
		struct csaf_product *more;

		c->product_room = c->product_room * 2 + 64;
		more = arena_array(c->file->arena, c->product_room, sizeof *more);
		if (c->product_count)
			memcpy(more, c->products, c->product_count * sizeof *more);
		c->products = more;
	}
	product = &c->products[c->product_count++];
	*product = (struct csaf_product){
		.id = number,
		.full_name = json_word(full, "name"),
		.vendor = branches->vendor,
		.name = branches->name,
		.version = branches->version,
		.range = branches->range,
		.part = STR_ABSENT,
		.whole = STR_ABSENT,
	};
	c->product_of_id[number] = (uint32_t)c->product_count;
	return product;
}

/* ---- branches ---------------------------------------------------------------------------------------------------- */

/* 6.1.31: a product_version is one version; these signs, and these words between spaces, make a range of it. */
static const char *range_in(const char *version)
{
	static const char *const words[] = { "after", "all", "before", "earlier", "later", "prior", "versions" };

	if (strpbrk(version, "<>"))
		return strchr(version, '<') ? "<" : ">";
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t bytes = strlen(words[i]);

		for (const char *at = version; (at = strcasestr(at, words[i])); at++)
			if ((at == version || strchr(" \t", at[-1])) && strchr(" \t", at[bytes]))
				return words[i];
	}
	return NULL;
}

static void read_branches(struct csaf *c, const json_t *branches, struct line_of_branches above)
{
	const json_t *branch;
	size_t i;

	json_array_foreach(branches, i, branch)
	{
		const char *category = json_word(branch, "category"), *name = json_word(branch, "name");
		const json_t *full = json_object_get(branch, "product");
		struct line_of_branches here = above;

		if (!strcmp(category, "vendor")) {
			here.vendor = name;
		} else if (!strcmp(category, "product_name")) {
			here.name = name;
		} else if (!strcmp(category, "product_version")) {
			here.version = name;
			if (range_in(name))
				import_refuse(c->file, "CSAF 2.0, 6.1.31 version range in product version", NULL,
					      "\"%.60s\" is no version: \"%s\"", name, range_in(name));
		} else if (!strcmp(category, "product_version_range")) {
			here.version = name;
			here.range = true;
		} else if (!strcmp(category, "service_pack") || !strcmp(category, "patch_level")) {
			here.version = here.version ? arena_printf(c->file->arena, "%s %s", here.version, name) : name;
		}
		if (full)
			add_product(c, full, &here);
		read_branches(c, json_object_get(branch, "branches"), here);
	}
}

static void read_relationships(struct csaf *c)
{
	const json_t *relationship;
	size_t i;

	json_array_foreach(json_object_get(c->tree, "relationships"), i, relationship)
	{
		struct line_of_branches none = { 0 };
		struct csaf_product *product =
			add_product(c, json_object_get(relationship, "full_product_name"), &none);

		product->part = define(c, json_word(relationship, "product_reference"));
		product->whole = define(c, json_word(relationship, "relates_to_product_reference"));
	}
}

static void read_groups(struct csaf *c)
{
	const json_t *groups = json_object_get(c->tree, "product_groups"), *group;
	size_t i;

	c->groups = arena_array(c->file->arena, json_array_size(groups), sizeof *c->groups);
	json_array_foreach(groups, i, group)
	{
		const char *id = json_word(group, "group_id");
		uint32_t before = strs_count(c->group_ids), number = strs_id(c->group_ids, id);

		if (number < before && number != STR_EMPTY)
			import_refuse(c->file, "CSAF 2.0, 6.1.5 multiple definition of product group id", NULL,
				      "\"%.80s\" is defined twice", id);
		else
			c->groups[c->group_count++] =
				(struct csaf_group){ number, json_object_get(group, "product_ids") };
	}
}

/* ---- circles (6.1.3) --------------------------------------------------------------------------------------------- */

static struct csaf_product *product_of(const struct csaf *c, uint32_t id)
{
	return id != STR_ABSENT && id < c->id_room && c->product_of_id[id] ? &c->products[c->product_of_id[id] - 1]
									   : NULL;
}

/* Depth first, with a list instead of recursion: relationships may be a chain as long as the document. */
static void check_circles(struct csaf *c)
{
	uint32_t *way = arena_array(c->file->arena, c->product_count + 1, sizeof *way);

	for (size_t i = 0; i < c->product_count; i++) {
		size_t depth = 0;

		if (c->products[i].seen)
			continue;
		way[depth++] = (uint32_t)i;
		c->products[i].seen = 1;
		while (depth) {
			struct csaf_product *product = &c->products[way[depth - 1]];
			struct csaf_product *next = product_of(c, product->part);

			if (!next || next->seen == 2)
				next = product_of(c, product->whole);
			if (!next || next->seen == 2) {
				product->seen = 2;
				depth--;
			} else if (next->seen == 1) {
				import_refuse(c->file, "CSAF 2.0, 6.1.3 circular definition of product id", NULL,
					      "\"%.80s\" is defined by itself", strs_text(c->ids, next->id));
				return;
			} else {
				next->seen = 1;
				way[depth++] = (uint32_t)(next - c->products);
			}
		}
	}
}

/* ---- references (6.1.1, 6.1.4) ----------------------------------------------------------------------------------- */

const struct csaf_product *csaf_product(const struct csaf *c, const char *id)
{
	return product_of(c, strs_find(c->ids, id, strlen(id)));
}

static const struct csaf_group *group_of(const struct csaf *c, const char *id)
{
	uint32_t number = strs_find(c->group_ids, id, strlen(id));

	/* the empty text is there from the beginning, groups come after it in order */
	return number == STR_ABSENT || number == STR_EMPTY || number > c->group_count ? NULL : &c->groups[number - 1];
}

void csaf_each_product(struct csaf *c, const json_t *object, void (*see)(void *, const char *), void *context)
{
	enum {
		MOST_VISITS = 20 * 1000 * 1000
	}; /* lists times groups times products: a document's square, not a reader's patience */
	const json_t *item, *product;
	size_t i, k;

	if (c->visits > MOST_VISITS)
		return;

	json_array_foreach(json_object_get(object, "product_ids"), i, item) see(context, json_string_value(item));
	json_array_foreach(json_object_get(object, "group_ids"), i, item)
	{
		const struct csaf_group *group = group_of(c, json_string_value(item));

		c->visits += group ? json_array_size(group->products) : 0;
		if (c->visits > MOST_VISITS) {
			import_refuse(c->file, NULL, NULL, "groups name products more than %d times", MOST_VISITS);
			return;
		}
		json_array_foreach(group ? group->products : NULL, k, product) see(context, json_string_value(product));
	}
}

static void check_ids(struct csaf *c, const json_t *list, const char *where)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) if (!csaf_product(c, json_string_value(item)))
		import_refuse(c->file, "CSAF 2.0, 6.1.1 missing definition of product id", where,
			      "\"%.80s\" is defined nowhere", json_string_value(item));
}

static void check_group_ids(struct csaf *c, const json_t *list, const char *where)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) if (!group_of(c, json_string_value(item)))
		import_refuse(c->file, "CSAF 2.0, 6.1.4 missing definition of product group id", where,
			      "\"%.80s\" is defined nowhere", json_string_value(item));
}

static void check_references_of(struct csaf *c, const json_t *vulnerability)
{
	static const char *const lists[] = { "remediations", "threats", "flags" };
	const json_t *item;
	const char *key;
	json_t *status;
	size_t k;

	json_object_foreach((json_t *)json_object_get(vulnerability, "product_status"), key,
			    status) if (json_is_array(status) && json_is_string(json_array_get(status, 0)))
		check_ids(c, status, key);
	json_array_foreach(json_object_get(vulnerability, "scores"), k, item)
		check_ids(c, json_object_get(item, "products"), "scores");
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		json_array_foreach(json_object_get(vulnerability, lists[i]), k, item)
		{
			check_ids(c, json_object_get(item, "product_ids"), lists[i]);
			check_group_ids(c, json_object_get(item, "group_ids"), lists[i]);
		}
}

static void check_references(struct csaf *c)
{
	const json_t *vulnerability;
	size_t i;

	for (i = 0; i < c->group_count; i++)
		check_ids(c, c->groups[i].products, "product_groups");
	for (i = 0; i < c->product_count; i++) {
		const uint32_t parts[] = { c->products[i].part, c->products[i].whole };

		for (size_t k = 0; k < 2; k++)
			if (parts[k] != STR_ABSENT && !product_of(c, parts[k]))
				import_refuse(c->file, "CSAF 2.0, 6.1.1 missing definition of product id",
					      "relationships", "\"%.80s\" is defined nowhere",
					      strs_text(c->ids, parts[k]));
	}
	json_array_foreach(c->vulnerabilities, i, vulnerability) check_references_of(c, vulnerability);
}

void csaf_read_products(struct csaf *c)
{
	struct line_of_branches none = { 0 };
	const json_t *full;
	size_t i;

	c->ids = strs_new(c->file->arena);
	c->group_ids = strs_new(c->file->arena);
	c->seen = strs_new(c->file->arena);
	read_branches(c, json_object_get(c->tree, "branches"), none);
	json_array_foreach(json_object_get(c->tree, "full_product_names"), i, full) add_product(c, full, &none);
	read_relationships(c);
	read_groups(c);
	check_circles(c);
	check_references(c);
}
