/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proviso import of inventories: the files of a network's folder as they would be are made in memory, loaded once as
 * `assess` would load them, and only then written, each file whole. A folder without a case beside it gets one.
 */
#include "ops/import.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct written {
	const char *path, *text; /* path NULL: nothing new in it */
	size_t bytes;
	struct outfile *out;
};

struct run {
	struct call *call;
	const struct net_importer *importer;
	struct source **sources;
	size_t source_count;
	struct source *map;
	const char *folder;                /* NULL: only show */
	struct net_input *found, *present; /* present: of a proposal, the network beside it */
	size_t found_count, present_count;
	bool as_proposal;
	struct net_imported *imported;
	struct written *files; /* as imported->files, and the case's behind them */
	size_t file_count;
	const struct net_import_job *more; /* what a step of enriching is told; NULL: an import */
	const char *case_folder;           /* NULL: the folder is no network or proposal of a case */
};

/* ---- what is read ------------------------------------------------------------------------------------------------ */

static struct source *open_input(struct call *call, const char *path)
{
	int error;
	struct source *source = source_open(call->arena, path, path, &error);

	if (!source)
		call_fail_reading(call, path, error);
	return source;
}

/* The last part of a path, without slashes behind it. */
static const char *last_part(struct arena *arena, const char *path)
{
	size_t bytes = strlen(path), from;

	while (bytes > 1 && path[bytes - 1] == '/')
		bytes--;
	for (from = bytes; from && path[from - 1] != '/'; from--)
		;
	return arena_text(arena, path + from, bytes - from);
}

static const char *without_slashes(struct arena *arena, const char *path)
{
	size_t bytes = strlen(path);

	while (bytes > 1 && path[bytes - 1] == '/')
		bytes--;
	return arena_text(arena, path, bytes);
}

static void find_folder(struct run *run)
{
	struct arena *arena = run->call->arena;
	const char *folder = call_option(run->call, "output"), *last, *above;

	if (!folder)
		return;
	folder = without_slashes(arena, *folder ? folder : ".");
	/* A case has its tables in a folder of their own. */
	if (path_exists(path_join(arena, folder, "case.proviso")))
		folder = path_join(arena, folder, run->as_proposal ? "proposal" : "network");
	last = last_part(arena, folder);
	above = path_folder(arena, folder);
	/* A plan is no part of the network as it stands. */
	if (run->as_proposal && strcmp(last, "network") == 0)
		folder = path_join(arena, above, last = "proposal");
	run->folder = folder;
	if (strcmp(last, "network") == 0 || strcmp(last, "proposal") == 0)
		run->case_folder = *above ? above : ".";
}

/* The tables' files in a folder; a folder that is not there has none. */
static struct net_input *table_files(struct call *call, const char *folder, size_t *count)
{
	struct dirent_name *names;
	struct net_input *inputs;
	size_t name_count;

	*count = 0;
	if (directory_list(call->arena, folder, &names, &name_count) < 0) {
		if (errno != ENOENT && errno != ENOTDIR) /* what is not there yet is made when it is written */
			call_fail_reading(call, folder, errno);
		return NULL;
	}
	inputs = arena_array(call->arena, name_count + 1, sizeof *inputs);
	for (size_t i = 0; i < name_count; i++) {
		enum net_table_name table;

		if (names[i].kind != 'f' || names[i].name[0] == '.' || !net_table_of_file(names[i].name, &table))
			continue;
		inputs[*count].table = table;
		inputs[*count].source = open_input(call, path_join(call->arena, folder, names[i].name));
		*count += inputs[*count].source != NULL;
	}
	return inputs;
}

static struct net_input *network_beside(struct run *run, size_t *count)
{
	return table_files(run->call, path_join(run->call->arena, run->case_folder, "network"), count);
}

