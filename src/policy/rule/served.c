/* SPDX-License-Identifier: Apache-2.0 */
/*
 * served: `require p% of M served for SERVICE without any vendor|...|SET` - take each away and see which sites still reach what
 * they need. All scenarios go through the network together: a word an element, a bit a scenario. Links have no direction, so reaching
 * is being in one component: the main one, flooded once for all scenarios from an element of a needed function, and whatever
 * other components still have all that a service needs, looked at one by one. What may or may not fall has two scenarios, low (it
 * falls) and high (it stands).
 */
#include <stdlib.h>
#include <string.h>

#include "policy/rule/flood.h"
#include "policy/rule/kinds.h"

/* TS 23.501 clause 4.2.3 (5GS) and TS 23.401 clause 4.2.1 (EPS): without these no session can be set up. */
static const struct {
	const char *name;
	enum net_technology technology;
	const char *functions[6];
} default_services[] = {
	{ "5g-sa", TECHNOLOGY_5G_SA, { "AMF", "SMF", "UPF", "UDM", "AUSF" } },
	{ "4g", TECHNOLOGY_4G, { "MME", "SGW", "PGW", "HSS" } },
	{ "5g-nsa", TECHNOLOGY_5G_NSA, { "MME", "SGW", "PGW", "HSS" } },
};

enum { NEEDS_MAX = 64, SERVICES_MAX = 16, NO_SERVICE = 255, OPEN_SERVICE = 254 };

struct need { /* a service as this network can be asked for it */
	const char *name;
	uint32_t technology;
	uint64_t functions; /* bits over served.functions */
};

struct served {
	uint32_t subject;
	struct need needs[SERVICES_MAX];
	size_t need_count;
	uint32_t functions[NEEDS_MAX]; /* all that some service needs and the network has */
	uint32_t function_count;
	const char *missing;     /* "UDM, AUSF": needed, but the network has none */
	uint8_t *function_place; /* function -> 1 + its place in functions[], 0: not needed */
	uint8_t *service_of;     /* element -> need, NO_SERVICE, OPEN_SERVICE */
	const int64_t *values;   /* the measure; NULL counts */
	bool by_element, measure_missing;
	const uint32_t *function, *layer, *technology, *anchor, *host, *manager; /* columns of the elements */
	bool hosts;                                                              /* somebody is hosted on something */
};

/* One thing that is taken away. */
struct scenario {
	const char *name;
	uint32_t party;
};

struct source { /* an element of a needed function */
	uint32_t element;
	uint8_t place; /* of its function among the needed ones */
};

struct flood {
	struct evaluation *e;
	const struct statement *s;
	const struct served *w;
	const uint8_t *linked; /* by element; NULL: no links were declared */
	struct scenario *scenarios;
	size_t scenario_count;
	const uint32_t *of_class; /* class -> party, CODE_UNKNOWN, CODE_NONE; NULL: it is not told by the class */
	uint32_t *party;          /* any version: of the element */
	uint32_t *within;         /* any version: the product an element of unknown version is of */
	uint32_t *party_within;   /* and the product of a party */
	const uint8_t *set;       /* SET: class values */
	const uint32_t *managers; /* party of vendor, for `or managed by` */
	bool doubled;             /* low and high differ */
	struct cell *cells;       /* reach: in the main component of what survives */
	uint32_t *queue,
		*seen; /* scenarios in which a node was looked at beside the main component; made when needed */
	struct {
		struct source *items;
		size_t count, room;
	} sources;
	uint32_t exists[SERVICES_MAX];   /* scenarios in which all that a service needs survives somewhere */
	uint32_t main_has[SERVICES_MAX]; /* ... and in the main component */
	uint32_t *beside[SERVICES_MAX];  /* node -> scenarios in which another component has it all; NULL: none does */
};

/* ---- reading --------------------------------------------------------------------------------------------------------------- */

bool served_parse(struct reader *r, struct policy *p, struct statement *s)
{
	if (r->at->kind != TOKEN_PERCENT &&
	    !(policy_find_param(p, r->at->text) && r->at[1].kind == TOKEN_WORD && !strcmp(r->at[1].text, "of")))
		return false;
	s->at_least = s->share = true;
	bool percent;
	if (!parse_amount(r, p, s, &percent) || !reader_expect(r, "of"))
		return true;
	s->bound.share = true;
	s->measure_token = reader_name(r, "a measure, such as population");
	if (!s->measure_token || !reader_expect(r, "served"))
		return true;
	s->measure = s->measure_token->text;
	if (reader_take(r, "for")) {
		const struct token *t = reader_name(r, "a service, such as 5g-sa");
		s->service = t ? t->text : NULL;
	}
	if (!r->bad && reader_take(r, "during")) {
		s->during_change = reader_expect(r, "change");
		return true;
	}
	if (!r->bad && reader_expect(r, "without") && parse_any(r, s) &&
	    (reader_take(r, "or") || reader_take(r, "and"))) {
		s->with_managed = reader_expect(r, "managed") && reader_expect(r, "by");
		if (s->with_managed)
			(void)(reader_take(r, "it") || reader_take(r, "them"));
	}
	return true;
}

