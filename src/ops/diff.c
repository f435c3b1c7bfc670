/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proviso diff: two cases, or one case by two policies. Findings are paired by what they are about; what is not the
 * same is shown with what explains it: rows of the network, facts, the rule itself.
 */
#include "ops/case.h"

#include <stdlib.h>
#include <string.h>

const struct ops_option diff_options[] = {
	{ "policy", 0, "FILE|NAME", OPS_SEVERAL, "compare two policies on one case" },
	OPTION_ON,
	OPTION_NETWORK,
	OPTION_PARAM,
	OPTION_PLAN,
	OPTION_JSON,
	OPTION_THREADS,
	OPTIONS_END,
};

const struct ops_exit diff_exits[] = {
	{ 0, "nothing differs" },
	{ 1, "something differs" },
	EXITS_END,
};

const char diff_page[] =
	"Judges both sides and shows which findings change - their status, their measure, their bound - and why; "
	"then the facts and the rows of the networks that differ.\n"
	"\n"
	"    proviso diff examples/aotearoa examples/swap\n"
	"    proviso diff --policy a.proviso b.proviso examples/aotearoa\n"
	"    proviso diff --policy a.proviso --policy b.proviso examples/aotearoa\n"
	"\n"
	"Two cases are each judged by their own policies. With --policy, the two policies are compared on one "
	"case.\n";

/* ---- pairs of findings ------------------------------------------------------------------------------------------- */

/* What makes two findings answers to one question. Between two policies the policy's name is no part of it. */
static int by_question(const struct finding *a, const struct finding *b, bool two_policies)
{
	int order = two_policies ? 0 : strcmp(a->policy, b->policy);

	order = order ? order : strcmp(a->rule, b->rule);
	order = order ? order : strcmp(a->kind, b->kind);
	order = order ? order : strcmp(a->subject, b->subject);
	return order ? order : strcmp(a->group, b->group);
}

static int by_question_then_place(const void *left, const void *right, void *two_policies)
{
	const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;
	int order = by_question(a, b, *(bool *)two_policies);

	order = order ? order : strcmp(a->statement, b->statement);
	if (!order)
		order = a->place.line < b->place.line ? -1 : a->place.line > b->place.line;
	return order ? order : strcmp(a->policy, b->policy);
}

static const struct finding **sorted(struct arena *a, const struct findings *all, bool two_policies)
{
	const struct finding **list = arena_array(a, all->count + 1, sizeof *list);

	for (size_t i = 0; i < all->count; i++)
		list[i] = &all->items[i];
	qsort_r(list, all->count, sizeof *list, by_question_then_place, &two_policies);
	return list;
}

static bool same_witnesses(const struct finding *a, const struct finding *b)
{
	if (a->witness_count != b->witness_count || a->witnesses_kept != b->witnesses_kept)
		return false;
	for (size_t i = 0; i < a->witnesses_kept; i++)
		if (strcmp(a->witnesses[i], b->witnesses[i]) != 0)
			return false;
	return true;
}

static bool same_finding(const struct finding *a, const struct finding *b)
{
	bool same_bound = !a->bound_op == !b->bound_op && (!a->bound_op || !strcmp(a->bound_op, b->bound_op)) &&
			  a->bound == b->bound;
	bool same_measure = a->measured == b->measured && a->low == b->low && a->high == b->high &&
			    a->numerator == b->numerator && a->denominator == b->denominator &&
			    a->numerator_high == b->numerator_high && a->denominator_high == b->denominator_high;

	return a->status == b->status && same_bound && same_measure && a->by == b->by && a->worsened == b->worsened &&
	       strcmp(a->statement, b->statement) == 0 && same_witnesses(a, b);
}

struct pairs {
	struct report_difference *items;
	size_t count, room, same;
};

static void add_pair(struct pairs *pairs, const struct finding *before, const struct finding *after)
{
	if (before && after && same_finding(before, after))
		pairs->same++;
	else
		*array_add(pairs) = (struct report_difference){ before, after };
}

/* Answers to one question on both sides: equal statements belong together, what is left over in order. */
static void pair_group(struct pairs *pairs, const struct finding **a, size_t a_count, const struct finding **b,
		       size_t b_count)
{
	size_t i, k;

	for (i = 0; i < a_count; i++)
		for (k = 0; a[i] && k < b_count; k++)
			if (b[k] && strcmp(a[i]->statement, b[k]->statement) == 0) {
				add_pair(pairs, a[i], b[k]);
				a[i] = b[k] = NULL;
			}
	for (i = k = 0; i < a_count || k < b_count;) {
		if (i < a_count && !a[i]) {
			i++;
		} else if (k < b_count && !b[k]) {
			k++;
		} else {
			add_pair(pairs, i < a_count ? a[i] : NULL, k < b_count ? b[k] : NULL);
			i += i < a_count;
			k += k < b_count;
		}
	}
}

static void pair_findings(struct arena *arena, struct report_diff *diff, struct pairs *pairs)
{
	const struct findings *left = &diff->before.of->findings, *right = &diff->after.of->findings;
	const struct finding **a = sorted(arena, left, diff->two_policies),
			     **b = sorted(arena, right, diff->two_policies);

	for (size_t i = 0, k = 0; i < left->count || k < right->count;) {
		const struct finding *first = i < left->count ? a[i] : b[k];
		size_t i_end = i, k_end = k;

		if (i < left->count && k < right->count && by_question(b[k], first, diff->two_policies) < 0)
			first = b[k];
		while (i_end < left->count && by_question(a[i_end], first, diff->two_policies) == 0)
			i_end++;
		while (k_end < right->count && by_question(b[k_end], first, diff->two_policies) == 0)
			k_end++;
		pair_group(pairs, a + i, i_end - i, b + k, k_end - k);
		i = i_end;
		k = k_end;
	}
}

