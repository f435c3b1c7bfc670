/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a security advisory (CSAF 2.0).
 *
 * # proviso-deps: base lang net evidence
 */
#include "fuzz_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	return import_bytes("csaf", bytes, count);
}