/* ---- what is needed ----------------------------------------------------------------------------------------------------------- */

static bool network_has(const struct evaluation *e, uint32_t function)
{
	const uint32_t *of = net_column(e->net, NET_ELEMENTS, "function")->codes;
	for (uint32_t i = 0; i < e->elements; i++)
		if (of[i] == function)
			return true;
	return false;
}

static void need_function(struct evaluation *e, struct served *w, struct need *n, uint32_t function)
{
	for (uint32_t i = 0; i < w->function_count; i++)
		if (w->functions[i] == function) {
			n->functions |= (uint64_t)1 << i;
			return;
		}
	if (!network_has(e, function)) {
		const char *name = net_functions[function].name;
		if (!w->missing || !strstr(w->missing, name))
			w->missing = w->missing ? arena_printf(e->arena, "%s, %s", w->missing, name) : name;
		return;
	}
	if (w->function_count == NEEDS_MAX) {
		diagnose(e->q->diagnostics, SEVERITY_ERROR, "too-many-functions",
			 (struct place){ e->policy->file, 0, 0 },
			 "the services of the policy \"%s\" need more than %d different functions", e->policy->name,
			 NEEDS_MAX);
		return;
	}
	n->functions |= (uint64_t)1 << w->function_count;
	w->functions[w->function_count++] = function;
}

static bool wanted(const struct statement *s, const char *name)
{
	return !s->service || !strcmp(s->service, name);
}

static uint32_t technology_of_name(const char *name) /* 5g-sa is 5G-SA unless the policy says otherwise */
{
	for (size_t i = 0; i < 3; i++)
		if (!strcmp(default_services[i].name, name))
			return default_services[i].technology;
	return CODE_UNKNOWN;
}

static void needs_make(struct evaluation *e, const struct statement *s, struct served *w)
{
	for (size_t i = 0; i < e->policy->services.count && w->need_count < SERVICES_MAX; i++) {
		const struct service *v = &e->policy->services.items[i];
		if (!wanted(s, v->name))
			continue;
		struct need *n = &w->needs[w->need_count++];
		*n = (struct need){ v->name, CODE_IS_KNOWN(v->technology) ? v->technology : technology_of_name(v->name),
				    0 };
		for (size_t k = 0; k < v->function_count; k++)
			need_function(e, w, n, v->functions[k]);
	}
	for (size_t i = 0; i < 3 && w->need_count < SERVICES_MAX; i++) {
		if (!wanted(s, default_services[i].name) || policy_find_service(e->policy, default_services[i].name))
			continue;
		struct need *n = &w->needs[w->need_count++];
		*n = (struct need){ default_services[i].name, default_services[i].technology, 0 };
		for (size_t k = 0; default_services[i].functions[k]; k++)
			need_function(e, w, n, net_function_find(default_services[i].functions[k]));
	}
}

/* An element that does not say its technology is taken by its function: an eNB is 4G; a gNB is NSA where it names its anchor. */
static uint32_t technology_of(const struct served *w, uint32_t i)
{
	uint32_t t = w->technology[i];
	if (t != CODE_UNKNOWN)
		return t;
	uint32_t f = w->function[i];
	const char *name = CODE_IS_KNOWN(f) ? net_functions[f].name : "";
	if (!strncmp(name, "eNB", 3))
		return TECHNOLOGY_4G;
	if (!strcmp(name, "en-gNB"))
		return TECHNOLOGY_5G_NSA;
	if (!strncmp(name, "gNB", 3) || !strncmp(name, "ng-eNB", 6))
		return CODE_IS_KNOWN(w->anchor[i]) ? TECHNOLOGY_5G_NSA : TECHNOLOGY_5G_SA;
	return CODE_UNKNOWN;
}

static uint8_t service_of(const struct served *w, uint32_t i)
{
	if (w->layer[i] != LAYER_ACCESS)
		return NO_SERVICE;
	uint32_t t = technology_of(w, i);
	if (t == CODE_UNKNOWN)
		return OPEN_SERVICE;
	for (size_t k = 0; k < w->need_count; k++)
		if (w->needs[k].technology == t || w->needs[k].technology == CODE_UNKNOWN)
			return (uint8_t)k;
	return NO_SERVICE;
}

static void measure_find(struct evaluation *e, const struct statement *s, struct served *w)
{
	const char *m = s->measure;
	bool of_site = !strncmp(m, "site.", 5);
	if (!strcmp(m, "sites"))
		return;
	w->by_element = !strcmp(m, "elements");
	if (w->by_element)
		return;
	const struct net_column *c = of_site ? NULL : net_column(e->net, NET_ELEMENTS, m);
	if (c && c->type == TYPE_MEASURE) {
		measure_refuse_negative(e, s, NET_ELEMENTS, c);
		w->by_element = true;
		w->values = c->measures;
		return;
	}
	c = net_column(e->net, NET_SITES, of_site ? m + 5 : m);
	if (c && c->type == TYPE_MEASURE) {
		measure_refuse_negative(e, s, NET_SITES, c);
		w->values = c->measures;
		return;
	}
	w->measure_missing = true;
	document_diagnose(s->document, e->q->diagnostics, SEVERITY_WARNING, "unknown-measure", s->measure_token,
			  "no file of the network has a measure \"%s\": how much of it is served is unknown", m);
}

