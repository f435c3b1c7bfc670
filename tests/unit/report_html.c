/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTML page: well-formed whatever strangers call their things, needing nothing from outside, small for a large
 * network, the same whatever the order of rows; and where sites stand on its map.
 *
 * # proviso-deps: base lang solve net evidence policy assess plan report
 */
#include "report_case.h"

#include "report/chart.h"

#include <math.h>

static struct net *load(struct report_case *c, const char *vendors, const char *sites, const char *elements)
{
	const char *const texts[] = { vendors, sites, elements };
	static const char *const names[] = { "vendors.csv", "sites.csv", "elements.csv" };
	struct net_input inputs[3];
	struct net *proposed, *net;
	struct diagnostics all;

	diagnostics_init(&all, c->arena);
	for (size_t i = 0; i < 3; i++) {
		assert_true(net_table_of_file(names[i], &inputs[i].table));
		inputs[i].source = source_of_memory(c->arena, names[i], texts[i], strlen(texts[i]));
	}
	net = net_load(c->arena, strs_new(c->arena), &all, inputs, 3, NULL, 0, &proposed);
	assert_non_null(net);
	if (all.errors)
		fail_msg("%s", all.items[0].text);
	diagnostics_free(&all);
	c->of.net = net;
	return net;
}

/* ---- is it HTML? ------------------------------------------------------------------------------------------------ */

/* A page written as XML would be, but for the void elements: each tag is closed, attributes are quoted, no stray sign.
 */
static void assert_well_formed(const char *html)
{
	static const char *const voids[] = { "meta", "br" };
	const char *open[64];
	size_t lengths[64], depth = 0;

	assert_memory_equal(html, "<!DOCTYPE html>\n", 16);
	for (const char *at = html + 16; *at; at++) {
		const char *name;
		size_t length;
		bool closing, is_void = false;

		if (*at == '&') {
			size_t n = strcspn(at, "; <");

			assert_int_equal(at[n], ';');
		}
		assert_int_not_equal(*at, '>');
		if (*at != '<')
			continue;
		closing = at[1] == '/';
		name = at + 1 + closing;
		length = strspn(name, "abcdefghijklmnopqrstuvwxyz123456");
		assert_true(length > 0);
		for (at = name + length; *at != '>'; at++) {
			assert_int_not_equal(*at, 0);
			assert_int_not_equal(*at, '<');
			if (*at == '"' || *at == '\'') {
				at = strchr(at + 1, *at);
				assert_non_null(at);
			}
		}
		for (size_t i = 0; i < 2; i++)
			is_void |= length == strlen(voids[i]) && !memcmp(name, voids[i], length);
		if (is_void || at[-1] == '/')
			continue;
		if (!closing) {
			assert_true(depth < 64);
			open[depth] = name;
			lengths[depth++] = length;
			if (length == 5 && !memcmp(name, "style", 5))
				at = strstr(at, "</style>") - 1;
		} else {
			assert_true(depth > 0);
			depth--;
			if (lengths[depth] != length || memcmp(open[depth], name, length))
				fail_msg("</%.*s> closes <%.*s>", (int)length, name, (int)lengths[depth], open[depth]);
		}
	}
	assert_int_equal(depth, 0);
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)); text++)
		count++;
	return count;
}

/* What a screen reader rests on. */
static void assert_accessible(const char *html)
{
	int level = 0;

	assert_has(html, "<html lang=\"en\">");
	assert_has(html, "<meta name=\"viewport\"");
	for (const char *at = html; (at = strstr(at, "<h")); at++) {
		if (at[2] < '1' || at[2] > '6')
			continue;
		assert_true(at[2] - '0' <= level + 1);
		level = at[2] - '0';
	}
	assert_int_equal(count_of(html, "<h1>"), 1);
	assert_int_equal(count_of(html, "<table"), count_of(html, "<caption>"));
	for (const char *at = html; (at = strstr(at, "role=\"img\"")); at++) {
		const char *title = strchr(at, '>') + 1;

		assert_memory_equal(title, "<title>", 7);
		assert_int_not_equal(title[7], '<');
	}
}

static void assert_self_contained(const char *html)
{
	static const char *const outside[] = { "http:",   "https:",  "//",          "src=",  "<script", "<link",
					       "<iframe", "@import", "javascript:", "url(h", "onload",  "onerror=" };

	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
		assert_lacks(html, outside[i]);
	assert_int_equal(count_of(html, "url("), count_of(html, "url(#"));
}

static void assert_sound(const char *html)
{
	assert_well_formed(html);
	assert_accessible(html);
	assert_self_contained(html);
}

/* ---- pages ------------------------------------------------------------------------------------------------------ */

