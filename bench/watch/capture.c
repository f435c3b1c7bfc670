/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture: the made 5G capture that `proviso watch` is measured on, and the case that declares its network.
 *
 *     bench-capture [--packets N] [--tunnels N] [--seed N] [--rogue N] [--copies N] [--small] [--wander]
 *                   [--case FOLDER] OUT.pcap
 *
 * 4,000 gNBs, 8 UPFs, an SMF and an AMF. PFCP associations come first; a session is a Session Establishment Request and
 * its response and sets up two tunnels, the uplink's end at the UPF and the downlink's at the gNB, over the first third
 * of the file. G-PDUs carry the PDU Session Container and an inner IPv4 datagram over UDP or TCP, 70 % of 1,400 bytes and
 * 30 % of 100 (--small: all of 100). 0.5 % more are PFCP heartbeats, 0.5 % NGAP over SCTP. With --wander each uplink G-PDU
 * comes from any of the gNBs, as if no subscriber ever stayed: the worst for who remembers senders.
 *
 * Planted: of 1,000 G-PDUs --rogue use a TEID that nobody set up (0x7f000000 and up), and --copies leave a second time
 * from the UPF, inside plain UDP to 198.51.100.66. What was planted is printed as one line; the same arguments give the
 * same bytes everywhere.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { GNBS = 4000, UPFS = 8, AT_ONCE = 4 << 20, LARGE = 1400, SMALL = 100, COPY_MOST = 1300, PAYLOAD = 4096 };
enum { GTPU = 2152, PFCP = 8805, NGAP = 38412 };

static const uint32_t SMF = 0x0a1e0001, AMF = 0x0a1e0101, UPF = 0x0a140001, GNB = 0x0a0a0001, OUTSIDE = 0xc6336442;
static const uint32_t ROUTER = 0x0a140101, ROGUE_TEID = 0x7f000000;

struct shape {
	uint64_t packets, tunnels, seed, rogue, copies;
	bool small, wander;
	const char *folder, *path;
};

struct writer {
	FILE *file;
	uint64_t random, us, frames, bytes;
	uint64_t gpdus, rogues, copies, pfcp, ngap, sessions;
	uint8_t payload[PAYLOAD];
	uint32_t crc[256];
};

/* ---- bytes ---- */

static uint64_t next(struct writer *w) /* xorshift64* */
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return w->random * 2685821657736338717u;
}

static uint8_t *put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

static uint8_t *put32(uint8_t *p, uint32_t v)
{
	return put16(put16(p, v >> 16), v & 0xffff);
}

static uint16_t checksum(const uint8_t *p, size_t count)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < count; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static uint8_t *ethernet(uint8_t *p, uint32_t from, uint32_t to)
{
	p = put32(put16(p, 0x0200), to);
	p = put32(put16(p, 0x0201), from);
	return put16(p, 0x0800);
}

static uint8_t *ipv4(uint8_t *p, size_t length, unsigned protocol, uint32_t from, uint32_t to, uint64_t id)
{
	put16(p, 0x4500);
	put16(p + 2, (unsigned)length);
	put16(p + 4, (unsigned)(id & 0xffff));
	put16(p + 6, 0x4000);
	put16(p + 8, 64u << 8 | protocol);
	put16(p + 10, 0);
	put32(p + 12, from);
	put32(p + 16, to);
	put16(p + 10, checksum(p, 20));
	return p + 20;
}

static uint8_t *udp(uint8_t *p, unsigned from, unsigned to, size_t length)
{
	return put16(put16(put16(put16(p, from), to), (unsigned)length), 0);
}

static void frame(struct writer *w, const uint8_t *bytes, const uint8_t *end)
{
	uint32_t length = (uint32_t)(end - bytes), record[4];

	w->us += next(w) % 3;
	record[0] = (uint32_t)(w->us / 1000000);
	record[1] = (uint32_t)(w->us % 1000000);
	record[2] = record[3] = length;
	fwrite(record, sizeof record, 1, w->file);
	fwrite(bytes, length, 1, w->file);
	w->frames++;
	w->bytes += sizeof record + length;
}

/* ---- PFCP: TS 29.244 clauses 7.2 (header), 7.4.4 (association), 7.5.2 (establishment) ---- */

struct pfcp {
	uint8_t bytes[512];
	uint8_t *at, *open[4];
	unsigned depth;
};