void served_prepare(struct evaluation *e, struct statement *s)
{
	struct served *w = arena_alloc(e->scratch, sizeof *w);
	s->work = w;
	w->function = net_column(e->net, NET_ELEMENTS, "function")->codes;
	w->layer = net_column(e->net, NET_ELEMENTS, "layer")->codes;
	w->technology = net_column(e->net, NET_ELEMENTS, "technology")->codes;
	w->anchor = net_column(e->net, NET_ELEMENTS, "anchor")->codes;
	w->host = net_column(e->net, NET_ELEMENTS, "hosted_on")->codes;
	w->manager = net_column(e->net, NET_ELEMENTS, "managed_by")->codes;
	for (uint32_t i = 0; i < e->elements && !w->hosts; i++)
		w->hosts = CODE_IS_KNOWN(w->host[i]);
	w->subject = bind_subject(e, s);
	if (s->any != SUBJECT_SET)
		want_identity(e, "vendor");
	needs_make(e, s, w);
	if (!w->need_count)
		document_diagnose(s->document, e->q->diagnostics, SEVERITY_ERROR, "unknown-service", s->measure_token,
				  "no service is called \"%s\": define it with \"service %s needs ...\"", s->service,
				  s->service);
	w->function_place = arena_alloc(e->scratch, net_function_count + 1);
	for (uint32_t k = 0; k < w->function_count; k++)
		w->function_place[w->functions[k]] = (uint8_t)(k + 1);
	measure_find(e, s, w);
	w->service_of = arena_alloc(e->scratch, (size_t)e->elements + 1);
	for (uint32_t i = 0; i < e->elements; i++)
		w->service_of[i] = service_of(w, i);
}

/* ---- what is taken away ---------------------------------------------------------------------------------------------------------- */

static uint64_t version_key(uint32_t product, uint32_t version)
{
	return (uint64_t)product << 32 | version;
}

struct version_slot {
	uint64_t key;
	uint32_t element, party;
};

static int by_version_key(const void *a, const void *b)
{
	uint64_t x = ((const struct version_slot *)a)->key, y = ((const struct version_slot *)b)->key;
	return x < y ? -1 : x > y;
}

static void version_scenario(struct flood *f, uint32_t product, const char *name)
{
	f->party_within[f->scenario_count] = product;
	f->scenarios[f->scenario_count] = (struct scenario){ name, (uint32_t)f->scenario_count };
	f->scenario_count++;
}

/* Products of which no version is known anywhere: all that is of them may be of one, and fall together. */
static void versions_unknown(struct flood *f, const uint32_t *product, const uint32_t *version)
{
	struct evaluation *e = f->e;
	bool *told = arena_array(e->scratch, (size_t)e->net->table[NET_PRODUCTS].rows + 1, sizeof *told);
	for (size_t i = 0; i < f->scenario_count; i++)
		told[f->party_within[i]] = true;
	for (uint32_t i = 0; i < e->elements; i++) {
		if (!CODE_IS_KNOWN(product[i]) || version[i] != CODE_UNKNOWN || told[product[i]])
			continue;
		told[product[i]] = true;
		version_scenario(f, product[i],
				 arena_printf(e->arena, "%s (unknown)", net_id(e->net, NET_PRODUCTS, product[i])));
	}
	if (!f->scenario_count && f->doubled)
		version_scenario(f, CODE_UNKNOWN, "(unknown)");
}

/* Parties are versions of products; an element of unknown version may be any of its product's, of unknown product any at all. */
static void parties_by_version(struct flood *f)
{
	struct evaluation *e = f->e;
	const uint32_t *product = net_column(e->net, NET_ELEMENTS, "product")->codes,
		       *version = net_column(e->net, NET_ELEMENTS, "version")->codes;
	struct version_slot *known = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *known);
	size_t count = 0;
	f->within = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *f->within);
	f->party = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *f->party);
	for (uint32_t i = 0; i < e->elements; i++) {
		f->within[i] = product[i];
		bool open = product[i] == CODE_UNKNOWN || (CODE_IS_KNOWN(product[i]) && version[i] == CODE_UNKNOWN);
		f->party[i] = open ? CODE_UNKNOWN : CODE_NONE;
		f->doubled = f->doubled || open;
		if (CODE_IS_KNOWN(product[i]) && CODE_IS_KNOWN(version[i]))
			known[count++] = (struct version_slot){ version_key(product[i], version[i]), i, 0 };
	}
	qsort(known, count, sizeof *known, by_version_key);
	f->scenarios = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *f->scenarios);
	f->party_within = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *f->party_within);
	for (size_t i = 0; i < count; i++) {
		if (!i || known[i].key != known[i - 1].key) {
			uint32_t p = product[known[i].element];
			version_scenario(f, p,
					 arena_printf(e->arena, "%s %s", net_id(e->net, NET_PRODUCTS, p),
						      strs_text(e->net->strs, version[known[i].element])));
		}
		f->party[known[i].element] = (uint32_t)f->scenario_count - 1;
	}
	versions_unknown(f, product, version);
}

