/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case from its folder:
 *
 *     case.proviso          which operator, which date, which policies
 *     network/ *.csv        what stands today
 *     proposal/ *.csv       what would change
 *     evidence/ *.proviso   claims; evidence/ *.csv: questions that came back answered
 *
 * Files of a folder are read in the order of their names. Everything is read before anything is judged, so that one run
 * shows every mistake of every file.
 */
#include "ops/case.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool ends_in(const char *name, const char *end)
{
	size_t bytes = strlen(name), tail = strlen(end);

	return bytes > tail && strcmp(name + bytes - tail, end) == 0;
}

/* A file that is there and is read by nobody is told: its author thinks otherwise. */
static void tell_ignored(struct case_loaded *c, const char *path, const char *why)
{
	diagnose(&c->call->diagnostics, SEVERITY_WARNING, "ignored-file", (struct place){ path, 0, 0 }, "%s", why);
}

/* ---- networks ---------------------------------------------------------------------------------------------------- */

struct network_files {
	struct net_input *items;
	size_t count, room;
};

/*
 * The table that a file's name may have meant; read as that one, so that its slip is not told by all who refer to it.
 */
static bool guess_table(struct case_loaded *c, const char *path, const char *name, enum net_table_name *table)
{
	const char *names[NET_TABLES], *nearest;

	for (int i = 0; i < NET_TABLES; i++)
		names[i] = net_table_file((enum net_table_name)i);
	nearest = nearest_text(name, names, NET_TABLES);
	diagnose(&c->call->diagnostics, SEVERITY_ERROR, "unknown-file", (struct place){ path, 0, 0 },
		 "no table of a network is called so%s%s%s",
		 nearest ? " (did you mean \""
			 : ": there are vendors.csv, products.csv, "
			   "sites.csv, elements.csv and links.csv",
		 nearest ? nearest : "", nearest ? "\"?)" : "");
	for (int i = 0; i < NET_TABLES; i++)
		if (names[i] == nearest)
			*table = (enum net_table_name)i;
	return nearest;
}

static void list_network(struct case_loaded *c, const char *folder, struct network_files *files)
{
	struct arena *a = c->call->arena;
	struct dirent_name *names;
	size_t count;

	if (directory_list(a, folder, &names, &count) < 0) {
		call_fail_reading(c->call, folder, errno);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const char *path = path_join(a, folder, names[i].name);
		enum net_table_name table;

		if (names[i].name[0] == '.')
			continue;
		if (names[i].kind == 'd') {
			if (net_table_of_file(names[i].name, &table)) /* that its author thinks is read */
				call_fail_reading(c->call, path, EISDIR);
			else
				tell_ignored(c, path, "is not read: tables lie in network or proposal itself, not in a "
						      "folder of it");
			continue;
		}
		if (!ends_in(names[i].name, ".csv")) {
			tell_ignored(c, path, "is not read: a network is made of CSV files");
			continue;
		}
		if (!net_table_of_file(names[i].name, &table) && !guess_table(c, path, names[i].name, &table))
			continue;
		*array_add(files) = (struct net_input){ table, inputs_open(c->inputs, path) };
	}
}

static enum case_network wanted_network(struct call *call)
{
	static const char *const words[] = { "present", "proposed" };
	const char *word = call_option(call, "network"), *nearest;

	if (!word)
		return NETWORK_BY_CASE;
	if (strcmp(word, "present") == 0)
		return NETWORK_PRESENT;
	if (strcmp(word, "proposed") == 0)
		return NETWORK_PROPOSED;
	nearest = nearest_text(word, words, 2);
	call_fail(call, EXIT_USAGE, "bad-network", "--network is present or proposed, not \"%s\"%s%s%s", word,
		  nearest ? " (did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?)" : "");
	return NETWORK_BY_CASE;
}

static void close_all(const struct network_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		source_close(files->items[i].source);
	free(files->items);
}

/* Outlines of regions, for maps. */
static void load_outlines(struct case_loaded *c)
{
	struct call *call = c->call;
	const char *path = path_join(call->arena, c->folder, "regions.geojson");
	struct source *source = c->present && path_exists(path) ? inputs_open(c->inputs, path) : NULL;

	if (!source)
		return;
	c->present->outlines = net_outlines_read(call->arena, source, &call->diagnostics);
	if (c->proposed)
		c->proposed->outlines = c->present->outlines;
}

