/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cut: a choice is judged by the policies themselves. Where a statement does not hold that no row stands for, what was chosen
 * is ruled out together with all that is at least as bad for the statement:
 *
 *   served     the more falls with a party, the less is served. So of those that fell at least one must not be the party's;
 *              the fewer have to be named, the sharper the cut, so each is tried without.
 *   links    (a path, a denied link) with more links it is as bad. So the fewest links with which it is are found; one of them
 *              must be restricted, or an element at their ends must be in other sets.
 *   changing the more is changed in a quarter, the less is served. So of what was, at least one unit must not be.
 *   the others look only at which sets elements are in: at least one element must be in other sets than it was.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/cut.h"

bool finding_is_bad(const struct finding *f, enum tier tier)
{
	if (f->authority)
		return false;
	return f->status == FINDING_BROKEN || f->status == FINDING_DUE ||
	       (tier == TIER_HOLDS && f->status == FINDING_UNKNOWN);
}

void findings_by_policy(struct planning *p, struct arena *a, size_t policy, const struct net *net,
			const struct evidence *e, bool brief, int32_t ahead, const uint8_t *changing,
			struct findings *out)
{
	struct diagnostics silent;
	struct policy_question q = { .net = net,
				     .evidence = e,
				     .on = p->task->on,
				     .ahead = ahead,
				     .changing = changing,
				     .threads = p->task->threads,
				     .strs = p->task->strs,
				     .arena = a,
				     .diagnostics = &silent,
				     .brief = brief };

	diagnostics_init(&silent, a);
	*out = (struct findings){ 0 };
	policy_judge(p->task->policies[policy], &q, out);
	diagnostics_free(&silent);
}

size_t row_of_finding(const struct planning *p, size_t policy, const struct finding *f)
{
	for (size_t k = 0; k < p->row_counts[policy]; k++) {
		const struct policy_row *r = &p->end.rows[policy][k];

		if (r->place.line == f->place.line && !strcmp(r->rule, f->rule) && !strcmp(r->statement, f->statement))
			return k;
	}
	return SIZE_MAX;
}

uint32_t statement_number(const struct planning *p, size_t policy, size_t row)
{
	uint32_t number = (uint32_t)row;

	for (size_t i = 0; i < policy; i++)
		number += (uint32_t)p->row_counts[i];
	return number;
}

const struct policy_row *row_of_statement(const struct planning *p, moment at, uint32_t number, size_t *policy)
{
	uint32_t row = number;

	*policy = 0;
	while (row >= p->row_counts[*policy])
		row -= (uint32_t)p->row_counts[(*policy)++];
	return &statements_at(p, at)->rows[*policy][row];
}

const uint32_t *choice_at(struct planning *p, struct arena *a, const struct chosen *c, moment at)
{
	uint32_t *choice = arena_array(a, p->units.count + 1, sizeof *choice);

	for (uint32_t u = 0; u < p->units.count; u++)
		choice[u] = option_then(p, c, u, at);
	return choice;
}

/* What is due on the day must not be worse than as things stand; where it is, a finding says so. */
static void settle_due(const struct breach *b, struct arena *a, struct findings *all)
{
	struct planning *p = b->p;
	int32_t day = p->task->on + b->ahead;
	struct findings today;
	bool any = false;

	for (size_t i = 0; i < all->count && b->at != AT_END; i++)
		any = any || (all->items[i].status == FINDING_BROKEN && all->items[i].by != DATE_NONE &&
			      day <= all->items[i].by);
	if (!any)
		return;
	findings_by_policy(p, a, b->policy, net_of_choice(p, a, chosen_new(p).option), b->evidence, true, b->ahead,
			   NULL, &today);
	policy_settle(all, &today, p->task->policies[b->policy], day);
	free(today.items);
}

