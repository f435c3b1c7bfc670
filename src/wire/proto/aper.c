/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Aligned PER, ITU-T X.691 (02/2021), as far as NGAP, S1AP and F1AP use it. Clauses are cited where a rule is applied.
 */
#include "wire/proto/aper.h"

#include <string.h>

enum { DEPTH = 40 }; /* types within types: what is real has about 20; strangers could nest extensions for ever */

struct reader {
	struct scribe *s;
	const struct aper_protocol *protocol;
	const uint8_t *bytes;
	size_t bits, at; /* from bytes */
	bool bad;
	enum wire_fault fault; /* why, where it is not simply short */
	unsigned depth;
	struct wire_field *tunnel;
};

struct around { /* what the enclosing member said */
	uint8_t what, end;
	uint16_t id;
};

const struct aper_type aper_extensions = { .kind = APER_CONTAINER, .low = 1, .high = 65535 };
const struct aper_type aper_one_element = { .kind = APER_ONE_ELEMENT };
const struct aper_type aper_address = { .kind = APER_BITS, .extensible = true, .low = 1, .high = 160 };
const struct aper_type aper_teid = { .kind = APER_OCTETS, .low = 4, .high = 4 };
const struct aper_type aper_plmn = { .kind = APER_OCTETS, .low = 3, .high = 3 };
const struct aper_type aper_octets = { .kind = APER_OCTETS, .high = UINT64_MAX };
const struct aper_type aper_u8 = { .kind = APER_INTEGER, .high = 255 };
const struct aper_type aper_u16 = { .kind = APER_INTEGER, .high = 65535 };
const struct aper_type aper_u32 = { .kind = APER_INTEGER, .high = UINT32_MAX };
const struct aper_type aper_name = { .kind = APER_TEXT, .extensible = true, .low = 1, .high = 150 };
const struct aper_type aper_enum2 = { .kind = APER_ENUMERATED, .high = 1 };
const struct aper_type aper_enum3 = { .kind = APER_ENUMERATED, .high = 2 };
const struct aper_type aper_enum1e = { .kind = APER_ENUMERATED, .extensible = true, .high = 0 };
const struct aper_type aper_enum2e = { .kind = APER_ENUMERATED, .extensible = true, .high = 1 };
const struct aper_type aper_enum3e = { .kind = APER_ENUMERATED, .extensible = true, .high = 2 };
const struct aper_type aper_enum4e = { .kind = APER_ENUMERATED, .extensible = true, .high = 3 };

static const struct aper_member gtp_tunnel_members[] = {
	{ &aper_address, WIRE_TUNNEL, 0, false, 0 },
	{ &aper_teid, APER_TEID, 0, false, 0 },
	APER_EXTENSIONS,
};
const struct aper_type aper_gtp_tunnel = { .kind = APER_SEQUENCE,
					   .extensible = true,
					   APER_MEMBERS(gtp_tunnel_members) };

static const struct aper_member diagnosed_members[] = {
	{ &aper_enum3, APER_SILENT, 0, false, 0 },
	{ &aper_u16, WIRE_NUMBER, 0, false, 0 },
	{ &aper_enum2e, APER_SILENT, 0, false, 0 },
	APER_EXTENSIONS,
};
static const struct aper_type diagnosed = { .kind = APER_SEQUENCE,
					    .extensible = true,
					    APER_MEMBERS(diagnosed_members) };
static const struct aper_type diagnosed_list = { .kind = APER_LIST, .low = 1, .high = 256, .of = &diagnosed };
static const struct aper_member diagnostics_members[] = {
	{ &aper_u8, WIRE_NUMBER, 0, true, 0 },
	{ &aper_enum3, APER_SILENT, 0, true, 0 },
	{ &aper_enum3, APER_SILENT, 0, true, 0 },
	{ &diagnosed_list, APER_SILENT, 0, true, 0 },
	APER_EXTENSIONS,
};
const struct aper_type aper_diagnostics = { .kind = APER_SEQUENCE,
					    .extensible = true,
					    APER_MEMBERS(diagnostics_members) };

/* ---- bits ---- */

