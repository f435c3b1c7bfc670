/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML of strangers, by libxml2's SAX2 interface, a piece at a time: memory does not grow with the file. A document type
 * is refused at once, so there are no entities to expand and nothing outside to fetch; the library's own bounds (10 MB in
 * one text, 50,000 bytes in one name) stay on, and depth has ours. The library is loaded when there is XML: with what it
 * brings along it is a third of the start of every other command.
 */
#include "net/import/intake.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

static const char library[] = "libxml2.so.2"; /* the name with the version of the interface that the headers describe */

struct calls {
	xmlParserCtxt *(*create)(xmlSAXHandler *, void *, const char *, int, const char *);
	int (*use_options)(xmlParserCtxt *, int);
	int (*parse)(xmlParserCtxt *, const char *, int, int);
	void (*stop)(xmlParserCtxt *);
	void (*free)(xmlParserCtxt *);
	void (*tell)(void *, xmlGenericErrorFunc);
};

static const struct late_call calls[] = {
	{ "xmlCreatePushParserCtxt", offsetof(struct calls, create) },
	{ "xmlCtxtUseOptions", offsetof(struct calls, use_options) },
	{ "xmlParseChunk", offsetof(struct calls, parse) },
	{ "xmlStopParser", offsetof(struct calls, stop) },
	{ "xmlFreeParserCtxt", offsetof(struct calls, free) },
	{ "xmlSetGenericErrorFunc", offsetof(struct calls, tell) },
};

enum {
	PIECE = 256 << 10,    /* bytes read at once: fits the second cache */
	MOST_TEXT = 64 << 10, /* kept of one element */
	SAX2_ATTRIBUTE = 5,   /* pointers an attribute has: local name, prefix, URI, value, its end */
};

struct intake_xml {
	struct intake *in;
	const struct intake_xml_reader *reader;
	void *state;
	xmlParserCtxt *parser;
	struct calls call;
	int depth, skip; /* skip: the depth of the element that is skipped, 0 none */
	int keep;        /* the depth of the element whose text is kept, 0 none */
	const xmlChar **attributes;
	int attribute_count;
	bool stopped; /* by the reader, or by a fault that has been told */
	size_t text_bytes;
	char text[MOST_TEXT + 1];
};

uint32_t intake_xml_line(const struct intake_xml *x)
{
	int line = x->parser->input ? x->parser->input->line : 0;

	return line > 0 ? (uint32_t)line : 0;
}

void intake_xml_stop(struct intake_xml *x)
{
	x->stopped = true;
	x->call.stop(x->parser);
}

static void refuse(struct intake_xml *x, const char *text)
{
	if (!x->stopped)
		intake_refuse(x->in, "bad-xml", intake_xml_line(x), "%s", text);
	intake_xml_stop(x);
}

/* What the library would print of no file in particular: every fault is told with its place. */
static void keep_quiet(void *context, const char *format, ...)
{
	(void)context, (void)format;
}

/* Bytes that the declared encoding does not have end the parsing without a call; the status alone tells. */
static void parse(struct intake_xml *x, const char *piece, int bytes, int is_last)
{
	int status = x->call.parse(x->parser, piece, bytes, is_last);

	if (!x->stopped && (status == XML_PARSER_EOF || status == XML_ERR_INVALID_ENCODING))
		refuse(x, "has bytes that are none of the encoding that it declares");
}

/* ---- what the parser calls --------------------------------------------------------------------------------------- */

static void on_characters(void *context, const xmlChar *text, int bytes)
{
	struct intake_xml *x = ((xmlParserCtxt *)context)->_private;

	if (x->keep != x->depth)
		return;
	if (x->text_bytes + (size_t)bytes > MOST_TEXT) {
		intake_note(x->in, "a text of more than 65536 bytes is cut", x->in->name);
		bytes = (int)(MOST_TEXT - x->text_bytes);
	}
	memcpy(x->text + x->text_bytes, text, (size_t)bytes);
	x->text_bytes += (size_t)bytes;
}

/* While nothing is kept the parser has nobody to tell of text, which is most of a file. */
static void want_text(struct intake_xml *x, bool wanted)
{
	x->parser->sax->characters = x->parser->sax->cdataBlock = wanted ? on_characters : NULL;
}

static void on_open(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
		    const xmlChar **namespace_list, int attributes, int defaulted, const xmlChar **attribute_list)
{
	struct intake_xml *x = ((xmlParserCtxt *)context)->_private;

	(void)prefix, (void)uri, (void)namespaces, (void)namespace_list, (void)defaulted;
	x->depth++;
	if (x->skip || x->stopped)
		return;
	if (x->depth > INTAKE_DEPTH) {
		refuse(x, "elements are nested more than 100 deep");
		return;
	}
	x->attributes = attribute_list;
	x->attribute_count = attributes;
	x->reader->open(x->state, x, (const char *)name);
}

static void on_close(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct intake_xml *x = ((xmlParserCtxt *)context)->_private;
	bool kept = x->keep == x->depth;

	(void)prefix, (void)uri;
	if (x->stopped)
		return;
	if (x->skip) {
		if (x->skip == x->depth--)
			x->skip = 0;
		return;
	}
	if (kept) {
		x->text[x->text_bytes] = '\0';
		x->keep = 0;
		want_text(x, false);
	} else {
		x->text[0] = '\0';
	}
	x->depth--;
	x->reader->close(x->state, x, (const char *)name, x->text, kept ? x->text_bytes : 0);
}

