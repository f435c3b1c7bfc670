/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limit: `limit S|any vendor to p% of M in T per D`, `limit S to N sites|elements|vendors in T per D`. A share has a lower and
 * an upper bound, jointly in numerator and denominator (see term_class); the rule is decided only where both agree.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/rule/kinds.h"

struct limit {
	uint32_t subject, target; /* nodes */
	const struct grouping *grouping;
	struct sum *sum;         /* of the measure */
	struct sum *elements;    /* for emptiness */
	struct parties *parties; /* any X, or the distinct ones that are counted */
	struct term *terms;      /* by party, then one for the unknown ones; SUBJECT_SET: one */
	uint32_t target_high;    /* column of what is possibly in the target */
	size_t term_count;
	bool distinct;
	const uint8_t *columns;    /* distinct: see distinct_columns */
	uint32_t *party_of_column; /* the party whose n_high it is; NO_COLUMN */
	uint32_t *there;           /* room for all parties */
};

bool limit_parse(struct reader *r, struct policy *p, struct statement *s)
{
	enum subject_kind kind;
	if (!parse_any(r, s) || !reader_expect(r, "to") || !parse_amount(r, p, s, &s->share))
		return true;
	if (s->any == SUBJECT_VERSION) {
		reader_error(r, r->at, "bad-subject", NULL, 0,
			     "a limit is for a set, any vendor, any jurisdiction or any owner");
		return true;
	}
	if (s->share && !reader_expect(r, "of"))
		return true;
	s->measure_token = reader_name(r, s->share ? "a measure, such as sites or traffic"
						   : "what is counted: sites, elements or vendors");
	if (!s->measure_token)
		return true;
	s->measure = s->measure_token->text;
	s->bound.share = s->share;
	if (s->share && counts_distinct(s->measure, &kind)) {
		reader_error(r, s->measure_token, "bad-measure", NULL, 0,
			     "a share of %s is no measure: write a number of them", s->measure);
		return true;
	}
	if (parse_target(r, s))
		parse_per(r, s);
	return true;
}

void limit_prepare(struct evaluation *e, struct statement *s)
{
	struct limit *w = arena_alloc(e->scratch, sizeof *w);
	enum subject_kind kind;
	s->work = w;
	w->target = bind_target(e, s);
	w->subject = s->any == SUBJECT_SET ? bind_subject(e, s) : node_constant(e, YES);
	w->distinct = !s->share && counts_distinct(s->measure, &kind);
	if (s->any != SUBJECT_SET || w->distinct)
		want_identity(e, "vendor");
}

void limit_ask(struct evaluation *e, struct statement *s)
{
	struct limit *w = s->work;
	enum subject_kind kind = s->any;
	w->grouping = grouping_of(e, s);
	w->elements = sum_of(e, s, "elements", w->grouping);
	w->sum = w->distinct ? w->elements : sum_of(e, s, s->measure, w->grouping);
	if (w->distinct)
		counts_distinct(s->measure, &kind);
	if (kind == SUBJECT_SET) {
		w->terms = arena_array(e->scratch, 1, sizeof *w->terms);
		w->terms[0] = term_of_nodes(e, w->subject, w->target);
		w->term_count = 1;
	} else {
		uint32_t target = w->distinct ? node_and(e, w->subject, w->target) : w->target;
		w->parties = parties_of(e, kind);
		w->term_count = w->parties->count + 1;
		w->terms = terms_of_parties(e, w->parties, target);
	}
	w->target_high = term_of_nodes(e, w->target, w->target).target_high;
	sum_wants(e, w->elements, w->target_high);
	for (size_t i = 0; i < w->term_count; i++) {
		sum_wants_term(e, w->sum, &w->terms[i]);
		sum_wants(e, w->elements, w->terms[i].n_high);
	}
}

/* The bounds of a share: what has no number may weigh anything. */
static void share_bounds(const struct limit *w, struct finding *f, const struct term *t, uint32_t g)
{
	f->measured = UNIT_SHARE;
	f->unit = "share";
	f->numerator = sum_at(w->sum, t->n_low, g);
	f->denominator = sum_at(w->sum, t->d_low, g);
	f->numerator_high = sum_at(w->sum, t->n_high, g);
	f->denominator_high = sum_at(w->sum, t->d_high, g);
	f->low = f->denominator > 0 ? share_ppb(f->numerator, f->denominator) : 0;
	f->high = f->denominator_high > 0 ? share_ppb(f->numerator_high, f->denominator_high) : 0;
	f->vacuous = w->sum->kind != MEASURE_MISSING && !f->denominator && !f->denominator_high &&
		     !sum_unknown_at(w->sum, t->d_low, g) && !sum_unknown_at(w->sum, t->d_high, g);
	if (sum_unknown_at(w->sum, t->d_low, g) > sum_unknown_at(w->sum, t->n_low, g) ||
	    w->sum->kind == MEASURE_MISSING) {
		f->low = 0;
		f->numerator = f->denominator = 0;
	}
	bool nobody = sum_at(w->elements, t->n_high, g) == 0; /* none of whatever it is */
	if (sum_unknown_at(w->sum, t->n_high, g) || (w->sum->kind == MEASURE_MISSING && !nobody)) {
		f->high = PPB;
		f->numerator_high = f->denominator_high = MICRO;
	}
}

