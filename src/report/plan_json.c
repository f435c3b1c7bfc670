/* SPDX-License-Identifier: Apache-2.0 */
/* A plan as JSON: doc/json.md says what each key means, doc/schema/plan.json is checked in the tests. */
#include "report/conditions.h"
#include "report/report.h"

#include <string.h>

static void key_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

static void key_money(struct json *j, const char *key, bool known, wide micro)
{
	json_key(j, key);
	if (known)
		json_micro(j, micro);
	else
		json_null(j);
}

static void range_json(struct json *j, const char *key, const struct plan_money *m, const char *currency)
{
	json_key(j, key);
	json_object(j);
	key_money(j, "low", true, m->low);
	key_money(j, "likely", true, m->likely);
	key_money(j, "high", true, m->high);
	key_text(j, "currency", *currency ? currency : NULL);
	json_object_end(j);
}

static void texts_json(struct json *j, const char *key, const char *const *texts, size_t count)
{
	json_key(j, key);
	json_array(j);
	for (size_t i = 0; i < count; i++)
		json_text(j, texts[i]);
	json_array_end(j);
}

static void changes_json(const struct plan *plan, bool any, struct json *j)
{
	json_key(j, "changes");
	json_array(j);
	for (size_t i = 0; i < plan->change_count && any; i++) {
		const struct plan_change *c = &plan->changes[i];

		json_object(j);
		key_text(j, "id", c->id);
		key_text(j, "what", plan_what_name(c->what));
		key_text(j, "offer", c->offer->name);
		texts_json(j, "elements", c->elements, c->element_count);
		key_text(j, "from", c->from);
		key_text(j, "to", c->to);
		range_json(j, "cost", &c->cost, plan->currency);
		json_key(j, "due");
		json_date(j, c->due);
		texts_json(j, "mends", c->mends, c->mend_count);
		json_object_end(j);
	}
	json_array_end(j);
}

static void conflict_json(const struct plan *plan, struct json *j)
{
	json_key(j, "conflict");
	json_array(j);
	for (size_t i = 0; i < plan->conflict_count; i++) {
		json_object(j);
		key_text(j, "policy", plan->conflict[i].policy);
		key_text(j, "rule", plan->conflict[i].rule);
		key_text(j, "source", plan->conflict[i].source);
		key_text(j, "proof", plan_conflict_proof(plan));
		json_object_end(j);
	}
	json_array_end(j);
}

static void unknown_json(const struct plan *plan, struct json *j)
{
	json_key(j, "unknown_facts");
	json_array(j);
	for (size_t i = 0; i < plan->unknown_count && plan->status == PLAN_UNDETERMINED; i++) {
		json_object(j);
		key_text(j, "subject", plan->unknown[i].subject);
		key_text(j, "attribute", plan->unknown[i].attribute);
		texts_json(j, "settles", plan->unknown[i].settles, plan->unknown[i].settle_count);
		json_key(j, "elements");
		json_int(j, (int64_t)plan->unknown[i].elements);
		json_object_end(j);
	}
	json_array_end(j);
}

static void findings_json(const struct plan *plan, struct json *j)
{
	json_key(j, "findings");
	json_array(j);
	for (size_t i = 0; i < plan->findings.count; i++)
		report_finding_json(&plan->findings.items[i], j);
	json_array_end(j);
}

static void steps_json(const struct plan *plan, size_t quarter, struct json *j)
{
	json_key(j, "steps");
	json_array(j);
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct plan_step *s = &plan->steps[i];

		if (s->quarter != quarter)
			continue;
		json_object(j);
		key_text(j, "change", plan->changes[s->change].id);
		texts_json(j, "elements", s->elements, s->element_count);
		key_money(j, "cost", true, s->cost.likely);
		json_object_end(j);
	}
	json_array_end(j);
}

static void schedule_json(const struct plan *plan, struct json *j)
{
	json_key(j, "schedule");
	json_array(j);
	for (size_t i = 0; i < plan->quarter_count && plan->scheduled; i++) {
		const struct plan_quarter *q = &plan->quarters[i];

		json_object(j);
		key_text(j, "quarter", q->name);
		json_key(j, "from");
		json_date(j, q->from);
		json_key(j, "to");
		json_date(j, q->to);
		json_key(j, "elements");
		json_int(j, (int64_t)q->elements);
		key_money(j, "cost", true, q->cost.likely);
		key_money(j, "total", true, q->total.likely);
		steps_json(plan, i, j);
		json_object_end(j);
	}
	json_array_end(j);
}

static void missing_json(const struct plan *plan, struct json *j)
{
	json_key(j, "missing");
	json_array(j);
	for (size_t i = 0; i < plan->missing_count; i++) {
		json_object(j);
		key_text(j, "what", plan->missing[i].what);
		key_text(j, "text", plan->missing[i].text);
		json_object_end(j);
	}
	json_array_end(j);
}

