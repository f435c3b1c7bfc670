/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The expressions of a mapping, right of the sign:
 *
 *     value    = part { "&" part }                        texts put together
 *     part     = "text" | NAME "(" value { "," value } ")" | [COLUMN] | COLUMN
 *
 * A column's name may stand bare where it holds none of & , ( ) [ ] " #, spaces included: Site ID.
 */
#include "net/import/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum kind { EXPR_TEXT, EXPR_COLUMN, EXPR_JOIN, EXPR_CALL };
enum call {
	CALL_LOWER,
	CALL_UPPER,
	CALL_LETTERS,
	CALL_FIRST,
	CALL_PART,
	CALL_IF,
	CALL_DATE,
	CALL_NUMBER,
	CALL_TIMES,
	CALL_OSGRID_LAT,
	CALL_OSGRID_LON,
	CALL_LOOKUP,
};
enum { MOST_ARGUMENTS = 8, DEEPEST = 20 };

static const struct {
	const char *name;
	uint8_t least, most; /* arguments */
} calls[] = {
	[CALL_LOWER] = { "lower", 1, 1 },
	[CALL_UPPER] = { "upper", 1, 1 },
	[CALL_LETTERS] = { "letters", 1, 1 },
	[CALL_FIRST] = { "first", 2, MOST_ARGUMENTS },
	[CALL_PART] = { "part", 3, 3 },
	[CALL_IF] = { "if", 3, 4 },
	[CALL_DATE] = { "date", 2, 2 },
	[CALL_NUMBER] = { "number", 1, 1 },
	[CALL_TIMES] = { "times", 2, 2 },
	[CALL_OSGRID_LAT] = { "osgrid_lat", 2, 2 },
	[CALL_OSGRID_LON] = { "osgrid_lon", 2, 2 },
	[CALL_LOOKUP] = { "lookup", 3, 3 },
};

struct csv_expr {
	enum kind kind;
	enum call call;
	const char *text; /* of a text; name of a column */
	size_t column;    /* in the file that is read */
	struct csv_expr *parts[MOST_ARGUMENTS];
	size_t count;
	const struct csv_lookup *lookup; /* of lookup(NAME, ...) */
	struct place place;
};

struct reading {
	struct intake *in;
	const char *begin, *at;
	struct place place;
	struct csv_lookup *lookups;
	int depth;
	bool failed;
};

/* ---- parsing ----------------------------------------------------------------------------------------------------- */

static struct csv_expr *fail(struct reading *r, const char *text, const char *what)
{
	if (!r->failed)
		diagnose(r->in->diagnostics, SEVERITY_ERROR, "bad-map", r->place, text, what);
	r->failed = true;
	return NULL;
}

static void skip(struct reading *r)
{
	while (*r->at == ' ' || *r->at == '\t')
		r->at++;
}

static struct csv_expr *make(struct reading *r, enum kind kind)
{
	struct csv_expr *e = arena_alloc(r->in->arena, sizeof *e);

	e->kind = kind;
	e->place = r->place;
	return e;
}

static struct csv_expr *parse_value(struct reading *r);

static struct csv_expr *until(struct reading *r, enum kind kind, char end)
{
	const char *close = strchr(r->at + 1, end);
	struct csv_expr *e;

	if (!close)
		return fail(r, end == ']' ? "[ is never closed%s" : "\" is never closed%s", "");
	e = make(r, kind);
	e->text = arena_text(r->in->arena, r->at + 1, (size_t)(close - r->at - 1));
	r->at = close + 1;
	return e;
}

static bool bind_lookup(struct reading *r, struct csv_expr *e)
{
	struct csv_lookup *l = r->lookups;

	if (e->parts[0]->kind != EXPR_COLUMN || e->parts[2]->kind != EXPR_COLUMN)
		return fail(r, "lookup wants a name, a value and a column%s", "");
	while (l && strcmp(l->name, e->parts[0]->text) != 0)
		l = l->next;
	e->lookup = l;
	return l || fail(r, "no line says what to look up: lookup %s = FILE by COLUMN", e->parts[0]->text);
}

