/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The `case` stanza:
 *
 *     case aotearoa
 *       title    "National upgrade to 5G"
 *       operator "Southern Cross Mobile"
 *       on       2024-06-30
 *       policy   uk-ncsc-2020
 *       policy   policies/ours.proviso
 *       offers   offers.csv
 *       believe  report with 2 origins at C3
 *       assume-plan
 */
#include "ops/case.h"

#include <stdlib.h>

struct reading {
	struct case_file *file;
	struct evidence *evidence;
	struct {
		const struct token **items;
		size_t count, room;
	} policies;
};

static void read_title(struct reading *in, struct reader *r)
{
	const struct token *text = reader_string(r, "the title, in quotes");

	in->file->title = text ? text->text : NULL;
}

static void read_operator(struct reading *in, struct reader *r)
{
	const struct token *text = reader_value(r, "the operator's name");

	in->file->operator_name = text ? text->text : NULL;
}

static void read_on(struct reading *in, struct reader *r)
{
	reader_date(r, "the date that is judged, YYYY-MM-DD", &in->file->on);
}

static void read_policy(struct reading *in, struct reader *r)
{
	const struct token *word = reader_value(r, "the name of a policy or the path of its file");

	if (word)
		*array_add(&in->policies) = word;
}

static void read_offers(struct reading *in, struct reader *r)
{
	in->file->offers = reader_value(r, "the path of the offers");
}

static void read_believe(struct reading *in, struct reader *r)
{
	evidence_believe(in->evidence, r);
}

static void read_assume_plan(struct reading *in, struct reader *r)
{
	(void)r;
	in->file->assume_plan = true;
}

static void read_note(struct reading *in, struct reader *r)
{
	(void)in;
	reader_string(r, "a note, in quotes");
}

static const struct {
	const char *word;
	bool several;
	void (*read)(struct reading *, struct reader *);
} clauses[] = {
	{ "title", false, read_title },
	{ "operator", false, read_operator },
	{ "on", false, read_on },
	{ "policy", true, read_policy },
	{ "offers", false, read_offers },
	{ "believe", true, read_believe },
	{ "assume-plan", false, read_assume_plan },
	{ "note", true, read_note },
};

enum { CLAUSES = sizeof clauses / sizeof *clauses };

static void read_clause(struct reading *in, struct reader *r, bool *seen)
{
	const char *words[CLAUSES];

	for (size_t i = 0; i < CLAUSES; i++) {
		const struct token *keyword = r->at;

		words[i] = clauses[i].word;
		if (!reader_take(r, clauses[i].word))
			continue;
		if (seen[i] && !clauses[i].several) {
			reader_error(r, keyword, "duplicate-clause", NULL, 0,
				     "a case has one \"%s\", and this is the second", keyword->text);
			return;
		}
		seen[i] = true;
		clauses[i].read(in, r);
		reader_end(r);
		return;
	}
	reader_error(r, r->at, "unknown-clause", words, CLAUSES, "a case has no clause \"%s\"", r->at->text);
}

static void read_case(struct call *call, struct reading *in, const struct stanza *stanza, bool second)
{
	struct reader head = reader_of(in->file->document, &stanza->head, call->arena, &call->diagnostics);
	const struct token *name;
	bool seen[CLAUSES] = { false };

	if (second) {
		reader_error(&head, head.at, "duplicate-case", NULL, 0,
			     "a file holds one case, and this is the second");
		return;
	}
	reader_take(&head, "case");
	name = reader_name(&head, "the case's name");
	in->file->name = name ? name->text : NULL;
	reader_end(&head);
	for (size_t i = 0; i < stanza->count; i++) {
		struct reader r = reader_of(in->file->document, &stanza->clauses[i], call->arena, &call->diagnostics);

		read_clause(in, &r, seen);
	}
}

void case_file_read(struct call *call, const struct document *document, struct evidence *evidence,
		    struct case_file *file)
{
	static const char *const keywords[] = { "case" };
	struct reading in = { .file = file, .evidence = evidence };
	bool found = false;

	*file = (struct case_file){ .document = document, .on = DATE_NONE };
	for (size_t i = 0; i < document->count; i++) {
		struct reader head = reader_of(document, &document->stanzas[i].head, call->arena, &call->diagnostics);

		if (reader_sees(&head, "case")) {
			read_case(call, &in, &document->stanzas[i], found);
			found = true;
		} else {
			reader_error(
				&head, head.at, "unknown-stanza", keywords, 1,
				"\"%s\" is no stanza of a case file (rules stand in a policy, claims in evidence/)",
				head.at->text);
		}
	}
	if (!found && !call->diagnostics.errors)
		diagnose(&call->diagnostics, SEVERITY_ERROR, "no-case", (struct place){ document->file, 1, 1 },
			 "the file has no stanza \"case NAME\"");
	file->policy_count = in.policies.count;
	file->policies = arena_array(call->arena, in.policies.count + 1, sizeof *file->policies);
	for (size_t i = 0; i < in.policies.count; i++)
		file->policies[i] = in.policies.items[i];
	free(in.policies.items);
}
