/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unit: elements that share a `group` or a `cluster` have one vendor and choose together. A unit's options: as things stand,
 * upgrades within it, or all of it one vendor's. Elements that are alike in a unit (function, product, version, offers) get
 * the same, so a cluster of a hundred sites has a handful of options.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

static uint32_t root(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

/* Elements of one code are joined; codes are below count. */
static void join(struct planning *p, const uint32_t *codes, uint32_t count, uint32_t *parent)
{
	uint32_t *first = arena_array(p->scratch, (size_t)count + 1, sizeof *first); /* code -> element + 1 */

	for (uint32_t i = 0; i < p->elements; i++) {
		uint32_t code = codes[i], a, b;

		if (!CODE_IS_KNOWN(code))
			continue;
		if (!first[code]) {
			first[code] = i + 1;
			continue;
		}
		a = root(parent, first[code] - 1);
		b = root(parent, i);
		parent[a > b ? a : b] = a > b ? b : a;
	}
}

struct kind {             /* elements of a unit that are alike */
	uint32_t element; /* the first of them */
	uint32_t vendor;
};

struct making {
	struct planning *p;
	struct unit *unit;
	struct kind *kinds;
	uint32_t kind_count;
	uint32_t *kind_of; /* by place in the unit */
	uint32_t *pick;    /* kind -> which clone: 0 as it stands, 1 the first ... */
	bool too_dear, too_many;
};

static uint32_t code_of(const struct planning *p, const char *column, uint32_t i)
{
	return net_column(p->base, NET_ELEMENTS, column)->codes[i];
}

static bool alike(const struct planning *p, uint32_t a, uint32_t b)
{
	static const char *const columns[] = { "function", "vendor", "product", "version" };
	uint32_t n = p->first_clone[a + 1] - p->first_clone[a];

	if (n != p->first_clone[b + 1] - p->first_clone[b])
		return false;
	for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
		if (code_of(p, columns[c], a) != code_of(p, columns[c], b))
			return false;
	for (uint32_t k = 0; k < n; k++)
		if (p->offer_of[p->first_clone[a] + k] != p->offer_of[p->first_clone[b] + k])
			return false;
	return true;
}

static void kinds_make(struct making *m)
{
	struct planning *p = m->p;

	m->kinds = arena_array(p->scratch, m->unit->members, sizeof *m->kinds);
	m->kind_of = arena_array(p->scratch, m->unit->members, sizeof *m->kind_of);
	m->pick = arena_array(p->scratch, m->unit->members, sizeof *m->pick);
	m->kind_count = 0;
	for (uint32_t i = 0; i < m->unit->members; i++) {
		uint32_t e = p->members[m->unit->first_member + i], k = 0;

		while (k < m->kind_count && !alike(p, m->kinds[k].element, e))
			k++;
		if (k == m->kind_count)
			m->kinds[m->kind_count++] = (struct kind){ e, code_of(p, "vendor", e) };
		m->kind_of[i] = k;
	}
}

struct plan_money price_of_member(const struct planning *p, const struct option *o, uint32_t i)
{
	const uint32_t *site = net_column(p->base, NET_ELEMENTS, "site")->codes;
	const struct unit *u = &p->units.items[o->unit];
	struct plan_money m = price_of_state(p, state_of(p, o, i)), visit = price_of_visit(p, state_of(p, o, i));
	uint32_t at = site[p->members[u->first_member + i]];
	bool visited = !visit.high;

	for (uint32_t k = 0; k < i && !visited && CODE_IS_KNOWN(at); k++)
		visited = site[p->members[u->first_member + k]] == at && price_of_visit(p, state_of(p, o, k)).high > 0;
	if (!visited)
		money_add(&m, &visit);
	return m;
}

static void option_add(struct making *m)
{
	struct planning *p = m->p;
	struct option *o;

	if (p->options.count - m->unit->first_option >= MOST_CHOICES) {
		m->too_many = true;
		return;
	}
	o = array_add(&p->options);
	o->unit = (uint32_t)(m->unit - p->units.items);
	o->offer = NO_OFFER;
	o->first_state = p->states.count;
	for (uint32_t i = 0; i < m->unit->members; i++) {
		uint32_t e = p->members[m->unit->first_member + i], pick = m->pick[m->kind_of[i]];

		*array_add(&p->states) = pick ? p->first_clone[e] + pick - 1 : e;
	}
	for (uint32_t i = 0; i < m->unit->members && !m->too_dear; i++) {
		struct plan_money one = price_of_member(p, o, i);

		money_add(&o->cost, &one);
		m->too_dear = o->cost.high > SOLVE_MOST_COST;
	}
	m->unit->options++;
}

/* Does any element end with another vendor than it has? If not, the option is there already. */
static bool changes_vendor(const struct making *m, uint32_t vendor)
{
	const struct planning *p = m->p;

	for (uint32_t k = 0; k < m->kind_count; k++) {
		uint32_t pick = m->pick[k];

		if (m->kinds[k].vendor != vendor &&
		    !p->gone[pick ? p->first_clone[m->kinds[k].element] + pick - 1 : m->kinds[k].element])
			return true;
	}
	return false;
}

/* Each kind keeps or takes an offer; vendor CODE_UNKNOWN: nobody changes vendor, else all end with this one. */
static void options_from(struct making *m, uint32_t kind, uint32_t vendor)
{
	struct planning *p = m->p;
	const struct kind *k = &m->kinds[kind];
	uint32_t first, count;

	if (m->too_many)
		return;
	if (kind == m->kind_count) {
		if (vendor == CODE_UNKNOWN || changes_vendor(m, vendor))
			option_add(m);
		return;
	}
	first = p->first_clone[k->element];
	count = p->first_clone[k->element + 1] - first;
	for (uint32_t c = 0; c <= count; c++) {
		uint32_t after = k->vendor;
		bool gone = p->gone[c ? first + c - 1 : k->element];

		if (c)
			after = p->task->offers->offers[p->offer_of[first + c - 1]].vendor;
		if (!gone && after != (vendor == CODE_UNKNOWN ? k->vendor : vendor))
			continue; /* what is not there is nobody's */
		m->pick[kind] = c;
		options_from(m, kind + 1, vendor);
	}
	m->pick[kind] = 0;
}

static void options_make(struct making *m)
{
	struct planning *p = m->p;
	uint32_t vendors = p->base->table[NET_VENDORS].rows;
	bool *offered = arena_array(p->scratch, (size_t)vendors + 1, sizeof *offered);

	kinds_make(m);
	options_from(m, 0, CODE_UNKNOWN);
	for (uint32_t k = 0; k < m->kind_count; k++)
		for (uint32_t c = p->first_clone[m->kinds[k].element]; c < p->first_clone[m->kinds[k].element + 1]; c++)
			if (!p->gone[c])
				offered[p->task->offers->offers[p->offer_of[c]].vendor] = true;
	for (uint32_t v = 0; v < vendors; v++) {
		bool all = true;

		for (uint32_t k = 0; k < m->kind_count; k++)
			all = all && m->kinds[k].vendor == v;
		if (offered[v] && !all)
			options_from(m, 0, v);
	}
}

/* Members in order of their unit, units in order of their first element. */
static void members_make(struct planning *p, uint32_t *parent)
{
	uint32_t *unit_of_root = arena_array(p->scratch, (size_t)p->elements + 1, sizeof *unit_of_root), *fill;
	uint8_t *offered = arena_alloc(p->scratch, (size_t)p->elements + 1);

	for (uint32_t i = 0; i < p->elements; i++)
		if (p->first_clone[i + 1] > p->first_clone[i] ||
		    (p->neighbour_count && CODE_IS_KNOWN(p->cluster_of[i])))
			offered[root(parent, i)] = 1;
	for (uint32_t i = 0; i < p->elements; i++) {
		uint32_t r = root(parent, i);

		p->unit_of[i] = NO_UNIT;
		if (!offered[r])
			continue;
		if (!unit_of_root[r]) {
			array_add(&p->units)->link = NO_LINK;
			unit_of_root[r] = (uint32_t)p->units.count;
		}
		p->unit_of[i] = unit_of_root[r] - 1;
		p->units.items[p->unit_of[i]].members++;
	}
	fill = arena_array(p->scratch, p->units.count + 1, sizeof *fill);
	for (size_t u = 1; u < p->units.count; u++)
		fill[u] = p->units.items[u].first_member =
			p->units.items[u - 1].first_member + p->units.items[u - 1].members;
	for (uint32_t i = 0; i < p->elements; i++)
		if (p->unit_of[i] != NO_UNIT) {
			uint32_t at = fill[p->unit_of[i]]++;

			p->place_of[i] = at - p->units.items[p->unit_of[i]].first_member;
			p->members[at] = i;
		}
}

/* A link that somebody offers to take out: kept, or restricted by one of the offers. */
static void link_unit(struct planning *p, uint32_t link, const uint32_t *offers, uint32_t count)
{
	uint32_t unit = (uint32_t)p->units.count;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t k = offers[i];

		if (!offer_fits_link(p, &p->task->offers->offers[k], link))
			continue;
		if (p->units.count == unit) {
			*array_add(&p->units) =
				(struct unit){ .first_option = (uint32_t)p->options.count, .link = link };
			*array_add(&p->options) = (struct option){ .unit = unit, .offer = NO_OFFER };
		}
		*array_add(&p->options) =
			(struct option){ .unit = unit, .offer = k, .cost = price_of_restriction(p, k) };
		p->shapes = true;
	}
	if (p->units.count > unit)
		p->units.items[unit].options = (uint32_t)p->options.count - p->units.items[unit].first_option;
}

