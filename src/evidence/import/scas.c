/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results of 3GPP SCAS tests and GSMA NESAS audits become claims. NESAS has two artefacts (FS.13): an audit of how a
 * vendor develops and looks after its products, and an evaluation of one product at one version against security
 * assurance specifications. So an audit is a claim about a vendor; an evaluation is a test report about a product at a
 * version, with a result for each specification beside it and the numbers of test cases kept as they were: passed,
 * failed, not applicable.
 */
#include "evidence/import/scas.h"

#include <stdlib.h>
#include <string.h>

/* Rows that belong together: one specification of one report. */
struct tally {
	uint64_t passed, failed, not_applicable;
};

/* A row and where its report and its specification stand in order. */
struct placed {
	const struct scas_row *row;
	size_t at;
};

/* What makes a report: the columns that are the same in all its rows. */
static const enum scas_column of_report[] = { SCAS_ARTEFACT, SCAS_VENDOR,     SCAS_PRODUCT, SCAS_VERSION,
					      SCAS_BUILD,    SCAS_LABORATORY, SCAS_DATE,    SCAS_VALID_UNTIL };
static const enum scas_column of_specification[] = { SCAS_TS, SCAS_TS_VERSION };

static int compare_cells(const struct scas_row *a, const struct scas_row *b, const enum scas_column *columns,
			 size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *x = a->cells[columns[i]], *y = b->cells[columns[i]];
		int order = strcmp(x ? x : "", y ? y : "");

		if (order)
			return order;
	}
	return 0;
}

static bool same_report(const struct scas_row *a, const struct scas_row *b)
{
	return !compare_cells(a, b, of_report, sizeof of_report / sizeof *of_report);
}

static bool same_specification(const struct scas_row *a, const struct scas_row *b)
{
	return same_report(a, b) &&
	       !compare_cells(a, b, of_specification, sizeof of_specification / sizeof *of_specification);
}

static int by_report(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	int order = compare_cells(x->row, y->row, of_report, sizeof of_report / sizeof *of_report);

	if (!order)
		order = compare_cells(x->row, y->row, of_specification,
				      sizeof of_specification / sizeof *of_specification);
	return order ? order : x->at < y->at ? -1 : 1;
}

/* ---- a row on its own -------------------------------------------------------------------------------------------- */

static bool is_audit(const struct scas_row *row)
{
	return row->cells[SCAS_ARTEFACT] && !strcmp(row->cells[SCAS_ARTEFACT], "audit");
}

/* "TS 33.512" and "33.512" are one; "FS.16" stays. NULL: neither a specification of 3GPP's 33 series nor of GSMA's FS
 * series. */
static const char *specification_of(const struct scas_row *row)
{
	const char *ts = row->cells[SCAS_TS];

	if (ts && !strncmp(ts, "3GPP ", 5))
		ts += 5;
	if (ts && !strncmp(ts, "TS ", 3))
		ts += 3;
	if (!ts || (strncmp(ts, "33.", 3) && strncmp(ts, "FS.", 3)) || strspn(ts + 3, "0123456789") != strlen(ts + 3) ||
	    !ts[3])
		return NULL;
	return ts;
}

static bool read_count(struct import_file *file, const struct scas_row *row, enum scas_column column, uint64_t *sum)
{
	const char *cell = row->cells[column];

	if (!cell)
		return true;
	if (strspn(cell, "0123456789") != strlen(cell) || strlen(cell) > 9) {
		import_refuse(file, "scas", row->where, "%s is no number of test cases: \"%.40s\"",
			      scas_column_name(column), cell);
		return false;
	}
	*sum += strtoull(cell, NULL, 10);
	return true;
}

static bool count_row(struct import_file *file, const struct scas_row *row, struct tally *tally)
{
	static const char *const words[] = { "passed", "failed", "not-applicable" };
	const char *result = row->cells[SCAS_RESULT];
	uint64_t *counts[] = { &tally->passed, &tally->failed, &tally->not_applicable };

	if (!result)
		return read_count(file, row, SCAS_PASSED, &tally->passed) &&
		       read_count(file, row, SCAS_FAILED, &tally->failed) &&
		       read_count(file, row, SCAS_NOT_APPLICABLE, &tally->not_applicable);
	for (size_t i = 0; i < 3; i++)
		if (!strcmp(words[i], result)) {
			++*counts[i];
			return true;
		}
	import_refuse(file, "scas", row->where, "\"%.40s\" is none of passed, failed, not-applicable", result);
	return false;
}

