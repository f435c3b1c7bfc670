/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The case with its plan carried out, as a folder of its own: the inputs as they are, the proposal's elements as the plan
 * leaves them, the evidence that is still to be obtained as claims of kind `planned`, and a case file that says so. What
 * assess says of it is what the plan said of itself.
 */
#include "ops/planned.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct writing {
	struct case_loaded *c;
	const struct plan *plan;
	const char *folder;
};

static bool not_created(struct writing *w, const char *path, int error)
{
	call_fail(w->c->call, EXIT_CANT_CREATE, "cannot-create", "%s can't be created: %s", path, strerror(error));
	return false;
}

static bool make_folder(struct writing *w, const char *path)
{
	return mkdir(path, 0777) == 0 || errno == EEXIST || not_created(w, path, errno);
}

/* Every folder on the way to a file of the new case. */
static bool make_folders(struct writing *w, const char *name)
{
	struct arena *a = w->c->call->arena;
	const char *slash = name;

	while ((slash = strchr(slash, '/'))) {
		if (!make_folder(w, path_join(a, w->folder, arena_text(a, name, (size_t)(slash - name)))))
			return false;
		slash++;
	}
	return true;
}

static bool write_file(struct writing *w, const char *name, const char *bytes, size_t count)
{
	struct arena *a = w->c->call->arena;
	const char *path = path_join(a, w->folder, name);
	struct outfile *out;
	int error;

	if (!make_folders(w, name))
		return false;
	out = outfile_open(a, path, &error);
	if (!out)
		return not_created(w, path, error);
	sink_put(outfile_sink(out), bytes, count);
	error = outfile_keep(out);
	if (error)
		call_fail(w->c->call, EXIT_WRITE_FAILED, "write-failed", "%s can't be written: %s", path,
			  strerror(error));
	return !error;
}

static char *read_whole(struct writing *w, const char *path, size_t *count)
{
	struct arena *a = w->c->call->arena;
	struct source *source;
	char *bytes;
	int error;

	if (!inputs_is_file(w->c->inputs, path))
		return NULL;
	source = source_open(a, path, path, &error);
	if (!source) {
		call_fail_reading(w->c->call, path, error);
		return NULL;
	}
	bytes = source_all(source, a, (size_t)1 << 32, count);
	if (!bytes)
		call_fail_reading(w->c->call, path, source_error(source));
	source_close(source);
	return bytes;
}

static bool copy_file(struct writing *w, const char *from, const char *name)
{
	size_t count;
	char *bytes = read_whole(w, from, &count);

	return bytes && write_file(w, name, bytes, count);
}

/* Of the proposal, elements are written anew, and links where the plan takes some out. */
static bool is_written_anew(const struct writing *w, const char *file)
{
	enum net_table_name table;

	return net_table_of_file(file, &table) &&
	       (table == NET_ELEMENTS || (table == NET_LINKS && plan_restricts(w->plan)));
}

/* All files of a folder of the case but those that are written anew. */
static bool copy_folder(struct writing *w, const char *name, bool anew)
{
	struct arena *a = w->c->call->arena;
	const char *folder = path_join(a, w->c->folder, name);
	struct dirent_name *names;
	struct stat st;
	size_t count;

	if (stat(folder, &st) != 0)
		return true;
	if (directory_list(a, folder, &names, &count) < 0) {
		call_fail_reading(w->c->call, folder, errno);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (names[i].kind == 'd' || names[i].name[0] == '.' || (anew && is_written_anew(w, names[i].name)))
			continue;
		if (!copy_file(w, path_join(a, folder, names[i].name), path_join(a, name, names[i].name)))
			return false;
	}
	return true;
}

/* ---- the case file ------------------------------------------------------------------------------------------------------ */

/* The part of a path behind the case's folder, or NULL where it lies elsewhere. */
static const char *inside(const struct writing *w, const char *path)
{
	size_t bytes = strlen(w->c->folder);

	if (!bytes || (bytes == 1 && w->c->folder[0] == '.'))
		return path[0] == '/' || !strncmp(path, "..", 2) ? NULL : path;
	if (strncmp(path, w->c->folder, bytes) || path[bytes] != '/')
		return NULL;
	return strstr(path + bytes, "/../") ? NULL : path + bytes + 1;
}

static bool is_path(const char *word)
{
	size_t bytes = strlen(word);

	return strchr(word, '/') || (bytes > 8 && !strcmp(word + bytes - 8, ".proviso"));
}

