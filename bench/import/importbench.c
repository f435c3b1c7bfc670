/* SPDX-License-Identifier: Apache-2.0 */
/*
 * importbench: an import of a bulk CM file against parsing it alone with the same library (libxml2, SAX2 push, handlers
 * that do nothing), alternating, each in a process of its own. Prints the medians, the share and the memory.
 *
 *     importbench FILE [ROUNDS]
 */
#include "net/net.h"

#include <fcntl.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 256 << 10, MOST_ROUNDS = 15 };

static void on_open(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
		    const xmlChar **namespace_list, int attributes, int defaulted, const xmlChar **attribute_list)
{
	(void)context, (void)name, (void)prefix, (void)uri, (void)namespaces, (void)namespace_list, (void)attributes,
		(void)defaulted, (void)attribute_list;
}

static void on_close(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)context, (void)name, (void)prefix, (void)uri;
}

static int parse_alone(const char *path)
{
	xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC, .startElementNs = on_open, .endElementNs = on_close };
	xmlParserCtxt *parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
	char *piece = malloc(PIECE);
	int fd = open(path, O_RDONLY), bad;
	ssize_t n;

	while ((n = read(fd, piece, PIECE)) > 0)
		xmlParseChunk(parser, piece, (int)n, 0);
	xmlParseChunk(parser, NULL, 0, 1);
	bad = !parser->wellFormed;
	xmlFreeParserCtxt(parser);
	free(piece);
	close(fd);
	return bad;
}

static int import(const char *path)
{
	struct arena *arena = arena_new();
	struct diagnostics diagnostics;
	struct source *source;
	struct net_import_job job = { .importer = net_importer_find("bulkcm"), .sources = &source, .source_count = 1 };
	struct net_imported *imported;
	int error;

	diagnostics_init(&diagnostics, arena);
	source = source_open(arena, path, path, &error);
	imported = source ? net_import(arena, &job, &diagnostics) : NULL;
	for (size_t i = 0; imported && i < imported->file_count; i++) {
		struct sink *sink = sink_to_memory(arena);

		net_imported_print(imported, i, sink);
	}
	return !imported;
}

/* Processor seconds and the peak of memory in MB. */
static double run(int (*what)(const char *), const char *path, double *megabytes)
{
	struct rusage used;
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(what(path));
	if (child < 0 || wait4(child, &status, 0, &used) < 0 || status != 0) {
		fprintf(stderr, "importbench: a run failed\n");
		exit(70);
	}
	*megabytes = (double)used.ru_maxrss / 1000.0;
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

int main(int count, char **arguments)
{
	int rounds = count > 2 ? atoi(arguments[2]) : 3;
	double alone[MOST_ROUNDS], ours[MOST_ROUNDS], most_alone = 0, most_ours = 0, megabytes;

	if (count < 2 || rounds < 1 || rounds > MOST_ROUNDS) {
		fprintf(stderr, "usage: importbench FILE [ROUNDS]\n");
		return 64;
	}
	for (int i = 0; i < rounds; i++) {
		alone[i] = run(parse_alone, arguments[1], &megabytes);
		most_alone = megabytes > most_alone ? megabytes : most_alone;
		ours[i] = run(import, arguments[1], &megabytes);
		most_ours = megabytes > most_ours ? megabytes : most_ours;
	}
	qsort(alone, (size_t)rounds, sizeof *alone, by_value);
	qsort(ours, (size_t)rounds, sizeof *ours, by_value);
	printf("parsing alone  %.2f s  %4.0f MB\nimport         %.2f s  %4.0f MB\n", alone[rounds / 2], most_alone,
	       ours[rounds / 2], most_ours);
	printf("rate of the import: %.0f %% of parsing alone   (wanted: 60 %%, below 200 MB)   %s\n",
	       100 * alone[rounds / 2] / ours[rounds / 2],
	       alone[rounds / 2] >= 0.6 * ours[rounds / 2] && most_ours < 200 ? "yes" : "NO");
	return alone[rounds / 2] >= 0.6 * ours[rounds / 2] && most_ours < 200 ? 0 : 1;
}
