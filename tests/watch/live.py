# SPDX-License-Identifier: Apache-2.0
"""A live watch between two network namespaces: every frame that was sent is judged, not judged for a reason, or lost.

Run as a program it is inside of its own namespace; run() starts that, or says "skipped" where it may not.

    unshare -n python3 tests/watch/live.py build/proviso SECONDS      how many packets of 1,000 bytes a second, and what was lost
"""
import ctypes
import fcntl
import json
import os
import pathlib
import pickle
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import frames as f  # noqa: E402
import interception  # noqa: E402
import network  # noqa: E402

SENDER = """
import socket, sys, pickle
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)
s.bind(("far", 0))
for frame in pickle.load(sys.stdin.buffer):
    s.send(frame)
"""


TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454ca, 1, 0x1000  # linux/if_tun.h
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def sh(command):
    subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_until(is_so, complaint, seconds=60):
    """However slow the machine is."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, complaint
        time.sleep(0.01)


def nothing_waits():
    """What was sent lies in a queue until the kernel finds the time to receive it: all cores' are empty (net/core/net-procfs.c)."""
    lines = pathlib.Path("/proc/net/softnet_stat").read_text(encoding="ascii").splitlines()
    return not any(int(line.split()[11], 16) for line in lines)


class Pair:
    """Two namespaces, `near` in ours and `far` in the other, and nothing else on the wire."""

    def __enter__(self):
        sh("ip link set lo up")
        self.other = subprocess.Popen(["unshare", "-n", "sleep", "600"])
        wait_until(lambda: os.readlink(f"/proc/{self.other.pid}/ns/net") != os.readlink("/proc/self/ns/net"), "no other namespace")
        sh(f"ip link add near type veth peer name far && ip link set far netns {self.other.pid}")
        for prefix, name in (("", "near"), (f"nsenter -n -t {self.other.pid} ", "far")):
            sh(f"{prefix}sh -c 'echo 1 >/proc/sys/net/ipv6/conf/{name}/disable_ipv6; ip link set {name} arp off; ip link set {name} up'")
        return self

    def __exit__(self, *_):
        self.other.kill()
        self.other.wait()

    def send(self, frames):
        subprocess.run(["nsenter", "-n", "-t", str(self.other.pid), sys.executable, "-c", SENDER], input=pickle.dumps(frames), check=True)
        wait_until(nothing_waits, "frames that nobody takes from the queue")

    def flood(self, seconds, senders=1):
        """Frames sent, and how many a second."""
        command = ["nsenter", "-n", "-t", str(self.other.pid), sys.executable, "-B", HERE / "flood.py", "far", str(seconds)]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(senders)]
        told = [process.communicate()[0].split() for process in running]
        assert not any(process.returncode for process in running), "a sender failed"
        wait_until(nothing_waits, "frames that nobody takes from the queue")
        return sum(int(sent) for sent, _ in told), sum(int(sent) / float(took) for sent, took in told)


