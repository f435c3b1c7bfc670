/* SPDX-License-Identifier: Apache-2.0 */
/* served: the statement as it is written, what its services need of this network, and its scenarios a batch at a time. */
#include "policy/rule/served.h"

#include <stdlib.h>
#include <string.h>

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

static void columns_find(struct evaluation *e, struct served *w)
{
	w->function = net_column(e->net, NET_ELEMENTS, "function")->codes;
	w->layer = net_column(e->net, NET_ELEMENTS, "layer")->codes;
	w->technology = net_column(e->net, NET_ELEMENTS, "technology")->codes;
	w->anchor = net_column(e->net, NET_ELEMENTS, "anchor")->codes;
	w->host = net_column(e->net, NET_ELEMENTS, "hosted_on")->codes;
	w->manager = net_column(e->net, NET_ELEMENTS, "managed_by")->codes;
}

static void services_find(struct evaluation *e, struct served *w)
{
	w->service_of = arena_alloc(e->scratch, (size_t)e->elements + 1);
	for (uint32_t i = 0; i < e->elements; i++)
		w->service_of[i] = service_of(w, i);
}

void served_row(struct evaluation *e, const struct statement *s, struct policy_row *row)
{
	struct served w = { .subject = 0 };
	columns_find(e, &w);
	needs_make(e, s, &w);
	measure_find(e, s, &w);
	services_find(e, &w);
	uint8_t *asked = arena_alloc(e->arena, (size_t)e->elements + 1);
	for (uint32_t i = 0; i < e->elements; i++)
		asked[i] = w.service_of[i] == NO_SERVICE ? NO : w.service_of[i] == OPEN_SERVICE ? MAYBE : YES;
	row->asked = asked;
	row->values = w.values;
	row->by_site = !w.by_element;
	row->measure_missing = w.measure_missing;
}

void served_prepare(struct evaluation *e, struct statement *s)
{
	struct served *w = arena_alloc(e->scratch, sizeof *w);
	s->work = w;
	columns_find(e, w);
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
	services_find(e, w);
}

/* ---- judging -------------------------------------------------------------------------------------------------------- */

static void batch_run(struct flood *f, struct batch *b, uint32_t parties)
{
	b->width = b->count * (f->doubled ? 2 : 1);
	b->all = b->width == 32 ? ~(uint32_t)0 : ((uint32_t)1 << b->width) - 1;
	b->low = f->doubled ? ((uint32_t)1 << b->count) - 1 : b->all;
	memset(b->bit_of_party, 0, ((size_t)parties + 1) * sizeof *b->bit_of_party);
	for (size_t k = 0; k < b->count; k++)
		b->bit_of_party[f->scenarios[b->from + k].party] = (uint32_t)k + 1;
	served_alive(f, b);
	served_reach(f, b);
	wide lost[32] = { 0 };
	size_t lost_unknown[32] = { 0 };
	struct tally t = { .lost = lost, .lost_unknown = lost_unknown };
	served_tally(f, b, &t);
	served_findings(f, b, &t);
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
	served_parties(&f);
	parties = parties > f.scenario_count ? parties : (uint32_t)f.scenario_count;
	f.doubled = f.doubled || edges_open(&f);
	f.alive_of_class = arena_array(e->scratch, (size_t)e->class_count + 1, sizeof *f.alive_of_class);
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