static void begin(struct pfcp *m, unsigned type, bool session, uint64_t seid, uint32_t sequence)
{
	m->at = m->bytes + 42;
	m->depth = 0;
	*m->at++ = session ? 0x21 : 0x20;
	*m->at++ = (uint8_t)type;
	m->at += 2; /* length */
	if (session)
		m->at = put32(put32(m->at, (uint32_t)(seid >> 32)), (uint32_t)seid);
	m->at = put32(m->at, sequence << 8);
}

static void open_ie(struct pfcp *m, unsigned type)
{
	m->at = put16(m->at, type);
	m->open[m->depth++] = m->at;
	m->at += 2;
}

static void close_ie(struct pfcp *m)
{
	uint8_t *length = m->open[--m->depth];

	put16(length, (unsigned)(m->at - length - 2));
}

/* An IE of up to twelve bytes: a first byte where flags >= 0, then the words. */
static void small_ie(struct pfcp *m, unsigned type, int flags, unsigned words, uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t value[3] = { a, b, c };

	open_ie(m, type);
	if (flags >= 0)
		*m->at++ = (uint8_t)flags;
	for (unsigned i = 0; i < words; i++)
		m->at = put32(m->at, value[i]);
	close_ie(m);
}

static void short_ie(struct pfcp *m, unsigned type, unsigned value)
{
	open_ie(m, type);
	m->at = put16(m->at, value);
	close_ie(m);
}

static void send_pfcp(struct writer *w, struct pfcp *m, uint32_t from, uint32_t to)
{
	uint8_t *message = m->bytes + 42;
	size_t length = (size_t)(m->at - message);

	put16(message + 2, (unsigned)length - 4);
	ethernet(m->bytes, from, to);
	ipv4(m->bytes + 14, 28 + length, 17, from, to, w->pfcp);
	udp(m->bytes + 34, PFCP, PFCP, 8 + length);
	frame(w, m->bytes, m->at);
	w->pfcp++;
}

static void associate(struct writer *w, uint32_t upf, uint32_t sequence)
{
	struct pfcp m;
	uint32_t started = (uint32_t)(w->us / 1000000 - 3600) + 2208988800u; /* NTP's seconds */

	begin(&m, 5, false, 0, sequence);
	small_ie(&m, 60, 0, 1, SMF, 0, 0); /* node id: IPv4 */
	small_ie(&m, 96, -1, 1, started, 0, 0);
	send_pfcp(w, &m, SMF, upf);
	begin(&m, 6, false, 0, sequence);
	small_ie(&m, 60, 0, 1, upf, 0, 0);
	small_ie(&m, 19, 1, 0, 0, 0, 0); /* cause: accepted */
	small_ie(&m, 96, -1, 1, started, 0, 0);
	send_pfcp(w, &m, upf, SMF);
}

static uint32_t upf_of(uint64_t session)
{
	return UPF + (uint32_t)(session % UPFS);
}

static uint32_t gnb_of(uint64_t session)
{
	return GNB + (uint32_t)(session * 2654435761u % GNBS);
}

static uint32_t ue_of(uint64_t session)
{
	return 0x0b000000u + (uint32_t)session;
}

static void rule(struct pfcp *m, uint64_t session, bool uplink)
{
	unsigned id = uplink ? 1 : 2;

	open_ie(m, 1); /* create PDR */
	short_ie(m, 56, id);
	small_ie(m, 29, -1, 1, 255, 0, 0);
	open_ie(m, 2); /* PDI: source interface, F-TEID, UE address */
	small_ie(m, 20, uplink ? 0 : 1, 0, 0, 0, 0);
	if (uplink)
		small_ie(m, 21, 1, 2, (uint32_t)session, upf_of(session), 0);
	small_ie(m, 93, uplink ? 2 : 6, 1, ue_of(session), 0, 0);
	close_ie(m);
	if (uplink)
		small_ie(m, 95, 0, 0, 0, 0, 0); /* outer header removal: GTP-U/UDP/IPv4 */
	small_ie(m, 108, -1, 1, id, 0, 0);
	close_ie(m);
	open_ie(m, 3); /* create FAR */
	small_ie(m, 108, -1, 1, id, 0, 0);
	short_ie(m, 44, 0x0200); /* FORW */
	open_ie(m, 4);           /* forwarding parameters */
	small_ie(m, 42, uplink ? 1 : 0, 0, 0, 0, 0);
	if (!uplink) {
		open_ie(m, 84); /* outer header creation: GTP-U/UDP/IPv4 */
		m->at = put32(put32(put16(m->at, 0x0100), (uint32_t)session), gnb_of(session));
		close_ie(m);
	}
	close_ie(m);
	close_ie(m);
}

