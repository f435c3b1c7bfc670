/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read: the stanzas of a policy file become a program. Everything that can be wrong without a network is found here, so
 * that `proviso check` and an assessment say the same.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/program.h"

struct reading {
	struct policy *policy;
	struct diagnostics *diagnostics;
	const struct policy_opener *opener;
	int depth;
	const char *stack[LIMIT_NESTING]; /* files being included, outermost first */
};

const struct param *policy_find_param(const struct policy *p, const char *name)
{
	for (size_t i = 0; i < p->params.count; i++)
		if (!strcmp(p->params.items[i]->name, name))
			return p->params.items[i];
	return NULL;
}

const struct service *policy_find_service(const struct policy *p, const char *name)
{
	for (size_t i = 0; i < p->services.count; i++)
		if (!strcmp(p->services.items[i].name, name))
			return &p->services.items[i];
	return NULL;
}

static bool is_name(const char *text)
{
	if (*text < 'a' || *text > 'z')
		return false;
	for (const char *c = text; *c; c++)
		if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '-'))
			return false;
	return true;
}

/* A name of ours: letters, digits and `-`. */
static const char *take_name(struct reader *r, const char *what)
{
	const struct token *t = reader_name(r, what);
	if (!t)
		return NULL;
	if (!is_name(t->text)) {
		reader_error(r, t, "bad-name", NULL, 0,
			     "a name is made of small letters, digits and \"-\", and begins with a letter: "
			     "\"%s\" is not one",
			     t->text);
		return NULL;
	}
	return t->text;
}

static const char *const column_words[] = {
	"element",     "site",    "function",  "technology", "layer",      "vendor",     "product",      "version",
	"addresses",   "group",   "cluster",   "anchor",     "since",      "managed_by", "hosted_on",    "part_of",
	"shared_with", "traffic", "synthetic", "region",     "population", "households", "sensitive",    "lat",
	"lon",         "name",    "new",       "changed",    "any",        "all",        "jurisdiction", "owner",
	"elements",    "sites",   "vendors",   "rest",
};

static bool taken_name(const char *name)
{
	for (size_t i = 0; i < sizeof column_words / sizeof *column_words; i++)
		if (!strcmp(name, column_words[i]))
			return true;
	return CODE_IS_KNOWN(net_layer_find(name)) || CODE_IS_KNOWN(net_function_find(name));
}

static void read_set(struct reading *in, struct reader *r)
{
	const struct token *at = r->at;
	const char *name = take_name(r, "the set's name");
	if (!name)
		return;
	if (taken_name(name)) {
		reader_error(r, at, "reserved-name", NULL, 0,
			     "a set can't be called \"%s\": that is a layer, a function or a column", name);
		return;
	}
	/* `set NAME` alone is left open for whoever includes the policy; it may be filled before or after it is read */
	struct set *known = (struct set *)(uintptr_t)policy_find_set(in->policy, name);
	bool open = reader_ended(r);
	if (!open && !reader_expect(r, "="))
		return;
	const struct expr *e = open ? NULL : reader_expr(r);
	if ((!open && !e) || !reader_end(r))
		return;
	if (known && known->expr && e) {
		reader_error(r, at, "duplicate-set", NULL, 0, "the set \"%s\" is defined twice", name);
		return;
	}
	if (known) {
		if (e) {
			known->expr = e;
			known->document = r->document;
		}
		return;
	}
	struct set *s = arena_alloc(in->policy->arena, sizeof *s);
	*s = (struct set){ .name = name, .expr = e, .document = r->document, .place = at->place };
	*array_add(&in->policy->sets) = s;
}

static void read_param(struct reading *in, struct reader *r)
{
	const struct token *at = r->at;
	const char *name = take_name(r, "the parameter's name");
	if (!name)
		return;
	if (policy_find_param(in->policy, name)) {
		reader_error(r, at, "duplicate-param", NULL, 0, "the parameter \"%s\" is defined twice", name);
		return;
	}
	struct param *p = arena_alloc(in->policy->arena, sizeof *p);
	*p = (struct param){ .name = name, .place = at->place };
	if (reader_take(r, "=")) {
		const struct token *v = reader_value(r, "a value, such as 35%, 3 or 2024-12-31");
		if (!v)
			return;
		p->given = true;
		p->value = *v;
	}
	if (reader_end(r))
		*array_add(&in->policy->params) = p;
}

