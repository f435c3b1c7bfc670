/* SPDX-License-Identifier: Apache-2.0 */
/* What a watch is given besides captures, and the claims that it leaves behind. */
#include "ops/given.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* ---- taps ---- */

static const struct watch_tap *row_for(const struct watch_tap *rows, size_t count, const char *input)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].input, input) == 0)
			return &rows[i];
	for (size_t i = 0; i < count; i++)
		if (strcmp(last_name(rows[i].input), last_name(input)) == 0)
			return &rows[i];
	return NULL;
}

/* Findings and --cut tell captures apart by the name of the tap: a row, and a name, is about one capture. */
static void tell_apart(struct call *call, struct watch_tap *taps, size_t at, const struct watch_tap *row)
{
	const char *input = taps[at].input;

	for (size_t i = 0; i < at; i++)
		if (strcmp(taps[i].name, row->name) == 0) {
			diagnose(&call->diagnostics, SEVERITY_ERROR, "bad-tap", row->place,
				 "the tap \"%s\" is that of another capture before %s: a row, and a name, is for one",
				 row->name, input);
			return;
		}
	taps[at] = *row;
}

static void read_taps(struct call *call, struct inputs *inputs, const char *folder, const struct net *net,
		      struct watch_tap *taps, size_t count)
{
	const char *path = call_option(call, "taps");
	const struct watch_tap *rows;
	size_t row_count, errors = call->diagnostics.errors;
	struct source *source;

	if (!path && folder) {
		path = path_join(call->arena, folder, "taps.csv");
		if (!path_exists(path))
			return;
	}
	source = path ? inputs_open(inputs, path) : NULL;
	if (!source)
		return;
	rows = watch_taps_read(call->arena, source, net, &call->diagnostics, &row_count);
	for (size_t i = 0; i < count; i++) {
		const struct watch_tap *row = row_for(rows, row_count, taps[i].input);

		if (row)
			tell_apart(call, taps, i, row);
		else if (call->diagnostics.errors == errors)
			diagnose(&call->diagnostics, SEVERITY_WARNING, "tap-not-declared", (struct place){ path, 0, 0 },
				 "no row is about %s: nothing that rests on absence or order will be certain",
				 taps[i].input);
	}
}

/* ---- what frames of link types for private use hold ---- */

/* Messages that come whole in a frame of their own. */
static enum wire_protocol message_named(const char *name)
{
	static const uint8_t known[] = { WIRE_NGAP, WIRE_S1AP, WIRE_F1AP,   WIRE_XNAP,   WIRE_X2AP,
					 WIRE_E1AP, WIRE_E2AP, WIRE_GTPV2C, WIRE_PFCP, WIRE_DIAMETER };

	for (size_t i = 0; i < sizeof known; i++)
		if (strcasecmp(name, wire_protocol_name((enum wire_protocol)known[i])) == 0)
			return (enum wire_protocol)known[i];
	return WIRE_NONE;
}

struct wire_options given_user(struct call *call)
{
	struct wire_options o = { 0 };
	size_t count;
	const char **texts = call_options(call, "user", &count);

	for (size_t i = 0; i < count; i++) {
		char *end;
		unsigned long n = strtoul(texts[i], &end, 10);
		enum wire_protocol p = *end == '=' ? message_named(end + 1) : WIRE_NONE;

		if (end == texts[i] || texts[i][0] < '0' || texts[i][0] > '9' || n > 15 || p == WIRE_NONE) {
			call_fail(call, EXIT_USAGE, "bad-user",
				  "--user is the number of a link type USER0 to USER15 and a protocol such as 5=NGAP or "
				  "3=S1AP, and \"%s\" is not",
				  texts[i]);
			continue;
		}
		if (o.user[n] != WIRE_NONE)
			call_fail(call, EXIT_USAGE, "option-twice", "--user %lu is given twice", n);
		o.user[n] = p;
	}
	return o;
}

/* ---- numbers ---- */

