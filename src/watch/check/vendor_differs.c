/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vendor-differs: the vendor of a profile in the NRF's dump against the inventory's. Registrations on the wire are
 * compared by check/rogue_registration.c with the same words.
 */
#include "watch/internal.h"

#include <string.h>

static void finish(struct watch *w, void *own)
{
	const struct watch_nrf *nrf = w->options.net ? w->options.nrf : NULL;

	(void)own;
	for (size_t i = 0; nrf && i < nrf->count; i++) {
		const struct watch_nf *nf = &nrf->items[i];
		uint32_t peer = WATCH_NONE, element = WATCH_NONE;

		for (size_t k = 0; k < nf->address_count && element == WATCH_NONE; k++) {
			peer = watch_peer_find(w, &nf->addresses[k]);
			element = watch_element_of(w, peer);
		}
		if (element == WATCH_NONE && nf->instance)
			element = watch_element_named(w, nf->instance, strlen(nf->instance));
		if (element != WATCH_NONE && nf->vendor)
			watch_compare_vendor(w, element, peer, nf->vendor, 0, 0);
	}
}

const struct watch_hooks watch_check_vendor_differs = { .finish = finish };
