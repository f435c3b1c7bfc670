/* SPDX-License-Identifier: Apache-2.0 */
/* What a service is, and whom it speaks to: by its image, its component's name, its command, and its configuration. */
#include "net/import/compose.h"

#include <string.h>
#include <strings.h>

/* ---- functions --------------------------------------------------------------------------------------------------- */

static const struct {
	const char *word, *function;
} known[] = {
	{ "sgwc", "SGW-C" },   { "sgwu", "SGW-U" },     { "pgwc", "PGW-C" },     { "pgwu", "PGW-U" },
	{ "pcscf", "P-CSCF" }, { "icscf", "I-CSCF" },   { "scscf", "S-CSCF" },   { "pyhss", "HSS" },
	{ "osmomsc", "MSC" },  { "osmohlr", "HLR" },    { "gnb", "gNB" },        { "enb", "eNB" },
	{ "srsgnb", "gNB" },   { "srsenb", "eNB" },     { "oaignb", "gNB" },     { "oaienb", "eNB" },
	{ "ue", "UE" },        { "n3iwue", "UE" },      { "eupf", "UPF" },       { "du", "gNB-DU" },
	{ "cu", "gNB-CU" },    { "cucp", "gNB-CU-CP" }, { "cuup", "gNB-CU-UP" }, { "nr", NULL },
};

static const char *function_of_word(struct compose *c, const char *word)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcasecmp(known[i].word, word) == 0)
			return known[i].function;
	return intake_function(c->in, "service", word);
}

/* A word and its parts from the last to the first, without the numbers behind them: "ueransim-gnb-1", "upf2". */
static const char *function_of(struct compose *c, const char *text)
{
	char word[100];
	const char *function = NULL;
	size_t bytes = strlen(text), n = 0;

	if (!bytes || bytes >= sizeof word)
		return NULL;
	function = function_of_word(c, text);
	for (size_t end = bytes; end && !function; end = n) {
		for (n = end; n && !strchr("-_./", text[n - 1]);)
			n--;
		memcpy(word, text + n, end - n);
		word[end - n] = '\0';
		for (size_t length = strlen(word); length && word[length - 1] >= '0' && word[length - 1] <= '9';)
			word[--length] = '\0';
		function = *word ? function_of_word(c, word) : NULL;
		n -= n > 0;
	}
	return function;
}

/* "NAME=VALUE" of a list, or a table. */
static const char *environment(struct compose *c, const struct compose_service *service, const char *name)
{
	const struct yaml *all = yaml_get(service->table, "environment");
	size_t bytes = strlen(name);

	for (size_t i = 0; all && all->kind == YAML_LIST && i < all->count; i++) {
		const char *text = yaml_text(all->items[i]);

		if (strncmp(text, name, bytes) == 0 && text[bytes] == '=')
			return compose_filled(c, text + bytes + 1);
	}
	return compose_filled(c, yaml_text(yaml_get(all, name)));
}

static const char *function_of_image(struct compose *c, const char *image)
{
	const char *slash = strrchr(image, '/'), *base = slash ? slash + 1 : image;
	size_t bytes = strcspn(base, ":@");

	return function_of(c, arena_text(c->in->arena, base, bytes));
}

const char *compose_function(struct compose *c, const struct compose_service *service)
{
	const char *command = yaml_text(yaml_get(service->table, "command")), *function;
	const char *component = environment(c, service, "COMPONENT_NAME");

	if (intake_mapped(c->in, "service", service->name, NULL))
		return intake_function(c->in, "service", service->name);
	if (*component)
		return function_of(c, component);
	if (strstr(command, "nr-gnb"))
		return "gNB";
	if (strstr(command, "nr-ue"))
		return "UE";
	function = function_of_image(c, compose_filled(c, yaml_text(yaml_get(service->table, "image"))));
	return function ? function : function_of(c, service->name);
}

/* ---- whose configuration ----------------------------------------------------------------------------------------- */

/* What of a path lies below a folder, or NULL. */
static const char *below(const char *path, const char *folder, size_t bytes)
{
	if (!bytes)
		return path;
	return strncmp(path, folder, bytes) == 0 && path[bytes] == '/' ? path + bytes + 1 : NULL;
}