static bool read_options(struct run *run)
{
	struct call *call = run->call;
	const char *as = call_option(call, "as"), *map = call_option(call, "map");

	if (as && strcmp(as, "present") != 0 && strcmp(as, "proposal") != 0) {
		call_fail(call, EXIT_USAGE, "option-value", "--as is present or proposal, not \"%s\"", as);
		return false;
	}
	run->as_proposal = as && strcmp(as, "proposal") == 0;
	if (map)
		run->map = open_input(call, map);
	find_folder(run);
	if (run->folder)
		run->found = table_files(call, run->folder, &run->found_count);
	if (run->as_proposal && run->case_folder)
		run->present = network_beside(run, &run->present_count);
	return !call->failure;
}

/* ---- what is written --------------------------------------------------------------------------------------------- */

static bool is_new_file(const struct net_import_file *file)
{
	return file->added || file->changed;
}

static void make_files(struct run *run)
{
	const struct net_imported *imported = run->imported;
	struct arena *arena = run->call->arena;

	run->files = arena_array(arena, imported->file_count + 2, sizeof *run->files);
	run->file_count = imported->file_count;
	for (size_t i = 0; i < imported->file_count; i++) {
		struct sink *sink = sink_to_memory(arena);
		const char *name = imported->files[i].name;

		net_imported_print(imported, i, sink);
		run->files[i].text = sink_memory(sink, &run->files[i].bytes);
		if (run->folder)
			run->files[i].path = strchr(name, '/') ? name : path_join(arena, run->folder, name);
	}
}

static struct net_input *made_inputs(struct run *run)
{
	struct arena *arena = run->call->arena;
	struct net_input *inputs = arena_array(arena, run->file_count + 1, sizeof *inputs);

	for (size_t i = 0; i < run->imported->file_count; i++) {
		const char *path = run->files[i].path ? run->files[i].path : run->imported->files[i].name;

		inputs[i].table = run->imported->files[i].table;
		inputs[i].source = source_of_memory(arena, path, run->files[i].text, run->files[i].bytes);
	}
	return inputs;
}

/* What is going to be written has to load; a proposal is laid over the network beside it. */
static bool check_files(struct run *run)
{
	struct call *call = run->call;
	struct arena *arena = arena_new();
	struct net_input *made = made_inputs(run), *present = NULL;
	struct diagnostics diagnostics;
	struct net *proposed;
	size_t present_count = 0;

	diagnostics_init(&diagnostics, arena);
	if (run->as_proposal && run->case_folder)
		present = network_beside(run, &present_count);
	if (!run->as_proposal)
		net_load(arena, strs_new(arena), &diagnostics, made, run->imported->file_count, NULL, 0, NULL);
	else if (run->case_folder)
		net_load(arena, strs_new(arena), &diagnostics, present, present_count, made, run->imported->file_count,
			 &proposed);
	for (size_t i = 0; i < diagnostics.count; i++) {
		struct diagnostic *d = &diagnostics.items[i];
		struct place place = d->place;

		if (d->severity != SEVERITY_ERROR)
			continue;
		if (place.file)
			place.file = arena_text(call->arena, place.file, strlen(place.file));
		diagnose(&call->diagnostics, SEVERITY_ERROR, "import-clashes", place, "%s (nothing is written)",
			 d->text);
	}
	diagnostics_free(&diagnostics);
	arena_free(arena);
	return !call->diagnostics.errors && !call->failure;
}

/* A name for the case: the folder's, in the letters a name may have. */
static const char *case_name(struct run *run)
{
	struct arena *arena = run->call->arena;
	const char *last = last_part(arena, run->case_folder);
	char *name = arena_alloc(arena, strlen(last) + 6);
	size_t n = 0;

	for (const char *at = last; *at; at++) {
		char c = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;

		if ((c >= 'a' && c <= 'z') || (n && c >= '0' && c <= '9'))
			name[n++] = c;
		else if (n && name[n - 1] != '-')
			name[n++] = '-';
	}
	while (n && name[n - 1] == '-')
		n--;
	if (!n)
		return "imported";
	name[n] = '\0';
	return name;
}

