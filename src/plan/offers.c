/* SPDX-License-Identifier: Apache-2.0 */
/*
 * offers: offers.csv, costs.csv, pairs.csv and crews.csv - what suppliers would deliver at what price, what a swap costs
 * besides, what goes together, and how much can be done when. Vendors and products have to be in the network's tables: an
 * offer from somebody about whom nothing is known can't be judged.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

static const char *const offer_columns[] = {
	"offer",
	"vendor",
	"product",
	"version",
	"function",
	"what",
	"for",
	"cost_low",
	"cost_likely",
	"cost_high",
	"currency",
	"from",
	"available_until",
	"per_quarter",
	"minimum",
	"region",
	"region_fixed",
	"running_per_year",
	"evidence_kind",
	"lead_days",
	"source",
	"reference_point",
};
enum {
	O_OFFER,
	O_VENDOR,
	O_PRODUCT,
	O_VERSION,
	O_FUNCTION,
	O_WHAT,
	O_FOR,
	O_LOW,
	O_LIKELY,
	O_HIGH,
	O_CURRENCY,
	O_FROM,
	O_UNTIL,
	O_PER_QUARTER,
	O_MINIMUM,
	O_REGION,
	O_REGION_FIXED,
	O_RUNNING,
	O_EVIDENCE,
	O_LEAD,
	O_SOURCE,
	O_REFERENCE_POINT,
	O_COLUMNS
};
static const char *const cost_columns[] = { "item", "function", "region", "low", "likely", "high", "source" };
enum { C_ITEM, C_FUNCTION, C_REGION, C_LOW, C_LIKELY, C_HIGH, C_SOURCE, C_COLUMNS };

static const char *const pair_columns[] = { "vendor_a", "function_a", "vendor_b", "function_b", "scope", "relation" };
enum { P_VENDOR_A, P_FUNCTION_A, P_VENDOR_B, P_FUNCTION_B, P_SCOPE, P_RELATION, P_COLUMNS };
static const char *const crew_columns[] = { "region", "quarter", "elements" };
enum { W_REGION, W_QUARTER, W_ELEMENTS, W_COLUMNS };

static const char *const item_names[] = { "removal",   "site-visit",    "dual-running",
					  "write-off", "contract-exit", "border" };
static const char *const scope_names[] = { "site", "cluster", "region", "link" };
static const char *const relation_names[] = { "excludes", "needs" };
static const char *const what_names[] = { "element", "upgrade", "evidence", "restrict", "remove" };

struct table {
	struct arena *arena;
	const struct net *net;
	struct diagnostics *diagnostics;
	const char *file;
	const char *const *names;
	size_t columns;
	uint32_t at[O_COLUMNS]; /* column -> cell; UINT32_MAX: absent */
	const struct csv_cell *cells;
	size_t count;
	size_t width;         /* cells of the header */
	struct place place;   /* of the cell read last */
	struct strs *regions; /* of the network's sites; made when the first one is named */
};

static const char *text(struct table *t, size_t column)
{
	uint32_t at = t->at[column];

	t->place = (struct place){ t->file, t->cells[0].line, t->cells[0].column };
	if (at >= t->count)
		return "";
	t->place = (struct place){ t->file, t->cells[at].line, t->cells[at].column };
	return arena_text(t->arena, t->cells[at].text, t->cells[at].bytes);
}

