/* SPDX-License-Identifier: Apache-2.0 */
#include "solve/coin.h"

/* The names with the version of the interface that the headers describe. */
static const char clp_library[] = "libClp.so.1", cbc_library[] = "libCbcSolver.so.3";

#define CALL_ROW(name) { #name, offsetof(struct coin, name) },
static const struct late_call clp_calls[] = { COIN_CLP_CALLS(CALL_ROW) }, cbc_calls[] = { COIN_CBC_CALLS(CALL_ROW) };
#undef CALL_ROW

bool coin_load(struct coin *coin, char why[LATE_WHY_BYTES])
{
	return late_bind(clp_library, clp_calls, sizeof clp_calls / sizeof *clp_calls, coin, why) &&
	       late_bind(cbc_library, cbc_calls, sizeof cbc_calls / sizeof *cbc_calls, coin, why);
}
