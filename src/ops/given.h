/* SPDX-License-Identifier: Apache-2.0 */
/* What a watch is given besides captures: taps, profiles, lists, numbers; and the claim it leaves. Private to ops. */
#ifndef PROVISO_OPS_GIVEN_H
#define PROVISO_OPS_GIVEN_H

#include "ops/case.h"

/* The options of this file, for the table of proviso watch. */
#define OPTIONS_GIVEN                                                                                                  \
	OPTION_USER, { "taps", 0, "FILE.csv", OPS_ONCE, "where each capture was taken (default: the case's taps.csv)" }, \
		{ "nrf", 0, "FILE.json", OPS_ONCE, "profiles of network functions, as an NRF gives them out" },        \
		{ "li-list", 0, "FILE", OPS_ONCE,                                                                      \
		  "addresses of lawful interception: of it nothing is told but counts" },                              \
		{ "threshold", 0, "NAME=VALUE", OPS_SEVERAL,                                                           \
		  "another number for a check (doc/watch.md has them all)" },                                          \
		{ "identities", 0, NULL, OPS_ONCE, "subscribers' addresses as they are, not as pseudonyms" },          \
		{ "subscribers", 0, NULL, OPS_ONCE, "look into what users say to the world, too" },                    \
	{                                                                                                              \
		"evidence", 0, "FILE.proviso", OPS_WRITTEN,                                                            \
			"write what was seen as claims, with the coverage they have"                                   \
	}

/* For whoever reads captures. */
#define OPTION_USER                                                                                                    \
	{                                                                                                              \
		"user", 0, "N=PROTOCOL", OPS_SEVERAL,                                                                  \
			"what frames of link type USERN hold, without transport: 5=NGAP"                               \
	}
/* Failed where it is no protocol, or no such link type. */
struct wire_options given_user(struct call *);

/* The addresses of --li-list, NULL where there is none; from here on the process leaves no core file. */
const struct watch_li *given_li(struct call *);
/* Fills the options of a watch. taps: one for each capture, in their order, as the run names them. Failed where wrong. */
void given_fill(struct call *, struct inputs *, const char *case_folder, struct watch_tap *taps, size_t count,
		struct watch_options *);
/* The key of pseudonyms: from the head of the first capture, so that one capture gives one result; else at random. */
void given_key(struct call *, const char *first_file, uint8_t key[32]);
/*
 * --evidence: the file, all of it written, for call_keep_output; NULL where none is wanted. net may be NULL: then there is
 * nobody to claim anything about, and it fails.
 */
struct outfile *given_evidence(struct call *, const struct net *, const struct watch_result *,
			       const char *operator_name);

#endif