static void load_network(struct case_loaded *c, bool with_elements)
{
	struct call *call = c->call;
	const char *network = path_join(call->arena, c->folder, "network"),
		   *proposal = path_join(call->arena, c->folder, "proposal");
	struct network_files present = { 0 }, changes = { 0 };
	enum case_network wanted = wanted_network(call);
	bool with_proposal = path_exists(proposal) && wanted != NETWORK_PRESENT;
	struct net_answer *answers;
	size_t answer_count;

	if (wanted == NETWORK_PROPOSED && !with_proposal)
		call_fail(call, EXIT_MISSING_INPUT, "missing-input", "there is no proposal: %s does not exist",
			  proposal);
	if (!path_exists(network) && !with_proposal) {
		call_fail(call, EXIT_MISSING_INPUT, "no-network", "no network to judge: %s does not exist", network);
		return;
	}
	if (path_exists(network))
		list_network(c, network, &present);
	if (with_proposal)
		list_network(c, proposal, &changes);
	answers = answers_cells(c, &answer_count);
	c->present = net_load_answered(call->arena, c->strs, &call->diagnostics, present.items, present.count,
				       changes.items, changes.count, answers, answer_count, &c->proposed);
	answers_claim(c, answers);
	close_all(&present);
	close_all(&changes);
	c->net = c->proposed ? c->proposed : c->present;
	c->by_proposal = with_proposal; /* also where nothing stands in it */
	if (with_elements && c->net && !c->net->table[NET_ELEMENTS].rows && !call->diagnostics.errors)
		call_fail(call, EXIT_MISSING_INPUT, "no-network", "no network to judge: %s has no elements", c->folder);
}

/* ---- evidence ---------------------------------------------------------------------------------------------------- */

void evidence_read(struct call *call, struct evidence *evidence, const struct document *document)
{
	static const char *const keywords[] = { "evidence" };

	for (size_t i = 0; i < document->count; i++) {
		struct reader head = reader_of(document, &document->stanzas[i].head, call->arena, &call->diagnostics);

		if (!evidence_knows_stanza(head.at->text))
			reader_error(&head, head.at, "unknown-stanza", keywords, 1, "\"%s\" is no stanza of evidence",
				     head.at->text);
	}
	evidence_add(evidence, document);
}

static void add_evidence(struct case_loaded *c, const char *path)
{
	struct document *document = documents_open(c->documents, path);

	if (document)
		evidence_read(c->call, c->evidence, document);
}

/* Is it the document of some claim? */
static bool rests_on(const struct evidence *evidence, const char *path, struct arena *arena)
{
	for (size_t i = 0; i < evidence->claim_count; i++) {
		const struct claim *claim = &evidence->claims[i];

		if (claim->file && claim->place.file && ends_in(path, claim->file) &&
		    !strcmp(path_beside(arena, claim->file, claim->place.file), path))
			return true;
	}
	return false;
}

