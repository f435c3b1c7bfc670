# SPDX-License-Identifier: Apache-2.0
"""Sends user packets of 1,000 bytes as fast as one core can: flood.py INTERFACE SECONDS prints how many it sent, and in which time.

One call hands the kernel 60 datagrams as one (UDP segmentation offload, PACKET_VNET_HDR); the interface is told not to take that
further, so the kernel cuts them apart, and 60 frames are on the wire. Several times as many as with one call a frame.
"""
import ctypes
import fcntl
import socket
import struct
import sys
import time

import frames as f

SEGMENTS, FRAME, HEADERS = 60, 1000, 42  # Ethernet, IPv4 and UDP
SIZE, TURNS = FRAME - HEADERS, 64  # of one G-PDU; bursts before a tunnel comes again
START, TEID, PAYLOAD = 10 + HEADERS, 4, 8 + 20 + 8  # of the first; within each
SOL_PACKET, PACKET_VNET_HDR = 263, 15
NEEDS_CHECKSUM, GSO_UDP_L4 = 1, 5  # linux/virtio_net.h


def feature_off(interface, name):
    """ethtool -K INTERFACE NAME off, where there is no ethtool (linux/ethtool.h)."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def ask(data, room):
        memory = ctypes.create_string_buffer(data, len(data) + room)
        fcntl.ioctl(s, 0x8946, struct.pack("16sQ16x", interface.encode(), ctypes.addressof(memory)))
        return memory.raw
    count = struct.unpack_from("I", ask(struct.pack("IIQI", 0x37, 0, 1 << 4, 0), 64), 16)[0]  # GSSET_INFO, features
    names = ask(struct.pack("III", 0x1b, 4, count), 32 * count)[12:]  # GSTRINGS
    row = [names[32 * i:32 * i + 32].split(b"\0")[0].decode() for i in range(count)].index(name)
    words = [(1 << row % 32 if i == row // 32 else 0, 0) for i in range((count + 31) // 32)]
    ask(struct.pack("II", 0x3b, len(words)) + b"".join(struct.pack("II", *w) for w in words), 64)  # SFEATURES


class Burst:
    """60 G-PDUs as one datagram with what cuts it apart in front; next() makes them those of 60 other tunnels, with a payload that is new."""

    def __init__(self):
        self.bytes, self.number = bytearray(many()), 0

    def next(self):
        self.number += 1
        for place, value in ((TEID + 2, self.number % TURNS), *((PAYLOAD + i, self.number >> 8 * i & 255) for i in range(4))):
            self.bytes[START + place::SIZE] = bytes([value]) * SEGMENTS
        return self.bytes


def many():
    size = SIZE
    body = b"".join(f.gtpu(255, 1 << 24 | i, f.udp(f"10.45.{i}.2", "198.51.100.10", 40000, 443, bytes(size - 36))) for i in range(SEGMENTS))
    source, destination, length = f.packed("10.1.1.2"), f.packed("10.3.1.2"), len(body) + 8
    partial = sum(struct.unpack(">6H", source + destination + struct.pack(">BBH", 0, 17, length)))
    while partial >> 16:
        partial = (partial & 0xffff) + (partial >> 16)
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + length, 1, 0, 64, 17, 0, source, destination)
    head = head[:10] + struct.pack(">H", f.checksum(head)) + head[12:]
    how = struct.pack("<BBHHHH", NEEDS_CHECKSUM, GSO_UDP_L4, HEADERS, size, 34, 6)
    return how + f.mac("10.3.1.2") + f.mac("10.1.1.2") + b"\x08\0" + head + struct.pack(">HHHH", 2152, 2152, length, partial) + body


def flood(interface, seconds):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    s.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)
    feature_off(interface, "tx-udp-segmentation")
    s.bind((interface, 0))
    burst, sent, began = Burst(), 0, time.monotonic()
    while time.monotonic() - began < seconds:
        for _ in range(64):
            s.send(burst.next())
            sent += SEGMENTS
    return sent, time.monotonic() - began


if __name__ == "__main__":
    print(*flood(sys.argv[1], float(sys.argv[2])))