static void parties_by_vendor(struct flood *f)
{
	struct evaluation *e = f->e;
	struct parties *p = parties_of(e, f->s->any);
	bool *there = arena_array(e->scratch, (size_t)p->count + 1, sizeof *there);
	const uint32_t *manager = net_column(e->net, NET_ELEMENTS, "managed_by")->codes;
	for (uint32_t c = 0; c < e->class_count; c++) {
		uint32_t of = p->of_class[c];
		f->doubled = f->doubled || of == CODE_UNKNOWN;
		if (CODE_IS_KNOWN(of))
			there[of] = true;
	}
	for (uint32_t i = 0; i < e->elements && f->s->with_managed; i++) {
		uint32_t by = CODE_IS_KNOWN(manager[i]) ? p->of_vendor[manager[i]] : manager[i];
		if (CODE_IS_KNOWN(by))
			there[by] = true;
		f->doubled = f->doubled || by == CODE_UNKNOWN;
	}
	f->of_class = p->of_class;
	if (f->s->with_managed)
		f->managers = p->of_vendor;
	f->scenarios = arena_array(e->scratch, (size_t)p->count + 1, sizeof *f->scenarios);
	for (uint32_t i = 0; i < p->count; i++)
		if (there[i])
			f->scenarios[f->scenario_count++] = (struct scenario){ p->names[i], i };
	if (!f->scenario_count && f->doubled) /* all there are may be one nobody named */
		f->scenarios[f->scenario_count++] = (struct scenario){ "(unknown)", p->count };
}

static void parties_by_set(struct flood *f)
{
	f->set = node_by_class(f->e, f->w->subject);
	for (uint32_t c = 0; c < f->e->class_count; c++)
		f->doubled = f->doubled || f->set[c] == MAYBE;
	f->scenarios = arena_array(f->e->scratch, 1, sizeof *f->scenarios);
	f->scenarios[0] = (struct scenario){ f->s->during_change ? "what is being changed" : f->s->subject_text, 0 };
	f->scenario_count = f->s->during_change && !f->e->q->changing ? 0 : 1;
}

/* ---- a batch of scenarios ------------------------------------------------------------------------------------------------------------ */

/* Bits of a batch: scenario k has bit k (low) and, where low and high differ, bit count + k (high). */
struct batch {
	size_t from, count, width;
	uint32_t all, low;      /* all bits; the low ones */
	uint32_t *bit_of_party; /* party -> k + 1, 0: not in this batch */
};

static uint32_t fall_of_party(const struct flood *f, const struct batch *b, uint32_t party)
{
	uint32_t k = b->bit_of_party[party];
	if (!k)
		return 0;
	return (uint32_t)1 << (k - 1) | (f->doubled ? (uint32_t)1 << (b->count + k - 1) : 0);
}

static uint32_t low_of_product(const struct flood *f, const struct batch *b, uint32_t product)
{
	uint32_t bits = 0;
	for (size_t k = 0; k < b->count; k++)
		if (product == CODE_UNKNOWN || f->party_within[f->scenarios[b->from + k].party] == product)
			bits |= (uint32_t)1 << k;
	return bits;
}

/* The scenarios in which the elements of a class fall, where the class tells. */
static uint32_t falls_of_class(const struct flood *f, const struct batch *b, uint32_t class)
{
	if (f->set)
		return f->set[class] == YES ? b->all : f->set[class] == MAYBE ? b->low : 0;
	uint32_t party = f->of_class[class];
	return CODE_IS_KNOWN(party) ? fall_of_party(f, b, party) : party == CODE_UNKNOWN ? b->low : 0;
}

/* The scenarios in which an element falls of itself. */
static uint32_t falls(const struct flood *f, const struct batch *b, uint32_t i, const uint32_t *manager)
{
	if (f->s->during_change)
		return f->e->q->changing && f->e->q->changing[i] ? b->all : 0;
	uint32_t bits = 0;
	if (!f->party)
		bits = falls_of_class(f, b, f->e->class_of[i]);
	else if (CODE_IS_KNOWN(f->party[i]))
		bits = fall_of_party(f, b, f->party[i]);
	else if (f->party[i] == CODE_UNKNOWN)
		bits = low_of_product(f, b, f->within[i]);
	if (f->managers && CODE_IS_KNOWN(manager[i])) {
		uint32_t by = f->managers[manager[i]];
		bits |= CODE_IS_KNOWN(by) ? fall_of_party(f, b, by) : by == CODE_UNKNOWN ? b->low : 0;
	} else if (f->managers && manager[i] == CODE_UNKNOWN)
		bits |= b->low;
	return bits;
}

