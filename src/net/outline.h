/* SPDX-License-Identifier: Apache-2.0 */
/* Outlines as JSON has them; net.h says what they are. Private to this room: needs <jansson.h> before it. */
#ifndef PROVISO_NET_OUTLINE_H
#define PROVISO_NET_OUTLINE_H

#include "net/net.h"

/* A position: longitude, latitude; false where it is none. */
bool net_place_of(const json_t *, struct net_place *);
/* All polygons of a geometry; NULL, or what is wrong with it. */
const char *net_outline_of(struct arena *, const json_t *geometry, struct net_outline *);

#endif
