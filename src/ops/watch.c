/* SPDX-License-Identifier: Apache-2.0 */
/* proviso watch: reads captures, judges what they show, with a case or without one. */
#include "ops/case.h"
#include "ops/cut.h"
#include "ops/given.h"
#include "ops/live.h"
#include "ops/observing.h"
#include "ops/sandbox.h"
#include "wire/wire.h"

#include <errno.h>
#include <string.h>

const struct ops_option watch_options[] = {
	{ "read", 0, "FILE", OPS_SEVERAL,
	  "a capture (pcap, pcapng), - for standard input; several are several taps of one network, merged by time" },
	{ "live", 0, "IFACE", OPS_SEVERAL,
	  "an interface, heard until --duration is over or Ctrl-C; several are several taps" },
	{ "duration", 0, "TIME", OPS_ONCE, "how long to hear: 60s, 5m, 2h (default: until SIGINT or SIGTERM)" },
	{ "filter", 0, "EXPR", OPS_ONCE, "hear only what this filter passes, as tcpdump has them (pcap-filter(7))" },
	{ "hash", 0, NULL, OPS_ONCE,
	  "note the SHA-256 of each capture in the result, as with --evidence; takes longer than all else" },
	{ "cut", 0, "DIR", OPS_WRITTEN,
	  "write a small capture for each finding there: headers, without what people said" },
	{ "payload", 0, NULL, OPS_ONCE, "with --cut: whole frames" },
	{ "observations", 0, "DIR", OPS_WRITTEN, "keep counters for each pair, reference point and minute there" },
	OPTIONS_GIVEN,
	{ "report", 0, "FILE.html", OPS_WRITTEN, "write the whole report as one HTML file" },
	OPTION_JSON,
	OPTION_THREADS,
	OPTIONS_END,
};

const struct ops_exit watch_exits[] = {
	{ 0, "nothing found" },
	{ 1, "a finding that is certain or likely" },
	{ 3, "nothing found, but too little was seen to say so" },
	EXITS_END,
};

const char watch_page[] =
	"Reads captures, names every packet's ends, follows the sessions of the control plane, and judges what was "
	"seen: by the inventory and the policies of the case in the folder CASE, or without a case as far as that "
	"goes.\n"
	"\n"
	"    proviso watch --read n3.pcap --read n4.pcap\n"
	"    proviso watch examples/aotearoa --read span.pcapng --json\n"
	"    proviso watch examples/aotearoa --live eth1 --duration 60s \\\n"
	"        --filter \"udp port 2152 or udp port 8805\"\n"
	"    tcpdump -i eth1 -w - | proviso watch --read -\n"
	"\n"
	"Every packet that was read was judged or not judged for one reason; both are counted. A result ends with what "
	"it did not see: nothing found is worth as much as that.\n"
	"\n"
	"Hearing an interface needs CAP_NET_RAW. It is given up as soon as the interface is open, with every other "
	"privilege: started as root, the run goes on as the user who called sudo, or as nobody, and under seccomp and "
	"Landlock. SIGINT and SIGTERM end it with a complete result. Frames that the kernel had no room for are "
	"counted "
	"as dropped.\n";

struct watch_run {
	struct call *call;
	struct inputs *inputs;
	struct case_loaded *loaded; /* NULL: no case */
	struct wire_capture *captures[WATCH_TAPS];
	const char *folder;       /* of the case, NULL: none */
	const char *const *files; /* and interfaces */
	size_t count;
	struct live *live; /* NULL: files */
	struct watch_options options;
	struct wire_options wire_options;
	unsigned threads;
	struct arena *reading; /* what belongs to the thread that reads */
	struct diagnostics capture_diagnostics;
	size_t told; /* of them */
};

