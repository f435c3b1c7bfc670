/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One claim with everything that was said of it: who passed it on, when, how good, how much it covers; the grounds of a
 * decision, the terms of a promise and whether it was kept, what a search would have found. What nobody stated is not
 * shown, but for the coverage of a search: that it is unknown is part of its result.
 */
#include "report/claim.h"
#include "report/say.h"

#include <string.h>

enum { DETAIL = 2 };

/* "2019-02-17", "2019-02-17 to 2019-02-20 (inferred)", "not dated" */
static const char *dated_text(struct arena *a, const struct claim *c)
{
	char from[11], to[11];

	if (c->dated == DATE_NONE)
		return "not dated";
	date_print(c->dated, from);
	date_print(c->dated_to, to);
	return arena_printf(
		a, "dated %s%s%s%s", from, c->dated_to != DATE_NONE && c->dated_to != c->dated ? " to " : "",
		c->dated_to != DATE_NONE && c->dated_to != c->dated ? to : "", c->date_inferred ? " (inferred)" : "");
}

static const char *day_text(struct arena *a, int32_t days)
{
	char day[11];

	date_print(days, day);
	return arena_printf(a, "%s", day);
}

static const char *chain_of(struct arena *a, const struct claim *c)
{
	if (!c->through_count)
		return "";
	return arena_printf(a, " through %s",
			    say_list(a, c->through, c->through_count, c->through_count, c->through_count));
}

static const char *place_of(struct arena *a, const struct claim *c)
{
	return c->place.file ? arena_printf(a, "%s:%u", c->place.file, c->place.line) : "";
}

/* "B1 (1 without a second origin: counts as 2), graded by desk 4 on 2024-01-05" */
static const char *grade_of(struct arena *a, const struct claim *c)
{
	const char *by = c->graded_by ? arena_printf(a, ", graded by %s", c->graded_by) : "",
		   *on = c->graded_on == DATE_NONE ? ""
						   : arena_printf(a, "%s on %s", c->graded_by ? "" : ", graded",
								  day_text(a, c->graded_on));

	if (!c->reliability)
		return "ungraded";
	return arena_printf(a, "%c%u%s%s%s", c->reliability, c->credibility,
			    c->capped ? " (1 without a second origin: counts as 2)" : "", by, on);
}

static bool is_search(const struct claim *c)
{
	return !strcmp(c->kind ? c->kind : "", "probe") || (c->value && !strcmp(c->value, "none-found"));
}

static const char *covers_of(struct arena *a, const struct claim *c)
{
	char percent[32];

	if (c->covers < 0)
		return is_search(c) ? ", how much it covers is not stated" : "";
	ppb_print_percent(c->covers, percent);
	return arena_printf(a, ", covers %s%s%s", percent, c->covers_what ? " of " : "",
			    c->covers_what ? c->covers_what : "");
}

bool claim_is_promise(const struct claim *c)
{
	return c->kind && (!strcmp(c->kind, "promise") || !strcmp(c->kind, "planned"));
}

const char *claim_terms(struct arena *a, const struct evidence *e, const struct claim *c, int32_t on)
{
	bool open = c->delivered_by == UINT32_MAX, late = open && c->due != DATE_NONE && on != DATE_NONE && c->due < on;
	const struct claim *by = open ? NULL : &e->claims[c->delivered_by];

	return arena_printf(a, "%s%s%s%s%s%s%s", c->amount ? c->amount : "", c->amount ? ", " : "",
			    c->deliverable ? c->deliverable : "", c->deliverable ? ", " : "",
			    c->due == DATE_NONE ? "no date" : arena_printf(a, "due %s", day_text(a, c->due)),
			    late ? ", overdue: " : ": ",
			    open ? "open" : arena_printf(a, "kept, says %s (%s)", by->origin, by->name));
}

