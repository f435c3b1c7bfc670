/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules20: twenty rules over a generated network, against the same questions as SQL in SQLite, in one process and on one
 * thread. Ours includes reading and compiling the policy and all grouping: nothing is aggregated while loading. SQLite has
 * the tables in memory, words as integers, indexes that cover every question, and ANALYZE behind it, all outside the time.
 * Both must give the same numbers, or the benchmark fails.
 *
 *     rules20 [ELEMENTS [ours]]     default 1000000; run in the folder that has rules20.proviso and rules20.sql
 *                                   `ours`: our side alone, fifty times, for a profiler
 */
#include "loaded.h"
#include "stopwatch.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { OURS_ROUNDS = 9, SQL_ROUNDS = 3, QUERIES = 20 };

/* What a vendor's owner comes to, for SQLite: numbers of its own, beyond the vendors'. */
enum { GROUP_HOLDING_H = 100 };

static const char schema[] =
	"CREATE TABLE vendor(id INTEGER PRIMARY KEY, designated INT, jurisdiction INT, grp INT);"
	"CREATE TABLE site(id INTEGER PRIMARY KEY, region INT, population INT, households INT, traffic INT, sensitive INT);"
	"CREATE TABLE element(id INTEGER PRIMARY KEY, site INT, function INT, technology INT, layer INT, vendor INT,"
	" version INT, managed_by INT, since INT, traffic INT, region INT);";

static const char indexes[] =
	"CREATE INDEX i01 ON element(layer, vendor, site);"
	"CREATE INDEX i02 ON element(layer, vendor, since);"
	"CREATE INDEX i03 ON element(site, vendor);"
	"CREATE INDEX i04 ON element(layer, managed_by);"
	"CREATE INDEX i05 ON element(layer, vendor, traffic);"
	"CREATE INDEX i06 ON element(layer, site, vendor);"
	"CREATE INDEX i07 ON element(layer, region, vendor, traffic);"
	"CREATE INDEX i08 ON element(layer, vendor, region, traffic);"
	"CREATE INDEX i09 ON element(vendor, layer);"
	"CREATE INDEX i10 ON element(technology, since);"
	"CREATE INDEX i11 ON element(layer, region, version);"
	"CREATE INDEX i12 ON element(layer, function, vendor);"
	"CREATE INDEX i13 ON site(sensitive);"
	"CREATE INDEX i14 ON site(id, region, population);"
	"CREATE INDEX i15 ON site(id, households);"
	"ANALYZE;";

/* ---- SQLite's side ----------------------------------------------------------------------------------------------------- */

static void sql_check(sqlite3 *db, int status)
{
	if (status != SQLITE_OK && status != SQLITE_DONE && status != SQLITE_ROW) {
		fprintf(stderr, "rules20: SQLite: %s\n", sqlite3_errmsg(db));
		exit(EXIT_INTERNAL);
	}
}

static void insert(sqlite3 *db, sqlite3_stmt *s, const int64_t *values, int count)
{
	for (int i = 0; i < count; i++)
		sql_check(db, values[i] < 0 ? sqlite3_bind_null(s, i + 1) : sqlite3_bind_int64(s, i + 1, values[i]));
	sql_check(db, sqlite3_step(s));
	sqlite3_reset(s);
}

static int layer_number(enum net_layer l)
{
	return l == LAYER_CORE ? 0 : l == LAYER_ACCESS ? 1 : l == LAYER_TRANSPORT ? 2 : 3;
}

static void fill_vendors(sqlite3 *db)
{
	static const int jurisdiction[GENERATED_VENDORS] = { 0, 1, 2, 2, 3, 4, 5, 6 };
	static const int group[GENERATED_VENDORS] = { 0, 1, 2, 2, GROUP_HOLDING_H, GROUP_HOLDING_H, 6, 7 };
	sqlite3_stmt *s;
	sql_check(db, sqlite3_prepare_v2(db, "INSERT INTO vendor VALUES(?,?,?,?)", -1, &s, NULL));
	for (int v = 0; v < GENERATED_VENDORS; v++)
		insert(db, s, (int64_t[]){ v, v >= 1 && v <= GENERATED_DESIGNATED, jurisdiction[v], group[v] }, 4);
	sqlite3_finalize(s);
}

