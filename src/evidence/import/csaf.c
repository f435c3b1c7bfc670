/* SPDX-License-Identifier: Apache-2.0 */
/* Being written. */
#include "evidence/import/import.h"

void csaf_read(struct import_file *file)
{
	import_refuse(file, NULL, NULL, "this build can not read the format yet");
}