const char *claim_chance(struct arena *a, const struct claim *c, int64_t prior)
{
	char detects[32], before[32];

	if (c->detects < 0 || !c->detects_given || !c->value || strcmp(c->value, "none-found"))
		return "";
	ppb_print_percent(c->detects, detects);
	if (c->standing != CLAIM_COUNTS)
		return arena_printf(a, "would have found it in %s of cases, given %s", detects, c->detects_given);
	if (prior < 0)
		return arena_printf(a,
				    "would have found it in %s of cases, given %s; with --prior P%% a chance is left",
				    detects, c->detects_given);
	ppb_print_percent(prior, before);
	return arena_printf(a,
			    "would have found it in %s of cases, given %s: of your prior of %s, %s is left (if it "
			    "raises no false alarm)",
			    detects, c->detects_given, before, say_share(a, evidence_posterior(prior, c->detects), -1));
}

/* ---- the lines below a claim ------------------------------------------------------------------------------------- */

static void put_detail(struct terminal *t, unsigned indent, const char *before, const char *text)
{
	if (text)
		terminal_paragraph(t, indent + DETAIL, arena_printf(t->arena, "%s%s", before, text));
}

static void put_decision(struct terminal *t, const struct claim *c, unsigned indent)
{
	const char *because = c->because ? arena_printf(t->arena, " because %s", c->because) : "";

	if (c->authority && (!c->from || strcmp(c->authority, c->from)))
		put_detail(t, indent, "authority: ", c->authority);
	put_detail(t, indent, "instrument: ", c->instrument);
	put_detail(t, indent, "scope: ", c->scope);
	if (c->factor_count)
		put_detail(t, indent, "factors: ",
			   say_list(t->arena, c->factors, c->factor_count, c->factor_count, c->factor_count));
	if (c->advice)
		put_detail(t, indent, c->departs ? "departs from the advice " : "follows the advice ",
			   arena_printf(t->arena, "%s%s", c->advice, because));
	else
		put_detail(t, indent, "because ", c->because);
}

static void put_examination(struct terminal *t, const struct claim *c, unsigned indent, int64_t prior)
{
	const char *chance = claim_chance(t->arena, c, prior);

	if (*chance)
		put_detail(t, indent, "", chance);
	put_detail(t, indent, "of the build ", c->build);
	put_detail(t, indent, "laboratory chosen by ", c->chosen_by);
	put_detail(t, indent, "paid by ", c->paid_by);
	if (c->independence == INDEPENDENCE_DENIED)
		put_detail(t, indent, "", "said not to be independent");
	if (c->file)
		put_detail(t, indent, "document: ",
			   c->sha256 ? arena_printf(t->arena, "%s, SHA-256 %s", c->file, c->sha256) : c->file);
}

void claim_put(struct terminal *t, const struct evidence *e, const struct claim *c, unsigned indent, int32_t on,
	       int64_t prior)
{
	const char *standing = c->standing == CLAIM_COUNTS ? ""
							   : arena_printf(t->arena, "; does not count: %s",
									  claim_standing_name(c->standing));
	const char *until = c->valid_until == DATE_NONE
				    ? ""
				    : arena_printf(t->arena, ", valid until %s", day_text(t->arena, c->valid_until));

	terminal_spaces(t, indent);
	terminal_wrap(t, indent, indent + DETAIL,
		      arena_printf(t->arena, "%s: %s%s%s%s, %s%s, %s%s%s", c->name, c->kind ? c->kind : "statement",
				   c->plans ? " " : "", c->plans ? c->plans : "", chain_of(t->arena, c),
				   dated_text(t->arena, c), until, grade_of(t->arena, c), covers_of(t->arena, c),
				   standing));
	put_decision(t, c, indent);
	put_examination(t, c, indent, prior);
	if (claim_is_promise(c))
		put_detail(t, indent, "", claim_terms(t->arena, e, c, on));
	put_detail(t, indent, "delivers ", c->delivers);
	put_detail(t, indent, "source: ", c->source);
	put_detail(t, indent, "TLP:", c->tlp);
	put_detail(t, indent, "", c->note);
	terminal_paragraph(t, indent + DETAIL, arena_printf(t->arena, "(%s)", place_of(t->arena, c)));
}

