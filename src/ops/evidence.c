/* SPDX-License-Identifier: Apache-2.0 */
/* proviso evidence: the facts of a case and what they rest on; the same as if a name had said nothing. */
#include "ops/case.h"

#include <string.h>

const struct ops_option evidence_options[] = {
	{ "about", 0, "SUBJECT", OPS_ONCE,
	  "one subject as a tree: who knows it, through whom, which reports are one origin" },
	{ "without", 0, "NAME", OPS_SEVERAL, "as if nothing had come from or through this name" },
	{ "prior", 0, "P%", OPS_ONCE,
	  "how likely you held a thing to be there; says what a search that found nothing leaves of it" },
	OPTION_POLICY,
	OPTION_ON,
	OPTION_PLAN,
	OPTION_JSON,
	OPTIONS_END,
};

const struct ops_exit evidence_exits[] = { { 0, "shown" }, EXITS_END };

const char evidence_page[] =
	"Shows what the claims of a case add up to: each fact with its value, how many independent origins "
	"support it, how old it is, which claim is weakest, and where claims disagree. Two claims are independent "
	"only if those who know are different: five reports that repeat one source are one origin.\n"
	"\n"
	"    proviso evidence examples/dossier-2019\n"
	"    proviso evidence examples/dossier-2019 --about vendor/huawei\n"
	"    proviso evidence examples/dossier-2019 --without \"Financial Times\"\n"
	"\n"
	"A claim of kind probe may say how likely its search would have found something (detects 60% given \"...\"). "
	"With "
	"--prior, which is yours, the tree says what a search that found nothing leaves of it.\n"
	"\n"
	"SUBJECT is KIND/NAME (vendor/acme, conclusion/ncsc-limit-risk) or a NAME that only one kind of subject "
	"has.\n";

static bool has_folder(const struct call *call, const char *name)
{
	return path_exists(path_join(call->arena, call->operands[0], name));
}

/* The subjects that claims are about, as KIND/NAME, each once after another of the same. */
static const char **subjects(struct call *call, const struct evidence *e)
{
	const char **names = arena_array(call->arena, e->claim_count + 1, sizeof *names);

	for (size_t i = 0; i < e->claim_count; i++)
		names[i] =
			arena_printf(call->arena, "%s/%s", about_kind_name(e->claims[i].about), e->claims[i].subject);
	return names;
}

static bool choose_subject(struct call *call, const char *word, struct report_evidence *r)
{
	const struct evidence *e = r->evidence;
	const char **names = subjects(call, e), *nearest;
	bool found = false;

	for (size_t i = 0; i < e->claim_count; i++) {
		const struct claim *c = &e->claims[i];

		if (strcmp(names[i], word) != 0 && strcmp(c->subject, word) != 0)
			continue;
		if (found && (c->about != r->about || strcmp(c->subject, r->subject) != 0)) {
			call_fail(call, EXIT_USAGE, "ambiguous-name", "\"%s\" is a %s and a %s: name one as KIND/NAME",
				  word, about_kind_name(r->about), about_kind_name(c->about));
			return false;
		}
		found = true;
		r->about = c->about;
		r->subject = c->subject;
	}
	if (found)
		return true;
	nearest = nearest_text(word, names, e->claim_count);
	call_fail(call, EXIT_USAGE, "unknown-name", "no claim is about \"%s\"%s%s%s", word,
		  nearest ? " (did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?)" : "");
	return false;
}

/* A prior is the reader's: without one there is no chance. -1: none; failed where it is no percentage. */
static int64_t prior_option(struct call *call)
{
	const char *text = call_option(call, "prior");
	int64_t ppb = -1;

	if (text && (percent_parse(text, strlen(text), &ppb) != NUMBER_OK || ppb < 0 || ppb > PPB))
		call_fail(call, EXIT_USAGE, "bad-prior",
			  "--prior needs a percentage from 0%% to 100%%, and \"%s\" is not", text);
	return ppb;
}

