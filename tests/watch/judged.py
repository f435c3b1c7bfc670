# SPDX-License-Identifier: Apache-2.0
"""Does the watch find what is planted in the made captures, and nothing in the quiet ones?"""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess

import scenarios

HERE = pathlib.Path(__file__).resolve().parent
RANK = {"unknown": 0, "likely": 1, "certain": 2}

# Checks that the program does not have yet: what is planted for them is counted and not asked for.
NOT_YET = set()


def taps_file(folder, capture, name="core"):
    """The declaration of the one tap that hears all (tests/watch/taps.csv), for this capture."""
    path = folder / f"{capture.stem}.taps.csv"
    path.write_text((HERE / "taps.csv").read_text(encoding="utf-8").replace("CAPTURE", str(capture)), encoding="utf-8")
    return path


def watch(proviso, capture, *words):
    """The findings of a run, and its whole result."""
    done = subprocess.run([proviso, "watch", "--read", capture, "--json", *words], capture_output=True, text=True, check=False)
    if done.returncode >= 64:
        raise AssertionError(f"status {done.returncode}: {done.stderr}")
    result = json.loads(done.stdout)
    alarms = sum(1 for f in result["findings"] if RANK[f["certainty"]] > 0 and f["status"] != "waived")
    if (done.returncode == 1) != (alarms > 0):
        raise AssertionError(f"status {done.returncode} with {alarms} alarms")
    counters = result["counters"]
    if counters["read"] != counters["judged"] + sum(counters["not_judged"].values()):
        raise AssertionError(f"counters do not add up: {counters}")
    return result["findings"], result


def best(findings, truth):
    """How sure the best finding for this truth is; -1: there is none."""
    numbers = {mark.number for mark in truth.marks}
    return max((RANK[f["certainty"]] for f in findings if f["check"] in truth.checks and (numbers & set(f["frames"]) or not numbers)), default=-1)


def case_with(folder, policies):
    """The case, judged by these policies of its folder too."""
    case = folder / ("case-" + "-".join(policies))
    if not case.exists():
        shutil.copytree(HERE / "case", case)
        with open(case / "case.proviso", "a", encoding="utf-8") as file:
            file.writelines(f"  policy policies/{name}.proviso\n" for name in policies)
    return case


def judge(proviso, folder, name, truths, also, policies):
    """(rows of the recall table, complaints) of one capture."""
    capture = folder / f"{name}.pcap"
    case = case_with(folder, policies) if policies else HERE / "case"
    findings, _ = watch(proviso, capture, case, "--taps", taps_file(folder, capture))
    rows, complaints = [], []
    for truth in truths:
        sure = best(findings, truth)
        asked = not set(truth.checks) <= NOT_YET
        rows.append(("|".join(truth.checks), truth.certainty, sure >= RANK[truth.certainty], asked))
        if asked and sure < RANK[truth.certainty]:
            complaints.append(f"{'|'.join(truth.checks)} is to be {truth.certainty}, and is {[*RANK][sure] if sure >= 0 else 'not found'}")
    allowed = also | {check for truth in truths for check in truth.checks}
    false = [f for f in findings if RANK[f["certainty"]] > 0 and f["check"] not in allowed]
    complaints += [f"false alarm: {f['certainty']} {f['check']}, {f['subject']} to {f['peer']}, frames {f['frames'][:5]}: {f['explanation']}" for f in false[:5]]
    return rows, len(false), complaints


def print_table(judged):
    """Recall and false alarms by kind: what was planted, how often it was found, how sure."""
    table = {}
    for name, (rows, false, _) in judged.items():
        for check, certainty, found, asked in rows:
            entry = table.setdefault((check, certainty), [0, 0, 0, asked])
            entry[0] += 1
            entry[1] += found
        if name in scenarios.QUIET:
            table.setdefault(("(quiet captures)", "none"), [0, 0, 0, True])[0] += 1
            table[("(quiet captures)", "none")][2] += false
        elif rows:
            table[rows[0][0], rows[0][1]][2] += false
    print(f"{'planted':44} {'at least':9} {'found':>9} {'false':>6}")
    for (check, certainty), (planted, found, false, asked) in sorted(table.items()):
        print(f"{check:44} {certainty:9} {f'{found} of {planted}':>9} {false:6}{'' if asked else '  not yet'}")


def run(proviso, folder, made):
    """made: name to (truths, also, options). Yields (name, complaint or None)."""
    def one(name):
        truths, also, policies = made[name]
        try:
            return judge(proviso, folder, name, truths, also, policies)
        except AssertionError as wrong:
            return [], 0, [str(wrong)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        judged = dict(zip(made, pool.map(one, made)))
    print_table(judged)
    for name, (_, _, complaints) in judged.items():
        yield f"{name}, watched", "\n".join(complaints) or None
