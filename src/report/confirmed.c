/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much of the inventory somebody else than the operator has seen: what an answer about vendors and versions is worth.
 * The same words on each page, the same keys in each JSON.
 */
#include "report/confirmed.h"
#include "report/say.h"

static const char *const names[CONFIRMED_KINDS] = {
	[CONFIRMED_VENDOR] = "vendor", [CONFIRMED_VERSION] = "version", [CONFIRMED_BOTH] = "both"
};
static const char *const words[CONFIRMED_KINDS] = {
	[CONFIRMED_VENDOR] = "the vendor", [CONFIRMED_VERSION] = "the version", [CONFIRMED_BOTH] = "vendor and version"
};

static const char *traffic_of(struct arena *a, const struct confirmation *c, enum confirmed_of of)
{
	int64_t share = share_ppb(c->traffic_confirmed[of], c->traffic);

	return arena_printf(a, "%s of the traffic", say_share(a, share, -1));
}

const char *confirmed_line(struct arena *a, const struct confirmation *c, enum confirmed_of of)
{
	int64_t share = c->elements ? share_ppb((wide)c->confirmed[of], (wide)c->elements) : 0;

	return arena_printf(a, "%s: %s of %s (%s)%s%s", words[of], say_number(a, c->confirmed[of]),
			    say_count(a, c->elements, "element"), say_share(a, share, -1), c->traffic_of ? ", " : "",
			    c->traffic_of ? traffic_of(a, c, of) : "");
}

const char *confirmed_head(struct arena *a, const struct confirmation *c)
{
	bool none = !c->confirmed[CONFIRMED_VENDOR] && !c->confirmed[CONFIRMED_VERSION];

	return none ? arena_printf(a,
				   "The inventory is the operator's word: of its %s nobody else (a probe, an audit) "
				   "confirms vendor or version.",
				   say_count(a, c->elements, "element"))
		    : "The inventory is the operator's word. Others (a probe, an audit) confirm:";
}

const char *confirmed_foot(struct arena *a, const struct confirmation *c)
{
	bool sites = c->traffic_of && c->traffic_of[0] == 's';

	if (!c->traffic_of)
		return "By traffic it can't be said: no element and no site states any.";
	if (!sites && !c->traffic_missing)
		return "";
	return arena_printf(a, "%s%s%s%s", sites ? "A site's traffic counts where all its elements are confirmed." : "",
			    sites && c->traffic_missing ? " " : "",
			    c->traffic_missing ? say_count(a, c->traffic_missing, sites ? "site" : "element") : "",
			    !c->traffic_missing       ? ""
			    : c->traffic_missing == 1 ? " states no traffic and is left out of it."
						      : " state no traffic and are left out of it.");
}

bool confirmed_any(const struct confirmation *c)
{
	return c->confirmed[CONFIRMED_VENDOR] || c->confirmed[CONFIRMED_VERSION];
}

static void share_json(struct json *j, const char *key, wide part, wide whole)
{
	json_key(j, key);
	json_share(j, share_ppb(part, whole));
}

void confirmed_json(struct json *j, const struct confirmation *c)
{
	json_key(j, "confirmed");
	if (!c->elements) {
		json_null(j);
		return;
	}
	json_object(j);
	json_key(j, "elements");
	json_int(j, (int64_t)c->elements);
	json_key(j, "traffic_of");
	json_text(j, c->traffic_of);
	json_key(j, "traffic_missing");
	json_int(j, (int64_t)c->traffic_missing);
	for (int of = 0; of < CONFIRMED_KINDS; of++) {
		json_key(j, names[of]);
		json_object(j);
		json_key(j, "elements");
		json_int(j, (int64_t)c->confirmed[of]);
		share_json(j, "share", (wide)c->confirmed[of], (wide)c->elements);
		if (c->traffic_of) {
			share_json(j, "traffic_share", c->traffic_confirmed[of], c->traffic);
		} else {
			json_key(j, "traffic_share");
			json_null(j);
		}
		json_object_end(j);
	}
	json_object_end(j);
}