static void on_document_type(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	struct intake_xml *x = ((xmlParserCtxt *)context)->_private;

	(void)name, (void)external, (void)system;
	refuse(x, "has a document type declaration, which these formats do not have and which could name other files");
}

static void on_error(void *context, xmlErrorPtr error)
{
	struct intake_xml *x = ((xmlParserCtxt *)context)->_private;
	const char *message = error->message ? error->message : "no reason is given";
	char text[300];

	if (x->stopped || error->level < XML_ERR_ERROR)
		return;
	/* A prefix that nobody declared breaks the namespaces, which are not looked at: dialects do it. */
	if (error->domain == XML_FROM_NAMESPACE)
		return;
	if (error->code == XML_ERR_DOCUMENT_EMPTY) {
		refuse(x, "is no XML");
		return;
	}
	if (error->code == XML_ERR_DOCUMENT_END && x->depth) {
		refuse(x, "ends within an element: is it cut off?");
		return;
	}
	snprintf(text, sizeof text, "is not well-formed: %.*s", (int)strcspn(message, "\n"), message);
	refuse(x, text);
}

/* ---- what readers call ------------------------------------------------------------------------------------------- */

void intake_xml_keep(struct intake_xml *x)
{
	x->keep = x->depth;
	x->text_bytes = 0;
	want_text(x, true);
}

void intake_xml_skip(struct intake_xml *x)
{
	x->skip = x->depth;
}

const char *intake_xml_attribute(const struct intake_xml *x, const char *name, size_t *bytes)
{
	for (int i = 0; i < x->attribute_count; i++) {
		const xmlChar **attribute = x->attributes + (ptrdiff_t)i * SAX2_ATTRIBUTE;

		if (strcmp((const char *)attribute[0], name) != 0)
			continue;
		*bytes = (size_t)(attribute[4] - attribute[3]);
		return (const char *)attribute[3];
	}
	*bytes = 0;
	return NULL;
}

/* ---- a file ------------------------------------------------------------------------------------------------------ */

static void set_up(struct intake_xml *x)
{
	xmlSAXHandler *sax = x->parser->sax;

	memset(sax, 0, sizeof *sax);
	sax->initialized = XML_SAX2_MAGIC;
	sax->startElementNs = on_open;
	sax->endElementNs = on_close;
	sax->internalSubset = on_document_type;
	sax->serror = (xmlStructuredErrorFunc)on_error;
	x->parser->_private = x;
	x->call.use_options(x->parser, XML_PARSE_NONET);
	/* Without a document type there are only &amp; and its four like: in attributes the library would leave one of them. */
	x->parser->replaceEntities = 1;
}

bool intake_xml(struct intake *in, struct source *source, const struct intake_xml_reader *reader, void *state)
{
	static const xmlSAXHandler nothing = { .initialized = XML_SAX2_MAGIC };
	struct intake_xml *x = arena_alloc(in->arena, sizeof *x);
	char *piece = arena_alloc(in->arena, PIECE);
	xmlSAXHandler empty = nothing;
	char why[LATE_WHY_BYTES];
	ptrdiff_t bytes;

	x->in = in;
	x->reader = reader;
	x->state = state;
	if (!late_bind(library, calls, sizeof calls / sizeof *calls, &x->call, why)) {
		intake_refuse(in, "bad-xml", 0, "can't be read: %s", why);
		return false;
	}
	x->call.tell(NULL, keep_quiet);
	x->parser = x->call.create(&empty, NULL, NULL, 0, NULL);
	if (!x->parser) {
		intake_refuse(in, "bad-xml", 0, "there is no memory for the parser");
		return false;
	}
	set_up(x);
	while (!x->stopped && (bytes = source_read(source, piece, PIECE)) > 0)
		parse(x, piece, (int)bytes, 0);
	if (!x->stopped)
		parse(x, NULL, 0, 1);
	if (!x->stopped && !x->parser->wellFormed)
		refuse(x, "is not well-formed");
	x->call.free(x->parser);
	arena_release(in->arena, piece, PIECE);
	return !in->refused;
}

/* Enough of XML to find the first element: comments and processing instructions are stepped over. */
bool intake_xml_root(const char *head, size_t bytes, char name[64])
{
	const char *at = head, *end = head + bytes, *colon;
	size_t n;

	if (bytes >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	for (;;) {
		const char *close;

		while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
			at++;
		if (at + 1 >= end || *at != '<')
			return false;
		if (at[1] != '?' && at[1] != '!')
			break;
		close = end - at > 4 && memcmp(at, "<!--", 4) == 0 ? memmem(at, (size_t)(end - at), "-->", 3)
								   : memchr(at, '>', (size_t)(end - at));
		if (!close)
			return false;
		at = close + (*close == '-' ? 3 : 1);
	}
	at++;
	for (n = 0; at + n < end && !strchr(" \t\r\n/>", at[n]); n++)
		;
	colon = memchr(at, ':', n);
	if (colon) {
		n -= (size_t)(colon + 1 - at);
		at = colon + 1;
	}
	if (!n || n > 63)
		return false;
	memcpy(name, at, n);
	name[n] = '\0';
	return true;
}
