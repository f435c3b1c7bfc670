/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Importers of networks: the table of formats, what is said of files that none of them reads, and a run from the first
 * file to the rows as they will lie in the folder.
 */
#include "net/import/csv.h"
#include "net/import/intake.h"

#include <string.h>

static const char page[] = "doc/import.md";

const struct net_importer net_importers[] = {
	{ "bulkcm", "3GPP bulk configuration (TS 32.616, 28.616, XML), any model", page, bulkcm_recognise, bulkcm_read,
	  bulkcm_finish },
	{ "compose", "a 5G or 4G core as compose files, .env and configuration (YAML)", page, compose_recognise,
	  compose_read, compose_finish },
	{ "csv", "any table as CSV, by a mapping: --map FILE; --guess proposes one", page, NULL, csv_read, NULL },
	{ "geojson", "places as sites, polygons as regions (GeoJSON)", page, geojson_recognise, geojson_read,
	  geojson_finish },
	{ "inventory", "3GPP inventory (TS 28.633, XML): units inside elements", page, inventory_recognise, bulkcm_read,
	  bulkcm_finish },
	{ "netbox", "NetBox 3.6 to 4.x: an export, or pages of its API (JSON)", page, netbox_recognise, netbox_read,
	  netbox_finish },
	{ "nodelink", "topologies with demands, as networkx and topohub write them (JSON)", page, nodelink_recognise,
	  nodelink_read, NULL },
	{ "opencellid", "cells with places, CSV of OpenCelliD and its kin", page, opencellid_recognise, opencellid_read,
	  opencellid_finish },
	{ "osgrid", "CSV with easting and northing (British National Grid)", page, osgrid_recognise, osgrid_read,
	  NULL },
	{ "pm", "3GPP measurements (TS 32.435, 28.532, XML): traffic of elements", page, pm_recognise, pm_read,
	  pm_finish },
	{ "tmf639", "TM Forum resource inventory (TMF639 v4 and v5, JSON)", page, tmf639_recognise, tmf639_read,
	  tmf639_finish },
};
const size_t net_importer_count = sizeof net_importers / sizeof *net_importers;

const struct net_importer *net_importer_find(const char *name)
{
	for (size_t i = 0; i < net_importer_count; i++)
		if (strcmp(net_importers[i].name, name) == 0)
			return &net_importers[i];
	return NULL;
}

static bool begins(const char *head, size_t bytes, const char *magic, size_t length)
{
	return bytes >= length && memcmp(head, magic, length) == 0;
}

const char *net_import_hopeless(const char *head, size_t bytes)
{
	if (!bytes)
		return "the file is empty";
	if (begins(head, bytes, "PK\3\4", 4))
		return memmem(head, bytes, "xl/", 3) || memmem(head, bytes, "[Content_Types]", 15)
			       ? "a spreadsheet (xlsx): open it, save each sheet as CSV UTF-8 (File, Save as), and "
				 "import that"
			       : "a ZIP archive: unpack it and import what is in it";
	if (begins(head, bytes, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8))
		return "a spreadsheet or document of the old office format: save each sheet as CSV UTF-8, and import "
		       "that";
	if (begins(head, bytes, "\x1f\x8b", 2))
		return "compressed by gzip: unpack it first (gunzip)";
	if (begins(head, bytes, "BZh", 3) ||
	    begins(head, bytes,
		   "\xfd"
		   "7zXZ",
		   5) ||
	    begins(head, bytes, "\x28\xb5\x2f\xfd", 4))
		return "compressed: unpack it first";
	if (begins(head, bytes, "SQLite format 3", 15))
		return "an SQLite database: export its tables as CSV";
	if (begins(head, bytes, "%PDF", 4))
		return "a PDF: there is no network in it that a program could read";
	if (begins(head, bytes, "\xff\xfe", 2) || begins(head, bytes, "\xfe\xff", 2))
		return "text in UTF-16: save it as UTF-8";
	return NULL;
}

