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
    assert re.search(r"2025-06-15T15:06:\d\d UTC, \d+\.\d seconds", text), "when the captures were taken is missing"
    assert text.count("not hashed (--hash)") == 2, "a capture that was not hashed is told without a word"
    findings, _ = judged.watch(proviso, capture(folder, "malformed-pfcp"), "--report", page)
    text = page.read_text(encoding="utf-8")
    assert findings and "Traffic that has to be explained" in text and "what is declared" not in text, "nothing is declared without a case"


class Taps:
    """One made network heard by several taps: split(mark) names the tap of each frame, rows say what taps.csv does."""

    def __init__(self, proviso, folder, scenario, split=lambda mark: "core", seed=21, change=None):
        self.proviso, self.folder = proviso, folder
        n = network.Network(seed)
        first, second = scenarios.two_sessions(n)
        scenario = scenario if callable(scenario) else {**scenarios.PLANTED, **scenarios.QUIET}[scenario][0]
        scenario(n, first, second)
        for mark in n.marks:
            mark.tap = split(mark)
        self.paths = {tap: folder / f"{tap}.pcap" for tap in sorted({m.tap for m in n.marks if m.tap})}
        for tap, path in self.paths.items():
            n.write(path, tap=tap)
            if change:
                link, frames = f.read_pcap(path.read_bytes())
                path.write_bytes(f.pcap([(time, *change(tap, data)) for time, data, _ in frames], link))

    def watch(self, **rows):
        """rows: tap to the columns behind tap and input, as far as they are not the usual ones."""
        usual = {"links": "", "side": "", "direction": "", "snap": "", "sampling": "", "deduplicated": "", "encapsulation": "", "clock_error_ms": ""}
        taps = declared(self.folder, [(tap, self.paths[tap], *{**usual, **row}.values()) for tap, row in rows.items()])
        reads = [word for path in list(self.paths.values())[1:] for word in ("--read", path)]
        self.findings, self.result = judged.watch(self.proviso, list(self.paths.values())[0], HERE / "case", *reads, "--taps", taps)
        return self

    def sure(self, *checks):
        return sure_of(self.findings, checks)

    def says(self, words):
        return any(words in sentence for sentence in self.result["coverage"]["cannot_be_said"])


def is_g_pdu(mark):
    return mark.data[23] == 17 and mark.data[36:38] == b"\x08\x68"


def is_n4(mark):
    return mark.data[23] == 17 and mark.data[36:38] == b"\x22\x65"


def by_plane(mark):
    return "user" if is_g_pdu(mark) else "control"


def by_n4_direction(mark):
    """N4 on a pair of monitor ports, what the SMF sends (10.2.2.x) and what the UPF sends; the rest on one tap."""
    return "rest" if not is_n4(mark) else "down" if mark.data[26:29] == b"\x0a\2\2" else "up"


def one_way(proviso, folder):
    """What was not heard is not taken for what was not said."""
    t = Taps(proviso, folder, "byte-balance")
    assert t.watch(core={}).sure("byte-balance") == 1
    assert t.watch(core={"links": "dns N2 N3 N4", "direction": "a-to-b"}).sure("byte-balance") == 0, "what was received is not known"
    t = Taps(proviso, folder, "second-speaker-deletes")
    assert t.watch(core={"links": "N2 N3 N4"}).sure("second-speaker") == 1
    assert t.watch(core={"links": "N2 N3 N4", "direction": "a-to-b"}).sure("second-speaker") == 0, "a restart is told in answers too"
    for name in ABSENCE:
        t = Taps(proviso, folder, name, by_plane)
        assert t.watch(control={}, user={}).sure(name) == 2
        t.watch(control={"links": "N2 N4", "direction": "b-to-a"}, user={"links": "N3"})
        assert t.sure(name) < 1 and t.says("hears one direction") and t.says("may have passed unheard"), f"{name}: an order may have gone the other way"
        assert t.watch(control={}, user={"links": "N3", "direction": "a-to-b"}).sure(name) == 1, "user packets of one direction: likely, orders are whole"


