/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings: what checks and policies say, added up. The same check about the same two ends and the same thing is one
 * finding, with its first frames, so that a flood of trouble is a number and not a flood of findings.
 */
#include "watch/internal.h"

#include <stdlib.h>
#include <string.h>

/*
 * Once half of the room is taken, no check gets more of the rest than its share, so that who floods one with strangers of
 * his own making does not hide what another has to say.
 */
enum { HALF = WATCH_FINDINGS / 2, SHARE = WATCH_FINDINGS / 64 };
enum { THINGS = 1 << 20 }; /* sessions and tunnels that are counted, each once for a finding */

struct thing {
	uint32_t kept;
	uint64_t number;
};

struct kept {
	uint32_t check; /* row of watch_checks; WATCH_NONE: a policy's rule */
	struct watch_alarm alarm;
	const struct policy_link *rule;
	bool waived;
	int64_t first_ns, last_ns;
	uint64_t packets;
	uint64_t frames[WATCH_FRAMES];
	uint32_t firsts; /* bits: frames that are the first of their session or tunnel */
	uint8_t frame_count;
	uint64_t things;
	bool more_things; /* than there was room to count */
	const char *explanation;
	uint32_t order;
};

struct watch_findings {
	struct watch_rows kept, things;
	struct watch_index index, thing_index;
	uint32_t last;    /* the one that watch_explain speaks of */
	uint32_t *counts; /* kept ones of each check, and behind them those of all rules */
};

void watch_findings_init(struct watch *w)
{
	w->findings = arena_alloc(w->arena, sizeof *w->findings);
	watch_rows_init(&w->findings->kept, sizeof(struct kept), WATCH_FINDINGS);
	watch_rows_init(&w->findings->things, sizeof(struct thing), THINGS);
	watch_index_init(&w->findings->index, w->arena);
	watch_index_init(&w->findings->thing_index, w->arena);
	w->findings->last = WATCH_NONE;
	w->findings->counts = arena_array(w->arena, watch_check_count() + 1, sizeof *w->findings->counts);
}

static struct kept *kept_at(const struct watch *w, uint32_t row)
{
	return &((struct kept *)w->findings->kept.items)[row];
}

