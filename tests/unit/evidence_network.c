/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims against a network: names that no table has, and what of the operator's own inventory somebody else confirms.
 *
 * # proviso-deps: base lang net evidence
 */
#include "evidence_case.h"

static struct net *network(struct evidence_case *c)
{
	static const char vendors[] = "vendor,name\nacme,Acme\nbeta,Beta\n";
	static const char products[] = "product,vendor\nacme-gnb,acme\n";
	static const char sites[] = "site\ns1\n";
	static const char elements[] =
		"element,site,function,vendor,product,version\ne-1,s1,gNB,acme,acme-gnb,1.2\ne-2,s1,gNB,acme,,\n";
	struct net_input inputs[] = {
		{ NET_VENDORS, source_of_memory(c->arena, "vendors.csv", vendors, strlen(vendors)) },
		{ NET_PRODUCTS, source_of_memory(c->arena, "products.csv", products, strlen(products)) },
		{ NET_SITES, source_of_memory(c->arena, "sites.csv", sites, strlen(sites)) },
		{ NET_ELEMENTS, source_of_memory(c->arena, "elements.csv", elements, strlen(elements)) },
	};
	struct net *net = net_load(c->arena, strs_new(c->arena), &c->diagnostics, inputs, 4, NULL, 0, NULL);

	assert_non_null(net);
	for (size_t i = 0; i < c->diagnostics.count; i++)
		print_error("%s\n", c->diagnostics.items[i].text);
	assert_int_equal(c->diagnostics.errors, 0);
	return net;
}

