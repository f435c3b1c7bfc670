/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules can't hold together: leave them out one by one, and keep out those that are not missed. A ray tells at once
 * which rules it does not rest on, so most go in one step.
 */
#include "solve/run.h"

#include <assert.h>
#include <string.h>

enum { LEAST_WORK = 100000 }; /* of one question */

struct filter {
	struct arena *arena, *scratch;
	const struct solve_model *m;
	struct solve_settings settings;
	bool *off;                 /* by rule */
	bool *member;              /* rules that some part has */
	uint32_t rules;            /* one above the highest */
	struct solve_result *last; /* the newest that was infeasible */
	bool unsettled;
	uint64_t most_work, work_done; /* of all questions together; most 0: no limit */
};

static bool is_over(const struct filter *f)
{
	return (f->most_work && f->work_done >= f->most_work) ||
	       (f->settings.stop && f->settings.stop(f->settings.context));
}

static void note(struct filter *f, uint32_t rule)
{
	if (rule != SOLVE_NO_RULE)
		f->member[rule] = true;
}

static uint32_t above(uint32_t most, uint32_t rule)
{
	return rule != SOLVE_NO_RULE && rule >= most ? rule + 1 : most;
}

static void find_rules(struct filter *f)
{
	const struct solve_model *m = f->m;

	for (size_t i = 0; i < m->forbids.count; i++)
		f->rules = above(f->rules, m->forbid[i].rule);
	for (size_t i = 0; i < m->rows.count; i++)
		f->rules = above(f->rules, m->row[i].rule);
	for (size_t i = 0; i < m->counted.count; i++)
		f->rules = above(f->rules, m->counts[i].rule);
	f->off = arena_array(f->scratch, (size_t)f->rules + 1, sizeof *f->off);
	f->member = arena_array(f->scratch, (size_t)f->rules + 1, sizeof *f->member);
	for (size_t i = 0; i < m->forbids.count; i++)
		note(f, m->forbid[i].rule);
	for (size_t i = 0; i < m->rows.count; i++)
		note(f, m->row[i].rule);
	for (size_t i = 0; i < m->counted.count; i++)
		note(f, m->counts[i].rule);
}

/* Does it stay impossible with these rules out? Only feasibility is asked: any choice at all is good enough. */
static bool impossible(struct filter *f)
{
	struct solve_result *r = run_solve(f->arena, f->m, f->off, &f->settings);

	f->work_done += r->work_done;
	if (f->most_work) /* something is left for each question: an answer beats none */
		f->settings.work = f->most_work > f->work_done + LEAST_WORK ? f->most_work - f->work_done : LEAST_WORK;
	if (r->status == SOLVE_INFEASIBLE) {
		f->last = r;
		return true;
	}
	f->unsettled = f->unsettled || !r->choice;
	return false;
}

/* Rules whose parts all have no weight in the ray; forbids count where lifting them would let a unit do better. */
static void weigh_forbids(struct filter *f, const struct solve_certificate *ray, bool *rests)
{
	const struct solve_model *m = f->m;
	wide *price = arena_array(f->scratch, m->costs.count + 1, sizeof *price), total;
	bool *shut = arena_array(f->scratch, m->costs.count + 1, sizeof *shut), closed;

	if (!certificate_total(m, ray, f->off, price, &total, &closed))
		return;
	for (size_t i = 0; i < m->forbids.count; i++)
		if (model_holds(f->off, m->forbid[i].rule))
			shut[m->forbid[i].option] = true;
	for (size_t i = 0; i < m->forbids.count; i++) {
		uint32_t o = m->forbid[i].option, unit = m->owner[o];
		bool any = false;
		wide least = 0;

		if (!model_holds(f->off, m->forbid[i].rule) || m->forbid[i].rule == SOLVE_NO_RULE)
			continue;
		for (uint32_t k = m->first[unit]; k < model_end(m, unit); k++)
			if (!shut[k] && (!any || price[k] < least)) {
				least = price[k];
				any = true;
			}
		if (!any || price[o] < least)
			rests[m->forbid[i].rule] = true;
	}
}

