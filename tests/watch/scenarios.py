# SPDX-License-Identifier: Apache-2.0
"""What the made captures hold: planted trouble with its truth, and harmless things that look like it.

A scenario is a function of a Network that has been started with two sessions. It returns what has to be found: a list of
Truth. Quiet ones return none; what may come out besides, because it is true as well, is said by `also`.
"""
import struct

import frames as f
import network
import ngap

OUTSIDE = "203.0.113.66"  # nobody's
INTRUDER = "10.66.6.6"    # inside the operator's range, in no inventory

PLANTED, QUIET = {}, {}


class Truth:
    """check: one of these names, certainty: at least this, marks: frames of which one has to be named."""

    def __init__(self, check, certainty, marks):
        self.checks, self.certainty, self.marks = check.split("|"), certainty, list(marks)


def planted(also="", options=(), start=True):
    def keep(function):
        PLANTED[function.__name__.replace("_", "-")] = (function, set(also.split()), list(options), start)
        return function
    return keep


def quiet(options=(), start=True):
    def keep(function):
        QUIET[function.__name__.replace("_", "-")] = (function, set(), list(options), start)
        return function
    return keep


def two_sessions(n):
    """The everyday that stands before and beside what is planted."""
    n.start([n.upf1, n.upf2])
    first, second = n.session(), n.session(gnb=n.gnb2)
    n.packets(first, 10)
    n.packets(second, 10)
    return first, second


# ---- peers and interfaces --------------------------------------------------------------------------------------------


@planted(also="foreign-controller link")
def undeclared_peer(n, first, second):
    """A base station of nobody's, with an identity of nobody's, signs on."""
    stranger = network.Node("gnb9", n2="10.1.77.1", n3="10.1.77.2")
    marks = n.ng_setup(stranger, n.amf1)
    s = n.session(gnb=stranger)
    return [Truth("undeclared-peer", "certain", marks + n.packets(s, 6))]


@planted(also="undeclared-peer byte-balance link beacon")
def unknown_host_on_the_internet(n, first, second):
    """A core function keeps a connection to an address of nobody's; what it says is under TLS or nothing known."""
    marks = []
    for i in range(30):
        marks.append(n.hear(f.tcp(n.upf1.n4, OUTSIDE, 45000, 443, 1000 + 200 * i, 1, 24, n.payload())))
        marks.append(n.hear(f.tcp(OUTSIDE, n.upf1.n4, 443, 45000, 1 + 100 * i, 1200 + 200 * i, 24, n.payload(100))))
        n.wait(0.1)
    return [Truth("undeclared-peer|management-egress|byte-balance", "likely", marks)]


@planted(also="cleartext-management link")
def undeclared_interface(n, first, second):
    marks = [n.hear(f.tcp(n.gnb1.n2, n.smf1.n4, 45000, 22, 1000, 0, 2)), n.hear(f.tcp(n.smf1.n4, n.gnb1.n2, 22, 45000, 5000, 1001, 18)),
             n.hear(f.tcp(n.smf1.n4, n.gnb1.n2, 22, 45000, 5001, 1001, 24, b"SSH-2.0-OpenSSH_9.2\r\n")),
             n.hear(f.tcp(n.gnb1.n2, n.smf1.n4, 45000, 22, 1001, 5022, 24, b"SSH-2.0-OpenSSH_9.2\r\n"))]
    return [Truth("undeclared-interface", "certain", marks)]


@planted(also="undeclared-peer association-churn link")
def association_from_anywhere(n, first, second):
    """A stranger becomes a controller (open5gs 4760)."""
    marks = n.associate(n.smf1, n.upf1, source=INTRUDER)
    return [Truth("foreign-controller", "certain", marks)]


@planted(also="undeclared-peer redirected-forwarding session-not-yours link")
def foreign_modification(n, first, second):
    """Any peer may change any session: its downlink goes elsewhere (open5gs 4761)."""
    known = n.associate(n.smf1, n.upf1, source=INTRUDER)
    marks = n.modify(first, [f.far(1, f.FORW, f.ACCESS, f.outer_creation(0xbeef, OUTSIDE), update=True)], source=INTRUDER)
    return [Truth("foreign-controller", "certain", [*known, *marks]), Truth("redirected-forwarding", "certain", marks),
            Truth("session-not-yours", "likely", marks)]


@planted(also="undeclared-peer foreign-controller link")
def foreign_deletion(n, first, second):
    marks = n.delete(first, source=INTRUDER)  # it gives no identity, so it may be somebody known at a new address
    return [Truth("foreign-controller", "likely", marks), Truth("session-not-yours", "likely", marks)]


@planted()
def session_of_another_controller(n, first, second):
    """A declared SMF of no common set changes another's session without taking it over."""
    n.associate(n.smf2, n.upf1)
    marks = n.modify(first, [f.far(1, f.DROP, update=True)], source=n.smf2.n4)
    return [Truth("session-not-yours", "likely", marks)]


@planted(also="undeclared-peer session-not-yours address-twice link")
def two_sessions_with_one_address(n, first, second):
    """The user-plane function does not ask whose an address is (open5gs 4762, 3899)."""
    n.associate(n.smf2, n.upf1)
    thief = n.plan(ue=first.ue, smf=n.smf2, gnb=n.gnb2)
    marks = n.establish(thief)
    n.forward_to(thief, n.gnb2, thief.gnb_teid)
    n.packets(first, 6)
    n.wait(60)
    n.packets(first, 6)
    return [Truth("address-twice", "certain", marks)]


@planted(also="undeclared-peer spoofed-source unordered-tunnel identifier-scan byte-balance link")
def spoofed_g_pdu(n, first, second):
    """Whoever knows a TEID may speak for the subscriber (open5gs 3693)."""
    marks = []
    for _ in range(6):
        marks.append(n.on_n3(first, True, n.inner(first, True), source=INTRUDER))
        n.wait(0.05)
    return [Truth("undeclared-peer|spoofed-source", "likely", marks)]


