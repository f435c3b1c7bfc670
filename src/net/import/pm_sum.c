/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measurements, added up. `traffic` is gigabytes (10^9 bytes) a year: the sum of the counters, scaled from the time that
 * was measured at that element to 365 days. How long that was, in which periods and with which gaps is said, because a
 * year from a quarter of an hour is worth little.
 */
#include "net/import/pm.h"

#include <stdlib.h>
#include <string.h>

enum {
	YEAR_S = 365 * 86400,
	LONGEST_PERIOD_S = 31 * 86400, /* nobody counts for longer: a typing error */
};

#define MOST_BYTES ((int64_t)1000 * 1000 * 1000 * 1000 * 1000 * 1000) /* in one period: sums stay below 2^127 */

/* Volumes that the standards define: 3GPP TS 28.552, 5.1.2.1 and 5.1.3.6 (megabits), 5.4.1 (octets). */
static const struct pm_term_row standard[] = {
	{ "DRB.PdcpSduVolumeDL", (int64_t)125000 * MICRO },
	{ "DRB.PdcpSduVolumeUL", (int64_t)125000 * MICRO },
	{ "GTP.InDataOctN3UPF", MICRO },
	{ "GTP.OutDataOctN3UPF", MICRO },
};

/* ---- which counters ---------------------------------------------------------------------------------------------- */

static bool bad_sum(struct pm *pm, struct place place, const char *what, const char *term)
{
	diagnose(pm->in->diagnostics, SEVERITY_ERROR, "bad-map", place, "%s: \"%s\" (traffic = COUNTER * BYTES + ...)",
		 what, term);
	pm->in->refused = true;
	return false;
}

/* "COUNTER" or "COUNTER * 125000" */
static bool read_term(struct pm *pm, const char *text, size_t bytes, struct place place)
{
	const char *copy, *star;
	int64_t micro = MICRO;
	size_t length;

	while (bytes && text[bytes - 1] == ' ')
		bytes--;
	while (bytes && *text == ' ')
		text++, bytes--;
	copy = arena_text(pm->in->arena, text, bytes);
	star = strstr(copy, " * ");
	length = star ? (size_t)(star - copy) : bytes;
	while (length && copy[length - 1] == ' ')
		length--;
	if (!length || memchr(copy, ' ', length))
		return bad_sum(pm, place, "expected the name of a counter", copy);
	if (star && (measure_parse(star + 3 + strspn(star + 3, " "), strlen(star + 3 + strspn(star + 3, " ")),
				   &micro) != NUMBER_OK ||
		     micro <= 0))
		return bad_sum(pm, place, "expected a number behind the star", copy);
	if (pm->term_count == PM_TERMS)
		return bad_sum(pm, place, "more than 64 counters", copy);
	pm->terms[pm->term_count++] = (struct pm_term_row){ arena_text(pm->in->arena, copy, length), micro };
	return true;
}

static bool read_sum(struct pm *pm, const char *text, struct place place)
{
	for (const char *at = text;;) {
		const char *plus = strstr(at, " + "), *end = plus ? plus : at + strlen(at);

		if (!read_term(pm, at, (size_t)(end - at), place))
			return false;
		if (!plus)
			return true;
		at = plus + 3;
	}
}

struct pm *pm_new(struct intake *in)
{
	struct pm *pm = arena_alloc(in->arena, sizeof *pm);
	struct place place;
	const char *sum = intake_mapped(in, "traffic", NULL, &place);

	pm->in = in;
	pm->is_seen = arena_array(in->arena, in->found[NET_ELEMENTS].rows + 1, sizeof *pm->is_seen);
	if (sum)
		return read_sum(pm, sum, place) ? pm : NULL;
	for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
		pm->terms[pm->term_count++] = standard[i];
	return pm;
}

int pm_term(const struct pm *pm, const char *counter, size_t bytes)
{
	for (size_t i = 0; i < pm->term_count; i++)
		if (strlen(pm->terms[i].counter) == bytes && memcmp(pm->terms[i].counter, counter, bytes) == 0)
			return (int)i;
	return -1;
}

/* ---- periods ----------------------------------------------------------------------------------------------------- */

static bool digits(const char **at, const char *end, int64_t *number)
{
	const char *from = *at;

	for (*number = 0; *at < end && **at >= '0' && **at <= '9' && *number < 1000000; (*at)++)
		*number = *number * 10 + (**at - '0');
	return *at > from;
}

/* ISO 8601: P1D, PT15M, PT900S, P1DT12H. Years and months are no periods of counting. */
static bool read_duration(const char *text, size_t bytes, uint32_t *seconds)
{
	const char *end = text + bytes;
	int64_t sum = 0, number;
	bool in_time = false;

	if (!bytes || *text++ != 'P')
		return false;
	while (text < end) {
		int64_t unit;

		if (*text == 'T' && !in_time) {
			in_time = true;
			text++;
			continue;
		}
		if (!digits(&text, end, &number) || text == end)
			return false;
		unit = !in_time && *text == 'D'  ? 86400
		       : in_time && *text == 'H' ? 3600
		       : in_time && *text == 'M' ? 60
		       : in_time && *text == 'S' ? 1
						 : 0;
		if (!unit)
			return false;
		sum += number * unit;
		text++;
	}
	*seconds = (uint32_t)sum;
	return sum > 0 && sum <= LONGEST_PERIOD_S;
}

