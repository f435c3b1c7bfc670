/* SPDX-License-Identifier: Apache-2.0 */
/* proviso assess: load a case, judge it, show the verdict; the report and the questions are files beside it. */
#include "ops/planning.h"

#include <string.h>

const struct ops_option assess_options[] = {
	OPTION_POLICY,
	OPTION_ON,
	OPTION_NETWORK,
	OPTION_PARAM,
	OPTION_PLAN,
	{ "questions", 0, "FILE.csv", OPS_WRITTEN,
	  "write what is unknown and would settle something, as a list for the operator" },
	{ "report", 0, "FILE.html", OPS_WRITTEN, "write the whole report as one HTML file" },
	{ "no-plan", 0, NULL, OPS_ONCE, "judge as it stands, also where offers are given" },
	OPTION_PROGRESS,
	OPTION_JSON,
	OPTION_THREADS,
	OPTIONS_END,
};

const struct ops_exit assess_exits[] = {
	{ 0, "manageable" },
	{ 1, "manageable with provisos" },
	{ 2, "not manageable: nothing offered mends it" },
	{ 3, "undetermined: what is unknown decides" },
	{ 4, "fails as it stands" },
	EXITS_END,
};

const char assess_page[] =
	"Reads the case in the folder CASE, says for every rule of every policy whether it holds, and gives the "
	"verdict.\n"
	"\n"
	"    case.proviso         title, operator, date, which policies apply\n"
	"    network/*.csv        what stands today: vendors, products, sites,\n"
	"                         elements, links\n"
	"    proposal/*.csv       what would change: the same columns; -ID removes a row\n"
	"    evidence/*.proviso   claims about vendors, products and elements\n"
	"    evidence/*.csv       a list of questions that came back filled in\n"
	"\n"
	"A policy is named by its path or, without a slash and an ending, by its name (see proviso policies). The "
	"date is --on or the case's own, never today. The same inputs give the same bytes, on any machine and "
	"with any number of threads.\n"
	"\n"
	"    proviso assess examples/aotearoa\n"
	"    proviso assess examples/aotearoa --param served-at-least=60%\n"
	"    proviso assess examples/aotearoa --questions ask.csv --report report.html\n"
	"\n"
	"The list that --questions writes is read back from the case's evidence/ folder once its column value is "
	"filled in: an answer about a cell of the inventory fills the cell, any other is a claim of the "
	"operator's, weighed like all claims.\n";

enum { PLAN_WORK = 100 * 1000 * 1000 }; /* looks at elements and options */

/* Both files or neither; whoever asked for one wants to know before reading on. */
static bool write_files(struct call *call, const struct assessment *result, const struct plan *plan)
{
	struct outfile *questions = call_open_output(call, "questions"), *report = call_open_output(call, "report");

	if (questions)
		report_questions(result, outfile_sink(questions));
	if (report)
		report_html(result, plan, outfile_sink(report));
	call_flush_output(call, "questions", questions);
	call_flush_output(call, "report", report);
	call_keep_output(call, "questions", questions);
	call_keep_output(call, "report", report);
	return !call->failure;
}

/*
 * What is broken or due may be mended by what is offered. The search ends by the work that it took, never by the clock:
 * seconds for thousands of elements, minutes for a nation. The same inputs give the same verdict.
 */
static bool seek_remedy(struct case_loaded *c, struct assessment *result, const struct plan **sought)
{
	struct call *call = c->call;
	struct planning_limits limits = { .until = DATE_NONE, .work = PLAN_WORK };
	struct plan *plan;

	if (call_option(call, "no-plan") || !case_has_offers(c) ||
	    !(result->by_status[FINDING_BROKEN] || result->by_status[FINDING_DUE]))
		return true;
	plan = case_plan(c, &limits);
	if (!plan)
		return false;
	*sought = plan;
	assess_mend(call->arena, result, remedy_of_plan(call->arena, plan));
	result->inputs = inputs_list(c->inputs, &result->input_count);
	return true;
}

int assess_run(struct call *call)
{
	struct case_wants wants = case_wants_judged(call);
	const struct plan *plan = NULL;
	struct case_loaded *c;
	struct assessment *result;

	call_check_output(call, "report");
	call_check_output(call, "questions");
	c = case_load(call, call->operands[0], &wants);
	result = c && !call->failure ? case_assess(c, NULL) : NULL;
	if (!result || !seek_remedy(c, result, &plan) || !write_files(call, result, plan))
		return call_status(call);
	if (call->json)
		report_json(result, call->world->out);
	else
		report_text(result, &call->world->out_style, call->world->out);
	return verdict_exit(result->verdict);
}
