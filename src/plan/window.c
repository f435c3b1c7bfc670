/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window: between which quarters each option can be carried out - what its offers allow, and what rules that forbid something
 * leave to it. Where only what is done is looked at, what has to be done by a quarter must not ask for more than there is
 * until then, nor what can't begin before one for more than there is from then on: no schedule has more.
 */
#include <string.h>

#include "plan/build.h"

void windows_make(struct planning *p, enum tier tier)
{
	struct arena *a = arena_new();
	struct built *b = build_forbidden(p, a, tier);
	bool *forbidden;

	p->earliest = arena_array(p->scratch, p->options.count + 1, 1);
	p->latest = arena_array(p->scratch, p->options.count + 1, 1);
	memset(p->earliest, 0, p->options.count + 1);
	memset(p->latest, (int)p->quarter_count - 1, p->options.count + 1);
	forbidden = b ? arena_array(a, (size_t)solve_options(b->model) + 1, sizeof *forbidden) : NULL;
	if (b)
		solve_forbidden(b->model, forbidden);
	for (uint32_t v = 0, next; b && v < b->vars.count; v = next) {
		uint32_t option = b->vars.items[v].option;
		size_t first = MOST_QUARTERS, last = 0;

		for (next = v; next < b->vars.count && b->vars.items[next].option == option; next++)
			if (!forbidden[next] && b->vars.items[next].quarter != NEVER) {
				last = b->vars.items[next].quarter;
				first = first == MOST_QUARTERS ? last : first;
			}
		if (first != MOST_QUARTERS) {
			p->earliest[option] = (uint8_t)first;
			p->latest[option] = (uint8_t)last;
		}
	}
	if (b)
		built_free(b);
	arena_free(a);
}

/* whole: a flow's row of MODE_WHAT; has: by quarter, -1: no limit. Of quarters that nothing ends or begins with: none. */
void windows_to_rows(struct building *x, const struct line *whole, const int64_t *has)
{
	const struct planning *p = x->p;

	for (size_t q = 0; q + 1 < p->quarter_count && !p->no_windows; q++)
		for (int from = 0; from < 2; from++) { /* through q; from q + 1 on */
			struct line line = { .constant = 0 };
			wide sum = 0;
			bool limited = true, any = false;

			for (size_t k = from ? q + 1 : 0; k < (from ? p->quarter_count : q + 1); k++) {
				limited = limited && has[k] >= 0;
				sum += has[k];
			}
			for (size_t i = 0; i < whole->entries.count && limited; i++) {
				const struct entry *e = &whole->entries.items[i];
				uint32_t option =
					e->option < x->b->vars.count ? x->b->vars.items[e->option].option : UINT32_MAX;

				if (option == UINT32_MAX || (from ? p->earliest[option] <= q : p->latest[option] > q))
					continue;
				any = any || (from ? p->earliest[option] == q + 1 : p->latest[option] == q);
				line_add(&line, e->option, e->value);
			}
			if (any)
				line_to_row(x, &line, SOLVE_AT_MOST, sum, SOLVE_NO_RULE);
			line_free(&line, 1);
		}
}
