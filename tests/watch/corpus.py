# SPDX-License-Identifier: Apache-2.0
"""Real captures: no alarm that tests/corpus-truth.tsv does not have, the attack sets' recall, and trouble planted in real packets."""
import collections
import concurrent.futures
import csv
import os
import pathlib
import subprocess

import edits
import frames as f
import judged

ROOT = pathlib.Path(__file__).resolve().parents[2]
ATTACKS = "clem272001+5G-Attacks"
KINDS = {1: "heartbeat", 50: "establishment", 52: "modification", 54: "deletion"}
TRUTH, DISCOVERED_TRUTH = ROOT / "tests" / "corpus-truth.tsv", ROOT / "tests" / "discovered-truth.tsv"
ENDINGS = (".pcap", ".pcapng", ".cap")

# Captures that are edited: Ethernet and Linux cooked, 4G and 5G, with deletions and with handovers.
EDITED = ("jrpalmieri+UERANSIM-Handover/tools__dashboard__logs__test-dereg__trace_10_4.pcap",
          "jrpalmieri+UERANSIM-Handover/tools__dashboard__logs__old__trace_handover_10_1.pcap",
          "zitouni+oai-cn5g-fed/docs__results__cotsue__pcap__core.pcap",
          "zitouni+oai-cn5g-fed/docs__results__UERANSIM__pcap__5gcn-deployment-ueransim.pcap",
          "open5gs+open5gs/docs__assets__pcapng__srsenb.pcapng",
          "zitouni+oai-cn5g-fed/docs__results__omec-gnbsim__pcap__5gcn-deployment-omec-gnbsim.pcapng",
          "open5gs+open5gs/docs__assets__pcapng__testregistration.pcapng")


def labelled(path):
    """Frame number to PFCP message type of the frames that the authors marked: an IP header longer than 20 bytes."""
    marked = {}
    for number, p in enumerate(edits.load(str(path))[1], 1):
        at = p.at
        if len(p.data) > at + 40 and p.data[at] >> 4 == 4 and p.data[at] & 15 > 5:
            marked[number] = p.data[at + (p.data[at] & 15) * 4 + 9]
    return marked


def truth():
    """(file, check) to [frames or "label"]."""
    rows = collections.defaultdict(list)
    with open(TRUTH, encoding="utf-8") as file:
        for row in csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"):
            rows[row["file"], row["check"]].append("label" if row["frames"] == "label" else {int(n) for n in row["frames"].split()})
    return rows


