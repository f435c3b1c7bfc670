/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NetBox: cables become links. What stands between two devices may be several cables and circuits, joined in patch panels:
 *
 *     device - interface ==cable== front port | rear port ==cable== rear port | front port ==cable== interface - device
 *     device - interface ==cable== circuit end | circuit end ==cable== interface - device
 *
 * Each path is followed from an interface to the next; it is one link. The row is the circuit's where there is one, else
 * the first cable's; the other pieces are merged into it.
 */
#include "net/import/netbox.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_PATH = 64 }; /* pieces of one path, and front ports held on the way */

/* One end of a cable. */
struct plug {
	enum netbox_model model; /* of what it is put into */
	int64_t number, device;  /* device: -1 not known */
	uint32_t cable;          /* number of the cable in its table */
	bool is_b;
};

/* A front port as seen from its rear port, an end as seen from its circuit. */
struct front {
	int64_t rear, position, number;
};
struct fronts {
	struct front *items;
	size_t count;
};

struct joins {
	struct netbox *nb;
	struct plug *plugs, **by_cable; /* by what it is put into; by cable */
	size_t plug_count;
	struct fronts fronts, circuit_ends; /* sorted */
};

/* ---- the ends of cables ------------------------------------------------------------------------------------------ */

static int by_place(const void *left, const void *right)
{
	const struct plug *a = left, *b = right;

	if (a->model != b->model)
		return a->model < b->model ? -1 : 1;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return a->cable < b->cable ? -1 : a->cable > b->cable;
}

static int by_cable(const void *left, const void *right)
{
	const struct plug *a = *(struct plug *const *)left, *b = *(struct plug *const *)right;

	if (a->cable != b->cable)
		return a->cable < b->cable ? -1 : 1;
	if (a->is_b != b->is_b)
		return a->is_b ? 1 : -1;
	return a < b ? -1 : a > b;
}

static int by_rear(const void *left, const void *right)
{
	const struct front *a = left, *b = right;

	if (a->rear != b->rear)
		return a->rear < b->rear ? -1 : 1;
	if (a->position != b->position)
		return a->position < b->position ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static size_t count_plugs(const struct netbox *nb)
{
	size_t count = nb->table[NB_CABLE_END].count;

	for (uint32_t i = 0; i < nb->table[NB_CABLE].count; i++)
		count += json_array_size(json_object_get(nb->table[NB_CABLE].items[i].fields, "a_terminations")) +
			 json_array_size(json_object_get(nb->table[NB_CABLE].items[i].fields, "b_terminations"));
	return count;
}

/* Ends as the API lists them, with the cable. */
static void plugs_of_list(struct joins *j, uint32_t cable, const char *key, bool is_b)
{
	const json_t *list = json_object_get(j->nb->table[NB_CABLE].items[cable].fields, key), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		const json_t *object = json_object_get(one, "object");

		j->plugs[j->plug_count++] =
			(struct plug){ .model = netbox_type(j->nb, json_object_get(one, "object_type")),
				       .number = netbox_number(json_object_get(one, "object_id")),
				       .device = netbox_number(json_object_get(object, "device")),
				       .cable = cable,
				       .is_b = is_b };
	}
}

/* Ends as an export has them: objects of their own. */
static void plug_of_end(struct joins *j, const struct netbox_object *end)
{
	const struct netbox_object *cable = netbox_related_object(j->nb, end->fields, "cable", NB_CABLE);
	const char *side = intake_json_word(j->nb->in, end->fields, "cable_end");

	if (!cable)
		return;
	j->plugs[j->plug_count++] =
		(struct plug){ .model = netbox_type(j->nb, json_object_get(end->fields, "termination_type")),
			       .number = netbox_number(json_object_get(end->fields, "termination_id")),
			       .device = netbox_number(json_object_get(end->fields, "_device")),
			       .cable = (uint32_t)(cable - j->nb->table[NB_CABLE].items),
			       .is_b = *side == 'B' };
}

static void find_plugs(struct joins *j)
{
	struct netbox *nb = j->nb;
	size_t most = count_plugs(nb);

	j->plugs = arena_array(nb->in->arena, most + 1, sizeof *j->plugs);
	j->by_cable = arena_array(nb->in->arena, most + 1, sizeof *j->by_cable);
	for (uint32_t i = 0; i < nb->table[NB_CABLE].count; i++) {
		plugs_of_list(j, i, "a_terminations", false);
		plugs_of_list(j, i, "b_terminations", true);
	}
	for (uint32_t i = 0; i < nb->table[NB_CABLE_END].count; i++)
		plug_of_end(j, &nb->table[NB_CABLE_END].items[i]);
	qsort(j->plugs, j->plug_count, sizeof *j->plugs, by_place);
	for (size_t i = 0; i < j->plug_count; i++)
		j->by_cable[i] = &j->plugs[i];
	qsort(j->by_cable, j->plug_count, sizeof *j->by_cable, by_cable);
}

