/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pcaploop: the rival - libpcap and a loop that parses the same headers, down to the addresses inside GTP-U, and keeps
 * nothing but sums. As lean as it can be written: no bounds beyond those needed to stay inside the frame.
 *
 *     bench-pcaploop FILE.pcap
 */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct sums {
	uint64_t frames, bytes, gtpu, inner, pfcp, sctp, mixed;
};

static uint32_t get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return v;
}

/* Behind the GTP-U header's extension headers; NULL where they do not end. */
static const uint8_t *behind_extensions(const uint8_t *g, const uint8_t *end)
{
	const uint8_t *q = g + 8;
	unsigned type;

	if (!(g[0] & 7))
		return q;
	type = q[3];
	q += 4;
	while (type && end - q > 4) {
		unsigned length = q[0] * 4u;

		if (!length || end - q < (long)length)
			return NULL;
		type = q[length - 1];
		q += length;
	}
	return q;
}

static inline void parse(const uint8_t *p, uint32_t captured, struct sums *s)
{
	const uint8_t *end = p + captured, *ip = p + 14, *l4, *q;
	unsigned port;

	s->frames++;
	s->bytes += captured;
	if (captured < 42 || p[12] != 8 || p[13] != 0)
		return;
	l4 = ip + (ip[0] & 15) * 4;
	if (ip[9] == 132) {
		s->sctp++;
		return;
	}
	if (ip[9] != 17 || end - l4 < 16)
		return;
	s->mixed += get32(ip + 12) ^ get32(ip + 16);
	port = (unsigned)l4[2] << 8 | l4[3];
	if (port == 8805)
		s->pfcp++;
	if (port != 2152)
		return;
	s->gtpu++;
	s->mixed = s->mixed * 31 + get32(l4 + 12);
	q = behind_extensions(l4 + 8, end);
	if (q && l4[9] == 255 && end - q >= 24 && q[0] >> 4 == 4) {
		s->inner++;
		s->mixed += get32(q + 12) ^ get32(q + 16) ^ get32(q + 20) ^ q[9];
	}
}

int main(int count, char **words)
{
	char error[PCAP_ERRBUF_SIZE];
	struct sums s = { 0 };
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	pcap_t *p;

	if (count != 2)
		return 64;
	p = pcap_open_offline(words[1], error);
	if (!p) {
		fprintf(stderr, "%s\n", error);
		return 66;
	}
	while (pcap_next_ex(p, &header, &bytes) == 1)
		parse(bytes, header->caplen, &s);
	pcap_close(p);
	printf("frames %llu gtpu %llu inner %llu pfcp %llu sctp %llu sum %llx\n", (unsigned long long)s.frames,
	       (unsigned long long)s.gtpu, (unsigned long long)s.inner, (unsigned long long)s.pfcp,
	       (unsigned long long)s.sctp, (unsigned long long)s.mixed);
	return 0;
}
