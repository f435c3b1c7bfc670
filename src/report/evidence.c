/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known and by whom: all facts of a case, or the tree of one subject - who knows it, which reports are one
 * origin, through whom they came, how good they are, and what it would take to change the value. Nothing that was
 * claimed is left out of the tree: what does not count says why.
 */
#include "report/claim.h"
#include "report/confirmed.h"
#include "report/report.h"
#include "report/say.h"
#include "report/terminal.h"

#include <string.h>

enum {
	INDENT = 2,
	HANGING = 4,
	DEEP = 6,
	LEAST_WIDTH = 40,
	SAID_SHOWN = 4,
	RULES_SHOWN = 3,
	LOST_KEPT = 1000,
	LOST_SHOWN = 8
};

static const char *const status_names[] = {
	[FACT_UNKNOWN] = "unknown", [FACT_KNOWN] = "known", [FACT_CONFLICT] = "conflict"
};

static bool is_wanted(const struct report_evidence *r, enum about_kind about, const char *subject)
{
	return !r->one_subject || (about == r->about && strcmp(subject, r->subject) == 0);
}

/* ---- all facts --------------------------------------------------------------------------------------------------- */

static const char *value_of(const struct fact *f)
{
	return f->status == FACT_KNOWN ? f->value : f->status == FACT_CONFLICT ? "in conflict" : "unknown";
}

/* The newest claim that counts: how old what is known is. */
static const char *age_of(struct arena *a, const struct evidence *e, const struct fact *f)
{
	int32_t newest = DATE_NONE;
	char date[11];

	for (size_t i = 0; i < f->claim_count; i++) {
		const struct claim *c = &e->claims[f->claims[i]];
		int32_t dated = c->dated_to != DATE_NONE ? c->dated_to : c->dated;

		if (c->standing == CLAIM_COUNTS && dated != DATE_NONE && dated > newest)
			newest = dated;
	}
	if (newest == DATE_NONE)
		return "";
	date_print(newest, date);
	return arena_printf(a, "; newest of %s", date);
}

/* The value stands in the line above. */
static const char *why_of(const struct fact *f)
{
	size_t bytes = f->value ? strlen(f->value) : 0;

	return bytes && !strncmp(f->why, f->value, bytes) && !strncmp(f->why + bytes, ": ", 2) ? f->why + bytes + 2
											       : f->why;
}

static const struct report_asking *asking_of(const struct report_evidence *r, const struct fact *f)
{
	return &r->asking[f - r->evidence->facts];
}

static void put_asking(struct terminal *t, const struct report_asking *a, unsigned indent)
{
	if (a->count)
		terminal_paragraph(t, indent,
				   arena_printf(t->arena, "asked for by %s",
						say_list(t->arena, a->rules, a->count, a->count, RULES_SHOWN)));
}

static void put_fact(struct terminal *t, const struct report_evidence *r, const struct fact *f)
{
	const struct evidence *e = r->evidence;

	terminal_spaces(t, INDENT);
	terminal_ink(t, f->status == FACT_KNOWN ? INK_PLAIN : f->status == FACT_CONFLICT ? INK_RED : INK_MAGENTA);
	terminal_wrap(t, INDENT, HANGING,
		      arena_printf(t->arena, "%s%s%s: %s%s", f->attribute, f->version ? " at " : "",
				   f->version ? f->version : "", value_of(f), f->planned ? " (planned)" : ""));
	terminal_ink(t, INK_PLAIN);
	terminal_paragraph(t, HANGING,
			   arena_printf(t->arena, "%s%s%s%s", why_of(f), age_of(t->arena, e, f),
					f->weakest != UINT32_MAX ? "; weakest: " : "",
					f->weakest != UINT32_MAX ? e->claims[f->weakest].name : ""));
	if (f->circular)
		terminal_paragraph(t, HANGING, "some have it from each other, in a circle: they count as one");
	if (f->discrepancy && strcmp(f->why, "one body is reported with different values") != 0)
		terminal_paragraph(t, HANGING, "one origin is reported with different values");
	if (r->asking)
		put_asking(t, asking_of(r, f), HANGING);
}

/* Who says what, where nothing is known: in the list of all facts, where there is no tree. A conflict says it itself. */
static void put_said(struct terminal *t, const struct fact *f)
{
	const char **said = arena_array(t->arena, f->origin_count + 1, sizeof *said);

	if (f->status != FACT_UNKNOWN)
		return;
	for (size_t i = 0; i < f->origin_count; i++)
		said[i] = arena_printf(t->arena, "%s says %s", f->origins[i].name, f->origins[i].value);
	terminal_paragraph(t, HANGING, say_list(t->arena, said, f->origin_count, f->origin_count, SAID_SHOWN));
}

