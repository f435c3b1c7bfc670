/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filter expressions as tcpdump has them, compiled by libpcap into the kernel's filter. The library is loaded when there
 * is an expression: what never filters does not wait for it.
 */
#include "wire/wire.h"

#include <pcap/pcap.h>
#include <string.h>

static const char library[] = "libpcap.so.0.8"; /* the name with the version of the interface that pcap.h describes */

enum { INSTRUCTION = 8 }; /* code 2, jt 1, jf 1, k 4: struct bpf_insn and the kernel's struct sock_filter alike */

struct calls {
	pcap_t *(*open_dead)(int, int);
	int (*compile)(pcap_t *, struct bpf_program *, const char *, int, bpf_u_int32);
	char *(*geterr)(pcap_t *);
	void (*freecode)(struct bpf_program *);
	void (*close)(pcap_t *);
};

static const struct late_call calls[] = {
	{ "pcap_open_dead", offsetof(struct calls, open_dead) }, { "pcap_compile", offsetof(struct calls, compile) },
	{ "pcap_geterr", offsetof(struct calls, geterr) },       { "pcap_freecode", offsetof(struct calls, freecode) },
	{ "pcap_close", offsetof(struct calls, close) },
};

bool wire_filter_compile(struct arena *a, const char *expression, uint16_t hardware, struct wire_filter *filter,
			 const char **why)
{
	char reason[LATE_WHY_BYTES];
	struct bpf_program program;
	struct calls c;
	uint16_t link;
	pcap_t *dead;
	bool fine;

	*filter = (struct wire_filter){ 0 };
	if (!late_bind(library, calls, sizeof calls / sizeof *calls, &c, reason)) {
		*why = arena_text(a, reason, strlen(reason));
		return false;
	}
	if (!wire_link_of_hardware(hardware, &link)) {
		*why = "no filter fits the interface's kind of link";
		return false;
	}
	dead = c.open_dead(link == 1 ? DLT_EN10MB : DLT_RAW, WIRE_FRAME_BYTES);
	fine = dead && c.compile(dead, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (fine) {
		filter->count = program.bf_len;
		filter->instructions = arena_array(a, program.bf_len + 1, INSTRUCTION);
		memcpy(filter->instructions, program.bf_insns, (size_t)program.bf_len * INSTRUCTION);
		c.freecode(&program);
	} else {
		const char *said = dead ? c.geterr(dead) : "no memory";

		*why = arena_text(a, said, strlen(said));
	}
	if (dead)
		c.close(dead);
	return fine;
}
