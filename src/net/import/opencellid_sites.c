/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Base stations to sites: one after the other, in the order of operator, radio and number, each goes to the nearest site
 * of its operator within the radius of where that site's first one stands, or begins a new one. A grid of squares as
 * wide as the radius holds the sites; nine of them are looked at.
 */
#include "net/import/opencellid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double metres_per_micro = 0.11132; /* of latitude */
static const double radian = 0.017453292519943295;

struct site {
	int32_t lat, lon;
	uint32_t operator, row;       /* MCC * 1000 + MNC; row of the sites' table */
	uint32_t next;                /* in its square: number + 1 */
	uint32_t element[OCI_RADIOS]; /* row + 1, of UMTS and GSM: one base station of a site */
};

struct square {
	int64_t x, y;
	uint32_t operator, first; /* number of a site + 1; 0: free */
};

struct placing {
	struct oci *oci;
	struct site *sites;
	size_t site_count, room; /* room of squares, twice the nodes at least */
	struct square *squares;
	size_t joined;
	uint32_t last; /* the operator of `code` + 1 */
	const char *code;
	uint32_t code_id, operator_id; /* interned: its code and its name */
	uint32_t last_file, last_file_id;
	uint32_t functions[OCI_RADIOS], technologies[OCI_RADIOS];
};

static int32_t mean(int32_t first, int64_t sum, uint32_t cells)
{
	return (int32_t)(first + sum / (int64_t)cells);
}

/* The square's row, and its column by the width of a degree in that row. */
static int64_t row_of(const struct placing *p, int32_t lat)
{
	return (int64_t)floor(lat * metres_per_micro / p->oci->radius);
}

static int64_t column_of(const struct placing *p, int64_t row, int32_t lon)
{
	double lat = ((double)row + 0.5) * p->oci->radius / metres_per_micro / MICRO;

	return (int64_t)floor(lon * metres_per_micro * cos(lat * radian) / p->oci->radius);
}

static struct square *square_of(struct placing *p, int64_t x, int64_t y, uint32_t operator)
{
	/* Four beside each other lie beside each other in memory. */
	int64_t key[3] = { x >> 2, y, operator};
	size_t at = (hash_bytes(key, sizeof key) + (size_t)(x & 3)) & (p->room - 1);

	while (p->squares[at].first &&
	       (p->squares[at].x != x || p->squares[at].y != y || p->squares[at].operator!= operator))
		at = (at + 1) & (p->room - 1);
	return &p->squares[at];
}

static double metres(const struct site *site, int32_t lat, int32_t lon)
{
	double north = (site->lat - (double)lat) * metres_per_micro;
	double east = (site->lon - (double)lon) * metres_per_micro * cos((double)lat / MICRO * radian);

	return sqrt(north * north + east * east);
}

static struct site *nearest(struct placing *p, uint32_t operator, int32_t lat, int32_t lon)
{
	struct site *best = NULL;
	double least = p->oci->radius;
	int64_t row = row_of(p, lat);

