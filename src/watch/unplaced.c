/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declared elements for which the inventory has no address, name or prefix, and to whom nothing that was heard has given
 * one: an address that is nobody's may be theirs. Counted by function, so that a stranger who speaks PFCP is not taken
 * for a base station.
 */
#include "watch/internal.h"

struct watch_unplaced {
	bool *elements; /* by element: is it one of them? */
	size_t *without,
		*with; /* by function: how many are unplaced, and placed; behind the last those of whom it is not known */
	size_t count;
};

static size_t function_of(const struct net_column *functions, uint32_t element)
{
	return functions && CODE_IS_KNOWN(functions->codes[element]) ? functions->codes[element] : net_function_count;
}

void watch_unplaced_init(struct watch *w)
{
	const struct net *net = w->options.net;
	const struct net_column *functions = net_column(net, NET_ELEMENTS, "function"),
				*addresses = net_column(net, NET_ELEMENTS, "addresses");
	uint32_t rows = net->table[NET_ELEMENTS].rows;
	struct watch_unplaced *u = arena_alloc(w->arena, sizeof *u);

	*u = (struct watch_unplaced){ .elements = arena_array(w->arena, (size_t)rows + 1, sizeof *u->elements),
				      .without = arena_array(w->arena, net_function_count + 1, sizeof *u->without),
				      .with = arena_array(w->arena, net_function_count + 1, sizeof *u->with) };
	for (uint32_t e = 0; e < rows; e++) {
		size_t words = 0;

		if (addresses && CODE_IS_KNOWN(addresses->codes[e]))
			net_words(net, addresses->codes[e], &words);
		u->elements[e] = !words;
		u->count += !words;
		(words ? u->with : u->without)[function_of(functions, e)]++;
	}
	w->unplaced = u;
}

void watch_unplaced_found(struct watch *w, uint32_t element)
{
	struct watch_unplaced *u = w->unplaced;
	size_t function;

	if (!u || !u->elements[element])
		return;
	function = function_of(net_column(w->options.net, NET_ELEMENTS, "function"), element);
	u->elements[element] = false;
	u->count--;
	u->without[function]--;
	u->with[function]++;
}

size_t watch_unplaced_count(const struct watch *w)
{
	return w->unplaced ? w->unplaced->count : 0;
}

enum watch_certainty watch_stranger(const struct watch *w, const struct watch_service *service, uint32_t other,
				    enum watch_certainty certainty, size_t *may_be)
{
	const struct watch_unplaced *u = w->unplaced;
	size_t anything = u ? u->without[net_function_count] : 0, placed = 0; /* of no known function: it may have any */

	*may_be = anything;
	for (size_t f = 0; u && f < net_function_count; f++)
		if (u->without[f] + anything && watch_may_speak(w, service, net_functions[f].name, other)) {
			*may_be += u->without[f];
			placed += u->with[f];
		}
	if (!*may_be || certainty == WATCH_UNKNOWN)
		return certainty;
	return placed ? WATCH_LIKELY : WATCH_UNKNOWN;
}

const char *watch_may_be(const struct watch *w, size_t count)
{
	if (!count)
		return "";
	return count == 1 ? "; it may be the one declared element of such a function that has no address"
			  : arena_printf(
				    w->arena,
				    "; it may be one of %zu declared elements of such a function that have no address",
				    count);
}