static void function_list(struct reader *r, struct service *s)
{
	size_t count = 0;
	const struct token **names = reader_list(r, "a function, such as AMF", &count);
	for (size_t i = 0; names && i < count; i++) {
		uint32_t f = net_function_find(names[i]->text);
		const char *near = net_function_nearest(names[i]->text);
		if (!CODE_IS_KNOWN(f)) {
			reader_error(r, names[i], "unknown-function", &near, near != NULL,
				     "no function is called \"%s\"", names[i]->text);
		} else if (s->function_count < sizeof s->functions / sizeof *s->functions) {
			s->functions[s->function_count++] = f;
		} else {
			reader_error(r, names[i], "too-many-functions", NULL, 0,
				     "a service needs at most 16 functions");
			return;
		}
	}
}

static void read_service(struct reading *in, struct reader *r)
{
	struct service s = { .technology = CODE_UNKNOWN };
	const struct token *name = reader_name(r, "the service's name");
	if (!name || !reader_expect(r, "needs"))
		return;
	s.name = name->text;
	if (policy_find_service(in->policy, s.name)) {
		reader_error(r, name, "duplicate-service", NULL, 0, "the service \"%s\" is defined twice", s.name);
		return;
	}
	function_list(r, &s);
	if (!r->bad && reader_take(r, "for")) {
		const struct token *t = reader_value(r, "a technology: 2G 3G 4G 5G-NSA 5G-SA fixed");
		if (!t)
			return;
		s.technology = net_technology_find(t->text);
		if (!CODE_IS_KNOWN(s.technology))
			reader_error(r, t, "unknown-technology", NULL, 0,
				     "no technology is called \"%s\": 2G 3G 4G 5G-NSA 5G-SA fixed", t->text);
	}
	if (!r->bad && reader_end(r))
		*array_add(&in->policy->services) = s;
}

static bool waive_clause(struct reader *r, struct waiver *w)
{
	if (reader_take(r, "for"))
		w->set = reader_expr(r);
	else if (reader_take(r, "until"))
		reader_date(r, "the last day of the waiver", &w->until);
	else if (reader_take(r, "because")) {
		const struct token *t = reader_string(r, "the reason, in quotes");
		w->because = t ? t->text : NULL;
	} else if (reader_take(r, "by")) {
		const struct token *t = reader_string(r, "who waives it, in quotes");
		w->by = t ? t->text : NULL;
	} else {
		static const char *const words[] = { "for", "until", "because", "by" };
		reader_error(r, r->at, "unknown-clause", words, 4,
			     "expected \"for\", \"until\", \"because\" or \"by\", found \"%s\"", r->at->text);
	}
	return !r->bad;
}

static void read_waive(struct reading *in, struct reader *r, const struct stanza *st)
{
	struct waiver w = { .until = DATE_NONE, .document = r->document, .place = r->at->place };
	const struct token *head = r->at;
	const struct token *name = reader_name(r, "the name of the rule that is waived");
	if (!name)
		return;
	w.rule = name->text;
	w.named = name;
	while (!r->bad && !reader_ended(r))
		waive_clause(r, &w);
	bool ok = !r->bad && !st->broken;
	for (size_t i = 0; i < st->count; i++) {
		struct reader c = reader_of(r->document, &st->clauses[i], in->policy->arena, in->diagnostics);
		while (!c.bad && !reader_ended(&c))
			waive_clause(&c, &w);
		ok = ok && !c.bad;
	}
	if (!ok)
		return;
	if (w.until == DATE_NONE || !w.because || !*w.because || !w.by || !*w.by) {
		reader_error(r, head, "incomplete-waiver", NULL, 0,
			     "a waiver names its last day, the reason and who grants it: "
			     "waive %s until DATE because \"...\" by \"...\"",
			     w.rule);
		return;
	}
	*array_add(&in->policy->waivers) = w;
}

/* ---- rules ------------------------------------------------------------------------------------------------------------ */

/* A number where a percentage is needed; the other way round does not parse. */
static void check_share(struct reader *r, const struct statement *s, const struct token *at)
{
	const struct param *p = s->bound.param;
	if (p && p->given && s->bound.share && p->value.kind != TOKEN_PERCENT)
		reader_error(r, at, "bad-bound", NULL, 0, "the parameter \"%s\" is %s, and a percentage is needed here",
			     p->name, p->value.text);
}

