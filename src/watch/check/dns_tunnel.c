/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dns-tunnel: names that carry something else than names: many different ones of great length under one domain, asked
 * for by one address within some minutes. The network's own names (3gppnetwork.org) are long and regular and left out,
 * and so are names made of addresses (.arpa). What subscribers ask for is looked at only where that was ordered.
 */
#include "watch/internal.h"

#include <string.h>

enum { DOMAINS = 4096, SEEN_BITS = 1024 };

struct domain {
	uint64_t key;                  /* who asks, and under which two last labels */
	uint64_t seen[SEEN_BITS / 64]; /* hashes of the long names, to count each once */
	uint32_t names, bytes, told;
	int64_t since_ns;
	uint64_t frames[WATCH_FRAMES];
	uint32_t frame_count;
};

struct state {
	struct watch_rows domains;
	struct watch_index index;
};

static void *begin(struct watch *w)
{
	struct state *s = arena_alloc(w->arena, sizeof *s);

	watch_rows_init(&s->domains, sizeof(struct domain), DOMAINS);
	watch_index_init(&s->index, w->arena);
	return s;
}

/* Where the last two labels begin; 0 where there is nothing before them. */
static uint32_t domain_at(const uint8_t *name, uint32_t bytes)
{
	unsigned dots = 0;

	for (uint32_t i = bytes; i > 0; i--)
		if (name[i - 1] == '.' && i < bytes && ++dots == 2)
			return i;
	return 0;
}

static bool ends_with(const uint8_t *name, uint32_t bytes, const char *end)
{
	size_t n = strlen(end);

	return bytes >= n && memcmp(name + bytes - n, end, n) == 0;
}

static struct domain *domain_of(struct watch *w, struct state *s, uint64_t key, int64_t now_ns)
{
	uint64_t hash = watch_index_hash(key);
	struct domain *d = s->domains.items;
	uint32_t row;

	WATCH_INDEX_EACH(&s->index, hash, old)
	if (d[old].key == key)
		return &d[old];
	row = watch_rows_add(&s->domains, w->arena);
	if (row == WATCH_NONE) {
		w->counters.checks_full++;
		return NULL;
	}
	watch_index_put(&s->index, w->arena, hash, row);
	d = (struct domain *)s->domains.items + row;
	*d = (struct domain){ .key = key, .since_ns = now_ns };
	return d;
}

/* Counts a name once; true where it is new. */
static bool is_new(struct domain *d, uint64_t hash)
{
	uint64_t bit = UINT64_C(1) << (hash & 63), *word = &d->seen[hash >> 6 & (SEEN_BITS / 64 - 1)];

	if (*word & bit)
		return false;
	*word |= bit;
	return true;
}

static void tell(struct watch *w, const struct watch_heard *h, struct domain *d, const uint8_t *domain, uint32_t bytes)
{
	bool is_subscriber = h->message->level > 0;
	struct watch_alarm a = { .certainty = WATCH_LIKELY,
				 .from = h->from,
				 .to = h->to,
				 .detail = d->key,
				 .time_ns = h->now_ns,
				 .packets = 1 };

	for (uint32_t i = 0; i < d->frame_count; i++) {
		a.frame = d->frames[i];
		a.packets = i ? 1 : d->names - d->told - d->frame_count + 1;
		if (watch_alarm(w, "dns-tunnel", &a))
			watch_explain(
				w, "%u different names under %.*s, %u bytes each, were asked for within %lld seconds%s",
				d->names, (int)(bytes < 100 ? bytes : 100), domain, d->bytes / d->names,
				(long long)(watch_limit(w, WATCH_DNS_WINDOW) / 1000), is_subscriber ? " by a subscriber" : "");
	}
	d->frame_count = 0;
	d->told = d->names;
}

static void heard(struct watch *w, void *own, const struct watch_heard *h)
{
	const struct wire_field *f = h->message->protocol == WIRE_DNS ? watch_field(h, WIRE_NAME, 0) : NULL;
	uint32_t least = (uint32_t)watch_limit(w, WATCH_DNS_NAMES), at;
	struct domain *d;
	uint64_t hash;

	if (!f || !(h->message->kind & WIRE_REQUEST) || !h->level)
		return;
	at = domain_at(f->bytes, f->length);
	if (at < (uint32_t)watch_limit(w, WATCH_DNS_LENGTH) || ends_with(f->bytes, f->length, ".3gppnetwork.org") ||
	    ends_with(f->bytes, f->length, ".arpa"))
		return;
	hash = hash_seeded(&h->level->source, sizeof h->level->source, w->options.seed);
	d = domain_of(w, own, hash_seeded(f->bytes + at, f->length - at, hash), h->now_ns);
	if (!d)
		return;
	if (h->now_ns - d->since_ns > watch_limit(w, WATCH_DNS_WINDOW) * WATCH_NS_PER_MS)
		*d = (struct domain){ .key = d->key, .since_ns = h->now_ns };
	if (!is_new(d, hash_bytes(f->bytes, f->length)))
		return;
	d->names++;
	d->bytes += f->length;
	if (d->frame_count < WATCH_FRAMES)
		d->frames[d->frame_count++] = h->frame;
	if (d->names >= least)
		tell(w, h, d, f->bytes + at, f->length - at);
}

const struct watch_hooks watch_check_dns_tunnel = { .hears = WATCH_OF(WIRE_DNS), .begin = begin, .heard = heard };