/* A network of no case can't be judged: a case file that says so much and no more. */
static void add_case(struct run *run)
{
	struct arena *arena = run->call->arena;
	struct written *file = &run->files[run->file_count];
	const char *path = run->case_folder ? path_join(arena, run->case_folder, "case.proviso") : NULL;

	if (!path || path_exists(path))
		return;
	file->path = path;
	file->text = arena_printf(arena, "case %s\n  title \"Network imported from %s\"\n", case_name(run),
				  run->importer->name);
	file->bytes = strlen(file->text);
	run->file_count++;
}

/* Outlines of regions lie beside the network: CASE/regions.geojson. */
static void add_regions(struct run *run)
{
	struct written *file = &run->files[run->file_count];

	if (!run->imported->regions)
		return;
	file->path = path_join(run->call->arena, run->case_folder ? run->case_folder : run->folder, "regions.geojson");
	file->text = run->imported->regions;
	file->bytes = run->imported->regions_bytes;
	run->file_count++;
}

bool import_make_folder(struct call *call, const char *folder)
{
	char *path = arena_text(call->arena, folder, strlen(folder));

	for (char *at = path + 1;; at++) {
		char end = *at;

		if (end && end != '/')
			continue;
		*at = '\0';
		if (mkdir(path, 0777) < 0 && errno != EEXIST) {
			call_fail(call, EXIT_CANT_CREATE, "cannot-create", "%s can't be created: %s", path,
				  strerror(errno));
			return false;
		}
		if (!end)
			return true;
		*at = end;
	}
}

static bool is_written(const struct run *run, size_t i)
{
	return i >= run->imported->file_count || is_new_file(&run->imported->files[i]);
}

/* All are written beside their places first: what can fail fails before any of them is in its place. */
static bool write_files(struct run *run)
{
	struct call *call = run->call;
	int error;

	if (!import_make_folder(call, run->folder))
		return false;
	for (size_t i = 0; i < run->file_count; i++) {
		struct written *file = &run->files[i];

		if (!is_written(run, i))
			continue;
		file->out = outfile_open(call->arena, file->path, &error);
		if (!file->out) {
			call_fail(call, EXIT_CANT_CREATE, "cannot-create", "%s can't be created: %s", file->path,
				  strerror(error));
			return false;
		}
		sink_put(outfile_sink(file->out), file->text, file->bytes);
		error = sink_flush(outfile_sink(file->out));
		if (error) {
			call_fail(call, EXIT_WRITE_FAILED, "write-failed", "%s can't be written: %s", file->path,
				  strerror(error));
			return false;
		}
	}
	for (size_t i = 0; i < run->file_count; i++) {
		error = run->files[i].out ? outfile_keep(run->files[i].out) : 0;
		if (error) {
			call_fail(call, EXIT_WRITE_FAILED, "write-failed", "%s can't be written: %s",
				  run->files[i].path, strerror(error));
			return false;
		}
	}
	return true;
}

static void drop_files(struct run *run)
{
	for (size_t i = 0; i < run->file_count; i++)
		outfile_drop(run->files[i].out);
}

/* ---- what is told ------------------------------------------------------------------------------------------------ */

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

enum { WIDTH = 80, WITHOUT_THEM = 17 }; /* columns; those of "      12  " and ", e.g. " */

static void tell_reasons(struct call *call, const char *title, const struct net_import_reasons *reasons)
{
	size_t most = call_option(call, "report") ? NET_IMPORT_EXAMPLES : 1;

	if (reasons->count)
		sink_printf(call->world->out, "%s\n", title);
	for (size_t i = 0; i < reasons->count; i++) {
		const struct net_import_reason *reason = &reasons->items[i];

		sink_printf(call->world->out, "%8zu  %s", reason->count, reason->reason);
		if (most == 1 && reason->example_count &&
		    strlen(reason->reason) + strlen(reason->examples[0]) + WITHOUT_THEM <= WIDTH) {
			sink_printf(call->world->out, ", e.g. %s\n", reason->examples[0]);
			continue;
		}
		sink_char(call->world->out, '\n');
		for (size_t k = 0; k < reason->example_count && k < most; k++)
			sink_printf(call->world->out, "          %s %s\n", k ? "    " : "e.g.", reason->examples[k]);
	}
}

