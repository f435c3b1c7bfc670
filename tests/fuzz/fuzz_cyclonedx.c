/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a bill of material (CycloneDX).
 *
 * # proviso-deps: base lang net evidence
 */
#include "fuzz_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	return import_bytes("cyclonedx", bytes, count);
}