/* CASE is the operand that is a folder; any other operand is one more FILE of --read. */
static void sort_operands(struct watch_run *r)
{
	struct call *call = r->call;
	size_t given;
	const char **read = call_options(call, "read", &given), **files;

	r->files = files = arena_array(call->arena, given + call->operand_count + 1, sizeof *files);
	for (size_t i = 0; i < given; i++)
		files[r->count++] = read[i];
	for (size_t i = 0; i < call->operand_count; i++) {
		if (!path_is_folder(call->operands[i]))
			files[r->count++] = call->operands[i];
		else if (!r->folder)
			r->folder = call->operands[i];
		else
			call_fail(call, EXIT_USAGE, "too-many-cases", "%s is one case more: %s is watched already",
				  call->operands[i], r->folder);
	}
}

/* What was said of the captures so far, on whichever thread they were read. */
static void tell_of_captures(struct watch_run *r)
{
	const struct diagnostics *d = &r->capture_diagnostics;

	for (; r->told < d->count; r->told++)
		diagnose(&r->call->diagnostics, d->items[r->told].severity, d->items[r->told].code,
			 d->items[r->told].place, "%s", d->items[r->told].text);
}

/* Options that ask for what the others make impossible. */
static void check_options(struct watch_run *r)
{
	struct call *call = r->call;
	bool live = call_option(call, "live");

	if (live && r->count)
		call_fail(call, EXIT_USAGE, "no-capture",
			  "--live hears interfaces, --read reads files: not both in one run");
	if (live && call_option(call, "cut"))
		call_fail(call, EXIT_USAGE, "cut-live",
			  "--cut reads the captures once more, and an interface can't be: use --read");
	if (call_option(call, "payload") && !call_option(call, "cut"))
		call_fail(call, EXIT_USAGE, "cut-nothing", "--payload says what --cut keeps, and there is no --cut");
	if (live && call_option(call, "user"))
		call_fail(call, EXIT_USAGE, "bad-user", "--user is about files: no interface has such a link type");
	if (!live && (call_option(call, "filter") || call_option(call, "duration")))
		call_fail(call, EXIT_USAGE, "not-live",
			  "--%s is about what is heard with --live: a file is read as it is, to its end",
			  call_option(call, "filter") ? "filter" : "duration");
	for (size_t i = 0; call_option(call, "cut") && i < r->count; i++)
		if (path_is_pipe(r->files[i]))
			call_fail(call, EXIT_USAGE, "cut-pipe",
				  "--cut reads the captures once more, and %s is no file: write it to one first",
				  strcmp(r->files[i], "-") == 0 ? "standard input" : r->files[i]);
	if (call_option(call, "cut") && !call->failure)
		cut_check(call, call_option(call, "cut"));
	inputs_refuse_twice(call, r->files, r->count);
	call_check_output(call, "report");
	call_check_output(call, "evidence");
}

/*
 * Who writes into a pipe hears the same Ctrl-C: reading goes on to what is the end then, and the result is complete. (A
 * file by itself is given up at once.)
 */
static int signals_for_pipes(struct watch_run *r)
{
	bool any = false;
	int fd;

	for (size_t i = 0; i < r->count; i++)
		any |= path_is_pipe(r->files[i]);
	fd = any ? live_signals() : -1;
	if (any && fd < 0)
		call_fail(r->call, EXIT_INTERNAL, "live-failed", "no signals: %s", strerror(errno));
	return fd;
}

static void read_captures(struct watch_run *r)
{
	struct call *call = r->call;
	int signals = signals_for_pipes(r);

	r->wire_options = given_user(call);

	for (size_t i = 0; i < r->count; i++) {
		struct source *source = inputs_open_capture(r->inputs, r->files[i]);

		if (source && !call_option(call, "hash") && !call_option(call, "evidence"))
			source_without_hash(source);
		if (source && signals >= 0)
			source_stop_at(source, signals);
		if (source)
			r->captures[i] = wire_capture_open(r->reading, source, &r->wire_options,
							   &r->capture_diagnostics);
	}
	tell_of_captures(r);
}