static void find_fronts(struct joins *j, struct fronts *fronts, enum netbox_model model, const char *behind,
			const char *position)
{
	const struct netbox_table *table = &j->nb->table[model];

	fronts->items = arena_array(j->nb->in->arena, table->count + 1, sizeof *fronts->items);
	for (uint32_t i = 0; i < table->count; i++)
		fronts->items[fronts->count++] =
			(struct front){ netbox_number(json_object_get(table->items[i].fields, behind)),
					position ? netbox_number(json_object_get(table->items[i].fields, position)) : 0,
					table->items[i].number };
	qsort(fronts->items, fronts->count, sizeof *fronts->items, by_rear);
}

/* The first of them that has this behind it at this position or a later one. */
static size_t first_front(const struct fronts *fronts, int64_t rear, int64_t position)
{
	size_t low = 0, high = fronts->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct front *f = &fronts->items[middle];

		if (f->rear < rear || (f->rear == rear && f->position < position))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Where the ends of a cable begin in by_cable. */
static size_t first_plug(const struct joins *j, uint32_t cable)
{
	size_t low = 0, high = j->plug_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (j->by_cable[middle]->cable < cable)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first plug in a port, or NULL. */
static struct plug *plug_in(const struct joins *j, enum netbox_model model, int64_t number)
{
	size_t low = 0, high = j->plug_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct plug *p = &j->plugs[middle];

		if (p->model < model || (p->model == model && p->number < number))
			low = middle + 1;
		else
			high = middle;
	}
	return low < j->plug_count && j->plugs[low].model == model && j->plugs[low].number == number ? &j->plugs[low]
												     : NULL;
}

/* The first end on the other side of a cable, or NULL. */
static struct plug *other_side(const struct joins *j, const struct plug *plug)
{
	for (size_t i = first_plug(j, plug->cable); i < j->plug_count && j->by_cable[i]->cable == plug->cable; i++)
		if (j->by_cable[i]->is_b != plug->is_b)
			return j->by_cable[i];
	return NULL;
}

/* ---- a path ------------------------------------------------------------------------------------------------------ */

struct path {
	struct netbox_object *pieces[LONGEST_PATH]; /* cables and circuits */
	size_t count;
	struct netbox_object *circuit;
	int64_t positions[LONGEST_PATH]; /* of the front ports that were gone in by and not yet out of */
	size_t depth;
};

/* Into a front port, out of its rear port. */
static struct plug *through_front(struct joins *j, struct path *path, const struct plug *plug)
{
	const struct netbox_object *front = netbox_find(j->nb, NB_FRONT_PORT, plug->number);

	if (!front || path->depth == LONGEST_PATH)
		return NULL;
	path->positions[path->depth++] = netbox_number(json_object_get(front->fields, "rear_port_position"));
	return plug_in(j, NB_REAR_PORT, netbox_number(json_object_get(front->fields, "rear_port")));
}

/* Into a rear port, out of the front port of the position that the path came in by. */
static struct plug *through_rear(const struct joins *j, struct path *path, const struct plug *plug)
{
	int64_t position = path->depth ? path->positions[--path->depth] : 1;

	size_t i = first_front(&j->fronts, plug->number, position);

	if (i == j->fronts.count || j->fronts.items[i].rear != plug->number || j->fronts.items[i].position != position)
		return NULL;
	return plug_in(j, NB_FRONT_PORT, j->fronts.items[i].number);
}

/* Into one end of a circuit, out of the other. */
static struct plug *through_circuit(struct joins *j, struct path *path, const struct plug *plug)
{
	const struct netbox_object *here = netbox_find(j->nb, NB_CIRCUIT_END, plug->number);
	struct netbox_object *circuit = here ? netbox_related_object(j->nb, here->fields, "circuit", NB_CIRCUIT) : NULL;
	const struct fronts *ends = &j->circuit_ends;

	if (!circuit || path->count == LONGEST_PATH)
		return NULL;
	path->pieces[path->count++] = circuit;
	if (!path->circuit)
		path->circuit = circuit;
	for (size_t i = first_front(ends, circuit->number, 0);
	     i < ends->count && ends->items[i].rear == circuit->number; i++)
		if (ends->items[i].number != here->number)
			return plug_in(j, NB_CIRCUIT_END, ends->items[i].number);
	return NULL;
}

/* From an interface to the next one; NULL where the path ends before. */
static struct plug *follow(struct joins *j, struct path *path, struct plug *plug)
{
	for (int step = 0; plug && step < LONGEST_PATH; step++) {
		if (path->count == LONGEST_PATH)
			return NULL;
		path->pieces[path->count++] = &j->nb->table[NB_CABLE].items[plug->cable];
		plug = other_side(j, plug);
		if (!plug || plug->model == NB_INTERFACE)
			return plug;
		if (plug->model == NB_FRONT_PORT)
			plug = through_front(j, path, plug);
		else if (plug->model == NB_REAR_PORT)
			plug = through_rear(j, path, plug);
		else
			plug = plug->model == NB_CIRCUIT_END ? through_circuit(j, path, plug) : NULL;
	}
	return NULL;
}

/* ---- links ------------------------------------------------------------------------------------------------------- */

static struct netbox_object *device_of(struct netbox *nb, const struct plug *plug)
{
	const struct netbox_object *interface = netbox_find(nb, NB_INTERFACE, plug->number);
	int64_t device = plug->device;

	if (device < 0 && interface)
		device = netbox_number(json_object_get(interface->fields, "device"));
	return device < 0 ? NULL : netbox_find(nb, NB_DEVICE, device);
}

static void join(struct joins *j, struct plug *from)
{
	struct intake *in = j->nb->in;
	struct path path = { .count = 0 };
	struct plug *to = follow(j, &path, from);
	const struct netbox_object *a = device_of(j->nb, from), *b = to ? device_of(j->nb, to) : NULL;
	struct netbox_object *owner = path.circuit ? path.circuit : path.pieces[0];
	uint32_t links = in->made[NET_LINKS].rows;

	if (!a || !b || a == b || a->row == CODE_UNKNOWN || b->row == CODE_UNKNOWN)
		return;
	in->base_name = owner->file;
	if (intake_link(in, intake_id(in, NET_ELEMENTS, a->row), intake_id(in, NET_ELEMENTS, b->row), "")) {
		owner->is_owner = true;
		if (path.circuit)
			intake_cell(in, NET_LINKS, links, "circuit", intake_json_word(in, path.circuit->fields, "cid"));
	}
	for (size_t i = 0; i < path.count; i++)
		path.pieces[i]->is_used = true;
}

/* Why a cable is no link: by what it is put into. */
static const char *why_not(const struct joins *j, uint32_t cable)
{
	bool power = false, outside = false;

	for (size_t i = first_plug(j, cable); i < j->plug_count && j->by_cable[i]->cable == cable; i++) {
		power |= j->by_cable[i]->model == NB_MODELS;
		outside |= j->by_cable[i]->model == NB_CIRCUIT_END;
	}
	if (power)
		return "a cable for power or a console";
	return outside ? "a cable to a circuit that leads to no device here"
		       : "a cable that leads to no device with a row";
}

static void count_all(struct joins *j)
{
	struct netbox *nb = j->nb;
	const enum netbox_model kinds[] = { NB_CABLE, NB_CIRCUIT };

	for (size_t k = 0; k < 2; k++)
		for (uint32_t i = 0; i < nb->table[kinds[k]].count; i++) {
			const struct netbox_object *object = &nb->table[kinds[k]].items[i];
			const char *name = kinds[k] == NB_CIRCUIT ? intake_json_word(nb->in, object->fields, "cid")
								  : arena_printf(nb->in->arena, "cable %lld",
										 (long long)object->number);

			if (object->is_owner)
				intake_used(nb->in);
			else if (object->is_used)
				intake_merged(nb->in);
			else
				intake_left_out(nb->in,
						kinds[k] == NB_CABLE ? why_not(j, i)
								     : "a circuit that does not join two devices",
						name);
		}
}

void netbox_join(struct netbox *nb)
{
	struct joins j = { .nb = nb };

	find_plugs(&j);
	find_fronts(&j, &j.fronts, NB_FRONT_PORT, "rear_port", "rear_port_position");
	find_fronts(&j, &j.circuit_ends, NB_CIRCUIT_END, "circuit", NULL);
	for (size_t i = 0; i < j.plug_count; i++)
		if (j.plugs[i].model == NB_INTERFACE)
			join(&j, &j.plugs[i]);
	count_all(&j);
}