static void batch_alive(struct flood *f, const struct batch *b)
{
	const struct served *w = f->w;
	struct evaluation *e = f->e;
	bool by_class = !f->party && !f->managers && !f->s->during_change;
	uint32_t *alive = arena_array(e->scratch, (size_t)e->class_count + 1, sizeof *alive);
	for (uint32_t c = 0; c < e->class_count && by_class; c++)
		alive[c] = b->all & ~falls_of_class(f, b, c);
	for (uint32_t i = 0; i < e->elements && by_class; i++)
		f->cells[i] = (struct cell){ alive[e->class_of[i]], 0 };
	for (uint32_t i = 0; i < e->elements && !by_class; i++)
		f->cells[i] = (struct cell){ b->all & ~falls(f, b, i, w->manager), 0 };
	for (uint32_t i = 0; i < e->elements && w->hosts; i++) {
		uint32_t steps = 0;
		for (uint32_t up = w->host[i]; CODE_IS_KNOWN(up) && steps++ < LIMIT_NESTING; up = w->host[up])
			f->cells[i].alive &= b->all & ~falls(f, b, up, w->manager);
	}
}

/* From one element of a needed function in each scenario: what it reaches is the main component. */
static void flood_main(struct flood *f, const struct batch *b)
{
	uint32_t wanting = b->all;
	for (size_t i = 0; i < f->sources.count && wanting; i++) {
		uint32_t u = f->sources.items[i].element, bits = f->cells[u].alive & wanting;
		if (!f->linked[u])
			continue; /* nothing hangs on it */
		wanting &= ~bits;
		f->cells[u].reach |= bits;
	}
	flood(f->e, f->cells);
}

static bool need_met(const struct need *n, uint64_t functions)
{
	return (n->functions & ~functions) == 0;
}

/* A component beside the main one, in one scenario: its nodes, and the functions it has. */
static size_t component_from(struct flood *f, uint32_t start, uint32_t bit, uint64_t *functions)
{
	const struct graph *g = graph_of(f->e);
	uint32_t elements = f->e->elements;
	size_t count = 0;
	f->seen[start] |= bit;
	f->queue[count++] = start;
	for (size_t at = 0; at < count; at++) {
		uint32_t u = f->queue[at];
		for (uint32_t k = g->first[u]; k < g->first[u + 1]; k++) {
			uint32_t v = g->to[k];
			if ((v < elements && !(f->cells[v].alive & bit)) || (f->seen[v] & bit))
				continue;
			f->seen[v] |= bit;
			f->queue[count++] = v;
		}
	}
	*functions = 0;
	for (size_t at = 0; at < count; at++) {
		uint32_t u = f->queue[at];
		if (u < elements && CODE_IS_KNOWN(f->w->function[u]) && f->w->function_place[f->w->function[u]])
			*functions |= (uint64_t)1 << (f->w->function_place[f->w->function[u]] - 1);
	}
	return count;
}

/* Scenarios in which what the main component left has all that some service needs, if not in one place. */
static uint32_t worth_looking(const struct flood *f, const struct batch *b)
{
	uint32_t outside[NEEDS_MAX] = { 0 }, any = 0;
	for (size_t i = 0; i < f->sources.count; i++) {
		const struct cell *c = &f->cells[f->sources.items[i].element];
		outside[f->sources.items[i].place] |= c->alive & ~c->reach;
	}
	for (size_t k = 0; k < f->w->need_count; k++) {
		uint32_t all = f->w->needs[k].functions ? b->all : 0;
		for (uint64_t left = f->w->needs[k].functions; left; left &= left - 1)
			all &= outside[__builtin_ctzll(left)];
		any |= all;
	}
	return any;
}

static void beside_begin(struct flood *f)
{
	size_t nodes = (size_t)graph_of(f->e)->nodes + 1;
	if (!f->seen) {
		f->seen = arena_array(f->e->scratch, nodes, sizeof *f->seen);
		f->queue = arena_array(f->e->scratch, nodes, sizeof *f->queue);
	}
	memset(f->seen, 0, nodes * sizeof *f->seen);
}

static void flood_beside(struct flood *f, const struct batch *b)
{
	uint32_t worth = worth_looking(f, b);
	if (worth)
		beside_begin(f);
	for (size_t i = 0; i < f->sources.count && worth; i++) {
		uint32_t u = f->sources.items[i].element;
		for (uint32_t left = f->cells[u].alive & ~f->cells[u].reach & worth; left; left &= left - 1) {
			uint32_t bit = left & -left;
			if (f->seen[u] & bit)
				continue;
			uint64_t functions;
			size_t count = component_from(f, u, bit, &functions);
			for (size_t k = 0; k < f->w->need_count; k++) {
				if (!need_met(&f->w->needs[k], functions))
					continue;
				if (!f->beside[k])
					f->beside[k] = arena_array(f->e->scratch, (size_t)graph_of(f->e)->nodes + 1,
								   sizeof *f->beside[k]);
				for (size_t at = 0; at < count; at++)
					f->beside[k][f->queue[at]] |= bit;
			}
		}
	}
}