/* Is the same finding still bad where this network is judged? */
bool still_bad(const struct breach *b, const struct net *net, const uint8_t *changing)
{
	struct arena *a = arena_new();
	struct findings all;
	bool bad = false;

	findings_by_policy(b->p, a, b->policy, net, b->evidence, true, b->ahead, changing, &all);
	if (b->worse)
		settle_due(b, a, &all);
	for (size_t i = 0; i < all.count; i++) {
		const struct finding *x = &all.items[i];

		if (x->place.line == b->finding->place.line && !strcmp(x->rule, b->finding->rule) &&
		    !strcmp(x->statement, b->finding->statement) && !strcmp(x->subject, b->finding->subject) &&
		    !strcmp(x->group, b->finding->group))
			bad = b->worse ? x->worsened : finding_is_bad(x, b->tier);
	}
	free(all.items);
	arena_free(a);
	return bad;
}

void take_options(struct planning *p, struct numbers *from, uint32_t **to, size_t *count)
{
	*to = arena_array(p->arena, from->count + 1, sizeof **to);
	for (size_t i = 0; i < from->count; i++)
		(*to)[i] = from->items[i];
	*count = from->count;
	free(from->items);
}

/* ---- the others: something has to be in other sets -------------------------------------------------------------------------- */

static bool same_sets(const struct policy_row *r, uint32_t a, uint32_t b)
{
	return r->subject[a] == r->subject[b] && r->target[a] == r->target[b] &&
	       (!r->group || r->group[a] == r->group[b]) && (!r->party || r->party[a] == r->party[b]);
}

bool state_matters(const struct planning *p, size_t policy, const struct policy_row *r, uint32_t a, uint32_t b)
{
	if (a == b)
		return false;
	if (!r->exact || r->kind == POLICY_ROW_OTHER || r->kind == POLICY_ROW_EVIDENCE ||
	    (r->kind == POLICY_ROW_PATHS && p->gone[a] != p->gone[b]))
		return true;
	if (r->kind != POLICY_ROW_PATHS)
		return !same_sets(r, a, b);
	for (size_t k = 0; k < p->row_counts[policy]; k++) {
		const struct policy_row *x = &p->end.rows[policy][k];

		if (!strcmp(x->rule, r->rule) && (!x->exact || !same_sets(x, a, b)))
			return true;
	}
	return false;
}

static bool option_matters(const struct breach *b, uint32_t option)
{
	const struct planning *p = b->p;
	const struct option *o = &p->options.items[option], *now = &p->options.items[b->choice[o->unit]];

	for (uint32_t k = 0; k < p->units.items[o->unit].members; k++)
		if ((!b->related || b->related[p->members[p->units.items[o->unit].first_member + k]]) &&
		    state_matters(p, b->policy, b->row, state_of(p, o, k), state_of(p, now, k)))
			return true;
	return p->units.items[o->unit].link != NO_LINK && o != now && b->row->kind == POLICY_ROW_OTHER;
}

static void cut_otherwise(struct breach *b, const bool *evidence, struct cut *cut)
{
	struct planning *p = b->p;
	struct numbers options = { 0 };

	for (uint32_t o = 0; o < p->options.count; o++)
		if (option_matters(b, o))
			*array_add(&options) = o;
	for (uint32_t k = 0; k < p->task->offers->offer_count && b->row->kind == POLICY_ROW_EVIDENCE; k++)
		if (!evidence[k])
			*array_add(&options) = (uint32_t)p->options.count + k;
	take_options(p, &options, &cut->options, &cut->count);
}

/* ---- links: the fewest that do it ---------------------------------------------------------------------------------------------- */

/* Links, by row of the network's, without any one of which it is not bad - as far as the trials go; NULL: none is needed. */
static bool *fewest_links(struct breach *b, struct arena *a)
{
	uint32_t rows = b->net->table[NET_LINKS].rows, tried = 0;
	bool *kept = arena_array(a, (size_t)rows + 1, sizeof *kept);

	memset(kept, false, rows);
	if (!rows || still_bad(b, net_with_links(a, b->net, kept), NULL))
		return NULL;
	memset(kept, true, rows);
	for (uint32_t size = (rows + 1) / 2;; size = (size + 1) / 2) {
		for (uint32_t from = 0; from < rows && tried < 8 * MOST_TRIALS; from += size) {
			uint32_t to = from + size < rows ? from + size : rows;
			struct arena *trial = arena_new();
			bool *less = arena_array(trial, (size_t)rows + 1, sizeof *less), any = false;

			memcpy(less, kept, rows);
			for (uint32_t i = from; i < to; i++) {
				any = any || kept[i];
				less[i] = false;
			}
			tried += any;
			if (any && still_bad(b, net_with_links(trial, b->net, less), NULL))
				memcpy(kept, less, rows);
			arena_free(trial);
		}
		if (size == 1)
			return kept;
	}
}

