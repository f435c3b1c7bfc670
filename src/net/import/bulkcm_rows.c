/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bulk CM: objects become rows. A managed element is the equipment of one vendor at one place; each function below it is
 * an element of the case, and the managed element itself only where it has no function. End points become links once
 * all files have been read, because the other end may stand in another one.
 */
#include "net/import/bulkcm.h"

#include <string.h>

struct unit { /* an inventory unit, until its managed element ends */
	uint32_t name, vendor, product, version, function;
	bool is_whole; /* InventoryUnitNE: the managed element once more, with a product */
};

struct end {                                              /* of a link, until all files have been read */
	uint32_t element, far, address, own, point, file; /* own: its address on this side */
	bool is_counted;                                  /* an object may name several other ends, and counts once */
};

struct bulkcm_rows {
	struct intake *in;
	bool in_managed;
	/* of the managed element that is open */
	struct {
		uint32_t *items, count, room;
	} elements; /* rows */
	struct {
		struct unit *items;
		uint32_t count, room;
	} units;
	struct strs *parts;                       /* "whole, vendor, product" of the parts that are there */
	uint32_t serial, *serial_of, serial_room; /* the managed element by number; by row: whose it is */
	uint32_t hint, latitude, longitude;
	/* of all files */
	struct {
		struct end *items;
		uint32_t count, room;
	} ends;
	uint32_t *owner_of; /* by interned address: interned element + 1 */
	bool *is_reached;   /* by interned address: some end point is joined to it */
	uint32_t owner_room;
};

/* Place for one more in an array of the arena's. */
static void *more(struct bulkcm_rows *rows, void *items, uint32_t *count, uint32_t *room, size_t size)
{
	if (*count == *room) {
		uint32_t wanted = *room ? *room * 2 : 64;

		items = arena_grow(rows->in->arena, items, *room * size, wanted * size);
		*room = wanted;
	}
	(*count)++;
	return items;
}
#define ADD(rows, array)                                                                                               \
	((array).items = more(rows, (array).items, &(array).count, &(array).room, sizeof *(array).items),              \
	 &(array).items[(array).count - 1])

static const char *text_of(const struct bulkcm_rows *rows, uint32_t id)
{
	return strs_text(rows->in->strs, id);
}

static uint32_t first(const struct bulkcm_object *object, enum bulkcm_attribute attribute)
{
	return object->values[attribute].count ? object->values[attribute].items[0] : STR_EMPTY;
}

struct bulkcm_rows *bulkcm_rows_new(struct intake *in)
{
	struct bulkcm_rows *rows = arena_alloc(in->arena, sizeof *rows);

	rows->in = in;
	rows->parts = strs_new(in->arena);
	return rows;
}

/* ---- what begins ------------------------------------------------------------------------------------------------- */

/* One more element of the managed element that is open. */
static void keep_element(struct bulkcm_rows *rows, uint32_t row)
{
	if (row >= rows->serial_room) {
		uint32_t room = row * 2 + 64;

		rows->serial_of =
			arena_grow(rows->in->arena, rows->serial_of, rows->serial_room * sizeof *rows->serial_of,
				   room * sizeof *rows->serial_of);
		rows->serial_room = room;
	}
	rows->serial_of[row] = rows->serial;
	*ADD(rows, rows->elements) = row;
}

static void begin_element(struct bulkcm_rows *rows, struct bulkcm_object *object, const char *name)
{
	struct intake *in = rows->in;
	bool new;
	uint32_t row = intake_element(in, name, &new);

	object->row = row;
	object->is_again = !new;
	intake_cell(in, NET_ELEMENTS, row, "function", object->class.function);
	if (!object->class.function)
		intake_note(in, "the function is not known to proviso and stays empty", name);
	intake_cell(in, NET_ELEMENTS, row, "technology", nrm_technology(object->class.function));
	keep_element(rows, row);
}

