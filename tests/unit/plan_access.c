/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of a network that has to be served without anybody a row says at once how much access has to stand: nothing is cut. The row
 * weighs access alone: what else there is may have no value of the measure.
 *
 * # proviso-deps: base lang solve net evidence policy assess plan
 */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "plan_written.h"

static struct source *text_of(struct arena *a, const char *name, const char *text)
{
	return source_of_memory(a, name, text, strlen(text));
}

/* Eight radios of acme, of which so many go that half of the traffic is not acme's: the four of 10, for 10 each. */
static void test_access_is_weighed(void **state)
{
	static const char vendors[] = "vendor\nacme\nbolt\n", products[] = "product,vendor\nacme-0,acme\nbolt-0,bolt\n",
			  sites[] = "site\ns0\ns1\ns2\ns3\ns4\ns5\ns6\ns7\n",
			  elements[] = "element,site,function,technology,product,traffic\ne0,s0,gNB,5G-SA,acme-0,10\n"
				       "e1,s1,gNB,5G-SA,acme-0,10\ne2,s2,gNB,5G-SA,acme-0,10\n"
				       "e3,s3,gNB,5G-SA,acme-0,10\ne4,s4,gNB,5G-SA,acme-0,9\n"
				       "e5,s5,gNB,5G-SA,acme-0,9\ne6,s6,gNB,5G-SA,acme-0,9\n"
				       "e7,s7,gNB,5G-SA,acme-0,9\na0,s0,AMF,,bolt-0,\n",
			  offers[] = "offer,what,function,product,cost_likely,source\no,element,gNB,bolt-0,10,list\n",
			  policy[] = "policy p\n  source \"t\"\n\nservice tiny needs AMF for 5G-SA\n\nrule on\n"
				     "  require 50% of traffic served for tiny without vendor is acme\n";
	struct loaded l = { .arena = arena_new() };
	const struct policy *policies[1];
	struct plan_sources from = { .offers = text_of(l.arena, "offers.csv", offers) };
	struct net_input inputs[] = { { NET_VENDORS, text_of(l.arena, "vendors.csv", vendors) },
				      { NET_PRODUCTS, text_of(l.arena, "products.csv", products) },
				      { NET_SITES, text_of(l.arena, "sites.csv", sites) },
				      { NET_ELEMENTS, text_of(l.arena, "elements.csv", elements) } };
	struct plan_task task = { .policies = policies, .policy_count = 1, .threads = 1, .until = DATE_NONE };
	struct plan *plan;

	(void)state;
	diagnostics_init(&l.diagnostics, l.arena);
	task.strs = l.strs = strs_new(l.arena);
	task.net = net_load(l.arena, l.strs, &l.diagnostics, inputs, 4, NULL, 0, &l.proposed);
	task.evidence = l.evidence = evidence_new(l.arena, &l.diagnostics);
	assert_true(date_parse("2026-01-01", 10, &task.on));
	task.weighing = l.weighing = (struct weighing){ .on = task.on };
	evidence_weigh(l.evidence, &l.weighing);
	policies[0] = policy_read(l.arena, &l.diagnostics, NULL,
				  document_parse(l.arena, text_of(l.arena, "p.proviso", policy), &l.diagnostics));
	task.offers = plan_offers_load(l.arena, task.net, &from, &l.diagnostics);
	no_errors(&l);
	plan = plan_make(l.arena, &task, &l.diagnostics);
	assert_int_equal(plan->status, PLAN_FOUND);
	assert_true(plan->cost.likely == (int64_t)40 * MICRO);
	assert_int_equal(plan->cuts, 0);
	unload(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_access_is_weighed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