class Watch:
    """A proviso that hears, until it is told to stop: or its check has ended, or nobody has told it for ten minutes."""

    running = []

    def __init__(self, proviso, *words, form=("--json",)):
        limit = [] if "--duration" in words else ["--duration", "10m"]
        self.process = subprocess.Popen([proviso, "watch", HERE / "case", *form, *words, *limit], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        Watch.running.append(self.process)
        wait_until(lambda: self.status_line("Seccomp") == "2", "it does not hear")  # the last thing before its first frame

    def status_line(self, name):
        """Of /proc/PID/status, without blanks at its ends."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return dict(line.split(":", 1) for line in text.splitlines())[name].strip()

    def seconds(self):
        """Of the processor, so far (proc(5): utime and stime)."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def end_all():
        for process in Watch.running:
            if process.poll() is None:
                process.kill()
            process.communicate()
        Watch.running.clear()

    def stop(self, number=signal.SIGINT):
        if number:
            self.process.send_signal(number)
        out, self.said = self.process.communicate(timeout=60)
        self.status = self.process.returncode
        if self.status >= 64:
            raise AssertionError(f"status {self.status}: {self.said}")
        return json.loads(out)


def made_frames(copies=1):
    n = network.Network()
    n.start()
    s = n.session()
    n.packets(s, 200)
    n.release(s)
    return [m.data for m in n.frames_of("core")] * copies


def add_up(result, sent):
    c = result["counters"]
    others, lost = sum(c["not_judged"].values()), result["coverage"]["dropped"] + (result["coverage"]["before_probe"] or 0)
    assert c["read"] == c["judged"] + others, f"read {c['read']}, judged {c['judged']}, not judged {others}"
    assert c["read"] + lost == sent, f"{sent} sent, {c['read']} read, {lost} lost"
    return c["read"]


def few_frames(pair, proviso):
    frames = made_frames()
    w = Watch(proviso, "--live", "near")
    pair.send(frames)
    result = w.stop()
    read = add_up(result, len(frames))
    assert read == len(frames), f"{read} of {len(frames)} read without any hurry"
    assert result["counters"]["judged"] == len(frames), result["counters"]
    assert "sandbox-part" not in w.said, w.said


def many_frames(pair, proviso):
    """As fast as the sender can."""
    frames = made_frames(150)
    w = Watch(proviso, "--live", "near")
    pair.send(frames)
    add_up(w.stop(), len(frames))


def flooded(pair, proviso):
    """As fast as the kernel can on one core, in the same millisecond and in whatever pieces: it adds up, on one thread and on two."""
    for threads in "1", "2":
        w = Watch(proviso, "--live", "near", "--threads", threads)
        sent, _ = pair.flood(1)
        result = w.stop()
        read = add_up(result, sent)
        assert result["counters"]["user_packets"] == read > 10000, f"{result['counters']} of {sent}"


def before_the_probe(_, proviso):
    """What an interface drops before anybody hears it is counted, and said: a tun takes packets of IP, and drops what is none."""
    if not os.access("/dev/net/tun", os.W_OK):
        return "skipped"
    good, bad = [frame[14:] for frame in made_frames()], 7
    with open("/dev/net/tun", "r+b", buffering=0) as tun:
        fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"bare", IFF_TUN | IFF_NO_PI))
        sh("sh -c 'echo 1 >/proc/sys/net/ipv6/conf/bare/disable_ipv6; ip link set bare up'")
        w = Watch(proviso, "--live", "bare")
        for packet in good:
            tun.write(packet)
        for _ in range(bad):
            try:
                tun.write(b"\xf0" + bytes(40))
            except OSError:
                pass  # it says so to whoever writes
        result = w.stop()
    add_up(result, len(good) + bad)
    assert result["coverage"]["before_probe"] == bad, result["coverage"]
    assert any(f"before the probe, in the adapter or a queue of the kernel, {bad} frames were lost" in line for line in result["coverage"]["cannot_be_said"]), result["coverage"]
    return None


def stopped_reader(pair, proviso):
    """More than the ring holds while the reader sleeps: the kernel's count of losses is in the result."""
    w = Watch(proviso, "--live", "near")
    w.process.send_signal(signal.SIGSTOP)
    frames = [frame + bytes(1400 - len(frame)) for frame in made_frames()] * 600
    pair.send(frames)
    w.process.send_signal(signal.SIGCONT)
    result = w.stop()
    add_up(result, len(frames))
    assert result["coverage"]["dropped"] > 0, "nothing was lost: the test does not test"


def filtered(pair, proviso):
    """Only what passes the filter is taken, also of frames with a VLAN tag, which comes back."""
    frames = made_frames()
    tagged = [frame[:12] + b"\x81\0\0\7" + frame[12:] for frame in frames]
    w = Watch(proviso, "--live", "near", "--filter", "udp port 8805")
    pair.send(frames + tagged)
    result = w.stop()
    n4 = sum(1 for frame in frames if frame[36:38] == b"\x22\x65")
    assert result["counters"]["judged"] == 2 * n4, f"{result['counters']} but {n4} frames of N4, twice"


def ended_by_time(pair, proviso):
    w = Watch(proviso, "--live", "near", "--duration", "4s")
    pair.send(made_frames())
    began = time.monotonic()
    add_up(w.stop(None), len(made_frames()))
    assert time.monotonic() - began < 20


def without_privileges(pair, proviso):
    """What the process is, once it hears."""
    w = Watch(proviso, "--live", "near")
    status = {name: w.status_line(name) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "Uid", "Gid", "Groups", "Seccomp", "NoNewPrivs")}
    w.stop()
    assert {status[name] for name in status if name.startswith("Cap")} == {"0" * 16}, status
    assert status["Uid"].split() == status["Gid"].split() == ["65534"] * 4 and not status["Groups"], status
    assert status["Seccomp"] == "2" and status["NoNewPrivs"] == "1", status


def writes_its_results(pair, proviso):
    """Privileges are gone by then, and the folders are those that were named."""
    folder = pathlib.Path(os.environ["TMPDIR_LIVE"]) / "results"
    folder.mkdir()
    folder.chmod(0o777)
    w = Watch(proviso, "--live", "near", "--report", folder / "page.html", "--evidence", folder / "claims.proviso", "--observations", folder / "seen")
    pair.send(made_frames())
    w.stop()
    assert sorted(path.name for path in folder.iterdir()) == ["claims.proviso", "page.html", "seen"] and (folder / "page.html").stat().st_size > 1000, list(folder.iterdir())


