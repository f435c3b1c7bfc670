# SPDX-License-Identifier: Apache-2.0
"""A small network that runs: its functions say what the standards have them say, and a tap hears it.

    n = Network()
    n.start()                       associations, N2 set-up, heartbeats
    s = n.session()                 one subscriber's PDU session, on N2 and N4
    n.packets(s, 20)                user packets both ways on N3
    n.release(s)
    n.write(path)                   numbers are known from then on: mark.number

Everything said is a Mark: what a scenario plants is remembered by keeping them.
"""
import pathlib
import random
import struct

import frames as f
import ngap

SECOND = 10**9
START = 1_750_000_000  # 2025-06-15T15:06:40Z
INTERNET = "198.51.100.10"


class Mark:
    way = 0  # of a cooked capture: 0 to us, 4 sent by us

    def __init__(self, time, data, tap):
        self.time, self.data, self.tap, self.number = time, data, tap, None

    def as_cooked(self):
        return f.cooked(self.way, ".".join(map(str, self.data[26:30])), self.data[14:])


class Node:
    """A function at its addresses; which of them speaks on which interface."""

    def __init__(self, name, **addresses):
        self.name, self.at = name, addresses

    def __getattr__(self, interface):
        try:
            return self.__dict__["at"][interface]
        except KeyError:
            raise AttributeError(f"{self.name} has no {interface}") from None


def nodes():
    return {
        "gnb1": Node("gnb1", n2="10.1.1.1", n3="10.1.1.2"),
        "gnb2": Node("gnb2", n2="10.1.2.1", n3="10.1.2.2"),
        "enb1": Node("enb1", s1c="10.1.9.1", s1u="10.1.9.2"),
        "amf1": Node("amf1", n2="10.2.1.1", sbi="10.2.1.2"),
        "amf2": Node("amf2", n2="10.2.1.11", sbi="10.2.1.12"),
        "smf1": Node("smf1", n4="10.2.2.1", sbi="10.2.2.2"),
        "smf2": Node("smf2", n4="10.2.2.11", sbi="10.2.2.12"),
        "smf3": Node("smf3", n4="10.2.2.21", sbi="10.2.2.22"),
        "smf4": Node("smf4", n4="10.2.2.31", sbi="10.2.2.32"),
        "upf1": Node("upf1", n4="10.3.1.1", n3="10.3.1.2", n6="10.3.1.3", n9="10.3.1.4"),
        "upf2": Node("upf2", n4="10.3.2.1", n3="10.3.2.2", n6="10.3.2.3", n9="10.3.2.4"),
        "nrf1": Node("nrf1", sbi="10.2.3.1"),
        "udm1": Node("udm1", sbi="10.2.3.2"),
        "mme1": Node("mme1", s11="10.4.1.1"),
        "sgw1": Node("sgw1", s11="10.4.2.1", s1u="10.4.2.2"),
        "oss1": Node("oss1", mgmt="10.9.0.10"),
        "dns1": Node("dns1", dns="10.9.0.53"),
        "lif1": Node("lif1", x3="10.8.0.1"),
    }


class Session:
    """A PDU session and who serves it."""