/* Documents may lie in folders of their own; claims that do are read by nobody. */
static void tell_deeper_claims(struct case_loaded *c, const char *folder)
{
	struct dirent_name *names;
	size_t count;

	if (directory_list(c->call->arena, folder, &names, &count) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (ends_in(names[i].name, ".proviso")) {
			tell_ignored(c, folder, "is not read: claims lie in evidence itself, not in a folder of it");
			return;
		}
}

static void load_evidence(struct case_loaded *c)
{
	struct arena *a = c->call->arena;
	const char *folder = path_join(a, c->folder, "evidence");
	struct dirent_name *names;
	size_t count;

	if (!path_exists(folder))
		return;
	if (directory_list(a, folder, &names, &count) < 0) {
		call_fail_reading(c->call, folder, errno);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (names[i].name[0] != '.' && names[i].kind != 'd' && ends_in(names[i].name, ".proviso"))
			add_evidence(c, path_join(a, folder, names[i].name));
	/* What else lies there are the documents that claims rest on, test results among them, and lists of answers. */
	for (size_t i = 0; i < count; i++) {
		const char *path = path_join(a, folder, names[i].name);

		if (names[i].name[0] == '.')
			continue;
		if (names[i].kind == 'd')
			tell_deeper_claims(c, path);
		else if (ends_in(names[i].name, ".csv") && !rests_on(c->evidence, path, a))
			answers_read(c, path);
	}
}

/* ---- documents that claims rest on ------------------------------------------------------------------------------- */

/* A claim that names a document with its hash is worth what that document is: the one that lies there has to be it. */
static void check_document(struct case_loaded *c, const struct claim *claim)
{
	const char *path = path_beside(c->call->arena, claim->file, claim->place.file);
	char hex[65], block[1 << 14];
	struct source *source;
	ptrdiff_t n;

	if (access(path, F_OK)) /* not everybody who may read a claim may have the document */
		return;
	source = inputs_open(c->inputs, path);
	if (!source)
		return;
	do
		n = source_read(source, block, sizeof block);
	while (n > 0);
	if (n < 0)
		call_fail_reading(c->call, path, source_error(source));
	source_close(source);
	source_sha256(source, hex);
	if (n == 0 && claim->sha256 && strcasecmp(hex, claim->sha256) != 0)
		diagnose(&c->call->diagnostics, SEVERITY_ERROR, "hash-differs", claim->place,
			 "the claim \"%s\" rests on %s with SHA-256 %s, but the file that lies there has %s",
			 claim->name, claim->file, claim->sha256, hex);
}

static int by_document(const void *left, const void *right)
{
	const struct claim *const *a = left, *const *b = right;
	int order = strcmp((*a)->file, (*b)->file);

	return order ? order : strcmp((*a)->name, (*b)->name);
}

/* Each document once, however many claims rest on it with the same hash. */
static void check_documents(struct case_loaded *c)
{
	const struct evidence *e = c->evidence;
	const struct claim **resting = arena_array(c->call->arena, e->claim_count + 1, sizeof *resting);
	size_t count = 0;

	for (size_t i = 0; i < e->claim_count; i++)
		if (e->claims[i].file && e->claims[i].place.file)
			resting[count++] = &e->claims[i];
	qsort(resting, count, sizeof *resting, by_document);
	for (size_t i = 0; i < count; i++) {
		const struct claim *last = i ? resting[i - 1] : NULL, *now = resting[i];
		bool same = last && strcmp(last->file, now->file) == 0 &&
			    strcmp(last->place.file, now->place.file) == 0 &&
			    strcmp(last->sha256 ? last->sha256 : "", now->sha256 ? now->sha256 : "") == 0;

		if (!same)
			check_document(c, now);
	}
}

/* ---- policies ---------------------------------------------------------------------------------------------------- */

static void add_policy(struct case_loaded *c, struct policy **loaded, struct policy *policy)
{
	const char *name;

	if (!policy)
		return;
	name = policy_about(policy).name;
	for (size_t i = 0; i < c->policy_count; i++)
		if (strcmp(policy_about(loaded[i]).name, name) == 0) {
			call_fail(c->call, EXIT_BAD_INPUT, "duplicate-policy",
				  "two policies are called \"%s\": %s and %s", name, policy_about(loaded[i]).file,
				  policy_about(policy).file);
			return;
		}
	loaded[c->policy_count++] = policy;
}

/*
 * The case file has a mistake: what it lacks may stand there all the same, misspelt. That is bad input, and has been said;
 * nothing is asked for on the command line besides. What it names and is not there is no mistake of that kind.
 */
static bool is_said_wrongly(const struct case_loaded *c)
{
	const struct diagnostics *d = &c->call->diagnostics;

	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].severity == SEVERITY_ERROR && strcmp(d->items[i].code, "missing-input") != 0 &&
		    d->items[i].place.file && !strcmp(d->items[i].place.file, c->file.document->file))
			return true;
	return false;
}

