/* SPDX-License-Identifier: Apache-2.0 */
/*
 * claims: a file of claims, each through a chain of five, is read and weighed as a case does it; prints seconds of
 * reading, seconds of weighing, seconds of a thousand questions for documents, claims, facts. One core.
 *
 *     claims [CLAIMS]
 */
#include "evidence/evidence.h"
#include "stopwatch.h"

#include <stdlib.h>
#include <string.h>

enum { CHAIN = 5, QUESTIONS = 1000 };

static uint32_t next(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((*seed >> 33) % below);
}

/* Vendors have most claims, products at versions most facts; knowers are few, publishers fewer, as in life. */
static void put_claim(struct sink *sink, uint64_t *seed, uint32_t i)
{
	static const char *const kinds[] = { "report", "statement", "audit", "probe", "test-report", "advisory" };
	static const char *const values[] = { "yes", "no", "none-found", "passed" };

	sink_printf(sink, "evidence claim-%u\n", i);
	if (next(seed, 2))
		sink_printf(sink, "  about vendor v%u\n", next(seed, 200));
	else
		sink_printf(sink, "  about product p%u at %u.%u\n", next(seed, 2000), next(seed, 5), next(seed, 20));
	sink_printf(sink, "  says a%u = %s\n  kind %s\n", next(seed, 50), values[next(seed, 4)], kinds[next(seed, 6)]);
	sink_printf(sink, "  from \"Body %u\"\n  through ", next(seed, 3000));
	for (int k = 0; k < CHAIN; k++)
		sink_printf(sink, "%s\"Paper %u\"", k ? ", " : "", next(seed, 500));
	sink_printf(sink, "\n  dated 20%02u-%02u-%02u\n  grade %c%u\n\n", 10 + next(seed, 14), 1 + next(seed, 12),
		    1 + next(seed, 28), (int)('A' + next(seed, 4)), 1 + next(seed, 4));
}

int main(int count, char **arguments)
{
	uint32_t claims = count > 1 ? (uint32_t)strtoul(arguments[1], NULL, 10) : 100000;
	struct arena *arena = arena_new();
	struct sink *sink = sink_to_memory(arena);
	struct weighing weighing = { .on = 19904 };
	struct diagnostics diagnostics;
	struct evidence *evidence;
	double began, read, weighed, asked;
	uint64_t seed = 1;
	const char *text;
	size_t bytes, met = 0;

	for (uint32_t i = 0; i < claims; i++)
		put_claim(sink, &seed, i);
	text = sink_memory(sink, &bytes);
	diagnostics_init(&diagnostics, arena);
	began = stopwatch_s();
	evidence = evidence_new(arena, &diagnostics);
	/* a file has a limit: claims come in many */
	for (size_t from = 0, to; from < bytes; from = to) {
		const char *end = from + LIMIT_POLICY_FILE / 2 < bytes
					  ? strstr(text + from + LIMIT_POLICY_FILE / 2, "\n\n")
					  : NULL;

		to = end ? (size_t)(end + 2 - text) : bytes;
		evidence_add(evidence, document_parse(arena, source_of_memory(arena, "claims", text + from, to - from),
						      &diagnostics));
	}
	read = stopwatch_s() - began;
	began = stopwatch_s();
	evidence_weigh(evidence, &weighing);
	weighed = stopwatch_s() - began;
	began = stopwatch_s();
	for (int i = 0; i < QUESTIONS; i++) {
		char product[16], version[16];
		struct evidence_need need = { .kind = "test-report",
					      .vendor = "v1",
					      .product = product,
					      .version = version,
					      .on = 19904,
					      .not_before = DATE_NONE,
					      .covers = -1 };

		snprintf(product, sizeof product, "p%u", next(&seed, 2000));
		snprintf(version, sizeof version, "%u.%u", next(&seed, 5), next(&seed, 20));
		met += evidence_ask(evidence, &need, arena).met;
	}
	asked = stopwatch_s() - began;
	if (diagnostics.errors || evidence->claim_count != claims || !met)
		return EXIT_INTERNAL;
	printf("%.6f %.6f %.6f %zu %zu\n", read, weighed, asked, evidence->claim_count, evidence->fact_count);
	return 0;
}
