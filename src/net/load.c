/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole load: files of the present network, files of the proposal, one after the other in the order of the tables,
 * so that what is referred to mostly comes before what refers; then the present network is built, the proposal laid
 * over its stage, and the proposed network built.
 */
#include "net/stage.h"

#include <stdlib.h>
#include <string.h>

enum {
	MOST_FILES = UINT16_MAX, /* a row knows its file by 16 bits */
	MOST_COMPARES = 2000000, /* ids looked at for "did you mean": about a tenth of a second */
};

static void read_all(struct load *load, struct stage *stage, const struct net_input *inputs, size_t count)
{
	for (int t = 0; t < NET_TABLES; t++) {
		for (size_t i = 0; i < count; i++)
			if (inputs[i].table == (enum net_table_name)t)
				read_input(load, stage, &inputs[i]);
		read_finish(load, &stage->table[t]);
	}
}

/* Both networks use the same lists. */
static void keep_lists(const struct load *load, struct net *net)
{
	const struct lists *l = &load->lists;

	net->list_count = l->count;
	net->list_first = l->first;
	net->list_text = l->text;
	net->list_words = l->words;
}

static bool too_many_files(struct load *load, size_t present, size_t proposal)
{
	if (present + proposal <= MOST_FILES)
		return false;
	diagnose(load->diagnostics, SEVERITY_ERROR, "too-many-files", (struct place){ NULL, 0, 0 },
		 "%zu files, more than %d", present + proposal, MOST_FILES);
	return true;
}

struct net *net_load_answered(struct arena *arena, struct strs *strs, struct diagnostics *diagnostics,
			      const struct net_input *present, size_t present_count, const struct net_input *proposal,
			      size_t proposal_count, struct net_answer *answers, size_t answer_count,
			      struct net **proposed)
{
	struct load load = { .arena = arena,
			     .staging = arena_new(),
			     .strs = strs,
			     .diagnostics = diagnostics,
			     .compares_left = MOST_COMPARES };
	bool overlaid = proposed && proposal_count;
	struct stage stage, overlay;
	struct net *net;

	if (too_many_files(&load, present_count, proposal_count))
		present_count = proposal_count = 0;
	load.files = arena_array(arena, present_count + proposal_count + 1, sizeof *load.files);
	stage_init(&stage, arena, false);
	stage_init(&overlay, load.staging, true);
	read_all(&load, &stage, present, present_count);
	answers_apply(&load, &stage, answers, answer_count, !overlaid);
	if (proposed)
		*proposed = NULL;
	if (overlaid) {
		read_all(&load, &overlay, proposal, proposal_count);
		overlay_unify(&load, &stage, &overlay);
		net = build_net(&load, &stage, false, NULL);
		overlay_apply(&load, &stage, &overlay);
		answers_apply(&load, &stage, answers, answer_count, true);
		*proposed = build_net(&load, &stage, true, net);
	} else {
		net = build_net(&load, &stage, true, NULL);
	}
	keep_lists(&load, net);
	if (overlaid)
		keep_lists(&load, *proposed);
	arena_free(load.staging);
	return net;
}

struct net *net_load(struct arena *arena, struct strs *strs, struct diagnostics *diagnostics,
		     const struct net_input *present, size_t present_count, const struct net_input *proposal,
		     size_t proposal_count, struct net **proposed)
{
	return net_load_answered(arena, strs, diagnostics, present, present_count, proposal, proposal_count, NULL, 0,
				 proposed);
}
