/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test: a policy's own `test` stanzas. A test lays out a small network in the policy's file, row by row, and says what is to be
 * expected of it:
 *
 *     test core-with-designated
 *       on 2024-01-01
 *       vendor acme designated = yes             a key that vendors.csv does not have is a decision about the vendor
 *       site s1 region = "North" population = 100
 *       element e1 function = AMF site = s1 vendor = acme
 *       link e1 e2 over N2
 *       present element e9 function = gNB site = s1     stands today and not in the proposal
 *       claim vendor acme exfiltration = none-found kind probe from "agency"
 *       param cap = 40%
 *       expect core-exclusion broken for acme in North
 *       expect verdict manageable
 *
 * The rows become CSV and go through the same reader as everybody's.
 */
#include <stdlib.h>
#include <string.h>

#include "assess/internal.h"

struct cell {
	const char *column, *value;
};

struct row {
	enum net_table_name table;
	bool present;       /* stands today */
	const char *id, *b; /* links: the other end */
	struct cell cells[64];
	size_t cell_count;
};

struct expectation {
	const char *rule; /* or "verdict" */
	const char *status, *subject, *group;
	struct place place;
};

struct trial {
	struct arena *arena;
	struct strs *strs;
	struct diagnostics *diagnostics;
	const struct policy *policy;
	const struct document *document;
	struct {
		struct row *items;
		size_t count, room;
	} rows;
	struct {
		struct expectation *items;
		size_t count, room;
	} expected;
	struct {
		struct cell *items;
		size_t count, room;
	} params;
	struct {
		struct reader *items;
		size_t count, room;
	} sets;
	struct sink *evidence; /* stanzas */
	size_t claims;
	bool has_proposal;
	int32_t on;
};

/* ---- reading ------------------------------------------------------------------------------------------------------------ */

/* Attributes the inventory has no column for are decisions about the row. */
static bool is_column(enum net_table_name table, const char *name)
{
	static const char *const vendors[] = { "name", "jurisdiction", "owner" };
	static const char *const products[] = { "vendor", "functions", "lifetime_years", "support_until" };
	const char *const *of = table == NET_VENDORS ? vendors : products;
	size_t count = table == NET_VENDORS ? 3 : 4;
	if (table != NET_VENDORS && table != NET_PRODUCTS)
		return true;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(of[i], name))
			return true;
	return false;
}

static void claim_of_cell(struct trial *t, const char *about, const char *subject, const struct token *name,
			  const struct token *value)
{
	sink_printf(t->evidence,
		    "evidence of-test-%zu\n  about %s %s\n  says %s = %s%s%s\n  kind decision\n  from \"test\"\n  "
		    "dated 1970-01-02\n\n",
		    ++t->claims, about, subject, name->text, value->kind == TOKEN_STRING ? "\"" : "", value->text,
		    value->kind == TOKEN_STRING ? "\"" : "");
}

static void read_cells(struct trial *t, struct reader *r, struct row *row)
{
	while (!r->bad && !reader_ended(r)) {
		const struct token *name = reader_name(r, "a column");
		if (!name)
			return;
		if (row->table == NET_LINKS && !strcmp(name->text, "over")) {
			const struct token *v = reader_value(r, "a reference point");
			if (v)
				row->cells[row->cell_count++] = (struct cell){ "reference_point", v->text };
			continue;
		}
		if (!reader_expect(r, "="))
			return;
		const struct token *v = reader_value(r, "a value");
		if (!v)
			return;
		if (!is_column(row->table, name->text))
			claim_of_cell(t, net_table_singular(row->table), row->id, name, v);
		else if (row->cell_count < 63)
			row->cells[row->cell_count++] = (struct cell){ name->text, v->text };
		else
			reader_error(r, name, "too-many-cells", NULL, 0, "a row of a test has at most 63 cells");
	}
}

