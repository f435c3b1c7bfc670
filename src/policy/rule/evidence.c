/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evidence: `require evidence KIND for T within DURATION independent covering p%` - for each product and version in T a valid
 * claim is on file, or the rule is broken. It is open only where product or version is not known, or valid claims conflict.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/rule/kinds.h"

struct requirement {
	uint32_t target, left; /* T; T without what is waived */
};

static void parse_extends(struct reader *r, struct statement *s)
{
	static const char *const words[] = { "exact", "same", "later" };
	reader_take(r, "to");
	if (reader_take(r, "exact")) {
		s->extends = EXTENDS_BUILD;
		reader_expect(r, "build");
	} else if (reader_take(r, "same")) {
		s->extends = EXTENDS_RELEASE;
		reader_expect(r, "release");
	} else if (reader_take(r, "later")) {
		s->extends = EXTENDS_PATCHES;
		if (reader_expect(r, "patches") && reader_expect(r, "for"))
			reader_duration(r, &s->extends_for);
	} else {
		reader_error(r, r->at, "expected-extent", words, 3,
			     "expected \"exact build\", \"same release\" or \"later patches for 12 months\", "
			     "found \"%s\"",
			     r->at->text);
	}
}

bool evidence_parse(struct reader *r, struct policy *p, struct statement *s)
{
	(void)p;
	if (!reader_take(r, "evidence"))
		return false;
	const struct token *kind = reader_name(r, "a kind of evidence, such as test-report");
	if (kind && !strcmp(kind->text, "for")) /* "require evidence for T" */
		reader_error(r, kind, "expected-name", NULL, 0,
			     "expected a kind of evidence, such as test-report, before \"for\"");
	if (!kind || !reader_expect(r, "for"))
		return true;
	s->evidence_kind = kind->text;
	s->target = reader_expr(r);
	while (s->target && !r->bad && !reader_ended(r)) {
		static const char *const words[] = { "within", "independent", "covering", "extends" };
		if (reader_take(r, "within"))
			s->within_given = reader_duration(r, &s->within);
		else if (reader_take(r, "independent"))
			s->independent = true;
		else if (reader_take(r, "extends"))
			parse_extends(r, s);
		else if (reader_take(r, "covering")) {
			if (reader_percent(r, "a percentage", &s->covers) && reader_take(r, "of")) {
				const struct token *of =
					reader_name(r, "what is covered: code, products, elements, traffic or time");
				s->covers_what = of ? of->text : NULL;
			}
		} else
			reader_error(r, r->at, "unknown-word", words, 4,
				     "expected \"within\", \"independent\", \"covering\" or \"extends\", found \"%s\"",
				     r->at->text);
	}
	if (!r->bad && !claim_kind_find(s->evidence_kind)) {
		const char *near[64];
		size_t count = 0;
		for (size_t i = 0; i < claim_kind_count && count < 64; i++)
			near[count++] = claim_kinds[i].name;
		const char *suggestion = nearest_text(s->evidence_kind, near, count);
		if (suggestion)
			reader_warning(r, kind, "unusual-kind",
				       "no usual kind of evidence is called \"%s\" (did you mean \"%s\"?)",
				       s->evidence_kind, suggestion);
	}
	return true;
}

void evidence_prepare(struct evaluation *e, struct statement *s)
{
	struct requirement *w = arena_alloc(e->scratch, sizeof *w);
	s->work = w;
	w->target = bind_target(e, s);
	w->left = node_and(e, w->target, node_not(e, bind_waived(e, s)));
}

/* What is asked about once: elements of one vendor, product and version (and function, where the claim may be about that). */
struct build {
	uint32_t vendor, product, version, function;
	uint32_t
		apart; /* the element itself, where its own documents or build tell it from the others; else CODE_NONE */
	uint32_t first; /* an element */
	size_t low, high, left_low, left_high;
	uint8_t answer; /* NO broken, YES met, MAYBE open */
	const char *why;
	const char *planned; /* the claim that it is met by, where it is only planned */
};

enum { BUILD_KEY = 5 * sizeof(uint32_t) }; /* bytes of the codes in front */

static int by_build(const void *a, const void *b)
{
	return memcmp(a, b, BUILD_KEY);
}

enum { NO_BUILD = UINT32_MAX };

struct build_list {
	struct build *items;
	size_t count, room;
};

