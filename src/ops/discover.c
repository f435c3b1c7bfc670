/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proviso discover: an inventory proposed from traffic, as a case that assess and watch read. It says what was seen, which
 * is neither all there is nor what ought to be: every file of it says so.
 */
#include "ops/case.h"
#include "ops/given.h"
#include "wire/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct ops_option discover_options[] = {
	{ "output", 'o', "DIR", OPS_WRITTEN, "write the case there (default: only show what was found)" },
	{ "li-list", 0, "FILE", OPS_ONCE, "addresses of lawful interception: of it nothing is proposed or told" },
	OPTION_USER,
	OPTION_JSON,
	OPTIONS_END,
};

const struct ops_exit discover_exits[] = { { 0, "read; what could not be told is listed" }, EXITS_END };

const char discover_page[] = "Reads captures and proposes an inventory: elements with their functions and addresses, "
			     "and the links over which "
			     "they were heard. A function is taken from the side that an address has in a procedure "
			     "(who sends the NG Setup, who "
			     "orders PFCP sessions, who registers as what at the NRF), addresses that a speaker calls "
			     "its own become one element.\n"
			     "\n"
			     "    proviso discover n2.pcap n3.pcap n4.pcapng -o found\n"
			     "    proviso watch found --read tomorrow.pcap\n"
			     "\n"
			     "The folder is a case: edit it, above all vendors and sites, which no packet tells. Its "
			     "policy allows what was seen "
			     "and denies the rest, so a watch by it finds what is new. An intruder who spoke while the "
			     "captures were taken is in "
			     "it too: compare it with what ought to be there (proviso diff) before it is relied on.\n";

enum { CAPTURES = 64 };

struct discovering {
	struct call *call;
	struct inputs *inputs;
	const struct watch_discovered *found;
	const char *folder; /* NULL: nothing is written */
	struct report_discovered report;
};

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static bool read_all(struct discovering *d)
{
	struct call *call = d->call;
	struct wire_capture *captures[CAPTURES];
	struct wire *wire = wire_new(call->arena);
	struct wire_batch *batch = wire_batch_new(call->arena);
	struct watch_discovery *discovery = watch_discovery_new(call->arena);
	const struct wire_counters *counters = wire_counters(wire);
	const struct watch_li *li = given_li(call);
	const struct wire_options options = given_user(call);

	if (call->operand_count > CAPTURES) {
		call_fail(call, EXIT_USAGE, "too-many-captures", "%zu captures, more than %d", call->operand_count,
			  CAPTURES);
		return false;
	}
	inputs_refuse_twice(call, call->operands, call->operand_count);
	for (size_t i = 0; i < call->operand_count; i++) {
		struct source *source = inputs_open_capture(d->inputs, call->operands[i]);

		captures[i] = source ? wire_capture_open(call->arena, source, &options, &call->diagnostics) : NULL;
	}
	if (call_status(call))
		return false;
	while (wire_read(captures, call->operand_count, batch)) {
		wire_decode(wire, batch);
		if (li)
			watch_li_hide(li, batch);
		watch_discovery_batch(discovery, batch);
	}
	d->found = watch_discovery_finish(discovery);
	d->report.encrypted = counters->frames[WIRE_ENCRYPTED];
	d->report.truncated = counters->frames[WIRE_TRUNCATED];
	d->report.not_understood = counters->frames[WIRE_NOT_UNDERSTOOD];
	for (int f = 0; f < WIRE_FAULTS; f++)
		if (wire_fault_is_malformed((enum wire_fault)f))
			d->report.malformed += counters->frames[f];
	for (size_t i = 0; i < call->operand_count; i++)
		d->report.dropped += wire_capture_lost(captures[i]) + wire_capture_skipped(captures[i]) +
				     wire_capture_is_damaged(captures[i]);
	return true;
}

/* ---- the case ------------------------------------------------------------------------------------------------------ */

static const char *seen_from_to(const struct discovering *d)
{
	char first[REPORT_TIME], last[REPORT_TIME];

	report_time(d->found->first_ns, first);
	report_time(d->found->last_ns, last);
	first[19] = last[19] = 0;
	return arena_printf(d->call->arena, "%llu frames from %s to %s UTC", (unsigned long long)d->found->frames,
			    first, last);
}