static uint64_t refuse(struct reader *r, enum wire_fault fault)
{
	if (!r->bad)
		r->fault = fault;
	r->bad = true;
	r->at = r->bits;
	return 0;
}

static uint64_t bits(struct reader *r, unsigned count)
{
	uint64_t v = 0;

	if (count > r->bits - r->at)
		return refuse(r, WIRE_SHORT);
	for (; count; count--, r->at++)
		v = v << 1 | (r->bytes[r->at >> 3] >> (7 - (r->at & 7)) & 1);
	return v;
}

static void align(struct reader *r)
{
	r->at = (r->at + 7) & ~(size_t)7;
	if (r->at > r->bits)
		refuse(r, WIRE_SHORT);
}

static const uint8_t *octets(struct reader *r, size_t count)
{
	const uint8_t *p = r->bytes + (r->at >> 3);

	align(r);
	if (r->bad || count > (r->bits - r->at) >> 3) {
		refuse(r, WIRE_SHORT);
		return NULL;
	}
	p = r->bytes + (r->at >> 3);
	r->at += count * 8;
	return p;
}

static uint64_t octet_number(struct reader *r, size_t count)
{
	const uint8_t *p = count <= 8 ? octets(r, count) : NULL;
	uint64_t v = 0;

	if (!p)
		return refuse(r, WIRE_BAD_ENCODING);
	while (count--)
		v = v << 8 | *p++;
	return v;
}

static unsigned bits_for(uint64_t range)
{
	unsigned n = 0;

	while (n < 64 && range > UINT64_C(1) << n)
		n++;
	return n;
}

/* clause 11.5: a number between low and high. */
static uint64_t constrained(struct reader *r, uint64_t low, uint64_t high)
{
	uint64_t range = high - low + 1, v;

	if (range == 1)
		return low;
	if (range && range <= 255) {
		v = bits(r, bits_for(range));
	} else if (range && range <= 65536) {
		v = octet_number(r, range == 256 ? 1 : 2);
	} else { /* 11.5.7.4: how many octets, then these */
		unsigned octets_most = (bits_for(range ? range : UINT64_MAX) + 7) / 8;
		uint64_t count = constrained(r, 1, octets_most);

		v = octet_number(r, (size_t)count);
	}
	if (range && v >= range)
		return refuse(r, WIRE_BAD_VALUE);
	return low + v;
}

/* clause 11.9.3.5 and on: a length without useful bounds. Fragments (over 16,383) are not used by what is read here. */
static uint64_t length(struct reader *r)
{
	const uint8_t *p = octets(r, 1);

	if (!p)
		return 0;
	if (*p < 0x80)
		return *p;
	if (*p < 0xc0) {
		const uint8_t *q = octets(r, 1);

		return q ? (uint64_t)(*p & 0x3f) << 8 | *q : 0;
	}
	return refuse(r, WIRE_NOT_UNDERSTOOD);
}

/* clause 11.6 */
static uint64_t small_number(struct reader *r)
{
	return bits(r, 1) ? octet_number(r, (size_t)length(r)) : bits(r, 6);
}

static uint64_t size_of(struct reader *r, const struct aper_type *t)
{
	if ((t->extensible && bits(r, 1)) || t->high > 65535)
		return length(r);
	return constrained(r, t->low, t->high);
}

/* ---- types ---- */

static void read_type(struct reader *r, const struct aper_type *t, struct around a);

static void read_inner(struct reader *r, const uint8_t *p, size_t count, const struct aper_type *t, struct around a);

static struct wire_field *put(struct reader *r, struct around a, uint64_t number)
{
	if (a.what == APER_SILENT)
		return &r->s->no_field;
	return scribe_number(r->s, a.what, a.id, number);
}

static void read_number(struct reader *r, const struct aper_type *t, struct around a)
{
	uint64_t v;

	if (t->extensible && bits(r, 1))
		v = t->kind == APER_ENUMERATED ? t->high + 1 + small_number(r) : octet_number(r, (size_t)length(r));
	else
		v = constrained(r, t->low, t->high);
	if (!r->bad)
		put(r, a, v);
}