void bulkcm_begin(struct bulkcm_rows *rows, struct bulkcm_object *object, const struct bulkcm_object *parent,
		  const char *name)
{
	enum nrm_kind kind = object->class.kind;

	object->planned =
		!rows->in->job->as_proposal && ((parent && parent->planned) || object->modifier == MODIFIER_CREATE ||
						object->modifier == MODIFIER_UPDATE);
	if (kind == NRM_MANAGED_ELEMENT || kind == NRM_MANAGEMENT_NODE) {
		rows->in_managed = true;
		rows->elements.count = rows->units.count = 0;
		rows->serial++;
		rows->hint = rows->latitude = rows->longitude = STR_EMPTY;
		object->row = CODE_UNKNOWN;
	}
	if ((kind == NRM_ELEMENT || kind == NRM_MANAGEMENT_NODE) && !object->planned &&
	    !(rows->in->job->as_proposal && object->modifier == MODIFIER_DELETE))
		begin_element(rows, object, name);
}

/* ---- managed elements -------------------------------------------------------------------------------------------- */

static void put_place(struct bulkcm_rows *rows, uint32_t site, uint32_t latitude, uint32_t longitude)
{
	if (latitude != STR_EMPTY && longitude != STR_EMPTY && !*intake_get(rows->in, NET_SITES, site, "lat"))
		intake_place(rows->in, site, text_of(rows, latitude), text_of(rows, longitude));
}

/* The site of a managed element; NULL: a plan does not say, and the one that is there stays. */
static const char *site_of(struct bulkcm_rows *rows, const struct bulkcm_object *managed, const char *name)
{
	struct intake *in = rows->in;
	const char *location = text_of(rows, first(managed, ATTRIBUTE_LOCATION));
	uint32_t site;

	if (!*location && in->job->as_proposal && managed->modifier != MODIFIER_CREATE)
		return NULL;
	if (!*location)
		intake_note(in, "no locationName: a site of its own", name);
	site = intake_site(in, *location ? location : name);
	put_place(rows, site, rows->latitude, rows->longitude);
	return intake_id(in, NET_SITES, site);
}

static const char *vendor_of(struct bulkcm_rows *rows, const struct bulkcm_object *managed, const char *name)
{
	struct intake *in = rows->in;
	uint32_t said = first(managed, ATTRIBUTE_VENDOR);
	const char *vendor = said == STR_EMPTY ? NULL : intake_vendor(in, text_of(rows, said)), *mapped;

	if (vendor || (in->job->as_proposal && managed->modifier != MODIFIER_CREATE))
		return vendor;
	mapped = rows->hint == STR_EMPTY ? NULL : intake_mapped(in, "vendor_hint", text_of(rows, rows->hint), NULL);
	if (mapped)
		return intake_vendor(in, mapped);
	intake_note(in,
		    rows->hint == STR_EMPTY
			    ? "no vendorName: the vendor is unknown"
			    : "no vendorName: the vendor is unknown, vendor_hint says what the data looks like",
		    name);
	return NULL;
}

static void fill_empty(struct intake *in, uint32_t row, const char *column, const char *text)
{
	if (text && !*intake_get(in, NET_ELEMENTS, row, column))
		intake_cell(in, NET_ELEMENTS, row, column, text);
}

static void fill_element(struct bulkcm_rows *rows, uint32_t row, const struct bulkcm_object *managed, const char *name,
			 const char *site, const char *vendor)
{
	struct intake *in = rows->in;

	fill_empty(in, row, "site", site);
	intake_cell(in, NET_ELEMENTS, row, "vendor", vendor);
	if (!vendor && rows->hint != STR_EMPTY)
		intake_cell(in, NET_ELEMENTS, row, "vendor_hint", text_of(rows, rows->hint));
	intake_cell(in, NET_ELEMENTS, row, "version", text_of(rows, first(managed, ATTRIBUTE_VERSION)));
	intake_cell(in, NET_ELEMENTS, row, "state", text_of(rows, first(managed, ATTRIBUTE_STATE)));
	if (strcmp(name, intake_id(in, NET_ELEMENTS, row)) != 0)
		intake_cell(in, NET_ELEMENTS, row, "managed_element", name);
}

