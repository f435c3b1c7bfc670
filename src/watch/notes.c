/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of an ordinary G-PDU follows from its frame alone: the hashes of its tunnel and of its payload. Where another thread
 * decodes, it works them out while the frame is in its cache; whoever judges reads a quarter of a line of notes then, and
 * never waits for the frame.
 */
#include "watch/copies.h"

static void take(const void *whose, struct wire_batch *b)
{
	const struct watch_noting *n = whose;
	struct watch_note *notes = b->notes;

	for (uint64_t left = b->brief; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);
		const struct wire_brief *brief = &b->briefs[i];

		notes[i].tunnel = (uint32_t)watch_tunnel_hash_halves(n->seed, 0, brief->destination, brief->teid);
		if (n->copies.most)
			watch_copies_note(&n->copies, b, i, &notes[i]);
	}
	b->noted = b->brief;
	b->noted_for = whose;
}

void watch_note_ahead(const struct watch *w, struct wire *wire)
{
	static_assert(sizeof(struct watch_note) == WIRE_NOTE_BYTES, "a note is one");
	wire_note(wire, take, &w->noting);
}