/* Those that rules ask for, or the others. Without a policy all are of the first kind. */
static void put_facts(struct terminal *t, const struct report_evidence *r, bool asked)
{
	const struct evidence *e = r->evidence;
	const struct fact *last = NULL;

	for (size_t i = 0; i < e->fact_count; i++) {
		const struct fact *f = &e->facts[i];

		if ((!r->asking || asking_of(r, f)->count) != asked)
			continue;
		if (!asked && !last) {
			terminal_line(t);
			terminal_paragraph(t, 0, "No rule of the case asks for what follows.");
		}
		if (!last || last->about != f->about || strcmp(last->subject, f->subject) != 0) {
			terminal_line(t);
			terminal_ink(t, INK_BOLD);
			terminal_paragraph(t, 0,
					   arena_printf(t->arena, "%s %s", about_kind_name(f->about), f->subject));
			terminal_ink(t, INK_PLAIN);
		}
		put_fact(t, r, f);
		put_said(t, f);
		last = f;
	}
}

/* What is on file and says no more than that it is: test reports, audits. */
static void put_documents(struct terminal *t, const struct report_evidence *r)
{
	bool any = false;

	for (size_t i = 0; i < r->evidence->claim_count; i++) {
		const struct claim *c = &r->evidence->claims[i];
		char date[11];

		if (c->attribute || claim_is_promise(c) || c->standing == CLAIM_WITHOUT)
			continue;
		if (!any) {
			terminal_line(t);
			terminal_ink(t, INK_BOLD);
			terminal_paragraph(t, 0, "documents on file");
			terminal_ink(t, INK_PLAIN);
		}
		any = true;
		date_print(c->dated, date);
		terminal_spaces(t, INDENT);
		terminal_wrap(t, INDENT, HANGING,
			      arena_printf(t->arena, "%s: %s on %s %s%s%s, from %s%s%s", c->name,
					   c->kind ? c->kind : "document", about_kind_name(c->about), c->subject,
					   c->version ? " at " : "", c->version ? c->version : "", c->origin,
					   c->dated == DATE_NONE ? "" : ", ", c->dated == DATE_NONE ? "" : date));
		if (r->asking_documents)
			put_asking(t, &r->asking_documents[i], HANGING);
	}
}

/* What somebody said would be done or given, and whether it was. */
static void put_promises(struct terminal *t, const struct report_evidence *r)
{
	bool any = false;

	for (size_t i = 0; i < r->evidence->claim_count; i++) {
		const struct claim *c = &r->evidence->claims[i];

		if (!claim_is_promise(c) || c->standing == CLAIM_WITHOUT)
			continue;
		if (!any) {
			terminal_line(t);
			terminal_ink(t, INK_BOLD);
			terminal_paragraph(t, 0, "promises and plans");
			terminal_ink(t, INK_PLAIN);
		}
		any = true;
		terminal_spaces(t, INDENT);
		terminal_wrap(t, INDENT, HANGING,
			      arena_printf(t->arena, "%s: %s, %s %s, %s", c->name, c->origin, about_kind_name(c->about),
					   c->subject, claim_terms(t->arena, r->evidence, c, r->on)));
	}
}

/* ---- the tree of one subject ------------------------------------------------------------------------------------- */

static void put_origin(struct terminal *t, const struct report_evidence *r, const struct origin *o)
{
	terminal_spaces(t, HANGING);
	terminal_wrap(t, HANGING, DEEP,
		      arena_printf(t->arena, "%s says %s%s, in %s:", o->name, o->value,
				   o->supports ? "" : " (not counted)", say_count(t->arena, o->claim_count, "claim")));
	for (size_t i = 0; i < o->claim_count; i++)
		claim_put(t, r->evidence, &r->evidence->claims[o->claims[i]], DEEP, r->on, r->prior);
}

static void put_lines(struct terminal *t, unsigned indent, const char *text)
{
	while (*text) {
		size_t bytes = strcspn(text, "\n");

		terminal_spaces(t, indent);
		terminal_wrap(t, indent, indent + 2, arena_printf(t->arena, "- %.*s", (int)bytes, text));
		text += bytes + (text[bytes] == '\n');
	}
}

static void put_tree(struct terminal *t, const struct report_evidence *r, const struct fact *f)
{
	const struct evidence *e = r->evidence;
	const char *change = evidence_would_change(e, f, t->arena);

	terminal_line(t);
	put_fact(t, r, f);
	for (size_t i = 0; i < f->origin_count; i++)
		put_origin(t, r, &f->origins[i]);
	if (change && *change) {
		terminal_paragraph(t, HANGING, "what would change it:");
		put_lines(t, DEEP, change);
	}
}