static void borders_json(const struct plan *plan, struct json *j)
{
	json_key(j, "borders");
	json_object(j);
	json_key(j, "between_vendors");
	json_int(j, (int64_t)plan->borders);
	json_key(j, "all");
	json_int(j, (int64_t)plan->border_count);
	json_key(j, "islands");
	json_int(j, (int64_t)plan->islands);
	key_money(j, "cost", true, plan->border_cost.likely);
	json_key(j, "clusters_formed");
	json_int(j, (int64_t)plan->clusters_formed);
	json_object_end(j);
}

static void bound_json(struct json *j, const struct plan_price *p, int64_t bound)
{
	json_key(j, "bound");
	if (p->share)
		json_share(j, bound);
	else
		json_micro(j, bound);
}

static void side_json(struct json *j, const char *key, const struct plan_price *p, const struct plan_price_side *s)
{
	bool priced = s->status == PLAN_NOTHING || s->status == PLAN_FOUND || s->status == PLAN_UNDETERMINED;

	json_key(j, key);
	if (!s->asked) {
		json_null(j);
		return;
	}
	json_object(j);
	bound_json(j, p, s->bound);
	key_money(j, "cost", priced, s->likely);
	key_text(j, "status", plan_status_name(s->status));
	key_money(j, "at_least", priced && s->has_at_least, s->at_least);
	json_object_end(j);
}

static void prices_json(const struct plan *plan, struct json *j)
{
	json_key(j, "prices");
	json_array(j);
	for (size_t i = 0; i < plan->price_count; i++) {
		const struct plan_price *p = &plan->prices[i];

		json_object(j);
		json_key(j, "rule");
		json_text(j, p->rule);
		bound_json(j, p, p->bound);
		side_json(j, "laxer", p, &p->laxer);
		side_json(j, "stricter", p, &p->stricter);
		key_text(j, "policy", p->policy);
		key_text(j, "statement", p->statement);
		key_text(j, "param", p->param);
		json_object_end(j);
	}
	json_array_end(j);
}

static void shortages_json(const struct plan *plan, struct json *j)
{
	json_key(j, "shortages");
	json_array(j);
	for (size_t i = 0; i < plan->shortage_count; i++) {
		const struct plan_shortage *s = &plan->shortages[i];

		json_object(j);
		key_text(j, "what", s->what);
		key_text(j, "region", s->region);
		key_text(j, "quarter", s->quarter);
		json_key(j, "needed");
		json_micro(j, s->needed);
		json_key(j, "available");
		json_micro(j, s->available);
		key_text(j, "text", s->text);
		json_object_end(j);
	}
	json_array_end(j);
}

/* Changes after which every rule holds, but nobody knows when they could be done. */
static void undated_json(const struct plan *plan, struct json *j)
{
	json_key(j, "undated");
	if (!plan->undated) {
		json_null(j);
		return;
	}
	json_object(j);
	range_json(j, "cost", &plan->cost, plan->currency);
	changes_json(plan, true, j);
	json_key(j, "obstacles");
	json_array(j);
	for (size_t i = 0; i < plan->obstacle_count; i++) {
		json_object(j);
		key_text(j, "policy", plan->obstacles[i].policy);
		key_text(j, "rule", plan->obstacles[i].rule);
		key_text(j, "quarter", plan->obstacles[i].quarter);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

void report_plan_json(const struct plan *plan, const struct assessment *a, const char *certificate, struct sink *s)
{
	bool priced = plan->status == PLAN_NOTHING || plan->status == PLAN_FOUND || plan->status == PLAN_UNDETERMINED;
	struct json j;

	json_init(&j, s);
	json_object(&j);
	key_text(&j, "status", plan_status_name(plan->status));
	json_key(&j, "exit");
	json_int(&j, plan_status_exit(plan->status));
	json_key(&j, "on");
	json_date(&j, a->of->on);
	key_text(&j, "title", a->of->title);
	key_text(&j, "version", a->version);
	json_inputs(a, &j);
	if (priced) {
		range_json(&j, "cost", &plan->cost, plan->currency);
	} else {
		json_key(&j, "cost");
		json_null(&j);
	}
	key_money(&j, "bound", priced && plan->has_bound, plan->bound);
	key_money(&j, "solver_bound", priced && plan->has_solver_bound, plan->solver_bound);
	json_key(&j, "gap");
	if (priced && plan->has_bound)
		json_share(&j, plan->gap_ppb);
	else
		json_null(&j);
	key_text(&j, "proof", solve_proof_name(plan->proof));
	json_key(&j, "time_limited");
	json_bool(&j, plan->time_limited);
	json_key(&j, "assumed");
	json_bool(&j, plan->assumed);
	json_key(&j, "planned");
	json_bool(&j, plan->assume_plan);
	changes_json(plan, !plan->undated, &j);
	json_provisos(plan->provisos, plan->undated ? 0 : plan->proviso_count, &j);
	schedule_json(plan, &j);
	undated_json(plan, &j);
	prices_json(plan, &j);
	conflict_json(plan, &j);
	json_key(&j, "conflict_minimal");
	json_bool(&j, plan->conflict_minimal);
	unknown_json(plan, &j);
	findings_json(plan, &j);
	key_text(&j, "certificate", certificate);
	missing_json(plan, &j);
	shortages_json(plan, &j);
	borders_json(plan, &j);
	json_object_end(&j);
	json_end(&j);
}
