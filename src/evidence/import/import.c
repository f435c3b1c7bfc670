/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Importers: the table of formats, and what is the same for all - read the source whole, hash it, compare the hash with
 * a checksum that came beside it, keep the balance, write claims out. A refused document leaves no claims.
 */
#include "evidence/import/import.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

/* A key of JSON in the first bytes of a document. */
static bool has_key(const char *head, size_t bytes, const char *key)
{
	return memmem(head, bytes, key, strlen(key));
}

static bool is_csaf(const char *head, size_t bytes)
{
	return has_key(head, bytes, "\"csaf_version\"") ||
	       (has_key(head, bytes, "\"document\"") && has_key(head, bytes, "\"csaf_"));
}

static bool is_cyclonedx(const char *head, size_t bytes)
{
	return has_key(head, bytes, "\"bomFormat\"");
}

static bool is_scas(const char *head, size_t bytes)
{
	size_t line = strcspn(head, "\r\n");

	if (has_key(head, bytes, "\"reports\"") && has_key(head, bytes, "\"specifications\""))
		return true;
	return memmem(head, line, "laboratory", 10) && memmem(head, line, "ts_version", 10);
}

const struct importer evidence_importers[] = {
	{ "csaf", "security advisories and VEX statements, CSAF 2.0 JSON", "doc/import-evidence.md", csaf_read,
	  is_csaf },
	{ "cyclonedx", "bills of material and VEX statements, CycloneDX JSON 1.2 to 1.6", "doc/import-evidence.md",
	  cyclonedx_read, is_cyclonedx },
	{ "scas", "results of 3GPP SCAS tests and GSMA NESAS audits, CSV or JSON", "doc/import-evidence.md", scas_read,
	  is_scas },
};
const size_t evidence_importer_count = sizeof evidence_importers / sizeof *evidence_importers;

const struct importer *evidence_importer_find(const char *name)
{
	for (size_t i = 0; i < evidence_importer_count; i++)
		if (!strcmp(evidence_importers[i].name, name))
			return &evidence_importers[i];
	return NULL;
}

/* ---- the balance ------------------------------------------------------------------------------------------------- */

void import_use(struct import_file *file)
{
	file->imported->balance.read++;
	file->imported->balance.used++;
}

void import_leave_out(struct import_file *file, const char *reason, const char *example)
{
	struct import_balance *balance = &file->imported->balance;
	struct import_reason *row = NULL;

	balance->read++;
	for (size_t i = 0; i < balance->reason_count && !row; i++)
		if (!strcmp(balance->reasons[i].reason, reason))
			row = &balance->reasons[i];
	if (row) {
		row->count++;
		return;
	}
	if (balance->reason_count == balance->reason_room) {
		struct import_reason *more;

		balance->reason_room = balance->reason_room * 2 + 8;
		more = arena_array(file->arena, balance->reason_room, sizeof *more);
		if (balance->reason_count)
			memcpy(more, balance->reasons, balance->reason_count * sizeof *more);
		balance->reasons = more;
	}
	row = &balance->reasons[balance->reason_count++];
	row->reason = import_copy(file, reason);
	row->example = import_copy(file, example);
	row->count = 1;
}

void import_refuse(struct import_file *file, const char *rule, const char *where, const char *format, ...)
{
	struct place place = { .file = file->name };
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	text[utf8_check(text, strlen(text))] = '\0'; /* the cut may have gone through a character */
	diagnose(file->diagnostics, SEVERITY_ERROR, "invalid-document", place, "%s%s%s%s%s%s", rule ? rule : "",
		 rule ? ": " : "", text, where ? " (" : "", where ? where : "", where ? ")" : "");
	file->imported->refused = true;
}

/* ---- claims ------------------------------------------------------------------------------------------------------ */

const char *import_copy(struct import_file *file, const char *text)
{
	enum { LONGEST = 1000 }; /* bytes: a name or a note, not a chapter */
	size_t bytes = strlen(text);

	return arena_text(file->arena, text, bytes > LONGEST ? utf8_check(text, LONGEST) : bytes);
}

const char *import_slug(struct arena *arena, const char *text)
{
	enum { LONGEST = 80 };
	char slug[LONGEST + 1];
	size_t n = 0;

	for (const char *p = text; *p && n < LONGEST; p++) {
		char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
		bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (kept)
			slug[n++] = c;
		else if (n && slug[n - 1] != '-')
			slug[n++] = '-';
	}
	while (n && slug[n - 1] == '-')
		n--;
	return n ? arena_text(arena, slug, n) : "unnamed";
}

struct claim *import_claim(struct import_file *file, const char *prefix)
{
	struct imported *imported = file->imported;
	struct claim *claim;

