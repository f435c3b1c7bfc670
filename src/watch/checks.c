/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is looked for: a row each, and a file each in check/ that holds when it is called. most is how sure a check can
 * be at best; the technique is MITRE FiGHT's; next is what a person should do.
 */
#include "watch/internal.h"

#include <string.h>

/*  hooks, name, most, technique, help, next; sorted by name */
#define CHECKS(ROW)                                                                                                    \
	ROW(malformed, "malformed", WATCH_CERTAIN, "FGT5045",                                                          \
	    "a message that its standard does not allow: lengths, mandatory elements, bytes left over",                \
	    "look at the frame: a fault of the sender's software, or somebody trying the receiver's")

#define DECLARE(hooks, ...) extern const struct watch_hooks watch_check_##hooks;
CHECKS(DECLARE)

#define ROW_OF(hooks, name, most, technique, help, next)                                                               \
	{ { name, most, technique, help, next }, &watch_check_##hooks },
const struct watch_check_row watch_checks[] = { CHECKS(ROW_OF) };

size_t watch_check_count(void)
{
	return sizeof watch_checks / sizeof *watch_checks;
}

const struct watch_check *watch_check_at(size_t row)
{
	return &watch_checks[row].about;
}

const char *watch_certainty_name(enum watch_certainty certainty)
{
	static const char *const names[] = { "unknown", "likely", "certain" };

	return names[certainty];
}
