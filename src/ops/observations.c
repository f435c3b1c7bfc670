/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proviso observations: who talked to whom, over what, how much, and when, from the segments that watch has kept.
 * Rows are added up as they are read; memory grows with the groups, not with the rows.
 */
#include "ops/case.h"
#include "store/store.h"
#include "wire/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct ops_option observations_options[] = {
	{ "by", 0, "pair|element|point|minute|hour|day", OPS_ONCE, "what is added up (default: pair)" },
	{ "top", 0, "N", OPS_ONCE, "how many of the largest are shown, 0 for all (default: 20; all for times)" },
	{ "element", 0, "ID|ADDRESS", OPS_ONCE, "only what it sent or received" },
	{ "over", 0, "POINT", OPS_ONCE, "only this reference point or protocol" },
	{ "from", 0, "TIME", OPS_ONCE, "from this minute on, UTC: YYYY-MM-DD or YYYY-MM-DDTHH:MM" },
	{ "until", 0, "TIME", OPS_ONCE, "before this minute" },
	OPTION_JSON,
	OPTIONS_END,
};

const struct ops_exit observations_exits[] = { { 0, "shown, also where there is nothing" }, EXITS_END };

const char observations_page[] =
	"Reads the segments that proviso watch --observations has written into the folder DIR: counters for each pair, "
	"reference point and minute. Shows who talked to whom, over what and how much; the largest first.\n"
	"\n"
	"    proviso watch CASE --read span.pcapng --observations seen\n"
	"    proviso observations seen\n"
	"    proviso observations seen --by hour --over N3\n"
	"    proviso observations seen --element upf-1 --top 0 --json\n"
	"\n"
	"A segment whose end is missing, because the watch was killed or the disk was full, counts as far as it is "
	"whole, and a warning says so.\n";

struct query {
	struct call *call;
	enum report_observed_by by;
	uint64_t top;
	const char *element, *over;
	int64_t from, until; /* minutes */
	struct strs *keys;   /* of groups, in the order of groups */
	struct strs *elements, *overs; /* names that rows have, where one of them is asked for */
	struct {
		struct report_observed *items;
		size_t count, room;
	} groups;
	struct report_observations report;
};

static const char *const by_names[] = { "pair", "element", "point", "minute", "hour", "day" };
static const int64_t by_minutes[] = { [REPORT_BY_MINUTE] = 1, [REPORT_BY_HOUR] = 60, [REPORT_BY_DAY] = 1440 };

/* ---- options ------------------------------------------------------------------------------------------------------ */

static bool read_by(struct query *q)
{
	const char *word = call_option(q->call, "by");

	if (!word)
		return true;
	for (size_t i = 0; i < sizeof by_names / sizeof *by_names; i++)
		if (strcmp(word, by_names[i]) == 0) {
			q->by = (enum report_observed_by)i;
			return true;
		}
	call_fail(q->call, EXIT_USAGE, "bad-option-value",
		  "--by is pair, element, point, minute, hour or day, not \"%s\"", word);
	return false;
}

static bool read_top(struct query *q)
{
	const char *word = call_option(q->call, "top");
	char *end;

	q->top = q->by >= REPORT_BY_MINUTE ? 0 : 20;
	if (!word)
		return true;
	errno = 0;
	q->top = strtoull(word, &end, 10);
	if (*word >= '0' && *word <= '9' && !*end && !errno)
		return true;
	call_fail(q->call, EXIT_USAGE, "bad-option-value", "--top is a number, not \"%s\"", word);
	return false;
}

static bool two_digits(const char *at, unsigned below, unsigned *value)
{
	if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
		return false;
	*value = (unsigned)(at[0] - '0') * 10 + (unsigned)(at[1] - '0');
	return *value < below;
}

static bool read_time(struct query *q, const char *option, int64_t *minute)
{
	const char *word = call_option(q->call, option);
	size_t length = word ? strlen(word) : 0;
	unsigned hours = 0, minutes = 0;
	int32_t day;

	if (!word)
		return true;
	if (length >= 10 && date_parse(word, 10, &day) &&
	    (length == 10 || (length == 16 && word[10] == 'T' && word[13] == ':' && two_digits(word + 11, 24, &hours) &&
			      two_digits(word + 14, 60, &minutes)))) {
		*minute = (int64_t)day * 1440 + hours * 60 + minutes;
		return true;
	}
	call_fail(q->call, EXIT_USAGE, "bad-option-value", "--%s is YYYY-MM-DD or YYYY-MM-DDTHH:MM, not \"%s\"", option,
		  word);
	return false;
}

/* ---- adding up ---------------------------------------------------------------------------------------------------- */

static void print_address(const uint8_t bytes[16], char out[46])
{
	struct wire_address a;

	memcpy(a.bytes, bytes, sizeof a.bytes);
	wire_address_print(&a, out);
}