/* 32 bits IPv4, 128 IPv6, 160 both, IPv4 first (TS 38.414 clause 5.1, 36.414, 38.474). */
static void put_address(struct reader *r, const uint8_t *p, uint64_t count, struct around a)
{
	struct wire_field *f = put(r, a, 0);

	f->end = a.end;
	f->bytes = p;
	f->length = (uint32_t)((count + 7) / 8);
	if (count == 32 || count == 160)
		set_v4(&f->v4, p);
	if (count == 128 || count == 160)
		set_v6(&f->v6, p + (count == 160 ? 4 : 0));
	if (count != 32 && count != 128 && count != 160)
		scribe_fault(r->s, WIRE_BAD_VALUE, p);
	r->tunnel = f;
}

/* clause 16: up to 16 bits of fixed size lie anywhere, all others begin on an octet. */
static void read_bits(struct reader *r, const struct aper_type *t, struct around a)
{
	uint64_t count = t->low == t->high && !t->extensible ? t->low : size_of(r, t), v = 0;
	const uint8_t *p;

	if (t->high > 16 || t->low != t->high)
		align(r);
	p = r->bytes + (r->at >> 3);
	if (r->bad || count > r->bits - r->at) {
		refuse(r, WIRE_SHORT);
		return;
	}
	if (count <= 64)
		v = bits(r, (unsigned)count);
	else
		r->at += (size_t)count;
	if (a.what == WIRE_TUNNEL || a.what == WIRE_ADDRESS)
		put_address(r, p, count, a);
	else
		put(r, a, v)->extra = (uint32_t)count;
}

static uint64_t plmn_number(const uint8_t *p)
{
	unsigned mcc = (p[0] & 15u) * 100 + (p[0] >> 4) * 10u + (p[1] & 15u), third = p[1] >> 4;
	unsigned mnc = (p[2] & 15u) * 10 + (p[2] >> 4);

	return third == 15 ? mcc * 1000u + mnc : 1000000u + mcc * 1000u + mnc * 10 + third;
}

static void put_octets(struct reader *r, const uint8_t *p, size_t count, struct around a)
{
	struct wire_field *f;

	if (a.what == APER_TEID) {
		if (count == 4 && r->tunnel)
			r->tunnel->number = (uint64_t)p[0] << 24 | (uint64_t)p[1] << 16 | (uint64_t)p[2] << 8 | p[3];
		return;
	}
	f = put(r, a, a.what == WIRE_PLMN && count == 3 ? plmn_number(p) : 0);
	f->bytes = p;
	f->length = (uint32_t)count;
}

static void read_octets(struct reader *r, const struct aper_type *t, struct around a)
{
	uint64_t count = t->low == t->high && !t->extensible ? t->low : size_of(r, t);
	const uint8_t *p;

	if (t->kind == APER_OCTETS && t->low == t->high && t->high <= 2 && !t->extensible) { /* clause 17.6: anywhere */
		put(r, a, bits(r, (unsigned)count * 8));
		return;
	}
	p = octets(r, (size_t)count);
	if (!p)
		return;
	if (t->kind == APER_CONTAINING)
		read_inner(r, p, (size_t)count, t->of, a);
	else
		put_octets(r, p, (size_t)count, a);
}

/* clause 19.7 and on: additions of later versions are open types; they are stepped over, and counted as not understood. */
static void read_additions(struct reader *r, struct around a)
{
	uint64_t count = bits(r, 1) ? length(r) : bits(r, 6) + 1, there = 0;

	if (count > 64) {
		refuse(r, WIRE_NOT_UNDERSTOOD);
		return;
	}
	for (uint64_t i = 0; i < count; i++)
		there += bits(r, 1);
	for (; there && !r->bad; there--)
		octets(r, (size_t)length(r));
	if (!r->bad)
		scribe_unknown(r->s, LAYER_EXTENSION, a.id);
}

static struct around inside(struct around a, const struct aper_member *m)
{
	return (struct around){ m->what, m->end ? m->end : a.end, m->id ? m->id : a.id };
}

