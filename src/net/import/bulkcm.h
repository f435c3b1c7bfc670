/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bulk CM: what its two files share. bulkcm.c walks the XML and says which object, with which attributes, ends;
 * bulkcm_rows.c makes rows of them. Private to import/.
 */
#ifndef PROVISO_NET_BULKCM_H
#define PROVISO_NET_BULKCM_H

#include "net/import/intake.h"

/* The attributes that are read; the names of each are in bulkcm.c. */
enum bulkcm_attribute {
	ATTRIBUTE_SKIP, /* not one of them, nor is what is inside it */
	ATTRIBUTE_INTO, /* itself nothing, but what is inside may be */
	ATTRIBUTE_LABEL,
	ATTRIBUTE_VENDOR,
	ATTRIBUTE_VERSION,
	ATTRIBUTE_LOCATION,
	ATTRIBUTE_STATE,
	ATTRIBUTE_TYPE,       /* of a managed element, several */
	ATTRIBUTE_MANAGED_BY, /* goes into */
	ATTRIBUTE_NAME,       /* a distinguished name inside another attribute */
	ATTRIBUTE_HINT,       /* vsDataFormatVersion */
	ATTRIBUTE_DATA_TYPE,  /* vsDataType */
	ATTRIBUTE_FAR,        /* what an end point is joined to; ends of a link */
	ATTRIBUTE_LOCAL,      /* goes into: addresses on this side */
	ATTRIBUTE_REMOTE,     /* goes into: addresses on the other side */
	ATTRIBUTE_ADDRESS,
	ATTRIBUTE_LATITUDE,
	ATTRIBUTE_LONGITUDE,
	ATTRIBUTE_PRODUCT, /* of an inventory unit */
	ATTRIBUTE_UNIT_VERSION,
	ATTRIBUTE_UNIT_TYPE,
	ATTRIBUTE_FUNCTION, /* mFunction: which function a unit belongs to */
	ATTRIBUTE_COUNT,
};

enum bulkcm_modifier { MODIFIER_NONE, MODIFIER_CREATE, MODIFIER_UPDATE, MODIFIER_DELETE };

enum { BULKCM_VALUES = 40 }; /* of one attribute that are kept: types of a managed element, addresses of an end */

struct bulkcm_values {
	uint32_t items[BULKCM_VALUES]; /* interned */
	uint32_t count;
};

/* An object that is open. */
struct bulkcm_object {
	const char *class_name;
	struct nrm_class class;
	struct bulkcm_values values[ATTRIBUTE_COUNT];
	uint32_t values_set; /* bits: attributes that have values */
	enum bulkcm_modifier modifier;
	size_t name_bytes; /* of the distinguished name without this object */
	uint32_t row;      /* the element it is, or is inside; CODE_UNKNOWN none */
	uint32_t cells;
	bool to_5g, to_4g;
	bool is_again; /* an element that was there before */
	bool planned;  /* as present: it or what it is in is to be created or changed */
};

struct bulkcm_rows; /* bulkcm_rows.c */
struct bulkcm_rows *bulkcm_rows_new(struct intake *);
/* What became of an object: counted by the caller, but for LATER, which is counted where it is decided. */
enum bulkcm_outcome { OUTCOME_USED, OUTCOME_MERGED, OUTCOME_LEFT_OUT, OUTCOME_LATER };

/* All of these: name is the object's distinguished name; parent may be NULL. */
/* A function, a management node, a managed element begins; its attributes are not known yet. */
void bulkcm_begin(struct bulkcm_rows *, struct bulkcm_object *, const struct bulkcm_object *parent, const char *name);
/* Any object ends. *reason: why it is left out; NULL: its class has no place in a case. */
enum bulkcm_outcome bulkcm_end(struct bulkcm_rows *, struct bulkcm_object *, struct bulkcm_object *parent,
			       const char *name, const char **reason);
/* Behind the last file: the ends are joined. */
void bulkcm_join(struct bulkcm_rows *);

#endif
