/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cells with places, as OpenCelliD, the Mozilla Location Service and drive tests publish them, by their header:
 *
 *     radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal
 *
 * or without one, in that order. A cell's number holds its base station's: 20 of 28 bits of LTE (3GPP TS 36.413 clause
 * 9.2.1.37 and 36.300 clause 8.2), 22 to 32 of 36 bits of NR (TS 38.413 clause 9.3.1.6); an RNC's and no Node B's of UMTS
 * (TS 25.401 clause 6.1.5), none of GSM. The key of a cell or base station:
 *
 *     bits 58-56 radio    55-36 MCC * 1000 + MNC    35-0 number (GSM: area and cell)
 */
#include "net/import/opencellid.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum column { RADIO, MCC, MNC, AREA, CELL, LON, LAT, NAME, NETWORK, COLUMNS };
enum { USUAL_GNB_BITS = 24, USUAL_RADIUS = 250, FARTHEST_RADIUS = 100 * 1000 };

static const char *const names[COLUMNS][8] = {
	[RADIO] = { "radio", "rat", "act", "technology" },
	[MCC] = { "mcc" },
	[MNC] = { "mnc", "net" },
	[AREA] = { "area", "tac", "lac", "lac/tac" },
	[CELL] = { "cell", "cid", "ecellid", "cellid", "cell_id", "eci", "nci" },
	[LON] = { "lon", "longitude" },
	[LAT] = { "lat", "latitude" },
	[NAME] = { "cellname", "sitename", "name" },
	[NETWORK] = { "network", "operator" },
};

struct reading {
	struct oci *oci;
	struct intake_sheet *sheet;
	size_t column[COLUMNS];
	enum oci_radio usual_radio; /* where there is no such column */
	bool has_usual_radio;
	uint32_t usual_operator; /* MCC * 1000 + MNC + 1; 0: not known */
};

/* ---- numbers, quickly -------------------------------------------------------------------------------------------- */

static bool whole(const char *text, size_t bytes, uint64_t *out)
{
	uint64_t n = 0;

	if (!bytes || bytes > 18)
		return false;
	for (size_t i = 0; i < bytes; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(text[i] - '0');
	}
	*out = n;
	return true;
}

/* Micro-degrees, the seventh digit behind the point and what follows cut off. */
static bool degrees(const char *text, size_t bytes, int64_t most, int32_t *out)
{
	const char *end = text + bytes;
	bool minus = bytes && *text == '-';
	int64_t n = 0;
	int places = -1;

	text += minus;
	if (text == end || bytes > 40)
		return false;
	for (; text < end; text++) {
		if (*text == '.' && places < 0) {
			places = 0;
			continue;
		}
		if (*text < '0' || *text > '9')
			return false;
		if (places == 6)
			continue;
		n = n * 10 + (*text - '0');
		places += places >= 0;
		if (n > 1000 * MICRO)
			return false;
	}
	for (places = places < 0 ? 0 : places; places < 6; places++)
		n *= 10;
	if (n > most * MICRO)
		return false;
	*out = (int32_t)(minus ? -n : n);
	return true;
}

/* "651-01" or "65101": MCC * 1000 + MNC. */
static bool operator_of(const char *text, uint32_t *out)
{
	size_t digits = strspn(text, "0123456789");
	uint64_t mcc, mnc;
	const char *rest = digits < 3 ? "" : text + 3 + (digits == 3 && text[3] == '-');
	size_t length = strlen(rest);

	if ((digits != 3 && digits != 5 && digits != 6) || length < 2 || length > 3 || !whole(text, 3, &mcc) ||
	    !whole(rest, length, &mnc))
		return false;
	*out = (uint32_t)(mcc * 1000 + mnc);
	return true;
}

/* ---- what was read ----------------------------------------------------------------------------------------------- */

