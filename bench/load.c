/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load: reads the network of a case folder as the program does, checks every reference, and prints what it took: seconds,
 * the peak of its memory in bytes, elements, links.
 *
 *     load FOLDER [without-links]
 */
#include "loaded.h"
#include "stopwatch.h"

#include <stdlib.h>
#include <string.h>

static long long peak_bytes(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	long long kib = -1;
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "VmHWM: %lld kB", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib * 1024;
}

int main(int count, char **arguments)
{
	if (count < 2) {
		fprintf(stderr, "usage: load FOLDER [without-links]\n");
		return EXIT_USAGE;
	}
	bool links = count < 3 || strcmp(arguments[2], "without-links") != 0;
	double from = stopwatch_s();
	struct arena *a = arena_new();
	struct diagnostics diagnostics;
	diagnostics_init(&diagnostics, a);
	struct net_input inputs[NET_TABLES];
	size_t input_count = 0;
	for (enum net_table_name t = 0; t < NET_TABLES; t++) {
		if (t == NET_LINKS && !links)
			continue;
		const char *path = arena_printf(a, "%s/network/%s", arguments[1], net_table_file(t));
		int error = 0;
		struct source *source = source_open(a, path, path, &error);
		if (!source) {
			fprintf(stderr, "load: %s: %s\n", path, strerror(error));
			return EXIT_MISSING_INPUT;
		}
		inputs[input_count++] = (struct net_input){ t, source };
	}
	struct net *proposed = NULL;
	const struct net *net = net_load(a, strs_new(a), &diagnostics, inputs, input_count, NULL, 0, &proposed);
	double seconds = stopwatch_s() - from;
	die_of(&diagnostics);
	printf("%.6f %lld %u %u\n", seconds, peak_bytes(), net->table[NET_ELEMENTS].rows, net->table[NET_LINKS].rows);
	return 0;
}