static struct csv_expr *parse_call(struct reading *r, const char *name)
{
	struct csv_expr *e = make(r, EXPR_CALL);
	size_t call = 0;

	while (call < sizeof calls / sizeof *calls && strcmp(calls[call].name, name) != 0)
		call++;
	if (call == sizeof calls / sizeof *calls)
		return fail(r,
			    "there is no function \"%s\" (lower, upper, letters, first, part, if, date, number, "
			    "times, osgrid_lat, osgrid_lon, lookup)",
			    name);
	e->call = (enum call)call;
	do {
		r->at++; /* ( or , */
		if (e->count == MOST_ARGUMENTS)
			return fail(r, "too many values for %s", name);
		e->parts[e->count] = parse_value(r);
		if (!e->parts[e->count++])
			return NULL;
	} while (*r->at == ',');
	if (*r->at != ')')
		return fail(r, "expected , or ) in %s(...)", name);
	r->at++;
	if (e->count < calls[call].least || e->count > calls[call].most)
		return fail(r, "%s wants another number of values", name);
	return e->call == CALL_LOOKUP && !bind_lookup(r, e) ? NULL : e;
}

/* A column that is called so stands in brackets. */
static bool is_number(const char *text, size_t bytes)
{
	int64_t micro;

	return measure_parse(text, bytes, &micro) == NUMBER_OK;
}

static struct csv_expr *parse_part(struct reading *r)
{
	const char *from, *to;
	struct csv_expr *e;

	skip(r);
	if (*r->at == '"')
		return until(r, EXPR_TEXT, '"');
	if (*r->at == '[')
		return until(r, EXPR_COLUMN, ']');
	from = r->at;
	to = r->at += strcspn(r->at, "&,()[]\"");
	while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
		to--;
	if (to == from)
		return fail(r, "expected a column, a \"text\" or a function%s", *r->at ? " here" : " at the end");
	if (*r->at == '(')
		return parse_call(r, arena_text(r->in->arena, from, (size_t)(to - from)));
	e = make(r, is_number(from, (size_t)(to - from)) ? EXPR_TEXT : EXPR_COLUMN);
	e->text = arena_text(r->in->arena, from, (size_t)(to - from));
	return e;
}

static struct csv_expr *parse_value(struct reading *r)
{
	struct csv_expr *first, *join;

	if (++r->depth > DEEPEST)
		return fail(r, "functions are nested too deep%s", "");
	first = parse_part(r);
	if (!first)
		return NULL;
	skip(r);
	join = first;
	if (*r->at == '&') {
		join = make(r, EXPR_JOIN);
		join->parts[join->count++] = first;
	}
	while (*r->at == '&') {
		r->at++;
		if (join->count == MOST_ARGUMENTS)
			return fail(r, "too many parts%s", "");
		join->parts[join->count] = parse_part(r);
		if (!join->parts[join->count++])
			return NULL;
		skip(r);
	}
	r->depth--;
	return join;
}

struct csv_expr *csv_expr_parse(struct intake *in, const char *text, struct place place, struct csv_lookup *lookups)
{
	struct reading r = { .in = in, .begin = text, .at = text, .place = place, .lookups = lookups };
	struct csv_expr *e = parse_value(&r);

	if (e && *r.at)
		e = fail(&r, "\"%s\" is not understood here", r.at);
	if (!e)
		in->refused = true;
	return e;
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */

static bool bind_column(struct intake *in, struct csv_expr *e, const struct intake_sheet *sheet)
{
	const char *const *names, *nearest;
	size_t count;

	e->column = intake_sheet_column(sheet, e->text);
	if (e->column != INTAKE_NO_COLUMN)
		return true;
	count = intake_sheet_columns(sheet, &names);
	nearest = nearest_text(e->text, names, count);
	diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", e->place, "%s has no column \"%s\"%s%s%s", in->name,
		 e->text, nearest ? " (did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?)" : "");
	in->refused = true;
	return false;
}

