/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions that came back answered: the list that --questions writes, with its column `value` filled in, lying in
 * evidence/. An answer about a cell of the inventory fills the cell, because the inventory is the operator's word
 * anyway; it may not contradict it. Any other answer is a statement of the operator's, weighed like everybody's: a
 * vendor is not cleared because an operator wrote so into a list.
 */
#include "ops/case.h"

#include <stdlib.h>
#include <string.h>

enum { SUBJECT, ATTRIBUTE, VALUE, SOURCE, COLUMNS };

static const char *const column_names[COLUMNS] = { "subject", "attribute", "value", "source" };

/* A spreadsheet is kept from taking a cell for a formula by an apostrophe before it; nobody means the apostrophe. */
static const char *text_of(struct arena *a, const struct csv_cell *cell)
{
	bool guarded = cell->bytes > 1 && cell->text[0] == '\'' && strchr("=+-@", cell->text[1]);

	return arena_text(a, cell->text + guarded, cell->bytes - guarded);
}

static bool read_header(struct csv *csv, size_t columns[COLUMNS], size_t *width)
{
	const struct csv_cell *cells;

	for (size_t c = 0; c < COLUMNS; c++)
		columns[c] = SIZE_MAX;
	if (!csv_row(csv, &cells, width))
		return false;
	for (size_t i = 0; i < *width; i++)
		for (size_t c = 0; c < COLUMNS; c++)
			if (cells[i].bytes == strlen(column_names[c]) &&
			    memcmp(cells[i].text, column_names[c], cells[i].bytes) == 0)
				columns[c] = i;
	return columns[SUBJECT] != SIZE_MAX && columns[ATTRIBUTE] != SIZE_MAX && columns[VALUE] != SIZE_MAX;
}

/* "vendor/acme" to its kind and name. A link is a row of the inventory and nothing that is claimed about. */
static bool split_subject(const char *subject, enum about_kind *about, const char **name, bool *link)
{
	const char *slash = strchr(subject, '/');

	*about = ABOUT_KINDS;
	*link = strncmp(subject, "link/", 5) == 0 && subject[5];
	if (*link) {
		*name = subject + 5;
		return true;
	}
	for (int i = 0; slash && slash[1] && i < ABOUT_KINDS; i++) {
		const char *kind = about_kind_name((enum about_kind)i);

		if (strlen(kind) == (size_t)(slash - subject) && strncmp(kind, subject, strlen(kind)) == 0) {
			*about = (enum about_kind)i;
			*name = slash + 1;
			return true;
		}
	}
	return false;
}

static enum net_table_name table_of(enum about_kind about)
{
	switch (about) {
	case ABOUT_VENDOR:
		return NET_VENDORS;
	case ABOUT_PRODUCT:
		return NET_PRODUCTS;
	case ABOUT_SITE:
		return NET_SITES;
	case ABOUT_ELEMENT:
		return NET_ELEMENTS;
	default:
		return NET_TABLES;
	}
}

static void bad_subject(struct case_loaded *c, const char *subject, const char *attribute, struct place place)
{
	/* What the law leaves to judgement is not the operator's to answer; a whole column is no single answer. */
	if (strcmp(subject, "network") == 0)
		diagnose(&c->call->diagnostics, SEVERITY_WARNING, "not-one-cell", place,
			 "a column that no file has is not filled by one answer: put \"%s\" into sites.csv or "
			 "elements.csv",
			 attribute);
	else if (strncmp(subject, "param/", 6) == 0)
		diagnose(&c->call->diagnostics, SEVERITY_WARNING, "param-answered", place,
			 "a param is not set by an answer: use --param %s=VALUE", subject + 6);
	else
		diagnose(&c->call->diagnostics, SEVERITY_ERROR, "bad-subject", place,
			 "\"%s\" is no subject: it is KIND/NAME, such as vendor/acme or element/gnb-1", subject);
}

