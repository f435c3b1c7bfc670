/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An `evidence` stanza: one claim. Each clause is a row of a table, so that the unknown ones can be met with the
 * nearest, and none is read twice. A stanza with a mistake in it is left out as a whole: half a claim may say the
 * opposite.
 */
#include "evidence/index.h"

#include <string.h>
#include <strings.h>

struct claim_reader {
	struct evidence *evidence;
	struct claim *claim;
	struct reader *reader;
};

static const char *kept(struct claim_reader *c, const struct token *token)
{
	return arena_text(c->evidence->arena, token->text, strlen(token->text));
}

/* A word, number or string that is not empty. */
static bool read_text(struct claim_reader *c, const char *what, const char **text)
{
	const struct token *token = reader_value(c->reader, what);

	if (!token)
		return false;
	if (!token->text[0]) {
		reader_error(c->reader, token, "empty-text", NULL, 0, "an empty text where %s is needed", what);
		return false;
	}
	*text = kept(c, token);
	return true;
}

static bool read_texts(struct claim_reader *c, const char *what, const char *const **texts, size_t *count)
{
	size_t more;
	const struct token **list = reader_list(c->reader, what, &more);
	const char **all;

	if (!list)
		return false;
	all = arena_array(c->evidence->arena, *count + more, sizeof *all);
	for (size_t i = 0; i < *count; i++)
		all[i] = (*texts)[i];
	for (size_t i = 0; i < more; i++)
		all[*count + i] = kept(c, list[i]);
	*texts = all;
	*count += more;
	return true;
}

static const char *one_of(struct claim_reader *c, const char *what, const char *const *words, size_t count)
{
	const struct token *token = reader_name(c->reader, what);

	if (!token)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i], token->text))
			return words[i];
	reader_error(c->reader, token, "unknown-word", words, count, "\"%s\" is not %s", token->text, what);
	return NULL;
}

/* ---- what it is about and what it says --------------------------------------------------------------------------- */

static void read_about(struct claim_reader *c)
{
	const char *names[ABOUT_KINDS], *word;

	for (int i = 0; i < ABOUT_KINDS; i++)
		names[i] = about_kind_name((enum about_kind)i);
	word = one_of(c, "a kind of subject (vendor, product, element ...)", names, ABOUT_KINDS);
	if (!word)
		return;
	for (int i = 0; i < ABOUT_KINDS; i++)
		if (!strcmp(names[i], word))
			c->claim->about = (enum about_kind)i;
	if (!read_text(c, "the name of the subject", &c->claim->subject))
		return;
	if (c->claim->about == ABOUT_PRODUCT && (reader_take(c->reader, "at") || reader_take(c->reader, "version")))
		read_text(c, "a version", &c->claim->version);
}

static const char *small_yes_no(const char *value)
{
	static const char *const words[] = { "yes", "no" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = 0;

		while (words[i][n] && (value[n] | 0x20) == words[i][n])
			n++;
		if (!words[i][n] && !value[n])
			return words[i];
	}
	return value;
}

/* What this room reads itself is spelled small; in capitals it would be an attribute of its own, and mean nothing. */
static void warn_of_capitals(struct claim_reader *c, const struct token *attribute)
{
	static const char *const words[] = { "designated", "vendor",  "product", "version", "jurisdiction",
					     "result",     "outcome", "verdict", "passed" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcasecmp(attribute->text, words[i]) && strcmp(attribute->text, words[i]))
			reader_warning(c->reader, attribute, "attribute-in-capitals",
				       "\"%s\" is an attribute of its own (did you mean \"%s\"?)", attribute->text,
				       words[i]);
}

static void read_says(struct claim_reader *c)
{
	const struct token *attribute = c->reader->at;

	if (!read_text(c, "an attribute", &c->claim->attribute))
		return;
	warn_of_capitals(c, attribute);
	if (!reader_take(c->reader, "is") && !reader_expect(c->reader, "="))
		return;
	if (read_text(c, "a value", &c->claim->value))
		c->claim->value = small_yes_no(c->claim->value);
}

static void read_kind(struct claim_reader *c)
{
	const struct token *kind = reader_name(c->reader, "a kind of claim");

	if (!kind)
		return;
	warn_of_kind(c->reader, kind);
	c->claim->kind = kept(c, kind);
	if (strcmp(kind->text, "planned") || reader_ended(c->reader))
		return;
	kind = reader_name(c->reader, "the kind of document that is planned");
	if (!kind)
		return;
	warn_of_kind(c->reader, kind);
	c->claim->plans = kept(c, kind);
}

