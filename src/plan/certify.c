/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify: the model of a plan and its multipliers, with the line of a file or the cut behind each row, so that somebody who
 * shares nothing with this program can rebuild the coefficients and recompute the bound. doc/certificate.md has the format.
 */
#include <string.h>

#include "plan/certify.h"

static void key_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

static void key_int(struct json *j, const char *key, int64_t value)
{
	json_key(j, key);
	json_int(j, value);
}

/* Statements, numbered through as the model's rules are. */
static void put_rules(const struct planning *p, struct json *j)
{
	json_key(j, "rules");
	json_array(j);
	for (size_t i = 0; i < p->task->policy_count; i++)
		for (size_t k = 0; k < p->row_counts[i]; k++) {
			const struct policy_row *r = &p->end.rows[i][k];

			json_object(j);
			key_text(j, "policy", r->policy);
			key_text(j, "rule", r->rule);
			key_text(j, "statement", r->statement);
			key_text(j, "file", r->place.file);
			key_int(j, "line", r->place.line);
			json_key(j, "binds");
			json_bool(j, p->end.binds[statement_number(p, i, k)]);
			json_object_end(j);
		}
	json_array_end(j);
}

/* What the claims add up to: the sets of the policies rest on it. */
static void put_facts(const struct planning *p, struct json *j)
{
	const struct evidence *e = p->task->evidence;

	json_key(j, "facts");
	json_array(j);
	for (size_t i = 0; i < e->fact_count; i++) {
		const struct fact *f = &e->facts[i];

		if (f->status != FACT_KNOWN || f->version)
			continue;
		json_array(j);
		json_text(j, about_kind_name(f->about));
		json_text(j, f->subject);
		json_text(j, f->attribute);
		json_text(j, f->value);
		json_array_end(j);
	}
	json_array_end(j);
}

/* Whose cell in the column, as it is or as it may become, somebody else confirms. */
static void put_confirmed_column(const struct planning *p, const char *column, struct json *j)
{
	const struct net_column *cells = net_column(p->wide, NET_ELEMENTS, column);
	bool *told = arena_alloc(p->scratch, (size_t)p->elements + 1);
	char text[48];

	for (uint32_t number = 0; number < p->rule_count; number++) {
		size_t policy;
		const struct policy_row *r = row_of_statement(p, AT_END, number, &policy);

		if (!r->confirmed || strcmp(r->confirmed, column))
			continue;
		for (uint32_t s = 0; s < p->wide->table[NET_ELEMENTS].rows; s++) {
			if (!r->subject[s] || told[p->origin[s]])
				continue;
			told[p->origin[s]] = true;
			json_array(j);
			json_text(j, net_id(p->wide, NET_ELEMENTS, s));
			json_text(j, column);
			json_text(j, net_cell(p->wide, NET_ELEMENTS, cells, s, text));
			json_array_end(j);
		}
	}
}

/* What somebody other than the operator says of elements, where a statement asks for it. */
static void put_confirmed(const struct planning *p, struct json *j)
{
	static const char *const columns[] = { "vendor", "product", "version" };

	json_key(j, "confirmed");
	json_array(j);
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		put_confirmed_column(p, columns[i], j);
	json_array_end(j);
}

static void put_layers(const struct planning *p, struct json *j)
{
	bool *seen = arena_alloc(p->scratch, net_function_count + 1);

	json_key(j, "layers");
	json_object(j);
	for (uint32_t i = 0; i < p->elements; i++) {
		uint32_t f = element_code(p, "function", i);

		if (!CODE_IS_KNOWN(f) || seen[f])
			continue;
		seen[f] = true;
		key_text(j, net_functions[f].name, net_layer_name(net_functions[f].layer));
	}
	json_object_end(j);
}

/* What an option makes of each member: the offer's name, or null where it stays. */
static void put_option(const struct planning *p, const struct var *v, struct json *j)
{
	const struct option *o = &p->options.items[v->option];

	json_object(j);
	json_key(j, "offers");
	json_array(j);
	for (uint32_t k = 0; k < p->units.items[o->unit].members; k++) {
		uint32_t offer = p->offer_of[state_of(p, o, k)];

		json_text(j, offer == NO_OFFER ? NULL : p->task->offers->offers[offer].name);
	}
	if (p->units.items[o->unit].link != NO_LINK)
		json_text(j, o->offer == NO_OFFER ? NULL : p->task->offers->offers[o->offer].name);
	json_array_end(j);
	json_key(j, "quarter");
	if (v->quarter == NEVER)
		json_null(j);
	else
		json_int(j, v->quarter);
	json_object_end(j);
}

/* Of elements that the case does not have yet: what and where they would be, and whose, if a pair says so. */
static void put_added(const struct planning *p, const struct unit *unit, struct json *j)
{
	json_key(j, "added");
	json_array(j);
	for (uint32_t k = 0; k < unit->members; k++) {
		uint32_t e = p->members[unit->first_member + k];

		if (e < p->real)
			continue;
		json_object(j);
		key_text(j, "element", net_id(p->base, NET_ELEMENTS, e));
		key_text(j, "site", net_id(p->base, NET_SITES, element_code(p, "site", e)));
		key_text(j, "function", net_functions[element_code(p, "function", e)].name);
		key_text(j, "vendor",
			 CODE_IS_KNOWN(p->extra_vendor[e - p->real])
				 ? net_id(p->base, NET_VENDORS, p->extra_vendor[e - p->real])
				 : NULL);
		json_object_end(j);
	}
	json_array_end(j);
}