def monitor_ports(proviso, folder):
    """Each direction on its own tap is both, unless the clocks may have answers before their questions."""
    rows = {"down": {"links": "N4", "direction": "a-to-b"}, "up": {"links": "N4", "direction": "b-to-a"}, "rest": {}}
    for name in ABSENCE:
        t = Taps(proviso, folder, name, by_n4_direction)
        assert t.watch(**rows).sure(name) == 2, name
        assert not t.says("hears one direction")
        assert not [x for x in t.findings if x["check"] == "off-link"], "both directions are as declared"
        t.watch(**{**rows, "up": {**rows["up"], "links": "N9"}})
        assert t.sure(name) < 1, f"{name}: nobody hears the other direction of N4"


def ports_apart(proviso, folder):
    """The clocks of the two are not one: answers seem to come before their questions, by no more than was declared."""
    def apart(ms):
        def split(mark):
            tap = by_n4_direction(mark)
            mark.time += ms * 1_000_000 if tap == "up" else 0
            return tap
        return split

    def by_the_user_plane(n, first, second):
        since = n.recovered["upf1"]
        n.say_pfcp(n.upf1.n4, n.smf2.n4, f.pfcp(f.ASSOCIATION, 77, [f.node_id(n.upf1.n4), f.recovery(since), f.ie(43, b"\x01\x00")]))
        n.say_pfcp(n.smf2.n4, n.upf1.n4, f.pfcp(f.ASSOCIATION + 1, 77, [f.node_id(n.smf2.n4), f.cause(f.ACCEPTED), f.recovery(network.START - 9)]))
        s = n.plan(smf=n.smf2)
        n.establish(s)
        n.n2_setup(s)
        n.forward_to(s, s.gnb, s.gnb_teid)
        n.packets(s, 10)
        n.packets(n.plan(smf=n.smf2), 4, up_only=True)
    rows = {"down": {"links": "N4", "direction": "a-to-b", "clock_error_ms": 3}, "up": {"links": "N4", "direction": "b-to-a", "clock_error_ms": 4}, "rest": {"clock_error_ms": 3}}
    planted = {name: truth for name in ("unordered-tunnel", "ended-tunnel", "two-sessions-with-one-address", "duplicated-forwarding", "redirected-forwarding")
               for truth in [name if name != "two-sessions-with-one-address" else "address-twice"]}
    for ms in (-7, -3, 0, 7):
        for name, check in planted.items():
            t = Taps(proviso, folder, name, apart(ms))
            assert t.watch(**rows).sure(check) == 2, f"{name}, answers {ms} ms late: {t.sure(check)}"
            assert not t.says("orders of tunnels may have passed unheard"), t.result["coverage"]
        t = Taps(proviso, folder, by_the_user_plane, apart(ms)).watch(**rows)
        assert {x["check"] for x in t.findings} == {"unordered-tunnel"} and t.sure("unordered-tunnel") == 2, [(x["check"], x["explanation"]) for x in t.findings]
        for name in ("everyday", "handover", "upf-restart"):
            t = Taps(proviso, folder, name, apart(ms)).watch(**rows)
            wrong = [x for x in t.findings if judged.RANK[x["certainty"]] > 0 or x["check"] == "older-than-capture"]
            assert not wrong, f"{name}, answers {ms} ms late: {wrong[0]['check']}: {wrong[0]['explanation']}"
    for pause in (0.5, 5, 30):
        for name, check in planted.items():
            def numbers_again(n, first, second):
                """Requests have the numbers of others, which were answered some time ago."""
                n.wait(pause)
                n.sequences.clear()
                scenarios.PLANTED[name][0](n, first, second)
            t = Taps(proviso, folder, numbers_again, apart(-7))
            assert t.watch(**rows).sure(check) == 2, f"{name}, with numbers that were answered {pause} s ago: {t.sure(check)}"
    t = Taps(proviso, folder, "ended-tunnel", apart(-12))
    assert t.watch(**rows).sure("ended-tunnel") < 1, "further apart than was said: who answered what is not known"


