/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A claim as an `evidence` stanza, so that what an importer made is text like any other: read, compared, corrected by
 * hand. Texts come from strangers: what a string of the language can't hold (control characters, characters that hide
 * or reorder text) is written as "?".
 */
#include "evidence/index.h"

#include <string.h>

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
	       c == '.' || c == '/' || c == ':' || c == '+';
}

/* Whether the text is read back as one word (or number or date) without quotes. */
static bool is_plain(const char *text)
{
	bool letter = false;

	for (const char *p = text; *p; p++) {
		if (!is_word_byte(*p))
			return false;
		letter = letter || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
	}
	return letter && text[0] != '-' && text[0] != '+' && strlen(text) < 100;
}

/* Bytes of the character at text that a string of the language may not hold, 0 where it is fine. The text is valid
 * UTF-8. */
static size_t hidden(const unsigned char *u)
{
	if (u[0] < 0x20 || u[0] == 0x7f)
		return 1;
	if (u[0] == 0xc2 && u[1] >= 0x80 && u[1] <= 0x9f) /* U+0080..9F */
		return 2;
	if (u[0] == 0xe2 && u[1] == 0x80 && u[2] >= 0xa8 && u[2] <= 0xae) /* U+2028..202E */
		return 3;
	if (u[0] == 0xe2 && u[1] == 0x81 && u[2] >= 0xa6 && u[2] <= 0xa9) /* U+2066..2069 */
		return 3;
	if (u[0] == 0xef && u[1] == 0xbb && u[2] == 0xbf) /* U+FEFF */
		return 3;
	return 0;
}

static void put_string(struct sink *sink, const char *text)
{
	enum { LONGEST = 4000 }; /* bytes: more than a clause needs, less than a line may have */
	size_t bytes = strlen(text);
	const char *end = text + (bytes > LONGEST ? utf8_check(text, LONGEST) : bytes);

	sink_char(sink, '"');
	while (text < end) {
		size_t n = hidden((const unsigned char *)text);

		if (n) {
			sink_char(sink, '?');
			text += n;
			continue;
		}
		if (*text == '"' || *text == '\\')
			sink_char(sink, '\\');
		sink_char(sink, *text++);
	}
	if (bytes > LONGEST)
		sink_text(sink, "...");
	sink_char(sink, '"');
}

static void put(struct sink *sink, const char *text)
{
	if (is_plain(text))
		sink_text(sink, text);
	else
		put_string(sink, text);
}

/* 1.2 and 1.2.3 without quotes, as people write versions. */
static void put_version(struct sink *sink, const char *version)
{
	size_t bytes = strlen(version);

	if (bytes && bytes < 100 && strspn(version, "0123456789.") == bytes && version[0] != '.' &&
	    version[bytes - 1] != '.')
		sink_text(sink, version);
	else
		put(sink, version);
}

static void put_clause(struct sink *sink, const char *clause, const char *text)
{
	if (!text)
		return;
	sink_printf(sink, "  %s ", clause);
	put(sink, text);
	sink_char(sink, '\n');
}

static void put_list(struct sink *sink, const char *clause, const char *const *texts, size_t count)
{
	if (!count)
		return;
	sink_printf(sink, "  %s ", clause);
	for (size_t i = 0; i < count; i++) {
		if (i)
			sink_text(sink, ", ");
		put(sink, texts[i]);
	}
	sink_char(sink, '\n');
}

static void put_day(struct sink *sink, const char *clause, int32_t days)
{
	char day[11];

	if (days == DATE_NONE)
		return;
	date_print(days, day);
	sink_printf(sink, "  %s %s\n", clause, day);
}

static void put_dated(struct sink *sink, const struct claim *claim)
{
	char from[11], to[11];

	if (claim->dated == DATE_NONE)
		return;
	date_print(claim->dated, from);
	sink_printf(sink, "  dated %s%s", claim->date_inferred ? "inferred from " : "", from);
	if (claim->dated_to != claim->dated && claim->dated_to != DATE_NONE) {
		date_print(claim->dated_to, to);
		sink_printf(sink, " to %s", to);
	}
	sink_char(sink, '\n');
}

