/* SPDX-License-Identifier: Apache-2.0 */
/* A plan as people and programs read it: what to do, what it costs, how sure that is; or why nothing offered helps. */
#include "ops/planned.h"

#include <string.h>

static void put_money(struct sink *s, const char *currency, wide micro)
{
	char text[64];

	micro_print_grouped(micro, text);
	sink_printf(s, "%s%s%s", text, *currency ? " " : "", currency);
}

static void put_change(const struct plan *plan, size_t i, struct sink *s)
{
	enum { SHOWN = 6 };
	const struct plan_change *c = &plan->changes[i];
	char day[11];

	sink_printf(s, "\n%s  %s, ", c->id, plan->provisos[i].what);
	put_money(s, plan->currency, c->cost.likely);
	if (c->due != DATE_NONE) {
		date_print(c->due, day);
		sink_printf(s, ", by %s", day);
	}
	sink_text(s, "\n      ");
	for (size_t k = 0; k < c->element_count && k < SHOWN; k++)
		sink_printf(s, "%s%s", k ? ", " : "", c->elements[k]);
	if (c->element_count > SHOWN)
		sink_printf(s, " and %zu more", c->element_count - SHOWN);
	sink_text(s, "\n      because of ");
	for (size_t k = 0; k < c->mend_count; k++)
		sink_printf(s, "%s%s", k ? ", " : "", c->mends[k]);
	sink_text(s, c->mend_count ? "\n" : "the other changes\n");
}

static void put_cost(const struct plan *plan, struct sink *s)
{
	char gap[32];

	sink_text(s, "cost: ");
	put_money(s, plan->currency, plan->cost.likely);
	if (plan->cost.low != plan->cost.high) {
		sink_text(s, " (");
		put_money(s, plan->currency, plan->cost.low);
		sink_text(s, " to ");
		put_money(s, plan->currency, plan->cost.high);
		sink_text(s, ")");
	}
	sink_char(s, '\n');
	if (!plan->has_bound)
		return;
	ppb_print_percent((plan->gap_ppb + 99999) / 100000 * 100000, gap);
	if (plan->gap_ppb)
		sink_printf(s, "no plan can be more than %s cheaper (proven in integers)\n", gap);
	else
		sink_text(s, "no plan can be cheaper (proven in integers)\n");
	if (plan->gap_ppb && plan->proof == SOLVE_PROOF_LIBRARY)
		sink_text(s, "the solver CBC says that none is cheaper\n");
	if (plan->assumed)
		sink_text(s, "some prices have no source: they are assumed\n");
}

static void put_conflict(const struct plan *plan, struct sink *s)
{
	sink_text(s, plan->conflict_minimal
			     ? "these rules can't hold together; without any one of them there is a plan:\n"
			     : "these rules can't hold together:\n");
	for (size_t i = 0; i < plan->conflict_count; i++)
		sink_printf(s, "  %s/%s%s%s\n", plan->conflict[i].policy, plan->conflict[i].rule,
			    plan->conflict[i].source ? "  " : "",
			    plan->conflict[i].source ? plan->conflict[i].source : "");
}

void plan_text(const struct plan *plan, struct sink *s)
{
	static const char *const heads[] = {
		[PLAN_NOTHING] = "nothing to mend: every rule holds",
		[PLAN_FOUND] = "a plan was found: with it every rule holds",
		[PLAN_IMPOSSIBLE] = "not manageable: nothing offered mends it",
		[PLAN_UNDETERMINED] = "undetermined: with this nothing is broken, but what is unknown decides the rest",
		[PLAN_NONE_FOUND] = "no plan was found, and none was proven impossible",
	};

	sink_printf(s, "%s\n", heads[plan->status]);
	if (plan->status == PLAN_IMPOSSIBLE)
		put_conflict(plan, s);
	if (plan->status == PLAN_FOUND || plan->status == PLAN_UNDETERMINED) {
		put_cost(plan, s);
		for (size_t i = 0; i < plan->change_count; i++)
			put_change(plan, i, s);
	}
	for (size_t i = 0; i < plan->unknown_count && i < 20 && plan->status == PLAN_UNDETERMINED; i++)
		sink_printf(s, "%sunknown: %s %s\n", i ? "" : "\n", plan->unknown[i].subject,
			    plan->unknown[i].attribute);
	if (plan->assume_plan)
		sink_text(s, "\nevidence that is still to be obtained is counted\n");
	if (plan->time_limited)
		sink_text(s, "\nthe time was up: on another machine the result may differ\n");
}

/* ---- JSON ------------------------------------------------------------------------------------------------------------ */

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

static void changes_json(const struct plan *plan, struct json *j)
{
	json_key(j, "changes");
	json_array(j);
	for (size_t i = 0; i < plan->change_count; i++) {
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

static void provisos_json(const struct plan *plan, struct json *j)
{
	json_key(j, "provisos");
	json_array(j);
	for (size_t i = 0; i < plan->proviso_count; i++) {
		const struct proviso *p = &plan->provisos[i];

		json_object(j);
		key_text(j, "policy", p->policy);
		key_text(j, "rule", p->rule);
		key_text(j, "what", p->what);
		key_text(j, "who", p->who);
		json_key(j, "by");
		json_date(j, p->by);
		key_text(j, "closes", p->closes);
		key_text(j, "source", p->source);
		key_text(j, "where", p->where);
		json_key(j, "cost");
		if (p->has_cost)
			json_micro(j, p->cost);
		else
			json_null(j);
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

static void inputs_json(const struct case_loaded *c, struct json *j)
{
	size_t count;
	const struct assessment_input *inputs = inputs_list(c->inputs, &count);

	json_key(j, "inputs");
	json_array(j);
	for (size_t i = 0; i < count; i++) {
		json_object(j);
		key_text(j, "path", inputs[i].path);
		key_text(j, "sha256", inputs[i].sha256);
		json_object_end(j);
	}
	json_array_end(j);
}

void plan_json(const struct case_loaded *c, const struct plan *plan, struct sink *s)
{
	bool priced = plan->status == PLAN_NOTHING || plan->status == PLAN_FOUND || plan->status == PLAN_UNDETERMINED;
	struct json j;

	json_init(&j, s);
	json_object(&j);
	key_text(&j, "status", plan_status_name(plan->status));
	json_key(&j, "exit");
	json_int(&j, plan_status_exit(plan->status));
	json_key(&j, "on");
	json_date(&j, c->on);
	key_text(&j, "title", c->file.title ? c->file.title : c->file.name);
	key_text(&j, "version", PROVISO_VERSION);
	inputs_json(c, &j);
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
	changes_json(plan, &j);
	provisos_json(plan, &j);
	texts_json(&j, "schedule", NULL, 0);
	texts_json(&j, "prices", NULL, 0);
	conflict_json(plan, &j);
	json_key(&j, "conflict_minimal");
	json_bool(&j, plan->conflict_minimal);
	unknown_json(plan, &j);
	findings_json(plan, &j);
	json_key(&j, "certificate");
	json_null(&j);
	json_object_end(&j);
	json_end(&j);
}
