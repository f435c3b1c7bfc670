/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The five tables and the columns each is known to have: names, types, what a cell must be. A column that is not here
 * is the user's own. The rows are in the order in which a table is written out.
 */
#include "net/stage.h"

#include <string.h>

#define COUNTED(least, most) (int64_t)(least) * MICRO, (int64_t)(most)*MICRO
#define ANY_AMOUNT           0, INT64_MAX

static const struct known_column vendors[] = {
	{ "vendor", TYPE_TEXT, COLUMN_KEY | COLUMN_REQUIRED, 0, 0 },
	{ "name", TYPE_TEXT, 0, 0, 0 },
	{ "jurisdiction", TYPE_TEXT, COLUMN_ALWAYS | COLUMN_COUNTRY, 0, 0 },
	{ "owner", TYPE_VENDOR, COLUMN_ALWAYS, 0, 0 },
	{ "owner_name", TYPE_TEXT, COLUMN_DERIVED, 0, 0 },
	{ "vendor_id", TYPE_TEXT, 0, 0, 0 }, /* in the profiles of an NRF (3GPP TS 29.510 clause 6.1.6.2.2) */
	{ "synthetic", TYPE_YESNO, 0, 0, 0 },
	{ "from", TYPE_TEXT, 0, 0, 0 },
};

static const struct known_column products[] = {
	{ "product", TYPE_TEXT, COLUMN_KEY | COLUMN_REQUIRED, 0, 0 },
	{ "vendor", TYPE_VENDOR, COLUMN_REQUIRED | COLUMN_ALWAYS, 0, 0 },
	{ "functions", TYPE_WORDS, COLUMN_FUNCTIONS, 0, 0 },
	{ "lifetime_years", TYPE_MEASURE, COLUMN_NO_ZERO, ANY_AMOUNT },
	{ "support_until", TYPE_DATE, 0, 0, 0 },
	{ "synthetic", TYPE_YESNO, 0, 0, 0 },
	{ "from", TYPE_TEXT, 0, 0, 0 },
};

static const struct known_column sites[] = {
	{ "site", TYPE_TEXT, COLUMN_KEY | COLUMN_REQUIRED, 0, 0 },
	{ "name", TYPE_TEXT, 0, 0, 0 },
	{ "lat", TYPE_MEASURE, COLUMN_NO_ZERO, COUNTED(-90, 90) },
	{ "lon", TYPE_MEASURE, COLUMN_NO_ZERO, COUNTED(-180, 180) },
	{ "region", TYPE_TEXT, COLUMN_ALWAYS, 0, 0 },
	{ "population", TYPE_MEASURE, 0, ANY_AMOUNT },
	{ "households", TYPE_MEASURE, 0, ANY_AMOUNT },
	{ "traffic", TYPE_MEASURE, 0, ANY_AMOUNT },
	{ "sensitive", TYPE_YESNO, 0, 0, 0 },
	{ "synthetic", TYPE_YESNO, 0, 0, 0 },
	{ "from", TYPE_TEXT, 0, 0, 0 },
};

static const struct known_column elements[] = {
	{ "element", TYPE_TEXT, COLUMN_KEY | COLUMN_REQUIRED, 0, 0 },
	{ "site", TYPE_SITE, COLUMN_REQUIRED | COLUMN_FILLED | COLUMN_ALWAYS, 0, 0 },
	{ "function", TYPE_FUNCTION, COLUMN_REQUIRED | COLUMN_ALWAYS, 0, 0 },
	{ "technology", TYPE_TECHNOLOGY, COLUMN_ALWAYS, 0, 0 },
	{ "layer", TYPE_LAYER, COLUMN_ALWAYS, 0, 0 },
	{ "vendor", TYPE_VENDOR, COLUMN_ALWAYS, 0, 0 },
	{ "product", TYPE_PRODUCT, COLUMN_ALWAYS, 0, 0 },
	{ "version", TYPE_TEXT, COLUMN_ALWAYS, 0, 0 },
	{ "addresses", TYPE_WORDS, COLUMN_ADDRESSES, 0, 0 },
	{ "group", TYPE_TEXT, 0, 0, 0 },
	{ "cluster", TYPE_TEXT, 0, 0, 0 },
	{ "anchor", TYPE_ELEMENT, COLUMN_ALWAYS, 0, 0 },
	{ "since", TYPE_DATE, COLUMN_ALWAYS, 0, 0 },
	{ "managed_by", TYPE_VENDOR, COLUMN_ALWAYS, 0, 0 },
	{ "hosted_on", TYPE_ELEMENT, COLUMN_ALWAYS, 0, 0 },
	{ "part_of", TYPE_ELEMENT, COLUMN_ALWAYS, 0, 0 },
	{ "shared_with", TYPE_WORDS, 0, 0, 0 },
	{ "traffic", TYPE_MEASURE, 0, ANY_AMOUNT },
	{ "synthetic", TYPE_YESNO, 0, 0, 0 },
	{ "from", TYPE_TEXT, 0, 0, 0 },
};

