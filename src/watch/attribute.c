/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attribution: an address becomes a peer, a peer an element of the network. An element's addresses and prefixes stand in
 * elements.csv; further ones are learnt from what declared elements say of themselves (node ids, SCTP address lists,
 * tunnel ends) and from the NRF's profiles.
 */
#include "watch/internal.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct prefix {
	struct wire_address address; /* the bits behind the prefix are zero */
	uint32_t element;
};

struct watch_attribution {
	struct watch_rows prefixes;
	struct watch_index prefix_index;
	bool has_bits[129];                           /* some prefix has so many bits, IPv4's counted from 96 */
	uint32_t *first_peer;                         /* of each element, WATCH_NONE */
	const uint32_t *functions, *vendors, *groups; /* codes by element; NULL: no such column */
	struct {
		uint32_t word, element;
	} * names; /* sorted by word: domain names and element ids */
	size_t name_count;
	struct sharing {
		uint32_t peer, element;
	} * sharing; /* who else is declared at an address, sorted by peer */
	size_t sharing_count;
};

uint32_t watch_peer_find(const struct watch *w, const struct wire_address *a)
{
	uint64_t hash = watch_address_hash(w, a);

	WATCH_INDEX_EACH(&w->peer_index, hash, row)
	if (watch_address_is(&watch_peer_at(w, row)->address, a))
		return row;
	return WATCH_NONE;
}

static struct wire_address masked(const struct wire_address *a, unsigned bits)
{
	struct wire_address m = *a;

	for (unsigned i = 0; i < 16; i++) {
		unsigned from = 8 * i;

		if (bits <= from)
			m.bytes[i] = 0;
		else if (bits < from + 8)
			m.bytes[i] &= (uint8_t)(0xff00 >> (bits - from));
	}
	return m;
}

static uint64_t prefix_hash(const struct watch *w, const struct wire_address *a, unsigned bits)
{
	return watch_index_hash(watch_hash(w, watch_address_hash(w, a), bits));
}

static uint32_t by_prefix(const struct watch *w, const struct wire_address *a)
{
	const struct watch_attribution *t = w->attribution;

	for (unsigned bits = 128; bits > 0; bits--) {
		struct wire_address m;
		uint64_t hash;

		if (!t->has_bits[bits])
			continue;
		m = masked(a, bits);
		hash = prefix_hash(w, &m, bits);
		WATCH_INDEX_EACH(&t->prefix_index, hash, row)
		{
			const struct prefix *p = &((const struct prefix *)t->prefixes.items)[row];

			if (watch_address_is(&p->address, &m))
				return p->element;
		}
	}
	return WATCH_NONE;
}

bool watch_is_declared(const struct watch *w, const struct wire_address *a)
{
	uint32_t row = watch_peer_find(w, a);

	if (row != WATCH_NONE)
		return watch_peer_at(w, row)->known_by == WATCH_BY_ADDRESS ||
		       watch_peer_at(w, row)->known_by == WATCH_BY_PREFIX;
	return by_prefix(w, a) != WATCH_NONE;
}

bool watch_is_li(const struct watch *w, const struct wire_address *a)
{
	return w->options.li && watch_li_has(w->options.li, a);
}

static void give_element(struct watch *w, uint32_t row, uint32_t element, enum watch_known_by by)
{
	struct watch_peer *p = watch_peer_at(w, row);

	p->element = element;
	p->known_by = (uint8_t)by;
	p->is_network = true;
	p->next_of_element = w->attribution->first_peer[element];
	w->attribution->first_peer[element] = row;
	watch_unplaced_found(w, element);
}

uint32_t watch_peer_get(struct watch *w, const struct wire_address *a, int64_t now_ns)
{
	uint32_t row = watch_peer_find(w, a), element;
	struct watch_peer *p;

	if (row != WATCH_NONE)
		return row;
	row = watch_rows_add(&w->peers, w->arena);
	if (row == WATCH_NONE) {
		w->counters.peers_full++;
		return row;
	}
	watch_index_put(&w->peer_index, w->arena, watch_address_hash(w, a), row);
	p = watch_peer_at(w, row);
	*p = (struct watch_peer){ .address = *a,
				  .element = WATCH_NONE,
				  .controller = WATCH_NONE,
				  .next_of_element = WATCH_NONE,
				  .first_ns = now_ns,
				  .is_li = watch_is_li(w, a) };
	element = w->options.net ? by_prefix(w, a) : WATCH_NONE;
	if (element != WATCH_NONE)
		give_element(w, row, element, WATCH_BY_PREFIX);
	return row;
}

