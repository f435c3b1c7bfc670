/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digest: an assessment arranged for reading. Findings by status, the grave ones first; within a status by rule and
 * statement; within a statement the worst first. Both the terminal page and the HTML page are printed from it.
 */
#ifndef PROVISO_REPORT_DIGEST_H
#define PROVISO_REPORT_DIGEST_H

#include "assess/assess.h"

struct entry { /* one statement of one rule: its findings of one status, worst first */
	const struct finding **findings;
	size_t count;
	bool opens_rule; /* the first statement of its rule in this block */
	bool ends_rule;
	bool told; /* its rule stood in an earlier block: source and note have been quoted */
};

struct block {
	enum finding_status status;
	struct entry *entries;
	size_t entry_count, rules, findings;
};

struct silence_group { /* facts that came from silence, by what was made of them */
	const char *attribute, *value;
	const char **subjects;
	size_t count;
};

struct digest {
	struct block
		blocks[FINDING_STATUSES]; /* in order of reading: broken, unknown, due, waived, notifiable, holds ... */
	size_t rules, policies;
	const struct finding **vacuous; /* held because there was nothing to judge */
	size_t vacuous_count;
	const struct finding **deadlines; /* due, the earliest first: one of each rule and date */
	size_t deadline_count;
	struct silence_group *silences;
	size_t silence_count;
};

struct digest *digest_findings(struct arena *, const struct assessment *);
const struct block *digest_block(const struct digest *, enum finding_status);

#endif