static bool is_wanted(const struct query *q, const struct store_row *r, const char *from, const char *to)
{
	if (r->minute < q->from || r->minute >= q->until)
		return false;
	if (q->over && strcmp(q->over, r->reference_point) != 0 && strcmp(q->over, r->protocol) != 0)
		return false;
	return !q->element || strcmp(q->element, r->from_element) == 0 || strcmp(q->element, r->to_element) == 0 ||
	       strcmp(q->element, from) == 0 || strcmp(q->element, to) == 0;
}

/* The group of this key; texts as given where it is new. */
static struct report_observed *group(struct query *q, const char *key)
{
	uint32_t before = strs_count(q->keys), id = strs_add(q->keys, key, strlen(key));

	if (strs_count(q->keys) > before)
		array_add(&q->groups);
	return &q->groups.items[id - 1]; /* 0 is "" and no key */
}

static void count(struct report_observed *g, const struct store_row *r, bool sent)
{
	if (!g->packets_sent && !g->packets_received)
		g->first = g->last = r->minute;
	g->first = r->minute < g->first ? r->minute : g->first;
	g->last = r->minute > g->last ? r->minute : g->last;
	*(sent ? &g->packets_sent : &g->packets_received) += r->packets;
	*(sent ? &g->bytes_sent : &g->bytes_received) += r->bytes;
}

static const char *keep(struct query *q, const char *text)
{
	return arena_text(q->call->arena, text, strlen(text));
}

static void add_pair(struct query *q, const struct store_row *r, const char *from, const char *to)
{
	char key[4096];
	struct report_observed *g;

	snprintf(key, sizeof key, "%s>%s %s %s", from, to, r->reference_point, r->protocol);
	g = group(q, key);
	if (!g->from) {
		g->from = keep(q, from);
		g->to = keep(q, to);
		g->point = keep(q, r->reference_point);
		g->protocol = keep(q, r->protocol);
	}
	count(g, r, true);
}

static void add_one(struct query *q, const struct store_row *r, const char *name, bool sent)
{
	struct report_observed *g = group(q, name);

	if (!g->from)
		g->from = keep(q, name);
	count(g, r, sent);
}

static void add_time(struct query *q, const struct store_row *r)
{
	int64_t step = by_minutes[q->by], begin = r->minute - ((r->minute % step) + step) % step;
	char key[32];
	struct report_observed *g;

	snprintf(key, sizeof key, "%lld", (long long)begin);
	g = group(q, key);
	count(g, r, true);
	g->first = begin;
}

static void keep_names(struct query *q, const struct store_row *r, const char *from, const char *to)
{
	const char *const ends[] = { r->from_element, r->to_element, from, to };
	const char *const points[] = { r->reference_point, r->protocol };

	for (size_t i = 0; q->elements && i < sizeof ends / sizeof *ends; i++)
		strs_add(q->elements, ends[i], strlen(ends[i]));
	for (size_t i = 0; q->overs && i < sizeof points / sizeof *points; i++)
		strs_add(q->overs, points[i], strlen(points[i]));
}

/* A name that no row has, whatever its time, is a slip of the pen or another folder's. */
static void check_name(struct query *q, const struct strs *known, const char *name, const char *what)
{
	struct call *call = q->call;
	uint32_t count = known ? strs_count(known) : 0;
	const char **names, *nearest;

	if (!known || !q->report.rows || strs_find(known, name, strlen(name)) != STR_ABSENT)
		return;
	names = arena_array(call->arena, count, sizeof *names);
	for (uint32_t i = 0; i < count; i++)
		names[i] = strs_text(known, i);
	nearest = nearest_text(name, names, count);
	diagnose(&call->diagnostics, SEVERITY_WARNING, "unobserved-name", (struct place){ call->operands[0], 0, 0 },
		 "no row is of %s \"%s\"%s%s%s", what, name, nearest ? " (did you mean \"" : "",
		 nearest ? nearest : "", nearest ? "\"?)" : "");
}

static void add_row(struct query *q, const struct store_row *r)
{
	char from_address[46], to_address[46];
	const char *from, *to;

	print_address(r->from, from_address);
	print_address(r->to, to_address);
	q->report.rows++;
	keep_names(q, r, from_address, to_address);
	if (!is_wanted(q, r, from_address, to_address))
		return;
	from = *r->from_element ? r->from_element : from_address;
	to = *r->to_element ? r->to_element : to_address;
	count(&q->report.all, r, true);
	if (q->by == REPORT_BY_PAIR)
		add_pair(q, r, from, to);
	else if (q->by == REPORT_BY_ELEMENT)
		add_one(q, r, from, true), add_one(q, r, to, false);
	else if (q->by == REPORT_BY_POINT)
		add_one(q, r, r->reference_point, true);
	else
		add_time(q, r);
}

