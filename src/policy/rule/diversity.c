/* SPDX-License-Identifier: Apache-2.0 */
/* diversity: `require N vendors|jurisdictions|owners in T per D` - at least so many different ones. */
#include <string.h>

#include "policy/rule/kinds.h"

struct diversity {
	uint32_t target;
	const struct grouping *grouping;
	struct sum *sum;
	struct parties *parties;
	struct term *terms;
	const uint8_t *columns; /* see distinct_columns */
};

bool counts_distinct(const char *measure, enum subject_kind *kind)
{
	static const struct {
		const char *word;
		enum subject_kind kind;
	} words[] = {
		{ "vendors", SUBJECT_VENDOR }, { "jurisdictions", SUBJECT_JURISDICTION }, { "owners", SUBJECT_OWNER },
		{ "vendor", SUBJECT_VENDOR },  { "jurisdiction", SUBJECT_JURISDICTION },  { "owner", SUBJECT_OWNER },
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(measure, words[i].word)) {
			*kind = words[i].kind;
			return true;
		}
	return false;
}

enum { SURELY = 1, POSSIBLY = 2 };

uint8_t *distinct_columns(struct evaluation *e, const struct term *terms, uint32_t count)
{
	uint8_t *of = arena_alloc(e->scratch, e->columns.count + 1);
	memset(of, 0, e->columns.count);
	for (uint32_t i = 0; i < count; i++) {
		of[terms[i].n_low] |= terms[i].n_low != terms[count].n_low ? SURELY : 0;
		of[terms[i].n_high] |= terms[i].n_high != terms[count].n_high ? POSSIBLY : 0;
	}
	return of;
}

void distinct_bounds(const struct sum *sum, const uint8_t *columns, uint32_t unknown, uint32_t g, struct finding *f)
{
	f->low = 0;
	wide high = sum_at(sum, unknown, g);
	for (const struct own *o = sum_own(sum, g); o; o = sum_own_next(sum, o)) {
		f->low += columns[o->column] & SURELY && o->amount > 0 ? MICRO : 0;
		high += columns[o->column] & POSSIBLY && o->amount > 0 ? MICRO : 0;
	}
	f->high = (int64_t)high;
}

bool diversity_parse(struct reader *r, struct policy *p, struct statement *s)
{
	bool percent;
	s->at_least = true;
	if (!parse_amount(r, p, s, &percent))
		return true;
	if (percent) {
		reader_error(r, r->at, "expected-served", NULL, 0,
			     "a percentage is required of a measure that is served: "
			     "require p%% of population served without any vendor");
		return true;
	}
	s->measure_token = reader_name(r, "vendors, jurisdictions or owners");
	if (!s->measure_token)
		return true;
	if (!counts_distinct(s->measure_token->text, &s->any)) {
		static const char *const words[] = { "vendors", "jurisdictions", "owners" };
		reader_error(r, s->measure_token, "bad-measure", words, 3,
			     "expected vendors, jurisdictions or owners, found \"%s\"", s->measure_token->text);
		return true;
	}
	s->measure = s->measure_token->text;
	if (parse_target(r, s))
		parse_per(r, s);
	return true;
}

void diversity_prepare(struct evaluation *e, struct statement *s)
{
	struct diversity *w = arena_alloc(e->scratch, sizeof *w);
	s->work = w;
	w->target = bind_target(e, s);
	want_identity(e, "vendor");
}

void diversity_ask(struct evaluation *e, struct statement *s)
{
	struct diversity *w = s->work;
	w->grouping = grouping_of(e, s);
	w->sum = sum_of(e, s, "elements", w->grouping);
	w->parties = parties_of(e, s->any);
	w->terms = terms_of_parties(e, w->parties, w->target);
	for (uint32_t i = 0; i <= w->parties->count; i++)
		sum_wants_term(e, w->sum, &w->terms[i]);
}

static void diversity_finding(struct evaluation *e, const struct statement *s, uint32_t g, bool vacuous)
{
	struct diversity *w = s->work;
	struct finding *f = finding_add(e, s, NULL, s->per && !vacuous ? w->grouping->names[g] : NULL);
	f->measured = UNIT_COUNT;
	f->unit = f->numerator_unit = s->measure;
	f->bound_op = ">=";
	bool known = amount_value(e, &s->bound, &f->bound);
	if (!vacuous)
		distinct_bounds(w->sum, w->columns, w->terms[w->parties->count].n_high, g, f);
	f->vacuous = vacuous;
	finding_decide(f, known);
	if (f->status == FINDING_BROKEN)
		f->surplus = f->bound - f->high;
	finding_waive(e, s, f, NULL, 0);
	if (e->q->brief)
		return;
	char bound[64];
	micro_print_grouped(f->bound, bound);
	f->explanation =
		vacuous ? "there is nothing that the rule speaks of"
			: arena_printf(e->arena, "%s different %s%s, at least %s required", rule_count(e, f),
				       rule_units(e, f, f->low == f->high ? f->low : 0), rule_group(e, s, f->group),
				       known ? bound : s->bound.param->name);
	if (f->status == FINDING_HOLDS)
		return;
	wish_witnesses(e, f, (struct witness_wish){ .node = w->target, .bit = 2, .grouping = w->grouping, .group = g });
	if (f->status == FINDING_UNKNOWN)
		unknown_wish(e, f,
			     (struct unknown_wish){ .node = w->target,
						    .grouping = w->grouping,
						    .group = g,
						    .parties = w->parties,
						    .party_kind = s->any });
	if (!known)
		unknown_fact_add(e, f, arena_printf(e->arena, "param/%s", s->bound.param->name), "value", 0,
				 f->low == f->high);
}

void diversity_judge(struct evaluation *e, struct statement *s)
{
	struct diversity *w = s->work;
	size_t before = e->out->count;
	w->columns = distinct_columns(e, w->terms, w->parties->count);
	for (uint32_t g = 0; g < w->grouping->count; g++)
		if (sum_at(w->sum, w->terms[0].target_high, g) > 0)
			diversity_finding(e, s, g, false);
	if (e->out->count == before)
		diversity_finding(e, s, 0, true);
}
