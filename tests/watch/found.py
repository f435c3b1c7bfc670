# SPDX-License-Identifier: Apache-2.0
"""proviso discover: the inventory that it proposes against the one that the made captures were made from, and by hand for real ones."""
import csv
import json
import pathlib
import subprocess

import frames as f
import network
import scenarios

HERE = pathlib.Path(__file__).resolve().parent
OTHER = "203.0.113.9"
PLACES = ("network/vendors.csv", "network/elements.csv", "network/links.csv", "network/sites.csv", "policies/as-seen.proviso", "case.proviso")

# What stands in the deployment files of this capture's repository.
REAL = "jrpalmieri+UERANSIM-Handover/tools__dashboard__logs__test-dereg__trace_10_4.pcap"
REAL_ELEMENTS = {
    "172.22.0.202": "gNB", "172.22.0.203": "gNB", "172.22.0.10": "AMF", "172.22.0.35": "SCP", "172.22.0.7": "SMF", "172.22.0.8": "UPF", "172.22.0.27": "PCF",
    "172.22.0.29": "BSF", "172.22.0.13": "UDM", "172.22.0.14": "UDR", "172.22.0.11": "AUSF", "172.22.0.12": "NRF", "172.22.0.28": "NSSF"}


def declared():
    """Address to (element, function)."""
    with open(HERE / "case" / "network" / "elements.csv", encoding="utf-8") as file:
        return {address: (row["element"], row["function"]) for row in csv.DictReader(file) for address in row["addresses"].split()}


def discover(proviso, *words, status=0):
    done = subprocess.run([proviso, "discover", "--json", *words], capture_output=True, text=True, check=False)
    assert done.returncode == status, f"status {done.returncode}: {done.stderr}"
    return json.loads(done.stdout)


def busy(folder, lies=False):
    """Everybody of the made network speaks."""
    n = network.Network()
    first, _ = scenarios.two_sessions(n)
    n.associate(n.smf2, n.upf2)
    scenarios.n3_then_n9(n, first, first)
    n.path_switch(first, n.gnb2)
    n.packets(first, 6)
    n.ng_setup(n.gnb1, n.amf2)
    n.s1u(*n.bearer(1), 6)
    n.sbi(n.amf1.sbi, n.udm1.sbi, "GET", "/nudm-sdm/v2/imsi-001010000000001/am-data", "AMF", answer=b"{}")
    n.sbi(n.udm1.sbi, n.amf1.sbi, "POST", "/namf-comm/v1/ue-contexts/imsi-001010000000001/n1-n2-messages", "UDM", b"{}", b"{}", "200")  # the other way, too
    n.sbi(n.smf1.sbi, n.nrf1.sbi, "GET", "/nnrf-disc/v1/nf-instances?target-nf-type=UDM", "SMF", answer=b"{}")
    profile = b'{"nfInstanceId":"11111111-1111-4111-8111-111111111111","nfType":"UDM","ipv4Addresses":["10.2.3.2"],"vendorId":"000123"}'
    n.sbi(n.udm1.sbi, n.nrf1.sbi, "PUT", "/nnrf-nfm/v1/nf-instances/11111111-1111-4111-8111-111111111111", None, profile, profile, "201")
    others = b'{"nfInstanceId":"22222222-1111-4111-8111-111111111111","nfType":"SMF","ipv4Addresses":["10.2.2.2"],"vendorId":"000666"}'
    if lies:  # somebody registers for somebody else
        n.sbi(n.udm1.sbi, n.nrf1.sbi, "PUT", "/nnrf-nfm/v1/nf-instances/22222222-1111-4111-8111-111111111111", None, others, others, "201")
    n.look_up(n.amf1.sbi, "upf1.core.example")
    path = folder / "busy.pcap"
    n.write(path)
    return path


