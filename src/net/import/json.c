/* SPDX-License-Identifier: Apache-2.0 */
/* JSON of strangers, by jansson, as a tree: documents are bounded, and what is no text or number is none. */
#include "net/import/intake.h"

#include <string.h>

static bool is_deeper(const json_t *value, int left)
{
	const char *key;
	json_t *inner;
	size_t i;

	if (!left)
		return true;
	if (json_is_object(value)) {
		json_object_foreach((json_t *)value, key, inner)
		{
			if (is_deeper(inner, left - 1))
				return true;
		}
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, inner)
		{
			if (is_deeper(inner, left - 1))
				return true;
		}
	}
	return false;
}

json_t *intake_json(struct intake *in, struct source *source)
{
	json_error_t error;
	size_t bytes, skip;
	char *text = source_all(source, in->arena, LIMIT_DOCUMENT, &bytes);
	json_t *root;

	if (!text) {
		intake_refuse(in, "too-large", 0, "can't be read, or is larger than %d bytes", LIMIT_DOCUMENT);
		return NULL;
	}
	skip = bytes >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0; /* a byte order mark */
	root = json_loadb(text + skip, bytes - skip, JSON_REJECT_DUPLICATES, &error);
	/* A bound such as 2^64 in some description is no reason to refuse a document; as a number it is nothing here. */
	if (!root && json_error_code(&error) == json_error_numeric_overflow)
		root = json_loadb(text + skip, bytes - skip, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
	arena_release(in->arena, text, bytes + 1);
	if (!root) {
		struct place place = { in->name, error.line > 0 ? (uint32_t)error.line : 0,
				       error.column > 0 ? (uint32_t)error.column : 0 };

		diagnose(in->diagnostics, SEVERITY_ERROR, "bad-json", place, "%.*s",
			 (int)utf8_check(error.text, strlen(error.text)), error.text);
		in->refused = true;
		return NULL;
	}
	if (is_deeper(root, INTAKE_DEPTH)) {
		intake_refuse(in, "bad-json", 0, "nested more than %d deep", INTAKE_DEPTH);
		json_decref(root);
		return NULL;
	}
	return root;
}

const char *intake_json_value(struct intake *in, const json_t *value)
{
	if (json_is_string(value))
		return arena_text(in->arena, json_string_value(value), strlen(json_string_value(value)));
	if (json_is_integer(value))
		return arena_printf(in->arena, "%lld", (long long)json_integer_value(value));
	if (json_is_real(value))
		return arena_printf(in->arena, "%.10g", json_real_value(value));
	return "";
}

const char *intake_json_word(struct intake *in, const json_t *object, const char *key)
{
	return intake_json_value(in, json_object_get(object, key));
}

bool intake_json_has(const char *head, size_t bytes, const char *key)
{
	size_t at = bytes >= 3 && !memcmp(head, "\xef\xbb\xbf", 3) ? 3 : 0;
	char quoted[80];

	while (at < bytes && (head[at] == ' ' || head[at] == '\t' || head[at] == '\r' || head[at] == '\n'))
		at++;
	if (at == bytes || (head[at] != '{' && head[at] != '['))
		return false;
	snprintf(quoted, sizeof quoted, "\"%s\"", key);
	return memmem(head, bytes, quoted, strlen(quoted));
}