static size_t slot_of(uint64_t key, size_t room)
{
	return (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & (room - 1);
}

/* False where the cell of NR has been read before. */
static bool add_cell(struct oci *oci, uint64_t key)
{
	size_t at;

	if (oci->cell_count * 2 >= oci->cell_room) {
		size_t room = oci->cell_room ? oci->cell_room * 4 : 1 << 12;
		uint64_t *more = arena_array(oci->in->arena, room, sizeof *more);

		for (size_t i = 0; i < oci->cell_room; i++) {
			if (!oci->cells[i])
				continue;
			for (at = slot_of(oci->cells[i], room); more[at]; at = (at + 1) & (room - 1))
				;
			more[at] = oci->cells[i];
		}
		if (oci->cells)
			arena_release(oci->in->arena, oci->cells, oci->cell_room * sizeof *more);
		oci->cells = more;
		oci->cell_room = room;
	}
	for (at = slot_of(key, oci->cell_room); oci->cells[at]; at = (at + 1) & (oci->cell_room - 1))
		if (oci->cells[at] == key)
			return false;
	oci->cells[at] = key;
	oci->cell_count++;
	return true;
}

static void grow_slots(struct oci *oci)
{
	size_t room = oci->slot_room ? oci->slot_room * 2 : 1 << 10;
	uint32_t *more = arena_array(oci->in->arena, room, sizeof *more);

	for (size_t i = 0; i < oci->node_count; i++) {
		size_t at = slot_of(oci->nodes[i].key, room);

		while (more[at])
			at = (at + 1) & (room - 1);
		more[at] = (uint32_t)i + 1;
	}
	if (oci->slots)
		arena_release(oci->in->arena, oci->slots, oci->slot_room * sizeof *more);
	oci->slots = more;
	oci->slot_room = room;
}

static struct oci_node *node_of(struct oci *oci, uint64_t key, bool *new)
{
	size_t at;

	if (oci->node_count * 2 >= oci->slot_room)
		grow_slots(oci);
	*new = false;
	for (at = slot_of(key, oci->slot_room); oci->slots[at]; at = (at + 1) & (oci->slot_room - 1))
		if (oci->nodes[oci->slots[at] - 1].key == key)
			return &oci->nodes[oci->slots[at] - 1];
	if (oci->node_count == oci->node_room) {
		size_t room = oci->node_room ? oci->node_room * 2 : 1 << 10;

		oci->nodes = arena_grow(oci->in->arena, oci->nodes, oci->node_room * sizeof *oci->nodes,
					room * sizeof *oci->nodes);
		oci->node_room = room;
	}
	*new = true;
	oci->slots[at] = (uint32_t)++oci->node_count;
	oci->nodes[oci->node_count - 1] = (struct oci_node){ .key = key };
	return &oci->nodes[oci->node_count - 1];
}

/*
 * The base station of a cell, NULL where the cell was read before. A cell of UMTS and GSM is a base station of its own
 * here; one of LTE has a bit at its base station; only those of NR, of up to 14 bits, need a table.
 */
static struct oci_node *node_of_new_cell(struct oci *oci, uint64_t key, uint64_t cell_key, bool *new)
{
	struct oci_node *node;
	uint64_t *seen, bit = (uint64_t)1 << (cell_key & 63);

	/* A bit that no key has, so that none is zero. */
	if (oci_radio_of(key) == OCI_NR && !add_cell(oci, cell_key | (uint64_t)1 << 60))
		return NULL;
	node = node_of(oci, key, new);
	if (oci_radio_of(key) == OCI_NR)
		return node;
	if (oci_radio_of(key) != OCI_LTE)
		return *new ? node : NULL;
	seen = &node->seen[cell_key >> 6 & 3];
	if (*seen & bit)
		return NULL;
	*seen |= bit;
	return node;
}

/* ---- a row ------------------------------------------------------------------------------------------------------- */

static const char *cell(const struct reading *r, enum column column, size_t *bytes)
{
	return intake_sheet_cell(r->sheet, r->column[column], bytes);
}

static bool is_text(const char *text, size_t bytes, const char *word)
{
	return strlen(word) == bytes && strncasecmp(text, word, bytes) == 0;
}

static bool radio_word(const char *text, size_t bytes, enum oci_radio *out)
{
	static const struct {
		const char *word;
		enum oci_radio radio;
	} words[] = { { "LTE", OCI_LTE },    { "GSM", OCI_GSM }, { "UMTS", OCI_UMTS }, { "NR", OCI_NR },
		      { "4G", OCI_LTE },     { "2G", OCI_GSM },  { "3G", OCI_UMTS },   { "5G", OCI_NR },
		      { "WCDMA", OCI_UMTS }, { "5GNR", OCI_NR } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is_text(text, bytes, words[i].word)) {
			*out = words[i].radio;
			return true;
		}
	return false;
}

static const char *where(struct reading *r, const char *text, size_t bytes)
{
	return arena_printf(r->oci->in->arena, "%s:%u%s%.*s", r->oci->in->name, intake_sheet_line(r->sheet),
			    bytes ? ": " : "", (int)(bytes < 100 ? bytes : utf8_check(text, 100)), text);
}

/* Left out with an example: how often is counted by the balance, which keeps the first few. */
static bool leave_out(struct reading *r, const char *reason, const char *text, size_t bytes)
{
	intake_left_out(r->oci->in, reason, where(r, text, bytes));
	return false;
}

static bool read_operator(struct reading *r, uint32_t *out)
{
	size_t a, b;
	const char *mcc = cell(r, MCC, &a), *mnc = cell(r, MNC, &b);
	uint64_t x, y;

	if (!a && !b && r->usual_operator) {
		*out = r->usual_operator - 1;
		return true;
	}
	if (!a && !b && r->column[MCC] == INTAKE_NO_COLUMN) {
		*out = 0; /* nobody says; no network has this code */
		return true;
	}
	if (!whole(mcc, a, &x) || !whole(mnc, b, &y) || x < 1 || x > 999 || y > 999)
		return leave_out(r, "a mobile country or network code that is none", mcc, a);
	*out = (uint32_t)(x * 1000 + y);
	return true;
}

/* The numbers of the cell and its base station; false and left out where it can have none such. */
static bool read_number(struct reading *r, enum oci_radio radio, uint64_t area, uint64_t *of_cell, uint64_t *of_node)
{
	size_t bytes;
	const char *text = cell(r, CELL, &bytes);
	uint64_t n;

	if (!whole(text, bytes, &n) || !n)
		return leave_out(r, "a cell number that is none", text, bytes);
	if (n >> (radio == OCI_GSM ? 16 : radio == OCI_NR ? 36 : 28))
		return leave_out(r, "a cell number that is too large for its radio", text, bytes);
	*of_cell = radio == OCI_GSM ? (area & 0xffff) << 16 | n : n;
	*of_node = radio == OCI_LTE ? n >> 8 : radio == OCI_NR ? n >> (36 - r->oci->gnb_bits) : *of_cell;
	return true;
}

static bool read_place(struct reading *r, int32_t *lat, int32_t *lon)
{
	size_t a, b;
	const char *north = cell(r, LAT, &a), *east = cell(r, LON, &b);

	if (!degrees(north, a, 90, lat) || !degrees(east, b, 180, lon) || (!*lat && !*lon))
		return leave_out(r, "no place", north, a);
	return true;
}

static int32_t turned(int64_t difference)
{
	const int64_t half = 180 * MICRO;

	return (int32_t)(difference > half    ? difference - 2 * half
			 : difference < -half ? difference + 2 * half
					      : difference);
}

static void add_to_node(struct reading *r, struct oci_node *node, bool new, int32_t lat, int32_t lon, uint32_t area)
{
	struct oci *oci = r->oci;
	const char *name;
	size_t bytes;

	if (new) {
		node->lat = lat;
		node->lon = lon;
		node->area = area;
		node->file = oci->in->base_name;
		name = cell(r, NAME, &bytes);
		node->name = strs_add(oci->in->strs, name, bytes);
		intake_used(oci->in);
	} else {
		node->lat_sum += lat - node->lat;
		node->lon_sum += turned((int64_t)lon - node->lon);
		node->area = node->area == area ? area : 0;
		intake_merged(oci->in);
	}
	node->cells++;
}

static void note_network(struct reading *r, uint32_t operator)
{
	size_t bytes;
	const char *text;

	if (r->column[NETWORK] == INTAKE_NO_COLUMN || r->oci->names[operator])
		return;
	text = cell(r, NETWORK, &bytes);
	r->oci->names[operator] = strs_add(r->oci->in->strs, text, bytes);
}

static void read_row(struct reading *r)
{
	struct oci *oci = r->oci;
	size_t bytes;
	const char *text = cell(r, RADIO, &bytes);
	enum oci_radio radio = r->usual_radio;
	uint32_t operator;
	uint64_t area = 0, of_cell, of_node, prefix;
	int32_t lat, lon;
	struct oci_node *node;
	bool new;

	if (!(r->has_usual_radio && !bytes) && !radio_word(text, bytes, &radio)) {
		leave_out(r, "a radio that proviso has no base station for", text, bytes);
		return;
	}
	if (!read_operator(r, &operator))
		return;
	if (oci->only && operator!= oci->only - 1) {
		leave_out(r, "of another operator than the map's line \"only\" names", "", 0);
		return;
	}
	text = cell(r, AREA, &bytes);
	if (!whole(text, bytes, &area) || area >= UINT32_MAX)
		area = UINT32_MAX; /* + 1: not said */
	if (!read_number(r, radio, area, &of_cell, &of_node) || !read_place(r, &lat, &lon))
		return;
	prefix = (uint64_t)radio << 56 | (uint64_t) operator<< 36;
	node = node_of_new_cell(oci, prefix | of_node, prefix | of_cell, &new);
	if (!node) {
		intake_left_out(oci->in, "a cell that was read before", where(r, "", 0));
		return;
	}
	note_network(r, operator);
	add_to_node(r, node, new, lat, lon, (uint32_t)area + 1);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static uint32_t map_number(struct intake *in, const char *words, uint32_t usual, uint32_t least, uint32_t most)
{
	struct place place;
	const char *text = intake_mapped(in, words, NULL, &place);
	uint64_t n;

	if (!text)
		return usual;
	if (whole(text, strlen(text), &n) && n >= least && n <= most)
		return (uint32_t)n;
	diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", place, "%s is a number from %u to %u, not \"%s\"", words,
		 least, most, text);
	in->refused = true;
	return usual;
}

static struct oci *oci_new(struct intake *in)
{
	struct oci *oci = arena_alloc(in->arena, sizeof *oci);
	struct place place;
	const char *only = intake_mapped(in, "only", NULL, &place);

	oci->in = in;
	oci->gnb_bits = map_number(in, "gnb_bits", USUAL_GNB_BITS, 22, 32);
	oci->radius = map_number(in, "radius", USUAL_RADIUS, 1, FARTHEST_RADIUS);
	if (only && operator_of(only, &oci->only)) {
		oci->only++;
	} else if (only) {
		diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", place,
			 "only is a mobile country and network code such as 651-01, not \"%s\"", only);
		in->refused = true;
	}
	return oci;
}