static bool statement_clause(struct reading *in, struct rule *rule, struct reader *r)
{
	bool known = false;
	struct reader start = *r;
	for (size_t i = 0; i < rule_kind_count; i++) {
		if (!reader_sees(&start, rule_kinds[i].keyword))
			continue;
		known = true;
		*r = start;
		reader_take(r, rule_kinds[i].keyword);
		struct statement *s = arena_alloc(in->policy->arena, sizeof *s);
		*s = (struct statement){ .kind = &rule_kinds[i],
					 .rule = rule,
					 .policy = in->policy,
					 .document = r->document,
					 .place = start.at->place,
					 .from = DATE_NONE,
					 .covers = -1 };
		if (!rule_kinds[i].parse(r, in->policy, s))
			continue;
		if (!r->bad)
			check_share(r, s, start.at);
		if (!r->bad && reader_end(r)) {
			s->text = clause_text(in->policy->arena, start.at, r->at);
			*(rule->last ? &rule->last->next : &rule->statements) = s;
			rule->last = s;
			rule->statement_count++;
		}
		return true;
	}
	if (known) { /* every row of the keyword declined: the last one to look has diagnosed nothing, so say what there is */
		*r = start;
		reader_take(r, start.at->text);
		reader_error(r, r->at, "expected-statement", NULL, 0,
			     "no statement of the language goes on like this after \"%s\"", start.at->text);
	}
	return known;
}

static void quoted(struct reader *r, const char *what, const char **into)
{
	const struct token *t = reader_string(r, what);
	if (t)
		*into = t->text;
	if (!r->bad)
		reader_end(r);
}

static void may_clause(struct rule *rule, struct reader *r)
{
	if (!reader_take(r, "remove")) {
		if (reader_expect(r, "grow") && reader_end(r))
			rule->may_grow = true;
		return;
	}
	const struct expr *set = reader_expr(r);
	if (set && reader_end(r))
		rule->may_remove = set;
}

/* `in-force DATE until DATE`; false where that is no time. */
static bool in_force_clause(struct reader *r, int32_t *from, int32_t *until, const char *what)
{
	const struct token *last;
	if (!reader_date(r, what, from))
		return false;
	if (reader_take(r, "until")) {
		last = r->at;
		if (!reader_date(r, "the last day on which it is in force", until))
			return false;
		if (*until < *from) {
			reader_error(r, last, "date-order", NULL, 0, "the last day %s lies before the first",
				     last->text);
			return false;
		}
	}
	return reader_end(r);
}

/* What a rule says once: of two days or two sources only one could count. */
static bool said_before(const struct rule *rule, struct reader *r)
{
	const struct {
		const char *word;
		bool there;
	} once[] = {
		{ "source", rule->source },
		{ "note", rule->note },
		{ "grade", rule->grade },
		{ "by", rule->by != DATE_NONE },
		{ "in-force", rule->in_force != DATE_NONE },
	};
	for (size_t i = 0; i < sizeof once / sizeof *once; i++)
		if (once[i].there && reader_sees(r, once[i].word)) {
			reader_error(r, r->at, "duplicate-clause", NULL, 0, "the rule \"%s\" has its \"%s\" already",
				     rule->name, once[i].word);
			return true;
		}
	return false;
}

static void rule_clause(struct reading *in, struct rule *rule, struct reader *r)
{
	if (said_before(rule, r))
		return;
	if (reader_take(r, "source"))
		quoted(r, "the source, in quotes", &rule->source);
	else if (reader_take(r, "note"))
		quoted(r, "a note, in quotes", &rule->note);
	else if (reader_take(r, "grade")) {
		const struct token *t = reader_value(r, "a grade of certainty, such as S or K+");
		if (t && reader_end(r))
			rule->grade = t->text;
	} else if (reader_take(r, "by")) {
		if (reader_date(r, "the day by which the rule has to be met", &rule->by))
			reader_end(r);
	} else if (reader_take(r, "in-force")) {
		in_force_clause(r, &rule->in_force, &rule->until, "the day from which the rule is in force");
	} else if (reader_sees(r, "may")) {
		reader_take(r, "may");
		may_clause(rule, r);
	} else if (!statement_clause(in, rule, r)) {
		const char *words[32] = { "source", "note", "grade", "by", "in-force", "may" };
		size_t count = 6;
		for (size_t i = 0; i < rule_kind_count && count < 32; i++)
			words[count++] = rule_kinds[i].keyword;
		reader_error(r, r->at, "unknown-clause", words, count, "a rule has no clause \"%s\"", r->at->text);
	}
}

