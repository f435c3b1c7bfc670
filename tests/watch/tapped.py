# SPDX-License-Identifier: Apache-2.0
"""What taps.csv says decides how sure a finding may be; several taps of one network are one watch."""
import pathlib
import re

import frames as f
import judged
import network
import scenarios

HERE = pathlib.Path(__file__).resolve().parent
ABSENCE = ("unordered-tunnel", "ended-tunnel")
HEADER = "tap,input,links,side,direction,snap,sampling,deduplicated,encapsulation,clock_error_ms\n"


def capture(folder, name):
    """One of the made captures."""
    n = network.Network(17)
    first, second = scenarios.two_sessions(n)
    {**scenarios.PLANTED, **scenarios.QUIET}[name][0](n, first, second)
    path = folder / f"{name}.pcap"
    n.write(path)
    return path


def sure_of(findings, checks):
    return max((judged.RANK[f["certainty"]] for f in findings if f["check"] in checks), default=-1)


def declared(folder, rows):
    path = folder / "taps.csv"
    path.write_text(HEADER + "".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    return path


def undeclared(proviso, folder):
    """Without taps.csv nothing that rests on absence or order is certain."""
    for name in ("unordered-tunnel", "ended-tunnel"):
        findings, _ = judged.watch(proviso, capture(folder, name), HERE / "case")
        assert sure_of(findings, ABSENCE) == 1, f"{name}: {sure_of(findings, ABSENCE)}"


def sampled(proviso, folder):
    """A tap that takes one packet of ten has not seen what it does not show."""
    for name in ("unordered-tunnel", "ended-tunnel"):
        path = capture(folder, name)
        taps = declared(folder, [("core", path, "N2 N3 N4", "clear", "both", 0, 10, "no", "", 1)])
        findings, _ = judged.watch(proviso, path, HERE / "case", "--taps", taps)
        assert sure_of(findings, ABSENCE) <= 0, f"{name} is told from a sampled tap"


def split(folder, name, late_ns=0):
    """The control plane in one capture, the user plane in another whose clock is late."""
    n = network.Network(18)
    first, second = scenarios.two_sessions(n)
    truths = {**scenarios.PLANTED, **scenarios.QUIET}[name][0](n, first, second) or []
    for m in n.marks:
        if m.data[23] == 17 and m.data[36:38] == b"\x08\x68":
            m.tap, m.time = "user", m.time + late_ns
    paths = folder / f"{name}-control.pcap", folder / f"{name}-user.pcap"
    n.write(paths[0])
    n.write(paths[1], tap="user")
    return paths, truths


def two_taps(proviso, folder):
    """Merged by time, joined on address and TEID: planted trouble is found, the everyday stays quiet."""
    for name in ("unordered-tunnel", "ended-tunnel", "everyday", "handover", "n3-then-n9", "upf-restart"):
        (control, user), truths = split(folder, name, 3_000_000)
        taps = declared(folder, [("control", control, "N2 N4", "clear", "both", 0, 1, "no", "", 5), ("user", user, "N3 N9", "clear", "both", 0, 1, "no", "", 5)])
        findings, _ = judged.watch(proviso, control, HERE / "case", "--read", user, "--taps", taps)
        for truth in truths:
            assert judged.best(findings, truth) >= judged.RANK[truth.certainty], f"{name} on two taps: {truth.checks} is not {truth.certainty}"
        false = [f for f in findings if judged.RANK[f["certainty"]] > 0 and not truths]
        assert not false, f"{name} on two taps: {false[0]['certainty']} {false[0]['check']}: {false[0]['explanation']}"


def both_sides_of_a_tap(proviso, folder):
    """The same wire heard twice, a little later: nothing is a copy, nothing spoke twice."""
    for name in ("everyday", "handover", "retransmission"):
        n = network.Network(19)
        first, second = scenarios.two_sessions(n)
        scenarios.QUIET[name][0](n, first, second)
        one, two = folder / f"{name}-1.pcap", folder / f"{name}-2.pcap"
        n.write(one)
        for m in n.marks:
            m.time += 40_000
        n.write(two)
        taps = declared(folder, [("east", one, "N2 N3 N4", "clear", "both", 0, 1, "no", "", 1), ("west", two, "N2 N3 N4", "clear", "both", 0, 1, "no", "", 1)])
        findings, _ = judged.watch(proviso, one, HERE / "case", "--read", two, "--taps", taps)
        false = [f for f in findings if judged.RANK[f["certainty"]] > 0]
        assert not false, f"{name}, heard twice: {false[0]['certainty']} {false[0]['check']}: {false[0]['explanation']}"


def without_a_case(proviso, folder):
    """No inventory: quiet captures stay quiet, and what needs none is found."""
    for name in scenarios.QUIET:
        findings, _ = judged.watch(proviso, capture(folder, name))
        false = [f for f in findings if judged.RANK[f["certainty"]] > 0]
        assert not false, f"{name} without a case: {false[0]['certainty']} {false[0]['check']}: {false[0]['explanation']}"
    for name, check in (("malformed-pfcp", "malformed"), ("gtp-in-gtp", "control-in-user-plane"), ("second-speaker-deletes", "second-speaker"),
                        ("duplicated-forwarding", "duplicated-forwarding"), ("two-sessions-with-one-address", "address-twice")):
        findings, _ = judged.watch(proviso, capture(folder, name))
        assert sure_of(findings, (check,)) >= 1 or check == "duplicated-forwarding", f"{name} without a case: no {check}"


def pages(proviso, folder):
    """The page tells each frame with the capture that it is of, and speaks of what is declared only where something is."""
    _, rows = f.read_pcap(capture(folder, "copy-in-gre").read_bytes())
    parts = [folder / "left.pcap", folder / "right.pcap"]
    for k, part in enumerate(parts):
        part.write_bytes(f.pcap([row for i, row in enumerate(rows) if i // 4 % 2 == k]))
    page = folder / "page.html"
    findings, _ = judged.watch(proviso, parts[0], HERE / "case", "--read", parts[1], "--report", page)
    copies = next(x for x in findings if x["check"] == "copied-payload")
    assert len(set(copies["taps"])) == 2, copies["taps"]
    text = page.read_text(encoding="utf-8")
    for number, tap in zip(copies["frames"], copies["taps"]):
        assert re.search(rf"\b{number}(, \d+)* of {re.escape(str(tap))}\b", text), f"frame {number} of {tap} is not told"
    assert "Does not keep to what is declared" in text, "the answer is missing"
    findings, _ = judged.watch(proviso, capture(folder, "malformed-pfcp"), "--report", page)
    text = page.read_text(encoding="utf-8")
    assert findings and "Traffic that has to be explained" in text and "what is declared" not in text, "nothing is declared without a case"


def run(proviso, folder):
    """Yields (name, complaint or None)."""
    for check in (undeclared, sampled, two_taps, both_sides_of_a_tap, without_a_case, pages):
        place = folder / f"taps-{check.__name__}"
        place.mkdir()
        try:
            check(proviso, place)
            yield f"taps {check.__name__.replace('_', '-')}", None
        except AssertionError as wrong:
            yield f"taps {check.__name__.replace('_', '-')}", str(wrong)
