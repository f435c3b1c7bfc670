# SPDX-License-Identifier: Apache-2.0
"""The NGAP messages that the made captures need (3GPP TS 38.413), written in aligned PER (ITU-T X.691)."""
import ipaddress
import struct

PLMN = bytes.fromhex("00f110")  # MCC 001, MNC 01: for tests (TS 23.003)
REJECT, IGNORE = 0, 1
RESET, SETUP, INITIAL_UE, RELEASE_CONTEXT, RELEASE_SESSION, SETUP_SESSION, PATH_SWITCH = 20, 21, 15, 41, 28, 29, 25


class Bits:
    """A writer of bits; octets(...) aligns first, as all values longer than 16 bits do."""

    def __init__(self):
        self.bits = []

    def put(self, value, count):
        self.bits += [value >> (count - 1 - i) & 1 for i in range(count)]
        return self

    def octets(self, value):
        self.bits += [0] * (-len(self.bits) % 8)
        for byte in value:
            self.put(byte, 8)
        return self

    def length(self, count):
        """X.691 clause 11.9, below 16,384"""
        return self.octets(bytes([count]) if count < 128 else struct.pack(">H", 0x8000 | count))

    def string(self, value):
        return self.length(len(value)).octets(value)

    def number(self, value, most_octets):
        """A constrained integer of over 16 bits: the count of octets, then they."""
        count = max(1, (value.bit_length() + 7) // 8)
        self.put(count - 1, (most_octets - 1).bit_length())
        return self.octets(value.to_bytes(count, "big"))

    def bytes(self):
        self.octets(b"")
        out = bytes(int("".join(map(str, self.bits[i:i + 8])), 2) for i in range(0, len(self.bits), 8))
        return out or b"\0"


def container(elements):
    """A SEQUENCE of a ProtocolIE-Container alone."""
    b = Bits().put(0, 1).octets(struct.pack(">H", len(elements)))
    for number, criticality, value in elements:
        b.octets(struct.pack(">H", number)).put(criticality, 2).string(value)
    return b.bytes()


def message(outcome, procedure, elements):
    """outcome: 0 initiating, 1 successful, 2 unsuccessful"""
    value = container(elements)
    return Bits().put(0, 1).put(outcome, 2).octets(bytes([procedure])).put(REJECT, 2).string(value).bytes()


def amf_ue(number):
    return 10, REJECT, Bits().number(number, 5).bytes()


def ran_ue(number):
    return 85, REJECT, Bits().number(number, 4).bytes()


def s_nssai(b):
    return b.put(0, 3).put(1, 8)  # SST 1, no SD


def name_text(text):
    b = Bits().put(0, 1).put(len(text) - 1, 8)
    return b.octets(text.encode()).bytes()


def gtp_tunnel(b, address, teid):
    """UPTransportLayerInformation, clause 9.3.2.2"""
    value = ipaddress.ip_address(address).packed
    b.put(0, 1).put(0, 2).put(0, 1).put(len(value) * 8 - 1, 8).octets(value)
    return b.octets(struct.pack(">I", teid))


def qfi(b, number):
    return b.put(0, 1).put(number, 6)


def sessions(number, sessions_of, optional):
    """A list of PDU sessions, each with its transfer: (id, bytes)"""
    b = Bits().octets(bytes([len(sessions_of) - 1]))
    for session, transfer in sessions_of:
        b.put(0, 1 + optional).octets(bytes([session]))
        if number == 74:
            s_nssai(b)
        b.string(transfer)
    return number, REJECT, b.bytes()


def setup_request(gnb, name):
    """NG Setup Request, clause 9.2.6.1"""
    gnb_id = Bits().put(0, 4).octets(PLMN).put(0, 1).put(24 - 22, 4).octets(gnb.to_bytes(3, "big")).bytes()
    areas = Bits().octets(b"\0").put(0, 2).octets(b"\0\0\1").put(0, 4).put(0, 2).octets(PLMN).octets(b"\0\0").put(0, 2)
    return message(0, SETUP, [(27, REJECT, gnb_id), (82, IGNORE, name_text(name)), (102, REJECT, s_nssai(areas).bytes()),
                              (21, IGNORE, Bits().put(0, 1).put(2, 2).bytes())])


def setup_response(name, region=1, amf_set=1, pointer=0):
    """NG Setup Response, clause 9.2.6.2"""
    guami = Bits().octets(b"\0").put(0, 3).put(0, 2).octets(PLMN).put(region, 8).put(amf_set, 10).put(pointer, 6).bytes()
    plmns = Bits().put(0, 4).put(0, 2).octets(PLMN).octets(b"\0\0").put(0, 2)
    return message(1, SETUP, [(1, REJECT, name_text(name)), (96, REJECT, guami), (86, IGNORE, b"\xff"), (80, REJECT, s_nssai(plmns).bytes())])


def session_setup_request(amf, ran, session, address, teid):
    """PDU Session Resource Setup Request, clause 9.2.1.1, with its transfer of clause 9.3.4.1"""
    flow = Bits().put(0, 6).put(0, 3)
    qfi(flow, 1).put(0, 5).put(0, 2).put(0, 5).put(0, 1).octets(b"\x09")  # non-dynamic 5QI 9
    flow.put(0, 2).put(8 - 1, 4).put(0, 2).put(0, 2)  # allocation and retention priority
    tunnel = gtp_tunnel(Bits(), address, teid).bytes()
    transfer = container([(139, REJECT, tunnel), (134, REJECT, Bits().put(0, 4).bytes()), (136, REJECT, flow.bytes())])
    return message(0, SETUP_SESSION, [amf_ue(amf), ran_ue(ran), sessions(74, [(session, transfer)], 2)])


def session_setup_response(amf, ran, session, address, teid):
    """clauses 9.2.1.2 and 9.3.4.2"""
    b = Bits().put(0, 5).put(0, 2)
    gtp_tunnel(b, address, teid).put(0, 6).put(0, 3)
    return message(1, SETUP_SESSION, [amf_ue(amf), ran_ue(ran), sessions(75, [(session, qfi(b, 1).bytes())], 1)])


def session_release_command(amf, ran, session):
    transfer = Bits().put(0, 2).put(2, 3).put(0, 3).bytes()  # cause: NAS, normal release
    return message(0, RELEASE_SESSION, [amf_ue(amf), ran_ue(ran), sessions(79, [(session, transfer)], 1)])


def session_release_response(amf, ran, session):
    return message(1, RELEASE_SESSION, [amf_ue(amf), ran_ue(ran), sessions(70, [(session, b"\0")], 1)])


def context_release_command(amf, ran):
    pair = Bits().put(0, 2).put(0, 2).number(amf, 5).number(ran, 4).bytes()
    return message(0, RELEASE_CONTEXT, [(114, REJECT, pair), (15, IGNORE, Bits().put(2, 3).put(0, 3).bytes())])


def context_release_complete(amf, ran):
    return message(1, RELEASE_CONTEXT, [amf_ue(amf), ran_ue(ran)])


def path_switch_request(amf, ran, session, address, teid):
    """clauses 9.2.3.8 and 9.3.4.8"""
    place = Bits().put(1, 2).put(0, 3).put(0, 2).octets(PLMN).octets((0x12345 << 4).to_bytes(5, "big")[:4]).put(0, 4)
    place.put(0, 2).octets(PLMN).octets(b"\0\0\1")
    security = Bits().put(0, 2)
    for _ in range(4):
        security.put(0, 1).put(0xe000, 16)
    transfer = Bits().put(0, 4)
    gtp_tunnel(transfer, address, teid).put(0, 6).put(0, 2)
    return message(0, PATH_SWITCH, [ran_ue(ran), (100, REJECT, Bits().number(amf, 5).bytes()), (121, IGNORE, place.bytes()),
                                    (119, IGNORE, security.bytes()), sessions(76, [(session, qfi(transfer, 1).bytes())], 1)])


def path_switch_acknowledge(amf, ran, session):
    security = Bits().put(0, 2).put(1, 3).octets(bytes(range(32))).bytes()
    allowed = s_nssai(Bits().put(0, 3).put(0, 2)).bytes()
    transfer = Bits().put(0, 4).bytes()
    return message(1, PATH_SWITCH, [amf_ue(amf), ran_ue(ran), (93, REJECT, security), sessions(77, [(session, transfer)], 1), (0, REJECT, allowed)])


def initial_ue(ran):
    """Initial UE Message with a registration request whose SUCI has a null scheme and a test number (TS 24.501 clause 8.2.6)"""
    suci = bytes.fromhex("01") + PLMN + bytes.fromhex("f0ff00000000000010")
    nas = bytes.fromhex("7e004179") + struct.pack(">H", len(suci)) + suci + bytes.fromhex("2e02f0f0")
    place = Bits().put(1, 2).put(0, 3).put(0, 2).octets(PLMN).octets((0x12345 << 4).to_bytes(5, "big")[:4]).put(0, 4)
    place.put(0, 2).octets(PLMN).octets(b"\0\0\1")
    return message(0, INITIAL_UE, [ran_ue(ran), (38, REJECT, Bits().string(nas).bytes()), (121, REJECT, place.bytes()),
                                   (90, IGNORE, Bits().put(0, 1).put(3, 4).bytes())])