/* Ends as findings name them: two addresses of one element are one subject. */
static uint64_t end_of(const struct watch *w, uint32_t peer)
{
	uint32_t element = watch_element_of(w, peer);

	return element != WATCH_NONE ? element | 1ull << 32 : peer;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_same(const struct watch *w, const struct kept *k, uint32_t check, const struct policy_link *rule,
		    const struct watch_alarm *a)
{
	return k->check == check && k->rule == rule && k->alarm.certainty == a->certainty &&
	       k->alarm.detail == a->detail && end_of(w, k->alarm.from) == end_of(w, a->from) &&
	       end_of(w, k->alarm.to) == end_of(w, a->to) && same_text(k->alarm.subject, a->subject) &&
	       same_text(k->alarm.peer, a->peer);
}

/* Is it the first time that the finding is about this session or tunnel? */
static bool add_thing(struct watch *w, uint32_t kept, const struct watch_alarm *a)
{
	struct watch_findings *f = w->findings;
	uint64_t key[2] = { kept, a->thing }, hash = watch_index_hash(hash_seeded(key, sizeof key, w->options.seed));
	const struct thing *list = f->things.items;
	uint32_t row;

	if (!a->things)
		return false;
	kept_at(w, kept)->alarm.things = a->things; /* the first may have been about none */
	kept_at(w, kept)->more_things |= a->more_things;
	WATCH_INDEX_EACH(&f->thing_index, hash, old)
	if (list[old].kept == kept && list[old].number == a->thing)
		return false;
	row = watch_rows_add(&f->things, w->arena);
	if (row == WATCH_NONE) {
		kept_at(w, kept)->more_things = true;
		return false;
	}
	((struct thing *)f->things.items)[row] = (struct thing){ kept, a->thing };
	watch_index_put(&f->thing_index, w->arena, hash, row);
	kept_at(w, kept)->things++;
	return true;
}

/* The first frames; where there are more, the first of another session or tunnel is worth more than the second of one. */
static void name_frame(struct kept *k, uint64_t frame, bool is_first)
{
	unsigned at = WATCH_FRAMES;

	if (k->frame_count && k->frames[k->frame_count - 1] == frame)
		return;
	if (k->frame_count == WATCH_FRAMES) {
		while (is_first && at && k->firsts >> (at - 1) & 1)
			at--;
		if (!is_first || !at)
			return;
		for (unsigned i = at; i < WATCH_FRAMES; i++)
			k->frames[i - 1] = k->frames[i];
		k->firsts = (k->firsts & ((1u << (at - 1)) - 1)) | (k->firsts >> at << (at - 1));
		k->frame_count--;
	}
	k->firsts |= (uint32_t)is_first << k->frame_count;
	k->frames[k->frame_count++] = frame;
}

static void add(struct watch *w, uint32_t row, const struct watch_alarm *a)
{
	bool is_first = add_thing(w, row, a);
	struct kept *k = kept_at(w, row);

	k->packets += a->packets;
	if (a->time_ns < k->first_ns)
		k->first_ns = a->time_ns;
	if (a->time_ns > k->last_ns)
		k->last_ns = a->time_ns;
	if (a->frame)
		name_frame(k, a->frame, is_first);
}

uint32_t watch_check_row(const char *name)
{
	for (uint32_t i = 0; i < watch_check_count(); i++)
		if (strcmp(watch_checks[i].about.name, name) == 0)
			return i;
	__builtin_trap(); /* a check that is not in the table */
}

static bool keep(struct watch *w, uint32_t check, const struct policy_link *rule, const struct watch_alarm *a);

/* All others of a check are one finding, with the first frames of them. */
static void keep_with_others(struct watch *w, uint32_t check, const struct watch_alarm *a)
{
	static const char others[] = "others";
	struct watch_alarm all = *a;

	all.from = all.to = WATCH_NONE;
	all.subject = all.peer = others;
	all.detail = 0;
	all.things = NULL;
	if (keep(w, check, NULL, &all))
		watch_explain(w, "more of the kind between other ends: for each by itself there was no room");
	w->findings->last = WATCH_NONE;
}

static bool keep(struct watch *w, uint32_t check, const struct policy_link *rule, const struct watch_alarm *a)
{
	struct watch_findings *f = w->findings;
	uint64_t key[4] = { ((uint64_t)check << 8 | a->certainty) + (rule ? rule->place.line : 0u), end_of(w, a->from),
			    end_of(w, a->to), a->detail };
	uint64_t hash = watch_index_hash(hash_seeded(key, sizeof key, w->options.seed));
	bool is_others = a->from == WATCH_NONE && a->to == WATCH_NONE && !a->detail;
	uint32_t row, *count;

	WATCH_INDEX_EACH(&f->index, hash, old)
	if (is_same(w, kept_at(w, old), check, rule, a)) {
		add(w, old, a);
		return false;
	}
	count = &f->counts[rule ? watch_check_count() : check];
	if (f->kept.count >= HALF && *count >= SHARE && !is_others) {
		f->last = WATCH_NONE;
		w->counters.findings_full++;
		if (!rule) /* one of a rule may be waived */
			keep_with_others(w, check, a);
		return false;
	}
	row = watch_rows_add(&f->kept, w->arena);
	f->last = row;
	if (row == WATCH_NONE) {
		w->counters.findings_full++;
		return false;
	}
	(*count)++;
	watch_index_put(&f->index, w->arena, hash, row);
	*kept_at(w, row) = (struct kept){
		.check = check, .alarm = *a, .rule = rule, .first_ns = a->time_ns, .last_ns = a->time_ns, .order = row
	};
	add(w, row, a);
	return true;
}

bool watch_alarm(struct watch *w, const char *check, const struct watch_alarm *alarm)
{
	uint32_t row = watch_check_row(check);
	struct watch_alarm a = *alarm;

	if (a.certainty > watch_checks[row].about.most)
		a.certainty = watch_checks[row].about.most;
	return keep(w, row, NULL, &a);
}

bool watch_alarm_of_rule(struct watch *w, const struct policy_link *rule, bool waived, const struct watch_alarm *alarm)
{
	if (!keep(w, WATCH_NONE, rule, alarm))
		return false;
	kept_at(w, w->findings->last)->waived = waived;
	return true;
}

void watch_explain(struct watch *w, const char *format, ...)
{
	char text[512];
	va_list list;

	if (w->findings->last == WATCH_NONE)
		return;
	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	kept_at(w, w->findings->last)->explanation = arena_text(w->arena, text, strlen(text));
}

/* ---- the list ---- */

static const char *tap_name(const struct watch *w, uint64_t frame)
{
	size_t tap = frame >> 48;

	return tap < w->options.tap_count ? w->options.taps[tap].name : "";
}

static void fill_wire(struct watch *w, const struct kept *k, struct watch_finding *f)
{
	uint64_t *frames = arena_array(w->arena, WATCH_FRAMES, sizeof *frames);
	const char **taps = arena_array(w->arena, WATCH_FRAMES, sizeof *taps);

	for (unsigned i = 0; i < k->frame_count; i++) {
		frames[i] = k->frames[i] & 0xffffffffffffull;
		taps[i] = tap_name(w, k->frames[i]);
	}
	f->wire = (struct finding_wire){
		.check = f->check         ? f->check->name
			 : k->rule->reach ? "reach"
					  : "link",
		.certainty = watch_certainty_name(f->certainty),
		.technique = f->check ? f->check->technique : NULL,
		.vendor = watch_element_vendor(w, watch_element_of(w, k->alarm.from)),
		.peer = k->alarm.peer ? k->alarm.peer : watch_peer_name(w, k->alarm.to),
		.next = f->check ? f->check->next : "stop it, or have the rule allow it",
		.first_ns = k->first_ns,
		.last_ns = k->last_ns,
		.frames = frames,
		.taps = taps,
		.frame_count = k->frame_count,
		.packets = k->packets,
	};
}

static void fill_check(struct watch *w, const struct kept *k, struct watch_finding *f)
{
	f->check = &watch_checks[k->check].about;
	f->finding.policy = "builtin";
	f->finding.rule = arena_printf(w->arena, "builtin/%s", f->check->name);
	f->finding.statement = f->check->help;
	f->finding.kind = "check";
	f->finding.status = f->certainty == WATCH_UNKNOWN ? FINDING_UNKNOWN : FINDING_BROKEN;
	f->finding.by = DATE_NONE;
}

static void fill_rule(const struct watch *w, const struct kept *k, struct watch_finding *f)
{
	const struct policy_link *l = k->rule;

	f->finding.policy = l->policy;
	f->finding.rule = l->rule;
	f->finding.statement = l->statement;
	f->finding.kind = l->reach ? "reach" : "link";
	f->finding.by = l->by;
	f->finding.source = l->source;
	f->finding.grade = l->grade;
	f->finding.note = l->note;
	f->finding.place = l->place;
	f->finding.status = k->waived                                      ? FINDING_WAIVED
			    : f->certainty == WATCH_UNKNOWN                ? FINDING_UNKNOWN
			    : l->by != DATE_NONE && w->options.on <= l->by ? FINDING_DUE
									   : FINDING_BROKEN;
}

/* How many sessions or tunnels it is about: the measure, and words behind the first one's explanation. */
static void fill_things(struct watch *w, const struct kept *k, struct finding *f)
{
	f->measured = UNIT_COUNT;
	f->unit = arena_printf(w->arena, "%ss", k->alarm.things);
	f->low = (int64_t)k->things * 1000000;
	f->high = k->more_things ? INT64_MAX : f->low;
	if (k->things > 1)
		f->explanation =
			arena_printf(w->arena, "%s; %s%llu %s in all", f->explanation,
				     k->more_things ? "at least " : "", (unsigned long long)k->things, f->unit);
}

static void fill(struct watch *w, const struct kept *k, struct watch_finding *f)
{
	const char *subject = k->alarm.subject ? k->alarm.subject : watch_peer_name(w, k->alarm.from);

	f->certainty = k->alarm.certainty;
	f->finding = (struct finding){ .subject = subject, .group = "", .unit = "packets", .in_force = DATE_NONE };
	if (k->rule)
		fill_rule(w, k, f);
	else
		fill_check(w, k, f);
	f->finding.explanation = k->explanation ? k->explanation : f->finding.statement;
	if (k->things)
		fill_things(w, k, &f->finding);
	if (watch_element_of(w, k->alarm.from) != WATCH_NONE && !k->alarm.subject)
		f->finding.witnesses[f->finding.witnesses_kept++] = subject;
	f->finding.witness_count = f->finding.witnesses_kept;
	fill_wire(w, k, f);
}

static int by_name_then_time(const void *left, const void *right)
{
	const struct watch_finding *a = left, *b = right;
	int order = strcmp(a->finding.policy, b->finding.policy);

	order = order ? order : strcmp(a->finding.rule, b->finding.rule);
	order = order ? order : strcmp(a->finding.statement, b->finding.statement);
	order = order ? order : strcmp(a->finding.subject, b->finding.subject);
	order = order ? order : strcmp(a->wire.peer, b->wire.peer);
	if (!order && a->wire.first_ns != b->wire.first_ns)
		order = a->wire.first_ns < b->wire.first_ns ? -1 : 1;
	order = order ? order : strcmp(a->finding.explanation, b->finding.explanation);
	return order ? order : (int)b->certainty - (int)a->certainty;
}

void watch_findings_list(struct watch *w, struct watch_result *result)
{
	uint32_t kept = w->findings->kept.count, count = kept + w->caps.count;
	struct watch_finding *list = arena_array(w->arena, (size_t)count + 1, sizeof *list);

	for (uint32_t i = 0; i < kept; i++)
		fill(w, kept_at(w, i), &list[i]);
	if (w->caps.count)
		memcpy(list + kept, w->caps.items, w->caps.count * sizeof *list);
	qsort(list, count, sizeof *list, by_name_then_time);
	for (uint32_t i = 0; i < count; i++) {
		list[i].finding.wire = &list[i].wire;
		if (list[i].certainty != WATCH_UNKNOWN && list[i].finding.status != FINDING_WAIVED)
			result->alarms++;
	}
	result->findings = list;
	result->finding_count = count;
}