static void load_policies(struct case_loaded *c, const struct case_wants *wants)
{
	size_t most = wants->instead ? wants->instead_count : c->file.policy_count;
	struct policy **loaded = arena_array(c->call->arena, most + 1, sizeof *loaded);

	for (size_t i = 0; i < most; i++) {
		const struct token *at = wants->instead ? NULL : c->file.policies[i];

		if (at)
			add_policy(c, loaded, policy_load(c->documents, at->text, c->file.document, at));
		else
			add_policy(c, loaded, policy_load(c->documents, wants->instead[i], NULL, NULL));
	}
	if (!most && wants->judged && !is_said_wrongly(c))
		call_fail(c->call, EXIT_USAGE, "no-policy",
			  "no policy to judge by: give --policy FILE|NAME, or a clause \"policy NAME\" in %s",
			  c->file.document->file);
	policies_set_params(c->call, loaded, c->policy_count);
	c->policies = (const struct policy **)loaded;
}

/* A policy is judged by on any day, because a question may be what it would have said; but not without a word. */
static void check_in_force(struct case_loaded *c)
{
	for (size_t i = 0; i < c->policy_count && c->on != DATE_NONE; i++) {
		struct policy_about about = policy_about(c->policies[i]);
		bool early = about.in_force != DATE_NONE && c->on < about.in_force,
		     late = about.until != DATE_NONE && c->on > about.until;
		char edge[11], on[11];

		if (!early && !late)
			continue;
		date_print(early ? about.in_force : about.until, edge);
		date_print(c->on, on);
		diagnose(&c->call->diagnostics, SEVERITY_WARNING, "policy-out-of-time",
			 (struct place){ about.file, 0, 0 }, "policy %s%s%s%s %s %s, and %s is judged", about.name,
			 about.status ? " (" : "", about.status ? about.status : "", about.status ? ")" : "",
			 early ? "comes into force on" : "was in force until", edge, on);
	}
}

