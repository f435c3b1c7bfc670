/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NetBox: devices and virtual machines become elements, sites with their regions sites. What a device does is the
 * user's own word there (its role), so that the map or the words of the role say which function it is.
 */
#include "net/import/netbox.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *word(struct netbox *nb, const json_t *fields, const char *key)
{
	return intake_json_word(nb->in, fields, key);
}

static const char *name_of(struct netbox *nb, const json_t *fields, const char *key, enum netbox_model model)
{
	const json_t *related = netbox_related(nb, fields, key, model);

	return related ? word(nb, related, "name") : "";
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

static int by_number(const void *left, const void *right)
{
	const struct netbox_object *a = left, *b = right;

	return a->number < b->number ? -1 : a->number > b->number;
}

/* In order of numbers; pages that overlap give an object twice. */
static void sort_table(struct netbox *nb, enum netbox_model model)
{
	struct netbox_table *table = &nb->table[model];
	uint32_t kept = 0;

	if (!table->count)
		return;
	qsort(table->items, table->count, sizeof *table->items, by_number);
	for (uint32_t i = 0; i < table->count; i++) {
		if (kept && table->items[kept - 1].number == table->items[i].number && model != NB_CONTENT_TYPE) {
			json_decref(table->items[i].fields);
			intake_merged(nb->in);
			continue;
		}
		table->items[kept++] = table->items[i];
	}
	table->count = kept;
}

/* ---- states ------------------------------------------------------------------------------------------------------ */

/* Counted and true where the status decides that an object is no part of what is imported. */
static bool leave_by_status(struct netbox *nb, const json_t *fields, const char *id)
{
	const char *status = netbox_choice(nb, fields, "status"), *reason = NULL;
	bool planned = !strcmp(status, "planned") || !strcmp(status, "staged") || !strcmp(status, "staging");
	bool leaves = !strcmp(status, "decommissioning") || !strcmp(status, "retired");

	if (nb->in->job->as_proposal && leaves) {
		intake_remove(nb->in, id);
		return true;
	}
	if (nb->in->job->as_proposal)
		reason = planned ? NULL : "in operation already: no part of a plan";
	else if (planned)
		reason = "planned by its status: comes with --as proposal";
	else if (!strcmp(status, "inventory"))
		reason = "in store by its status: stands nowhere";
	else if (!strcmp(status, "retired"))
		reason = "no longer there by its status";
	if (reason)
		intake_left_out(nb->in, reason, id);
	return reason;
}

/* ---- sites ------------------------------------------------------------------------------------------------------- */

/* "North America / United States / New York" */
static const char *region_path(struct netbox *nb, const json_t *region)
{
	const char *path = word(nb, region, "name");

	for (int depth = 0; depth < INTAKE_DEPTH; depth++) {
		const char *above;

		region = netbox_related(nb, region, "parent", NB_REGION);
		above = region ? word(nb, region, "name") : "";
		if (!*above || strlen(path) > INTAKE_TEXT)
			break;
		path = arena_printf(nb->in->arena, "%s / %s", above, path);
	}
	return path;
}

/* The row of the site that these fields are of; made where it is not there yet. */
static uint32_t site_row(struct netbox *nb, const json_t *site)
{
	struct intake *in = nb->in;
	const json_t *region = netbox_related(nb, site, "region", NB_REGION);
	const char *lat = word(nb, site, "latitude"), *lon = word(nb, site, "longitude");
	uint32_t row = intake_site(in, word(nb, site, "name"));

	if (region) {
		intake_cell(in, NET_SITES, row, "region", word(nb, region, "name"));
		intake_cell(in, NET_SITES, row, "region_path", region_path(nb, region));
	}
	if (*lat && *lon && !*intake_get(in, NET_SITES, row, "lat"))
		intake_place(in, row, lat, lon);
	return row;
}

static void make_sites(struct netbox *nb)
{
	for (uint32_t i = 0; i < nb->table[NB_SITE].count; i++) {
		struct netbox_object *site = &nb->table[NB_SITE].items[i];
		const char *name = word(nb, site->fields, "name");

		if (!*name) {
			intake_left_out(nb->in, "a site without a name",
					arena_printf(nb->in->arena, "site %lld", (long long)site->number));
			continue;
		}
		nb->in->base_name = site->file;
		site->row = site_row(nb, site->fields);
		intake_used(nb->in);
	}
}

/* A site's row, "" where there is none. */
static const char *site_id(struct netbox *nb, const json_t *site)
{
	if (!site || !*word(nb, site, "name"))
		return "";
	return intake_id(nb->in, NET_SITES, site_row(nb, site));
}

/* ---- functions --------------------------------------------------------------------------------------------------- */

/* Roles that carry no traffic and do nothing. */
static bool is_passive(const char *role)
{
	static const char *const words[] = { "patch panel", "patch-panel", "cable management",
					     "shelf",       "blanking",    "fibre tray" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(role, words[i]))
			return true;
	return false;
}

static const char *function_of(struct netbox *nb, const char *role, bool is_machine)
{
	static const struct {
		const char *word, *function;
		bool is_hardware;
	} words[] = {
		{ "router", "router", false },
		{ "switch", "switch", false },
		{ "firewall", "firewall", false },
		{ "load balancer", "load-balancer", false },
		{ "access point", "WLAN-AP", false },
		{ "PDU", "power", true },
		{ "UPS", "power", true },
		{ "hypervisor", "hypervisor", false },
		{ "server", "server", true },
		{ "storage", "storage", true },
	};
	const char *function = *role ? intake_function(nb->in, "role", role) : NULL;

	for (size_t i = 0; !function && i < sizeof words / sizeof *words; i++)
		if (strcasestr(role, words[i].word) && !(is_machine && words[i].is_hardware)) {
			function = words[i].function;
			intake_note(nb->in,
				    "the function is by a word of the role (--map says better: role ROLE = FUNCTION)",
				    arena_printf(nb->in->arena, "%s: %s", role, function));
		}
	return function;
}

/* ---- devices and virtual machines -------------------------------------------------------------------------------- */

/* A name that no other element of this run has; devices may have none, and machines those of devices. */
static const char *free_id(struct netbox *nb, const char *name, const char *where, const char *kind, int64_t number)
{
	struct intake *in = nb->in;
	const char *id = *name ? name : arena_printf(in->arena, "%s-%lld", kind, (long long)number);

	if (intake_find(in, &in->made[NET_ELEMENTS], id) == CODE_UNKNOWN)
		return id;
	id = arena_printf(in->arena, "%s@%s", id, where);
	if (intake_find(in, &in->made[NET_ELEMENTS], id) == CODE_UNKNOWN)
		return id;
	return arena_printf(in->arena, "%s#%lld", id, (long long)number);
}

static void put_address(struct netbox *nb, uint32_t row, const json_t *address)
{
	const char *text = address ? word(nb, address, "address") : "";

	if (*text)
		intake_address(nb->in, row, arena_text(nb->in->arena, text, strcspn(text, "/")));
}

/* What devices and machines have in common. */
static void fill(struct netbox *nb, uint32_t row, const json_t *fields, const char *site, const char *role,
		 bool is_machine)
{
	struct intake *in = nb->in;
	const char *function = function_of(nb, role, is_machine);

	intake_cell(in, NET_ELEMENTS, row, "site", site);
	intake_cell(in, NET_ELEMENTS, row, "function", function);
	intake_cell(in, NET_ELEMENTS, row, "role", role);
	intake_cell(in, NET_ELEMENTS, row, "platform", name_of(nb, fields, "platform", NB_PLATFORM));
	intake_cell(in, NET_ELEMENTS, row, "state", netbox_choice(nb, fields, "status"));
	put_address(nb, row, netbox_related(nb, fields, "primary_ip4", NB_ADDRESS));
	put_address(nb, row, netbox_related(nb, fields, "primary_ip6", NB_ADDRESS));
	if (!function)
		intake_note(in, "the function is not known: --map says it (role ROLE = FUNCTION)",
			    arena_printf(in->arena, "%s: role %s", intake_id(in, NET_ELEMENTS, row),
					 *role ? role : "(none)"));
}

/* The vendor of a device or module type. */
static const char *maker(struct netbox *nb, const json_t *type)
{
	struct netbox_object *object = type ? netbox_related_object(nb, type, "manufacturer", NB_MANUFACTURER) : NULL;
	const char *vendor = type ? intake_vendor(nb->in, name_of(nb, type, "manufacturer", NB_MANUFACTURER)) : NULL;

	if (object && vendor)
		object->is_used = true;
	return vendor;
}

static void make_device(struct netbox *nb, struct netbox_object *device)
{
	struct intake *in = nb->in;
	const json_t *fields = device->fields, *type = netbox_related(nb, fields, "device_type", NB_DEVICE_TYPE);
	struct netbox_object *type_object = netbox_related_object(nb, fields, "device_type", NB_DEVICE_TYPE);
	const char *role_key = json_object_get(fields, "role") ? "role" : "device_role"; /* before 3.6 */
	const char *role = name_of(nb, fields, role_key, NB_ROLE), *vendor, *product, *id, *site;
	struct netbox_object *cluster;

	site = site_id(nb, netbox_related(nb, fields, "site", NB_SITE));
	id = free_id(nb, word(nb, fields, "name"), site, "device", device->number);
	if (is_passive(role)) {
		intake_left_out(in, "passive: carries no element's function",
				arena_printf(in->arena, "%s: %s", id, role));
		return;
	}
	if (leave_by_status(nb, fields, id))
		return;
	if (!*site) {
		intake_left_out(in, "a device whose site is in no file read", id);
		return;
	}
	in->base_name = device->file;
	device->row = intake_element(in, id, NULL);
	vendor = maker(nb, type);
	product = type ? intake_product(in, word(nb, type, "model"), vendor) : NULL;
	if (type_object && product)
		type_object->is_used = true;
	intake_cell(in, NET_ELEMENTS, device->row, "vendor", vendor);
	intake_cell(in, NET_ELEMENTS, device->row, "product", product);
	/* Until it has a row of its own, a cluster is where its first device is. */
	cluster = netbox_related_object(nb, fields, "cluster", NB_CLUSTER);
	if (cluster && cluster->row == CODE_UNKNOWN)
		cluster->row = device->row;
	fill(nb, device->row, fields, site, role, false);
	intake_used(in);
}

/* The site of a cluster: its own, or that of the devices that are in it; "" where nobody says. */
static const char *cluster_site(struct netbox *nb, const struct netbox_object *cluster)
{
	const json_t *site = netbox_related(nb, cluster->fields, "site", NB_SITE);

	if (!site && netbox_type(nb, json_object_get(cluster->fields, "scope_type")) == NB_SITE) /* from 4.2 on */
		site = netbox_related(nb, cluster->fields,
				      json_object_get(cluster->fields, "scope") ? "scope" : "scope_id", NB_SITE);
	if (site)
		return site_id(nb, site);
	return cluster->row == CODE_UNKNOWN ? "" : intake_get(nb->in, NET_ELEMENTS, cluster->row, "site");
}

static void make_cluster(struct netbox *nb, struct netbox_object *cluster)
{
	struct intake *in = nb->in;
	const char *name = word(nb, cluster->fields, "name"), *site = cluster_site(nb, cluster), *function;
	const char *type = name_of(nb, cluster->fields, "type", NB_CLUSTER_TYPE);
	const char *id = free_id(nb, arena_printf(in->arena, "cluster %s", name), site, "cluster", cluster->number);

	cluster->row = CODE_UNKNOWN;
	if (leave_by_status(nb, cluster->fields, id))
		return;
	in->base_name = cluster->file;
	if (!*site) {
		site = intake_id(in, NET_SITES, intake_site(in, id));
		intake_note(in, "a cluster at no site: a site of its own", id);
	}
	cluster->row = intake_element(in, id, NULL);
	function = *type ? intake_mapped(in, "cluster_type", type, NULL) : NULL;
	intake_cell(in, NET_ELEMENTS, cluster->row, "site", site);
	intake_cell(in, NET_ELEMENTS, cluster->row, "function",
		    function ? intake_function(in, "cluster_type", type) : "NFVI"); /* what runs machines of others */
	intake_cell(in, NET_ELEMENTS, cluster->row, "role", type);
	intake_cell(in, NET_ELEMENTS, cluster->row, "state", netbox_choice(nb, cluster->fields, "status"));
	intake_used(in);
}

static void make_machine(struct netbox *nb, struct netbox_object *machine)
{
	struct intake *in = nb->in;
	const json_t *fields = machine->fields;
	const struct netbox_object *device = netbox_related_object(nb, fields, "device", NB_DEVICE);
	const struct netbox_object *cluster = netbox_related_object(nb, fields, "cluster", NB_CLUSTER);
	const struct netbox_object *host = device && device->row != CODE_UNKNOWN ? device : cluster;
	const char *site = site_id(nb, netbox_related(nb, fields, "site", NB_SITE)), *id;
	const char *where = name_of(nb, fields, "cluster", NB_CLUSTER);

	id = free_id(nb, word(nb, fields, "name"), *where ? where : site, "machine", machine->number);
	if (leave_by_status(nb, fields, id))
		return;
	if (host && host->row == CODE_UNKNOWN)
		host = NULL;
	if (!*site && host)
		site = intake_get(in, NET_ELEMENTS, host->row, "site");
	if (!*site) {
		intake_left_out(in, "a virtual machine whose site and host are in no file read", id);
		return;
	}
	in->base_name = machine->file;
	machine->row = intake_element(in, id, NULL);
	fill(nb, machine->row, fields, site, name_of(nb, fields, "role", NB_ROLE), true);
	if (host)
		intake_cell(in, NET_ELEMENTS, machine->row, "hosted_on", intake_id(in, NET_ELEMENTS, host->row));
	intake_used(in);
}

/* A module or inventory item of another maker than its device's is a part of it. */
static void make_part(struct netbox *nb, const struct netbox_object *object, const json_t *type, const char *kind)
{
	struct intake *in = nb->in;
	const struct netbox_object *device = netbox_related_object(nb, object->fields, "device", NB_DEVICE);
	const char *vendor, *product, *id;
	uint32_t row;

	if (!device || device->row == CODE_UNKNOWN) {
		intake_left_out(in, "a module of a device without a row",
				arena_printf(in->arena, "%s %lld", kind, (long long)object->number));
		return;
	}
	vendor = maker(nb, type);
	if (!vendor || strcmp(vendor, intake_get(in, NET_ELEMENTS, device->row, "vendor")) == 0) {
		intake_merged(in);
		return;
	}
	id = arena_printf(in->arena, "%s/%s-%lld", intake_id(in, NET_ELEMENTS, device->row), kind,
			  (long long)object->number);
	product = intake_product(in, word(nb, type, *word(nb, type, "model") ? "model" : "part_id"), vendor);
	in->base_name = object->file;
	row = intake_element(in, id, NULL);
	intake_cell(in, NET_ELEMENTS, row, "site", intake_get(in, NET_ELEMENTS, device->row, "site"));
	intake_cell(in, NET_ELEMENTS, row, "function", intake_get(in, NET_ELEMENTS, device->row, "function"));
	intake_cell(in, NET_ELEMENTS, row, "vendor", vendor);
	intake_cell(in, NET_ELEMENTS, row, "product", product);
	intake_cell(in, NET_ELEMENTS, row, "part_of", intake_id(in, NET_ELEMENTS, device->row));
	intake_used(in);
}

/* ---- what goes into elements ------------------------------------------------------------------------------------- */

/* The element that an address is of. */
static uint32_t element_of_address(struct netbox *nb, const json_t *address)
{
	enum netbox_model model = netbox_type(nb, json_object_get(address, "assigned_object_type"));
	bool is_machine = model == NB_VM_INTERFACE;
	const struct netbox_object *interface, *element;
	const json_t *fields = json_object_get(address, "assigned_object");

	if (model != NB_INTERFACE && !is_machine)
		return CODE_UNKNOWN;
	interface = netbox_find(nb, model, netbox_number(json_object_get(address, "assigned_object_id")));
	if (interface)
		fields = interface->fields;
	element = fields ? netbox_related_object(nb, fields, is_machine ? "virtual_machine" : "device",
						 is_machine ? NB_VM : NB_DEVICE)
			 : NULL;
	return element ? element->row : CODE_UNKNOWN;
}

static void take_addresses(struct netbox *nb)
{
	for (uint32_t i = 0; i < nb->table[NB_ADDRESS].count; i++) {
		const json_t *fields = nb->table[NB_ADDRESS].items[i].fields;
		uint32_t row = element_of_address(nb, fields);

		if (row == CODE_UNKNOWN) {
			intake_left_out(nb->in, "an address that no element has", word(nb, fields, "address"));
			continue;
		}
		put_address(nb, row, fields);
		intake_merged(nb->in);
	}
}

/* Objects that are there for others: counted as merged, makers and types only where something needs them. */
static void count_others(struct netbox *nb)
{
	static const enum netbox_model merged[] = { NB_REGION,      NB_LOCATION,    NB_ROLE,         NB_PLATFORM,
						    NB_MODULE_TYPE, NB_INTERFACE,   NB_FRONT_PORT,   NB_REAR_PORT,
						    NB_CABLE_END,   NB_CIRCUIT_END, NB_CLUSTER_TYPE, NB_VM_INTERFACE,
						    NB_CONTENT_TYPE };
	static const enum netbox_model named[] = { NB_MANUFACTURER, NB_DEVICE_TYPE };

	for (size_t k = 0; k < sizeof merged / sizeof *merged; k++)
		for (uint32_t i = 0; i < nb->table[merged[k]].count; i++)
			intake_merged(nb->in);
	for (size_t k = 0; k < sizeof named / sizeof *named; k++)
		for (uint32_t i = 0; i < nb->table[named[k]].count; i++) {
			const struct netbox_object *object = &nb->table[named[k]].items[i];

			if (object->is_used)
				intake_used(nb->in);
			else
				intake_left_out(
					nb->in,
					named[k] == NB_MANUFACTURER ? "a manufacturer of nothing that is here"
								    : "a device type that nothing here is of",
					word(nb, object->fields, named[k] == NB_MANUFACTURER ? "name" : "model"));
		}
}

void netbox_finish(struct intake *in)
{
	struct netbox *nb = in->reader;

	if (!nb)
		return;
	for (int m = 0; m < NB_MODELS; m++)
		sort_table(nb, (enum netbox_model)m);
	make_sites(nb);
	for (uint32_t i = 0; i < nb->table[NB_DEVICE].count; i++)
		make_device(nb, &nb->table[NB_DEVICE].items[i]);
	for (uint32_t i = 0; i < nb->table[NB_CLUSTER].count; i++)
		make_cluster(nb, &nb->table[NB_CLUSTER].items[i]);
	for (uint32_t i = 0; i < nb->table[NB_VM].count; i++)
		make_machine(nb, &nb->table[NB_VM].items[i]);
	for (uint32_t i = 0; i < nb->table[NB_MODULE].count; i++)
		make_part(nb, &nb->table[NB_MODULE].items[i],
			  netbox_related(nb, nb->table[NB_MODULE].items[i].fields, "module_type", NB_MODULE_TYPE),
			  "module");
	for (uint32_t i = 0; i < nb->table[NB_ITEM].count; i++)
		make_part(nb, &nb->table[NB_ITEM].items[i], nb->table[NB_ITEM].items[i].fields, "item");
	take_addresses(nb);
	netbox_join(nb);
	count_others(nb);
}