static void print_case(const struct discovering *d, struct sink *out)
{
	const struct report_discovered *r = &d->report;
	size_t count;
	const struct assessment_input *inputs = inputs_list(d->inputs, &count);
	char date[11];

	sink_text(
		out,
		"# Proposed from traffic by proviso discover: what was seen, not what is declared. Review each row.\n");
	sink_printf(out, "# Seen: %s; %zu elements, %zu links.\n", seen_from_to(d), d->found->element_count,
		    d->found->link_count);
	sink_printf(out,
		    "# Not read: %llu encrypted, %llu truncated, %llu malformed, %llu of unknown kind, %llu dropped.\n",
		    (unsigned long long)r->encrypted, (unsigned long long)r->truncated,
		    (unsigned long long)r->malformed, (unsigned long long)r->not_understood,
		    (unsigned long long)r->dropped);
	sink_printf(out, "# Addresses that spoke to elements and whose function nothing told: %zu.\n",
		    d->found->other_count);
	for (size_t i = 0; i < count; i++)
		sink_printf(out, "# %s\n", inputs[i].sha256);
	date_print((int32_t)(d->found->last_ns / 1000000000 / 86400), date);
	sink_printf(
		out,
		"case discovered\n  title \"Inferred from traffic: %s\"\n  on %s\n  policy policies/as-seen.proviso\n",
		seen_from_to(d), date);
}

/* Both join the same two functions over the same reference point, whichever stands first. */
static bool joins_the_same(const struct watch_discovered *f, const struct watch_discovered_link *x,
			   const struct watch_discovered_link *y)
{
	const char *xa = f->elements[x->a].function, *xb = f->elements[x->b].function;
	const char *ya = f->elements[y->a].function, *yb = f->elements[y->b].function;
	bool straight = strcmp(xa, ya) == 0 && strcmp(xb, yb) == 0;
	bool crossed = strcmp(xa, yb) == 0 && strcmp(xb, ya) == 0;

	return (straight || crossed) && strcmp(x->reference_point, y->reference_point) == 0;
}

static void print_allow(struct sink *out, const struct watch_discovered *f, size_t a, size_t b, const char *point)
{
	sink_printf(out, "  allow %s to %s%s%s\n", f->elements[a].function, f->elements[b].function,
		    *point ? " over " : "", point);
}

/* Who was seen to speak with whom, by functions; each once. */
static void print_policy(const struct discovering *d, struct sink *out)
{
	const struct watch_discovered *f = d->found;

	sink_text(out, "policy as-seen\n  title \"Who was seen to talk to whom\"\n  source \"proviso discover, from "
		       "traffic\"\n");
	if (!f->link_count)
		return;
	sink_text(out, "\nrule as-seen\n");
	for (size_t i = 0; i < f->link_count; i++) {
		const struct watch_discovered_link *l = &f->links[i];
		bool said = false;

		for (size_t k = 0; k < i && !said; k++)
			said = joins_the_same(f, &f->links[k], l);
		if (!said)
			print_allow(out, f, l->a, l->b, l->reference_point);
		/* a link says who spoke with whom, not who began */
		if (!said && strcmp(f->elements[l->a].function, f->elements[l->b].function) != 0)
			print_allow(out, f, l->b, l->a, l->reference_point);
	}
	sink_text(out, "  deny rest\n  source \"proviso discover, from traffic\"\n");
}

static void print_elements(const struct discovering *d, struct sink *out)
{
	sink_text(out, "element,site,function,vendor,addresses,called,basis,seen_packets\n");
	for (size_t i = 0; i < d->found->element_count; i++) {
		const struct watch_discovered_element *e = &d->found->elements[i];

		sink_printf(out, "%s,unknown-site,%s,%s%s,", e->id, e->function, *e->vendor_id ? "enterprise-" : "",
			    e->vendor_id);
		for (size_t k = 0; k < e->address_count; k++) {
			char text[46];

			wire_address_print(&e->addresses[k], text);
			sink_printf(out, "%s%s", k ? " " : "", text);
		}
		sink_char(out, ',');
		sink_csv(out, e->name);
		sink_printf(out, ",%s,%llu\n", e->basis, (unsigned long long)e->packets);
	}
}

static void print_links(const struct discovering *d, struct sink *out)
{
	sink_text(out, "a,b,reference_point,seen_packets,seen_bytes\n");
	for (size_t i = 0; i < d->found->link_count; i++) {
		const struct watch_discovered_link *l = &d->found->links[i];

		sink_printf(out, "%s,%s,%s,%llu,%llu\n", d->found->elements[l->a].id, d->found->elements[l->b].id,
			    l->reference_point, (unsigned long long)l->packets, (unsigned long long)l->bytes);
	}
}

