/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bulk CM files (3GPP TS 32.616, 28.616; inventory NRM of TS 28.633 in the same shape):
 *
 *     bulkCmConfigDataFile
 *       fileHeader vendorName="..."
 *       configData dnPrefix="DC=..."
 *         SubNetwork id="1"                      objects: elements with an id, inside each other
 *           ManagedElement id="7" modifier="..."
 *             attributes                         of the object that it stands in
 *               vendorName, swVersion, ...
 *             GNBDUFunction id="1"
 *
 * Names are compared without their namespace: every vendor and version has prefixes and addresses of its own. This file
 * walks the tree and collects the attributes that are read; bulkcm_rows.c makes rows of the objects.
 */
#include "net/import/bulkcm.h"

#include <string.h>

enum {
	NAMES = 4096, /* places for distinct names of a file; beyond half of it they are looked up anew each time */
	LONGEST_NAME = NRM_NAME - 1,
};

static const struct {
	const char *name;
	enum bulkcm_attribute attribute;
} attribute_names[] = {
	{ "userLabel", ATTRIBUTE_LABEL },
	{ "vendorName", ATTRIBUTE_VENDOR },
	{ "swVersion", ATTRIBUTE_VERSION },
	{ "locationName", ATTRIBUTE_LOCATION },
	{ "userDefinedState", ATTRIBUTE_STATE },
	{ "managedElementTypeList", ATTRIBUTE_INTO },
	{ "managedElementType", ATTRIBUTE_TYPE },
	{ "managedBy", ATTRIBUTE_MANAGED_BY },
	{ "dn", ATTRIBUTE_NAME },
	{ "vsDataFormatVersion", ATTRIBUTE_HINT },
	{ "vsDataType", ATTRIBUTE_DATA_TYPE },
	{ "farEndEntity", ATTRIBUTE_FAR },
	{ "aEnd", ATTRIBUTE_FAR },
	{ "zEnd", ATTRIBUTE_FAR },
	{ "iubLinkNodeBFunction", ATTRIBUTE_FAR },
	{ "connectedBss", ATTRIBUTE_FAR },
	{ "connectedRnc", ATTRIBUTE_FAR },
	{ "localAddress", ATTRIBUTE_LOCAL },
	{ "localIpAddress", ATTRIBUTE_LOCAL },
	{ "remoteAddress", ATTRIBUTE_REMOTE },
	{ "remoteIpAddress", ATTRIBUTE_REMOTE },
	{ "ipAddress", ATTRIBUTE_ADDRESS },
	{ "ipv4Address", ATTRIBUTE_ADDRESS },
	{ "ipv6Address", ATTRIBUTE_ADDRESS },
	{ "sBIServiceList", ATTRIBUTE_INTO },
	{ "sBISerivceList", ATTRIBUTE_INTO }, /* as the schema of TS 28.541 long spelled it */
	{ "nfServices", ATTRIBUTE_INTO },
	{ "ipEndPoints", ATTRIBUTE_INTO },
	{ "ipEndPoint", ATTRIBUTE_INTO },
	{ "latitude", ATTRIBUTE_LATITUDE },
	{ "longitude", ATTRIBUTE_LONGITUDE },
	{ "peeParametersList", ATTRIBUTE_INTO },
	{ "siteLatitude", ATTRIBUTE_LATITUDE },
	{ "siteLongitude", ATTRIBUTE_LONGITUDE },
	{ "productName", ATTRIBUTE_PRODUCT },
	{ "model", ATTRIBUTE_PRODUCT },
	{ "swName", ATTRIBUTE_PRODUCT },
	{ "hwVersion", ATTRIBUTE_UNIT_VERSION },
	{ "versionNumber", ATTRIBUTE_UNIT_VERSION },
	{ "hwType", ATTRIBUTE_UNIT_TYPE },
	{ "inventoryUnitType", ATTRIBUTE_UNIT_TYPE },
	{ "mFunction", ATTRIBUTE_FUNCTION },
};

/* A name of the file's: the parser gives the same pointer for it each time, so that looking at the text is done once. */
struct name_slot {
	const char *key;
	enum bulkcm_attribute attribute;
	bool is_classified;
	const char *class_name;
	struct nrm_class class;
	size_t reason;        /* number of the reason why such an object was left out last, + 1 */
	const char *no_place; /* that the class has no place in a case, once it has been said */
};