/* Claims that no fact has: documents that say nothing but that they exist, and what is left out. */
static void put_others(struct terminal *t, const struct report_evidence *r, const char *heading, bool left_out)
{
	size_t count;
	const uint32_t *claims = evidence_about(r->evidence, r->about, r->subject, &count);
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		const struct claim *c = &r->evidence->claims[claims[i]];
		bool is_left_out = c->standing == CLAIM_WITHOUT;

		if (is_left_out != left_out || (c->attribute && !is_left_out))
			continue;
		if (!any) {
			terminal_line(t);
			terminal_paragraph(t, INDENT, heading);
		}
		any = true;
		claim_put(t, r->evidence, c, HANGING, r->on, r->prior);
	}
}

static void put_subject(struct terminal *t, const struct report_evidence *r)
{
	terminal_line(t);
	terminal_ink(t, INK_BOLD);
	terminal_paragraph(t, 0, arena_printf(t->arena, "%s %s", about_kind_name(r->about), r->subject));
	terminal_ink(t, INK_PLAIN);
	for (size_t i = 0; i < r->evidence->fact_count; i++)
		if (is_wanted(r, r->evidence->facts[i].about, r->evidence->facts[i].subject))
			put_tree(t, r, &r->evidence->facts[i]);
	put_others(t, r, "Documents:", false);
	put_others(t, r, "Left out:", true);
}

/* ---- what is left out -------------------------------------------------------------------------------------------- */

static bool has_fact(const struct evidence *e, const struct claim *c)
{
	if (c->about == ABOUT_PRODUCT)
		return evidence_fact_at(e, c->subject, c->version, c->attribute);
	return evidence_fact(e, c->about, c->subject, c->attribute);
}

/* How many claims are left out, and of what nothing is left: it is in no list of facts. */
static size_t put_left_out(struct terminal *t, const struct report_evidence *r)
{
	const struct evidence *e = r->evidence;
	const char **gone = arena_array(t->arena, e->claim_count + 1, sizeof *gone);
	size_t left_out = 0, count = 0;

	for (size_t i = 0; i < e->claim_count; i++) {
		const struct claim *c = &e->claims[i];
		const char *name;
		bool told = false;

		if (c->standing != CLAIM_WITHOUT)
			continue;
		left_out++;
		if (!c->attribute || claim_is_promise(c) || has_fact(e, c))
			continue;
		name = arena_printf(t->arena, "%s of %s %s", c->attribute, about_kind_name(c->about), c->subject);
		for (size_t k = count; k && !told; k--)
			told = !strcmp(gone[k - 1], name);
		if (!told && count < LOST_KEPT)
			gone[count++] = name;
	}
	terminal_paragraph(
		t, 0,
		arena_printf(t->arena, "As if nothing had come from or through %s: %s left out.",
			     say_list(t->arena, r->without, r->without_count, r->without_count, r->without_count),
			     left_out == 1 ? "1 claim is"
					   : arena_printf(t->arena, "%s are", say_count(t->arena, left_out, "claim"))));
	if (count)
		terminal_paragraph(t, 0,
				   arena_printf(t->arena, "Then nobody says: %s.",
						say_list(t->arena, gone, count, count, LOST_SHOWN)));
	return left_out;
}

/* ---- the page ---------------------------------------------------------------------------------------------------- */

static void put_head(struct terminal *t, const struct report_evidence *r)
{
	size_t counts[3] = { 0 }, left_out = 0;
	char date[11];

	for (size_t i = 0; i < r->evidence->fact_count; i++)
		counts[r->evidence->facts[i].status]++;
	if (r->title)
		terminal_paragraph(t, 0, r->title);
	date_print(r->on, date);
	terminal_paragraph(t, 0,
			   r->on == DATE_NONE ? "No date was given: nothing counts as expired or as not yet said."
					      : arena_printf(t->arena, "As of %s.", date));
	if (r->without_count)
		left_out = put_left_out(t, r);
	terminal_paragraph(t, 0,
			   arena_printf(t->arena, "%s in %s: %s known, %s unknown, %s in conflict.",
					say_count(t->arena, r->evidence->claim_count - left_out, "claim"),
					say_count(t->arena, r->evidence->fact_count, "fact"),
					say_number(t->arena, counts[FACT_KNOWN]),
					say_number(t->arena, counts[FACT_UNKNOWN]),
					say_number(t->arena, counts[FACT_CONFLICT])));
}

