/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan that is ended at each moment there is: what is known by then is told, and as what it is; so is what is short.
 *
 * # proviso-deps: base lang solve net evidence policy assess plan
 */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "plan_written.h"

struct patience {
	int left;
};

static bool stops(void *context)
{
	return --((struct patience *)context)->left < 0;
}

static struct source *text_of(struct arena *a, const char *name, const char *text)
{
	return source_of_memory(a, name, text, strlen(text));
}

/*
 * Six radios of acme have to go, and five sixths of them are to be served meanwhile: each has a quarter of its own. crews may
 * be NULL.
 */
static struct plan *plan_with(struct loaded *l, struct patience *patience, const char *until, const char *crews)
{
	static const char
		vendors[] = "vendor\nacme\nbolt\n",
		products[] = "product,vendor\nacme-0,acme\nbolt-0,bolt\n",
		sites[] = "site\ns0\ns1\ns2\ns3\ns4\ns5\n",
		elements[] = "element,site,function,technology,product\ne0,s0,gNB,5G-SA,acme-0\n"
			     "e1,s1,gNB,5G-SA,acme-0\ne2,s2,gNB,5G-SA,acme-0\ne3,s3,gNB,5G-SA,acme-0\n"
			     "e4,s4,gNB,5G-SA,acme-0\ne5,s5,gNB,5G-SA,acme-0\n",
		offers[] = "offer,what,function,product,cost_likely,source\no,element,gNB,bolt-0,10,list\n",
		policy[] = "policy p\n  source \"t\"\n\nrule out\n  forbid vendor is acme\n  source \"a\"\n  by "
			   "2027-06-30\n\nrule open\n  require 83% of elements served during change\n  source "
			   "\"b\"\n";
	const struct policy **policies = arena_alloc(l->arena, sizeof(struct policy *));
	struct plan_sources from = { .offers = text_of(l->arena, "offers.csv", offers),
				     .crews = crews ? text_of(l->arena, "crews.csv", crews) : NULL };
	struct net_input inputs[] = { { NET_VENDORS, text_of(l->arena, "vendors.csv", vendors) },
				      { NET_PRODUCTS, text_of(l->arena, "products.csv", products) },
				      { NET_SITES, text_of(l->arena, "sites.csv", sites) },
				      { NET_ELEMENTS, text_of(l->arena, "elements.csv", elements) } };
	struct plan_task task = { .policies = policies, .policy_count = 1, .threads = 1, .stop = stops };

	diagnostics_init(&l->diagnostics, l->arena);
	task.strs = l->strs = strs_new(l->arena);
	task.net = net_load(l->arena, l->strs, &l->diagnostics, inputs, 4, NULL, 0, &l->proposed);
	task.evidence = l->evidence = evidence_new(l->arena, &l->diagnostics);
	assert_true(date_parse("2026-01-01", 10, &task.on) && date_parse(until, 10, &task.until));
	task.weighing = l->weighing = (struct weighing){ .on = task.on };
	evidence_weigh(l->evidence, &l->weighing);
	policies[0] = policy_read(l->arena, &l->diagnostics, NULL,
				  document_parse(l->arena, text_of(l->arena, "p.proviso", policy), &l->diagnostics));
	task.offers = plan_offers_load(l->arena, task.net, &from, &l->diagnostics);
	task.context = patience;
	no_errors(l);
	return plan_make(l->arena, &task, &l->diagnostics);
}

static void with_patience(int calls, enum plan_status *status, bool *undated, bool *told)
{
	struct loaded l = { .arena = arena_new() };
	struct patience patience = { calls };
	struct plan *plan = plan_with(&l, &patience, "2027-06-30", NULL);

	*status = plan->status;
	*undated = plan->undated;
	if (plan->undated) {
		assert_int_equal(plan->status, PLAN_NONE_FOUND);
		assert_false(plan->scheduled);
		assert_true(plan->change_count == 1 && plan->changes[0].element_count == 6);
		assert_true(plan->cost.likely == (int64_t)60 * MICRO);
		for (size_t i = 0; i < plan->obstacle_count; i++)
			assert_string_equal(plan->obstacles[i].rule, "open");
		*told = *told || plan->obstacle_count;
	}
	if (plan->status == PLAN_FOUND) {
		assert_true(plan->has_bound && plan->bound <= plan->cost.likely);
		assert_true(plan->scheduled && plan->step_count == 6);
		for (size_t i = 0; i < 6; i++)
			assert_true(plan->steps[i].quarter == i && plan->steps[i].element_count == 1);
	}
	unload(&l);
}

static void test_ended_at_each_moment(void **state)
{
	enum plan_status status = PLAN_NONE_FOUND;
	bool undated, told = false;
	int found = 0, without_dates = 0;

	(void)state;
	for (int calls = 0; calls < 4000 && found < 3; calls++) {
		with_patience(calls, &status, &undated, &told);
		if (status != PLAN_FOUND && status != PLAN_NONE_FOUND)
			print_message("%d: %s\n", calls, plan_status_name(status));
		assert_true(status == PLAN_FOUND || status == PLAN_NONE_FOUND);
		found += status == PLAN_FOUND;
		without_dates += undated;
	}
	print_message("found %d, without dates %d, told %d\n", found, without_dates, told);
	assert_true(found >= 3 && without_dates >= 1 && told);
}

/* Five quarters in each of which there are people for one: what is short is told though time is over, and that it was. */
static void test_short_when_time_is_over(void **state)
{
	int over = 0;

	(void)state;
	for (int calls = 0; calls < 60; calls++) {
		struct loaded l = { .arena = arena_new() };
		struct patience patience = { calls };
		struct plan *plan = plan_with(&l, &patience, "2027-03-31", "region,quarter,elements\n,,1\n");

		assert_true(plan->status == PLAN_IMPOSSIBLE || plan->status == PLAN_NONE_FOUND);
		if (plan->status == PLAN_IMPOSSIBLE) {
			assert_true(plan->shortage_count > 0);
			assert_string_equal(plan->shortages[0].what, "crews");
			assert_true(plan->shortages[0].needed == (wide)6 * MICRO &&
				    plan->shortages[0].available == (wide)5 * MICRO);
			assert_true(plan->time_limited || patience.left >= 0);
			over += plan->time_limited;
		}
		unload(&l);
	}
	print_message("told when time is over: %d\n", over);
	assert_true(over >= 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_ended_at_each_moment),
					    cmocka_unit_test(test_short_when_time_is_over) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