class Network:
    def __init__(self, seed=1):
        self.random = random.Random(seed)
        self.time = START * SECOND
        self.marks = []
        self.sequences, self.associations, self.idents = {}, {}, {}
        self.next_session = 1
        self.recovered = {}
        self.cooked = False  # captured on `any`: Linux cooked, a mark's way says whether it came in or went out
        self.__dict__.update(nodes())

    # ---- hearing ----

    def wait(self, seconds):
        self.time += int(seconds * SECOND)

    def hear(self, packet, tap="core", vlan=None, after=0):
        """A packet (from its IP header on) is on the wire; the clock goes on by 150 us. after: seconds from now, the clock stays."""
        source, destination = self.ends(packet)
        mark = Mark(self.time + int(after * SECOND), f.ethernet(source, destination, packet, vlan), tap)
        self.marks.append(mark)
        if not after:
            self.time += 150_000
        return mark

    @staticmethod
    def ends(packet):
        if packet[0] >> 4 == 4:
            return ".".join(map(str, packet[12:16])), ".".join(map(str, packet[16:20]))
        return tuple(":".join(packet[i + k:i + k + 2].hex() for k in range(0, 16, 2)) for i in (8, 24))

    def ident(self, source):
        self.idents[source] = self.idents.get(source, 100) + 1
        return self.idents[source]

    def sequence(self, who, to):
        self.sequences[who, to] = self.sequences.get((who, to), 0) + 1
        return self.sequences[who, to]

    def frames_of(self, tap):
        return sorted((m for m in self.marks if m.tap == tap), key=lambda m: m.time)

    def write(self, path, tap="core", change=None):
        """The capture of a tap; change(marks) may reorder or replace what is written."""
        marks = self.frames_of(tap)
        if change:
            marks = change(marks)
        for number, mark in enumerate(marks, 1):
            mark.number = number
        frames = [(m.time, m.as_cooked() if self.cooked else m.data) for m in marks]
        pathlib.Path(path).write_bytes(f.pcap(frames, f.COOKED if self.cooked else f.ETHERNET))

    # ---- N4 ----

    def say_pfcp(self, source, destination, message, hops=64, ident=None):
        return self.hear(f.udp(source, destination, 8805, 8805, message, hops, self.ident(source) if ident is None else ident))

    def ask(self, smf, upf, kind, elements, reply, seid=None, reply_seid=None, source=None, sequence=None, hops=64):
        """A PFCP request and its response; returns both marks."""
        source = source or smf.n4
        sequence = sequence or self.sequence(source, upf.n4)
        asked = self.say_pfcp(source, upf.n4, f.pfcp(kind, sequence, elements, seid), hops)
        self.wait(0.002)
        return asked, self.say_pfcp(upf.n4, source, f.pfcp(kind + 1, sequence, reply, reply_seid))

    def associate(self, smf, upf, source=None, hops=64):
        since = self.recovered.setdefault(upf.name, START - 86400)
        source = source or smf.n4
        return self.ask(smf, upf, f.ASSOCIATION, [f.node_id(source), f.recovery(START - 90000), f.ie(89, b"\0\0")],
                        [f.node_id(upf.n4), f.cause(f.ACCEPTED), f.recovery(since), f.ie(43, b"\x01\x00")], source=source, hops=hops)

    def heartbeat(self, smf, upf):
        since = self.recovered.setdefault(upf.name, START - 86400)
        return self.ask(smf, upf, f.HEARTBEAT, [f.recovery(START - 90000)], [f.recovery(since)])

    @staticmethod
    def asked_for(s, source=None, ue=None):
        """The elements of a Session Establishment Request that leaves the F-TEID to the user-plane function."""
        source = source or s.smf.n4
        rules = [f.pdr(1, f.CORE, 1, ue=ue or s.ue, instance=s.instance),
                 f.pdr(2, f.ACCESS, 2, f.f_teid(choose=True), ue or s.ue, s.instance, removal=True),
                 f.far(1, f.BUFF), f.far(2, f.FORW, f.CORE, instance=s.instance), f.urr(1)]
        return [f.node_id(source), f.f_seid(s.cp_seid, source), *rules, *s.more_rules]

    def establish(self, s, source=None, hops=64, ue=None):
        smf, upf = s.smf, s.upf
        source = source or smf.n4
        return self.ask(smf, upf, f.ESTABLISHMENT, self.asked_for(s, source, ue),
                        [f.node_id(upf.n4), f.cause(f.ACCEPTED), f.f_seid(s.up_seid, upf.n4), f.created_pdr(2, s.up_teid, upf.n3)],
                        seid=0, reply_seid=s.cp_seid, source=source, hops=hops)

    def modify(self, s, elements, source=None, result=f.ACCEPTED, sequence=None, hops=64):
        return self.ask(s.smf, s.upf, f.MODIFICATION, elements, [f.cause(result)], seid=s.up_seid,
                        reply_seid=s.cp_seid if result == f.ACCEPTED else 0, source=source, sequence=sequence, hops=hops)

    def forward_to(self, s, gnb, teid, **how):
        """The downlink now goes to this access node."""
        return self.modify(s, [f.far(1, f.FORW, f.ACCESS, f.outer_creation(teid, gnb.n3), update=True)], **how)

    def delete(self, s, source=None, result=f.ACCEPTED, sequence=None, hops=64):
        return self.ask(s.smf, s.upf, f.DELETION, [], [f.cause(result)], seid=s.up_seid,
                        reply_seid=s.cp_seid if result == f.ACCEPTED else 0, source=source, sequence=sequence, hops=hops)

    def report(self, s, total):
        """A Session Report of the user-plane function, answered."""
        sequence = self.sequence(s.upf.n4, s.smf.n4)
        asked = self.say_pfcp(s.upf.n4, s.smf.n4, f.pfcp(f.REPORT, sequence, [f.ie(39, b"\2"), f.usage_report(1, sequence, total)], s.cp_seid))
        self.wait(0.001)
        return asked, self.say_pfcp(s.smf.n4, s.upf.n4, f.pfcp(f.REPORT + 1, sequence, [f.cause(f.ACCEPTED)], s.up_seid))

    # ---- N2 ----

    def ng_setup(self, gnb, amf, gnb_address=None, amf_address=None):
        """SCTP association, and NG Setup where it is the first between the two."""
        here, there = gnb_address or gnb.n2, amf_address or amf.n2
        a = {"ports": (self.random.randrange(30000, 60000), 38412), "tag": [self.random.getrandbits(32), self.random.getrandbits(32)],
             "tsn": [self.random.getrandbits(24), self.random.getrandbits(24)], "stream": [0, 0], "ends": (here, there)}
        first = (gnb.name, amf.name) not in self.associations
        self.associations[gnb.name, amf.name] = a
        cookie = bytes(self.random.getrandbits(8) for _ in range(32))
        marks = [self.chunks(a, 0, [f.sctp_init(a["tag"][1], a["tsn"][0])], tag=0),
                 self.chunks(a, 1, [f.sctp_init(a["tag"][0], a["tsn"][1], cookie=cookie)], tag=a["tag"][1]),
                 self.chunks(a, 0, [f.chunk(10, 0, cookie)]), self.chunks(a, 1, [f.chunk(11, 0, b"")])]
        if first:
            number = int(gnb.name[-1])
            marks.append(self.say(gnb, amf, 0, ngap.setup_request(number, gnb.name)))
            self.wait(0.003)
            marks.append(self.say(gnb, amf, 1, ngap.setup_response(amf.name, pointer=int(amf.name[-1]))))
        return marks

    def chunks(self, a, side, chunks, tag=None):
        """side 0: the access node speaks. a["tag"][side] is what that side puts into its packets."""
        source, destination = a["ends"][side], a["ends"][1 - side]
        ports = a["ports"][side], a["ports"][1 - side]
        return self.hear(f.sctp(source, destination, *ports, a["tag"][side] if tag is None else tag, chunks, ident=self.ident(source)))

    def say(self, gnb, amf, side, message):
        """An NGAP message and its acknowledgement."""
        a = self.associations[gnb.name, amf.name]
        tsn = a["tsn"][side]
        a["tsn"][side] = tsn + 1 & 0xffffffff
        stream = 0 if a["stream"][side] < 1 else 1
        mark = self.chunks(a, side, [f.sctp_data(tsn, stream, max(0, a["stream"][side] - 1), 60, message)])
        a["stream"][side] += 1
        self.wait(0.0005)
        self.chunks(a, 1 - side, [f.sctp_sack(tsn)])
        return mark

    # ---- what happens every day ----

    def start(self, upfs=None, gnbs=None):
        for gnb in gnbs or [self.gnb1, self.gnb2]:
            self.ng_setup(gnb, self.amf1)
        for upf in upfs or [self.upf1]:
            self.associate(self.smf1, upf)
            self.heartbeat(self.smf1, upf)
        self.wait(1)

    def plan(self, gnb=None, upf=None, smf=None, amf=None, ue=None, instance="internet"):
        """A session that nobody has ordered yet."""
        s, k = Session(), self.next_session
        self.next_session += 1
        s.gnb, s.upf, s.smf, s.amf = gnb or self.gnb1, upf or self.upf1, smf or self.smf1, amf or self.amf1
        s.ue, s.instance, s.more_rules = ue or f"10.45.{k + 1 >> 8}.{k + 1 & 255}", instance, []
        s.cp_seid, s.up_seid = 0x1000 + k, 0x7a00 + k
        s.up_teid, s.gnb_teid = self.random.getrandbits(31) | 1, self.random.getrandbits(31) | 1
        s.amf_ue, s.ran_ue, s.id, s.port, s.sent = 70000 + k, k, 5, 40000 + k, 0
        return s

    def n2_setup(self, s):
        self.say(s.gnb, s.amf, 1, ngap.session_setup_request(s.amf_ue, s.ran_ue, s.id, s.upf.n3, s.up_teid))
        self.wait(0.01)
        self.say(s.gnb, s.amf, 0, ngap.session_setup_response(s.amf_ue, s.ran_ue, s.id, s.gnb.n3, s.gnb_teid))

    def session(self, **how):
        s = self.plan(**how)
        self.say(s.gnb, s.amf, 0, ngap.initial_ue(s.ran_ue))
        self.wait(0.05)
        self.establish(s)
        self.n2_setup(s)
        self.forward_to(s, s.gnb, s.gnb_teid)
        self.wait(0.1)
        return s

    def payload(self, size=200):
        return self.random.randbytes(size)

    def inner(self, s, up, size=200, source=None, hops=64):
        """One user packet: what the subscriber and the internet say to each other."""
        s.sent += 1
        ends = (source or s.ue, INTERNET, s.port, 443) if up else (INTERNET, source or s.ue, 443, s.port)
        return f.udp(*ends, self.payload(size), hops if up else 52, s.sent)

    def on_n3(self, s, up, inner, teid=None, source=None, destination=None, qfi=1):
        here, there = (s.gnb.n3, s.upf.n3) if up else (s.upf.n3, s.gnb.n3)
        here, there = source or here, destination or there
        header = f.gtpu(f.G_PDU, teid if teid is not None else s.up_teid if up else s.gnb_teid, inner, qfi=qfi, uplink=up)
        return self.hear(f.udp(here, there, 2152, 2152, header, ident=self.ident(here)))

    def packets(self, s, count=10, size=200, every=0.02, each=None, up_only=False):
        """User packets up and down in turn; each(inner, up) is called with every one."""
        marks = []
        for i in range(count):
            up = up_only or i % 2 == 0
            inner = self.inner(s, up, size)
            marks.append(self.on_n3(s, up, inner))
            if each:
                each(inner, up)
            self.wait(every)
        return marks

    def release(self, s):
        """The N2 resources, then the N4 session; returns the answered deletion."""
        self.say(s.gnb, s.amf, 1, ngap.session_release_command(s.amf_ue, s.ran_ue, s.id))
        self.wait(0.005)
        self.say(s.gnb, s.amf, 0, ngap.session_release_response(s.amf_ue, s.ran_ue, s.id))
        deleted = self.delete(s)
        self.say(s.gnb, s.amf, 1, ngap.context_release_command(s.amf_ue, s.ran_ue))
        self.say(s.gnb, s.amf, 0, ngap.context_release_complete(s.amf_ue, s.ran_ue))
        return deleted

    def path_switch(self, s, gnb):
        """Xn handover (TS 23.502 clause 4.9.1.2): the access side's tunnel changes, the core's stays; an end marker follows."""
        old, old_teid = s.gnb, s.gnb_teid
        s.gnb, s.gnb_teid, s.ran_ue = gnb, self.random.getrandbits(31) | 1, s.ran_ue + 500
        self.say(gnb, s.amf, 0, ngap.path_switch_request(s.amf_ue, s.ran_ue, s.id, gnb.n3, s.gnb_teid))
        self.wait(0.005)
        self.forward_to(s, gnb, s.gnb_teid)
        self.hear(f.udp(s.upf.n3, old.n3, 2152, 2152, f.gtpu(f.END_MARKER, old_teid), ident=self.ident(s.upf.n3)))
        self.say(gnb, s.amf, 1, ngap.path_switch_acknowledge(s.amf_ue, s.ran_ue, s.id))
        self.wait(0.1)

    # ---- service-based interface, in clear ----

    def sbi(self, source, destination, method, path, agent=None, body=b"", answer=b"", status="200", port=7777, first=True):
        """One HTTP/2 request and its answer over a connection of its own."""
        here, seq, ack = self.random.randrange(30000, 60000), 1000, 9000
        headers = [(":method", method), (":scheme", "http"), (":authority", f"{destination}:{port}"), (":path", path)]
        headers += [("user-agent", agent)] if agent else []
        request = f.HTTP2_PREFACE + f.http2_frame(4, 0, 0, b"") + f.http2_frame(1, 4 if body else 5, 1, f.hpack(headers + ([("content-type", "application/json")] if body else [])))
        request += f.http2_frame(0, 1, 1, body) if body else b""
        reply = f.http2_frame(4, 0, 0, b"") + f.http2_frame(1, 4 if answer else 5, 1, f.hpack([(":status", status), ("content-type", "application/json")]))
        reply += f.http2_frame(0, 1, 1, answer) if answer else b""
        marks = [self.hear(f.tcp(source, destination, here, port, seq, 0, 2)), self.hear(f.tcp(destination, source, port, here, ack, seq + 1, 18)),
                 self.hear(f.tcp(source, destination, here, port, seq + 1, ack + 1, 16)),
                 self.hear(f.tcp(source, destination, here, port, seq + 1, ack + 1, 24, request)),
                 self.hear(f.tcp(destination, source, port, here, ack + 1, seq + 1 + len(request), 24, reply)),
                 self.hear(f.tcp(source, destination, here, port, seq + 1 + len(request), ack + 1 + len(reply), 17)),
                 self.hear(f.tcp(destination, source, port, here, ack + 1 + len(reply), seq + 2 + len(request), 17))]
        return marks

    # ---- 4G ----

    def bearer(self, k, imsi="001010000000001"):
        """S11 Create Session and Modify Bearer (TS 23.401 clause 5.3.2.1): S1-U tunnels of both sides."""
        ours, theirs, up, down = 0x100 + k, 0x200 + k, self.random.getrandbits(31) | 1, self.random.getrandbits(31) | 1
        mme, sgw, enb = self.mme1, self.sgw1, self.enb1
        sequence = self.sequence(mme.s11, sgw.s11)

        def say(source, destination, message):
            return self.hear(f.udp(source, destination, 2123, 2123, message, ident=self.ident(source)))
        qos = f.ie2(80, bytes([0x45, 9]) + bytes(20))
        say(mme.s11, sgw.s11, f.gtpv2(32, 0, sequence, [
            f.ie2(1, f.digits(imsi)), f.ie2(82, b"\6"), f.f_teid2(10, ours, mme.s11), f.ie2(71, f.labels("internet")), f.ie2(99, b"\1"),
            f.ie2(79, b"\1" + f.packed("0.0.0.0")), f.ie2(93, f.ie2(73, b"\5") + qos)]))
        self.wait(0.005)
        say(sgw.s11, mme.s11, f.gtpv2(33, ours, sequence, [
            f.ie2(2, b"\x10\0"), f.f_teid2(11, theirs, sgw.s11), f.ie2(79, b"\1" + f.packed(f"10.46.0.{k}")),
            f.ie2(93, f.ie2(73, b"\5") + f.ie2(2, b"\x10\0") + f.f_teid2(1, up, sgw.s1u))]))
        sequence = self.sequence(mme.s11, sgw.s11)
        say(mme.s11, sgw.s11, f.gtpv2(34, theirs, sequence, [f.ie2(93, f.ie2(73, b"\5") + f.f_teid2(0, down, enb.s1u))]))
        say(sgw.s11, mme.s11, f.gtpv2(35, ours, sequence, [f.ie2(2, b"\x10\0"), f.ie2(93, f.ie2(73, b"\5") + f.ie2(2, b"\x10\0") + f.f_teid2(1, up, sgw.s1u))]))
        self.wait(0.05)
        return up, down, f"10.46.0.{k}"

    def s1u(self, up, down, ue, count):
        for i in range(count):
            inner = f.udp(ue, INTERNET, 41000, 443, self.payload(), ident=i) if i % 2 == 0 else f.udp(INTERNET, ue, 443, 41000, self.payload(), ident=i)
            ends = (self.enb1.s1u, self.sgw1.s1u) if i % 2 == 0 else (self.sgw1.s1u, self.enb1.s1u)
            self.hear(f.udp(*ends, 2152, 2152, f.gtpu(f.G_PDU, up if i % 2 == 0 else down, inner), ident=self.ident(ends[0])))
            self.wait(0.01)

    # ---- names ----

    def look_up(self, source, name, answer="192.0.2.1", resolver=None):
        resolver = resolver or self.dns1.dns
        ident, port = self.random.getrandbits(16), self.random.randrange(30000, 60000)
        return [self.hear(f.udp(source, resolver, port, 53, f.dns(ident, name))),
                self.hear(f.udp(resolver, source, 53, port, f.dns(ident, name, answer=f.packed(answer))))]


def u32(value):
    return struct.pack(">I", value)
