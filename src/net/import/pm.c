/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Performance measurements of 3GPP (XML of TS 32.435, and of TS 28.532 clause 12.3 with its names): how much went through
 * each element.
 *
 *     measCollecFile | measDataFile
 *       fileHeader dnPrefix="..."
 *       measData
 *         managedElement | measEntity localDn="..."
 *         measInfo
 *           granPeriod duration="PT900S" endTime="..."
 *           measType p="1"  or  measTypes: names
 *           measValue measObjLdn="..."
 *             r p="1"  or  measResults: values
 *             suspect
 *
 * Counters are summed over periods and over what is inside an element, and joined to the elements of a network that is
 * there: nothing in such a file says what an element is. pm_sum.c adds up.
 */
#include "net/import/pm.h"

#include <stdlib.h>
#include <string.h>

enum {
	POSITIONS = 65536, /* counters in one measInfo */
	WANTED = 4096,     /* of them that are in the sum */
};

struct walk {
	struct intake *in;
	struct pm *pm;
	char prefix[NRM_NAME], entity[NRM_NAME], object[NRM_NAME];
	struct pm_period period;
	bool has_period;
	uint8_t term_of[POSITIONS]; /* by position: number of the term + 1, 0: not wanted */
	uint32_t types;             /* positions in use */
	uint32_t position;          /* of the measType or r that is open */
	bool in_info, in_value, is_suspect;
	uint32_t value_line;
	struct {
		uint8_t term;
		int64_t micro;
	} values[WANTED];
	uint32_t value_count;
	bool has_bad_value;
};

/* ---- texts ------------------------------------------------------------------------------------------------------- */

static void copy_name(char out[NRM_NAME], const char *text, size_t bytes)
{
	if (!text || !nrm_name(text, bytes, false, out))
		out[0] = '\0';
}

/* The next word of a list, or NULL. */
static const char *next_word(const char **at, const char *end, size_t *bytes)
{
	const char *from;

	while (*at < end && (unsigned char)**at <= ' ')
		(*at)++;
	from = *at;
	while (*at < end && (unsigned char)**at > ' ')
		(*at)++;
	*bytes = (size_t)(*at - from);
	return *bytes ? from : NULL;
}

static uint32_t position_of(const struct intake_xml *x)
{
	size_t bytes;
	const char *text = intake_xml_attribute(x, "p", &bytes);
	uint32_t position = 0;

	for (size_t i = 0; text && i < bytes && text[i] >= '0' && text[i] <= '9' && position < POSITIONS; i++)
		position = position * 10 + (uint32_t)(text[i] - '0');
	return position < POSITIONS ? position : 0;
}

/* ---- types and values -------------------------------------------------------------------------------------------- */

static void set_type(struct walk *w, uint32_t position, const char *name, size_t bytes)
{
	int term = pm_term(w->pm, name, bytes);

	if (!position || position >= POSITIONS)
		return;
	w->term_of[position] = term < 0 ? 0 : (uint8_t)(term + 1);
	if (position >= w->types)
		w->types = position + 1;
}

static void set_types(struct walk *w, const char *text, size_t bytes)
{
	const char *end = text + bytes, *word;
	uint32_t position = 1;
	size_t length;

	while ((word = next_word(&text, end, &length)) && position < POSITIONS)
		set_type(w, position++, word, length);
}

static void add_value(struct walk *w, uint32_t position, const char *text, size_t bytes)
{
	enum number_status status;
	int64_t micro;

	if (position >= POSITIONS || !w->term_of[position] || w->value_count == WANTED)
		return;
	while (bytes && (unsigned char)*text <= ' ')
		text++, bytes--;
	while (bytes && (unsigned char)text[bytes - 1] <= ' ')
		bytes--;
	status = measure_parse(text, bytes, &micro);
	if ((status != NUMBER_OK && status != NUMBER_TOO_FINE) || micro < 0) {
		w->has_bad_value = true;
		return;
	}
	w->values[w->value_count].term = (uint8_t)(w->term_of[position] - 1);
	w->values[w->value_count++].micro = micro;
}