static void check_rules(struct case_loaded *c)
{
	for (size_t i = 0; i < c->policy_count; i++)
		if (!policy_rule_count(c->policies[i])) {
			struct policy_about about = policy_about(c->policies[i]);

			diagnose(&c->call->diagnostics, SEVERITY_WARNING, "policy-without-rules",
				 (struct place){ about.file, 0, 0 }, "policy %s has no rule: nothing is judged by it",
				 about.name);
		}
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

/* The folder that an operand means; its case file is as good a name for it. */
static const char *case_folder(struct call *call, const char *operand)
{
	const char *name = strrchr(operand, '/');
	size_t bytes = strlen(operand);

	name = name ? name + 1 : operand;
	if (strcmp(name, "case.proviso") == 0 && !path_is_folder(operand))
		return *path_folder(call->arena, operand) ? path_folder(call->arena, operand) : ".";
	while (bytes > 1 && operand[bytes - 1] == '/')
		bytes--;
	return arena_text(call->arena, operand, bytes);
}

static bool read_case_file(struct case_loaded *c, const char *operand)
{
	struct call *call = c->call;
	const char *path = path_join(call->arena, c->folder, "case.proviso");
	struct document *document;

	if (!path_exists(c->folder)) {
		call_fail(call, EXIT_MISSING_INPUT, "missing-input", "there is no case %s", operand);
		return false;
	}
	if (!path_is_folder(c->folder)) {
		call_fail(call, EXIT_MISSING_INPUT, "missing-input",
			  "%s is no case: a case is a folder with a case.proviso", operand);
		return false;
	}
	document = documents_open(c->documents, path);
	if (!document)
		return false;
	case_file_read(call, document, c->evidence, &c->file);
	c->evidence->operator_name = c->file.operator_name;
	return true;
}

/* --on, else the case's: never today, or the same case would give another answer tomorrow. */
static void settle_date(struct case_loaded *c, bool needed)
{
	const char *given = call_option(c->call, "on");

	c->on = c->file.on;
	if (given && !date_parse(given, strlen(given), &c->on))
		call_fail(c->call, EXIT_USAGE, "bad-date",
			  "--on needs a day that exists, YYYY-MM-DD, and \"%s\" is not", given);
	else if (needed && c->on == DATE_NONE && !is_said_wrongly(c))
		call_fail(c->call, EXIT_USAGE, "no-date",
			  "on which date? Give --on YYYY-MM-DD, or a clause \"on YYYY-MM-DD\" in %s (today is never "
			  "assumed)",
			  c->file.document->file);
}

static void check_offers(struct case_loaded *c)
{
	const struct token *offers = c->file.offers;
	const char *operation = c->call->operation->name, *path;

	if (!offers)
		return;
	path = path_beside(c->call->arena, offers->text, c->file.document->file);
	if (!path_exists(path)) {
		document_diagnose(c->file.document, &c->call->diagnostics, SEVERITY_ERROR, "missing-input", offers,
				  "%s does not exist", path);
		call_failed(c->call, EXIT_MISSING_INPUT);
		return;
	}
	if (strcmp(operation, "assess") && strcmp(operation, "check") && strcmp(operation, "plan"))
		document_diagnose(
			c->file.document, &c->call->diagnostics, SEVERITY_NOTE, "offers-not-used", offers,
			"the offers are not used here: proviso assess and proviso plan seek what they can mend");
}

static void weigh(struct case_loaded *c, const struct case_wants *wants)
{
	struct weighing weighing = {
		.on = c->on,
		.without = wants->without,
		.without_count = wants->without_count,
		.assume_plan = c->file.assume_plan,
	};

	evidence_weigh(c->evidence, &weighing);
}

static void free_answers(void *context)
{
	struct case_loaded *c = context;

	free(c->answers.items);
}

struct case_wants case_wants_judged(struct call *call)
{
	struct case_wants wants = { .network = true, .elements = true, .policies = true, .judged = true };

	wants.instead = call_options(call, "policy", &wants.instead_count);
	if (!wants.instead_count)
		wants.instead = NULL;
	return wants;
}

struct case_loaded *case_load(struct call *call, const char *operand, const struct case_wants *wants)
{
	struct case_loaded *c = arena_alloc(call->arena, sizeof *c);

	arena_at_free(call->arena, free_answers, c);
	c->call = call;
	c->folder = case_folder(call, operand);
	c->inputs = inputs_new(call, c->folder);
	c->documents = documents_new(c->inputs);
	c->strs = strs_new(call->arena);
	c->evidence = evidence_new(call->arena, &call->diagnostics);
	if (!read_case_file(c, operand))
		return NULL;
	if (call_option(call, "assume-plan"))
		c->file.assume_plan = true;
	settle_date(c, wants->judged);
	check_offers(c);
	if (wants->policies)
		load_policies(c, wants);
	if (wants->judged) {
		check_in_force(c);
		check_rules(c);
	}
	load_evidence(c);
	if (wants->network) {
		load_network(c, wants->elements);
		load_outlines(c);
	} else
		answers_claim(c, NULL);
	if (c->net)
		evidence_check(c->evidence, c->net);
	check_documents(c);
	if (call_status(call))
		return NULL;
	weigh(c, wants);
	return call_status(call) ? NULL : c;
}

unsigned call_threads(struct call *call)
{
	enum { MOST = 1024 };
	const char *text = call_option(call, "threads");
	int64_t micro;

	if (!text)
		return call->world->threads;
	if (measure_parse(text, strlen(text), &micro) != NUMBER_OK || micro % MICRO || micro < MICRO ||
	    micro > (int64_t)MOST * MICRO) {
		call_fail(call, EXIT_USAGE, "bad-threads", "--threads needs a number from 1 to %d, and \"%s\" is not",
			  MOST, text);
		return 0;
	}
	return (unsigned)(micro / MICRO);
}

struct assessment *case_assess(struct case_loaded *c, const char *focus)
{
	struct call *call = c->call;
	struct assessment_case *judged = arena_alloc(call->arena, sizeof *judged);
	struct assessment *result;
	unsigned threads = call_threads(call);

	if (!threads)
		return NULL;
	*judged = (struct assessment_case){
		.title = c->file.title ? c->file.title : c->file.name,
		.operator_name = c->file.operator_name,
		.net = c->net,
		.present = c->proposed ? c->present : NULL,
		.network = c->by_proposal ? "proposed" : "present",
		.policies = c->policies,
		.policy_count = c->policy_count,
		.evidence = c->evidence,
		.on = c->on,
		.threads = threads,
		.strs = c->strs,
		.assume_plan = c->file.assume_plan,
		.focus = focus,
	};
	result = assess(call->arena, judged, NULL, &call->diagnostics);
	if (call_status(call))
		return NULL;
	result->inputs = inputs_list(c->inputs, &result->input_count);
	result->version = PROVISO_VERSION;
	return result;
}
