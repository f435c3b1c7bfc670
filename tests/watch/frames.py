# SPDX-License-Identifier: Apache-2.0
"""Frames of a mobile network, encoded as the standards say: Ethernet to GTP-U, PFCP, GTPv2-C, SCTP, HTTP/2, DNS; pcap files.

Each function returns bytes. Nothing here knows what a network is; network.py does.
"""
import ipaddress
import struct

# ---- captures --------------------------------------------------------------------------------------------------------

ETHERNET, COOKED = 1, 113


def pcap(frames, link=ETHERNET):
    """A capture file with nanoseconds: frames are (time in ns, bytes) or (time, bytes, bytes on the wire)."""
    out = [struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 262144, link)]
    for frame in frames:
        time, data = frame[0], frame[1]
        length = frame[2] if len(frame) > 2 else len(data)
        out.append(struct.pack("<IIII", time // 10**9, time % 10**9, len(data), length) + data)
    return b"".join(out)


def read_pcap(data):
    """(link type, [(time in ns, bytes, bytes on the wire)]) of a pcap file of either byte order."""
    magic = data[:4]
    order = "<" if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    scale = 1 if magic in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d") else 1000
    if magic not in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d"):
        raise ValueError("not a pcap file")
    link = struct.unpack(order + "I", data[20:24])[0] & 0xffff
    frames, at = [], 24
    while at + 16 <= len(data):
        seconds, fraction, captured, length = struct.unpack(order + "IIII", data[at:at + 16])
        frames.append((seconds * 10**9 + fraction * scale, data[at + 16:at + 16 + captured], length))
        at += 16 + captured
    return link, frames


# ---- link and network ------------------------------------------------------------------------------------------------


def checksum(data):
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def packed(address):
    return ipaddress.ip_address(address).packed


def mac(address):
    """A locally administered one, made of the address it stands for."""
    return b"\x02\x00" + packed(address)[-4:]


def ethernet(source, destination, packet, vlan=None):
    kind = b"\x08\x00" if packet[0] >> 4 == 4 else b"\x86\xdd"
    tag = b"\x81\x00" + struct.pack(">H", vlan) if vlan else b""
    return mac(destination) + mac(source) + tag + kind + packet


def cooked(direction, source, packet):
    """Linux cooked, as captured on `any`: 0 to us, 3 passing by, 4 sent by us."""
    kind = b"\x08\x00" if packet[0] >> 4 == 4 else b"\x86\xdd"
    return struct.pack(">HHH", direction, 1, 6) + mac(source) + b"\0\0" + kind + packet


def ip(source, destination, protocol, payload, hops=64, ident=0):
    """RFC 791, RFC 8200."""
    s, d = packed(source), packed(destination)
    if len(s) == 16:
        return struct.pack(">IHBB", 0x60000000, len(payload), protocol, hops) + s + d + payload
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), ident & 0xffff, 0, hops, protocol, 0) + s + d
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def with_hops(packet, change):
    """An IPv4 packet that has come further, or less far."""
    changed = bytearray(packet)
    changed[8] = max(2, changed[8] + change)
    changed[10:12] = b"\0\0"
    changed[10:12] = struct.pack(">H", checksum(bytes(changed[:(changed[0] & 15) * 4])))
    return bytes(changed)


def pseudo(source, destination, protocol, length):
    s, d = packed(source), packed(destination)
    if len(s) == 16:
        return s + d + struct.pack(">IHBB", length, 0, 0, protocol)
    return s + d + struct.pack(">BBH", 0, protocol, length)


def udp(source, destination, source_port, port, payload, hops=64, ident=0):
    """RFC 768, inside IP."""
    length = 8 + len(payload)
    head = struct.pack(">HHHH", source_port, port, length, 0)
    value = checksum(pseudo(source, destination, 17, length) + head + payload) or 0xffff
    return ip(source, destination, 17, head[:6] + struct.pack(">H", value) + payload, hops, ident)


def tcp(source, destination, source_port, port, sequence, acknowledged, flags, payload=b"", hops=64, ident=0):
    """RFC 9293, inside IP. flags: 2 SYN, 16 ACK, 24 PSH ACK, 17 FIN ACK."""
    head = struct.pack(">HHIIBBHHH", source_port, port, sequence & 0xffffffff, acknowledged & 0xffffffff, 0x50, flags, 64240, 0, 0)
    value = checksum(pseudo(source, destination, 6, 20 + len(payload)) + head + payload)
    return ip(source, destination, 6, head[:16] + struct.pack(">H", value) + head[18:] + payload, hops, ident)


def icmp(source, destination, kind, ident, sequence, payload):
    head = struct.pack(">BBHHH", kind, 0, 0, ident & 0xffff, sequence & 0xffff)
    return ip(source, destination, 1, head[:2] + struct.pack(">H", checksum(head + payload)) + head[4:] + payload)


def gre(source, destination, packet, hops=64):
    """RFC 2784."""
    return ip(source, destination, 47, b"\0\0\x08\0" + packet, hops)


