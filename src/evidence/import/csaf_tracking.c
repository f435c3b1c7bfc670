/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The history of a CSAF document: its versions in order, the last one being what the document says it is, drafts being
 * drafts. Mandatory tests 6.1.14, 6.1.16 to 6.1.22 and 6.1.30. Versions are integers or Semantic Versioning 2.0.0,
 * never both in one document; their form has been checked before.
 */
#include "evidence/import/csaf.h"

#include <stdlib.h>
#include <string.h>

struct version {
	const char *text;
	bool semantic;
	uint64_t number[3];  /* an integer is number[0] */
	const char *release; /* pre-release, after the hyphen; NULL none */
	size_t release_bytes;
};

struct revision {
	struct moment date;
	struct version version;
	size_t at; /* in the document */
};

static struct version read_version(const char *text)
{
	struct version version = { .text = text };
	char *end;

	version.number[0] = strtoull(text, &end, 10);
	for (int i = 1; i < 3 && *end == '.'; i++) {
		version.semantic = true;
		version.number[i] = strtoull(end + 1, &end, 10);
	}
	if (*end == '-') {
		version.release = end + 1;
		version.release_bytes = strcspn(version.release, "+");
	}
	return version;
}

/* One identifier against another (Semantic Versioning 11.4): numbers by size, below words; words bytewise. */
static int compare_identifiers(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
	bool a_number = strspn(a, "0123456789") >= a_bytes, b_number = strspn(b, "0123456789") >= b_bytes;
	size_t least = a_bytes < b_bytes ? a_bytes : b_bytes;
	int order;

	if (a_number != b_number)
		return a_number ? -1 : 1;
	if (a_number && a_bytes != b_bytes)
		return a_bytes < b_bytes ? -1 : 1;
	order = memcmp(a, b, least);
	if (order)
		return order < 0 ? -1 : 1;
	return a_bytes < b_bytes ? -1 : a_bytes > b_bytes;
}

static int compare_releases(const struct version *a, const struct version *b)
{
	const char *x = a->release, *y = b->release;
	const char *x_end = x + a->release_bytes, *y_end = y + b->release_bytes;

	while (x < x_end && y < y_end) {
		const char *x_dot = memchr(x, '.', (size_t)(x_end - x)), *y_dot = memchr(y, '.', (size_t)(y_end - y));
		int order = compare_identifiers(x, (size_t)((x_dot ? x_dot : x_end) - x), y,
						(size_t)((y_dot ? y_dot : y_end) - y));

		if (order)
			return order;
		x = x_dot ? x_dot + 1 : x_end;
		y = y_dot ? y_dot + 1 : y_end;
	}
	return x < x_end ? 1 : y < y_end ? -1 : 0;
}

/* Build metadata never counts; pre-releases only where asked for. */
static int compare_versions(const struct version *a, const struct version *b, bool with_release)
{
	for (int i = 0; i < 3; i++)
		if (a->number[i] != b->number[i])
			return a->number[i] < b->number[i] ? -1 : 1;
	if (!with_release || (!a->release && !b->release))
		return 0;
	if (!a->release || !b->release)
		return a->release ? -1 : 1;
	return compare_releases(a, b);
}

static int by_date(const void *a, const void *b)
{
	const struct revision *x = a, *y = b;
	int order = moment_compare(&x->date, &y->date);

	if (!order)
		order = compare_versions(&x->version, &y->version, true);
	return order ? order : x->at < y->at ? -1 : 1;
}

static int by_version(const void *a, const void *b)
{
	const struct revision *x = a, *y = b;
	int order = compare_versions(&x->version, &y->version, true);

	return order ? order : x->at < y->at ? -1 : 1;
}

static bool is_draft_version(const struct version *version)
{
	return version->number[0] == 0 || version->release;
}

