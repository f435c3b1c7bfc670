/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Live capture: a packet socket's receive ring (TPACKET_V3, packet(7)), read block by block; frames are looked at where
 * the kernel has put them, and a block goes back when the batches that look into it are done with. No batch has frames of
 * two blocks of one interface, so those that are kept are few.
 *
 * The socket is opened by the caller with protocol 0, so that nothing arrives before the filter is there. Every frame
 * that passes the filter is either read here or counted by the kernel as lost: received = read + lost.
 */
#include "wire/wire.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

enum {
	BLOCK_BYTES = 1 << 20, /* a megabyte at a time: one wake-up for a thousand frames */
	BLOCKS = 128,          /* 128 MiB: an eighth of a second of 1,000-byte frames at a million a second */
	RETIRE_MS = 20,        /* a block that is not full is given over after this: how late a frame can be */
	TAG = 4,               /* bytes of a VLAN tag, which the kernel takes out and we put back */
	LINK_ETHERNET = 1,
	LINK_RAW = 101,
};

struct wire_live {
	int fd;
	uint8_t *ring;
	size_t ring_bytes;
	unsigned block, left; /* left: frames of the current block that have not been read */
	uint8_t *next;        /* the next of them */
	bool open;            /* the current block is being read */
	bool down;            /* an error came since it was opened */
	unsigned held;        /* the first block that has not gone back; those up to the current one are read */
	unsigned hold;        /* batches that hold together, the one being filled among them */
	int64_t batches;      /* filled so far: the number of the last */
	int64_t used[BLOCKS]; /* the last batch that looks into a block that is read */
	uint16_t link;
	uint64_t frames, received, lost, reinserted;
};

static struct tpacket_block_desc *block_at(const struct wire_live *l, unsigned block)
{
	return (struct tpacket_block_desc *)(void *)(l->ring + (size_t)block * BLOCK_BYTES);
}

static int set_up_ring(struct wire_live *l)
{
	struct tpacket_req3 request = {
		.tp_block_size = BLOCK_BYTES,
		.tp_block_nr = BLOCKS,
		.tp_frame_size = 2048,
		.tp_frame_nr = BLOCK_BYTES / 2048 * BLOCKS,
		.tp_retire_blk_tov = RETIRE_MS,
	};
	int version = TPACKET_V3, reserve = TAG;

	if (setsockopt(l->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0 ||
	    setsockopt(l->fd, SOL_PACKET, PACKET_RESERVE, &reserve, sizeof reserve) < 0 ||
	    setsockopt(l->fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) < 0)
		return errno;
	l->ring_bytes = (size_t)BLOCK_BYTES * BLOCKS;
	l->ring = mmap(NULL, l->ring_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, l->fd, 0);
	if (l->ring == MAP_FAILED) {
		l->ring = NULL;
		return errno;
	}
	return 0;
}

static void unmap_at_free(void *context)
{
	struct wire_live *l = context;

	if (l->ring)
		munmap(l->ring, l->ring_bytes);
}

static int set_filter(int fd, const struct sock_filter *instructions, size_t count)
{
	struct sock_fprog program = { .len = (unsigned short)count };

	memcpy(&program.filter, &instructions, sizeof program.filter); /* the kernel only reads it */
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0 ? errno : 0;
}

bool wire_link_of_hardware(uint16_t hardware, uint16_t *link)
{
	switch (hardware) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		*link = LINK_ETHERNET;
		return true;
	case ARPHRD_NONE: /* tun */
	case ARPHRD_RAWIP:
		*link = LINK_RAW;
		return true;
	default:
		return false;
	}
}

struct wire_live *wire_live_open(struct arena *a, int fd, unsigned interface, uint16_t hardware,
				 const struct wire_filter *filter, int *error)
{
	struct wire_live *l = arena_alloc(a, sizeof *l);
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = __builtin_bswap16(ETH_P_ALL),
				  .sll_ifindex = (int)interface };
	struct packet_mreq all = { .mr_ifindex = (int)interface, .mr_type = PACKET_MR_PROMISC };
	int yes = 1;

	*l = (struct wire_live){ .fd = fd, .hold = 1 };
	*error = wire_link_of_hardware(hardware, &l->link) ? 0 : EAFNOSUPPORT;
	if (!*error)
		*error = set_up_ring(l);
	arena_at_free(a, unmap_at_free, l);
	/* On the loopback interface every packet comes by twice: going out and coming in. */
	if (!*error && hardware == ARPHRD_LOOPBACK &&
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) < 0)
		*error = errno;
	if (!*error && filter && filter->count)
		*error = set_filter(fd, (const struct sock_filter *)(const void *)filter->instructions, filter->count);
	if (!*error && bind(fd, (const struct sockaddr *)&at, sizeof at) < 0)
		*error = errno;
	if (!*error && hardware == ARPHRD_ETHER)
		setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all,
			   sizeof all); /* where it can't, what comes is seen */
	return *error ? NULL : l;
}

int wire_live_stop(struct wire_live *l)
{
	static const struct sock_filter nothing[] = { BPF_STMT(BPF_RET | BPF_K, 0) };

	return set_filter(l->fd, nothing, 1);
}

