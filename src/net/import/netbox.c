/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NetBox 3.6 to 4.x: a database export (a list of {model, pk, fields}, as `manage.py dumpdata` writes it) or pages of the
 * REST API ({count, next, results: [...]}; the model is read from each object's url). Objects are kept until all files
 * have been read, because they name each other by number.
 */
#include "net/import/netbox.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *path;
} models[NB_MODELS] = {
	[NB_REGION] = { "dcim.region", "dcim/regions" },
	[NB_SITE] = { "dcim.site", "dcim/sites" },
	[NB_LOCATION] = { "dcim.location", "dcim/locations" },
	[NB_MANUFACTURER] = { "dcim.manufacturer", "dcim/manufacturers" },
	[NB_DEVICE_TYPE] = { "dcim.devicetype", "dcim/device-types" },
	[NB_ROLE] = { "dcim.devicerole", "dcim/device-roles" },
	[NB_PLATFORM] = { "dcim.platform", "dcim/platforms" },
	[NB_DEVICE] = { "dcim.device", "dcim/devices" },
	[NB_MODULE] = { "dcim.module", "dcim/modules" },
	[NB_MODULE_TYPE] = { "dcim.moduletype", "dcim/module-types" },
	[NB_ITEM] = { "dcim.inventoryitem", "dcim/inventory-items" },
	[NB_INTERFACE] = { "dcim.interface", "dcim/interfaces" },
	[NB_FRONT_PORT] = { "dcim.frontport", "dcim/front-ports" },
	[NB_REAR_PORT] = { "dcim.rearport", "dcim/rear-ports" },
	[NB_CABLE] = { "dcim.cable", "dcim/cables" },
	[NB_CABLE_END] = { "dcim.cabletermination", "dcim/cable-terminations" },
	[NB_CIRCUIT] = { "circuits.circuit", "circuits/circuits" },
	[NB_CIRCUIT_END] = { "circuits.circuittermination", "circuits/circuit-terminations" },
	[NB_ADDRESS] = { "ipam.ipaddress", "ipam/ip-addresses" },
	[NB_CLUSTER] = { "virtualization.cluster", "virtualization/clusters" },
	[NB_CLUSTER_TYPE] = { "virtualization.clustertype", "virtualization/cluster-types" },
	[NB_VM] = { "virtualization.virtualmachine", "virtualization/virtual-machines" },
	[NB_VM_INTERFACE] = { "virtualization.vminterface", "virtualization/interfaces" },
	[NB_CONTENT_TYPE] = { "contenttypes.contenttype", "extras/content-types" },
};

const char *netbox_model_name(enum netbox_model model)
{
	return models[model].name;
}

enum netbox_model netbox_model_find(const char *name, size_t bytes)
{
	for (int m = 0; m < NB_MODELS; m++) {
		const char *texts[] = { models[m].name, models[m].path };

		for (int k = 0; k < 2; k++)
			if (strlen(texts[k]) == bytes && memcmp(texts[k], name, bytes) == 0)
				return (enum netbox_model)m;
	}
	return NB_MODELS;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void drop_all(void *context)
{
	struct netbox *nb = context;

	for (int m = 0; m < NB_MODELS; m++)
		for (uint32_t i = 0; i < nb->table[m].count; i++)
			json_decref(nb->table[m].items[i].fields);
}

static struct netbox *netbox_of(struct intake *in)
{
	struct netbox *nb = in->reader;