@planted(also="undeclared-peer association-churn address-twice link")
def exhaustion(n, first, second):
    """Sessions until there is no room for another (open5gs 4791)."""
    marks = list(n.associate(n.smf1, n.upf1, source=INTRUDER))
    for _ in range(300):
        s = n.plan()
        s.ue = f"10.45.{1 + s.cp_seid % 200}.{1 + s.cp_seid % 250}"
        marks += n.establish(s, source=INTRUDER)
    return [Truth("foreign-controller", "certain", marks)]


@planted(also="undeclared-peer association-churn session-not-yours ended-tunnel link")
def one_deletion_clears_a_node(n, first, second):
    """One message of a stranger and all sessions of the node are gone (free5gc 1172)."""
    marks = n.ask(n.smf1, n.upf1, f.ASSOCIATION_RELEASE, [f.node_id(n.smf1.n4)], [f.node_id(n.upf1.n4), f.cause(f.ACCEPTED)], source=INTRUDER)
    return [Truth("foreign-controller", "likely", marks)]  # it claims to be smf1, which may have one address more


# ---- tunnels ---------------------------------------------------------------------------------------------------------


@planted(also="identifier-scan spoofed-source byte-balance")
def unordered_tunnel(n, first, second):
    marks = []
    for i in range(30):
        marks.append(n.on_n3(first, True, n.inner(first, True, source="10.45.7.7"), teid=0x66000001))
        n.wait(0.05)
    return [Truth("unordered-tunnel", "certain", marks)]


@planted(also="byte-balance")
def ended_tunnel(n, first, second):
    n.release(first)
    n.wait(5)
    marks = n.packets(first, 20, up_only=True)
    return [Truth("ended-tunnel", "certain", marks)]


@planted()
def duplicated_forwarding(n, first, second):
    """Apply Action DUPL, the copy to an address of nobody."""
    marks = n.modify(first, [f.far(1, f.FORW | f.DUPL, f.ACCESS, f.outer_creation(first.gnb_teid, n.gnb1.n3),
                                   duplicate=(f.CORE, f.outer_creation(0x77, OUTSIDE)), update=True)])
    return [Truth("duplicated-forwarding", "certain", marks)]


@planted()
def duplicated_from_the_start(n, first, second):
    """The same in the establishment of a session."""
    s = n.plan()
    s.more_rules = [f.far(3, f.FORW | f.DUPL, f.CORE, duplicate=(f.ACCESS, f.outer_creation(0x78, OUTSIDE)))]
    marks = n.establish(s)
    return [Truth("duplicated-forwarding", "certain", marks)]


@planted()
def redirected_forwarding(n, first, second):
    marks = n.forward_to(first, network.Node("nobody", n3=OUTSIDE), 0x79)
    return [Truth("redirected-forwarding", "certain", marks)]


@planted(also="spoofed-source")
def pfcp_in_user_plane(n, first, second):
    """A subscriber speaks PFCP to the user-plane function."""
    inner = f.udp(first.ue, n.upf1.n4, 8805, 8805, f.pfcp(f.ASSOCIATION, 1, [f.node_id(first.ue), f.recovery(network.START)]))
    return [Truth("control-in-user-plane", "certain", [n.on_n3(first, True, inner)])]


@planted(also="spoofed-source")
def gtp_in_gtp(n, first, second):
    inner = f.udp(first.ue, n.upf1.n3, 2152, 2152, f.gtpu(f.G_PDU, second.up_teid, n.inner(second, True), qfi=1, uplink=True))
    marks = [n.on_n3(first, True, inner) for _ in range(4)]
    return [Truth("control-in-user-plane", "certain", marks)]


@planted(also="spoofed-source")
def ngap_in_user_plane(n, first, second):
    inner = f.sctp(first.ue, n.amf1.n2, 40000, 38412, 0x1234, [f.sctp_data(1, 0, 0, 60, ngap.setup_request(9, "gnb9"))])
    return [Truth("control-in-user-plane", "certain", [n.on_n3(first, True, inner)])]


@planted(also="spoofed-source")
def gtp_c_in_user_plane(n, first, second):
    message = f.gtpv2(32, 0, 1, [f.ie2(1, f.digits("001010000000009")), f.f_teid2(10, 1, first.ue)])
    return [Truth("control-in-user-plane", "certain", [n.on_n3(first, True, f.udp(first.ue, n.sgw1.s11, 2123, 2123, message))])]


@planted(also="spoofed-source")
def spoofed_source(n, first, second):
    """The right tunnel from the right station, but the address inside is another subscriber's."""
    marks = [n.on_n3(first, True, n.inner(first, True, source=second.ue)) for _ in range(10)]
    return [Truth("spoofed-source", "likely", marks)]


@planted(also="unordered-tunnel spoofed-source byte-balance volume-out-of-role")
def identifier_scan(n, first, second):
    """Tunnel identifiers one after the other, and errors back (TS 29.281 clause 7.3.1)."""
    marks = []
    for i in range(400):
        marks.append(n.on_n3(first, True, n.inner(first, True, 40), teid=0x1000 + i))
        error = f.gtpu(f.ERROR_INDICATION, 0, b"\x10" + struct.pack(">I", 0x1000 + i) + b"\x85\0\4" + f.packed(n.upf1.n3), sequence=i)
        n.hear(f.udp(n.upf1.n3, n.gnb1.n3, 2152, 2152, error, ident=n.ident(n.upf1.n3)))
        n.wait(0.01)
    return [Truth("identifier-scan", "likely", marks)]


@planted(also="byte-balance volume-out-of-role")
def echo_payload(n, first, second):
    """Echo requests that carry more than an echo needs, in a private extension (TS 29.281 clause 8.6)."""
    marks = []
    for i in range(40):
        for here, there, kind in ((n.gnb1.n3, n.upf1.n3, f.ECHO_REQUEST), (n.upf1.n3, n.gnb1.n3, f.ECHO_RESPONSE)):
            body = (b"\x0e\0" if kind == f.ECHO_RESPONSE else b"") + b"\xff" + struct.pack(">HH", 902, 12345) + n.payload(900)
            marks.append(n.hear(f.udp(here, there, 2152, 2152, f.gtpu(kind, 0, body, sequence=i), ident=n.ident(here))))
        n.wait(0.5)
    return [Truth("echo-payload", "likely", marks)]


