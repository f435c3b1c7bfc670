/* SPDX-License-Identifier: Apache-2.0 */
/* output: files beside the result that a call asked for by an option; they appear whole or not at all. */
#include "ops/case.h"

#include <string.h>

/* A file that the call asked for. NULL where it was not; failed where it can't be created. */
struct outfile *call_open_output(struct call *call, const char *option)
{
	const char *path = call_option(call, option);
	struct outfile *out;
	int error;

	if (!path)
		return NULL;
	out = outfile_open(call->arena, path, &error);
	if (!out)
		call_fail(call, EXIT_CANT_CREATE, "cannot-create", "%s can't be created: %s", path, strerror(error));
	return out;
}

void call_check_output(struct call *call, const char *option)
{
	const char *path = call_option(call, option);

	if (path && !path_is_pipe(path)) /* whoever reads from a pipe would take this for the end */
		outfile_drop(call_open_output(call, option));
}

/* Written, and still to be given its name: what does not fit on the disk is seen before either file appears. */
void call_flush_output(struct call *call, const char *option, struct outfile *out)
{
	int error = out ? sink_flush(outfile_sink(out)) : 0;

	if (error)
		call_fail(call, EXIT_WRITE_FAILED, "write-failed", "%s can't be written: %s", call_option(call, option),
			  strerror(error));
}

void call_keep_output(struct call *call, const char *option, struct outfile *out)
{
	int error = out && !call->failure ? outfile_keep(out) : 0;

	if (error)
		call_fail(call, EXIT_WRITE_FAILED, "write-failed", "%s can't be written: %s", call_option(call, option),
			  strerror(error));
}
