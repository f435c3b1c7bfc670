/* SPDX-License-Identifier: Apache-2.0 */
/* builds: what is asked of a product at its version - once for each pair, however many elements have it. */
#include <string.h>

#include "policy/eval.h"

struct build_slots {
	uint64_t *keys;
	uint8_t *values; /* NO MAYBE YES, + 4 where the slot is taken */
	size_t room, count;
};

static size_t slot_of(const struct build_slots *t, uint64_t key)
{
	size_t i = (size_t)(key * 0x9E3779B97F4A7C15u >> 20) & (t->room - 1);
	while (t->values[i] && t->keys[i] != key)
		i = (i + 1) & (t->room - 1);
	return i;
}

static void slots_grow(struct evaluation *e, struct build_slots *t)
{
	struct build_slots more = { .room = t->room ? t->room * 4 : 256, .count = t->count };
	more.keys = arena_array(e->scratch, more.room, sizeof *more.keys);
	more.values = arena_alloc(e->scratch, more.room);
	for (size_t i = 0; i < t->room; i++)
		if (t->values[i]) {
			size_t at = slot_of(&more, t->keys[i]);
			more.keys[at] = t->keys[i];
			more.values[at] = t->values[i];
		}
	*t = more;
}

uint8_t *values_by_build(struct evaluation *e, build_question ask, void *context)
{
	const uint32_t *product = net_column(e->net, NET_ELEMENTS, "product")->codes,
		       *version = net_column(e->net, NET_ELEMENTS, "version")->codes;
	uint8_t *out = element_values(e);
	struct build_slots t = { 0 };
	for (uint32_t i = 0; i < e->elements; i++) {
		if (!CODE_IS_KNOWN(product[i])) {
			out[i] = product[i] == CODE_NONE ? NO : MAYBE;
			continue;
		}
		if (t.count * 2 >= t.room)
			slots_grow(e, &t);
		uint64_t key = (uint64_t)product[i] << 32 | version[i];
		size_t at = slot_of(&t, key);
		if (!t.values[at]) {
			const char *v = CODE_IS_KNOWN(version[i]) ? strs_text(e->net->strs, version[i]) : NULL;
			t.keys[at] = key;
			t.values[at] = ask(context, net_id(e->net, NET_PRODUCTS, product[i]), v) | 4;
			t.count++;
		}
		out[i] = t.values[at] & 3;
	}
	return out;
}
