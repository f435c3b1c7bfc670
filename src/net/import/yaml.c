/* SPDX-License-Identifier: Apache-2.0 */
/* YAML of strangers, by libyaml. See yaml.h. */
#include "net/import/yaml.h"

#include <string.h>
#include <yaml.h>

enum { MOST_NODES = 1 << 20, MOST_ANCHORS = 10000, DEEPEST_MERGE = 4, MOST_MERGED = 10 };

struct anchor {
	const char *name;
	struct yaml *node;
};

struct building {
	struct intake *in;
	struct yaml *root, *stack[INTAKE_DEPTH], *keys[INTAKE_DEPTH]; /* a key that waits for its value */
	int depth;
	size_t nodes, anchor_count;
	struct anchor *anchors;
	bool failed;
};

static void fail(struct building *b, uint32_t line, const char *what)
{
	if (!b->failed)
		intake_refuse(b->in, "bad-yaml", line, "%s", what);
	b->failed = true;
}

static struct yaml *make(struct building *b, enum yaml_kind kind, uint32_t line)
{
	struct yaml *node;

	if (++b->nodes > MOST_NODES) {
		fail(b, line, "has more than a million values");
		return NULL;
	}
	node = arena_alloc(b->in->arena, sizeof *node);
	node->kind = kind;
	node->line = line;
	node->text = "";
	return node;
}

static void name_anchor(struct building *b, const unsigned char *name, struct yaml *node)
{
	if (!name)
		return;
	if (b->anchor_count == MOST_ANCHORS) {
		fail(b, node->line, "has more than 10000 anchors");
		return;
	}
	if (!b->anchors)
		b->anchors = arena_array(b->in->arena, MOST_ANCHORS, sizeof *b->anchors);
	b->anchors[b->anchor_count++] =
		(struct anchor){ arena_text(b->in->arena, (const char *)name, strlen((const char *)name)), node };
}

/* The last anchor of a name is meant. */
static struct yaml *find_anchor(struct building *b, const unsigned char *name, uint32_t line)
{
	for (size_t i = b->anchor_count; i-- > 0;)
		if (strcmp(b->anchors[i].name, (const char *)name) == 0) {
			if (!b->anchors[i].node->open)
				return b->anchors[i].node;
			fail(b, line, "an alias stands inside of what it names");
			return NULL;
		}
	fail(b, line, "an alias of an anchor that is not there");
	return NULL;
}

static void append(struct building *b, struct yaml *into, struct yaml *key, struct yaml *item)
{
	if (into->count == into->room) {
		size_t room = into->room * 2 + 4;

		into->items = arena_grow(b->in->arena, into->items, into->room * sizeof item, room * sizeof item);
		if (into->kind == YAML_TABLE)
			into->keys = arena_grow(b->in->arena, into->keys, into->room * sizeof item, room * sizeof item);
		into->room = room;
	}
	if (into->kind == YAML_TABLE)
		into->keys[into->count] = key;
	into->items[into->count++] = item;
}

static void add(struct building *b, struct yaml *node)
{
	struct yaml *into = b->depth ? b->stack[b->depth - 1] : NULL, **key;

	if (!node)
		return;
	if (!into) {
		b->root = node;
		return;
	}
	key = &b->keys[b->depth - 1];
	if (into->kind == YAML_TABLE && !*key) {
		*key = node;
		return;
	}
	append(b, into, *key, node);
	*key = NULL;
}

static void open_node(struct building *b, struct yaml *node)
{
	if (!node)
		return;
	if (b->depth == INTAKE_DEPTH) {
		fail(b, node->line, "is nested more than 100 deep");
		return;
	}
	node->open = true;
	b->keys[b->depth] = NULL;
	b->stack[b->depth++] = node;
}

/* Something that holds others is added when it ends, so that it can't be a key that is still empty. */
static void close_node(struct building *b)
{
	struct yaml *node = b->stack[--b->depth];

	node->open = false;
	add(b, node);
}

static void take(struct building *b, const yaml_event_t *event)
{
	uint32_t line = (uint32_t)event->start_mark.line + 1;
	struct yaml *node;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		node = make(b, YAML_TEXT, line);
		if (!node)
			return;
		node->text =
			arena_text(b->in->arena, (const char *)event->data.scalar.value, event->data.scalar.length);
		name_anchor(b, event->data.scalar.anchor, node);
		add(b, node);
		return;
	case YAML_ALIAS_EVENT:
		add(b, find_anchor(b, event->data.alias.anchor, line));
		return;
	case YAML_SEQUENCE_START_EVENT:
		node = make(b, YAML_LIST, line);
		open_node(b, node);
		if (node)
			name_anchor(b, event->data.sequence_start.anchor, node);
		return;
	case YAML_MAPPING_START_EVENT:
		node = make(b, YAML_TABLE, line);
		open_node(b, node);
		if (node)
			name_anchor(b, event->data.mapping_start.anchor, node);
		return;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_node(b);
		return;
	default:
		return;
	}
}

struct yaml *yaml_read(struct intake *in, const char *text, size_t bytes)
{
	struct building b = { .in = in };
	yaml_parser_t parser;
	yaml_event_t event;
	bool ended = false;

	if (!yaml_parser_initialize(&parser)) {
		fail(&b, 0, "can't be read: no memory");
		return NULL;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, bytes);
	while (!ended && !b.failed) {
		if (!yaml_parser_parse(&parser, &event)) {
			fail(&b, (uint32_t)parser.problem_mark.line + 1,
			     parser.problem ? parser.problem : "is no YAML");
			break;
		}
		ended = event.type == YAML_STREAM_END_EVENT || event.type == YAML_DOCUMENT_END_EVENT;
		take(&b, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return b.failed ? NULL : b.root;
}

static struct yaml *get(const struct yaml *table, const char *key, int depth)
{
	struct yaml *found = NULL;

	if (!table || table->kind != YAML_TABLE)
		return NULL;
	for (size_t i = 0; i < table->count; i++)
		if (table->keys[i]->kind == YAML_TEXT && strcmp(table->keys[i]->text, key) == 0)
			return table->items[i];
	for (size_t i = 0; i < table->count && depth < DEEPEST_MERGE; i++) {
		const struct yaml *merged = table->items[i];

		if (table->keys[i]->kind != YAML_TEXT || strcmp(table->keys[i]->text, "<<") != 0)
			continue;
		found = get(merged, key, depth + 1);
		for (size_t k = 0; merged->kind == YAML_LIST && k < merged->count && k < MOST_MERGED && !found; k++)
			found = get(merged->items[k], key, depth + 1);
		break; /* a second one is a key that stands twice */
	}
	return found;
}

struct yaml *yaml_get(const struct yaml *table, const char *key)
{
	return get(table, key, 0);
}

const char *yaml_text(const struct yaml *node)
{
	return node && node->kind == YAML_TEXT ? node->text : "";
}
