/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TMF639: resources become rows. What a resource does not say (vendor, place, software) is taken from what it is inside:
 * by its distinguished name where it has one, else by the relations. Links come last, when every element has its row.
 */
#include "net/import/tmf639.h"

#include <ctype.h>
#include <string.h>

struct tmf {
	struct tmf_resource *items;
	uint32_t count, room;
	uint32_t *by_text; /* by interned id or key: resource + 1 */
	uint32_t by_text_room;
};

enum { DEEPEST = INTAKE_DEPTH }; /* steps up from one resource: circles end there */

static struct tmf *tmf_of(struct intake *in)
{
	if (!in->reader)
		in->reader = arena_alloc(in->arena, sizeof(struct tmf));
	return in->reader;
}

struct tmf_resource *tmf_resource(struct intake *in)
{
	struct tmf *t = tmf_of(in);

	if (t->count == t->room) {
		uint32_t room = t->room ? t->room * 2 : 64;

		t->items = arena_grow(in->arena, t->items, t->room * sizeof *t->items, room * sizeof *t->items);
		t->room = room;
	}
	memset(&t->items[t->count], 0, sizeof *t->items);
	return &t->items[t->count++];
}

void tmf_relation(struct intake *in, struct tmf_resource *r, enum tmf_relation relation, uint32_t id)
{
	if (r->relation_count == r->relation_room) {
		size_t room = r->relation_room ? r->relation_room * 2 : 4;

		r->relations = arena_grow(in->arena, r->relations, r->relation_room * sizeof *r->relations,
					  room * sizeof *r->relations);
		r->relation_room = room;
	}
	r->relations[r->relation_count++] = (struct tmf_related){ relation, id };
}

static const char *text_of(const struct intake *in, uint32_t id)
{
	return strs_text(in->strs, id);
}

/* ---- finding each other ------------------------------------------------------------------------------------------ */

static void index_text(struct intake *in, struct tmf *t, uint32_t text, uint32_t resource)
{
	if (text >= t->by_text_room) {
		uint32_t room = text * 2 + 256;

		t->by_text = arena_grow(in->arena, t->by_text, t->by_text_room * sizeof *t->by_text,
					room * sizeof *t->by_text);
		t->by_text_room = room;
	}
	if (text != STR_EMPTY && !t->by_text[text])
		t->by_text[text] = resource + 1;
}

static struct tmf_resource *find_id(const struct tmf *t, uint32_t text)
{
	return text < t->by_text_room && t->by_text[text] ? &t->items[t->by_text[text] - 1] : NULL;
}

static struct tmf_resource *find_text(const struct intake *in, const struct tmf *t, const char *text, size_t bytes)
{
	uint32_t id = strs_find(in->strs, text, bytes);

	return id == STR_ABSENT ? NULL : find_id(t, id);
}

/* The resource that this one is inside of, or NULL. */
static struct tmf_resource *above(const struct intake *in, const struct tmf *t, const struct tmf_resource *r)
{
	size_t bytes = strlen(r->key);

	while (strchr(r->key, '=') && bytes) {
		while (bytes && r->key[bytes - 1] != ',')
			bytes--;
		bytes -= bytes > 0;
		if (bytes) {
			struct tmf_resource *found = find_text(in, t, r->key, bytes);

			if (found && found != r)
				return found;
		}
	}
	return r->managed != CODE_UNKNOWN ? &t->items[r->managed] : NULL;
}

static struct tmf_resource *element_above(const struct intake *in, const struct tmf *t, struct tmf_resource *r)
{
	for (int i = 0; r && i < DEEPEST; i++, r = above(in, t, r))
		if (r->row != CODE_UNKNOWN)
			return r;
	return NULL;
}

/* What the resource says itself, or else what it is inside of. */
static uint32_t inherited(const struct intake *in, const struct tmf *t, const struct tmf_resource *r, size_t offset)
{
	for (int i = 0; r && i < DEEPEST; i++, r = above(in, t, r)) {
		uint32_t value;

		memcpy(&value, (const char *)r + offset, sizeof value);
		if (value != STR_EMPTY)
			return value;
	}
	return STR_EMPTY;
}
#define INHERITED(in, t, r, field) text_of(in, inherited(in, t, r, offsetof(struct tmf_resource, field)))

static void find_containers(struct intake *in, struct tmf *t)
{
	(void)in;
	for (uint32_t i = 0; i < t->count; i++)
		for (size_t k = 0; k < t->items[i].relation_count; k++) {
			const struct tmf_related *related = &t->items[i].relations[k];
			struct tmf_resource *other = find_id(t, related->id);

			if (!other || other == &t->items[i])
				continue;
			if (related->relation == RELATION_PART && other->managed == CODE_UNKNOWN)
				other->managed = i;
			if (related->relation == RELATION_WHOLE)
				t->items[i].managed = (uint32_t)(other - t->items);
		}
}

