/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NetBox: the objects of an export or of API pages, by model and number. An export has numbers where an API page has
 * whole objects: netbox_related gives the object either way. Private to import/.
 */
#ifndef PROVISO_NET_NETBOX_H
#define PROVISO_NET_NETBOX_H

#include "net/import/intake.h"

enum netbox_model {
	NB_REGION,
	NB_SITE,
	NB_LOCATION,
	NB_MANUFACTURER,
	NB_DEVICE_TYPE,
	NB_ROLE,
	NB_PLATFORM,
	NB_DEVICE,
	NB_MODULE,
	NB_MODULE_TYPE,
	NB_ITEM,
	NB_INTERFACE,
	NB_FRONT_PORT,
	NB_REAR_PORT,
	NB_CABLE,
	NB_CABLE_END,
	NB_CIRCUIT,
	NB_CIRCUIT_END,
	NB_ADDRESS,
	NB_CLUSTER,
	NB_CLUSTER_TYPE,
	NB_VM,
	NB_VM_INTERFACE,
	NB_CONTENT_TYPE,
	NB_MODELS,
};

struct netbox_object {
	int64_t number;
	json_t *fields;
	uint32_t file; /* interned */
	uint32_t row;  /* of its element or site; CODE_UNKNOWN none */
	bool is_used;  /* manufacturers, types: some row needs it. Cables, circuits: part of a link */
	bool is_owner; /* cables, circuits: the link's row is this one's */
};

struct netbox_table {
	struct netbox_object *items;
	uint32_t count, room;
};

struct netbox {
	struct intake *in;
	struct netbox_table table[NB_MODELS];
};

const char *netbox_model_name(enum netbox_model); /* "dcim.device" */
/* The model by its name ("dcim.device"), or by a path of the API ("dcim/devices"); NB_MODELS if none of these. */
enum netbox_model netbox_model_find(const char *name, size_t bytes);

struct netbox_object *netbox_find(struct netbox *, enum netbox_model, int64_t number); /* NULL if none */
/* The number that a reference holds, as a number or as an object with an id; -1 none. */
int64_t netbox_number(const json_t *reference);
/* The fields of what a key refers to: of the object that was read, else what the reference itself says; NULL none. */
const json_t *netbox_related(struct netbox *, const json_t *fields, const char *key, enum netbox_model);
struct netbox_object *netbox_related_object(struct netbox *, const json_t *fields, const char *key, enum netbox_model);
/* "active" of "active" and of {"value": "active"}. */
const char *netbox_choice(struct netbox *, const json_t *fields, const char *key);
/* The model that a content type names: "dcim.interface", ["dcim", "interface"] or its number. */
enum netbox_model netbox_type(struct netbox *, const json_t *type);

/* Cables and circuits become links between devices that have rows (netbox_cable.c). */
void netbox_join(struct netbox *);

#endif
