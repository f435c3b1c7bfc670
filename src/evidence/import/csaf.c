/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSAF 2.0 advisories and VEX statements become claims about versions of products: `CVE-2023-1 = known-affected`, from
 * the publisher, of the day of the document's current release. A version range is left out: the model knows versions,
 * and a guess which of them are meant would be ours. Where a relationship joins two products, the status is of the two
 * together, and the claim is about the name that the document gives that pair.
 */
#include "evidence/import/csaf.h"

#include <string.h>

static const struct status_value {
	const char *key, *value;
} status_values[] = {
	{ "known_affected", "known-affected" },
	{ "first_affected", "known-affected" },
	{ "last_affected", "known-affected" },
	{ "fixed", "fixed" },
	{ "first_fixed", "fixed" },
	{ "recommended", "fixed" },
	{ "known_not_affected", "not-affected" },
	{ "under_investigation", "under-investigation" },
};

/* The number a vulnerability goes by: CVE, else the first id of a tracking system. */
static const char *vulnerability_id(const json_t *vulnerability)
{
	const char *cve = json_word(vulnerability, "cve");

	return cve ? cve : json_word(json_array_get(json_object_get(vulnerability, "ids"), 0), "text");
}

static const char *tlp_of(const struct csaf *c)
{
	const char *label = json_word(json_object_get(json_object_get(c->document, "distribution"), "tlp"), "label");

	return label && !strcmp(label, "WHITE") ? "CLEAR" : label; /* TLP 1.0's WHITE is 2.0's CLEAR */
}

/* Why a product is not affected, where a flag of the document names it. */
struct justification {
	struct csaf *csaf;
	struct csaf_marks *marks; /* number of the flag, counted from 1 */
	uint32_t number;
};

static void justify(void *context, const char *id)
{
	struct justification *j = context;
	uint32_t *mark = csaf_mark(j->marks, id);

	if (mark)
		*mark = j->number;
}

static const char *note_of(struct csaf *c, const json_t *vulnerability, struct csaf_marks *marks, const char *id)
{
	const uint32_t *mark = csaf_mark(marks, id);
	const json_t *flag = mark && *mark ? json_array_get(json_object_get(vulnerability, "flags"), *mark - 1) : NULL;
	const char *title = json_word(vulnerability, "title");

	if (flag && title)
		return import_copy(c->file, arena_printf(c->file->arena, "%s: %s", json_word(flag, "label"), title));
	return flag ? import_copy(c->file, json_word(flag, "label")) : title ? import_copy(c->file, title) : NULL;
}

static void claim_status(struct csaf *c, const char *vulnerability, const char *value, const char *id, const char *note)
{
	const struct csaf_product *product = csaf_product(c, id);
	const char *tracking_id = json_word(c->tracking, "id");
	struct claim *claim;

	if (product->range) {
		import_leave_out(c->file, "version range: the model knows versions only",
				 arena_printf(c->file->arena, "%s %s", product->full_name, vulnerability));
		return;
	}
	import_use(c->file);
	claim = import_claim(c->file,
			     arena_printf(c->file->arena, "csaf-%s", import_slug(c->file->arena, tracking_id)));
	claim->about = ABOUT_PRODUCT;
	claim->subject = import_copy(c->file, product->name ? product->name : product->full_name);
	claim->version = product->name && product->version ? import_copy(c->file, product->version) : NULL;
	claim->attribute = import_copy(c->file, vulnerability);
	claim->value = value;
	claim->kind = "advisory";
	claim->from = import_copy(c->file, json_word(json_object_get(c->document, "publisher"), "name"));
	claim->dated = claim->dated_to = import_day(json_word(c->tracking, "current_release_date"));
	claim->tlp = tlp_of(c);
	claim->source = import_copy(c->file, arena_printf(c->file->arena, "%s, version %s", tracking_id,
							  json_word(c->tracking, "version")));
	claim->note = note;
	import_again(c->file); /* first fixed and recommended are one claim: it is fixed */
}

static void claim_vulnerability(struct csaf *c, const json_t *vulnerability, struct csaf_marks *marks)
{
	const json_t *status = json_object_get(vulnerability, "product_status"), *item;
	const char *id = vulnerability_id(vulnerability);
	struct justification j = { c, marks, 0 };
	size_t k;

	csaf_forget(marks);
	json_array_foreach(json_object_get(vulnerability, "flags"), k, item)
	{
		j.number = (uint32_t)k + 1;
		csaf_each_product(c, item, justify, &j);
	}
	for (size_t i = 0; i < sizeof status_values / sizeof *status_values; i++)
		json_array_foreach(json_object_get(status, status_values[i].key), k, item)
		{
			if (id)
				claim_status(c, id, status_values[i].value, json_string_value(item),
					     note_of(c, vulnerability, marks, json_string_value(item)));
			else
				import_leave_out(c->file, "vulnerability without a number",
						 json_word(vulnerability, "title") ? json_word(vulnerability, "title")
										   : "(no title)");
		}
}

static void claim_all(struct csaf *c)
{
	struct csaf_marks marks = csaf_marks(c);
	const json_t *vulnerability;
	size_t i;

	json_array_foreach(c->vulnerabilities, i, vulnerability) claim_vulnerability(c, vulnerability, &marks);
}

void csaf_read(struct import_file *file)
{
	struct csaf c = { .file = file, .root = import_json(file) };

	if (!c.root)
		return;
	if (csaf_check_shape(file, c.root)) {
		c.document = json_object_get(c.root, "document");
		c.tracking = json_object_get(c.document, "tracking");
		c.tree = json_object_get(c.root, "product_tree");
		c.vulnerabilities = json_object_get(c.root, "vulnerabilities");
		csaf_read_products(&c);
		csaf_check_tracking(&c);
		csaf_check_profile(&c);
		csaf_check_vulnerabilities(&c);
		if (!file->imported->refused)
			claim_all(&c);
	}
	json_decref(c.root);
}
