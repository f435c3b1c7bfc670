/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evidence: claims about vendors, products, elements and others - who knows it, who passed it on, how reliable,
 * covering how much - and the facts they add up to. Knows no rules. A fact nobody claims is unknown; a fact on which
 * equally good claims disagree is a conflict, and unknown to whoever asks.
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
	ABOUT_VENDOR,
	ABOUT_PRODUCT,
	ABOUT_ELEMENT,
	ABOUT_SITE,
	ABOUT_FUNCTION,
	ABOUT_COUNTRY,
	ABOUT_OPERATOR,
	ABOUT_PROPOSAL,
	ABOUT_CONCLUSION,
	ABOUT_KINDS
};
const char *about_kind_name(enum about_kind); /* "vendor" ... */

/* Kinds of claim are rows of a table: name, what is asked of them before they are believed by default. */
struct claim_kind {
	const char *name; /* law decision proceeding assessment statement report audit nesas-audit test-report probe
			     incident promise planned advisory bill-of-materials mitigation-strategy ... */
	uint8_t origins_needed; /* 1 or 2; 0: never a fact (planned, promise) */
	char reliability;       /* 'A'..'F': this or better is needed; ungraded passes only where ungraded_ok */
	uint8_t credibility;    /* 1..6: this or better */
	bool ungraded_ok;       /* as issued */
	bool for_version;       /* speaks only for the version it names (a test report of 1.2 says nothing of 1.3) */
	bool judgement;         /* shown as that body's judgement (probe, assessment) */
	const char *help;
};
extern const struct claim_kind claim_kinds[];
extern const size_t claim_kind_count;
/* NULL if none; a policy may ask for kinds that are not in the table */
const struct claim_kind *claim_kind_find(const char *name);

/* Whether a claim counts, and if not, why not. */
enum claim_standing {
	CLAIM_COUNTS,      /* at or above its kind's threshold */
	CLAIM_BELOW,       /* graded below it, or not graded where a grade is needed, or an anonymous judgement */
	CLAIM_NOT_YET,     /* dated after the day that is judged */
	CLAIM_EXPIRED,     /* valid until before that day */
	CLAIM_SUPERSEDED,  /* the same body has issued another of the same kind since */
	CLAIM_PLANNED,     /* a plan or a promise is not a fact */
	CLAIM_WITHOUT,     /* came from or through a name that is left out */
	CLAIM_NO_DECISION, /* says that somebody is designated, but is not a decision */
	CLAIM_STANDINGS
};
const char *claim_standing_name(enum claim_standing); /* "counts" "below-threshold" "not-yet" ... */

struct claim {
	const char *name; /* the stanza's */
	enum about_kind about;
	const char *subject;        /* "acme" */
	const char *version;        /* of a product, or NULL: about it as a whole */
	const char *attribute;      /* "exfiltration"; NULL for a document that says no more than that it exists */
	const char *value;          /* spelling: "yes" "no" "none-found" "CN" "30%" ... */
	const char *kind;           /* "probe"; "statement" where absent */
	const char *from;           /* who knows it; NULL: anonymous */
	const char *const *through; /* who passed it on, the one nearest to the knower first */
	size_t through_count;
	int32_t dated, dated_to; /* a day, or a range; DATE_NONE: not dated */
	bool date_inferred;
	int32_t valid_until; /* inclusive; DATE_NONE: none */
	char reliability;    /* 'A'..'F', 0: ungraded */
	uint8_t credibility; /* 1..6, 0: ungraded; "1" without a second origin counts as 2: see capped */
	bool capped;
	const char *graded_by;
	int32_t graded_on;
	int64_t covers;                  /* ppb, -1: not stated (unknown, not zero) */
	const char *covers_what;         /* "code" "products" "elements" "traffic" "time", NULL: not said */
	const char *build;               /* hash of the build that was examined */
	const char *file, *sha256;       /* the document it rests on */
	const char *tlp;                 /* CLEAR GREEN AMBER AMBER+STRICT RED, NULL: not marked */
	const char *chosen_by, *paid_by; /* who chose the laboratory, who paid; NULL: not said */
	const char *note;
	struct place place;