static size_t count_of(const struct net_import_reasons *reasons)
{
	size_t count = 0;

	for (size_t i = 0; i < reasons->count; i++)
		count += reasons->items[i].count;
	return count;
}

static void tell_files(const struct run *run)
{
	struct sink *out = run->call->world->out;

	for (size_t i = 0; i < run->imported->file_count; i++) {
		const struct net_import_file *file = &run->imported->files[i];

		if (!file->rows)
			continue;
		sink_printf(out, "%s: %u %s%s", run->files[i].path ? run->files[i].path : file->name, file->rows,
			    net_table_singular(file->table), plural(file->rows));
		if (!run->folder)
			sink_text(out, "\n");
		else if (is_new_file(file))
			sink_printf(out, ", %u new, %u changed\n", file->added, file->changed);
		else
			sink_text(out, ", as it was\n");
	}
	for (size_t i = run->imported->file_count; i < run->file_count; i++)
		if (run->files[i].text == run->imported->regions)
			sink_printf(out, "%s: outlines of regions\n", run->files[i].path);
		else
			sink_printf(out, "%s: new; judge it: proviso assess %s --policy NAME --on DATE\n",
				    run->files[i].path, run->case_folder);
	if (!run->folder)
		sink_text(out, "Nothing is written: say where with -o CASE/network.\n");
}

static void tell_text(const struct run *run)
{
	const struct net_import_balance *b = &run->imported->balance;
	struct sink *out = run->call->world->out;

	sink_printf(out, "%s: %zu file%s, %zu object%s read: %zu used, %zu merged, %zu left out\n", run->importer->name,
		    run->source_count, plural(run->source_count), b->read, plural(b->read), b->used, b->merged,
		    count_of(&b->left_out));
	tell_reasons(run->call, "left out", &b->left_out);
	tell_reasons(run->call, "to know", &b->notes);
	tell_reasons(run->call, "changed in rows that were there", &run->imported->changes);
	tell_files(run);
}