static void add_values(struct walk *w, const char *text, size_t bytes)
{
	const char *end = text + bytes, *word;
	uint32_t position = 1;
	size_t length;

	while ((word = next_word(&text, end, &length)) && position < POSITIONS)
		add_value(w, position++, word, length);
}

/* One object in one period is done. */
static void end_value(struct walk *w)
{
	struct intake *in = w->in;
	uint32_t element;

	if (w->is_suspect) {
		intake_left_out(in, "suspect by its own word", w->object);
		return;
	}
	if (!w->value_count) {
		intake_left_out(in,
				w->has_bad_value
					? "a value that is no number, or is negative"
					: "none of the counters that make the traffic (--map: traffic = COUNTER + ...)",
				w->object);
		return;
	}
	if (w->has_bad_value)
		intake_note(in, "a value that is no number, or is negative, is not counted", w->object);
	if (!w->has_period) {
		intake_left_out(in, "no period that can be read (granPeriod)", w->object);
		return;
	}
	element = pm_element(w->pm, w->prefix, w->entity, w->object);
	if (element == CODE_UNKNOWN) {
		intake_left_out(in,
				"measured at something that is no element of the network (--map: element NAME = ID)",
				w->object);
		return;
	}
	if (!pm_is_seen(w->pm, element))
		intake_used(in);
	else
		intake_merged(in);
	for (uint32_t i = 0; i < w->value_count; i++)
		pm_add(w->pm, element, w->object, w->values[i].term, &w->period, w->values[i].micro);
}

/* ---- the walk ---------------------------------------------------------------------------------------------------- */

/* "A,B" and "B,C" are "A,B,C"; a name that begins like the entity's is whole already. */
static void put_object(struct walk *w, const char *text, size_t bytes)
{
	char local[NRM_NAME];
	size_t whole = strlen(w->entity), last = 0, used;

	copy_name(local, text, bytes);
	for (size_t i = 0; i < whole; i++)
		if (w->entity[i] == ',')
			last = i + 1;
	if (!whole || (strncmp(local, w->entity, whole) == 0 && (local[whole] == ',' || !local[whole]))) {
		strcpy(w->object, local);
		return;
	}
	used = strcspn(local, ",");
	/* The last part of the entity's name again. */
	if (strlen(w->entity + last) == used && strncmp(local, w->entity + last, used) == 0)
		memmove(local, local + used + (local[used] == ','), strlen(local + used + (local[used] == ',')) + 1);
	if (whole + strlen(local) + 2 > NRM_NAME) {
		w->object[0] = '\0';
		return;
	}
	memcpy(w->object, w->entity, whole + 1);
	if (*local) {
		w->object[whole] = ',';
		strcpy(w->object + whole + 1, local);
	}
}

static void open_value(struct walk *w, struct intake_xml *x)
{
	size_t bytes;
	const char *text = intake_xml_attribute(x, "measObjLdn", &bytes);

	w->in_value = true;
	w->is_suspect = w->has_bad_value = false;
	w->value_count = 0;
	put_object(w, text ? text : "", bytes);
}

static void open_in_info(struct walk *w, struct intake_xml *x, const char *name)
{
	size_t duration, end;
	const char *text, *time;

	if (strcmp(name, "granPeriod") == 0) {
		text = intake_xml_attribute(x, "duration", &duration);
		time = intake_xml_attribute(x, "endTime", &end);
		w->has_period = pm_period(text, duration, time, end, &w->period);
	} else if (strcmp(name, "measValue") == 0) {
		open_value(w, x);
		return;
	} else if (strcmp(name, "measType") == 0) {
		w->position = position_of(x);
		intake_xml_keep(x);
		return;
	} else if (strcmp(name, "measTypes") == 0) {
		intake_xml_keep(x);
		return;
	}
	intake_xml_skip(x);
}

