/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations: a row each, and a file each that holds the options, the statuses, the page and the function. The
 * command line, the help, the man pages and the completion are all read from here.
 */
#include "ops/call.h"

/*  name, one line of help, operands, at least, at most, hidden */
#define OPERATIONS(ROW)                                                                                                \
	ROW(assess, "judge a case: does every rule of every policy hold, and the verdict", "CASE", 1, 1, false)        \
	ROW(plan, "the cheapest changes among what is offered that make a case pass, with proof", "CASE", 1, 1, false) \
	ROW(watch, "judge what captures show: who speaks to whom, with what session behind it",                        \
	    "[CASE] --read FILE...", 0, OPS_ANY, false)                                                                \
	ROW(observations, "who talked to whom, over what and how much, as watch has kept it", "DIR", 1, 1, false)      \
	ROW(discover, "propose an inventory from traffic: elements, addresses, links", "FILE...", 1, OPS_ANY, false)   \
	ROW(check, "find every mistake in policies, evidence and cases in one run", "FILE.proviso|CASE...", 1,         \
	    OPS_ANY, false)                                                                                            \
	ROW(fmt, "print a .proviso file in canonical form", "FILE.proviso...", 1, OPS_ANY, false)                      \
	ROW(diff, "which findings change between two cases or two policies, and why", "CASE CASE|--policy A B CASE",   \
	    1, 2, false)                                                                                               \
	ROW(explain, "one rule or one element in plain words, from its inputs", "CASE RULE|ELEMENT", 2, 2, false)      \
	ROW(test, "run the tests that a policy carries", "FILE.proviso...", 1, OPS_ANY, false)                         \
	ROW(policies, "list the policies that are known by name", "", 0, 0, false)                                     \
	ROW(evidence, "the facts that a case rests on: who knows them, how well", "CASE", 1, 1, false)                 \
	ROW(import, "read inventories and documents of others: networks, claims", "FORMAT FILE...", 0, OPS_ANY, false) \
	ROW(enrich, "fill what no source has, by a stated rule, marked as synthetic", "CASE", 1, 1, false)             \
	ROW(help, "the operations, or the page of one", "[OPERATION]", 0, 1, false)                                    \
	ROW(version, "which program this is", "", 0, 0, false)                                                         \
	ROW(man, "the manual page of an operation, as scdoc reads it", "[OPERATION]", 0, 1, true)                      \
	ROW(completion, "the completion of a shell", "bash", 1, 1, true)

#define DECLARE(name, help, operands, least, most, hidden)                                                             \
	extern const struct ops_option name##_options[];                                                               \
	extern const struct ops_exit name##_exits[];                                                                   \
	extern const char name##_page[];                                                                               \
	int name##_run(struct call *);
OPERATIONS(DECLARE)

#define ROW_OF(name, help, operands, least, most, hidden)                                                              \
	{ #name, help, operands, least, most, name##_options, name##_exits, name##_page, name##_run, hidden },
const struct operation ops_table[] = { OPERATIONS(ROW_OF) };
const size_t ops_table_count = sizeof ops_table / sizeof *ops_table;

const struct ops_exit ops_exits[] = {
	{ EXIT_USAGE, "the command line is wrong" },
	{ EXIT_BAD_INPUT, "an input is wrong: every mistake is printed with file, line and column" },
	{ EXIT_MISSING_INPUT, "an input is missing" },
	{ EXIT_INTERNAL, "proviso or the machine failed (no memory)" },
	{ EXIT_CANT_CREATE, "an output can't be created" },
	{ EXIT_WRITE_FAILED, "an output can't be written: full disk, closed pipe" },
	{ EXIT_NO_PERMISSION, "an input may not be read" },
	EXITS_END,
};