static void put_shares(struct sink *sink, const struct claim *claim)
{
	char share[32];

	if (claim->covers >= 0) {
		ppb_print_percent(claim->covers, share);
		sink_printf(sink, "  covers %s%s%s\n", share, claim->covers_what ? " of " : "",
			    claim->covers_what ? claim->covers_what : "");
	}
	if (claim->detects >= 0 && claim->detects_given) {
		ppb_print_percent(claim->detects, share);
		sink_printf(sink, "  detects %s given ", share);
		put(sink, claim->detects_given);
		sink_char(sink, '\n');
	}
}

static void put_about(struct sink *sink, const struct claim *claim)
{
	sink_text(sink, "evidence ");
	put(sink, claim->name);
	sink_printf(sink, "\n  about %s ", about_kind_name(claim->about));
	put(sink, claim->subject);
	if (claim->version && claim->about == ABOUT_PRODUCT) {
		sink_text(sink, " at ");
		put_version(sink, claim->version);
	}
	sink_char(sink, '\n');
	if (!claim->attribute)
		return;
	sink_text(sink, "  says ");
	put(sink, claim->attribute);
	sink_text(sink, " = ");
	put(sink, claim->value);
	sink_char(sink, '\n');
}

static void put_decision(struct sink *sink, const struct claim *claim)
{
	put_clause(sink, "authority", claim->authority);
	put_clause(sink, "instrument", claim->instrument);
	put_clause(sink, "scope", claim->scope);
	put_list(sink, "factors", claim->factors, claim->factor_count);
	if (!claim->advice) {
		put_clause(sink, "because", claim->because);
		return;
	}
	sink_text(sink, claim->departs ? "  departs from " : "  follows ");
	put(sink, claim->advice);
	if (claim->because) {
		sink_text(sink, " because ");
		put(sink, claim->because);
	}
	sink_char(sink, '\n');
}

static void put_file(struct sink *sink, const struct claim *claim)
{
	if (!claim->file)
		return;
	sink_text(sink, "  file ");
	put(sink, claim->file);
	if (claim->sha256)
		sink_printf(sink, " sha256 %s", claim->sha256);
	sink_char(sink, '\n');
}

void claim_print(const struct claim *claim, struct sink *sink)
{
	put_about(sink, claim);
	sink_printf(sink, "  kind %s%s%s\n", claim->kind ? claim->kind : "statement", claim->plans ? " " : "",
		    claim->plans ? claim->plans : "");
	put_clause(sink, "from", claim->from);
	put_list(sink, "through", claim->through, claim->through_count);
	put_dated(sink, claim);
	if (claim->reliability && claim->credibility)
		sink_printf(sink, "  grade %c%u\n", claim->reliability, claim->credibility);
	put_clause(sink, "graded by", claim->graded_by);
	put_day(sink, "graded on", claim->graded_on);
	put_shares(sink, claim);
	put_day(sink, "valid until", claim->valid_until);
	if (claim->version && claim->about != ABOUT_PRODUCT) {
		sink_text(sink, "  for version ");
		put_version(sink, claim->version);
		sink_char(sink, '\n');
	}
	put_clause(sink, "build", claim->build);
	put_file(sink, claim);
	put_clause(sink, "tlp", claim->tlp);
	if (claim->independence != INDEPENDENCE_NOT_SAID)
		put_clause(sink, "independent", claim->independence == INDEPENDENCE_CLAIMED ? "yes" : "no");
	put_clause(sink, "chosen by", claim->chosen_by);
	put_clause(sink, "paid by", claim->paid_by);
	put_decision(sink, claim);
	put_clause(sink, "delivers", claim->delivers);
	put_clause(sink, "amount", claim->amount);
	put_day(sink, "due", claim->due);
	put_clause(sink, "deliverable", claim->deliverable);
	put_clause(sink, "source", claim->source);
	put_clause(sink, "note", claim->note);
}