	/* a decision: who decided, by which instrument, how far it reaches, why, and what became of the advice */
	const char *authority, *instrument, *scope;
	const char *const *factors;
	size_t factor_count;
	const char *advice;  /* name of the claim or conclusion that was followed or departed from, or NULL */
	bool departs;        /* from that advice */
	const char *because; /* why */
	const char *source;  /* where the claim itself can be read: a citation */
	/* promises and plans */
	const char *plans; /* kind `planned`: the kind of document that is planned ("test-report"), or NULL */
	int32_t due;       /* DATE_NONE: not said */
	const char *amount, *deliverable;
	const char *delivers; /* name of the promise that this claim says is kept, or NULL */
	/* what a search would have found (Bayes) */
	int64_t detects;           /* ppb, -1: not stated. Not the same as covers */
	const char *detects_given; /* what would have to be there */
	enum {
		INDEPENDENCE_NOT_SAID,
		INDEPENDENCE_CLAIMED,
		INDEPENDENCE_DENIED
	} independence; /* only denial has an effect */

	/* filled by evidence_weigh */
	const char *origin; /* the knower as it is counted: "NCSC", "anonymous via FT" */
	enum claim_standing standing;
	uint32_t delivered_by; /* of a promise: the claim that closes it; UINT32_MAX: open */
};

enum fact_status { FACT_UNKNOWN, FACT_KNOWN, FACT_CONFLICT };
struct origin {
	const char *name;  /* the knower, or "anonymous via X" */
	const char *value; /* what it says; two values of one origin are a discrepancy, and both are here as two rows */
	const uint32_t *claims; /* indexes into evidence->claims */
	size_t claim_count;
	bool supports; /* counted: good enough, in time, not contradicted by itself */
};
struct fact {
	enum about_kind about;
	const char *subject, *attribute;
	const char *value; /* FACT_KNOWN only, else NULL */
	enum fact_status status;
	uint32_t support; /* independent origins at or above the threshold for the value */
	const struct origin *origins;
	size_t origin_count;
	const uint32_t *claims;
	size_t claim_count;
	uint32_t weakest;      /* the claim whose loss would change the status first; UINT32_MAX: none */
	const char *likeliest; /* the value with most support, believed or not; of several the first */
	bool silent;           /* nobody says it on the day: every claim is dated later, has expired or is a plan */
	bool circular;         /* voices for the value, or the likeliest, have it from each other and count as one */
	bool discrepancy;      /* one origin is reported with different values */
	const char *version; /* of a product: the fact is about this version only; NULL: about the subject as a whole */
	bool planned;        /* the value rests on what is only planned (weighing.assume_plan) */
	const char *judgement_of; /* the value rests on judgements alone (probe, assessment): whose; else NULL */
	size_t origin_names;      /* distinct names in origins: a body with two values has two rows and one name */
	const char *why;          /* one sentence: what is believed or what is missing */
};

struct evidence {
	struct arena *arena;
	struct diagnostics *diagnostics;
	struct claim *claims; /* in order of reading */
	size_t claim_count, claim_room;
	const struct fact *facts; /* after evidence_weigh: sorted by about, subject, attribute */
	size_t fact_count;
	const char *operator_name; /* who speaks in the inventory; NULL: "operator" */
	struct believe *believe;   /* overrides of the table, from `believe` clauses */
	void *index;
};

struct evidence *evidence_new(struct arena *, struct diagnostics *);
/* Adds the `evidence` stanzas of a document; others are left alone (evidence_knows_stanza tells which are ours). */
void evidence_add(struct evidence *, const struct document *);
bool evidence_knows_stanza(const char *keyword);
/* A `believe` clause of a case: "believe report with 2 origins at C3". Reader stands after the word believe. */
void evidence_believe(struct evidence *, struct reader *);
/* Subjects that are in no table of the network: warnings "unknown-subject" with the nearest. From then on the name and the
 * id of a vendor are one knower. Before evidence_weigh. */