/* Sites of the ends: whatever path there is runs between elements at them. */
static bool *sites_of_links(const struct breach *b, struct arena *a, const bool *kept)
{
	const struct net *net = b->net;
	bool *near = arena_array(a, (size_t)net->table[NET_SITES].rows + 1, sizeof *near);

	for (uint32_t i = 0; i < net->table[NET_LINKS].rows; i++)
		for (int e = 0; e < 2 && kept[i]; e++) {
			uint32_t element = net_column(net, NET_LINKS, e ? "b" : "a")->codes[i];
			uint32_t site = net_column(net, NET_ELEMENTS, "site")->codes[element];

			if (CODE_IS_KNOWN(site))
				near[site] = true;
		}
	return near;
}

/* The same link in the network as it stands: the ones that are there keep their order. */
static bool *links_before(const struct breach *b, struct arena *a, const bool *kept)
{
	const struct planning *p = b->p;
	uint32_t rows = p->base->table[NET_LINKS].rows, next = 0;
	const uint32_t *lines = b->net->table[NET_LINKS].lines, *old = p->base->table[NET_LINKS].lines;
	bool *out = arena_array(a, (size_t)rows + 1, sizeof *out);

	for (uint32_t i = 0; i < rows && next < b->net->table[NET_LINKS].rows; i++)
		if (old[i] == lines[next] && p->base->table[NET_LINKS].files[i] == b->net->table[NET_LINKS].files[next])
			out[i] = kept[next++];
	return out;
}

static void cut_links(struct breach *b, struct cut *cut)
{
	struct planning *p = b->p;
	struct arena *a = arena_new();
	struct numbers options = { 0 };
	bool *kept = fewest_links(b, a), *near = kept ? sites_of_links(b, a, kept) : NULL;
	bool *before = kept ? links_before(b, a, kept) : NULL;

	for (uint32_t o = 0; o < p->options.count; o++) {
		const struct option *option = &p->options.items[o];
		const struct unit *u = &p->units.items[option->unit];
		bool at_end = !near;

		for (uint32_t k = 0; k < u->members && !at_end; k++) {
			uint32_t site = element_code(p, "site", p->members[u->first_member + k]);

			at_end = !CODE_IS_KNOWN(site) || near[site];
		}
		if (u->link != NO_LINK ? before && before[u->link] && o != b->choice[option->unit]
				       : at_end && option_matters(b, o))
			*array_add(&options) = o;
	}
	take_options(p, &options, &cut->options, &cut->count);
	arena_free(a);
}

/* ---- while things are changed ------------------------------------------------------------------------------------------------------ */

/* Is a member of a unit another thing in an option than as things stand? */
static bool member_changes(const struct planning *p, uint32_t option, uint32_t place)
{
	const struct option *o = &p->options.items[option];
	const struct option *first = &p->options.items[p->units.items[o->unit].first_option];

	return state_of(p, o, place) != state_of(p, first, place);
}

/* By element of the network before the quarter: what is changed in it, of these units. */
static uint8_t *changing_in(struct breach *b, struct arena *a, const uint32_t *into, const bool *units)
{
	struct planning *p = b->p;
	uint32_t rows = b->net->table[NET_ELEMENTS].rows, row = 0;
	uint8_t *changing = arena_array(a, (size_t)rows + 1, sizeof *changing);

	for (uint32_t e = 0; e < p->elements; e++) {
		uint32_t u = p->unit_of[e];
		uint32_t state = u == NO_UNIT ? e : state_of(p, &p->options.items[b->choice[u]], p->place_of[e]);

		if (p->gone[state])
			continue;
		changing[row] = u != NO_UNIT && units[u] && member_changes(p, into[u], p->place_of[e]);
		row++;
	}
	return changing;
}

