/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shares: what each vendor's elements really carry of the user traffic that was seen, and what the policies' limits of
 * traffic say to that. The same judge as everywhere: the network as declared, with what was carried in the place of the
 * column `traffic`. Only breaches are told, never as certain: what passed no tap is not in it.
 */
#include "watch/internal.h"

#include <stdlib.h>
#include <string.h>

struct carried { /* by an element, user plane, both directions */
	uint64_t bytes, packets;
};

static struct carried *add_up(struct watch *w, size_t elements)
{
	struct carried *all = arena_array(w->arena, elements + 1, sizeof *all);

	for (uint32_t i = 0; i < w->pairs.count; i++) {
		const struct watch_pair *p = watch_pair_at(w, i);
		uint32_t ends[2] = { watch_element_of(w, p->from), watch_element_of(w, p->to) };

		if (p->service.protocol != WIRE_GTPU || watch_peer_at(w, p->from)->is_li ||
		    watch_peer_at(w, p->to)->is_li)
			continue;
		for (unsigned k = 0; k < 2; k++)
			if (ends[k] != WATCH_NONE && (k == 0 || ends[1] != ends[0])) {
				all[ends[k]].bytes += p->bytes;
				all[ends[k]].packets += p->packets;
			}
	}
	return all;
}

/* ---- by layer and vendor ---- */

static int by_layer_then_vendor(const void *left, const void *right)
{
	const struct watch_share *a = left, *b = right;
	int order = strcmp(a->layer, b->layer);

	return order ? order : strcmp(a->vendor, b->vendor);
}

static struct watch_share *share_of(struct watch_share *list, size_t *count, const char *layer, const char *vendor)
{
	for (size_t i = 0; i < *count; i++)
		if (list[i].layer == layer && strcmp(list[i].vendor, vendor) == 0)
			return &list[i];
	list[*count] = (struct watch_share){ .layer = layer, .vendor = vendor };
	return &list[(*count)++];
}

static void list_shares(struct watch *w, const struct carried *all, struct watch_result *r)
{
	const struct net *net = w->options.net;
	const struct net_column *layers = net_column(net, NET_ELEMENTS, "layer");
	size_t most = ((size_t)net->table[NET_VENDORS].rows + 1) * LAYER_COUNT;
	struct watch_share *list = arena_array(w->arena, most + 1, sizeof *list);
	uint64_t total[LAYER_COUNT] = { 0 };
	size_t count = 0;

	for (uint32_t e = 0; e < net->table[NET_ELEMENTS].rows; e++) {
		uint32_t layer = layers ? layers->codes[e] : CODE_UNKNOWN;
		const char *vendor = watch_element_vendor(w, e);
		struct watch_share *s;

		if (!all[e].bytes || !CODE_IS_KNOWN(layer))
			continue;
		s = share_of(list, &count, net_layer_name((enum net_layer)layer), vendor ? vendor : "(unknown)");
		s->bytes += all[e].bytes;
		s->packets += all[e].packets;
		total[layer] += all[e].bytes;
	}
	qsort(list, count, sizeof *list, by_layer_then_vendor);
	for (size_t i = 0; i < count; i++)
		list[i].share_ppb = share_ppb((wide)list[i].bytes, (wide)total[net_layer_find(list[i].layer)]);
	r->shares = list;
	r->share_count = count;
}

/* ---- against the policies ---- */

/* The network with what was carried as its elements' traffic; of no element that carried nothing is it unknown. */
static struct net *as_carried(struct watch *w, const struct carried *all)
{
	struct net *net = arena_alloc(w->arena, sizeof *net);
	struct net_table *t = &net->table[NET_ELEMENTS];
	struct net_column *columns, *traffic = NULL;
	int64_t scale = MICRO;
	uint64_t sum = 1;