static void link_units(struct planning *p)
{
	const struct plan_offers *all = p->task->offers;
	uint32_t *offers = arena_array(p->scratch, all->offer_count + 1, sizeof *offers), count = 0;

	for (uint32_t k = 0; k < all->offer_count; k++)
		if (all->offers[k].what == PLAN_RESTRICT)
			offers[count++] = k;
	for (uint32_t i = 0; i < p->base->table[NET_LINKS].rows && count; i++)
		link_unit(p, i, offers, count);
}

bool option_changes(const struct planning *p, uint32_t option)
{
	return option != p->units.items[p->options.items[option].unit].first_option;
}

uint32_t option_elements(const struct planning *p, const struct option *o)
{
	uint32_t count = 0;

	for (uint32_t k = 0; k < p->units.items[o->unit].members; k++)
		count += p->offer_of[state_of(p, o, k)] != NO_OFFER;
	return count;
}

static size_t regions_of(const struct planning *p)
{
	const struct net_column *region = net_column(p->base, NET_SITES, "region");
	bool *seen = arena_array(p->scratch, (size_t)strs_count(p->base->strs) + 1, sizeof *seen);
	size_t count = 1; /* the unknown one */

	for (uint32_t s = 0; region && region->codes && s < p->base->table[NET_SITES].rows; s++)
		if (CODE_IS_KNOWN(region->codes[s]) && !seen[region->codes[s]]) {
			seen[region->codes[s]] = true;
			count++;
		}
	return count;
}