/* A managed element without a function below it is an element itself: what its types say it is. */
static void managed_as_element(struct bulkcm_rows *rows, struct bulkcm_object *managed, const char *name)
{
	struct intake *in = rows->in;
	const struct bulkcm_values *types = &managed->values[ATTRIBUTE_TYPE];
	uint32_t row = intake_element(in, name, NULL);
	const char *function = types->count == 1 ? nrm_type(in, text_of(rows, types->items[0])) : NULL;

	intake_cell(in, NET_ELEMENTS, row, "function", function);
	intake_cell(in, NET_ELEMENTS, row, "technology", nrm_technology(function));
	intake_cell(in, NET_ELEMENTS, row, "name", text_of(rows, first(managed, ATTRIBUTE_LABEL)));
	if (!function)
		intake_note(in, "the function is not known to proviso and stays empty", name);
	keep_element(rows, row);
}

/* ---- inventory units --------------------------------------------------------------------------------------------- */

static enum bulkcm_outcome keep_unit(struct bulkcm_rows *rows, const struct bulkcm_object *object, const char *name,
				     const char **reason)
{
	struct intake *in = rows->in;
	uint32_t type = first(object, ATTRIBUTE_UNIT_TYPE), product = first(object, ATTRIBUTE_PRODUCT);
	uint32_t version = first(object, ATTRIBUTE_UNIT_VERSION);

	if (!rows->in_managed) {
		*reason = "an inventory unit outside of a managed element";
		return OUTCOME_LEFT_OUT;
	}
	if (rows->units.count == INTAKE_OBJECTS) {
		*reason = "more inventory units than a managed element can have";
		return OUTCOME_LEFT_OUT;
	}
	*ADD(rows, rows->units) = (struct unit){
		.name = strs_id(in->strs, name),
		.vendor = first(object, ATTRIBUTE_VENDOR),
		.product = product != STR_EMPTY ? product : type,
		.version = version != STR_EMPTY ? version : first(object, ATTRIBUTE_VERSION),
		.function = first(object, ATTRIBUTE_FUNCTION),
		.is_whole = strcmp(object->class_name, "InventoryUnitNE") == 0,
	};
	return OUTCOME_LATER;
}

/* The element of this managed element that a unit says it belongs to, else the first. */
static uint32_t whole_of(struct bulkcm_rows *rows, const struct unit *unit)
{
	char name[NRM_NAME];
	const char *said = text_of(rows, unit->function);

	if (*said && nrm_name(said, strlen(said), false, name)) {
		uint32_t row = intake_find(rows->in, &rows->in->made[NET_ELEMENTS], name);

		if (row < rows->serial_room && rows->serial_of[row] == rows->serial)
			return row;
	}
	return rows->elements.items[0];
}

/* The first part of this vendor and product in this whole? */
static bool is_new_part(struct bulkcm_rows *rows, uint32_t whole, const char *vendor, const char *product)
{
	struct intake *in = rows->in;
	uint32_t before = strs_count(rows->parts);

	return strs_id(rows->parts, arena_printf(in->arena, "%u\n%s\n%s", whole, vendor, product ? product : "")) >=
	       before;
}

static void add_part(struct bulkcm_rows *rows, const struct unit *unit, uint32_t whole, const char *vendor)
{
	struct intake *in = rows->in;
	const char *product = intake_product(in, text_of(rows, unit->product), vendor);
	uint32_t row;

	if (!is_new_part(rows, whole, vendor, product)) {
		intake_merged(in);
		return;
	}
	row = intake_element(in, text_of(rows, unit->name), NULL);
	intake_cell(in, NET_ELEMENTS, row, "site", intake_get(in, NET_ELEMENTS, whole, "site"));
	intake_cell(in, NET_ELEMENTS, row, "function", intake_get(in, NET_ELEMENTS, whole, "function"));
	intake_cell(in, NET_ELEMENTS, row, "technology", intake_get(in, NET_ELEMENTS, whole, "technology"));
	intake_cell(in, NET_ELEMENTS, row, "vendor", vendor);
	intake_cell(in, NET_ELEMENTS, row, "product", product);
	intake_cell(in, NET_ELEMENTS, row, "version", text_of(rows, unit->version));
	intake_cell(in, NET_ELEMENTS, row, "part_of", intake_id(in, NET_ELEMENTS, whole));
	intake_used(in);
}

