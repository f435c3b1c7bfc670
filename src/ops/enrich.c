/* SPDX-License-Identifier: Apache-2.0 */
/* proviso enrich: what no source has is filled by a stated rule, and marked. A step is an import into the case's network. */
#include "ops/import.h"

#include <stdlib.h>
#include <string.h>

const struct ops_option enrich_options[] = {
	{ "population", 0, "PLACES.csv", OPS_ONCE, "people of places to the sites near them" },
	{ "radius", 0, "KM", OPS_ONCE, "with --population: how far a place's people go (default: 5)" },
	{ "by", 0, "COLUMN[=COLUMN]", OPS_ONCE, "with --population: by a column of sites.csv, and of PLACES.csv" },
	{ "traffic", 0, "population|cells", OPS_ONCE, "traffic of sites by people, or of elements by cells" },
	{ "per", 0, "GIGABYTES", OPS_ONCE, "with --traffic: a year for one (default: 120 a head, 50000 a cell)" },
	{ "vendors", 0, "BLOCKS.csv", OPS_ONCE, "vendors by blocks of regions to given shares" },
	{ "seed", 0, "N", OPS_ONCE, "with --vendors: which order the blocks come in" },
	{ "report", 0, NULL, OPS_ONCE, "a longer balance: up to ten examples of each reason" },
	OPTION_JSON,
	OPTIONS_END,
};

const struct ops_exit enrich_exits[] = { { 0, "filled; what was left out is counted, by reason" }, EXITS_END };

const char enrich_page[] =
	"Fills what no source has, for studies: one step a run, by a rule that the output states. What is filled is "
	"marked in its row "
	"(synthetic = yes, and the step in the column enriched), and so is every report made from it.\n"
	"\n"
	"    proviso enrich CASE --population places.csv\n"
	"    proviso enrich CASE --population sectors.csv --by postcode_sector=id\n"
	"    proviso enrich CASE --traffic population\n"
	"    proviso enrich CASE --vendors blocks.csv --seed 7\n"
	"\n"
	"--population shares a place's people equally among the sites within the radius, or gives all to the nearest; "
	"with --by, among "
	"the sites whose column says the same; --by region also takes the outlines in CASE/regions.geojson for places "
	"that name no region. --traffic multiplies. --vendors takes blocks in an order drawn by the "
	"seed, "
	"each a region, and gives each to the vendor furthest below its share (doc/enrich.md). The tables in "
	"CASE/network "
	"are written whole or not at all; the same inputs and the same seed give the same bytes.\n";

static bool number_of(struct call *call, const char *option, uint64_t most, uint64_t *number)
{
	const char *text = call_option(call, option);
	char *end;

	if (!text)
		return true;
	*number = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && strlen(text) < 20 && *number <= most)
		return true;
	call_fail(call, EXIT_USAGE, "option-value", "--%s is a whole number up to %llu, not \"%s\"", option,
		  (unsigned long long)most, text);
	return false;
}

static bool read_traffic(struct call *call, struct net_import_job *job)
{
	const char *how = call_option(call, "traffic"), *per = call_option(call, "per");
	int64_t micro;

	if (strcmp(how, "population") != 0 && strcmp(how, "cells") != 0) {
		call_fail(call, EXIT_USAGE, "option-value", "--traffic is population or cells, not \"%s\"", how);
		return false;
	}
	job->how = how;
	job->per = per ? per : strcmp(how, "cells") == 0 ? "50000" : "120";
	if (measure_parse(job->per, strlen(job->per), &micro) == NUMBER_OK && micro > 0 &&
	    micro <= 1000000 * (int64_t)MICRO)
		return true;
	call_fail(call, EXIT_USAGE, "option-value", "--per is gigabytes, more than 0 and up to 1000000, not \"%s\"",
		  job->per);
	return false;
}

static bool read_population(struct call *call, struct net_import_job *job)
{
	const char *by = call_option(call, "by"), *sign = by ? strchr(by, '=') : NULL;
	uint64_t radius = 5;

	if (!number_of(call, "radius", 1000, &radius))
		return false;
	job->radius_km = (uint32_t)radius;
	job->by = by ? arena_text(call->arena, by, sign ? (size_t)(sign - by) : strlen(by)) : NULL;
	job->by_column = sign ? sign + 1 : job->by;
	return true;
}

static bool goes_with(struct call *call, const char *option, const char *step)
{
	if (!call_option(call, option) || call_option(call, step))
		return true;
	call_fail(call, EXIT_USAGE, "usage", "--%s goes with --%s", option, step);
	return false;
}

int enrich_run(struct call *call)
{
	static const char *const steps[] = { "population", "traffic", "vendors" };
	struct net_import_job job = { 0 };
	const char *step = NULL;
	size_t count = 0;
	bool good;

	for (size_t i = 0; i < 3; i++)
		if (call_option(call, steps[i])) {
			step = steps[i];
			count++;
		}
	if (count != 1) {
		call_fail(call, EXIT_USAGE, "usage", "enrich needs one of --population, --traffic and --vendors");
		return EXIT_USAGE;
	}
	good = goes_with(call, "radius", "population") && goes_with(call, "by", "population") &&
	       goes_with(call, "per", "traffic") && goes_with(call, "seed", "vendors");
	if (good && strcmp(step, "vendors") == 0 && !call_option(call, "seed")) {
		call_fail(call, EXIT_USAGE, "usage", "--vendors needs --seed, so that a study can be repeated");
		good = false;
	}
	good = good && (strcmp(step, "traffic") != 0 || read_traffic(call, &job)) && read_population(call, &job) &&
	       number_of(call, "seed", UINT64_MAX / 2, &job.seed);
	if (!good)
		return call_status(call);
	return enrich_network(call, net_enricher_find(step), &job,
			      strcmp(step, "traffic") == 0 ? NULL : call_option(call, step));
}
