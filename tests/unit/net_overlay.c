/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A proposal over the present network: what is added, replaced, kept, cleared, taken away. A test is a case as text
 * and the proposed network as it would be written.
 *
 * # proviso-deps: base net
 */
#include "net_case.h"

struct example {
	const char *name, *given, *proposed;
};

#define PRESENT                                                                                                        \
	"-- vendors.csv\nvendor,name\nacme,Acme\nbolt,Bolt\n"                                                          \
	"-- products.csv\nproduct,vendor\nradio,acme\nswitch-9,bolt\n"                                                 \
	"-- sites.csv\nsite,region,population\nakl,north,1000\nwlg,south,500\n"                                        \
	"-- "                                                                                                          \
	"elements.csv\nelement,site,function,vendor,version\ngnb-1,akl,gNB,acme,1\ngnb-2,wlg,gNB,acme,1\namf-1,akl,"   \
	"AMF,bolt,7\n"
#define LINKS         "-- links.csv\na,b,reference_point,capacity\ngnb-1,amf-1,N2,10\ngnb-2,amf-1,N2,20\n"
#define VENDORS_KEPT  "-- vendors.csv\nvendor,name\nacme,Acme\nbolt,Bolt\n"
#define PRODUCTS_KEPT "-- products.csv\nproduct,vendor\nradio,acme\nswitch-9,bolt\n"
#define SITES_KEPT    "-- sites.csv\nsite,region,population\nakl,north,1000\nwlg,south,500\n"
#define ELEMENTS_KEPT                                                                                                  \
	"-- elements.csv\nelement,site,function,layer,vendor,version\ngnb-1,akl,gNB,access,acme,1\n"                   \
	"gnb-2,wlg,gNB,access,acme,1\namf-1,akl,AMF,core,bolt,7\n"