static void read_row(struct trial *t, struct reader *r, enum net_table_name table, bool present)
{
	const struct token *id = reader_value(r, "the row's id");
	if (!id)
		return;
	struct row row = { .table = table, .present = present, .id = id->text };
	if (table == NET_LINKS) {
		const struct token *b = reader_value(r, "the link's other end");
		if (!b)
			return;
		row.b = b->text;
	}
	t->has_proposal = t->has_proposal || present;
	read_cells(t, r, &row);
	*array_add(&t->rows) = row;
}

/* `claim vendor acme exfiltration = none-found kind probe from "agency"`: the rest are clauses of evidence, one after another. */
static void read_claim(struct trial *t, struct reader *r)
{
	const struct token *about = reader_name(r, "what the claim is about: vendor, product ...");
	const struct token *subject = about ? reader_value(r, "the subject") : NULL;
	if (!subject)
		return;
	const struct token *version = reader_take(r, "at") ? reader_value(r, "a version") : NULL;
	sink_printf(t->evidence, "evidence of-test-%zu\n  about %s %s%s%s\n", ++t->claims, about->text, subject->text,
		    version ? " at " : "", version ? version->text : "");
	bool kind = false, from = false, dated = false;
	while (!r->bad && !reader_ended(r)) {
		const struct token *first = reader_name(r, "a clause of evidence, or an attribute");
		if (!first)
			break;
		bool says = reader_take(r, "=");
		sink_printf(t->evidence, says ? "  says %s =" : "  %s", first->text);
		static const char *const two_words[] = { "version", "until", "by",
							 "on" }; /* for version, valid until, graded by ... */
		for (size_t i = 0; i < 4 && !says; i++)
			if (reader_take(r, two_words[i]))
				sink_printf(t->evidence, " %s", two_words[i]);
		kind = kind || !strcmp(first->text, "kind");
		from = from || !strcmp(first->text, "from");
		dated = dated || !strcmp(first->text, "dated");
		const struct token *v = reader_value(r, "a value");
		if (v)
			sink_printf(t->evidence, v->kind == TOKEN_STRING ? " \"%s\"\n" : " %s\n", v->text);
	}
	sink_printf(t->evidence, "%s%s%s\n", kind ? "" : "  kind decision\n", from ? "" : "  from \"test\"\n",
		    dated ? "" : "  dated 1970-01-02\n");
}

static void read_expect(struct trial *t, struct reader *r)
{
	struct expectation x = { .place = r->at->place };
	const struct token *rule = reader_name(r, "a rule, or \"verdict\"");
	const struct token *status =
		rule ? reader_name(r, "a status: holds broken due unknown waived notifiable not-in-force") : NULL;
	if (!status)
		return;
	x.rule = rule->text;
	x.status = status->text;
	while (!r->bad && !reader_ended(r)) {
		const char **into = reader_take(r, "for") ? &x.subject : reader_take(r, "in") ? &x.group : NULL;
		if (!into) {
			static const char *const words[] = { "for", "in" };
			reader_error(r, r->at, "expected-word", words, 2, "expected \"for\" or \"in\", found \"%s\"",
				     r->at->text);
			return;
		}
		const struct token *v = reader_value(r, "a subject or a group");
		*into = v ? v->text : NULL;
	}
	bool verdict = !strcmp(x.rule, "verdict"), known = verdict;
	for (size_t i = 0; i < policy_rule_count(t->policy); i++)
		known = known || !strcmp(policy_rule_at(t->policy, i).name, x.rule);
	if (!known)
		reader_error(r, rule, "unknown-rule", NULL, 0, "no rule is called \"%s\"", x.rule);
	bool status_known = false;
	for (int s = 0; s < FINDING_STATUSES && !verdict; s++)
		status_known = status_known || !strcmp(finding_status_name((enum finding_status)s), x.status);
	for (int v = 0; v <= VERDICT_FAILS && verdict; v++)
		status_known = status_known || !strcmp(verdict_name((enum verdict)v), x.status);
	if (known && !status_known)
		reader_error(r, status, "unknown-status", NULL, 0, "\"%s\" is no %s", x.status,
			     verdict ? "verdict" : "status");
	if (!r->bad)
		*array_add(&t->expected) = x;
}

