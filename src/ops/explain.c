/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proviso explain: a rule or an element of a case in plain words. The word is looked for among the rules first;
 * `policy/rule` and `element/ID` say which is meant.
 */
#include "ops/case.h"

#include <stdlib.h>
#include <string.h>

const struct ops_option explain_options[] = {
	OPTION_POLICY, OPTION_ON, OPTION_NETWORK, OPTION_PARAM, OPTION_PLAN, OPTION_JSON, OPTION_THREADS, OPTIONS_END,
};

const struct ops_exit explain_exits[] = { { 0, "explained" }, EXITS_END };

const char explain_page[] =
	"Judges the case and explains one rule or one element. Of a rule: its source, what was counted against "
	"what bound, which elements were counted and from which line of which file, what would change the answer. "
	"Of an element: its row, its site, product and vendor, what is known of them, which sets it is in and "
	"which rules count it.\n"
	"\n"
	"    proviso explain examples/aotearoa radio-share\n"
	"    proviso explain examples/aotearoa national/core-exclusion\n"
	"    proviso explain examples/aotearoa gnb-auckland-01\n"
	"\n"
	"A rule comes before an element of the same name; element/ID and POLICY/RULE say which is meant.\n";

struct wanted {
	struct case_loaded *loaded;
	const struct assessment *result;
	struct report_explanation *found;
	size_t count;
};

/* ---- rules ------------------------------------------------------------------------------------------------------- */

static bool is_meant(struct arena *a, const char *word, const char *policy, const char *rule)
{
	return strcmp(word, rule) == 0 || strcmp(word, arena_printf(a, "%s/%s", policy, rule)) == 0;
}

static size_t count_rules(const struct case_loaded *c)
{
	size_t count = 0;

	for (size_t i = 0; i < c->policy_count; i++)
		count += policy_rule_count(c->policies[i]);
	return count;
}

/* Two policies may have a rule of one name: both are explained. */
static void find_rules(struct wanted *w, const char *word)
{
	const struct case_loaded *c = w->loaded;
	struct arena *a = c->call->arena;

	w->found = arena_array(a, count_rules(c) + 1, sizeof *w->found);
	for (size_t i = 0; i < c->policy_count; i++)
		for (size_t k = 0; k < policy_rule_count(c->policies[i]); k++) {
			const char *policy = policy_about(c->policies[i]).name,
				   *rule = policy_rule_at(c->policies[i], k).name;

			if (is_meant(a, word, policy, rule))
				w->found[w->count++] =
					(struct report_explanation){ .of = w->result, .policy = policy, .rule = rule };
		}
}

/* ---- elements ---------------------------------------------------------------------------------------------------- */

struct sets {
	struct report_membership *items;
	size_t count, room;
	const struct document **seen; /* documents of the policy that was looked through last */
	size_t seen_count;
};

/* Every set that a document and those it includes define. */
static void find_sets_in(struct wanted *w, struct sets *sets, const struct policy *policy,
			 const struct document *document, uint32_t element)
{
	struct case_loaded *c = w->loaded;
	struct policy_question question = {
		.net = c->net,
		.evidence = c->evidence,
		.on = c->on,
		.threads = 1,
		.strs = c->strs,
		.arena = c->call->arena,
		.diagnostics = &c->call->diagnostics,
	};

	for (size_t i = 0; i < sets->seen_count; i++)
		if (sets->seen[i] == document)
			return;
	if (!document)
		return;
	sets->seen[sets->seen_count++] = document;
	for (size_t i = 0; i < document->count; i++) {
		const struct clause *head = &document->stanzas[i].head;
		const struct token *word = head->count > 1 ? &head->tokens[1] : NULL;
		int member;

		if (word && strcmp(head->tokens[0].text, "include") == 0)
			find_sets_in(
				w, sets, policy,
				documents_open(c->documents, shelf_path(c->call->arena, word->text, document->file)),
				element);
		if (!word || strcmp(head->tokens[0].text, "set") != 0)
			continue;
		member = policy_member(policy, &question, word->text, element);
		if (member >= 0)
			*array_add(sets) = (struct report_membership){ policy_about(policy).name, word->text, member,
								       word->place };
	}
}

