/* SPDX-License-Identifier: Apache-2.0 */
/* proviso plan: the cheapest changes among what is offered under which a case passes, or the proof that there are none. */
#include "ops/case.h"
#include "ops/planned.h"
#include "ops/planning.h"

#include <string.h>

const struct ops_option plan_options[] = {
	{ "output", 'o', "DIR", OPS_WRITTEN,
	  "write the case with the plan carried out as a case of its own, into a new folder" },
	{ "gap", 0, "PERCENT", OPS_ONCE,
	  "a plan that may be so much dearer than the best is good enough (default: none)" },
	{ "time", 0, "SECONDS", OPS_ONCE,
	  "end with the best plan so far; the result then depends on the machine, and says so" },
	{ "certificate", 0, "FILE.json", OPS_WRITTEN,
	  "write what the bound rests on, for others to recompute (doc/certificate.md); -o writes it too" },
	{ "report", 0, "FILE.html", OPS_WRITTEN, "write the assessment with the plan as one HTML file" },
	OPTION_PROGRESS,
	{ "price", 0, NULL, OPS_ONCE, "what the plan would cost were each rule's bound one step laxer or stricter" },
	{ "until", 0, "DATE", OPS_ONCE,
	  "the horizon: say in which quarter up to this day what is done, so that no rule is broken on the way" },
	{ "budget", 0, "MONEY/quarter", OPS_ONCE, "with --until: what may be spent in a quarter" },
	OPTION_POLICY,
	OPTION_ON,
	OPTION_NETWORK,
	OPTION_PARAM,
	OPTION_PLAN,
	OPTION_JSON,
	OPTION_THREADS,
	OPTIONS_END,
};

const struct ops_exit plan_exits[] = {
	{ 0, "nothing to mend" },
	{ 1, "a plan was found" },
	{ 2, "nothing offered mends it: the rules that can't hold together are named" },
	{ 3, "undetermined: what is unknown decides, whatever is changed" },
	{ 5, "none was found, and none was proven impossible, in the work or the time given" },
	EXITS_END,
};

const char plan_page[] =
	"Says under which changes the case in the folder CASE would pass its policies, what they cost, by when each is "
	"due, and how "
	"far from the cheapest they can be at most. Rules that are due by a later day are mended too.\n"
	"\n"
	"    offers.csv   offer, what, cost_likely; and vendor, product, version,\n"
	"                 function, for, region, from, ...\n"
	"    costs.csv    item, likely; and function, region, low, high, source\n"
	"    pairs.csv    function_a, function_b, scope, relation; and vendor_a, vendor_b\n"
	"    crews.csv    elements; and region, quarter\n"
	"\n"
	"what is element (replace it), upgrade (another version of the same product), evidence (obtain a document), "
	"remove (take an element away, where a rule says `may remove`) or restrict (take a link out or narrow it). "
	"Elements "
	"with the same group or cluster end with one vendor or are left as they are. An element at its product's "
	"lifetime_years "
	"costs only what it costs more than its own vendor's offer.\n"
	"\n"
	"With --until a plan says when: deliveries a quarter, crews and a budget are kept, every rule by its own date, "
	"and no rule that holds today is broken in any quarter.\n"
	"\n"
	"    proviso plan examples/swap -o mended\n"
	"    proviso assess mended\n"
	"\n"
	"    proviso plan examples/swap --until 2028-12-31 --budget 6000000/quarter\n"
	"\n"
	"The plan itself is judged again by every policy before it is shown, at its end and after every quarter.\n";

/* ---- options ------------------------------------------------------------------------------------------------------ */

static int32_t day_option(struct call *call, const char *name)
{
	const char *text = call_option(call, name);
	int32_t day = DATE_NONE;

	if (text && !date_parse(text, strlen(text), &day))
		call_fail(call, EXIT_USAGE, "bad-date", "--%s needs a day that exists, YYYY-MM-DD, and \"%s\" is not",
			  name, text);
	return day;
}

static int64_t gap_option(struct call *call)
{
	const char *text = call_option(call, "gap");
	int64_t ppb = 0;

	if (text && (percent_parse(text, strlen(text), &ppb) != NUMBER_OK || ppb < 0 || ppb > PPB)) {
		call_fail(call, EXIT_USAGE, "bad-gap", "--gap needs a percentage such as 0.01%%, and \"%s\" is not",
			  text);
		return 0;
	}
	return ppb;
}

