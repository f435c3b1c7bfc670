/* SPDX-License-Identifier: Apache-2.0 */
/* proviso plan: the cheapest changes among what is offered under which a case passes, or the proof that there are none. */
#include "ops/case.h"
#include "ops/planned.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

const struct ops_option plan_options[] = {
	{ "output", 'o', "DIR", false,
	  "write the case with the plan carried out as a case of its own, into a new folder" },
	{ "gap", 0, "PERCENT", false,
	  "a plan that may be so much dearer than the best is good enough (default: none)" },
	{ "time", 0, "SECONDS", false,
	  "end with the best plan so far; the result then depends on the machine, and says so" },
	{ "until", 0, "DATE", false, "count running costs, deliveries a quarter and ends of life up to this day" },
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
	"    offers.csv   offer, what, cost_likely; and vendor, product, version, function, for, region, from, ...\n"
	"    costs.csv    item, likely; and function, region, low, high, source\n"
	"\n"
	"what is element (replace it), upgrade (another version of the same product) or evidence (obtain a document). "
	"Elements "
	"with the same group or cluster end with one vendor or are left as they are. An element at its product's "
	"lifetime_years "
	"costs only what it costs more than its own vendor's offer.\n"
	"\n"
	"    proviso plan examples/aotearoa -o mended\n"
	"    proviso assess mended\n"
	"\n"
	"Not considered yet: schedules, crews and pairs (a crews.csv or pairs.csv is refused), offers to remove or "
	"restrict "
	"(refused), borders between clusters, clusters where the column is missing, an element manager that comes with "
	"a radio "
	"network. Running costs and deliveries a quarter count only with --until. The plan itself is judged again by "
	"every "
	"policy before it is shown.\n";

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

struct patience {
	double until; /* seconds of the monotonic clock */
};

static double now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double seconds_left(void *context)
{
	double left = ((struct patience *)context)->until - now_seconds();

	return left > 0.01 ? left : 0.01;
}

static bool is_late(void *context)
{
	return now_seconds() >= ((struct patience *)context)->until;
}

static bool time_option(struct call *call, struct patience *patience)
{
	const char *text = call_option(call, "time");
	int64_t micro;

	if (!text)
		return false;
	if (measure_parse(text, strlen(text), &micro) != NUMBER_OK || micro <= 0) {
		call_fail(call, EXIT_USAGE, "bad-time", "--time needs a number of seconds, and \"%s\" is not", text);
		return false;
	}
	patience->until = now_seconds() + (double)micro / MICRO;
	return true;
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

static bool exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* Leaving out what somebody wrote down would be a plan for another case. */
static void refuse_unsupported(struct case_loaded *c)
{
	static const char *const names[] = { "crews.csv", "pairs.csv" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *path = path_join(c->call->arena, c->folder, names[i]);

		if (!exists(path))
			continue;
		diagnose(&c->call->diagnostics, SEVERITY_ERROR, "not-yet-supported", (struct place){ path, 0, 0 },
			 "plans do not consider %s yet: move it out of the case to plan without it", names[i]);
		call_failed(c->call, EXIT_BAD_INPUT);
	}
}

static struct plan_offers *load_offers(struct case_loaded *c)
{
	struct call *call = c->call;
	const char *offers = c->file.offers ? path_beside(call->arena, c->file.offers->text, c->file.document->file)
					    : path_join(call->arena, c->folder, "offers.csv");
	const char *costs = path_beside(call->arena, "costs.csv", offers);
	struct plan_sources from = { NULL };

	refuse_unsupported(c);
	if (!exists(offers)) {
		call_fail(call, EXIT_MISSING_INPUT, "missing-input", "nothing is offered: %s does not exist", offers);
		return NULL;
	}
	from.offers = inputs_open(c->inputs, offers);
	if (exists(costs))
		from.costs = inputs_open(c->inputs, costs);
	if (!from.offers || call_status(call))
		return NULL;
	return plan_offers_load(call->arena, c->net, &from, &call->diagnostics);
}

static struct plan *make_plan(struct case_loaded *c, struct patience *patience)
{
	struct call *call = c->call;
	struct plan_task *task = arena_alloc(call->arena, sizeof *task);
	bool limited = time_option(call, patience);
	struct plan *plan;

	*task = (struct plan_task){
		.net = c->net,
		.present = c->proposed ? c->present : NULL,
		.policies = c->policies,
		.policy_count = c->policy_count,
		.evidence = c->evidence,
		.weighing = { .on = c->on, .assume_plan = c->file.assume_plan },
		.on = c->on,
		.until = day_option(call, "until"),
		.gap_ppb = gap_option(call),
		.threads = call_threads(call),
		.strs = c->strs,
		.stop = limited ? is_late : NULL,
		.seconds_left = limited ? seconds_left : NULL,
		.context = patience,
		.offers = load_offers(c),
	};
	if (call_status(call) || !task->offers)
		return NULL;
	plan = plan_make(call->arena, task, &call->diagnostics);
	return call_status(call) ? NULL : plan;
}

int plan_run(struct call *call)
{
	struct case_wants wants = case_wants_judged(call);
	const char *into = call_option(call, "output");
	struct patience patience = { 0 };
	struct case_loaded *c;
	struct plan *plan;

	if (into && (call_option(call, "policy") || call_option(call, "param"))) {
		call_fail(call, EXIT_USAGE, "usage",
			  "-o writes the case as it is judged by its own policies: leave out --policy and --param");
		return call_status(call);
	}
	c = case_load(call, call->operands[0], &wants);
	plan = c ? make_plan(c, &patience) : NULL;
	if (!plan)
		return call_status(call);
	if (into && (plan->status == PLAN_FOUND || plan->status == PLAN_UNDETERMINED))
		planned_case_write(c, plan, into);
	if (call_status(call))
		return call_status(call);
	if (call->json)
		plan_json(c, plan, call->world->out);
	else
		plan_text(plan, call->world->out);
	return plan_status_exit(plan->status);
}