def wrong_link(proviso, folder):
    """What passes a tap where taps.csv says that it does not."""
    t = Taps(proviso, folder, "everyday", by_plane)
    assert t.watch(control={"links": "N2 N4 S11"}, user={"links": "N3 S1-U"}).sure("off-link") == -1
    assert t.watch(control={"links": "N2 S11"}, user={"links": "N3 S1-U N4"}).sure("off-link") == 1, "N4 is said to pass the other tap"
    off = [x for x in t.findings if x["check"] == "off-link"]
    assert {frozenset((x["subject"], x["peer"])) for x in off} == {frozenset(("smf1", "upf1")), frozenset(("smf1", "upf2"))}, off
    assert t.watch(control={"links": "N2 S11"}, user={"links": "N3 S1-U"}).sure("off-link") == 0, "nobody says where N4 passes"
    t.watch(control={"links": "N2 S11 smf1|upf1|N4"}, user={"links": "N3 S1-U"})
    off = {frozenset((x["subject"], x["peer"])) for x in t.findings if x["check"] == "off-link"}
    assert off == {frozenset(("smf1", "upf2"))}, f"one link by its id: {off}"
    t.watch(control={"links": "N4 N2 S11", "direction": "a-to-b"}, user={"links": "N3 S1-U"})
    told = [x["explanation"] for x in t.findings if x["check"] == "off-link"]
    assert t.sure("off-link") == 0 and any("N4" in x and "from b to a, where" in x for x in told) and not any("from a to b, where" in x for x in told), told


def sides(proviso, folder):
    """In clear outside of the gateway; encrypted inside of it."""
    def esp(n, first, second):
        for i in range(3):
            n.hear(f.ip(n.gnb1.n3, n.upf1.n3, 50, n.payload(120), ident=i))
    t = Taps(proviso, folder, esp, by_plane)
    assert t.watch(control={"side": "clear"}, user={"side": "clear"}).sure("clear-outside") == -1
    assert t.says("tap control is on the clear side of its gateway, and 3 of "), t.result["coverage"]
    t.watch(control={"side": "clear"}, user={"side": "encrypted"})
    assert {x["check"]: x["certainty"] for x in t.findings}.get("clear-outside") == "likely"
    assert all(set(x["taps"]) == {"user"} for x in t.findings if x["check"] == "clear-outside")
    assert t.says("tap user is on the encrypted side of its gateway: 0 of ")
    t.watch(control={"side": "encrypted"}, user={"side": "encrypted"})
    assert t.says("tap control is on the encrypted side of its gateway: 3 of ")
    links = t.result["coverage"]["links"]
    assert not links["not_seen"] and len(links["out_of_sight"]) == links["declared"] - links["seen"], "in clear no tap sees anything"


def out_of_sight(proviso, folder):
    """A link that passes no tap was not 'not seen'."""
    t = Taps(proviso, folder, "everyday", lambda mark: "n4" if is_n4(mark) else None)
    links = t.watch(n4={"links": "N4"}).result["coverage"]["links"]
    assert set(links["not_seen"]) == {"smf2|upf1|N4", "smf2|upf2|N4", "smf3|upf1|N4", "smf4|upf1|N4"}, links
    assert len(links["out_of_sight"]) == links["declared"] - 6 and "gnb1|amf1|N2" in links["out_of_sight"], links
    elements = t.result["coverage"]["elements"]
    assert {"smf2", "smf3", "smf4"} == set(elements["not_seen"]) and "gnb1" in elements["out_of_sight"], elements
    links = t.watch(n4={"links": "N4 gnb1|amf1|N2"}).result["coverage"]["links"]
    assert "gnb1|amf1|N2" in links["not_seen"] and "gnb1|amf2|N2" in links["out_of_sight"], links
    links = t.watch(n4={}).result["coverage"]["links"]
    assert not links["out_of_sight"], "nobody says what the tap sees"


def snaps(proviso, folder):
    """Cut as declared is as it should be; cut shorter is less than was said."""
    t = Taps(proviso, folder, "unordered-tunnel", by_plane, change=lambda tap, data: (data if tap == "control" else data[:96], len(data)))
    assert t.watch(control={}, user={"snap": 96}).sure("unordered-tunnel") == 2
    assert t.says("tap user keeps 96 bytes") and not t.says("shorter than")
    for snap in ("", 0, 97):
        assert t.watch(control={}, user={"snap": snap}).sure("unordered-tunnel") == 1, f"snap {snap}: frames are missing bytes that nobody speaks of"
        assert t.says("shorter than taps.csv says"), t.result["coverage"]


def deduplicated(proviso, folder):
    """A frame twice on one wire is the tap's doing where it keeps them, and a question where they were taken out."""
    def twice(n, first, second):
        def behind(inner, up):
            for k in range(2):
                n.hear(f.with_hops(inner, -1 if up else 1), after=(0.0002 + 0.0001 * k) * (1 if up else -1))
        n.packets(first, 60, every=0.005, each=behind)
    t = Taps(proviso, folder, twice)
    assert t.watch(core={}).sure("copied-payload") == 0
    assert t.watch(core={"deduplicated": "no"}).sure("copied-payload") == -1
    assert t.watch(core={"deduplicated": "yes"}).sure("copied-payload") == 0
    assert t.says("tap core is deduplicated")