# ---- who really speaks -----------------------------------------------------------------------------------------------


def second_voice(n, sessions, act):
    """Somebody with the controller's address: own sequence numbers, another way to here; the owner goes on."""
    marks = []
    for i, s in enumerate(sessions):
        n.heartbeat(n.smf1, n.upf1)
        marks += act(s, 900001 + 7 * i)
        n.wait(1.5)
        n.heartbeat(n.smf1, n.upf1)
        n.wait(1)
    return marks


@planted(also="ended-tunnel owner-surprised association-churn session-not-yours")
def second_speaker_deletes(n, first, second):
    others = [n.session() for _ in range(6)]
    marks = second_voice(n, others, lambda s, number: n.delete(s, source=n.smf1.n4, sequence=number, hops=61))
    surprised = []
    for s in others:
        surprised += n.forward_to(s, n.gnb1, s.gnb_teid, result=f.NO_CONTEXT)
        n.wait(0.2)
    return [Truth("second-speaker", "likely", marks), Truth("owner-surprised", "likely", surprised + marks)]


@planted(also="owner-surprised session-not-yours")
def second_speaker_modifies(n, first, second):
    others = [n.session() for _ in range(6)]
    marks = second_voice(n, others, lambda s, number: n.modify(s, [f.far(1, f.DROP, update=True)], source=n.smf1.n4, sequence=number, hops=61))
    return [Truth("second-speaker", "likely", marks)]


@planted(also="association-churn")
def second_speaker_floods(n, first, second):
    """From as many hops away, but with one number for all: sessions that nobody answers, and heartbeats between them."""
    marks = []
    for k in range(240):
        if k % 6 == 0:
            n.heartbeat(n.smf1, n.upf1)
        s = n.plan()
        marks.append(n.say_pfcp(n.smf1.n4, n.upf1.n4, f.pfcp(f.ESTABLISHMENT, 900002, n.asked_for(s), 0)))
        marks.append(n.say_pfcp(n.smf1.n4, n.upf1.n4, f.pfcp(f.HEARTBEAT, 900001, [f.recovery(0)])))
        n.wait(0.01)
    n.packets(first, 4)
    n.wait(30)
    n.packets(first, 4)
    return [Truth("second-speaker", "likely", marks), Truth("association-churn", "likely", marks)]


@planted()
def sessions_that_are_never_used(n, first, second):
    """The controller itself asks for more and more, and they are accepted (open5gs 4791, by one who is declared)."""
    for _ in range(12):
        n.session()
        n.wait(8)
    marks = []
    for _ in range(80):
        marks += n.establish(n.plan())
        n.wait(0.1)
    n.wait(30)
    n.packets(first, 4)
    return [Truth("association-churn", "likely", marks)]


@planted()
def a_flood_in_the_first_minute(n, first, second):
    """The capture begins some seconds before it, and its sessions come between others that are in order; it goes on for minutes."""
    for _ in range(12):
        n.session()
        n.wait(0.5)
    marks = []
    for k in range(600):
        marks += n.establish(n.plan())
        n.wait(0.3)
        if k % 5 == 0:
            n.session()
    n.wait(30)
    n.packets(first, 4)
    return [Truth("association-churn", "likely", marks)]


@quiet()
def an_anchor_that_orders_once(n, first, second):
    """Its sessions are never changed, and that is its way: the first of them too."""
    n.wait(20)
    for _ in range(200):
        n.establish(n.plan())
        n.wait(0.3)
    n.wait(30)
    n.packets(first, 4)


@planted()
def undeclared_from_the_start(n, first, second):
    """A base station that nobody has entered, or somebody's: the session goes there from its first order."""
    s = n.plan()
    n.establish(s)
    marks = n.modify(s, [f.far(1, f.FORW, f.ACCESS, f.outer_creation(0x79, OUTSIDE), update=True)])
    return [Truth("redirected-forwarding", "likely", marks)]


@planted(also="link")
def nrf_notifies(n, first, second):
    """To who has subscribed, under a path of his choice that may be named after the NRF (TS 29.501 clause 4.6.2)."""
    n.sbi(n.nrf1.sbi, n.amf1.sbi, "POST", "/nnrf-nfm/v1/nf-status-notify", "NRF", b"{}", b"", "204")
    n.sbi(n.nrf1.sbi, n.smf1.sbi, "POST", "/namf-callback/v1/udm1/status", "NRF", b"{}", b"", "204")
    return []  # but no unlisted-service


@planted(also="link undeclared-interface management-egress volume-out-of-role", options=["apart"])
def reaching(n, first, second):
    """What must not reach it speaks with it; who speaks over another reference point than those of the rule does not."""
    n.sbi(n.amf1.sbi, n.smf1.sbi, "POST", "/nsmf-pdusession/v1/sm-contexts", "AMF", b"{}", b"{}", "201")
    return [Truth("reach", "certain", n.sbi(n.gnb1.n2, n.udm1.sbi, "GET", "/nudm-sdm/v2/imsi-001010000000001/am-data", "AMF", answer=b"{}")[:1])]


@planted(also="second-speaker")
def association_churn(n, first, second):
    marks = []
    for _ in range(150):
        n.recovered["upf1"] += 1
        marks += n.associate(n.smf1, n.upf1)
        n.wait(0.3)
    return [Truth("association-churn", "likely", marks)]


# ---- malformed -------------------------------------------------------------------------------------------------------


@planted()
def malformed_pfcp(n, first, second):
    """An element whose length reaches behind the message."""
    message = f.pfcp(f.MODIFICATION, n.sequence(n.smf1.n4, n.upf1.n4), [struct.pack(">HH", 10, 4000) + b"\0\x6c\0\4\0\0\0\1"], first.up_seid)
    return [Truth("malformed", "certain", [n.say_pfcp(n.smf1.n4, n.upf1.n4, message)])]