/* ---- facts and inputs -------------------------------------------------------------------------------------------- */

static int by_fact(const struct fact *a, const struct fact *b)
{
	int order = (int)a->about - (int)b->about;

	order = order ? order : strcmp(a->subject, b->subject);
	order = order ? order : strcmp(a->attribute, b->attribute);
	return order ? order : strcmp(a->version ? a->version : "", b->version ? b->version : "");
}

static bool same_fact(const struct fact *a, const struct fact *b)
{
	if (a->status != b->status || !a->value != !b->value)
		return false;
	return !a->value || strcmp(a->value, b->value) == 0;
}

static void compare_facts(struct arena *arena, const struct evidence *a, const struct evidence *b,
			  struct report_diff *diff)
{
	struct report_fact_difference *found = arena_array(arena, a->fact_count + b->fact_count + 1, sizeof *found);
	size_t i = 0, k = 0;

	diff->facts = found;
	while (i < a->fact_count || k < b->fact_count) {
		int order = i == a->fact_count ? 1 : k == b->fact_count ? -1 : by_fact(&a->facts[i], &b->facts[k]);
		const struct fact *before = order <= 0 ? &a->facts[i++] : NULL,
				  *after = order >= 0 ? &b->facts[k++] : NULL;

		if (!before || !after || !same_fact(before, after))
			found[diff->fact_count++] = (struct report_fact_difference){ before, after };
	}
}

static void compare_inputs(struct arena *arena, struct report_diff *diff)
{
	const struct assessment *a = diff->before.of, *b = diff->after.of;
	struct report_input_difference *found = arena_array(arena, a->input_count + b->input_count + 1, sizeof *found);
	size_t i = 0, k = 0;

	diff->inputs = found;
	while (i < a->input_count || k < b->input_count) {
		int order = i == a->input_count   ? 1
			    : k == b->input_count ? -1
						  : strcmp(a->inputs[i].path, b->inputs[k].path);
		const struct assessment_input *before = order <= 0 ? &a->inputs[i++] : NULL;
		const struct assessment_input *after = order >= 0 ? &b->inputs[k++] : NULL;

		if (before && after && strcmp(before->sha256, after->sha256) == 0)
			continue;
		found[diff->input_count++] = (struct report_input_difference){
			before ? before->path : after->path,
			before ? before->sha256 : NULL,
			after ? after->sha256 : NULL,
		};
	}
}

/* ---- the two sides ----------------------------------------------------------------------------------------------- */

struct side {
	const char *folder, *policy; /* policy NULL: the case's own */
	struct case_loaded *loaded;
	struct assessment *result;
};

static bool choose_sides(struct call *call, struct side sides[2])
{
	size_t policies, needed;
	const char **given = call_options(call, "policy", &policies);
	const char **operands = call->operands;

	if (!policies && call->operand_count == 2) {
		sides[0].folder = operands[0];
		sides[1].folder = operands[1];
		return true;
	}
	needed = policies == 1 ? 2 : 1;
	if (policies < 1 || policies > 2 || call->operand_count != needed) {
		call_fail(call, EXIT_USAGE, "usage",
			  "diff compares two cases, or with --policy two policies on one case (see "
			  "proviso diff --help)");
		return false;
	}
	sides[0].policy = given[0];
	sides[1].policy = policies == 2 ? given[1] : operands[0];
	sides[0].folder = sides[1].folder = operands[needed - 1];
	return true;
}

static bool judge_side(struct call *call, struct side *side)
{
	struct case_wants wants = { .network = true, .elements = true, .policies = true, .judged = true };

	if (side->policy) {
		wants.instead = &side->policy;
		wants.instead_count = 1;
	}
	side->loaded = case_load(call, side->folder, &wants);
	side->result = side->loaded ? case_assess(side->loaded, NULL) : NULL;
	return side->result;
}

static bool is_same(const struct report_diff *diff)
{
	return !diff->finding_count && !diff->row_count && !diff->fact_count &&
	       diff->before.of->verdict == diff->after.of->verdict;
}

int diff_run(struct call *call)
{
	struct side sides[2] = { 0 };
	struct report_diff diff = { 0 };
	struct pairs pairs = { 0 };
	bool both, same;
	size_t said;

	if (!choose_sides(call, sides))
		return EXIT_USAGE;
	/* Both, so that the mistakes of both are told in one run. */
	both = judge_side(call, &sides[0]);
	said = call->diagnostics.count;
	both &= judge_side(call, &sides[1]);
	if (sides[0].policy) /* one case, read twice */
		diagnostics_forget_repeated(&call->diagnostics, said);
	if (!both)
		return call_status(call);
	diff.two_policies = sides[0].policy;
	diff.before = (struct report_side){ sides[0].policy ? sides[0].policy : sides[0].folder, sides[0].result };
	diff.after = (struct report_side){ sides[1].policy ? sides[1].policy : sides[1].folder, sides[1].result };
	pair_findings(call->arena, &diff, &pairs);
	diff.findings = pairs.items;
	diff.finding_count = pairs.count;
	diff.same = pairs.same;
	if (!diff.two_policies)
		diff.rows = net_compare(call->arena, sides[0].loaded->net, sides[1].loaded->net, &diff.row_count);
	compare_facts(call->arena, sides[0].loaded->evidence, sides[1].loaded->evidence, &diff);
	compare_inputs(call->arena, &diff);
	if (call->json)
		report_diff_json(&diff, call->world->out);
	else
		report_diff_text(&diff, &call->world->out_style, call->world->out);
	same = is_same(&diff);
	free(pairs.items);
	return same ? 0 : 1;
}
