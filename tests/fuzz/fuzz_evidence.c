/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a file of claims. Whatever it says: facts are sorted and hold their promises, claims that are printed
 * and read back add up to the same facts, weighing twice gives the same twice, and asking for documents never trips.
 *
 * # proviso-deps: base lang net evidence
 */
#include <stdlib.h>
#include <string.h>

#include "evidence/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static struct evidence *read_claims(struct arena *arena, struct diagnostics *diagnostics, const void *bytes,
				    size_t count)
{
	struct evidence *evidence = evidence_new(arena, diagnostics);
	struct document *document = document_parse(arena, source_of_memory(arena, "fuzz", bytes, count), diagnostics);

	for (size_t i = 0; document && i < document->count; i++)
		for (size_t k = 0; k < document->stanzas[i].count; k++) {
			struct reader reader =
				reader_of(document, &document->stanzas[i].clauses[k], arena, diagnostics);

			if (reader_take(&reader, "believe"))
				evidence_believe(evidence, &reader);
		}
	if (document)
		evidence_add(evidence, document);
	return evidence;
}

static void check_facts(const struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->fact_count; i++) {
		const struct fact *fact = &evidence->facts[i];
		size_t claims = 0, names = 0;
		uint32_t support = 0;

		check((fact->status == FACT_KNOWN) == (fact->value != NULL));
		check(fact->why && fact->origin_count && fact->claim_count);
		check(fact->version || evidence_fact(evidence, fact->about, fact->subject, fact->attribute) == fact);
		for (size_t k = 0; k < fact->origin_count; k++) {
			claims += fact->origins[k].claim_count;
			names += !k || strcmp(fact->origins[k].name, fact->origins[k - 1].name);
			support += fact->value && fact->origins[k].supports &&
				   !strcmp(fact->origins[k].value, fact->value);
		}
		check(claims == fact->claim_count && names == fact->origin_names);
		check(!fact->value || (support == fact->support && support));
	}
}

static const char *facts_text(struct arena *arena, const struct evidence *evidence)
{
	struct sink *sink = sink_to_memory(arena);
	size_t bytes;

	for (size_t i = 0; i < evidence->fact_count; i++) {
		const struct fact *fact = &evidence->facts[i];

		sink_printf(sink, "%s %s %s %d %u %s\n", fact->subject, fact->attribute,
			    fact->value ? fact->value : "-", fact->status, fact->support, fact->why);
		sink_text(sink, evidence_would_change(evidence, fact, arena));
	}
	return sink_memory(sink, &bytes);
}

static void ask_everything(struct evidence *evidence, struct arena *arena)
{
	for (size_t i = 0; i < evidence->claim_count && i < 8; i++) {
		const struct claim *claim = &evidence->claims[i];
		struct evidence_need need = {
			.kind = claim->kind,
			.vendor = "acme",
			.product = claim->subject,
			.version = i & 1 ? claim->version : "1.2",
			.element = claim->subject,
			.function = "AMF",
			.on = 19904,
			.not_before = i & 2 ? 19000 : DATE_NONE,
			.independent = i & 4,
			.covers = i & 1 ? PPB / 2 : -1,
			.extends = (enum evidence_extends)(i % 4),
			.extends_for = { .months = 12 },
			.build = "4f2a",
		};
		struct evidence_answer answer = evidence_ask(evidence, &need, arena);
		size_t parts;

		check(answer.met ? !answer.why[0] && answer.claim < evidence->claim_count : answer.why[0] != '\0');
		evidence_parts(evidence, arena, claim->subject, claim->version, &parts);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct arena *arena = arena_new();
	struct diagnostics diagnostics, again;
	struct weighing weighing = { .on = 19904, .assume_plan = count & 1 };
	struct evidence *evidence, *copy;
	struct sink *sink = sink_to_memory(arena);
	const char *text, *facts;
	size_t length;

	diagnostics_init(&diagnostics, arena);
	diagnostics_init(&again, arena);
	evidence = read_claims(arena, &diagnostics, bytes, count);
	evidence_weigh(evidence, &weighing);
	check_facts(evidence);
	facts = facts_text(arena, evidence);
	evidence_weigh(evidence, &weighing);
	check(!strcmp(facts, facts_text(arena, evidence)));
	ask_everything(evidence, arena);
	for (size_t i = 0; i < evidence->claim_count; i++)
		claim_print(&evidence->claims[i], sink);
	text = sink_memory(sink, &length);
	copy = read_claims(arena, &again, text, length);
	check(again.errors == 0 && copy->claim_count == evidence->claim_count);
	if (!evidence->believe) {
		evidence_weigh(copy, &weighing);
		check(!strcmp(facts, facts_text(arena, copy)));
	}
	diagnostics_free(&diagnostics);
	diagnostics_free(&again);
	arena_free(arena);
	return 0;
}