def as_made(proviso, folder):
    """No function at a wrong address, no two elements made one; who spoke is there."""
    truth, result = declared(), discover(proviso, busy(folder, lies=True))
    found = {address: (e["element"], e["function"]) for e in result["elements"] for address in e["addresses"]}
    for address, (_, function) in found.items():
        assert address in truth, f"{address} is nobody's, and found as {function}"
        assert truth[address][1] == function, f"{address} is {truth[address][1]}, and found as {function}"
    for e in result["elements"]:
        owners = {truth[a][0] for a in e["addresses"]}
        assert len(owners) == 1, f"{e['element']} is {owners}"
    silent = {"10.1.1.3", "10.2.2.21", "10.2.2.22", "10.2.2.31", "10.2.2.32", "10.1.9.1", "10.2.2.12", "10.2.1.12", "10.3.1.3", "10.3.2.3", "10.9.0.10", "10.3.2.2"}
    missed = set(truth) - set(found) - silent
    assert not missed, f"not found: {sorted(missed)}"
    vendors = {e["element"]: e["vendor_id"] for e in result["elements"] if e["vendor_id"]}
    assert vendors == {"udm-1": "000123"}, f"vendors by registration: {vendors}"
    joined = {frozenset(e["addresses"]) for e in result["elements"]}
    assert {"10.3.1.1", "10.3.1.2", "10.3.1.4"} in joined, f"UPF 1 is not one element: {joined}"
    assert {"10.1.1.1", "10.1.1.2"} in joined and {"10.4.2.1", "10.4.2.2"} in joined, joined
    with open(HERE / "case" / "network" / "links.csv", encoding="utf-8") as file:
        allowed = {(row["a"], row["b"], row["reference_point"]) for row in csv.DictReader(file)}
    names = {e["element"]: {truth[a][0] for a in e["addresses"]}.pop() for e in result["elements"]}
    drawn = {(names[link["a"]], names[link["b"]], link["reference_point"]) for link in result["links"]}
    assert drawn <= allowed, f"links that nobody declared: {sorted(drawn - allowed)}"
    wanted = {("gnb1", "amf1", "N2"), ("gnb1", "upf1", "N3"), ("gnb2", "upf1", "N3"), ("smf1", "upf1", "N4"), ("smf2", "upf2", "N4"), ("upf1", "upf2", "N9"),
              ("mme1", "sgw1", "S11"), ("enb1", "sgw1", "S1-U"), ("smf1", "nrf1", "SBI"), ("amf1", "udm1", "SBI"), ("amf1", "dns1", "dns")}
    assert wanted <= drawn, f"links not found: {sorted(wanted - drawn)}"