/* ---- what each is ------------------------------------------------------------------------------------------------ */

static bool state_is(const struct intake *in, const struct tmf_resource *r, const char *const *words)
{
	const char *state = text_of(in, r->state);
	char word[40];
	size_t n = 0;

	for (; *state && n < 39; state++)
		if (isalnum((unsigned char)*state))
			word[n++] = (char)tolower((unsigned char)*state);
	word[n] = '\0';
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

static bool is_planned(const struct intake *in, const struct tmf_resource *r)
{
	static const char *const words[] = { "planned", "planning",   "designed", "indesign",
					     "ordered", "installing", NULL };

	return state_is(in, r, words);
}

static bool is_gone(const struct intake *in, const struct tmf_resource *r)
{
	static const char *const words[] = { "retired", "removed", "terminated", "decommissioned", "disposed", NULL };

	return state_is(in, r, words);
}

static bool is_leaving(const struct intake *in, const struct tmf_resource *r)
{
	static const char *const words[] = { "retiring", "decommissioning", NULL };

	return is_gone(in, r) || state_is(in, r, words);
}

/* The function of a resource whose class is none of the 3GPP models'. */
static const char *other_function(struct intake *in, const struct tmf_resource *r)
{
	const char *function = intake_function(in, "type", text_of(in, r->type));

	if (!function)
		function = intake_function(in, "category", text_of(in, r->category));
	return function ? function : intake_function(in, "product", text_of(in, r->product));
}

static void classify(struct intake *in, struct tmf_resource *r)
{
	char name[NRM_NAME];
	const char *full = text_of(in, r->name);

	r->key = text_of(in, r->id);
	r->row = r->managed = CODE_UNKNOWN;
	if (strchr(full, '=') && nrm_name(full, strlen(full), false, name))
		r->key = text_of(in, strs_id(in->strs, name));
	r->class = nrm_class(in, text_of(in, r->type));
	if (r->class.kind != NRM_OTHER)
		return;
	r->class.function = other_function(in, r);
	if (r->class.function || r->vendor != STR_EMPTY || r->site != STR_EMPTY)
		r->class.kind = NRM_ELEMENT;
}

/* True where the state decides that it is no part of what is imported: counted. */
static bool leave_by_state(struct intake *in, struct tmf_resource *r)
{
	const char *reason = NULL;

	if (in->job->as_proposal) {
		if (is_leaving(in, r) && (r->class.kind == NRM_ELEMENT || r->class.kind == NRM_MANAGEMENT_NODE)) {
			intake_remove(in, r->key);
			r->is_out = true;
			return true;
		}
		if (!is_planned(in, r))
			reason = "in operation already: no part of a plan";
	} else if (is_planned(in, r)) {
		reason = "planned by its state: comes with --as proposal";
	} else if (is_gone(in, r)) {
		reason = "no longer there by its state";
	}
	if (reason)
		intake_left_out(in, reason, r->key);
	r->is_out = reason;
	return reason;
}

/* ---- elements ---------------------------------------------------------------------------------------------------- */

static void put_place(struct intake *in, uint32_t site, const char *lat, const char *lon)
{
	if (*lat && *lon && !*intake_get(in, NET_SITES, site, "lat"))
		intake_place(in, site, lat, lon);
}

static void put_site(struct intake *in, const struct tmf *t, const struct tmf_resource *r)
{
	const char *said = INHERITED(in, t, r, site);
	const char *managed = strstr(r->key, "ManagedElement="), *end;
	uint32_t site;

	if (!*said) {
		/* The managed element is one piece of equipment, so that its functions are at one place. */
		end = managed ? strchrnul(managed, ',') : NULL;
		said = end && !r->class.own_site ? arena_text(in->arena, r->key, (size_t)(end - r->key)) : r->key;
		intake_note(in, "no place: a site of its own", r->key);
	}
	site = intake_site(in, said);
	put_place(in, site, INHERITED(in, t, r, latitude), INHERITED(in, t, r, longitude));
	intake_cell(in, NET_ELEMENTS, r->row, "site", intake_id(in, NET_SITES, site));
}

static void put_vendor(struct intake *in, const struct tmf *t, const struct tmf_resource *r)
{
	const char *vendor = intake_vendor(in, INHERITED(in, t, r, vendor));
	const char *manager = r->manager == STR_EMPTY ? NULL : intake_vendor(in, text_of(in, r->manager));

	if (vendor)
		intake_cell(in, NET_ELEMENTS, r->row, "vendor", vendor);
	else
		intake_note(in, "no vendor: neither a party with that role nor a characteristic", r->key);
	/* Of two resources of one name the first one's vendor stands, and so must its product. */
	if (vendor && strcmp(intake_get(in, NET_ELEMENTS, r->row, "vendor"), vendor) == 0)
		intake_cell(in, NET_ELEMENTS, r->row, "product", intake_product(in, text_of(in, r->product), vendor));
	intake_cell(in, NET_ELEMENTS, r->row, "managed_by", manager);
}

static void make_element(struct intake *in, const struct tmf *t, struct tmf_resource *r, const char *function)
{
	const char *since = text_of(in, r->since), *label = text_of(in, r->label), *name = text_of(in, r->name);
	int32_t day;
	bool new;

	in->base_name = r->file;
	r->row = intake_element(in, r->key, &new);
	intake_cell(in, NET_ELEMENTS, r->row, "function", function);
	intake_cell(in, NET_ELEMENTS, r->row, "technology", nrm_technology(function));
	put_site(in, t, r);
	put_vendor(in, t, r);
	intake_cell(in, NET_ELEMENTS, r->row, "version", INHERITED(in, t, r, version));
	intake_cell(in, NET_ELEMENTS, r->row, "state", text_of(in, r->state));
	intake_cell(in, NET_ELEMENTS, r->row, "name", *label ? label : strchr(name, '=') ? "" : name);
	if (strlen(since) >= 10 && date_parse(since, 10, &day))
		intake_cell_n(in, NET_ELEMENTS, r->row, "since", since, 10);
	if (r->address != STR_EMPTY)
		intake_address(in, r->row, text_of(in, r->address));
	if (!function)
		intake_note(in, "the function is not known to proviso and stays empty", r->key);
	if (new)
		intake_used(in);
	else
		intake_merged(in);
}

static void make_elements(struct intake *in, struct tmf *t)
{
	for (uint32_t i = 0; i < t->count; i++) {
		struct tmf_resource *r = &t->items[i], *up;

		if (leave_by_state(in, r) || (r->class.kind != NRM_ELEMENT && r->class.kind != NRM_MANAGEMENT_NODE))
			continue;
		make_element(in, t, r, r->class.function);
		up = above(in, t, r);
		for (int k = 0; up && k < DEEPEST; k++, up = above(in, t, up))
			up->elements++;
	}
	for (uint32_t i = 0; i < t->count; i++) {
		struct tmf_resource *r = &t->items[i];

		if (r->is_out || r->class.kind != NRM_MANAGED_ELEMENT)
			continue;
		if (r->elements)
			intake_merged(in);
		else
			make_element(in, t, r, nrm_type(in, text_of(in, r->managed_type)));
	}
}

/* ---- what goes into elements ------------------------------------------------------------------------------------- */

static void take_cell(struct intake *in, const struct tmf *t, struct tmf_resource *r)
{
	struct tmf_resource *element = element_above(in, t, r);
	char cells[16];

	if (!element) {
		intake_left_out(in, "a cell outside of a base station", r->key);
		return;
	}
	snprintf(cells, sizeof cells, "%u", ++element->cells);
	intake_put(in, NET_ELEMENTS, element->row, "cells", cells);
	intake_merged(in);
}

static struct tmf_resource *whole_of(struct intake *in, const struct tmf *t, struct tmf_resource *r)
{
	char name[NRM_NAME];
	const char *function = text_of(in, r->of_function);
	struct tmf_resource *found = NULL;

	if (*function && nrm_name(function, strlen(function), false, name))
		found = find_text(in, t, name, strlen(name));
	return found && found->row != CODE_UNKNOWN ? found : element_above(in, t, r);
}

/* A unit of another vendor than its element's is a part of it. */
static void take_unit(struct intake *in, const struct tmf *t, struct tmf_resource *r)
{
	struct tmf_resource *whole = whole_of(in, t, r);
	const char *vendor = intake_vendor(in, text_of(in, r->vendor)), *product;
	uint32_t row;

	if (!whole) {
		intake_left_out(in, "an inventory unit of an element that is in no file read", r->key);
		return;
	}
	if (!vendor || strcmp(vendor, intake_get(in, NET_ELEMENTS, whole->row, "vendor")) == 0) {
		intake_merged(in);
		return;
	}
	product = intake_product(in, text_of(in, r->product), vendor);
	row = intake_element(in, r->key, NULL);
	intake_cell(in, NET_ELEMENTS, row, "site", intake_get(in, NET_ELEMENTS, whole->row, "site"));
	intake_cell(in, NET_ELEMENTS, row, "function", intake_get(in, NET_ELEMENTS, whole->row, "function"));
	intake_cell(in, NET_ELEMENTS, row, "vendor", vendor);
	intake_cell(in, NET_ELEMENTS, row, "product", product);
	intake_cell(in, NET_ELEMENTS, row, "version", text_of(in, r->version));
	intake_cell(in, NET_ELEMENTS, row, "part_of", intake_id(in, NET_ELEMENTS, whole->row));
	intake_used(in);
}

/* ---- links ------------------------------------------------------------------------------------------------------- */

/* The element that a distinguished name or an id means, of these files or of the folder; NULL if none. */
static const char *element_named(struct intake *in, const struct tmf *t, uint32_t text)
{
	const char *said = text_of(in, text);
	struct tmf_resource *r;
	char name[NRM_NAME];

	if (!*said || !nrm_name(said, strlen(said), true, name))
		return NULL;
	r = find_text(in, t, name, strlen(name));
	if (r && r->row != CODE_UNKNOWN)
		return intake_id(in, NET_ELEMENTS, r->row);
	if (intake_has_element(in, name))
		return arena_text(in->arena, name, strlen(name));
	return NULL;
}

static void take_end(struct intake *in, const struct tmf *t, struct tmf_resource *r)
{
	struct tmf_resource *element = element_above(in, t, r);
	const char *here = element ? intake_id(in, NET_ELEMENTS, element->row) : NULL, *there;

	if (element && r->class.kind == NRM_ENDPOINT && r->address != STR_EMPTY)
		intake_address(in, element->row, text_of(in, r->address));
	if (element && !*intake_get(in, NET_ELEMENTS, element->row, "technology") &&
	    (r->class.radio_to_5g || r->class.radio_to_4g))
		intake_put(in, NET_ELEMENTS, element->row, "technology", r->class.radio_to_5g ? "5G-SA" : "5G-NSA");
	if (r->other_far != STR_EMPTY) {
		here = element_named(in, t, r->far);
		there = element_named(in, t, r->other_far);
	} else {
		there = element_named(in, t, r->far);
	}
	in->base_name = r->file;
	if (r->far == STR_EMPTY)
		intake_left_out(in, "an end point that names no other end", r->key);
	else if (!here || !there)
		intake_left_out(in, "a link to something that is in no file read", text_of(in, r->far));
	else if (strcmp(here, there) == 0)
		intake_left_out(in, "a link of an element to itself", r->key);
	else if (intake_link(in, here, there, r->class.point))
		intake_used(in);
	else
		intake_merged(in);
}

static void take_relations(struct intake *in, const struct tmf *t, struct tmf_resource *r)
{
	for (size_t i = 0; i < r->relation_count && r->row != CODE_UNKNOWN; i++) {
		struct tmf_resource *other = find_id(t, r->relations[i].id);

		if (!other || other->row == CODE_UNKNOWN || other == r)
			continue;
		in->base_name = r->file;
		if (r->relations[i].relation == RELATION_HOST)
			intake_cell(in, NET_ELEMENTS, r->row, "hosted_on", intake_id(in, NET_ELEMENTS, other->row));
		if (r->relations[i].relation == RELATION_LINK)
			intake_link(in, intake_id(in, NET_ELEMENTS, r->row), intake_id(in, NET_ELEMENTS, other->row),
				    "");
	}
}

static void take_other(struct intake *in, const struct tmf *t, struct tmf_resource *r)
{
	in->base_name = r->file;
	switch (r->class.kind) {
	case NRM_ELEMENT:
	case NRM_MANAGEMENT_NODE:
	case NRM_MANAGED_ELEMENT:
		take_relations(in, t, r);
		break;
	case NRM_CONTAINER:
		intake_merged(in);
		break;
	case NRM_CELL:
		take_cell(in, t, r);
		break;
	case NRM_ENDPOINT:
	case NRM_LINK:
		take_end(in, t, r);
		break;
	case NRM_UNIT:
		take_unit(in, t, r);
		break;
	case NRM_LICENCE:
		intake_left_out(in, "a licence (InventoryUnitLic): no equipment", r->key);
		break;
	case NRM_EXTERNAL:
		intake_left_out(in, "stands for something outside (External...)", r->key);
		break;
	default:
		intake_left_out(in,
				arena_printf(in->arena, "%s: no function that is known (map: type %s = FUNCTION)",
					     text_of(in, r->type), text_of(in, r->type)),
				r->key);
	}
}

void tmf639_finish(struct intake *in)
{
	struct tmf *t = tmf_of(in);

	for (uint32_t i = 0; i < t->count; i++)
		classify(in, &t->items[i]);
	for (uint32_t i = 0; i < t->count; i++) {
		index_text(in, t, t->items[i].id, i);
		index_text(in, t, strs_id(in->strs, t->items[i].key), i);
	}
	find_containers(in, t);
	make_elements(in, t);
	for (uint32_t i = 0; i < t->count; i++)
		if (!t->items[i].is_out)
			take_other(in, t, &t->items[i]);
}