static const struct example examples[] = {
	{ "a file without rows changes nothing", PRESENT "-- proposal/elements.csv\nelement\n",
	  VENDORS_KEPT PRODUCTS_KEPT SITES_KEPT ELEMENTS_KEPT },
	{ "only the columns of the header are replaced, an empty cell keeps, none clears",
	  PRESENT "-- proposal/elements.csv\nversion,element,vendor\n2,gnb-1,\nnone,gnb-2,bolt\n",
	  VENDORS_KEPT PRODUCTS_KEPT SITES_KEPT
	  "-- elements.csv\nelement,site,function,layer,vendor,version\ngnb-1,akl,gNB,access,acme,2\n"
	  "gnb-2,wlg,gNB,access,bolt,none\namf-1,akl,AMF,core,bolt,7\n" },
	{ "measures are kept and cleared like the rest: none of a quantity is 0",
	  PRESENT "-- proposal/sites.csv\nsite,population\nakl,none\nwlg,\n",
	  VENDORS_KEPT PRODUCTS_KEPT
	  "-- sites.csv\nsite,region,population\nakl,north,0\nwlg,south,500\n" ELEMENTS_KEPT },
	{ "new rows come behind the old ones",
	  PRESENT
	  "-- proposal/elements.csv\nelement,site,function\nupf-1,wlg,UPF\n-- proposal/vendors.csv\nvendor\ncord\n",
	  "-- vendors.csv\nvendor,name\nacme,Acme\nbolt,Bolt\ncord,\n" PRODUCTS_KEPT SITES_KEPT
	  "-- elements.csv\nelement,site,function,layer,vendor,version\ngnb-1,akl,gNB,access,acme,1\n"
	  "gnb-2,wlg,gNB,access,acme,1\namf-1,akl,AMF,core,bolt,7\nupf-1,wlg,UPF,core,,\n" },
	{ "an element that goes takes its links along", PRESENT LINKS "-- proposal/elements.csv\nelement\n-gnb-1\n",
	  VENDORS_KEPT PRODUCTS_KEPT SITES_KEPT "-- "
						"elements.csv\nelement,site,function,layer,vendor,version\ngnb-2,wlg,"
						"gNB,access,acme,1\namf-1,akl,AMF,core,bolt,7\n"
						"-- links.csv\na,b,reference_point,capacity\ngnb-2,amf-1,N2,20\n" },
	{ "a site goes with its elements",
	  PRESENT "-- proposal/elements.csv\nelement\n-gnb-2\n-- proposal/sites.csv\nsite\n-wlg\n",
	  VENDORS_KEPT PRODUCTS_KEPT "-- sites.csv\nsite,region,population\nakl,north,1000\n"
				     "-- "
				     "elements.csv\nelement,site,function,layer,vendor,version\ngnb-1,akl,gNB,access,"
				     "acme,1\namf-1,akl,AMF,core,bolt,7\n" },
	{ "a site goes when its elements move",
	  PRESENT "-- proposal/elements.csv\nelement,site\ngnb-2,akl\n-- proposal/sites.csv\nsite\n-wlg\n",
	  VENDORS_KEPT PRODUCTS_KEPT
	  "-- sites.csv\nsite,region,population\nakl,north,1000\n"
	  "-- elements.csv\nelement,site,function,layer,vendor,version\ngnb-1,akl,gNB,access,acme,1\n"
	  "gnb-2,akl,gNB,access,acme,1\namf-1,akl,AMF,core,bolt,7\n" },
	{ "links without ids are known by their ends",
	  PRESENT LINKS "-- proposal/links.csv\nb,a,capacity,reference_point\namf-1,gnb-1,99,NG-C\namf-1,gnb-1,5,ssh\n",
	  VENDORS_KEPT PRODUCTS_KEPT SITES_KEPT ELEMENTS_KEPT
	  "-- links.csv\na,b,reference_point,capacity\ngnb-1,amf-1,N2,99\ngnb-2,amf-1,N2,20\ngnb-1,amf-1,ssh,5\n" },
	{ "and are taken away by them", PRESENT LINKS "-- proposal/links.csv\na,b,reference_point\n-gnb-1,amf-1,N2\n",
	  VENDORS_KEPT PRODUCTS_KEPT SITES_KEPT ELEMENTS_KEPT
	  "-- links.csv\na,b,reference_point,capacity\ngnb-2,amf-1,N2,20\n" },
	{ "a proposal with ids over links without: the ids are made of the ends",
	  PRESENT LINKS "-- proposal/links.csv\nlink,capacity\ngnb-1|amf-1|N2,7\n-gnb-2|amf-1|N2,\n",
	  VENDORS_KEPT PRODUCTS_KEPT SITES_KEPT ELEMENTS_KEPT
	  "-- links.csv\nlink,a,b,reference_point,capacity\ngnb-1|amf-1|N2,gnb-1,amf-1,N2,7\n" },
	{ "links with ids",
	  PRESENT
	  "-- links.csv\nlink,a,b\nl1,gnb-1,amf-1\nl2,gnb-2,amf-1\n-- proposal/links.csv\nlink,b\n-l1\nl2,gnb-1\n",
	  VENDORS_KEPT PRODUCTS_KEPT SITES_KEPT ELEMENTS_KEPT "-- links.csv\nlink,a,b\nl2,gnb-2,gnb-1\n" },
	{ "one's own column is of words where either network has a word in it",
	  PRESENT "-- sites-heights.csv\nsite,height\nchc,030.0\n-- proposal/sites.csv\nsite,height\nakl,tall\n",
	  VENDORS_KEPT PRODUCTS_KEPT "-- "
				     "sites.csv\nsite,region,population,height\nakl,north,1000,tall\nwlg,south,500,"
				     "\nchc,,,030.0\n" ELEMENTS_KEPT },
	{ "a proposal alone is a network that is new as a whole",
	  "-- proposal/sites.csv\nsite\nakl\n-- proposal/elements.csv\nelement,site,function\nx,akl,AMF\n",
	  "-- sites.csv\nsite\nakl\n-- elements.csv\nelement,site,function,layer\nx,akl,AMF,core\n" },
};

