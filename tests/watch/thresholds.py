# SPDX-License-Identifier: Apache-2.0
"""Every row of the table of thresholds: set to something else, it moves what its check says, and the result tells that it was set.

A new row without a line here fails. Two rows decide only where a table of millions of rows is full: that they are taken is all that
is asked of them here, tests/unit/watch_reuse.c has the rest.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import struct
import subprocess

import frames as f
import judged
import network
import scenarios

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "doc" / "watch.md"


def small_copies(n, first, second):
    """Payloads of 24 bytes, in GRE."""
    return scenarios.copies(n, first, lambda inner, delay: n.hear(f.gre(n.upf1.n6, scenarios.OUTSIDE, inner), after=delay), size=24)


def used_before_ordered(n, first, second):
    s = n.plan()
    n.packets(s, 10, up_only=True)
    n.wait(2.5)
    n.establish(s)
    n.n2_setup(s)


def asked_again(n, first, second):
    """One association request, again and again with the same words."""
    for _ in range(100):
        n.say_pfcp(n.smf1.n4, n.upf1.n4, f.pfcp(f.ASSOCIATION, 4711, [f.node_id(n.smf1.n4), f.recovery(network.START - 90000), f.ie(89, b"\0\0")]))
        n.wait(0.3)


def nearly_regular(n, first, second):
    """Calls a minute apart, give or take two seconds."""
    for i in range(30):
        n.hear(f.tcp(n.amf1.sbi, scenarios.OUTSIDE, 46000 + i, 443, 2, 2, 24, n.payload(48)))
        n.wait(60 + i % 3)


def scan(teids, denied, packets=1):
    """One identifier after the other; of these the other side says that they are nobody's."""
    def scenario(n, first, second):
        for i, teid in enumerate(teids):
            for _ in range(packets):
                n.on_n3(first, True, n.inner(first, True, 40), teid=teid)
            if denied(i):
                error = f.gtpu(f.ERROR_INDICATION, 0, b"\x10" + struct.pack(">I", teid) + b"\x85\0\4" + f.packed(n.upf1.n3), sequence=i)
                n.hear(f.udp(n.upf1.n3, n.gnb1.n3, 2152, 2152, error, ident=n.ident(n.upf1.n3)))
            n.wait(0.01)
    return scenario


def voices(count, numbers):
    """So many strangers with the controller's address, each with a series of its own, between the controller's heartbeats."""
    def scenario(n, first, second):
        others = [n.session() for _ in range(count * numbers)]
        for k in range(numbers):
            n.heartbeat(n.smf1, n.upf1)
            for voice in range(count):
                n.delete(others[k * count + voice], source=n.smf1.n4, sequence=900001 + 1000000 * voice + k, hops=61 - voice)
                n.wait(0.5)
    return scenario


def long_speech(n, first, second):
    """Twenty requests of a stranger before the controller says something again."""
    others = [n.session() for _ in range(20)]
    for i, s in enumerate(others):
        n.delete(s, source=n.smf1.n4, sequence=900001 + i, hops=61)
        n.wait(0.2)
    for _ in range(6):
        n.heartbeat(n.smf1, n.upf1)
        n.wait(1)


def rest_again(n, first, second):
    """Downlink packets bare a little before and behind their tunnel: N6 then N3, or a copy behind N3."""
    for _ in range(40):
        inner = n.inner(first, False)
        n.on_n3(first, False, inner)
        n.hear(f.with_hops(inner, 1), after=0.01)
        n.wait(0.05)


def cut(frames):
    """One frame in five has lost all but its first bytes."""
    return [(time, data[:20] if i % 5 == 0 else data, len(data)) for i, (time, data, _) in enumerate(frames)]


def snapped(frames):
    """User packets keep 36 bytes of what subscribers say, however they are wrapped."""
    return [(time, data[:len(data) - 164] if len(data) > 220 else data, len(data)) for time, data, _ in frames]