static const char vendors[] = "vendor,name\nkauri,Kauri Networks\nrata,\n";
static const char sites[] = "site,lat,lon,region\n"
			    "a1,-36.85,174.76,Auckland\na2,-36.9,174.7,Auckland\nw1,-41.29,174.78,Wellington\nx1,,,"
			    "\nc1,-43.95,-176.55,Chatham\n";
static const char elements[] = "element,site,function,vendor\n"
			       "gnb-1,a1,gNB,kauri\ngnb-2,a2,gNB,rata\ngnb-3,w1,gNB,rata\ngnb-4,w1,gNB,kauri\ngnb-5,x1,"
			       "gNB,\ngnb-6,c1,gNB,rata\namf-1,a1,AMF,kauri\n";

static void every_status(struct report_case *c)
{
	for (int status = 0; status < FINDING_STATUSES; status++) {
		struct finding *f = case_finding(c, "access-share", (enum finding_status)status);

		f->group = "Auckland";
		f->surplus = MICRO;
		f = case_finding(c, "core", (enum finding_status)status);
		f->measured = UNIT_COUNT;
		f->unit = "elements";
		f->low = f->high = MICRO;
		f->bound = 0;
		f->witnesses[0] = "gnb-1";
		f->witnesses_kept = f->witness_count = 1;
	}
}

static void page_of_a_network(void **state)
{
	struct report_case *c = case_new();
	const char *html;

	(void)state;
	load(c, vendors, sites, elements);
	every_status(c);
	html = case_html(c);
	assert_sound(html);
	assert_has(html, "<title>Upgrade: fails as it stands</title>");
	assert_has(html, "<p class=\"word\">Fails as it stands</p>");
	assert_has(html, "<blockquote>&ldquo;NCSC, 28 January 2020&rdquo;</blockquote>");
	assert_has(html, "Kauri Networks (kauri)");
	assert_has(html, "1 site without coordinates not drawn.");
	assert_has(html, ">Auckland \xC3\x97</text>");
	assert_lacks(html, "SYNTHETIC");
	case_free(c);
}

static void synthetic_is_said_everywhere(void **state)
{
	struct report_case *c = case_new();

	(void)state;
	load(c, vendors, sites, elements);
	c->a.synthetic = true;
	/* The head, the rules, the map, the vendors, and each printed page. */
	assert_int_equal(count_of(case_html(c), "SYNTHETIC DATA"), 5);
	case_free(c);
}

static void verdicts(void **state)
{
	(void)state;
	for (int v = VERDICT_MANAGEABLE; v <= VERDICT_FAILS; v++) {
		static struct proviso provisos[] = { { .policy = "p",
						       .rule = "r",
						       .what = "replace it",
						       .by = DATE_NONE,
						       .where = "gnb-1",
						       .has_cost = true } };
		struct report_case *c = case_new();

		c->a.verdict = (enum verdict)v;
		c->a.provisos = provisos;
		c->a.proviso_count = 1;
		assert_sound(case_html(c));
		assert_int_equal(count_of(case_html(c), "replace it") > 0,
				 v != VERDICT_NOT_MANAGEABLE && v != VERDICT_FAILS);
		case_free(c);
	}
}

static void hostile_names(void **state)
{
	static const char *const names[] = { HOSTILE_MARKUP,     HOSTILE_TERMINAL, "]]>--><!--",
					     "' onmouseover='x", "\" style=\"x",   "&amp;<b>" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct report_case *c = case_new();
		struct unknown_fact unknown = { names[i], names[i], &names[i], 1, 1 };
		struct policy_silence silence = { names[i], names[i], names[i] };
		struct proviso proviso = { names[i], names[i], names[i], names[i], DATE_NONE, names[i],
					   names[i], names[i], true,     MICRO,    "c1" };
		struct conflict_rule conflict = { names[i], names[i], names[i] };
		struct remedy remedy = { .found = true,
					 .proven_impossible = true,
					 .currency = names[i],
					 .conflict = &conflict,
					 .conflict_count = 1 };
		struct metric_share share = { names[i], PPB, MICRO };
		struct metric metric = { names[i], names[i], &share, 1, PPB, MICRO };
		struct assessment_input input = { names[i], "00" };
		struct sink *cell = sink_to_memory(c->arena);
		const char *html;

		sink_csv(cell, strpbrk(names[i], "\033\177") ? "<i>" : names[i]);
		const char *name = sink_memory(cell, NULL);

		load(c, arena_printf(c->arena, "vendor,name\nv,%s\n", name),
		     arena_printf(c->arena, "site,lat,lon,region\ns,1,1,%s\nt,2,2,b\n", name),
		     "element,site,function,vendor\ne,s,gNB,v\n");
		for (int status = 0; status < FINDING_STATUSES; status++) {
			struct finding *f = case_finding(c, names[i], (enum finding_status)status);

			f->policy = f->statement = f->subject = f->group = f->unit = f->numerator_unit = f->source =
				f->grade = names[i];
			f->note = f->explanation = f->authority = f->kind =
				f->witnesses[0] = names[i];
			f->witnesses_kept = f->witness_count = 1;
			f->by = 0;
			f->waivers = case_waiver(c, 0, names[i]);
			f->waiver_count = 1;
		}
		c->of.title = c->of.operator_name = c->of.network = names[i];
		c->a.findings.unknown = &unknown;
		c->a.silences = &silence;
		c->a.metrics = &metric;
		c->a.inputs = &input;
		c->a.provisos = &proviso;
		c->a.remedy = &remedy;
		c->a.findings.unknown_count = c->a.silence_count = c->a.metric_count = c->a.input_count =
			c->a.proviso_count = 1;
		c->a.verdict = VERDICT_WITH_PROVISOS;
		case_plan(c, names[i]);
		html = case_html(c);
		assert_well_formed(html);
		assert_accessible(html);
		assert_lacks(html, "<script");
		assert_lacks(html, "<b><");
		for (const char *at = html; *at; at++)
			assert_true((unsigned char)*at >= 0x20 || *at == '\n');
		case_free(c);
	}
}