uint32_t watch_peer_network(struct watch *w, const struct wire_address *a, uint16_t roles, int64_t now_ns)
{
	uint32_t row = wire_address_is_none(a) ? WATCH_NONE : watch_peer_get(w, a, now_ns);

	if (row != WATCH_NONE) {
		watch_peer_at(w, row)->is_network = true;
		watch_peer_at(w, row)->roles |= roles;
	}
	return row;
}

void watch_peer_is(struct watch *w, uint32_t peer, uint32_t element)
{
	if (peer != WATCH_NONE && element != WATCH_NONE && watch_peer_at(w, peer)->element == WATCH_NONE)
		give_element(w, peer, element, WATCH_BY_IDENTITY);
}

uint32_t watch_element_of(const struct watch *w, uint32_t peer)
{
	return peer == WATCH_NONE ? WATCH_NONE : watch_peer_at(w, peer)->element;
}

/* ---- names ---- */

const char *watch_address_text(const struct watch *w, const struct wire_address *a)
{
	struct wire_address plain = *a;
	uint32_t tags = watch_vlan_unname(&plain);
	char text[46];

	wire_address_print(&plain, text);
	if (tags & 0xfff)
		return arena_printf(w->arena, "%s%%%u.%u", text, tags >> 12, tags & 0xfff);
	return tags ? arena_printf(w->arena, "%s%%%u", text, tags >> 12) : arena_text(w->arena, text, strlen(text));
}

const char *watch_peer_name(const struct watch *w, uint32_t peer)
{
	const struct watch_peer *p;

	if (peer == WATCH_NONE)
		return "";
	p = watch_peer_at(w, peer);
	return p->element != WATCH_NONE ? net_id(w->options.net, NET_ELEMENTS, p->element)
					: watch_address_text(w, &p->address);
}

/* "ue-5f2c09aa1b": the same for the same bytes and key, and nothing else can be told from it. */
const char *watch_pseudonym(const struct watch *w, const void *bytes, size_t count)
{
	enum { MOST = 256, SHOWN = 12 };
	uint8_t keyed[2 * sizeof w->options.key + MOST];
	char hex[65];

	count = count > MOST ? MOST : count;
	memcpy(keyed, w->options.key, sizeof w->options.key);
	memcpy(keyed + sizeof w->options.key, bytes, count);
	memcpy(keyed + sizeof w->options.key + count, w->options.key, sizeof w->options.key);
	sha256_hex(keyed, 2 * sizeof w->options.key + count, hex);
	return arena_printf(w->arena, "ue-%.*s", SHOWN, hex);
}

const char *watch_user_address(const struct watch *w, const struct wire_address *a)
{
	return w->options.identities ? watch_address_text(w, a) : watch_pseudonym(w, a, sizeof *a);
}

const char *watch_element_vendor(const struct watch *w, uint32_t element)
{
	const uint32_t *codes = w->attribution->vendors;

	if (element == WATCH_NONE || !codes || !CODE_IS_KNOWN(codes[element]))
		return NULL;
	return net_id(w->options.net, NET_VENDORS, codes[element]);
}

const struct net_function *watch_element_row(const struct watch *w, uint32_t element)
{
	const uint32_t *codes = w->attribution->functions;

	if (element == WATCH_NONE || !codes || !CODE_IS_KNOWN(codes[element]))
		return NULL;
	return &net_functions[codes[element]];
}

const char *watch_element_function(const struct watch *w, uint32_t element)
{
	const struct net_function *f = watch_element_row(w, element);

	return f ? f->name : NULL;
}

const struct net_function *watch_function_of(const struct watch *w, uint32_t peer)
{
	return watch_element_row(w, watch_element_of(w, peer));
}

