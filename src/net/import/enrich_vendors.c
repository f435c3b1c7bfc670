/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vendors to elements that have none, for studies. Operators buy by region, so a region is a block: all its elements of a
 * layer get one vendor. The blocks are put in an order by the seed, and each goes to the vendor that is furthest below
 * its share. A region that the file names has shares of its own, and its sites are the blocks.
 *
 *     region,layer,vendor,share
 *     ,access,alder,60
 *     ,access,birch,40
 *     London,access,cedar,100
 */
#include "net/import/enrich.h"

#include <stdlib.h>
#include <string.h>

struct share {
	uint32_t region; /* interned; STR_EMPTY: all that no row names */
	enum net_layer layer;
	const char *vendor;
	int64_t share, given; /* of all; elements */
};

struct block {
	uint32_t region, name; /* interned: of the shares; of the block */
	enum net_layer layer;
	uint64_t order;
	uint32_t first, count; /* in elements */
};

struct drawing {
	struct share *shares;
	size_t share_count, room;
};

struct element { /* without a vendor */
	uint32_t region, block, row;
	enum net_layer layer;
};

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static const char *cell(struct intake *in, const struct intake_sheet *sheet, size_t column)
{
	size_t bytes;
	const char *text = intake_sheet_cell(sheet, column, &bytes);

	return arena_text(in->arena, text, bytes);
}

static void wrong(struct intake *in, const struct intake_sheet *sheet, size_t column, const char *what, const char *text)
{
	diagnose(in->diagnostics, SEVERITY_ERROR, "bad-blocks", intake_sheet_place(sheet, column), "%s \"%s\"", what, text);
	in->refused = true;
}

static void read_row(struct intake *in, struct drawing *d, const struct intake_sheet *sheet, const size_t columns[4])
{
	const char *region = cell(in, sheet, columns[0]), *layer = cell(in, sheet, columns[1]);
	const char *name = cell(in, sheet, columns[2]), *text = cell(in, sheet, columns[3]);
	uint32_t number = *layer ? net_layer_find(layer) : LAYER_ACCESS;
	const char *vendor = intake_vendor(in, name);
	int64_t share;
	size_t bytes = strlen(text);

	bytes -= bytes && text[bytes - 1] == '%';
	if (!vendor)
		wrong(in, sheet, columns[2], "vendor is a name, not", name);
	if (number == CODE_UNKNOWN)
		wrong(in, sheet, columns[1], "layer is access, core, transport ..., not", layer);
	if (measure_parse(text, bytes, &share) != NUMBER_OK || share < 0 || share > 1000000 * (int64_t)MICRO)
		wrong(in, sheet, columns[3], "share is a number from 0 to 1000000, not", text);
	if (in->refused)
		return;
	if (d->share_count == d->room) {
		size_t room = d->room * 2 + 16;

		d->shares = arena_grow(in->arena, d->shares, d->room * sizeof *d->shares, room * sizeof *d->shares);
		d->room = room;
	}
	d->shares[d->share_count++] = (struct share){
		.region = strs_id(in->strs, region), .layer = (enum net_layer)number, .vendor = vendor, .share = share
	};
}

