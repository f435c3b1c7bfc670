/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which 3GPP Security Assurance Specification (SCAS) applies to which function. TS 33.117, the catalogue of general
 * requirements, always applies, and is all there is for functions that have none of their own. Numbers as in the 33
 * series; "unverified" rows are known to us from lists, not from the documents themselves.
 */
#include "evidence/index.h"

#include <string.h>

static const struct scas own_scas[] = {
	{ "MME", "33.116", true, false },      { "PGW", "33.250", true, false },
	{ "PGW-C", "33.250", true, true },     { "PGW-U", "33.250", true, true },
	{ "eNB", "33.216", true, false },      { "ng-eNB", "33.216", true, true },
	{ "gNB", "33.511", true, false },      { "gNB-CU", "33.523", true, true },
	{ "gNB-CU-CP", "33.523", true, true }, { "gNB-CU-UP", "33.523", true, true },
	{ "gNB-DU", "33.523", true, true },    { "AMF", "33.512", true, false },
	{ "UPF", "33.513", true, false },      { "UDM", "33.514", true, false },
	{ "SMF", "33.515", true, false },      { "AUSF", "33.516", true, false },
	{ "SEPP", "33.517", true, false },     { "NRF", "33.518", true, true },
	{ "NEF", "33.519", true, true },       { "N3IWF", "33.520", true, true },
	{ "NWDAF", "33.521", true, true },     { "SCP", "33.522", true, true },
	{ "NSSAAF", "33.326", true, false },   { "PCF", "33.528", true, true },
	{ "SMSF", "33.529", true, true },      { "UDR", "33.530", true, true },
	{ "AAnF", "33.537", true, true },      { "P-CSCF", "33.226", true, true },
	{ "I-CSCF", "33.226", true, true },    { "S-CSCF", "33.226", true, true },
	{ "SMF-PGW-C", "33.515", true, true }, { "UPF-PGW-U", "33.513", true, true },
	{ "UDM-HSS", "33.514", true, true },   { "PCRF-PCF", "33.528", true, true },
	{ "E-CSCF", "33.226", true, true },    { "EMS", "33.526", true, true },
	{ "NFVI", "33.527", true, true },
};

struct scas scas_of_function(const char *function)
{
	for (size_t i = 0; i < sizeof own_scas / sizeof *own_scas; i++)
		if (!strcmp(own_scas[i].function, function))
			return own_scas[i];
	return (struct scas){ function, "33.117", false, false };
}