static void a_plan(void **state)
{
	struct report_case *c = case_new();
	const char *html;

	(void)state;
	load(c, vendors, sites, elements);
	case_plan(c, "NZD");
	html = case_html(c);
	assert_sound(html);
	assert_has(html, "It costs <b>100 NZD</b>, from 90 NZD to 130 NZD.");
	assert_has(html, "No plan can be more than 0.5% cheaper. That is proven.");
	assert_has(html, "Costs are uncertain by 30%: plans within 30% are equivalent.");
	/* All is spent in the second quarter: a bar as high as the chart, nothing before. */
	assert_has(html, "y=\"380\" width=\"367\" height=\"0\"><title>2026-Q3: 0 NZD, so far 0 NZD</title>");
	assert_has(html, "y=\"60\" width=\"367\" height=\"320\"><title>2026-Q4: 100 NZD, so far 100 NZD</title>");
	assert_has(html, "at 36%: 70 NZD, 30 NZD less");
	assert_has(html, "at 34%: there is no plan");
	assert_has(html, "Before: sites by vendor");
	assert_has(html, "After: with the plan");
	c->plan->status = PLAN_IMPOSSIBLE;
	html = case_html(c);
	assert_sound(html);
	assert_lacks(html, "After: with the plan");
	assert_lacks(html, "It costs");
	case_free(c);
}

static void order_of_rows_does_not_matter(void **state)
{
	static const char turned_sites[] = "site,region,lon,lat\n"
					   "c1,Chatham,-176.55,-43.95\nx1,,,\nw1,Wellington,174.78,-41.29\na2,Auckland,"
					   "174.7,-36.9\na1,Auckland,174.76,-36.85\n";
	static const char turned_elements[] = "element,site,function,vendor\n"
					      "amf-1,a1,AMF,kauri\ngnb-6,c1,gNB,rata\ngnb-5,x1,gNB,\ngnb-4,w1,gNB,"
					      "kauri\ngnb-3,w1,gNB,rata\ngnb-2,a2,gNB,rata\n"
					      "gnb-1,a1,gNB,kauri\n";
	struct report_case *a = case_new(), *b = case_new();

	(void)state;
	load(a, vendors, sites, elements);
	load(b, "vendor,name\nrata,\nkauri,Kauri Networks\n", turned_sites, turned_elements);
	every_status(a);
	every_status(b);
	assert_string_equal(case_html(a), case_html(b));
	case_free(a);
	case_free(b);
}

static void hundred_thousand_sites(void **state)
{
	struct report_case *c = case_new();
	struct sink *s = sink_to_memory(c->arena), *e = sink_to_memory(c->arena);
	uint32_t random = 1;

	(void)state;
	sink_text(s, "site,lat,lon,region\n");
	sink_text(e, "element,site,function,vendor\n");
	for (int i = 0; i < 100000; i++) {
		random = random * 1664525 + 1013904223;
		sink_printf(s, "s%d,%u.%04u,%u.%04u,region-%d\n", i, 47 + random % 8, random / 8 % 10000,
			    5 + random / 80000 % 10, random / 800000 % 5000, i % 400);
		sink_printf(e, "e%d,s%d,gNB,v%d\n", i, i, i % 13);
	}
	load(c, "vendor\nv0\nv1\nv2\nv3\nv4\nv5\nv6\nv7\nv8\nv9\nv10\nv11\nv12\n", sink_memory(s, NULL),
	     sink_memory(e, NULL));
	for (int i = 0; i < 5200; i++) {
		struct finding *f = case_finding(c, "access-share", i % 2 ? FINDING_BROKEN : FINDING_HOLDS);

		f->group = arena_printf(c->arena, "region-%d", i % 400);
		f->subject = arena_printf(c->arena, "v%d", i / 400);
	}
	assert_true(strlen(case_html(c)) < 1000 * 1000);
	case_free(c);
}

