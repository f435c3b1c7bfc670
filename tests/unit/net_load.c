/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is in a loaded network: codes by type, what is derived, lists, indexes; and that it does not matter how the
 * rows are spread over files or in which order they and their columns stand.
 *
 * # proviso-deps: base net
 */
#include "net_case.h"

static const char whole[] =
	"-- vendors.csv\nvendor,name,jurisdiction,owner\nacme,Acme Corp,CN,State "
	"Fund\nbolt,Bolt,SE,acme\ncord,Cord,none,none\n"
	"-- products.csv\nproduct,vendor,functions,lifetime_years,support_until\nradio,acme,gnb  eNB,8.5,2031-12-31\n"
	"core-9,bolt,AMF SMF,,\n"
	"-- sites.csv\nsite,name,lat,lon,region,population,sensitive,stories\n"
	"akl,\"Auckland, "
	"CBD\",-36.8485,174.7633333,north,1000,yes,007\nwlg,Wellington,-41.28,174.77,south,500.5,no,12.50\n"
	"-- elements.csv\n"
	"element,site,function,technology,layer,product,vendor,version,addresses,since,shared_with,synthetic,hosted_on,"
	"kind\n"
	"gnb-1,akl,gNB,5G-SA,,radio,,1.2,10.0.0.1 10.0.0.2,2020-02-29,,,,old red\n"
	"gnb-2,wlg,gnodeb,5G-NSA,security,,,none,10.0.0.2 10.0.0.1,,other-op,no,,red\n"
	"amf-1,akl,AMF,,,core-9,bolt,,fe80::1,0001-01-01,none,,host,7\n"
	"host,akl,server,,,,,,,9999-12-31,,,,\n"
	"-- links.csv\na,b,reference_point,capacity\ngnb-1,amf-1,N2,1000000\ngnb-2,amf-1,ng-c,\n";

static void test_types(void **state)
{
	struct net_case c;
	const struct net *net;
	size_t count;
	const uint32_t *words;

	(void)state;
	case_load(&c, whole);
	net = c.net;
	assert_string_equal(case_told(&c), "");
	assert_null(c.proposed);
	assert_int_equal(net_column(net, NET_SITES, "stories")->type, TYPE_MEASURE);
	assert_int_equal(net_column(net, NET_ELEMENTS, "kind")->type, TYPE_WORDS);
	assert_false(net_column(net, NET_ELEMENTS, "kind")->known);
	assert_int_equal(net_column(net, NET_SITES, "stories")->measures[1], 12500000);
	assert_int_equal(net_column(net, NET_SITES, "lon")->measures[0], 174763333);
	assert_string_equal(cell_of(net, NET_SITES, "akl", "name"), "Auckland, CBD");
	assert_string_equal(cell_of(net, NET_SITES, "akl", "sensitive"), "yes");
	assert_string_equal(cell_of(net, NET_PRODUCTS, "radio", "functions"), "gNB eNB");
	assert_string_equal(cell_of(net, NET_PRODUCTS, "radio", "support_until"), "2031-12-31");
	assert_string_equal(cell_of(net, NET_PRODUCTS, "core-9", "lifetime_years"), "");
	assert_string_equal(cell_of(net, NET_ELEMENTS, "amf-1", "since"), "0001-01-01");
	assert_int_equal(net_column(net, NET_ELEMENTS, "since")->codes[2], 0);
	assert_int_equal(net_date(net_column(net, NET_ELEMENTS, "since")->codes[0]), 18321);
	assert_string_equal(cell_of(net, NET_ELEMENTS, "host", "since"), "9999-12-31");
	assert_string_equal(cell_of(net, NET_ELEMENTS, "gnb-2", "function"), "gNB");
	assert_string_equal(cell_of(net, NET_ELEMENTS, "gnb-2", "version"), "none");
	assert_int_equal(net_column(net, NET_ELEMENTS, "version")->codes[1], CODE_NONE);
	assert_int_equal(net_column(net, NET_ELEMENTS, "version")->codes[2], CODE_UNKNOWN);
	assert_string_equal(cell_of(net, NET_ELEMENTS, "amf-1", "hosted_on"), "host");
	assert_string_equal(cell_of(net, NET_ELEMENTS, "amf-1", "kind"), "7");
	words = net_words(net, net_column(net, NET_ELEMENTS, "kind")->codes[0], &count);
	assert_int_equal(count, 2);
	assert_true(words[0] < words[1]);
	assert_int_equal(net_words(net, net_column(net, NET_ELEMENTS, "kind")->codes[1], &count)[0],
			 strs_find(c.strs, "red", 3));
	assert_false(net->synthetic);
	assert_true(net->has_links);
	case_free(&c);
}