static void set_up(struct writer *w, uint64_t session)
{
	struct pfcp m;
	uint32_t upf = upf_of(session), id = (uint32_t)session;

	begin(&m, 50, true, 0, id & 0xffffff);
	small_ie(&m, 60, 0, 1, SMF, 0, 0);
	small_ie(&m, 57, 2, 3, 0, id, SMF); /* F-SEID */
	rule(&m, session, true);
	rule(&m, session, false);
	send_pfcp(w, &m, SMF, upf);
	begin(&m, 51, true, id, id & 0xffffff);
	small_ie(&m, 60, 0, 1, upf, 0, 0);
	small_ie(&m, 19, 1, 0, 0, 0, 0);
	small_ie(&m, 57, 2, 3, 1, id, upf);
	send_pfcp(w, &m, upf, SMF);
	w->sessions++;
}

static void heartbeat(struct writer *w, uint64_t i)
{
	struct pfcp m;

	begin(&m, 1, false, 0, (uint32_t)(i & 0xffffff));
	small_ie(&m, 96, -1, 1, (uint32_t)(1700000000u - 3600) + 2208988800u, 0, 0);
	send_pfcp(w, &m, SMF, UPF + (uint32_t)(i % UPFS));
}

/* ---- NGAP: an UplinkNASTransport (TS 38.413 clause 8.6.3) in one SCTP DATA chunk (RFC 9260 clause 3.3.1) ---- */

static void ngap(struct writer *w, uint64_t i)
{
	static const uint8_t message[] = {
		0x00, 0x2e, 0x40, 0x3c, 0x00, 0x00, 0x04, 0x00, 0x0a, 0x00, 0x02, 0x00, 0x01, 0x00, 0x55, 0x00,
		0x02, 0x00, 0x01, 0x00, 0x26, 0x00, 0x16, 0x15, 0x7e, 0x00, 0x5c, 0x00, 0x0d, 0x01, 0x02, 0xf8,
		0x39, 0xf0, 0xff, 0x00, 0x00, 0x10, 0x00, 0x00, 0x47, 0x78, 0x01, 0x02, 0x03, 0x00, 0x79, 0x40,
		0x0f, 0x40, 0x02, 0xf8, 0x39, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02, 0xf8, 0x39, 0x00, 0x00, 0x01,
	};
	uint8_t bytes[256], *p, *sctp;
	uint32_t gnb = GNB + (uint32_t)(next(w) % GNBS), crc = ~0u;

	sctp = ethernet(bytes, gnb, AMF) + 20;
	p = put32(put32(put16(put16(sctp, NGAP), NGAP), 0x1234), 0);
	p = put16(put16(p, 3), 16 + sizeof message); /* DATA, whole */
	p = put32(put16(put16(put32(p, (uint32_t)i), 0), (unsigned)(i & 0xffff)), 60);
	memcpy(p, message, sizeof message);
	p += sizeof message;
	for (const uint8_t *q = sctp; q < p; q++)
		crc = w->crc[(crc ^ *q) & 255] ^ crc >> 8;
	crc = ~crc;
	memcpy(sctp + 8, &crc, 4); /* CRC32c: least significant byte first */
	ipv4(bytes + 14, 20 + (size_t)(p - sctp), 132, gnb, AMF, i);
	frame(w, bytes, p);
	w->ngap++;
}

/* ---- user plane ---- */

/* The subscriber's datagram, of length bytes. */
static void inner(struct writer *w, uint8_t *p, size_t length, uint64_t session, bool uplink, uint64_t i)
{
	uint32_t server = 0xcb007100u | (uint32_t)(next(w) & 0xff), ue = ue_of(session);
	bool tcp = next(w) & 1;
	unsigned port = 40000 + (unsigned)(session % 20000), from = uplink ? port : 443, to = uplink ? 443 : port;

	p = ipv4(p, length, tcp ? 6 : 17, uplink ? ue : server, uplink ? server : ue, i);
	if (tcp) {
		p = put32(put32(put16(put16(p, from), to), (uint32_t)(i * 1400)), 1);
		p = put32(put32(p, 0x5018ffffu), 0);
		length -= 40;
	} else {
		p = udp(p, from, to, length - 20);
		length -= 28;
	}
	memcpy(p, w->payload + (i & 255), length);
	put32(p, (uint32_t)i); /* no two datagrams are the same */
	p[4] = (uint8_t)(i >> 32);
}

