/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what a network is enriched from: the first byte says how (people of places by distance, by a column, by
 * outlines that stand before a form feed; blocks of vendors), the rest is the file. The balance adds up and what is
 * written can be loaded.
 *
 * # proviso-deps: base net
 */
#include "fuzz_inventory.h"

static struct source *text_of(struct arena *arena, const char *name, const char *text)
{
	return source_of_memory(arena, name, text, strlen(text));
}

static void enrich(struct arena *arena, const char *step, struct net_import_job *job, struct source *source)
{
	static const char sites[] = "site,region,lat,lon,population\ns,North,50,8,\nt,South,50.01,8,\nu,,,,7\n",
			  elements[] = "element,site,function,vendor\ne,s,gNB,\nf,t,gNB,acme\ng,u,AMF,\nh,t,eNB,\n",
			  vendors[] = "vendor\nacme\n";
	struct net_input inputs[] = { { NET_SITES, text_of(arena, "sites.csv", sites) },
				      { NET_ELEMENTS, text_of(arena, "elements.csv", elements) },
				      { NET_VENDORS, text_of(arena, "vendors.csv", vendors) } };
	struct source *sources[] = { source };
	struct diagnostics diagnostics;
	struct net_imported *enriched;

	job->importer = net_enricher_find(step);
	job->sources = sources;
	job->source_count = 1;
	job->found = inputs;
	job->found_count = sizeof inputs / sizeof *inputs;
	diagnostics_init(&diagnostics, arena);
	enriched = net_import(arena, job, &diagnostics);
	check(enriched || diagnostics.errors);
	if (enriched) {
		check_balance(&enriched->balance);
		check_loads(arena, enriched);
	}
	diagnostics_free(&diagnostics);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct arena *arena = arena_new();
	struct net_import_job job = { .radius_km = 5, .seed = 3 };
	char how = count ? (char)bytes[0] : 'p';
	struct diagnostics diagnostics;

	bytes += count ? 1 : 0;
	count -= count ? 1 : 0;
	diagnostics_init(&diagnostics, arena);
	if (how == 'r' || how == 'o') {
		job.by = "region";
		job.by_column = "region";
	}
	if (how == 'o') {
		const uint8_t *feed = count ? memchr(bytes, '\f', count) : NULL;
		size_t outlines = feed ? (size_t)(feed - bytes) : count;

		job.outlines = net_outlines_read(arena, source_of_memory(arena, "regions.geojson", bytes, outlines),
						 &diagnostics);
		bytes += feed ? outlines + 1 : count;
		count -= feed ? outlines + 1 : count;
	}
	enrich(arena, how == 'v' ? "vendors" : "population", &job, source_of_memory(arena, "fuzz", bytes, count));
	diagnostics_free(&diagnostics);
	arena_free(arena);
	return 0;
}