static void fill(sqlite3 *db, const struct generated *g)
{
	sqlite3_stmt *s;
	sql_check(db, sqlite3_exec(db, schema, NULL, NULL, NULL));
	sql_check(db, sqlite3_exec(db, "BEGIN", NULL, NULL, NULL));
	fill_vendors(db);
	sql_check(db, sqlite3_prepare_v2(db, "INSERT INTO site VALUES(?,?,?,?,?,?)", -1, &s, NULL));
	for (uint32_t i = 0; i < g->sites; i++) {
		const struct generated_site *t = &g->site[i];
		insert(db, s, (int64_t[]){ i, t->region, t->population, t->households, (int64_t)t->traffic, t->sensitive }, 6);
	}
	sqlite3_finalize(s);
	sql_check(db, sqlite3_prepare_v2(db, "INSERT INTO element VALUES(?,?,?,?,?,?,?,?,?,?,?)", -1, &s, NULL));
	for (uint32_t i = 0; i < g->elements; i++) {
		const struct generated_element *e = &g->element[i];
		int64_t row[] = { i, e->site, e->function, e->technology == TECHNOLOGY_COUNT ? -1 : e->technology,
				  layer_number(generated_functions[e->function].layer), e->vendor,
				  1500 + e->version / 4 * 100 + e->version % 4, e->managed_by == VENDOR_NOT_SAID ? -1 : e->managed_by,
				  (2015 + e->since / 12) * 10000 + (1 + e->since % 12) * 100 + 1, (int64_t)e->traffic,
				  g->site[e->site].region };
		insert(db, s, row, 11);
	}
	sqlite3_finalize(s);
	sql_check(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
	sql_check(db, sqlite3_exec(db, indexes, NULL, NULL, NULL));
}

struct row {
	int query; /* 1..20 */
	int64_t subject, group, numerator, denominator; /* -1: none */
};

struct rows {
	struct row *items;
	size_t count, room;
};

static int64_t column(sqlite3_stmt *s, int i)
{
	return sqlite3_column_type(s, i) == SQLITE_NULL ? -1 : sqlite3_column_int64(s, i);
}

/* Runs the file's queries in order; rows may be NULL. times[q] gets the seconds of query q + 1. */
static double ask(sqlite3 *db, const char *sql, struct rows *rows, double *times)
{
	double begun = stopwatch_s();
	int query = 0;
	while (*sql) {
		double from = stopwatch_s();
		sqlite3_stmt *s;
		sql_check(db, sqlite3_prepare_v2(db, sql, -1, &s, &sql));
		if (!s)
			continue;
		query++;
		while (sqlite3_step(s) == SQLITE_ROW)
			if (rows)
				*array_add(rows) = (struct row){ query, column(s, 0), column(s, 1), column(s, 2), column(s, 3) };
		sql_check(db, sqlite3_finalize(s));
		if (query <= QUERIES)
			times[query - 1] = stopwatch_s() - from;
	}
	return stopwatch_s() - begun;
}

/* ---- the same numbers? ------------------------------------------------------------------------------------------------- */

static const char *subject_name(const struct row *r, char text[32])
{
	static const char *const jurisdictions[] = { "XA", "XB", "XC", "XD", "XE", "XF", "XG" };
	if (r->subject < 0) /* a rule about a set names the set, one about nobody in particular names nothing */
		return r->query == 16 ? "old" : r->query == 17 ? "early" : (r->query >= 5 && r->query <= 9) || r->query == 14 ? "high-risk" : "";
	if (r->query == 12)
		return jurisdictions[r->subject];
	if (r->subject == GROUP_HOLDING_H)
		return "Holding H";
	snprintf(text, 32, "v%d", (int)r->subject);
	return text;
}

static const char *group_name(const struct row *r, char text[32])
{
	if (r->group < 0)
		return "";
	if (r->query == 20)
		return generated_functions[r->group].name;
	snprintf(text, 32, "r%d", (int)r->group);
	return text;
}

static int by_rule_subject_group(const void *a, const void *b)
{
	const struct finding *x = *(const struct finding *const *)a, *y = *(const struct finding *const *)b;
	int order = strcmp(x->rule, y->rule);
	if (!order)
		order = strcmp(x->subject, y->subject);
	return order ? order : strcmp(x->group, y->group);
}

static bool same(const struct finding *f, const struct row *r)
{
	if (f->measured == UNIT_SHARE)
		return f->numerator == (wide)r->numerator * MICRO && f->denominator == (wide)r->denominator * MICRO && f->low == f->high;
	return f->low == r->numerator * MICRO && f->high == f->low;
}

static size_t weight(const struct finding *f) /* is there anything in it that SQL would show as a row? */
{
	return f->numerator || (f->measured == UNIT_COUNT && f->low);
}

static void compare(const struct findings *findings, const struct rows *rows)
{
	const struct finding **sorted = calloc(findings->count + 1, sizeof *sorted);
	if (!sorted)
		exit(EXIT_INTERNAL);
	size_t weighty = 0, weighty_rows = 0, wrong = 0;
	for (size_t i = 0; i < findings->count; i++) {
		sorted[i] = &findings->items[i];
		weighty += weight(sorted[i]);
	}
	qsort(sorted, findings->count, sizeof *sorted, by_rule_subject_group);
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *r = &rows->items[i];
		char rule[8], subject[32], group[32];
		snprintf(rule, sizeof rule, "r%02d", r->query);
		struct finding key = { .rule = rule, .subject = subject_name(r, subject), .group = group_name(r, group) };
		const struct finding *wanted = &key, **found =
			bsearch(&wanted, sorted, findings->count, sizeof *sorted, by_rule_subject_group);
		weighty_rows += r->numerator > 0;
		if ((found && same(*found, r)) || (!found && r->numerator == 0))
			continue;
		if (++wrong <= 10)
			fprintf(stderr, "rules20: %s \"%s\" \"%s\": SQLite %lld of %lld, ours %lld to %lld of a billion\n", rule,
				key.subject, key.group, (long long)r->numerator, (long long)r->denominator,
				found ? (long long)(*found)->low : -1, found ? (long long)(*found)->high : -1);
	}
	if (wrong || weighty != weighty_rows) {
		fprintf(stderr, "rules20: %zu of %zu rows differ; %zu findings and %zu rows with a number\n", wrong, rows->count, weighty,
			weighty_rows);
		exit(1);
	}
	printf("  the same %zu numbers from both\n", rows->count);
	free(sorted);
}