def killed_with_observations(pair, proviso):
    """kill -9 while it hears: the segment is readable, if without the minute that had not ended (kept.py has the rest)."""
    folder = pathlib.Path(os.environ["TMPDIR_LIVE"]) / "kept"
    w = Watch(proviso, "--live", "near", "--observations", folder)
    pair.send(made_frames())
    time.sleep(0.3)
    w.process.kill()
    w.process.communicate()
    done = subprocess.run([proviso, "observations", folder, "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and json.loads(done.stdout)["segments"] == 1, done


def restricted_frames(folder):
    """All that can say who intercepts (interception.py), and the file that names it."""
    folder.mkdir()
    folder.chmod(0o777)
    _, frames = f.read_pcap(interception.capture(folder, interception.PLANTED).read_bytes())
    (folder / "li.pcap").unlink()
    (folder / "li.txt").write_text(f"{interception.TARGET}\n{interception.OTHER}\n{interception.SIXTH}\n", encoding="utf-8")
    return [data for _, data, _ in frames]


def all_that_left(proviso, folder, said):
    """(where, what): of the folder's outputs, of what their queries say, and of the terminal."""
    yield from said
    for by in ("pair", "element", "point", "minute"):
        done = subprocess.run([proviso, "observations", folder / "seen", "--top", "0", "--json", "--by", by], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        yield f"observations by {by}", done.stdout + done.stderr
    yield from interception.texts(*(path for path in folder.iterdir() if path.name not in ("li.txt", "li.pcap")))


def interception_leaves_nothing(pair, proviso):
    """Whichever way it ends: Ctrl-C, a time, kill -9; without the list the same places have it. (--cut reads captures once more, and goes with none of it.)"""
    for end in ("interrupted", "by-time", "killed", "without-the-list"):
        folder = pathlib.Path(os.environ["TMPDIR_LIVE"]) / f"li-{end}"
        frames = restricted_frames(folder)
        words = ["--live", "near", "--identities", "--subscribers", "--observations", folder / "seen", "--report", folder / "page.html", "--evidence", folder / "claims.proviso"]
        words += [] if end == "without-the-list" else ["--li-list", folder / "li.txt"]
        w = Watch(proviso, *words, *(["--duration", "4s"] if end == "by-time" else []))
        pair.send(frames)
        said = []
        if end == "killed":
            time.sleep(0.3)
            w.process.kill()
            said = [("terminal", "".join(w.process.communicate()))]
        else:
            result = w.stop(None if end == "by-time" else signal.SIGINT)
            add_up(result, len(frames))
            said = [("json", json.dumps(result)), ("stderr", w.said)]
            if end != "without-the-list":
                assert result["counters"]["not_judged"]["interception"] > 100 and result["interception"], f"{end}: {result['counters']}"
        told = {(where, secret) for where, what in all_that_left(proviso, folder, said) for secret in interception.SECRETS if secret in what}
        if end != "without-the-list":
            assert not told, f"{end}: {sorted(told)}"
        else:
            assert {where for where, _ in told} >= {"json", "page.html", "observations by pair", "observations by element"}, f"it can't fail: {told}"


def interception_on_the_terminal(pair, proviso):
    """The text that a person sees."""
    folder = pathlib.Path(os.environ["TMPDIR_LIVE"]) / "li-text"
    frames = restricted_frames(folder)
    w = Watch(proviso, "--live", "near", "--identities", "--subscribers", "--li-list", folder / "li.txt", form=[])
    pair.send(frames)
    w.process.send_signal(signal.SIGINT)
    text = "".join(w.process.communicate(timeout=60))
    assert w.process.returncode == 1 and "FOUND" in text, text
    told = [secret for secret in interception.SECRETS if secret in text]
    assert not told, f"{told} in {text}"
    done = subprocess.run([proviso, "watch", HERE / "case", "--live", "near", "--cut", folder / "cuts"], capture_output=True, text=True, check=False)
    assert done.returncode == 64 and not (folder / "cuts").exists(), done


def interface_down(pair, proviso):
    """Nobody spins, what comes afterwards is heard, and the result says that something may have been missed."""
    w = Watch(proviso, "--live", "near")
    sh("ip link set near down")
    time.sleep(0.5)
    before = w.seconds()
    time.sleep(1)
    used = w.seconds() - before
    sh("ip link set near up")
    pair.send(made_frames())
    result = w.stop()
    assert used < 0.3, f"{used} s of processor time while nothing can come"
    assert add_up(result, len(made_frames())), "nothing is heard of an interface that is back"
    assert any("were down or went away" in x for x in result["coverage"]["cannot_be_said"]), result["coverage"]
    assert "near: warning: the interface was down for a time" in w.said, w.said


def interface_gone(pair, proviso):
    """The watch of an interface that nobody has any more ends by itself, with all that was heard before."""
    sh("ip link add spare type veth peer name erased")
    for name in ("spare", "erased"):
        sh(f"sh -c 'echo 1 >/proc/sys/net/ipv6/conf/{name}/disable_ipv6; ip link set {name} arp off; ip link set {name} up'")
    w, both = Watch(proviso, "--live", "spare"), Watch(proviso, "--live", "spare", "--live", "near")
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
        s.bind(("erased", 0))
        for frame in made_frames():
            s.send(frame)
    wait_until(nothing_waits, "frames that nobody takes from the queue")
    sh("ip link del spare")
    add_up(w.stop(None), len(made_frames()))
    assert "spare: warning: the interface went away" in w.said, w.said
    pair.send(made_frames())
    result = both.stop()
    add_up(result, 2 * len(made_frames()))
    assert any("1 of 2 interfaces" in x for x in result["coverage"]["cannot_be_said"]), result["coverage"]
    assert result["coverage"]["before_probe"] is None, "what an interface lost that is gone, nobody can tell"


def another_name(pair, proviso):
    """The kernel knows an interface by names that its list of losses does not have: what is lost is then not known, and not 0."""
    sh("ip link property add dev near altname nearby")
    w = Watch(proviso, "--live", "nearby")
    pair.send(made_frames())
    result = w.stop()
    sh("ip link property del dev near altname nearby")
    assert add_up(result, len(made_frames())) and result["coverage"]["before_probe"] is None, result["coverage"]


def two_interfaces(pair, proviso):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    w = Watch(proviso, "--live", "near", "--live", "lo")
    frames = made_frames()
    pair.send(frames)
    for _ in range(10):
        s.sendto(b"x" * 50, ("127.0.0.1", 8805))
    wait_until(nothing_waits, "frames that nobody takes from the queue")
    result = w.stop()
    got = result["counters"]["read"]
    # On lo the ten once each, and perhaps the kernel's "port unreachable" for them.
    assert len(frames) + 10 <= got <= len(frames) + 20, f"{got} read, {len(frames)} + 10 sent"


def mistakes(pair, proviso):
    for words, status, text in ((["--live", "nowhere"], 66, 'there is no interface "nowhere"'), (["--live", "near", "--filter", "udp prt 1"], 64, "syntax error"),
                                (["--live", "near", "--duration", "x"], 64, "--duration needs a time"), (["--live", "near", "--live", "near"], 64, "--live near is named twice"),
                                (["--live", "near", "--read", "x.pcap"], 64, "not both")):
        done = subprocess.run([proviso, "watch", *words], capture_output=True, text=True, check=False)
        assert done.returncode == status and text in done.stderr, f"{words}: {done.returncode} {done.stderr}"


CHECKS = (few_frames, many_frames, flooded, before_the_probe, stopped_reader, filtered, ended_by_time, without_privileges, writes_its_results, killed_with_observations, interception_leaves_nothing, interception_on_the_terminal, interface_down, interface_gone, another_name, two_interfaces, mistakes)


def inside(proviso):
    with Pair() as pair:
        for check in CHECKS:
            try:
                print(f"{check.__name__}\t{check(pair, proviso) or ''}")
            except (AssertionError, OSError, subprocess.SubprocessError) as wrong:
                print(f"{check.__name__}\t{str(wrong)!r}")
            finally:
                Watch.end_all()


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run(proviso, folder):
    """Yields (name, complaint or None or "skipped")."""
    may = shutil.which("unshare") and shutil.which("ip") and not os.geteuid()
    # Processes of a namespace of their own: however this one ends, none of them goes on.
    done = may and subprocess.run(["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable, "-B", __file__, proviso],
                                  capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR_LIVE": str(folder)}, preexec_fn=die_with_parent)
    if not may or done.returncode and not done.stdout:
        if may and "Operation not permitted" not in done.stderr:
            yield "live", done.stderr
        else:
            yield from ((f"live {check.__name__}", "skipped") for check in CHECKS)
        return
    told = dict(line.split("\t") for line in done.stdout.splitlines())
    for check in CHECKS:
        yield f"live {check.__name__.replace('_', '-')}", told.get(check.__name__, f"did not run: {done.stderr[-400:]}") or None


def measure(proviso, seconds):
    with Pair() as pair:
        for senders in 1, 2:
            print(f"{senders} sending, nobody hears: {pair.flood(seconds, senders)[1] / 1e6:.2f} M packets/s")
            for threads in "1", "2":
                w = Watch(proviso, "--live", "near", "--threads", threads)
                sent, rate = pair.flood(seconds, senders)
                result = w.stop()
                read, lost, before = result["counters"]["read"], result["coverage"]["dropped"], result["coverage"]["before_probe"]
                print(f"{senders} sending, proviso hears with --threads {threads}: {rate / 1e6:.2f} M packets/s, {sent} sent = {read} read + {lost} lost in the ring + {before} before the probe")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        measure(sys.argv[1], float(sys.argv[2]))
    else:
        inside(sys.argv[1])