	*net = *w->options.net;
	columns = arena_array(w->arena, t->column_count + 1, sizeof *columns);
	memcpy(columns, t->columns, t->column_count * sizeof *columns);
	t->columns = columns;
	for (size_t i = 0; i < t->column_count; i++)
		if (strcmp(columns[i].name, "traffic") == 0)
			traffic = &columns[i];
	if (!traffic)
		traffic = &columns[t->column_count++];
	for (uint32_t e = 0; e < t->rows; e++)
		sum += all[e].bytes;
	while (scale > 1 && sum > (uint64_t)(INT64_MAX / scale)) /* shares alone count: any unit will do */
		scale /= 10;
	*traffic = (struct net_column){ .name = "traffic", .type = TYPE_MEASURE, .known = true };
	traffic->measures = arena_array(w->arena, (size_t)t->rows + 1, sizeof *traffic->measures);
	for (uint32_t e = 0; e < t->rows; e++)
		traffic->measures[e] = (int64_t)all[e].bytes * scale;
	return net;
}

static bool is_cap_of_traffic(const struct finding *f)
{
	return strcmp(f->kind, "limit") == 0 && f->numerator_unit && strcmp(f->numerator_unit, "traffic") == 0 &&
	       (f->status == FINDING_BROKEN || f->status == FINDING_DUE || f->status == FINDING_WAIVED);
}

static void tell(struct watch *w, const struct finding *f, const struct carried *all)
{
	const struct watch_check *check = &watch_checks[watch_check_row("share-over-cap")].about;
	uint32_t row = watch_rows_add(&w->caps, w->arena);
	struct watch_finding *told;
	uint64_t packets = 0;

	if (row == WATCH_NONE) {
		w->counters.findings_full++;
		return;
	}
	for (size_t i = 0; i < f->witnesses_kept; i++) {
		uint32_t e = net_find_text(w->options.net, NET_ELEMENTS, f->witnesses[i]);

		packets += CODE_IS_KNOWN(e) ? all[e].packets : 0;
	}
	told = (struct watch_finding *)w->caps.items + row;
	*told = (struct watch_finding){
		.check = check,
		.certainty = WATCH_LIKELY,
		.finding = *f,
		.wire = { .check = check->name,
			  .certainty = watch_certainty_name(WATCH_LIKELY),
			  .technique = check->technique,
			  .vendor = net_find_text(w->options.net, NET_VENDORS, f->subject) != CODE_UNKNOWN ? f->subject
													   : NULL,
			  .peer = "",
			  .next = check->next,
			  .first_ns = w->first_ns,
			  .last_ns = w->last_ns,
			  .packets = packets },
	};
}

static void judge(struct watch *w, const struct carried *all)
{
	struct diagnostics unheard; /* the case's own reading said what is doubtful in its policies */
	struct policy_question q = { .net = as_carried(w, all),
				     .evidence = w->options.evidence,
				     .on = w->options.on,
				     .threads = 1,
				     .strs = w->options.strs,
				     .arena = w->arena,
				     .diagnostics = &unheard };

	diagnostics_init(&unheard, w->arena);
	for (size_t i = 0; i < w->options.policy_count; i++) {
		struct findings found = { 0 };

		policy_judge(w->options.policies[i], &q, &found);
		policy_settle(&found, NULL, w->options.policies[i], w->options.on);
		for (size_t k = 0; k < found.count; k++)
			if (is_cap_of_traffic(&found.items[k]))
				tell(w, &found.items[k], all);
		free(found.items);
	}
	diagnostics_free(&unheard);
}

void watch_shares_list(struct watch *w, struct watch_result *r)
{
	struct carried *all;

	if (!w->options.net)
		return;
	all = add_up(w, w->options.net->table[NET_ELEMENTS].rows);
	list_shares(w, all, r);
	if (w->counters.g_pdu_bytes >= (uint64_t)watch_limit(w, WATCH_SHARE_BYTES) && w->options.evidence)
		judge(w, all);
}
