/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

bool late_bind(const char *library, const struct late_call *calls, size_t count, void *into, char why[LATE_WHY_BYTES])
{
	void *open = dlopen(library, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; open && i < count; i++) {
		void *address = dlsym(open, calls[i].name);

		if (!address)
			open = NULL;
		/* POSIX gives functions as void *; C wants this way round. */
		memcpy((char *)into + calls[i].at, &address, sizeof address);
	}
	if (!open)
		snprintf(why, LATE_WHY_BYTES, "%s", dlerror());
	return open;
}
