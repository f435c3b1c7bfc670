/* SPDX-License-Identifier: Apache-2.0 */
/* Statuses and verdicts in words: what each means, and in one sentence why the verdict is what it is. */
#include "report/report.h"
#include "report/say.h"

#include <string.h>

static const struct {
	const char *heading, *meaning;
	const char *one, *many; /* in a tally: "1 holds", "3 hold" */
} status_words[FINDING_STATUSES] = {
	[FINDING_HOLDS] = { "Holds", "The network meets these rules.", "holds", "hold" },
	[FINDING_BROKEN] = { "Broken", "The network does not meet these rules.", "broken", "broken" },
	[FINDING_DUE] = { "Due", "Not met yet, and the date by which they have to be met has not come.", "due", "due" },
	[FINDING_UNKNOWN] = { "Unknown", "What is not known decides whether these rules are met.", "unknown",
			      "unknown" },
	[FINDING_WAIVED] = { "Waived", "Not met, and excused for a time by somebody who answers for it.", "waived",
			     "waived" },
	[FINDING_NOTIFIABLE] = { "To be notified",
				 "What an authority has to be told of. It does not change the verdict.",
				 "to be notified", "to be notified" },
	[FINDING_NOT_IN_FORCE] = { "Not in force", "Shown with what they would measure today, without weight.",
				   "not in force", "not in force" },
};

const char *report_verdict_words(enum verdict v)
{
	switch (v) {
	case VERDICT_MANAGEABLE:
		return "manageable";
	case VERDICT_WITH_PROVISOS:
		return "manageable with provisos";
	case VERDICT_NOT_MANAGEABLE:
		return "not manageable";
	case VERDICT_UNDETERMINED:
		return "undetermined";
	case VERDICT_FAILS:
		return "fails as it stands";
	}
	return "undetermined";
}

const char *say_status(enum finding_status s)
{
	return status_words[s].heading;
}

const char *say_status_meaning(enum finding_status s)
{
	return status_words[s].meaning;
}

const char *say_tally(struct arena *arena, const struct digest *d)
{
	struct sink *s = sink_to_memory(arena);
	bool after = false;

	for (size_t i = 0; i < FINDING_STATUSES; i++) {
		const struct block *b = &d->blocks[i];

		if (!b->findings)
			continue;
		sink_printf(s, "%s%s %s", after ? ", " : "", say_number(arena, b->findings),
			    b->findings == 1 ? status_words[b->status].one : status_words[b->status].many);
		after = true;
	}
	return after ? sink_memory(s, NULL) : "no findings";
}

/* "3 rules are broken", "1 rule is due". */
static const char *rules_are(struct arena *arena, const struct digest *d, enum finding_status status, const char *what)
{
	size_t rules = digest_block(d, status)->rules;

	return arena_printf(arena, "%s %s %s", say_count(arena, rules, "rule"), rules == 1 ? "is" : "are", what);
}

static const char *undetermined_reason(struct arena *arena, const struct assessment *a, const struct digest *d)
{
	size_t rules = digest_block(d, FINDING_UNKNOWN)->rules,
	       facts = a->findings.unknown_count + a->findings.unknown_dropped;
	const char *open =
		arena_printf(arena, "%s can't be decided with what is known", say_count(arena, rules, "rule"));

	if (a->remedy && a->remedy->found && !rules)
		return "A plan mends what is surely broken, but what is unknown decides whether every rule holds then.";
	if (a->remedy && a->remedy->found)
		return arena_printf(arena, "%s, also with a plan that mends what is broken.", open);
	if (a->planned)
		return arena_printf(arena, "%s. Evidence that is only planned was counted as if it were there.", open);
	if (!facts)
		return arena_printf(arena, "%s.", open);
	return arena_printf(arena, "%s. %s that nobody has stated would help to settle it.", open,
			    say_count(arena, facts, "fact"));
}

const char *say_gap(struct arena *arena, const struct remedy *r)
{
	char gap[32];

	if (!r->has_bound)
		return "";
	if (!r->gap_ppb)
		return "No plan can be cheaper.";
	ppb_print_percent((r->gap_ppb + 99999) / 100000 * 100000, gap); /* upwards, to 0.0001 of a share */
	return arena_printf(arena, "No plan can be more than %s cheaper.", gap);
}

static bool is_solver(const char *proof)
{
	return proof && !strcmp(proof, "solver");
}

