/* SPDX-License-Identifier: Apache-2.0 */
/* Results of SCAS tests and NESAS audits: one row a test case or a specification, from CSV or JSON
 * (doc/import-evidence.md). */
#ifndef PROVISO_EVIDENCE_SCAS_H
#define PROVISO_EVIDENCE_SCAS_H

#include "evidence/import/import.h"

enum scas_column {
	SCAS_ARTEFACT, /* evaluation (of a product; where empty) or audit (of a vendor's processes) */
	SCAS_VENDOR,
	SCAS_PRODUCT,
	SCAS_VERSION,
	SCAS_BUILD,
	SCAS_FUNCTION,   /* what the product does: is the specification of that function among those tested? */
	SCAS_LABORATORY, /* who tested, or audited */
	SCAS_ACCREDITATION,
	SCAS_SCHEME,
	SCAS_TS, /* 33.512, or FS.16 of an audit */
	SCAS_TS_VERSION,
	SCAS_TEST_CASE,
	SCAS_RESULT, /* passed, failed, not-applicable: of the test case, or of the whole */
	SCAS_PASSED,
	SCAS_FAILED,
	SCAS_NOT_APPLICABLE, /* test cases, where they are not listed one by one */
	SCAS_DATE,
	SCAS_VALID_UNTIL,
	SCAS_CHOSEN_BY,
	SCAS_PAID_BY,
	SCAS_NOTE,
	SCAS_COLUMNS
};
const char *scas_column_name(enum scas_column);

struct scas_row {
	const char *cells[SCAS_COLUMNS]; /* NULL where empty */
	const char *where;               /* "row 3" */
};

struct scas_rows {
	struct scas_row *items;
	size_t count, room;
};

/* scas_form.c: false and refused where it can't be read */
bool scas_read_rows(struct import_file *, struct scas_rows *);

#endif