/* The first of those who share this peer's address with its element. */
static size_t first_sharing(const struct watch_attribution *t, uint32_t peer)
{
	size_t low = 0;

	for (size_t high = t->sharing_count; low < high;) {
		size_t middle = (low + high) / 2;

		if (t->sharing[middle].peer < peer)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool watch_peer_is_shared(const struct watch *w, uint32_t peer)
{
	const struct watch_attribution *t = w->attribution;
	size_t at = first_sharing(t, peer);

	return at < t->sharing_count && t->sharing[at].peer == peer;
}

bool watch_peer_has_function(const struct watch *w, uint32_t peer, const char *function)
{
	const struct watch_attribution *t = w->attribution;
	const char *own = watch_element_function(w, watch_element_of(w, peer));

	if (own && strcmp(own, function) == 0)
		return true;
	for (size_t i = first_sharing(t, peer); i < t->sharing_count && t->sharing[i].peer == peer; i++) {
		const char *other = watch_element_function(w, t->sharing[i].element);

		if (other && strcmp(other, function) == 0)
			return true;
	}
	return false;
}

uint32_t watch_element_named(const struct watch *w, const char *name, size_t bytes)
{
	const struct watch_attribution *t = w->attribution;
	uint32_t word = w->options.net ? strs_find(w->options.net->strs, name, bytes) : STR_ABSENT;

	for (size_t low = 0, high = word == STR_ABSENT ? 0 : t->name_count; low < high;) {
		size_t middle = (low + high) / 2;

		if (t->names[middle].word == word)
			return t->names[middle].element;
		if (t->names[middle].word < word)
			low = middle + 1;
		else
			high = middle;
	}
	return WATCH_NONE;
}

bool watch_same_element(const struct watch *w, uint32_t a, uint32_t b)
{
	return a == b || (watch_element_of(w, a) != WATCH_NONE && watch_element_of(w, a) == watch_element_of(w, b));
}

bool watch_same_pool(const struct watch *w, uint32_t a, uint32_t b)
{
	const uint32_t *groups = w->attribution->groups, *functions = w->attribution->functions;
	uint32_t x = watch_element_of(w, a), y = watch_element_of(w, b);

	if (watch_same_element(w, a, b))
		return true;
	/* one node id at two addresses is one node, unless the inventory has the addresses of one of them */
	if (a != WATCH_NONE && b != WATCH_NONE && x == y && watch_peer_at(w, a)->node &&
	    watch_peer_at(w, a)->node == watch_peer_at(w, b)->node)
		return true;
	if (x == WATCH_NONE || y == WATCH_NONE || !groups || !functions)
		return false;
	return CODE_IS_KNOWN(groups[x]) && groups[x] == groups[y] && functions[x] == functions[y];
}

/* ---- the inventory ---- */

/* 10.0.0.1%100, 10.0.0.0/24%100.7: the VLAN, or the outer and the inner one. 0 where there is none, or it is none. */
static uint32_t read_tags(const char *text)
{
	const char *percent = strchr(text, '%');
	char *end;
	unsigned long outer = percent ? strtoul(percent + 1, &end, 10) : 0, inner = 0;

	if (percent && *end == '.')
		inner = strtoul(end + 1, &end, 10);
	return percent && !*end && outer < 4096 && inner < 4096 ? (uint32_t)(outer << 12 | inner) : 0;
}

/* Without its VLAN. */
static bool read_address(const char *word, struct wire_address *a, unsigned *bits)
{
	char text[64];
	char copy[64];
	const char *slash;
	size_t bytes = strcspn(word, "%");
	unsigned most = 128, extra = 0;

	if (bytes >= sizeof text)
		return false;
	memcpy(text, word, bytes);
	text[bytes] = 0;
	slash = strchr(text, '/');
	bytes = slash ? (size_t)(slash - text) : bytes;
	memcpy(copy, text, bytes);
	copy[bytes] = 0;
	memset(a, 0, sizeof *a);
	if (inet_pton(AF_INET, copy, a->bytes + 12) == 1) {
		a->bytes[10] = a->bytes[11] = 0xff;
		most = 32;
		extra = 96;
	} else if (inet_pton(AF_INET6, copy, a->bytes) != 1) {
		return false;
	}
	*bits = 128;
	if (slash) {
		char *end;
		unsigned long value = strtoul(slash + 1, &end, 10);

		if (!slash[1] || *end || value > most)
			return false;
		*bits = (unsigned)value + extra;
	}
	return true;
}

bool watch_address_read(const char *text, struct wire_address *a)
{
	unsigned bits;

	return !strchr(text, '%') && read_address(text, a, &bits) && bits == 128;
}

static void add_prefix(struct watch *w, const struct wire_address *a, unsigned bits, uint32_t element)
{
	struct watch_attribution *t = w->attribution;
	uint32_t row = watch_rows_add(&t->prefixes, w->arena);
	struct wire_address m = masked(a, bits);

	if (row == WATCH_NONE)
		return;
	((struct prefix *)t->prefixes.items)[row] = (struct prefix){ m, element };
	t->has_bits[bits] = true;
	watch_index_put(&t->prefix_index, w->arena, prefix_hash(w, &m, bits), row);
}

static void add_name(struct watch *w, uint32_t word, uint32_t element)
{
	struct watch_attribution *t = w->attribution;

	t->names[t->name_count].word = word;
	t->names[t->name_count++].element = element;
}

static void add_exact(struct watch *w, const struct wire_address *a, uint32_t element)
{
	uint32_t row = watch_peer_get(w, a, 0);

	if (row == WATCH_NONE)
		return;
	if (watch_peer_at(w, row)->known_by != WATCH_BY_ADDRESS)
		give_element(w, row, element, WATCH_BY_ADDRESS);
	else if (watch_peer_at(w, row)->element != element)
		w->attribution->sharing[w->attribution->sharing_count++] = (struct sharing){ row, element };
}

static void add_address(struct watch *w, uint32_t word, uint32_t element)
{
	const char *text = strs_text(w->options.net->strs, word);
	struct wire_address a;
	uint32_t tags = read_tags(text);
	unsigned bits;

	if (!read_address(text, &a, &bits)) {
		add_name(w, word, element);
		return;
	}
	if (tags && watch_vlan_add(w, tags, element)) {
		if (bits == 128)
			add_exact(w, &a, element); /* where nothing tells which: one of all that have it */
		watch_vlan_name(&a, tags);
	}
	if (bits < 128)
		add_prefix(w, &a, bits, element);
	else
		add_exact(w, &a, element);
}

/* All VLANs are known: which of them are one network, because one element is in several. */
static void join_vlans(struct watch *w, const uint32_t *addresses)
{
	for (uint32_t e = 0; addresses && e < w->options.net->table[NET_ELEMENTS].rows; e++) {
		size_t count = 0;
		const uint32_t *words =
			CODE_IS_KNOWN(addresses[e]) ? net_words(w->options.net, addresses[e], &count) : NULL;

		for (size_t i = 0; i < count; i++) {
			uint32_t tags = read_tags(strs_text(w->options.net->strs, words[i]));

			if (tags)
				watch_vlan_join(w, tags, e);
		}
	}
}

static int by_word(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	if (a[0] != b[0])
		return a[0] < b[0] ? -1 : 1;
	return a[1] < b[1] ? -1 : a[1] > b[1];
}

static const uint32_t *codes_of(const struct net *net, const char *name, enum net_type type)
{
	const struct net_column *c = net_column(net, NET_ELEMENTS, name);

	return c && c->type == type ? c->codes : NULL;
}

static void read_inventory(struct watch *w)
{
	struct watch_attribution *t = w->attribution;
	const struct net *net = w->options.net;
	const struct net_table *elements = &net->table[NET_ELEMENTS];
	const uint32_t *addresses = codes_of(net, "addresses", TYPE_WORDS);
	size_t names = elements->rows;

	t->functions = codes_of(net, "function", TYPE_FUNCTION);
	t->vendors = codes_of(net, "vendor", TYPE_VENDOR);
	t->groups = codes_of(net, "group", TYPE_TEXT);
	t->first_peer = arena_array(w->arena, (size_t)elements->rows + 1, sizeof *t->first_peer);
	memset(t->first_peer, 0xff, (size_t)elements->rows * sizeof *t->first_peer);
	for (uint32_t e = 0; addresses && e < elements->rows; e++) {
		size_t count = 0;

		if (CODE_IS_KNOWN(addresses[e]))
			net_words(net, addresses[e], &count);
		names += count;
	}
	t->names = arena_array(w->arena, names + 1, sizeof *t->names);
	t->sharing = arena_array(w->arena, 2 * names + 1, sizeof *t->sharing);
	for (uint32_t e = 0; e < elements->rows; e++) {
		size_t count = 0;
		const uint32_t *words =
			addresses && CODE_IS_KNOWN(addresses[e]) ? net_words(net, addresses[e], &count) : NULL;

		add_name(w, elements->ids[e], e);
		for (size_t i = 0; i < count; i++)
			add_address(w, words[i], e);
	}
	if (w->vlans)
		join_vlans(w, addresses);
	qsort(t->names, t->name_count, sizeof *t->names, by_word);
	qsort(t->sharing, t->sharing_count, sizeof *t->sharing, by_word);
}

/* What a profile says of an element that is declared by one address or by name holds for its others too. */
static void read_profiles(struct watch *w)
{
	for (size_t i = 0; w->options.net && w->options.nrf && i < w->options.nrf->count; i++) {
		const struct watch_nf *nf = &w->options.nrf->items[i];
		uint32_t element = nf->name ? watch_element_named(w, nf->name, strlen(nf->name)) : WATCH_NONE;

		if (element == WATCH_NONE && nf->instance)
			element = watch_element_named(w, nf->instance, strlen(nf->instance));
		for (size_t k = 0; k < nf->address_count && element == WATCH_NONE; k++)
			element = watch_element_of(w, watch_peer_find(w, &nf->addresses[k]));
		for (size_t k = 0; k < nf->address_count; k++)
			watch_peer_is(w, watch_peer_network(w, &nf->addresses[k], WATCH_ROLE_SBI, 0), element);
	}
}

void watch_attribution_init(struct watch *w)
{
	w->attribution = arena_alloc(w->arena, sizeof *w->attribution);
	watch_rows_init(&w->attribution->prefixes, sizeof(struct prefix), WATCH_PEERS);
	watch_index_init(&w->attribution->prefix_index, w->arena);
	if (w->options.net) {
		watch_unplaced_init(w);
		read_inventory(w);
	}
	read_profiles(w);
}