static bool bind_lookup_column(struct intake *in, struct csv_expr *e)
{
	struct csv_expr *column = e->parts[2];

	if (!e->lookup->room) {
		diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", e->place,
			 "%s has not been read: name it before %s on the command line", e->lookup->file, in->name);
		in->refused = true;
		return false;
	}
	for (column->column = 0; column->column < e->lookup->column_count; column->column++)
		if (strcasecmp(e->lookup->columns[column->column], column->text) == 0)
			return true;
	diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", e->place, "%s has no column \"%s\"", e->lookup->file,
		 column->text);
	in->refused = true;
	return false;
}

bool csv_expr_bind(struct intake *in, struct csv_expr *e, const struct intake_sheet *sheet)
{
	bool good = true;

	if (e->kind == EXPR_COLUMN)
		return bind_column(in, e, sheet);
	if (e->lookup)
		return bind_lookup_column(in, e) && csv_expr_bind(in, e->parts[1], sheet);
	for (size_t i = 0; i < e->count; i++)
		good &= csv_expr_bind(in, e->parts[i], sheet);
	return good;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

struct row {
	struct intake *in;
	const struct intake_sheet *sheet;
	char decimal;
};

static void value(const struct row *, const struct csv_expr *, char out[CSV_TEXT]);

static void put(char out[CSV_TEXT], const char *text, size_t bytes)
{
	bytes = bytes < CSV_TEXT ? bytes : utf8_check(text, CSV_TEXT - 1);
	memmove(out, text, bytes);
	out[bytes] = '\0';
}

static void put_text(char out[CSV_TEXT], const char *text)
{
	put(out, text, strlen(text));
}

static void change_case(char *text, bool up)
{
	for (; *text; text++)
		if (up ? *text >= 'a' && *text <= 'z' : *text >= 'A' && *text <= 'Z')
			*text = (char)(*text ^ 0x20);
}

/* part("a/b/c", "/", "2") is b; from the end with "-1". */
static void part(const char *text, const char *between, const char *number, char out[CSV_TEXT])
{
	long wanted = strtol(number, NULL, 10), count = 1;
	size_t bytes = strlen(between);
	const char *end;

	if (!bytes)
		return;
	for (const char *at = text; (at = strstr(at, between)); at += bytes)
		count++;
	wanted = wanted < 0 ? count + 1 + wanted : wanted;
	if (wanted < 1 || wanted > count)
		return;
	while (--wanted)
		text = strstr(text, between) + bytes;
	end = strstr(text, between);
	put(out, text, end ? (size_t)(end - text) : strlen(text));
}

/* A date as the form says (DD.MM.YYYY) becomes YYYY-MM-DD; what does not fit the form is empty. */
static void date(const char *text, const char *form, char out[CSV_TEXT])
{
	char digits[] = "YYYY-MM-DD";
	size_t at[3] = { 0, 5, 8 }, last[3] = { 4, 7, 10 };
	int32_t day;

	if (strlen(text) < strlen(form))
		return;
	for (; *form; form++, text++) {
		int field = *form == 'Y' ? 0 : *form == 'M' ? 1 : *form == 'D' ? 2 : -1;

		if (field < 0 ? *text != *form : *text < '0' || *text > '9')
			return;
		if (field >= 0 && at[field] < last[field])
			digits[at[field]++] = *text;
	}
	if (date_parse(digits, 10, &day))
		put_text(out, digits);
}

static void times(const struct row *row, const char *text, const char *factor, char out[CSV_TEXT])
{
	char a[48], b[48];
	int64_t x, y;
	wide product;

	if (!intake_number(text, strlen(text), row->decimal, a) || !intake_number(factor, strlen(factor), '.', b) ||
	    measure_parse(a, strlen(a), &x) != NUMBER_OK || measure_parse(b, strlen(b), &y) != NUMBER_OK)
		return;
	product = (wide)x * y;
	micro_print((product + (product < 0 ? -MICRO / 2 : MICRO / 2)) / MICRO, out);
}

static void grid(const struct row *row, const char *easting, const char *northing, bool north, char out[CSV_TEXT])
{
	char e[48], n[48];
	double lat, lon;

	if (!intake_number(easting, strlen(easting), row->decimal, e) ||
	    !intake_number(northing, strlen(northing), row->decimal, n) ||
	    !osgrid_degrees(strtod(e, NULL), strtod(n, NULL), &lat, &lon))
		return;
	micro_print((wide)llround((north ? lat : lon) * MICRO), out);
}

/* What a function makes of numbers, dates and places; false for the other functions. */
static bool converted(const struct row *row, const struct csv_expr *e, const char *a, char out[CSV_TEXT])
{
	char b[CSV_TEXT];

	if (e->call == CALL_NUMBER) {
		if (intake_number(a, strlen(a), row->decimal, b))
			put_text(out, b);
		return true;
	}
	if (e->call != CALL_DATE && e->call != CALL_TIMES && e->call != CALL_OSGRID_LAT && e->call != CALL_OSGRID_LON)
		return false;
	value(row, e->parts[1], b);
	if (e->call == CALL_DATE)
		date(a, b, out);
	else if (e->call == CALL_TIMES)
		times(row, a, b, out);
	else
		grid(row, a, b, e->call == CALL_OSGRID_LAT, out);
	return true;
}

static void call(const struct row *row, const struct csv_expr *e, char out[CSV_TEXT])
{
	char a[CSV_TEXT], b[CSV_TEXT], c[CSV_TEXT];

	value(row, e->parts[e->call == CALL_LOOKUP], a);
	if (converted(row, e, a, out)) {
		if (*a && !*out)
			intake_note(row->in,
				    arena_printf(row->in->arena, "%s can make nothing of a value", calls[e->call].name),
				    arena_printf(row->in->arena, "%s:%u: %s", row->in->name,
						 intake_sheet_line(row->sheet), a));
		return;
	}
	switch (e->call) {
	case CALL_LOWER:
	case CALL_UPPER:
		put_text(out, a);
		change_case(out, e->call == CALL_UPPER);
		return;
	case CALL_LETTERS:
		change_case(a, true);
		put(out, a, strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
		return;
	case CALL_FIRST:
		for (size_t i = 0; i < e->count && !*out; i++)
			value(row, e->parts[i], out);
		return;
	case CALL_PART:
		value(row, e->parts[1], b);
		value(row, e->parts[2], c);
		part(a, b, c, out);
		return;
	case CALL_IF:
		value(row, e->parts[1], b);
		if (strcasecmp(a, b) == 0)
			value(row, e->parts[2], out);
		else if (e->count == 4)
			value(row, e->parts[3], out);
		return;
	case CALL_LOOKUP:
		put_text(out, csv_lookup_get(row->in, e->lookup, a, e->parts[2]->column));
		return;
	default:
		return;
	}
}

static void value(const struct row *row, const struct csv_expr *e, char out[CSV_TEXT])
{
	char piece[CSV_TEXT];
	const char *text;
	size_t bytes;

	*out = '\0';
	switch (e->kind) {
	case EXPR_TEXT:
		put_text(out, e->text);
		return;
	case EXPR_COLUMN:
		text = intake_sheet_cell(row->sheet, e->column, &bytes);
		put(out, text, bytes);
		return;
	case EXPR_CALL:
		call(row, e, out);
		return;
	case EXPR_JOIN:
		break;
	}
	/* A column without a value leaves the whole without one: "gnb-" alone names nothing. */
	for (size_t i = 0; i < e->count; i++) {
		size_t used = strlen(out);

		value(row, e->parts[i], piece);
		if (!*piece) {
			*out = '\0';
			return;
		}
		bytes = strlen(piece);
		if (used + bytes >= CSV_TEXT)
			bytes = utf8_check(piece, CSV_TEXT - 1 - used);
		memcpy(out + used, piece, bytes);
		out[used + bytes] = '\0';
	}
}

void csv_expr_value(struct intake *in, const struct csv_expr *e, const struct intake_sheet *sheet, char decimal,
		    char out[CSV_TEXT])
{
	struct row row = { in, sheet, decimal };

	value(&row, e, out);
}