@planted()
def malformed_without_mandatory(n, first, second):
    """An establishment without F-SEID (TS 29.244 table 7.5.2.1-1)."""
    message = f.pfcp(f.ESTABLISHMENT, n.sequence(n.smf1.n4, n.upf1.n4), [f.node_id(n.smf1.n4)], 0)
    return [Truth("malformed", "certain", [n.say_pfcp(n.smf1.n4, n.upf1.n4, message)])]


@planted()
def malformed_gtp_u(n, first, second):
    """A length that promises more than the datagram has."""
    header = bytearray(f.gtpu(f.G_PDU, first.up_teid, n.inner(first, True), qfi=1, uplink=True))
    header[2:4] = struct.pack(">H", 5000)
    return [Truth("malformed", "certain", [n.hear(f.udp(n.gnb1.n3, n.upf1.n3, 2152, 2152, bytes(header)))])]


@planted()
def malformed_ngap(n, first, second):
    message = ngap.session_setup_request(first.amf_ue, first.ran_ue, 5, n.upf1.n3, 1)
    return [Truth("malformed", "certain", [n.say(n.gnb1, n.amf1, 1, message[:-9])])]


# ---- copies of user payload ------------------------------------------------------------------------------------------

COPY_ALSO = "undeclared-peer undeclared-interface unordered-tunnel byte-balance management-egress spoofed-source volume-out-of-role link"


def copies(n, s, send, count=60, delay=0.004, each=1, size=200):
    """Every each-th packet of a session is sent a second time by send(inner packet, seconds from now)."""
    marks, seen = [], [0]

    def again(inner, up):
        seen[0] += 1
        if seen[0] % each == 0:
            marks.append(send(inner, delay))
    n.packets(s, count, size, every=0.005, each=again)
    n.wait(delay + 1)
    return [Truth("copied-payload", "likely", marks)]


@planted(also=COPY_ALSO)
def copy_bare(n, first, second):
    """To a stranger, its addresses changed so that it arrives."""
    def send(inner, delay):
        return n.hear(f.udp(n.upf1.n6, OUTSIDE, 50000, 9000, inner[28:]), after=delay)
    return copies(n, first, send)


@planted(also=COPY_ALSO)
def copy_in_gre(n, first, second):
    return copies(n, first, lambda inner, delay: n.hear(f.gre(n.upf1.n6, OUTSIDE, inner), after=delay))


@planted(also=COPY_ALSO)
def copy_mirrored(n, first, second):
    """By a switch's own means, ERSPAN type II in GRE: in GRE the type 0x88be and a sequence number, then version 1, session 7."""
    def send(inner, delay):
        head = struct.pack(">HHIII", 0x1000, 0x88be, 5, 0x10000007, 0)
        return n.hear(f.ip(n.upf1.n6, OUTSIDE, 47, head + f.ethernet("10.255.0.1", "10.255.0.2", inner)), after=delay)
    return copies(n, first, send)


@planted(also=COPY_ALSO)
def copy_in_vxlan(n, first, second):
    return copies(n, first, lambda inner, delay: n.hear(f.vxlan(n.upf1.n6, OUTSIDE, 7, inner), after=delay))


@planted(also=COPY_ALSO)
def copy_in_ip(n, first, second):
    return copies(n, first, lambda inner, delay: n.hear(f.ip_in_ip(n.upf1.n6, OUTSIDE, inner), after=delay))


@planted(also=COPY_ALSO)
def copy_in_tcp(n, first, second):
    at = [1]

    def send(inner, delay):
        at[0] += len(inner)
        return n.hear(f.tcp(n.upf1.n6, OUTSIDE, 50001, 443, at[0], 1, 24, inner), after=delay)
    return copies(n, first, send)


@planted(also=COPY_ALSO)
def copy_in_another_tunnel(n, first, second):
    """G-PDUs to a stranger."""
    def send(inner, delay):
        return n.hear(f.udp(n.upf1.n3, OUTSIDE, 2152, 2152, f.gtpu(f.G_PDU, 0x99, inner)), after=delay)
    return copies(n, first, send)


@planted(also=COPY_ALSO)
def copy_in_an_ordered_tunnel(n, first, second):
    """Into the other subscriber's tunnel at the other station: every header is as declared."""
    def send(inner, delay):
        header = f.gtpu(f.G_PDU, second.gnb_teid, inner, qfi=1, uplink=False)
        return n.hear(f.udp(n.upf1.n3, n.gnb2.n3, 2152, 2152, header), after=delay)
    return copies(n, first, send)


@planted(also=COPY_ALSO)
def copy_to_declared_peer(n, first, second):
    """To one's own management, which has no business with it."""
    return copies(n, first, lambda inner, delay: n.hear(f.gre(n.upf1.n4, n.oss1.mgmt, inner), after=delay))


@planted(also=COPY_ALSO)
def copy_with_ttl_changed(n, first, second):
    def send(inner, delay):
        return n.hear(f.gre(n.upf1.n6, OUTSIDE, f.with_hops(inner, -11)), after=delay)
    return copies(n, first, send)


@planted(also=COPY_ALSO)
def copy_delayed(n, first, second):
    return copies(n, first, lambda inner, delay: n.hear(f.gre(n.upf1.n6, OUTSIDE, inner), after=delay), delay=8)


@planted(also=COPY_ALSO)
def copy_sampled(n, first, second):
    """One packet of a hundred."""
    return copies(n, first, lambda inner, delay: n.hear(f.gre(n.upf1.n6, OUTSIDE, inner), after=delay), count=4000, each=100, size=120)


