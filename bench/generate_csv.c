/* SPDX-License-Identifier: Apache-2.0 */
/* generate_csv: a generated network as the files of a case folder. */
#include "generate.h"

/* Two vendors have one owner, and two one jurisdiction: codes that ISO 3166-1 leaves to users, so that no country is meant. */
static const char *const owners[GENERATED_VENDORS] = { "none", "none", "none", "v2", "Holding H", "Holding H", "none", "none" };
static const char *const jurisdictions[GENERATED_VENDORS] = { "XA", "XB", "XC", "XC", "XD", "XE", "XF", "XG" };

static void vendors_csv(struct sink *out)
{
	sink_text(out, "vendor,name,jurisdiction,owner\n");
	for (int v = 0; v < GENERATED_VENDORS; v++)
		sink_printf(out, "v%d,Invented vendor %d,%s,%s\n", v, v, jurisdictions[v], owners[v]);
}

static const char *const product_of_layer[LAYER_COUNT] = {
	[LAYER_CORE] = "core", [LAYER_MANAGEMENT] = "manager", [LAYER_TRANSPORT] = "router", [LAYER_ACCESS] = "radio",
};

static void products_csv(struct sink *out)
{
	sink_text(out, "product,vendor,lifetime_years,support_until\n");
	for (int v = 0; v < GENERATED_VENDORS; v++)
		for (int l = 0; l < LAYER_COUNT; l++)
			if (product_of_layer[l])
				sink_printf(out, "%s-%d,v%d,%d,%d-12-31\n", product_of_layer[l], v, v, 8 + v % 3, 2027 + v % 4);
}

static void sites_csv(const struct generated *g, struct sink *out)
{
	sink_text(out, "site,lat,lon,region,population,households,traffic,sensitive\n");
	for (uint32_t i = 0; i < g->sites; i++) {
		const struct generated_site *s = &g->site[i];
		sink_printf(out, "s%u,%.4f,%.4f,r%u,%u,%u,%llu,%s\n", i, (double)s->lat, (double)s->lon, s->region, s->population,
			    s->households, (unsigned long long)s->traffic, s->sensitive ? "yes" : "no");
	}
}

static void elements_csv(const struct generated *g, struct sink *out)
{
	sink_text(out, "element,site,function,technology,vendor,product,version,since,managed_by,traffic,synthetic\n");
	for (uint32_t i = 0; i < g->elements; i++) {
		const struct generated_element *e = &g->element[i];
		const struct generated_function *f = &generated_functions[e->function];
		sink_printf(out, "e%u,s%u,%s,%s,", i, e->site, f->name,
			    e->technology < TECHNOLOGY_COUNT ? net_technology_name(e->technology) : "");
		if (e->vendor == VENDOR_NOT_SAID)
			sink_text(out, ",,");
		else
			sink_printf(out, "v%d,%s-%d,", e->vendor, product_of_layer[f->layer], e->vendor);
		sink_printf(out, "%d.%d,%d-%02d-01,", 15 + e->version / 4, e->version % 4, 2015 + e->since / 12, 1 + e->since % 12);
		if (e->managed_by == VENDOR_NOT_SAID)
			sink_text(out, "none,");
		else
			sink_printf(out, "v%d,", e->managed_by);
		sink_printf(out, "%llu,yes\n", (unsigned long long)e->traffic);
	}
}

static void links_csv(const struct generated *g, struct sink *out)
{
	sink_text(out, "a,b,reference_point\n");
	for (uint32_t i = 0; i < g->links; i++)
		sink_printf(out, "e%u,e%u,%s\n", g->link[i].a, g->link[i].b, g->link[i].reference_point);
}

void generated_csv(const struct generated *g, enum net_table_name table, struct sink *out)
{
	switch (table) {
	case NET_VENDORS:
		vendors_csv(out);
		break;
	case NET_PRODUCTS:
		products_csv(out);
		break;
	case NET_SITES:
		sites_csv(g, out);
		break;
	case NET_ELEMENTS:
		elements_csv(g, out);
		break;
	case NET_LINKS:
		links_csv(g, out);
		break;
	case NET_TABLES:
		break;
	}
}

void generated_evidence(struct sink *out)
{
	for (int v = 1; v <= GENERATED_DESIGNATED; v++)
		sink_printf(out,
			    "%sevidence designation-v%d\n  about vendor v%d\n  says designated = yes\n  kind decision\n"
			    "  authority \"an invented authority\"\n  instrument \"an invented notice\"\n"
			    "  scope \"public mobile networks\"\n  factors ownership\n  dated 2020-01-28\n  grade A2\n",
			    v > 1 ? "\n" : "", v, v);
}