static void test_derived(void **state)
{
	struct net_case c;
	const struct net *net;

	(void)state;
	case_load(&c, whole);
	net = c.net;
	/* The layer is the function's where none is given, the vendor the product's. */
	assert_string_equal(cell_of(net, NET_ELEMENTS, "gnb-1", "layer"), "access");
	assert_string_equal(cell_of(net, NET_ELEMENTS, "gnb-2", "layer"), "security");
	assert_string_equal(cell_of(net, NET_ELEMENTS, "gnb-1", "vendor"), "acme");
	assert_string_equal(cell_of(net, NET_ELEMENTS, "gnb-2", "vendor"), "");
	/* An owner is a vendor or a name. */
	assert_string_equal(cell_of(net, NET_VENDORS, "acme", "owner"), "State Fund");
	assert_int_equal(net_column(net, NET_VENDORS, "owner")->codes[0], CODE_NONE);
	assert_string_equal(cell_of(net, NET_VENDORS, "acme", "owner_name"), "State Fund");
	assert_int_equal(net_column(net, NET_VENDORS, "owner")->codes[1], 0);
	assert_int_equal(net_column(net, NET_VENDORS, "owner_name")->codes[2], CODE_NONE);
	assert_int_equal(net_group_of(net, 1), 0);
	assert_int_equal(net_group_of(net, 2), 2);
	/* Elements by site. */
	assert_int_equal(net->site_first[0], 0);
	assert_int_equal(net->site_first[1], 3);
	assert_int_equal(net->site_first[2], 4);
	assert_int_equal(net->site_elements[0], 0);
	assert_int_equal(net->site_elements[1], 2);
	assert_int_equal(net->site_elements[2], 3);
	assert_int_equal(net->site_elements[3], 1);
	/* Links without ids have them made. */
	assert_null(net->table[NET_LINKS].ids);
	assert_string_equal(net_id(net, NET_LINKS, 1), "gnb-2|amf-1|N2");
	assert_int_equal(net_find_text(net, NET_LINKS, "gnb-2|amf-1|N2"), 1);
	assert_int_equal(net_find_text(net, NET_LINKS, "gnb-2|amf-1"), CODE_UNKNOWN);
	assert_int_equal(net_find_text(net, NET_LINKS, "nothing"), CODE_UNKNOWN);
	assert_int_equal(net_find_text(net, NET_ELEMENTS, "nothing"), CODE_UNKNOWN);
	assert_int_equal(net_find(net, NET_ELEMENTS, strs_find(c.strs, "akl", 3)), CODE_UNKNOWN);
	assert_string_equal(net_place(net, NET_ELEMENTS, 2).file, "elements.csv");
	assert_int_equal(net_place(net, NET_ELEMENTS, 2).line, 4);
	case_free(&c);
}

/* These columns are there whatever the files hold. */
static void test_always(void **state)
{
	static const struct {
		enum net_table_name table;
		const char *columns;
	} always[] = {
		{ NET_ELEMENTS,
		  "site function technology layer vendor product version managed_by hosted_on part_of anchor since" },
		{ NET_PRODUCTS, "vendor" },
		{ NET_LINKS, "a b reference_point" },
		{ NET_VENDORS, "jurisdiction owner owner_name" },
		{ NET_SITES, "region" },
	};
	static const char *const cases[] = {
		"",
		"-- sites.csv\nsite\nakl\n-- elements.csv\nelement,site,function\nx,akl,AMF\n-- "
		"vendors.csv\nvendor\nacme\n",
	};

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct net_case c;

		case_load(&c, cases[k]);
		for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
			char words[200], *name, *rest = words;

			strcpy(words, always[i].columns);
			while ((name = strtok_r(rest, " ", &rest)) != NULL) {
				const struct net_column *column = net_column(c.net, always[i].table, name);

				assert_non_null(column);
				assert_non_null(column->codes);
			}
		}
		if (k)
			assert_int_equal(net_column(c.net, NET_ELEMENTS, "vendor")->codes[0], CODE_UNKNOWN);
		assert_null(net_column(c.net, NET_ELEMENTS, "traffic"));
		case_free(&c);
	}
}