static int by_text_and_line(const void *left, const void *right)
{
	const struct statement *const *a = left, *const *b = right;
	int order = strcmp((*a)->text, (*b)->text);

	return order ? order : ((*a)->place.line > (*b)->place.line) - ((*a)->place.line < (*b)->place.line);
}

/* Findings are told apart by what they say, so no statement of a rule may stand twice. */
static void check_twice(struct reading *in, const struct rule *rule)
{
	const struct statement **all = arena_array(in->policy->arena, rule->statement_count + 1, sizeof *all);
	size_t count = 0;

	for (const struct statement *s = rule->statements; s; s = s->next)
		all[count++] = s;
	qsort(all, count, sizeof *all, by_text_and_line);
	for (size_t i = 1; i < count; i++)
		if (!strcmp(all[i]->text, all[i - 1]->text)) {
			struct token at = { .place = all[i]->place,
					    .width = (uint32_t)strlen(all[i]->kind->keyword) };

			document_diagnose(all[i]->document, in->diagnostics, SEVERITY_ERROR, "duplicate-statement", &at,
					  "the rule \"%s\" says this already", rule->name);
		}
}

static void read_rule(struct reading *in, struct reader *r, const struct stanza *st)
{
	const struct token *at = r->at;
	const char *name = take_name(r, "the rule's name");
	if (!name)
		return;
	for (size_t i = 0; i < in->policy->rules.count; i++)
		if (!strcmp(in->policy->rules.items[i]->name, name)) {
			reader_error(r, at, "duplicate-rule", NULL, 0, "the rule \"%s\" is defined twice", name);
			return;
		}
	reader_end(r);
	struct rule *rule = arena_alloc(in->policy->arena, sizeof *rule);
	*rule = (struct rule){ .name = name,
			       .by = DATE_NONE,
			       .in_force = DATE_NONE,
			       .until = DATE_NONE,
			       .place = at->place,
			       .document = r->document };
	size_t before = in->diagnostics->errors;
	for (size_t i = 0; i < st->count; i++) {
		struct reader c = reader_of(r->document, &st->clauses[i], in->policy->arena, in->diagnostics);
		rule_clause(in, rule, &c);
	}
	*array_add(&in->policy->rules) = rule;
	check_twice(in, rule);
	if (st->broken)
		return;
	if (!rule->statement_count && in->diagnostics->errors == before)
		reader_error(r, at, "empty-rule", NULL, 0,
			     "the rule \"%s\" says nothing: it needs a statement such as \"forbid S in T\"", name);
	else if (!rule->source || !*rule->source)
		reader_warning(r, at, "rule-without-source",
			       "the rule \"%s\" names no source: where does it come from?", name);
}

/* ---- policy, include, test ---------------------------------------------------------------------------------------------- */

/* What silence means, once for each path. */
static void absent_clause(struct policy *p, struct reader *r)
{
	static const char *const heads[] = { "vendor", "owner", "country", "product", "site", "element" };
	const struct token *path = reader_name(r, "an attribute, such as vendor.designated"), *value;
	if (!path || !reader_expect(r, "means"))
		return;
	value = reader_value(r, "a value: no, yes");
	if (!value || !reader_end(r))
		return;
	size_t head = strcspn(path->text, "."), known = 0;
	while (known < 6 && (strlen(heads[known]) != head || strncmp(path->text, heads[known], head)))
		known++;
	if (known == 6 || !path->text[head] || !path->text[head + 1]) {
		reader_error(r, path, "unknown-path", NULL, 0,
			     "silence is about an attribute of a vendor, owner, country, product, site or element, such as "
			     "vendor.designated, and not about \"%s\"",
			     path->text);
		return;
	}
	for (size_t i = 0; i < p->absents.count; i++)
		if (!strcmp(p->absents.items[i].path, path->text) && strcmp(p->absents.items[i].value, value->text)) {
			reader_error(r, path, "duplicate-clause", NULL, 0,
				     "that nobody speaks of \"%s\" means \"%s\" already", path->text,
				     p->absents.items[i].value);
			return;
		}
	*array_add(&p->absents) = (struct absent){ path->text, value->text };
}

