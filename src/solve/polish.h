/* SPDX-License-Identifier: Apache-2.0 */
/*
 * polish: a good choice made better, neighbourhood by neighbourhood. The bound says how much a neighbourhood can gain at most;
 * that is little, so few options of few units can be part of it, and all of their combinations are looked at.
 */
#ifndef PROVISO_SOLVE_POLISH_H
#define PROVISO_SOLVE_POLISH_H

#include "solve/run.h"

/* Until the gap is reached, rounds without a gain follow each other, or the work ends. Starts from and updates the choice. */
void polish(struct run *, unsigned rounds);

#endif