/* The same rows in two files, in another order, with the columns in another order, CRLF and a byte order mark. */
static void test_split_and_permuted(void **state)
{
	static const char split[] =
		"-- links-south.csv\nreference_point,b,a\nN2,amf-1,gnb-2\n"
		"-- elements-2.csv\nkind,hosted_on,element,function,site,product,since,shared_with,addresses\n"
		",,host,server,akl,,9999-12-31,,\n7,host,amf-1,AMF,akl,core-9,0001-01-01,none,fe80::1\n"
		"-- vendors.csv\nowner,vendor,name,jurisdiction\nacme,bolt,Bolt,SE\nnone,cord,Cord,none\n"
		"-- sites.csv\n\xEF\xBB\xBF"
		"stories,sensitive,site,name,lat,lon,region,population\r\n"
		"12.50,no,wlg,Wellington,-41.28,174.77,south,500.5\r\n7,yes,akl,\"Auckland, "
		"CBD\",-36.8485,174.763333,north,1000\r\n"
		"-- "
		"elements.csv\nsynthetic,element,site,function,technology,layer,product,version,addresses,since,shared_"
		"with,kind\n"
		"no,gnb-2,wlg,gNB,5G-NSA,security,,none,10.0.0.2 10.0.0.1,,other-op,red\n"
		",gnb-1,akl,gNB,5G-SA,access,radio,1.2,10.0.0.1 10.0.0.2,2020-02-29,,red old\n"
		"-- products.csv\nfunctions,product,vendor,support_until,lifetime_years\nSMF AMF,core-9,bolt,,\n"
		"eNB gNB,radio,acme,2031-12-31,8.5\n"
		"-- links.csv\ncapacity,a,b,reference_point\n1000000,gnb-1,amf-1,N2\n"
		"-- vendors-2.csv\nvendor,name,jurisdiction,owner\nacme,Acme Corp,CN,State Fund\n";
	struct net_case a, b;
	struct net_change *changes;
	size_t count;

	(void)state;
	case_load(&a, whole);
	case_load(&b, split);
	assert_string_equal(case_told(&b), "");
	changes = net_compare(a.arena, a.net, b.net, &count);
	for (size_t i = 0; i < count; i++)
		print_message("%s %s %s: %s -> %s\n", net_table_file(changes[i].table), changes[i].id,
			      changes[i].column, changes[i].before, changes[i].after);
	assert_int_equal(count, 0);
	case_free(&a);
	case_free(&b);
}

/* What is written is read as the same network, and written the same. */
static void test_printed(void **state)
{
	struct net_case a, b;
	const char *printed;
	size_t count;

	(void)state;
	case_load(&a, whole);
	printed = case_printed(&a, a.net);
	case_load(&b, printed);
	assert_string_equal(case_told(&b), "");
	assert_string_equal(case_printed(&b, b.net), printed);
	net_compare(a.arena, a.net, b.net, &count);
	assert_int_equal(count, 0);
	case_free(&a);
	case_free(&b);
}

/* More distinct values than a column's cache holds, and more rows than fit the first columns. */
static void test_many(void **state)
{
	struct arena *a = arena_new();
	struct sink *s = sink_to_memory(a);
	struct net_case c;
	char id[32], site[32];
	size_t bytes;

	(void)state;
	sink_text(s, "-- elements.csv\nelement,site,function,version,addresses,hosted_on,height\n");
	for (unsigned i = 0; i < 20000; i++)
		sink_printf(s, "e%u,s%u,%s,v%u,10.0.%u.%u,e%u,%u\n", i, i * 7919 % 10007, i % 3 ? "AMF" : "SMF",
			    i % 5000, i >> 8, i & 255, i + 1, i);
	sink_text(s, "e20000,s0,server,,,,\n-- sites.csv\nsite,name\n");
	for (unsigned i = 0; i < 10007; i++)
		sink_printf(s, "s%u,Site number %u\n", i, i);
	case_load(&c, sink_memory(s, &bytes));
	assert_string_equal(case_told(&c), "");
	for (unsigned i = 0; i < 20000; i += 777) {
		snprintf(id, sizeof id, "e%u", i);
		snprintf(site, sizeof site, "s%u", i * 7919 % 10007);
		assert_int_equal(net_find_text(c.net, NET_ELEMENTS, id), i);
		assert_string_equal(cell_of(c.net, NET_ELEMENTS, id, "site"), site);
		assert_int_equal(net_column(c.net, NET_ELEMENTS, "hosted_on")->codes[i], i + 1);
		snprintf(id, sizeof id, "v%u", i % 5000);
		assert_string_equal(strs_text(c.strs, net_column(c.net, NET_ELEMENTS, "version")->codes[i]), id);
		assert_int_equal(net_column(c.net, NET_ELEMENTS, "height")->measures[i], (int64_t)i * MICRO);
	}
	case_free(&c);
	arena_free(a);
}

static void test_table_of_file(void **state)
{
	enum net_table_name table;

	(void)state;
	assert_true(net_table_of_file("elements.csv", &table) && table == NET_ELEMENTS);
	assert_true(net_table_of_file("a/b/links-north.csv", &table) && table == NET_LINKS);
	assert_false(net_table_of_file("elementsx.csv", &table));
	assert_false(net_table_of_file("elements.csv.bak", &table));
	assert_false(net_table_of_file("elements", &table));
	assert_false(net_table_of_file("", &table));
	assert_string_equal(net_table_file(NET_SITES), "sites.csv");
	assert_string_equal(net_table_singular(NET_SITES), "site");
}

static void test_synthetic(void **state)
{
	struct net_case c;

	(void)state;
	case_load(&c, "-- sites.csv\nsite,synthetic\nakl,\nwlg,yes\n");
	assert_true(c.net->synthetic);
	assert_false(c.net->has_links);
	case_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),         cmocka_unit_test(test_derived),
		cmocka_unit_test(test_always),        cmocka_unit_test(test_split_and_permuted),
		cmocka_unit_test(test_printed),       cmocka_unit_test(test_many),
		cmocka_unit_test(test_table_of_file), cmocka_unit_test(test_synthetic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
