/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ids: a policy may name what this network does not have. Where an id of the network is near, it is rather misspelt: nothing would
 * be in the set, and nothing would say so.
 */
#include <string.h>

#include "policy/eval.h"

enum { MOST_IDS = 20000 }; /* that are compared with a word */

static bool table_of_type(enum net_type type, enum net_table_name *table)
{
	*table = type == TYPE_VENDOR ? NET_VENDORS : type == TYPE_PRODUCT ? NET_PRODUCTS : NET_SITES;
	return type == TYPE_VENDOR || type == TYPE_PRODUCT || type == TYPE_SITE;
}

static const char *near_id(struct evaluation *e, enum net_table_name table, const char *text)
{
	uint32_t rows = e->net->table[table].rows;
	const char **ids;

	if (rows > MOST_IDS || CODE_IS_KNOWN(net_find_text(e->net, table, text)))
		return NULL;
	ids = arena_array(e->scratch, (size_t)rows + 1, sizeof *ids);
	for (uint32_t i = 0; i < rows; i++)
		ids[i] = net_id(e->net, table, i);
	return nearest_text(text, ids, rows);
}

void tell_near_ids(struct evaluation *e, const struct document *d, const struct expr *x, const struct net_column *column)
{
	enum net_table_name table;

	if (e->q->brief || !table_of_type(column->type, &table)) /* a planner judges thousands of networks in silence */
		return;
	for (size_t i = 0; i < x->value_count; i++) {
		const struct token *t = x->values[i];
		const char *near = policy_find_param(e->policy, t->text) || !strcmp(t->text, "none")
					   ? NULL
					   : near_id(e, table, t->text);

		if (near)
			document_diagnose(d, e->q->diagnostics, SEVERITY_WARNING, "unknown-id", t,
					  "this network has no %s \"%s\" (did you mean \"%s\"?)", column->name, t->text, near);
	}
}