/* ---- the chart -------------------------------------------------------------------------------------------------- */

static bool chart(struct report_case *c, const char *text, struct chart *chart)
{
	return chart_sites(c->arena, load(c, vendors, text, "element,site,function,vendor\n"), 5200, 6600, chart);
}

static void directions_and_aspect(void **state)
{
	struct report_case *c = case_new();
	struct chart m;

	(void)state;
	/* A tenth of a degree of latitude and, at 60 degrees north, two tenths of longitude are the same length. */
	assert_true(chart(c, "site,lat,lon\nmiddle,60,10\nnorth,60.1,10\neast,60,10.2\n", &m));
	assert_int_equal(m.drawn, 3);
	assert_int_equal(m.x[0], m.x[1]);
	assert_int_equal(m.y[0], m.y[2]);
	assert_true(m.y[1] < m.y[0] && m.x[2] > m.x[0]);
	assert_true(labs(labs(m.y[1] - m.y[0]) - labs(m.x[2] - m.x[0])) < 20);
	/* 11.1 km */
	assert_true(fabs((m.x[2] - m.x[0]) * m.km_per_unit - 11.12) < 0.1);
	case_free(c);
}

static void across_the_180th_meridian(void **state)
{
	struct report_case *c = case_new();
	struct chart m;

	(void)state;
	assert_true(chart(c, sites, &m));
	assert_int_equal(m.drawn, 4);
	assert_int_equal(m.without, 1);
	assert_true(m.east - m.west < 20);
	assert_true(m.x[4] > m.x[0]);
	case_free(c);
}

static void places_out_of_reach(void **state)
{
	struct report_case *c = case_new();
	struct sink *s = sink_to_memory(c->arena);
	struct chart m;

	(void)state;
	sink_text(s, "site,lat,lon\nnull-island,0,0\nfar,-85.5,12\nno-number,,12\n");
	for (int i = 0; i < 40; i++)
		sink_printf(s, "s%d,%d.%d,%d.5\n", i, 50 + i % 4, i, 10 + i % 5);
	assert_true(chart(c, sink_memory(s, NULL), &m));
	assert_int_equal(m.drawn, 40);
	assert_int_equal(m.outside, 2);
	assert_int_equal(m.without, 1);
	assert_int_equal(m.x[0], CHART_NOWHERE);
	assert_true(m.west > 5);
	case_free(c);
}

/* As in Lesotho's public cells: one site two degrees off makes a country of one and a half half as large. */
static void one_site_aside(void **state)
{
	struct report_case *c = case_new();
	struct sink *s = sink_to_memory(c->arena);
	struct chart m;

	(void)state;
	sink_text(s, "site,lat,lon\naside,-26.1,28\n");
	for (int i = 0; i < 300; i++)
		sink_printf(s, "s%d,-%d.%02d,%d.%02d\n", i, i % 2 ? 28 : 29, i % 100, i % 3 ? 27 : 28, i * 7 % 100);
	assert_true(chart(c, sink_memory(s, NULL), &m));
	assert_int_equal(m.drawn, 300);
	assert_int_equal(m.outside, 1);
	assert_int_equal(m.x[0], CHART_NOWHERE);
	assert_true(m.north < -27);
	case_free(c);
}

static void one_site_and_none(void **state)
{
	struct report_case *c = case_new();
	struct chart m;

	(void)state;
	assert_true(chart(c, "site,lat,lon\na,52,13\n", &m));
	assert_true(m.x[0] > 2500 && m.x[0] < 2700);
	assert_true(m.height <= 6600);
	assert_false(chart(c, "site\na\n", &m));
	assert_sound(case_html(c));
	case_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(page_of_a_network),
		cmocka_unit_test(synthetic_is_said_everywhere),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(a_plan),
		cmocka_unit_test(order_of_rows_does_not_matter),
		cmocka_unit_test(hundred_thousand_sites),
		cmocka_unit_test(directions_and_aspect),
		cmocka_unit_test(across_the_180th_meridian),
		cmocka_unit_test(places_out_of_reach),
		cmocka_unit_test(one_site_aside),
		cmocka_unit_test(one_site_and_none),
	};

	return cmocka_run_group_tests_name("report html", tests, NULL, NULL);
}