/* "./config/amfcfg.yaml:/free5gc/config/amfcfg.yaml" or "./amf:/mnt/amf", and a table with a source. */
static bool is_mounted(struct compose *c, const struct yaml *volume, const char *relative)
{
	const char *text = compose_filled(c, volume->kind == YAML_TABLE ? yaml_text(yaml_get(volume, "source"))
									: yaml_text(volume));
	size_t bytes = strcspn(text, ":");
	const char *rest;

	if (bytes < 3 || strncmp(text, "./", 2) != 0)
		return false;
	text += 2;
	bytes -= 2;
	while (bytes && text[bytes - 1] == '/')
		bytes--;
	if (strlen(relative) == bytes && strncmp(relative, text, bytes) == 0)
		return true;
	rest = below(relative, text, bytes);
	return rest && !strchr(rest, '/');
}

bool compose_mounts(struct compose *c, const struct compose_service *service, const struct compose_file *file)
{
	const struct yaml *volumes = yaml_get(service->table, "volumes");
	const char *slash = strrchr(service->file->path, '/'), *relative;

	relative = below(file->path, service->file->path, slash ? (size_t)(slash - service->file->path) : 0);
	for (size_t i = 0; relative && volumes && volumes->kind == YAML_LIST && i < volumes->count; i++)
		if (is_mounted(c, volumes->items[i], relative))
			return true;
	return false;
}

/* ---- whom it speaks to ------------------------------------------------------------------------------------------- */

static bool in_list(const char *list, const char *word)
{
	size_t bytes = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += bytes)
		if ((at == list || at[-1] == ' ') && (!at[bytes] || at[bytes] == ','))
			return true;
	return false;
}

/* The first reference point between two functions; SBI between functions of the 5G core that have none of their own. */
static const char *point_between(const char *a, const char *b)
{
	static const char service_based[] =
		"AMF, SMF, PCF, NEF, NRF, UDM, AUSF, UDR, NSSF, SCP, BSF, CHF, SEPP, NWDAF, AF";

	for (size_t i = 0; i < net_reference_point_count; i++) {
		const struct net_reference_point *p = &net_reference_points[i];

		if ((in_list(p->a, a) && in_list(p->b, b)) || (in_list(p->a, b) && in_list(p->b, a)))
			return p->name;
	}
	return in_list(service_based, a) && in_list(service_based, b) ? "SBI" : "";
}

/* A service that an address or host name is of; "http://" before and ":8000/path" behind do not matter. */
static struct compose_service *service_of(struct compose *c, const char *text)
{
	const char *scheme = strstr(text, "://"), *host = scheme ? scheme + 3 : text, *value;
	size_t bytes = *host == '[' ? strcspn(host, "]") : strcspn(host, ":/");

	if (bytes == 0 || bytes > 255)
		return NULL;
	/* Start scripts put the value of a variable where its name stands: AMF_IP. */
	host = arena_text(c->in->arena, host, bytes);
	value = compose_variable(c, host);
	host = value ? value : host;
	for (size_t i = 0; i < c->names.count; i++)
		if (strcmp(c->names.items[i].name, host) == 0)
			return c->names.items[i].service;
	return NULL;
}

static void connect(struct compose *c, const struct compose_service *a, const struct compose_service *b,
		    const char *point)
{
	if (!a || !b || !a->element || !b->element || strcmp(a->element, b->element) == 0)
		return;
	intake_link(c->in, a->element, b->element, point ? point : point_between(a->function, b->function));
}

static void walk(struct compose *c, const struct compose_service *service, const struct yaml *node, int depth)
{
	if (++c->visits >= YAML_VISITS || depth == INTAKE_DEPTH) {
		if (c->visits == YAML_VISITS || depth == INTAKE_DEPTH)
			intake_note(c->in,
				    "a configuration has too many values, or too deep ones; the rest is not looked at",
				    service->name);
		return;
	}
	if (node->kind == YAML_TEXT)
		connect(c, service, service_of(c, node->text), NULL);
	for (size_t i = 0; node->kind != YAML_TEXT && i < node->count; i++)
		walk(c, service, node->items[i], depth + 1);
}