static bool read_header(struct table *t, struct csv *csv, size_t required_count, const size_t *required)
{
	size_t errors = t->diagnostics->errors;
	bool good = true;

	for (size_t c = 0; c < t->columns; c++)
		t->at[c] = UINT32_MAX;
	if (!csv_row(csv, &t->cells, &t->count) && t->diagnostics->errors > errors)
		return false; /* what no column can be read from is said; an empty file misses them all */
	t->width = t->count;
	for (size_t i = 0; i < t->count; i++) {
		struct place place = { t->file, t->cells[i].line, t->cells[i].column };
		const char *name = arena_text(t->arena, t->cells[i].text, t->cells[i].bytes), *near;
		size_t c = 0;

		while (c < t->columns && strcmp(t->names[c], name))
			c++;
		if (c < t->columns && t->at[c] != UINT32_MAX)
			diagnose(t->diagnostics, SEVERITY_ERROR, "duplicate-column", place,
				 "the column \"%s\" is there twice", name);
		if (c < t->columns) {
			t->at[c] = (uint32_t)i;
			continue;
		}
		near = nearest_text(name, t->names, t->columns);
		diagnose(t->diagnostics, SEVERITY_WARNING, "unknown-column", place,
			 "the column \"%s\" is not read%s%s%s", name, near ? " (did you mean \"" : "", near ? near : "",
			 near ? "\"?)" : "");
	}
	for (size_t k = 0; k < required_count; k++)
		if (t->at[required[k]] == UINT32_MAX) {
			diagnose(t->diagnostics, SEVERITY_ERROR, "missing-column", (struct place){ t->file, 1, 0 },
				 "the column \"%s\" is missing", t->names[required[k]]);
			good = false;
		}
	return good;
}

/* empty where the cell is. Amounts of money and numbers of things are never below zero. */
static int64_t number(struct table *t, size_t column, int64_t empty, int64_t most)
{
	const char *cell = text(t, column);
	int64_t value;

	if (!*cell)
		return empty;
	if (measure_parse(cell, strlen(cell), &value) != NUMBER_OK || value < 0 || value > most) {
		diagnose(t->diagnostics, SEVERITY_ERROR, "bad-number", t->place,
			 "%s has to be a number from 0 to %lld, and \"%s\" is not", t->names[column],
			 (long long)(most / MICRO), cell);
		return empty;
	}
	return value;
}

static int64_t whole(struct table *t, size_t column)
{
	int64_t value = number(t, column, -1, (int64_t)1000000000 * MICRO);

	if (value >= 0 && value % MICRO) {
		diagnose(t->diagnostics, SEVERITY_ERROR, "bad-number", t->place, "%s has to be a whole number",
			 t->names[column]);
		return -1;
	}
	return value < 0 ? -1 : value / MICRO;
}

static int32_t date(struct table *t, size_t column)
{
	const char *cell = text(t, column);
	int32_t days = DATE_NONE;

	if (*cell && !date_parse(cell, strlen(cell), &days)) {
		diagnose(t->diagnostics, SEVERITY_ERROR, "bad-date", t->place,
			 "%s has to be a day that exists, YYYY-MM-DD, and \"%s\" is not", t->names[column], cell);
		return DATE_NONE;
	}
	return days;
}

static struct plan_money money(struct table *t, size_t low, size_t likely, size_t high)
{
	struct plan_money m;

	if (!*text(t, likely)) /* an empty cell is unknown, and what is unknown is not for nothing */
		diagnose(t->diagnostics, SEVERITY_ERROR, "missing-cell", t->place,
			 "%s is empty: say what it costs, 0 if nothing", t->names[likely]);
	m.likely = number(t, likely, 0, MOST_MONEY);
	m.low = number(t, low, m.likely, MOST_MONEY);
	m.high = number(t, high, m.likely, MOST_MONEY);
	if (m.low > m.likely || m.high < m.likely)
		diagnose(t->diagnostics, SEVERITY_ERROR, "bad-number", t->place, "%s, %s and %s have to rise",
			 t->names[low], t->names[likely], t->names[high]);
	return m;
}

static uint32_t reference(struct table *t, size_t column, enum net_table_name table)
{
	const char *cell = text(t, column), *near, **names;
	const struct net_table *rows = &t->net->table[table];
	uint32_t row = *cell ? net_find_text(t->net, table, cell) : CODE_UNKNOWN;
	size_t count = rows->rows < 20000 ? rows->rows : 0;

	if (!*cell || CODE_IS_KNOWN(row))
		return row;
	names = arena_array(t->arena, count + 1, sizeof *names);
	for (size_t i = 0; i < count; i++)
		names[i] = net_id(t->net, table, (uint32_t)i);
	near = nearest_text(cell, names, count);
	diagnose(t->diagnostics, SEVERITY_ERROR, "dangling-reference", t->place, "%s \"%s\" is not in %s%s%s%s",
		 net_table_singular(table), cell, net_table_file(table), near ? " (did you mean \"" : "",
		 near ? near : "", near ? "\"?)" : "");
	return CODE_UNKNOWN;
}

