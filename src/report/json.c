/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The assessment as JSON: doc/json.md says what each key means, doc/schema/assess.json is checked in the tests. Every
 * key is always there; null stands for "there is none".
 */
#include "report/confirmed.h"
#include "report/conditions.h"
#include "report/report.h"

#include <string.h>

static void key_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

static void key_bool(struct json *j, const char *key, bool value)
{
	json_key(j, key);
	json_bool(j, value);
}

/* A share has nine decimals; a count is a number as it is, null where it has no upper bound. */
static void key_measured(struct json *j, const char *key, enum finding_unit unit, int64_t value)
{
	json_key(j, key);
	if (unit == UNIT_SHARE)
		json_share(j, value);
	else if (value == INT64_MAX)
		json_null(j);
	else
		json_micro(j, value);
}

static void measure_json(const struct finding *f, struct json *j)
{
	json_key(j, "measure");
	if (f->measured == UNIT_NONE) {
		json_null(j);
		return;
	}
	json_object(j);
	key_measured(j, "low", f->measured, f->low);
	key_measured(j, "high", f->measured, f->high);
	key_text(j, "unit", f->unit);
	json_key(j, "numerator");
	if (f->measured == UNIT_SHARE)
		json_micro(j, f->numerator);
	else
		json_null(j);
	json_key(j, "denominator");
	if (f->measured == UNIT_SHARE)
		json_micro(j, f->denominator);
	else
		json_null(j);
	json_object_end(j);
}

static void bound_json(const struct finding *f, struct json *j)
{
	json_key(j, "bound");
	if (!f->bound_op) {
		json_null(j);
		return;
	}
	json_object(j);
	key_text(j, "op", f->bound_op);
	key_measured(j, "value", f->measured, f->bound);
	json_object_end(j);
}

static void witnesses_json(const struct finding *f, struct json *j)
{
	json_key(j, "witnesses");
	json_object(j);
	json_key(j, "count");
	json_int(j, (int64_t)f->witness_count);
	json_key(j, "elements");
	json_array(j);
	for (size_t i = 0; i < f->witnesses_kept; i++)
		json_text(j, f->witnesses[i]);
	json_array_end(j);
	json_object_end(j);
}

static void key_time(struct json *j, const char *key, int64_t ns)
{
	char text[REPORT_TIME];

	report_time(ns, text);
	key_text(j, key, ns ? text : NULL);
}

static void wire_json(const struct finding_wire *w, struct json *j)
{
	key_text(j, "check", w->check);
	key_text(j, "certainty", w->certainty);
	key_text(j, "technique", w->technique);
	key_text(j, "vendor", w->vendor);
	key_text(j, "peer", w->peer);
	key_time(j, "first", w->first_ns);
	key_time(j, "last", w->last_ns);
	json_key(j, "frames");
	json_array(j);
	for (size_t i = 0; i < w->frame_count; i++)
		json_int(j, (int64_t)w->frames[i]);
	json_array_end(j);
	json_key(j, "taps");
	json_array(j);
	for (size_t i = 0; i < w->frame_count; i++)
		json_text(j, w->taps[i]);
	json_array_end(j);
	json_key(j, "packets");
	json_int(j, (int64_t)w->packets);
	key_text(j, "next", w->next);
}

void report_finding_json(const struct finding *f, struct json *j)
{
	json_object(j);
	key_text(j, "policy", f->policy);
	key_text(j, "rule", f->rule);
	key_text(j, "statement", f->statement);
	key_text(j, "kind", f->kind);
	key_text(j, "status", finding_status_name(f->status));
	key_bool(j, "vacuous", f->vacuous);
	key_bool(j, "worsened", f->worsened);
	key_text(j, "subject", f->subject);
	key_text(j, "group", f->group);
	measure_json(f, j);
	bound_json(f, j);
	json_key(j, "by");
	json_date(j, f->by);
	key_text(j, "source", f->source);
	key_text(j, "grade", f->grade);
	key_text(j, "explanation", f->explanation);
	witnesses_json(f, j);
	if (f->wire)
		wire_json(f->wire, j);
	json_object_end(j);
}

static void findings_json(const struct assessment *a, struct json *j)
{
	json_key(j, "findings");
	json_array(j);
	for (size_t i = 0; i < a->findings.count; i++)
		report_finding_json(&a->findings.items[i], j);
	json_array_end(j);
}

static void money_json(struct json *j, const char *key, bool known, wide micro)
{
	json_key(j, key);
	if (known)
		json_micro(j, micro);
	else
		json_null(j);
}