/* A policy that lies in the case goes with it; one beside it is named by where it is. */
static void put_policy(struct writing *w, const char *word, struct sink *s)
{
	struct arena *a = w->c->call->arena;
	const char *path = path_beside(a, word, w->c->file.document->file);
	char *real;

	if (!is_path(word) || inside(w, path)) {
		sink_printf(s, "  policy %s\n", word);
		return;
	}
	real = realpath(path, NULL);
	sink_printf(s, "  policy \"%s\"\n", real ? real : path);
	free(real);
}

static bool is_clause(const char *line, const char *word)
{
	size_t bytes = strlen(word);

	line += strspn(line, " \t");
	return !strncmp(line, word, bytes) &&
	       (line[bytes] == ' ' || line[bytes] == '\t' || line[bytes] == '\n' || !line[bytes]);
}

static bool write_case_file(struct writing *w)
{
	static const char *const anew[] = { "policy", "offers", "on", "assume-plan" };
	struct sink *s = sink_to_memory(w->c->call->arena);
	size_t count;
	char *text = read_whole(w, w->c->file.document->file, &count), day[11];
	const char *bytes;

	if (!text)
		return false;
	for (char *line = text; *line;) {
		char *end = strchr(line, '\n');
		size_t length = end ? (size_t)(end - line) : strlen(line);
		bool ours = false;

		for (size_t i = 0; i < sizeof anew / sizeof *anew; i++)
			ours = ours || ((*line == ' ' || *line == '\t') && is_clause(line, anew[i]));
		if (!ours) {
			sink_put(s, line, length);
			sink_char(s, '\n');
		}
		line += length + (end != NULL);
	}
	date_print(w->c->on, day);
	sink_printf(s, "  on %s\n", day);
	for (size_t i = 0; i < w->c->file.policy_count; i++)
		put_policy(w, w->c->file.policies[i]->text, s);
	if (w->plan->assume_plan)
		sink_text(s, "  assume-plan\n");
	bytes = sink_memory(s, &count);
	return write_file(w, "case.proviso", bytes, count);
}

/* What lies beside the tables and belongs to the network all the same: outlines for the maps, where the wire is heard. */
static bool copy_companions(struct writing *w)
{
	static const char *const names[] = { "regions.geojson", "taps.csv" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *from = path_join(w->c->call->arena, w->c->folder, names[i]);

		if (path_exists(from) && !copy_file(w, from, names[i]))
			return false;
	}
	return true;
}

/* Policies of the case and what they include. */
static bool copy_policies(struct writing *w)
{
	const struct documents *d = w->c->documents;

	for (size_t i = 0; i < d->count; i++) {
		const char *name = inside(w, d->items[i].path);

		if (!d->items[i].document || !name || !strncmp(name, "evidence/", 9) ||
		    d->items[i].document == w->c->file.document)
			continue;
		if (!copy_file(w, d->items[i].path, name))
			return false;
	}
	return true;
}

static bool write_plan(struct writing *w)
{
	struct arena *a = w->c->call->arena;
	struct sink *elements = sink_to_memory(a), *claims = sink_to_memory(a), *links = sink_to_memory(a);
	const char *bytes;
	size_t count;

	plan_print_elements(w->plan, w->c->present, elements);
	bytes = sink_memory(elements, &count);
	if (!write_file(w, "proposal/elements.csv", bytes, count))
		return false;
	if (plan_restricts(w->plan)) {
		plan_print_links(w->plan, w->c->present, links);
		bytes = sink_memory(links, &count);
		if (!write_file(w, "proposal/links.csv", bytes, count))
			return false;
	}
	if (w->plan->certificate &&
	    !write_file(w, "certificate.json", w->plan->certificate, strlen(w->plan->certificate)))
		return false;
	if (!w->plan->claim_count)
		return true;
	plan_print_evidence(w->plan, claims);
	bytes = sink_memory(claims, &count);
	return write_file(w, "evidence/plan.proviso", bytes, count);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st, (void)kind, (void)walk;
	(void)remove(path);
	return 0;
}

/* Half a case would be read as a whole one. */
static void remove_folder(const char *folder)
{
	(void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void planned_case_write(struct case_loaded *c, const struct plan *plan, const char *folder)
{
	struct writing w = { c, plan, folder };
	bool proposed = c->proposed != NULL;

	if (mkdir(folder, 0777) != 0) {
		if (errno == EEXIST)
			call_fail(c->call, EXIT_CANT_CREATE, "cannot-create",
				  "%s is there already, and a plan is written into a new folder: name another one, or "
				  "move this one away",
				  folder);
		else
			not_created(&w, folder, errno);
		return;
	}
	if (!(copy_folder(&w, "network", false) && (!proposed || copy_folder(&w, "proposal", true)) &&
	      copy_folder(&w, "evidence", false) && copy_companions(&w) && copy_policies(&w) && write_case_file(&w) &&
	      write_plan(&w)))
		remove_folder(folder);
}