static bool policy_said_before(struct policy *p, struct reader *r)
{
	const struct {
		const char *word;
		bool there;
	} once[] = {
		{ "title", p->title },
		{ "source", p->source },
		{ "status", p->status },
		{ "in-force", p->in_force != DATE_NONE },
		{ "until", p->until != DATE_NONE },
	};
	for (size_t i = 0; i < sizeof once / sizeof *once; i++)
		if (once[i].there && reader_sees(r, once[i].word)) {
			reader_error(r, r->at, "duplicate-clause", NULL, 0, "the policy has its \"%s\" already",
				     once[i].word);
			return true;
		}
	return false;
}

static void policy_clause(struct reading *in, struct reader *r)
{
	struct policy *p = in->policy;
	const char *spare = NULL;
	if (policy_said_before(p, r))
		return;
	if (reader_take(r, "title"))
		quoted(r, "the title, in quotes", &p->title);
	else if (reader_take(r, "source"))
		quoted(r, "the source, in quotes", &p->source);
	else if (reader_take(r, "status"))
		quoted(r, "the status, in quotes: \"in force\", \"superseded\", \"proposal\"", &p->status);
	else if (reader_take(r, "note"))
		quoted(r, "a note, in quotes", &spare);
	else if (reader_take(r, "in-force"))
		in_force_clause(r, &p->in_force, &p->until, "the day from which the policy is in force");
	else if (reader_take(r, "until")) {
		if (reader_date(r, "a day", &p->until))
			reader_end(r);
	} else if (reader_take(r, "absent"))
		absent_clause(p, r);
	else {
		static const char *const words[] = {
			"title", "source", "status", "note", "in-force", "until", "absent"
		};
		reader_error(r, r->at, "unknown-clause", words, 7, "a policy has no clause \"%s\"", r->at->text);
	}
}

static void read_policy(struct reading *in, struct reader *r, const struct stanza *st)
{
	const struct token *at = r->at;
	const char *name = take_name(r, "the policy's name");
	if (!name)
		return;
	if (in->depth == 0) {
		if (in->policy->name)
			reader_error(r, at, "duplicate-policy", NULL, 0,
				     "a file holds one policy: \"%s\" is already here", in->policy->name);
		in->policy->name = name;
	}
	reader_end(r);
	struct policy keep = *in->policy;
	if (in->depth) {
		in->policy->title = in->policy->source = in->policy->status = NULL;
		in->policy->in_force = in->policy->until = DATE_NONE;
	}
	for (size_t i = 0; i < st->count; i++) {
		struct reader c = reader_of(r->document, &st->clauses[i], in->policy->arena, in->diagnostics);
		policy_clause(in, &c);
	}
	if (in->depth) { /* what an included policy says of itself is not what the including one is */
		in->policy->title = keep.title;
		in->policy->source = keep.source;
		in->policy->status = keep.status;
		in->policy->in_force = keep.in_force;
		in->policy->until = keep.until;
	}
}

static void read_document(struct reading *in, const struct document *d);

static void read_include(struct reading *in, struct reader *r)
{
	const struct token *t = reader_value(r, "a policy's name or the path of a file");
	if (!t || !reader_end(r))
		return;
	if (in->depth + 1 >= LIMIT_NESTING) {
		reader_error(r, t, "include-too-deep", NULL, 0, "files include files more than %d deep", LIMIT_NESTING);
		return;
	}
	struct document *d = in->opener ? in->opener->open(in->opener->context, t->text, r->document->file) : NULL;
	if (!d) {
		reader_error(r, t, "missing-include", NULL, 0, "can't read \"%s\"", t->text);
		return;
	}
	for (int i = 0; i <= in->depth; i++)
		if (!strcmp(in->stack[i], d->file)) {
			reader_error(r, t, "include-circle", NULL, 0,
				     "\"%s\" includes itself: %s is already being read", t->text, d->file);
			return;
		}
	for (size_t i = 0; i < in->policy->included.count; i++)
		if (!strcmp(in->policy->included.items[i], d->file))
			return; /* once is enough: two files may share a third */
	in->depth++;
	in->stack[in->depth] = d->file;
	*array_add(&in->policy->included) = d->file;
	read_document(in, d);
	in->depth--;
}