static void take_units(struct bulkcm_rows *rows)
{
	struct intake *in = rows->in;

	for (uint32_t i = 0; i < rows->units.count; i++) {
		const struct unit *unit = &rows->units.items[i];
		const char *vendor = unit->vendor == STR_EMPTY ? NULL : intake_vendor(in, text_of(rows, unit->vendor));
		uint32_t whole = whole_of(rows, unit);

		if (vendor && strcmp(vendor, intake_get(in, NET_ELEMENTS, whole, "vendor")) != 0) {
			add_part(rows, unit, whole, vendor);
			continue;
		}
		if (vendor && unit->is_whole)
			intake_cell(in, NET_ELEMENTS, whole, "product",
				    intake_product(in, text_of(rows, unit->product), vendor));
		intake_merged(in);
	}
}

/* ---- what ends --------------------------------------------------------------------------------------------------- */

static enum bulkcm_outcome end_managed(struct bulkcm_rows *rows, struct bulkcm_object *managed, const char *name)
{
	struct intake *in = rows->in;
	bool is_own = !rows->elements.count && managed->class.kind == NRM_MANAGED_ELEMENT;
	const char *site, *vendor;

	if (is_own)
		managed_as_element(rows, managed, name);
	site = site_of(rows, managed, name);
	vendor = vendor_of(rows, managed, name);
	for (uint32_t i = 0; i < rows->elements.count; i++)
		fill_element(rows, rows->elements.items[i], managed, name, site, vendor);
	if (managed->class.kind == NRM_MANAGEMENT_NODE)
		intake_cell(in, NET_ELEMENTS, managed->row, "name", text_of(rows, first(managed, ATTRIBUTE_LABEL)));
	take_units(rows);
	if (managed->class.kind == NRM_MANAGEMENT_NODE)
		return managed->is_again ? OUTCOME_MERGED : OUTCOME_USED;
	return is_own ? OUTCOME_USED : OUTCOME_MERGED;
}

static void own_addresses(struct bulkcm_rows *rows, uint32_t element, const struct bulkcm_values *addresses)
{
	struct intake *in = rows->in;

	for (uint32_t i = 0; i < addresses->count; i++) {
		uint32_t address = addresses->items[i];

		intake_address(in, element, text_of(rows, address));
		if (address >= rows->owner_room) {
			uint32_t room = address * 2 + 256;

			rows->owner_of =
				arena_grow(in->arena, rows->owner_of, rows->owner_room * sizeof *rows->owner_of,
					   room * sizeof *rows->owner_of);
			rows->is_reached = arena_grow(in->arena, rows->is_reached, rows->owner_room * sizeof(bool),
						      room * sizeof(bool));
			rows->owner_room = room;
		}
		rows->owner_of[address] = in->made[NET_ELEMENTS].ids[element] + 1;
	}
}

static enum bulkcm_outcome end_element(struct bulkcm_rows *rows, struct bulkcm_object *object,
				       const struct bulkcm_object *parent, const char *name)
{
	struct intake *in = rows->in;
	uint32_t row = object->row;
	char cells[16];

	intake_cell(in, NET_ELEMENTS, row, "name", text_of(rows, first(object, ATTRIBUTE_LABEL)));
	intake_cell(in, NET_ELEMENTS, row, "version", text_of(rows, first(object, ATTRIBUTE_VERSION)));
	if (rows->hint == STR_EMPTY) /* of a function in a vendor's container */
		rows->hint = first(object, ATTRIBUTE_HINT);
	if (object->cells) {
		snprintf(cells, sizeof cells, "%u", object->cells);
		intake_put(in, NET_ELEMENTS, row, "cells", cells);
	}
	if (object->to_5g || object->to_4g)
		fill_empty(in, row, "technology", object->to_5g ? "5G-SA" : "5G-NSA");
	own_addresses(rows, row, &object->values[ATTRIBUTE_LOCAL]);
	if (object->class.own_site) {
		uint32_t site = intake_site(in, name);

		intake_cell(in, NET_SITES, site, "name", text_of(rows, first(object, ATTRIBUTE_LABEL)));
		put_place(rows, site, first(object, ATTRIBUTE_LATITUDE), first(object, ATTRIBUTE_LONGITUDE));
		intake_cell(in, NET_ELEMENTS, row, "site", intake_id(in, NET_SITES, site));
		/* It stands inside the object of its controller: that is the link. */
		if (parent && parent->row != CODE_UNKNOWN && parent->row != row)
			intake_link(in, name, intake_id(in, NET_ELEMENTS, parent->row), object->class.point);
	} else if (rows->latitude == STR_EMPTY) {
		rows->latitude = first(object, ATTRIBUTE_LATITUDE);
		rows->longitude = first(object, ATTRIBUTE_LONGITUDE);
	}
	if (!rows->in_managed && !in->job->as_proposal) {
		fill_empty(in, row, "site", intake_id(in, NET_SITES, intake_site(in, name)));
		intake_note(in, "a function outside of a managed element: its vendor is not known", name);
	}
	return object->is_again ? OUTCOME_MERGED : OUTCOME_USED;
}