static void set_threshold(struct call *call, const char *text, int64_t *values, bool *is_set)
{
	const char *equals = strchr(text, '=');
	char *name = arena_text(call->arena, text, equals ? (size_t)(equals - text) : strlen(text));
	size_t row = watch_threshold_find(name), count = watch_threshold_count();
	const char **names = arena_array(call->arena, count, sizeof *names), *nearest;
	const struct watch_threshold *t;
	int64_t micro;

	if (row == SIZE_MAX) {
		for (size_t i = 0; i < count; i++)
			names[i] = watch_threshold_at(i)->name;
		nearest = nearest_text(name, names, count);
		call_fail(call, EXIT_USAGE, "unknown-threshold", "no check has a number \"%s\"%s%s%s", name,
			  nearest ? " (did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?)" : "");
		return;
	}
	t = watch_threshold_at(row);
	if (!equals || measure_parse(equals + 1, strlen(equals + 1), &micro) != NUMBER_OK || micro % MICRO ||
	    micro / MICRO < t->least || micro / MICRO > t->most) {
		call_fail(call, EXIT_USAGE, "bad-threshold",
			  "%s is a whole number of %s from %lld to %lld, and \"%s\" is not", t->name, t->unit,
			  (long long)t->least, (long long)t->most, equals ? equals + 1 : "");
		return;
	}
	if (is_set[row])
		call_fail(call, EXIT_USAGE, "option-twice", "--threshold %s is given twice", t->name);
	is_set[row] = true;
	values[row] = micro / MICRO;
}

static const int64_t *read_thresholds(struct call *call)
{
	int64_t *values = arena_array(call->arena, watch_threshold_count() + 1, sizeof *values);
	bool *is_set = arena_array(call->arena, watch_threshold_count() + 1, sizeof *is_set);
	size_t count;
	const char **texts = call_options(call, "threshold", &count);

	for (size_t i = 0; i < watch_threshold_count(); i++)
		values[i] = watch_threshold_at(i)->value;
	for (size_t i = 0; i < count; i++)
		set_threshold(call, texts[i], values, is_set);
	return values;
}

/* ---- lists ---- */

/* The list of interception is no input of the result: not even its hash is told. */
const struct watch_li *given_li(struct call *call)
{
	const char *path = call_option(call, "li-list");
	size_t errors = call->diagnostics.errors;
	const struct watch_li *li;
	struct source *source;
	int error;

	if (!path)
		return NULL;
	source = source_open(call->arena, path, path, &error);
	if (!source) {
		call_fail_reading(call, path, error);
		return NULL;
	}
	/* nor does it come to a file with what memory held when a process died */
	if (setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 }) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) {
		call_fail(call, EXIT_INTERNAL, "live-failed", "core files can't be switched off: %s", strerror(errno));
		return NULL;
	}
	li = watch_li_read(call->arena, source, &call->diagnostics);
	if (!li->count && call->diagnostics.errors == errors)
		diagnose(&call->diagnostics, SEVERITY_WARNING, "no-addresses", (struct place){ path, 0, 0 },
			 "names no address: nothing is kept back");
	return li;
}

static const struct watch_nrf *read_nrf(struct call *call, struct inputs *inputs)
{
	const char *path = call_option(call, "nrf");
	struct source *source = path ? inputs_open(inputs, path) : NULL;

	return source ? watch_nrf_read(call->arena, source, &call->diagnostics) : NULL;
}

void given_fill(struct call *call, struct inputs *inputs, const char *case_folder, struct watch_tap *taps, size_t count,
		struct watch_options *o)
{
	read_taps(call, inputs, case_folder, o->net, taps, count);
	o->thresholds = read_thresholds(call);
	o->li = given_li(call);
	o->nrf = read_nrf(call, inputs);
	o->identities = call_option(call, "identities") != NULL;
	o->subscribers = call_option(call, "subscribers") != NULL;
}

void given_key(struct call *call, const char *first_file, uint8_t key[32])
{
	enum { HEAD = 1 << 16 };
	char salted[HEAD + 16] = "pseudonyms", hex[65];
	struct source *source;
	struct stat st;
	ptrdiff_t count;
	int error;

	/* a pipe can be read once only, and that is not here */
	source = first_file && stat(first_file, &st) == 0 && S_ISREG(st.st_mode)
			 ? source_open(call->arena, first_file, first_file, &error)
			 : NULL;
	count = source ? source_read(source, salted + 16, HEAD) : -1;
	if (source)
		source_close(source);
	if (count <= 0) {
		if (getrandom(key, 32, 0) != 32)
			call_fail(call, EXIT_INTERNAL, "no-random", "the kernel gave no random key");
		return;
	}
	sha256_hex(salted, (size_t)count + 16, hex);
	memcpy(key, hex, 32);
}