/* ---- who --------------------------------------------------------------------------------------------------------- */

static void read_from(struct claim_reader *c)
{
	read_text(c, "who knows it", &c->claim->from);
}

static void read_through(struct claim_reader *c)
{
	read_texts(c, "who passed it on", &c->claim->through, &c->claim->through_count);
}

static void read_grade_clause(struct claim_reader *c)
{
	read_grade(c->reader, &c->claim->reliability, &c->claim->credibility);
}

static void read_graded(struct claim_reader *c)
{
	if (reader_take(c->reader, "on"))
		reader_date(c->reader, "the day of grading", &c->claim->graded_on);
	else if (reader_expect(c->reader, "by"))
		read_text(c, "who graded it", &c->claim->graded_by);
}

static void read_chosen(struct claim_reader *c)
{
	if (reader_expect(c->reader, "by"))
		read_text(c, "who chose", &c->claim->chosen_by);
}

static void read_paid(struct claim_reader *c)
{
	if (reader_expect(c->reader, "by"))
		read_text(c, "who paid", &c->claim->paid_by);
}

static void read_independent(struct claim_reader *c)
{
	static const char *const words[] = { "yes", "no" };
	const char *word = reader_ended(c->reader) ? words[0] : one_of(c, "yes or no", words, 2);

	if (word)
		c->claim->independence = word == words[0] ? INDEPENDENCE_CLAIMED : INDEPENDENCE_DENIED;
}

/* ---- when and how much ------------------------------------------------------------------------------------------- */

static void read_dated(struct claim_reader *c)
{
	const struct token *to;

	if (reader_take(c->reader, "inferred")) {
		if (!reader_expect(c->reader, "from"))
			return;
		c->claim->date_inferred = true;
	}
	if (!reader_date(c->reader, "a date", &c->claim->dated))
		return;
	c->claim->dated_to = c->claim->dated;
	if (!reader_take(c->reader, "to"))
		return;
	to = c->reader->at;
	if (reader_date(c->reader, "the last day", &c->claim->dated_to) && c->claim->dated_to < c->claim->dated)
		reader_error(c->reader, to, "date-order", NULL, 0, "the last day %s lies before the first", to->text);
}

static void read_covers(struct claim_reader *c)
{
	static const char *const words[] = { "code", "products", "elements", "traffic", "time" };
	const struct token *share = c->reader->at;

	if (!reader_percent(c->reader, "how much was looked at, such as 30%", &c->claim->covers))
		return;
	if (c->claim->covers < 0 || c->claim->covers > PPB)
		reader_error(c->reader, share, "bad-share", NULL, 0, "%s: a share lies between 0%% and 100%%",
			     share->text);
	else if (reader_take(c->reader, "of"))
		c->claim->covers_what = one_of(c, "what was looked at (code, products, elements, traffic, time)", words,
					       sizeof words / sizeof *words);
}

static void read_detects(struct claim_reader *c)
{
	const struct token *share = c->reader->at;

	if (!reader_percent(c->reader, "how likely it would be found, such as 60%", &c->claim->detects))
		return;
	if (c->claim->detects < 0 || c->claim->detects > PPB)
		reader_error(c->reader, share, "bad-share", NULL, 0, "%s: a chance lies between 0%% and 100%%",
			     share->text);
	else if (reader_expect(c->reader, "given"))
		read_text(c, "what would have to be there", &c->claim->detects_given);
}

static void read_valid(struct claim_reader *c)
{
	if (reader_expect(c->reader, "until"))
		reader_date(c->reader, "the last day", &c->claim->valid_until);
}

static void read_for(struct claim_reader *c)
{
	const char *before = c->claim->version;
	const struct token *version;

	if (!reader_expect(c->reader, "version"))
		return;
	version = c->reader->at;
	if (read_text(c, "a version", &c->claim->version) && before && strcmp(before, c->claim->version))
		reader_error(c->reader, version, "version-differs", NULL, 0, "version %s, but `about` says %s",
			     version->text, before);
}

static void read_build(struct claim_reader *c)
{
	read_text(c, "the hash of the build", &c->claim->build);
}

/* ---- documents, decisions, promises ------------------------------------------------------------------------------ */

static bool is_sha256(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdefABCDEF") == 64;
}