/* Its clauses are read when it is run. Those of an included policy are its own affair. */
static void read_test(struct reading *in, struct reader *r, const struct stanza *st)
{
	if (in->depth)
		return;
	for (size_t i = 0; i < in->policy->tests.count && !reader_ended(r); i++) {
		const struct clause *other = &in->policy->tests.items[i].stanza->head;
		if (other->count > 1 && !strcmp(other->tokens[1].text, r->at->text)) {
			reader_error(r, r->at, "duplicate-test", NULL, 0, "the test \"%s\" is there already", r->at->text);
			return;
		}
	}
	*array_add(&in->policy->tests) = (struct policy_test){ st, r->document };
}

static const char *const stanza_words[] = { "policy", "set", "rule", "param", "service", "waive", "include", "test" };

bool policy_knows_stanza(const char *keyword)
{
	for (size_t i = 0; i < sizeof stanza_words / sizeof *stanza_words; i++)
		if (!strcmp(keyword, stanza_words[i]))
			return true;
	return false;
}

static void no_clauses(struct reading *in, const struct document *d, const struct stanza *st)
{
	if (st->count) {
		struct reader c = reader_of(d, &st->clauses[0], in->policy->arena, in->diagnostics);
		reader_error(&c, c.at, "unexpected-clause", NULL, 0,
			     "\"%s\" has no clauses of its own: a line goes on only after a comma",
			     st->head.tokens[0].text);
	}
}

static void read_stanza(struct reading *in, const struct document *d, const struct stanza *st)
{
	struct reader r = reader_of(d, &st->head, in->policy->arena, in->diagnostics);
	if (reader_take(&r, "rule"))
		read_rule(in, &r, st);
	else if (reader_take(&r, "policy"))
		read_policy(in, &r, st);
	else if (reader_take(&r, "waive"))
		read_waive(in, &r, st);
	else if (reader_take(&r, "test"))
		read_test(in, &r, st);
	else {
		if (reader_take(&r, "set"))
			read_set(in, &r);
		else if (reader_take(&r, "param"))
			read_param(in, &r);
		else if (reader_take(&r, "service"))
			read_service(in, &r);
		else if (reader_take(&r, "include"))
			read_include(in, &r);
		else {
			reader_error(&r, r.at, "unknown-stanza", stanza_words,
				     sizeof stanza_words / sizeof *stanza_words, "a policy has no stanza \"%s\"",
				     r.at->text);
			return;
		}
		no_clauses(in, d, st);
	}
}

static void read_document(struct reading *in, const struct document *d)
{
	/* what statements are read with comes first, so that the order of stanzas does not matter */
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < d->count; i++) {
			const char *word = d->stanzas[i].head.tokens[0].text;
			bool early = !strcmp(word, "param") || !strcmp(word, "include");
			if (early == (pass == 0))
				read_stanza(in, d, &d->stanzas[i]);
		}
}

/* A part of the witnesses can't be taken out of a share or a count. */
static void waiver_check(const struct policy *p, struct diagnostics *diagnostics, const struct waiver *w)
{
	for (size_t i = 0; w->set && i < p->rules.count; i++) {
		const struct rule *r = p->rules.items[i];
		for (const struct statement *s = r->statements; s && !strcmp(r->name, w->rule); s = s->next) {
			if (s->kind->waived_by_element)
				continue;
			diagnose(diagnostics, SEVERITY_WARNING, "waiver-without-effect", w->place,
				 "\"%s\" is waived as a whole or not at all: a "
				 "waiver of a part of rule \"%s\" leaves it as it is",
				 s->text, w->rule);
			return;
		}
	}
}