static void count_bounds(const struct limit *w, struct finding *f, const struct term *t, uint32_t g)
{
	f->measured = UNIT_COUNT;
	f->low = (int64_t)sum_at(w->sum, t->n_low, g);
	f->high = (int64_t)sum_at(w->sum, t->n_high, g);
	if (w->sum->kind == MEASURE_MISSING)
		f->high = INT64_MAX;
}

static int64_t whole(wide micro) /* rounded up to whole things */
{
	return (int64_t)((micro + MICRO - 1) / MICRO * MICRO);
}

static void limit_surplus(const struct limit *w, struct finding *f)
{
	if (f->status != FINDING_BROKEN)
		return;
	if (f->measured == UNIT_COUNT) {
		f->surplus = f->low - f->bound;
		return;
	}
	wide allowed = f->denominator / PPB * f->bound + f->denominator % PPB * f->bound / PPB;
	wide more = f->numerator - allowed;
	bool things = w->sum->kind == MEASURE_SITES || w->sum->kind == MEASURE_ELEMENTS;
	if (things)
		more = f->numerator - allowed / MICRO * MICRO;
	f->surplus = more > INT64_MAX ? INT64_MAX : things ? whole(more) : (int64_t)more;
}

static void limit_explain(struct evaluation *e, const struct statement *s, struct finding *f)
{
	char bound[64], more[64];
	const char *who = f->subject[0] ? f->subject : s->subject_text;
	if (f->vacuous) {
		f->explanation = "there is nothing that the rule speaks of";
		return;
	}
	if (f->measured == UNIT_SHARE)
		ppb_print_percent(f->bound, bound);
	else
		micro_print_grouped(f->bound, bound);
	const char *measure = f->measured == UNIT_SHARE ? rule_share(e, f)
							: arena_printf(e->arena, "%s %s", rule_count(e, f),
								       rule_units(e, f, f->low == f->high ? f->low : 0));
	int64_t known;
	const char *limit = amount_value(e, &s->bound, &known)
				    ? arena_printf(e->arena, "at most %s", bound)
				    : arena_printf(e->arena, "the bound \"%s\" is not set", s->bound.param->name);
	micro_print_grouped(f->surplus, more);
	f->explanation = arena_printf(
		e->arena, "%s has %s%s, %s%s", who, measure, rule_group(e, s, f->group), limit,
		f->surplus > 0 ? arena_printf(e->arena, ": %s %s too many", more, rule_units(e, f, f->surplus)) : "");
}

/* Everything that a finding still needs once low and high stand. */
static void limit_finish(struct evaluation *e, const struct statement *s, struct finding *f, uint32_t g, uint32_t party)
{
	struct limit *w = s->work;
	bool known = amount_value(e, &s->bound, &f->bound);
	f->bound_op = "<=";
	f->numerator_unit = s->measure;
	if (f->measured == UNIT_COUNT)
		f->unit = s->measure;
	finding_decide(f, known);
	limit_surplus(w, f);
	finding_waive(e, s, f, NULL, 0);
	if (e->q->brief)
		return;
	limit_explain(e, s, f);
	if (f->status == FINDING_HOLDS)
		return;
	uint32_t node = node_and(e, w->subject, w->target);
	bool by_party = w->parties && !w->distinct;
	wish_witnesses(e, f,
		       (struct witness_wish){ .node = node,
					      .bit = f->status == FINDING_UNKNOWN ? 2 : 1,
					      .grouping = w->grouping,
					      .group = g,
					      .parties = by_party ? w->parties : NULL,
					      .party = party });
	if (f->status != FINDING_UNKNOWN)
		return;
	struct unknown_wish wish = { .node = node,
				     .grouping = w->grouping,
				     .group = g,
				     .parties = w->parties,
				     .party_kind = w->distinct ? SUBJECT_VENDOR : s->any };
	unknown_wish(e, f, wish);
	if (w->target != node) {
		wish.node = w->target;
		wish.parties = NULL;
		unknown_wish(e, f, wish);
	}
	if (!known)
		unknown_fact_add(e, f, arena_printf(e->arena, "param/%s", s->bound.param->name), "value", 0,
				 f->low == f->high);
	if (w->sum->kind == MEASURE_MISSING && f->low != f->high)
		unknown_fact_add(e, f, "network", s->measure, 0, true);
}