static bool is_region(struct table *t, const char *name, size_t bytes)
{
	const struct net_column *c = net_column(t->net, NET_SITES, "region");
	uint32_t last = CODE_UNKNOWN;

	if (!t->regions) {
		t->regions = strs_new(t->arena);
		for (uint32_t row = 0; row < t->net->table[NET_SITES].rows; row++) {
			if (CODE_IS_KNOWN(c->codes[row]) && c->codes[row] != last)
				strs_id(t->regions, strs_text(t->net->strs, c->codes[row]));
			last = c->codes[row];
		}
	}
	return strs_find(t->regions, name, bytes) != STR_ABSENT;
}

/* Regions that no site is in make a row speak of nobody: a slip, mostly. A name with spaces stands alone in its cell. */
static const char *regions(struct table *t, size_t column, bool several)
{
	const char *cell = text(t, column);

	if (!*cell || is_region(t, cell, strlen(cell)))
		return cell;
	for (const char *word = cell; *word;) {
		size_t bytes = several ? strcspn(word, " ") : strlen(word);
		const char *name = arena_text(t->arena, word, bytes), **names, *near;
		uint32_t count;

		word += bytes;
		word += strspn(word, " ");
		if (is_region(t, name, bytes))
			continue;
		count = strs_count(t->regions);
		names = arena_array(t->arena, count + 1, sizeof *names);
		for (uint32_t i = 0; i < count; i++)
			names[i] = strs_text(t->regions, i);
		near = nearest_text(name, names, count < 20000 ? count : 0);
		diagnose(t->diagnostics, SEVERITY_WARNING, "unknown-region", t->place,
			 "no site is in region \"%s\"%s%s%s", name, near ? " (did you mean \"" : "", near ? near : "",
			 near ? "\"?)" : "");
	}
	return cell;
}

