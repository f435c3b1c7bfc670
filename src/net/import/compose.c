/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A core as it is declared for docker compose: services are elements, by what their image, their component's name or
 * their command says they are; their fixed addresses and names; and the configuration files that they mount say whom they
 * speak to. All files of a core are given at once: compose files, the .env file, configuration.
 */
#include "net/import/compose.h"

#include <string.h>

enum { MOST_BYTES = 16 << 20, LONGEST_VALUE = 4000, MOST_SERVICES = 1000, MOST_NAMES = 5000, MOST_VARIABLES = 5000 };

/* Room for one more of a list: items, count, room. */
#define MAKE_ROOM(arena, list)                                                                                         \
	do {                                                                                                           \
		if ((list).count == (list).room) {                                                                     \
			size_t more_ = (list).room * 2 + 16;                                                           \
			(list).items = arena_grow(arena, (list).items, (list).room * sizeof *(list).items,             \
						  more_ * sizeof *(list).items);                                       \
			(list).room = more_;                                                                           \
		}                                                                                                      \
	} while (0)

/* ---- variables --------------------------------------------------------------------------------------------------- */

const char *compose_variable(const struct compose *c, const char *name)
{
	for (size_t i = 0; i < c->variables.count; i++)
		if (strcmp(c->variables.items[i].name, name) == 0)
			return c->variables.items[i].value;
	return NULL;
}

/* "NAME", "NAME:-usual", "NAME-usual" of the braces. */
static const char *braced(struct compose *c, const char *text, size_t bytes)
{
	const char *inside = arena_text(c->in->arena, text, bytes);
	size_t name = strcspn(inside, ":-?+");
	const char *value = compose_variable(c, arena_text(c->in->arena, inside, name)), *usual = inside + name;

	usual += *usual == ':';
	return value ? value : *usual == '-' ? usual + 1 : "";
}

static bool is_name_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

const char *compose_filled(struct compose *c, const char *text)
{
	struct sink *out;
	size_t bytes;

	if (!strchr(text, '$'))
		return text;
	out = sink_to_memory(c->in->arena);
	for (const char *at = text; *at;) {
		const char *close = at[0] == '$' && at[1] == '{' ? strchr(at, '}') : NULL, *end = at + 1;

		if (close) {
			sink_text(out, braced(c, at + 2, (size_t)(close - at - 2)));
			at = close + 1;
			continue;
		}
		while (*at == '$' && is_name_byte(*end))
			end++;
		if (end > at + 1)
			sink_text(out, braced(c, at + 1, (size_t)(end - at - 1)));
		else
			sink_char(out, *at);
		at = end;
	}
	return sink_memory(out, &bytes);
}

