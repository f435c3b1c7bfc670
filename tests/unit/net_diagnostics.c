/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What loading says: each code with its exact words and place. A test is a case as text and all that is told about it.
 *
 * # proviso-deps: base net
 */
#include "net_case.h"

struct example {
	const char *name, *given, *told;
};

#define VENDORS  "-- vendors.csv\nvendor\nacme\nbolt\n"
#define PRODUCTS "-- products.csv\nproduct,vendor\nradio,acme\n"
#define SITES    "-- sites.csv\nsite\nakl\nwlg\n"
#define ELEMENTS "-- elements.csv\nelement,site,function\ngnb-1,akl,gNB\namf-1,akl,AMF\n"

static const struct example examples[] = {
	{ "nothing at all", "", "" },
	{ "a vendor that is not there",
	  VENDORS SITES "-- elements.csv\nelement,site,function,vendor\ngnb-1,akl,gNB,acmee\n",
	  "elements.csv:2:15: error dangling-reference: vendor \"acmee\" is not in vendors.csv (did you mean "
	  "\"acme\"?)\n" },
	{ "a site and a product that are not there",
	  VENDORS PRODUCTS SITES "-- elements.csv\nelement,product,site,function\ngnb-1,antenna-farm,paris,gNB\n",
	  "elements.csv:2:7: error dangling-reference: product \"antenna-farm\" is not in products.csv\n"
	  "elements.csv:2:20: error dangling-reference: site \"paris\" is not in sites.csv\n" },
	{ "ends of links that are not there",
	  SITES ELEMENTS "-- links.csv\na,b,reference_point\ngnb-1,amf-2,N2\n  gnb-9 , amf-1,N2\n",
	  "links.csv:2:7: error dangling-reference: b \"amf-2\" is not in elements.csv (did you mean \"amf-1\"?)\n"
	  "links.csv:3:3: error dangling-reference: a \"gnb-9\" is not in elements.csv (did you mean \"gnb-1\"?)\n" },
	{ "hosts, wholes and anchors that are not there",
	  SITES
	  "-- elements.csv\nelement,site,function,hosted_on,part_of,anchor,managed_by\nx,akl,AMF,one,two,three,four\n",
	  "elements.csv:2:11: error dangling-reference: hosted_on \"one\" is not in elements.csv\n"
	  "elements.csv:2:15: error dangling-reference: part_of \"two\" is not in elements.csv\n"
	  "elements.csv:2:19: error dangling-reference: anchor \"three\" is not in elements.csv\n"
	  "elements.csv:2:25: error dangling-reference: managed_by \"four\" is not in vendors.csv\n" },
	{ "a function that nobody knows",
	  SITES "-- elements.csv\nelement,site,function\nx,akl,gNBB\ny,akl,toaster-oven\n",
	  "elements.csv:2:7: error unknown-function: function \"gNBB\" is not known (did you mean \"gNB\"?)\n"
	  "elements.csv:3:7: error unknown-function: function \"toaster-oven\" is not known\n" },
	{ "a product's functions", VENDORS "-- products.csv\nproduct,vendor,functions\nradio,acme,gNB AFM\n",
	  "products.csv:2:16: error unknown-function: function \"AFM\" is not known (did you mean \"AMF\"?)\n" },
	{ "a reference point that nobody knows",
	  SITES ELEMENTS "-- links.csv\na,b,reference_point\ngnb-1,amf-1,netcomf\n",
	  "links.csv:2:13: error unknown-reference-point: reference point \"netcomf\" is not known (did you mean "
	  "\"netconf\"?)\n" },
	{ "one id twice", "-- vendors.csv\nvendor,name\nacme,A\nbolt,B\nacme,C\n-- vendors-more.csv\nvendor\nbolt\n",
	  "vendors.csv:4:1: error duplicate-id: vendor \"acme\" is already at vendors.csv:2\n"
	  "vendors-more.csv:2:1: error duplicate-id: vendor \"bolt\" is already at vendors.csv:3\n" },
	{ "one link twice, without ids",
	  SITES ELEMENTS "-- links.csv\na,b,reference_point\ngnb-1,amf-1,N2\ngnb-1,amf-1,ssh\ngnb-1,amf-1,NG-C\n",
	  "links.csv:4:1: error duplicate-id: link \"gnb-1|amf-1|N2\" is already at links.csv:2\n" },
	{ "one link twice, in a file with ids and one without",
	  SITES ELEMENTS "-- links.csv\na,b\ngnb-1,amf-1\n-- links-b.csv\nlink,a,b\n,gnb-1,amf-1\n",
	  "links-b.csv:2:1: error duplicate-id: link \"gnb-1|amf-1\" is already at links.csv:2\n" },
	{ "ids that can't be", "-- vendors.csv\nvendor,name\n,A\nnone,B\n-acme,C\n\"ac\nme\",D\n",
	  "vendors.csv:2:1: error empty-key: this vendor has no id\n"
	  "vendors.csv:3:1: error bad-id: \"none\" can't be the id of a vendor: it means that there is none\n"
	  "vendors.csv:4:1: error bad-id: the id of this vendor begins with a minus, which takes a row away and stands "
	  "in "
	  "proposals only\n"
	  "vendors.csv:5:1: error bad-id: the id of this vendor holds a control character\n" },
	{ "cells that have to be filled",
	  SITES "-- elements.csv\nelement,site,function\nx,,AMF\ny,none,AMF\n"
		"-- links.csv\na,b\nx,\n",
	  "elements.csv:2:3: error missing-cell: element \"x\" has no site\n"
	  "elements.csv:3:3: error missing-cell: element \"y\" has no site\n"
	  "links.csv:2:3: error missing-cell: link \"x|\" has no b\n" },
	{ "a missing column", "-- elements.csv\nelement,site\nx,akl\n",
	  "elements.csv:1:1: error missing-column: elements.csv misses column \"function\"\n" },
	{ "missing columns, one written wrongly", "-- elements.csv\nelement,functon\nx,AMF\n",
	  "elements.csv:1:9: warning own-column: column \"functon\" is not known and is read as one of your own (did "
	  "you mean "
	  "\"function\"?)\n"
	  "elements.csv:1:9: error missing-column: elements.csv misses columns \"site\", \"function\" (did you mean "
	  "\"function\" "
	  "by \"functon\"?)\n" },
	{ "nothing is said about what a file that could not be read might have held",
	  "-- sites.csv\nname\nAuckland\n-- elements.csv\nelement,site,function\nx,akl,AMF\n",
	  "sites.csv:1:1: error missing-column: sites.csv misses column \"site\"\n" },
	{ "an empty file", "-- sites.csv\n",
	  "sites.csv:1:1: error missing-column: sites.csv misses column \"site\"\n" },
	{ "a column twice, one without a name, one that is ours",
	  "-- vendors.csv\nvendor,name,name,,owner_name\nacme,A,B,C,D\n",
	  "vendors.csv:1:13: error duplicate-column: column \"name\" is there twice\n"
	  "vendors.csv:1:19: error bad-column: column \"owner_name\" is filled in by proviso and can't be given\n"
	  "vendors.csv:2:10: error too-many-cells: this cell stands in a column without a name\n" },
	{ "more cells than columns", "-- sites.csv\nsite,name\nakl,Auckland,here\nwlg,Wellington,,\n",
	  "sites.csv:2:14: error too-many-cells: this row has 3 cells, its header 2\n" },
	{ "numbers",
	  "-- "
	  "sites.csv\nsite,population,lat,lon,traffic\nakl,many,90.5,180,1e9\nwlg,-3,,-181,35%\nchc,9223372036855,,,\n",
	  "sites.csv:2:5: error bad-number: population \"many\" is not a number\n"
	  "sites.csv:2:10: error number-range: lat \"90.5\" is not within -90 to 90\n"
	  "sites.csv:2:19: error bad-number: traffic \"1e9\" is not a number\n"
	  "sites.csv:3:5: error number-range: population \"-3\" is negative\n"
	  "sites.csv:3:9: error number-range: lon \"-181\" is not within -180 to 180\n"
	  "sites.csv:3:14: error bad-number: traffic \"35%\" is a share, not a number\n"
	  "sites.csv:4:5: error number-overflow: population \"9223372036855\" is more than 9223372036854\n" },
	{ "numbers that are finer than 10^-6 are rounded, and that is told once",
	  "-- sites.csv\nsite,lat,traffic\nakl,1.00000049999,1.0000005\nwlg,1,2.0000005\n",
	  "sites.csv:2:19: warning number-rounded: numbers in column \"traffic\" have more than six decimals and are "
	  "rounded, "
	  "here first\n" },
	{ "a number in a column of one's own that is too large",
	  "-- sites.csv\nsite,cables\nakl,12345678901234567890\nwlg,1\n",
	  "sites.csv:2:5: error number-overflow: a number in column \"cables\" is more than 9223372036854\n" },
	{ "a long serial number is no fault in a column of words",
	  "-- sites.csv\nsite,serial\nakl,12345678901234567890\nwlg,A1\n", "" },
	{ "dates, words, yes and no",
	  VENDORS SITES
	  "-- "
	  "elements.csv\nelement,site,function,since,layer,technology,synthetic\nx,akl,AMF,2023-02-30,cor,5G,maybe\n",
	  "elements.csv:2:11: error bad-date: since \"2023-02-30\" is not a date (YYYY-MM-DD)\n"
	  "elements.csv:2:22: error bad-word: layer \"cor\" is none of core, access, transport, management, "
	  "interception, "
	  "security, external (did you mean \"core\"?)\n"
	  "elements.csv:2:26: error bad-word: technology \"5G\" is none of 2G, 3G, 4G, 5G-NSA, 5G-SA, fixed\n"
	  "elements.csv:2:29: error bad-word: synthetic \"maybe\" is neither yes nor no\n" },
	{ "jurisdictions", "-- vendors.csv\nvendor,jurisdiction\na,cn\nb,UK\nc,XK\nd,QA\n",
	  "vendors.csv:2:3: error bad-word: jurisdiction \"cn\" is not two capital letters (ISO 3166-1 alpha-2)\n"
	  "vendors.csv:3:3: warning unknown-jurisdiction: jurisdiction \"UK\" is no code of ISO 3166-1 (did you mean "
	  "\"GB\"?)\n" },
	{ "an element's vendor and its product's",
	  VENDORS PRODUCTS SITES "-- "
				 "elements.csv\nelement,site,function,product,vendor\nx,akl,gNB,radio,bolt\ny,akl,gNB,"
				 "radio,acme\nz,akl,gNB,radio,\n",
	  "elements.csv:2:17: error vendor-differs: vendor \"bolt\" of element \"x\" is not \"acme\", the vendor of "
	  "its product "
	  "\"radio\"\n" },
	{ "owners in a circle", "-- vendors.csv\nvendor,owner\na,b\nb,c\nc,b\nd,d\n",
	  "vendors.csv:3:3: error owner-circle: vendor \"b\" owns itself: b, c, b\n"
	  "vendors.csv:5:3: error owner-circle: vendor \"d\" owns itself: d, d\n" },
	{ "hosts, parts and anchors in a circle",
	  SITES "-- elements.csv\nelement,site,function,hosted_on,part_of,anchor\nx,akl,AMF,y,x,y\ny,akl,AMF,x,,x\n",
	  "elements.csv:2:11: error host-circle: element \"x\" is hosted on itself: x, y, x\n"
	  "elements.csv:2:13: error part-circle: element \"x\" is part of itself: x, x\n"
	  "elements.csv:2:15: error anchor-circle: element \"x\" is its own anchor: x, y, x\n" },
	{ "access elements without links",
	  "-- sites.csv\nsite\nakl\nwlg\n-- elements.csv\nelement,site,function\ngnb-1,akl,gNB\namf-1,wlg,AMF\ngnb-2,wlg,gNB\n"
	  "-- links.csv\na,b\namf-1,amf-1\n",
	  "elements.csv:2:0: warning unlinked-access: access element \"gnb-1\" has no link, nor has its site: whether it "
	  "is served is unknown\n" },
	{ "many access elements without links",
	  SITES
	  "-- elements.csv\nelement,site,function\n1,akl,gNB\n2,akl,gNB\n3,akl,gNB\n4,akl,gNB\n5,akl,gNB\n6,akl,gNB\n"
	  "7,akl,gNB\n8,akl,gNB\n9,akl,gNB\n10,akl,gNB\n11,akl,gNB\n-- links.csv\na,b\n",
	  "elements.csv:2:0: warning unlinked-access: 11 access elements have no link, nor has their site, \"1\" first: "
	  "whether they are served is unknown\n" },
	{ "a column that is written almost like a known one",
	  VENDORS SITES "-- elements.csv\nelement,site,function,Vendor,height\nx,akl,AMF,acme,3\n",
	  "elements.csv:1:23: warning own-column: column \"Vendor\" is not known and is read as one of your own (did "
	  "you mean "
	  "\"vendor\"?)\n" },
	{ "removing what is not there",
	  VENDORS SITES ELEMENTS "-- proposal/elements.csv\nelement,version\n-gnb-2\n-proxy-of-old,1\n",
	  "proposal/elements.csv:2:1: error absent-id: element \"gnb-2\" can't be removed: it is not in the present "
	  "network (did "
	  "you mean \"gnb-1\"?)\n"
	  "proposal/elements.csv:3:1: error absent-id: element \"proxy-of-old\" can't be removed: it is not in the "
	  "present "
	  "network\n" },
	{ "removing a link that is not there",
	  SITES ELEMENTS "-- links.csv\na,b,reference_point\ngnb-1,amf-1,N2\n"
			 "-- proposal/links.csv\na,b,reference_point\n-gnb-1,amf-1,N3\n",
	  "proposal/links.csv:2:1: error absent-id: link \"gnb-1|amf-1|N3\" can't be removed: it is not in the present "
	  "network\n" },
	{ "removing a site that keeps elements", SITES ELEMENTS "-- proposal/sites.csv\nsite\n-akl\n-wlg\n",
	  "proposal/sites.csv:2:1: error site-keeps-elements: site \"akl\" can't be removed: 2 elements are at it, "
	  "\"gnb-1\" "
	  "first\n" },
	{ "removing what others refer to",
	  VENDORS PRODUCTS SITES
	  "-- elements.csv\nelement,site,function,product,hosted_on\nx,akl,AMF,radio,y\ny,akl,server,,\n"
	  "-- proposal/products.csv\nproduct\n-radio\n-- proposal/elements.csv\nelement\n-y\n",
	  "elements.csv:2:11: error dangling-reference: product \"radio\" of element \"x\" is removed at "
	  "proposal/products.csv:2\n"
	  "elements.csv:2:17: error dangling-reference: hosted_on \"y\" of element \"x\" is removed at "
	  "proposal/elements.csv:2\n" },
	{ "a new link to a removed element",
	  SITES ELEMENTS "-- links.csv\na,b\ngnb-1,amf-1\n-- proposal/elements.csv\nelement\n-gnb-1\n"
			 "-- proposal/links.csv\na,b,reference_point\ngnb-1,amf-1,N2\n",
	  "proposal/elements.csv:2:1: note links-removed: 1 link goes with element \"gnb-1\"\n"
	  "proposal/links.csv:2:1: error dangling-reference: a \"gnb-1\" of link \"gnb-1|amf-1|N2\" is removed at "
	  "proposal/elements.csv:2\n" },
	{ "links that go with their elements",
	  SITES ELEMENTS "-- links.csv\na,b,reference_point\ngnb-1,amf-1,N2\namf-1,gnb-1,ssh\n"
			 "-- proposal/elements.csv\nelement\n-gnb-1\n",
	  "proposal/elements.csv:2:1: note links-removed: 2 links go with element \"gnb-1\"\n" },
	{ "what is wrong in the present network is not told again for the proposed one",
	  VENDORS SITES "-- elements.csv\nelement,site,function,vendor\nx,akl,AMF,acmee\ny,,AMF,\n"
			"-- proposal/elements.csv\nelement,version\nx,2\n",
	  "elements.csv:2:11: error dangling-reference: vendor \"acmee\" is not in vendors.csv (did you mean "
	  "\"acme\"?)\n"
	  "elements.csv:3:3: error missing-cell: element \"y\" has no site\n" },
	{ "a new element of a proposal needs a site, a known one keeps its own",
	  VENDORS SITES ELEMENTS "-- proposal/elements.csv\nelement,version\ngnb-1,2\ngnb-2,2\n",
	  "proposal/elements.csv:3:0: error missing-cell: element \"gnb-2\" has no site\n" },
	{ "a proposal without ids, and links without ends",
	  "-- proposal/elements.csv\nsite\nakl\n-- proposal/links.csv\na,reference_point\nx,N2\n",
	  "proposal/elements.csv:1:1: error missing-column: elements.csv misses column \"element\"\n"
	  "proposal/links.csv:1:1: error missing-column: links.csv misses column \"b\"\n" },
	{ "one id twice in a proposal", VENDORS "-- proposal/vendors.csv\nvendor,name\n-acme\nacme,A\n",
	  "proposal/vendors.csv:3:1: error duplicate-id: vendor \"acme\" is already at proposal/vendors.csv:2\n" },
	{ "a quoted cell with spaces, and a row that is spread over lines",
	  VENDORS
	  "-- sites.csv\nsite,name\n\" akl \",\"Auck\nland\"\n-- elements.csv\nelement,version,site,function,vendor\n"
	  "x,\"1\n2\",akl,AMF,acmee\n",
	  "elements.csv:2:0: error dangling-reference: vendor \"acmee\" is not in vendors.csv (did you mean "
	  "\"acme\"?)\n" },
	{ "addresses",
	  SITES "-- elements.csv\nelement,site,function,addresses\nx,akl,AMF,10.0.0.1 10.0.0.300 fe80::1 "
		"2001:db8::/129 amf.example\n",
	  "elements.csv:2:20: error bad-address: \"10.0.0.300\" is no address\n"
	  "elements.csv:2:39: error bad-address: \"2001:db8::/129\" is no address\n" },
};