/* Does another element stand, or another link, with another option of the unit? */
static bool shape_differs(const struct planning *p, uint32_t option, uint32_t now)
{
	const struct option *a = &p->options.items[option], *b = &p->options.items[now];

	for (uint32_t k = 0; k < p->units.items[a->unit].members; k++)
		if (p->gone[state_of(p, a, k)] != p->gone[state_of(p, b, k)])
			return true;
	return takes_out(p, a) != takes_out(p, b);
}

/* An option in which something that is changed with the unit's is not. */
static bool changes_less(const struct planning *p, uint32_t option, uint32_t than)
{
	const struct unit *u = &p->units.items[p->options.items[option].unit];

	for (uint32_t k = 0; k < u->members; k++)
		if (member_changes(p, than, k) && !member_changes(p, option, k))
			return true;
	return false;
}

/* of: which units are changed in the quarter, into what; the breach's choice and network are those before it. */
static void cut_changing(struct breach *b, const uint32_t *into, bool *of, struct cut *cut)
{
	struct planning *p = b->p;
	struct numbers options = { 0 }, before = { 0 };

	for (uint32_t u = 0, tried = 0; u < p->units.count && tried < MOST_TRIALS; u++) {
		struct arena *a;

		if (!of[u])
			continue;
		tried++;
		a = arena_new();
		of[u] = false;
		of[u] = !still_bad(b, b->net, changing_in(b, a, into, of));
		arena_free(a);
	}
	cut->units = arena_array(p->arena, p->units.count + 1, sizeof *cut->units);
	for (uint32_t u = 0; u < p->units.count; u++) {
		const struct unit *unit = &p->units.items[u];

		if (of[u])
			cut->units[cut->unit_count++] = u;
		for (uint32_t o = unit->first_option; o < unit->first_option + unit->options; o++)
			if (of[u] && o != unit->first_option && changes_less(p, o, into[u]))
				*array_add(&options) = o;
			else if (p->shapes && shape_differs(p, o, b->choice[u]))
				*array_add(&before) = o;
	}
	take_options(p, &options, &cut->options, &cut->count);
	take_options(p, &before, &cut->before, &cut->before_count);
}

/* ---- judging ------------------------------------------------------------------------------------------------------------------ */

/* Without any version is served too, though no row says which version is whose. */
static bool is_served(const struct breach *b)
{
	return b->row->kind == POLICY_ROW_SERVED ||
	       (b->row->kind == POLICY_ROW_OTHER && !strcmp(b->finding->kind, "served"));
}

/* One for each witness. false: the statement is not about single elements. */
static bool add_related(struct breach *b, uint32_t number, size_t row, const bool *evidence)
{
	struct arena *a = arena_new();
	bool *related[MOST_WITNESSES];
	size_t count = b->row->exact ? 0 : witnesses_related(b, a, row, related);

	for (size_t i = 0; i < count; i++) {
		struct cut cut = { .rule = number, .tier = b->tier, .at = b->at };

		b->related = related[i];
		cut_otherwise(b, evidence, &cut);
		*array_add(&b->p->cuts) = cut;
	}
	b->related = NULL;
	arena_free(a);
	return count > 0;
}

static void add_cut(struct breach *b, uint32_t number, size_t row, const bool *evidence)
{
	struct cut cut = { .rule = number, .tier = b->tier, .at = b->at };

	if (is_served(b) && b->row->exact) {
		cut.served = true;
		cut.without = arena_printf(b->p->arena, "%s", b->row->any ? b->finding->subject : "");
		cut_served(b, &cut);
	} else if (b->row->kind == POLICY_ROW_PATHS && b->row->exact) {
		cut_links(b, &cut);
	} else if (add_related(b, number, row, evidence)) {
		return;
	} else {
		cut_otherwise(b, evidence, &cut);
	}
	*array_add(&b->p->cuts) = cut;
}

