/* SPDX-License-Identifier: Apache-2.0 */
/* served: adding up what is still served, and what is told of it. */
#include "policy/rule/served.h"

#include <string.h>

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

void served_tally(const struct flood *f, const struct batch *b, struct tally *t)
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

/* What is missing is so whatever is taken away: the first finding tells all of it, the others whether there is more than one. */
static void missing_tell(struct flood *f, struct finding *x)
{
	enum { TOLD = 2000 };
	struct evaluation *e = f->e;
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
		const char *subject =
			arena_printf(e->arena, "%s/%s", net_table_singular(m.table), net_id(e->net, m.table, m.row));
		unknown_fact_add(e, x, subject, m.attribute, 1, alone);
		if (!f->missing.subject)
			f->missing = (struct missing){ subject, m.attribute, alone };
	}
}

static void served_unknown(struct flood *f, struct finding *x)
{
	struct evaluation *e = f->e;
	if (f->set)
		unknown_wish(e, x, (struct unknown_wish){ .node = f->w->subject });
	if (!f->told)
		missing_tell(f, x);
	else if (f->missing.subject)
		unknown_fact_add(e, x, f->missing.subject, f->missing.attribute, 1, f->missing.alone);
	f->told = true;
	if (f->w->measure_missing)
		unknown_fact_add(e, x, "network", f->s->measure, 0, !f->missing.subject);
}

enum { NO_BIT = 32 };

/* The bit of the batch whose losses are the finding's witnesses, or NO_BIT. */
static unsigned served_finding(struct flood *f, const struct batch *b, const struct tally *t, size_t k)
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
		return NO_BIT;
	served_explain(f, x);
	if (x->status == FINDING_HOLDS)
		return NO_BIT;
	if (x->status == FINDING_UNKNOWN)
		served_unknown(f, x);
	if (!known)
		unknown_fact_add(e, x, arena_printf(e->arena, "param/%s", f->s->bound.param->name), "value", 0,
				 x->low == x->high);
	return (unsigned)(x->status == FINDING_UNKNOWN ? k : high);
}

void served_findings(struct flood *f, const struct batch *b, const struct tally *t)
{
	struct findings *out = f->e->out;
	size_t finding_of[32];
	uint32_t wanted = 0;
	for (size_t k = 0; k < b->count; k++) {
		unsigned bit = served_finding(f, b, t, k);
		if (bit == NO_BIT)
			continue;
		finding_of[bit] = out->count - 1;
		wanted |= (uint32_t)1 << bit;
	}
	for (uint32_t i = 0; wanted && i < f->e->elements; i++) {
		if (f->w->service_of[i] == NO_SERVICE)
			continue;
		for (uint32_t lost = wanted & ~element_served(f, b, i); lost; lost &= lost - 1)
			witness_add(f->e, &out->items[finding_of[__builtin_ctz(lost)]], i);
	}
}
