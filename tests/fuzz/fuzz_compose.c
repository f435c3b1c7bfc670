/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a file of compose.
 *
 * # proviso-deps: base net
 */
#include "fuzz_inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	return import_inventory("compose", bytes, count);
}
