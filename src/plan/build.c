/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build: rules become rows of a model for `solve`. What is no sum over elements is left to cuts (cut.c). A row is exact: a
 * choice keeps it if and only if `policy` finds the statement holding (or, in the weaker tier, not surely broken).
 *
 * With a schedule an option comes once for each quarter in which it can be carried out, and rows are written for the
 * network at the end and in each quarter: what is changed in a quarter may then be found as it was or as it will be.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/build.h"

void line_free(struct line *l, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(l[i].entries.items);
}

void line_add(struct line *l, uint32_t option, int64_t value)
{
	*array_add(&l->entries) = (struct entry){ option, value };
}

void line_to_row(struct building *x, struct line *l, enum solve_sense sense, wide bound, uint32_t rule)
{
	uint32_t *options = arena_array(x->arena, l->entries.count + 1, sizeof *options);
	int64_t *values = arena_array(x->arena, l->entries.count + 1, sizeof *values);
	wide most = l->constant, least = l->constant;

	for (size_t i = 0; i < l->entries.count; i++) {
		options[i] = l->entries.items[i].option;
		values[i] = l->entries.items[i].value;
		most += values[i] > 0 ? values[i] : 0;
		least += values[i] < 0 ? values[i] : 0;
	}
	if (sense == SOLVE_AT_MOST ? most <= bound : least >= bound)
		return; /* can't be broken */
	if (sense == SOLVE_AT_MOST ? least > bound : most < bound) {
		solve_forbid_add(x->m, x->b->constant, rule); /* can't be kept */
		return;
	}
	if (x->because.file)
		*array_add(&x->b->row_places) = (struct row_place){ solve_rows(x->m), x->because };
	solve_row_add(x->m, sense, bound - l->constant, rule, options, values, l->entries.count);
}

/* ---- what a var is -------------------------------------------------------------------------------------------------- */

uint32_t option_of_var(const struct building *x, const struct var *v)
{
	const struct unit *u = &x->p->units.items[x->p->options.items[v->option].unit];

	if (x->at == AT_END || (v->quarter != NEVER && v->quarter <= (uint32_t)x->at))
		return v->option;
	return u->first_option;
}

uint32_t members_of_var(const struct building *x, const struct var *v)
{
	return x->p->units.items[x->p->options.items[v->option].unit].members;
}

/* As it was and as it will be, while it is changed; else the one that it is in. */
uint32_t states_of_var(const struct building *x, const struct var *v, uint32_t place, uint32_t states[2])
{
	const struct planning *p = x->p;
	const struct option *o = &p->options.items[v->option];

	if (x->at != AT_END && x->during && v->quarter == (uint32_t)x->at) {
		states[0] = state_of(p, &p->options.items[p->units.items[o->unit].first_option], place);
		states[1] = state_of(p, o, place);
		return states[0] == states[1] ? 1 : 2;
	}
	states[0] = state_of(p, &p->options.items[option_of_var(x, v)], place);
	return 1;
}

/* group CODE_UNKNOWN: any. What is changed counts if it may; in a denominator it counts where it does either way. */
bool var_is(const struct building *x, const struct var *v, uint32_t place, uint32_t group, uint32_t party, test is)
{
	uint32_t states[2], n = states_of_var(x, v, place, states);
	bool in[2] = { false, false }, counts = false;

	for (uint32_t i = 0; i < n; i++) {
		bool here = group == CODE_UNKNOWN || group_of_state(x->row, states[i]) == group;

		in[i] = here && is(x, party, states[i]);
		counts = counts || (here && is == in_denominator && in_numerator(x, party, states[i]));
	}
	if (n == 2 && is == in_denominator)
		return counts || (in[0] && in[1]);
	return in[0] || in[1];
}

/* ---- at least one of these: of a site, of a party ------------------------------------------------------------------- */

void any_of_free(struct any_of *a)
{
	free(a->options.items);
	free(a->starts.items);
}