static uint32_t function_of(struct table *t, size_t column)
{
	const char *cell = text(t, column), *near;
	uint32_t f = *cell ? net_function_find(cell) : CODE_UNKNOWN;

	if (!*cell || CODE_IS_KNOWN(f))
		return f;
	near = net_function_nearest(cell);
	diagnose(t->diagnostics, SEVERITY_ERROR, "unknown-function", t->place, "no function is called \"%s\"%s%s%s",
		 cell, near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
	return CODE_UNKNOWN;
}

/* What a restricted link carries afterwards. */
static uint32_t narrowed_to(struct table *t, const char *offer, enum plan_what what)
{
	const char *cell = text(t, O_REFERENCE_POINT);
	uint32_t point = *cell ? net_reference_point_find(cell) : CODE_UNKNOWN;

	if (*cell && !CODE_IS_KNOWN(point))
		diagnose(t->diagnostics, SEVERITY_ERROR, "unknown-reference-point", t->place,
			 "no reference point is called \"%s\"", cell);
	else if (*cell && what != PLAN_RESTRICT)
		diagnose(t->diagnostics, SEVERITY_ERROR, "bad-word", t->place,
			 "offer \"%s\" has a reference_point, which only what is restrict can have", offer);
	return point;
}

/* One of a few words; count where it is none, and diagnosed. */
static size_t word_of(struct table *t, size_t column, const char *what, const char *const *words, size_t count)
{
	const char *cell = text(t, column), *near;
	size_t i = 0;

	while (i < count && strcmp(cell, words[i]))
		i++;
	if (i == count) {
		near = nearest_text(cell, words, count);
		diagnose(t->diagnostics, SEVERITY_ERROR, "bad-word", t->place, "%s, not \"%s\"%s%s%s", what, cell,
			 near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
	}
	return i;
}

/* What an offer lacks or says twice. */
static void check_offer(struct table *t, struct plan_offer *o, size_t errors_before)
{
	const struct net_column *vendors = net_column(t->net, NET_PRODUCTS, "vendor");
	uint32_t of = CODE_IS_KNOWN(o->product) ? vendors->codes[o->product] : CODE_UNKNOWN;

	if (!CODE_IS_KNOWN(o->vendor))
		o->vendor = of;
	if (CODE_IS_KNOWN(of) && o->vendor != of)
		diagnose(t->diagnostics, SEVERITY_ERROR, "vendor-differs", o->place,
			 "offer \"%s\": product \"%s\" is of vendor \"%s\", not \"%s\"", o->name,
			 net_id(t->net, NET_PRODUCTS, o->product), net_id(t->net, NET_VENDORS, of),
			 net_id(t->net, NET_VENDORS, o->vendor));
	if (o->from != DATE_NONE && o->until != DATE_NONE && o->until < o->from)
		diagnose(t->diagnostics, SEVERITY_ERROR, "date-order", o->place, "offer \"%s\" ends before it begins",
			 o->name);
	if (t->diagnostics->errors != errors_before)
		return;
	if (o->what == PLAN_RESTRICT)
		return;
	if (o->what == PLAN_REMOVE) {
		if (!CODE_IS_KNOWN(o->function))
			diagnose(t->diagnostics, SEVERITY_ERROR, "incomplete-offer", o->place,
				 "offer \"%s\" does not say for which function", o->name);
		return;
	}
	if (!CODE_IS_KNOWN(o->vendor))
		diagnose(t->diagnostics, SEVERITY_ERROR, "incomplete-offer", o->place,
			 "offer \"%s\" names neither a vendor nor a product", o->name);
	else if (o->what == PLAN_SWAP && !CODE_IS_KNOWN(o->function))
		diagnose(t->diagnostics, SEVERITY_ERROR, "incomplete-offer", o->place,
			 "offer \"%s\" does not say for which function", o->name);
	else if (o->what == PLAN_UPGRADE && o->version == CODE_NONE)
		diagnose(t->diagnostics, SEVERITY_ERROR, "incomplete-offer", o->place,
			 "offer \"%s\" does not say to which version", o->name);
	else if (o->what == PLAN_EVIDENCE && (!CODE_IS_KNOWN(o->product) || !*o->evidence_kind))
		diagnose(t->diagnostics, SEVERITY_ERROR, "incomplete-offer", o->place,
			 "offer \"%s\" needs a product and an evidence_kind, because evidence is about a product",
			 o->name);
}

static void read_currency(struct table *t, struct plan_offers *all)
{
	const char *cell = text(t, O_CURRENCY);

	if (!*cell)
		return;
	if (*all->currency && strcmp(all->currency, cell))
		diagnose(t->diagnostics, SEVERITY_ERROR, "two-currencies", t->place,
			 "a case has one currency: \"%s\" here, \"%s\" above", cell, all->currency);
	all->currency = cell;
}

static void read_offer(struct table *t, struct plan_offers *all, struct strs *names)
{
	struct plan_offer o = { .name = text(t, O_OFFER), .place = t->place };
	const char *version = text(t, O_VERSION);
	size_t before = t->diagnostics->errors, what;

	if (!*o.name) {
		diagnose(t->diagnostics, SEVERITY_ERROR, "empty-key", t->place, "an offer without a name");
		return;
	}
	if (strs_find(names, o.name, strlen(o.name)) != STR_ABSENT) {
		diagnose(t->diagnostics, SEVERITY_ERROR, "duplicate-id", o.place, "two offers are called \"%s\"",
			 o.name);
		return;
	}
	strs_id(names, o.name);
	what = word_of(t, O_WHAT, "what is element, upgrade, evidence, restrict or remove", what_names, PLAN_WHATS);
	if (what == PLAN_WHATS)
		return;
	o.what = (enum plan_what)what;
	o.vendor = reference(t, O_VENDOR, NET_VENDORS);
	o.product = reference(t, O_PRODUCT, NET_PRODUCTS);
	o.version = *version && strcmp(version, "none") ? strs_id(t->net->strs, version) : CODE_NONE;
	o.function = function_of(t, O_FUNCTION);
	o.words = text(t, O_FOR);
	o.cost = money(t, O_LOW, O_LIKELY, O_HIGH);
	o.region_fixed = number(t, O_REGION_FIXED, 0, MOST_MONEY);
	o.running_per_year = number(t, O_RUNNING, 0, MOST_MONEY / 100);
	o.from = date(t, O_FROM);
	o.until = date(t, O_UNTIL);
	o.per_quarter = whole(t, O_PER_QUARTER);
	o.minimum = whole(t, O_MINIMUM);
	o.regions = regions(t, O_REGION, true);
	o.evidence_kind = text(t, O_EVIDENCE);
	o.lead_days = whole(t, O_LEAD);
	o.source = text(t, O_SOURCE);
	o.reference_point = narrowed_to(t, o.name, o.what);
	read_currency(t, all);
	check_offer(t, &o, before);
	all->offers[all->offer_count++] = o;
}

static void read_line(struct table *t, struct plan_offers *all)
{
	struct plan_cost_line l = { .cost = { 0, 0, 0 } };
	size_t i = word_of(t, C_ITEM, "item is removal, site-visit, dual-running, write-off, contract-exit or border",
			   item_names, PLAN_COST_ITEMS);

	l.place = t->place;
	if (i == PLAN_COST_ITEMS)
		return;
	l.item = (enum plan_cost_item)i;
	l.function = function_of(t, C_FUNCTION);
	l.region = regions(t, C_REGION, false);
	l.cost = money(t, C_LOW, C_LIKELY, C_HIGH);
	l.source = text(t, C_SOURCE);
	for (size_t k = 0; k < all->line_count; k++)
		if (all->lines[k].item == l.item && all->lines[k].function == l.function &&
		    !strcmp(all->lines[k].region, l.region))
			diagnose(t->diagnostics, SEVERITY_ERROR, "duplicate-id", l.place,
				 "%s of this function and region stands on line %u already", item_names[i],
				 all->lines[k].place.line);
	all->lines[all->line_count++] = l;
}

static void read_pair(struct table *t, struct plan_offers *all)
{
	struct plan_pair p = { .vendor_a = reference(t, P_VENDOR_A, NET_VENDORS) };
	struct place of_b;
	size_t scope, relation;

	p.function_a = function_of(t, P_FUNCTION_A);
	p.place = t->place;
	p.vendor_b = reference(t, P_VENDOR_B, NET_VENDORS);
	p.function_b = function_of(t, P_FUNCTION_B);
	of_b = t->place;
	scope = word_of(t, P_SCOPE, "scope is site, cluster, region or link", scope_names, PLAN_SCOPES);
	relation = word_of(t, P_RELATION, "relation is excludes or needs", relation_names, PLAN_RELATIONS);
	if (scope == PLAN_SCOPES || relation == PLAN_RELATIONS)
		return;
	p.scope = (enum plan_scope)scope;
	p.relation = (enum plan_relation)relation;
	if (!CODE_IS_KNOWN(p.function_a) || !CODE_IS_KNOWN(p.function_b)) {
		diagnose(t->diagnostics, SEVERITY_ERROR, "incomplete-pair",
			 CODE_IS_KNOWN(p.function_a) ? of_b : p.place,
			 "a pair needs function_a and function_b; a vendor that is left out means any");
		return;
	}
	all->pairs[all->pair_count++] = p;
}

static bool is_quarter(const char *cell)
{
	return strlen(cell) == 7 && strspn(cell, "0123456789") == 4 && !strncmp(cell + 4, "-Q", 2) && cell[6] >= '1' &&
	       cell[6] <= '4';
}

static void read_crew(struct table *t, struct plan_offers *all)
{
	struct plan_crew c = { .region = regions(t, W_REGION, false), .quarter = text(t, W_QUARTER) };

	if (*c.quarter && !is_quarter(c.quarter))
		diagnose(t->diagnostics, SEVERITY_ERROR, "bad-word", t->place,
			 "quarter is a calendar quarter such as 2026-Q3, or empty for each, not \"%s\"", c.quarter);
	c.elements = whole(t, W_ELEMENTS);
	c.place = t->place;
	if (!*text(t, W_ELEMENTS))
		diagnose(t->diagnostics, SEVERITY_ERROR, "bad-number", t->place,
			 "elements has to say how many can be changed");
	for (size_t k = 0; k < all->crew_count; k++)
		if (!strcmp(all->crews[k].region, c.region) && !strcmp(all->crews[k].quarter, c.quarter))
			diagnose(t->diagnostics, SEVERITY_ERROR, "duplicate-id", c.place,
				 "this region and quarter stand on line %u already", all->crews[k].place.line);
	all->crews[all->crew_count++] = c;
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

/* A row goes to the list that its file fills. */
static void row_of_offers(struct table *t, struct plan_offers *all, struct strs *names)
{
	all->offers = array_more(all->offers, &all->offer_room, all->offer_count, sizeof *all->offers);
	read_offer(t, all, names);
}

static void row_of_costs(struct table *t, struct plan_offers *all, struct strs *names)
{
	(void)names;
	all->lines = array_more(all->lines, &all->line_room, all->line_count, sizeof *all->lines);
	read_line(t, all);
}

static void row_of_pairs(struct table *t, struct plan_offers *all, struct strs *names)
{
	(void)names;
	all->pairs = array_more(all->pairs, &all->pair_room, all->pair_count, sizeof *all->pairs);
	read_pair(t, all);
}

static void row_of_crews(struct table *t, struct plan_offers *all, struct strs *names)
{
	(void)names;
	all->crews = array_more(all->crews, &all->crew_room, all->crew_count, sizeof *all->crews);
	read_crew(t, all);
}

static const struct format {
	const char *const *columns;
	size_t column_count, required[4], required_count;
	void (*row)(struct table *, struct plan_offers *, struct strs *names);
} formats[] = {
	{ offer_columns, O_COLUMNS, { O_OFFER, O_WHAT, O_LIKELY }, 3, row_of_offers },
	{ cost_columns, C_COLUMNS, { C_ITEM, C_LIKELY }, 2, row_of_costs },
	{ pair_columns, P_COLUMNS, { P_FUNCTION_A, P_FUNCTION_B, P_SCOPE, P_RELATION }, 4, row_of_pairs },
	{ crew_columns, W_COLUMNS, { W_ELEMENTS }, 1, row_of_crews },
};

static void read_file(struct arena *a, const struct net *net, struct source *source, const struct format *format,
		      struct plan_offers *all, struct diagnostics *d)
{
	struct table t = {
		.arena = a, .net = net, .diagnostics = d, .names = format->columns, .columns = format->column_count
	};
	struct csv *csv;
	struct strs *names = strs_new(a);
	size_t rows = 0;

	if (!source)
		return;
	t.file = source_name(source);
	csv = csv_open(a, source, d);
	if (!read_header(&t, csv, format->required_count, format->required))
		return;
	while (csv_row(csv, &t.cells, &t.count)) {
		if (++rows > MOST_OFFERS) {
			diagnose(d, SEVERITY_ERROR, "too-many-rows", (struct place){ t.file, t.cells[0].line, 0 },
				 "more than %d rows", MOST_OFFERS);
			return;
		}
		if (t.count > t.width)
			diagnose(d, SEVERITY_ERROR, "too-many-cells",
				 (struct place){ t.file, t.cells[t.width].line, t.cells[t.width].column },
				 "this row has %zu cells, its header %zu", t.count, t.width);
		else
			format->row(&t, all, names);
	}
}

static void free_offers(void *context)
{
	struct plan_offers *all = context;

	free(all->offers);
	free(all->lines);
	free(all->pairs);
	free(all->crews);
}

struct plan_offers *plan_offers_load(struct arena *a, const struct net *net, const struct plan_sources *from,
				     struct diagnostics *d)
{
	struct plan_offers *all = arena_alloc(a, sizeof *all);
	size_t before = d->errors;

	arena_at_free(a, free_offers, all);
	all->currency = "";
	read_file(a, net, from->offers, &formats[0], all, d);
	read_file(a, net, from->costs, &formats[1], all, d);
	read_file(a, net, from->pairs, &formats[2], all, d);
	read_file(a, net, from->crews, &formats[3], all, d);
	return d->errors == before ? all : NULL;
}