static void g_pdu(struct writer *w, const struct shape *shape, uint64_t i)
{
	uint8_t bytes[2048], copy[2048], *p;
	uint64_t session = 1 + next(w) % w->sessions;
	size_t length = !shape->small && next(w) % 10 < 7 ? LARGE : SMALL;
	bool uplink = next(w) & 1, rogue = next(w) % 1000 < shape->rogue;
	uint32_t upf = upf_of(session), gnb = uplink && shape->wander ? GNB + next(w) % GNBS : gnb_of(session);
	uint32_t teid = rogue ? ROGUE_TEID + (uint32_t)(next(w) % 64) : (uint32_t)session;

	p = ethernet(bytes, uplink ? gnb : upf, uplink ? upf : gnb);
	p = ipv4(p, 44 + length, 17, uplink ? gnb : upf, uplink ? upf : gnb, i);
	p = udp(p, GTPU, GTPU, 24 + length);
	p = put32(put16(put16(p, 0x34ff), 8 + (unsigned)length), teid); /* version 1, E; then TS 38.415 clause 5.5.2 */
	p = put32(put32(p, 0x85), uplink ? 0x01100900 : 0x01000900);
	inner(w, p, length, session, uplink, i);
	frame(w, bytes, p + length);
	w->gpdus++;
	w->rogues += rogue;
	if (next(w) % 1000 >= shape->copies)
		return;
	length = length < COPY_MOST ? length : COPY_MOST;
	memcpy(copy + 42, p, length);
	ethernet(copy, upf, ROUTER);
	ipv4(copy + 14, 28 + length, 17, upf, OUTSIDE, i);
	udp(copy + 34, 4500, 4500, 8 + length);
	frame(w, copy, copy + 42 + length);
	w->copies++;
}

static void write_capture(struct writer *w, const struct shape *shape)
{
	static const uint32_t header[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 1 };
	uint64_t sessions = (shape->tunnels + 1) / 2;

	fwrite(header, sizeof header, 1, w->file);
	w->bytes = sizeof header;
	for (uint32_t u = 0; u < UPFS; u++)
		associate(w, UPF + u, u + 1);
	for (uint64_t i = 0; i < shape->packets; i++) {
		uint64_t kind = next(w) % 1000;

		while (w->sessions < sessions && w->sessions < sessions * (i + 1) * 3 / shape->packets + 1)
			set_up(w, w->sessions + 1);
		if (kind < 5)
			heartbeat(w, i);
		else if (kind < 10)
			ngap(w, i);
		else
			g_pdu(w, shape, i);
	}
}

/* ---- the case ---- */

static FILE *table(const struct shape *shape, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", shape->folder, name);
	f = fopen(path, "w");
	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(73);
	}
	return f;
}

