# SPDX-License-Identifier: Apache-2.0
"""Real captures, edited so that the trouble is known: packets are the equipment's own, what is wrong with them is ours.

    tests/watch/edits.py FILE.pcap FOLDER       writes the edited captures and truth.tsv

Works on Ethernet and Linux cooked captures of IPv4 in which some session's user packets are.
"""
import collections
import pathlib
import re
import struct
import subprocess
import sys

import frames as f

STRANGER, GAP = "203.0.113.66", 4_000_000
LEAST_TEID = 0x10000  # smaller numbers stand in too many other places of a message to be found by their bytes


class Packet:
    """One frame and where its parts are."""

    def __init__(self, time, data, length, link):
        self.time, self.data, self.length = time, data, length
        self.at = 14 if link == f.ETHERNET else 16
        self.teid = self.inner = self.pfcp = None
        d, at = data, self.at
        if len(d) < at + 28 or d[at] >> 4 != 4 or d[at + 6:at + 8] not in (b"\0\0", b"\x40\0"):
            return
        head = (d[at] & 15) * 4
        self.source, self.destination = d[at + 12:at + 16], d[at + 16:at + 20]
        udp = at + head
        if d[at + 9] != 17 or len(d) < udp + 16:
            return
        port, body = struct.unpack(">H", d[udp + 2:udp + 4])[0], udp + 8
        if port == 2152 and d[body] >> 4 == 3 and d[body + 1] == 255:
            self.teid = struct.unpack(">I", d[body + 4:body + 8])[0]
            self.inner = d[self.payload(body):]
        if 8805 in struct.unpack(">HH", d[udp:udp + 4]):
            self.pfcp = (d[body + 1], d[body:])

    def payload(self, body):
        """Behind the GTP-U header and its extensions."""
        d, at = self.data, body + 8
        if d[body] & 7:
            following, at = d[body + 11] if d[body] & 4 else 0, body + 12
            while following and at < len(d) and d[at]:
                size = d[at] * 4
                following, at = d[at + size - 1] if at + size <= len(d) else 0, at + size
        return at


def load(path):
    data = pathlib.Path(path).read_bytes()
    if data[:4] == b"\x0a\x0d\x0d\x0a":  # pcapng: as pcap
        data = subprocess.run(["tshark", "-r", path, "-F", "nsecpcap", "-w", "-"], capture_output=True, check=True).stdout
    link, raw = f.read_pcap(data)
    if link not in (f.ETHERNET, f.COOKED):
        raise ValueError(f"link type {link}")
    return link, [Packet(*frame, link) for frame in raw]


def tunnels(packets):
    """(receiving address, TEID) to the places of its G-PDUs."""
    found = collections.defaultdict(list)
    for i, p in enumerate(packets):
        if p.teid is not None and p.inner:
            found[p.destination, p.teid].append(i)
    return found


def orders_of(packets, teid):
    """PFCP and other control frames that hold the number of a tunnel: the whole session's."""
    needle = struct.pack(">I", teid)
    return [i for i, p in enumerate(packets) if p.teid is None and needle in p.data[p.at:]]


def inserted(packets, extra):
    """All packets with the new ones, (time, bytes) each, in the order of time; returns (frames, numbers of the new)."""
    rows = [(p.time, 0, i, p.data, p.length) for i, p in enumerate(packets)] + [(t, 1, i, d, len(d)) for i, (t, d) in enumerate(extra)]
    rows.sort(key=lambda row: row[0])
    return [(r[0], r[3], r[4]) for r in rows], [k for k, r in enumerate(rows, 1) if r[1]]


def frame_around(packet, link, datagram):
    """The same link header, another datagram in it."""
    return packet.data[:packet.at] + datagram


def carriers(packet, link, peer):
    """The ways out that a copy can take; each makes a frame of the inner packet."""
    here = ".".join(map(str, packet.destination))
    wrap = lambda datagram: frame_around(packet, link, datagram)  # noqa: E731
    return {
        "elsewhere": lambda inner: wrap(f.udp(here, peer, 2152, 2152, f.gtpu(f.G_PDU, packet.teid, inner))),
        "other-teid": lambda inner: wrap(f.udp(here, peer, 2152, 2152, f.gtpu(f.G_PDU, packet.teid ^ 0x5a5a5a, inner))),
        "gre": lambda inner: wrap(f.gre(here, peer, inner)),
        "vxlan": lambda inner: wrap(f.vxlan(here, peer, 9, inner)),
        "ip-in-ip": lambda inner: wrap(f.ip_in_ip(here, peer, inner)),
        "bare": lambda inner: wrap(f.udp(here, peer, 40000, 9000, inner)),
        "hops": lambda inner: wrap(f.gre(here, peer, f.with_hops(inner, -9))),
    }