enum level { LEVEL_ROOT, LEVEL_CONFIG, LEVEL_OBJECT };

struct walk {
	struct intake *in;
	struct bulkcm_rows *rows;
	struct name_slot names[NAMES], spare;
	size_t name_count;
	enum level levels[INTAKE_DEPTH + 1];
	int depth; /* of levels */
	struct bulkcm_object objects[INTAKE_DEPTH + 1];
	struct name_slot *slots[INTAKE_DEPTH + 1]; /* of the objects */
	int object_count;
	char name[NRM_NAME]; /* of the object that is open */
	size_t name_bytes;
	enum bulkcm_attribute inside[INTAKE_DEPTH + 1]; /* the attributes that are open; [0] is `attributes` itself */
	int inside_count;
	uint32_t file_vendor; /* of fileHeader */
};

/* ---- names ------------------------------------------------------------------------------------------------------- */

static enum bulkcm_attribute attribute_of(const char *name)
{
	for (size_t i = 0; i < sizeof attribute_names / sizeof *attribute_names; i++)
		if (strcmp(attribute_names[i].name, name) == 0)
			return attribute_names[i].attribute;
	return ATTRIBUTE_SKIP;
}

static struct name_slot *slot_of(struct walk *w, const char *name)
{
	size_t at = ((uintptr_t)name >> 3) * 0x9E3779B97F4A7C15u >> 52; /* 12 bits: NAMES */

	while (w->names[at].key && w->names[at].key != name)
		at = (at + 1) % NAMES;
	if (w->names[at].key)
		return &w->names[at];
	if (w->name_count >= NAMES / 2) {
		w->spare = (struct name_slot){ .key = name, .attribute = attribute_of(name) };
		return &w->spare;
	}
	w->name_count++;
	w->names[at] = (struct name_slot){ .key = name, .attribute = attribute_of(name) };
	return &w->names[at];
}

static void classify(struct walk *w, struct name_slot *slot)
{
	if (slot->is_classified)
		return;
	slot->class_name = strs_text(w->in->strs, strs_id(w->in->strs, slot->key));
	slot->class = nrm_class(w->in, slot->class_name);
	slot->is_classified = true;
}

/* ---- objects ----------------------------------------------------------------------------------------------------- */

/* Puts "CLASS=id" at the end of the name; false where the name gets too long. */
static bool name_add(struct walk *w, const char *class, const char *id, size_t bytes)
{
	size_t length = strlen(class), n = w->name_bytes;

	if (n + length + bytes + 2 > LONGEST_NAME)
		return false;
	if (n)
		w->name[n++] = ',';
	memcpy(w->name + n, class, length);
	n += length;
	w->name[n++] = '=';
	memcpy(w->name + n, id, bytes);
	n += bytes;
	w->name[n] = '\0';
	w->name_bytes = n;
	return true;
}

static enum bulkcm_modifier modifier_of(const struct intake_xml *x, const struct bulkcm_object *parent)
{
	size_t bytes;
	const char *text = intake_xml_attribute(x, "modifier", &bytes);

	if (text && bytes == 6 && memcmp(text, "create", 6) == 0)
		return MODIFIER_CREATE;
	if (text && bytes == 6 && memcmp(text, "delete", 6) == 0)
		return MODIFIER_DELETE;
	if (text && bytes == 6 && memcmp(text, "update", 6) == 0)
		return MODIFIER_UPDATE;
	return parent ? parent->modifier : MODIFIER_NONE;
}

static struct bulkcm_object *parent_of(struct walk *w)
{
	return w->object_count > 1 ? &w->objects[w->object_count - 2] : NULL;
}

static void open_object(struct walk *w, struct intake_xml *x, struct name_slot *slot, const char *id, size_t bytes)
{
	struct bulkcm_object *object = &w->objects[w->object_count++], *parent = parent_of(w);
	size_t before = w->name_bytes;

	classify(w, slot);
	w->slots[w->object_count - 1] = slot;
	for (uint32_t bits = object->values_set; bits; bits &= bits - 1)
		object->values[__builtin_ctz(bits)].count = 0;
	object->values_set = 0;
	object->class_name = slot->class_name;
	object->class = slot->class;
	object->name_bytes = before;
	object->row = parent ? parent->row : CODE_UNKNOWN;
	object->cells = 0;
	object->to_5g = object->to_4g = false;
	object->modifier = modifier_of(x, parent);
	object->planned = false;
	if (!name_add(w, slot->class_name, id, bytes)) {
		intake_refuse(w->in, "bad-object", intake_xml_line(x),
			      "the name of this object is longer than %d bytes", LONGEST_NAME);
		intake_xml_stop(x);
		return;
	}
	bulkcm_begin(w->rows, object, parent, w->name);
}