def round_trip(proviso, folder):
    """The case is read without a complaint, holds, and a watch by it of the same capture finds nothing."""
    path, case = busy(folder), folder / "case"
    result = discover(proviso, path, "-o", case)
    for place in PLACES:
        assert (case / place).is_file(), f"{place} is missing"
    for words in (["check", case], ["assess", case]):
        done = subprocess.run([proviso, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0 and not done.stderr, f"{words[0]}: {done.returncode} {done.stderr}"
    text = (case / "case.proviso").read_text(encoding="utf-8")
    assert text.startswith("# Proposed from traffic") and str(result["coverage"]["frames"]) in text, text
    done = subprocess.run([proviso, "watch", case, "--read", path, "--json"], capture_output=True, text=True, check=False)
    alarms = [f for f in json.loads(done.stdout)["findings"] if f["certainty"] in ("certain", "likely")]
    unsure = [f["explanation"] for f in json.loads(done.stdout)["findings"] if f["rule"] == "as-seen" and "SBI" in f["explanation"]]
    assert not unsure, f"SBI is allowed, and a watch by it is not sure: {unsure}"
    assert not alarms, f"a watch by it finds {[(f['check'], f['subject'], f['explanation']) for f in alarms[:4]]}"
    again = subprocess.run([proviso, "discover", path, "-o", case], capture_output=True, text=True, check=False)
    assert again.returncode == 73 and "is there already" in again.stderr, again


def functions(proviso, folder, n):
    """{address: functions} and {(function, reference point, function)} that are proposed from what a network said."""
    path = folder / "some.pcap"
    n.write(path)
    result = discover(proviso, path)
    names = {e["element"]: e["function"] for e in result["elements"]}
    found = {}
    for e in result["elements"]:
        for address in e["addresses"]:
            found.setdefault(address, set()).add(e["function"])
    return found, {(names[link["a"]], link["reference_point"], names[link["b"]]) for link in result["links"]}, {e["element"]: e["called"] for e in result["elements"]}


def http1(proviso, folder, in_chunks=False):
    """A core that speaks HTTP/1.1, each head and body in segments as they come, on a port of nobody's."""
    n = network.Network()
    profile = b'{"nfInstanceId":"11111111-1111-4111-8111-111111111111","nfType":"UDM","ipv4Addresses":["10.2.3.2"],"vendorId":"000123"}'
    request = (b"PUT /nnrf-nfm/v1/nf-instances/11111111-1111-4111-8111-111111111111 HTTP/1.1\r\nHost: 10.2.3.1:8080\r\nContent-Length: %d\r\n\r\n" % len(profile)) + profile
    if in_chunks:
        head, _, body = request.replace(b"Content-Length: %d" % len(profile), b"Transfer-Encoding: chunked").partition(b"\r\n\r\n")
        request = head + b"\r\n\r\n" + b"".join(b"%x\r\n%s\r\n" % (len(body[at:at + 70]), body[at:at + 70]) for at in range(0, len(body), 70)) + b"0\r\n\r\n"
    answer = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"
    for at in range(0, len(request), 50):
        n.hear(f.tcp(n.udm1.sbi, n.nrf1.sbi, 40000, 8080, 1000 + at, 1, 24, request[at:at + 50]))
    n.hear(f.tcp(n.nrf1.sbi, n.udm1.sbi, 8080, 40000, 1, 1000 + len(request), 24, answer))
    n.hear(f.tcp(n.smf1.sbi, n.nrf1.sbi, 40001, 8080, 1, 1, 24, b"GET /nnrf-disc/v1/nf-instances?target-nf-type=UDM HTTP/1.1\r\nUser-Agent: SMF\r\n\r\n"))
    n.hear(f.tcp(n.amf1.sbi, OTHER, 40002, 8080, 1, 1, 24, b"GET /index.html HTTP/1.1\r\nUser-Agent: AMF\r\n\r\n"))  # the world's, and on a port of nobody's
    found, links, _ = functions(proviso, folder, n)
    assert found == {n.udm1.sbi: {"UDM"}, n.nrf1.sbi: {"NRF"}, n.smf1.sbi: {"SMF"}}, found
    assert links == {("UDM", "SBI", "NRF"), ("SMF", "SBI", "NRF")} or links == {("NRF", "SBI", "UDM"), ("NRF", "SBI", "SMF")}, links
    path = folder / "some.pcap"
    done = subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--json"], capture_output=True, text=True, check=False)
    differ = [x for x in json.loads(done.stdout)["findings"] if x["check"] == "vendor-differs"]
    assert len(differ) == 1 and '"000123"' in differ[0]["explanation"], f"the vendor in a profile that was registered over HTTP/1.1: {done.stdout[:400]}"


def http1_in_chunks(proviso, folder):
    http1(proviso, folder, in_chunks=True)


def by_diameter(proviso, folder):
    """Who asks and who answers, by application and command; an agent that stands between them is neither."""
    n, number = network.Network(), [0]
    roles = {"10.5.0.1": "MME", "10.5.0.2": "HSS", "10.5.0.3": "PGW", "10.5.0.4": "PCRF", "10.5.0.5": "AF", "10.5.0.6": "I-CSCF", "10.5.0.7": "S-CSCF", "10.5.0.8": "EIR",
             "10.5.0.9": "OCS", "10.5.0.10": "AAA", "10.5.0.11": "IMS-AS", "10.5.0.12": "ePDG", "10.5.0.13": "DRA"}
    at = {function: address for address, function in roles.items()}

    def say(source, destination, command, application, request, name, more=()):
        number[0] += 1
        message = f.diameter(command, application, request, [f.avp(263, "s;1"), f.avp(264, name), f.avp(296, "epc.example"), *more])
        n.hear(f.sctp(at[source], at[destination], *((40000, 3868) if request else (3868, 40000)), 7, [f.sctp_data(number[0], 0, number[0], 46, message)]))
    for source, destination, command, application in (
            ("MME", "HSS", 316, 16777251), ("PCRF", "PGW", 258, 16777238), ("AF", "PCRF", 265, 16777236), ("I-CSCF", "HSS", 300, 16777216), ("S-CSCF", "HSS", 303, 16777216),
            ("MME", "EIR", 324, 16777252), ("PGW", "OCS", 272, 4), ("PGW", "AAA", 265, 16777272), ("IMS-AS", "HSS", 306, 16777217), ("AAA", "HSS", 303, 16777265), ("ePDG", "AAA", 268, 16777264)):
        say(source, destination, command, application, True, f"{source}1.epc.example")
        say(destination, source, command, application, False, f"{destination}1.epc.example")
    say("MME", "DRA", 318, 16777251, True, "MME1.epc.example")
    say("DRA", "HSS", 318, 16777251, True, "MME1.epc.example", [f.avp(282, "MME1.epc.example")])
    say("HSS", "DRA", 318, 16777251, False, "HSS1.epc.example")
    say("DRA", "MME", 318, 16777251, False, "HSS1.epc.example")
    say("DRA", "HSS", 280, 0, True, "dra7.epc.example")
    found, links, called = functions(proviso, folder, n)
    assert found == {address: {function} for address, function in roles.items()}, {a: (found.get(a), roles.get(a)) for a in {**found, **roles} if found.get(a) != {roles.get(a)}}
    wanted = {("MME", "S6a", "HSS"), ("PGW", "Gx", "PCRF"), ("AF", "Rx", "PCRF"), ("I-CSCF", "Cx", "HSS"), ("S-CSCF", "Cx", "HSS"), ("MME", "S13", "EIR"), ("PGW", "Gy", "OCS"), ("PGW", "S6b", "AAA"),
              ("IMS-AS", "Sh", "HSS"), ("AAA", "SWx", "HSS"), ("ePDG", "SWm", "AAA"), ("MME", "diameter", "DRA"), ("HSS", "diameter", "DRA")}
    assert links == wanted, links ^ wanted
    assert called["dra-1"] == "dra7.epc.example" and called["mme-1"] == "MME1.epc.example", called


def bearers_alone(proviso, folder):
    """The session was made before the capture: a bearer of it tells who is who, and PFCP that the gateway is in two parts."""
    def say(n, source, destination, kind, *ends):
        context = f.ie2(93, f.ie2(73, b"\6") + b"".join(f.f_teid2(interface, 0x77 + interface, address, instance) for interface, address, instance in ends))
        n.hear(f.udp(source, destination, 2123, 2123, f.gtpv2(kind, 0x55, 9, [context])))
    n = network.Network()
    say(n, "10.4.2.1", "10.4.1.1", 95, (1, "10.4.3.2", 0), (5, "10.4.4.2", 1))
    say(n, "10.4.1.1", "10.4.2.1", 96, (0, "10.1.9.2", 0), (1, "10.4.3.2", 1))
    say(n, "10.4.4.1", "10.4.2.1", 95, (5, "10.4.4.2", 1))
    say(n, "10.4.2.1", "10.4.4.1", 96, (4, "10.4.3.2", 2), (5, "10.4.4.2", 3))
    found, links, _ = functions(proviso, folder, n)
    assert found["10.4.1.1"] == {"MME"} and found["10.4.2.1"] == {"SGW"} == found["10.4.3.2"] and found["10.4.4.1"] == {"PGW"} and found["10.1.9.2"] == {"eNB"}, found
    assert {("MME", "S11", "SGW"), ("SGW", "S5-C", "PGW")} <= links, links
    n.ask(network.Node("sgw-c", n4="10.4.2.1"), network.Node("sgw-u", n4="10.4.3.1"), f.MODIFICATION, [f.far(1, f.BUFF, update=True)], [f.cause(f.ACCEPTED)], seid=7, reply_seid=8)
    found, links, _ = functions(proviso, folder, n)
    assert found["10.4.2.1"] == {"SGW-C"} and found["10.4.3.1"] == {"SGW-U"}, found
    assert ("SGW-C", "Sxa", "SGW-U") in links and ("MME", "S11", "SGW-C") in links, links


def nobody(proviso, folder):
    """A case without elements can't be judged: none is written, and it is said."""
    path = folder / "nobody.pcap"
    path.write_bytes(f.pcap([]))
    done = subprocess.run([proviso, "discover", path, "-o", folder / "none"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "none is not written" in done.stderr and "written to" not in done.stdout, done
    assert not (folder / "none").exists(), "a case of nobody is written"


def full_disk(proviso, folder):
    """Where not all of the case fits, nothing of it is there, at whichever file the disk is full; what was there stays."""
    path, full, stopped = busy(folder), folder / "full", set()
    mine = folder / "mine"
    mine.mkdir()
    (mine / "notes").write_text("mine", encoding="ascii")
    for most in (0, 10, 100, 300, 600):
        for case in full, mine:
            done = subprocess.run(["sh", "-c", 'trap "" XFSZ; exec "$@"', "sh", "prlimit", f"--fsize={most}", proviso, "discover", path, "-o", case], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
            assert done.returncode == 74 and "can't be written" in done.stderr, f"{most} bytes: {done}"
            stopped.add(done.stderr.split("error: ")[1].split(" ")[0])
        assert not full.exists() and [p.name for p in mine.iterdir()] == ["notes"], f"{most} bytes: {sorted(full.glob('**/*')), list(mine.iterdir())}"
    assert len(stopped) > 3, f"the disk was full at the same place each time: {stopped}"


def several_files(proviso, folder):
    """Cut into three captures that are read together, the same comes out."""
    path = busy(folder)
    whole = discover(proviso, path)
    _, rows = f.read_pcap(path.read_bytes())
    parts = [folder / f"part{k}.pcap" for k in range(3)]
    for k, part in enumerate(parts):
        part.write_bytes(f.pcap(rows[k::3]))
    together = discover(proviso, *parts)
    for key in ("elements", "links", "others"):
        assert whole[key] == together[key], f"{key} differ"


def real(proviso, corpus):
    path = corpus / "captures" / REAL
    if not path.exists():
        return "skipped"
    result = discover(proviso, path)
    found = {a: e["function"] for e in result["elements"] for a in e["addresses"]}
    assert found == REAL_ELEMENTS, {k: (found.get(k), REAL_ELEMENTS.get(k)) for k in {**found, **REAL_ELEMENTS} if found.get(k) != REAL_ELEMENTS.get(k)}
    assert len(result["elements"]) == len(REAL_ELEMENTS)
    return None


def run(proviso, folder, corpus):
    """Yields (name, complaint or None or "skipped")."""
    for check in (as_made, round_trip, http1, http1_in_chunks, by_diameter, bearers_alone, nobody, full_disk, several_files, real):
        place = folder / f"found-{check.__name__}"
        place.mkdir()
        try:
            yield f"discover {check.__name__.replace('_', '-')}", check(proviso, corpus if check is real else place)
        except AssertionError as wrong:
            yield f"discover {check.__name__.replace('_', '-')}", str(wrong)