/* 6.1.17 to 6.1.20: what a status may go with */
static void check_status(struct csaf *c, const struct version *version, const struct revision *revisions, size_t count)
{
	const char *status = json_word(c->tracking, "status");
	bool draft = !strcmp(status, "draft");

	if (is_draft_version(version) && !draft)
		import_refuse(c->file,
			      version->release ? "CSAF 2.0, 6.1.20 non-draft document version"
					       : "CSAF 2.0, 6.1.17 document status draft",
			      "/document/tracking/status", "version %.40s is a draft, the status is %s", version->text,
			      status);
	for (size_t i = 0; i < count; i++) {
		if (!draft && revisions[i].version.number[0] == 0)
			import_refuse(c->file, "CSAF 2.0, 6.1.18 released revision history",
				      "/document/tracking/revision_history",
				      "the document is %s, and its history has the draft %.40s", status,
				      revisions[i].version.text);
		if (revisions[i].version.release)
			import_refuse(c->file, "CSAF 2.0, 6.1.19 revision history entries for pre-release versions",
				      "/document/tracking/revision_history", "%.40s is a pre-release",
				      revisions[i].version.text);
	}
}

/* 6.1.14: revisions are in order of date; are their numbers? */
static void check_order(struct csaf *c, const struct revision *revisions, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (compare_versions(&revisions[i - 1].version, &revisions[i].version, true) > 0)
			import_refuse(c->file, "CSAF 2.0, 6.1.14 sorted revision history",
				      "/document/tracking/revision_history", "%.40s is older than %.40s by its date",
				      revisions[i - 1].version.text, revisions[i].version.text);
}

/* 6.1.21: revisions are in order of version; of semantic ones only the major number counts */
static void check_gaps(struct csaf *c, const struct revision *revisions, size_t count)
{
	const char *rule = "CSAF 2.0, 6.1.21 missing item in revision history",
		   *where = "/document/tracking/revision_history";

	if (revisions[0].version.number[0] > 1)
		import_refuse(c->file, rule, where, "it begins with %.40s", revisions[0].version.text);
	for (size_t i = 1; i < count; i++)
		if (revisions[i].version.number[0] > revisions[i - 1].version.number[0] + 1)
			import_refuse(c->file, rule, where, "nothing between %.40s and %.40s",
				      revisions[i - 1].version.text, revisions[i].version.text);
}

static void check_doubles(struct csaf *c, const struct revision *revisions, size_t count)
{
	struct strs *seen = strs_new(c->file->arena);

	for (size_t i = 0; i < count; i++) {
		uint32_t before = strs_count(seen);

		if (strs_id(seen, revisions[i].version.text) < before)
			import_refuse(c->file, "CSAF 2.0, 6.1.22 multiple definition in revision history",
				      "/document/tracking/revision_history", "%.40s stands twice",
				      revisions[i].version.text);
	}
}

void csaf_check_tracking(struct csaf *c)
{
	const json_t *history = json_object_get(c->tracking, "revision_history"), *item;
	struct version version = read_version(json_word(c->tracking, "version"));
	bool draft = !strcmp(json_word(c->tracking, "status"), "draft");
	size_t count = json_array_size(history), i;
	struct revision *revisions = arena_array(c->file->arena, count, sizeof *revisions);

	json_array_foreach(history, i, item)
	{
		moment_parse(json_word(item, "date"), &revisions[i].date);
		revisions[i].version = read_version(json_word(item, "number"));
		revisions[i].at = i;
		if (revisions[i].version.semantic != version.semantic)
			import_refuse(c->file, "CSAF 2.0, 6.1.30 mixed integer and semantic versioning",
				      "/document/tracking", "%.40s and %.40s", version.text, revisions[i].version.text);
	}
	qsort(revisions, count, sizeof *revisions, by_date);
	check_doubles(c, revisions, count);
	check_order(c, revisions, count);
	if (compare_versions(&version, &revisions[count - 1].version, !draft))
		import_refuse(c->file, "CSAF 2.0, 6.1.16 latest document version", "/document/tracking/version",
			      "it is %.40s, and the last revision is %.40s", version.text,
			      revisions[count - 1].version.text);
	check_status(c, &version, revisions, count);
	qsort(revisions, count, sizeof *revisions, by_version);
	check_gaps(c, revisions, count);
}