static void batch_flood(struct flood *f, const struct batch *b)
{
	uint32_t any[NEEDS_MAX] = { 0 }, main[NEEDS_MAX] = { 0 };
	if (f->linked)
		flood_main(f, b);
	for (size_t i = 0; i < f->sources.count; i++) {
		const struct source *s = &f->sources.items[i];
		any[s->place] |= f->cells[s->element].alive;
		main[s->place] |= f->cells[s->element].reach;
	}
	for (size_t k = 0; k < f->w->need_count; k++) {
		f->exists[k] = f->main_has[k] = b->all;
		for (uint64_t left = f->w->needs[k].functions; left; left &= left - 1) {
			f->exists[k] &= any[__builtin_ctzll(left)];
			f->main_has[k] &= main[__builtin_ctzll(left)];
		}
		if (f->beside[k])
			memset(f->beside[k], 0, (size_t)graph_of(f->e)->nodes * sizeof *f->beside[k]);
	}
	if (f->linked)
		flood_beside(f, b);
}

/* Scenarios in which an element has all that a service needs. What needs nothing has it wherever it survives. */
static inline uint32_t has_all(const struct flood *f, const struct batch *b, uint32_t i, size_t need)
{
	(void)b;
	uint32_t alive = f->cells[i].alive;
	if (!f->w->needs[need].functions)
		return alive;
	if (!f->linked)
		return alive & f->exists[need];
	uint32_t bits = f->cells[i].reach & f->main_has[need];
	return f->beside[need] ? bits | f->beside[need][i] : bits;
}

/* The same for an access element that may lack any link: whether that reaches anything is open. */
static inline uint32_t has_all_if_linked(const struct flood *f, const struct batch *b, uint32_t i, size_t need,
					 uint32_t high)
{
	if (f->linked && !f->linked[i])
		return f->cells[i].alive & f->exists[need] & high;
	return has_all(f, b, i, need);
}

static inline uint32_t element_served(const struct flood *f, const struct batch *b, uint32_t i)
{
	uint8_t service = f->w->service_of[i];
	uint32_t high = f->doubled ? b->all & ~b->low : 0;
	if (service == OPEN_SERVICE)
		return f->cells[i].alive & high;
	uint32_t bits = has_all_if_linked(f, b, i, service, high);
	if (f->w->needs[service].technology == TECHNOLOGY_5G_NSA) {
		uint32_t anchor = f->w->anchor[i];
		bits &= CODE_IS_KNOWN(anchor)    ? has_all_if_linked(f, b, anchor, service, high)
			: anchor == CODE_UNKNOWN ? high
						 : 0;
	}
	return bits;
}

/* ---- adding up -------------------------------------------------------------------------------------------------------------------------- */

struct tally {
	wide total, *lost; /* by bit */
	size_t *lost_unknown, total_unknown;
	size_t things; /* sites or elements in scope */
};

static void tally_thing(struct tally *t, const struct batch *b, uint32_t served, int64_t value)
{
	t->things++;
	if (value == MEASURE_UNKNOWN)
		t->total_unknown++;
	else
		t->total += value;
	for (uint32_t lost = b->all & ~served; lost; lost &= lost - 1) {
		unsigned k = (unsigned)__builtin_ctz(lost);
		if (value == MEASURE_UNKNOWN)
			t->lost_unknown[k]++;
		else
			t->lost[k] += value;
	}
}

static void tally_make(const struct flood *f, const struct batch *b, struct tally *t)
{
	const struct net *net = f->e->net;
	const struct served *w = f->w;
	for (uint32_t i = 0; w->by_element && i < f->e->elements; i++)
		if (w->service_of[i] != NO_SERVICE)
			tally_thing(t, b, element_served(f, b, i), w->values ? w->values[i] : MICRO);
	for (uint32_t s = 0; !w->by_element && s < net->table[NET_SITES].rows; s++) {
		uint32_t served = 0;
		bool there = false;
		for (uint32_t k = net->site_first[s]; k < net->site_first[s + 1]; k++) {
			uint32_t i = net->site_elements[k];
			if (w->service_of[i] == NO_SERVICE)
				continue;
			there = true;
			served |= element_served(f, b, i);
		}
		if (there)
			tally_thing(t, b, served, w->values ? w->values[s] : MICRO);
	}
}