/* Vendors put their functions into containers of their own: vsDataENodeBFunction is what an ENodeBFunction would be. */
static void become_class(struct walk *w, struct bulkcm_object *object, const char *type)
{
	const struct bulkcm_object *parent = parent_of(w);
	struct nrm_class class;
	const char *id = strrchr(w->name, '=');

	if (object->class.kind != NRM_VENDOR_DATA || strncmp(type, "vsData", 6) != 0 || !id)
		return;
	class = nrm_class(w->in, type + 6);
	if (class.kind != NRM_CELL && (class.kind != NRM_ELEMENT || !class.function))
		return;
	/* Inside an object of the class it is what the vendor adds to that one. */
	if (parent && parent->class.kind == class.kind && parent->class.function == class.function)
		return;
	id = arena_text(w->in->arena, id + 1, strlen(id + 1));
	object->class = class;
	object->class_name = strs_text(w->in->strs, strs_id(w->in->strs, type + 6));
	w->name_bytes = object->name_bytes;
	if (!name_add(w, object->class_name, id, strlen(id)))
		w->name[w->name_bytes] = '\0'; /* no longer than before, but for a class of a longer name */
	bulkcm_begin(w->rows, object, parent, w->name);
}

static void leave_out(struct walk *w, struct name_slot *slot, const char *reason)
{
	struct net_import_balance *balance = &w->in->imported->balance;

	if (!reason && !slot->no_place)
		slot->no_place = arena_printf(w->in->arena, "%s: neither an element nor a link", slot->class_name);
	if (!reason)
		reason = slot->no_place;
	if (slot->reason && strcmp(balance->left_out.items[slot->reason - 1].reason, reason) == 0) {
		balance->read++;
		intake_reason_again(w->in->arena, &balance->left_out, slot->reason - 1, w->name);
		return;
	}
	slot->reason = intake_left_out(w->in, reason, w->name) + 1;
}

static void close_object(struct walk *w)
{
	struct bulkcm_object *object = &w->objects[w->object_count - 1];
	const char *reason = NULL;

	switch (bulkcm_end(w->rows, object, parent_of(w), w->name, &reason)) {
	case OUTCOME_USED:
		intake_used(w->in);
		break;
	case OUTCOME_MERGED:
		intake_merged(w->in);
		break;
	case OUTCOME_LEFT_OUT:
		leave_out(w, w->slots[w->object_count - 1], reason);
		break;
	case OUTCOME_LATER:
		break;
	}
	w->name_bytes = object->name_bytes;
	w->name[w->name_bytes] = '\0';
	w->object_count--;
}

/* ---- attributes -------------------------------------------------------------------------------------------------- */

static void open_attribute(struct walk *w, struct intake_xml *x, enum bulkcm_attribute attribute)
{
	if (attribute == ATTRIBUTE_SKIP) {
		intake_xml_skip(x);
		return;
	}
	w->inside[w->inside_count++] = attribute;
	if (attribute != ATTRIBUTE_INTO)
		intake_xml_keep(x);
}

/* Which attribute a text is of, by what it stands in: a name in managedBy, an address on the other side. */
static enum bulkcm_attribute meant(const struct walk *w)
{
	enum bulkcm_attribute attribute = w->inside[w->inside_count - 1];

	if (attribute == ATTRIBUTE_LOCAL || attribute == ATTRIBUTE_REMOTE)
		return attribute;
	for (int i = w->inside_count - 2; i > 0; i--) {
		if (attribute == ATTRIBUTE_NAME && w->inside[i] != ATTRIBUTE_INTO)
			return w->inside[i];
		if (attribute == ATTRIBUTE_ADDRESS && w->inside[i] == ATTRIBUTE_REMOTE)
			return ATTRIBUTE_REMOTE;
	}
	return attribute == ATTRIBUTE_ADDRESS ? ATTRIBUTE_LOCAL : attribute;
}

static bool is_blank(const char *text, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		if ((unsigned char)text[i] > ' ')
			return false;
	return true;
}