static void read_sequence(struct reader *r, const struct aper_type *t, struct around a)
{
	bool extended = t->extensible && bits(r, 1);
	uint64_t there = 0;

	for (uint32_t i = 0; i < t->count; i++)
		if (t->members[i].optional)
			there |= bits(r, 1) << i;
	for (uint32_t i = 0; i < t->count && !r->bad; i++)
		if (!t->members[i].optional || there >> i & 1)
			read_type(r, t->members[i].type, inside(a, &t->members[i]));
	if (extended && !r->bad)
		read_additions(r, a);
}

/* clause 23 */
static void read_choice(struct reader *r, const struct aper_type *t, struct around a)
{
	uint64_t index;

	if (t->extensible && bits(r, 1)) {
		small_number(r);
		octets(r, (size_t)length(r));
		if (!r->bad)
			scribe_unknown(r->s, LAYER_EXTENSION, a.id);
		return;
	}
	index = constrained(r, 0, t->count - 1);
	if (r->bad)
		return;
	if (t->kind == APER_CAUSE) {
		const struct aper_type *e = t->members[index].type;
		uint64_t v;

		if (e->kind != APER_ENUMERATED)
			return read_type(r, e, inside(a, &t->members[index]));
		v = e->extensible && bits(r, 1) ? e->high + 1 + small_number(r) : constrained(r, 0, e->high);
		if (!r->bad)
			put(r, a, index << 16 | v);
		return;
	}
	read_type(r, t->members[index].type, inside(a, &t->members[index]));
}

static void read_list(struct reader *r, const struct aper_type *t, struct around a)
{
	uint64_t count = size_of(r, t);

	for (uint64_t i = 0; i < count && !r->bad; i++) {
		uint32_t before;

		if (r->s->depth == WIRE_DEPTH) {
			refuse(r, WIRE_TOO_DEEP);
			return;
		}
		scribe_number(r->s, WIRE_GROUP, a.id, i);
		before = scribe_open(r->s);
		read_type(r, t->of, a);
		scribe_close(r->s, before);
	}
}

/* One element of a container: id 2, criticality 2 bits, open type. */
static void read_element(struct reader *r, struct around a)
{
	uint16_t id = (uint16_t)constrained(r, 0, 65535);
	const struct aper_row *row;
	const uint8_t *p;
	size_t count;
	bool grouped;
	uint32_t before = 0;

	bits(r, 2);
	count = (size_t)length(r);
	p = r->bad ? NULL : octets(r, count);
	if (!p)
		return;
	row = id < r->protocol->row_count && r->protocol->rows[id].type ? &r->protocol->rows[id] : NULL;
	if (!row) {
		bool known = r->protocol->name(id, NULL);

		scribe_bytes(r->s, known ? WIRE_BYTES : WIRE_UNKNOWN, id, cursor_of(p, count));
		if (!known)
			scribe_unknown(r->s, LAYER_ELEMENT, id);
		return;
	}
	grouped = row->what == WIRE_GROUP;
	if (grouped && r->s->depth == WIRE_DEPTH) {
		refuse(r, WIRE_TOO_DEEP);
		return;
	}
	if (grouped) {
		scribe_bytes(r->s, WIRE_GROUP, id, cursor_of(p, count));
		before = scribe_open(r->s);
	}
	read_inner(r, p, count, row->type,
		   (struct around){ grouped ? APER_SILENT : row->what, row->end ? row->end : a.end, id });
	if (grouped)
		scribe_close(r->s, before);
}

static void read_container(struct reader *r, const struct aper_type *t, struct around a)
{
	uint64_t count = constrained(r, t->low, t->high);

	while (count-- && !r->bad)
		read_element(r, a);
}

