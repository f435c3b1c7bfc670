/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what is offered to a small network: form feeds split them into offers, costs, pairs and crews; what is not
 * there is not given. Whatever loads is planned with, a little, once without a horizon and once with one: what is found is
 * dearer than no bound, costs what its changes cost, and breaks nothing; one thread or two say the same.
 *
 * # proviso-deps: base lang solve net evidence policy assess plan
 */
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

enum { DAY = 20454, HALF_A_YEAR = 181, WORK = 20000 }; /* 2026-01-01 */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static struct source *text_of(struct arena *a, const char *name, const char *text)
{
	return source_of_memory(a, name, text, strlen(text));
}

static struct net *small_network(struct arena *a, struct strs *strs, struct diagnostics *d)
{
	static const char vendors[] = "vendor\nacme\nbolt\n",
			  products[] = "product,vendor,lifetime_years\nacme-r,acme,5\nbolt-r,bolt,9\nbolt-m,bolt,\n",
			  sites[] = "site,region,population,lat,lon\ns0,north,10,50,1\ns1,south,20,51,2\n",
			  elements[] =
				  "element,site,function,technology,product,version,since,cluster\n"
				  "e0,s0,gNB,5G-SA,acme-r,1,2016-01-01,c0\ne1,s1,gNB,5G-SA,acme-r,1,2024-01-01,c1\n"
				  "m0,s0,EMS,,bolt-m,1,2024-01-01,\n",
			  links[] = "a,b,reference_point\ne0,m0,ssh\ne1,m0,ssh\n";
	struct net_input inputs[] = { { NET_VENDORS, text_of(a, "vendors.csv", vendors) },
				      { NET_PRODUCTS, text_of(a, "products.csv", products) },
				      { NET_SITES, text_of(a, "sites.csv", sites) },
				      { NET_ELEMENTS, text_of(a, "elements.csv", elements) },
				      { NET_LINKS, text_of(a, "links.csv", links) } };
	struct net *proposed;

	return net_load(a, strs, d, inputs, sizeof inputs / sizeof *inputs, NULL, 0, &proposed);
}

static void plan_with(struct arena *a, struct plan_task *task)
{
	struct diagnostics d;
	struct plan *plan;
	int64_t cost = 0;

	diagnostics_init(&d, a);
	plan = plan_make(a, task, &d);
	check(plan || d.errors);
	diagnostics_free(&d);
	if (!plan || (plan->status != PLAN_FOUND && plan->status != PLAN_UNDETERMINED))
		return;
	for (size_t i = 0; i < plan->change_count; i++)
		cost += plan->changes[i].cost.likely;
	check(cost + plan->border_cost.likely == plan->cost.likely);
	check(!plan->has_bound || plan->bound <= plan->cost.likely);
	for (size_t i = 0; i < plan->findings.count; i++)
		check(plan->findings.items[i].status != FINDING_BROKEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static const char rules[] =
		"policy p\n  source \"s\"\n\nrule half\n  limit any vendor to 50% of sites in layer is "
		"access\n  may remove function is gNB\n  source \"a\"\n\nrule tested\n  require evidence "
		"test-report for product is bolt-r\n  source \"b\"\n";
	static const char *const names[] = { "offers.csv", "costs.csv", "pairs.csv", "crews.csv" };
	struct arena *a = arena_new();
	struct source *given[4] = { 0 };
	struct plan_sources from;
	struct diagnostics d;
	const struct policy *policies[1];
	struct plan_task task = {
		.policies = policies, .policy_count = 1, .on = DAY, .until = DATE_NONE, .work = WORK, .threads = 1
	};
	struct evidence *evidence;
	size_t files = 0;

	for (const uint8_t *at = bytes, *end = bytes + count; at < end && files < 4; files++) {
		const uint8_t *feed = memchr(at, '\f', (size_t)(end - at)), *stop = feed ? feed : end;

		given[files] = source_of_memory(a, names[files], at, (size_t)(stop - at));
		at = feed ? feed + 1 : end;
	}
	diagnostics_init(&d, a);
	task.strs = strs_new(a);
	task.net = small_network(a, task.strs, &d);
	policies[0] = policy_read(a, &d, NULL, document_parse(a, text_of(a, "p.proviso", rules), &d));
	task.evidence = evidence = evidence_new(a, &d);
	task.weighing.on = DAY;
	evidence_weigh(evidence, &task.weighing);
	check(!d.errors);
	from = (struct plan_sources){ given[0], given[1], given[2], given[3] };
	task.offers = plan_offers_load(a, task.net, &from, &d);
	check(task.offers ? !d.errors : d.errors);
	if (task.offers) {
		plan_with(a, &task);
		task.until = DAY + HALF_A_YEAR;
		task.certificate = true;
		plan_with(a, &task);
	}
	diagnostics_free(&d);
	arena_free(a);
	return 0;
}
