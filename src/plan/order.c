/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order: when each unit is changed, by list scheduling: from what a choice settles, an order that `solve` can start from.
 *
 *   A unit has the quarters in which it may be changed. A rule about an amount ("acme at 38 % from 2027 on") asks that some
 *   units are changed by then: so many get that quarter as their deadline as it takes, those that bring it most for the least
 *   effort first, as far as deliveries, crews and money reach by then.
 *   Quarter by quarter, what is scarcest goes first: a flow (the deliveries of an offer, the people of a region, the money)
 *   is as scarce as the largest share of what is left of it, up to some deadline, that is asked for by then.
 *
 * Rows in which neither shows (a share that others grow into, cuts) are not looked at; what breaks one is for solve's repair.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/build.h"

enum { PLENTY = 1 << 30 }; /* a share: nothing is left of it */

struct use { /* of a flow, by a unit, in whichever quarter it is changed */
	uint32_t flow;
	int64_t amount;
};

struct flow {
	wide *left;  /* by quarter */
	wide *asked; /* by deadline, of units that have no quarter yet */
	bool *limited;
};

struct class
{                            /* units that use the same flows between the same quarters */
	uint32_t first, end; /* into ordering.members */
	uint32_t next;       /* the first of them that was not looked at in this quarter */
	uint32_t number;
	int64_t scarcest, scarce; /* of its flows: the scarcest, and the sum */
};

struct ordering {
	struct planning *p;
	struct arena *arena;
	const struct built *b;
	const struct chosen *what;
	uint32_t quarters, flow_count;
	struct flow *flows;
	uint32_t *first_use; /* by unit */
	struct use *uses;
	uint32_t *release, *deadline, *given; /* by unit; given: the var, UINT32_MAX */
	bool *open;                           /* by var */
	struct class *classes;
	uint32_t class_count;
	uint32_t *members; /* units that are changed, by class */
	uint32_t unplaced;
	int64_t *scarcity; /* by flow and deadline */
};

static bool moves(const struct ordering *o, uint32_t unit)
{
	return option_changes(o->p, o->what->option[unit]);
}

/* The var in which the unit takes what was settled in the quarter; UINT32_MAX: it can't. */
static uint32_t var_in(const struct ordering *o, uint32_t unit, uint32_t quarter)
{
	for (uint32_t v = o->b->first_var[unit]; v < o->b->first_var[unit + 1]; v++)
		if (o->b->vars.items[v].option == o->what->option[unit] && o->b->vars.items[v].quarter == quarter)
			return o->open[v] ? v : UINT32_MAX;
	return UINT32_MAX;
}

static void open_make(struct ordering *o)
{
	size_t options = solve_options(o->b->model), units = o->p->units.count;
	bool *forbidden = arena_array(o->arena, options + 1, sizeof *forbidden);

	solve_forbidden(o->b->model, forbidden);
	o->open = arena_array(o->arena, options + 1, sizeof *o->open);
	for (size_t v = 0; v < o->b->vars.count; v++)
		o->open[v] = !forbidden[v];
	o->release = arena_array(o->arena, units + 1, sizeof *o->release);
	o->deadline = arena_array(o->arena, units + 1, sizeof *o->deadline);
	for (uint32_t u = 0; u < units; u++) {
		o->release[u] = NEVER;
		for (uint32_t q = 0; moves(o, u) && q < o->quarters; q++)
			if (var_in(o, u, q) != UINT32_MAX) {
				o->release[u] = o->release[u] == NEVER ? q : o->release[u];
				o->deadline[u] = q;
			}
	}
}

/* ---- flows -------------------------------------------------------------------------------------------------------------- */

static bool is_settled(const struct ordering *o, uint32_t var)
{
	const struct var *v;

	if (var >= o->b->vars.count)
		return false;
	v = &o->b->vars.items[var];
	return v->quarter != NEVER && v->option == o->what->option[o->p->options.items[v->option].unit];
}