static void read_type(struct reader *r, const struct aper_type *t, struct around a)
{
	if (r->depth == DEPTH) {
		refuse(r, WIRE_TOO_DEEP);
		return;
	}
	r->depth++;
	switch (t->kind) {
	case APER_SEQUENCE:
		read_sequence(r, t, a);
		break;
	case APER_CHOICE:
	case APER_CAUSE:
		read_choice(r, t, a);
		break;
	case APER_LIST:
		read_list(r, t, a);
		break;
	case APER_INTEGER:
	case APER_ENUMERATED:
		read_number(r, t, a);
		break;
	case APER_BITS:
		read_bits(r, t, a);
		break;
	case APER_OCTETS:
	case APER_TEXT:
	case APER_CONTAINING:
		read_octets(r, t, a);
		break;
	case APER_CONTAINER:
		read_container(r, t, a);
		break;
	case APER_ONE_ELEMENT:
		read_element(r, a);
		break;
	case APER_NULL:
		break;
	}
	r->depth--;
}

/* A type in bytes of its own: nothing but padding bits may be left over (clause 11.1). */
static void read_inner(struct reader *r, const uint8_t *p, size_t count, const struct aper_type *t, struct around a)
{
	struct reader inner = { .s = r->s, .protocol = r->protocol, .bytes = p, .bits = count * 8, .depth = r->depth };

	read_type(&inner, t, a);
	if (inner.bad)
		scribe_fault(r->s, inner.fault, p);
	else if (inner.bits - inner.at >= 8 &&
		 !(inner.at == 0 && inner.bits == 8 && p[0] == 0)) /* nothing at all is one zero octet */
		scribe_fault(r->s, WIRE_TRAILING, p + (inner.at + 7) / 8);
}

/* ---- the whole ---- */

static void decode_nas(struct scribe *s, uint32_t first, uint32_t last, uint16_t message)
{
	for (uint32_t i = first; i < last; i++) {
		const struct wire_field *f = &s->batch->fields[i];

		if (f->what != WIRE_NAS || !f->length)
			continue;
		s->carrier = message;
		decode_nas_5gs(s, cursor_of(f->bytes, f->length));
		s->carrier = WIRE_NO_PARENT;
	}
}

static void read_pdu(struct reader *r, struct wire_message *m)
{
	static const uint8_t kinds[] = { WIRE_REQUEST, WIRE_RESPONSE, WIRE_RESPONSE | WIRE_FAILURE };
	static const struct aper_type body_container = { .kind = APER_CONTAINER, .low = 0, .high = 65535 };
	static const struct aper_member body_members[] = { { &body_container, APER_SILENT, 0, false, 0 } };
	static const struct aper_type body = { .kind = APER_SEQUENCE, .extensible = true, APER_MEMBERS(body_members) };
	bool extended = r->protocol->alternatives == 3 && bits(r, 1);
	uint64_t index = bits(r, 2), count;
	const uint8_t *p;

	if (extended || index > 2) {
		refuse(r, WIRE_NOT_UNDERSTOOD);
		return;
	}
	m->kind = kinds[index];
	m->type = (uint16_t)octet_number(r, 1);
	m->name = r->protocol->procedure(m->type);
	bits(r, 2); /* criticality */
	count = length(r);
	p = octets(r, (size_t)count);
	if (!p)
		return;
	if (!m->name)
		scribe_unknown(r->s, LAYER_MESSAGE, m->type);
	read_inner(r, p, (size_t)count, &body, (struct around){ APER_SILENT, 0, 0 });
	if (!r->bad && r->bits - r->at >= 8)
		scribe_fault(r->s, WIRE_TRAILING, r->bytes + r->at / 8);
}

void aper_decode(struct scribe *s, const struct aper_protocol *protocol, struct cursor c)
{
	struct wire_message *m = scribe_begin(s, protocol->protocol, c.at, cursor_left(&c));
	struct reader r = { .s = s, .protocol = protocol, .bytes = c.at, .bits = cursor_left(&c) * 8 };
	uint32_t first = s->batch->field_count;
	uint16_t index = m == &s->no_message ? WIRE_NO_PARENT : (uint16_t)(s->batch->message_count - 1);

	read_pdu(&r, m);
	if (r.bad)
		scribe_fault(s, s->level && s->level->flags & WIRE_LEVEL_CUT ? WIRE_TRUNCATED : r.fault, r.bytes);
	scribe_end(s);
	if (protocol->protocol == WIRE_NGAP && index != WIRE_NO_PARENT)
		decode_nas(s, first, s->batch->field_count, index);
}
