/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an operation was called with. Options may stand before, between and behind operands, as `--name value` or
 * `--name=value`; `--` ends them. Everything that is wrong is said in one run.
 */
#include "ops/case.h"

#include <errno.h>
#include <string.h>

enum { LETTER_NAME = 3 }; /* "-o" and a zero */

/* ---- failures ---------------------------------------------------------------------------------------------------- */

void call_failed(struct call *call, int status)
{
	if (!call->failure)
		call->failure = status;
}

void call_fail_reading(struct call *call, const char *path, int error)
{
	if (error == ENOTDIR && path_exists(path))
		call_fail(call, EXIT_MISSING_INPUT, "missing-input", "%s is a file, not a folder", path);
	else if (error == ENOENT || error == ENOTDIR)
		call_fail(call, EXIT_MISSING_INPUT, "missing-input", "%s does not exist", path);
	else if (error == EACCES || error == EPERM)
		call_fail(call, EXIT_NO_PERMISSION, "no-permission", "%s can't be read: %s", path, strerror(error));
	else if (error == EISDIR)
		call_fail(call, EXIT_MISSING_INPUT, "missing-input", "%s is a folder, not a file", path);
	else
		call_fail(call, EXIT_MISSING_INPUT, "unreadable", "%s can't be read: %s", path, strerror(error));
}

int call_status(const struct call *call)
{
	if (call->failure)
		return call->failure;
	return call->diagnostics.errors ? EXIT_BAD_INPUT : 0;
}

/* ---- options ----------------------------------------------------------------------------------------------------- */

const char *call_option(const struct call *call, const char *name)
{
	for (size_t i = call->given_count; i-- > 0;)
		if (strcmp(call->given[i].option->name, name) == 0)
			return call->given[i].value ? call->given[i].value : "";
	return NULL;
}

bool call_was_given(const struct call *call, const char *word)
{
	for (size_t i = 0; i < call->operand_count; i++)
		if (strcmp(call->operands[i], word) == 0)
			return true;
	for (size_t i = 0; i < call->given_count; i++)
		if (call->given[i].value && strcmp(call->given[i].value, word) == 0)
			return true;
	return false;
}

const char **call_options(const struct call *call, const char *name, size_t *count)
{
	const char **values = arena_array(call->arena, call->given_count + 1, sizeof *values);

	*count = 0;
	for (size_t i = 0; i < call->given_count; i++)
		if (strcmp(call->given[i].option->name, name) == 0)
			values[(*count)++] = call->given[i].value;
	return values;
}

static const struct ops_option *find_option(const struct call *call, const char *name, size_t bytes)
{
	for (const struct ops_option *o = call->operation->options; o->name; o++)
		if (strlen(o->name) == bytes && memcmp(o->name, name, bytes) == 0)
			return o;
	return NULL;
}