def vxlan(source, destination, network, packet):
    """RFC 7348."""
    inner = ethernet("10.255.0.1", "10.255.0.2", packet)
    return udp(source, destination, 49999, 4789, struct.pack(">II", 0x08000000, network << 8) + inner)


def ip_in_ip(source, destination, packet):
    return ip(source, destination, 4, packet)


# ---- GTP-U: TS 29.281 ------------------------------------------------------------------------------------------------

G_PDU, END_MARKER, ERROR_INDICATION, ECHO_REQUEST, ECHO_RESPONSE = 255, 254, 26, 1, 2


def gtpu(kind, teid, payload=b"", sequence=None, qfi=None, uplink=None):
    """With a PDU Session Container (TS 38.415 clause 5.5.2) where qfi is given."""
    flags, optional = 0x30, b""
    if sequence is not None or qfi is not None:
        flags |= (2 if sequence is not None else 0) | (4 if qfi is not None else 0)
        optional = struct.pack(">HBB", sequence or 0, 0, 0x85 if qfi is not None else 0)
        if qfi is not None:
            optional += struct.pack(">BBBB", 1, 0x10 if uplink else 0, qfi & 0x3f, 0)
    return struct.pack(">BBHI", flags, kind, len(optional) + len(payload), teid) + optional + payload


# ---- PFCP: TS 29.244 -------------------------------------------------------------------------------------------------

HEARTBEAT, ASSOCIATION, ASSOCIATION_UPDATE, ASSOCIATION_RELEASE, NODE_REPORT = 1, 5, 7, 9, 12
ESTABLISHMENT, MODIFICATION, DELETION, REPORT = 50, 52, 54, 56
ACCESS, CORE = 0, 1
DROP, FORW, BUFF, DUPL = 1, 2, 4, 16
ACCEPTED, NO_CONTEXT = 1, 65


def pfcp(kind, sequence, elements, seid=None):
    """clause 7.2.2"""
    body = (struct.pack(">Q", seid) if seid is not None else b"") + struct.pack(">I", sequence << 8) + b"".join(elements)
    return struct.pack(">BBH", 0x21 if seid is not None else 0x20, kind, len(body)) + body


def ie(kind, *values):
    value = b"".join(values)
    return struct.pack(">HH", kind, len(value)) + value


def labels(name):
    """A domain name as labels, without the final zero (TS 23.003 clause 9.1)."""
    return b"".join(struct.pack("B", len(part)) + part.encode() for part in name.split("."))


def either(address, v4_flag, v6_flag):
    """(flag, bytes) for one address."""
    p = packed(address)
    return (v4_flag, p) if len(p) == 4 else (v6_flag, p)


def node_id(name):
    try:
        p = packed(name)
        return ie(60, bytes([0 if len(p) == 4 else 1]), p)
    except ValueError:
        return ie(60, b"\2", labels(name))


def f_seid(seid, address):
    flag, p = either(address, 2, 1)
    return ie(57, struct.pack(">BQ", flag, seid), p)


def f_teid(teid=None, address=None, choose=False):
    """clause 8.2.3; choose: the receiver picks, IPv4"""
    if choose:
        return ie(21, b"\x05")
    flag, p = either(address, 1, 2)
    return ie(21, struct.pack(">BI", flag, teid), p)


def ue_ip(address, destination=False, prefix=None):
    """clause 8.2.62; destination: S/D"""
    flag, p = either(address, 2, 1)
    return ie(93, bytes([flag | (4 if destination else 0)]), p)


def outer_creation(teid, address):
    """clause 8.2.56: GTP-U/UDP/IPv4 or v6"""
    flag, p = either(address, 0x0100, 0x0200)
    return ie(84, struct.pack(">HI", flag, teid), p)


def recovery(unix_s):
    return ie(96, struct.pack(">I", (unix_s + 2208988800) & 0xffffffff))


def cause(value):
    return ie(19, bytes([value]))


def pdr(number, interface, far, tunnel=None, ue=None, instance="internet", removal=False, prefix=None):
    """Create PDR, table 7.5.2.2-1"""
    pdi = [ie(20, bytes([interface]))]
    if tunnel:
        pdi.append(tunnel)
    pdi.append(ie(22, labels(instance)))
    if ue:
        pdi.append(ue_ip(ue, destination=interface == CORE))
    parts = [ie(56, struct.pack(">H", number)), ie(29, struct.pack(">I", 255)), ie(2, *pdi)]
    if removal:
        parts.append(ie(95, b"\0"))
    return ie(1, *parts, ie(108, struct.pack(">I", far)))


def far(number, action, interface=None, creation=None, instance="internet", duplicate=None, update=False):
    """Create FAR and Update FAR, tables 7.5.2.3-1 and 7.5.4.3-1; duplicate: (interface, outer header creation)"""
    parts = [ie(108, struct.pack(">I", number)), ie(44, bytes([action]))]
    if interface is not None:
        parameters = [ie(42, bytes([interface])), ie(22, labels(instance))]
        parts.append(ie(11 if update else 4, *parameters, creation or b""))
    if duplicate:
        parts.append(ie(105 if update else 5, ie(42, bytes([duplicate[0]])), duplicate[1]))
    return ie(10 if update else 3, *parts)