static void plan_json(const struct remedy *r, struct json *j)
{
	json_key(j, "plan");
	if (!r) {
		json_null(j);
		return;
	}
	json_object(j);
	key_text(j, "status", r->status);
	json_key(j, "cost");
	if (r->found) {
		json_object(j);
		money_json(j, "low", true, r->low);
		money_json(j, "likely", true, r->likely);
		money_json(j, "high", true, r->high);
		key_text(j, "currency", *r->currency ? r->currency : NULL);
		json_object_end(j);
	} else {
		json_null(j);
	}
	money_json(j, "bound", r->found && r->has_bound, r->bound);
	json_key(j, "gap");
	if (r->found && r->has_bound)
		json_share(j, r->gap_ppb);
	else
		json_null(j);
	key_text(j, "proof", r->proof);
	json_key(j, "conflict");
	json_array(j);
	for (size_t i = 0; i < r->conflict_count; i++) {
		json_object(j);
		key_text(j, "policy", r->conflict[i].policy);
		key_text(j, "rule", r->conflict[i].rule);
		key_text(j, "source", r->conflict[i].source);
		key_text(j, "proof", r->conflict_proof);
		json_object_end(j);
	}
	json_array_end(j);
	key_bool(j, "conflict_minimal", r->conflict_minimal);
	json_key(j, "missing");
	json_array(j);
	for (size_t i = 0; i < r->missing_count; i++) {
		json_object(j);
		key_text(j, "what", r->missing[i].what);
		key_text(j, "text", r->missing[i].text);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

static void unknown_facts_json(const struct assessment *a, struct json *j)
{
	json_key(j, "unknown_facts");
	json_array(j);
	for (size_t i = 0; i < a->findings.unknown_count; i++) {
		const struct unknown_fact *fact = &a->findings.unknown[i];

		json_object(j);
		key_text(j, "subject", fact->subject);
		key_text(j, "attribute", fact->attribute);
		json_key(j, "settles");
		json_array(j);
		for (size_t k = 0; k < fact->settle_count; k++)
			json_text(j, fact->settles[k]);
		json_array_end(j);
		json_key(j, "elements");
		json_int(j, (int64_t)fact->elements);
		json_object_end(j);
	}
	json_array_end(j);
	json_key(j, "unknown_facts_dropped");
	json_int(j, (int64_t)a->findings.unknown_dropped);
}

static void silences_json(const struct assessment *a, struct json *j)
{
	json_key(j, "silences");
	json_array(j);
	for (size_t i = 0; i < a->silence_count; i++) {
		json_object(j);
		key_text(j, "subject", a->silences[i].subject);
		key_text(j, "attribute", a->silences[i].attribute);
		key_text(j, "value", a->silences[i].value);
		json_object_end(j);
	}
	json_array_end(j);
}

static void metric_json(const struct metric *m, struct json *j)
{
	json_key(j, m->measure);
	json_object(j);
	json_key(j, "shares");
	json_object(j);
	for (size_t i = 0; i < m->share_count; i++) {
		json_key(j, m->shares[i].vendor);
		json_share(j, m->shares[i].share);
	}
	json_object_end(j);
	json_key(j, "effective_vendors");
	json_micro(j, m->effective_micro);
	json_key(j, "hhi");
	json_share(j, m->hhi);
	json_object_end(j);
}

/* Metrics come layer by layer. */
static void metrics_json(const struct assessment *a, struct json *j)
{
	json_key(j, "metrics");
	json_object(j);
	for (size_t from = 0, to; from < a->metric_count; from = to) {
		json_key(j, a->metrics[from].layer);
		json_object(j);
		for (to = from; to < a->metric_count && !strcmp(a->metrics[to].layer, a->metrics[from].layer); to++)
			metric_json(&a->metrics[to], j);
		json_object_end(j);
	}
	json_object_end(j);
}

void report_json(const struct assessment *a, struct sink *s)
{
	struct json j;

	json_init(&j, s);
	json_object(&j);
	key_text(&j, "verdict", verdict_name(a->verdict));
	json_key(&j, "exit");
	json_int(&j, verdict_exit(a->verdict));
	json_key(&j, "on");
	json_date(&j, a->of->on);
	key_text(&j, "network", a->of->network);
	key_text(&j, "title", a->of->title);
	key_text(&j, "operator", a->of->operator_name);
	key_bool(&j, "planned", a->planned);
	key_bool(&j, "synthetic", a->synthetic);
	key_text(&j, "version", a->version);
	json_inputs(a, &j);
	findings_json(a, &j);
	json_provisos(a->provisos, a->proviso_count, &j);
	plan_json(a->remedy, &j);
	unknown_facts_json(a, &j);
	silences_json(a, &j);
	metrics_json(a, &j);
	confirmed_json(&j, &a->confirmation);
	json_object_end(&j);
	json_end(&j);
}