/* Could everything be done at its dearest, and the sum still be told? */
static bool sum_can_be_told(struct planning *p)
{
	const struct plan_offers *all = p->task->offers;
	struct plan_money border;
	wide sum = 0, regions = (wide)regions_of(p);
	char money[64];

	for (size_t u = 0; u < p->units.count; u++) {
		const struct unit *unit = &p->units.items[u];
		int64_t most = 0;

		for (uint32_t o = unit->first_option; o < unit->first_option + unit->options; o++)
			most = p->options.items[o].cost.high > most ? p->options.items[o].cost.high : most;
		sum += most;
	}
	for (size_t k = 0; k < all->offer_count; k++)
		sum += (wide)all->offers[k].region_fixed * regions +
		       (all->offers[k].what == PLAN_EVIDENCE ? all->offers[k].cost.high : 0);
	if (all->offer_count && price_of_border(p, &border))
		sum += (wide)border.high * (wide)p->neighbour_count;
	if (sum <= MOST_SUM)
		return true;
	micro_print_grouped(MOST_SUM, money);
	diagnose(p->diagnostics, SEVERITY_ERROR, "too-much-money", all->offers[0].place,
		 "all that is offered could cost more than %s together: say prices in thousands or millions", money);
	return false;
}

static bool too_dear(struct planning *p, const struct unit *unit)
{
	char money[64];

	micro_print_grouped(SOLVE_MOST_COST, money);
	diagnose(p->diagnostics, SEVERITY_ERROR, "too-much-money",
		 net_place(p->base, NET_ELEMENTS, p->members[unit->first_member]),
		 "to change the group of element \"%s\" could cost more than %s: say prices in thousands or millions",
		 net_id(p->base, NET_ELEMENTS, p->members[unit->first_member]), money);
	return false;
}

bool units_make(struct planning *p)
{
	uint32_t *parent = arena_array(p->scratch, (size_t)p->elements + 1, sizeof *parent);
	const struct net_column *group;

	p->unit_of = arena_array(p->arena, (size_t)p->elements + 1, sizeof *p->unit_of);
	p->place_of = arena_array(p->arena, (size_t)p->elements + 1, sizeof *p->place_of);
	p->members = arena_array(p->arena, (size_t)p->elements + 1, sizeof *p->members);
	for (uint32_t i = 0; i < p->elements; i++)
		parent[i] = i;
	group = net_column(p->base, NET_ELEMENTS, "group");
	if (group && group->codes && group->type == TYPE_TEXT)
		join(p, group->codes, strs_count(p->base->strs), parent);
	if (p->cluster_of)
		join(p, p->cluster_of, p->cluster_count, parent);
	members_make(p, parent);
	for (size_t u = 0; u < p->units.count; u++) {
		struct making m = { .p = p, .unit = &p->units.items[u] };

		m.unit->first_option = (uint32_t)p->options.count;
		options_make(&m);
		if (m.too_dear)
			return too_dear(p, m.unit);
		if (m.too_many) {
			diagnose(p->diagnostics, SEVERITY_ERROR, "too-many-choices",
				 net_place(p->base, NET_ELEMENTS, p->members[m.unit->first_member]),
				 "the group of element \"%s\" could be changed in more than %d ways: give offers for "
				 "fewer of its %u elements",
				 net_id(p->base, NET_ELEMENTS, p->members[m.unit->first_member]), MOST_CHOICES,
				 m.unit->members);
			return false;
		}
	}
	link_units(p);
	return sum_can_be_told(p);
}
