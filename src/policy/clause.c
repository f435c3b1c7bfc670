/* SPDX-License-Identifier: Apache-2.0 */
/* clause: the pieces that the clauses of several rule kinds share - `in T`, `per D`, `any vendor`, `over I`, `when new`, bounds. */
#include <string.h>

#include "policy/program.h"

bool parse_target(struct reader *r, struct statement *s)
{
	if (reader_take(r, "in"))
		s->target = reader_expr(r);
	return !r->bad;
}

bool parse_per(struct reader *r, struct statement *s)
{
	if (!reader_take(r, "per"))
		return true;
	const struct token *t = reader_name(r, "a column to group by, such as region");
	if (!t)
		return false;
	s->per = t->text;
	s->per_token = t;
	return true;
}

bool parse_any(struct reader *r, struct statement *s)
{
	static const struct {
		const char *word;
		enum subject_kind kind;
	} kinds[] = {
		{ "vendor", SUBJECT_VENDOR },
		{ "jurisdiction", SUBJECT_JURISDICTION },
		{ "owner", SUBJECT_OWNER },
		{ "version", SUBJECT_VERSION },
	};
	const struct token *first = r->at;
	if (reader_sees(r, "any") && first[1].kind == TOKEN_WORD)
		for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
			if (!strcmp(first[1].text, kinds[i].word)) {
				reader_take(r, "any");
				reader_take(r, kinds[i].word);
				s->any = kinds[i].kind;
				s->subject_text = kinds[i].word;
				return true;
			}
	s->subject = reader_expr(r);
	if (s->subject)
		s->subject_text = clause_text(s->policy->arena, first, r->at);
	return !r->bad;
}

bool parse_over(struct reader *r, struct statement *s)
{
	if (!reader_take(r, "over"))
		return true;
	size_t count = 0;
	const struct token **names = reader_list(r, "a reference point, such as N2", &count);
	if (!names)
		return false;
	s->over = arena_array(s->policy->arena, count, sizeof *s->over);
	for (size_t i = 0; i < count; i++) {
		uint32_t p = net_reference_point_find(names[i]->text);
		const char *near = net_reference_point_nearest(names[i]->text);
		if (!CODE_IS_KNOWN(p))
			reader_error(r, names[i], "unknown-reference-point", &near, near != NULL,
				     "no reference point is called \"%s\"", names[i]->text);
		else
			s->over[s->over_count++] = p;
	}
	return !r->bad;
}

bool parse_when(struct reader *r, struct statement *s)
{
	if (!reader_take(r, "when"))
		return true;
	do {
		if (reader_take(r, "new"))
			s->when_new = true;
		else if (reader_take(r, "changed"))
			s->when_changed = true;
		else {
			static const char *const words[] = { "new", "changed" };
			reader_expected(r, "expected-when", words, 2, "\"new\" or \"changed\"");
			return false;
		}
	} while (reader_take(r, "or") || reader_take(r, "|"));
	return true;
}

static bool amount_of_param(struct reader *r, const struct param *p, struct statement *s, bool *percent)
{
	s->bound.param = p;
	*percent = p->given ? p->value.kind == TOKEN_PERCENT : false;
	if (p->given && p->value.kind != TOKEN_PERCENT && p->value.kind != TOKEN_NUMBER) {
		reader_error(r, r->at, "bad-bound", NULL, 0,
			     "the parameter \"%s\" is \"%s\": a bound is a percentage or a number", p->name,
			     p->value.text);
		return false;
	}
	if (p->given && p->value.kind == TOKEN_PERCENT && (p->value.number < 0 || p->value.number > PPB)) {
		reader_error(r, r->at, "percent-range", NULL, 0,
			     "the parameter \"%s\" is %s: a share lies between 0%% and 100%%", p->name, p->value.text);
		return false;
	}
	if (p->given && p->value.kind == TOKEN_NUMBER && (p->value.number < 0 || p->value.number % MICRO)) {
		reader_error(r, r->at, "bad-bound", NULL, 0,
			     "the parameter \"%s\" is %s, which is no number of things: 0, 1, 2 ...", p->name,
			     p->value.text);
		return false;
	}
	reader_take(r, p->name);
	if (!p->given)
		*percent = reader_sees(r, "of");
	return true;
}

bool parse_amount(struct reader *r, const struct policy *policy, struct statement *s, bool *percent)
{
	const struct token *t = r->at;
	if (t->kind == TOKEN_PERCENT) {
		*percent = true;
		reader_percent(r, "a percentage", &s->bound.value);
		if (!r->bad && (s->bound.value < 0 || s->bound.value > PPB))
			reader_error(r, t, "percent-range", NULL, 0, "%s is no share: it lies between 0%% and 100%%",
				     t->text);
		s->bound.share = true;
		return !r->bad;
	}
	if (t->kind == TOKEN_NUMBER) {
		*percent = false;
		reader_number(r, "a number", &s->bound.value);
		if (!r->bad && (s->bound.value < 0 || s->bound.value % MICRO))
			reader_error(r, t, "bad-bound", NULL, 0, "\"%s\" is no number of things: write 0, 1, 2 ...",
				     t->text);
		return !r->bad;
	}
	if (t->kind == TOKEN_WORD) {
		const struct param *p = policy_find_param(policy, t->text);
		if (p)
			return amount_of_param(r, p, s, percent);
	}
	reader_error(r, t, "expected-bound", NULL, 0,
		     "expected a percentage such as 35%%, a number or a parameter defined above, found \"%s\"",
		     t->text);
	return false;
}
