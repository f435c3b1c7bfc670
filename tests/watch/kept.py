# SPDX-License-Identifier: Apache-2.0
"""Observations that are kept: do they add up, and what is left of them when the watch is killed or the disk is full?"""
import collections
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import time

import network
import scenarios

HERE = pathlib.Path(__file__).resolve().parent


def long_capture(folder, minutes=60):
    """An hour of heartbeats and user packets, one session."""
    n = network.Network()
    n.start()
    s = n.session()
    for _ in range(minutes):
        n.heartbeat(n.smf1, n.upf1)
        n.packets(s, 4)
        n.wait(60)
    path = folder / "hour.pcap"
    n.write(path)
    return path, len(n.marks), sum(len(m.data) for m in n.marks)


def query(proviso, folder, *words):
    done = subprocess.run([proviso, "observations", folder, "--json", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"observations ends with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout), done.stderr


def adds_up(proviso, folder):
    """Every packet of the capture once, whatever it is added up by."""
    path, packets, size = long_capture(folder)
    kept = folder / "kept"
    subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--observations", kept], stdout=subprocess.DEVNULL, check=False)
    for by in ("pair", "element", "point", "minute", "hour", "day"):
        result, _ = query(proviso, kept, "--by", by, "--top", "0")
        rows = result["groups"]
        assert result["all"]["packets_sent"] == packets, f"{by}: {result['all']['packets_sent']} packets, not {packets}"
        assert sum(g["packets_sent"] for g in rows) == packets, f"by {by} the groups do not add up to {packets}"
        assert sum(g["bytes_sent"] for g in rows) == size, f"by {by} the bytes do not add up to {size}"
    hours, _ = query(proviso, kept, "--by", "hour")
    assert [g["first"] for g in hours["groups"]] == ["2025-06-15T15:00Z", "2025-06-15T16:00Z"], hours["groups"]
    n4, _ = query(proviso, kept, "--over", "N4", "--element", "smf1", "--from", "2025-06-15T15:10", "--until", "2025-06-15T15:20")
    got = {(g["from"], g["to"]): g["packets_sent"] for g in n4["groups"]}
    assert got == {("smf1", "upf1"): 10, ("upf1", "smf1"): 10}, f"ten minutes of heartbeats are {got}"


def killed(proviso, folder):
    """kill -9 while it reads: what of the past minutes it had is there."""
    path, _, _ = long_capture(folder)
    pipe, kept = folder / "pipe", folder / "killed"
    os.mkfifo(pipe)
    process = subprocess.Popen([proviso, "watch", HERE / "case", "--read", pipe, "--observations", kept], stdout=subprocess.DEVNULL)
    data = path.read_bytes()
    with open(pipe, "wb", buffering=0) as out:
        out.write(data[:len(data) * 3 // 4])
        segment, end = kept / "000001.observations", time.monotonic() + 30
        size = -1
        while time.monotonic() < end:  # until it has read what there is
            time.sleep(0.3)
            now = segment.stat().st_size if segment.exists() else 0
            if now == size and now > 0:
                break
            size = now
        process.send_signal(signal.SIGKILL)
        process.wait()
    result, _ = query(proviso, kept, "--by", "minute")
    assert len(result["groups"]) >= 40, f"{len(result['groups'])} minutes are left of 45"
    # A block torn in the middle, as a crash of the machine leaves it.
    segment.write_bytes(segment.read_bytes()[:-7])
    torn, said = query(proviso, kept, "--by", "minute")
    assert 0 < len(torn["groups"]) < len(result["groups"]), "the torn block counts"
    assert "ends in the middle of a block" in said, said


def full(proviso, folder):
    """No room: status 74, and the blocks that were written are readable."""
    path, _, _ = long_capture(folder)
    kept = folder / "full"

    def little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    done = subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--observations", kept], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False, preexec_fn=little_room)
    assert done.returncode == 74, f"status {done.returncode}: {done.stderr}"
    assert "000001.observations can't be written" in done.stderr, done.stderr
    result, said = query(proviso, kept)
    assert result["rows"] > 0 and "segment" not in result, result
    assert "ends in the middle of a block" in said, said


def full_disk(proviso, folder):
    """The same on a file system without room, where this process may mount one."""
    path, _, _ = long_capture(folder)
    disk = folder / "disk"
    disk.mkdir()
    if os.geteuid() or not shutil.which("unshare"):
        return "skipped"
    script = f"mount -t tmpfs -o size=8k none {disk} && {proviso} watch {HERE / 'case'} --read {path} --observations {disk}/kept >/dev/null; echo $?; " \
             f"{proviso} observations {disk}/kept --json"
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, check=False)
    if "mount" in done.stderr and "denied" in done.stderr:
        return "skipped"
    status, _, rest = done.stdout.partition("\n")
    assert status == "74", f"status {status}: {done.stderr}"
    assert json.loads(rest)["rows"] > 0, rest
    return None


def hardly_begun(proviso, folder):
    """A run that ended before its first bytes were on the disk costs nobody else's rows."""
    path, _, _ = long_capture(folder)
    kept = folder / "kept"
    subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--observations", kept], stdout=subprocess.DEVNULL, check=False)
    whole, _ = query(proviso, kept)
    (kept / "000002.observations").write_bytes(b"")
    (kept / "000003.observations").write_bytes(b"proviso obs")
    result, said = query(proviso, kept)
    assert result["rows"] == whole["rows"] > 0, f"{result['rows']} rows of {whole['rows']}"
    assert said.count("ends before its first block") == 2, said
    assert "000002.observations: warning" in said and "000003.observations: warning" in said, said


def no_segment(proviso, folder):
    (folder / "other").mkdir()
    (folder / "other" / "000001.observations").write_bytes(b"proviso observations 2\n")
    done = subprocess.run([proviso, "observations", folder / "other"], capture_output=True, text=True, check=False)
    assert done.returncode == 65 and "is no segment of observations" in done.stderr, done
    done = subprocess.run([proviso, "observations", folder / "other" / "000001.observations"], capture_output=True, text=True, check=False)
    assert done.returncode == 64 and "is a file: name the folder" in done.stderr, done
    done = subprocess.run([proviso, "observations", folder / "nowhere"], capture_output=True, text=True, check=False)
    assert done.returncode == 66 and "nowhere does not exist" in done.stderr, done


def in_turns(proviso, folder):
    """Four stations, two of them nobody's, send into one tunnel, in turns and at random: what each sent is what the capture has."""
    n = network.Network(33)
    first, _ = scenarios.two_sessions(n)
    stations = {n.gnb1.n3: "gnb1", n.gnb2.n3: "gnb2", "10.66.6.6": "10.66.6.6", "10.66.6.7": "10.66.6.7"}
    names, rng = list(stations), random.Random(5)
    for i in range(900):
        here = names[0] if i < 20 else names[i % 2] if i < 100 else rng.choice(names) if i < 700 else names[3]
        n.on_n3(first, True, n.inner(first, True, rng.randint(40, 900)), source=here)
        n.wait(0.2)
    path, kept = folder / "turns.pcap", folder / "kept"
    n.write(path)
    sent = collections.Counter()
    for mark in n.marks:
        here, there = n.ends(mark.data[14:])
        if there == n.upf1.n3 and here in stations:
            sent[stations[here], "packets"] += 1
            sent[stations[here], "bytes"] += len(mark.data)
    subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--observations", kept], stdout=subprocess.DEVNULL, check=False)
    told = {(g["from"], what): g[f"{what}_sent"] for g in query(proviso, kept, "--top", "0")[0]["groups"]
            if g["to"] == "upf1" and g["from"] in stations.values() for what in ("packets", "bytes")}
    assert told == dict(sent), f"{told} is not {dict(sent)}"


def names(proviso, folder):
    """A name that no row has is told from one of which nothing is left."""
    path, _, _ = long_capture(folder, 3)
    kept = folder / "kept"
    subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--observations", kept], stdout=subprocess.DEVNULL, check=False)
    for words, said in ((("--over", "n4"), 'no row is of reference point or protocol "n4" (did you mean "N4"?)'),
                        (("--over", "zzzzzzzz"), 'no row is of reference point or protocol "zzzzzzzz"\n'),
                        (("--element", "upf-1"), 'no row is of element or address "upf-1" (did you mean "upf1"?)'),
                        (("--over", "N4", "--from", "2030-01-01"), "")):
        result, told = query(proviso, kept, *words)
        assert result["group_count"] == 0, f"{words}: {result['groups']}"
        assert (f"{kept}: warning: {said}" in told) if said else not told, f"{words}: {told}"


CHECKS = {check.__name__.replace("_", "-"): check for check in (adds_up, names, killed, full, full_disk, hardly_begun, no_segment, in_turns)}


def run(proviso, folder):
    """Yields (name, complaint or None or "skipped")."""
    for name, check in CHECKS.items():
        place = folder / f"kept-{name}"
        place.mkdir()
        try:
            yield f"observations {name}", check(proviso, place)
        except AssertionError as wrong:
            yield f"observations {name}", str(wrong)