/* A slip of the pen would leave out nothing and look like an answer. */
static void check_left_out(struct call *call, const struct report_evidence *r)
{
	for (size_t i = 0; i < r->without_count; i++) {
		const char *nearest = NULL;

		if (!evidence_knows_name(r->evidence, r->without[i], &nearest))
			call_fail(call, EXIT_USAGE, "unknown-name", "no claim comes from or through \"%s\"%s%s%s",
				  r->without[i], nearest ? " (did you mean \"" : "", nearest ? nearest : "",
				  nearest ? "\"?)" : "");
	}
}

/* The rules that ask for this, of all policies. */
static struct report_asking asking_for(struct case_loaded *c, const struct policy_fact *asked)
{
	const char **rules = NULL;
	size_t count = 0;

	for (size_t i = 0; i < c->policy_count; i++) {
		size_t more;
		const char **names = policy_asking(c->policies[i], c->call->arena, asked, &more);
		const char **all = arena_array(c->call->arena, count + more + 1, sizeof *all);

		if (count)
			memcpy(all, rules, count * sizeof *all);
		memcpy(all + count, names, more * sizeof *all);
		rules = all;
		count += more;
	}
	return (struct report_asking){ rules, count };
}

static const struct report_asking *asking_by_fact(struct case_loaded *c)
{
	const struct evidence *e = c->evidence;
	struct report_asking *all = arena_array(c->call->arena, e->fact_count + 1, sizeof *all);

	for (size_t i = 0; i < e->fact_count; i++) {
		const struct fact *f = &e->facts[i];
		const char **kinds = arena_array(c->call->arena, f->claim_count + 1, sizeof *kinds);
		struct policy_fact asked = { f->about, f->attribute, kinds, 0 };

		for (size_t k = 0; k < f->claim_count; k++)
			if (e->claims[f->claims[k]].kind)
				kinds[asked.kind_count++] = e->claims[f->claims[k]].kind;
		all[i] = asking_for(c, &asked);
	}
	return all;
}

static const struct report_asking *asking_by_document(struct case_loaded *c)
{
	const struct evidence *e = c->evidence;
	struct report_asking *all = arena_array(c->call->arena, e->claim_count + 1, sizeof *all);

	for (size_t i = 0; i < e->claim_count; i++) {
		const struct claim *d = &e->claims[i];

		all[i] = (struct report_asking){ 0 };
		if (!d->attribute && d->kind)
			all[i] = asking_for(c, &(struct policy_fact){ d->about, "", &d->kind, 1 });
	}
	return all;
}

int evidence_run(struct call *call)
{
	struct case_wants wants = { 0 };
	struct report_evidence r = { 0 };
	const char *about = call_option(call, "about");
	int64_t prior = prior_option(call);
	struct confirmation confirmation;
	struct case_loaded *c;

	/* With a network, subjects are checked against it; a dossier has none. */
	wants.network = has_folder(call, "network") || has_folder(call, "proposal");
	wants.without = call_options(call, "without", &wants.without_count);
	wants.policies = true;
	wants.instead = call_options(call, "policy", &wants.instead_count);
	if (!wants.instead_count)
		wants.instead = NULL; /* the case's own */
	c = case_load(call, call->operands[0], &wants);
	if (!c || call->failure)
		return call_status(call);
	r = (struct report_evidence){
		.evidence = c->evidence,
		.asking = c->policy_count ? asking_by_fact(c) : NULL,
		.asking_documents = c->policy_count ? asking_by_document(c) : NULL,
		.on = c->on,
		.title = c->file.title,
		.without = wants.without,
		.without_count = wants.without_count,
		.one_subject = about,
		.prior = prior,
	};
	check_left_out(call, &r);
	if (c->net) {
		confirmation = evidence_confirmation(c->evidence, c->net);
		r.confirmation = &confirmation;
	}
	if (about && !choose_subject(call, about, &r))
		return EXIT_USAGE;
	if (call->failure)
		return call_status(call);
	if (call->json)
		report_evidence_json(&r, call->world->out);
	else
		report_evidence_text(&r, &call->world->out_style, call->world->out);
	return 0;
}