static void reasons_json(struct json *j, const char *key, const struct net_import_reasons *reasons)
{
	json_key(j, key);
	json_array(j);
	for (size_t i = 0; i < reasons->count; i++) {
		json_object(j);
		json_key(j, "reason");
		json_text(j, reasons->items[i].reason);
		json_key(j, "count");
		json_int(j, (int64_t)reasons->items[i].count);
		json_key(j, "examples");
		json_array(j);
		for (size_t k = 0; k < reasons->items[i].example_count; k++)
			json_text(j, reasons->items[i].examples[k]);
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
}

static void sources_json(const struct run *run, struct json *j)
{
	json_key(j, "inputs");
	json_array(j);
	for (size_t i = 0; i < run->source_count; i++) {
		char hex[65];

		source_sha256(run->sources[i], hex);
		json_object(j);
		json_key(j, "path");
		json_text(j, source_name(run->sources[i]));
		json_key(j, "sha256");
		json_text(j, hex);
		json_object_end(j);
	}
	json_array_end(j);
}

static void files_json(const struct run *run, struct json *j)
{
	json_key(j, "files");
	json_array(j);
	for (size_t i = 0; i < run->file_count; i++) {
		bool is_table = i < run->imported->file_count;
		const struct net_import_file *file = is_table ? &run->imported->files[i] : NULL;

		json_object(j);
		json_key(j, "path");
		json_text(j, run->files[i].path ? run->files[i].path : file->name);
		json_key(j, "written");
		json_bool(j, run->folder && is_written(run, i));
		json_key(j, "rows");
		json_int(j, file ? file->rows : 0);
		json_key(j, "added");
		json_int(j, file ? file->added : 0);
		json_key(j, "changed");
		json_int(j, file ? file->changed : 0);
		json_object_end(j);
	}
	json_array_end(j);
}

static void tell_json(const struct run *run)
{
	const struct net_import_balance *b = &run->imported->balance;
	struct json j;

	json_init(&j, run->call->world->out);
	json_object(&j);
	json_key(&j, "format");
	json_text(&j, run->importer->name);
	json_key(&j, "as");
	json_text(&j, run->as_proposal ? "proposal" : "present");
	sources_json(run, &j);
	json_key(&j, "read");
	json_int(&j, (int64_t)b->read);
	json_key(&j, "used");
	json_int(&j, (int64_t)b->used);
	json_key(&j, "merged");
	json_int(&j, (int64_t)b->merged);
	reasons_json(&j, "left_out", &b->left_out);
	reasons_json(&j, "notes", &b->notes);
	reasons_json(&j, "changes", &run->imported->changes);
	files_json(run, &j);
	json_object_end(&j);
	json_end(&j);
}

/* ---- the run ----------------------------------------------------------------------------------------------------- */

static bool read_sources(struct run *run, const char *const *paths)
{
	struct net_import_job job = run->more ? *run->more : (struct net_import_job){ 0 };

	job.importer = run->importer;
	job.map = run->map;
	job.as_proposal = run->as_proposal;
	job.found = run->found;
	job.found_count = run->found_count;
	job.present = run->present;
	job.present_count = run->present_count;
	run->sources = arena_array(run->call->arena, run->source_count + 1, sizeof(struct source *));
	for (size_t i = 0; i < run->source_count; i++)
		run->sources[i] = open_input(run->call, paths[i]);
	if (run->call->failure)
		return false;
	job.sources = run->sources;
	job.source_count = run->source_count;
	run->imported = net_import(run->call->arena, &job, &run->call->diagnostics);
	return run->imported && !run->call->diagnostics.errors;
}

static int carry_out(struct run *run, const char *const *paths)
{
	struct call *call = run->call;

	if (!read_sources(run, paths))
		return call_status(call);
	make_files(run);
	if (!check_files(run))
		return call_status(call);
	if (run->folder) {
		add_case(run);
		add_regions(run);
		if (!write_files(run)) {
			drop_files(run);
			return call_status(call);
		}
	}
	if (call->json)
		tell_json(run);
	else
		tell_text(run);
	return 0;
}

int import_network(struct call *call, const struct net_importer *importer, const char *const *paths, size_t count)
{
	struct run run = { .call = call, .importer = importer, .source_count = count };

	return read_options(&run) ? carry_out(&run, paths) : call_status(call);
}

/* The outlines of the case's regions; NULL where it has none, or where they can't be read, which is diagnosed. */
static const struct net_outlines *case_outlines(struct run *run)
{
	struct call *call = run->call;
	const char *path = path_join(call->arena, run->case_folder, "regions.geojson");
	struct source *source = path_exists(path) ? open_input(call, path) : NULL;

	return source ? net_outlines_read(call->arena, source, &call->diagnostics) : NULL;
}

int enrich_network(struct call *call, const struct net_importer *step, const struct net_import_job *told,
		   const char *path)
{
	struct net_import_job more = *told;
	struct run run = { .call = call, .importer = step, .source_count = path != NULL, .more = &more };

	run.case_folder = without_slashes(call->arena, call->operands[0]);
	run.folder = path_join(call->arena, run.case_folder, "network");
	run.found = table_files(call, run.folder, &run.found_count);
	if (more.by)
		more.outlines = case_outlines(&run);
	if (!call->failure && !run.found_count)
		call_fail(call, EXIT_MISSING_INPUT, "missing-network", "%s has no tables of a network", run.folder);
	return call->failure || call->diagnostics.errors ? call_status(call) : carry_out(&run, &path);
}