static void served_explain(struct flood *f, struct finding *x)
{
	struct evaluation *e = f->e;
	if (x->vacuous) {
		x->explanation = "no access element is of a technology that the rule speaks of";
		return;
	}
	char bound[32];
	ppb_print_percent(x->bound, bound);
	int64_t value;
	x->explanation = arena_printf(
		e->arena, "without %s %s still served, at least %s required%s%s%s", x->subject, rule_share(e, x),
		amount_value(e, &f->s->bound, &value) ? bound : f->s->bound.param->name,
		f->w->missing ? "; not asked for, because the network has none: " : "",
		f->w->missing ? f->w->missing : "", f->linked ? "" : "; by site alone, because no links are declared");
}

struct missing_fact {
	enum net_table_name table;
	uint32_t row;
	const char *attribute; /* NULL: none is missing */
};

/* Whose a vendor is: the row of vendors that would say so. */
static struct missing_fact missing_party(const struct flood *f, uint32_t element, uint32_t vendor, const char *column)
{
	if (CODE_IS_KNOWN(vendor))
		return (struct missing_fact){ NET_VENDORS, vendor,
					      f->s->any == SUBJECT_OWNER ? "owner" : "jurisdiction" };
	return (struct missing_fact){ NET_ELEMENTS, element, column };
}

/* What one would have to know of an element to say whether it falls, or else whether it is served. */
static struct missing_fact missing_of(const struct flood *f, uint32_t i)
{
	const struct net *net = f->e->net;
	const uint32_t *vendor = net_column(net, NET_ELEMENTS, "vendor")->codes,
		       *product = net_column(net, NET_ELEMENTS, "product")->codes;
	struct missing_fact x = { NET_ELEMENTS, i, NULL };
	uint32_t manager = f->managers ? f->w->manager[i] : CODE_NONE;
	uint8_t service = f->w->service_of[i];
	uint32_t party = f->party ? f->party[i] : f->of_class ? f->of_class[f->e->class_of[i]] : CODE_NONE;
	if (party == CODE_UNKNOWN) {
		if (!f->within)
			return missing_party(f, i, vendor[i], "vendor");
		x.attribute = product[i] == CODE_UNKNOWN ? "product" : "version";
	} else if (manager == CODE_UNKNOWN || (CODE_IS_KNOWN(manager) && f->managers[manager] == CODE_UNKNOWN)) {
		return missing_party(f, i, manager, "managed_by");
	} else if (service == OPEN_SERVICE) {
		x.attribute = "technology";
	} else if (service != NO_SERVICE && f->linked && !f->linked[i]) {
		x.attribute = "links";
	} else if (service != NO_SERVICE && f->w->needs[service].technology == TECHNOLOGY_5G_NSA &&
		   f->w->anchor[i] == CODE_UNKNOWN) {
		x.attribute = "anchor";
	}
	return x;
}

static void served_unknown(struct flood *f, struct finding *x)
{
	enum { TOLD = 2000 };
	struct evaluation *e = f->e;
	if (f->set)
		unknown_wish(e, x, (struct unknown_wish){ .node = f->w->subject });
	struct missing_fact only = { NET_ELEMENTS, 0, NULL };
	bool alone = true;
	size_t told = 0;
	for (uint32_t i = 0; i < e->elements && alone; i++) {
		struct missing_fact m = missing_of(f, i);
		alone = !m.attribute || !only.attribute ||
			(m.table == only.table && m.row == only.row && !strcmp(m.attribute, only.attribute));
		only = m.attribute ? m : only;
	}
	for (uint32_t i = 0; i < e->elements && told < TOLD; i++) {
		struct missing_fact m = missing_of(f, i);
		if (!m.attribute)
			continue;
		told++;
		unknown_fact_add(
			e, x,
			arena_printf(e->arena, "%s/%s", net_table_singular(m.table), net_id(e->net, m.table, m.row)),
			m.attribute, 1, alone);
	}
	if (f->w->measure_missing)
		unknown_fact_add(e, x, "network", f->s->measure, 0, !told);
}

static void served_witnesses(struct flood *f, const struct batch *b, struct finding *x, unsigned bit)
{
	uint32_t *list = arena_array(f->e->scratch, (size_t)f->e->elements + 1, sizeof *list);
	size_t count = 0;
	for (uint32_t i = 0; i < f->e->elements; i++)
		if (f->w->service_of[i] != NO_SERVICE && !(element_served(f, b, i) >> bit & 1))
			list[count++] = i;
	witnesses_set(f->e, x, list, count);
}