static void names_that_nobody_has_are_warned_of(void **state)
{
	static const struct {
		const char *about, *words; /* NULL: known */
	} rows[] = {
		{ "vendor acmee", "did you mean \"acme\"" },
		{ "vendor acme", NULL },
		{ "product acme-gmb", "did you mean \"acme-gnb\"" },
		{ "product acme-gnb at 7", NULL },
		{ "element e-1", NULL },
		{ "element gateway-77", "which the network does not have" },
		{ "site s1", NULL },
		{ "function gNB", NULL },
		{ "function gNBB", "did you mean" },
		{ "country CN", NULL },
		{ "operator spark", NULL },
		{ "conclusion whatever", NULL },
		{ "proposal p", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[200];
		struct evidence_case *c;

		snprintf(text, sizeof text,
			 "evidence a\n  about %s\n  kind audit\n  from x\nevidence b\n  about %s\n  kind audit\n",
			 rows[i].about, rows[i].about);
		c = case_clean(text);
		evidence_check(c->evidence, network(c));
		if (!rows[i].words && c->diagnostics.count)
			fail_msg("%s: %s", rows[i].about, c->diagnostics.items[0].text);
		if (rows[i].words) {
			assert_true(c->diagnostics.warnings >= 1);
			assert_string_equal(c->diagnostics.items[0].code, "unknown-subject");
			if (!strstr(c->diagnostics.items[0].text, rows[i].words))
				fail_msg("%s: %s", rows[i].about, c->diagnostics.items[0].text);
		}
		case_free(c);
	}
}

/* Parts, with and without their version, and who makes them, are in no table of a network. */
static void parts_of_products_are_known(void **state)
{
	struct evidence_case *c = case_clean(
		"evidence a\n  about product acme-gnb\n  says contains:chip = yes\n  kind bill-of-materials\n"
		"evidence b\n  about product chip\n  says vendor = \"Chip Co\"\n  kind bill-of-materials\n"
		"evidence c\n  about product acme-gnb at 1.2\n  says \"contains:lib/tls@3.0\" = yes\n"
		"  kind bill-of-materials\n"
		"evidence d\n  about product lib/tls at 3.0\n  says vendor = \"Lib Org\"\n  kind bill-of-materials\n"
		"evidence e\n  about vendor \"Lib Org\"\n  says jurisdiction = XA\n  kind bill-of-materials\n");

	(void)state;
	evidence_check(c->evidence, network(c));
	assert_int_equal(c->diagnostics.count, 0);
	case_free(c);
}

static void promises_that_nobody_made_are_warned_of(void **state)
{
	struct evidence_case *c =
		case_clean("evidence a\n  about vendor acme\n  kind audit\n  from x\n  delivers nothing\n"
			   "evidence b\n  about vendor acme\n  kind audit\n  from x\n  delivers a\n");

	(void)state;
	evidence_check(c->evidence, network(c));
	assert_int_equal(c->diagnostics.warnings, 2);
	assert_string_equal(c->diagnostics.items[0].code, "unknown-promise");
	case_free(c);
}

static bool confirmed(const char *claims, const char *attribute, uint32_t element)
{
	struct evidence_case *c = case_clean(claims);
	bool answer;

	c->evidence->operator_name = "Spark";
	answer = evidence_confirmed(c->evidence, network(c), element, attribute);
	case_free(c);
	return answer;
}

#define SEES(attribute, value, more) "evidence e\n  about element e-1\n  says " attribute " = " value "\n" more

static void somebody_else_confirms_what_the_inventory_says(void **state)
{
	(void)state;
	assert_true(confirmed(SEES("vendor", "acme", "  kind probe\n  from watch\n"), "vendor", 0));
	assert_true(confirmed(SEES("version", "1.2", "  kind audit\n  from auditor\n"), "version", 0));
	assert_true(confirmed(SEES("product", "acme-gnb", "  kind audit\n  from auditor\n"), "product", 0));
	assert_false(confirmed(SEES("vendor", "acme", "  kind probe\n  from watch\n"), "version", 0));
	assert_false(
		confirmed(SEES("vendor", "acme", "  kind probe\n  from watch\n"), "vendor", 1)); /* another element */
	assert_false(confirmed(SEES("vendor", "beta", "  kind probe\n  from watch\n"), "vendor",
			       0)); /* it saw something else */
	assert_false(confirmed(SEES("vendor", "acme", "  kind probe\n  from spark\n"), "vendor",
			       0)); /* the operator itself */
	assert_false(confirmed(SEES("vendor", "acme", "  kind audit\n  from Operator\n"), "vendor", 0));
	assert_false(confirmed(SEES("vendor", "acme", "  kind report\n  from paper\n  grade B2\n"), "vendor",
			       0)); /* needs two */
	assert_false(confirmed("evidence e\n  about element e-2\n  says version = 1\n  kind audit\n  from x\n",
			       "version", 1)); /* empty cell */
	assert_false(confirmed(SEES("vendor", "acme", "  kind audit\n  from x\n"), "no-such-column", 0));
}

static void a_vendor_and_its_name_are_one_knower(void **state)
{
	struct evidence_case *c =
		case_clean("evidence a\n  about vendor acme\n  says x = yes\n  kind report\n  from acme\n  grade B2\n"
			   "evidence b\n  about vendor acme\n  says x = yes\n  kind report\n  from ACME\n  grade B2\n"
			   "evidence d\n  about vendor acme\n  says x = yes\n  kind report\n  from Acme\n"
			   "  through paper\n  grade B2\n");
	static const char vendors[] = "vendor,name\nacme,Acme Networks\nbeta,Beta\ngamma,Twin\ndelta,Twin\n";
	struct net_input input = { NET_VENDORS, source_of_memory(c->arena, "vendors.csv", vendors, strlen(vendors)) };
	struct net *net = net_load(c->arena, strs_new(c->arena), &c->diagnostics, &input, 1, NULL, 0, NULL);

	(void)state;
	case_read(
		c,
		"evidence e\n  about vendor acme\n  says x = yes\n  kind report\n  from \"acme networks\"\n  grade B2\n"
		"evidence t\n  about vendor acme\n  says y = yes\n  kind report\n  from Twin\n  grade B2\n"
		"evidence u\n  about vendor acme\n  says y = yes\n  kind report\n  from gamma\n  grade B2\n");
	case_weigh(c, NULL);
	assert_int_equal(vendor_fact(c, "x")->support, 2);
	evidence_check(c->evidence, net);
	case_weigh(c, NULL);
	assert_int_equal(vendor_fact(c, "x")->support, 1);
	assert_int_equal(vendor_fact(c, "x")->status, FACT_UNKNOWN);
	assert_int_equal(vendor_fact(c, "y")->support, 2); /* which Twin? nobody knows */
	case_weigh(c, "Acme Networks");                    /* its id goes with it */
	assert_null(evidence_fact(c->evidence, ABOUT_VENDOR, "acme", "x"));
	case_free(c);
}

static void the_operator_speaks_under_its_name(void **state)
{
	struct evidence_case *c = case_clean(
		"evidence a\n  about vendor acme\n  says x = yes\n  kind report\n  from operator\n  grade B2\n"
		"evidence b\n  about vendor acme\n  says x = yes\n  kind report\n  from Spark\n  grade B2\n");

	(void)state;
	assert_int_equal(vendor_fact(c, "x")->support, 2);
	c->evidence->operator_name = "Spark";
	case_weigh(c, NULL);
	assert_int_equal(vendor_fact(c, "x")->support, 1);
	case_free(c);
}

static void names_that_nobody_has_can_be_asked_for(void **state)
{
	struct evidence_case *c = case_clean(
		"evidence a\n  about vendor acme\n  kind audit\n  from Lab\n  through \"Financial Times\"\n");
	const char *nearest;

	(void)state;
	assert_true(evidence_knows_name(c->evidence, "financial times", &nearest));
	assert_true(evidence_knows_name(c->evidence, "LAB", NULL));
	assert_false(evidence_knows_name(c->evidence, "Finacial Times", &nearest));
	assert_string_equal(nearest, "Financial Times");
	assert_false(evidence_knows_name(c->evidence, "somebody else entirely", &nearest));
	assert_null(nearest);
	case_free(c);
}

/* Three sites; s1 has two elements, s2 one, s3 none; e-4 stands at a site whose traffic nobody states. */
static struct net *inventory(struct evidence_case *c, const char *elements)
{
	static const char vendors[] = "vendor\nacme\nbeta\n";
	static const char products[] = "product,vendor\nacme-gnb,acme\n";
	static const char sites[] = "site,traffic\ns1,60\ns2,30\ns3,500\ns4,\n";
	struct net_input inputs[] = {
		{ NET_VENDORS, source_of_memory(c->arena, "vendors.csv", vendors, strlen(vendors)) },
		{ NET_PRODUCTS, source_of_memory(c->arena, "products.csv", products, strlen(products)) },
		{ NET_SITES, source_of_memory(c->arena, "sites.csv", sites, strlen(sites)) },
		{ NET_ELEMENTS, source_of_memory(c->arena, "elements.csv", elements, strlen(elements)) },
	};
	struct net *net = net_load(c->arena, strs_new(c->arena), &c->diagnostics, inputs, 4, NULL, 0, NULL);

	assert_non_null(net);
	assert_int_equal(c->diagnostics.errors, 0);
	return net;
}

#define SEEN(name, element, says)                                                                                      \
	"evidence " name "\n  about element " element "\n  says " says "\n  kind probe\n  from watch\n"
static const char seen[] = SEEN("a", "e-1", "vendor = acme") SEEN("b", "e-2", "vendor = acme")
	SEEN("c", "e-1", "version = \"1.2\"") SEEN("d", "e-3", "version = \"1.3\"") SEEN("e", "e-4", "vendor = acme")
		SEEN("f", "nobody", "vendor = acme");

static void how_much_of_the_inventory_is_confirmed(void **state)
{
	struct evidence_case *c = case_clean(seen);
	struct confirmation of_sites = evidence_confirmation(
		c->evidence, inventory(c, "element,site,function,product,version\ne-1,s1,gNB,acme-gnb,1.2\n"
					  "e-2,s1,gNB,acme-gnb,1.2\ne-3,s2,gNB,acme-gnb,1.3\ne-4,s4,gNB,acme-gnb,\n"));
	struct confirmation of_elements = evidence_confirmation(
		c->evidence,
		inventory(c, "element,site,function,product,version,traffic\ne-1,s1,gNB,acme-gnb,1.2,7\n"
			     "e-2,s1,gNB,acme-gnb,1.2,\ne-3,s2,gNB,acme-gnb,1.3,1\ne-4,s4,gNB,acme-gnb,,2\n"));

	(void)state;
	assert_int_equal(of_sites.elements, 4);
	assert_int_equal(of_sites.confirmed[CONFIRMED_VENDOR], 3);
	assert_int_equal(of_sites.confirmed[CONFIRMED_VERSION], 2);
	assert_int_equal(of_sites.confirmed[CONFIRMED_BOTH], 1);
	assert_string_equal(of_sites.traffic_of, "sites");
	assert_int_equal(of_sites.traffic_missing, 1); /* s4; the bare s3 has nothing to confirm */
	assert_true(of_sites.traffic == 90 * (wide)MICRO);
	assert_true(of_sites.traffic_confirmed[CONFIRMED_VENDOR] == 60 * (wide)MICRO);
	assert_true(of_sites.traffic_confirmed[CONFIRMED_VERSION] == 30 * (wide)MICRO); /* of s1 only one element */
	assert_true(of_sites.traffic_confirmed[CONFIRMED_BOTH] == 0);
	assert_string_equal(of_elements.traffic_of, "elements");
	assert_int_equal(of_elements.traffic_missing, 1);
	assert_true(of_elements.traffic == 10 * (wide)MICRO);
	assert_true(of_elements.traffic_confirmed[CONFIRMED_VENDOR] == 9 * (wide)MICRO);
	assert_true(of_elements.traffic_confirmed[CONFIRMED_VERSION] == 8 * (wide)MICRO);
	assert_true(of_elements.traffic_confirmed[CONFIRMED_BOTH] == 7 * (wide)MICRO);
	case_free(c);
}

/* An unnamed auditor in the operator's own words may be the operator. */
static void a_voice_without_a_name_confirms_nothing(void **state)
{
	(void)state;
	assert_false(confirmed(SEES("version", "1.2", "  kind audit\n  through Spark\n"), "version", 0));
	assert_false(
		confirmed(SEES("version", "1.2", "  kind audit\n  from anonymous\n  through Paper\n"), "version", 0));
}

static void a_plan_confirms_nothing(void **state)
{
	struct evidence_case *c = case_clean("evidence e\n  about element e-1\n  says vendor = acme\n  kind planned\n"
					     "  from watch\n");
	struct weighing weighing = { .on = day("2024-06-30"), .assume_plan = true };
	struct net *net = network(c);

	(void)state;
	evidence_weigh(c->evidence, &weighing);
	assert_true(evidence_fact(c->evidence, ABOUT_ELEMENT, "e-1", "vendor")->planned);
	assert_false(evidence_confirmed(c->evidence, net, 0, "vendor"));
	assert_int_equal(evidence_confirmation(c->evidence, net).confirmed[CONFIRMED_VENDOR], 0);
	case_free(c);
}

static void traffic_that_nobody_states_is_no_share(void **state)
{
	struct evidence_case *c = case_clean(seen);

	(void)state;
	assert_null(evidence_confirmation(c->evidence, network(c)).traffic_of);
	case_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_nobody_has_are_warned_of),
		cmocka_unit_test(parts_of_products_are_known),
		cmocka_unit_test(promises_that_nobody_made_are_warned_of),
		cmocka_unit_test(somebody_else_confirms_what_the_inventory_says),
		cmocka_unit_test(a_vendor_and_its_name_are_one_knower),
		cmocka_unit_test(the_operator_speaks_under_its_name),
		cmocka_unit_test(names_that_nobody_has_can_be_asked_for),
		cmocka_unit_test(how_much_of_the_inventory_is_confirmed),
		cmocka_unit_test(a_voice_without_a_name_confirms_nothing),
		cmocka_unit_test(a_plan_confirms_nothing),
		cmocka_unit_test(traffic_that_nobody_states_is_no_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
