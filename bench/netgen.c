/* SPDX-License-Identifier: Apache-2.0 */
/*
 * netgen: writes an invented national network of any size as a case folder.
 *
 *     netgen [--elements N] [--per-site K] [--unknown PER-MILLE] [--seed S] [--policy PATH] FOLDER
 *
 * The folder may exist; its files are replaced. PATH is written into case.proviso as it stands.
 */
#include "generate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int usage(void)
{
	fprintf(stderr,
		"usage: netgen [--elements N] [--per-site K] [--unknown PER-MILLE] [--seed S] [--policy PATH] FOLDER\n");
	return EXIT_USAGE;
}

static void make_folder(const char *path)
{
	if (mkdir(path, 0777) && errno != EEXIST) {
		fprintf(stderr, "netgen: can't make %s: %s\n", path, strerror(errno));
		exit(EXIT_CANT_CREATE);
	}
}

static struct outfile *begin(struct arena *a, const char *path)
{
	int error = 0;
	struct outfile *file = outfile_open(a, path, &error);
	if (!file) {
		fprintf(stderr, "netgen: can't make %s: %s\n", path, strerror(error));
		exit(EXIT_CANT_CREATE);
	}
	return file;
}

static void finish(struct outfile *file, const char *path)
{
	int error = outfile_keep(file);
	if (error) {
		fprintf(stderr, "netgen: writing %s: %s\n", path, strerror(error));
		exit(EXIT_WRITE_FAILED);
	}
}

static void write_case(struct arena *a, const struct generated *g, const char *folder, const char *policy)
{
	const char *path = arena_printf(a, "%s/case.proviso", folder);
	struct outfile *file = begin(a, path);
	sink_printf(outfile_sink(file),
		    "case generated\n  title \"An invented network of %u elements (seed %llu)\"\n  operator \"an invented operator\"\n"
		    "  on 2026-01-01\n", g->elements, (unsigned long long)g->shape.seed);
	if (policy)
		sink_printf(outfile_sink(file), "  policy \"%s\"\n", policy);
	finish(file, path);
}

static void write_folder(const struct generated *g, const char *folder, const char *policy)
{
	struct arena *a = arena_new();
	make_folder(folder);
	make_folder(arena_printf(a, "%s/network", folder));
	make_folder(arena_printf(a, "%s/evidence", folder));
	write_case(a, g, folder, policy);
	for (enum net_table_name t = 0; t < NET_TABLES; t++) {
		const char *path = arena_printf(a, "%s/network/%s", folder, net_table_file(t));
		struct outfile *file = begin(a, path);
		generated_csv(g, t, outfile_sink(file));
		finish(file, path);
	}
	const char *path = arena_printf(a, "%s/evidence/designations.proviso", folder);
	struct outfile *file = begin(a, path);
	generated_evidence(outfile_sink(file));
	finish(file, path);
	arena_free(a);
}

int main(int count, char **arguments)
{
	struct shape shape = { .elements = 1000, .per_site = 4, .seed = 1 };
	const char *folder = NULL, *policy = NULL;
	for (int i = 1; i < count; i++) {
		const char *name = arguments[i];
		if (name[0] != '-') {
			if (folder)
				return usage();
			folder = name;
			continue;
		}
		if (++i >= count)
			return usage();
		unsigned long long number = strtoull(arguments[i], NULL, 10);
		if (!strcmp(name, "--elements") && number <= LIMIT_ROWS)
			shape.elements = (uint32_t)number;
		else if (!strcmp(name, "--per-site") && number <= 4)
			shape.per_site = (uint32_t)number;
		else if (!strcmp(name, "--unknown") && number <= 1000)
			shape.unknown = (uint32_t)number;
		else if (!strcmp(name, "--seed"))
			shape.seed = number;
		else if (!strcmp(name, "--policy"))
			policy = arguments[i];
		else
			return usage();
	}
	if (!folder)
		return usage();
	struct generated *g = generate(&shape);
	write_folder(g, folder, policy);
	printf("%s: %u sites, %u elements, %u links in %u regions, synthetic, seed %llu\n", folder, g->sites, g->elements, g->links,
	       g->regions, (unsigned long long)shape.seed);
	generated_free(g);
	return 0;
}