void evidence_check(struct evidence *, const struct net *);

struct weighing {
	int32_t on;                 /* claims dated after it, or expired before it, do not count */
	const char *const *without; /* names whose reports and knowledge are left out */
	size_t without_count;
	bool assume_plan; /* count claims of kind `planned` as what they promise */
};
void evidence_weigh(struct evidence *, const struct weighing *);
/* Does any claim come from or through this name? nearest (may be NULL): the name that may have been meant, or NULL. */
bool evidence_knows_name(const struct evidence *, const char *name, const char **nearest);
/* NULL where nobody claims anything. A fact about one version of a product is asked for with evidence_fact_at. */
const struct fact *evidence_fact(const struct evidence *, enum about_kind, const char *subject, const char *attribute);

/* About this version, else about the product as a whole; version may be NULL. */
const struct fact *evidence_fact_at(const struct evidence *, const char *product, const char *version,
				    const char *attribute);
/* What it would take to change the value: one sentence a line, no final newline. */
const char *evidence_would_change(const struct evidence *, const struct fact *, struct arena *);
/* Every claim about a subject (all versions), whatever it says, in order of name: for the tree of `--about`. */
const uint32_t *evidence_about(const struct evidence *, enum about_kind, const char *subject, size_t *count);
/* Is what the inventory says in this column (vendor, product, version ...) of an element confirmed by somebody else
 * than the operator (a probe, an audit)? False where the cell is empty. */
bool evidence_confirmed(const struct evidence *, const struct net *, uint32_t element, const char *attribute);

/* How much of the inventory somebody else than the operator confirms: by count, and weighed with traffic. */
enum confirmed_of { CONFIRMED_VENDOR, CONFIRMED_VERSION, CONFIRMED_BOTH, CONFIRMED_KINDS };
struct confirmation {
	uint64_t elements;                   /* in the inventory */
	uint64_t confirmed[CONFIRMED_KINDS]; /* of them */
	const char *traffic_of; /* "elements" or "sites": whose traffic is stated; NULL: of nobody, or nothing but 0 */
	wide traffic;           /* micro, of all whose traffic is stated */
	wide traffic_confirmed[CONFIRMED_KINDS]; /* micro; a site's counts where all its elements are confirmed */
	uint64_t traffic_missing;                /* elements or sites whose traffic is not stated: in neither sum */
};
struct confirmation evidence_confirmation(const struct evidence *, const struct net *);
/*
 * The chance that it is there after a search that found nothing: prior and detects in ppb. It takes a reader's prior
 * and a claim's `detects`; without either there is no number. Assumes that the search raises no false alarm.
 */
int64_t evidence_posterior(int64_t prior_ppb, int64_t detects_ppb);

/* What is inside a product, at all depths, as bills of material say (`contains:PART = yes`): by depth, then name. */
struct part {
	const char *product, *version; /* version NULL: not said */
	const char *inside;            /* the product it is directly in */
	const char *vendor;            /* known fact `vendor` of the part, or NULL */
	const char *jurisdiction;      /* known fact `jurisdiction` of the part's vendor, or NULL */
	uint32_t depth;                /* 1: directly inside */
};
struct part *evidence_parts(const struct evidence *, struct arena *, const char *product, const char *version,
			    size_t *count);

/* What a test report extends to. A release is a version without its last component: 22.1 is the release of 22.1.3. */
enum evidence_extends {
	EXTENDS_VERSION, /* only the version it names (default) */
	EXTENDS_BUILD,   /* only the build whose hash it names */
	EXTENDS_RELEASE, /* every version of the same release */
	EXTENDS_PATCHES, /* the same and later versions of the same release, for a time after the report's date */
};