/* The first units are of elements, or of a link; those behind them help the model, or obtain evidence. */
static void put_units(const struct planning *p, const struct built *b, struct json *j)
{
	json_key(j, "units");
	json_array(j);
	for (uint32_t u = 0; u < p->units.count; u++) {
		const struct unit *unit = &p->units.items[u];
		json_object(j);
		json_key(j, "elements");
		json_array(j);
		for (uint32_t k = 0; k < unit->members; k++)
			json_text(j, net_id(p->base, NET_ELEMENTS, p->members[unit->first_member + k]));
		json_array_end(j);
		key_text(j, "link", unit->link == NO_LINK ? NULL : net_id(p->task->net, NET_LINKS, unit->link));
		put_added(p, unit, j);
		json_key(j, "options");
		json_array(j);
		for (uint32_t v = b->first_var[u]; v < b->first_var[u + 1]; v++)
			put_option(p, &b->vars.items[v], j);
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_evidence(const struct planning *p, const struct built *b, struct json *j)
{
	json_key(j, "evidence");
	json_array(j);
	for (size_t k = 0; k < p->task->offers->offer_count; k++)
		if (b->obtained[k] != UINT32_MAX) {
			json_object(j);
			key_text(j, "offer", p->task->offers->offers[k].name);
			key_int(j, "option", b->obtained[k]);
			json_object_end(j);
		}
	json_array_end(j);
}

/* Rows that stand for what was judged: for whom the network was found wanting. */
static void put_cuts(const struct planning *p, const struct built *b, struct json *j)
{
	json_key(j, "cuts");
	json_array(j);
	for (size_t i = 0; i < b->cut_rows.count; i++) {
		const struct cut *c = &p->cuts.items[b->cut_rows.items[i].cut];

		json_object(j);
		key_int(j, "row", b->cut_rows.items[i].row);
		key_int(j, "rule", c->rule);
		key_text(j, "kind", c->served ? "served" : "judged");
		key_text(j, "without", c->without);
		json_object_end(j);
	}
	json_array_end(j);
}

/* The lines of files behind rows that no statement asks for. */
static void put_places(const struct built *b, struct json *j)
{
	json_key(j, "places");
	json_array(j);
	for (size_t i = 0; i < b->row_places.count; i++) {
		const struct row_place *r = &b->row_places.items[i];

		json_object(j);
		key_int(j, "row", r->row);
		key_text(j, "file", r->place.file);
		key_int(j, "line", r->place.line);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_choice(const struct solve_result *r, struct json *j)
{
	json_key(j, "choice");
	if (!r->choice) {
		json_null(j);
		return;
	}
	json_array(j);
	for (uint32_t u = 0; u < r->units; u++)
		json_int(j, r->choice[u]);
	json_array_end(j);
}

static void put_micro(struct json *j, const char *key, bool known, wide value)
{
	json_key(j, key);
	if (known)
		json_micro(j, value);
	else
		json_null(j);
}

void certify(struct planning *p, enum tier tier, const struct built *b, const struct solve_result *r)
{
	struct json *j = &p->certificate_json;

	p->certificate = sink_to_memory(p->arena);
	json_init(j, p->certificate);
	j->compact = true;
	json_object(j);
	key_text(j, "format", "proviso certificate 1");
	json_key(j, "on");
	json_date(j, p->task->on);
	json_key(j, "until");
	json_date(j, p->task->until);
	put_micro(j, "budget", p->task->budget > 0, p->task->budget);
	key_text(j, "currency", p->task->offers->currency);
	key_text(j, "sought", tier == TIER_HOLDS ? "holds" : "not-broken");
	key_text(j, "proof", solve_proof_name(r->proof));
	put_micro(j, "cost", r->choice, r->cost);
	put_micro(j, "bound", r->choice && r->has_bound, r->bound);
	put_rules(p, j);
	put_facts(p, j);
	put_confirmed(p, j);
	put_layers(p, j);
	put_units(p, b, j);
	put_evidence(p, b, j);
	put_cuts(p, b, j);
	put_places(b, j);
	json_key(j, "model");
	solve_model_json(b->model, j);
	json_key(j, "multipliers");
	if (r->certificate)
		solve_certificate_json(r->certificate, j);
	else
		json_null(j);
	put_choice(r, j);
}

const char *certify_end(struct planning *p, const struct chosen *c)
{
	struct json *j = &p->certificate_json;

	if (!p->certificate)
		return NULL;
	json_key(j, "schedule");
	if (c)
		json_array(j);
	else
		json_null(j);
	for (uint32_t u = 0; c && u < p->units.count; u++)
		if (c->quarter[u] == NEVER)
			json_null(j);
		else
			json_int(j, c->quarter[u]);
	if (c)
		json_array_end(j);
	json_object_end(j);
	json_end(j);
	return sink_memory(p->certificate, NULL);
}