static bool read_segment(struct query *q, const char *path)
{
	struct call *call = q->call;
	struct arena *a = arena_new(); /* of one segment: its texts go with it */
	struct store_reader *reader;
	struct source *source;
	struct store_row row;
	struct diagnostics d; /* name the source, which goes with the segment */
	int error;

	source = source_open(a, path, path, &error);
	if (!source) {
		call_fail_reading(call, path, error);
		arena_free(a);
		return false;
	}
	diagnostics_init(&d, a);
	reader = store_open(a, source, &d);
	while (reader && store_next(reader, &row))
		add_row(q, &row);
	q->report.segments += reader != NULL;
	for (size_t i = 0; i < d.count; i++)
		diagnose(&call->diagnostics, d.items[i].severity, d.items[i].code,
			 (struct place){ path, d.items[i].place.line, d.items[i].place.column }, "%s", d.items[i].text);
	diagnostics_free(&d);
	arena_free(a);
	return true;
}

static bool read_folder(struct query *q, const char *folder)
{
	static const char ending[] = ".observations";
	struct call *call = q->call;
	struct dirent_name *names;
	size_t count_of;

	if (directory_list(call->arena, folder, &names, &count_of) < 0) {
		if (errno == ENOTDIR && path_exists(folder))
			call_fail(call, EXIT_USAGE, "no-folder",
				  "%s is a file: name the folder that it lies in, whose segments are read together",
				  folder);
		else
			call_fail_reading(call, folder, errno);
		return false;
	}
	for (size_t i = 0; i < count_of; i++) {
		const char *path = path_join(call->arena, folder, names[i].name);
		size_t length = strlen(names[i].name);

		if (names[i].kind == 'd' || names[i].name[0] == '.')
			continue;
		if (names[i].kind != 'f' || length < sizeof ending ||
		    strcmp(names[i].name + length - (sizeof ending - 1), ending) != 0)
			diagnose(&call->diagnostics, SEVERITY_WARNING, "ignored-file", (struct place){ path, 0, 0 },
				 "is not read: segments of observations are files called *.observations");
		else if (!read_segment(q, path))
			return false;
	}
	if (!q->report.segments && !call->diagnostics.errors)
		diagnose(&call->diagnostics, SEVERITY_WARNING, "no-segments", (struct place){ folder, 0, 0 },
			 "holds no segment of observations (*.observations)");
	return true;
}

/* ---- order -------------------------------------------------------------------------------------------------------- */

static int compare_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int larger_first(const void *va, const void *vb)
{
	const struct report_observed *a = va, *b = vb;
	uint64_t x = a->bytes_sent + a->bytes_received, y = b->bytes_sent + b->bytes_received;
	int order;

	if (x != y)
		return x < y ? 1 : -1;
	order = compare_text(a->from, b->from);
	order = order ? order : compare_text(a->to, b->to);
	order = order ? order : compare_text(a->point, b->point);
	return order ? order : compare_text(a->protocol, b->protocol);
}

static int earlier_first(const void *va, const void *vb)
{
	const struct report_observed *a = va, *b = vb;

	return a->first < b->first ? -1 : a->first > b->first;
}

int observations_run(struct call *call)
{
	struct query q = { .call = call, .from = INT64_MIN, .until = INT64_MAX };

	q.element = call_option(call, "element");
	q.over = call_option(call, "over");
	q.elements = q.element ? strs_new(call->arena) : NULL;
	q.overs = q.over ? strs_new(call->arena) : NULL;
	if (!read_by(&q) || !read_top(&q) || !read_time(&q, "from", &q.from) || !read_time(&q, "until", &q.until))
		return call_status(call);
	q.keys = strs_new(call->arena);
	if (!read_folder(&q, call->operands[0]) || call_status(call)) {
		free(q.groups.items);
		return call_status(call);
	}
	check_name(&q, q.elements, q.element, "element or address");
	check_name(&q, q.overs, q.over, "reference point or protocol");
	if (q.groups.count)
		qsort(q.groups.items, q.groups.count, sizeof *q.groups.items,
		      q.by >= REPORT_BY_MINUTE ? earlier_first : larger_first);
	q.report.folder = call->operands[0];
	q.report.by = q.by;
	q.report.by_name = by_names[q.by];
	q.report.groups = q.groups.items;
	q.report.group_count = q.groups.count;
	q.report.shown = q.top && q.top < q.groups.count ? (size_t)q.top : q.groups.count;
	if (call->json)
		report_observations_json(&q.report, call->world->out);
	else
		report_observations_text(&q.report, &call->world->out_style, call->world->out);
	free(q.groups.items);
	return 0;
}