/* Options of one unit in which it is so. */
void any_of_unit(struct building *x, struct any_of *a, uint32_t unit)
{
	uint32_t first = x->b->first_var[unit], all = x->b->first_var[unit + 1] - first, count = 0;

	for (uint32_t v = 0; v < all; v++)
		count += x->so[v];
	if (count == all)
		a->always = true;
	if (!count || a->always)
		return;
	*array_add(&a->starts) = a->options.count;
	for (uint32_t v = 0; v < all; v++)
		if (x->so[v])
			*array_add(&a->options) = first + v;
}

void any_of_to_line(struct building *x, struct any_of *a, struct line *l, int64_t weight)
{
	if (!weight || (!a->always && !a->starts.count))
		return;
	if (a->always) {
		l->constant += weight;
		return;
	}
	if (a->starts.count == 1) {
		for (size_t i = 0; i < a->options.count; i++)
			*array_add(&l->entries) = (struct entry){ a->options.items[i], weight };
		return;
	}
	solve_unit_add(x->m);
	solve_option_add(x->m, 0, SOLVE_NO_LABEL);
	uint32_t z = solve_option_add(x->m, 0, SOLVE_NO_LABEL);
	struct place because = x->because;
	x->because = (struct place){ 0 }; /* of the line, not of what says what z is */
	*array_add(&l->entries) = (struct entry){ z, weight };
	for (size_t s = 0; s < (weight > 0 ? a->starts.count : 1); s++) {
		size_t from = a->starts.items[s],
		       to = s + 1 < a->starts.count ? a->starts.items[s + 1] : a->options.count;
		struct line row = { .constant = 0 };

		to = weight > 0 ? to : a->options.count;
		for (size_t i = from; i < to; i++)
			*array_add(&row.entries) = (struct entry){ a->options.items[i], weight > 0 ? 1 : -1 };
		*array_add(&row.entries) = (struct entry){ z, weight > 0 ? -1 : 1 };
		line_to_row(x, &row, SOLVE_AT_MOST, 0, SOLVE_NO_RULE);
		line_free(&row, 1);
	}
	x->because = because;
}

void any_of_thing(struct building *x, const struct thing *t, uint32_t group, uint32_t party, test is, struct any_of *a)
{
	struct planning *p = x->p;

	for (uint32_t i = 0; i < t->count && !a->always; i++) {
		uint32_t e = t->elements[i], unit = p->unit_of[e], first;
		bool before = false;

		if (unit == NO_UNIT) {
			a->always |= group_of_state(x->row, e) == group && is(x, party, e);
			continue;
		}
		for (uint32_t k = 0; k < i; k++)
			before |= p->unit_of[t->elements[k]] == unit;
		if (before)
			continue;
		first = x->b->first_var[unit];
		for (uint32_t v = first; v < x->b->first_var[unit + 1]; v++) {
			bool so = false;

			for (uint32_t k = i; k < t->count && !so; k++)
				so = p->unit_of[t->elements[k]] == unit &&
				     var_is(x, &x->b->vars.items[v], p->place_of[t->elements[k]], group, party, is);
			x->so[v - first] = so;
		}
		any_of_unit(x, a, unit);
	}
}

/* ---- forbid ------------------------------------------------------------------------------------------------------------------- */

static bool is_forbidden(const struct building *x, uint32_t party, uint32_t state)
{
	(void)party;
	return x->tier == TIER_HOLDS ? x->row->target[state] != 0 : x->row->target[state] == 3;
}

static void forbid_states(struct building *x, test is)
{
	struct planning *p = x->p;

	for (uint32_t e = 0; e < p->elements; e++)
		if (p->unit_of[e] == NO_UNIT && is(x, 0, e)) {
			solve_forbid_add(x->m, x->b->constant, x->rule);
			break;
		}
	for (uint32_t v = 0; v < x->b->vars.count; v++) {
		const struct var *var = &x->b->vars.items[v];

		for (uint32_t k = 0; k < members_of_var(x, var); k++)
			if (var_is(x, var, k, CODE_UNKNOWN, 0, is)) {
				solve_forbid_add(x->m, v, x->rule);
				break;
			}
	}
}