/* Sites or elements in the target whose measure nobody wrote down. */
static void measure_unknown(struct evaluation *e, const struct statement *s, struct finding *f, const struct term *t,
			    uint32_t g)
{
	struct limit *w = s->work;
	if (e->q->brief || f->status != FINDING_UNKNOWN || !sum_unknown_at(w->sum, t->target_high, g))
		return;
	const uint64_t *bits = e->columns.items[t->target_high].bits;
	const uint32_t *site_of = net_column(e->net, NET_ELEMENTS, "site")->codes;
	bool by_site = w->sum->counted_by_site;
	size_t all = sum_unknown_at(w->sum, t->target_high, g), told = 0;
	uint32_t last = CODE_UNKNOWN;
	for (uint32_t i = 0; i < e->elements && told < 1000; i++) {
		uint32_t c = e->class_of[i], row = by_site ? site_of[i] : i;
		if (!(bits[c >> 6] >> (c & 63) & 1) || w->sum->values[row] != MEASURE_UNKNOWN || row == last)
			continue;
		uint32_t group = group_of_element(w->grouping, site_of, i);
		if (group != g)
			continue;
		last = row;
		told++;
		const char *subject = arena_printf(e->arena, "%s/%s", by_site ? "site" : "element",
						   net_id(e->net, by_site ? NET_SITES : NET_ELEMENTS, row));
		const char *dot = strchr(s->measure, '.');
		unknown_fact_add(e, f, subject, dot ? dot + 1 : s->measure, 1, all == 1);
	}
}

static void limit_distinct(struct evaluation *e, const struct statement *s, uint32_t g)
{
	struct limit *w = s->work;
	struct finding *f = finding_add(e, s, s->subject_text, s->per ? w->grouping->names[g] : NULL);
	f->measured = UNIT_COUNT;
	distinct_bounds(w->sum, w->columns, w->terms[w->parties->count].n_high, g, f);
	limit_finish(e, s, f, g, 0);
}

static void limit_of_term(struct evaluation *e, const struct statement *s, uint32_t i, uint32_t g)
{
	struct limit *w = s->work;
	const struct term *t = &w->terms[i];
	bool any = w->parties != NULL, unknown = any && i == w->parties->count;
	const char *subject = !any ? s->subject_text : unknown ? "(unknown)" : w->parties->names[i];
	struct finding *f = finding_add(e, s, subject, s->per ? w->grouping->names[g] : NULL);
	if (s->share)
		share_bounds(w, f, t, g);
	else
		count_bounds(w, f, t, g);
	if (!s->share && w->sum->kind == MEASURE_MISSING && sum_at(w->elements, t->n_high, g) == 0)
		f->high = 0;
	limit_finish(e, s, f, g, any ? (unknown ? CODE_UNKNOWN : i) : 0);
	measure_unknown(e, s, &e->out->items[e->out->count - 1], t, g);
}

static void limit_nothing(struct evaluation *e, const struct statement *s)
{
	struct finding *f = finding_add(e, s, s->any == SUBJECT_SET ? s->subject_text : NULL, NULL);
	f->measured = s->share ? UNIT_SHARE : UNIT_COUNT;
	f->unit = s->share ? "share" : s->measure;
	f->vacuous = true;
	limit_finish(e, s, f, 0, CODE_NONE);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

static void parties_find(struct evaluation *e, struct limit *w)
{
	w->there = arena_array(e->scratch, w->term_count, sizeof *w->there);
	w->party_of_column = arena_array(e->scratch, e->columns.count + 1, sizeof *w->party_of_column);
	memset(w->party_of_column, 0xff, e->columns.count * sizeof *w->party_of_column);
	for (uint32_t i = 0; i + 1 < w->term_count; i++)
		w->party_of_column[w->terms[i].n_high] = i;
	w->party_of_column[w->terms[w->term_count - 1].n_high] = NO_COLUMN; /* they have nothing in the target */
}

/* The parties that may have something in the group: where there is something of an unknown one, all. */
static void limit_parties(struct evaluation *e, const struct statement *s, uint32_t g)
{
	struct limit *w = s->work;
	if (sum_at(w->elements, w->terms[w->term_count - 1].n_high, g) > 0) {
		for (uint32_t i = 0; i < w->term_count; i++)
			limit_of_term(e, s, i, g);
		return;
	}
	size_t count = 0;
	for (const struct own *o = sum_own(w->elements, g); o; o = sum_own_next(w->elements, o))
		if (w->party_of_column[o->column] != NO_COLUMN && o->amount > 0)
			w->there[count++] = w->party_of_column[o->column];
	qsort(w->there, count, sizeof *w->there, by_number);
	for (size_t i = 0; i < count; i++)
		limit_of_term(e, s, w->there[i], g);
}

void limit_judge(struct evaluation *e, struct statement *s)
{
	struct limit *w = s->work;
	size_t before = e->out->count;
	if (w->distinct)
		w->columns = distinct_columns(e, w->terms, w->parties->count);
	else if (w->parties)
		parties_find(e, w);
	for (uint32_t g = 0; g < w->grouping->count; g++) {
		if (sum_at(w->elements, w->target_high, g) == 0)
			continue; /* nothing of the target in this group */
		if (w->distinct)
			limit_distinct(e, s, g);
		else if (w->parties)
			limit_parties(e, s, g);
		else
			limit_of_term(e, s, 0, g);
	}
	if (e->out->count == before)
		limit_nothing(e, s);
}