void enrich_vendors_read(struct intake *in, struct source *source)
{
	static const char *const names[4] = { "region", "layer", "vendor", "share" };
	struct intake_sheet *sheet = intake_sheet_open(in, source, 0);
	size_t columns[4];

	if (!in->reader)
		in->reader = arena_alloc(in->arena, sizeof(struct drawing));
	if (!sheet)
		return;
	for (size_t i = 0; i < 4; i++)
		columns[i] = intake_sheet_column(sheet, names[i]);
	if (columns[2] == INTAKE_NO_COLUMN || columns[3] == INTAKE_NO_COLUMN) {
		intake_refuse(in, "wrong-format", 1, "has no columns vendor and share");
		return;
	}
	while (intake_sheet_row(sheet))
		read_row(in, in->reader, sheet, columns);
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

static bool has_shares(const struct drawing *d, uint32_t region, enum net_layer layer)
{
	for (size_t i = 0; i < d->share_count; i++)
		if (d->shares[i].region == region && d->shares[i].layer == layer && d->shares[i].share)
			return true;
	return false;
}

/* Of its own, or by its product: an element whose cell is empty takes that one's. */
static bool has_vendor(struct intake *in, uint32_t e)
{
	const char *id = intake_found_get(in, NET_ELEMENTS, e, "product");
	uint32_t product = *id ? intake_find(in, &in->found[NET_PRODUCTS], id) : CODE_UNKNOWN;

	return *intake_found_get(in, NET_ELEMENTS, e, "vendor") ||
	       (product != CODE_UNKNOWN && *intake_found_get(in, NET_PRODUCTS, product, "vendor"));
}

/* The elements without a vendor, each with the region of its shares and its block's name. */
static size_t collect(struct intake *in, const struct drawing *d, struct element *elements)
{
	size_t count = 0;

	for (uint32_t e = 0; e < in->found[NET_ELEMENTS].rows; e++) {
		const char *id = strs_text(in->strs, in->found[NET_ELEMENTS].ids[e]);
		uint32_t site = enrich_find_site(in, intake_found_get(in, NET_ELEMENTS, e, "site"));
		const char *region = site == CODE_UNKNOWN ? "" : intake_found_get(in, NET_SITES, site, "region");
		struct element here = { strs_id(in->strs, region), strs_id(in->strs, region), e,
					enrich_layer_of(in, e) };

		if (has_vendor(in, e)) {
			intake_left_out(in, "an element that has a vendor", id);
			continue;
		}
		if (here.region != STR_EMPTY && has_shares(d, here.region, here.layer)) {
			here.block = strs_id(in->strs, intake_found_get(in, NET_ELEMENTS, e, "site"));
		} else if (has_shares(d, STR_EMPTY, here.layer)) {
			here.region = STR_EMPTY;
			/* Without a region every site is on its own. */
			if (here.block == STR_EMPTY)
				here.block = strs_id(in->strs, intake_found_get(in, NET_ELEMENTS, e, "site"));
		} else {
			intake_left_out(in, "an element of a layer and region without shares", id);
			continue;
		}
		elements[count++] = here;
	}
	return count;
}

static int by_block(const void *left, const void *right)
{
	const struct element *a = left, *b = right;

	if (a->layer != b->layer)
		return a->layer < b->layer ? -1 : 1;
	if (a->region != b->region)
		return a->region < b->region ? -1 : 1;
	if (a->block != b->block)
		return a->block < b->block ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

/* A number from the seed and the block's own name, so that other blocks do not change it. */
static uint64_t drawn(const struct intake *in, const struct element *e)
{
	const char *name = strs_text(in->strs, e->block);
	uint64_t z = hash_bytes(name, strlen(name)) + (in->job->seed + 1) * 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static int by_order(const void *left, const void *right)
{
	const struct block *a = left, *b = right;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

/* The vendor whose elements are furthest below its share, the first of equals; `all`: elements given so far, and these. */
static struct share *next_vendor(const struct drawing *d, const struct block *b)
{
	struct share *best = NULL;
	wide sum = 0, all = b->count, most = 0;

	for (size_t i = 0; i < d->share_count; i++)
		if (d->shares[i].region == b->region && d->shares[i].layer == b->layer) {
			sum += d->shares[i].share;
			all += d->shares[i].given;
		}
	for (size_t i = 0; i < d->share_count; i++) {
		struct share *s = &d->shares[i];
		wide missing = (wide)s->share * all - (wide)s->given * sum;

		if (s->region == b->region && s->layer == b->layer && s->share && (!best || missing > most)) {
			best = s;
			most = missing;
		}
	}
	return best;
}

static size_t make_blocks(const struct intake *in, const struct element *elements, size_t count, struct block *blocks)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct element *e = &elements[i];

		if (n && blocks[n - 1].region == e->region && blocks[n - 1].name == e->block &&
		    blocks[n - 1].layer == e->layer)
			blocks[n - 1].count++;
		else
			blocks[n++] = (struct block){ e->region, e->block, e->layer, drawn(in, e), (uint32_t)i, 1 };
	}
	return n;
}

static void note_shares(struct intake *in, const struct drawing *d)
{
	for (size_t i = 0; i < d->share_count; i++) {
		const struct share *s = &d->shares[i];
		const char *region = strs_text(in->strs, s->region);

		intake_note(in, "vendors are drawn by blocks to given shares, for studies",
			    arena_printf(in->arena, "%s%s%s: %s %lld elements, seed %llu", net_layer_name(s->layer),
					 *region ? " of " : "", region, s->vendor, (long long)s->given,
					 (unsigned long long)in->job->seed));
	}
}

void enrich_vendors_finish(struct intake *in)
{
	struct drawing *d = in->reader;
	uint32_t most = in->found[NET_ELEMENTS].rows;
	struct element *elements = arena_array(in->arena, (size_t)most + 1, sizeof *elements);
	struct block *blocks = arena_array(in->arena, (size_t)most + 1, sizeof *blocks);
	size_t count, block_count;

	if (!d)
		return;
	count = collect(in, d, elements);
	qsort(elements, count, sizeof *elements, by_block);
	block_count = make_blocks(in, elements, count, blocks);
	qsort(blocks, block_count, sizeof *blocks, by_order);
	for (size_t b = 0; b < block_count; b++) {
		struct share *share = next_vendor(d, &blocks[b]);

		share->given += blocks[b].count;
		for (uint32_t i = 0; i < blocks[b].count; i++) {
			enrich_put(in, NET_ELEMENTS, elements[blocks[b].first + i].row, "vendor", share->vendor,
				   "vendor");
			intake_used(in);
		}
	}
	for (uint32_t v = 0; v < in->made[NET_VENDORS].rows; v++)
		if (intake_find(in, &in->found[NET_VENDORS], intake_id(in, NET_VENDORS, v)) == CODE_UNKNOWN)
			intake_cell(in, NET_VENDORS, v, "synthetic", "yes");
	note_shares(in, d);
}