/* Of each flow a unit's use is taken from the first of its rows that names it: an amount does not depend on the quarter. */
static uint32_t flow_uses(struct ordering *o, uint32_t *fill)
{
	uint32_t *last = arena_array(o->arena, o->p->units.count + 1, sizeof *last), all = 0;

	for (size_t i = 0; i < o->b->flows.count; i++) {
		const struct flow_row *f = &o->b->flows.items[i];
		struct solve_row_view row = solve_row(o->b->model, f->row);

		for (size_t k = 0; k < row.count; k++) {
			uint32_t unit;

			if (!is_settled(o, row.options[k]))
				continue;
			unit = o->p->options.items[o->b->vars.items[row.options[k]].option].unit;
			if (last[unit] == f->flow + 1)
				continue;
			last[unit] = f->flow + 1;
			if (o->uses)
				o->uses[fill[unit]++] = (struct use){ f->flow, row.values[k] };
			else
				o->first_use[unit + 1]++;
			all++;
		}
	}
	return all;
}

static void flows_make(struct ordering *o)
{
	size_t units = o->p->units.count;
	uint32_t *fill = arena_array(o->arena, units + 1, sizeof *fill), all;

	for (size_t i = 0; i < o->b->flows.count; i++)
		if (o->b->flows.items[i].flow >= o->flow_count)
			o->flow_count = o->b->flows.items[i].flow + 1;
	o->flows = arena_array(o->arena, (size_t)o->flow_count + 1, sizeof *o->flows);
	for (uint32_t f = 0; f < o->flow_count; f++) {
		o->flows[f].left = arena_array(o->arena, o->quarters, sizeof(wide));
		o->flows[f].asked = arena_array(o->arena, o->quarters, sizeof(wide));
		o->flows[f].limited = arena_array(o->arena, o->quarters, sizeof(bool));
	}
	for (size_t i = 0; i < o->b->flows.count; i++) {
		const struct flow_row *f = &o->b->flows.items[i];

		o->flows[f->flow].left[f->quarter] = solve_row_bound(o->b->model, f->row);
		o->flows[f->flow].limited[f->quarter] = true;
	}
	o->first_use = arena_array(o->arena, units + 2, sizeof *o->first_use);
	all = flow_uses(o, NULL);
	for (size_t u = 0; u < units; u++) {
		o->first_use[u + 1] += o->first_use[u];
		fill[u] = o->first_use[u];
	}
	o->uses = arena_array(o->arena, (size_t)all + 1, sizeof *o->uses);
	flow_uses(o, fill);
}

/* What a flow brings from one quarter through another; -1: no limit. */
static wide brings(const struct flow *f, uint32_t from, uint32_t to)
{
	wide sum = 0;

	for (uint32_t q = from; q <= to; q++) {
		if (!f->limited[q])
			return -1;
		sum += f->left[q];
	}
	return sum;
}

/* ---- deadlines of rules about amounts --------------------------------------------------------------------------------------- */

struct pull { /* what a unit brings a row, if it is changed by an earlier quarter than its deadline */
	uint32_t unit, by;
	wide gain;
	int64_t effort, rank;
};

struct pulls {
	struct pull *items;
	size_t count, room;
};

struct values { /* of one row, by var */
	wide *of;
	uint32_t *var_stamp, *unit_stamp, now;
};

static int by_gain(const void *a, const void *b)
{
	const struct pull *x = a, *y = b;
	wide left = x->gain * y->effort, right = y->gain * x->effort;

	if (left != right)
		return left > right ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->unit > y->unit) - (x->unit < y->unit);
}

static wide value_of(const struct values *v, uint32_t var)
{
	return v->var_stamp[var] == v->now ? v->of[var] : 0;
}

static void ask(struct ordering *o, uint32_t unit, int sign)
{
	for (uint32_t i = o->first_use[unit]; i < o->first_use[unit + 1]; i++)
		o->flows[o->uses[i].flow].asked[o->deadline[unit]] += sign * (wide)o->uses[i].amount;
}