static bool open_captures(struct watch_run *r)
{
	struct call *call = r->call;
	struct watch_tap *taps;

	check_options(r);
	r->live = live_open(call);
	if (call->failure)
		return false;
	if (r->live)
		r->files = live_names(r->live, &r->count);
	if (!r->count) {
		call_fail(call, EXIT_USAGE, "no-capture",
			  "nothing to watch: name a capture with --read, or an interface with --live");
		return false;
	}
	if (r->count > WATCH_TAPS) {
		call_fail(call, EXIT_USAGE, "too-many-captures", "%zu captures, more than %d", r->count, WATCH_TAPS);
		return false;
	}
	taps = arena_array(call->arena, r->count, sizeof *taps);
	for (size_t i = 0; i < r->count; i++)
		taps[i] = (struct watch_tap){ .name = r->files[i], .input = r->files[i], .sampled = 1 };
	if (!r->live)
		read_captures(r);
	given_fill(call, r->inputs, r->folder, taps, r->count, &r->options);
	given_key(call, r->live ? NULL : r->files[0], r->options.key);
	/* what a full table forgets is the same then too */
	r->options.seed = hash_bytes(r->options.key, sizeof r->options.key);
	r->options.taps = taps;
	r->options.tap_count = r->count;
	return !call_status(call);
}

static bool load_case(struct watch_run *r)
{
	struct case_wants wants = { .network = true, .elements = true, .policies = true };

	if (!r->folder)
		return true;
	r->loaded = case_load(r->call, r->folder, &wants);
	if (!r->loaded)
		return false;
	r->options.net = r->loaded->net;
	r->options.policies = r->loaded->policies;
	r->options.policy_count = r->loaded->policy_count;
	r->options.evidence = r->loaded->evidence;
	r->options.strs = r->loaded->strs;
	r->options.on = r->loaded->on;
	return true;
}

static size_t read_some(struct watch_run *r, struct wire_batch *batch)
{
	return r->live ? live_read(r->live, NULL, batch) : wire_read(r->captures, r->count, batch);
}

static void read_ahead(struct watch_run *r, struct wire *wire, struct watch *watch)
{
	struct wire_ahead *ahead;
	struct wire_batch *batch;

	watch_note_ahead(watch, wire);
	ahead = r->live ? live_ahead(r->live, r->reading, wire)
			: wire_ahead_new(r->reading, wire, r->captures, r->count);

	while ((batch = wire_ahead_next(ahead)))
		watch_batch(watch, batch);
}

/* What the captures say themselves, or show by how they end, of what is not in them. Returns frames that were lost. */
static uint64_t count_lost(struct watch_run *r, struct watch *watch)
{
	uint64_t dropped = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct wire_capture *c = r->captures[i];

		dropped += wire_capture_lost(c) + wire_capture_skipped(c);
		if (wire_capture_is_damaged(c))
			watch_capture_damaged(watch, wire_capture_unread(c));
	}
	return dropped;
}

/* What an interface lost of itself, what is missing while it was down, and what the ring had no room for: returned. */
static uint64_t count_lost_live(struct watch_run *r, struct watch *watch)
{
	uint64_t unheard;

	watch_interrupted(watch, live_interrupted(r->live));
	if (live_unheard(r->live, &unheard))
		watch_before_probe(watch, unheard);
	return live_lost(r->live);
}

static const struct watch_result *read_all(struct watch_run *r)
{
	struct wire *wire = wire_new(r->reading);
	struct watch *watch = watch_new(r->call->arena, &r->options);
	uint64_t dropped;

	wire_look_inside(wire, r->options.subscribers);
	wire_be_brief(wire, true);
	if (r->threads > 1) {
		read_ahead(r, wire, watch);
	} else {
		struct wire_batch *batch = wire_batch_new(r->reading);

		while (read_some(r, batch)) {
			wire_decode(wire, batch);
			watch_batch(watch, batch);
		}
	}
	tell_of_captures(r);
	dropped = r->live ? count_lost_live(r, watch) : count_lost(r, watch);
	return watch_finish(watch, wire_counters(wire), dropped);
}