static void test_examples(void **state)
{
	bool failed = false;

	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		struct net_case c;
		const char *printed;

		case_load(&c, examples[i].given);
		assert_non_null(c.proposed);
		assert_ptr_equal(c.proposed->present, c.net);
		if (c.diagnostics.errors)
			print_message("%s: %s", examples[i].name, case_told(&c));
		printed = case_printed(&c, c.proposed);
		if (c.diagnostics.errors || strcmp(printed, examples[i].proposed) != 0) {
			print_message("%s:\n%s\nis proposed, not\n%s\n", examples[i].name, printed,
				      examples[i].proposed);
			failed = true;
		}
		case_free(&c);
	}
	assert_false(failed);
}

/* `new` and `changed` are told by the ids and five columns. */
static void test_new_and_changed(void **state)
{
	static const struct {
		const char *id;
		bool new, changed;
	} expected[] = {
		{ "amf-1", false, false }, { "gnb-1", false, true }, { "gnb-2", false, true }, { "gnb-3", true, false },
		{ "host", false, false },  { "gnb-4", false, true }, { "gnb-5", false, true }, { "gnb-6", false, true },
	};
	struct net_case c;

	(void)state;
	case_load(
		&c, PRESENT
		"-- elements-b.csv\nelement,site,function,product\nhost,akl,server,\ngnb-4,akl,gNB,\ngnb-5,akl,gNB,\n"
		"gnb-6,akl,gNB,switch-9\nold,akl,gNB,\n"
		"-- proposal/vendors.csv\nvendor\n-acme\nzeta\n-- proposal/products.csv\nproduct\n-radio\nnew-radio\n"
		"-- "
		"proposal/elements.csv\nelement,site,function,vendor,version,managed_by,product,cluster\n-old,,,,,,,\n"
		"gnb-1,,,zeta,,,,\ngnb-2,,,zeta,2,,,\ngnb-3,akl,gNB,,,,,\namf-1,wlg,,bolt,,,,c7\nhost,,,,,,,c8\n"
		"gnb-4,,eNB,,,,,\ngnb-5,,,,,zeta,,\ngnb-6,,,,,,new-radio,\n");
	assert_string_equal(case_told(&c), "");
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		uint32_t row = net_find_text(c.proposed, NET_ELEMENTS, expected[i].id);

		assert_true(CODE_IS_KNOWN(row));
		assert_int_equal(c.proposed->present_element[row] == CODE_UNKNOWN, expected[i].new);
		if (net_element_changed(c.proposed, row) != expected[i].changed)
			fail_msg("%s", expected[i].id);
	}
	assert_null(c.net->present_element);
	assert_false(net_element_changed(c.net, 0));
	case_free(&c);
}

static void test_counts(void **state)
{
	struct net_case c;

	(void)state;
	case_load(&c, PRESENT LINKS "-- links-more.csv\na,b,reference_point\ngnb-1,gnb-2,Xn-C\namf-1,amf-1,ssh\n"
				    "-- proposal/elements.csv\nelement\n-gnb-1\n-gnb-2\n-- "
				    "proposal/links.csv\na,b,reference_point\n-amf-1,amf-1,ssh\n");
	assert_int_equal(c.proposed->removed_elements, 2);
	assert_int_equal(c.proposed->removed_links, 4);
	assert_int_equal(c.net->removed_links, 0);
	assert_int_equal(c.net->table[NET_LINKS].rows, 4);
	assert_int_equal(c.proposed->table[NET_LINKS].rows, 0);
	assert_true(c.proposed->has_links);
	assert_string_equal(case_told(&c),
			    "proposal/elements.csv:2:1: note links-removed: 2 links go with element \"gnb-1\"\n"
			    "proposal/elements.csv:3:1: note links-removed: 1 link goes with element \"gnb-2\"\n");
	case_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_new_and_changed),
		cmocka_unit_test(test_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
