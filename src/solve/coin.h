/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coin: the calls of CLP and CBC, bound when a run first needs them. With what they rest on they are sixteen shared
 * libraries, and most runs of the program plan nothing: they should not wait for them.
 */
#ifndef PROVISO_SOLVE_COIN_H
#define PROVISO_SOLVE_COIN_H

#include "base/base.h"

#include <coin/Cbc_C_Interface.h>
#include <coin/Clp_C_Interface.h>
#include <stdbool.h>

/* Every call that is used stands here once, with the types of COIN's own headers. */
#define COIN_CLP_CALLS(CALL)                                                                                           \
	CALL(Clp_newModel)                                                                                             \
	CALL(Clp_deleteModel) CALL(Clp_setLogLevel) CALL(Clp_loadProblem) CALL(Clp_addColumns)                         \
		CALL(Clp_setMaximumIterations) CALL(Clp_setMaximumSeconds) CALL(Clp_dual) CALL(Clp_primal)             \
			CALL(Clp_status) CALL(Clp_numberIterations) CALL(Clp_primalColumnSolution)                     \
				CALL(Clp_dualRowSolution)
#define COIN_CBC_CALLS(CALL)                                                                                           \
	CALL(Cbc_newModel)                                                                                             \
	CALL(Cbc_deleteModel) CALL(Cbc_setLogLevel) CALL(Cbc_loadProblem) CALL(Cbc_setInteger) CALL(Cbc_setParameter)  \
		CALL(Cbc_setMaximumNodes) CALL(Cbc_setMaximumSeconds) CALL(Cbc_setAllowableGap) CALL(Cbc_setCutoff)    \
			CALL(Cbc_solve) CALL(Cbc_numberSavedSolutions) CALL(Cbc_bestSolution) CALL(Cbc_getNodeCount)   \
				CALL(Cbc_getBestPossibleObjValue) CALL(Cbc_isProvenOptimal)                            \
					CALL(Cbc_isProvenInfeasible) CALL(Cbc_status) CALL(Cbc_secondaryStatus)

#define COIN_MEMBER(name) __typeof__(name) *name;
struct coin {
	COIN_CLP_CALLS(COIN_MEMBER)
	COIN_CBC_CALLS(COIN_MEMBER)
};
#undef COIN_MEMBER

/* false: something is missing on this machine, and why says what, as the loader does. They stay loaded once they are. */
bool coin_load(struct coin *, char why[LATE_WHY_BYTES]);

#endif
