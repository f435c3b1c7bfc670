/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Aligned packed encoding (ITU-T X.691) read by const tables: a table says what a type is made of and which of its
 * parts become fields; nothing is generated, nothing is allocated.
 */
#ifndef PROVISO_WIRE_PROTO_APER_H
#define PROVISO_WIRE_PROTO_APER_H

#include "wire/decode.h"

enum aper_kind {
	APER_SEQUENCE,
	APER_CHOICE,
	APER_LIST,
	APER_INTEGER,
	APER_ENUMERATED,
	APER_BITS,
	APER_OCTETS,
	APER_TEXT,
	APER_NULL,
	APER_CONTAINING, /* an octet string that holds another type, which is of */
	APER_CONTAINER,  /* ProtocolIE-Container or ProtocolExtensionContainer: elements {id, criticality, open type} */
	APER_ONE_ELEMENT, /* ProtocolIE-SingleContainer */
	APER_CAUSE,       /* a choice of enumerated types: one number, group << 16 | value */
};

enum {
	APER_SILENT = 255,
	APER_TEID = 254
}; /* aper_member.what: no field; the number of the tunnel that was begun before */

struct aper_type;

struct aper_member {
	const struct aper_type *type;
	uint8_t what; /* enum wire_what */
	uint8_t end;  /* enum wire_end, 0: that of what is around */
	bool optional;
	uint16_t id; /* wire_field.type, 0: that of what is around */
};

struct aper_type {
	enum aper_kind kind;
	bool extensible;
	uint64_t low, high; /* value, or size in elements, bits, octets, characters; high UINT64_MAX: no upper bound */
	const struct aper_member
		*members; /* of a sequence; of a choice, the alternatives; of a cause, the enumerated types */
	uint32_t count;
	const struct aper_type *of; /* list, containing */
};

struct aper_row { /* what is known of an element id; all zero: nothing but, perhaps, its name */
	const struct aper_type *type;
	uint8_t what, end;
};

struct aper_procedure {
	const char *name;
	uint8_t answers; /* 0 none, 1 successful outcome, 2 unsuccessful outcome too */
};

struct aper_protocol {
	enum wire_protocol protocol;
	const struct aper_row *rows;
	uint32_t row_count;
	const char *(*name)(uint16_t id, const char **clause);
	const char *(*procedure)(uint16_t code);
	unsigned alternatives; /* of the outermost choice: 3, or 4 where it has an extension of its own */
};

/* A whole PDU as a message: procedure, then each element; NAS inside it follows as messages of their own. */
void aper_decode(struct scribe *, const struct aper_protocol *, struct cursor);

/* TS 38.413, 36.413 and 38.473 clause 9.4: the same building blocks in all three. */
extern const struct aper_type aper_extensions; /* iE-Extensions */
extern const struct aper_type aper_one_element;
extern const struct aper_type aper_address; /* TransportLayerAddress: BIT STRING (SIZE (1..160, ...)) */
extern const struct aper_type aper_teid;    /* OCTET STRING (SIZE (4)) */
extern const struct aper_type aper_gtp_tunnel;
extern const struct aper_type aper_plmn;                   /* OCTET STRING (SIZE (3)) */
extern const struct aper_type aper_octets;                 /* OCTET STRING */
extern const struct aper_type aper_u8, aper_u16, aper_u32; /* INTEGER (0..2^n - 1) */
extern const struct aper_type aper_name;                   /* PrintableString (SIZE (1..150, ...)) */
extern const struct aper_type aper_enum2, aper_enum3;      /* closed */
extern const struct aper_type aper_enum1e, aper_enum2e, aper_enum3e, aper_enum4e; /* extensible */
extern const struct aper_type aper_diagnostics;                                   /* CriticalityDiagnostics */

#define APER_MEMBERS(array) .members = array, .count = sizeof array / sizeof *array
#define APER_EXTENSIONS                                                                                                \
	{                                                                                                              \
		.type = &aper_extensions, .what = APER_SILENT, .optional = true                                        \
	}

#endif