bool say_conflict_by_solver(const struct remedy *r)
{
	return is_solver(r->conflict_proof);
}

/* Whoever proves that some of the rules can't hold together proves that there is no plan. */
static bool impossible_by_solver(const struct remedy *r)
{
	return r && is_solver(r->proof) &&
	       (is_solver(r->conflict_proof) || !r->conflict_proof || !strcmp(r->conflict_proof, "none"));
}

const char *say_conflict(size_t rules)
{
	return rules == 1 ? "A rule that can't hold" : "Rules that can't hold together";
}

const char *say_conflict_minimal(size_t rules, bool minimal)
{
	return !minimal ? "" : rules == 1 ? "whatever the others ask" : "though any fewer of them could";
}

const char *say_conflict_by_cbc(size_t rules)
{
	return rules == 1 ? "That it can't is what the solver CBC says."
			  : "That they can't is what the solver CBC says.";
}

const char *say_money(struct arena *arena, const char *currency, wide micro)
{
	char text[64];

	micro_print_grouped(micro, text);
	return arena_printf(arena, "%s%s%s", text, *currency ? " " : "", currency);
}

const char *say_cost(struct arena *arena, const struct remedy *r)
{
	const char *range = r->low == r->high ? ""
					      : arena_printf(arena, " (%s to %s)", say_money(arena, "", r->low),
							     say_money(arena, r->currency, r->high));

	return arena_printf(arena, "The plan costs %s%s. %s%s", say_money(arena, r->currency, r->likely), range,
			    say_gap(arena, r), r->assumed ? " Some prices have no source: they are assumed." : "");
}

const char *say_by(struct arena *arena, const struct assessment *a, int32_t by)
{
	char date[11];

	if (by == DATE_NONE)
		return a->of->present ? "before the proposal is carried out" : "now";
	date_print(by, date);
	return arena_printf(arena, "by %s", date);
}

static const char *failing_reason(struct arena *arena, const struct assessment *a, bool planned, const char *broken)
{
	const char *plan = "No plan to mend this was sought.";

	if (planned)
		plan = "A plan was sought among the offers: none was found, and none was proven impossible.";
	else if (a->remedy)
		plan = "A plan was sought among the offers: none was found, and none was proven impossible, in the "
		       "work that an assessment allows. proviso plan seeks on.";
	return arena_printf(arena, "%s, whatever is still unknown. %s", broken, plan);
}

/* Nothing that fails is not yet something that holds. */
static const char *manageable_reason(const struct digest *d)
{
	if (!d->rules)
		return "Nothing was judged: there is no rule.";
	if (digest_block(d, FINDING_NOT_IN_FORCE)->rules == d->rules)
		return "Nothing was weighed: no rule is in force on that day.";
	return "Every rule that is in force holds.";
}

const char *say_verdict_reason(struct arena *arena, const struct assessment *a, const struct digest *d, bool planned)
{
	const char *broken = rules_are(arena, d, FINDING_BROKEN, "broken");

	switch (a->verdict) {
	case VERDICT_MANAGEABLE:
		return manageable_reason(d);
	case VERDICT_WITH_PROVISOS:
		return arena_printf(arena, "Acceptable on %s, listed below with who acts and by when.",
				    say_count(arena, a->proviso_count, "condition"));
	case VERDICT_NOT_MANAGEABLE:
		return arena_printf(arena,
				    impossible_by_solver(a->remedy)
					    ? "%s, and nothing on offer mends this: that is what the solver CBC says."
					    : "%s, and it is proven that nothing on offer mends this.",
				    broken);
	case VERDICT_UNDETERMINED:
		return undetermined_reason(arena, a, d);
	case VERDICT_FAILS:
		return failing_reason(arena, a, planned, broken);
	}
	return "";
}

const char *say_scope(struct arena *arena, const struct assessment *a, const struct digest *d)
{
	const struct net *net = a->of->net;
	size_t policies = a->of->policy_count ? a->of->policy_count : d->policies; /* one without rules finds nothing */

	return arena_printf(arena, "%s of %s, judged against %s at %s.", say_count(arena, d->rules, "rule"),
			    policies == 1 ? "1 policy" : say_count(arena, policies, "policy"),
			    say_count(arena, net ? net->table[NET_ELEMENTS].rows : 0, "element"),
			    say_count(arena, net ? net->table[NET_SITES].rows : 0, "site"));
}