static void put_confirmed(struct terminal *t, const struct confirmation *c)
{
	if (!c || !c->elements)
		return;
	terminal_line(t);
	terminal_paragraph(t, 0, confirmed_head(t->arena, c));
	if (!confirmed_any(c))
		return;
	for (int of = 0; of < CONFIRMED_KINDS; of++)
		terminal_paragraph(t, INDENT, confirmed_line(t->arena, c, (enum confirmed_of)of));
	if (*confirmed_foot(t->arena, c))
		terminal_paragraph(t, INDENT, confirmed_foot(t->arena, c));
}

void report_evidence_text(const struct report_evidence *r, const struct report_style *style, struct sink *s)
{
	struct arena *arena = arena_new();
	struct terminal t = { s, arena, style->width ? style->width : 80, style->colour };

	t.width = t.width < LEAST_WIDTH ? LEAST_WIDTH : t.width;
	put_head(&t, r);
	if (r->one_subject)
		put_subject(&t, r);
	else {
		put_facts(&t, r, true);
		put_documents(&t, r);
		put_facts(&t, r, false);
		put_promises(&t, r);
		put_confirmed(&t, r->confirmation);
	}
	arena_free(arena);
}

/* ---- as JSON ----------------------------------------------------------------------------------------------------- */

static void key_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

static void names_json(struct json *j, const char *key, const struct evidence *e, const uint32_t *claims, size_t count)
{
	json_key(j, key);
	json_array(j);
	for (size_t i = 0; i < count; i++)
		json_text(j, e->claims[claims[i]].name);
	json_array_end(j);
}

static void fact_json(struct json *j, const struct report_evidence *r, const struct fact *f, struct arena *arena)
{
	const struct evidence *e = r->evidence;

	json_object(j);
	key_text(j, "subject", arena_printf(arena, "%s/%s", about_kind_name(f->about), f->subject));
	key_text(j, "version", f->version);
	key_text(j, "attribute", f->attribute);
	key_text(j, "value", f->value);
	key_text(j, "status", status_names[f->status]);
	json_key(j, "support");
	json_int(j, f->support);
	json_key(j, "origins");
	json_array(j);
	for (size_t i = 0; i < f->origin_count; i++) {
		const struct origin *o = &f->origins[i];

		json_object(j);
		key_text(j, "name", o->name);
		key_text(j, "value", o->value);
		names_json(j, "claims", e, o->claims, o->claim_count);
		json_key(j, "supports");
		json_bool(j, o->supports);
		json_object_end(j);
	}
	json_array_end(j);
	key_text(j, "weakest", f->weakest == UINT32_MAX ? NULL : e->claims[f->weakest].name);
	names_json(j, "claims", e, f->claims, f->claim_count);
	json_key(j, "discrepancy");
	json_bool(j, f->discrepancy);
	json_key(j, "planned");
	json_bool(j, f->planned);
	json_key(j, "circular");
	json_bool(j, f->circular);
	key_text(j, "judgement_of", f->judgement_of);
	key_text(j, "why", f->why);
	json_key(j, "rules");
	json_array(j);
	for (size_t i = 0; r->asking && i < asking_of(r, f)->count; i++)
		json_text(j, asking_of(r, f)->rules[i]);
	json_array_end(j);
	json_object_end(j);
}

void report_evidence_json(const struct report_evidence *r, struct sink *s)
{
	const struct evidence *e = r->evidence;
	static const struct confirmation none;
	struct arena *arena = arena_new();
	struct json j;

	json_init(&j, s);
	json_object(&j);
	json_key(&j, "on");
	json_date(&j, r->on);
	json_key(&j, "without");
	json_array(&j);
	for (size_t i = 0; i < r->without_count; i++)
		json_text(&j, r->without[i]);
	json_array_end(&j);
	json_key(&j, "prior");
	if (r->prior < 0)
		json_null(&j);
	else
		json_share(&j, r->prior);
	json_key(&j, "facts");
	json_array(&j);
	for (size_t i = 0; i < e->fact_count; i++)
		if (is_wanted(r, e->facts[i].about, e->facts[i].subject))
			fact_json(&j, r, &e->facts[i], arena);
	json_array_end(&j);
	json_key(&j, "claims");
	json_array(&j);
	for (size_t i = 0; i < e->claim_count; i++)
		if (is_wanted(r, e->claims[i].about, e->claims[i].subject))
			claim_json(&j, e, &e->claims[i], arena, r->prior);
	json_array_end(&j);
	confirmed_json(&j, r->confirmation ? r->confirmation : &none);
	json_object_end(&j);
	json_end(&j);
	arena_free(arena);
}