	for (int64_t y = row - 1; y <= row + 1; y++) {
		int64_t column = column_of(p, y, lon);

		for (int64_t x = column - 1; x <= column + 1; x++)
			for (uint32_t s = square_of(p, x, y, operator)->first; s; s = p->sites[s - 1].next) {
				struct site *site = &p->sites[s - 1];
				double far = metres(site, lat, lon);

				if (far < least || (far == least && (!best || site < best))) {
					least = far;
					best = site;
				}
			}
	}
	return best;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

static const char *operator_code(struct oci *oci, uint32_t operator)
{
	return operator? arena_printf(oci->in->arena, "%03u-%02u", operator/ 1000, operator% 1000) : "";
}

static const struct {
	const char *prefix, *function, *technology;
} radios[OCI_RADIOS] = {
	[OCI_LTE] = { "enb", "eNB", "4G" },
	[OCI_NR] = { "gnb", "gNB", "" },
	[OCI_UMTS] = { "nodeb", "NodeB", "3G" },
	[OCI_GSM] = { "bts", "BTS", "2G" },
};

enum { NAME_ROOM = 64 };

static char *put_text(char *at, const char *text)
{
	size_t bytes = strlen(text);

	memcpy(at, text, bytes + 1);
	return at + bytes;
}

static char *put_number(char *at, uint64_t number)
{
	char digits[20];
	size_t n = 0;

	for (; number || !n; number /= 10)
		digits[n++] = (char)('0' + number % 10);
	while (n)
		*at++ = digits[--n];
	*at = '\0';
	return at;
}

/* "site-enb-651-01-4711"; what stands behind the first five letters is the base station's own name. */
static void name_node(const struct oci_node *node, const char *code, char out[NAME_ROOM])
{
	uint64_t n = oci_number_of(node->key);
	enum oci_radio radio = oci_radio_of(node->key);
	char *at = put_text(put_text(put_text(out, "site-"), radios[radio].prefix), "-");

	if (*code)
		at = put_text(put_text(at, code), "-");
	if (radio == OCI_GSM) {
		at = put_text(put_number(at, n >> 16), "-");
		n &= 0xffff;
	}
	put_number(at, n);
}

static const char *operator_name(struct oci *oci, uint32_t operator, const char * code)
{
	const char *mapped = intake_mapped(oci->in, "operator", code, NULL);

	return mapped ? mapped : strs_text(oci->in->strs, oci->names[operator]);
}

static void put_degrees(struct intake *in, uint32_t row, const char *column, int32_t micro)
{
	char text[48];

	micro_print(micro, text);
	intake_put(in, NET_SITES, row, column, text);
}

/* The file that a base station was read from, as a cell. */
static uint32_t file_id(struct placing *p, const struct oci_node *node)
{
	if (p->last_file != node->file) {
		p->last_file = node->file;
		p->last_file_id =
			strs_id(p->oci->in->strs, intake_clean(p->oci->in, strs_text(p->oci->in->strs, node->file)));
	}
	return p->last_file_id;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static struct site *new_site(struct placing *p, const struct oci_node *node, int32_t lat, int32_t lon, const char *name)
{
	struct intake *in = p->oci->in;
	uint32_t operator= oci_operator_of(node->key);
	int64_t row = row_of(p, lat), column = column_of(p, row, lon);
	struct square *square = square_of(p, column, row, operator);
	struct site *site = &p->sites[p->site_count++];

	*site = (struct site){ .lat = lat, .lon = lon, .operator= operator, .next = square->first };
	*square = (struct square){ column, row, operator,(uint32_t) p->site_count };
	site->row = intake_row(in, NET_SITES, name, NULL);
	put_degrees(in, site->row, "lat", lat);
	put_degrees(in, site->row, "lon", lon);
	intake_cell(in, NET_SITES, site->row, "name", strs_text(in->strs, node->name));
	intake_put_id(in, NET_SITES, site->row, "plmn", p->code_id);
	intake_put_id(in, NET_SITES, site->row, "operator", p->operator_id);
	intake_put_id(in, NET_SITES, site->row, "source", file_id(p, node));
	return site;
}

static void put_count(struct intake *in, uint32_t element, uint32_t cells)
{
	char text[NAME_ROOM];

	put_number(text, strtoul(intake_get(in, NET_ELEMENTS, element, "cells"), NULL, 10) + cells);
	intake_put(in, NET_ELEMENTS, element, "cells", text);
}

static void put_element(struct placing *p, const struct oci_node *node, struct site *site, const char *name)
{
	struct intake *in = p->oci->in;
	enum oci_radio radio = oci_radio_of(node->key);
	bool is_cell = radio == OCI_UMTS || radio == OCI_GSM, new = false;
	char text[NAME_ROOM];
	uint32_t row =
		is_cell && site->element[radio] ? site->element[radio] - 1 : intake_row(in, NET_ELEMENTS, name, &new);

	if (is_cell)
		site->element[radio] = row + 1;
	put_count(in, row, node->cells);
	if (node->area) {
		put_number(text, node->area - 1);
		intake_word(in, NET_ELEMENTS, row, "area_codes", text);
	}
	if (!new)
		return;
	intake_put_id(in, NET_ELEMENTS, row, "site", in->made[NET_SITES].ids[site->row]);
	intake_put_id(in, NET_ELEMENTS, row, "function", p->functions[radio]);
	intake_put_id(in, NET_ELEMENTS, row, "technology", p->technologies[radio]);
	intake_put_id(in, NET_ELEMENTS, row, "plmn", p->code_id);
	if (radio == OCI_UMTS && oci_number_of(node->key) >> 16) {
		put_number(text, oci_number_of(node->key) >> 16);
		intake_put(in, NET_ELEMENTS, row, "rnc", text);
	}
	intake_put_id(in, NET_ELEMENTS, row, "source", file_id(p, node));
}

static void next_operator(struct placing *p, uint32_t operator)
{
	struct intake *in = p->oci->in;

	p->last = operator+ 1;
	p->code = operator_code(p->oci, operator);
	p->code_id = strs_id(in->strs, p->code);
	p->operator_id = strs_id(in->strs, intake_clean(in, operator_name(p->oci, operator, p->code)));
}

static void place(struct placing *p, const struct oci_node *node)
{
	int32_t lat = mean(node->lat, node->lat_sum, node->cells);
	int64_t lon = mean(node->lon, node->lon_sum, node->cells);
	char name[NAME_ROOM];
	struct site *site;

	if (p->last != oci_operator_of(node->key) + 1)
		next_operator(p, oci_operator_of(node->key));
	name_node(node, p->code, name);
	lon = lon > 180 * MICRO ? lon - 360 * MICRO : lon < -180 * MICRO ? lon + 360 * MICRO : lon;
	site = nearest(p, oci_operator_of(node->key), lat, (int32_t)lon);
	if (site)
		p->joined++;
	else
		site = new_site(p, node, lat, (int32_t)lon, name);
	put_element(p, node, site, name + strlen("site-"));
}

static int by_operator(const void *left, const void *right)
{
	const struct oci_node *a = left, *b = right;
	uint32_t x = oci_operator_of(a->key), y = oci_operator_of(b->key);

	if (x != y)
		return x < y ? -1 : 1;
	return a->key < b->key ? -1 : a->key > b->key;
}

static void note_how(struct placing *p)
{
	struct intake *in = p->oci->in;
	bool has_nr = false;

	for (size_t i = 0; i < p->oci->node_count; i++)
		has_nr |= oci_radio_of(p->oci->nodes[i].key) == OCI_NR;
	intake_note(in, "sites are guessed: an operator's base stations within a radius share one (--map: radius)",
		    arena_printf(in->arena, "%u m: %zu base stations or cells, %zu sites", p->oci->radius,
				 p->oci->node_count, p->site_count));
	if (has_nr)
		intake_note(in, "the length of gNB numbers is guessed (--map: gnb_bits = 22 to 32)",
			    arena_printf(in->arena, "%u of 36 bits", p->oci->gnb_bits));
}

void oci_place(struct oci *oci)
{
	struct placing p = { .oci = oci, .room = 64 };

	if (!oci->node_count)
		return;
	while (p.room < oci->node_count * 2)
		p.room *= 2;
	p.squares = arena_array(oci->in->arena, p.room, sizeof *p.squares);
	p.sites = arena_array(oci->in->arena, oci->node_count, sizeof *p.sites);
	for (int radio = 0; radio < OCI_RADIOS; radio++) {
		p.functions[radio] = strs_id(oci->in->strs, radios[radio].function);
		p.technologies[radio] = strs_id(oci->in->strs, radios[radio].technology);
	}
	qsort(oci->nodes, oci->node_count, sizeof *oci->nodes, by_operator);
	for (size_t i = 0; i < oci->node_count; i++)
		place(&p, &oci->nodes[i]);
	note_how(&p);
}