static const char *dotted(char out[16], uint32_t a)
{
	snprintf(out, 16, "%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
	return out;
}

/* Half of the gNBs and of the UPFs is of each vendor. */
static void write_elements(const struct shape *shape)
{
	FILE *f = table(shape, "network/elements.csv");
	char text[16];

	fputs("element,site,function,technology,vendor,addresses\n", f);
	fprintf(f, "amf,core,AMF,5G-SA,elm,%s\n", dotted(text, AMF));
	fprintf(f, "smf,core,SMF,5G-SA,elm,%s\n", dotted(text, SMF));
	for (uint32_t u = 0; u < UPFS; u++)
		fprintf(f, "upf-%u,core,UPF,5G-SA,%s,%s\n", u, u % 2 ? "birch" : "elm", dotted(text, UPF + u));
	for (uint32_t g = 0; g < GNBS; g++)
		fprintf(f, "gnb-%u,s%u,gNB,5G-SA,%s,%s\n", g, g, g % 2 ? "birch" : "elm", dotted(text, GNB + g));
	fclose(f);
}

static void write_links(const struct shape *shape)
{
	FILE *f = table(shape, "network/links.csv");

	fputs("a,b,reference_point\namf,smf,N11\n", f);
	for (uint32_t u = 0; u < UPFS; u++)
		fprintf(f, "smf,upf-%u,N4\n", u);
	for (uint32_t g = 0; g < GNBS; g++) {
		fprintf(f, "gnb-%u,amf,N2\n", g);
		for (uint32_t u = 0; u < UPFS; u++)
			fprintf(f, "gnb-%u,upf-%u,N3\n", g, u);
	}
	fclose(f);
}

static void write_case(const struct shape *shape)
{
	char path[4096];
	FILE *f;

	mkdir(shape->folder, 0777);
	snprintf(path, sizeof path, "%s/network", shape->folder);
	mkdir(path, 0777);
	f = table(shape, "case.proviso");
	fputs("case made\n  title  \"A made network\"\n  on     2023-11-14\n  policy ./declared.proviso\n", f);
	fclose(f);
	f = table(shape, "declared.proviso");
	fputs("policy declared\n  title  \"Who may talk to whom\"\n\nrule as-declared\n  allow gNB to AMF over N2\n"
	      "  allow gNB to UPF over N3\n  allow SMF to UPF over N4\n  deny rest\n\n"
	      "rule traffic-share\n  limit any vendor to 60% of traffic in function is UPF\n",
	      f);
	fclose(f);
	f = table(shape, "network/vendors.csv");
	fputs("vendor,name\nelm,Elm\nbirch,Birch\n", f);
	fclose(f);
	f = table(shape, "network/sites.csv");
	fputs("site,region\ncore,centre\n", f);
	for (uint32_t g = 0; g < GNBS; g++)
		fprintf(f, "s%u,r%u\n", g, g % 10);
	fclose(f);
	write_elements(shape);
	write_links(shape);
}

/* ---- the command ---- */

static int usage(void)
{
	fputs("usage: bench-capture [--packets N] [--tunnels N] [--seed N] [--rogue N] [--copies N] [--small] "
	      "[--wander] [--case FOLDER] OUT.pcap\n",
	      stderr);
	return 64;
}

static bool read_arguments(struct shape *shape, int count, char **words)
{
	struct {
		const char *name;
		uint64_t *number;
	} rows[] = { { "--packets", &shape->packets },
		     { "--tunnels", &shape->tunnels },
		     { "--seed", &shape->seed },
		     { "--rogue", &shape->rogue },
		     { "--copies", &shape->copies } };

	for (int i = 1; i < count; i++) {
		bool taken = false;

		for (size_t k = 0; k < sizeof rows / sizeof *rows && !taken; k++)
			if (i + 1 < count && strcmp(words[i], rows[k].name) == 0) {
				*rows[k].number = strtoull(words[++i], NULL, 10);
				taken = true;
			}
		if (taken)
			continue;
		if (strcmp(words[i], "--small") == 0)
			shape->small = true;
		else if (strcmp(words[i], "--wander") == 0)
			shape->wander = true;
		else if (strcmp(words[i], "--case") == 0 && i + 1 < count)
			shape->folder = words[++i];
		else if (words[i][0] != '-' && !shape->path)
			shape->path = words[i];
		else
			return false;
	}
	return shape->path && shape->packets && shape->tunnels;
}

int main(int count, char **words)
{
	struct shape shape = { .packets = 1500000, .tunnels = 100000, .seed = 1, .rogue = 1, .copies = 1 };
	struct writer *w = calloc(1, sizeof *w);

	if (!w || !read_arguments(&shape, count, words))
		return usage();
	w->random = 0x9E3779B97F4A7C15u * (shape.seed + 1);
	w->us = 1700000000000000u;
	for (uint32_t i = 0; i < 256; i++) { /* CRC32c, reflected */
		w->crc[i] = i;
		for (int k = 0; k < 8; k++)
			w->crc[i] = w->crc[i] & 1 ? w->crc[i] >> 1 ^ 0x82F63B78u : w->crc[i] >> 1;
	}
	for (size_t i = 0; i < PAYLOAD; i++)
		w->payload[i] = (uint8_t)(next(w) >> 32);
	w->file = fopen(shape.path, "wb");
	if (!w->file) {
		fprintf(stderr, "%s: %s\n", shape.path, strerror(errno));
		return 73;
	}
	/* As whoever copies a file: the kernel then keeps it in larger pieces than what is written by the page. */
	setvbuf(w->file, NULL, _IOFBF, AT_ONCE);
	write_capture(w, &shape);
	if (fclose(w->file)) {
		fprintf(stderr, "%s: %s\n", shape.path, strerror(errno));
		return 74;
	}
	if (shape.folder)
		write_case(&shape);
	printf("packets %llu bytes %llu gpdus %llu rogue %llu copies %llu pfcp %llu ngap %llu tunnels %llu\n",
	       (unsigned long long)w->frames, (unsigned long long)w->bytes, (unsigned long long)w->gpdus,
	       (unsigned long long)w->rogues, (unsigned long long)w->copies, (unsigned long long)w->pfcp,
	       (unsigned long long)w->ngap, (unsigned long long)w->sessions * 2);
	free(w);
	return 0;
}