	if (imported->count == imported->room) {
		struct claim *more;

		imported->room = imported->room * 2 + 64;
		more = arena_array(file->arena, imported->room, sizeof *more);
		if (imported->count)
			memcpy(more, imported->claims, imported->count * sizeof *more);
		imported->claims = more;
	}
	claim = &imported->claims[imported->count++];
	claim_init(claim);
	claim->name = arena_printf(file->arena, "%s-%zu", prefix, imported->count);
	claim->file = file->name;
	claim->sha256 = file->sha256;
	claim->place = (struct place){ .file = file->name };
	return claim;
}

bool import_again(struct import_file *file)
{
	const struct claim *claim = &file->imported->claims[file->imported->count - 1];
	uint32_t before = strs_count(file->names);
	const char *key = arena_printf(file->arena, "%d\n%s\n%s\n%s\n%s\n%s", claim->about, claim->subject,
				       claim->version ? claim->version : "", claim->attribute ? claim->attribute : "",
				       claim->value ? claim->value : "", claim->kind ? claim->kind : "");

	if (strs_id(file->names, key) >= before)
		return false;
	file->imported->count--;
	return true;
}

void imported_print(const struct imported *imported, struct sink *sink)
{
	const struct import_balance *balance = &imported->balance;

	sink_printf(sink, "# %zu claims from %zu of %zu objects\n", imported->count, balance->used, balance->read);
	for (size_t i = 0; i < balance->reason_count; i++)
		sink_printf(sink, "# left out: %zu %s\n", balance->reasons[i].count, balance->reasons[i].reason);
	for (size_t i = 0; i < imported->count; i++) {
		sink_char(sink, '\n');
		claim_print(&imported->claims[i], sink);
	}
}

/* ---- checksums --------------------------------------------------------------------------------------------------- */

static size_t hex_digits(const char *text, size_t bytes)
{
	size_t n = 0;

	while (n < bytes &&
	       ((text[n] >= '0' && text[n] <= '9') || ((text[n] | 0x20) >= 'a' && (text[n] | 0x20) <= 'f')))
		n++;
	return n;
}

/* The line is for this name: sha256sum writes "HEX  name" or "HEX *name"; the name may have a folder before it. */
static bool line_names(const char *rest, size_t bytes, const char *name)
{
	const char *slash = strrchr(name, '/');
	size_t length;

	name = slash ? slash + 1 : name;
	length = strlen(name);
	while (bytes && (*rest == ' ' || *rest == '\t' || *rest == '*')) {
		rest++;
		bytes--;
	}
	while (bytes && (rest[bytes - 1] == '\r' || rest[bytes - 1] == ' '))
		bytes--;
	if (!bytes)
		return true;
	if (bytes < length || memcmp(rest + bytes - length, name, length))
		return false;
	return bytes == length || rest[bytes - length - 1] == '/';
}

const char *checksum_of(struct arena *arena, const char *text, size_t bytes, const char *name, size_t digits)
{
	const char *end = text + bytes;

	while (text < end) {
		const char *line = text, *newline = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((newline ? newline : end) - line);

		text = newline ? newline + 1 : end;
		if (hex_digits(line, length) == digits && line_names(line + digits, length - digits, name)) {
			char *hex = arena_text(arena, line, digits);

			for (char *p = hex; *p; p++)
				if (*p >= 'A' && *p <= 'F')
					*p = (char)(*p - 'A' + 'a');
			return hex;
		}
	}
	return NULL;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static bool too_deep(const json_t *value, int left)
{
	const char *key;
	json_t *inner;
	size_t i;

	if (!left)
		return true;
	if (json_is_object(value)) {
		json_object_foreach((json_t *)value, key, inner) if (too_deep(inner, left - 1)) return true;
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, inner) if (too_deep(inner, left - 1)) return true;
	}
	return false;
}

json_t *import_json(struct import_file *file)
{
	json_error_t error;
	size_t skip = file->bytes >= 3 && !memcmp(file->text, "\xef\xbb\xbf", 3) ? 3 : 0; /* a byte order mark */
	json_t *root = json_loadb(file->text + skip, file->bytes - skip, JSON_REJECT_DUPLICATES, &error);

	if (!root) {
		struct place place = { .file = file->name,
				       .line = error.line > 0 ? (uint32_t)error.line : 0,
				       .column = error.column > 0 ? (uint32_t)error.column : 0 };

		diagnose(file->diagnostics, SEVERITY_ERROR, "bad-json", place, "%.*s",
			 (int)utf8_check(error.text, strlen(error.text)), error.text);
		file->imported->refused = true;
		return NULL;
	}
	if (too_deep(root, LIMIT_NESTING)) {
		import_refuse(file, NULL, NULL, "nested more than %d deep", LIMIT_NESTING);
		json_decref(root);
		return NULL;
	}
	return root;
}

