# SPDX-License-Identifier: Apache-2.0
"""A flood of strangers, each a finding of its own: what else there is to say is said all the same, and the numbers add up."""
import pathlib

import frames as f
import judged
import network
import scenarios

HERE = pathlib.Path(__file__).resolve().parent


def strangers(n, count):
    """As many addresses of nobody's, each of which asks the user plane for an association."""
    message = f.pfcp(f.ASSOCIATION, 1, [f.node_id("10.200.0.1"), f.recovery(network.START)])
    for i in range(count):
        n.hear(f.udp(f"10.{200 + (i >> 16)}.{i >> 8 & 255}.{i & 255}", n.upf1.n4, 8805, 8805, message))


def senders(proviso, folder):
    """More who send into one tunnel than a check remembers: how many is said, and all that it remembers is judged."""
    remembered, more = 1 << 16, 100
    n = network.Network(38)
    first, _ = scenarios.two_sessions(n)
    n.packets(first, 1, up_only=True)
    inner = n.inner(first, True, 40)
    for i in range(remembered + more):
        n.on_n3(first, True, inner, source=f"10.{200 + (i >> 16)}.{i >> 8 & 255}.{i & 255}")
    path = folder / "senders.pcap"
    n.write(path)
    findings, result = judged.watch(proviso, path, HERE / "case", "--taps", judged.taps_file(folder, path))
    turned, cannot = result["counters"]["turned_away"], result["coverage"]["cannot_be_said"]
    assert turned["checks"] == more, turned
    assert any(f"no room for one more thing that a check remembers, {more} times" in x for x in cannot), cannot
    told = sum(x["packets"] for x in findings if x["check"] == "spoofed-source")
    assert told == remembered, f"{told} of {remembered}"


def run(proviso, folder):
    """Yields (name, complaint or None). (More addresses than there are rows for: tests/unit/watch_track.c.)"""
    for name, call in (("flood of strangers", flood), ("flood of senders", senders)):
        try:
            call(proviso, folder)
        except AssertionError as wrong:
            yield name, str(wrong)
        else:
            yield name, None


def flood(proviso, folder):
    count = 12000
    n = network.Network(37)
    first, second = scenarios.two_sessions(n)
    strangers(n, count)
    truths = scenarios.PLANTED["ended-tunnel"][0](n, first, second)
    path = folder / "flood.pcap"
    n.write(path)
    findings, result = judged.watch(proviso, path, HERE / "case", "--taps", judged.taps_file(folder, path))
    turned = result["counters"]["turned_away"]
    assert judged.best(findings, truths[0]) == 2, "the tunnel that was used after its end is hidden by the flood"
    assert len(findings) <= 10000 and turned["findings"] >= 2 * count - 10000, f"{len(findings)} findings, {turned}"
    for check in ("foreign-controller", "undeclared-peer"):
        told = [x for x in findings if x["check"] == check]
        assert sum(x["packets"] for x in told) == count, f"{check}: {sum(x['packets'] for x in told)}"
        assert [(x["peer"], len(x["frames"])) for x in told if x["subject"] == "others"] == [("others", 20)], [x for x in told if x["subject"] == "others"]
    assert any("no room for one more finding" in x for x in result["coverage"]["cannot_be_said"]), result["coverage"]["cannot_be_said"]