/* Is there enough of all it uses until then, beside what is asked for by then already? */
static bool reaches(const struct ordering *o, uint32_t unit, uint32_t by)
{
	for (uint32_t i = o->first_use[unit]; i < o->first_use[unit + 1]; i++) {
		const struct flow *f = &o->flows[o->uses[i].flow];
		wide has = brings(f, 0, by), asked = o->uses[i].amount;

		for (uint32_t d = 0; d <= by && has >= 0; d++)
			asked += f->asked[d];
		if (has >= 0 && asked > has)
			return false;
	}
	return true;
}

/* Its share of what its scarcest flow brings: so that the units of one region don't all come before another's. */
static void rank_pulls(struct ordering *o, struct pulls *all)
{
	struct arena *a = arena_new();
	wide *taken = arena_array(a, (size_t)o->flow_count + 1, sizeof *taken);

	for (size_t k = 0; k < all->count; k++) {
		struct pull *x = &all->items[k];

		for (uint32_t i = o->first_use[x->unit]; i < o->first_use[x->unit + 1]; i++) {
			uint32_t flow = o->uses[i].flow;
			wide has = brings(&o->flows[flow], 0, x->by), rank;

			taken[flow] += o->uses[i].amount;
			rank = has > 0 ? taken[flow] * MICRO / has : 0;
			rank = rank < INT64_MAX ? rank : INT64_MAX;
			x->rank = (int64_t)rank > x->rank ? (int64_t)rank : x->rank;
		}
	}
	arena_free(a);
}

/* The latest quarter before its deadline in which a unit brings the row most. */
static struct pull pull_of(const struct ordering *o, const struct values *v, uint32_t unit)
{
	struct pull x = { .unit = unit,
			  .effort = 1 + option_elements(o->p, &o->p->options.items[o->what->option[unit]]) };
	uint32_t late = var_in(o, unit, o->deadline[unit]);

	for (uint32_t q = o->release[unit]; q < o->deadline[unit]; q++) {
		uint32_t var = var_in(o, unit, q);
		wide gain = var != UINT32_MAX ? value_of(v, late) - value_of(v, var) : 0;

		if (gain > 0 && gain >= x.gain) {
			x.gain = gain;
			x.by = q;
		}
	}
	return x;
}

/* Returns by how much the row is broken, if every unit is changed at its deadline; and which could be earlier. */
static wide pulls_make(const struct ordering *o, const struct solve_row_view *row, struct values *v, struct pulls *all)
{
	int sign = row->sense == SOLVE_AT_MOST ? 1 : -1;
	wide over = -sign * row->bound;

	all->count = 0;
	v->now++;
	for (size_t k = 0; k < row->count; k++) {
		uint32_t var = row->options[k];

		if (var >= o->b->vars.count)
			continue;
		v->of[var] = sign * (wide)row->values[k] + value_of(v, var);
		v->var_stamp[var] = v->now;
	}
	for (size_t k = 0; k < row->count; k++) {
		uint32_t var = row->options[k], unit;
		struct pull x;

		if (var >= o->b->vars.count)
			continue;
		unit = o->p->options.items[o->b->vars.items[var].option].unit;
		if (v->unit_stamp[unit] == v->now)
			continue;
		v->unit_stamp[unit] = v->now;
		if (o->release[unit] == NEVER) {
			over += value_of(v, o->given[unit]);
			continue;
		}
		over += value_of(v, var_in(o, unit, o->deadline[unit]));
		x = pull_of(o, v, unit);
		if (x.gain > 0)
			*array_add(all) = x;
	}
	return over;
}

static void pull_units(struct ordering *o, struct pulls *all, wide over)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t k = 0; k < all->count && over > 0; k++) {
			struct pull *x = &all->items[k];

			if (!x->gain || (!pass && !reaches(o, x->unit, x->by)))
				continue;
			ask(o, x->unit, -1);
			o->deadline[x->unit] = x->by;
			ask(o, x->unit, 1);
			over -= x->gain;
			x->gain = 0;
		}
}

