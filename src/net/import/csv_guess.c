/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mapping proposed from a file's header: known exports by their columns, then words that people use for what proviso
 * calls otherwise. A person reads it before it is used.
 */
#include "net/import/csv.h"

#include <string.h>
#include <strings.h>

struct known { /* an export that is known by its columns */
	const char *what;
	const char *columns[6];
	const char *mapping;
};

static const struct known exports[] = {
	{ "sites of nismod/cdcam",
	  { "id", "name", "lte_4G", "easting", "northing" },
	  "# Each row is a mast; 4G is modelled there, not counted. Add the regions:\n"
	  "#   lookup sectors = _processed_postcode_sectors.csv by id\n"
	  "#   sites.region = lookup(sectors, id, lad)\n"
	  "sites.site = name\n"
	  "sites.lat = osgrid_lat(easting, northing)\n"
	  "sites.lon = osgrid_lon(easting, northing)\n"
	  "sites.postcode_sector = id\n"
	  "sites.region = letters(id)\n"
	  "elements.element = if(lte_4G, \"1\", \"enb-\", \"bts-\") & name\n"
	  "elements.site = name\n"
	  "elements.function = if(lte_4G, \"1\", \"eNB\", \"BTS\")\n"
	  "elements.technology = if(lte_4G, \"1\", \"4G\", \"2G\")\n" },
	{ "core nodes of uk_digital_networks",
	  { "node", "area", "OLO", "inner", "outer", "metro" },
	  "sites.site = node\n"
	  "sites.olo = OLO\n"
	  "sites.region = area\n"
	  "elements.element = \"router-\" & OLO & \"-\" & node\n"
	  "elements.site = node\n"
	  "elements.function = \"core-router\"\n"
	  "elements.tier = if(inner, \"1\", \"inner\", if(outer, \"1\", \"outer\", \"metro\"))\n" },
};

/* Words in a header, in small letters without anything between them, and what they are called here. */
static const struct {
	const char *column, *words;
} words[] = {
	{ "site", " site siteid sitename sitecode cellsite location locationid mastid towerid cabinet " },
	{ "lat", " lat latitude y ycoord latitudewgs84 " },
	{ "lon", " lon lng long longitude x xcoord longitudewgs84 " },
	{ "region", " region district county province state area municipality department ort kreis " },
	{ "population", " population pop inhabitants einwohner " },
	{ "element", " element elementid node nodeid nodename ne neid nename enbid gnbid hostname device equipment " },
	{ "function", " function role type nodetype netype devicerole category " },
	{ "technology", " technology tech rat radio generation " },
	{ "vendor", " vendor manufacturer supplier oem make hersteller lieferant " },
	{ "product", " product model hardware hwtype producttype partnumber " },
	{ "version", " version software softwareversion swversion release firmware " },
	{ "addresses", " address addresses ip ipaddress oamip managementip mgmtip " },
	{ "since", " since installed installdate commissioned onairdate inservice inservicedate " },
};

static bool has_all(const struct intake_sheet *sheet, const char *const columns[6])
{
	for (size_t i = 0; i < 6 && columns[i]; i++)
		if (intake_sheet_column(sheet, columns[i]) == INTAKE_NO_COLUMN)
			return false;
	return true;
}

/* The name of the column of ours that a header's word means, or NULL. */
static const char *meant(const char *header)
{
	char plain[64] = " ";
	size_t n = 1;

	for (; *header && n + 2 < sizeof plain; header++)
		if ((*header >= 'a' && *header <= 'z') || (*header >= '0' && *header <= '9'))
			plain[n++] = *header;
		else if (*header >= 'A' && *header <= 'Z')
			plain[n++] = (char)(*header + 'a' - 'A');
	plain[n++] = ' ';
	plain[n] = '\0';
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(words[i].words, plain))
			return words[i].column;
	return NULL;
}

static const char *first_of(const struct intake_sheet *sheet, const char *column)
{
	const char *const *names;
	size_t count = intake_sheet_columns(sheet, &names);

	for (size_t i = 0; i < count; i++) {
		const char *here = meant(names[i]);

		if (here && strcmp(here, column) == 0)
			return names[i];
	}
	return NULL;
}

/* What names a row where no column says of what. */
static const char *some_id(const struct intake_sheet *sheet)
{
	static const char *const any[] = { "id", "code", "name", "key" };
	const char *const *names;

	intake_sheet_columns(sheet, &names);
	for (size_t i = 0; i < sizeof any / sizeof *any; i++) {
		size_t column = intake_sheet_column(sheet, any[i]);

		if (column != INTAKE_NO_COLUMN)
			return names[column];
	}
	return NULL;
}

static void line(struct sink *out, const char *column, const char *name)
{
	bool bare = name && !name[strcspn(name, "&,()[]\"")];

	if (name)
		sink_printf(out, bare ? "%s = %s\n" : "%s = [%s]\n", column, name);
}

static void guess_words(const struct intake_sheet *sheet, struct sink *out)
{
	static const char *const of_site[] = { "lat", "lon", "region", "population" };
	static const char *const of_element[] = { "function", "technology", "vendor", "product",
						  "version",  "addresses",  "since" };
	const char *site = first_of(sheet, "site"), *element = first_of(sheet, "element");
	char column[32];

	if (!site && !element)
		site = some_id(sheet);
	line(out, "sites.site", site ? site : element);
	if (intake_sheet_column(sheet, "easting") != INTAKE_NO_COLUMN &&
	    intake_sheet_column(sheet, "northing") != INTAKE_NO_COLUMN)
		sink_text(out,
			  "sites.lat = osgrid_lat(easting, northing)\nsites.lon = osgrid_lon(easting, northing)\n");
	for (size_t i = 0; i < sizeof of_site / sizeof *of_site; i++) {
		snprintf(column, sizeof column, "sites.%s", of_site[i]);
		line(out, column, first_of(sheet, of_site[i]));
	}
	if (!element && !first_of(sheet, "function") && !first_of(sheet, "vendor"))
		return;
	line(out, "elements.element", element ? element : site);
	line(out, "elements.site", site ? site : element);
	for (size_t i = 0; i < sizeof of_element / sizeof *of_element; i++) {
		snprintf(column, sizeof column, "elements.%s", of_element[i]);
		line(out, column, first_of(sheet, of_element[i]));
	}
}

static bool is_named(const char *mapping, const char *name)
{
	return strstr(mapping, name) != NULL;
}

/* The columns that nothing is made of, as comments. */
static void rest(const struct intake_sheet *sheet, const char *mapping, struct sink *out)
{
	const char *const *names;
	size_t count = intake_sheet_columns(sheet, &names);

	for (size_t i = 0; i < count; i++)
		if (*names[i] && !is_named(mapping, names[i]))
			sink_printf(out, "# not used: %s\n", names[i]);
}

void csv_guess(struct intake *in, const struct intake_sheet *sheet, struct sink *out)
{
	struct sink *mapping = sink_to_memory(in->arena);
	const char *text;
	size_t bytes;

	for (size_t i = 0; i < sizeof exports / sizeof *exports; i++)
		if (has_all(sheet, exports[i].columns)) {
			sink_printf(out, "# %s\n%s", exports[i].what, exports[i].mapping);
			return;
		}
	guess_words(sheet, mapping);
	text = sink_memory(mapping, &bytes);
	sink_put(out, text, bytes);
	rest(sheet, text, out);
}