static struct budget budget_option(struct call *call)
{
	const char *text = call_option(call, "budget");
	struct budget budget = { .currency = "" };

	if (!text)
		return budget;
	if (!budget_parse(call->arena, text, &budget))
		call_fail(call, EXIT_USAGE, "bad-budget",
			  "--budget needs an amount of money a quarter such as 5000000/quarter or \"2.5M "
			  "EUR/quarter\", and "
			  "\"%s\" is not",
			  text);
	else if (!call_option(call, "until"))
		call_fail(call, EXIT_USAGE, "usage",
			  "--budget is for the quarters of a schedule: say --until DATE too");
	return budget;
}

/* A schedule needs a quarter at least, and what comes after the last of them would be left out without a word. */
static void check_horizon(struct case_loaded *c, int32_t until)
{
	int32_t first = date_add_months(c->on, 3) - 1, last = date_add_months(c->on, 3 * PLAN_MOST_QUARTERS) - 1;
	char day[11];

	if (until == DATE_NONE)
		return;
	date_print(until < first ? first : last, day);
	if (until < first)
		call_fail(c->call, EXIT_USAGE, "horizon-too-near",
			  "a plan is made in quarters, and the first of them ends on %s: --until has to be that day or "
			  "later",
			  day);
	else if (until > last)
		call_fail(
			c->call, EXIT_USAGE, "horizon-too-far",
			"a plan goes over %d quarters at most, and the last of them ends on %s: --until has to be that "
			"day or earlier",
			PLAN_MOST_QUARTERS, day);
}

/* All or none. */
static bool write_files(struct call *call, const struct assessment *result, const struct plan *plan)
{
	struct outfile *report = call_open_output(call, "report"),
		       *certificate = plan->certificate ? call_open_output(call, "certificate") : NULL;

	if (report)
		report_html(result, plan, outfile_sink(report));
	if (certificate)
		sink_text(outfile_sink(certificate), plan->certificate);
	call_flush_output(call, "report", report);
	call_flush_output(call, "certificate", certificate);
	call_keep_output(call, "report", report);
	call_keep_output(call, "certificate", certificate);
	return !call_status(call);
}

static bool is_written(const struct plan *plan)
{
	return plan->status == PLAN_FOUND || plan->status == PLAN_UNDETERMINED;
}

static void tell_written(struct call *call, const struct plan *plan, const char *into)
{
	if (is_written(plan))
		sink_printf(call->world->out, "\n  The case with these changes is written to %s: proviso assess %s\n",
			    into, into);
	else
		sink_printf(call->world->out, "\n  Nothing is written to %s: there is no plan to carry out.\n", into);
}

int plan_run(struct call *call)
{
	struct case_wants wants = case_wants_judged(call);
	const char *into = call_option(call, "output");
	struct planning_limits limits;
	struct assessment *result;
	struct case_loaded *c;
	struct plan *plan;

	if (into && (call_option(call, "policy") || call_option(call, "param"))) {
		call_fail(call, EXIT_USAGE, "usage",
			  "-o writes the case as it is judged by its own policies: leave out --policy and --param");
		return call_status(call);
	}
	call_check_output(call, "report");
	call_check_output(call, "certificate");
	c = case_load(call, call->operands[0], &wants);
	limits = (struct planning_limits){ .gap_ppb = gap_option(call),
					   .until = day_option(call, "until"),
					   .budget = budget_option(call),
					   .price = call_option(call, "price"),
					   .certificate = into || call_option(call, "certificate") };
	if (c)
		check_horizon(c, limits.until);
	result = c && !call_status(call) ? case_assess(c, NULL) : NULL;
	plan = result ? case_plan(c, &limits) : NULL;
	if (!plan)
		return call_status(call);
	assess_mend(call->arena, result, remedy_of_plan(call->arena, plan));
	result->inputs = inputs_list(c->inputs, &result->input_count);
	if (into && is_written(plan))
		planned_case_write(c, plan, into);
	if (call_status(call))
		return call_status(call);
	if (!write_files(call, result, plan))
		return call_status(call);
	if (call->json)
		report_plan_json(plan, result, plan->certificate ? call_option(call, "certificate") : NULL,
				 call->world->out);
	else
		report_plan_text(plan, result, &call->world->out_style, call->world->out);
	if (into && !call->json)
		tell_written(call, plan, into);
	return plan_status_exit(plan->status);
}