static void judge_again(const struct loaded *l, const char *policy, size_t bytes)
{
	enum { AGAIN = 50 };
	double times[AGAIN];
	for (int i = 0; i < AGAIN; i++) {
		struct arena *round = arena_new();
		struct findings findings = { 0 };
		double from = stopwatch_s();
		judge_text(l, round, policy, bytes, 1, &findings);
		times[i] = stopwatch_s() - from;
		arena_free(round);
	}
	printf("  first %.4f s, median %.4f s\n", times[0], median(times, AGAIN));
}

int main(int count, char **arguments)
{
	struct generated *g = generate(&(struct shape){ .elements = count > 1 ? (uint32_t)strtoul(arguments[1], NULL, 10) : 1000000,
							.per_site = 4, .seed = 1 });
	printf("rules20: 20 rules, %u elements at %u sites in %u regions, one thread\n", g->elements, g->sites, g->regions);
	struct arena *a = arena_new();
	size_t policy_bytes, sql_bytes;
	const char *policy = file_text(a, "rules20.proviso", &policy_bytes), *sql = file_text(a, "rules20.sql", &sql_bytes);

	struct loaded *l = load_generated(g);
	if (count > 2 && !strcmp(arguments[2], "ours")) {
		judge_again(l, policy, policy_bytes);
		return 0;
	}
	double ours[OURS_ROUNDS], theirs[SQL_ROUNDS], times[QUERIES] = { 0 };
	struct findings findings = { 0 };
	for (int i = 0; i < OURS_ROUNDS; i++) {
		struct arena *round = i + 1 < OURS_ROUNDS ? arena_new() : a;
		struct findings here = { 0 };
		double from = stopwatch_s();
		judge_text(l, round, policy, policy_bytes, 1, &here);
		ours[i] = stopwatch_s() - from;
		if (round == a)
			findings = here;
		else
			arena_free(round);
	}

	sqlite3 *db;
	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		return EXIT_INTERNAL;
	fill(db, g);
	struct rows rows = { 0 };
	for (int i = 0; i < SQL_ROUNDS; i++)
		theirs[i] = ask(db, sql, i ? NULL : &rows, times);
	if (getenv("RULES20_TIMES"))
		for (int i = 0; i < QUERIES; i++)
			printf("  r%02d %.4f s\n", i + 1, times[i]);
	printf("  first run %.4f s\n", ours[0]);
	print_ratio("compile and judge", median(ours, OURS_ROUNDS), "SQLite, covering indexes", median(theirs, SQL_ROUNDS), 50);
	compare(&findings, &rows);
	sqlite3_close(db);
	loaded_free(l);
	arena_free(a);
	generated_free(g);
	return 0;
}
