/* SPDX-License-Identifier: Apache-2.0 */
/* PFCP messages in one walk over their fields: their rules, and where the few other fields are that watch asks for. */
#include "watch/said.h"

enum { /* elements, TS 29.244 table 8.1.2-1 */
       CREATE_PDR = 1,
       CREATE_FAR = 3,
       DUPLICATING = 5,
       CREATED_PDR = 8,
       UPDATE_PDR = 9,
       UPDATE_FAR = 10,
       REMOVE_PDR = 15,
       REMOVE_FAR = 16,
       PDR_ID = 56,
       UPDATE_DUPLICATING = 105,
       FAR_ID = 108,
};

struct watch_says {
	struct watch_told told[WIRE_MESSAGES];
	struct watch_told alone; /* of a message that is not read yet, or of no batch */
	struct watch_said *rules; /* a rule is a field at least: WIRE_FIELDS of a batch, and as many of one more message */
	uint32_t count;
};

/* False where the element is no rule that is followed. */
static bool begin_rule(uint16_t type, struct watch_said *s)
{
	static const struct {
		uint8_t is_rule, kind, change;
	} rows[] = {
		[CREATE_PDR] = { 1, WATCH_RULE_PDR, WATCH_CHANGE_CREATE },
		[CREATE_FAR] = { 1, WATCH_RULE_FAR, WATCH_CHANGE_CREATE },
		[CREATED_PDR] = { 1, WATCH_RULE_PDR, WATCH_CHANGE_CREATED },
		[UPDATE_PDR] = { 1, WATCH_RULE_PDR, WATCH_CHANGE_UPDATE },
		[UPDATE_FAR] = { 1, WATCH_RULE_FAR, WATCH_CHANGE_UPDATE },
		[REMOVE_PDR] = { 1, WATCH_RULE_PDR, WATCH_CHANGE_REMOVE },
		[REMOVE_FAR] = { 1, WATCH_RULE_FAR, WATCH_CHANGE_REMOVE },
	};

	if (type >= sizeof rows / sizeof *rows || !rows[type].is_rule)
		return false;
	watch_zero(s, sizeof *s);
	s->kind = rows[type].kind;
	s->change = rows[type].change;
	s->interface = WATCH_NOT_SAID;
	return true;
}

static struct wire_address either(const struct wire_field *f)
{
	return wire_address_is_none(&f->v4) ? f->v6 : f->v4;
}

static void take_end(struct watch_said *s, const struct wire_field *f)
{
	s->teid = (uint32_t)f->number;
	s->end = either(f);
	s->v6 = f->v6;
}

static void take_far_field(struct watch_said *s, const struct wire_field *f, bool is_copy)
{
	if (f->what == WIRE_APPLY_ACTION) {
		s->action = (uint16_t)f->number;
		s->has_action = true;
	} else if (f->what == WIRE_INTERFACE && !is_copy) {
		s->interface = (uint8_t)f->number;
	} else if (f->what == WIRE_OUTER_CREATION && is_copy) {
		s->copy_teid = (uint32_t)f->number;
		s->copy = either(f);
		s->has_copy = true;
	} else if (f->what == WIRE_OUTER_CREATION) {
		take_end(s, f);
		s->has_end = true;
	}
}

static void take_pdr_field(struct watch_said *s, const struct wire_field *f)
{
	if (f->what == WIRE_TUNNEL) {
		take_end(s, f);
		s->has_end = f->end != WIRE_END_CHOOSE;
	} else if (f->what == WIRE_UE_ADDRESS) {
		s->ue_v4 = f->v4;
		s->ue_v6 = f->v6;
		s->ue_bits = (uint8_t)f->extra;
	} else if (f->what == WIRE_INTERFACE) {
		s->interface = (uint8_t)f->number;
	} else if (f->what == WIRE_INSTANCE) {
		s->instance = hash_bytes(f->bytes, f->length);
	}
}

static void note(struct watch_told *t, const struct wire_field *f, uint16_t place)
{
	uint16_t *at = f->what == WIRE_SESSION ? &t->session
		       : f->what == WIRE_CAUSE ? &t->cause
		       : f->what == WIRE_NODE  ? &t->node
					       : &t->recovery;

	if (!*at)
		*at = place;
}

static void read_fields(struct watch_told *t, const struct wire_message *m, const struct wire_field *fields)
{
	const uint32_t noted = 1u << WIRE_SESSION | 1u << WIRE_CAUSE | 1u << WIRE_NODE | 1u << WIRE_RECOVERY;
	struct watch_said *s = NULL;
	bool in_copy = false;

	static_assert(WIRE_WHATS <= 32, "a bit for each");
	for (uint16_t i = 0; i < m->count; i++) {
		const struct wire_field *f = &fields[i];

		if (noted >> f->what & 1)
			note(t, f, (uint16_t)(i + 1));
		if (f->depth == 0) {
			s = f->what == WIRE_GROUP && begin_rule(f->type, &t->rules[t->count]) ? &t->rules[t->count++]
											      : NULL;
			in_copy = false;
			continue;
		}
		if (!s)
			continue;
		if (f->depth == 1)
			in_copy = f->what == WIRE_GROUP && (f->type == DUPLICATING || f->type == UPDATE_DUPLICATING);
		if (f->what == WIRE_RULE && f->depth == 1 &&
		    f->type == (s->kind == WATCH_RULE_PDR ? PDR_ID : FAR_ID))
			s->id = (uint32_t)f->number;
		else if (s->kind == WATCH_RULE_FAR)
			take_far_field(s, f, in_copy);
		else
			take_pdr_field(s, f);
	}
}

static void read_message(const struct watch *w, struct watch_told *t, const struct wire_message *m,
			 const struct wire_field *fields)
{
	*t = (struct watch_told){ .is_read = true, .rules = &w->says->rules[w->says->count] };
	read_fields(t, m, fields);
	for (uint16_t i = 0; i < t->count; i++)
		if (t->rules[i].has_end)
			t->rules[i].hash = watch_tunnel_hash(w, &t->rules[i].end, t->rules[i].teid);
}

static void make_room(struct watch *w)
{
	if (w->says)
		return;
	w->says = arena_alloc(w->arena, sizeof *w->says);
	w->says->rules = arena_sparse(w->arena, 2 * WIRE_FIELDS, sizeof *w->says->rules);
}

void watch_told_begin(struct watch *w, const struct wire_batch *b)
{
	if (!w->says)
		return;
	w->says->count = 0;
	for (unsigned i = 0; i < b->message_count; i++)
		w->says->told[i].is_read = false;
}

const struct watch_told *watch_told_read(struct watch *w, const struct wire_batch *b, unsigned message)
{
	const struct wire_message *m = &b->messages[message];
	struct watch_told *t;

	make_room(w);
	if (w->says->count + m->count > WIRE_FIELDS)
		return NULL;
	t = &w->says->told[message];
	read_message(w, t, m, &b->fields[m->first]);
	w->says->count += t->count;
	return t;
}

const struct watch_told *watch_told_at(const struct watch *w, unsigned message)
{
	return w->says && w->says->told[message].is_read ? &w->says->told[message] : NULL;
}

const struct watch_told *watch_told_of(struct watch *w, const struct watch_heard *h)
{
	size_t at = h->batch ? (size_t)(h->message - h->batch->messages) : WIRE_MESSAGES;

	make_room(w);
	if (at < WIRE_MESSAGES && w->says->told[at].is_read)
		return &w->says->told[at];
	read_message(w, &w->says->alone, h->message, h->fields);
	return &w->says->alone;
}