static void find_columns(struct reading *r)
{
	for (int c = 0; c < COLUMNS; c++) {
		r->column[c] = INTAKE_NO_COLUMN;
		for (size_t i = 0; names[c][i] && r->column[c] == INTAKE_NO_COLUMN; i++)
			r->column[c] = intake_sheet_column(r->sheet, names[c][i]);
	}
}

/* A country's file of OpenCelliD has no header: its first line is a cell. */
static bool is_headless(const struct intake_sheet *sheet)
{
	const char *const *first;
	size_t count = intake_sheet_columns(sheet, &first);
	enum oci_radio radio;

	return count >= 8 && (radio_word(first[0], strlen(first[0]), &radio) || strcasecmp(first[0], "CDMA") == 0) &&
	       strspn(first[1], "0123456789") == strlen(first[1]);
}

/* Without columns for it, the operator is the map's or stands at the head of the file's name: "23410_merged.csv". */
static uint32_t operator_of_file(struct intake *in)
{
	const char *name = strs_text(in->strs, in->base_name);
	const char *mapped = intake_mapped(in, "network", NULL, NULL);
	size_t digits = strspn(name, "0123456789");
	uint32_t operator;

	if (mapped)
		return operator_of(mapped, &operator) ? operator+ 1 : 0;
	return (digits == 5 || digits == 6) && operator_of(arena_text(in->arena, name, digits), &operator) ? operator+
		1 : 0;
}