/* The end that a name or an address gives. */
static void add_end(struct bulkcm_rows *rows, uint32_t element, uint32_t far, uint32_t address, uint32_t own,
		    const char *point)
{
	char name[NRM_NAME];
	struct strs *strs = rows->in->strs;
	const char *text = text_of(rows, far);

	if (*text)
		far = nrm_name(text, strlen(text), true, name) ? strs_id(strs, name) : STR_EMPTY;
	*ADD(rows, rows->ends) =
		(struct end){ element, far, address, own, strs_id(strs, point), rows->in->base_name, true };
}

static enum bulkcm_outcome end_link(struct bulkcm_rows *rows, const struct bulkcm_object *object,
				    struct bulkcm_object *parent, const char **reason)
{
	const struct bulkcm_values *far = &object->values[ATTRIBUTE_FAR];
	uint32_t element = object->row == CODE_UNKNOWN ? STR_EMPTY : rows->in->made[NET_ELEMENTS].ids[object->row];
	/* Link_MME_SGSN names both its ends, IucsLink stands inside one of them and may name several others. */
	bool is_between = far->count >= 2 && strncmp(object->class_name, "Link_", 5) == 0;
	char name[NRM_NAME];

	if (rows->ends.count >= INTAKE_OBJECTS) {
		*reason = "more links than there is room for";
		return OUTCOME_LEFT_OUT;
	}
	if (object->class.kind == NRM_ENDPOINT && parent && parent->row == object->row && element != STR_EMPTY) {
		parent->to_5g |= object->class.radio_to_5g;
		parent->to_4g |= object->class.radio_to_4g;
		own_addresses(rows, object->row, &object->values[ATTRIBUTE_LOCAL]);
	}
	if (is_between) {
		const char *text = text_of(rows, far->items[0]);

		element = nrm_name(text, strlen(text), true, name) ? strs_id(rows->in->strs, name) : STR_EMPTY;
		add_end(rows, element, far->items[1], STR_EMPTY, STR_EMPTY, object->class.point);
		return OUTCOME_LATER;
	}
	if (element == STR_EMPTY) {
		*reason = object->class.kind == NRM_LINK ? "a link that does not name its two ends"
							 : "an end point outside of a function";
		return OUTCOME_LEFT_OUT;
	}
	add_end(rows, element, first(object, ATTRIBUTE_FAR), first(object, ATTRIBUTE_REMOTE),
		first(object, ATTRIBUTE_LOCAL), object->class.point);
	for (uint32_t i = 1; i < far->count && rows->ends.count < INTAKE_OBJECTS; i++) {
		add_end(rows, element, far->items[i], STR_EMPTY, STR_EMPTY, object->class.point);
		rows->ends.items[rows->ends.count - 1].is_counted = false;
	}
	return OUTCOME_LATER;
}

static enum bulkcm_outcome end_vendor_data(struct bulkcm_rows *rows, const struct bulkcm_object *object,
					   const char **reason)
{
	uint32_t hint = first(object, ATTRIBUTE_HINT);

	if (rows->in_managed && hint != STR_EMPTY && rows->hint == STR_EMPTY) {
		rows->hint = hint;
		return OUTCOME_MERGED;
	}
	*reason = "data in a vendor's own form (VsDataContainer)";
	return OUTCOME_LEFT_OUT;
}