def created_pdr(number, teid, address):
    return ie(8, ie(56, struct.pack(">H", number)), f_teid(teid, address))


def urr(number):
    return ie(6, ie(81, struct.pack(">I", number)), ie(62, b"\2"), ie(37, b"\2\0\0"), ie(31, b"\1" + struct.pack(">Q", 10**6)))


def usage_report(number, sequence, total):
    """in a Session Report Request, table 7.5.8.3-1"""
    return ie(80, ie(81, struct.pack(">I", number)), ie(104, struct.pack(">I", sequence)), ie(63, b"\2\0\0"), ie(66, b"\1" + struct.pack(">Q", total)))


# ---- GTPv2-C: TS 29.274 ----------------------------------------------------------------------------------------------


def gtpv2(kind, teid, sequence, elements):
    body = struct.pack(">II", teid, sequence << 8) + b"".join(elements)
    return struct.pack(">BBH", 0x48, kind, len(body)) + body


def ie2(kind, value, instance=0):
    return struct.pack(">BHB", kind, len(value), instance) + value


def f_teid2(interface, teid, address, instance=0):
    """clause 8.22"""
    flag, p = either(address, 0x80, 0x40)
    return ie2(87, struct.pack(">BI", flag | interface, teid) + p, instance)


def digits(number):
    """Telephone and subscriber numbers, TBCD."""
    text = number + ("f" if len(number) % 2 else "")
    return bytes(int(text[i + 1], 16) << 4 | int(text[i], 16) for i in range(0, len(text), 2))


# ---- SCTP: RFC 9260 --------------------------------------------------------------------------------------------------


def make_crc32c_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82f63b78 if n & 1 else 0)
        table.append(n)
    return table


CRC32C = make_crc32c_table()


def crc32c(data):
    value = 0xffffffff
    for byte in data:
        value = value >> 8 ^ CRC32C[(value ^ byte) & 255]
    return value ^ 0xffffffff


def sctp(source, destination, source_port, port, tag, chunks, hops=64, ident=0):
    head = struct.pack(">HHI", source_port, port, tag)
    body = b"".join(chunks)
    value = struct.pack("<I", crc32c(head + b"\0\0\0\0" + body))
    return ip(source, destination, 132, head + value + body, hops, ident)


def chunk(kind, flags, value):
    length = 4 + len(value)
    return struct.pack(">BBH", kind, flags, length) + value + b"\0" * (-length % 4)


def sctp_init(tag, tsn, addresses=(), cookie=None):
    """INIT, or INIT ACK where there is a cookie."""
    parameters = b"".join(struct.pack(">HH", 5, 8) + packed(a) for a in addresses)
    if cookie:
        parameters += struct.pack(">HH", 7, 4 + len(cookie)) + cookie
    return chunk(2 if cookie else 1, 0, struct.pack(">IIHHI", tag, 106496, 10, 10, tsn) + parameters)


def sctp_data(tsn, stream, number, ppid, value):
    return chunk(0, 3, struct.pack(">IHHI", tsn, stream, number, ppid) + value)


def sctp_sack(tsn):
    return chunk(3, 0, struct.pack(">IIHH", tsn, 106496, 0, 0))


# ---- Diameter: RFC 6733 ----------------------------------------------------------------------------------------------


def avp(code, value):
    value = value.encode() if isinstance(value, str) else value
    return struct.pack(">II", code, 0x40 << 24 | 8 + len(value)) + value + b"\0" * (-len(value) % 4)


def diameter(command, application, request, avps):
    body = b"".join(avps)
    return struct.pack(">IIIII", 1 << 24 | 20 + len(body), (0xc0 if request else 0x40) << 24 | command, application, 7, 7) + body


# ---- HTTP/2 in clear: RFC 9113, RFC 7541 -----------------------------------------------------------------------------

HTTP2_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def http2_frame(kind, flags, stream, value):
    return struct.pack(">I", len(value))[1:] + struct.pack(">BBI", kind, flags, stream) + value


def hpack(headers):
    """Each header literal, without indexing (RFC 7541 clause 6.2.2)."""
    out = b""
    for name, value in headers:
        n, v = name.encode(), value.encode()
        out += b"\0" + bytes([len(n)]) + n + bytes([len(v)]) + v  # all shorter than 127 bytes
    return out


# ---- DNS: RFC 1035 ---------------------------------------------------------------------------------------------------


def dns(ident, name, kind=1, answer=None):
    flags = 0x8180 if answer is not None else 0x0100
    question = labels(name) + b"\0" + struct.pack(">HH", kind, 1)
    reply = b""
    if answer is not None:
        reply = b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 300, len(answer)) + answer
    return struct.pack(">HHHHHH", ident & 0xffff, flags, 1, 1 if answer is not None else 0, 0, 0) + question + reply
