/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evidence: claims about vendors, products, elements and others - who knows it, who passed it on, how reliable, covering how
 * much - and the facts they add up to. Knows no rules. A fact nobody claims is unknown; a fact on which equally good claims
 * disagree is a conflict, and unknown to whoever asks.
 *
 *     evidence probe-2019
 *       about   vendor acme
 *       says    exfiltration = none-found
 *       kind    probe
 *       from    "agency"            who knows it
 *       through "newspaper"         who reports it, outermost last
 *       dated   2019-02-20
 *       grade   B2                  Admiralty code: source reliability A-F, credibility 1-6 (NATO AJP-2.1)
 *       covers  30% of elements
 *
 * Two claims are independent only if their knowers differ. Two people relaying one body's knowledge are one origin.
 */
#ifndef PROVISO_EVIDENCE_H
#define PROVISO_EVIDENCE_H

#include "base/base.h"
#include "lang/lang.h"
#include "net/net.h"

enum about_kind {
	ABOUT_VENDOR, ABOUT_PRODUCT, ABOUT_ELEMENT, ABOUT_SITE, ABOUT_FUNCTION, ABOUT_COUNTRY, ABOUT_OPERATOR, ABOUT_PROPOSAL,
	ABOUT_CONCLUSION, ABOUT_KINDS
};
const char *about_kind_name(enum about_kind); /* "vendor" ... */

/* Kinds of claim are rows of a table: name, what is asked of them before they are believed by default. */
struct claim_kind {
	const char *name;	/* law decision proceeding assessment statement report audit nesas-audit test-report probe incident promise
				   planned advisory bill-of-materials mitigation-strategy ... */
	uint8_t origins_needed; /* 1 or 2; 0: never a fact (planned, promise) */
	char reliability;	/* 'A'..'F': this or better is needed; ungraded passes only where ungraded_ok */
	uint8_t credibility;	/* 1..6: this or better */
	bool ungraded_ok;	/* as issued */
	bool for_version;	/* speaks only for the version it names (a test report of 1.2 says nothing of 1.3) */
	bool judgement;		/* shown as that body's judgement (probe, assessment) */
	const char *help;
};
extern const struct claim_kind claim_kinds[];
extern const size_t claim_kind_count;
const struct claim_kind *claim_kind_find(const char *name); /* NULL if none; a policy may ask for kinds that are not in the table */

struct claim {
	const char *name;	   /* the stanza's */
	enum about_kind about;
	const char *subject;	   /* "acme" */
	const char *version;	   /* of a product, or NULL: about it as a whole */
	const char *attribute;	   /* "exfiltration"; NULL for a document that says nothing but that it exists (a test report) */
	const char *value;	   /* spelling: "yes" "no" "none-found" "CN" "30%" ... */
	const char *kind;	   /* "probe"; "statement" where absent */
	const char *from;	   /* who knows it; NULL: anonymous */
	const char *const *through; /* who passed it on, the one nearest to the knower first */
	size_t through_count;
	int32_t dated, dated_to;   /* a day, or a range; DATE_NONE: not dated */
	bool date_inferred;
	int32_t valid_until;	   /* inclusive; DATE_NONE: none */
	char reliability;	   /* 'A'..'F', 0: ungraded */
	uint8_t credibility;	   /* 1..6, 0: ungraded; "1" without a second origin counts as 2: see capped */
	bool capped;
	const char *graded_by;
	int32_t graded_on;
	int64_t covers;		   /* ppb, -1: not stated (unknown, not zero) */
	const char *covers_what;   /* "code" "products" "elements" "traffic" "time", NULL: not said */
	const char *build;	   /* hash of the build that was examined */
	const char *file, *sha256; /* the document it rests on */
	const char *tlp;	   /* CLEAR GREEN AMBER AMBER+STRICT RED, NULL: not marked */
	const char *chosen_by, *paid_by; /* who chose the laboratory, who paid; NULL: not said */
	const char *note;
	struct place place;
	bool of_inventory;	   /* from a row of the inventory, not from a stanza */
};

enum fact_status { FACT_UNKNOWN, FACT_KNOWN, FACT_CONFLICT };
struct origin {
	const char *name;	    /* the knower, or "anonymous via X" */
	const char *value;	    /* what it says; two values from one origin are a discrepancy and both are here as two rows */
	const uint32_t *claims;	    /* indexes into evidence->claims */
	size_t claim_count;
	bool supports;		    /* counted: good enough, in time, not contradicted by itself */
};
struct fact {
	enum about_kind about;
	const char *subject, *attribute;
	const char *value;	    /* FACT_KNOWN only, else NULL */
	enum fact_status status;
	uint32_t support;	    /* independent origins at or above the threshold for the value */
	const struct origin *origins;
	size_t origin_count;
	const uint32_t *claims;
	size_t claim_count;
	uint32_t weakest;	    /* the claim whose loss would change the status first; UINT32_MAX: none */
	bool discrepancy;	    /* one origin is reported with different values */
	const char *why;	    /* one sentence: what is believed or what is missing */
};

struct evidence {
	struct arena *arena;
	struct diagnostics *diagnostics;
	struct claim *claims;	    /* in order of reading */
	size_t claim_count, claim_room;
	const struct fact *facts;   /* after evidence_weigh: sorted by about, subject, attribute */
	size_t fact_count;
	const char *operator_name;  /* who speaks in the inventory; NULL: "operator" */
	struct believe *believe;    /* overrides of the table, from `believe` clauses */
	void *index;
};

struct evidence *evidence_new(struct arena *, struct diagnostics *);
/* Adds the `evidence` stanzas of a document; other stanzas are left alone (evidence_knows_stanza tells which are ours). */
void evidence_add(struct evidence *, const struct document *);
bool evidence_knows_stanza(const char *keyword);
/* A `believe` clause of a case: "believe report with 2 origins at C3". Reader stands after the word believe. */
void evidence_believe(struct evidence *, struct reader *);
/* Subjects that are in no table of the network: warnings "unknown-subject" with the nearest. */
void evidence_check(struct evidence *, const struct net *);

struct weighing {
	int32_t on;		      /* claims dated after it, or expired before it, do not count */
	const char *const *without;   /* names whose reports and knowledge are left out */
	size_t without_count;
	bool assume_plan;	      /* count claims of kind `planned` as what they promise */
};
void evidence_weigh(struct evidence *, const struct weighing *);
/* NULL where nobody claims anything. */
const struct fact *evidence_fact(const struct evidence *, enum about_kind, const char *subject, const char *attribute);

/* Is a valid document of this kind on file for a product at a version? */
struct evidence_need {
	const char *kind;	       /* "test-report" */
	const char *vendor, *product;  /* NULL where unknown */
	const char *version;	       /* NULL where unknown */
	const char *element, *function;/* may be NULL */
	int32_t on;
	int32_t not_before;	       /* dated on or after; DATE_NONE: any age */
	bool independent;	       /* not from the vendor or its group */
	int64_t covers;		       /* ppb at least; -1: not asked */
	const struct net *net;	       /* for groups of vendors */
};
struct evidence_answer {
	bool met;
	bool conflict;		       /* valid claims of the kind contradict each other (one says passed, another failed) */
	uint32_t claim;		       /* the one that meets it, or the nearest miss; UINT32_MAX: none at all */
	const char *why;	       /* "report lab-3 is for version 1.2, not 1.3", arena's; "" where met */
};
struct evidence_answer evidence_ask(const struct evidence *, const struct evidence_need *, struct arena *);

#endif