# name: (scenario, check, value, what is done to its frames)
MOVES = {
    "address-overlap": ("wifi-to-lte", "address-twice", 0),
    "balance-bytes": ("byte-balance", "byte-balance", 10**12),
    "balance-percent": ("byte-balance", "byte-balance", 100000),
    "beacon-bytes": ("beacon", "beacon", 1),
    "beacon-calls": ("beacon", "beacon", 1000),
    "beacon-pause": ("beacon", "beacon", 3600000),
    "beacon-spread": (nearly_regular, "beacon", 0),
    "churn-associations": ("association-churn", "association-churn", 100000),
    "churn-earlier": ("sessions-that-are-never-used", "association-churn", 100000),
    "churn-refusals": ("sessions-that-are-never-used", "association-churn", 100000),
    "churn-settle": ("sessions-that-are-never-used", "association-churn", 600000),
    "churn-used": ("an-anchor-that-orders-once", "association-churn", 1),
    "copy-bytes": ("copy-in-gre", "copied-payload", 24, snapped),
    "copy-least": (small_copies, "copied-payload", 25),
    "copy-order": (rest_again, "copied-payload", 60000),
    "copy-packets": ("copy-in-gre", "copied-payload", 100000),
    "copy-window": ("copy-in-gre", "copied-payload", 0),
    "dns-length": ("dns-tunnel", "dns-tunnel", 255),
    "dns-names": ("dns-tunnel", "dns-tunnel", 1000),
    "dns-window": ("dns-tunnel", "dns-tunnel", 1000),
    "echo-bytes": ("echo-payload", "echo-payload", 65535),
    "ended-grace": ("ended-tunnel", "ended-tunnel", 3600000),
    "icmp-bytes": ("icmp-tunnel", "icmp-tunnel", 65000),
    "icmp-messages": ("icmp-tunnel", "icmp-tunnel", 100000),
    "lost-most": ("everyday", "exit", 99, cut),
    "order-grace": (used_before_ordered, "unordered-tunnel", 10000),
    "repeat-most": ("heartbeats-of-one-number", "second-speaker", 1),
    "request-again": (asked_again, "association-churn", 0),
    "reuse-after": None,
    "role-bytes": ("volume-out-of-role", "volume-out-of-role", 10**12),
    "role-frame": ("volume-out-of-role", "volume-out-of-role", 65535),
    "scan-errors": (scan([0x10000 + 977 * i for i in range(100)], lambda i: i % 2), "identifier-scan", 100),
    "scan-identifiers": ("identifier-scan", "identifier-scan", 100000),
    "scan-near": (scan(range(0x10000, 0x10400, 10), lambda i: False), "identifier-scan", 5),
    "scan-packets": (scan(range(0x10000, 0x10080), lambda i: False, packets=2), "identifier-scan", 1),
    "scan-run": (scan([0x10000 + i + 9999 * (i // 8) for i in range(100)], lambda i: False), "identifier-scan", 95),
    "session-idle": None,
    "share-bytes": ("share-over-cap", "share-over-cap", 10**12),
    "speaker-again": ("second-speaker-floods", "second-speaker", 100000),
    "speaker-held": ("second-speaker-floods", "second-speaker", 8),
    "speaker-rivals": (voices(3, 9), "second-speaker", 2),
    "speaker-series": ("second-speaker-deletes", "second-speaker", 100000),
    "speaker-silent": (long_speech, "second-speaker", 1),
    "speaker-window": ("second-speaker-deletes", "second-speaker", 8388607),
    "surprise-after": ("second-speaker-deletes", "owner-surprised", 3600000),
}


def table():
    """{name: value} as the page has it, which tests/unit/watch_page.c holds against the program's own."""
    return {name: int(value) for name, value in re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.M)}


def capture(folder, scenario, change):
    name = scenario if isinstance(scenario, str) else scenario.__name__
    path = folder / f"{name}.pcap"
    n = network.Network(29)
    first, second = scenarios.two_sessions(n)
    (scenario if callable(scenario) else {**scenarios.PLANTED, **scenarios.QUIET}[scenario][0])(n, first, second)
    n.write(path)
    if change:
        link, rows = f.read_pcap(path.read_bytes())
        path.write_bytes(f.pcap(change(rows), link))
    options = scenarios.PLANTED[scenario][2] if scenario in scenarios.PLANTED else []
    case = judged.case_with(folder, options) if options else HERE / "case"
    return [path, case, "--taps", judged.taps_file(folder, path)]


def said(proviso, words, check, *options):
    """(what a watch has of a check, its sentences about thresholds)"""
    done = subprocess.run([proviso, "watch", "--json", "--read", *words, *options], capture_output=True, text=True, check=False)
    assert done.returncode < 64, f"status {done.returncode}: {done.stderr}"
    result = json.loads(done.stdout)
    found = [(x["certainty"], x["subject"], x["peer"], x["packets"], x["measure"]) for x in result["findings"] if x["check"] == check]
    return done.returncode if check == "exit" else found, [s for s in result["coverage"]["cannot_be_said"] if " was set to " in s]


def one(proviso, folder, name, value, move):
    """What is wrong with a row, or None."""
    scenario, check, other, change = (*(move or ("everyday", "exit", value + 60001)), None)[:4]
    place = folder / f"threshold-{name}"
    place.mkdir()
    words = capture(place, scenario, change)
    before, quiet = said(proviso, words, check)
    after, told = said(proviso, words, check, "--threshold", f"{name}={other}")
    assert not quiet, f"nothing was set, and it says {quiet}"
    assert len(told) == 1 and told[0].startswith(f"{name} was set to {other} ") and str(value) in told[0], f"set, and it says {told}"
    same, _ = said(proviso, words, check, "--threshold", f"{name}={value}")
    assert same == before, "the table's own value decides otherwise than none"
    assert (before != after) == bool(move), f"{check} is {after} as with {value}" if move else f"{before} became {after}"


def least_of_all(proviso, folder):
    """copy-least is asked of the whole payload, also where it is more than copy-bytes."""
    words = capture(folder, "copy-in-gre", None)
    before, _ = said(proviso, words, "copied-payload")
    after, _ = said(proviso, words, "copied-payload", "--threshold", "copy-least=100")
    return None if before and before == after else f"{before} became {after}"


def run(proviso, folder):
    """Yields (name, complaint or None)."""
    rows = table()
    place = folder / "threshold-above-another"
    place.mkdir()
    yield "threshold copy-least above copy-bytes", least_of_all(proviso, place)
    yield "thresholds: a line here for each row of the table", None if set(rows) == set(MOVES) else f"{set(rows) ^ set(MOVES)}"

    def tried(name):
        try:
            one(proviso, folder, name, rows[name], MOVES[name])
        except AssertionError as wrong:
            return str(wrong)
        return None
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = dict(zip(rows, pool.map(tried, [name for name in rows if name in MOVES])))
    for name, complaint in results.items():
        yield f"threshold {name}", complaint
