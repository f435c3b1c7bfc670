/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold for any chains of reporting: order never matters; one more report through an origin that is there
 * never raises support; one more independent origin never lowers it; and a hundred thousand claims are weighed in under
 * a second. Random, from a fixed seed: a failure prints the round.
 *
 * # proviso-deps: base lang net evidence
 */
#include "evidence_case.h"

#include <stdio.h>
#include <time.h>

enum { ROUNDS = 300, CLAIMS = 40 };

static uint32_t next(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((*seed >> 33) % below);
}

static const char *pick(struct arena *arena, uint64_t *seed, const char *what, uint32_t of)
{
	return arena_printf(arena, "%s%u", what, next(seed, of));
}

static const char *const kinds[] = { "report", "statement", "audit", "probe", "decision", "planned", "incident" };
static const char *const values[] = { "yes", "no", "none-found", "perhaps" };

static struct claim random_claim(struct arena *arena, uint64_t *seed, unsigned number)
{
	struct claim claim;
	const char **through;

	claim_init(&claim);
	claim.name = arena_printf(arena, "claim-%u", number);
	claim.about = ABOUT_VENDOR;
	claim.subject = pick(arena, seed, "v", 2);
	claim.attribute = pick(arena, seed, "a", 2);
	claim.value = values[next(seed, 4)];
	claim.kind = kinds[next(seed, sizeof kinds / sizeof *kinds)];
	claim.from = next(seed, 4)   ? pick(arena, seed, next(seed, 3) ? "Knower " : "Paper ", 6)
		     : next(seed, 2) ? "anonymous"
				     : NULL;
	claim.through_count = next(seed, 6);
	through = arena_array(arena, claim.through_count, sizeof *through);
	for (size_t i = 0; i < claim.through_count; i++)
		through[i] = next(seed, 8) ? pick(arena, seed, "Paper ", 6) : "anonymous 1";
	claim.through = through;
	if (next(seed, 3)) {
		claim.reliability = (char)('A' + next(seed, 6));
		claim.credibility = (uint8_t)(1 + next(seed, 6));
	}
	if (next(seed, 2)) {
		claim.dated = day("2024-01-01") + (int32_t)next(seed, 250);
		claim.dated_to = claim.dated + (int32_t)next(seed, 20);
		claim.date_inferred = next(seed, 2);
	}
	if (!next(seed, 5))
		claim.valid_until = day("2024-01-01") + (int32_t)next(seed, 365);
	return claim;
}

static void weigh_all(struct evidence_case *c, const struct claim *claims, const unsigned *order, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_true(evidence_add_claim(c->evidence, &claims[order ? order[i] : i]));
	case_weigh(c, NULL);
}

/* Facts as text with everything that is shown, claims by name. */
static const char *facts_text(const struct evidence_case *c)
{
	struct sink *sink = sink_to_memory(c->arena);
	size_t bytes;

	for (size_t i = 0; i < c->evidence->fact_count; i++) {
		const struct fact *f = &c->evidence->facts[i];

		sink_printf(sink, "%s.%s = %s, %d, support %u, %s %d, %d %d, %s, %s, %s\n", f->subject, f->attribute,
			    f->value ? f->value : "-", f->status, f->support, f->likeliest, f->circular, f->discrepancy,
			    f->planned, f->judgement_of ? f->judgement_of : "-",
			    f->weakest == UINT32_MAX ? "-" : c->evidence->claims[f->weakest].name, f->why);
		for (size_t k = 0; k < f->origin_count; k++) {
			sink_printf(sink, "  %s: %s, %d:", f->origins[k].name, f->origins[k].value,
				    f->origins[k].supports);
			for (size_t n = 0; n < f->origins[k].claim_count; n++) {
				const struct claim *claim = &c->evidence->claims[f->origins[k].claims[n]];

				sink_printf(sink, " %s/%d/%d", claim->name, claim->standing, claim->capped);
			}
			sink_char(sink, '\n');
		}
	}
	return sink_memory(sink, &bytes);
}

static void order_never_matters(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct evidence_case *a = case_new(""), *b = case_new("");
		struct claim claims[CLAIMS];
		unsigned order[CLAIMS];

		for (unsigned i = 0; i < CLAIMS; i++) {
			unsigned other = next(&seed, i + 1);

			claims[i] = random_claim(a->arena, &seed, i);
			order[i] = order[other];
			order[other] = i;
		}
		weigh_all(a, claims, NULL, CLAIMS);
		weigh_all(b, claims, order, CLAIMS);
		if (strcmp(facts_text(a), facts_text(b)))
			fail_msg("round %d:\n%s\n%s", round, facts_text(a), facts_text(b));
		case_free(a);
		case_free(b);
	}
}

static uint32_t support_of(const struct fact *fact, const char *value)
{
	uint32_t support = 0;

	for (size_t i = 0; fact && i < fact->origin_count; i++)
		support += fact->origins[i].supports && !strcmp(fact->origins[i].value, value);
	return support;
}

/* The same thing said once more, as well as can be, through an origin that has said it well already: no value gains by
 * it. */
