/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML as a tree, by libyaml's events. An alias is the node of its anchor, not a copy of it, so that a bomb of aliases
 * stays as small as its text; who walks a tree counts what it visits. Private to the importers.
 */
#ifndef PROVISO_NET_YAML_H
#define PROVISO_NET_YAML_H

#include "net/import/intake.h"

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_TABLE };

struct yaml {
	enum yaml_kind kind;
	const char *text;   /* YAML_TEXT */
	struct yaml **keys; /* YAML_TABLE */
	struct yaml **items;
	size_t count, room;
	uint32_t line;
	bool open; /* its end has not been read: an alias to it would be a circle */
};

enum { YAML_VISITS = 200 * 1000 }; /* nodes that a walk may visit, aliases each time */

/* The first document; NULL and refused where it is none, nested too deep, circular, too large. */
struct yaml *yaml_read(struct intake *, const char *text, size_t bytes);
/* The value of a key, also one that "<<" merges in; NULL where it is not there. */
struct yaml *yaml_get(const struct yaml *table, const char *key);
const char *yaml_text(const struct yaml *); /* "" where it is no text */

#endif
