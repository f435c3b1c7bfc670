# SPDX-License-Identifier: Apache-2.0
"""Declared elements without an address: who is nobody's may be one of them, as far as functions allow it."""
import pathlib
import shutil

import judged
import made

HERE = pathlib.Path(__file__).resolve().parent
STRANGER = "10.66.6.6"


def case_without(folder, *elements):
    """The case without the addresses of these elements; of all, where none is named."""
    case = folder / "case-unplaced"
    shutil.rmtree(case, ignore_errors=True)
    shutil.copytree(HERE / "case", case)
    path = case / "network" / "elements.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    kept = [row.rsplit(",", 1)[0] + "," if not elements or row.split(",")[0] in elements else row for row in rows]
    path.write_text("\n".join([header, *kept]) + "\n", encoding="utf-8")
    return case


def told(proviso, folder, *elements):
    capture = folder / "foreign-modification.pcap"
    case = case_without(folder, *elements) if elements != (None,) else HERE / "case"
    return judged.watch(proviso, capture, case, "--taps", judged.taps_file(folder, capture))


def of_the_stranger(findings):
    return {f["check"]: (f["certainty"], f["explanation"]) for f in findings
            if f["check"] in ("undeclared-peer", "foreign-controller") and STRANGER in f["subject"] + f["peer"]}


def sure(proviso, folder):
    findings, result = told(proviso, folder, None)
    found = of_the_stranger(findings)
    if {c for c, _ in found.values()} != {"certain"} or len(found) != 2:
        return f"everybody has an address: {found}"
    return "a stranger may be one" if any("no address" in x for x in result["coverage"]["cannot_be_said"]) else None


def of_another_function(proviso, folder):
    found = of_the_stranger(told(proviso, folder, "gnb2", "amf2", "udm1")[0])
    return None if {c for c, _ in found.values()} == {"certain"} else f"nobody without an address speaks PFCP: {found}"


def one_of_some(proviso, folder):
    findings, result = told(proviso, folder, "smf2")
    found = of_the_stranger(findings)
    if {c for c, _ in found.values()} != {"likely"} or not all("it may be the one declared element" in e for _, e in found.values()):
        return f"one controller has no address: {found}"
    said = "declared elements without an address in the inventory: 1 of 17; a stranger may be one of them"
    return None if said in result["coverage"]["cannot_be_said"] else f"not said: {result['coverage']['cannot']}"


def of_no_function(proviso, folder):
    """Whose function nobody wrote down may have any: of those that may have spoken so, all others have addresses."""
    case = case_without(folder, "")
    with (case / "network" / "elements.csv").open("a", encoding="utf-8") as elements:
        elements.write("cabinet7,north,,5G-SA,birch,,\n")
    capture = folder / "foreign-modification.pcap"
    found = of_the_stranger(judged.watch(proviso, capture, case, "--taps", judged.taps_file(folder, capture))[0])
    return None if len(found) == 2 and {c for c, _ in found.values()} == {"likely"} else f"one element has no function: {found}"


def nobody(proviso, folder):
    findings, _ = told(proviso, folder)
    loud = [(f["check"], f["certainty"]) for f in findings if f["certainty"] != "unknown" and f["check"] in (
        "undeclared-peer", "undeclared-interface", "foreign-controller", "redirected-forwarding", "spoofed-source", "management-egress")]
    return f"an inventory without any address: {loud}" if loud else None


def run(proviso, folder):
    made.make("foreign-modification", folder)
    yield "unplaced elements: everybody has an address", sure(proviso, folder)
    yield "unplaced elements: they do not speak so", of_another_function(proviso, folder)
    yield "unplaced elements: one of several", one_of_some(proviso, folder)
    yield "unplaced elements: one of no function", of_no_function(proviso, folder)
    yield "unplaced elements: nobody has an address", nobody(proviso, folder)
