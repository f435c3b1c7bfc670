# SPDX-License-Identifier: Apache-2.0
"""What is called HTTP, SBI and http: the core's own services (TS 29.500) are SBI, on any port; what others say over HTTP is not."""
import json
import pathlib
import shutil
import subprocess

import frames as f
import judged
import network

HERE = pathlib.Path(__file__).resolve().parent


def case(folder, link="", allowed=""):
    place = folder / "case"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(HERE / "case", place)
    with open(place / "network" / "links.csv", "a", encoding="utf-8") as file:
        file.write(link)
    policy = place / "policies" / "declared.proviso"
    policy.write_text(policy.read_text(encoding="utf-8").replace("  deny rest\n", f"{allowed}  deny rest\n"), encoding="utf-8")
    return place


def heard(path, source, destination, port, resource):
    n = network.Network(41)
    n.start()
    request, answer = f"GET {resource} HTTP/1.1\r\nHost: a\r\n\r\n".encode(), b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    for i in range(4):
        n.hear(f.tcp(source, destination, 40000 + i, port, 1, 0, 2))
        n.hear(f.tcp(destination, source, port, 40000 + i, 1, 2, 18))
        n.hear(f.tcp(source, destination, 40000 + i, port, 2, 2, 24, request))
        n.hear(f.tcp(destination, source, port, 40000 + i, 2, 2 + len(request), 24, answer))
        n.wait(1)
    n.write(path)
    return path


def told(proviso, folder, place, path):
    """What is said of links, and over what these two were observed."""
    kept = folder / "kept"
    shutil.rmtree(kept, ignore_errors=True)
    findings, _ = judged.watch(proviso, path, place, "--taps", judged.taps_file(folder, path), "--observations", kept)
    done = subprocess.run([proviso, "observations", kept, "--json", "--top", "0"], capture_output=True, text=True, check=True)
    rows = {(row["protocol"], row["point"]) for row in json.loads(done.stdout)["groups"] if row["from"] in ("oss1", "amf1") and row["to"] in ("upf1", "nrf1")}
    return [f"{x['certainty']} {x['check']}: {x['explanation']}" for x in findings if x["check"] in ("link", "undeclared-interface")], rows


def by_others(proviso, folder):
    """Management over HTTP is http: allowed and declared by that name, and otherwise told by it."""
    path = heard(folder / "http.pcap", "10.9.0.10", "10.3.1.3", 80, "/status")
    said, rows = told(proviso, folder, case(folder), path)
    assert rows == {("HTTP", "http")}, rows
    assert len(said) == 2 and all(x.startswith("certain ") and "speaks HTTP over http" in x for x in said), said
    said, rows = told(proviso, folder, case(folder, "oss1,upf1,http\n", "  allow OSS to any over http\n"), path)
    assert not said and rows == {("HTTP", "http")}, (said, rows)


def by_the_core(proviso, folder):
    """Services of the core are SBI over HTTP/1.1 and on a port of nobody's, too."""
    path = heard(folder / "sbi.pcap", "10.2.1.2", "10.2.3.1", 8080, "/nnrf-disc/v1/nf-instances")
    said, rows = told(proviso, folder, case(folder), path)
    assert not said and rows == {("HTTP", "SBI")}, (said, rows)


def proposed(proviso, folder):
    """What is proposed by them is named the same, and a watch by it of the same capture says nothing."""
    n = network.Network(42)
    n.start()
    request = b"GET /status HTTP/1.1\r\nHost: a\r\n\r\n"
    n.hear(f.tcp("10.1.1.1", "10.2.1.1", 40000, 80, 1, 1, 24, request))
    n.sbi(n.amf1.sbi, n.udm1.sbi, "GET", "/nudm-sdm/v2/imsi-001010000000001/am-data", "AMF", answer=b"{}")
    path, place = folder / "both.pcap", folder / "proposed"
    n.write(path)
    subprocess.run([proviso, "discover", path, "-o", place], capture_output=True, check=True)
    points = {line.split(",")[2] for line in (place / "network" / "links.csv").read_text(encoding="utf-8").splitlines()}
    assert {"http", "SBI", "N2"} <= points, points
    findings, _ = judged.watch(proviso, path, place, "--taps", judged.taps_file(folder, path))
    assert not [x for x in findings if x["check"] in ("link", "undeclared-interface")], findings


def profiles(proviso, folder):
    """What of a dump of profiles can't be taken is told: its owner would be somebody whom nobody has declared."""
    path, dump = heard(folder / "sbi.pcap", "10.2.1.2", "10.2.3.1", 8080, "/nnrf-disc/v1/nf-instances"), folder / "nrf.json"
    for addresses, wanted in ((["10.2.3.1"], None), (["10.2.3.300"], '"10.2.3.300" is no address'), ([["10.2.3.1"]], '"" is no address'), ([f"10.7.{i // 200}.{i % 200}" for i in range(300)], "more than 256 addresses")):
        dump.write_text(json.dumps({"nfInstances": [{"nfInstanceId": "one", "nfType": "NRF", "ipv4Addresses": addresses}]}), encoding="utf-8")
        done = subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--nrf", dump], capture_output=True, text=True, check=False)
        assert done.returncode < 64 and (wanted in done.stderr and "instance one" in done.stderr if wanted else not done.stderr), f"{addresses[:1]}: {done.stderr}"


def run(proviso, folder):
    """Yields (name, complaint or None)."""
    for check in (by_others, by_the_core, proposed, profiles):
        place = folder / f"services-{check.__name__}"
        place.mkdir()
        try:
            check(proviso, place)
            yield f"services {check.__name__.replace('_', '-')}", None
        except AssertionError as wrong:
            yield f"services {check.__name__.replace('_', '-')}", str(wrong)
