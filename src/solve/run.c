/* SPDX-License-Identifier: Apache-2.0 */
/* run: what the phases share. A better bound or choice enters here, in integers, or not at all. */
#include "solve/run.h"

#include <math.h>
#include <string.h>

enum {
	REPAIR_ROUNDS = 60,
	LOOKS_OWED = 300, /* at each option: where rows are few, a first leg of the climb takes some 200 */
};

void run_owes(struct run *r)
{
	r->owes = !r->has_choice && !r->settings->at_once;
	r->owed_work = r->work + (uint64_t)LOOKS_OWED * r->p->options;
}

bool run_is_patient(struct run *r, uint64_t looks)
{
	const struct solve_settings *s = r->settings;

	if (!r->stopped && s->stop && s->stop(s->context)) {
		r->stopped = true;
		r->owed_work = r->work + looks + (uint64_t)LOOKS_OWED * r->p->options;
	}
	return !r->stopped || (r->owes && r->work + looks < r->owed_work);
}

bool run_goes_on_within(void *run, uint64_t looks)
{
	return run_is_patient(run, looks);
}

bool run_goes_on(struct run *r, const char *phase)
{
	const struct solve_settings *s = r->settings;

	if (s->progress) {
		struct solve_progress now = { phase, r->work, r->has_choice, r->has_bound, r->cost, r->bound };

		s->progress(s->context, &now);
	}
	return run_is_patient(r, 0) && r->work < r->most_work;
}

void run_worked(struct run *r, uint64_t looks)
{
	r->work += 1 + looks;
}

const struct coin *run_coin(struct run *r)
{
	if (!r->settings->no_library && r->coin_state == COIN_NOT_TRIED)
		r->coin_state = coin_load(&r->coin, r->coin_why) ? COIN_HERE : COIN_MISSING;
	return r->coin_state == COIN_HERE ? &r->coin : NULL;
}

double run_seconds_left(const struct run *r)
{
	double left;

	if (!r->settings->seconds_left)
		return 0;
	left = r->settings->seconds_left(r->settings->context);
	return left > 0.01 ? left : 0.01;
}

/* The gap of the cost as money, in two parts so that nothing overflows. */
static wide gap_money(const struct run *r)
{
	wide size = r->cost < 0 ? -r->cost : r->cost;

	return size / PPB * r->settings->gap_ppb + size % PPB * r->settings->gap_ppb / PPB;
}

bool run_is_within(const struct run *r)
{
	return r->has_choice && r->has_bound && r->cost - r->bound <= gap_money(r);
}

wide run_worth(const struct run *r)
{
	wide less = gap_money(r) + 1;

	return r->cost - (less > r->p->step ? less : r->p->step);
}

static void spread_prices(struct run *r, const wide *price, unsigned shift)
{
	const struct problem *p = r->p;

	for (uint32_t u = 0; u < p->units; u++) {
		wide least = price[p->origin[p->first[u]]];

		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++)
			least = price[p->origin[o]] < least ? price[p->origin[o]] : least;
		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++) {
			r->price[o] = price[p->origin[o]] - least;
			r->away[o] = ldexp((double)r->price[o], -(int)shift);
		}
	}
}

bool run_offer_prices(struct run *r, const struct prices *prices)
{
	const struct problem *p = r->p;
	struct arena *a = arena_new();
	wide *price = arena_array(a, p->model->costs.count + 1, sizeof *price), total = 0, bound;
	struct solve_certificate *c = prices_certificate(r->scratch, p, prices, false);
	bool closed, better = certificate_total(p->model, c, p->off, price, &total, &closed);

	run_worked(r, p->options);
	bound = certificate_round_up(total, c->shift, p->step);
	better = better && (!r->has_bound || bound > r->bound);
	if (better) {
		r->certificate = c;
		r->has_bound = true;
		r->total = total;
		r->bound = bound;
		spread_prices(r, price, c->shift);
	}
	arena_free(a);
	return better;
}

struct solve_certificate *run_ray(struct run *r, const struct prices *prices)
{
	struct arena *a = arena_new();
	struct prices *ray = prices_scaled(a, r->p, prices);
	struct solve_certificate *c = prices_certificate(r->keep, r->p, ray, true);
	wide bound;

	arena_free(a);
	return certificate_bound(r->p->model, c, r->p->off, &bound) ? c : NULL;
}

bool run_offer_choice(struct run *r)
{
	if (r->search->broken || (r->has_choice && r->search->cost >= r->cost))
		return false;
	r->has_choice = true;
	r->cost = r->search->cost;
	memcpy(r->choice, r->search->choice, (size_t)r->p->units * sizeof *r->choice);
	return true;
}

void run_round(struct run *r, const uint32_t *choice, uint64_t seed)
{
	search_set(r->search, choice);
	if (search_repair(r->search, r->away, REPAIR_ROUNDS, seed)) {
		search_descend(r->search, r->away, INFINITY);
		run_offer_choice(r);
	}
	run_worked(r, r->search->work);
	r->search->work = 0;
}
