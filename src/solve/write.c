/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model and its certificate as JSON, for readers that share nothing with this program. Numbers that may not fit a double
 * are texts of digits; all of it is whole numbers.
 */
#include "solve/model.h"

static void json_wide(struct json *j, wide value)
{
	char text[48], *at = text + sizeof text - 1;
	bool below = value < 0;

	*at = 0;
	do {
		int digit = (int)(value % 10);

		*--at = (char)('0' + (digit < 0 ? -digit : digit));
		value /= 10;
	} while (value);
	if (below)
		*--at = '-';
	json_text(j, at);
}

static void json_rule(struct json *j, uint32_t rule)
{
	json_key(j, "rule");
	if (rule == SOLVE_NO_RULE)
		json_null(j);
	else
		json_int(j, rule);
}

static void numbers(struct json *j, const char *key, const uint32_t *items, size_t count)
{
	json_key(j, key);
	json_array(j);
	for (size_t i = 0; i < count; i++)
		json_int(j, items[i]);
	json_array_end(j);
}

static void amounts(struct json *j, const char *key, const int64_t *items, size_t count)
{
	json_key(j, key);
	json_array(j);
	for (size_t i = 0; i < count; i++)
		json_int(j, items[i]);
	json_array_end(j);
}

static void labels(const struct solve_model *m, struct json *j)
{
	json_key(j, "labels");
	json_array(j);
	for (size_t i = 0; i < m->labels.count; i++)
		if (m->label[i] == SOLVE_NO_LABEL)
			json_null(j);
		else
			json_int(j, m->label[i]);
	json_array_end(j);
}

static void forbids(const struct solve_model *m, struct json *j)
{
	json_key(j, "forbids");
	json_array(j);
	for (size_t i = 0; i < m->forbids.count; i++) {
		json_object(j);
		json_key(j, "option");
		json_int(j, m->forbid[i].option);
		json_rule(j, m->forbid[i].rule);
		json_object_end(j);
	}
	json_array_end(j);
}

static void rows(const struct solve_model *m, struct json *j)
{
	json_key(j, "rows");
	json_array(j);
	for (size_t i = 0; i < m->rows.count; i++) {
		const struct model_row *r = &m->row[i];

		json_object(j);
		json_rule(j, r->rule);
		json_key(j, "sense");
		json_text(j, r->sense == SOLVE_AT_MOST ? "<=" : ">=");
		json_key(j, "bound");
		json_wide(j, r->bound);
		numbers(j, "options", m->entry_option + r->from, r->count);
		amounts(j, "values", m->entry_value + r->from, r->count);
		json_object_end(j);
	}
	json_array_end(j);
}

static void marks(const struct solve_model *m, struct json *j)
{
	json_key(j, "marks");
	json_array(j);
	for (size_t i = 0; i < m->marks.count; i++) {
		json_object(j);
		json_key(j, "fee");
		json_int(j, m->mark[i].fee);
		numbers(j, "options", m->mark_option + m->mark[i].from, m->mark[i].count);
		json_object_end(j);
	}
	json_array_end(j);
}

static void counts(const struct solve_model *m, struct json *j)
{
	json_key(j, "counts");
	json_array(j);
	for (size_t i = 0; i < m->counted.count; i++) {
		json_object(j);
		json_rule(j, m->counts[i].rule);
		json_key(j, "at_least");
		json_int(j, m->counts[i].at_least);
		numbers(j, "marks", m->count_mark + m->counts[i].from, m->counts[i].count);
		json_object_end(j);
	}
	json_array_end(j);
}

static void borders(const struct solve_model *m, struct json *j)
{
	json_key(j, "borders");
	json_array(j);
	for (size_t i = 0; i < m->borders.count; i++) {
		json_object(j);
		json_key(j, "a");
		json_int(j, m->border[i].a);
		json_key(j, "b");
		json_int(j, m->border[i].b);
		json_key(j, "cost");
		json_int(j, m->border[i].cost);
		json_object_end(j);
	}
	json_array_end(j);
}

void solve_model_json(const struct solve_model *m, struct json *j)
{
	json_object(j);
	numbers(j, "units", m->first, m->units.count);
	amounts(j, "costs", m->cost, m->costs.count);
	labels(m, j);
	forbids(m, j);
	rows(m, j);
	marks(m, j);
	counts(m, j);
	borders(m, j);
	json_object_end(j);
}

static void entries(struct json *j, const char *key, const struct solve_certificate_entry *items, size_t count)
{
	json_key(j, key);
	json_array(j);
	for (size_t i = 0; i < count; i++) {
		json_array(j);
		json_int(j, items[i].index);
		json_int(j, items[i].key);
		json_wide(j, items[i].value);
		json_array_end(j);
	}
	json_array_end(j);
}

void solve_certificate_json(const struct solve_certificate *c, struct json *j)
{
	json_object(j);
	json_key(j, "shift");
	json_int(j, c->shift);
	json_key(j, "ray");
	json_bool(j, c->ray);
	json_key(j, "rows");
	json_array(j);
	for (uint32_t i = 0; i < c->rows; i++)
		json_wide(j, c->row[i]);
	json_array_end(j);
	entries(j, "count_marks", c->count_marks, c->count_mark_count);
	entries(j, "fees", c->fees, c->fee_count);
	entries(j, "borders", c->borders, c->border_count);
	json_object_end(j);
}