static void deadlines_make(struct ordering *o)
{
	size_t units = o->p->units.count, vars = o->b->vars.count;
	struct values v = { .of = arena_array(o->arena, vars + 1, sizeof *v.of),
			    .var_stamp = arena_array(o->arena, vars + 1, sizeof *v.var_stamp),
			    .unit_stamp = arena_array(o->arena, units + 1, sizeof *v.unit_stamp) };
	struct pulls all = { 0 };

	for (uint32_t u = 0; u < units; u++)
		if (o->release[u] != NEVER)
			ask(o, u, 1);
	for (uint32_t i = 0; i < solve_rows(o->b->model); i++) {
		struct solve_row_view row = solve_row(o->b->model, i);
		wide over = row.rule != SOLVE_NO_RULE ? pulls_make(o, &row, &v, &all) : 0;

		if (over <= 0 || !all.count)
			continue;
		rank_pulls(o, &all);
		qsort(all.items, all.count, sizeof *all.items, by_gain);
		pull_units(o, &all, over);
	}
	free(all.items);
}

/* ---- quarter by quarter ---------------------------------------------------------------------------------------------------- */

struct keyed {
	const struct ordering *o;
	uint32_t unit;
};

static int by_flows(const struct keyed *x, const struct keyed *y)
{
	const struct ordering *o = x->o;
	uint32_t a = o->first_use[x->unit], b = o->first_use[y->unit];
	uint32_t m = o->first_use[x->unit + 1] - a, n = o->first_use[y->unit + 1] - b;

	if (o->release[x->unit] != o->release[y->unit])
		return o->release[x->unit] < o->release[y->unit] ? -1 : 1;
	if (o->deadline[x->unit] != o->deadline[y->unit])
		return o->deadline[x->unit] < o->deadline[y->unit] ? -1 : 1;
	if (m != n)
		return m < n ? -1 : 1;
	for (uint32_t i = 0; i < n; i++)
		if (o->uses[a + i].flow != o->uses[b + i].flow)
			return o->uses[a + i].flow < o->uses[b + i].flow ? -1 : 1;
	return 0;
}

static int by_class(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int order = by_flows(x, y);

	return order ? order : (x->unit > y->unit) - (x->unit < y->unit);
}

static void classes_make(struct ordering *o)
{
	size_t units = o->p->units.count;
	struct keyed *all = arena_array(o->arena, units + 1, sizeof *all);

	for (uint32_t u = 0; u < units; u++)
		if (o->release[u] != NEVER)
			all[o->unplaced++] = (struct keyed){ o, u };
	if (o->unplaced)
		qsort(all, o->unplaced, sizeof *all, by_class);
	o->members = arena_array(o->arena, (size_t)o->unplaced + 1, sizeof *o->members);
	o->classes = arena_array(o->arena, (size_t)o->unplaced + 1, sizeof *o->classes);
	for (uint32_t i = 0; i < o->unplaced; i++) {
		o->members[i] = all[i].unit;
		if (!i || by_flows(&all[i - 1], &all[i])) {
			o->classes[o->class_count] = (struct class){ .first = i, .number = o->class_count };
			o->class_count++;
		}
		o->classes[o->class_count - 1].end = i + 1;
	}
}

/* Of each flow from a quarter on: the largest share of it that is asked for by a deadline or a later one. */
static void scarcity_make(struct ordering *o, uint32_t quarter)
{
	for (uint32_t f = 0; f < o->flow_count; f++) {
		const struct flow *flow = &o->flows[f];
		int64_t *of = o->scarcity + (size_t)f * o->quarters, most = 0;
		wide asked = 0, has = 0;
		bool limited = true;

		for (uint32_t d = 0; d < o->quarters; d++) {
			asked += flow->asked[d];
			limited = limited && (d < quarter || flow->limited[d]);
			has += d >= quarter ? flow->left[d] : 0;
			of[d] = !limited || !asked                  ? 0
				: has <= 0 || asked / has >= PLENTY ? PLENTY
								    : (int64_t)(asked * MICRO / has);
		}
		for (uint32_t d = o->quarters; d-- > 0;)
			of[d] = most = of[d] > most ? of[d] : most;
	}
}

