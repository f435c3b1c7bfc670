/* SPDX-License-Identifier: Apache-2.0 */
/* proviso policies: what stands on the shelf - name, status, dates, title, where it comes from. */
#include "ops/case.h"

#include <errno.h>
#include <string.h>

const struct ops_option policies_options[] = { OPTION_JSON, OPTIONS_END };

const struct ops_exit policies_exits[] = { { 0, "listed" }, EXITS_END };

const char policies_page[] =
	"Lists the policies that assess, diff and test know by name: those of the installed folder, or of the "
	"folder that PROVISO_POLICIES names.\n"
	"\n"
	"    proviso policies\n"
	"    proviso assess CASE --policy uk-ncsc-2020\n";

struct listed {
	struct policy_about *items;
	size_t count;
};

static bool load_shelf(struct call *call, const char *folder, struct listed *list)
{
	struct documents *documents = documents_new(inputs_new(call, NULL));
	struct dirent_name *names;
	size_t count;

	if (directory_list(call->arena, folder, &names, &count) < 0) {
		call_fail_reading(call, folder, errno);
		return false;
	}
	list->items = arena_array(call->arena, count + 1, sizeof *list->items);
	for (size_t i = 0; i < count; i++) {
		size_t bytes = strlen(names[i].name);
		struct policy *policy;

		if (bytes <= 8 || strcmp(names[i].name + bytes - 8, ".proviso") != 0 || names[i].name[0] == '.')
			continue;
		policy = policy_load(documents, arena_text(call->arena, names[i].name, bytes - 8), NULL, NULL);
		if (policy)
			list->items[list->count++] = policy_about(policy);
	}
	return true;
}

static void print_json(struct sink *sink, const struct listed *list)
{
	struct json j;

	json_init(&j, sink);
	json_object(&j);
	json_key(&j, "policies");
	json_array(&j);
	for (size_t i = 0; i < list->count; i++) {
		const struct policy_about *p = &list->items[i];

		json_object(&j);
		json_key(&j, "name");
		json_text(&j, p->name);
		json_key(&j, "title");
		json_text(&j, p->title);
		json_key(&j, "source");
		json_text(&j, p->source);
		json_key(&j, "status");
		json_text(&j, p->status);
		json_key(&j, "in_force");
		json_date(&j, p->in_force);
		json_key(&j, "until");
		json_date(&j, p->until);
		json_key(&j, "rules");
		json_int(&j, (int64_t)p->rules);
		json_key(&j, "tests");
		json_int(&j, (int64_t)p->tests);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	json_end(&j);
}

static void print_text(struct call *call, const char *folder, const struct listed *list)
{
	struct sink *sink = call->world->out;
	unsigned width = call->world->out_style.width ? call->world->out_style.width : 80;

	if (!list->count)
		sink_printf(sink, "No policies in %s.\n", folder);
	for (size_t i = 0; i < list->count; i++) {
		const struct policy_about *p = &list->items[i];
		char from[11], until[11];

		date_print(p->in_force, from);
		date_print(p->until, until);
		sink_text(sink, i ? "\n" : "");
		report_fold(sink, width, 0, 4,
			    arena_printf(call->arena, "%s: %s%s%s%s%s%s%zu rule%s, %zu test%s", p->name,
					 p->status ? p->status : "", p->status ? ", " : "",
					 p->in_force == DATE_NONE ? "" : "from ",
					 p->in_force == DATE_NONE ? "" : arena_printf(call->arena, "%s, ", from),
					 p->until == DATE_NONE ? "" : "until ",
					 p->until == DATE_NONE ? "" : arena_printf(call->arena, "%s, ", until),
					 p->rules, p->rules == 1 ? "" : "s", p->tests, p->tests == 1 ? "" : "s"));
		if (p->title) {
			sink_text(sink, "    ");
			report_fold(sink, width, 4, 4, p->title);
		}
		if (p->source) {
			sink_text(sink, "    ");
			report_fold(sink, width, 4, 4, p->source);
		}
	}
}

int policies_run(struct call *call)
{
	const char *folder = shelf_folder(call->arena);
	struct listed list = { 0 };

	if (!load_shelf(call, folder, &list) || call_status(call))
		return call_status(call);
	if (call->json)
		print_json(call->world->out, &list);
	else
		print_text(call, folder, &list);
	return 0;
}