/* The ray proves the same without them: neither its prices nor its minima change. */
static void drop_weightless(struct filter *f)
{
	const struct solve_certificate *ray = f->last->certificate;
	const struct solve_model *m = f->m;
	bool *rests = arena_array(f->scratch, (size_t)f->rules + 1, sizeof *rests);
	wide total;
	bool closed;

	if (f->last->proof != SOLVE_PROOF_CERTIFICATE || !ray ||
	    !certificate_total(m, ray, f->off, NULL, &total, &closed) || closed || total <= 0)
		return;
	for (uint32_t i = 0; i < ray->rows; i++)
		if (ray->row[i] > 0 && m->row[i].rule != SOLVE_NO_RULE)
			rests[m->row[i].rule] = true;
	for (size_t i = 0; i < ray->count_mark_count; i++)
		if (m->counts[ray->count_marks[i].index].rule != SOLVE_NO_RULE)
			rests[m->counts[ray->count_marks[i].index].rule] = true;
	weigh_forbids(f, ray, rests);
	for (uint32_t i = 0; i < f->rules; i++)
		if (f->member[i] && !f->off[i] && !rests[i])
			f->off[i] = true;
}

static void collect(struct filter *f, struct solve_conflict *c)
{
	uint32_t *rules = arena_array(f->arena, (size_t)f->rules + 1, sizeof *rules);

	for (uint32_t i = 0; i < f->rules; i++)
		if (f->member[i] && !f->off[i])
			rules[c->count++] = i;
	c->rules = rules;
	c->proof = f->last->proof;
	c->certificate = c->proof == SOLVE_PROOF_CERTIFICATE ? f->last->certificate : NULL;
	c->minimal = !f->unsettled;
}

struct solve_conflict *solve_conflict(struct arena *arena, const struct solve_model *m, const struct solve_settings *s)
{
	struct solve_conflict *c = arena_alloc(arena, sizeof *c);
	struct filter f = {
		.arena = arena, .scratch = arena_new(), .m = m, .settings = s ? *s : (struct solve_settings){ 0 }
	};

	f.settings.gap_ppb = INT64_MAX;
	f.settings.start = NULL;
	f.most_work = f.settings.work;
	find_rules(&f);
	if (impossible(&f)) {
		f.unsettled = false;
		drop_weightless(&f);
		for (uint32_t i = 0; i < f.rules; i++) {
			if (!f.member[i] || f.off[i])
				continue;
			f.off[i] = true;
			if (impossible(&f))
				drop_weightless(&f);
			else
				f.off[i] = false;
			if (is_over(&f)) {
				f.unsettled = true;
				break;
			}
		}
		collect(&f, c);
	}
	c->work_done = f.work_done;
	arena_free(f.scratch);
	return c;
}

size_t solve_reliefs(struct arena *arena, const struct solve_model *m, const struct solve_settings *s,
		     const uint32_t *candidates, size_t count, uint32_t **reliefs)
{
	struct solve_settings settings = s ? *s : (struct solve_settings){ 0 };
	struct solve_model without = *m;
	struct arena *scratch = arena_new();
	size_t found = 0;

	settings.gap_ppb = INT64_MAX;
	settings.start = NULL;
	*reliefs = arena_array(arena, count + 1, sizeof **reliefs);
	without.forbid = arena_array(scratch, m->forbids.count + 1, sizeof *without.forbid);
	for (size_t i = 0; i < count; i++) {
		struct solve_result *r;

		assert(candidates[i] < m->costs.count);
		without.forbids.count = 0;
		for (size_t k = 0; k < m->forbids.count; k++)
			if (m->forbid[k].option != candidates[i])
				without.forbid[without.forbids.count++] = m->forbid[k];
		r = run_solve(scratch, &without, NULL, &settings);
		if (r->choice)
			(*reliefs)[found++] = candidates[i];
	}
	arena_free(scratch);
	return found;
}