/* ---- the whole ------------------------------------------------------------------------------------------------------------------------ */

static bool is_spoken_of(const struct building *x, uint32_t party, uint32_t state)
{
	(void)party;
	return x->row->target[state] != 0;
}

static void build_row(struct building *x)
{
	const struct policy_row *r = x->row;
	bool bounded = r->kind == POLICY_ROW_LIMIT || r->kind == POLICY_ROW_DISTINCT || r->kind == POLICY_ROW_CONFIRMED;

	if (!r->exact)
		x->p->unwritten[x->rule] = true;
	if (!r->exact || x->p->left_out[x->rule] || !statements_at(x->p, x->at)->binds[x->rule])
		return;
	if (x->burden && x->at != AT_END && r->at_least)
		return; /* may hold because of what is changed in the quarter itself */
	x->during = x->at != AT_END && !r->at_least;
	if (bounded && !r->bound_known) {
		if (x->tier == TIER_HOLDS) /* it holds of nothing alone */
			forbid_states(x, is_spoken_of);
		return;
	}
	if (r->kind == POLICY_ROW_FORBID)
		forbid_states(x, is_forbidden);
	else if (r->kind == POLICY_ROW_LIMIT)
		build_limit(x);
	else if (r->kind == POLICY_ROW_EVIDENCE)
		build_evidence(x);
	else if (r->kind == POLICY_ROW_DISTINCT)
		build_distinct(x);
	else if (r->kind == POLICY_ROW_CONFIRMED)
		build_confirmed(x);
	else if (r->kind == POLICY_ROW_SERVED)
		build_access(x);
}

static void build_rows(struct building *x, moment at)
{
	x->at = at;
	x->rule = 0;
	for (size_t i = 0; i < x->p->task->policy_count; i++)
		for (size_t k = 0; k < x->p->row_counts[i]; k++) {
			x->row = &statements_at(x->p, at)->rows[i][k];
			build_row(x);
			x->rule++;
		}
	x->during = false;
	build_pairs(x);
	build_linked(x);
}

static void add_var(struct building *x, uint32_t option, uint32_t quarter)
{
	const struct option *o = &x->p->options.items[option];
	int64_t cost = o->cost.likely;

	if (x->burden && !x->burden->money)
		cost = (int64_t)MICRO * elements_in(x->p, o, x->burden->region);
	if (x->b->mode == MODE_WHEN) /* the earlier the better, the more so the more it is */
		cost = quarter == NEVER ? 0 : (int64_t)quarter * (1 + option_elements(x->p, o));
	*array_add(&x->b->vars) = (struct var){ option, quarter };
	solve_option_add(x->m, cost, label_of_option(x->p, option));
}

/* What can be done in no quarter can't be done. */
static void add_option(struct building *x, uint32_t option)
{
	const struct planning *p = x->p;
	size_t before = x->b->vars.count;

	if (!p->quarter_count || !option_changes(p, option)) {
		add_var(x, option, NEVER);
		return;
	}
	for (size_t q = 0; q < p->quarter_count && !(x->burden && x->at != AT_END && q >= (size_t)x->at); q++)
		if (option_in_quarter(p, &p->options.items[option], q)) {
			add_var(x, option, x->b->mode == MODE_WHAT && !x->burden ? NEVER : (uint32_t)q);
			if (x->b->mode == MODE_WHAT)
				return;
		}
	if (x->b->vars.count == before) {
		add_var(x, option, x->b->mode == MODE_WHAT ? NEVER : 0);
		solve_forbid_add(x->m, (uint32_t)before, SOLVE_NO_RULE);
	}
}