/* "NAME=VALUE" lines; VALUE may be in quotes. */
static void read_variables(struct compose *c, const char *text)
{
	for (const char *at = text; *at;) {
		const char *end = strchrnul(at, '\n'), *sign = memchr(at, '=', (size_t)(end - at)), *from, *to = end;

		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		if (*at != '#' && sign && sign > at && end - sign < LONGEST_VALUE &&
		    c->variables.count < MOST_VARIABLES) {
			for (from = sign + 1; to > from && (unsigned char)to[-1] <= ' ';)
				to--;
			if (to - from >= 2 && (*from == '"' || *from == '\'') && to[-1] == *from)
				from++, to--;
			MAKE_ROOM(c->in->arena, c->variables);
			c->variables.items[c->variables.count++] =
				(struct compose_variable){ arena_text(c->in->arena, at, (size_t)(sign - at)),
							   arena_text(c->in->arena, from, (size_t)(to - from)) };
		}
		at = *end ? end + 1 : end;
	}
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static bool is_environment(const char *path)
{
	const char *base = strrchr(path, '/'), *dot;

	base = base ? base + 1 : path;
	dot = strrchr(base, '.');
	return strncmp(base, ".env", 4) == 0 || (dot && strcmp(dot, ".env") == 0) || strcmp(base, ".custom_env") == 0 ||
	       strcmp(base, "env") == 0;
}

static void keep(struct compose *c, struct yaml *root)
{
	const char *path = c->in->name;
	struct compose_file file = { .root = root, .base_name = c->in->base_name };
	bool is_compose = yaml_get(root, "services") && yaml_get(root, "services")->kind == YAML_TABLE;

	while (strncmp(path, "./", 2) == 0)
		path += 2;
	file.path = path;
	if (is_compose) {
		MAKE_ROOM(c->in->arena, c->compose);
		c->compose.items[c->compose.count++] = file;
	} else {
		MAKE_ROOM(c->in->arena, c->configuration);
		c->configuration.items[c->configuration.count++] = file;
	}
}

void compose_read(struct intake *in, struct source *source)
{
	struct compose *c = in->reader;
	size_t bytes;
	const char *text = source_all(source, in->arena, MOST_BYTES, &bytes);
	struct yaml *root;

	if (!c) {
		in->reader = c = arena_alloc(in->arena, sizeof *c);
		c->in = in;
	}
	if (!text || strlen(text) < bytes) {
		intake_refuse(in, "too-large", 0, text ? "holds a NUL byte" : "can't be read, or has more than 16 MiB");
		return;
	}
	if (is_environment(in->name)) {
		if (utf8_check(text, bytes) < bytes)
			intake_refuse(in, "wrong-format", 0, "is not UTF-8 text");
		else
			read_variables(c, text);
		return;
	}
	root = yaml_read(in, text, bytes);
	if (root && root->kind != YAML_TABLE)
		intake_refuse(in, "wrong-format", 1, "is no compose file and no configuration: not a table at its top");
	else if (root)
		keep(c, root);
}

const char *compose_recognise(const char *head, size_t bytes)
{
	return (bytes > 9 && memcmp(head, "services:", 9) == 0) || memmem(head, bytes, "\nservices:", 10)
		       ? "a compose file"
		       : NULL;
}

/* ---- services ---------------------------------------------------------------------------------------------------- */

static void add_name(struct compose *c, const char *name, struct compose_service *service)
{
	if (!*name || c->names.count == MOST_NAMES)
		return;
	MAKE_ROOM(c->in->arena, c->names);
	c->names.items[c->names.count++] = (struct compose_name){ name, service };
}

/* The names and fixed addresses under networks:; they are a list of names, or a table. */
static void read_networks(struct compose *c, struct compose_service *service, uint32_t element)
{
	const struct yaml *networks = yaml_get(service->table, "networks");
	static const char *const keys[] = { "ipv4_address", "ipv6_address" };

	for (size_t i = 0; networks && networks->kind == YAML_TABLE && i < networks->count; i++) {
		const struct yaml *aliases = yaml_get(networks->items[i], "aliases");

		for (size_t k = 0; k < 2; k++) {
			const char *address = compose_filled(c, yaml_text(yaml_get(networks->items[i], keys[k])));

			intake_address(c->in, element, address);
			add_name(c, address, service);
		}
		for (size_t k = 0; aliases && aliases->kind == YAML_LIST && k < aliases->count; k++)
			add_name(c, compose_filled(c, yaml_text(aliases->items[k])), service);
	}
}

/* "free5gc/amf:v4.2.3" is amf of free5gc, v4.2.3. */
static void put_image(struct compose *c, const struct compose_service *service, uint32_t element)
{
	struct intake *in = c->in;
	const char *image = compose_filled(c, yaml_text(yaml_get(service->table, "image")));
	const char *slash = strrchr(image, '/'), *tag = strrchr(slash ? slash : image, ':'), *owner, *vendor = NULL,
		   *product;
	size_t bytes = tag ? (size_t)(tag - image) : strlen(image);

	product = arena_text(in->arena, image, bytes);
	intake_cell(in, NET_ELEMENTS, element, "image", image);
	if (slash) {
		const char *from = slash;

		while (from > image && from[-1] != '/')
			from--;
		owner = arena_text(in->arena, from, (size_t)(slash - from));
		vendor = intake_vendor(in, owner);
	} else if (intake_mapped(in, "vendor", product, NULL)) {
		vendor = intake_vendor(in, product);
	}
	intake_cell(in, NET_ELEMENTS, element, "vendor", vendor);
	intake_cell(in, NET_ELEMENTS, element, "product", intake_product(in, product, vendor));
	if (tag && strcmp(tag, ":latest") != 0)
		intake_cell(in, NET_ELEMENTS, element, "version", tag + 1);
}

static const char *project(struct compose *c, const struct compose_file *file)
{
	const char *site = intake_mapped(c->in, "site", NULL, NULL), *name = yaml_text(yaml_get(file->root, "name"));
	const char *slash = strrchr(file->path, '/'), *from = slash;

	if (site || *name)
		return site ? site : compose_filled(c, name);
	while (from && from > file->path && from[-1] != '/')
		from--;
	return from && from < slash ? arena_text(c->in->arena, from, (size_t)(slash - from)) : "lab";
}

static void put_service(struct compose *c, struct compose_service *service)
{
	struct intake *in = c->in;
	const char *container = compose_filled(c, yaml_text(yaml_get(service->table, "container_name")));
	const char *site;
	uint32_t row;
	bool new;

	service->function = compose_function(c, service);
	if (!service->function) {
		intake_left_out(in, "a service that is no function of a network (--map: service NAME = FUNCTION)",
				service->name);
		return;
	}
	in->base_name = service->file->base_name;
	in->name = service->file->path;
	row = intake_element(in, *container ? container : service->name, &new);
	if (new)
		intake_used(in);
	else
		intake_merged(in);
	service->element = intake_id(in, NET_ELEMENTS, row);
	site = intake_id(in, NET_SITES, intake_site(in, project(c, service->file)));
	intake_cell(in, NET_ELEMENTS, row, "site", site);
	intake_cell(in, NET_ELEMENTS, row, "function", service->function);
	put_image(c, service, row);
	add_name(c, service->name, service);
	add_name(c, container, service);
	add_name(c, compose_filled(c, yaml_text(yaml_get(service->table, "hostname"))), service);
	read_networks(c, service, row);
}

static void find_services(struct compose *c, const struct compose_file *file)
{
	const struct yaml *services = yaml_get(file->root, "services");

	for (size_t i = 0; i < services->count; i++) {
		if (services->items[i]->kind != YAML_TABLE || services->keys[i]->kind != YAML_TEXT) {
			intake_left_out(c->in, "a service that is no table",
					services->keys[i]->kind == YAML_TEXT ? services->keys[i]->text : file->path);
			continue;
		}
		if (c->services.count == MOST_SERVICES) {
			intake_left_out(c->in, "a service after the first thousand", services->keys[i]->text);
			continue;
		}
		MAKE_ROOM(c->in->arena, c->services);
		c->services.items[c->services.count++] = (struct compose_service){ .file = file,
										   .table = services->items[i],
										   .name = services->keys[i]->text };
	}
}

void compose_finish(struct intake *in)
{
	struct compose *c = in->reader;

	if (!c)
		return;
	for (size_t i = 0; i < c->compose.count; i++)
		find_services(c, &c->compose.items[i]);
	if (!c->compose.count) {
		intake_refuse(in, "wrong-format", 0, "no file is a compose file: none has services");
		return;
	}
	for (size_t i = 0; i < c->services.count; i++)
		put_service(c, &c->services.items[i]);
	compose_links(c);
}