const char *net_import_hint(const char *head, size_t bytes)
{
	static const struct {
		const char *needle, *what;
	} known[] = {
		{ "\"CVE_RECORD\"", "a CVE record; advisories about products are read as CSAF" },
		{ "openapi:", "the description of an interface, not what it delivers" },
		{ "\"swagger\"", "the description of an interface, not what it delivers" },
		{ "\"openapi\"", "the description of an interface, not what it delivers" },
		{ "swagger:", "the description of an interface, not what it delivers" },
		{ "\"$schema\": \"http://json-schema.org", "a JSON schema, not data" },
		{ "XMLSchema\"", "an XML schema, not data" },
		{ "population,lon,lat",
		  "places with people; they go to the sites of a case: proviso enrich CASE --population FILE" },
		{ "<html", "a web page" },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (memmem(head, bytes, known[i].needle, strlen(known[i].needle)))
			return known[i].what;
	if (begins(head, bytes, "\xd4\xc3\xb2\xa1", 4) || begins(head, bytes, "\x0a\x0d\x0d\x0a", 4))
		return "a capture: proviso watch reads it, proviso discover proposes an inventory from it";
	return NULL;
}

/* ---- a run ------------------------------------------------------------------------------------------------------- */

static void table_init(struct intake_table *table, struct arena *arena)
{
	*table = (struct intake_table){ .arena = arena };
}

static void read_all(struct intake *in)
{
	for (size_t i = 0; i < in->job->source_count; i++) {
		const char *slash;

		in->name = source_name(in->job->sources[i]);
		slash = strrchr(in->name, '/');
		in->base_name = strs_id(in->strs, slash ? slash + 1 : in->name);
		in->job->importer->read(in, in->job->sources[i]);
		if (source_error(in->job->sources[i]))
			intake_refuse(in, "unreadable", 0, "can't be read: %s",
				      strerror(source_error(in->job->sources[i])));
	}
	if (!in->refused && in->job->importer->finish)
		in->job->importer->finish(in);
}

/* Nothing of use: an empty import must not look like a success. */
static bool is_usable(struct intake *in)
{
	const struct net_import_balance *balance = &in->imported->balance;
	const struct net_import_reasons *out = &balance->left_out;
	struct place place = { in->job->source_count ? source_name(in->job->sources[0]) : NULL, 0, 0 };

	if (in->refused)
		return false;
	if (in->imported->regions)
		return true;
	for (int t = 0; t < NET_TABLES; t++)
		if (in->made[t].rows)
			return true;
	if (!balance->read)
		diagnose(in->diagnostics, SEVERITY_ERROR, "nothing-usable", place, "holds nothing that %s knows",
			 in->job->importer->name);
	else
		diagnose(in->diagnostics, SEVERITY_ERROR, "nothing-usable", place,
			 "nothing in it becomes a row: %zu object%s read, %zu %s, e.g. %s", balance->read,
			 balance->read == 1 ? "" : "s", out->count ? out->items[0].count : balance->merged,
			 out->count ? out->items[0].reason : "without an element to go into",
			 out->count && out->items[0].example_count ? out->items[0].examples[0] : "-");
	return false;
}

static struct intake *intake_new(struct arena *arena, const struct net_import_job *job, struct diagnostics *diagnostics)
{
	struct intake *in = arena_alloc(arena, sizeof *in);

	in->arena = arena;
	in->strs = strs_new(arena);
	in->diagnostics = diagnostics;
	in->job = job;
	in->imported = arena_alloc(arena, sizeof *in->imported);
	in->imported->intake = in;
	for (int t = 0; t < NET_TABLES; t++) {
		table_init(&in->made[t], arena);
		table_init(&in->found[t], arena);
		table_init(&in->present[t], arena);
	}
	return in;
}

bool net_import_guess(struct arena *arena, struct source *source, struct sink *out, struct diagnostics *diagnostics)
{
	struct net_import_job job = { 0 };
	struct intake *in = intake_new(arena, &job, diagnostics);
	struct intake_sheet *sheet;

	in->name = source_name(source);
	sheet = intake_sheet_open(in, source, 0);
	if (sheet)
		csv_guess(in, sheet, out);
	return sheet;
}

struct net_imported *net_import(struct arena *arena, const struct net_import_job *job, struct diagnostics *diagnostics)
{
	struct intake *in = intake_new(arena, job, diagnostics);

	if (job->map && !(in->map = intake_map_read(in, job->map)))
		return NULL;
	if (!intake_read_found(in))
		return NULL;
	read_all(in);
	if (!is_usable(in))
		return NULL;
	intake_map_end(in);
	intake_lay_over(in);
	return in->imported;
}