static void served_finding(struct flood *f, const struct batch *b, const struct tally *t, size_t k)
{
	struct evaluation *e = f->e;
	struct finding *x = finding_add(e, f->s, f->scenarios[b->from + k].name, NULL);
	size_t high = f->doubled ? b->count + k : k;
	x->measured = UNIT_SHARE;
	x->unit = "share";
	x->numerator_unit = f->s->measure;
	x->bound_op = ">=";
	bool known = amount_value(e, &f->s->bound, &x->bound);
	x->vacuous = t->things == 0;
	x->numerator = t->total - t->lost[k];
	x->numerator_high = t->total - t->lost[high];
	x->denominator = x->denominator_high = t->total;
	x->low = t->total > 0 ? share_ppb(x->numerator, t->total) : 0;
	x->high = t->total > 0 ? share_ppb(x->numerator_high, t->total) : 0;
	if (t->lost_unknown[k] || f->w->measure_missing) {
		x->low = 0;
		x->numerator = x->denominator = 0;
	}
	if (t->total_unknown > t->lost_unknown[high] || f->w->measure_missing) {
		x->high = PPB;
		x->numerator_high = x->denominator_high = MICRO;
	}
	x->vacuous = x->vacuous || (t->total == 0 && !t->total_unknown && !f->w->measure_missing);
	finding_decide(x, known);
	if (x->status == FINDING_BROKEN) {
		wide needed = t->total / PPB * x->bound + t->total % PPB * x->bound / PPB,
		     short_by = needed - x->numerator_high;
		x->surplus = short_by > INT64_MAX ? INT64_MAX : (int64_t)short_by;
	}
	finding_waive(e, f->s, x, NULL, 0);
	if (e->q->brief)
		return;
	served_explain(f, x);
	if (x->status == FINDING_HOLDS)
		return;
	served_witnesses(f, b, x, (unsigned)(x->status == FINDING_UNKNOWN ? k : high));
	if (x->status == FINDING_UNKNOWN)
		served_unknown(f, x);
	if (!known)
		unknown_fact_add(e, x, arena_printf(e->arena, "param/%s", f->s->bound.param->name), "value", 0,
				 x->low == x->high);
}

static void batch_run(struct flood *f, struct batch *b, uint32_t parties)
{
	b->width = b->count * (f->doubled ? 2 : 1);
	b->all = b->width == 32 ? ~(uint32_t)0 : ((uint32_t)1 << b->width) - 1;
	b->low = f->doubled ? ((uint32_t)1 << b->count) - 1 : b->all;
	memset(b->bit_of_party, 0, ((size_t)parties + 1) * sizeof *b->bit_of_party);
	for (size_t k = 0; k < b->count; k++)
		b->bit_of_party[f->scenarios[b->from + k].party] = (uint32_t)k + 1;
	batch_alive(f, b);
	batch_flood(f, b);
	wide lost[32] = { 0 };
	size_t lost_unknown[32] = { 0 };
	struct tally t = { .lost = lost, .lost_unknown = lost_unknown };
	tally_make(f, b, &t);
	for (size_t k = 0; k < b->count; k++)
		served_finding(f, b, &t, k);
}

/* What is not doubled for parties may still be open at the edges: an unlinked element, an unknown anchor or technology. */
static bool edges_open(const struct flood *f)
{
	for (uint32_t i = 0; i < f->e->elements; i++) {
		uint8_t s = f->w->service_of[i];
		if (s == NO_SERVICE)
			continue;
		if (s == OPEN_SERVICE || (f->linked && !f->linked[i]))
			return true;
		uint32_t anchor = f->w->needs[s].technology == TECHNOLOGY_5G_NSA ? f->w->anchor[i] : CODE_NONE;
		if (anchor == CODE_UNKNOWN || (f->linked && CODE_IS_KNOWN(anchor) && !f->linked[anchor]))
			return true;
	}
	return false;
}

static void sources_make(struct flood *f)
{
	const struct served *w = f->w;
	for (uint32_t i = 0; i < f->e->elements; i++)
		if (CODE_IS_KNOWN(w->function[i]) && w->function_place[w->function[i]])
			*array_add(&f->sources) = (struct source){ i, w->function_place[w->function[i]] - 1 };
}

void served_judge(struct evaluation *e, struct statement *s)
{
	struct flood f = { .e = e, .s = s, .w = s->work };
	uint32_t parties = e->net->table[NET_VENDORS].rows;
	f.linked = e->net->has_links ? linked_of(e) : NULL;
	if (s->any == SUBJECT_SET)
		parties_by_set(&f);
	else if (s->any == SUBJECT_VERSION)
		parties_by_version(&f);
	else
		parties_by_vendor(&f);
	parties = parties > f.scenario_count ? parties : (uint32_t)f.scenario_count;
	f.doubled = f.doubled || edges_open(&f);
	f.cells = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *f.cells);
	struct batch b = { .bit_of_party = arena_array(e->scratch, (size_t)parties + 1, sizeof(uint32_t)) };
	sources_make(&f);
	size_t at_once = f.doubled ? 16 : 32;
	for (b.from = 0; b.from < f.scenario_count; b.from += b.count) {
		b.count = f.scenario_count - b.from < at_once ? f.scenario_count - b.from : at_once;
		batch_run(&f, &b, parties);
	}
	free(f.sources.items);
	if (!f.scenario_count) {
		struct finding *x = finding_add(e, s, NULL, NULL);
		x->vacuous = !s->during_change;
		x->explanation = s->during_change
					 ? "nothing is being changed: a plan with a schedule keeps it in every quarter"
					 : "there is nothing to take away";
	}
}