static struct observing *observe(struct watch_run *r)
{
	const char *folder = call_option(r->call, "observations");
	struct observing *o = folder ? observing_open(r->call, folder, r->options.net) : NULL;

	r->options.observe = o ? observing_take : NULL;
	r->options.observe_context = o;
	return o;
}

/* What is written when the watch is over, below the folders that the sandbox leaves. */
static bool enter_sandbox(struct watch_run *r)
{
	static const char *const written[] = { "evidence", "report" };
	const char *folders[sizeof written / sizeof *written];
	int sockets[LIVE_INTERFACES];
	size_t count = 0;

	if (!r->live)
		return true;
	for (size_t i = 0; i < sizeof written / sizeof *written; i++)
		if (call_option(r->call, written[i]))
			folders[count++] = path_folder(r->call->arena, call_option(r->call, written[i]));
	return sandbox_enter(r->call, folders, count, sockets, live_sockets(r->live, sockets));
}

static struct cut_files *cut_findings(struct watch_run *r, const struct watch_result *result)
{
	const char *folder = call_option(r->call, "cut");
	struct cut cut = { .result = result,
			   .files = r->files,
			   .taps = r->options.taps,
			   .count = r->count,
			   .options = &r->wire_options,
			   .li = r->options.li,
			   .payload = call_option(r->call, "payload") != NULL };

	return folder ? cut_write(r->call, folder, &cut) : NULL;
}

static struct outfile *write_page(struct call *call, const struct report_watch *report)
{
	struct outfile *out = call->failure ? NULL : call_open_output(call, "report");

	if (out)
		report_watch_html(report, outfile_sink(out));
	call_flush_output(call, "report", out);
	return out;
}

/* All that is written of a result, or nothing. */
static void write_files(struct watch_run *r, const struct report_watch *report)
{
	struct call *call = r->call;
	struct cut_files *cuts = cut_findings(r, report->result);
	struct outfile *evidence = NULL, *page;

	if (!call->failure)
		evidence = given_evidence(call, r->options.net, report->result,
					  r->loaded ? r->loaded->file.operator_name : NULL);
	page = write_page(call, report);
	call_keep_output(call, "evidence", evidence);
	call_keep_output(call, "report", page);
	cut_keep(call, cuts);
}

/* False and failed where a file can't be written: then nothing is shown. */
static bool show(struct watch_run *r, const struct watch_result *result)
{
	struct report_watch report = {
		.result = result,
		.title = r->loaded ? r->loaded->file.title : NULL,
		.inputs = r->files,
		.input_count = r->count,
	};

	report.hashed = inputs_list(r->inputs, &report.hashed_count);
	write_files(r, &report);
	if (r->call->failure)
		return false;
	if (r->call->json)
		report_watch_json(&report, r->call->world->out);
	else
		report_watch_text(&report, &r->call->world->out_style, r->call->world->out);
	return true;
}

static void free_reading(void *context)
{
	arena_free(context);
}

static int watch_all(struct watch_run *r)
{
	struct call *call = r->call;
	const struct watch_result *result;
	struct observing *observing;

	sort_operands(r);
	if (call->failure || !load_case(r))
		return call_status(call);
	r->inputs = r->loaded ? r->loaded->inputs : inputs_new(call, NULL);
	if (!open_captures(r))
		return call_status(call);
	observing = observe(r);
	if (call->failure || !enter_sandbox(r))
		return call_status(call);
	result = read_all(r);
	if (observing)
		observing_close(observing);
	if (call->failure)
		return call_status(call);
	return show(r, result) ? watch_exit(result) : call_status(call);
}

int watch_run(struct call *call)
{
	struct watch_run r = { .call = call, .options.diagnostics = &call->diagnostics };
	int status;

	r.threads = call_threads(call);
	r.reading = arena_new();
	arena_at_free(call->arena, free_reading, r.reading);
	diagnostics_init(&r.capture_diagnostics, r.reading);
	status = watch_all(&r);
	diagnostics_free(&r.capture_diagnostics);
	return status;
}