@planted(also=COPY_ALSO + " foreign-controller session-not-yours identifier-scan")
def demo(n, first, second):
    """What script/demo shows: a stranger takes a session over N4, a tunnel that nobody ordered, and a copy in GRE."""
    known = n.associate(n.smf1, n.upf1, source=INTRUDER)
    taken = n.modify(second, [f.far(1, f.FORW, f.ACCESS, f.outer_creation(0xbeef, OUTSIDE), update=True)], source=INTRUDER)
    unordered = []
    for _ in range(12):
        unordered.append(n.on_n3(first, True, n.inner(first, True, source="10.45.7.7"), teid=0x66000001))
        n.wait(0.05)
    return [Truth("foreign-controller", "certain", [*known, *taken]), Truth("redirected-forwarding", "certain", taken),
            Truth("unordered-tunnel", "certain", unordered),
            *copies(n, first, lambda inner, delay: n.hear(f.gre(n.upf1.n6, OUTSIDE, inner), after=delay))]


# ---- management, names, services -------------------------------------------------------------------------------------


@planted(also="undeclared-peer link")
def management_egress(n, first, second):
    marks = [n.hear(f.tcp(n.oss1.mgmt, OUTSIDE, 45000, 22, 1, 0, 2)), n.hear(f.tcp(OUTSIDE, n.oss1.mgmt, 22, 45000, 1, 2, 18)),
             n.hear(f.tcp(OUTSIDE, n.oss1.mgmt, 22, 45000, 2, 2, 24, b"SSH-2.0-dropbear\r\n")),
             n.hear(f.tcp(n.oss1.mgmt, OUTSIDE, 45000, 22, 2, 20, 24, b"SSH-2.0-OpenSSH_9.2\r\n"))]
    return [Truth("management-egress", "likely", marks)]


@planted(also="undeclared-interface link")
def cleartext_management(n, first, second):
    """SNMP version 2c, its community readable (RFC 1901)."""
    pdu = bytes.fromhex("a01902045a5a5a5a020100020100300b300906052b060102010500")
    body = b"\2\1\1\4\6public" + pdu
    marks = [n.hear(f.udp(n.oss1.mgmt, n.upf1.n4, 45000 + i, 161, b"\x30" + bytes([len(body)]) + body)) for i in range(5)]
    return [Truth("cleartext-management", "likely", marks)]


@planted(also="undeclared-peer undeclared-interface unlisted-service link")
def rogue_registration(n, first, second):
    profile = b'{"nfInstanceId":"66666666-6666-4666-8666-666666666666","nfType":"AMF","nfStatus":"REGISTERED","ipv4Addresses":["10.66.6.6"]}'
    marks = n.sbi(INTRUDER, n.nrf1.sbi, "PUT", "/nnrf-nfm/v1/nf-instances/66666666-6666-4666-8666-666666666666", "AMF", profile, profile, "201")
    return [Truth("rogue-registration", "likely", marks)]


@planted(also="undeclared-interface link")
def unlisted_service(n, first, second):
    """Authentication vectors are asked for, and given, where there is no UDM (TS 29.503 clause 5.4)."""
    marks = n.sbi(n.amf1.sbi, n.smf1.sbi, "POST", "/nudm-ueau/v1/imsi-001010000000001/security-information/generate-auth-data", "AMF", b"{}", b"{}")
    return [Truth("unlisted-service", "likely", marks)]


@planted(also="undeclared-interface link")
def vendor_differs(n, first, second):
    """A function registers as another vendor's than the inventory has (TS 29.510 clause 6.1.6.2.2: vendorId)."""
    profile = b'{"nfInstanceId":"11111111-1111-4111-8111-111111111111","nfType":"UDM","nfStatus":"REGISTERED","ipv4Addresses":["10.2.3.2"],"vendorId":"101002"}'
    marks = n.sbi(n.udm1.sbi, n.nrf1.sbi, "PUT", "/nnrf-nfm/v1/nf-instances/11111111-1111-4111-8111-111111111111", "UDM", profile, profile, "201")
    return [Truth("vendor-differs", "likely", marks)]


@planted(options=["caps"])
def share_over_cap(n, first, second):
    """One vendor's base station carries most of the traffic; the cap is 60 %."""
    n.packets(first, 7600, size=1300, every=0.001)
    n.packets(second, 760, size=1300, every=0.001)
    return [Truth("share-over-cap", "likely", [])]


@planted()
def older_than_capture(n, first, second):
    """The capture begins behind the set-ups (CUT in made.py): not known, and nothing worse."""
    return [Truth("older-than-capture", "unknown", n.packets(first, 20) + n.packets(second, 20))]


@planted()
def prefix_twice(n, first, second):
    """One IPv6 prefix in two sessions of two controllers: the addresses differ, the first 64 bits don't."""
    n.associate(n.smf2, n.upf1)
    one, two = n.plan(ue="2001:db8:45:7::1"), n.plan(ue="2001:db8:45:7::2", smf=n.smf2, gnb=n.gnb2)
    n.establish(one)
    n.forward_to(one, n.gnb1, one.gnb_teid)
    n.wait(30)
    marks = n.establish(two)
    n.forward_to(two, n.gnb2, two.gnb_teid)
    n.wait(60)
    n.heartbeat(n.smf1, n.upf1)
    return [Truth("address-twice", "certain", marks)]


@planted(also="unlisted-service undeclared-interface byte-balance link")
def dns_tunnel(n, first, second):
    marks = []
    for _ in range(150):
        words = [n.random.randbytes(24).hex() for _ in range(3)]
        marks += n.look_up(n.smf1.sbi, ".".join([*words, "t", "example", "net"]))
        n.wait(0.3)
    return [Truth("dns-tunnel", "likely", marks)]


@planted(also="undeclared-interface byte-balance undeclared-peer management-egress link")
def icmp_tunnel(n, first, second):
    marks = []
    for i in range(100):
        marks.append(n.hear(f.icmp(n.upf1.n4, OUTSIDE, 8, 77, i, n.payload(900))))
        marks.append(n.hear(f.icmp(OUTSIDE, n.upf1.n4, 0, 77, i, n.payload(900))))
        n.wait(0.1)
    return [Truth("icmp-tunnel", "likely", marks)]


