/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proviso import: which format, and to whom it goes - documents become claims (import_documents.c), inventories become
 * the tables of a network (import_network.c).
 */
#include "ops/import.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

const struct ops_option import_options[] = {
	{ "output", 'o', "FOLDER", OPS_WRITTEN, "where to write: CASE/network or CASE/evidence (default: only show)" },
	{ "as", 0, "present|proposal", OPS_ONCE,
	  "a network: what is there (default), or what is planned, as a proposal" },
	{ "map", 0, "FILE", OPS_ONCE, "what foreign words mean here: lines of WORDS = TEXT (doc/import.md)" },
	{ "guess", 0, NULL, OPS_ONCE, "csv: propose a mapping from the header of the file, and write nothing else" },
	{ "report", 0, NULL, OPS_ONCE, "a longer balance: up to ten examples of each reason" },
	{ "list", 0, NULL, OPS_ONCE, "the formats, a line each" },
	OPTION_JSON,
	OPTIONS_END,
};

const struct ops_exit import_exits[] = { { 0, "imported; what was left out is counted, by reason" }, EXITS_END };

const char import_page[] =
	"Reads what others keep. Inventories become the tables of a network, beside those that are there already; "
	"advisories, bills of material and test results become evidence. proviso import --list names the formats.\n"
	"\n"
	"    proviso import bulkcm ems-1.xml ems-2.xml -o CASE/network\n"
	"    proviso import csaf advisory.json -o CASE/evidence\n"
	"    proviso import auto FILE...     recognises the format and says which it took\n"
	"\n"
	"Every import ends with a balance: how many objects were read, used, merged into others, and left out, by "
	"reason. An inventory is written whole or not at all; rows of other ids stay as they are, and so do cells "
	"that the files say nothing about. The same files give the same bytes. Without --output nothing is written. "
	"Polygons of GeoJSON are kept in CASE/regions.geojson: sites that lie in one get its name as their region, "
	"maps draw it, and enrich shares people out by it.\n"
	"\n"
	"Checksum files beside a document (NAME.sha256, NAME.sha512) are compared with it. With --output, a document "
	"that does "
	"not lie in that folder is named by its file name alone: put it beside its claims, and assess checks its "
	"hash.\n";

/* ---- the formats ------------------------------------------------------------------------------------------------- */

struct format { /* one of the two */
	const struct net_importer *network;
	const struct importer *documents;
	const char *what; /* as which it was recognised */
};

static const char *format_name(const struct format *format)
{
	return format->network ? format->network->name : format->documents->name;
}

static struct format find_format(const char *name)
{
	return (struct format){ net_importer_find(name), evidence_importer_find(name), NULL };
}

static void list_text(struct call *call)
{
	struct sink *out = call->world->out;

	sink_text(out, "networks: to CASE/network\n");
	for (size_t i = 0; i < net_importer_count; i++)
		sink_printf(out, "    %-12s%s\n", net_importers[i].name, net_importers[i].help);
	sink_text(out, "documents: to CASE/evidence\n");
	for (size_t i = 0; i < evidence_importer_count; i++)
		sink_printf(out, "    %-12s%s\n", evidence_importers[i].name, evidence_importers[i].help);
}

static void list_row(struct json *j, const char *name, const char *into, const char *help, const char *page)
{
	json_object(j);
	json_key(j, "name");
	json_text(j, name);
	json_key(j, "into");
	json_text(j, into);
	json_key(j, "help");
	json_text(j, help);
	json_key(j, "page");
	json_text(j, page);
	json_object_end(j);
}

static int list(struct call *call)
{
	struct json j;

	if (!call->json) {
		list_text(call);
		return 0;
	}
	json_init(&j, call->world->out);
	json_object(&j);
	json_key(&j, "formats");
	json_array(&j);
	for (size_t i = 0; i < net_importer_count; i++)
		list_row(&j, net_importers[i].name, "network", net_importers[i].help, net_importers[i].page);
	for (size_t i = 0; i < evidence_importer_count; i++)
		list_row(&j, evidence_importers[i].name, "evidence", evidence_importers[i].help,
			 evidence_importers[i].page);
	json_array_end(&j);
	json_object_end(&j);
	json_end(&j);
	return 0;
}

static int fail_unknown(struct call *call, const char *name)
{
	size_t count = 0;
	const char **names = arena_array(call->arena, evidence_importer_count + net_importer_count + 1, sizeof *names);
	const char *nearest;

	for (size_t i = 0; i < net_importer_count; i++)
		names[count++] = net_importers[i].name;
	for (size_t i = 0; i < evidence_importer_count; i++)
		names[count++] = evidence_importers[i].name;
	names[count++] = "auto";
	nearest = nearest_text(name, names, count);
	call_fail(call, EXIT_USAGE, "unknown-format", "there is no format \"%s\"%s%s%s", name,
		  nearest ? " (did you mean \"" : "", nearest ? nearest : " (see proviso import --list)",
		  nearest ? "\"?)" : "");
	return EXIT_USAGE;
}

/* ---- recognising ------------------------------------------------------------------------------------------------- */