static bool build_units(struct building *x)
{
	struct planning *p = x->p;
	const struct plan_offers *all = p->task->offers;
	uint32_t most = 1;

	for (uint32_t u = 0; u < p->units.count; u++) {
		const struct unit *unit = &p->units.items[u];

		x->b->first_var[u] = (uint32_t)x->b->vars.count;
		solve_unit_add(x->m);
		if (x->settled)
			add_option(x, x->settled->option[u]);
		for (uint32_t o = 0; o < unit->options && !x->settled; o++) {
			if (x->b->vars.count - x->b->first_var[u] + p->quarter_count >= SOLVE_MOST_UNIT_OPTIONS)
				return false;
			add_option(x, unit->first_option + o);
		}
		if (x->b->vars.count - x->b->first_var[u] > most)
			most = (uint32_t)(x->b->vars.count - x->b->first_var[u]);
	}
	x->b->first_var[p->units.count] = (uint32_t)x->b->vars.count;
	x->so = arena_array(x->arena, (size_t)most + 1, sizeof *x->so);
	solve_unit_add(x->m);
	x->b->constant = solve_option_add(x->m, 0, SOLVE_NO_LABEL);
	for (size_t k = 0; k < all->offer_count; k++) {
		x->b->obtained[k] = UINT32_MAX;
		if (p->claim_of[k] == UINT32_MAX || x->settled)
			continue;
		x->b->obtain_unit[k] = solve_unit_add(x->m);
		solve_option_add(x->m, 0, SOLVE_NO_LABEL);
		x->b->obtained[k] = solve_option_add(x->m, 0, SOLVE_NO_LABEL); /* its mark has the price */
	}
	return true;
}

/* Vars with which some member of the unit can't be found in the state of the mixture, nor in one that is as bad. */
static void mixed_vars(struct building *x, const struct cut *c, bool *met)
{
	size_t policy;
	const struct policy_row *row = row_of_statement(x->p, c->at, c->rule, &policy);

	x->during = true;
	for (uint32_t v = 0; v < x->b->vars.count; v++) {
		const struct var *var = &x->b->vars.items[v];
		const struct unit *u = &x->p->units.items[x->p->options.items[var->option].unit];

		for (uint32_t k = 0; k < u->members && !met[v]; k++) {
			uint32_t states[2], n = states_of_var(x, var, k, states),
					    of = c->mixed[x->p->members[u->first_member + k]];

			met[v] = of != ANY_STATE && state_matters(x->p, policy, row, states[0], of) &&
				 state_matters(x->p, policy, row, states[n - 1], of);
		}
	}
	x->during = false;
}

/* Vars with which the cut is met. */
static void cut_vars(struct building *x, const struct cut *c, bool *met)
{
	struct planning *p = x->p;
	bool *named = arena_array(x->arena, p->options.count + 1, sizeof *named);

	x->at = c->at;
	if (c->mixed) {
		mixed_vars(x, c, met);
		return;
	}
	for (size_t i = 0; i < c->count; i++)
		if (c->options[i] < p->options.count)
			named[c->options[i]] = true;
	for (uint32_t v = 0; v < x->b->vars.count; v++)
		met[v] = named[option_of_var(x, &x->b->vars.items[v])];
	for (size_t i = 0; i < c->unit_count; i++)
		for (uint32_t v = x->b->first_var[c->units[i]]; v < x->b->first_var[c->units[i] + 1]; v++)
			met[v] = met[v] || x->b->vars.items[v].quarter != (uint32_t)c->at;
	if (!c->before_count || c->at == 0)
		return;
	memset(named, 0, p->options.count * sizeof *named);
	for (size_t i = 0; i < c->before_count; i++)
		named[c->before[i]] = true;
	x->at = c->at - 1;
	for (uint32_t v = 0; v < x->b->vars.count; v++)
		met[v] = met[v] || named[option_of_var(x, &x->b->vars.items[v])];
}