static void read_param(struct trial *t, struct reader *r)
{
	const struct token *name = reader_name(r, "the parameter");
	if (!name || !reader_expect(r, "="))
		return;
	for (size_t i = 0; i < t->params.count; i++)
		if (!strcmp(t->params.items[i].column, name->text)) {
			reader_error(r, name, "duplicate-clause", NULL, 0,
				     "the test gives the parameter \"%s\" already", name->text);
			return;
		}
	const struct token *v = reader_value(r, "a value");
	if (v && reader_end(r))
		*array_add(&t->params) = (struct cell){ name->text, v->text };
}

static void read_clause(struct trial *t, struct reader *r)
{
	bool present = reader_take(r, "present");
	for (int table = 0; table < NET_TABLES; table++)
		if (reader_take(r, net_table_singular((enum net_table_name)table))) {
			read_row(t, r, (enum net_table_name)table, present);
			return;
		}
	if (reader_take(r, "claim"))
		read_claim(t, r);
	else if (reader_take(r, "expect"))
		read_expect(t, r);
	else if (reader_take(r, "param"))
		read_param(t, r);
	else if (reader_take(r, "set"))
		*array_add(&t->sets) = *r; /* read into the test's own copy of the policy */
	else if (reader_sees(r, "on") && t->on != DATE_NONE)
		reader_error(r, r->at, "duplicate-clause", NULL, 0, "the test has its \"on\" already");
	else if (reader_take(r, "on"))
		(void)(reader_date(r, "the day of the test", &t->on) && reader_end(r));
	else {
		static const char *const words[] = { "on",      "vendor", "product", "site", "element", "link",
						     "present", "claim",  "param",   "set",  "expect" };
		reader_error(r, r->at, "unknown-clause", words, 11, "a test has no clause \"%s\"", r->at->text);
	}
}

/* ---- the network, as CSV ------------------------------------------------------------------------------------------------------ */

static size_t columns_of(const struct trial *t, enum net_table_name table, bool present, const char **columns)
{
	size_t count = 0;
	for (size_t i = 0; i < t->rows.count; i++) {
		const struct row *r = &t->rows.items[i];
		if (r->table != table || r->present != present)
			continue;
		for (size_t k = 0; k < r->cell_count; k++) {
			size_t c = 0;
			while (c < count && strcmp(columns[c], r->cells[k].column))
				c++;
			if (c == count && count < 200)
				columns[count++] = r->cells[k].column;
		}
	}
	return count;
}

static void print_row(struct sink *out, const struct row *r, const char *const *columns, size_t count)
{
	sink_csv(out, r->id);
	if (r->b) {
		sink_char(out, ',');
		sink_csv(out, r->b);
	}
	for (size_t c = 0; c < count; c++) {
		sink_char(out, ',');
		for (size_t k = 0; k < r->cell_count; k++)
			if (!strcmp(r->cells[k].column, columns[c]))
				sink_csv(out, r->cells[k].value);
	}
	sink_char(out, '\n');
}

/* What stands today and is not written down for the proposal goes. */
static size_t print_removed(struct trial *t, struct sink *out)
{
	size_t removed = 0;
	for (size_t i = 0; i < t->rows.count; i++) {
		const struct row *r = &t->rows.items[i];
		bool stays = r->table != NET_ELEMENTS || !r->present;
		for (size_t k = 0; k < t->rows.count && !stays; k++)
			stays = t->rows.items[k].table == NET_ELEMENTS && !t->rows.items[k].present &&
				!strcmp(t->rows.items[k].id, r->id);
		if (stays)
			continue;
		sink_printf(out, "-%s\n", r->id);
		removed++;
	}
	return removed;
}