/* Slots by hash of the four codes; builds are few. */
static struct build *build_of(struct evaluation *e, struct build_list *l, uint32_t **slots, size_t *slot_count,
			      const struct build *key)
{
	if (l->count * 2 >= *slot_count) {
		*slot_count = *slot_count ? *slot_count * 2 : 256;
		*slots = arena_array(e->scratch, *slot_count, sizeof **slots);
		for (size_t i = 0; i < l->count; i++) {
			size_t s = hash_bytes(&l->items[i], BUILD_KEY) & (*slot_count - 1);
			while ((*slots)[s])
				s = (s + 1) & (*slot_count - 1);
			(*slots)[s] = (uint32_t)i + 1;
		}
	}
	size_t s = hash_bytes(key, BUILD_KEY) & (*slot_count - 1);
	for (; (*slots)[s]; s = (s + 1) & (*slot_count - 1))
		if (!by_build(&l->items[(*slots)[s] - 1], key))
			return &l->items[(*slots)[s] - 1];
	*array_add(l) = *key;
	(*slots)[s] = (uint32_t)l->count;
	return &l->items[l->count - 1];
}

/* Is there a document of the kind about a single element, or is it builds that count? */
static bool elements_differ(const struct evaluation *e, const struct statement *s)
{
	if (s->extends == EXTENDS_BUILD)
		return true;
	for (size_t i = 0; e->q->evidence && i < e->q->evidence->claim_count; i++) {
		const struct claim *c = &e->q->evidence->claims[i];
		if (c->about == ABOUT_ELEMENT && c->kind && !strcmp(c->kind, s->evidence_kind))
			return true;
	}
	return false;
}

static void builds_make(struct evaluation *e, const struct statement *s, struct build_list *l,
			uint32_t *build_of_element)
{
	const struct requirement *w = s->work;
	const uint32_t *vendor = net_column(e->net, NET_ELEMENTS, "vendor")->codes,
		       *product = net_column(e->net, NET_ELEMENTS, "product")->codes,
		       *version = net_column(e->net, NET_ELEMENTS, "version")->codes,
		       *function = net_column(e->net, NET_ELEMENTS, "function")->codes;
	const uint8_t *target = node_by_class(e, w->target), *left = node_by_class(e, w->left);
	uint32_t *slots = NULL;
	size_t slot_count = 0;
	bool apart = elements_differ(e, s);
	for (uint32_t i = 0; i < e->elements; i++) {
		uint8_t t = target[e->class_of[i]], r = left[e->class_of[i]];
		build_of_element[i] = NO_BUILD;
		if (!t)
			continue;
		struct build key = { vendor[i], product[i], version[i], function[i], apart ? i : CODE_NONE, i, 0, 0, 0,
				     0,         0,          NULL,       NULL };
		struct build *b = build_of(e, l, &slots, &slot_count, &key);
		build_of_element[i] = (uint32_t)(b - l->items);
		b->low += t == YES;
		b->high++;
		b->left_low += r == YES;
		b->left_high += r != NO;
	}
}

static const char *text_or_null(const char *text, uint32_t code)
{
	return CODE_IS_KNOWN(code) ? text : NULL;
}

static void build_ask(struct evaluation *e, const struct statement *s, struct build *b)
{
	const struct claim_kind *kind = claim_kind_find(s->evidence_kind);
	struct evidence_need need = { .kind = s->evidence_kind,
				      .on = e->q->on,
				      .independent = s->independent,
				      .covers = s->covers,
				      .covers_what = s->covers_what,
				      .extends = s->extends,
				      .extends_for = s->extends_for,
				      .net = e->net,
				      .not_before = s->within_given ? date_add_duration(e->q->on, s->within, -1)
								    : DATE_NONE };
	need.vendor = CODE_IS_KNOWN(b->vendor) ? net_id(e->net, NET_VENDORS, b->vendor) : NULL;
	need.product = CODE_IS_KNOWN(b->product) ? net_id(e->net, NET_PRODUCTS, b->product) : NULL;
	need.version =
		text_or_null(strs_text(e->net->strs, CODE_IS_KNOWN(b->version) ? b->version : STR_EMPTY), b->version);
	need.function = CODE_IS_KNOWN(b->function) ? net_functions[b->function].name : NULL;
	if (b->apart != CODE_NONE || b->high == 1) /* else it is any of them */
		need.element = net_id(e->net, NET_ELEMENTS, b->first);
	const struct net_column *build = net_column(e->net, NET_ELEMENTS, "build");
	char cell[48];
	need.build = build && build->codes && CODE_IS_KNOWN(build->codes[b->first])
			     ? net_cell(e->net, NET_ELEMENTS, build, b->first, cell)
			     : NULL;
	if (!e->q->evidence) {
		b->why = "there is no evidence";
		return;
	}
	struct evidence_answer a = evidence_ask(e->q->evidence, &need, e->arena);
	b->why = a.why;
	b->planned = a.planned ? e->q->evidence->claims[a.claim].name : NULL;
	bool open = b->product == CODE_UNKNOWN || (b->version == CODE_UNKNOWN && (!kind || kind->for_version));
	b->answer = a.conflict ? MAYBE : a.met ? YES : open ? MAYBE : NO;
}

