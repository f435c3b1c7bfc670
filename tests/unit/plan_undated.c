/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan that is ended at each moment there is: what is known by then is told, and as what it is.
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

/* Six radios of acme have to go, and five sixths of them are to be served meanwhile: each has a quarter of its own. */
static void with_patience(int calls, enum plan_status *status, bool *undated, bool *told)
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
	struct loaded l = { .arena = arena_new() };
	struct patience patience = { calls };
	const struct policy *policies[1];
	struct plan_sources from = { .offers = text_of(l.arena, "offers.csv", offers) };
	struct net_input inputs[] = { { NET_VENDORS, text_of(l.arena, "vendors.csv", vendors) },
				      { NET_PRODUCTS, text_of(l.arena, "products.csv", products) },
				      { NET_SITES, text_of(l.arena, "sites.csv", sites) },
				      { NET_ELEMENTS, text_of(l.arena, "elements.csv", elements) } };
	struct plan_task task = { .policies = policies, .policy_count = 1, .threads = 1, .stop = stops };
	struct plan *plan;

	diagnostics_init(&l.diagnostics, l.arena);
	task.strs = l.strs = strs_new(l.arena);
	task.net = net_load(l.arena, l.strs, &l.diagnostics, inputs, 4, NULL, 0, &l.proposed);
	task.evidence = l.evidence = evidence_new(l.arena, &l.diagnostics);
	assert_true(date_parse("2026-01-01", 10, &task.on) && date_parse("2027-06-30", 10, &task.until));
	task.weighing = l.weighing = (struct weighing){ .on = task.on };
	evidence_weigh(l.evidence, &l.weighing);
	policies[0] = policy_read(l.arena, &l.diagnostics, NULL,
				  document_parse(l.arena, text_of(l.arena, "p.proviso", policy), &l.diagnostics));
	task.offers = plan_offers_load(l.arena, task.net, &from, &l.diagnostics);
	task.context = &patience;
	no_errors(&l);
	plan = plan_make(l.arena, &task, &l.diagnostics);
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

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_ended_at_each_moment) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
