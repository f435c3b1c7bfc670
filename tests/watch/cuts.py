# SPDX-License-Identifier: Apache-2.0
"""proviso watch --cut: a small capture for each finding, without what people said."""
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import time

import frames as f
import judged
import network
import scenarios

HERE = pathlib.Path(__file__).resolve().parent


def busy(folder):
    """A capture with several kinds of findings; the bytes that subscribers said."""
    n = network.Network(11)
    first, second = scenarios.two_sessions(n)
    scenarios.copy_in_gre(n, first, second)
    scenarios.spoofed_g_pdu(n, first, second)
    scenarios.foreign_modification(n, first, second)
    path = folder / "busy.pcap"
    n.write(path)
    said = {bytes(m.data[-40:]) for m in n.marks if b"\x08\x68\x08\x68" in m.data[34:38] or m.data[23] == 47}
    return path, said


def run_watch(proviso, path, *words):
    done = subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--json", *words], capture_output=True, text=True, check=False)
    assert done.returncode < 64, f"status {done.returncode}: {done.stderr}"
    return json.loads(done.stdout)


def frames_of(path):
    """(captured, on the wire, number in its capture) of each frame of a cut, as another program reads them."""
    done = subprocess.run(["tshark", "-r", path, "-T", "fields", "-e", "frame.cap_len", "-e", "frame.len", "-e", "frame.comment"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"tshark does not read {path.name}: {done.stderr}"
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return [(int(a), int(b), int(c.split()[-1])) for a, b, c in rows]


def is_whole(data):
    """The blocks of a pcapng file add up to it."""
    at = 0
    while at + 12 <= len(data):
        at += int.from_bytes(data[at + 4:at + 8], "little")
    return at == len(data) > 0


def headers_only(proviso, folder):
    path, said = busy(folder)
    cuts = folder / "cuts"
    findings = [x for x in run_watch(proviso, path, "--cut", cuts)["findings"]]
    files = sorted(cuts.iterdir())
    named = [x for x in findings if x["frames"]]
    assert len(files) == len(named) > 3, f"{len(files)} files, {len(named)} findings with frames"
    original = [len(data) for _, data, _ in f.read_pcap(path.read_bytes())[1]]
    for file, finding in zip(files, named):
        assert re.fullmatch(rf"\d{{4}}-{finding['check']}\.pcapng", file.name), f"{file.name} is for {finding['check']}"
        rows = frames_of(file)
        assert [r[2] for r in rows] == sorted(finding["frames"]), f"{file.name} has {rows}"
        for captured, length, number in rows:
            assert length == original[number - 1], f"{file.name}: frame {number} is told to have {length} bytes"
            assert captured <= 14 + 20 + 8 + 20 + 20 + 20, f"{file.name}: {captured} bytes of frame {number}"
        data = file.read_bytes()
        assert not any(piece in data for piece in said), f"{file.name} has what a subscriber said"


def with_payload(proviso, folder):
    path, said = busy(folder)
    cuts = folder / "cuts"
    run_watch(proviso, path, "--cut", cuts, "--payload")
    assert any(piece in file.read_bytes() for file in cuts.iterdir() for piece in said), "no cut has the payload"
    for file in cuts.iterdir():
        assert all(captured == length for captured, length, _ in frames_of(file)), f"{file.name} is cut"


def several_taps(proviso, folder):
    """Frames of two captures in one cut, each with its own interface."""
    n = network.Network(12)
    first, second = scenarios.two_sessions(n)
    scenarios.copy_in_gre(n, first, second)
    for m in n.marks:
        m.tap = "n6" if m.data[23] == 47 else "core"
    one, two = folder / "core.pcap", folder / "n6.pcap"
    n.write(one)
    n.write(two, tap="n6")
    cuts = folder / "cuts"
    findings = run_watch(proviso, one, "--read", two, "--cut", cuts)["findings"]
    assert any(x["check"] == "copied-payload" for x in findings), [x["check"] for x in findings]
    for file in cuts.iterdir():
        frames_of(file)


def used_folder(proviso, folder):
    """A folder with files is refused before anything is read, and stays as it is."""
    path, _ = busy(folder)
    cuts = folder / "cuts"
    for name, status in (("0001-malformed.pcapng", 73), ("notes.txt", 73), (".left-by-a-kill", 1)):
        cuts.mkdir()
        (cuts / name).write_text("mine", encoding="utf-8")
        done = subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--cut", cuts], capture_output=True, text=True, check=False)
        assert done.returncode == status, f"{name}: {done.returncode} {done.stderr}"
        assert (cuts / name).read_text(encoding="utf-8") == "mine"
        if status == 73:
            assert [p.name for p in cuts.iterdir()] == [name] and f"holds {name} already" in done.stderr and not done.stdout, done.stderr
        shutil.rmtree(cuts)
    (folder / "file").write_text("mine", encoding="utf-8")
    done = subprocess.run([proviso, "watch", "--read", path, "--cut", folder / "file"], capture_output=True, text=True, check=False)
    assert done.returncode == 73 and (folder / "file").read_text(encoding="utf-8") == "mine", done.stderr


def no_room(proviso, folder):
    """A file that can't be written whole: status 74, and no file of the run is there."""
    path, _ = busy(folder)
    run_watch(proviso, path, "--cut", folder / "all", "--payload")
    sizes = sorted(file.stat().st_size for file in (folder / "all").iterdir())
    limit = sizes[-1] - 1  # all but the largest would fit
    assert sizes[0] < limit

    def little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    done = subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--cut", folder / "cuts", "--payload"], capture_output=True, text=True, check=False, preexec_fn=little_room)
    assert done.returncode == 74 and "can't be written" in done.stderr and not done.stdout, f"{done.returncode} {done.stderr}"
    assert not (folder / "cuts").exists(), [p.name for p in (folder / "cuts").iterdir()]
    (folder / "mine").mkdir()
    done = subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--cut", folder / "mine", "--payload"], capture_output=True, text=True, check=False, preexec_fn=little_room)
    assert done.returncode == 74 and not list((folder / "mine").iterdir()), f"{done.returncode} {done.stderr}"


def all_or_none(proviso, folder):
    """Of what a result is written to, nothing is there where one of them could not be written."""
    path, _ = busy(folder)
    place = folder / "written"
    words = {"--cut": place / "cuts", "--evidence": place / "seen.proviso", "--report": place / "page.html"}

    def run_with(words, most=resource.RLIM_INFINITY):
        def little_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        done = subprocess.run([proviso, "watch", HERE / "case", "--read", path, *(x for pair in words.items() for x in pair)], capture_output=True, text=True, check=False, preexec_fn=little_room)
        return done, {p.name: p.stat().st_size for p in place.rglob("*") if p.is_file()}
    done, sizes = run_with(words)
    assert done.returncode == 1 and len(sizes) > 5, done.stderr
    stopped = set()
    for most in (0, *sorted({size - 1 for size in sizes.values()})):
        done, _ = run_with(words, most)
        assert done.returncode == 74 and not done.stdout, f"{most} bytes: {done.returncode} {done.stderr}"
        assert not list(place.iterdir()), f"{most} bytes, and there is {[str(p) for p in place.rglob('*')]}"
        stopped.add(pathlib.Path(done.stderr.split("error: ")[1].split(" ")[0]).suffix)
    assert len(stopped) > 1, f"it was full at the same file each time: {stopped}"
    for option in ("--evidence", "--report"):
        for full, status in (("/dev/full", 74), ("/proc/nowhere/x", 73)):
            done, _ = run_with({**words, option: full})
            assert done.returncode == status and not done.stdout, f"{option} {full}: {done.returncode} {done.stderr}"
            assert not list(place.iterdir()), f"{option} {full}, and there is {[str(p) for p in place.rglob('*')]}"


def full_disk(proviso, folder):
    """The same on a file system without room, where this process may mount one."""
    path, _ = busy(folder)
    disk = folder / "disk"
    disk.mkdir()
    if os.geteuid() or not shutil.which("unshare"):
        return "skipped"
    script = f"mount -t tmpfs -o size=12k none {disk} && {proviso} watch {HERE / 'case'} --read {path} --cut {disk}/cuts >{folder}/said; echo $?; ls -A {disk}"
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, check=False)
    if "mount" in done.stderr and "denied" in done.stderr:
        return "skipped"
    assert done.stdout == "74\n", f"{done.stdout} {done.stderr}"
    assert not (folder / "said").read_bytes(), "a result is shown all the same"
    return None


def killed(proviso, folder):
    """kill -9 at any moment: what is there under its name is whole."""
    path, _ = busy(folder)
    for k in range(25):
        cuts = folder / f"cuts-{k}"
        process = subprocess.Popen([proviso, "watch", HERE / "case", "--read", path, "--cut", cuts], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while not cuts.exists() and process.poll() is None and time.monotonic() < end:
            pass
        time.sleep(k / 5000)
        process.kill()
        process.wait()
        for file in cuts.iterdir() if cuts.exists() else ():
            assert file.name.startswith(".") or is_whole(file.read_bytes()), f"{file.name} is not whole"


def mistakes(proviso, folder):
    path, _ = busy(folder)
    for words, status in (([path, "--payload"], 64), ([path, "--cut", "/proc/nowhere"], 73), (["--live", "lo", "--cut", "x"], 64)):
        done = subprocess.run([proviso, "watch", *words], capture_output=True, text=True, check=False)
        assert done.returncode == status or (words[0] == "--live" and done.returncode == 77), f"{words[1:]}: {done.returncode} {done.stderr}"


def run(proviso, folder):
    """Yields (name, complaint or None)."""
    for check in (headers_only, with_payload, several_taps, used_folder, no_room, all_or_none, full_disk, killed, mistakes):
        place = folder / f"cut-{check.__name__}"
        place.mkdir()
        try:
            yield f"cut {check.__name__.replace('_', '-')}", check(proviso, place)
        except AssertionError as wrong:
            yield f"cut {check.__name__.replace('_', '-')}", str(wrong)