@planted(also="undeclared-peer management-egress byte-balance link")
def beacon(n, first, second):
    marks = []
    for i in range(40):
        port = 46000 + i
        marks += [n.hear(f.tcp(n.amf1.sbi, OUTSIDE, port, 443, 1, 0, 2)), n.hear(f.tcp(OUTSIDE, n.amf1.sbi, 443, port, 1, 2, 18)),
                  n.hear(f.tcp(n.amf1.sbi, OUTSIDE, port, 443, 2, 2, 24, n.payload(48)))]
        n.wait(60)
    return [Truth("beacon", "likely", marks)]


@planted(also="undeclared-interface undeclared-peer volume-out-of-role management-egress link")
def byte_balance(n, first, second):
    """More comes out than ever went in."""
    marks = []
    for i in range(1500):
        marks.append(n.hear(f.udp(n.upf1.n6, n.dns1.dns, 50000, 9000, n.payload(1200))))
        n.wait(0.01)
    return [Truth("byte-balance", "likely", marks)]


@planted(also="undeclared-interface byte-balance link")
def volume_out_of_role(n, first, second):
    """A function of the control plane moves what only the user plane should."""
    marks = []
    for i in range(2000):
        marks.append(n.hear(f.tcp(n.amf1.sbi, n.smf1.sbi, 45000, 7777, 1 + 1300 * i, 1, 24, n.payload(1300))))
        n.wait(0.001)
    return [Truth("volume-out-of-role", "likely", marks)]


# ---- what must stay quiet --------------------------------------------------------------------------------------------


@quiet()
def everyday(n, first, second):
    n.report(first, 2000)
    for s in (first, second):
        n.packets(s, 20)
        n.heartbeat(n.smf1, n.upf1)
    up, down, ue = n.bearer(1)
    n.s1u(up, down, ue, 10)
    n.sbi(n.smf1.sbi, n.nrf1.sbi, "GET", "/nnrf-disc/v1/nf-instances?target-nf-type=UDM&requester-nf-type=SMF", "SMF", answer=b'{"nfInstances":[]}')
    n.look_up(n.smf1.sbi, "upf1.core.example", n.upf1.n4)
    for s in (first, second):
        n.release(s)


@quiet()
def released_while_packets_fly(n, first, second):
    """What was under way when the session ended."""
    n.release(first)
    n.wait(0.2)
    n.packets(first, 6, every=0.05)


@quiet()
def handover(n, first, second):
    n.path_switch(first, n.gnb2)
    n.packets(first, 20)
    n.path_switch(first, n.gnb1)
    n.packets(first, 10)


@quiet()
def forwarded_over_xn(n, first, second):
    """Xn handover (TS 38.300 clause 9.2.3.2.2, TS 23.502 clause 4.9.1.2.2): what still comes to the old station goes on to the
    new one, in a tunnel that XnAP alone has named, and so does the end marker; what was sent up there too."""
    old, forward, back = n.gnb1, n.random.getrandbits(31) | 1, n.random.getrandbits(31) | 1

    def onward(inner, up, after=0.001):
        ends, teid = ((n.gnb1.n3, n.gnb2.n3), back) if up else ((n.gnb1.n3, n.gnb2.n3), forward)
        n.hear(f.udp(*ends, 2152, 2152, f.gtpu(f.G_PDU, teid, inner, qfi=1, uplink=up), ident=n.ident(ends[0])), after=after)
    n.packets(first, 60, every=0.005, each=lambda inner, up: None if up else onward(inner, up))
    for _ in range(20):  # received out of order over the radio, and not sent on to the core by the old one
        onward(n.inner(first, True), True, 0)
    n.path_switch(first, n.gnb2)
    n.hear(f.udp(old.n3, n.gnb2.n3, 2152, 2152, f.gtpu(f.END_MARKER, forward), ident=n.ident(old.n3)))
    n.packets(first, 20)


@quiet()
def forwarded_to_an_xn_address(n, first, second):
    """The same, the old station with an address of its own for Xn; and a second handover before the forwarding of the first is over."""
    def forwarding(source, destination, teid):
        def onward(inner, up):
            if not up:
                n.hear(f.udp(source, destination, 2152, 2152, f.gtpu(f.G_PDU, teid, inner, qfi=1, uplink=False), ident=n.ident(source)), after=0.001)
        return onward
    n.packets(first, 40, every=0.005, each=forwarding("10.1.1.3", n.gnb2.n3, 0x7001))
    n.path_switch(first, n.gnb2)
    n.packets(first, 40, every=0.005, each=forwarding(n.gnb2.n3, "10.1.1.3", 0x7002))
    n.path_switch(first, n.gnb1)
    n.packets(first, 20)


@quiet()
def split_over_xn(n, first, second):
    """Dual connectivity (TS 37.340 clause 4.3.2.2): the session's packets come to one station and leave by the radio of the other, for as long as it is."""
    down, up_teid = n.random.getrandbits(31) | 1, n.random.getrandbits(31) | 1

    def by_the_other(inner, up):
        ends = (n.gnb2.n3, n.gnb1.n3) if up else (n.gnb1.n3, n.gnb2.n3)
        n.hear(f.udp(*ends, 2152, 2152, f.gtpu(f.G_PDU, up_teid if up else down, inner, qfi=1, uplink=up), ident=n.ident(ends[0])), after=-0.0005 if up else 0.0005)
    n.packets(first, 200, every=0.01, each=by_the_other)


@quiet()
def wifi_to_lte(n, first, second):
    """The same address in a new session while the old one still stands; the same controller (open5gs 3484)."""
    s = n.plan(ue=first.ue, gnb=n.gnb2, instance=first.instance)
    n.establish(s)
    n.n2_setup(s)
    n.forward_to(s, s.gnb, s.gnb_teid)
    n.packets(s, 6)
    n.wait(3)
    n.release(first)
    n.packets(s, 10)


