# SPDX-License-Identifier: Apache-2.0
"""Two networks that use the same addresses, told apart by VLAN: whose is what is said, and nothing is mixed up."""
import pathlib
import shutil
import struct
import subprocess

import frames as f
import judged
import network
import scenarios

HERE = pathlib.Path(__file__).resolve().parent
USER = {"10.1.1.2", "10.1.2.2", "10.1.9.2", "10.3.1.2", "10.3.1.4", "10.3.2.2", "10.3.2.4", "10.4.2.2"}  # N3, N9, S1-U


def case(folder, vlans, networks):
    """The case with each element once for each network, under a name of its own: vlans(network, address) is what stands behind %."""
    place = folder / "case"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(HERE / "case", place)
    for name in ("elements", "links"):
        path = place / "network" / f"{name}.csv"
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        out = [header]
        for net in networks:
            for row in rows:
                cells = row.split(",")
                if name == "links":
                    cells[:2] = [f"{net}-{cells[0]}", f"{net}-{cells[1]}"]
                else:
                    cells[0] = f"{net}-{cells[0]}"
                    cells[5] = cells[5] and f"{net}-{cells[5]}"
                    cells[6] = " ".join(a + (f"%{vlans(net, a)}" if vlans(net, a) else "") for a in cells[6].split())
                out.append(",".join(cells))
        path.write_text("\n".join(out) + "\n", encoding="utf-8")
    return place


def tagged(data, tags):
    return data[:12] + b"".join(struct.pack(">HH", 0x8100 if i == len(tags) - 1 else 0x88a8, tag) for i, tag in enumerate(tags)) + data[12:]


def heard(name):
    """Frames of a scenario, everything as in any other run of it: the same addresses, TEIDs and SEIDs."""
    n = network.Network(23)
    first, second = scenarios.two_sessions(n)
    {**scenarios.PLANTED, **scenarios.QUIET}[name][0](n, first, second)
    return [(m.time, m.data) for m in n.frames_of("core")]


def both(folder, one, other, tags):
    """One capture of two networks at once; tags(network, source address, destination address) is on the frame."""
    frames = []
    for late, (net, name) in enumerate((("a", one), ("b", other))):
        for time, data in heard(name) if name else ():
            ends = [".".join(map(str, data[at:at + 4])) for at in (26, 30)]
            frames.append((time + 70_000 * late, tagged(data, tags(net, *ends)) if tags(net, *ends) else data))
    path = folder / "both.pcap"
    path.write_bytes(f.pcap(sorted(frames)))
    return path


def planes(net, address):
    """The control plane in one VLAN, the user plane in another."""
    return {"a": 100, "b": 200}[net] + (address in USER)


def told(proviso, folder, place, path):
    taps = folder / "taps.csv"
    taps.write_text(f"tap,input\ncore,{path}\n", encoding="utf-8")
    findings, result = judged.watch(proviso, path, place, "--taps", taps)
    return [x for x in findings if judged.RANK[x["certainty"]] > 0], findings, result


def by_one_tag(proviso, folder):
    """The same conversation in both: nobody took anything over, nothing is twice, everybody was seen."""
    place = case(folder, lambda net, a: {"a": 100, "b": 200}[net], "ab")
    path = both(folder, "everyday", "everyday", lambda net, *_: [{"a": 100, "b": 200}[net]])
    loud, _, result = told(proviso, folder, place, path)
    assert not loud, loud[0]["explanation"]
    seen = {net: [x for x in result["coverage"]["elements"]["not_seen"] if x.startswith(net)] for net in "ab"}
    assert [x[2:] for x in seen["a"]] == [x[2:] for x in seen["b"]] and "a-upf1" not in seen["a"], seen
    _, _, alone = told(proviso, folder, case(folder, lambda *_: 100, "a"), both(folder, "everyday", None, lambda *_: [100]))
    assert result["counters"]["sessions"] == 2 * alone["counters"]["sessions"], "the sessions of two networks are one"
    assert result["counters"]["tunnels_ordered"] == 2 * alone["counters"]["tunnels_ordered"] == result["counters"]["tunnels_used"], result["counters"]


def whose(proviso, folder):
    """What is planted in one of the two is told of that one."""
    for tags, vlans in ((lambda net, *_: [{"a": 100, "b": 200}[net]], lambda net, a: {"a": 100, "b": 200}[net]),
                        (lambda net, source, destination: [planes(net, source)], planes),
                        (lambda net, *_: [{"a": 300, "b": 301}[net], 7], lambda net, a: {"a": "300.7", "b": "301.7"}[net])):
        place = case(folder, vlans, "ab")
        for name, check in (("unordered-tunnel", "unordered-tunnel"), ("ended-tunnel", "ended-tunnel"), ("undeclared-interface", "undeclared-interface"), ("duplicated-forwarding", "duplicated-forwarding")):
            for one, other, net in ((name, "everyday", "a"), ("everyday", name, "b")):
                loud, findings, _ = told(proviso, folder, place, both(folder, one, other, tags))
                found = [x for x in findings if x["check"] == check and x["certainty"] == "certain"]
                assert found, f"{name} in {net}: not found, but {[(x['check'], x['certainty']) for x in findings]}"
                others = [x for x in loud if not x["subject"].startswith(f"{net}-")]
                assert not others, f"{name} in {net}: {others[0]['check']} of {others[0]['subject']}"