static const struct known_column links[] = {
	{ "link", TYPE_TEXT, COLUMN_KEY, 0, 0 },
	{ "a", TYPE_ELEMENT, COLUMN_REQUIRED | COLUMN_FILLED | COLUMN_ALWAYS, 0, 0 },
	{ "b", TYPE_ELEMENT, COLUMN_REQUIRED | COLUMN_FILLED | COLUMN_ALWAYS, 0, 0 },
	{ "reference_point", TYPE_REFERENCE, COLUMN_ALWAYS, 0, 0 },
	{ "capacity", TYPE_MEASURE, 0, ANY_AMOUNT },
	{ "synthetic", TYPE_YESNO, 0, 0, 0 },
	{ "from", TYPE_TEXT, 0, 0, 0 },
};

static const struct {
	const char *file, *singular, *prefix;
	const struct known_column *columns;
	size_t count;
} tables[NET_TABLES] = {
	[NET_VENDORS] = { "vendors.csv", "vendor", "vendors", vendors, sizeof vendors / sizeof *vendors },
	[NET_PRODUCTS] = { "products.csv", "product", "products", products, sizeof products / sizeof *products },
	[NET_SITES] = { "sites.csv", "site", "sites", sites, sizeof sites / sizeof *sites },
	[NET_ELEMENTS] = { "elements.csv", "element", "elements", elements, sizeof elements / sizeof *elements },
	[NET_LINKS] = { "links.csv", "link", "links", links, sizeof links / sizeof *links },
};

const char *net_table_file(enum net_table_name name)
{
	return tables[name].file;
}

const char *net_table_singular(enum net_table_name name)
{
	return tables[name].singular;
}

bool net_table_of_file(const char *file_name, enum net_table_name *name)
{
	const char *slash = strrchr(file_name, '/');
	const char *base = slash ? slash + 1 : file_name;
	size_t bytes = strlen(base);

	for (int t = 0; t < NET_TABLES; t++) {
		size_t prefix = strlen(tables[t].prefix);

		if (bytes < prefix + 4 || strncmp(base, tables[t].prefix, prefix) != 0 ||
		    strcmp(base + bytes - 4, ".csv") != 0)
			continue;
		if (bytes == prefix + 4 || base[prefix] == '-') {
			*name = (enum net_table_name)t;
			return true;
		}
	}
	return false;
}

const struct known_column *known_columns(enum net_table_name name, size_t *count)
{
	*count = tables[name].count;
	return tables[name].columns;
}

const struct known_column *known_column_find(enum net_table_name name, const char *text, size_t bytes)
{
	for (size_t i = 0; i < tables[name].count; i++) {
		const struct known_column *column = &tables[name].columns[i];

		if (strlen(column->name) == bytes && memcmp(column->name, text, bytes) == 0)
			return column;
	}
	return NULL;
}

bool net_country_known(const char *letters)
{
	/* ISO 3166-1 alpha-2: the officially assigned codes, then those set aside for users (clause 8.1.3). */
	static const char codes[] = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCF"
				    "CGCHCICKCLCMCNCOCRCUCVCW"
				    "CXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGY"
				    "HKHMHNHRHTHUIDIEILIMINIO"
				    "IQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMN"
				    "MOMPMQMRMSMTMUMVMWMXMYMZ"
				    "NANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSI"
				    "SJSKSLSMSNSOSRSSSTSVSXSY"
				    "SZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

	for (size_t i = 0; i + 1 < sizeof codes; i += 2)
		if (codes[i] == letters[0] && codes[i + 1] == letters[1])
			return true;
	return letters[0] == 'X' || (letters[0] == 'Q' && letters[1] >= 'M') ||
	       (letters[0] == 'A' && letters[1] == 'A') || (letters[0] == 'Z' && letters[1] == 'Z');
}