static void read_file(struct claim_reader *c)
{
	const struct token *hash;
	char *small;

	if (!read_text(c, "the path of a file", &c->claim->file) || !reader_take(c->reader, "sha256"))
		return;
	hash = reader_value(c->reader, "64 hexadecimal digits");
	if (!hash)
		return;
	if (!is_sha256(hash->text)) {
		reader_error(c->reader, hash, "bad-hash", NULL, 0,
			     "a SHA-256 has 64 hexadecimal digits, this has %zu characters", strlen(hash->text));
		return;
	}
	small = arena_text(c->evidence->arena, hash->text, 64);
	for (char *p = small; *p; p++)
		if (*p >= 'A' && *p <= 'F')
			*p = (char)(*p - 'A' + 'a');
	c->claim->sha256 = small;
}

static void read_tlp(struct claim_reader *c)
{
	static const char *const words[] = { "CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED" };

	c->claim->tlp = one_of(c, "a TLP 2.0 label (CLEAR, GREEN, AMBER, AMBER+STRICT, RED)", words,
			       sizeof words / sizeof *words);
}

static void read_advice(struct claim_reader *c)
{
	if (read_text(c, "the name of the advice", &c->claim->advice) && reader_take(c->reader, "because"))
		read_text(c, "the reason", &c->claim->because);
}

static void read_departs(struct claim_reader *c)
{
	c->claim->departs = true;
	if (reader_expect(c->reader, "from"))
		read_advice(c);
}

static void read_factors(struct claim_reader *c)
{
	read_texts(c, "a factor", &c->claim->factors, &c->claim->factor_count);
}

static void read_due(struct claim_reader *c)
{
	reader_date(c->reader, "the day it is due", &c->claim->due);
}

/* "amount 2000000000 USD": kept as it was said, because "more than 2 bn initial" is no number. */
static void read_amount(struct claim_reader *c)
{
	const char *amount, *unit;

	if (!read_text(c, "an amount", &amount))
		return;
	c->claim->amount = amount;
	if (!reader_ended(c->reader) && read_text(c, "a unit", &unit))
		c->claim->amount = arena_printf(c->evidence->arena, "%s %s", amount, unit);
}

#define TEXT_CLAUSE(name, field, what)                                                                                 \
	static void read_##name(struct claim_reader *c)                                                                \
	{                                                                                                              \
		read_text(c, what, &c->claim->field);                                                                  \
	}
TEXT_CLAUSE(note, note, "a note")
TEXT_CLAUSE(authority, authority, "an authority")
TEXT_CLAUSE(instrument, instrument, "an instrument")
TEXT_CLAUSE(scope, scope, "a scope")
TEXT_CLAUSE(because, because, "a reason")
TEXT_CLAUSE(source, source, "where it can be read")
TEXT_CLAUSE(delivers, delivers, "the name of a promise")
TEXT_CLAUSE(deliverable, deliverable, "what will be delivered")
#undef TEXT_CLAUSE

/* ---- the stanza -------------------------------------------------------------------------------------------------- */

static const struct clause_row {
	const char *word;
	bool repeats; /* may stand several times: what it lists adds up */
	void (*read)(struct claim_reader *);
} clause_rows[] = {
	{ "about", false, read_about },
	{ "says", false, read_says },
	{ "kind", false, read_kind },
	{ "from", false, read_from },
	{ "through", true, read_through },
	{ "dated", false, read_dated },
	{ "grade", false, read_grade_clause },
	{ "graded", true, read_graded },
	{ "covers", false, read_covers },
	{ "detects", false, read_detects },
	{ "valid", false, read_valid },
	{ "for", false, read_for },
	{ "build", false, read_build },
	{ "file", false, read_file },
	{ "tlp", false, read_tlp },
	{ "independent", false, read_independent },
	{ "chosen", false, read_chosen },
	{ "paid", false, read_paid },
	{ "authority", false, read_authority },
	{ "instrument", false, read_instrument },
	{ "scope", false, read_scope },
	{ "factors", true, read_factors },
	{ "follows", false, read_advice },
	{ "departs", false, read_departs },
	{ "because", false, read_because },
	{ "reason", false, read_because },
	{ "source", false, read_source },
	{ "delivers", false, read_delivers },
	{ "deliverable", false, read_deliverable },
	{ "due", false, read_due },
	{ "amount", false, read_amount },
	{ "note", false, read_note },
};
enum { CLAUSE_ROWS = sizeof clause_rows / sizeof *clause_rows };