static void read_answer(struct case_loaded *c, const char *file, const struct csv_cell *cells, size_t count,
			const size_t columns[COLUMNS])
{
	struct arena *a = c->call->arena;
	struct place place = { file, cells[0].line, cells[0].column };
	const char *texts[COLUMNS], *name;
	enum about_kind about;
	bool link;

	for (size_t i = 0; i < COLUMNS; i++)
		texts[i] = columns[i] < count ? text_of(a, &cells[columns[i]]) : "";
	if (!*texts[VALUE]) /* still open */
		return;
	place.column = cells[columns[VALUE]].column;
	if (!*texts[ATTRIBUTE] || !split_subject(texts[SUBJECT], &about, &name, &link)) {
		bad_subject(c, texts[SUBJECT], texts[ATTRIBUTE], place);
		return;
	}
	if (about == ABOUT_ELEMENT && strcmp(texts[ATTRIBUTE], "links") == 0) {
		diagnose(&c->call->diagnostics, SEVERITY_WARNING, "not-one-cell", place,
			 "links are not declared by an answer: put those of element \"%s\" into links.csv", name);
		return;
	}
	/* It is kept as what the operator says: the tree of the vendor shows it, and why it does not count. */
	if (about == ABOUT_VENDOR && strcmp(texts[ATTRIBUTE], "designated") == 0)
		diagnose(
			&c->call->diagnostics, SEVERITY_WARNING, "designation-answered", place,
			"an answer does not decide whether vendor \"%s\" is designated: write the authority's decision "
			"into evidence/*.proviso",
			name);
	*array_add(&c->answers) = (struct answer){
		.cell = { .table = link ? NET_LINKS : table_of(about),
			  .id = name,
			  .column = texts[ATTRIBUTE],
			  .value = texts[VALUE],
			  .place = place },
		.about = about,
		.source = *texts[SOURCE] ? texts[SOURCE] : NULL,
	};
}

void answers_read(struct case_loaded *c, const char *path)
{
	struct call *call = c->call;
	struct source *source = inputs_open(c->inputs, path);
	const struct csv_cell *cells;
	size_t columns[COLUMNS], width, count, errors = call->diagnostics.errors;
	struct csv *csv;

	if (!source)
		return;
	csv = csv_open(call->arena, source, &call->diagnostics);
	if (read_header(csv, columns, &width)) {
		while (csv_row(csv, &cells, &count))
			if (count > width) /* a comma in an answer that is not in quotes: the rest would be lost */
				diagnose(&call->diagnostics, SEVERITY_ERROR, "too-many-cells",
					 (struct place){ source_name(source), cells[width].line, cells[width].column },
					 "this row has %zu cells, its header %zu", count, width);
			else
				read_answer(c, source_name(source), cells, count, columns);
	} else if (call->diagnostics.errors == errors) {
		diagnose(&call->diagnostics, SEVERITY_WARNING, "ignored-file", (struct place){ path, 0, 0 },
			 "is not read: a list of answers has the columns subject, attribute and value");
	}
	source_close(source);
}

struct net_answer *answers_cells(struct case_loaded *c, size_t *count)
{
	struct net_answer *cells = arena_array(c->call->arena, c->answers.count + 1, sizeof *cells);

	*count = 0;
	for (size_t i = 0; i < c->answers.count; i++) {
		if (c->answers.items[i].cell.table == NET_TABLES)
			continue;
		c->answers.items[i].number = *count;
		cells[(*count)++] = c->answers.items[i].cell;
	}
	return cells;
}

void answers_claim(struct case_loaded *c, const struct net_answer *cells)
{
	for (size_t i = 0; i < c->answers.count; i++) {
		const struct answer *answer = &c->answers.items[i];
		const char *slash = strrchr(answer->cell.place.file, '/');
		struct claim claim;

		if (cells && answer->cell.table != NET_TABLES && cells[answer->number].taken)
			continue;
		if (answer->cell.table == NET_LINKS) {
			diagnose(&c->call->diagnostics, SEVERITY_ERROR, "bad-subject", answer->cell.place,
				 "links.csv has no column \"%s\"", answer->cell.column);
			continue;
		}
		claim_init(&claim);
		claim.name = arena_printf(c->call->arena, "%s:%u", slash ? slash + 1 : answer->cell.place.file,
					  answer->cell.place.line);
		claim.about = answer->about;
		claim.subject = answer->cell.id;
		claim.attribute = answer->cell.column;
		claim.value = answer->cell.value;
		claim.kind = "statement";
		claim.from = c->file.operator_name ? c->file.operator_name : "operator";
		claim.note = answer->source;
		claim.place = answer->cell.place;
		evidence_add_claim(c->evidence, &claim);
	}
}
