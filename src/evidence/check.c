/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims against the network: subjects that no table has. A claim about somebody unknown is no error - evidence is often there before the network is - but a slip of the pen in
 * a name would silently leave a fact unknown.
 */
#include "evidence/index.h"

#include <string.h>

/* More names than this are not searched for the nearest: a national inventory has a million elements. */
enum { NAMES_SEARCHED = 20000 };

struct table_names {
	const char *const *names;
	size_t count;
	bool filled;
};

static const char *nearest_of_table(struct evidence *evidence, const struct net *net, enum net_table_name table,
				    struct table_names *names, const char *subject)
{
	uint32_t rows = net->table[table].rows;

	if (!names->filled) {
		const char **all = arena_array(evidence->arena, rows, sizeof *all);

		for (uint32_t i = 0; i < rows; i++)
			all[i] = net_id(net, table, i);
		*names = (struct table_names){ all, rows <= NAMES_SEARCHED ? rows : 0, true };
	}
	return names->count ? nearest_text(subject, names->names, names->count) : NULL;
}

static bool table_of(enum about_kind about, enum net_table_name *table)
{
	switch (about) {
	case ABOUT_VENDOR:
		*table = NET_VENDORS;
		return true;
	case ABOUT_PRODUCT:
		*table = NET_PRODUCTS;
		return true;
	case ABOUT_ELEMENT:
		*table = NET_ELEMENTS;
		return true;
	case ABOUT_SITE:
		*table = NET_SITES;
		return true;
	default:
		return false;
	}
}

static void warn(struct evidence *evidence, const struct claim *claim, const char *nearest)
{
	const char *kind = about_kind_name(claim->about);

	if (nearest)
		diagnose(evidence->diagnostics, SEVERITY_WARNING, "unknown-subject", claim->place,
			 "claim %s is about %s \"%s\", which the network does not have (did you mean \"%s\"?)",
			 claim->name, kind, claim->subject, nearest);
	else
		diagnose(evidence->diagnostics, SEVERITY_WARNING, "unknown-subject", claim->place,
			 "claim %s is about %s \"%s\", which the network does not have", claim->name, kind,
			 claim->subject);
}

static void check_delivery(struct evidence *evidence, const struct claim *claim)
{
	uint32_t promise = claim->delivers ? evidence_find(evidence, claim->delivers) : NO_CLAIM;

	if (!claim->delivers)
		return;
	if (promise == NO_CLAIM)
		diagnose(evidence->diagnostics, SEVERITY_WARNING, "unknown-promise", claim->place,
			 "claim %s delivers \"%s\", and there is no claim of that name", claim->name, claim->delivers);
	else if (!is_planned_kind(evidence->claims[promise].kind))
		diagnose(evidence->diagnostics, SEVERITY_WARNING, "unknown-promise", claim->place,
			 "claim %s delivers %s, which is a %s and no promise", claim->name, claim->delivers,
			 evidence->claims[promise].kind);
}

/* Products that some claim calls a part, and who is said to make them: nobody's list has them, and no slip of the pen is
 * behind them. */
struct made {
	struct strs *parts, *makers;
};

static void gather_parts(const struct evidence *evidence, struct made *made)
{
	static const char contains[] = "contains:";

	made->parts = strs_new(evidence->arena);
	made->makers = strs_new(evidence->arena);
	for (size_t i = 0; i < evidence->claim_count; i++) {
		const struct claim *claim = &evidence->claims[i];
		const char *part, *at;

		if (claim->about != ABOUT_PRODUCT || !claim->attribute)
			continue;
		if (!strcmp(claim->attribute, "vendor"))
			strs_id(made->makers, claim->value);
		if (strncmp(claim->attribute, contains, sizeof contains - 1) != 0)
			continue;
		part = claim->attribute + sizeof contains - 1;
		at = strrchr(part, '@');
		strs_id(made->parts, part);
		if (at && at > part)
			strs_add(made->parts, part, (size_t)(at - part));
	}
}

static bool is_made(const struct made *made, enum net_table_name table, const char *subject)
{
	const struct strs *names = table == NET_PRODUCTS ? made->parts : table == NET_VENDORS ? made->makers : NULL;

	return names && strs_find(names, subject, strlen(subject)) != STR_ABSENT;
}

/*
 * A vendor speaks under its id and under its name: two claims, one knower. A name that two vendors have is nobody's. Groups
 * stay apart: a subsidiary may know what its owner does not.
 */
static void settle_vendors(struct evidence *evidence, const struct net *net)
{
	const struct net_column *column = net_column(net, NET_VENDORS, "name");
	struct strs *names = strs_new(evidence->arena);
	uint32_t rows = column ? net->table[NET_VENDORS].rows : 0;
	uint8_t *several = arena_array(evidence->arena, (size_t)rows + 2, 1);
	char text[48];

	for (uint32_t i = 0; i < rows; i++) {
		uint32_t before = strs_count(names),
			 name = fold_name(names, net_cell(net, NET_VENDORS, column, i, text));

		several[name] = name < before;
	}
	for (uint32_t i = 0; i < rows; i++) {
		const char *name = net_cell(net, NET_VENDORS, column, i, text);

		if (name[0] && strcmp(name, "none") && !name_is_anonymous(name) && !several[find_folded(names, name)] &&
		    net_find_text(net, NET_VENDORS, name) == CODE_UNKNOWN)
			names_are_one(evidence, name, net_id(net, NET_VENDORS, i));
	}
}

void evidence_check(struct evidence *evidence, const struct net *net)
{
	struct table_names names[NET_TABLES] = { 0 };
	struct index *index = index_of(evidence);
	struct made made;
	uint8_t *told = arena_array(evidence->arena, strs_count(index->strs) + 1, 1); /* once for each subject */

	settle_vendors(evidence, net);
	gather_parts(evidence, &made);
	for (size_t i = 0; i < evidence->claim_count; i++) {
		const struct claim *claim = &evidence->claims[i];
		uint8_t *bits = &told[index->filed[i].subject];
		enum net_table_name table;

		check_delivery(evidence, claim);
		if (claim->about == ABOUT_FUNCTION) {
			if (net_function_find(claim->subject) == CODE_UNKNOWN)
				warn(evidence, claim, net_function_nearest(claim->subject));
			continue;
		}
		if (!table_of(claim->about, &table) || *bits >> table & 1)
			continue;
		*bits |= (uint8_t)(1 << table);
		if (!net->table[table].rows || net_find_text(net, table, claim->subject) != CODE_UNKNOWN)
			continue;
		if (is_made(&made, table, claim->subject))
			continue;
		warn(evidence, claim, nearest_of_table(evidence, net, table, &names[table], claim->subject));
	}
}