enum wire_live_state wire_live_state(struct wire_live *l)
{
	struct sockaddr_ll at = { .sll_ifindex = -1 };
	socklen_t size = sizeof at, error_size = sizeof(int);
	int error = 0;

	/* Asking takes the error away, without which poll would return at once for ever. */
	if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &error_size) == 0 && error)
		l->down = true;
	if (!l->down)
		return WIRE_LIVE_UP;
	/* The kernel takes the number away where the interface is gone, which it says no other way (packet_notifier). */
	return getsockname(l->fd, (struct sockaddr *)&at, &size) < 0 || at.sll_ifindex < 0 ? WIRE_LIVE_GONE
											   : WIRE_LIVE_DOWN;
}

void wire_live_count(struct wire_live *l, uint64_t *received, uint64_t *lost)
{
	struct tpacket_stats_v3 stats;
	socklen_t size = sizeof stats;

	/* The kernel begins again at zero each time it is asked; its drops are among its packets. */
	if (getsockopt(l->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) == 0) {
		l->received += stats.tp_packets;
		l->lost += stats.tp_drops;
	}
	*received = l->received;
	*lost = l->lost;
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

/* The current block has been read, the last of it into this batch. */
static void end_block(struct wire_live *l, int64_t batch)
{
	l->used[l->block] = batch;
	l->block = (l->block + 1) % BLOCKS;
	l->open = false;
}

/* Whether there is a frame for this batch; begins the next block where there is none. */
static bool has_frame(struct wire_live *l)
{
	while (!l->left) {
		struct tpacket_block_desc *d = block_at(l, l->block);

		if (l->open || !(__atomic_load_n(&d->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
			return false;
		l->open = true;
		l->left = d->hdr.bh1.num_pkts;
		l->next = (uint8_t *)d + d->hdr.bh1.offset_to_first_pkt;
		if (!l->left) /* nothing but the time: it can go back as soon as those before it have */
			end_block(l, 0);
	}
	return true;
}

/* Blocks go back whose last batch is as old as this, or older. */
static void give_back(struct wire_live *l, int64_t batch)
{
	if (l->open && !l->left)
		end_block(l, l->batches);
	for (; l->held != l->block && l->used[l->held] <= batch; l->held = (l->held + 1) % BLOCKS)
		__atomic_store_n(&block_at(l, l->held)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
}

void wire_live_hold(struct wire_live *l, unsigned batches)
{
	l->hold = batches;
}

void wire_live_done(struct wire_live *l)
{
	give_back(l, l->batches);
}

static int64_t time_of(const struct wire_live *l)
{
	const struct tpacket3_hdr *h = (const void *)l->next;

	return (int64_t)h->tp_sec * 1000000000 + h->tp_nsec;
}

/* The tag goes back between the addresses and the type; the room in front was reserved. */
static uint8_t *put_tag(const struct tpacket3_hdr *h, uint8_t *frame)
{
	uint16_t type = h->tp_status & TP_STATUS_VLAN_TPID_VALID ? h->hv1.tp_vlan_tpid : ETH_P_8021Q;
	uint16_t tag = (uint16_t)h->hv1.tp_vlan_tci;

	frame -= TAG;
	memmove(frame, frame + TAG, 2 * ETH_ALEN);
	frame[12] = (uint8_t)(type >> 8);
	frame[13] = (uint8_t)type;
	frame[14] = (uint8_t)(tag >> 8);
	frame[15] = (uint8_t)tag;
	return frame;
}

static void take(struct wire_live *l, uint16_t tap, struct wire_frame *f)
{
	const struct tpacket3_hdr *h = (const void *)l->next;
	uint8_t *frame = l->next + h->tp_mac;
	uint32_t more = 0;

	if (l->link == LINK_ETHERNET && h->tp_status & TP_STATUS_VLAN_VALID && h->tp_snaplen >= 2 * ETH_ALEN) {
		frame = put_tag(h, frame);
		more = TAG;
	}
	*f = (struct wire_frame){
		.bytes = frame,
		.captured = h->tp_snaplen + more,
		.length = h->tp_len + more,
		.time_ns = time_of(l),
		.number = ++l->frames,
		.tap = tap,
		.link = l->link,
	};
	l->next += h->tp_next_offset;
	l->left--;
}

size_t wire_live_read(struct wire_live *const *lives, size_t count, struct wire_batch *b)
{
	b->frame_count = 0;
	for (size_t i = 0; i < count; i++)
		give_back(lives[i], lives[i]->batches + 1 - lives[i]->hold);
	while (b->frame_count < WIRE_BATCH) {
		size_t first = count;

		/* Of the interfaces that have something, the earliest: none is waited for. */
		for (size_t i = 0; i < count; i++)
			if (has_frame(lives[i]) && (first == count || time_of(lives[i]) < time_of(lives[first])))
				first = i;
		if (first == count)
			break;
		take(lives[first], (uint16_t)first, &b->frames[b->frame_count++]);
	}
	for (size_t i = 0; i < count && b->frame_count; i++)
		lives[i]->batches++;
	return b->frame_count;
}
