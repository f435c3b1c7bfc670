/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps of enriching share. Private to them. */
#ifndef PROVISO_NET_ENRICH_H
#define PROVISO_NET_ENRICH_H

#include "net/import/intake.h"

/* A cell of a row that was there: filled, and the row marked as synthetic, with the step's name in `enriched`. */
void enrich_put(struct intake *, enum net_table_name, uint32_t found_row, const char *column, const char *text,
		const char *step);
/* By row of the sites that were there: has it an element of the layer? All true where no site has one. */
bool *enrich_sites_of_layer(struct intake *, enum net_layer);
enum net_layer enrich_layer_of(const struct intake *, uint32_t found_element); /* LAYER_COUNT: not known */
uint32_t enrich_find_site(const struct intake *, const char *id); /* row of those that were there; CODE_UNKNOWN */

void enrich_population_read(struct intake *, struct source *);
void enrich_population_finish(struct intake *);
void enrich_traffic_finish(struct intake *);
void enrich_vendors_read(struct intake *, struct source *);
void enrich_vendors_finish(struct intake *);

#endif