static void open_in_value(struct walk *w, struct intake_xml *x, const char *name)
{
	if (strcmp(name, "r") == 0) {
		w->position = position_of(x);
		if (w->term_of[w->position])
			intake_xml_keep(x);
		else
			intake_xml_skip(x);
	} else if (strcmp(name, "measResults") == 0 || strcmp(name, "suspect") == 0) {
		intake_xml_keep(x);
	} else {
		intake_xml_skip(x);
	}
}

static void on_open(void *reader, struct intake_xml *x, const char *name)
{
	struct walk *w = reader;
	size_t bytes;
	const char *text;

	if (w->in_value) {
		open_in_value(w, x, name);
	} else if (w->in_info) {
		open_in_info(w, x, name);
	} else if (strcmp(name, "measInfo") == 0) {
		w->in_info = true;
		w->has_period = false;
		memset(w->term_of, 0, w->types);
		w->types = 0;
	} else if (strcmp(name, "managedElement") == 0 || strcmp(name, "measEntity") == 0) {
		text = intake_xml_attribute(x, "localDn", &bytes);
		copy_name(w->entity, text, bytes);
	} else if (strcmp(name, "fileHeader") == 0) {
		text = intake_xml_attribute(x, "dnPrefix", &bytes);
		copy_name(w->prefix, text, bytes);
	} else if (strcmp(name, "measData") == 0) {
		w->entity[0] = '\0';
	} else if (strcmp(name, "mdc") == 0) {
		intake_refuse(w->in, "wrong-format", intake_xml_line(x),
			      "measurements in the form of TS 32.401 (mdc); pm reads TS 32.435 and TS 28.532");
		intake_xml_stop(x);
	} else if (strcmp(name, "measCollecFile") != 0 && strcmp(name, "measDataFile") != 0) {
		if (!w->pm->is_measurement)
			intake_refuse(w->in, "wrong-format", intake_xml_line(x),
				      "the first element is %.60s; a file of measurements begins with measCollecFile "
				      "or measDataFile",
				      name);
		if (!w->pm->is_measurement)
			intake_xml_stop(x);
		else
			intake_xml_skip(x);
	}
	w->pm->is_measurement = true;
}

static void on_close(void *reader, struct intake_xml *x, const char *name, const char *text, size_t bytes)
{
	struct walk *w = reader;

	(void)x;
	if (strcmp(name, "measValue") == 0 && w->in_value) {
		w->in_value = false;
		end_value(w);
	} else if (strcmp(name, "measInfo") == 0) {
		w->in_info = false;
	} else if (strcmp(name, "measType") == 0) {
		while (bytes && (unsigned char)*text <= ' ')
			text++, bytes--;
		while (bytes && (unsigned char)text[bytes - 1] <= ' ')
			bytes--;
		set_type(w, w->position, text, bytes);
	} else if (strcmp(name, "measTypes") == 0) {
		set_types(w, text, bytes);
	} else if (strcmp(name, "r") == 0) {
		add_value(w, w->position, text, bytes);
	} else if (strcmp(name, "measResults") == 0) {
		add_values(w, text, bytes);
	} else if (strcmp(name, "suspect") == 0) {
		w->is_suspect |= memmem(text, bytes, "true", 4) || (bytes == 1 && *text == '1');
	}
}

const char *pm_recognise(const char *head, size_t bytes)
{
	char root[64];

	if (!intake_xml_root(head, bytes, root))
		return NULL;
	if (strcmp(root, "measCollecFile") == 0)
		return "3GPP measurements (TS 32.435)";
	return strcmp(root, "measDataFile") == 0 ? "3GPP measurements (TS 28.532)" : NULL;
}

void pm_read(struct intake *in, struct source *source)
{
	static const struct intake_xml_reader reader = { on_open, on_close };
	struct walk *w;

	if (!in->reader && !(in->reader = pm_new(in)))
		return;
	w = arena_alloc(in->arena, sizeof *w);
	w->in = in;
	w->pm = in->reader;
	w->pm->is_measurement = false;
	intake_xml(in, source, &reader, w);
	arena_release(in->arena, w, sizeof *w);
}

void pm_finish(struct intake *in)
{
	if (in->reader)
		pm_sum(in->reader);
}