static void close_attribute(struct walk *w, const char *text, size_t bytes)
{
	struct bulkcm_object *object = &w->objects[w->object_count - 1];
	enum bulkcm_attribute attribute = meant(w);
	struct bulkcm_values *values = &object->values[attribute];

	w->inside_count--;
	if (attribute == ATTRIBUTE_INTO || is_blank(text, bytes))
		return;
	while ((unsigned char)*text <= ' ')
		text++, bytes--;
	while ((unsigned char)text[bytes - 1] <= ' ')
		bytes--;
	object->values_set |= 1u << attribute;
	if (values->count < BULKCM_VALUES)
		values->items[values->count++] = strs_add(w->in->strs, text, bytes);
	else
		intake_note(w->in, "an attribute has more than 40 values; the rest is not kept", w->name);
	if (attribute == ATTRIBUTE_DATA_TYPE)
		become_class(w, object, strs_text(w->in->strs, values->items[0]));
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static void open_frame(struct walk *w, struct intake_xml *x, const char *name)
{
	size_t bytes;
	const char *text;

	if (w->depth == 0) {
		if (strcmp(name, "bulkCmConfigDataFile") != 0) {
			intake_refuse(w->in, "wrong-format", intake_xml_line(x),
				      "the first element is %.60s; a bulk CM file begins with bulkCmConfigDataFile",
				      name);
			intake_xml_stop(x);
			return;
		}
		w->levels[w->depth++] = LEVEL_ROOT;
	} else if (w->depth == 1 && strcmp(name, "configData") == 0) {
		text = intake_xml_attribute(x, "dnPrefix", &bytes);
		if (!text || !nrm_name(text, bytes, false, w->name))
			w->name[0] = '\0';
		w->name_bytes = strlen(w->name);
		w->levels[w->depth++] = LEVEL_CONFIG;
	} else {
		intake_xml_skip(x);
	}
}

static void on_open(void *reader, struct intake_xml *x, const char *name)
{
	struct walk *w = reader;
	struct name_slot *slot;
	const char *id;
	size_t bytes;

	if (w->inside_count) {
		open_attribute(w, x, slot_of(w, name)->attribute);
		return;
	}
	if (w->depth < 2) {
		open_frame(w, x, name);
		return;
	}
	slot = slot_of(w, name);
	id = intake_xml_attribute(x, "id", &bytes);
	if (id) {
		w->levels[w->depth++] = LEVEL_OBJECT;
		open_object(w, x, slot, id, bytes);
	} else if (w->object_count && strcmp(name, "attributes") == 0) {
		w->inside[w->inside_count++] = ATTRIBUTE_INTO;
	} else {
		intake_xml_skip(x);
	}
}

static void on_close(void *reader, struct intake_xml *x, const char *name, const char *text, size_t bytes)
{
	struct walk *w = reader;

	(void)x, (void)name;
	if (w->inside_count > 1)
		close_attribute(w, text, bytes);
	else if (w->inside_count == 1)
		w->inside_count = 0;
	else if (w->levels[--w->depth] == LEVEL_OBJECT)
		close_object(w);
}

const char *bulkcm_recognise(const char *head, size_t bytes)
{
	char root[64];

	if (!intake_xml_root(head, bytes, root) || strcmp(root, "bulkCmConfigDataFile") != 0 ||
	    memmem(head, bytes, "InventoryUnit", 13))
		return NULL;
	return "3GPP bulk configuration";
}

const char *inventory_recognise(const char *head, size_t bytes)
{
	char root[64];

	if (!intake_xml_root(head, bytes, root) || strcmp(root, "bulkCmConfigDataFile") != 0 ||
	    !memmem(head, bytes, "InventoryUnit", 13))
		return NULL;
	return "3GPP inventory";
}

void bulkcm_read(struct intake *in, struct source *source)
{
	static const struct intake_xml_reader reader = { on_open, on_close };
	struct walk *w = arena_alloc(in->arena, sizeof *w);

	if (!in->reader)
		in->reader = bulkcm_rows_new(in);
	w->in = in;
	w->rows = in->reader;
	intake_xml(in, source, &reader, w);
	arena_release(in->arena, w, sizeof *w);
}

void bulkcm_finish(struct intake *in)
{
	if (in->reader)
		bulkcm_join(in->reader);
}