static bool two(const char *text, int64_t most, int64_t *number)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return false;
	*number = (text[0] - '0') * 10 + text[1] - '0';
	return *number <= most;
}

/* RFC 3339; without an offset it is taken as UTC, since only differences count here. */
static bool read_time(const char *text, size_t bytes, int64_t *seconds)
{
	int64_t hour, minute, second, east = 0, east_minute = 0;
	const char *rest, *end = text + bytes;
	int32_t day;

	if (bytes < 19 || !date_parse(text, 10, &day) || text[10] != 'T' || !two(text + 11, 23, &hour) ||
	    text[13] != ':' || !two(text + 14, 59, &minute) || text[16] != ':' || !two(text + 17, 60, &second))
		return false;
	rest = text + 19;
	if (rest < end && *rest == '.')
		for (rest++; rest < end && *rest >= '0' && *rest <= '9'; rest++)
			;
	if (rest < end && (*rest == '+' || *rest == '-')) {
		bool colon = end - rest == 6 && rest[3] == ':';

		if ((!colon && end - rest != 5) || !two(rest + 1, 23, &east) ||
		    !two(rest + (colon ? 4 : 3), 59, &east_minute))
			return false;
		if (*rest == '-')
			east = -east, east_minute = -east_minute;
	} else if (rest < end && (end - rest != 1 || *rest != 'Z')) {
		return false;
	}
	*seconds = day * (int64_t)86400 + hour * 3600 + minute * 60 + second - east * 3600 - east_minute * 60;
	return true;
}

bool pm_period(const char *duration, size_t duration_bytes, const char *end, size_t end_bytes, struct pm_period *period)
{
	return duration && end && read_duration(duration, duration_bytes, &period->seconds) &&
	       read_time(end, end_bytes, &period->end_s);
}

/* ---- elements ---------------------------------------------------------------------------------------------------- */

/* The name, or what it is inside of, as the id of an element or as the map calls it. */
static uint32_t element_of(struct pm *pm, const char *name)
{
	struct intake *in = pm->in;
	char part[NRM_NAME];
	size_t bytes = strlen(name);

	if (bytes >= NRM_NAME)
		return CODE_UNKNOWN;
	memcpy(part, name, bytes + 1);
	for (;;) {
		const char *mapped = intake_mapped(in, "element", part, NULL);
		uint32_t row = intake_find(in, &in->found[NET_ELEMENTS], mapped ? mapped : part);
		char *comma = strrchr(part, ',');

		if (row != CODE_UNKNOWN)
			return row;
		if (!comma)
			return CODE_UNKNOWN;
		*comma = '\0';
	}
}

uint32_t pm_element(struct pm *pm, const char *prefix, const char *entity, const char *object)
{
	uint32_t row = *object ? element_of(pm, object) : CODE_UNKNOWN;

	if (row == CODE_UNKNOWN && *prefix && *object && strlen(prefix) + strlen(object) + 2 < NRM_NAME)
		row = element_of(pm, arena_printf(pm->in->arena, "%s,%s", prefix, object));
	return row == CODE_UNKNOWN && *entity ? element_of(pm, entity) : row;
}

bool pm_is_seen(const struct pm *pm, uint32_t element)
{
	return pm->is_seen[element];
}

void pm_add(struct pm *pm, uint32_t element, const char *object, uint8_t term, const struct pm_period *period,
	    int64_t micro)
{
	struct intake *in = pm->in;

	pm->is_seen[element] = true;
	if (pm->record_count == INTAKE_OBJECTS) {
		intake_note(in, "more values than there is room for; the rest is not counted", object);
		return;
	}
	if (pm->record_count == pm->record_room) {
		uint32_t room = pm->record_room ? pm->record_room * 2 : 1024;

		pm->records = arena_grow(in->arena, pm->records, pm->record_room * sizeof *pm->records,
					 room * sizeof *pm->records);
		pm->record_room = room;
	}
	pm->records[pm->record_count] = (struct pm_record){ .element = element,
							    .object = strs_id(in->strs, object),
							    .file = in->base_name,
							    .seconds = period->seconds,
							    .end_s = period->end_s,
							    .micro = micro,
							    .order = pm->record_count,
							    .term = term };
	pm->record_count++;
}

/* ---- the sum ----------------------------------------------------------------------------------------------------- */

#define COMPARE(a, b, field)                                                                                           \
	if ((a)->field != (b)->field)                                                                                  \
	return (a)->field < (b)->field ? -1 : 1