def control_beside_user(proviso, folder):
    """F-TEIDs are named in another VLAN than the packets pass in: of the two addresses the one of the element's network."""
    place = case(folder, planes, "ab")
    loud, _, result = told(proviso, folder, place, both(folder, "handover", "everyday", lambda net, source, _: [planes(net, source)]))
    assert not loud, loud[0]["explanation"]
    assert result["counters"]["tunnels_ordered"] == result["counters"]["tunnels_used"] > 8, result["counters"]


def tags_taken_out(proviso, folder):
    """One network, its VLAN declared, and a tap that hears no tags: the address is nobody else's."""
    place = case(folder, planes, "a")
    for tags in (lambda *_: [], lambda *_: [77], lambda net, source, _: [planes(net, source)]):
        _, findings, _ = told(proviso, folder, place, both(folder, "unordered-tunnel", None, tags))
        assert [x["certainty"] for x in findings if x["check"] == "unordered-tunnel"] == ["certain"], [x["check"] for x in findings]


def nothing_tells(proviso, folder):
    """Two networks and no tags: nobody knows whose it is, and nothing of links is certain."""
    place = case(folder, planes, "ab")
    loud, _, _ = told(proviso, folder, place, both(folder, "everyday", None, lambda *_: []))
    assert not [x for x in loud if x["check"] in ("undeclared-peer", "undeclared-interface", "foreign-controller", "link")], loud


def observed(proviso, folder):
    """Observations have the address that was on the wire, and findings the VLAN where they have an address."""
    place = case(folder, lambda net, a: {"a": 100, "b": 200}[net], "ab")
    path = both(folder, "everyday", "everyday", lambda net, *_: [{"a": 100, "b": 200}[net]])
    kept = folder / "kept"
    judged.watch(proviso, path, place, "--observations", kept)
    done = subprocess.run([proviso, "observations", kept, "--json", "--top", "0"], capture_output=True, text=True, check=False)
    assert "a-upf1" in done.stdout and "b-upf1" in done.stdout and "ff0f" not in done.stdout, done.stdout[:300]
    for word in ("10.0.0.1%0", "10.0.0.1%4095", "10.0.0.1%x", "10.0.0.1%1.2.3", "2001:db8::1%5", "10.0.0.1%"):
        text = (place / "network" / "elements.csv").read_text(encoding="utf-8").replace("10.9.0.53%100", word)
        (place / "network" / "elements.csv").write_text(text, encoding="utf-8")
        done = subprocess.run([proviso, "check", place], capture_output=True, text=True, check=False)
        assert done.returncode == 65 and f'"{word}" is no address' in done.stderr, f"{word}: {done.returncode} {done.stderr}"
        place = case(folder, lambda net, a: {"a": 100, "b": 200}[net], "ab")


def routed(proviso, folder):
    """One network whose packets are heard in the VLAN before a router and in the one behind it: the same alarms, of the same."""
    def found(path):
        taps = folder / "taps.csv"
        taps.write_text(f"tap,input\ncore,{path}\n", encoding="utf-8")
        return {(x["certainty"], x["check"], x["subject"], x["peer"]) for x in judged.watch(proviso, path, HERE / "case", "--taps", taps)[0] if judged.RANK[x["certainty"]] > 0}
    for name in ("everyday", "handover", "upf-restart", "rogue-registration", "unlisted-service", "unordered-tunnel", "ended-tunnel", "second-speaker-deletes", "exhaustion", "sessions-that-are-never-used", "association-churn", "identifier-scan", "n3-then-n6"):
        frames = heard(name)
        once, twice = folder / "once.pcap", folder / "twice.pcap"
        once.write_bytes(f.pcap([(time, tagged(data, [7])) for time, data in frames]))
        twice.write_bytes(f.pcap(sorted((time + late, tagged(data, [tag])) for time, data in frames for tag, late in ((7, 0), (8, 300_000)))))
        assert found(twice) == found(once), f"{name}: {found(twice) ^ found(once)}"


def run(proviso, folder):
    """Yields (name, complaint or None)."""
    for check in (by_one_tag, whose, control_beside_user, tags_taken_out, nothing_tells, observed, routed):
        place = folder / f"vlans-{check.__name__}"
        place.mkdir()
        try:
            check(proviso, place)
            yield f"vlans {check.__name__.replace('_', '-')}", None
        except AssertionError as wrong:
            yield f"vlans {check.__name__.replace('_', '-')}", f"line {wrong.__traceback__.tb_next.tb_lineno}: {wrong}"