/* Different builds have different names: what is unknown is not what is none. */
static const char *build_name(struct evaluation *e, const struct build *b)
{
	const char *product = b->product == CODE_NONE ? "(no product)" : "(unknown product)";
	if (CODE_IS_KNOWN(b->product))
		product = net_id(e->net, NET_PRODUCTS, b->product);
	else if (b->vendor != CODE_UNKNOWN)
		product = arena_printf(e->arena, "%s %s",
				       b->vendor == CODE_NONE ? "(no vendor)" : net_id(e->net, NET_VENDORS, b->vendor),
				       product);
	if (b->version == CODE_NONE)
		return product;
	return arena_printf(e->arena, "%s %s", product,
			    CODE_IS_KNOWN(b->version) ? strs_text(e->net->strs, b->version) : "(unknown version)");
}

/* Elements by the build that speaks for them. */
struct build_elements {
	const uint32_t *elements, *first; /* first has one more than there are builds */
};

static struct build_elements elements_by_build(struct evaluation *e, const struct build_list *l,
					       const uint32_t *build_of_element, const uint32_t *speaker)
{
	uint32_t *first = arena_array(e->scratch, l->count + 2, sizeof *first), *at = first + 1;
	uint32_t *elements = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *elements);
	for (uint32_t i = 0; i < e->elements; i++)
		if (build_of_element[i] != NO_BUILD && speaker[build_of_element[i]] != NO_BUILD)
			at[speaker[build_of_element[i]] + 1]++;
	for (size_t i = 0; i < l->count; i++)
		at[i] += first[i];
	for (uint32_t i = 0; i < e->elements; i++)
		if (build_of_element[i] != NO_BUILD && speaker[build_of_element[i]] != NO_BUILD)
			elements[at[speaker[build_of_element[i]]]++] = i;
	return (struct build_elements){ elements, first };
}

static void requirement_witnesses(struct evaluation *e, const struct requirement *w, struct finding *f,
				  const struct build *b, const uint32_t *elements, size_t element_count, bool waived)
{
	const uint8_t *values = node_by_class(e, waived ? w->target : w->left);
	uint32_t *list = arena_array(e->scratch, element_count + 1, sizeof *list);
	size_t count = 0;
	for (size_t i = 0; i < element_count; i++)
		if (values[e->class_of[elements[i]]] & (b->low ? 1 : 2))
			list[count++] = elements[i];
	witnesses_set(e, f, list, count);
	if (f->status != FINDING_UNKNOWN)
		return;
	unknown_among(e, f, w->left, list, count);
	const char *attribute = b->product == CODE_UNKNOWN ? "product" : "version";
	bool missing = b->product == CODE_UNKNOWN || b->version == CODE_UNKNOWN;
	for (size_t i = 0; i < count && i < 1000 && missing; i++)
		unknown_fact_add(e, f, arena_printf(e->arena, "element/%s", net_id(e->net, NET_ELEMENTS, list[i])),
				 attribute, 1, count == 1);
	if (!missing && b->answer == MAYBE)
		unknown_fact_add(e, f, arena_printf(e->arena, "product/%s", f->subject), f->numerator_unit, count,
				 true);
}

