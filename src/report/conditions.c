/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer depends on, as JSON: the provisos under which it is yes, the inputs that it rests on. */
#include "report/conditions.h"

static void key_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

void json_inputs(const struct assessment *a, struct json *j)
{
	json_key(j, "inputs");
	json_array(j);
	for (size_t i = 0; i < a->input_count; i++) {
		json_object(j);
		key_text(j, "path", a->inputs[i].path);
		key_text(j, "sha256", a->inputs[i].sha256);
		json_object_end(j);
	}
	json_array_end(j);
}

void json_provisos(const struct proviso *provisos, size_t count, struct json *j)
{
	json_key(j, "provisos");
	json_array(j);
	for (size_t i = 0; i < count; i++) {
		const struct proviso *p = &provisos[i];

		json_object(j);
		key_text(j, "policy", p->policy);
		key_text(j, "rule", p->rule);
		key_text(j, "what", p->what);
		key_text(j, "who", p->who);
		json_key(j, "by");
		json_date(j, p->by);
		key_text(j, "closes", p->closes);
		key_text(j, "source", p->source);
		key_text(j, "where", p->where);
		json_key(j, "cost");
		if (p->has_cost)
			json_micro(j, p->cost);
		else
			json_null(j);
		json_object_end(j);
	}
	json_array_end(j);
}