/* ---- as JSON ----------------------------------------------------------------------------------------------------- */

static void key_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

static void key_date(struct json *j, const char *key, int32_t days)
{
	json_key(j, key);
	json_date(j, days);
}

static void key_share(struct json *j, const char *key, int64_t ppb)
{
	json_key(j, key);
	if (ppb < 0)
		json_null(j);
	else
		json_share(j, ppb);
}

static void key_texts(struct json *j, const char *key, const char *const *texts, size_t count)
{
	json_key(j, key);
	json_array(j);
	for (size_t i = 0; i < count; i++)
		json_text(j, texts[i]);
	json_array_end(j);
}

static void decision_json(struct json *j, const struct claim *c)
{
	key_text(j, "authority", c->authority);
	key_text(j, "instrument", c->instrument);
	key_text(j, "scope", c->scope);
	key_texts(j, "factors", c->factors, c->factor_count);
	key_text(j, "advice", c->advice);
	json_key(j, "departs");
	json_bool(j, c->departs);
	key_text(j, "because", c->because);
}

static void promise_json(struct json *j, const struct evidence *e, const struct claim *c)
{
	bool open = !claim_is_promise(c) || c->delivered_by == UINT32_MAX;

	key_text(j, "plans", c->plans);
	key_text(j, "amount", c->amount);
	key_date(j, "due", c->due);
	key_text(j, "deliverable", c->deliverable);
	key_text(j, "delivers", c->delivers);
	key_text(j, "delivered_by", open ? NULL : e->claims[c->delivered_by].name);
}

static void examination_json(struct json *j, const struct claim *c, int64_t prior)
{
	bool chance = prior >= 0 && c->detects >= 0 && c->standing == CLAIM_COUNTS && c->value &&
		      !strcmp(c->value, "none-found");

	key_share(j, "covers", c->covers);
	key_text(j, "covers_what", c->covers_what);
	key_share(j, "detects", c->detects);
	key_text(j, "detects_given", c->detects_given);
	key_share(j, "posterior", chance ? evidence_posterior(prior, c->detects) : -1);
	key_text(j, "build", c->build);
	key_text(j, "chosen_by", c->chosen_by);
	key_text(j, "paid_by", c->paid_by);
	key_text(j, "independent",
		 c->independence == INDEPENDENCE_CLAIMED  ? "yes"
		 : c->independence == INDEPENDENCE_DENIED ? "no"
							  : NULL);
}

void claim_json(struct json *j, const struct evidence *e, const struct claim *c, struct arena *arena, int64_t prior)
{
	json_object(j);
	key_text(j, "name", c->name);
	key_text(j, "subject", arena_printf(arena, "%s/%s", about_kind_name(c->about), c->subject));
	key_text(j, "version", c->version);
	key_text(j, "attribute", c->attribute);
	key_text(j, "value", c->value);
	key_text(j, "kind", c->kind ? c->kind : "statement");
	key_text(j, "from", c->from);
	key_texts(j, "through", c->through, c->through_count);
	key_date(j, "dated", c->dated);
	key_date(j, "dated_to", c->dated_to);
	json_key(j, "date_inferred");
	json_bool(j, c->date_inferred);
	key_date(j, "valid_until", c->valid_until);
	key_text(j, "grade", c->reliability ? arena_printf(arena, "%c%u", c->reliability, c->credibility) : NULL);
	json_key(j, "capped");
	json_bool(j, c->capped);
	key_text(j, "graded_by", c->graded_by);
	key_date(j, "graded_on", c->graded_on);
	examination_json(j, c, prior);
	decision_json(j, c);
	promise_json(j, e, c);
	key_text(j, "source", c->source);
	key_text(j, "tlp", c->tlp);
	key_text(j, "note", c->note);
	key_text(j, "standing", claim_standing_name(c->standing));
	key_text(j, "origin", c->origin);
	key_text(j, "document", c->file);
	key_text(j, "sha256", c->sha256);
	key_text(j, "file", c->place.file);
	json_key(j, "line");
	json_int(j, c->place.line);
	json_object_end(j);
}