void opencellid_read(struct intake *in, struct source *source)
{
	struct reading r = { .oci = in->reader };

	if (!r.oci)
		in->reader = r.oci = oci_new(in);
	r.sheet = intake_sheet_open(in, source, 0);
	if (!r.sheet)
		return;
	if (is_headless(r.sheet)) {
		static const size_t usual[COLUMNS] = { 0, 1, 2, 3, 4, 6, 7, INTAKE_NO_COLUMN, INTAKE_NO_COLUMN };

		memcpy(r.column, usual, sizeof usual);
		intake_sheet_again(r.sheet);
	} else {
		find_columns(&r);
	}
	if (r.column[CELL] == INTAKE_NO_COLUMN || r.column[LAT] == INTAKE_NO_COLUMN ||
	    r.column[LON] == INTAKE_NO_COLUMN) {
		intake_refuse(in, "wrong-format", 1, "has no columns cell, lat and lon (see doc/import.md)");
		return;
	}
	if (r.column[RADIO] == INTAKE_NO_COLUMN) {
		r.has_usual_radio = intake_sheet_column(r.sheet, "ecellid") != INTAKE_NO_COLUMN ||
				    intake_sheet_column(r.sheet, "eci") != INTAKE_NO_COLUMN;
		r.usual_radio = OCI_LTE;
	}
	if (r.column[RADIO] == INTAKE_NO_COLUMN && !r.has_usual_radio) {
		intake_refuse(in, "wrong-format", 1, "has no column radio");
		return;
	}
	r.usual_operator = operator_of_file(in);
	while (intake_sheet_row(r.sheet))
		read_row(&r);
}

const char *opencellid_recognise(const char *head, size_t bytes)
{
	const char *end = memchr(head, '\n', bytes);
	size_t line = end ? (size_t)(end - head) : bytes;
	static const char *const starts[] = { "GSM,", "UMTS,", "LTE,", "NR,", "CDMA," };

	if ((memmem(head, line, "radio", 5) && (memmem(head, line, "mcc", 3) || memmem(head, line, "MCC", 3))) ||
	    memmem(head, line, "ECellID", 7))
		return "cells with places";
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (line > 30 && strncmp(head, starts[i], strlen(starts[i])) == 0 && head[strlen(starts[i])] >= '0' &&
		    head[strlen(starts[i])] <= '9')
			return "cells with places, as OpenCelliD has them";
	return NULL;
}

void opencellid_finish(struct intake *in)
{
	if (in->reader)
		oci_place(in->reader);
}