/* Rows of today's network, or those of the proposal's result. NULL if there are none. */
static struct source *table_source(struct trial *t, enum net_table_name table, bool present)
{
	const char *columns[200];
	size_t count = columns_of(t, table, present, columns), rows = 0;
	struct sink *out = sink_to_memory(t->arena);
	sink_text(out, table == NET_LINKS ? "a,b" : net_table_singular(table));
	for (size_t c = 0; c < count; c++) {
		sink_char(out, ',');
		sink_csv(out, columns[c]);
	}
	if (table == NET_ELEMENTS)
		for (int missing = 0; missing < 2; missing++) {
			size_t c = 0;
			while (c < count && strcmp(columns[c], missing ? "function" : "site"))
				c++;
			if (c == count && count < 200) {
				columns[count++] = missing ? "function" : "site";
				sink_printf(out, ",%s", columns[count - 1]);
			}
		}
	if (table == NET_PRODUCTS && count == 0) {
		columns[count++] = "vendor";
		sink_text(out, ",vendor");
	}
	sink_char(out, '\n');
	for (size_t i = 0; i < t->rows.count; i++)
		if (t->rows.items[i].table == table && t->rows.items[i].present == present) {
			print_row(out, &t->rows.items[i], columns, count);
			rows++;
		}
	if (table == NET_ELEMENTS && !present && t->has_proposal)
		rows += print_removed(t, out);
	size_t bytes;
	const char *text = sink_memory(out, &bytes);
	const char *shown = arena_printf(t->arena, "%s (test, %s)", t->document->file, net_table_file(table));
	return rows ? source_of_memory(t->arena, shown, text, bytes) : NULL;
}

/* Without `present` rows one network; with them, today's (present rows, and tables nobody repeats) and the one that is proposed. */
static struct net *trial_net(struct trial *t, struct net **today)
{
	struct net_input now[NET_TABLES], before[NET_TABLES];
	size_t now_count = 0, before_count = 0;
	for (int table = 0; table < NET_TABLES; table++) {
		struct source *s = table_source(t, (enum net_table_name)table, false),
			      *p = table_source(t, (enum net_table_name)table, true);
		bool shared = table == NET_VENDORS || table == NET_PRODUCTS || table == NET_SITES;
		if (shared && s && t->has_proposal && !p)
			p = table_source(t, (enum net_table_name)table, false);
		if (p)
			before[before_count++] = (struct net_input){ (enum net_table_name)table, p };
		if (s)
			now[now_count++] = (struct net_input){ (enum net_table_name)table, s };
	}
	*today = NULL;
	if (!t->has_proposal)
		return net_load(t->arena, t->strs, t->diagnostics, now, now_count, NULL, 0, NULL);
	struct net *proposed = NULL;
	*today = net_load(t->arena, t->strs, t->diagnostics, before, before_count, now, now_count, &proposed);
	return proposed;
}

/* ---- expecting ------------------------------------------------------------------------------------------------------------------- */

static bool agrees(const struct expectation *x, const struct finding *f)
{
	return !strcmp(x->rule, f->rule) && (!x->subject || !strcmp(x->subject, f->subject)) &&
	       (!x->group || !strcmp(x->group, f->group));
}

/* `holds` expects every such finding to hold; any other status, that there is one. */
static bool expectation_met(struct trial *t, const struct expectation *x, const struct assessment *a, const char **got)
{
	if (!strcmp(x->rule, "verdict")) {
		*got = verdict_name(a->verdict);
		return !strcmp(*got, x->status);
	}
	bool all = !strcmp(x->status, "holds"), met = false, seen = false;
	const char *other = NULL;
	for (size_t i = 0; i < a->findings.count; i++) {
		const struct finding *f = &a->findings.items[i];
		if (!agrees(x, f))
			continue;
		bool same = !strcmp(finding_status_name(f->status), x->status);
		met = seen && all ? met && same : met || same;
		seen = true;
		if (!same && (!other || !all))
			other = arena_printf(t->arena, "%s: %s", finding_status_name(f->status), f->explanation);
	}
	*got = seen ? (other ? other : x->status) : "no such finding";
	return met;
}

