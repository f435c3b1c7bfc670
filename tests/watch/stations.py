# SPDX-License-Identifier: Apache-2.0
"""Handover between eNBs over X2 (TS 36.300 clause 10.1.2.1, TS 23.401 clause 5.5.1.1.2): X2AP, which names the forwarding tunnel, is not heard."""
import pathlib
import shutil

import frames as f
import judged
import network

HERE = pathlib.Path(__file__).resolve().parent
FROM, TO = {"s1u": "10.1.9.2", "x2u": "10.1.9.3"}, {"s1u": "10.1.10.2", "x2u": "10.1.10.3"}


def case(folder):
    """The case with a second eNB, and addresses of their own for X2."""
    place = folder / "case"
    shutil.copytree(HERE / "case", place)
    elements, links = place / "network" / "elements.csv", place / "network" / "links.csv"
    elements.write_text(elements.read_text(encoding="utf-8").replace("10.1.9.1 10.1.9.2", "10.1.9.1 10.1.9.2 10.1.9.3") + "enb2,south,eNB,4G,cedar,,10.1.10.1 10.1.10.2 10.1.10.3\n", encoding="utf-8")
    links.write_text(links.read_text(encoding="utf-8") + "enb1,enb2,X2-U\nenb2,sgw1,S1-U\n", encoding="utf-8")
    policy = place / "policies" / "declared.proviso"
    policy.write_text(policy.read_text(encoding="utf-8").replace("  allow gNB to gNB over Xn-U\n", "  allow gNB to gNB over Xn-U\n  allow eNB to eNB over X2-U\n"), encoding="utf-8")
    return place


def heard(path, here, there, intruder=None):
    """Downlink packets go on from one eNB's address to the other's until the path is switched; intruder: who else sends into an eNB."""
    n = network.Network(31)
    n.start()
    up, down, ue = n.bearer(1)
    n.s1u(up, down, ue, 10)
    for i in range(40):
        inner = f.udp(network.INTERNET, ue, 443, 41000, n.payload(), ident=500 + i)
        n.hear(f.udp(n.sgw1.s1u, FROM["s1u"], 2152, 2152, f.gtpu(f.G_PDU, down, inner)))
        n.wait(0.001)
        n.hear(f.udp(here, there, 2152, 2152, f.gtpu(f.G_PDU, 0x8001, inner)))
        n.wait(0.004)
    sequence, new = n.sequence(n.mme1.s11, n.sgw1.s11), n.random.getrandbits(31) | 1
    for source, destination, kind, tunnel, context in ((n.mme1.s11, n.sgw1.s11, 34, 0x201, f.f_teid2(0, new, TO["s1u"])), (n.sgw1.s11, n.mme1.s11, 35, 0x101, f.f_teid2(1, up, n.sgw1.s1u))):
        cause = f.ie2(2, b"\x10\0") if kind == 35 else b""
        n.hear(f.udp(source, destination, 2123, 2123, f.gtpv2(kind, tunnel, sequence, [*([cause] if cause else []), f.ie2(93, f.ie2(73, b"\5") + cause + context)])))
    n.hear(f.udp(n.sgw1.s1u, FROM["s1u"], 2152, 2152, f.gtpu(f.END_MARKER, down)))
    n.hear(f.udp(here, there, 2152, 2152, f.gtpu(f.END_MARKER, 0x8001)))
    for i in range(10):
        n.hear(f.udp(TO["s1u"], n.sgw1.s1u, 2152, 2152, f.gtpu(f.G_PDU, up, f.udp(ue, network.INTERNET, 41000, 443, n.payload(), ident=900 + i))))
        n.hear(f.udp(n.sgw1.s1u, TO["s1u"], 2152, 2152, f.gtpu(f.G_PDU, new, f.udp(network.INTERNET, ue, 443, 41000, n.payload(), ident=900 + i))))
        n.wait(0.01)
    for i in range(10 if intruder else 0):
        n.hear(f.udp(intruder, FROM["s1u"], 2152, 2152, f.gtpu(f.G_PDU, 0x9009, f.udp(network.INTERNET, ue, 443, 41000, n.payload(), ident=i))))
    n.write(path)
    return path


def run(proviso, folder):
    """Yields (name, complaint or None)."""
    place = folder / "stations"
    place.mkdir()
    own = case(place)
    for here, there in (("s1u", "s1u"), ("s1u", "x2u"), ("x2u", "s1u"), ("x2u", "x2u")):
        path = heard(place / f"{here}-{there}.pcap", FROM[here], TO[there])
        for words in ((own, "--taps", judged.taps_file(place, path)), ()):
            findings, _ = judged.watch(proviso, path, *words)
            loud = [f"{x['certainty']} {x['check']}: {x['explanation']}" for x in findings if judged.RANK[x["certainty"]] > 0]
            if not words and there == "x2u":  # to an address that no message names, and nobody knows whose it is
                loud = [x for x in loud if not x.startswith("likely copied-payload")]
            yield f"X2 from {here} to {there}{'' if words else ', without a case'}", "\n".join(loud) or None
    path = heard(place / "intruder.pcap", FROM["x2u"], TO["x2u"], intruder="10.66.6.6")
    findings, _ = judged.watch(proviso, path, own, "--taps", judged.taps_file(place, path))
    found = {x["check"] for x in findings if judged.RANK[x["certainty"]] > 0 and "10.66.6.6" in x["subject"] + x["peer"]}
    yield "X2: who is no station is told", None if "undeclared-peer" in found else f"{found}"