@quiet()
def routed_subnet_behind_a_subscriber(n, first, second):
    """Framed-Route (TS 29.244 clause 8.2.109; open5gs 2947): other addresses in the tunnel, by order."""
    s = n.plan()
    pdi = f.ie(2, f.ie(20, b"\0"), f.f_teid(choose=True), f.ie(22, f.labels("internet")), f.ue_ip(s.ue), f.ie(153, b"192.168.77.0/24"))
    s.more_rules = [f.ie(1, f.ie(56, b"\0\3"), f.ie(29, network.u32(200)), pdi, f.ie(95, b"\0"), f.ie(108, network.u32(2)))]
    reply = [f.node_id(n.upf1.n4), f.cause(f.ACCEPTED), f.f_seid(s.up_seid, n.upf1.n4), f.created_pdr(2, s.up_teid, n.upf1.n3),
             f.created_pdr(3, s.up_teid, n.upf1.n3)]
    rules = [f.pdr(1, f.CORE, 1, ue=s.ue), f.pdr(2, f.ACCESS, 2, f.f_teid(choose=True), s.ue, removal=True), f.far(1, f.BUFF), f.far(2, f.FORW, f.CORE)]
    n.ask(n.smf1, n.upf1, f.ESTABLISHMENT, [f.node_id(n.smf1.n4), f.f_seid(s.cp_seid, n.smf1.n4), *rules, *s.more_rules], reply, seid=0, reply_seid=s.cp_seid)
    n.n2_setup(s)
    n.forward_to(s, s.gnb, s.gnb_teid)
    for i in range(30):
        n.on_n3(s, i % 2 == 0, n.inner(s, i % 2 == 0, source=f"192.168.77.{1 + i}"))
        n.wait(0.02)


@quiet()
def one_address_in_two_instances(n, first, second):
    """Private addresses repeat between network instances."""
    s = n.session(ue=first.ue, instance="ims")
    n.packets(first, 10)
    n.packets(s, 10)
    n.wait(60)
    n.packets(s, 10)


@quiet()
def n3_then_n6(n, first, second):
    """The same payload in the tunnel, and in clear behind the user-plane function, one hop less."""
    def behind(inner, up):
        n.hear(f.with_hops(inner, -1 if up else 1), after=0.0002 if up else -0.0002)
    n.packets(first, 60, every=0.005, each=behind)


@quiet()
def n3_then_n9(n, first, second):
    """An intermediate user-plane function: in at N3, out at N9 (TS 23.501 clause 4.2.3)."""
    s, anchor = n.plan(), n.plan(upf=n.upf2)
    anchor.ue = s.ue
    n.ask(n.smf1, n.upf2, f.ESTABLISHMENT,
          [f.node_id(n.smf1.n4), f.f_seid(anchor.cp_seid, n.smf1.n4), f.pdr(1, f.CORE, 1, ue=s.ue), f.pdr(2, f.ACCESS, 2, f.f_teid(choose=True), s.ue, removal=True),
           f.far(1, f.BUFF), f.far(2, f.FORW, f.CORE)],
          [f.node_id(n.upf2.n4), f.cause(f.ACCEPTED), f.f_seid(anchor.up_seid, n.upf2.n4), f.created_pdr(2, anchor.up_teid, n.upf2.n9)], seid=0, reply_seid=anchor.cp_seid)
    down = n.random.getrandbits(31) | 1
    n.ask(n.smf1, n.upf1, f.ESTABLISHMENT,
          [f.node_id(n.smf1.n4), f.f_seid(s.cp_seid, n.smf1.n4), f.pdr(1, f.CORE, 1, f.f_teid(choose=True), removal=True), f.pdr(2, f.ACCESS, 2, f.f_teid(choose=True), removal=True),
           f.far(1, f.BUFF), f.far(2, f.FORW, f.CORE, f.outer_creation(anchor.up_teid, n.upf2.n9))],
          [f.node_id(n.upf1.n4), f.cause(f.ACCEPTED), f.f_seid(s.up_seid, n.upf1.n4), f.created_pdr(1, down, n.upf1.n9), f.created_pdr(2, s.up_teid, n.upf1.n3)],
          seid=0, reply_seid=s.cp_seid)
    n.modify(anchor, [f.far(1, f.FORW, f.ACCESS, f.outer_creation(down, n.upf1.n9), update=True)])
    n.n2_setup(s)
    n.forward_to(s, s.gnb, s.gnb_teid)

    def onward(inner, up):
        ends = (n.upf1.n9, n.upf2.n9) if up else (n.upf2.n9, n.upf1.n9)
        header = f.gtpu(f.G_PDU, anchor.up_teid if up else down, inner, qfi=1, uplink=up)
        n.hear(f.udp(*ends, 2152, 2152, header, ident=n.ident(ends[0])), after=0.0002 if up else -0.0002)
    n.packets(s, 60, every=0.005, each=onward)


@quiet()
def every_packet_twice(n, first, second):
    """As captured on `any`: once where it came in, once where it went out."""
    n.packets(first, 30)
    n.path_switch(first, n.gnb2)
    n.packets(first, 10)
    n.release(first)
    n.cooked = True
    for mark in list(n.marks):
        again = network.Mark(mark.time + 20_000, mark.data, mark.tap)
        again.way = 4
        n.marks.append(again)