static void test_examples(void **state)
{
	bool failed = false;

	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		struct net_case c;
		const char *told;

		case_load(&c, examples[i].given);
		told = case_told(&c);
		if (strcmp(told, examples[i].told) != 0) {
			print_message("%s:\n%s\nis told, not\n%s\n", examples[i].name, told, examples[i].told);
			failed = true;
		}
		case_free(&c);
	}
	assert_false(failed);
}

/* What is told has an end, and the rest is counted. */
static void test_limit(void **state)
{
	struct arena *a = arena_new();
	struct sink *s = sink_to_memory(a);
	struct net_case c;
	size_t bytes;

	(void)state;
	sink_text(s, SITES "-- elements.csv\nelement,site,function\n");
	for (int i = 0; i < 3000; i++)
		sink_printf(s, "e%d,nowhere%d,AMF\n", i, i);
	case_load(&c, sink_memory(s, &bytes));
	assert_int_equal(c.diagnostics.count, LIMIT_DIAGNOSTICS);
	assert_int_equal(c.diagnostics.errors, 3000);
	case_free(&c);
	arena_free(a);
}

/* A small file can't fill the machine: short rows under a wide header. */
static void test_wide(void **state)
{
	struct arena *a = arena_new();
	struct sink *s = sink_to_memory(a);
	struct net_case c;
	size_t bytes;

	(void)state;
	sink_text(s, "-- sites.csv\nsite");
	for (int i = 0; i < 500; i++)
		sink_printf(s, ",own%d", i);
	for (int i = 0; i < 100000; i++)
		sink_printf(s, "\n%d", i);
	case_load(&c, sink_memory(s, &bytes));
	assert_int_equal(c.diagnostics.count, 1);
	assert_string_equal(c.diagnostics.items[0].code, "too-wide");
	assert_true(c.net->table[NET_SITES].rows < 50000);
	case_free(&c);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_wide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