static void one_more_report_of_an_origin_never_raises_support(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct evidence_case *c = case_new("");
		struct claim claims[CLAIMS + 1];
		uint32_t before[4], support = 0;
		const struct fact *fact = NULL;
		const char *value = NULL;
		struct claim *more = &claims[CLAIMS];

		for (unsigned i = 0; i < CLAIMS; i++)
			claims[i] = random_claim(c->arena, &seed, i);
		weigh_all(c, claims, NULL, CLAIMS);
		/* some origin that supports */
		for (size_t i = 0; i < c->evidence->fact_count && !fact; i++)
			if (c->evidence->facts[i].support)
				fact = &c->evidence->facts[i];
		if (fact) {
			const struct origin *origin = fact->origins;

			while (!origin->supports)
				origin++;
			*more = random_claim(c->arena, &seed, CLAIMS);
			more->subject = fact->subject;
			more->attribute = fact->attribute;
			more->from = !strncmp(origin->name, "anonymous", 9) ? NULL : origin->name;
			if (!more->from && strlen(origin->name) > 14) {
				const char **through = arena_array(c->arena, 3, sizeof *through);

				through[0] = origin->name + 14; /* "anonymous via " */
				through[1] = "Paper 77";
				through[2] = "Paper 78";
				more->through = through;
				more->through_count = 3;
			} else if (!more->from) {
				more->through_count = 0;
			}
			for (int v = 0; v < 4; v++)
				before[v] = support_of(fact, values[v]);
			more->value = origin->value;
			value = fact->value;
			support = fact->support;
			assert_true(evidence_add_claim(c->evidence, more));
			case_weigh(c, NULL);
			fact = case_fact(c, ABOUT_VENDOR, more->subject, more->attribute);
			for (int v = 0; v < 4; v++)
				if (support_of(fact, values[v]) > before[v])
					fail_msg("round %d: %s", round, facts_text(c));
			if (value && fact->value && !strcmp(value, fact->value))
				assert_true(fact->support <= support);
		}
		case_free(c);
	}
}

static void one_more_origin_never_lowers_support(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct evidence_case *c = case_new("");
		struct claim claims[CLAIMS], more;
		uint32_t before[4], support;
		const struct fact *fact;
		const char *value;

		for (unsigned i = 0; i < CLAIMS; i++)
			claims[i] = random_claim(c->arena, &seed, i);
		weigh_all(c, claims, NULL, CLAIMS);
		more = random_claim(c->arena, &seed, CLAIMS);
		more.from = "Somebody New";
		fact = evidence_fact(c->evidence, ABOUT_VENDOR, more.subject, more.attribute);
		for (int v = 0; v < 4; v++)
			before[v] = support_of(fact, values[v]);
		value = fact ? fact->value : NULL;
		support = fact ? fact->support : 0;
		assert_true(evidence_add_claim(c->evidence, &more));
		case_weigh(c, NULL);
		fact = case_fact(c, ABOUT_VENDOR, more.subject, more.attribute);
		for (int v = 0; v < 4; v++)
			if (support_of(fact, values[v]) < before[v])
				fail_msg("round %d: %s", round, facts_text(c));
		if (value && fact->value && !strcmp(value, fact->value))
			assert_true(fact->support >= support);
		case_free(c);
	}
}

/* Weighing again gives the same again, and leaving nobody out gives back what leaving somebody out took. */
static void weighing_leaves_no_trace(void **state)
{
	uint64_t seed = 4;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct evidence_case *c = case_new("");
		struct claim claims[CLAIMS];
		const char *before;

		for (unsigned i = 0; i < CLAIMS; i++)
			claims[i] = random_claim(c->arena, &seed, i);
		weigh_all(c, claims, NULL, CLAIMS);
		before = facts_text(c);
		case_weigh(c, "Paper 3");
		for (size_t i = 0; i < c->evidence->fact_count; i++)
			for (size_t k = 0; k < c->evidence->facts[i].claim_count; k++) {
				const struct claim *claim = &c->evidence->claims[c->evidence->facts[i].claims[k]];

				for (size_t n = 0; n < claim->through_count; n++)
					assert_string_not_equal(claim->through[n], "Paper 3");
			}
		case_weigh(c, NULL);
		assert_string_equal(before, facts_text(c));
		case_free(c);
	}
}

/* A claim printed and read back is the same claim. */
static void a_printed_claim_reads_back(void **state)
{
	uint64_t seed = 5;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct evidence_case *a = case_new(""), *b;
		struct sink *sink = sink_to_memory(a->arena);
		struct claim claims[CLAIMS];
		size_t bytes;

		for (unsigned i = 0; i < CLAIMS; i++) {
			claims[i] = random_claim(a->arena, &seed, i);
			claim_print(&claims[i], sink);
		}
		weigh_all(a, claims, NULL, CLAIMS);
		b = case_new(sink_memory(sink, &bytes));
		assert_int_equal(b->diagnostics.errors, 0); /* some count on no day, and are warned about */
		assert_string_equal(facts_text(a), facts_text(b));
		case_free(a);
		case_free(b);
	}
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The bound is generous here, because tests also run under sanitizers on busy machines: bench/ has the figure. */
static void a_hundred_thousand_claims_are_weighed(void **state)
{
	enum { MANY = 100000 };
	struct evidence_case *c = case_new("");
	uint64_t seed = 6;
	double begin;

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		struct claim claim = random_claim(c->arena, &seed, i);

		claim.subject = pick(c->arena, &seed, "v", 20000);
		claim.from = pick(c->arena, &seed, "Knower ", 5000);
		assert_true(evidence_add_claim(c->evidence, &claim));
	}
	begin = seconds();
	case_weigh(c, "Paper 3");
	print_message("100,000 claims: %.3f s\n", seconds() - begin);
	assert_true(seconds() - begin < 20);
	assert_true(c->evidence->fact_count > 20000);
	case_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_never_matters),
		cmocka_unit_test(one_more_report_of_an_origin_never_raises_support),
		cmocka_unit_test(one_more_origin_never_lowers_support),
		cmocka_unit_test(weighing_leaves_no_trace),
		cmocka_unit_test(a_printed_claim_reads_back),
		cmocka_unit_test(a_hundred_thousand_claims_are_weighed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