static bool check_dates(struct import_file *file, const struct scas_row *row)
{
	static const enum scas_column columns[] = { SCAS_DATE, SCAS_VALID_UNTIL };

	for (size_t i = 0; i < 2; i++) {
		const char *cell = row->cells[columns[i]];

		if (cell && import_day(cell) == DATE_NONE) {
			import_refuse(file, "scas", row->where, "%s is no day: \"%.40s\"", scas_column_name(columns[i]),
				      cell);
			return false;
		}
	}
	return true;
}

/* Why a row can't become a claim, or NULL. */
static const char *why_useless(const struct scas_row *row)
{
	const char *artefact = row->cells[SCAS_ARTEFACT];

	if (artefact && strcmp(artefact, "audit") && strcmp(artefact, "evaluation"))
		return "artefact that is neither evaluation nor audit";
	if (!specification_of(row))
		return "specification that is neither 33.x nor FS.x";
	if (is_audit(row))
		return row->cells[SCAS_VENDOR] ? NULL : "audit without a vendor";
	if (!row->cells[SCAS_PRODUCT])
		return "evaluation without a product";
	return row->cells[SCAS_VERSION] ? NULL : "evaluation without a version: it speaks for none";
}

/* ---- claims ------------------------------------------------------------------------------------------------------ */

/* Failed where one case failed; passed where one passed and none failed. */
static const char *result_of(const struct tally *tally)
{
	return tally->failed ? "failed" : tally->passed ? "passed" : "not-applicable";
}

static const char *numbers_of(struct arena *arena, const struct tally *tally)
{
	return arena_printf(arena, "%llu passed, %llu failed, %llu not applicable", (unsigned long long)tally->passed,
			    (unsigned long long)tally->failed, (unsigned long long)tally->not_applicable);
}

static const char *title_of(struct arena *arena, const struct scas_row *row)
{
	const char *ts = specification_of(row), *version = row->cells[SCAS_TS_VERSION];

	return arena_printf(arena, "%s%s%s%s", strncmp(ts, "33.", 3) ? "" : "TS ", ts, version ? " version " : "",
			    version ? version : "");
}

static const char *joined(struct arena *arena, const char *a, const char *b)
{
	return a && b ? arena_printf(arena, "%s; %s", a, b) : a ? a : b;
}

static struct claim *claim_of(struct import_file *file, const struct scas_row *row, const char *kind)
{
	const char *const *cells = row->cells;
	struct claim *claim = import_claim(
		file, arena_printf(file->arena, "scas-%s-%.8s",
				   import_slug(file->arena, is_audit(row) ? cells[SCAS_VENDOR] : cells[SCAS_PRODUCT]),
				   file->sha256));

	claim->about = is_audit(row) ? ABOUT_VENDOR : ABOUT_PRODUCT;
	claim->subject = is_audit(row) ? cells[SCAS_VENDOR] : cells[SCAS_PRODUCT];
	claim->version = is_audit(row) ? NULL : cells[SCAS_VERSION];
	claim->kind = kind;
	claim->from = cells[SCAS_LABORATORY];
	claim->build = cells[SCAS_BUILD];
	claim->dated = claim->dated_to = cells[SCAS_DATE] ? import_day(cells[SCAS_DATE]) : DATE_NONE;
	claim->valid_until = cells[SCAS_VALID_UNTIL] ? import_day(cells[SCAS_VALID_UNTIL]) : DATE_NONE;
	claim->chosen_by = cells[SCAS_CHOSEN_BY];
	claim->paid_by = cells[SCAS_PAID_BY];
	return claim;
}

static const char *about_report(struct arena *arena, const struct scas_row *row)
{
	const char *scheme = row->cells[SCAS_SCHEME], *accreditation = row->cells[SCAS_ACCREDITATION];

	return joined(arena, scheme,
		      joined(arena, accreditation ? arena_printf(arena, "accreditation %s", accreditation) : NULL,
			     row->cells[SCAS_NOTE]));
}

