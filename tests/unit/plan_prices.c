/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each bound costs, against every choice there is: the bound is rewritten in the policy's own words, one step laxer and one
 * step stricter, and the case is tried again as a whole. Verdict and cost of each side have to be the same.
 *
 * In every other case one bound is all there is, and each vendor offers radios: most of these have a plan, and many bounds have
 * their price.
 *
 * # proviso-deps: base lang solve net evidence policy assess plan
 */
#include "plan_every.h"
#include "plan_seeds.h"

#ifdef __SANITIZE_ADDRESS__
enum { CASES = 40, ENOUGH = 400 };
#else
enum { CASES = 400, ENOUGH = CASES };
#endif

struct tally {
	int cases, sides, dearer, cheaper, same, possible, impossible, shares, numbers, params;
};

/* Where the number of a statement stands: behind "to", "require" or "for"; a param stands there as a word. */
static char *bound_in(char *statement)
{
	bool confirmed = !strncmp(statement, "require confirmed ", 18);
	char *at = strstr(statement, confirmed ? " for " : " to ");

	if (!confirmed && !strncmp(statement, "require ", 8))
		return statement + 8;
	return !at ? NULL : at + (confirmed ? 5 : 4);
}

/* The rule's statement with another bound; false: there is none so lax, or so strict. */
static bool with_bound(const struct small *s, const struct plan_price *price, int by, struct small *out)
{
	int rule = price->rule[1] - '0';
	char head[32], *policy, *at, *end, rest[TEXT], number[32];
	bool share;
	int bound;

	*out = *s;
	policy = rule < s->split ? out->policy : out->more;
	snprintf(head, sizeof head, "\nrule r%d\n", rule);
	at = strstr(policy, head);
	assert_non_null(at);
	at = strstr(at, price->statement);
	assert_non_null(at);
	at = bound_in(at);
	assert_non_null(at);
	end = at + strcspn(at, " ");
	bound = strncmp(at, "cap", 3) ? atoi(at) : 40;
	share = end[-1] == '%' || !strncmp(at, "cap", 3);
	assert_true(share == price->share && price->bound == (share ? (int64_t)bound * (PPB / 100) : bound * MICRO));
	bound += by;
	if (bound < (share || !price->at_least ? 0 : 1) || (share && bound > 100))
		return false;
	snprintf(rest, sizeof rest, "%s", end);
	snprintf(number, sizeof number, share ? "%d%%" : "%d", bound);
	snprintf(at, (size_t)(policy + TEXT - at), "%s%s", number, rest);
	return true;
}

static void check_side(const struct small *s, const struct plan *plan, const struct plan_price *price, bool stricter,
		       struct tally *t, uint64_t seed)
{
	const struct plan_price_side *side = stricter ? &price->stricter : &price->laxer;
	struct small other;
	struct search x;
	int64_t cost;
	bool there = with_bound(s, price, stricter == price->at_least ? 1 : -1, &other);
	enum plan_status wanted;

	there = there && !(stricter && plan->status == PLAN_IMPOSSIBLE);
	if (side->asked != there)
		fail_msg("seed %llu: %s, %s: asked %d", (unsigned long long)seed, price->rule, price->statement,
			 side->asked);
	if (!there || !search_all(&x, &other))
		return;
	wanted = status_wanted(&x, &cost);
	if (wanted == PLAN_NOTHING && side->status == PLAN_FOUND && side->likely == 0)
		wanted = PLAN_FOUND; /* what costs nothing was done */
	if (side->status != wanted || (wanted != PLAN_IMPOSSIBLE && side->likely != cost)) {
		show(s);
		fail_msg("seed %llu: %s, %s, %s: %s at %lld, every choice: %s at %lld", (unsigned long long)seed,
			 price->rule, price->statement, stricter ? "stricter" : "laxer", plan_status_name(side->status),
			 (long long)side->likely, plan_status_name(wanted), (long long)cost);
	}
	t->sides++;
	t->shares += price->share;
	t->numbers += !price->share;
	t->params += price->param != NULL;
	t->possible += plan->status == PLAN_IMPOSSIBLE && wanted != PLAN_IMPOSSIBLE;
	t->impossible += plan->status != PLAN_IMPOSSIBLE && wanted == PLAN_IMPOSSIBLE;
	if ((wanted == PLAN_FOUND || wanted == PLAN_NOTHING) &&
	    (plan->status == PLAN_FOUND || plan->status == PLAN_NOTHING)) {
		t->dearer += cost > plan->cost.likely;
		t->cheaper += cost < plan->cost.likely;
		t->same += cost == plan->cost.likely;
	}
}

static void make_priced(struct small *s, uint64_t seed)
{
	struct chance c = { seed * 7919 + 29 };

	*s = (struct small){ .price_factor = 1, .vendors = vendor_names, .wide = true, .split = RULES };
	make_elements(s, &c);
	while (s->element_count < REAL - 1) /* of four or five a half or two fifths can be exactly so many */
		make_elements(s, &c);
	make_radios(s, &c);
	widen_elements(s, &c);
	make_offers(s, &c);
	make_radio_offers(s, &c);
	s->rule_count = 1;
	do
		s->rules[0].statement = (int)below(&c, STATEMENTS);
	while (strcmp(statements[s->rules[0].statement].kind, "limit") &&
	       strcmp(statements[s->rules[0].statement].kind, "distinct"));
	write_case(s, &c);
}

static void one_case(uint64_t seed, void *tally)
{
	struct tally *t = tally;
	struct small s;
	struct search x;
	struct loaded l;
	struct plan_task *task;
	struct plan *plan;

	if (seed % 2)
		make_case(&s, seed);
	else
		make_priced(&s, seed / 2);
	if (s.element_count > ELEMENTS || !search_all(&x, &s) || (x.best[2] == 0 && seed % 4))
		return;
	load(&l, &s, NULL, NULL, NULL);
	task = task_of(&l, &s, 1);
	plan = plan_make(l.arena, task, &l.diagnostics);
	if (plan) {
		plan_prices(l.arena, task, plan);
		t->cases += plan->price_count > 0;
		for (size_t i = 0; i < plan->price_count; i++) {
			check_side(&s, plan, &plan->prices[i], false, t, seed);
			check_side(&s, plan, &plan->prices[i], true, t, seed);
		}
	}
	unload(&l);
}

static void test_prices(void **state)
{
	struct tally t = { 0 };
	int cases = each_seed(CASES, one_case, &t.cases, &t);

	(void)state;
	if (!cases)
		return;
	print_message("%d cases, %d sides (%d of shares, %d of numbers, %d of params): %d dearer, %d cheaper, %d the "
		      "same; %d only "
		      "possible so, %d impossible so\n",
		      t.cases, t.sides, t.shares, t.numbers, t.params, t.dearer, t.cheaper, t.same, t.possible,
		      t.impossible);
	if (cases < ENOUGH)
		return;
	assert_true(t.dearer >= 15 && t.cheaper >= 20 && t.same >= 50 && t.possible >= 20 && t.impossible >= 20);
	assert_true(t.shares >= 100 && t.numbers >= 100 && t.params >= 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_prices) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
