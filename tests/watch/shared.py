# SPDX-License-Identifier: Apache-2.0
"""Functions that share a host: several elements are declared at one address, and nobody can tell which of them spoke."""
import pathlib
import shutil

import judged
import made

HERE = pathlib.Path(__file__).resolve().parent

# Each stands in front of the one that really speaks, so its row is the first of the address.
BESIDE = {
    "smf1": "udm9,centre,UDM,5G-SA,alder,,10.2.2.1 10.2.2.2",
    "amf1": "gnb9,centre,gNB,5G-SA,alder,,10.2.1.1 10.2.1.2",
    "nrf1": "udr9,centre,UDR,5G-SA,alder,,10.2.3.1",
    "udm1": "pcf9,centre,PCF,5G-SA,alder,,10.2.3.2"}


def case_of_hosts(folder):
    case = folder / "case-of-hosts"
    shutil.copytree(HERE / "case", case)
    path = case / "network" / "elements.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("".join(f"{BESIDE[row.split(',')[0]]}\n{row}\n" if row.split(",")[0] in BESIDE else f"{row}\n" for row in rows), encoding="utf-8")
    with open(case / "network" / "links.csv", encoding="utf-8") as file:  # all of them have links: what is missing would be certain
        first = file.readline().strip().split(",")
    with open(case / "network" / "links.csv", "a", encoding="utf-8") as file:
        for name in ("udm9", "gnb9", "udr9", "pcf9"):
            ends = {"a": name, "b": "mme1", "reference_point": "SBI"}
            file.write(",".join(ends.get(column, "") for column in first) + "\n")
    return case


def quiet(proviso, folder, case):
    """Nothing is told as certain or likely that the neighbour explains."""
    made.make("everyday", folder)
    capture = folder / "everyday.pcap"
    findings, _ = judged.watch(proviso, capture, case, "--taps", judged.taps_file(folder, capture))
    loud = [(f["check"], f["certainty"], f["explanation"]) for f in findings if f["certainty"] != "unknown"]
    return f"told of functions that share a host: {loud[:4]}" if loud else None


def still_found(proviso, folder, case):
    """Somebody who shares no address with a controller is none."""
    made.make("foreign-modification", folder)
    capture = folder / "foreign-modification.pcap"
    findings, _ = judged.watch(proviso, capture, case, "--taps", judged.taps_file(folder, capture))
    found = {(f["check"], f["certainty"]) for f in findings}
    return None if ("foreign-controller", "certain") in found else f"foreign-controller is not found: {sorted(found)}"


def run(proviso, folder):
    case = case_of_hosts(folder)
    yield "shared addresses: quiet", quiet(proviso, folder, case)
    yield "shared addresses: still found", still_found(proviso, folder, case)