@quiet()
def retransmission(n, first, second):
    """A request again after its time ran out, with its own sequence number (TS 29.244 clause 6.4); a segment again."""
    for mark in [m for m in n.marks if m.data[23] == 17 and m.data[36:38] == b"\x22\x65"][-8:]:
        n.marks.append(network.Mark(n.time, mark.data, "core"))
        n.wait(0.001)
    sequence = n.sequence(n.smf1.n4, n.upf1.n4)
    message = f.pfcp(f.MODIFICATION, sequence, [f.far(1, f.FORW, f.ACCESS, f.outer_creation(first.gnb_teid, n.gnb1.n3), update=True)], first.up_seid)
    for _ in range(3):
        n.say_pfcp(n.smf1.n4, n.upf1.n4, message)
        n.wait(1)
    n.say_pfcp(n.upf1.n4, n.smf1.n4, f.pfcp(f.MODIFICATION + 1, sequence, [f.cause(f.ACCEPTED)], first.cp_seid))
    for i in range(10):
        inner = f.tcp(first.ue, network.INTERNET, 41000, 443, 1000 + 400 * i, 1, 24, n.payload(400), ident=i)
        again = f.tcp(first.ue, network.INTERNET, 41000, 443, 1000 + 400 * i, 1, 24, inner[40:], ident=i + 500)
        for packet in [inner, again][:2 if i % 3 == 0 else 1]:
            n.on_n3(first, True, packet)
            n.wait(0.2)


@quiet()
def heartbeats_of_one_number(n, first, second):
    """A controller that numbers all of its heartbeats alike, beside its other requests."""
    for _ in range(60):
        n.session()
        n.say_pfcp(n.smf1.n4, n.upf1.n4, f.pfcp(f.HEARTBEAT, 900001, [f.recovery(1)]))
        n.wait(1)


@quiet()
def sessions_of_an_anchor(n, first, second):
    """Ordered once and never changed, as the anchor of a home-routed session is; and few of them carry anything."""
    for _ in range(120):
        n.establish(n.plan())
        n.wait(0.2)
    n.wait(30)
    n.packets(first, 4)


@quiet()
def one_direction(n, first, second):
    """A tap that hears what the controller asks, and no answer."""
    before = len(n.marks)
    for _ in range(120):
        n.establish(n.plan(upf=n.upf2))
        n.wait(0.2)
    n.marks[before:] = [m for m in n.marks[before:] if n.ends(m.data[14:])[0] != n.upf2.n4]
    n.wait(30)
    n.packets(first, 4)


@quiet()
def another_amf_of_the_pool(n, first, second):
    """The station knows both; the subscriber's next request goes to the other (TS 23.501 clause 5.21.2)."""
    n.ng_setup(n.gnb1, n.amf2)
    first.amf, first.amf_ue = n.amf2, 90001
    n.say(n.gnb1, n.amf2, 0, ngap.initial_ue(first.ran_ue))
    n.n2_setup(first)
    n.forward_to(first, first.gnb, first.gnb_teid)
    n.packets(first, 10)


@quiet()
def second_tnl_association(n, first, second):
    """A second SCTP association of the same two, no second NG Setup (TS 38.412 clause 7)."""
    n.ng_setup(n.gnb1, n.amf1)
    n.packets(first, 4)
    n.release(first)


@quiet()
def second_tnl_address(n, first, second):
    """The same from another of the station's addresses, both in its SCTP INIT or not."""
    n.ng_setup(n.gnb1, n.amf1, gnb_address="10.1.1.3")
    n.packets(first, 4)


@quiet()
def takeover_in_a_set(n, first, second):
    """Another SMF of the set goes on with a session and says so with its own F-SEID (TS 29.244 clause 5.22.3)."""
    n.associate(n.smf3, n.upf1)
    n.associate(n.smf4, n.upf1)
    s = n.session(smf=n.smf3)
    n.packets(s, 6)
    s.smf, s.cp_seid = n.smf4, 0x9999
    n.modify(s, [f.node_id(n.smf4.n4), f.f_seid(s.cp_seid, n.smf4.n4), f.far(1, f.FORW, f.ACCESS, f.outer_creation(s.gnb_teid, n.gnb1.n3), update=True)])
    n.packets(s, 6)
    n.release(s)


@quiet()
def ipv6_subscribers(n, first, second):
    """Prefixes of their own, many addresses in each."""
    for k in range(3):
        s = n.session(ue=f"2001:db8:45:{k + 16:x}::1")
        for i in range(12):
            ends = (f"2001:db8:45:{k + 16:x}::{i + 1:x}", "2001:db8::10")
            n.on_n3(s, i % 2 == 0, f.udp(*(ends if i % 2 == 0 else ends[::-1]), 40000, 443, n.payload()))
            n.wait(0.02)


@quiet()
def upf_restart(n, first, second):
    """A new recovery time stamp, a new association, the sessions again (TS 29.244 clause 6.2.6; TS 23.527)."""
    n.recovered["upf1"] = network.START + 30
    n.wait(30)
    n.heartbeat(n.smf1, n.upf1)
    n.associate(n.smf1, n.upf1)
    for s in (first, second):
        s.up_seid, s.up_teid = s.up_seid + 0x100, n.random.getrandbits(31) | 1
        n.establish(s)
        n.n2_setup(s)
        n.forward_to(s, s.gnb, s.gnb_teid)
        n.packets(s, 10)


@quiet()
def echo(n, first, second):
    for i in range(20):
        n.hear(f.udp(n.gnb1.n3, n.upf1.n3, 2152, 2152, f.gtpu(f.ECHO_REQUEST, 0, sequence=i)))
        n.hear(f.udp(n.upf1.n3, n.gnb1.n3, 2152, 2152, f.gtpu(f.ECHO_RESPONSE, 0, b"\x0e\0", sequence=i)))
        n.wait(10)


@quiet()
def subscriber_protocols(n, first, second):
    """What subscribers do is theirs: names, pings, tunnels of their own."""
    for i in range(20):
        n.on_n3(first, True, f.udp(first.ue, "192.0.2.53", 40000 + i, 53, f.dns(i, "www.example.org")))
        n.on_n3(first, True, f.icmp(first.ue, "192.0.2.1", 8, 1, i, b"abcdefghijklmnopqrstuvwabcdefghi"))
        n.on_n3(first, True, f.udp(first.ue, "192.0.2.9", 4500, 4500, n.payload(300)))
        n.wait(0.1)


@quiet()
def no_alarm_for_what_is_older(n, first, second):
    """The capture begins behind the set-ups: see CUT in made.py."""
    n.packets(first, 20)
    n.packets(second, 20)
    n.release(first)
