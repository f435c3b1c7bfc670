/* SPDX-License-Identifier: Apache-2.0 */
#include "solve/coin.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* The names with the version of the interface that the headers describe. */
static const char clp_library[] = "libClp.so.1", cbc_library[] = "libCbcSolver.so.3";

struct call {
	const char *name;
	size_t at; /* in struct coin */
};

#define CALL_ROW(name) { #name, offsetof(struct coin, name) },
static const struct call clp_calls[] = { COIN_CLP_CALLS(CALL_ROW) }, cbc_calls[] = { COIN_CBC_CALLS(CALL_ROW) };
#undef CALL_ROW

static bool bind(struct coin *coin, const char *library, const struct call *calls, size_t count, char *why)
{
	void *open = dlopen(library, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; open && i < count; i++) {
		void *address = dlsym(open, calls[i].name);

		if (!address)
			open = NULL;
		/* POSIX gives functions as void *; C wants this way round. */
		memcpy((char *)coin + calls[i].at, &address, sizeof address);
	}
	if (!open)
		snprintf(why, COIN_WHY_BYTES, "%s", dlerror());
	return open;
}

bool coin_load(struct coin *coin, char why[COIN_WHY_BYTES])
{
	return bind(coin, clp_library, clp_calls, sizeof clp_calls / sizeof *clp_calls, why) &&
	       bind(coin, cbc_library, cbc_calls, sizeof cbc_calls / sizeof *cbc_calls, why);
}