/* ---- evidence ---- */

struct tally { /* of one vendor */
	size_t elements, seen, alarms;
};

/*
 * What its vendor has to answer for: not what somebody else has begun with an element, whose finding is that one's, nor
 * what somebody says in its name.
 */
static bool is_its_own(const struct watch_finding *f)
{
	static const char *const in_its_name[] = { "second-speaker", "owner-surprised" };

	for (size_t i = 0; i < sizeof in_its_name / sizeof *in_its_name; i++)
		if (strcmp(f->wire.check, in_its_name[i]) == 0)
			return false;
	return f->certainty != WATCH_UNKNOWN && f->finding.status == FINDING_BROKEN;
}

static void count_all(const struct net *net, const struct watch_result *r, struct tally *of)
{
	const uint32_t *vendors = net_column(net, NET_ELEMENTS, "vendor")->codes;

	for (uint32_t e = 0; e < r->coverage.element_count; e++)
		if (CODE_IS_KNOWN(vendors[e])) {
			of[vendors[e]].elements++;
			of[vendors[e]].seen += r->coverage.elements[e].is_seen;
		}
	for (size_t i = 0; i < r->finding_count; i++) {
		const struct watch_finding *f = &r->findings[i];
		uint32_t vendor = f->wire.vendor && is_its_own(f) ? net_find_text(net, NET_VENDORS, f->wire.vendor)
								  : CODE_UNKNOWN;

		if (vendor != CODE_UNKNOWN)
			of[vendor].alarms++;
	}
}

static void put_claim(struct sink *s, const struct net *net, uint32_t vendor, const struct tally *t,
		      const struct watch_result *r, const char *operator_name)
{
	const char *name = net_id(net, NET_VENDORS, vendor);
	char date[11], share[32];

	date_print((int32_t)(r->coverage.first_ns / 1000000000 / 86400), date);
	ppb_print_percent(share_ppb((wide)t->seen * 100, (wide)t->elements * 100) / 10000000 * 10000000, share);
	sink_printf(s,
		    "evidence watch-%s-%s\n  about vendor \"%s\"\n  says wire = %s\n  kind probe\n  from \"%s\"\n  "
		    "dated %s\n",
		    name, date, name, t->alarms ? "trouble-found" : "none-found",
		    operator_name ? operator_name : "operator", date);
	sink_printf(s, "  covers %s of elements\n", share);
	sink_printf(s,
		    "  note \"%zu of %zu elements seen in %llu packets over %lld s; %llu encrypted, %llu cut, %llu "
		    "lost; findings that are certain or likely: %zu\"\n\n",
		    t->seen, t->elements, (unsigned long long)r->counters.read,
		    (long long)((r->coverage.last_ns - r->coverage.first_ns) / 1000000000),
		    (unsigned long long)r->coverage.encrypted, (unsigned long long)r->coverage.truncated,
		    (unsigned long long)r->coverage.dropped, t->alarms);
}

struct outfile *given_evidence(struct call *call, const struct net *net, const struct watch_result *r,
			       const char *operator_name)
{
	struct tally *of;
	struct outfile *out;

	if (!call_option(call, "evidence"))
		return NULL;
	if (!net) {
		call_fail(call, EXIT_USAGE, "no-case",
			  "--evidence speaks of vendors, and without a case there are none");
		return NULL;
	}
	out = call_open_output(call, "evidence");
	if (!out)
		return NULL;
	of = arena_array(call->arena, (size_t)net->table[NET_VENDORS].rows + 1, sizeof *of);
	count_all(net, r, of);
	for (uint32_t v = 0; v < net->table[NET_VENDORS].rows; v++)
		if (of[v].seen)
			put_claim(outfile_sink(out), net, v, &of[v], r, operator_name);
	call_flush_output(call, "evidence", out);
	return out;
}