/* By one policy, with the rules' dates as on a day. */
static bool judge_policy(struct breach *b, struct arena *a, const bool *evidence, bool cut)
{
	struct planning *p = b->p;
	const struct statements *s = statements_at(p, b->at);
	enum tier tier = b->tier;
	struct findings all;
	size_t last = SIZE_MAX;
	bool passes = true;

	findings_by_policy(p, a, b->policy, b->net, b->evidence, true, b->ahead, NULL, &all);
	settle_due(b, a, &all);
	for (size_t k = 0; k < all.count; k++) {
		const struct finding *f = &all.items[k];
		size_t row = finding_is_bad(f, tier) ? row_of_finding(p, b->policy, f) : SIZE_MAX;
		uint32_t number = row != SIZE_MAX ? statement_number(p, b->policy, row) : 0;

		if (row == SIZE_MAX || p->left_out[number] || (!s->binds[number] && !f->worsened))
			continue;
		passes = false;
		b->finding = f;
		b->worse = !s->binds[number];
		b->tier = b->worse ? TIER_NOT_BROKEN : tier; /* what is only possibly worse is not */
		b->row = &s->rows[b->policy][row];
		if (cut && (is_served(b) || row != last)) /* the others' is one for all subjects */
			add_cut(b, number, row, evidence);
		last = row;
	}
	b->worse = false;
	b->tier = tier;
	free(all.items);
	return passes;
}

static bool rules_of_change(const struct planning *p, size_t policy)
{
	for (size_t k = 0; k < p->row_counts[policy]; k++)
		if (p->end.rows[policy][k].kind == POLICY_ROW_CHANGING)
			return true;
	return false;
}

/* What is served in a quarter without that which is changed in it. */
static bool judge_changing(struct breach *b, struct arena *a, const struct chosen *c, bool cut)
{
	struct planning *p = b->p;
	const struct statements *s = statements_at(p, b->at);
	bool *of = arena_array(a, p->units.count + 1, sizeof *of), passes = true, any = false;
	struct findings all;

	for (uint32_t u = 0; u < p->units.count; u++) {
		of[u] = c->quarter[u] == (uint32_t)b->at;
		any = any || of[u];
	}
	if (!any || !rules_of_change(p, b->policy))
		return true;
	b->choice = b->at ? choice_at(p, a, c, b->at - 1) : chosen_new(p).option;
	b->net = net_of_choice(p, a, b->choice);
	findings_by_policy(p, a, b->policy, b->net, b->evidence, true, b->ahead, changing_in(b, a, c->option, of),
			   &all);
	for (size_t k = 0; k < all.count; k++) {
		const struct finding *f = &all.items[k];
		size_t row = finding_is_bad(f, b->tier) ? row_of_finding(p, b->policy, f) : SIZE_MAX;
		struct cut made = { .tier = b->tier, .at = b->at };

		if (row == SIZE_MAX || s->rows[b->policy][row].kind != POLICY_ROW_CHANGING)
			continue;
		made.rule = statement_number(p, b->policy, row);
		if (p->left_out[made.rule] || !s->binds[made.rule])
			continue;
		passes = false;
		b->finding = f;
		if (cut) {
			cut_changing(b, c->option, of, &made);
			*array_add(&p->cuts) = made;
		}
		break;
	}
	free(all.items);
	return passes;
}

bool judge_choice(struct planning *p, enum tier tier, moment at, const struct chosen *c, bool cut)
{
	struct arena *a = arena_new();
	struct breach b = { .p = p, .tier = tier, .at = at, .choice = choice_at(p, a, c, at) };
	int32_t day = day_of(p, at);
	bool passes = true;

	b.net = net_of_choice(p, a, b.choice);
	b.evidence = evidence_with(p, a, c->evidence, NULL, at == AT_END ? INT32_MAX : day);
	for (b.policy = 0; b.policy < p->task->policy_count; b.policy++) {
		b.ahead = day - p->task->on;
		passes &= judge_policy(&b, a, c->evidence, cut);
		if (at == AT_END && b.ahead) {
			b.ahead = 0;
			passes &= judge_policy(&b, a, c->evidence, cut);
		}
	}
	for (b.policy = 0; b.policy < p->task->policy_count && at != AT_END; b.policy++)
		passes &= judge_changing(&b, a, c, cut);
	if (at != AT_END)
		passes &= judge_mixtures(p, tier, at, c, cut);
	arena_free(a);
	return passes;
}
