/* SPDX-License-Identifier: Apache-2.0 */
/* finding: the one shape of an answer - one statement of one rule, for one subject and group - from a network or the wire. */
#ifndef PROVISO_POLICY_FINDING_H
#define PROVISO_POLICY_FINDING_H

#include "base/base.h"

enum finding_status {
	FINDING_HOLDS,
	FINDING_BROKEN,
	FINDING_DUE,
	FINDING_UNKNOWN,
	FINDING_WAIVED,
	FINDING_NOTIFIABLE,
	FINDING_NOT_IN_FORCE,
	FINDING_STATUSES
};

const char *finding_status_name(enum finding_status); /* "holds" "broken" ... as in JSON */

enum { FINDING_WITNESSES = 20 }; /* kept in full; the count is exact */

enum finding_unit { UNIT_NONE, UNIT_SHARE, UNIT_COUNT };

/* What a finding from the wire has besides. */
struct finding_wire {
	const char *check;         /* what was looked for: "unordered-tunnel"; of a policy's rule: its kind */
	const char *certainty;     /* certain, likely, unknown */
	const char *technique;     /* MITRE FiGHT, NULL none */
	const char *vendor;        /* of the subject, NULL unknown */
	const char *peer;          /* the other end: an element or an address; "" none */
	const char *next;          /* what a person should do next, NULL none */
	int64_t first_ns, last_ns; /* since 1970-01-01 UTC */
	const uint64_t *frames;    /* numbers in their captures, from 1; the first of them */
	const char *const *taps;   /* of each frame: its capture */
	size_t frame_count;
	uint64_t packets;
};

/* On whose word, for what reason and until when a finding is waived. */
struct finding_waiver {
	int32_t until;
	const char *because, *by;
};

struct finding {
	const char *policy, *rule;
	const char *statement; /* canonical text of the clause: "limit high-risk to 35% of sites in access-part" */
	const char *kind; /* name of the rule kind: forbid, reach, limit, diversity, served, evidence, link, notify */
	enum finding_status status;
	bool vacuous;        /* holds because there was nothing to judge */
	bool worsened;       /* due, but the proposal makes it larger */
	bool beaten_anyhow;  /* broken whatever the unknown facts are (low and high both beyond the bound) */
	const char *subject; /* the vendor, jurisdiction, owner, set or version the statement was taken for; "" none */
	const char *group;   /* value of `per D`; "" none */
	/* The measure. UNIT_SHARE: low and high are ppb (0..10^9). UNIT_COUNT: low and high are micro (count * 10^6). */
	enum finding_unit measured;
	const char *unit; /* "share" | "sites" | "elements" | "vendors" | "links" | "paths" | "products" | ... */
	int64_t low, high;
	wide numerator, denominator;           /* micro, of the lower bound; 0/0 where there is none */
	wide numerator_high, denominator_high; /* of the upper bound */
	const char *numerator_unit;            /* what is counted: "sites", "population", "elements" */
	const char *bound_op;                  /* "<=" ">=" or NULL */
	int64_t bound;                         /* ppb for shares, micro for counts */
	const char
		*bound_param; /* the bound is this parameter, and nobody has set it: bound means nothing; else NULL */
	int32_t by, in_force, until; /* DATE_NONE: none; until: the last day in force */
	const struct finding_waiver *waivers; /* FINDING_WAIVED: all that take elements out of it; that which ends first comes first */
	size_t waiver_count;
	const char *authority;             /* notify */
	const char *source, *grade, *note; /* of the rule, or NULL */
	struct place place;                /* of the statement */
	const char *explanation;           /* one sentence for people, with the numbers */
	size_t witness_count;
	const char *witnesses[FINDING_WITNESSES]; /* element ids, the smallest bytewise */
	size_t witnesses_kept;
	const char *planned;             /* the claim of what is only planned that was counted for it; NULL: none */
	bool has_focus;                  /* the element that the question points at is a witness, kept or not */
	const struct finding_wire *wire; /* NULL: from a network */
	int64_t surplus; /* how far beyond the bound in the measure's own unit (micro): "54 sites too many"; 0: not beyond or unknown */
};

/* Of whom one would have to ask what. */
struct unknown_fact {
	const char *subject;        /* "vendor/acme", "element/gnb-1", "param/cap" */
	const char *attribute;      /* "designated" */
	const char *const *settles; /* names "policy/rule" it closes alone */
	size_t settle_count;
	size_t elements; /* whose membership it closes alone */
};

/* A value that came from silence (`absent vendor.designated means no`): a report must name each. */
struct policy_silence {
	const char *subject, *attribute, *value; /* "vendor/acme", "designated", "no" */
};

struct findings {
	struct finding *items;
	size_t count, room;
	struct unknown_fact *unknown; /* most useful first */
	size_t unknown_count;
	size_t unknown_dropped; /* beyond the first 1000 */
	struct policy_silence *silences;
	size_t silence_count;
};

#endif
