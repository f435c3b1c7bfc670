/* SPDX-License-Identifier: Apache-2.0 */
/* proviso completion bash: a completion printed from the table. */
#include "ops/call.h"

#include <ctype.h>
#include <string.h>

const struct ops_option completion_options[] = { OPTIONS_END };
const struct ops_exit completion_exits[] = { { 0, "always" }, EXITS_END };
const char completion_page[] = "Prints a completion for the shell; only bash is known.\n";

/* "present|proposed" is a choice of words; FILE|NAME is not. */
static bool is_choice(const char *value)
{
	return strchr(value, '|') && islower((unsigned char)*value);
}

static void put_operation(struct sink *sink, const struct operation *o)
{
	sink_printf(sink, "\t%s)\n\t\tcase $previous in\n", o->name);
	for (const struct ops_option *option = o->options; option->name; option++) {
		if (!option->value || !is_choice(option->value))
			continue;
		sink_printf(sink, "\t\t--%s) COMPREPLY=($(compgen -W '", option->name);
		for (const char *c = option->value; *c; c++)
			sink_char(sink, *c == '|' ? ' ' : *c);
		sink_text(sink, "' -- \"$word\")); return ;;\n");
	}
	sink_text(sink, "\t\tesac\n\t\toptions='--help");
	for (const struct ops_option *option = o->options; option->name; option++)
		sink_printf(sink, " --%s", option->name);
	sink_text(sink, "'\n\t\t;;\n");
}

int completion_run(struct call *call)
{
	struct sink *sink = call->world->out;

	if (strcmp(call->operands[0], "bash") != 0) {
		call_fail(call, EXIT_USAGE, "unknown-shell", "there is no completion for \"%s\", only for bash",
			  call->operands[0]);
		return EXIT_USAGE;
	}
	sink_text(
		sink,
		"# SPDX-License-Identifier: Apache-2.0\n# bash completion for proviso, printed by: proviso completion "
		"bash\n\n"
		"_proviso()\n{\n\tlocal word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} options\n"
		"\tCOMPREPLY=()\n\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tCOMPREPLY=($(compgen -W '");
	for (size_t i = 0; i < ops_table_count; i++)
		if (!ops_table[i].hidden)
			sink_printf(sink, "%s ", ops_table[i].name);
	sink_text(sink, "--help --version' -- \"$word\"))\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; i < ops_table_count; i++)
		if (!ops_table[i].hidden)
			put_operation(sink, &ops_table[i]);
	sink_text(sink,
		  "\tesac\n\tif [[ $word == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
		  "\telse\n\t\tcompopt -o filenames\n\t\tCOMPREPLY=($(compgen -f -- \"$word\"))\n\tfi\n}\n"
		  "complete -F _proviso proviso\n");
	return 0;
}