	if (nb)
		return nb;
	in->reader = nb = arena_alloc(in->arena, sizeof *nb);
	nb->in = in;
	arena_at_free(in->arena, drop_all, nb);
	return nb;
}

static void keep(struct netbox *nb, enum netbox_model model, int64_t number, json_t *fields)
{
	struct netbox_table *table = &nb->table[model];

	if (table->count == table->room) {
		uint32_t room = table->room ? table->room * 2 : 64;

		table->items = arena_grow(nb->in->arena, table->items, table->room * sizeof *table->items,
					  room * sizeof *table->items);
		table->room = room;
	}
	table->items[table->count++] = (struct netbox_object){
		.number = number, .fields = json_incref(fields), .file = nb->in->base_name, .row = CODE_UNKNOWN
	};
}

/* The part of "https://host/api/dcim/devices/7/" between /api/ and the number. */
static const char *path_of(const char *url, size_t *bytes)
{
	const char *api = url ? strstr(url, "/api/") : NULL, *end;

	*bytes = 0;
	if (!api)
		return NULL;
	api += 5;
	end = api + strlen(api);
	while (end > api && end[-1] == '/')
		end--;
	while (end > api && end[-1] >= '0' && end[-1] <= '9')
		end--;
	while (end > api && end[-1] == '/')
		end--;
	*bytes = (size_t)(end - api);
	return api;
}

static void read_object(struct intake *in, json_t *object)
{
	struct netbox *nb = netbox_of(in);
	const char *name = json_string_value(json_object_get(object, "model"));
	json_t *fields = json_object_get(object, "fields"), *number = json_object_get(object, name ? "pk" : "id");
	const char *url = json_string_value(json_object_get(object, "url"));
	size_t bytes = name ? strlen(name) : 0;
	enum netbox_model model;

	if (!name) {
		name = path_of(url, &bytes);
		fields = object;
	}
	if (!name || !json_is_object(fields)) {
		intake_left_out(in, "no object of NetBox: neither model and fields nor url", in->name);
		return;
	}
	model = netbox_model_find(name, bytes);
	if (model == NB_CONTENT_TYPE || (model != NB_MODELS && json_is_integer(number))) {
		keep(nb, model, json_is_integer(number) ? json_integer_value(number) : -1, fields);
		return;
	}
	name = arena_text(in->arena, name, bytes > 100 ? utf8_check(name, 100) : bytes);
	intake_left_out(in, arena_printf(in->arena, "%s: neither an element nor a link", name),
			arena_printf(in->arena, "%s %lld", name, (long long)json_integer_value(number)));
}

const char *netbox_recognise(const char *head, size_t bytes)
{
	if (intake_json_has(head, bytes, "model") && intake_json_has(head, bytes, "fields") &&
	    (intake_json_has(head, bytes, "pk") || memmem(head, bytes, "contenttypes", 12)))
		return "a NetBox export";
	if (intake_json_has(head, bytes, "results") &&
	    (memmem(head, bytes, "/api/dcim/", 10) || memmem(head, bytes, "/api/circuits/", 14) ||
	     memmem(head, bytes, "/api/virtualization/", 20) || memmem(head, bytes, "/api/ipam/", 10)))
		return "a page of NetBox's API";
	return NULL;
}

void netbox_read(struct intake *in, struct source *source)
{
	json_t *root = intake_json(in, source), *list = root, *one;
	size_t i;

	if (!root)
		return;
	if (json_is_object(root)) {
		list = json_object_get(root, "results");
		if (json_is_string(json_object_get(root, "next")))
			intake_note(in, "a page of the API that is not the last: are the others among the files?",
				    in->name);
	}
	if (!json_is_array(list))
		intake_refuse(in, "wrong-format", 1,
			      "is neither a list of objects (an export) nor a page with \"results\"");
	json_array_foreach(list, i, one)
	{
		read_object(in, one);
	}
	json_decref(root);
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */

struct netbox_object *netbox_find(struct netbox *nb, enum netbox_model model, int64_t number)
{
	struct netbox_table *table = &nb->table[model];
	uint32_t low = 0, high = table->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (table->items[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < table->count && table->items[low].number == number ? &table->items[low] : NULL;
}

int64_t netbox_number(const json_t *reference)
{
	if (json_is_object(reference))
		reference = json_object_get(reference, "id");
	return json_is_integer(reference) ? json_integer_value(reference) : -1;
}

struct netbox_object *netbox_related_object(struct netbox *nb, const json_t *fields, const char *key,
					    enum netbox_model model)
{
	int64_t number = netbox_number(json_object_get(fields, key));

	return number < 0 ? NULL : netbox_find(nb, model, number);
}

const json_t *netbox_related(struct netbox *nb, const json_t *fields, const char *key, enum netbox_model model)
{
	const json_t *reference = json_object_get(fields, key);
	const struct netbox_object *object = netbox_related_object(nb, fields, key, model);

	return object ? object->fields : json_is_object(reference) ? reference : NULL;
}

const char *netbox_choice(struct netbox *nb, const json_t *fields, const char *key)
{
	const json_t *choice = json_object_get(fields, key);

	return json_is_object(choice) ? intake_json_word(nb->in, choice, "value") : intake_json_value(nb->in, choice);
}

enum netbox_model netbox_type(struct netbox *nb, const json_t *type)
{
	const char *app = json_string_value(json_array_get(type, 0)),
		   *name = json_string_value(json_array_get(type, 1));
	const struct netbox_object *object;
	const char *text;

	if (json_is_integer(type)) {
		object = netbox_find(nb, NB_CONTENT_TYPE, json_integer_value(type));
		app = object ? json_string_value(json_object_get(object->fields, "app_label")) : NULL;
		name = object ? json_string_value(json_object_get(object->fields, "model")) : NULL;
	}
	if (json_is_string(type))
		text = json_string_value(type);
	else if (app && name)
		text = arena_printf(nb->in->arena, "%s.%s", app, name);
	else
		return NB_MODELS;
	return netbox_model_find(text, strlen(text));
}
