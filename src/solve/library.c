/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CBC through its C interface, one thread. It reads doubles and answers in doubles: whatever choice it gives is judged again
 * in integers by the caller, and what it says about bounds is told as its word.
 */
#include "solve/library.h"
#include "solve/lp.h"

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

static Cbc_Model *load(const struct coin *coin, const struct linear *l)
{
	Cbc_Model *cbc = coin->Cbc_newModel();

	coin->Cbc_setLogLevel(cbc, 0);
	coin->Cbc_loadProblem(cbc, l->columns, l->rows, l->start, l->index, l->value, l->low, l->high, l->objective,
			      l->row_low, l->row_high);
	for (int i = 0; i < l->options; i++)
		coin->Cbc_setInteger(cbc, i);
	return cbc;
}

static void limit(const struct coin *coin, Cbc_Model *cbc, const struct problem *p, const struct linear *l,
		  const struct library_limits *limits)
{
	coin->Cbc_setParameter(cbc, "threads", "0");
	coin->Cbc_setParameter(cbc, "ratioGap", "0");
	coin->Cbc_setMaximumNodes(cbc, limits->nodes);
	if (limits->seconds > 0)
		coin->Cbc_setMaximumSeconds(cbc, limits->seconds);
	coin->Cbc_setAllowableGap(cbc, limits->gap / l->unit);
	/* Half a step above the cutoff: costs are whole steps, so rounding can't shut out what is wanted. */
	if (limits->has_cutoff)
		coin->Cbc_setCutoff(cbc, ((double)(limits->cutoff - l->constant) + 0.5 * (double)p->step) / l->unit);
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
static bool nothing_below(const struct coin *coin, struct arena *a, const struct linear *l,
			  const struct library_limits *limits)
{
	struct lp_answer answer = { 0 };
	enum lp_status status = lp_solve(coin, a, l, 100 * (l->rows + l->columns) + 1000, limits->seconds, &answer);
	double sum = 0;

	for (int i = 0; status == LP_OPTIMAL && i < l->columns; i++)
		sum += l->objective[i] * answer.x[i];
	return status == LP_INFEASIBLE ||
	       (status == LP_OPTIMAL && limits->has_cutoff && sum > (double)(limits->cutoff - l->constant) / l->unit);
}

void library_solve(const struct coin *coin, struct arena *a, const struct problem *p, const struct linear *l,
		   const struct library_limits *limits, struct library_answer *answer)
{
	Cbc_Model *cbc;
	const double *x;

	__lsan_disable();
	cbc = load(coin, l);
	limit(coin, cbc, p, l, limits);
	coin->Cbc_solve(cbc);
	__lsan_enable();
	x = coin->Cbc_numberSavedSolutions(cbc) > 0 ? coin->Cbc_bestSolution(cbc) : NULL;
	if (x)
		take_choice(a, p, l, x, answer);
	answer->nodes = (uint64_t)coin->Cbc_getNodeCount(cbc);
	answer->bound = coin->Cbc_getBestPossibleObjValue(cbc) * l->unit + (double)l->constant;
	if (coin->Cbc_isProvenOptimal(cbc) && x)
		answer->status = LIBRARY_OPTIMAL;
	else if (!x && (coin->Cbc_isProvenInfeasible(cbc) || coin->Cbc_status(cbc) == 0 ||
			coin->Cbc_secondaryStatus(cbc) == WORSE_THAN_CUTOFF))
		answer->status = LIBRARY_NONE_BELOW;
	else if (!x && coin->Cbc_status(cbc) < 0 && nothing_below(coin, a, l, limits))
		answer->status = LIBRARY_NONE_BELOW;
	else
		answer->status = LIBRARY_STOPPED;
	coin->Cbc_deleteModel(cbc);
}
