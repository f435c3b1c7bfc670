/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resources of TM Forum's inventory interface (TMF639, versions 4 and 5): one object, a list of them, or several files.
 * Version 5 puts a level between a party's role and its name, and calls nothing else by another name that is read here.
 * Classes are those of the 3GPP models where `@type` is one (AMFFunction, EP_N2), else what the map, the specification or
 * the category says. Resources name each other, so rows are made when all files have been read (tmf639_rows.c).
 */
#include "net/import/tmf639.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ---- words ------------------------------------------------------------------------------------------------------- */

/* Small letters and digits alone: "hostedOn", "hosted on" and "HOSTED_ON" are one word. */
static void plain(const char *text, char out[40])
{
	size_t n = 0;

	for (; *text && n < 39; text++)
		if (isalnum((unsigned char)*text))
			out[n++] = (char)tolower((unsigned char)*text);
	out[n] = '\0';
}

static bool is_one_of(const char *text, const char *const *words)
{
	char word[40];

	plain(text, word);
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

static uint32_t intern(struct intake *in, const char *text)
{
	return strs_id(in->strs, text);
}

/* ---- what a resource says ---------------------------------------------------------------------------------------- */

/* The value under the first of these keys, of the resource itself or of its characteristics. */
static const char *said(struct intake *in, const json_t *resource, const char *const *keys)
{
	const json_t *characteristics = json_object_get(resource, "resourceCharacteristic"), *one;
	size_t i;

	for (const char *const *key = keys; *key; key++) {
		const char *text = intake_json_word(in, resource, *key);

		if (*text)
			return text;
		json_array_foreach(characteristics, i, one)
		{
			const char *name = json_string_value(json_object_get(one, "name"));

			if (!name || strcasecmp(name, *key) != 0)
				continue;
			text = intake_json_word(in, one, "value");
			if (*text)
				return text;
		}
	}
	return "";
}

/* Version 4: {role, name}; version 5: {role, partyOrPartyRole: {name}}. */
static const char *party(struct intake *in, const json_t *resource, const char *const *roles)
{
	const json_t *parties = json_object_get(resource, "relatedParty"), *one;
	size_t i;

	for (; *roles; roles++)
		json_array_foreach(parties, i, one)
		{
			const char *role = intake_json_word(in, one, "role"), *name;
			const json_t *inner = json_object_get(one, "partyOrPartyRole");
			const char *const only[] = { *roles, NULL };

			if (!is_one_of(role, only))
				continue;
			name = intake_json_word(in, inner ? inner : one, "name");
			if (!*name)
				name = intake_json_word(in, inner ? inner : one, "id");
			if (*name)
				return name;
		}
	return "";
}

/* Version 4: a place or a list of them; version 5: a list of {role, place}. */
static const json_t *place_of(const json_t *resource)
{
	const json_t *place = json_object_get(resource, "place"), *inner;

	if (json_is_array(place))
		place = json_array_get(place, 0);
	inner = json_object_get(place, "place");
	return inner ? inner : place;
}

static void read_relations(struct intake *in, struct tmf_resource *r, const json_t *resource)
{
	static const char *const hosts[] = { "hostedon", "ishostedby", "runson", "deployedon", "realizedon", NULL };
	static const char *const links[] = { "connectedto", "isconnectedto", "connects", "linkedto", NULL };
	static const char *const parts[] = { "composedof", "contains", "bundles", "haspart", NULL };
	static const char *const wholes[] = { "containedin", "containedby", "partof", "ispartof", NULL };
	const json_t *relations = json_object_get(resource, "resourceRelationship"), *one;
	size_t i;

	json_array_foreach(relations, i, one)
	{
		const json_t *other = json_object_get(one, "resource");
		const char *type = intake_json_word(in, one, "relationshipType"), *id;
		enum tmf_relation relation = is_one_of(type, hosts)    ? RELATION_HOST
					     : is_one_of(type, links)  ? RELATION_LINK
					     : is_one_of(type, parts)  ? RELATION_PART
					     : is_one_of(type, wholes) ? RELATION_WHOLE
								       : RELATION_NONE;

		id = intake_json_word(in, other ? other : one, "id");
		if (relation == RELATION_NONE || !*id)
			continue;
		if (r->relation_count == TMF_RELATIONS) {
			intake_note(in, "a resource has more than 1000 relations; the rest is not kept",
				    strs_text(in->strs, r->id));
			break;
		}
		tmf_relation(in, r, relation, intern(in, id));
	}
}

static void read_ends(struct intake *in, struct tmf_resource *r, const json_t *resource)
{
	static const char *const far[] = { "farEndEntity", "aEnd",         "iubLinkNodeBFunction",
					   "connectedBss", "connectedRnc", NULL };
	static const char *const other[] = { "zEnd", NULL };
	static const char *const remote[] = { "remoteAddress", "remoteIpAddress", NULL };
	static const char *const local[] = { "localAddress", "localIpAddress", "ipAddress", "iPAddress",
					     "ipv4Address",  "ipv6Address",    NULL };

	r->far = intern(in, said(in, resource, far));
	r->other_far = intern(in, said(in, resource, other));
	r->remote = intern(in, said(in, resource, remote));
	r->address = intern(in, said(in, resource, local));
}

static void read_resource(struct intake *in, struct tmf_resource *r, const json_t *resource)
{
	static const char *const vendors[] = { "vendor", "manufacturer", "supplier", NULL };
	static const char *const managers[] = { "managedserviceprovider", "managedby", "maintainer", NULL };
	static const char *const vendor_keys[] = { "vendorName", "vendor", "manufacturer", NULL };
	static const char *const versions[] = { "swVersion", "softwareVersion", "resourceVersion", "hwVersion", NULL };
	static const char *const states[] = { "lifecycleState", "resourceStatus", "status", NULL };
	static const char *const labels[] = { "userLabel", NULL }, *const starts[] = { "startOperatingDate", NULL };
	static const char *const types[] = { "managedElementType", NULL }, *const functions[] = { "mFunction", NULL };
	static const char *const places[] = { "locationName", "siteId", NULL };
	static const char *const north[] = { "latitude", "siteLatitude", NULL };
	static const char *const east[] = { "longitude", "siteLongitude", NULL };
	const json_t *place = place_of(resource), *specification = json_object_get(resource, "resourceSpecification");
	const char *vendor = party(in, resource, vendors), *site;

	r->label = intern(in, said(in, resource, labels));
	r->vendor = intern(in, *vendor ? vendor : said(in, resource, vendor_keys));
	r->manager = intern(in, party(in, resource, managers));
	r->version = intern(in, said(in, resource, versions));
	r->state = intern(in, said(in, resource, states));
	r->since = intern(in, said(in, resource, starts));
	r->managed_type = intern(in, said(in, resource, types));
	r->of_function = intern(in, said(in, resource, functions));
	r->product = intern(in, intake_json_word(in, specification, "name"));
	site = intake_json_word(in, place, "name");
	if (!*site)
		site = intake_json_word(in, place, "id");
	r->site = intern(in, *site ? site : said(in, resource, places));
	r->latitude = intern(in, said(in, resource, north));
	r->longitude = intern(in, said(in, resource, east));
	read_ends(in, r, resource);
	read_relations(in, r, resource);
}

/* ---- resources among other objects ------------------------------------------------------------------------------- */

/* Why an object is no resource of the inventory, or NULL. */
static const char *no_resource(const json_t *object)
{
	const char *type = json_string_value(json_object_get(object, "@type"));
	const char *href = json_string_value(json_object_get(object, "href"));

	if (!json_is_object(object))
		return "no object";
	if (json_object_get(object, "resourceSpecCharacteristic") ||
	    (type && (strstr(type, "Specification") || !strcmp(type, "ResourceCandidate") ||
		      !strcmp(type, "ResourceCategory") || !strcmp(type, "ResourceCatalog"))))
		return "a specification or catalogue entry (TMF634): says what could be, not what is there";
	if (href && strstr(href, "resourceCatalogManagement"))
		return "a specification or catalogue entry (TMF634): says what could be, not what is there";
	if (!type)
		return "no resource: it has no @type";
	if (!json_object_get(object, "id") && !json_object_get(object, "name"))
		return "no resource: it has neither id nor name";
	return NULL;
}

static void read_object(struct intake *in, const json_t *object)
{
	const char *reason = no_resource(object), *id = intake_json_word(in, object, "id");
	const char *name = intake_json_word(in, object, "name");
	struct tmf_resource *r;

	if (reason) {
		intake_left_out(in, reason, *name ? name : *id ? id : in->name);
		return;
	}
	r = tmf_resource(in);
	r->id = intern(in, *id ? id : name);
	r->name = intern(in, name);
	r->type = intern(in, intake_json_word(in, object, "@type"));
	/* A part of the 3GPP models (a rule, a service) that is no function is none by the category that it is filed under. */
	if (strcmp(intake_json_word(in, object, "@baseType"), "ManagedFunction") != 0)
		r->category = intern(in, intake_json_word(in, object, "category"));
	r->file = in->base_name;
	read_resource(in, r, object);
}

const char *tmf639_recognise(const char *head, size_t bytes)
{
	if (!intake_json_has(head, bytes, "@type") || intake_json_has(head, bytes, "resourceSpecCharacteristic") ||
	    intake_json_has(head, bytes, "swagger") || intake_json_has(head, bytes, "openapi"))
		return NULL;
	if (intake_json_has(head, bytes, "resourceCharacteristic") ||
	    intake_json_has(head, bytes, "resourceRelationship") || intake_json_has(head, bytes, "resourceStatus"))
		return "TM Forum resources";
	return NULL;
}

void tmf639_read(struct intake *in, struct source *source)
{
	json_t *root = intake_json(in, source);
	const json_t *one;
	size_t i;

	if (!root)
		return;
	if (!json_is_array(root) && !json_is_object(root))
		intake_refuse(in, "wrong-format", 1, "is neither a resource nor a list of resources");
	else if (json_object_get(root, "swagger") || json_object_get(root, "openapi"))
		intake_refuse(in, "wrong-format", 1,
			      "describes an interface (OpenAPI); resources are what it answers with");
	else if (json_is_array(root))
		json_array_foreach(root, i, one)
		{
			read_object(in, one);
		}
	else
		read_object(in, root);
	json_decref(root);
}
