/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the importers share: one document in memory, its hash, the claims made of it, the balance, and the two ways to
 * complain - the document breaks its own standard (refused), or it says something that has no place here (left out).
 */
#ifndef PROVISO_EVIDENCE_IMPORT_H
#define PROVISO_EVIDENCE_IMPORT_H

#include <jansson.h>

#include "evidence/evidence.h"

struct import_file {
	struct arena *arena;
	struct diagnostics *diagnostics;
	struct imported *imported;
	const char *name; /* as the user named it */
	const char *text; /* the whole, zero-terminated */
	size_t bytes;
	const char *sha256;
	struct strs *names; /* of the claims made so far, so that none is made twice */
};

/* The document is not what it says it is. where: a JSON pointer or a line, rule: of the standard; both may be NULL. */
void import_refuse(struct import_file *, const char *rule, const char *where, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* One object was read and is not used. */
void import_leave_out(struct import_file *, const char *reason, const char *example);
/* One object was read and used. */
void import_use(struct import_file *);
/* A claim with the file's name and hash in it and a name that begins with prefix and a number; fill the rest. */
struct claim *import_claim(struct import_file *, const char *prefix);
/* The same subject, attribute and value was claimed before: the claim just made is taken back. */
bool import_again(struct import_file *);

/* JSON as a tree: duplicate keys, wrong UTF-8 and more nesting than LIMIT_NESTING are refused. NULL and refused. */
json_t *import_json(struct import_file *);
const char *json_word(const json_t *object, const char *key); /* the text under a key, NULL where it is none or empty */
const char *import_slug(struct arena *,
			const char *text); /* small letters, digits and single "-": for names of claims */
const char *import_copy(struct import_file *, const char *text);
/* "2021-07-21T10:00:00.000Z" (RFC 3339) or "2021-07-21" to a day; DATE_NONE where it is neither. */
int32_t import_day(const char *text);

/* RFC 3339 section 5.6: seconds since 1970-01-01T00:00:00Z and billionths of a second. */
struct moment {
	int64_t seconds;
	uint32_t nanos;
};
bool moment_parse(const char *text, struct moment *);
int moment_compare(const struct moment *, const struct moment *);

void csaf_read(struct import_file *);
void cyclonedx_read(struct import_file *);
void scas_read(struct import_file *);

#endif