static void find_sets(struct wanted *w, struct report_explanation *e)
{
	struct case_loaded *c = w->loaded;
	struct arena *a = c->call->arena;
	struct sets sets = { .seen = arena_array(a, c->documents->count + 1, sizeof *sets.seen) };

	for (size_t i = 0; i < c->policy_count; i++) {
		sets.seen_count = 0;
		find_sets_in(w, &sets, c->policies[i], documents_open(c->documents, policy_about(c->policies[i]).file),
			     e->element);
	}
	e->sets = arena_array(a, sets.count + 1, sizeof *e->sets);
	if (sets.count)
		memcpy((void *)e->sets, sets.items, sets.count * sizeof *sets.items);
	e->set_count = sets.count;
	free(sets.items);
}

static const char *element_of(const char *word)
{
	return strncmp(word, "element/", 8) == 0 ? word + 8 : word;
}

static void find_element(struct wanted *w, const char *word)
{
	struct case_loaded *c = w->loaded;
	uint32_t row = net_find_text(c->net, NET_ELEMENTS, element_of(word));

	if (!CODE_IS_KNOWN(row))
		return;
	w->found = arena_alloc(c->call->arena, sizeof *w->found);
	w->found[0] = (struct report_explanation){ .of = w->result, .element = row };
	w->count = 1;
	find_sets(w, &w->found[0]);
}

static void fail_unknown(struct wanted *w, const char *word)
{
	enum { MOST_ELEMENTS = 100 * 1000 };
	struct case_loaded *c = w->loaded;
	uint32_t elements = c->net->table[NET_ELEMENTS].rows,
		 shown = elements < MOST_ELEMENTS ? elements : MOST_ELEMENTS;
	const char **names = arena_array(c->call->arena, count_rules(c) + shown + 1, sizeof *names), *nearest;
	size_t count = 0;

	for (size_t i = 0; i < c->policy_count; i++)
		for (size_t k = 0; k < policy_rule_count(c->policies[i]); k++)
			names[count++] = policy_rule_at(c->policies[i], k).name;
	for (uint32_t row = 0; row < shown; row++)
		names[count++] = net_id(c->net, NET_ELEMENTS, row);
	nearest = nearest_text(word, names, count);
	call_fail(c->call, EXIT_USAGE, "unknown-name",
		  "no rule of these policies and no element of this network is called \"%s\"%s%s%s", word,
		  nearest ? " (did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?)" : "");
}

static void print_all(struct call *call, const struct wanted *w)
{
	struct sink *out = call->world->out;

	for (size_t i = 0; i < w->count; i++) {
		if (i && !call->json)
			sink_char(out, '\n');
		if (call->json)
			report_explanation_json(&w->found[i], out);
		else
			report_explanation_text(&w->found[i], &call->world->out_style, out);
	}
}

int explain_run(struct call *call)
{
	struct case_wants wants = case_wants_judged(call);
	struct wanted w = { 0 };
	const char *word = call->operands[1];

	w.loaded = case_load(call, call->operands[0], &wants);
	w.result = w.loaded ? case_assess(w.loaded, element_of(word)) : NULL;
	if (!w.result)
		return call_status(call);
	find_rules(&w, word);
	if (!w.count)
		find_element(&w, word);
	if (!w.count) {
		fail_unknown(&w, word);
		return EXIT_USAGE;
	}
	if (call->json && w.count > 1) {
		call_fail(call, EXIT_USAGE, "ambiguous-name",
			  "\"%s\" is a rule of %zu policies: name one as POLICY/RULE", word, w.count);
		return EXIT_USAGE;
	}
	print_all(call, &w);
	return 0;
}
