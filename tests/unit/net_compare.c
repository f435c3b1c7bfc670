/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The difference of two networks.
 *
 * # proviso-deps: base net
 */
#include "net_case.h"

static const char *differences(struct net_case *a, const struct net *left, const struct net *right)
{
	struct sink *s = sink_to_memory(a->arena);
	size_t count, bytes;
	struct net_change *changes = net_compare(a->arena, left, right, &count);

	for (size_t i = 0; i < count; i++) {
		const struct net_change *change = &changes[i];

		sink_printf(s, "%s %s", net_table_singular(change->table), change->id);
		if (change->kind == CHANGE_CELL)
			sink_printf(s, " %s \"%s\" -> \"%s\"\n", change->column, change->before, change->after);
		else
			sink_text(s, change->kind == CHANGE_ADDED ? " added\n" : " removed\n");
	}
	return sink_memory(s, &bytes);
}

static void test_everything(void **state)
{
	struct net_case a, b;

	(void)state;
	case_load(&a, "-- vendors.csv\nvendor,owner\nacme,Fund\nbolt,\n-- sites.csv\nsite,floors\nakl,1\nwlg,2\n"
		      "-- elements.csv\nelement,site,function,addresses,version\nx,akl,AMF,10.0.0.1 "
		      "10.0.0.2,1\ny,akl,SMF,,\nz,akl,UPF,,3\n"
		      "-- links.csv\na,b,reference_point,capacity\nx,y,N11,5\ny,z,N4,\nx,z,ssh,\n");
	case_load(&b, "-- vendors.csv\nvendor,owner\nacme,bolt\nbolt,\n-- "
		      "sites.csv\nsite,floors,color\nwlg,002,red\nakl,one,\n"
		      "-- elements.csv\nelement,site,function,addresses\nw,wlg,NRF,\nx,wlg,AMF,10.0.0.2 "
		      "10.0.0.1\nz,akl,UPF,none\n"
		      "-- links.csv\na,b,reference_point\nx,z,ssh\nx,w,SBI\n");
	assert_string_equal(case_told(&a), "");
	assert_string_equal(case_told(&b), "");
	assert_string_equal(differences(&a, a.net, b.net), "vendor acme owner \"Fund\" -> \"bolt\"\n"
							   "site akl floors \"1\" -> \"one\"\n"
							   "site wlg color \"\" -> \"red\"\n"
							   "element w added\n"
							   "element x site \"akl\" -> \"wlg\"\n"
							   "element x version \"1\" -> \"\"\n"
							   "element y removed\n"
							   "element z addresses \"\" -> \"none\"\n"
							   "element z version \"3\" -> \"\"\n"
							   "link x|w|SBI added\n"
							   "link x|y|N11 removed\n"
							   "link y|z|N4 removed\n");
	assert_string_equal(differences(&a, a.net, a.net), "");
	assert_string_equal(differences(&b, b.net, b.net), "");
	case_free(&a);
	case_free(&b);
}

static void test_links(void **state)
{
	static const char elements[] =
		"-- sites.csv\nsite\nakl\n-- elements.csv\nelement,site,function\nx,akl,AMF\ny,akl,SMF\n";
	struct net_case a, b, c;
	struct arena *arena = arena_new();

	(void)state;
	case_load(&a, arena_printf(arena, "%s%s", elements, "-- links.csv\na,b,capacity\nx,y,1\n"));
	case_load(&b, arena_printf(arena, "%s%s", elements, "-- links.csv\nlink,a,b,capacity\nx|y,x,y,2\nl7,y,x,3\n"));
	case_load(&c, arena_printf(arena, "%s%s", elements, "-- links.csv\na,b,capacity\ny,x,1\nx,y,4\n"));
	assert_string_equal(differences(&a, a.net, b.net), "link l7 added\nlink x|y capacity \"1\" -> \"2\"\n");
	assert_string_equal(differences(&a, b.net, a.net), "link l7 removed\nlink x|y capacity \"2\" -> \"1\"\n");
	assert_string_equal(differences(&a, a.net, c.net), "link x|y capacity \"1\" -> \"4\"\nlink y|x added\n");
	case_free(&a);
	case_free(&b);
	case_free(&c);
	arena_free(arena);
}

static void test_proposal(void **state)
{
	struct net_case c;

	(void)state;
	case_load(&c, "-- vendors.csv\nvendor\nacme\n-- products.csv\nproduct,vendor\np,acme\n-- sites.csv\nsite\nakl\n"
		      "-- elements.csv\nelement,site,function,product\nx,akl,AMF,\ny,akl,SMF,\n"
		      "-- proposal/elements.csv\nelement,product\nx,p\n-y\n");
	assert_string_equal(differences(&c, c.net, c.proposed),
			    "element x product \"\" -> \"p\"\nelement x vendor \"\" -> \"acme\"\nelement y removed\n");
	case_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_proposal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