def discovered_truth():
    """(file, check) to ({names of ends that the row is about}, why)."""
    with open(DISCOVERED_TRUTH, encoding="utf-8") as file:
        return {(row["file"], row["check"]): set(row["ends"].split()) for row in csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")}


def is_true(finding, rows, marked):
    return any(set(finding["frames"]) <= (set(marked) if row == "label" else row) for row in rows)


def covered(finding, kind, marked):
    """How many marked messages of a kind a finding counts. It names twenty frames at most, and counts all of its packets; where it is about several
    kinds, the sessions that it counts are the establishments, because each of those asks for a session of its own."""
    kinds = {marked[n] for n in finding["frames"] if n in marked}
    if finding["check"] != "second-speaker" or not kinds:
        return sum(marked.get(n) == kind for n in finding["frames"])
    everybody = collections.Counter(marked.values())
    if len(everybody) == 1:
        return finding["packets"] if kind in kinds else 0
    sessions = finding["measure"]["low"] if finding["measure"] else 0
    return sessions if kind == 50 else finding["packets"] - sessions


def one_capture(proviso, path, name, rows):
    """(complaints, lines about recall) of one capture, watched without a case."""
    findings, _ = judged.watch(proviso, path)
    alarms = [x for x in findings if judged.RANK[x["certainty"]] > 0]
    marked = labelled(path) if name.startswith(ATTACKS) else {}
    complaints = [f"{x['certainty']} {x['check']}: {x['subject']} to {x['peer']}, frames {x['frames'][:6]}: {x['explanation']}"
                  for x in alarms if not is_true(x, rows.get((name, x["check"]), []), marked)]
    lines = []
    for kind, count in sorted(collections.Counter(marked.values()).items()):
        by_check = collections.Counter()  # two checks may tell of the same messages
        for x in alarms:
            by_check[x["check"]] += covered(x, kind, marked)
        told = max(by_check.values(), default=0)
        lines.append(f"{name.split('__')[-1]:48} {KINDS.get(kind, kind):14} {told:4} of {count}")
        if not count <= told * 2 <= count * 2:
            complaints.append(f"{told} of {count} of kind {KINDS[kind]} found: less than half, or more than there are")
    attacks = [row for row in rows.get((name, "malformed"), []) if row != "label"] if name.startswith(ATTACKS) else []
    for row in attacks:  # not marked by the authors: their frames stand in the truth file
        told = len(row & {n for x in alarms for n in x["frames"]})
        lines.append(f"{name.split('__')[-1]:48} {'malformed':14} {told:4} of {len(row)}")
        if told < len(row):
            complaints.append(f"{told} of {len(row)} malformed requests found")
    if marked or attacks:
        lines.append(f"{name.split('__')[-1]:48} {'false alarms':14} {len(complaints):4}")
    return complaints, lines


def judge_edit(proviso, folder, case, edit):
    """What is wrong with the findings of one edited capture, or None."""
    name, path, check, certainty, numbers = edit
    taps = judged.taps_file(folder, path)
    findings, _ = judged.watch(proviso, path, case, "--taps", taps)
    if certainty == "unknown-only":
        about_tunnels = [x for x in findings if x["check"] in ("unordered-tunnel", "ended-tunnel") and judged.RANK[x["certainty"]] > 0]
        if about_tunnels:
            return f"{name}: a tunnel that is older than the capture is called {about_tunnels[0]['check']}"
        return None
    sure = max((judged.RANK[x["certainty"]] for x in findings if x["check"] == check and set(x["frames"]) & set(numbers)), default=-1)
    return None if sure >= 1 else f"{name}: {check} is {[*judged.RANK][sure] if sure >= 0 else 'not found'}"


def edited(proviso, folder, path):
    """(complaints, {edit: found}) of all edits of one real capture, by the inventory that is discovered from the original."""
    case = folder / "case"
    subprocess.run([proviso, "discover", path, "-o", case], check=True, stdout=subprocess.DEVNULL)
    link, _ = edits.load(str(path))
    complaints = []
    found = {}
    for edit, packets, check, certainty, numbers in edits.edits(str(path)):
        made = folder / f"{edit}.pcap"
        made.write_bytes(f.pcap(packets, link))
        wrong = judge_edit(proviso, folder, case, (edit, made, check, certainty, numbers))
        found[edit] = wrong is None
        complaints += [wrong] if wrong else []
    return complaints, found


def by_own_inventory(proviso, folder, path, name, rows, known):
    """(complaints, rows of DISCOVERED_TRUTH that came out) of one capture, watched by the inventory that is discovered from it: all of it is declared then."""
    case = folder / f"own-{name.replace('/', '-')}"
    subprocess.run([proviso, "discover", path, "-o", case], check=True, capture_output=True)
    if not case.exists():  # nothing told an element
        return [], set()
    marked = labelled(path) if name.startswith(ATTACKS) else {}
    complaints, met = [], set()
    for x in judged.watch(proviso, path, case)[0]:
        key = name, x["check"]
        if judged.RANK[x["certainty"]] == 0 or is_true(x, rows.get(key, []), marked):
            continue
        if known.get(key, set()) & {x["subject"], x["peer"], "*"}:
            met.add(key)
        else:
            complaints.append(f"by its own inventory: {x['certainty']} {x['check']}: {x['subject']} to {x['peer']}, frames {x['frames'][:5]}: {x['explanation']}")
    return complaints, met


def own_inventories(proviso, folder, paths, captures, rows):
    known, met = discovered_truth(), set()

    def one(path):
        name = str(path.relative_to(captures))
        return name, *by_own_inventory(proviso, folder, path, name, rows, known)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(one, paths))
    for name, complaints, here in results:
        met |= here
        yield f"own inventory {name}", "\n".join(complaints[:5]) or None
    print(f"\nby the inventory that is discovered from each: {sum(len(c) for _, c, _ in results)} false alarms in {len(paths)} captures")
    stale = [f"{name}: {check}" for name, check in known if (name, check) not in met]
    yield "own inventories: each row of the truth file comes out", "\n".join(stale) or None


def run(proviso, folder, corpus):
    """Yields (name, complaint or None or "skipped")."""
    captures = corpus / "captures"
    paths = sorted(p for p in captures.glob("*/*") if p.suffix in ENDINGS)
    if not paths:
        yield "corpus", "skipped"
        return
    rows = truth()

    def one(path):
        name = str(path.relative_to(captures))
        try:
            return name, *one_capture(proviso, path, name, rows)
        except AssertionError as wrong:
            return name, [str(wrong)], []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(one, paths))
    print("\nattacks in real captures, found")
    for _, _, lines in results:
        for line in lines:
            print(line)
    for name, complaints, _ in results:
        yield f"corpus {name}", "\n".join(complaints[:5]) or None
    yield from own_inventories(proviso, folder, paths, captures, rows)
    print("\ntrouble planted in real captures, found")
    table = collections.Counter()
    for number, name in enumerate(EDITED):
        place = folder / f"edited-{number}"
        place.mkdir()
        complaints, found = edited(proviso, place, captures / name)
        for edit, fine in found.items():
            table[edit, True] += fine
            table[edit, False] += 1
        yield f"edited {name}", "\n".join(complaints) or None
    for edit in sorted({edit for edit, _ in table}):
        print(f"{edit:20} {table[edit, True]} of {table[edit, False]}")