/* Who registered says whose product he is, by number; each once. */
static void print_vendors(const struct discovering *d, struct sink *out)
{
	const struct watch_discovered *f = d->found;

	sink_text(out, "vendor,vendor_id\n");
	for (size_t i = 0; i < f->element_count; i++) {
		bool said = !*f->elements[i].vendor_id;

		for (size_t k = 0; k < i && !said; k++)
			said = strcmp(f->elements[k].vendor_id, f->elements[i].vendor_id) == 0;
		if (!said)
			sink_printf(out, "enterprise-%s,%s\n", f->elements[i].vendor_id, f->elements[i].vendor_id);
	}
}

static void print_sites(const struct discovering *d, struct sink *out)
{
	(void)d;
	sink_text(out, "site,name\nunknown-site,not known from traffic\n");
}

static bool fail(struct discovering *d, const char *path, int error)
{
	bool full = error == ENOSPC || error == EDQUOT || error == EIO || error == EFBIG;

	call_fail(d->call, full ? EXIT_WRITE_FAILED : EXIT_CANT_CREATE, full ? "write-failed" : "cannot-create",
		  "%s can't be %s: %s", path, full ? "written" : "created", strerror(error));
	return false;
}

struct writing {
	const char *path;
	void (*print)(const struct discovering *, struct sink *);
	struct outfile *out;
};

static bool write_file(struct discovering *d, struct writing *w)
{
	int error;

	w->out = outfile_open(d->call->arena, w->path, &error);
	if (!w->out)
		return fail(d, w->path, error);
	w->print(d, outfile_sink(w->out));
	error = outfile_settle(w->out);
	return error ? fail(d, w->path, error) : true;
}

/* All files are on the disk before the first has its name: of a case that does not fit, none is there. */
static bool write_files(struct discovering *d)
{
	struct writing files[] = {
		{ "network/vendors.csv", print_vendors, NULL },     { "network/sites.csv", print_sites, NULL },
		{ "network/elements.csv", print_elements, NULL },   { "network/links.csv", print_links, NULL },
		{ "policies/as-seen.proviso", print_policy, NULL }, { "case.proviso", print_case, NULL },
	};
	size_t count = sizeof files / sizeof *files, written = 0, kept = 0;
	int error;

	for (size_t i = 0; i < count; i++)
		files[i].path = path_join(d->call->arena, d->folder, files[i].path);
	while (written < count && write_file(d, &files[written]))
		written++;
	for (; written == count && kept < count; kept++)
		if ((error = outfile_keep(files[kept].out))) {
			fail(d, files[kept].path, error);
			break;
		}
	for (size_t i = kept; i < count; i++)
		outfile_drop(files[i].out);
	for (size_t i = 0; kept < count && i < kept; i++)
		unlink(files[i].path);
	return kept == count;
}

static bool write_case(struct discovering *d)
{
	static const char *const folders[] = { "", "network", "policies" };
	enum { FOLDERS = sizeof folders / sizeof *folders };
	struct arena *a = d->call->arena;
	const char *there = path_join(a, d->folder, "case.proviso"), *made[FOLDERS];
	size_t made_count = 0;
	bool fine = true;

	if (path_exists(there)) {
		call_fail(d->call, EXIT_CANT_CREATE, "cannot-create",
			  "%s is there already: nothing is written over a case", there);
		return false;
	}
	for (size_t i = 0; fine && i < FOLDERS; i++) {
		const char *path = *folders[i] ? path_join(a, d->folder, folders[i]) : d->folder;

		if (mkdir(path, 0777) == 0)
			made[made_count++] = path;
		else
			fine = errno == EEXIST || fail(d, path, errno);
	}
	fine = fine && write_files(d);
	while (!fine && made_count)
		rmdir(made[--made_count]);
	return fine;
}

int discover_run(struct call *call)
{
	struct discovering d = { .call = call,
				 .folder = call_option(call, "output"),
				 .inputs = inputs_new(call, NULL) };

	if (!read_all(&d))
		return call_status(call);
	if (d.folder && !d.found->element_count) {
		diagnose(&call->diagnostics, SEVERITY_WARNING, "no-elements", (struct place){ 0 },
			 "nothing told an element: %s is not written, because a case needs some", d.folder);
		d.folder = NULL;
	}
	if (d.folder && !write_case(&d))
		return call_status(call);
	d.report.found = d.found;
	d.report.output = d.folder;
	d.report.inputs = inputs_list(d.inputs, &d.report.input_count);
	if (call->json)
		report_discovered_json(&d.report, call->world->out);
	else
		report_discovered_text(&d.report, &call->world->out_style, call->world->out);
	return 0;
}