/* What was counted twice comes together. */
static int by_counter(const void *left, const void *right)
{
	const struct pm_record *a = left, *b = right;

	COMPARE(a, b, element);
	COMPARE(a, b, object);
	COMPARE(a, b, term);
	COMPARE(a, b, end_s);
	COMPARE(a, b, order);
	return 0;
}

static int by_time(const void *left, const void *right)
{
	const struct pm_record *a = left, *b = right;

	COMPARE(a, b, element);
	COMPARE(a, b, end_s);
	COMPARE(a, b, seconds);
	COMPARE(a, b, order);
	return 0;
}

/* One counter of one object counts each second once: files that are given twice, periods of 15 minutes and of an hour. */
static void drop_doubles(struct pm *pm)
{
	uint32_t kept = 0;

	qsort(pm->records, pm->record_count, sizeof *pm->records, by_counter);
	for (uint32_t i = 0; i < pm->record_count; i++) {
		const struct pm_record *r = &pm->records[i], *before = kept ? &pm->records[kept - 1] : NULL;

		if (before && before->element == r->element && before->object == r->object && before->term == r->term &&
		    r->end_s - r->seconds < before->end_s)
			intake_note(pm->in, "counted twice for one object and time: the first counts",
				    strs_text(pm->in->strs, r->object));
		else
			pm->records[kept++] = *r;
	}
	pm->record_count = kept;
}

struct total {
	wide bytes; /* in 10^-6 */
	int64_t seconds, first_s, last_s, until_s;
	uint32_t periods, longest_s;
	uint32_t file;
	uint32_t files; /* others than the first */
};

static void add_record(struct pm *pm, struct total *t, const struct pm_record *r, const struct pm_record *before)
{
	/* micro * micro is 10^-12; both are below 2^63 */
	wide bytes = (wide)r->micro * pm->terms[r->term].micro / MICRO;

	if (bytes > (wide)MOST_BYTES * MICRO) {
		intake_note(pm->in, "more than 10^18 bytes in one period: not counted",
			    strs_text(pm->in->strs, r->object));
		bytes = 0;
	}
	t->bytes += bytes;
	if (before && before->end_s == r->end_s && before->seconds == r->seconds)
		return;
	t->periods++;
	if (r->seconds > t->longest_s)
		t->longest_s = r->seconds;
	if (t->periods == 1)
		t->first_s = r->end_s - r->seconds;
	/* Periods that overlap (of 15 minutes and of an hour) do not make time longer. */
	t->seconds +=
		r->end_s - (r->end_s - r->seconds > t->until_s || t->periods == 1 ? r->end_s - r->seconds : t->until_s);
	t->until_s = r->end_s;
	t->last_s = r->end_s;
}

static void tell_times(struct pm *pm, const struct total *t, const char *id)
{
	struct intake *in = pm->in;
	int64_t whole = t->last_s - t->first_s;
	char from[11], to[11];

	date_print((int32_t)(t->first_s / 86400), from);
	date_print((int32_t)(t->last_s / 86400), to);
	intake_note(
		in,
		arena_printf(in->arena, "measured in periods of %u s, scaled to GB a year of 365 days", t->longest_s),
		arena_printf(in->arena, "%s: %lld s in %u periods, %s to %s", id, (long long)t->seconds, t->periods,
			     from, to));
	if (whole > t->seconds)
		intake_note(in, "gaps: periods are missing between the first and the last",
			    arena_printf(in->arena, "%s: %lld of %lld s", id, (long long)t->seconds, (long long)whole));
}

static void put_total(struct pm *pm, uint32_t element, const struct total *t)
{
	struct intake *in = pm->in;
	const char *id = strs_text(in->strs, in->found[NET_ELEMENTS].ids[element]);
	uint32_t row = intake_row(in, NET_ELEMENTS, id, NULL);
	/* 10^-6 bytes to 10^-6 GB, rounded half up */
	wide scaled = t->bytes / 1000 * YEAR_S / t->seconds, micro = (scaled + 500000) / 1000000;
	char text[48];

	if (micro > INT64_MAX) {
		intake_note(in, "more traffic than a measure can hold: not written", id);
		return;
	}
	micro_print(micro, text);
	intake_put(in, NET_ELEMENTS, row, "traffic", text);
	micro_print((wide)t->seconds * MICRO, text);
	intake_put(in, NET_ELEMENTS, row, "traffic_seconds", text);
	intake_put(in, NET_ELEMENTS, row, "traffic_source", strs_text(in->strs, t->file));
	tell_times(pm, t, id);
}

void pm_sum(struct pm *pm)
{
	if (!pm->record_count)
		return;
	drop_doubles(pm);
	qsort(pm->records, pm->record_count, sizeof *pm->records, by_time);
	for (uint32_t i = 0; i < pm->record_count;) {
		uint32_t element = pm->records[i].element;
		const struct pm_record *before = NULL;
		struct total total = { .file = pm->records[i].file };

		for (; i < pm->record_count && pm->records[i].element == element; i++) {
			add_record(pm, &total, &pm->records[i], before);
			before = &pm->records[i];
		}
		put_total(pm, element, &total);
	}
}