/* Names in expressions are checked when everything is read, so that the order of stanzas does not matter. */
static void check_names(struct reading *in)
{
	struct policy *p = in->policy;
	sets_check(p, in->diagnostics);
	for (size_t i = 0; i < p->sets.count; i++)
		if (p->sets.items[i]->expr)
			expr_check(p, p->sets.items[i]->document, in->diagnostics, p->sets.items[i]->expr);
	for (size_t i = 0; i < p->rules.count; i++)
		for (struct statement *s = p->rules.items[i]->statements; s; s = s->next) {
			if (s->subject)
				expr_check(p, s->document, in->diagnostics, s->subject);
			if (s->target)
				expr_check(p, s->document, in->diagnostics, s->target);
		}
	for (size_t i = 0; i < p->rules.count; i++)
		if (p->rules.items[i]->may_remove)
			expr_check(p, p->rules.items[i]->document, in->diagnostics, p->rules.items[i]->may_remove);
	for (size_t i = 0; i < p->waivers.count; i++) {
		struct waiver *w = &p->waivers.items[i];
		if (w->set)
			expr_check(p, w->document, in->diagnostics, w->set);
		const char *near[256];
		size_t count = 0;
		bool found = false;
		for (size_t j = 0; j < p->rules.count; j++) {
			found = found || !strcmp(p->rules.items[j]->name, w->rule);
			if (count < 256)
				near[count++] = p->rules.items[j]->name;
		}
		const char *suggestion = found ? NULL : nearest_text(w->rule, near, count);
		waiver_check(p, in->diagnostics, w);
		if (!found)
			document_diagnose(w->document, in->diagnostics, SEVERITY_ERROR, "unknown-rule", w->named,
					  "no rule is called \"%s\"%s%s%s", w->rule,
					  suggestion ? " (did you mean \"" : "", suggestion ? suggestion : "",
					  suggestion ? "\"?)" : "");
	}
}

static void copy_free(void *of)
{
	struct policy *p = of;
	free(p->sets.items);
	free(p->params.items);
}

static void policy_free(void *of)
{
	struct policy *p = of;
	copy_free(p);
	free(p->rules.items);
	free(p->services.items);
	free(p->waivers.items);
	free(p->absents.items);
	free(p->tests.items);
	free(p->included.items);
}

struct policy *policy_read(struct arena *a, struct diagnostics *diagnostics, const struct policy_opener *opener,
			   const struct document *d)
{
	struct policy *p = arena_alloc(a, sizeof *p);
	p->arena = a;
	p->file = d->file;
	p->in_force = p->until = DATE_NONE;
	arena_at_free(a, policy_free, p);
	struct reading in = { .policy = p, .diagnostics = diagnostics, .opener = opener };
	in.stack[0] = d->file;
	read_document(&in, d);
	if (!p->name) {
		p->name = "unnamed";
		diagnose(diagnostics, SEVERITY_WARNING, "policy-without-name", (struct place){ d->file, 1, 1 },
			 "the file has no stanza \"policy NAME\": its findings are those of the policy \"unnamed\"");
	}
	check_names(&in);
	return p;
}

/* ---- what others ask of a policy ------------------------------------------------------------------------------------------ */

bool policy_has_param(const struct policy *p, const char *name)
{
	return policy_find_param(p, name) != NULL;
}

/*
 * Statements point at the params of the policy they were read with; a copy keeps the statements and has the original's params
 * overlaid. Evaluation asks a policy for its params by name, and amounts by their param's name.
 */
struct policy *policy_with_params(struct arena *a, const struct policy *p)
{
	size_t sets = p->sets.count;
	struct policy *copy = arena_alloc(a, sizeof *copy);
	*copy = *p;
	arena_at_free(a, copy_free, copy);
	copy->params.items = NULL;
	copy->params.count = copy->params.room = 0;
	for (size_t i = 0; i < p->params.count; i++) {
		struct param *own = arena_alloc(a, sizeof *own);
		*own = *p->params.items[i];
		*array_add(&copy->params) = own;
	}
	copy->sets.items = NULL;
	copy->sets.count = copy->sets.room = 0;
	for (size_t i = 0; i < sets; i++) {
		struct set *own = arena_alloc(a, sizeof *own);
		*own = *p->sets.items[i];
		*array_add(&copy->sets) = own;
	}
	return copy;
}

