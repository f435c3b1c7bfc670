/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enriching: cells that no source has are filled by a stated rule, for studies. What is filled so is marked where it
 * stands: synthetic = yes, and the step's name in the column `enriched`. A step is an importer like others, and what it
 * reads besides is the network that is there.
 */
#include "net/import/enrich.h"

#include <string.h>

static const char page[] = "doc/enrich.md";

static const struct net_importer steps[] = {
	{ "population", "people of places to sites", page, NULL, enrich_population_read, enrich_population_finish },
	{ "traffic", "traffic by people or by cells", page, NULL, NULL, enrich_traffic_finish },
	{ "vendors", "vendors by blocks of regions to given shares", page, NULL, enrich_vendors_read,
	  enrich_vendors_finish },
};

const struct net_importer *net_enricher_find(const char *name)
{
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (strcmp(steps[i].name, name) == 0)
			return &steps[i];
	return NULL;
}

void enrich_put(struct intake *in, enum net_table_name table, uint32_t found_row, const char *column, const char *text,
		const char *step)
{
	uint32_t row = intake_row(in, table, strs_text(in->strs, in->found[table].ids[found_row]), NULL);

	intake_put(in, table, row, column, text);
	intake_put(in, table, row, "synthetic", "yes");
	if (!*intake_get(in, table, row, "enriched"))
		intake_put(in, table, row, "enriched", intake_found_get(in, table, found_row, "enriched"));
	intake_word(in, table, row, "enriched", step);
}

enum net_layer enrich_layer_of(const struct intake *in, uint32_t element)
{
	uint32_t layer = net_layer_find(intake_found_get(in, NET_ELEMENTS, element, "layer"));
	uint32_t function;

	if (layer != CODE_UNKNOWN)
		return (enum net_layer)layer;
	function = net_function_find(intake_found_get(in, NET_ELEMENTS, element, "function"));
	return function == CODE_UNKNOWN ? LAYER_COUNT : net_functions[function].layer;
}

uint32_t enrich_find_site(const struct intake *in, const char *id)
{
	return intake_find(in, &in->found[NET_SITES], id);
}

bool *enrich_sites_of_layer(struct intake *in, enum net_layer layer)
{
	uint32_t sites = in->found[NET_SITES].rows;
	bool *has = arena_array(in->arena, (size_t)sites + 1, sizeof *has), any = false;

	for (uint32_t e = 0; e < in->found[NET_ELEMENTS].rows; e++) {
		uint32_t site = enrich_find_site(in, intake_found_get(in, NET_ELEMENTS, e, "site"));

		if (site != CODE_UNKNOWN && enrich_layer_of(in, e) == layer)
			has[site] = any = true;
	}
	for (uint32_t s = 0; s < sites && !any; s++)
		has[s] = true;
	return has;
}

/* ---- traffic ----------------------------------------------------------------------------------------------------- */

static void put_product(struct intake *in, enum net_table_name table, uint32_t row, int64_t count)
{
	char text[48];
	int64_t per;

	if (measure_parse(in->job->per, strlen(in->job->per), &per) != NUMBER_OK)
		return;
	micro_print((wide)count * per / MICRO, text);
	enrich_put(in, table, row, "traffic", text, "traffic");
	intake_used(in);
}

void enrich_traffic_finish(struct intake *in)
{
	bool by_people = strcmp(in->job->how, "population") == 0;
	enum net_table_name table = by_people ? NET_SITES : NET_ELEMENTS;
	const char *column = by_people ? "population" : "cells";

	for (uint32_t row = 0; row < in->found[table].rows; row++) {
		const char *text = intake_found_get(in, table, row, column);
		int64_t count;

		if (measure_parse(text, strlen(text), &count) == NUMBER_OK)
			put_product(in, table, row, count);
		else
			intake_left_out(in, by_people ? "a site without a population" : "an element without cells",
					strs_text(in->strs, in->found[table].ids[row]));
	}
	intake_note(in, "traffic is gigabytes a year, made from a formula",
		    arena_printf(in->arena, "%s x %s", column, in->job->per));
}
