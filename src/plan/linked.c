/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linked: taking out links or what they end at must not leave a site of the access network without any link that it has today.
 * Of a site without links nobody can say who serves it: a rule that was broken would then be unknown, and nothing mended.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/build.h"

struct ends {
	uint32_t place, link; /* a site, or behind the sites an element that is at none */
};

static int by_place(const void *a, const void *b)
{
	const struct ends *x = a, *y = b;

	return x->place != y->place ? (x->place < y->place ? -1 : 1) : (x->link > y->link) - (x->link < y->link);
}

static uint32_t place_of_element(const struct planning *p, uint32_t element)
{
	uint32_t site = element_code(p, "site", element);

	return CODE_IS_KNOWN(site) ? site : p->base->table[NET_SITES].rows + element;
}

static uint32_t end_of(const struct planning *p, uint32_t link, int end)
{
	return net_column(p->base, NET_LINKS, end ? "b" : "a")->codes[link];
}

/* Of the network as it stands: which elements can be taken away, and by which unit a link can be taken out. */
struct leaving {
	bool *elements;
	uint32_t *links; /* NO_UNIT: by none */
	bool any;
};

static struct leaving leaving_make(const struct building *x)
{
	const struct planning *p = x->p;
	uint32_t links = p->base->table[NET_LINKS].rows;
	struct leaving l = { .elements = arena_array(x->arena, (size_t)p->elements + 1, sizeof *l.elements),
			     .links = arena_array(x->arena, (size_t)links + 1, sizeof *l.links) };

	memset(l.links, 0xff, (size_t)links * sizeof *l.links);
	for (uint32_t o = 0; o < p->options.count; o++) {
		const struct unit *u = &p->units.items[p->options.items[o].unit];

		if (u->link != NO_LINK && takes_out(p, &p->options.items[o]))
			l.links[u->link] = p->options.items[o].unit;
		for (uint32_t k = 0; k < u->members && p->shapes; k++) {
			uint32_t e = p->members[u->first_member + k];

			if (e < p->real && p->gone[state_of(p, &p->options.items[o], k)])
				l.any = l.elements[e] = true;
		}
		l.any = l.any || (u->link != NO_LINK && takes_out(p, &p->options.items[o]));
	}
	return l;
}

/* The options of its unit in which an element is there, or a link is not taken out. */
static void factor(struct building *x, uint32_t unit, uint32_t element, struct line *out)
{
	const struct planning *p = x->p;

	for (uint32_t v = x->b->first_var[unit]; v < x->b->first_var[unit + 1]; v++) {
		const struct option *o = &p->options.items[option_of_var(x, &x->b->vars.items[v])];

		if (element == CODE_UNKNOWN ? !takes_out(p, o) : !p->gone[state_of(p, o, p->place_of[element])])
			line_add(out, v, 1);
	}
}

/* Adds to the line 1 at most if the link stands: itself, and both its ends. */
static void add_link(struct building *x, const struct leaving *l, uint32_t link, struct line *to)
{
	struct line of[3] = { { .constant = 0 } };
	size_t count = 0;
	uint32_t z;

	if (l->links[link] != NO_UNIT)
		factor(x, l->links[link], CODE_UNKNOWN, &of[count++]);
	for (int e = 0; e < 2; e++)
		if (l->elements[end_of(x->p, link, e)])
			factor(x, x->p->unit_of[end_of(x->p, link, e)], end_of(x->p, link, e), &of[count++]);
	if (count == 1) {
		for (size_t i = 0; i < of[0].entries.count; i++)
			line_add(to, of[0].entries.items[i].option, 1);
	} else {
		solve_unit_add(x->m);
		solve_option_add(x->m, 0, SOLVE_NO_LABEL);
		z = solve_option_add(x->m, 0, SOLVE_NO_LABEL);
		line_add(to, z, 1);
		for (size_t i = 0; i < count; i++) {
			line_add(&of[i], z, -1);
			line_to_row(x, &of[i], SOLVE_AT_LEAST, 0, SOLVE_NO_RULE);
		}
	}
	line_free(of, count);
}

static bool always_stands(const struct planning *p, const struct leaving *l, uint32_t link)
{
	return l->links[link] == NO_UNIT && !l->elements[end_of(p, link, 0)] && !l->elements[end_of(p, link, 1)];
}

/* Where an element of the access network stands, a link does. */
static void keep_linked(struct building *x, const struct leaving *l, const struct line *links, uint32_t element)
{
	struct line row = { .constant = 0 };

	x->because = net_place(x->p->base, NET_ELEMENTS, element);
	for (size_t i = 0; i < links->entries.count; i++)
		line_add(&row, links->entries.items[i].option, 1);
	if (l->elements[element]) {
		struct line here = { .constant = 0 };

		factor(x, x->p->unit_of[element], element, &here);
		for (size_t i = 0; i < here.entries.count; i++)
			line_add(&row, here.entries.items[i].option, -1);
		line_free(&here, 1);
	}
	line_to_row(x, &row, SOLVE_AT_LEAST, l->elements[element] ? 0 : 1, SOLVE_NO_RULE);
	x->because = (struct place){ 0 };
	line_free(&row, 1);
}

/* elements: of the access network there. */
static void build_place(struct building *x, const struct leaving *l, const struct ends *ends, size_t count,
			const uint32_t *elements, size_t element_count)
{
	struct line links = { .constant = 0 };

	for (size_t i = 0; i < count; i++)
		if (always_stands(x->p, l, ends[i].link))
			return;
	for (size_t i = 0; i < count && element_count; i++)
		if (!i || ends[i].link != ends[i - 1].link)
			add_link(x, l, ends[i].link, &links);
	for (size_t i = 0; i < element_count; i++)
		keep_linked(x, l, &links, elements[i]);
	line_free(&links, 1);
}

/* Elements of the access network, in order of place. */
static struct ends *access_elements(const struct building *x, size_t *count)
{
	const struct planning *p = x->p;
	struct ends *all = arena_array(x->arena, (size_t)p->real + 1, sizeof *all);

	*count = 0;
	for (uint32_t e = 0; e < p->real; e++)
		if (element_code(p, "layer", e) == LAYER_ACCESS)
			all[(*count)++] = (struct ends){ place_of_element(p, e), e };
	if (*count)
		qsort(all, *count, sizeof *all, by_place);
	return all;
}

void build_linked(struct building *x)
{
	const struct planning *p = x->p;
	struct leaving l = leaving_make(x);
	size_t links = p->base->table[NET_LINKS].rows, access_count, at = 0;
	struct ends *ends, *access;
	uint32_t *here;

	if (!links || !l.any)
		return;
	ends = arena_array(x->arena, links * 2, sizeof *ends);
	access = access_elements(x, &access_count);
	here = arena_array(x->arena, access_count + 1, sizeof *here);
	for (size_t i = 0; i < links * 2; i++)
		ends[i] = (struct ends){ place_of_element(p, end_of(p, (uint32_t)(i / 2), i % 2)), (uint32_t)(i / 2) };
	qsort(ends, links * 2, sizeof *ends, by_place);
	for (size_t i = 0, to; i < links * 2; i = to) {
		size_t n = 0;

		for (to = i; to < links * 2 && ends[to].place == ends[i].place;)
			to++;
		while (at < access_count && access[at].place < ends[i].place)
			at++;
		for (; at < access_count && access[at].place == ends[i].place; at++)
			here[n++] = access[at].link;
		if (n)
			build_place(x, &l, ends + i, to - i, here, n);
	}
}