void policy_read_set(struct policy *p, struct diagnostics *diagnostics, struct reader *r)
{
	struct reading in = { .policy = p, .diagnostics = diagnostics };
	const struct set *before = p->sets.count ? p->sets.items[p->sets.count - 1] : NULL;
	read_set(&in, r);
	const struct set *last = p->sets.count ? p->sets.items[p->sets.count - 1] : NULL;
	if (last && last != before && last->expr)
		expr_check(p, last->document, diagnostics, last->expr);
	sets_check(p, diagnostics);
}

/* The first statement whose bound the value can't be, or NULL. */
static const struct statement *unfit(const struct policy *p, const struct param *param, const struct token *value)
{
	for (size_t i = 0; i < p->rules.count; i++)
		for (const struct statement *s = p->rules.items[i]->statements; s; s = s->next) {
			const struct param *own = s->bound.param; /* of a copy the original's: names say which */
			bool counts = value->kind == TOKEN_NUMBER && value->number >= 0 && !(value->number % MICRO);

			if (own && !strcmp(own->name, param->name) &&
			    !(s->bound.share ? value->kind == TOKEN_PERCENT : counts))
				return s;
		}
	return NULL;
}

bool policy_set_param(struct policy *p, struct diagnostics *diagnostics, const char *name, const char *value)
{
	struct param *param = (struct param *)(uintptr_t)policy_find_param(p, name);
	struct place place = { "--param", 0, 0 };
	if (!param) {
		diagnose(diagnostics, SEVERITY_ERROR, "unknown-param", place,
			 "the policy \"%s\" has no parameter \"%s\"", p->name, name);
		return false;
	}
	struct token t = { .kind = TOKEN_WORD,
			   .text = arena_text(p->arena, value, strlen(value)),
			   .place = param->place };
	int32_t day;
	if (percent_parse(value, strlen(value), &t.number) == NUMBER_OK)
		t.kind = TOKEN_PERCENT;
	else if (measure_parse(value, strlen(value), &t.number) == NUMBER_OK)
		t.kind = TOKEN_NUMBER;
	else if (date_parse(value, strlen(value), &day)) {
		t.kind = TOKEN_DATE;
		t.number = day;
	}
	if (param->given && param->value.kind != t.kind) {
		diagnose(diagnostics, SEVERITY_ERROR, "bad-param", place,
			 "the parameter \"%s\" is \"%s\" in the policy: \"%s\" is of another kind", name,
			 param->value.text, value);
		return false;
	}
	if (t.kind == TOKEN_PERCENT && (t.number < 0 || t.number > PPB)) {
		diagnose(diagnostics, SEVERITY_ERROR, "bad-param", place,
			 "%s is no share for the parameter \"%s\": it lies between 0%% and 100%%", value, name);
		return false;
	}
	const struct statement *s = unfit(p, param, &t);
	if (s) {
		diagnose(diagnostics, SEVERITY_ERROR, "bad-param", place, "\"%s\" is no %s, which \"%s\" needs", value,
			 s->bound.share ? "percentage" : "number of things (0, 1, 2 ...)", s->text);
		return false;
	}
	param->given = true;
	param->value = t;
	return true;
}

struct policy_about policy_about(const struct policy *p)
{
	return (struct policy_about){ .name = p->name,
				      .title = p->title,
				      .source = p->source,
				      .status = p->status,
				      .in_force = p->in_force,
				      .until = p->until,
				      .rules = p->rules.count,
				      .tests = p->tests.count,
				      .file = p->file };
}

size_t policy_rule_count(const struct policy *p)
{
	return p->rules.count;
}

struct policy_rule_about policy_rule_at(const struct policy *p, size_t i)
{
	const struct rule *r = p->rules.items[i];
	const char **texts = arena_array(p->arena, r->statement_count + 1, sizeof *texts);
	size_t n = 0;
	for (const struct statement *s = r->statements; s; s = s->next)
		texts[n++] = s->text;
	return (struct policy_rule_about){ .name = r->name,
					   .source = r->source,
					   .grade = r->grade,
					   .note = r->note,
					   .by = r->by,
					   .in_force = r->in_force,
					   .place = r->place,
					   .statements = texts,
					   .statement_count = n };
}

size_t policy_test_count(const struct policy *p)
{
	return p->tests.count;
}

const struct stanza *policy_test_at(const struct policy *p, size_t i, const struct document **d)
{
	*d = p->tests.items[i].document;
	return p->tests.items[i].stanza;
}