static void requirement_finding(struct evaluation *e, const struct statement *s, const struct build *b,
				const uint32_t *elements, size_t count)
{
	const struct requirement *w = s->work;
	struct finding *f = finding_add(e, s, build_name(e, b), NULL);
	bool met = b->answer == YES;
	f->measured = UNIT_COUNT;
	f->unit = "elements";
	f->numerator_unit = s->evidence_kind;
	f->bound_op = "<=";
	f->low = b->answer == NO ? (int64_t)b->low * MICRO : 0;
	f->high = met ? 0 : (int64_t)b->high * MICRO;
	finding_decide(f, true);
	f->surplus = f->low;
	if (f->status != FINDING_HOLDS && waiver_of(e, s)) {
		if (!b->left_high)
			finding_waive(e, s, f, elements, count);
		else
			f->status = b->answer == NO && b->left_low ? FINDING_BROKEN : FINDING_UNKNOWN;
		f->beaten_anyhow = f->status == FINDING_BROKEN;
	}
	f->planned = met ? b->planned : NULL;
	f->explanation = f->planned ? arena_printf(e->arena, "a %s for %s is planned and counted as if it were on file",
						   s->evidence_kind, f->subject)
			 : met ? arena_printf(e->arena, "a valid %s for %s is on file", s->evidence_kind, f->subject)
			       : arena_printf(e->arena, "no valid %s for %s is on file%s%s", s->evidence_kind,
					      f->subject, b->why && *b->why ? ": " : "", b->why ? b->why : "");
	if (f->status != FINDING_HOLDS)
		requirement_witnesses(e, w, f, b, elements, count, f->status == FINDING_WAIVED);
	f->numerator_unit = "elements";
}

static int severity(uint8_t answer)
{
	return answer == NO ? 0 : answer == MAYBE ? 1 : 2;
}

static void build_add(struct build *to, const struct build *b)
{
	to->low += b->low;
	to->high += b->high;
	to->left_low += b->left_low;
	to->left_high += b->left_high;
	if (b->why && to->why && strcmp(b->why, to->why) < 0)
		to->why = b->why;
	if (b->planned && (!to->planned || strcmp(b->planned, to->planned) < 0))
		to->planned = b->planned;
}

static int by_build_pointer(const void *a, const void *b)
{
	return by_build(*(const struct build *const *)a, *(const struct build *const *)b);
}

/*
 * Elements of one product and version but different functions are one subject, unless a claim about a function tells them
 * apart: then those of the worst answer are. By build the one that speaks for it, or NO_BUILD.
 */
static uint32_t *builds_merge(struct evaluation *e, struct build_list *l)
{
	uint32_t *speaker = arena_array(e->scratch, l->count + 1, sizeof *speaker);
	struct build **order = arena_array(e->scratch, l->count + 1, sizeof *order);
	for (size_t i = 0; i < l->count; i++)
		order[i] = &l->items[i];
	if (l->count)
		qsort(order, l->count, sizeof *order, by_build_pointer);
	for (size_t from = 0, to; from < l->count; from = to) {
		struct build *worst = order[from];
		for (to = from; to < l->count && !memcmp(order[to], order[from], 3 * sizeof(uint32_t)); to++)
			if (severity(order[to]->answer) < severity(worst->answer))
				worst = order[to];
		for (size_t i = from; i < to; i++) {
			bool same = order[i]->answer == worst->answer;
			speaker[order[i] - l->items] = same ? (uint32_t)(worst - l->items) : NO_BUILD;
			if (same && order[i] != worst)
				build_add(worst, order[i]);
		}
	}
	return speaker;
}

void evidence_judge(struct evaluation *e, struct statement *s)
{
	struct build_list l = { 0 };
	uint32_t *build_of_element = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *build_of_element);
	builds_make(e, s, &l, build_of_element);
	for (size_t i = 0; i < l.count; i++)
		build_ask(e, s, &l.items[i]);
	const uint32_t *speaker = builds_merge(e, &l);
	struct build_elements of = elements_by_build(e, &l, build_of_element, speaker);
	for (size_t i = 0; i < l.count; i++)
		if (speaker[i] == i)
			requirement_finding(e, s, &l.items[i], of.elements + of.first[i],
					    of.first[i + 1] - of.first[i]);
	if (!l.count) {
		struct finding *f = finding_add(e, s, NULL, NULL);
		f->vacuous = true;
		f->explanation = "there is no element that the rule speaks of";
	}
	free(l.items);
}