/*
 * Of an SMF of free5GC: which base stations and UPFs are beside each other. Names of its own for base stations, so every
 * base station of the case is meant.
 */
static void user_plane(struct compose *c, struct compose_service *smf, const struct yaml *root)
{
	const struct yaml *plane = yaml_get(yaml_get(root, "configuration"), "userplaneInformation");
	const struct yaml *links = yaml_get(plane, "links"), *nodes = yaml_get(plane, "upNodes");

	for (size_t i = 0; links && links->kind == YAML_LIST && i < links->count; i++) {
		const struct yaml *a = yaml_get(nodes, yaml_text(yaml_get(links->items[i], "A")));
		const struct yaml *b = yaml_get(nodes, yaml_text(yaml_get(links->items[i], "B")));
		bool a_is_upf = strcmp(yaml_text(yaml_get(a, "type")), "UPF") == 0;
		bool b_is_upf = strcmp(yaml_text(yaml_get(b, "type")), "UPF") == 0;
		struct compose_service *x = service_of(c, yaml_text(yaml_get(a, "nodeID")));
		struct compose_service *y = service_of(c, yaml_text(yaml_get(b, "nodeID")));

		if (a_is_upf && b_is_upf)
			connect(c, x, y, "N9");
		smf->smf_links = "";
		for (size_t k = 0; a_is_upf != b_is_upf && k < c->services.count; k++)
			if (c->services.items[k].function && strcmp(c->services.items[k].function, "gNB") == 0)
				connect(c, &c->services.items[k], a_is_upf ? x : y, "N3");
	}
}

static bool is(const struct compose_service *service, const char *function)
{
	return service->element && strcmp(service->function, function) == 0;
}

static bool are_linked(struct compose *c, const struct compose_service *a, const struct compose_service *b,
		       const char *point)
{
	struct intake *in = c->in;

	return intake_find(in, &in->made[NET_LINKS],
			   arena_printf(in->arena, "%s|%s|%s", a->element, b->element, point)) != CODE_UNKNOWN ||
	       intake_find(in, &in->made[NET_LINKS],
			   arena_printf(in->arena, "%s|%s|%s", b->element, a->element, point)) != CODE_UNKNOWN;
}

/* Where no SMF says it: a base station at an AMF uses every UPF that an SMF has. */
static void usual_user_plane(struct compose *c)
{
	struct compose_service *all = c->services.items;

	for (size_t s = 0; s < c->services.count; s++)
		if (all[s].smf_links)
			return;
	for (size_t u = 0; u < c->services.count; u++) {
		bool has_smf = false;

		for (size_t s = 0; s < c->services.count && is(&all[u], "UPF") && !has_smf; s++)
			has_smf = is(&all[s], "SMF") && are_linked(c, &all[s], &all[u], "N4");
		for (size_t g = 0; g < c->services.count && has_smf; g++)
			if (is(&all[g], "gNB"))
				connect(c, &all[g], &all[u], "N3");
	}
}

void compose_links(struct compose *c)
{
	for (size_t f = 0; f < c->configuration.count; f++) {
		const struct compose_file *file = &c->configuration.items[f];
		bool used = false;

		c->in->base_name = file->base_name;
		for (size_t s = 0; s < c->services.count; s++) {
			struct compose_service *service = &c->services.items[s];

			if (!compose_mounts(c, service, file))
				continue;
			used = true;
			if (!service->element)
				continue;
			walk(c, service, file->root, 0);
			if (is(service, "SMF"))
				user_plane(c, service, file->root);
		}
		if (used)
			intake_merged(c->in);
		else
			intake_left_out(c->in, "a configuration that no service mounts", file->path);
	}
	if (!c->configuration.count)
		intake_note(c->in, "without configuration files there are no links", c->compose.items[0].path);
	c->in->base_name = c->compose.items[0].base_name;
	usual_user_plane(c);
}