static void judge_trial(struct trial *t, struct policy_test_result *out)
{
	struct net *today, *net = trial_net(t, &today);
	struct evidence *e = evidence_new(t->arena, t->diagnostics);
	size_t bytes;
	const char *text = sink_memory(t->evidence, &bytes);
	if (bytes) {
		const char *shown = arena_printf(t->arena, "%s (test, evidence)", t->document->file);
		struct document *d =
			document_parse(t->arena, source_of_memory(t->arena, shown, text, bytes), t->diagnostics);
		if (d)
			evidence_add(e, d);
	}
	if (t->diagnostics->errors || !net) {
		out->got = t->diagnostics->count ? t->diagnostics->items[0].text : "the test can't be read";
		return;
	}
	evidence_weigh(e, &(struct weighing){ .on = t->on });
	const struct policy *const policies[] = { t->policy };
	struct assessment_case c = { .net = net,
				     .present = today,
				     .network = today ? "proposed" : "present",
				     .policies = policies,
				     .policy_count = 1,
				     .evidence = e,
				     .on = t->on,
				     .threads = 1,
				     .strs = t->strs };
	struct assessment *a = assess(t->arena, &c, NULL, t->diagnostics);
	out->passed = t->expected.count > 0 && !t->diagnostics->errors;
	for (size_t i = 0; i < t->expected.count && out->passed; i++) {
		const struct expectation *x = &t->expected.items[i];
		out->passed = expectation_met(t, x, a, &out->got);
		out->expected =
			arena_printf(t->arena, "%s %s%s%s%s%s", x->rule, x->status, x->subject ? " for " : "",
				     x->subject ? x->subject : "", x->group ? " in " : "", x->group ? x->group : "");
		out->place = x->place;
	}
	if (!t->expected.count)
		out->got = "the test expects nothing";
	else if (t->diagnostics->errors)
		out->got = t->diagnostics->items[0].text;
}

static void set_params(struct trial *t, struct policy *p)
{
	for (size_t i = 0; i < t->params.count; i++)
		policy_set_param(p, t->diagnostics, t->params.items[i].column, t->params.items[i].value);
	for (size_t i = 0; i < t->sets.count; i++)
		policy_read_set(p, t->diagnostics, &t->sets.items[i]);
}

static struct policy_test_result run_test(struct arena *a, const struct policy *p, const struct stanza *st,
					  const struct document *d, struct diagnostics *outer)
{
	struct diagnostics own;
	diagnostics_init(&own, a);
	struct trial t = { .arena = a,
			   .strs = strs_new(a),
			   .diagnostics = &own,
			   .policy = p,
			   .document = d,
			   .evidence = sink_to_memory(a),
			   .on = DATE_NONE };
	struct policy_test_result out = { .name = st->head.count > 1 ? st->head.tokens[1].text : "unnamed",
					  .expected = "",
					  .got = "",
					  .place = st->head.tokens[0].place };
	size_t errors = outer->errors;
	for (size_t i = 0; i < st->count; i++) {
		struct reader r = reader_of(d, &st->clauses[i], a, outer);
		read_clause(&t, &r);
	}
	if (outer->errors > errors) {
		out.got = "the test has mistakes";
	} else if (t.on == DATE_NONE) {
		out.got = "the test names no day: \"on DATE\"";
	} else {
		struct policy *copy = policy_with_params(a, p);
		set_params(&t, copy);
		t.policy = copy;
		judge_trial(&t, &out);
	}
	free(t.rows.items);
	free(t.expected.items);
	free(t.params.items);
	free(t.sets.items);
	diagnostics_free(&own);
	return out;
}

struct policy_test_result *assess_run_tests(struct arena *a, const struct policy *p, struct diagnostics *d,
					    size_t *count)
{
	*count = policy_test_count(p);
	struct policy_test_result *out = arena_array(a, *count + 1, sizeof *out);
	for (size_t i = 0; i < *count; i++) {
		const struct document *document;
		const struct stanza *st = policy_test_at(p, i, &document);
		out[i] = run_test(a, p, st, document, d);
	}
	return out;
}
