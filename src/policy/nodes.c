/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nodes: expressions as a graph over atoms, and atoms over axes. What can only be told of each element by itself has no column
 * of few codes: up to four such atoms share the bytes of one axis, so that a pass over the elements reads them at once.
 */
#include <assert.h>
#include <string.h>

#include "policy/eval.h"

/* ---- nodes -------------------------------------------------------------------------------------------------------------- */

static uint32_t node_add(struct evaluation *e, struct node n)
{
	*array_add(&e->nodes) = n;
	return (uint32_t)e->nodes.count - 1;
}

uint32_t node_constant(struct evaluation *e, uint8_t value)
{
	for (uint32_t i = 0; i < e->nodes.count; i++)
		if (e->nodes.items[i].kind == NODE_CONST && e->nodes.items[i].constant == value)
			return i;
	return node_add(e, (struct node){ .kind = NODE_CONST, .constant = value });
}

static bool is_constant(const struct evaluation *e, uint32_t n, uint8_t value)
{
	return e->nodes.items[n].kind == NODE_CONST && e->nodes.items[n].constant == value;
}

uint32_t node_pair(struct evaluation *e, enum node_kind kind, uint32_t a, uint32_t b)
{
	uint8_t neutral = kind == NODE_AND ? YES : NO, absorbing = kind == NODE_AND ? NO : YES;
	if (is_constant(e, a, neutral) || is_constant(e, b, absorbing) || a == b)
		return b;
	if (is_constant(e, b, neutral) || is_constant(e, a, absorbing))
		return a;
	return node_add(e, (struct node){ .kind = kind, .left = a, .right = b });
}

uint32_t node_and(struct evaluation *e, uint32_t a, uint32_t b)
{
	return node_pair(e, NODE_AND, a, b);
}

uint32_t node_or(struct evaluation *e, uint32_t a, uint32_t b)
{
	return node_pair(e, NODE_OR, a, b);
}

uint32_t node_not(struct evaluation *e, uint32_t a)
{
	if (e->nodes.items[a].kind == NODE_CONST)
		return node_constant(e, kleene_not(e->nodes.items[a].constant));
	return node_add(e, (struct node){ .kind = NODE_NOT, .left = a });
}

/* ---- atoms of codes ----------------------------------------------------------------------------------------------------- */

uint32_t node_atom(struct evaluation *e, struct atom atom)
{
	e->axes.items[atom.axis].atoms++;
	*array_add(&e->atoms) = atom;
	return node_add(e, (struct node){ .kind = NODE_ATOM, .atom = (uint32_t)e->atoms.count - 1 });
}

uint32_t node_known_atom(struct evaluation *e, const char *key)
{
	for (uint32_t i = 0; i < e->nodes.count; i++)
		if (e->nodes.items[i].kind == NODE_ATOM && !strcmp(e->atoms.items[e->nodes.items[i].atom].key, key))
			return i;
	return UINT32_MAX;
}

uint32_t axis_of_column(struct evaluation *e, const char *column)
{
	for (uint32_t i = 0; i < e->axes.count; i++)
		if (!e->axes.items[i].direct && !strcmp(e->axes.items[i].via, column))
			return i;
	const struct net_column *c = net_column(e->net, NET_ELEMENTS, column);
	assert(c && c->codes);
	struct axis axis = { .codes = c->codes, .via = column };
	uint32_t rows = 0;
	switch (c->type) {
	case TYPE_VENDOR:
		axis.table = NET_VENDORS;
		axis.has_table = true;
		break;
	case TYPE_PRODUCT:
		axis.table = NET_PRODUCTS;
		axis.has_table = true;
		break;
	case TYPE_SITE:
		axis.table = NET_SITES;
		axis.has_table = true;
		break;
	case TYPE_FUNCTION:
		rows = (uint32_t)net_function_count;
		break;
	case TYPE_LAYER:
		rows = LAYER_COUNT;
		break;
	case TYPE_TECHNOLOGY:
		rows = TECHNOLOGY_COUNT;
		break;
	default:
		assert(!"a column without a small domain is asked directly");
	}
	axis.slots = SLOT_ROWS + (axis.has_table ? e->net->table[axis.table].rows : rows);
	*array_add(&e->axes) = axis;
	return (uint32_t)e->axes.count - 1;
}

void want_identity(struct evaluation *e, const char *column)
{
	uint32_t axis = axis_of_column(e, column);
	e->axes.items[axis].identity = true;
}

/* ---- atoms of elements -------------------------------------------------------------------------------------------------- */

uint8_t *element_values(struct evaluation *e)
{
	uint8_t *values = e->spare_values;
	e->spare_values = NULL;
	return values ? values : arena_alloc(e->scratch, (size_t)e->elements + 1);
}

static uint32_t axis_with_room(const struct evaluation *e)
{
	for (uint32_t i = 0; i < e->axes.count; i++)
		if (e->axes.items[i].direct && e->axes.items[i].atoms < AXIS_PACKED)
			return i;
	return UINT32_MAX;
}

uint32_t node_direct(struct evaluation *e, const char *key, uint8_t *values, enum fact_from from, const char *attribute)
{
	uint32_t axis = axis_with_room(e);
	if (axis == UINT32_MAX) {
		axis = (uint32_t)e->axes.count;
		*array_add(&e->axes) = (struct axis){ .direct = values };
	} else {
		uint8_t *packed = e->axes.items[axis].direct;
		unsigned shift = 2 * e->axes.items[axis].atoms;
		for (uint32_t i = 0; i < e->elements; i++)
			packed[i] |= (uint8_t)(values[i] << shift);
		e->spare_values = values;
	}
	uint8_t *by_slot = arena_alloc(e->scratch, 1 << 2 * AXIS_PACKED);
	for (uint32_t s = 0; s < 1 << 2 * AXIS_PACKED; s++)
		by_slot[s] = s >> 2 * e->axes.items[axis].atoms & 3;
	e->axes.items[axis].slots = 4u << 2 * e->axes.items[axis].atoms;
	return node_atom(
		e, (struct atom){ .key = key, .axis = axis, .values = by_slot, .from = from, .attribute = attribute });
}

uint8_t node_value_of(struct evaluation *e, uint32_t node, uint32_t element)
{
	const struct node *n = &e->nodes.items[node];
	switch (n->kind) {
	case NODE_CONST:
		return n->constant;
	case NODE_NOT:
		return kleene_not(node_value_of(e, n->left, element));
	case NODE_AND:
		return node_value_of(e, n->left, element) & node_value_of(e, n->right, element);
	case NODE_OR:
		return node_value_of(e, n->left, element) | node_value_of(e, n->right, element);
	case NODE_ATOM:
		break;
	}
	const struct atom *a = &e->atoms.items[n->atom];
	const struct axis *x = &e->axes.items[a->axis];
	return a->values[x->direct ? x->direct[element] : slot_of_code(x->codes[element])];
}
