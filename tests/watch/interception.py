# SPDX-License-Identifier: Apache-2.0
"""What lawful interception must not leave: the address of its function is planted wherever traffic can say it, and then looked for in
everything that comes out."""
import json
import pathlib
import signal
import struct
import subprocess
import time

import frames as f
import judged
import network
import ngap
import scenarios

HERE = pathlib.Path(__file__).resolve().parent
TARGET, OTHER, TEID = "10.8.0.1", "10.8.0.2", 0x41414141
SIXTH, BESIDE = "2001:db8:8::8", "10.8.0.9"  # a function that is listed with its IPv6 address alone, and its other one
BYTES = bytes([10, 8, 0, 1])
SECRETS = (TARGET, BYTES.decode("latin-1"), BYTES.hex(), "ff0f", f"0x{TEID:08x}", str(TEID), OTHER, SIXTH, BESIDE)


def ordered(n, first, second):
    """A rule that copies to it, and the copies."""
    n.modify(first, [f.far(1, f.FORW | f.DUPL, f.ACCESS, f.outer_creation(first.gnb_teid, n.gnb1.n3), duplicate=(4, f.outer_creation(TEID, TARGET)), update=True)])
    for i in range(20):
        inner = n.inner(first, i % 2 == 0)
        n.on_n3(first, i % 2 == 0, inner)
        n.hear(f.udp(n.upf1.n3, TARGET, 2152, 2152, f.gtpu(f.G_PDU, TEID, inner)))
        n.wait(0.05)


def in_both_families(n, first, second):
    """An end that is named with both its addresses, of which one is listed."""
    both = f.ie(84, struct.pack(">HI", 0x0300, TEID), f.packed(BESIDE), f.packed(SIXTH))
    n.modify(first, [f.far(1, f.FORW, f.ACCESS, both, update=True)])
    n.modify(second, [f.far(1, f.FORW | f.DUPL, f.ACCESS, f.outer_creation(second.gnb_teid, n.gnb1.n3), duplicate=(4, both), update=True)])


def rule_of_a_stranger(n, first, second):
    """The rule comes in a message that is a finding by itself, and would be cut."""
    n.associate(n.smf1, n.upf1, source=scenarios.INTRUDER)
    n.modify(first, [f.far(1, f.FORW | f.DUPL, f.ACCESS, f.outer_creation(first.gnb_teid, n.gnb1.n3), duplicate=(4, f.outer_creation(TEID, TARGET)), update=True)], source=scenarios.INTRUDER)
    n.forward_to(second, network.Node("lif", n3=TARGET), TEID, source=scenarios.INTRUDER)


def malformed_to_it(n, first, second):
    header = bytearray(f.gtpu(f.G_PDU, TEID, n.inner(first, True)))
    header[2:4] = struct.pack(">H", 5000)
    n.hear(f.udp(n.upf1.n3, TARGET, 2152, 2152, bytes(header)))
    n.hear(f.udp(TARGET, n.upf1.n4, 8805, 8805, f.pfcp(f.ESTABLISHMENT, 9, [f.node_id(TARGET)], 0)))
    n.hear(f.udp(n.smf1.n4, n.upf1.n4, 8805, 8805, f.pfcp(f.MODIFICATION, 77777, [f.node_id(TARGET), struct.pack(">HH", 10, 4000) + b"\0"], first.up_seid)))


def wrapped_to_it(n, first, second):
    """In another header than the outermost."""
    for i in range(12):
        inner = n.inner(first, True)
        n.on_n3(first, True, inner)
        n.hear(f.gre(n.upf1.n6, scenarios.OUTSIDE, f.udp(n.upf1.n3, TARGET, 2152, 2152, f.gtpu(f.G_PDU, TEID, inner))))
        n.hear(f.vxlan(n.upf1.n6, scenarios.OUTSIDE, 9, f.udp(n.upf1.n3, TARGET, 2152, 2152, f.gtpu(f.G_PDU, TEID, inner))))
        n.on_n3(first, True, f.udp(first.ue, TARGET, 8805, 8805, f.pfcp(f.ASSOCIATION, i + 1, [f.node_id(first.ue), f.recovery(network.START)])))
        n.on_n3(first, True, f.udp(second.ue, TARGET, 40000, 443, n.payload()), teid=0x66000001)
        n.wait(0.05)