/* Is a valid document of this kind on file for a product at a version? */
struct evidence_need {
	const char *kind;               /* "test-report" */
	const char *vendor, *product;   /* NULL where unknown */
	const char *version;            /* NULL where unknown */
	const char *element, *function; /* may be NULL */
	int32_t on;
	int32_t not_before;      /* dated on or after; DATE_NONE: any age */
	bool independent;        /* not from the vendor or its group */
	int64_t covers;          /* ppb at least; -1: not asked */
	const char *covers_what; /* NULL: of anything */
	enum evidence_extends extends;
	struct duration extends_for; /* EXTENDS_PATCHES */
	const char *build;           /* EXTENDS_BUILD: hash of what is installed, NULL where unknown */
	const struct net *net;       /* for groups of vendors */
};
struct evidence_answer {
	bool met;
	bool conflict;   /* valid claims of the kind contradict each other (one says passed, another failed) */
	uint32_t claim;  /* the one that meets it, or the nearest miss; UINT32_MAX: none at all */
	bool planned;    /* met only by what is planned (weighing.assume_plan) */
	const char *why; /* "report lab-3 is for version 1.2, not 1.3", arena's; "" where met */
};
struct evidence_answer evidence_ask(const struct evidence *, const struct evidence_need *, struct arena *);
/* -1, 0, 1 by dotted components, digits as numbers, the rest as text: 1.9 < 1.10, 22.R1 < 22.R2. */
int version_compare(const char *, const char *);
bool version_same_release(const char *, const char *);

/* ---- claims made by programs: importers, the wire ---------------------------------------------------------------- */

/* Every number set to "not said". */
void claim_init(struct claim *);
/* Adds a copy (texts are interned). A name that is taken is diagnosed ("duplicate-claim") and false. */
bool evidence_add_claim(struct evidence *, const struct claim *);
uint32_t evidence_find(const struct evidence *, const char *name); /* index of a claim, UINT32_MAX if none */
/* A claim as a canonical `evidence` stanza. Reading it back gives the same claim. */
void claim_print(const struct claim *, struct sink *);

/* ---- importers: foreign documents become claims ------------------------------------------------------------------ */

/* What was in a document and what became of it. read = used + what was left out. */
struct import_reason {
	const char *reason; /* "product-without-name" ... */
	size_t count;
	const char *example; /* the first: where it stood */
};
struct import_balance {
	size_t read, used; /* objects: statuses, components, test cases */
	struct import_reason *reasons;
	size_t reason_count, reason_room;
};
struct imported {
	struct arena *arena; /* everything lives here */
	struct claim *claims;
	size_t count, room;
	struct import_balance balance;
	bool refused; /* the document is not valid: the diagnostics say which rule of its standard it breaks */
};
/*
 * One file a format. The source is read to its end and hashed; every claim carries its name as `file` and its SHA-256.
 * Nothing that the document says is guessed at: what has no place in the model is left out by reason. Format names:
 * "csaf" "cyclonedx" "scas".
 */
struct import_file; /* one document while it is read: evidence/import/import.h */
struct importer {
	const char *name, *help, *page;
	void (*read)(struct import_file *);
	bool (*recognise)(const char *head, size_t bytes); /* is this a document of the format, by its first bytes? */
};
extern const struct importer evidence_importers[];
extern const size_t evidence_importer_count;
const struct importer *evidence_importer_find(const char *name); /* NULL if none */
/* What checksum files beside a document say: hex in small letters, NULL where there is none. CSAF 2.0, 7.1.18 asks for one. */
struct checksums {
	const char *sha256, *sha512;
};
/* NULL on a file that can't be read at all (diagnosed). The checksums may be NULL. */
struct imported *evidence_import(struct arena *, const struct importer *, struct source *, const struct checksums *,
				 struct diagnostics *);
/* The hex digest of so many digits for a name in a checksum file ("HEX  name", or HEX alone), or NULL. */
const char *checksum_of(struct arena *, const char *text, size_t bytes, const char *name, size_t digits);
/* All claims as stanzas, after a comment that gives the balance. */
void imported_print(const struct imported *, struct sink *);

/* Which 3GPP SCAS applies to a function; TS 33.117 alone where there is none of its own (own = false). */
struct scas {
	const char *function; /* as net_functions spells it */
	const char *ts;       /* "33.512" */
	bool own, unverified; /* unverified: our knowledge of the row is not certain */
};
struct scas scas_of_function(const char *function);

#endif
