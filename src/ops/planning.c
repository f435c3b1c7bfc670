/* SPDX-License-Identifier: Apache-2.0 */
/*
 * planning: seeks a plan for a case, within the time and the work that it is given. Whoever waits at a terminal is told how
 * far it is and can end it: what was found by then is the answer.
 */
#include "ops/planning.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* ---- who waits ---------------------------------------------------------------------------------------------------------- */

struct waiting {
	struct call *call;
	const char *currency;
	bool limited, lines, shown;
	double until, told; /* seconds of the monotonic clock */
	const char *phase;
	size_t round;
};

static double now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double seconds_left(void *context)
{
	double left = ((struct waiting *)context)->until - now_seconds();

	return left > 0.01 ? left : 0.01;
}

static bool is_over(void *context)
{
	const struct waiting *w = context;
	const struct ops_world *world = w->call->world;

	return (w->limited && now_seconds() >= w->until) || (world->interrupted && world->interrupted());
}

static const char *phase_words(const char *phase)
{
	static const char *const words[][2] = {
		{ "dual", "bounding" },
		{ "round", "rounding" },
		{ "polish", "improving" },
		{ "enumerate", "proving" },
		{ "library", "CBC at work" },
		{ "judge", "judging" },
		{ "conflict", "seeking the smallest conflict" },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(words[i][0], phase))
			return words[i][1];
	return phase;
}

static void put_progress(struct waiting *w, const struct plan_progress *p)
{
	struct sink *s = w->call->world->err;
	char money[64];

	sink_printf(s, "%sround %zu, %zu cuts: %s", w->lines ? "" : "\r\033[K", p->round, p->cuts,
		    phase_words(p->phase));
	if (p->has_cost) {
		micro_print_grouped(p->cost / MICRO * MICRO, money);
		sink_printf(s, ", cost %s%s%s", money, *w->currency ? " " : "", w->currency);
	}
	if (p->has_bound) {
		micro_print_grouped((p->bound > 0 ? p->bound : 0) / MICRO * MICRO, money);
		sink_printf(s, ", at least %s", money);
	}
	if (w->lines)
		sink_char(s, '\n');
	sink_flush(s);
	w->shown = true;
}

/* A new phase at once, else ten times a second on a terminal and once where lines are wanted. */
static void tell(void *context, const struct plan_progress *p)
{
	struct waiting *w = context;
	bool other = !w->phase || strcmp(w->phase, p->phase) || w->round != p->round;
	double now = now_seconds();

	if (!(w->lines && other) && now - w->told < (w->lines ? 1 : 0.1))
		return;
	w->told = now;
	w->phase = p->phase;
	w->round = p->round;
	put_progress(w, p);
}

static void end_waiting(struct waiting *w)
{
	if (!w->shown || w->lines)
		return;
	sink_text(w->call->world->err, "\r\033[K");
	sink_flush(w->call->world->err); /* before the result comes, on the same terminal */
}