def wrapped(proviso, folder):
    """Behind the outer encapsulation that is declared, and behind no other."""
    def wrap(tap, data):
        packet = f.ethernet("192.0.2.1", "192.0.2.2", f.vxlan("192.0.2.1", "192.0.2.2", 7, data[14:]))
        return packet, len(packet)
    t = Taps(proviso, folder, "unordered-tunnel", change=wrap)
    assert t.watch(core={"encapsulation": "VXLAN"}).sure("unordered-tunnel") == 2
    assert not t.says("outer encapsulation")
    for word in ("GRE", "IP"):
        assert t.watch(core={"encapsulation": word}).sure("unordered-tunnel") < 0, word
        assert t.says("were not in the outer encapsulation")
    assert t.watch(core={}).sure("unordered-tunnel") < 0


def clocks(proviso, folder):
    """Nearer than the clocks are to each other is no order."""
    def late(n, first, second):
        n.release(first)
        n.wait(2.5)
        n.packets(first, 20, up_only=True)
    t = Taps(proviso, folder, late, by_plane)
    assert t.watch(control={"clock_error_ms": 1}, user={"clock_error_ms": 1}).sure("ended-tunnel") == 2
    assert t.watch(control={"clock_error_ms": 600}, user={"clock_error_ms": 600}).sure("ended-tunnel") == -1, "0.9 s behind the grace, and the clocks 1.2 s apart"

    def early(n, first, second):
        s = n.plan()
        n.packets(s, 10, up_only=True)
        n.wait(2.5)
        n.establish(s)
        n.n2_setup(s)
        n.packets(s, 10)
    t = Taps(proviso, folder, early, by_plane)
    assert t.watch(control={"clock_error_ms": 1}, user={"clock_error_ms": 1}).sure("unordered-tunnel") == 2
    assert t.watch(control={"clock_error_ms": 700}, user={"clock_error_ms": 700}).sure("unordered-tunnel") == -1

    def surprised(n, first, second):
        n.delete(first)
        n.wait(0.3)
        n.forward_to(first, n.gnb1, first.gnb_teid, result=f.NO_CONTEXT)
    t = Taps(proviso, folder, surprised, by_n4_direction)
    rows = {"down": {"links": "N4", "direction": "a-to-b"}, "up": {"links": "N4", "direction": "b-to-a"}, "rest": {}}
    assert t.watch(**rows).sure("owner-surprised") == 1
    late = {**rows, "down": {**rows["down"], "clock_error_ms": 200}, "up": {**rows["up"], "clock_error_ms": 200}}
    assert t.watch(**late).sure("owner-surprised") == -1, "0.3 s, and the clocks may be 0.4 s apart"


def sampled_control(proviso, folder):
    """Orders and releases are among what a sampled control plane does not show."""
    for name in (*ABSENCE, "address-twice"):
        t = Taps(proviso, folder, {"address-twice": "two-sessions-with-one-address"}.get(name, name), by_plane)
        assert t.watch(control={}, user={}).sure(name) == 2, name
        t.watch(control={"sampling": 10}, user={})
        assert t.sure(name) < 1 and t.says("one frame in 10"), name


def missing_row(proviso, folder):
    """A capture that taps.csv says nothing of: as if there were none."""
    t = Taps(proviso, folder, "unordered-tunnel", by_plane)
    assert t.watch(control={}).sure("unordered-tunnel") == 1 and t.says("a capture has no row in taps.csv")


def run(proviso, folder):
    """Yields (name, complaint or None)."""
    for check in (undeclared, sampled, two_taps, both_sides_of_a_tap, without_a_case, pages, one_way, monitor_ports, ports_apart, wrong_link, sides, out_of_sight, snaps, deduplicated,
                  wrapped, clocks, sampled_control, missing_row):
        place = folder / f"taps-{check.__name__}"
        place.mkdir()
        try:
            check(proviso, place)
            yield f"taps {check.__name__.replace('_', '-')}", None
        except AssertionError as wrong:
            yield f"taps {check.__name__.replace('_', '-')}", f"line {wrong.__traceback__.tb_next.tb_lineno}: {wrong}"