static void build_cut(struct building *x, uint32_t number)
{
	const struct cut *c = &x->p->cuts.items[number];
	uint32_t rows = solve_rows(x->m);
	struct planning *p = x->p;
	struct line line = { .constant = 0 };
	bool *met;

	if (p->left_out[c->rule] || (c->tier == TIER_HOLDS && x->tier == TIER_NOT_BROKEN))
		return;
	if ((x->b->mode == MODE_WHAT && c->at != AT_END) || (x->b->mode == MODE_WHEN && c->at == AT_END))
		return;
	met = arena_array(x->arena, x->b->vars.count + 1, sizeof *met);
	cut_vars(x, c, met);
	for (uint32_t v = 0; v < x->b->vars.count; v++)
		if (met[v])
			line_add(&line, v, 1);
	for (size_t k = 0; k < c->count; k++) {
		size_t offer = c->options[k] - p->options.count;

		if (c->options[k] < p->options.count)
			continue;
		if (x->settled)
			line.constant += x->settled->evidence[offer];
		else if (x->b->obtained[offer] != UINT32_MAX)
			line_add(&line, x->b->obtained[offer], 1);
	}
	line_to_row(x, &line, SOLVE_AT_LEAST, 1, c->rule);
	if (solve_rows(x->m) > rows)
		*array_add(&x->b->cut_rows) = (struct cut_row){ rows, number };
	line_free(&line, 1);
}

static void build_borders(struct building *x)
{
	struct planning *p = x->p;

	for (size_t i = 0; i < p->borders.count; i++)
		solve_border_add(x->m, p->borders.items[i].a, p->borders.items[i].b, p->border_cost.likely);
}

void built_free(struct built *b)
{
	free(b->vars.items);
	free(b->cut_rows.items);
	free(b->flows.items);
	free(b->row_places.items);
}

/* false: some unit has more options than a model takes. */
static bool building_begin(struct building *x, struct planning *p, struct arena *a, enum mode mode)
{
	struct built *b = arena_alloc(a, sizeof *b);
	size_t offers = p->task->offers->offer_count;

	x->p = p;
	x->b = b;
	x->arena = a;
	x->m = b->model = solve_model_new(a);
	b->mode = mode;
	x->budgeted = p->quarter_count && p->task->budget > 0 && !p->no_budget;
	b->first_var = arena_array(a, p->units.count + 1, sizeof *b->first_var);
	b->obtained = arena_array(a, offers + 1, sizeof *b->obtained);
	b->obtain_unit = arena_array(a, offers + 1, sizeof *b->obtain_unit);
	b->needed_by = arena_array(a, offers + 1, sizeof *b->needed_by);
	b->needed_count = arena_array(a, offers + 1, sizeof *b->needed_count);
	if (build_units(x))
		return true;
	built_free(b);
	return false;
}

struct built *build_forbidden(struct planning *p, struct arena *a, enum tier tier)
{
	struct building x = { .tier = tier };

	if (!building_begin(&x, p, a, MODE_BOTH))
		return NULL;
	for (size_t q = 0; q < p->quarter_count; q++) {
		x.at = (moment)q;
		x.rule = 0;
		for (size_t i = 0; i < p->task->policy_count; i++)
			for (size_t k = 0; k < p->row_counts[i]; k++, x.rule++) {
				x.row = &statements_at(p, x.at)->rows[i][k];
				if (x.row->kind == POLICY_ROW_FORBID)
					build_row(&x);
			}
	}
	return x.b;
}

struct built *build_burden(struct planning *p, struct arena *a, enum tier tier, moment at, const struct burden *burden)
{
	struct building x = { .tier = tier, .burden = burden, .at = at };

	if (!building_begin(&x, p, a, MODE_WHAT))
		return NULL;
	build_rows(&x, at);
	build_needs(&x);
	return x.b;
}

struct built *build_model(struct planning *p, struct arena *a, enum tier tier, enum mode mode,
			  const struct chosen *settled)
{
	struct building x = { .tier = tier, .settled = settled };
	struct built *b;

	if (!building_begin(&x, p, a, mode))
		return NULL;
	b = x.b;
	memset(p->unwritten, 0, (size_t)p->rule_count * sizeof *p->unwritten);
	if (mode != MODE_WHEN)
		build_rows(&x, AT_END);
	for (size_t q = 0; q < p->quarter_count && mode != MODE_WHAT; q++)
		build_rows(&x, (moment)q);
	build_needs(&x);
	build_supply(&x);
	if (mode != MODE_WHEN)
		build_borders(&x);
	for (size_t i = 0; i < p->cuts.count; i++)
		build_cut(&x, (uint32_t)i);
	return b;
}