def said_of_it(n, first, second):
    """Messages between others that name it: node ids, F-SEIDs, addresses of an association, transport addresses, profiles, error reports."""
    n.say_pfcp(scenarios.INTRUDER, n.upf1.n4, f.pfcp(f.ASSOCIATION, 31, [f.node_id(TARGET), f.recovery(network.START)]))
    n.say_pfcp(n.upf1.n4, scenarios.INTRUDER, f.pfcp(f.ASSOCIATION + 1, 31, [f.node_id(n.upf1.n4), f.cause(f.ACCEPTED), f.recovery(network.START)]))
    n.say_pfcp(scenarios.INTRUDER, n.upf1.n4, f.pfcp(f.ESTABLISHMENT, 32, [f.node_id(TARGET), f.f_seid(0x99, TARGET), f.pdr(1, f.CORE, 1, ue="10.45.9.9"), f.far(1, f.BUFF)], 0))
    n.say_pfcp(n.upf1.n4, scenarios.INTRUDER, f.pfcp(f.ESTABLISHMENT + 1, 32, [f.node_id(n.upf1.n4), f.cause(f.ACCEPTED), f.f_seid(0x98, n.upf1.n4)], 0x99))
    s = n.plan()
    n.say(s.gnb, s.amf, 1, ngap.session_setup_request(s.amf_ue, s.ran_ue, s.id, TARGET, TEID))
    n.say(s.gnb, s.amf, 0, ngap.session_setup_response(s.amf_ue, s.ran_ue, s.id, TARGET, TEID))
    a = n.associations["gnb1", "amf1"]
    n.chunks(a, 0, [f.sctp_init(1, 2, addresses=(TARGET, scenarios.INTRUDER))], tag=0)
    n.hear(f.udp(n.upf1.n3, n.gnb1.n3, 2152, 2152, f.gtpu(f.ERROR_INDICATION, 0, b"\x10" + struct.pack(">I", TEID) + b"\x85\0\4" + f.packed(TARGET), sequence=1)))
    profile = json.dumps({"nfInstanceId": "0d6f1f6e-0000-4000-8000-000000000009", "nfType": "UPF", "nfStatus": "REGISTERED", "ipv4Addresses": [TARGET], "fqdn": "nobody.example"}).encode()
    n.sbi(scenarios.INTRUDER, n.nrf1.sbi, "PUT", "/nnrf-nfm/v1/nf-instances/0d6f1f6e-0000-4000-8000-000000000009", body=profile, answer=profile, status="201")
    n.hear(f.icmp(scenarios.INTRUDER, n.upf1.n4, 3, 0, 0, f.udp(n.upf1.n4, TARGET, 8805, 8805, b"\0" * 16)))


def speaks_itself(n, first, second):
    """It is managed, resolves names, calls home, and its parts speak with each other."""
    for i in range(30):
        n.hear(f.tcp(n.oss1.mgmt, TARGET, 46000 + i, 22, 1, 0, 2))
        n.hear(f.tcp(TARGET, scenarios.OUTSIDE, 47000 + i, 443, 1, 0, 24, n.payload(48)))
        n.hear(f.udp(TARGET, n.dns1.dns, 40000, 53, f.dns(i, "lif.example.net")))
        n.hear(f.udp(TARGET, OTHER, 40000, 9999, n.payload()))
        n.wait(30)


PLANTED = (ordered, in_both_families, rule_of_a_stranger, malformed_to_it, wrapped_to_it, said_of_it, speaks_itself)


def capture(folder, plants):
    n = network.Network(13)
    first, second = scenarios.two_sessions(n)
    for plant in plants:
        plant(n, first, second)
    path = folder / "li.pcap"
    n.write(path)
    return path


def texts(*places):
    for place in places:
        for path in [place] if place.is_file() else place.rglob("*"):
            if path.is_file():
                yield path.name, path.read_bytes().decode("latin-1")