static void claim_specification(struct import_file *file, const struct scas_row *row, const struct tally *tally)
{
	const char *ts = specification_of(row), *numbers = numbers_of(file->arena, tally);
	const char *note = joined(
		file->arena, arena_printf(file->arena, "%s: %s", title_of(file->arena, row), numbers),
		is_audit(row) ? joined(file->arena, row->cells[SCAS_PRODUCT], about_report(file->arena, row)) : NULL);
	struct claim *claim = claim_of(file, row, is_audit(row) ? "nesas-audit" : "scas");

	claim->attribute = arena_printf(file->arena, "%s:%s", is_audit(row) ? "nesas" : "scas", ts);
	claim->value = result_of(tally);
	claim->note = import_copy(file, note);
	claim = claim_of(file, row, is_audit(row) ? "nesas-audit" : "scas");
	claim->attribute = arena_printf(file->arena, "%s:%s:cases", is_audit(row) ? "nesas" : "scas", ts);
	claim->value = numbers;
}

/* The report as a whole: what `require evidence test-report` asks for. */
static void claim_report(struct import_file *file, const struct scas_row *row, const struct tally *whole,
			 const char *titles)
{
	struct claim *claim;

	if (is_audit(row))
		return;
	claim = claim_of(file, row, "test-report");
	claim->attribute = "result";
	claim->value = result_of(whole);
	claim->note = import_copy(file, joined(file->arena, titles, about_report(file->arena, row)));
}

/* A product that does something for which there is a specification should have been tested against that one. */
static void check_function(struct import_file *file, const struct placed *rows, size_t count)
{
	const char *function = NULL;
	struct scas scas;

	for (size_t i = 0; i < count && !function; i++)
		function = is_audit(rows[i].row) ? NULL : rows[i].row->cells[SCAS_FUNCTION];
	if (!function)
		return;
	scas = scas_of_function(function);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(specification_of(rows[i].row), scas.ts))
			return;
	diagnose(file->diagnostics, SEVERITY_WARNING, "scas-missing", (struct place){ .file = file->name },
		 "%s: TS %s applies to %s%s, and the report does not name it", rows[0].row->where, scas.ts, function,
		 scas.unverified ? " (as far as we know)" : "");
}

static void read_report(struct import_file *file, const struct placed *rows, size_t count)
{
	enum { TITLES = 30 }; /* named in the note; no product has more specifications */
	struct tally whole = { 0 };
	const char *titles = NULL;
	size_t end, specifications = 0;

	for (size_t i = 0; i < count; i = end) {
		struct tally tally = { 0 };

		for (end = i; end < count && same_specification(rows[i].row, rows[end].row); end++) {
			if (!check_dates(file, rows[end].row) || !count_row(file, rows[end].row, &tally))
				return;
			import_use(file);
		}
		if (tally.passed + tally.failed + tally.not_applicable == 0) {
			import_refuse(file, "scas", rows[i].row->where, "neither a result nor a number of test cases");
			return;
		}
		claim_specification(file, rows[i].row, &tally);
		whole.passed += tally.passed;
		whole.failed += tally.failed;
		whole.not_applicable += tally.not_applicable;
		if (specifications++ < TITLES)
			titles = joined(file->arena, titles, title_of(file->arena, rows[i].row));
	}
	claim_report(file, rows[0].row, &whole, titles);
	check_function(file, rows, count);
}

void scas_read(struct import_file *file)
{
	struct scas_rows rows = { 0 };
	struct placed *placed;
	size_t count = 0, end;

	if (!scas_read_rows(file, &rows))
		return;
	placed = arena_array(file->arena, rows.count, sizeof *placed);
	for (size_t i = 0; i < rows.count; i++) {
		const char *why = why_useless(&rows.items[i]);

		if (why) {
			import_leave_out(file, why, rows.items[i].where);
			continue;
		}
		rows.items[i].cells[SCAS_TS] =
			specification_of(&rows.items[i]); /* one spelling, so that rows come together */
		placed[count++] = (struct placed){ &rows.items[i], i };
	}
	qsort(placed, count, sizeof *placed, by_report);
	for (size_t i = 0; i < count; i = end) {
		for (end = i; end < count && same_report(placed[i].row, placed[end].row); end++)
			;
		read_report(file, placed + i, end - i);
	}
}