static void begin_waiting(struct waiting *w, struct call *call)
{
	const char *text = call_option(call, "time");
	int64_t micro;

	*w = (struct waiting){ .call = call, .currency = "", .lines = call_option(call, "progress") };
	if (call->world->catch_interrupts)
		call->world->catch_interrupts();
	if (!text)
		return;
	if (measure_parse(text, strlen(text), &micro) != NUMBER_OK || micro <= 0) {
		call_fail(call, EXIT_USAGE, "bad-time", "--time needs a number of seconds, and \"%s\" is not", text);
		return;
	}
	w->limited = true;
	w->until = now_seconds() + (double)micro / MICRO;
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

static bool exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

static const char *offers_path(const struct case_loaded *c)
{
	return c->file.offers ? path_beside(c->call->arena, c->file.offers->text, c->file.document->file)
			      : path_join(c->call->arena, c->folder, "offers.csv");
}

bool case_has_offers(const struct case_loaded *c)
{
	return c->file.offers || exists(offers_path(c));
}

/* A file beside the offers, where there is one. */
static struct source *open_beside(struct case_loaded *c, const char *offers, const char *name)
{
	const char *path = path_beside(c->call->arena, name, offers);

	return exists(path) ? inputs_open(c->inputs, path) : NULL;
}

static struct plan_offers *load_offers(struct case_loaded *c, bool has_horizon)
{
	struct call *call = c->call;
	const char *offers = offers_path(c);
	struct plan_sources from = { 0 };
	struct plan_offers *all;

	if (!exists(offers)) {
		call_fail(call, EXIT_MISSING_INPUT, "missing-input", "nothing is offered: %s does not exist", offers);
		return NULL;
	}
	from.offers = inputs_open(c->inputs, offers);
	from.costs = open_beside(c, offers, "costs.csv");
	from.pairs = open_beside(c, offers, "pairs.csv");
	from.crews = open_beside(c, offers, "crews.csv");
	if (!from.offers || call_status(call))
		return NULL;
	all = plan_offers_load(call->arena, c->net, &from, &call->diagnostics);
	if (all && all->crew_count && !has_horizon)
		diagnose(&call->diagnostics, SEVERITY_NOTE, "crews-without-horizon", all->crews[0].place,
			 "crews count only where a plan has a horizon: proviso plan --until DATE");
	return all;
}

void case_check_offers(struct case_loaded *c)
{
	(void)load_offers(c, true);
}

struct plan *case_plan(struct case_loaded *c, const struct planning_limits *limits)
{
	struct call *call = c->call;
	struct plan_task *task = arena_alloc(call->arena, sizeof *task);
	struct waiting waiting;
	struct plan *plan;

	begin_waiting(&waiting, call);
	*task = (struct plan_task){
		.net = c->net,
		.present = c->proposed ? c->present : NULL,
		.policies = c->policies,
		.policy_count = c->policy_count,
		.evidence = c->evidence,
		.weighing = { .on = c->on, .assume_plan = c->file.assume_plan },
		.on = c->on,
		.until = limits->until,
		.budget = limits->budget.micro,
		.gap_ppb = limits->gap_ppb,
		.work = limits->work,
		.certificate = limits->certificate,
		.threads = call_threads(call),
		.strs = c->strs,
		.stop = is_over,
		.seconds_left = waiting.limited ? seconds_left : NULL,
		.progress = waiting.lines || call->world->err_is_terminal ? tell : NULL,
		.context = &waiting,
		.offers = load_offers(c, limits->until != DATE_NONE),
	};
	if (task->offers && limits->budget.micro && *limits->budget.currency && strcmp(limits->budget.currency, task->offers->currency))
		call_fail(call, EXIT_USAGE, "bad-budget",
			  *task->offers->currency ? "--budget is in %s, and what is offered costs %s: say the budget in %s"
						  : "--budget is in %s, and no offer says in which currency it costs: fill the "
						    "column currency, or leave it out of --budget",
			  limits->budget.currency, task->offers->currency, task->offers->currency);
	if (call_status(call) || !task->offers)
		return NULL;
	waiting.currency = task->offers->currency;
	plan = plan_make(call->arena, task, &call->diagnostics);
	if (plan && limits->price)
		plan_prices(call->arena, task, plan);
	end_waiting(&waiting);
	return call_status(call) ? NULL : plan;
}

/* ---- for an assessment -------------------------------------------------------------------------------------------------- */

struct remedy *remedy_of_plan(struct arena *a, const struct plan *plan)
{
	struct remedy *r = arena_alloc(a, sizeof *r);
	struct conflict_rule *conflict = arena_array(a, plan->conflict_count + 1, sizeof *conflict);
	struct remedy_missing *missing = arena_array(a, plan->missing_count + 1, sizeof *missing);

	for (size_t i = 0; i < plan->missing_count; i++)
		missing[i] = (struct remedy_missing){ plan->missing[i].what, plan->missing[i].text };
	for (size_t i = 0; i < plan->conflict_count; i++)
		conflict[i] = (struct conflict_rule){ plan->conflict[i].policy, plan->conflict[i].rule,
						      plan->conflict[i].source };
	*r = (struct remedy){
		.found = plan->status == PLAN_FOUND || plan->status == PLAN_UNDETERMINED,
		.whole = plan->status == PLAN_FOUND,
		.proven_impossible = plan->status == PLAN_IMPOSSIBLE,
		.provisos = plan->provisos,
		.proviso_count = plan->undated ? 0 : plan->proviso_count,
		.currency = plan->currency,
		.low = plan->cost.low,
		.likely = plan->cost.likely,
		.high = plan->cost.high,
		.has_bound = plan->has_bound,
		.bound = plan->bound,
		.gap_ppb = plan->gap_ppb,
		.assumed = plan->assumed,
		.time_limited = plan->time_limited,
		.status = plan_status_name(plan->status),
		.proof = solve_proof_name(plan->proof),
		.conflict = conflict,
		.conflict_count = plan->conflict_count,
		.conflict_proof = plan_conflict_proof(plan),
		.conflict_minimal = plan->conflict_minimal,
		.missing = missing,
		.missing_count = plan->missing_count,
		.unknown = plan->unknown,
		.unknown_count = plan->unknown_count,
	};
	return r;
}
