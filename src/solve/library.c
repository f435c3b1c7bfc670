/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CBC through its C interface, one thread. It reads doubles and answers in doubles: whatever choice it gives is judged again
 * in integers by the caller, and what it says about bounds is told as its word.
 */
#include "solve/library.h"
#include "solve/lp.h"

#include <coin/Cbc_C_Interface.h>
#include <math.h>

/* CBC 2.10.8 loses a cut now and then. A check for leaks is for ours, so it looks away while CBC runs. */
#if defined(__SANITIZE_ADDRESS__)
#define CBC_LEAKS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CBC_LEAKS 1
#endif
#endif
#ifdef CBC_LEAKS
#include <sanitizer/lsan_interface.h>
#else
#define __lsan_disable() ((void)0)
#define __lsan_enable()  ((void)0)
#endif

enum { WORSE_THAN_CUTOFF = 1 }; /* or no point at all: of CBC's secondary status */

static Cbc_Model *load(const struct linear *l)
{
	Cbc_Model *cbc = Cbc_newModel();

	Cbc_setLogLevel(cbc, 0);
	Cbc_loadProblem(cbc, l->columns, l->rows, l->start, l->index, l->value, l->low, l->high, l->objective,
			l->row_low, l->row_high);
	for (int i = 0; i < l->options; i++)
		Cbc_setInteger(cbc, i);
	return cbc;
}

static void limit(Cbc_Model *cbc, const struct problem *p, const struct linear *l, const struct library_limits *limits)
{
	Cbc_setParameter(cbc, "threads", "0");
	Cbc_setParameter(cbc, "ratioGap", "0");
	Cbc_setMaximumNodes(cbc, limits->nodes);
	if (limits->seconds > 0)
		Cbc_setMaximumSeconds(cbc, limits->seconds);
	Cbc_setAllowableGap(cbc, limits->gap / l->unit);
	/* Half a step above the cutoff: costs are whole steps, so rounding can't shut out what is wanted. */
	if (limits->has_cutoff)
		Cbc_setCutoff(cbc, ((double)(limits->cutoff - l->constant) + 0.5 * (double)p->step) / l->unit);
}

static void take_choice(struct arena *a, const struct problem *p, const struct linear *l, const double *x,
			struct library_answer *answer)
{
	answer->chosen = arena_array(a, (size_t)l->options + 1, sizeof *answer->chosen);
	for (int i = 0; i < l->options;) {
		int best = i, end = i;

		for (; end < l->options && p->owner[l->option[end]] == p->owner[l->option[i]]; end++)
			if (x[end] > x[best])
				best = end;
		answer->chosen[answer->chosen_count++] = l->option[best];
		i = end;
	}
	answer->has_x = true;
}

/*
 * CBC says nothing where it sees at once that nothing can lie below the cutoff. The linear program tells whether that was so.
 */
static bool nothing_below(struct arena *a, const struct linear *l, const struct library_limits *limits)
{
	struct lp_answer answer = { 0 };
	enum lp_status status = lp_solve(a, l, 100 * (l->rows + l->columns) + 1000, limits->seconds, &answer);
	double sum = 0;

	for (int i = 0; status == LP_OPTIMAL && i < l->columns; i++)
		sum += l->objective[i] * answer.x[i];
	return status == LP_INFEASIBLE ||
	       (status == LP_OPTIMAL && limits->has_cutoff && sum > (double)(limits->cutoff - l->constant) / l->unit);
}

void library_solve(struct arena *a, const struct problem *p, const struct linear *l,
		   const struct library_limits *limits, struct library_answer *answer)
{
	Cbc_Model *cbc;
	const double *x;

	__lsan_disable();
	cbc = load(l);
	limit(cbc, p, l, limits);
	Cbc_solve(cbc);
	__lsan_enable();
	x = Cbc_numberSavedSolutions(cbc) > 0 ? Cbc_bestSolution(cbc) : NULL;
	if (x)
		take_choice(a, p, l, x, answer);
	answer->nodes = (uint64_t)Cbc_getNodeCount(cbc);
	answer->bound = Cbc_getBestPossibleObjValue(cbc) * l->unit + (double)l->constant;
	if (Cbc_isProvenOptimal(cbc) && x)
		answer->status = LIBRARY_OPTIMAL;
	else if (!x &&
		 (Cbc_isProvenInfeasible(cbc) || Cbc_status(cbc) == 0 || Cbc_secondaryStatus(cbc) == WORSE_THAN_CUTOFF))
		answer->status = LIBRARY_NONE_BELOW;
	else if (!x && Cbc_status(cbc) < 0 && nothing_below(a, l, limits))
		answer->status = LIBRARY_NONE_BELOW;
	else
		answer->status = LIBRARY_STOPPED;
	Cbc_deleteModel(cbc);
}