const char *json_word(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text && text[0] ? text : NULL;
}

/* ---- moments ----------------------------------------------------------------------------------------------------- */

static bool two_digits(const char *text, int most, int *value)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return false;
	*value = (text[0] - '0') * 10 + text[1] - '0';
	return *value <= most;
}

/* "Z", "+01:00": minutes east of Greenwich. */
static bool read_offset(const char *text, int *minutes)
{
	int hour, minute;

	*minutes = 0;
	if (!strcmp(text, "Z") || !strcmp(text, "z"))
		return true;
	if ((text[0] != '+' && text[0] != '-') || strlen(text) != 6 || text[3] != ':' ||
	    !two_digits(text + 1, 23, &hour) || !two_digits(text + 4, 59, &minute))
		return false;
	*minutes = (hour * 60 + minute) * (text[0] == '-' ? -1 : 1);
	return true;
}

bool moment_parse(const char *text, struct moment *moment)
{
	int hour, minute, second, offset;
	uint32_t scale = 100000000;
	int32_t days;

	if (strlen(text) < 20 || !date_parse(text, 10, &days) || (text[10] | 0x20) != 't' ||
	    !two_digits(text + 11, 23, &hour) || text[13] != ':' || !two_digits(text + 14, 59, &minute) ||
	    text[16] != ':' || !two_digits(text + 17, 60, &second))
		return false;
	text += 19;
	moment->nanos = 0;
	if (*text == '.') {
		if (text[1] < '0' || text[1] > '9')
			return false;
		for (text++; *text >= '0' && *text <= '9'; text++, scale /= 10)
			moment->nanos += (uint32_t)(*text - '0') * scale;
	}
	if (!read_offset(text, &offset))
		return false;
	moment->seconds = (int64_t)days * 86400 + hour * 3600 + minute * 60 + second - (int64_t)offset * 60;
	return true;
}

int moment_compare(const struct moment *a, const struct moment *b)
{
	if (a->seconds != b->seconds)
		return a->seconds < b->seconds ? -1 : 1;
	return a->nanos < b->nanos ? -1 : a->nanos > b->nanos;
}

int32_t import_day(const char *text)
{
	struct moment moment;
	int32_t days;

	if (date_parse(text, strlen(text), &days))
		return days;
	if (!moment_parse(text, &moment))
		return DATE_NONE;
	days = (int32_t)(moment.seconds / 86400);
	return moment.seconds % 86400 < 0 ? days - 1 : days;
}

/* ---- one document ------------------------------------------------------------------------------------------------ */

static void compare_checksums(struct import_file *file, const struct checksums *expected)
{
	char hex[129];

	if (expected->sha256 && strcmp(expected->sha256, file->sha256))
		import_refuse(file, "checksum", NULL, "SHA-256 is %s, the checksum beside it says %s", file->sha256,
			      expected->sha256);
	if (!expected->sha512)
		return;
	sha512_hex(file->text, file->bytes, hex);
	if (strcmp(expected->sha512, hex))
		import_refuse(file, "checksum", NULL, "SHA-512 is %s, the checksum beside it says %s", hex,
			      expected->sha512);
}

struct imported *evidence_import(struct arena *arena, const struct importer *importer, struct source *source,
				 const struct checksums *expected, struct diagnostics *diagnostics)
{
	struct imported *imported = arena_alloc(arena, sizeof *imported);
	struct import_file file = { .arena = arena, .diagnostics = diagnostics, .imported = imported };
	struct place place;
	char hex[65];

	imported->arena = arena;
	file.name = import_copy(&file, source_name(source));
	place = (struct place){ .file = file.name };
	file.text = source_all(source, arena, LIMIT_DOCUMENT, &file.bytes);
	if (!file.text) {
		if (source_error(source))
			diagnose(diagnostics, SEVERITY_ERROR, "unreadable", place, "can't be read: %s",
				 strerror(source_error(source)));
		else
			diagnose(diagnostics, SEVERITY_ERROR, "too-large", place, "larger than %d bytes",
				 LIMIT_DOCUMENT);
		return NULL;
	}
	source_sha256(source, hex);
	file.sha256 = arena_text(arena, hex, 64);
	file.names = strs_new(arena);
	if (expected)
		compare_checksums(&file, expected);
	if (!imported->refused)
		importer->read(&file);
	if (imported->refused)
		imported->count = 0;
	return imported;
}
