/* SPDX-License-Identifier: Apache-2.0 */
/* proviso version: which program this is. The number comes from the build, where it stands once. */
#include "ops/call.h"

const struct ops_option version_options[] = { OPTION_JSON, OPTIONS_END };
const struct ops_exit version_exits[] = { { 0, "always" }, EXITS_END };
const char version_page[] =
	"Prints the name and the version of the program. The version is part of every result in JSON.\n";

int version_run(struct call *call)
{
	struct json json;

	if (!call->json) {
		sink_text(call->world->out, "proviso " PROVISO_VERSION "\n");
		return 0;
	}
	json_init(&json, call->world->out);
	json_object(&json);
	json_key(&json, "version");
	json_text(&json, PROVISO_VERSION);
	json_object_end(&json);
	json_end(&json);
	return 0;
}