static void look_at(const struct ordering *o, struct class *c)
{
	uint32_t unit = o->members[c->first];

	c->scarcest = c->scarce = 0;
	for (uint32_t i = o->first_use[unit]; i < o->first_use[unit + 1]; i++) {
		int64_t of = o->scarcity[(size_t)o->uses[i].flow * o->quarters + o->deadline[unit]];

		c->scarcest = of > c->scarcest ? of : c->scarcest;
		c->scarce += of;
	}
}

static bool place(struct ordering *o, uint32_t unit, uint32_t quarter)
{
	uint32_t var = var_in(o, unit, quarter);

	for (uint32_t i = o->first_use[unit]; i < o->first_use[unit + 1] && var != UINT32_MAX; i++) {
		const struct flow *f = &o->flows[o->uses[i].flow];

		if (f->limited[quarter] && f->left[quarter] < o->uses[i].amount)
			return false;
	}
	if (var == UINT32_MAX)
		return false;
	ask(o, unit, -1);
	for (uint32_t i = o->first_use[unit]; i < o->first_use[unit + 1]; i++)
		o->flows[o->uses[i].flow].left[quarter] -= o->uses[i].amount;
	o->given[unit] = var;
	o->unplaced--;
	return true;
}

/* The scarcest first; then what is due first. */
static int by_scarcity(const void *a, const void *b)
{
	const struct class *x = a, *y = b;

	if (x->scarcest != y->scarcest)
		return x->scarcest > y->scarcest ? -1 : 1;
	if (x->scarce != y->scarce)
		return x->scarce > y->scarce ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* Some units, before what is scarce is looked at again; those that don't fit are not looked at again. 0: nothing fits. */
static uint32_t place_some(struct ordering *o, uint32_t quarter)
{
	enum { LOOKS = 256 };
	uint32_t placed = 0, most = 1 + o->unplaced / LOOKS;
	struct class *at = o->classes;

	for (; at < o->classes + o->class_count && placed < most; at++)
		for (; at->next < at->end && placed < most; at->next++) {
			uint32_t unit = o->members[at->next];

			if (o->given[unit] == UINT32_MAX)
				placed += place(o, unit, quarter);
		}
	return placed;
}

static void fill_quarter(struct ordering *o, uint32_t quarter)
{
	for (uint32_t c = 0; c < o->class_count; c++) {
		struct class *k = &o->classes[c];

		k->next = o->release[o->members[k->first]] <= quarter ? k->first : k->end;
	}
	do {
		scarcity_make(o, quarter);
		for (uint32_t c = 0; c < o->class_count; c++)
			look_at(o, &o->classes[c]);
		if (o->class_count)
			qsort(o->classes, o->class_count, sizeof *o->classes, by_scarcity);
	} while (place_some(o, quarter));
}

uint32_t *order_make(struct planning *p, struct arena *a, const struct built *b, const struct chosen *what)
{
	struct ordering o = {
		.p = p, .arena = arena_new(), .b = b, .what = what, .quarters = (uint32_t)p->quarter_count
	};

	o.given = arena_array(a, p->units.count + 1, sizeof *o.given);
	open_make(&o);
	for (uint32_t u = 0; u < p->units.count; u++) {
		uint32_t v = b->first_var[u];

		while (o.release[u] == NEVER && v + 1 < b->first_var[u + 1] &&
		       b->vars.items[v].option != what->option[u])
			v++;
		o.given[u] = o.release[u] == NEVER ? v : UINT32_MAX;
	}
	flows_make(&o);
	deadlines_make(&o);
	classes_make(&o);
	o.scarcity = arena_array(o.arena, (size_t)o.flow_count * o.quarters + 1, sizeof *o.scarcity);
	for (uint32_t q = 0; q < o.quarters && o.unplaced; q++)
		fill_quarter(&o, q);
	for (uint32_t u = 0; u < p->units.count; u++) /* what found no place is left to repair */
		if (o.given[u] == UINT32_MAX)
			o.given[u] = var_in(&o, u, o.deadline[u]);
	arena_free(o.arena);
	return o.given;
}