enum bulkcm_outcome bulkcm_end(struct bulkcm_rows *rows, struct bulkcm_object *object, struct bulkcm_object *parent,
			       const char *name, const char **reason)
{
	enum nrm_kind kind = object->class.kind;
	bool removes = rows->in->job->as_proposal && object->modifier == MODIFIER_DELETE;
	bool is_managed = kind == NRM_MANAGED_ELEMENT || kind == NRM_MANAGEMENT_NODE;

	if (is_managed)
		rows->in_managed = false;
	if (object->planned) {
		*reason = "planned (modifier create or update): comes with --as proposal";
		return OUTCOME_LEFT_OUT;
	}
	if (removes && (kind == NRM_ELEMENT || kind == NRM_MANAGEMENT_NODE)) {
		intake_remove(rows->in, name);
		return OUTCOME_LATER;
	}
	if (removes) {
		*reason = "to be deleted: only the functions that are named are taken away";
		return OUTCOME_LEFT_OUT;
	}
	switch (kind) {
	case NRM_CONTAINER:
		return OUTCOME_MERGED;
	case NRM_MANAGED_ELEMENT:
	case NRM_MANAGEMENT_NODE:
		return end_managed(rows, object, name);
	case NRM_ELEMENT:
		return end_element(rows, object, parent, name);
	case NRM_CELL:
		*reason = "a cell outside of a base station";
		if (!parent || parent->row == CODE_UNKNOWN)
			return OUTCOME_LEFT_OUT;
		parent->cells++;
		return OUTCOME_MERGED;
	case NRM_ENDPOINT:
	case NRM_LINK:
		return end_link(rows, object, parent, reason);
	case NRM_UNIT:
		return keep_unit(rows, object, name, reason);
	case NRM_VENDOR_DATA:
		return end_vendor_data(rows, object, reason);
	case NRM_LICENCE:
		*reason = "a licence (InventoryUnitLic): no equipment";
		return OUTCOME_LEFT_OUT;
	case NRM_EXTERNAL:
		*reason = "stands for something outside (External...)";
		return OUTCOME_LEFT_OUT;
	case NRM_OTHER:
		break;
	}
	*reason = NULL;
	return OUTCOME_LEFT_OUT;
}

/* ---- links ------------------------------------------------------------------------------------------------------- */

static uint32_t other_end(const struct bulkcm_rows *rows, const struct end *end)
{
	uint32_t owner = end->address < rows->owner_room ? rows->owner_of[end->address] : 0;

	if (end->far != STR_EMPTY && intake_has_element(rows->in, text_of(rows, end->far)))
		return end->far;
	return end->address != STR_EMPTY && owner ? owner - 1 : STR_EMPTY;
}

/* An end that names no other is the end of a link if another one names its address. */
static void join_nameless(struct bulkcm_rows *rows, const struct end *end)
{
	if (end->own != STR_EMPTY && end->own < rows->owner_room && rows->is_reached[end->own])
		intake_merged(rows->in);
	else
		intake_left_out(rows->in, "an end point that names no other end", text_of(rows, end->element));
}

static void join(struct bulkcm_rows *rows, const struct end *end)
{
	struct intake *in = rows->in;
	const char *here = text_of(rows, end->element);
	uint32_t there = other_end(rows, end);
	bool is_new;

	in->base_name = end->file;
	if (there == STR_EMPTY || !intake_has_element(in, here)) {
		if (end->is_counted)
			intake_left_out(in, "a link to something that is in no file read",
					end->far != STR_EMPTY ? text_of(rows, end->far) : text_of(rows, end->address));
		return;
	}
	if (end->address != STR_EMPTY && end->address < rows->owner_room)
		rows->is_reached[end->address] = true;
	is_new = intake_link(in, here, text_of(rows, there), text_of(rows, end->point));
	if (!end->is_counted)
		return;
	if (is_new)
		intake_used(in);
	else
		intake_merged(in);
}

void bulkcm_join(struct bulkcm_rows *rows)
{
	for (uint32_t i = 0; i < rows->ends.count; i++)
		if (rows->ends.items[i].far != STR_EMPTY || rows->ends.items[i].address != STR_EMPTY)
			join(rows, &rows->ends.items[i]);
	for (uint32_t i = 0; i < rows->ends.count; i++)
		if (rows->ends.items[i].far == STR_EMPTY && rows->ends.items[i].address == STR_EMPTY)
			join_nameless(rows, &rows->ends.items[i]);
}