def copied(packets, link, chosen, way, delay, each):
    extra = []
    for count, i in enumerate(chosen):
        p = packets[i]
        if count % each == 0 and p.inner[0] >> 4 == 4:
            extra.append((p.time + delay, carriers(p, link, STRANGER)[way](p.inner)))
    return inserted(packets, extra)


def edits(path):
    """Yields (name, frames, check, certainty, numbers) of the edits that this capture allows."""
    link, packets = load(path)
    found = {key: places for key, places in tunnels(packets).items() if len(places) >= 4}
    if not found:
        return
    whole = [(p.time, p.data, p.length) for p in packets]
    key, places = max(found.items(), key=lambda item: len(item[1]))
    for way in () if len(places) < 12 else ("elsewhere", "other-teid", "gre", "vxlan", "ip-in-ip", "bare", "hops"):
        yield (f"copy-{way}", *swap(copied(packets, link, places, way, GAP, 1), "copied-payload", "unknown"))
    if len(places) >= 12:
        yield ("copy-delayed", *swap(copied(packets, link, places, "gre", 8 * 10**9, 1), "copied-payload", "unknown"))
    if len(places) > 400:
        yield ("copy-sampled", *swap(copied(packets, link, places, "gre", GAP, 100), "copied-payload", "unknown"))
    later = places[len(places) // 2]
    yield "begins-later", whole[later:], "older-than-capture", "unknown-only", []
    yield from without_order(packets, found)
    yield from early_deletion(packets, whole)


def swap(made, check, certainty):
    frames, numbers = made
    return frames, check, certainty, numbers


def without_order(packets, found):
    """One of several sessions loses its orders; there have to be others, and an association from its start."""
    ordered = {key: orders_of(packets, key[1]) for key in found if key[1] >= LEAST_TEID}
    ordered = {key: places for key, places in ordered.items() if places and max(places[:1]) < found[key][0]}
    starts = [i for i, p in enumerate(packets) if p.pfcp and p.pfcp[0] == f.ASSOCIATION]
    if len(ordered) < 2 or not starts:
        return
    key, gone = max(ordered.items(), key=lambda item: item[1][0])
    if starts[0] > gone[0]:
        return
    kept = [i for i in range(len(packets)) if i not in set(gone)]
    places = set(found[key])
    yield ("order-dropped", [(packets[i].time, packets[i].data, packets[i].length) for i in kept], "unordered-tunnel", "unknown",
           [k for k, i in enumerate(kept, 1) if i in places])


def session_of(packets, answer):
    """The G-PDUs into the core that belong to the session of a deletion's answer: their TEID stands where it was set up."""
    asked = next((k for k in range(answer - 1, max(-1, answer - 60), -1)
                  if packets[k].pfcp and packets[k].pfcp[0] == f.DELETION and packets[k].pfcp[1][12:15] == packets[answer].pfcp[1][12:15]), None)
    if asked is None:
        return None, []
    seid = packets[asked].pfcp[1][4:12]
    made = [p.pfcp[1] for p in packets[:asked] if p.pfcp and p.pfcp[0] == f.ESTABLISHMENT + 1 and seid in p.pfcp[1][16:]]
    made += [p.pfcp[1] for p in packets[:asked] if p.pfcp and p.pfcp[0] == f.ESTABLISHMENT and made and p.pfcp[1][12:15] == made[0][12:15]]
    f_teid = re.compile(b"\0\x15\0[\x09-\x19][\1-\3](....)", re.S)  # the element (TS 29.244 clause 8.2.3) with a number
    ours = {struct.unpack(">I", value)[0] for body in made for value in f_teid.findall(body)}
    return asked, [k for k in range(asked) if packets[k].teid in ours]


def early_deletion(packets, whole):
    """A session's answered deletion is moved before its last packets."""
    for i, p in enumerate(packets):
        if not p.pfcp or p.pfcp[0] != f.DELETION + 1:
            continue
        asked, before = session_of(packets, i)
        if len(before) < 4:
            continue
        places = before[-min(10, len(before) // 2):]
        cut = packets[places[0]].time
        moved = sorted([(cut - 20_000, packets[asked]), (cut - 10_000, p)] + [(q.time + (6 * 10**9 if q.time >= cut else 0), q)
                       for k, q in enumerate(packets) if k not in (asked, i)], key=lambda row: row[0])
        objects = {id(packets[k]) for k in places}
        yield ("deletion-early", [(t, q.data, q.length) for t, q in moved], "ended-tunnel", "unknown",
               [k for k, (t, q) in enumerate(moved, 1) if id(q) in objects])
        return


def main(path, folder):
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    link, _ = load(path)
    for name, frames, check, certainty, numbers in edits(path):
        (folder / f"{name}.pcap").write_bytes(f.pcap(frames, link))
        rows.append(f"{name}\t{check}\t{certainty}\t{' '.join(map(str, numbers))}")
    (folder / "truth.tsv").write_text("capture\tcheck\tcertainty\tframes\n" + "".join(row + "\n" for row in rows))


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