/* The first bytes of a file; NULL and failed where it can't be read. */
static char *read_head(struct call *call, const char *path, size_t *bytes)
{
	char *head = arena_alloc(call->arena, NET_IMPORT_HEAD + 1);
	int error;
	struct source *source = source_open(call->arena, path, path, &error);
	ptrdiff_t n;

	*bytes = 0;
	if (!source) {
		call_fail_reading(call, path, error);
		return NULL;
	}
	while (*bytes < NET_IMPORT_HEAD && (n = source_read(source, head + *bytes, NET_IMPORT_HEAD - *bytes)) > 0)
		*bytes += (size_t)n;
	error = source_error(source);
	source_close(source);
	if (error) {
		call_fail_reading(call, path, error);
		return NULL;
	}
	return head;
}

static struct format recognise(const char *head, size_t bytes, const char **what)
{
	struct format format = { 0 };

	*what = NULL;
	for (size_t i = 0; i < net_importer_count && !*what; i++) {
		*what = net_importers[i].recognise ? net_importers[i].recognise(head, bytes) : NULL;
		format.network = *what ? &net_importers[i] : NULL;
	}
	for (size_t i = 0; i < evidence_importer_count && !*what; i++) {
		*what = evidence_importers[i].recognise(head, bytes) ? evidence_importers[i].help : NULL;
		format.documents = *what ? &evidence_importers[i] : NULL;
	}
	return format;
}

/* What can't be read twice is not looked at beforehand. */
static bool is_regular(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode);
}

static bool is_table(const char *path)
{
	size_t bytes = strlen(path);

	return bytes > 4 && (strcasecmp(path + bytes - 4, ".csv") == 0 || strcasecmp(path + bytes - 4, ".tsv") == 0);
}

/* Two names of one reader, such as bulk configuration and inventory, which complete each other. */
static bool read_alike(const struct format *a, const struct format *b)
{
	return a->network && b->network && a->network->read == b->network->read &&
	       a->network->finish == b->network->finish;
}

static bool check_head(struct call *call, const char *path, struct format *format, bool automatic)
{
	size_t bytes;
	struct place place = { path, 0, 0 };
	const char *what, *hopeless;
	struct format own;
	char *head;

	if (!is_regular(path)) {
		if (automatic)
			diagnose(&call->diagnostics, SEVERITY_ERROR, "not-recognised", place,
				 "a pipe can't be read twice: name its format");
		return !automatic;
	}
	head = read_head(call, path, &bytes);
	if (!head)
		return false;
	hopeless = net_import_hopeless(head, bytes);
	if (hopeless) {
		diagnose(&call->diagnostics, SEVERITY_ERROR, "wrong-format", place, "%s", hopeless);
		return false;
	}
	if (!automatic)
		return true;
	own = recognise(head, bytes, &what);
	if (!what) {
		const char *hint = net_import_hint(head, bytes);

		if (!hint && is_table(path))
			hint = "a table: name its columns' meaning (proviso import csv --guess FILE, then --map)";
		diagnose(&call->diagnostics, SEVERITY_ERROR, "not-recognised", place,
			 "none of the formats is recognised in it (see proviso import --list); %s%s",
			 hint ? "it looks like " : "", hint ? hint : "name the format if you know it");
		return false;
	}
	if (read_alike(format, &own))
		return true;
	if ((format->network || format->documents) && strcmp(format_name(format), format_name(&own)) != 0) {
		diagnose(&call->diagnostics, SEVERITY_ERROR, "several-formats", place,
			 "this is %s, a file before it %s: import them one format at a time", format_name(&own),
			 format_name(format));
		return false;
	}
	own.what = what;
	*format = own;
	return true;
}

static int guess(struct call *call)
{
	int error;
	struct source *source;

	if (strcmp(call->operands[0], "csv") != 0 || call->operand_count != 2 || call->json) {
		call_fail(call, EXIT_USAGE, "usage",
			  "--guess goes with csv and one file, and prints a mapping, no JSON");
		return EXIT_USAGE;
	}
	source = source_open(call->arena, call->operands[1], call->operands[1], &error);
	if (!source) {
		call_fail_reading(call, call->operands[1], error);
		return call_status(call);
	}
	net_import_guess(call->arena, source, call->world->out, &call->diagnostics);
	return call_status(call);
}

int import_run(struct call *call)
{
	const char *const *paths = call->operands + 1;
	struct format format = { 0 };
	bool automatic, good = true;
	size_t count;

	if (call_option(call, "list"))
		return list(call);
	if (call->operand_count < 2) {
		call_fail(call, EXIT_USAGE, "usage", "import needs FORMAT FILE... (see proviso import --help)");
		return EXIT_USAGE;
	}
	if (call_option(call, "guess"))
		return guess(call);
	count = call->operand_count - 1;
	automatic = strcmp(call->operands[0], "auto") == 0;
	if (!automatic)
		format = find_format(call->operands[0]);
	if (!automatic && !format.network && !format.documents)
		return fail_unknown(call, call->operands[0]);
	for (size_t i = 0; i < count; i++)
		good &= (!automatic && format.documents) || check_head(call, paths[i], &format, automatic);
	if (!good)
		return call_status(call);
	if (format.what)
		diagnose(&call->diagnostics, SEVERITY_NOTE, "recognised", (struct place){ paths[0], 0, 0 },
			 "is taken as %s: %s%s", format_name(&format), format.what,
			 count > 1 ? "; so are the other files" : "");
	return format.network ? import_network(call, format.network, paths, count)
			      : import_documents(call, format.documents, paths, count);
}
