/* SPDX-License-Identifier: Apache-2.0 */
/* A lab's core from its compose files: what its files share. Private to the importer. */
#ifndef PROVISO_NET_COMPOSE_H
#define PROVISO_NET_COMPOSE_H

#include "net/import/yaml.h"

struct compose_file {
	const char *path; /* as the user named it, without "./" */
	struct yaml *root;
	uint32_t base_name; /* interned */
};

struct compose_variable {
	const char *name, *value;
};

struct compose_service {
	const struct compose_file *file;
	const struct yaml *table;
	const char *name, *element; /* of the service; id of its element, NULL where it is none */
	const char *function;
	const char *smf_links; /* of an SMF: not NULL where its configuration says which UPF a base station uses */
};

struct compose_name { /* an address or host name */
	const char *name;
	struct compose_service *service;
};

struct compose {
	struct intake *in;
	struct {
		struct compose_file *items;
		size_t count, room;
	} compose, configuration;
	struct {
		struct compose_variable *items;
		size_t count, room;
	} variables;
	struct {
		struct compose_service *items;
		size_t count, room;
	} services;
	struct {
		struct compose_name *items;
		size_t count, room;
	} names;
	size_t visits; /* of nodes, aliases each time */
};

/* ${NAME}, $NAME, ${NAME:-usual} replaced. */
const char *compose_filled(struct compose *, const char *text);
const char *compose_variable(const struct compose *, const char *name); /* NULL where nothing says it */
/* What a service does: its function, or NULL. */
const char *compose_function(struct compose *, const struct compose_service *);
/* The links that the configuration of the services implies. */
void compose_links(struct compose *);
/* Where a service's configuration lies: is this file mounted in it? */
bool compose_mounts(struct compose *, const struct compose_service *, const struct compose_file *);

#endif