static const struct ops_option *find_letter(const struct call *call, char letter)
{
	for (const struct ops_option *o = call->operation->options; o->name; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

static void fail_unknown(struct call *call, const char *word, size_t bytes)
{
	const char *name = arena_text(call->arena, word, bytes), *nearest;
	const char **names;
	size_t count = 0;

	for (const struct ops_option *o = call->operation->options; o->name; o++)
		count++;
	names = arena_array(call->arena, count + 1, sizeof *names);
	for (size_t i = 0; i < count; i++)
		names[i] = arena_printf(call->arena, "--%s", call->operation->options[i].name);
	names[count] = "--help";
	nearest = nearest_text(name, names, count + 1);
	if (nearest)
		call_fail(call, EXIT_USAGE, "unknown-option", "%s has no option %s (did you mean %s?)",
			  call->operation->name, name, nearest);
	else
		call_fail(call, EXIT_USAGE, "unknown-option", "%s has no option %s (see proviso %s --help)",
			  call->operation->name, name, call->operation->name);
}

/* What is written has a name: "-" is no short way to standard output, and of one name the last would be left. */
static void check_written(struct call *call, const struct ops_option *option, const char *value)
{
	if (strcmp(value, "-") == 0)
		call_fail(call, EXIT_USAGE, "output-dash",
			  "--%s - : standard output has the result already; name a file (%s), or ./- where it is to be "
			  "called so",
			  option->name, option->value);
	if (!*value)
		call_fail(call, EXIT_USAGE, "usage", "--%s needs a name: %s", option->name, option->value);
	for (size_t i = 0; *value && i < call->given_count; i++) {
		const struct given *other = &call->given[i];

		if (other->option != option && other->option->kind == OPS_WRITTEN && strcmp(other->value, value) == 0)
			call_fail(call, EXIT_USAGE, "usage", "--%s and --%s can't both be written to %s",
				  other->option->name, option->name, value);
	}
}

static void keep(struct call *call, const struct ops_option *option, const char *value)
{
	if (option->kind == OPS_WRITTEN)
		check_written(call, option, value);
	if (option->kind != OPS_SEVERAL && call_option(call, option->name)) {
		call_fail(call, EXIT_USAGE, "option-twice", "--%s is given twice", option->name);
		return;
	}
	call->given[call->given_count++] = (struct given){ option, value };
}

/* One option and its value; returns how many words it took. */
static size_t take_option(struct call *call, const char *word, const char *next)
{
	const char *equals = strchr(word, '=');
	size_t bytes = equals ? (size_t)(equals - word) : strlen(word);
	const struct ops_option *option;
	const char *shown = arena_text(call->arena, word, bytes);

	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
		call->wants_help = true;
		return 1;
	}
	if (word[1] == '-')
		option = find_option(call, word + 2, bytes - 2);
	else
		option = strlen(word) + 1 == LETTER_NAME ? find_letter(call, word[1]) : NULL;
	if (!option) {
		fail_unknown(call, word, bytes);
		return 1;
	}
	if (!option->value) {
		if (equals)
			call_fail(call, EXIT_USAGE, "option-value", "%s takes no value", shown);
		else
			keep(call, option, NULL);
		return 1;
	}
	if (equals) {
		keep(call, option, equals + 1);
		return 1;
	}
	if (!next) {
		call_fail(call, EXIT_USAGE, "option-value", "%s needs a value: %s", shown, option->value);
		return 1;
	}
	keep(call, option, next);
	return 2;
}

static void check_operands(struct call *call)
{
	const struct operation *o = call->operation;
	const char *name = o->name;

	if (call->operand_count < o->least)
		call_fail(call, EXIT_USAGE, "usage", "%s needs %s (see proviso %s --help)", name, o->operands, name);
	else if (call->operand_count > o->most && o->most == 0)
		call_fail(call, EXIT_USAGE, "usage", "%s takes no operand, and \"%s\" is one (see proviso %s --help)",
			  name, call->operands[0], name);
	else if (call->operand_count > o->most)
		call_fail(call, EXIT_USAGE, "usage", "%s takes %s, and \"%s\" is one too many (see proviso %s --help)",
			  name, o->operands, call->operands[o->most], name);
}

static bool holds_word(char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

void call_parse(struct call *call, size_t count, char *const *words)
{
	bool options = true;

	call->operands = arena_array(call->arena, count + 1, sizeof *call->operands);
	call->given = arena_array(call->arena, count + 1, sizeof *call->given);
	for (size_t i = 0; i < count;) {
		if (options && strcmp(words[i], "--") == 0) {
			options = false;
			i++;
		} else if (options && words[i][0] == '-' && words[i][1]) {
			i += take_option(call, words[i], i + 1 < count ? words[i + 1] : NULL);
		} else {
			call->operands[call->operand_count++] = words[i++];
		}
	}
	call->json = call_option(call, "json") || (call->failure && holds_word(words, count, "--json"));
	if (!call->wants_help && !call->failure)
		check_operands(call);
}