def everything(proviso, folder, path):
    """(where, what) of all that a run can leave, with every option that tells more."""
    restricted = folder / "li.txt"
    restricted.write_text(f"# restricted\n{TARGET}\n{OTHER}\n{SIXTH}\n", encoding="utf-8")
    taps = judged.taps_file(folder, path)
    outputs = [folder / name for name in ("seen", "cuts", "claim.proviso", "page.html", "found")]
    words = ["--read", path, "--taps", taps, "--li-list", restricted, "--identities", "--subscribers"]
    writes = ["--observations", outputs[0], "--cut", outputs[1], "--payload", "--evidence", outputs[2], "--report", outputs[3]]
    for name, command in (("json", [HERE / "case", "--json", *words, *writes]), ("text", [HERE / "case", *words]), ("without a case", ["--json", *words])):
        done = subprocess.run([proviso, "watch", *command], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1, 3), done.stderr
        yield name, done.stdout
        yield f"{name}, stderr", done.stderr
    for name, command in (("discover", ["-o", outputs[4]]), ("discover --json", ["--json"])):
        done = subprocess.run([proviso, "discover", path, "--li-list", restricted, *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        yield name, done.stdout + done.stderr
    for by in ("pair", "element", "point", "minute"):
        done = subprocess.run([proviso, "observations", outputs[0], "--top", "0", "--json", "--by", by], capture_output=True, text=True, check=False)
        yield f"observations by {by}", done.stdout + done.stderr
    yield from texts(*outputs)


def told(proviso, folder, path):
    for where, what in everything(proviso, folder, path):
        for secret in SECRETS:
            if secret in what:
                return f"{where} has it: ...{what[max(0, what.index(secret) - 80):][:160]!r}"
    return None


def nothing_but_counts(proviso, folder):
    """Each way to say it by itself, and all of them together."""
    for plants in (*((plant,) for plant in PLANTED), PLANTED):
        name = plants[0].__name__ if len(plants) == 1 else "all"
        place = folder / name
        place.mkdir()
        leak = told(proviso, place, capture(place, plants))
        assert not leak, f"{name}: {leak}"


def counted(proviso, folder):
    """And it was counted, by user-plane function and hour, with what is beside it found as ever."""
    path = capture(folder, (ordered, rule_of_a_stranger, speaks_itself))
    restricted = folder / "li.txt"
    restricted.write_text(f"{TARGET}\n{OTHER}\n{SIXTH}\n", encoding="utf-8")
    findings, result = judged.watch(proviso, path, HERE / "case", "--li-list", restricted)
    hours = {(x["element"], x["hour"]): (x["packets"], x["rules"]) for x in result["interception"]}
    assert hours["upf1", "2025-06-15T15:00:00.000000000Z"] == (20, 3), hours
    assert {name for name, _ in hours} == {"upf1", "oss1", "dns1", "other"}, hours
    assert result["counters"]["not_judged"]["interception"] == 20 + 4 * 30, result["counters"]
    assert any(x["check"] == "foreign-controller" and x["certainty"] == "certain" for x in findings), "what has nothing to do with it is not found"


def the_test_can_fail(proviso, folder):
    """Without the list all of it is told, so the places that are looked at are the right ones."""
    path = capture(folder, PLANTED)
    done = subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--json", "--cut", folder / "cuts", "--payload", "--observations", folder / "seen"], capture_output=True, text=True, check=False)
    found = {secret for _, what in [("json", done.stdout), *texts(folder / "cuts", folder / "seen")] for secret in SECRETS if secret in what}
    assert found >= {TARGET, SECRETS[1]}, found


def lists(proviso, folder):
    """A list of which some could not be taken would tell what it is to keep back: the run is refused, and says no address."""
    path, restricted = capture(folder, [ordered]), folder / "list"
    for text in (f"{TARGET} {OTHER}\n", f"{TARGET}, {OTHER}\n", f"{TARGET}\n\0\n{OTHER}\n", "10.8.0.0/24\n", f"{TARGET}%7\n", f"\ufeff{TARGET}\n"):
        restricted.write_text(text, encoding="utf-8")
        done = subprocess.run([proviso, "watch", "--read", path, "--li-list", restricted], capture_output=True, text=True, check=False)
        assert done.returncode == 65 and not done.stdout and TARGET not in done.stderr, f"{text!r}: {done.returncode} {done.stderr}"
    done = subprocess.run([proviso, "watch", "--read", path, "--li-list", folder], capture_output=True, text=True, check=False)
    assert done.returncode in (65, 66) and not done.stdout, f"a folder as a list: {done.returncode} {done.stderr}"
    restricted.write_text(f"# ours\r\n\t {TARGET} \t# here\r\n\r\n{OTHER}", encoding="utf-8")
    done = subprocess.run([proviso, "watch", "--read", path, "--li-list", restricted], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 3) and not done.stderr, f"{done.returncode} {done.stderr}"


def no_core(proviso, folder):
    """A process that dies with the list in its memory leaves none of that in a file."""
    path = capture(folder, (ordered,))
    restricted = folder / "li.txt"
    restricted.write_text(f"{TARGET}\n", encoding="utf-8")
    process = subprocess.Popen([proviso, "watch", "--read", "-", "--li-list", restricted], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    process.stdin.write(path.read_bytes()[:2000])
    process.stdin.flush()
    time.sleep(0.3)
    limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
    process.send_signal(signal.SIGABRT)
    process.wait()
    assert [line.split()[4:6] for line in limits.splitlines() if line.startswith("Max core")] == [["0", "0"]], limits
    assert not list(folder.glob("core*"))


def run(proviso, folder):
    """Yields (name, complaint or None)."""
    for check in (nothing_but_counts, counted, the_test_can_fail, lists, no_core):
        place = folder / f"li-{check.__name__}"
        place.mkdir()
        try:
            check(proviso, place)
            yield f"interception {check.__name__.replace('_', '-')}", None
        except AssertionError as wrong:
            yield f"interception {check.__name__.replace('_', '-')}", f"line {wrong.__traceback__.tb_next.tb_lineno}: {wrong}"