static const struct clause_row *clause_find(struct reader *reader, uint64_t *seen)
{
	const char *words[CLAUSE_ROWS];
	const struct token *word = reader_name(reader, "a clause of an evidence stanza");

	if (!word)
		return NULL;
	for (size_t i = 0; i < CLAUSE_ROWS; i++) {
		words[i] = clause_rows[i].word;
		if (strcmp(words[i], word->text))
			continue;
		if (!clause_rows[i].repeats && *seen >> i & 1) {
			reader_error(reader, word, "duplicate-clause", NULL, 0, "\"%s\" stands twice in one stanza",
				     word->text);
			return NULL;
		}
		*seen |= (uint64_t)1 << i;
		return &clause_rows[i];
	}
	reader_error(reader, word, "unknown-clause", words, CLAUSE_ROWS, "\"%s\" is no clause of an evidence stanza",
		     word->text);
	return NULL;
}

/* What the clauses must add up to. reader stands in the head, so that messages point at the stanza. */
static bool check_whole(struct claim_reader *c, const struct token *name, bool said_kind)
{
	const struct claim *claim = c->claim;

	if (!claim->subject) {
		reader_error(c->reader, name, "missing-clause", NULL, 0, "claim %s has no `about`: about whom?",
			     name->text);
		return false;
	}
	if (!claim->attribute && !said_kind) {
		reader_error(c->reader, name, "missing-clause", NULL, 0,
			     "claim %s says nothing: `says ATTRIBUTE = VALUE`, or the `kind` of a document",
			     name->text);
		return false;
	}
	if (claim->version && claim->about != ABOUT_PRODUCT && claim->about != ABOUT_ELEMENT) {
		reader_error(c->reader, name, "version-of-what", NULL, 0, "claim %s names a version, but a %s has none",
			     name->text, about_kind_name(claim->about));
		return false;
	}
	return true;
}

/* `designated` comes from a decision that names authority, instrument, date, scope and factors; what is missing is
 * said. */
static void check_decision(struct claim_reader *c, const struct token *name)
{
	const struct claim *claim = c->claim;
	bool designates = claim->attribute && claim->about == ABOUT_VENDOR && !strcmp(claim->attribute, "designated");
	bool decides = !strcmp(claim->kind, "decision");

	if (designates && !decides && strcmp(claim->kind, "law") && !is_planned_kind(claim->kind)) {
		reader_warning(c->reader, name, "not-a-decision",
			       "claim %s of kind %s designates nobody: only a decision (or a law) does", name->text,
			       claim->kind);
		return;
	}
	if (!designates || !decides)
		return;
	if (!(claim->authority || claim->from) || !claim->instrument || claim->dated == DATE_NONE || !claim->scope ||
	    !claim->factor_count)
		reader_warning(c->reader, name, "incomplete-decision", "decision %s names no%s%s%s%s%s", name->text,
			       claim->authority || claim->from ? "" : " authority",
			       claim->instrument ? "" : " instrument", claim->dated == DATE_NONE ? " date" : "",
			       claim->scope ? "" : " scope", claim->factor_count ? "" : " factors");
}

/* It counts from its first day until its last: on none, where that comes before. */
static void check_validity(struct claim_reader *c, const struct token *name)
{
	const struct claim *claim = c->claim;
	char dated[11], until[11];

	if (claim->dated == DATE_NONE || claim->valid_until == DATE_NONE || claim->valid_until >= claim->dated)
		return;
	date_print(claim->dated, dated);
	date_print(claim->valid_until, until);
	reader_warning(c->reader, name, "never-valid", "claim %s counts on no day: it is dated %s and valid until %s",
		       name->text, dated, until);
}

bool stanza_claim(struct evidence *evidence, const struct document *document, const struct stanza *stanza,
		  struct claim *claim)
{
	struct reader head = reader_of(document, &stanza->head, evidence->arena, evidence->diagnostics);
	struct claim_reader c = { evidence, claim, &head };
	const struct token *name;
	uint64_t seen = 0;
	bool good = !stanza->broken;

	claim_init(claim);
	head.at++;
	name = reader_value(&head, "a name for the claim");
	if (!name || !reader_end(&head))
		return false;
	claim->name = kept(&c, name);
	claim->place = name->place;
	for (size_t i = 0; i < stanza->count; i++) {
		struct reader reader = reader_of(document, &stanza->clauses[i], evidence->arena, evidence->diagnostics);
		const struct clause_row *row = clause_find(&reader, &seen);

		c.reader = &reader;
		if (row)
			row->read(&c);
		if (!reader.bad)
			reader_end(&reader);
		good = good && !reader.bad;
	}
	c.reader = &head;
	if (!good || !check_whole(&c, name, claim->kind != NULL))
		return false;
	if (!claim->kind)
		claim->kind = "statement";
	if (!claim->from && claim->authority && !strcmp(claim->kind, "decision"))
		claim->from = claim->authority;
	check_decision(&c, name);
	check_validity(&c, name);
	return true;
}
