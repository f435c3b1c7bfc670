# SPDX-License-Identifier: Apache-2.0
"""Captures that break off, and captures that come through a pipe."""
import json
import os
import pathlib
import signal
import struct
import subprocess
import time

import frames as f
import network
import ngap

HERE = pathlib.Path(__file__).resolve().parent


def block(kind, body):
    length = 12 + len(body)
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def pcapng(frames):
    """One section, one interface with nanoseconds; and where each block ends."""
    out = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1))
    out += block(1, struct.pack("<HHI", f.ETHERNET, 0, 0) + struct.pack("<HHB3xHH", 9, 1, 9, 0, 0))
    ends = [len(out)]
    for time_ns, data in frames:
        out += block(6, struct.pack("<IIIII", 0, time_ns >> 32, time_ns & 0xffffffff, len(data), len(data)) + data + b"\0" * (-len(data) % 4))
        ends.append(len(out))
    return out, ends


def pcap(frames):
    """The same, the older way."""
    ends = [24]
    for _, data in frames:
        ends.append(ends[-1] + 16 + len(data))
    return f.pcap(frames), ends


def first_frames(count):
    """Of an everyday network: the third and the fourth are an association's request and answer."""
    n = network.Network()
    n.associate(n.smf1, n.upf1)
    n.heartbeat(n.smf1, n.upf1)
    n.ng_setup(n.gnb1, n.amf1)
    s = n.session()
    n.packets(s, 40)
    return [(m.time, m.data) for m in n.frames_of("core")][:count]


def watch(proviso, path, *words, data=None):
    done = subprocess.run([proviso, "watch", "--read", path, "--json", *words], capture_output=True, input=data, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr.decode()


def every_byte(proviso, folder):
    """Cut at each byte of the first records: read is what was whole, one more is lost, and two of three is too little."""
    for write in (pcap, pcapng):
        data, ends = write(first_frames(3))
        path = folder / "cut.pcap"
        for size in range(ends[0], len(data) + 1):
            path.write_bytes(data[:size])
            whole, broken = max(i for i, end in enumerate(ends) if end <= size), size not in ends
            status, result, said = watch(proviso, path)
            where = f"{write.__name__} cut at {size}"
            assert result["counters"]["read"] == whole, f"{where}: {result['counters']['read']} read, {whole} are whole"
            assert result["coverage"]["dropped"] == result["coverage"]["broken_off"] == broken, f"{where}: {result['coverage']}"
            assert ("ends inside a record" in said) == broken, f"{where}: {said}"
            assert any("broke off" in x for x in result["coverage"]["cannot_be_said"]) == broken, where
            assert status == (3 if broken or not whole else 0), f"{where}: status {status}"


def before_the_first(proviso, folder):
    """Not even a header: no capture, status 65."""
    for write in (pcap, pcapng):
        data, _ = write(first_frames(1))
        for size in range(24 if write is pcap else 28):
            (folder / "cut.pcap").write_bytes(data[:size])
            status, result, said = watch(proviso, folder / "cut.pcap")
            assert status == 65 and "neither pcap nor pcapng" in said and result["exit"] == 65, f"{write.__name__} cut at {size}: {status} {said}"


def long_and_cut(proviso, folder):
    """One record of many is lost: said, and no reason to call it too little."""
    data, ends = pcap(first_frames(45))
    (folder / "long.pcap").write_bytes(data[:-5])
    status, result, _ = watch(proviso, folder / "long.pcap")
    assert (status, result["counters"]["read"], result["coverage"]["dropped"]) == (0, len(ends) - 2, 1), result["coverage"]
    for percent, expected in ((1, 3), (2, 3), (9, 0)):  # one of 45 is 2.2 %, and a little more of the bytes
        assert watch(proviso, folder / "long.pcap", "--threshold", f"lost-most={percent}")[0] == expected, f"lost-most={percent}"


def damaged(proviso, folder):
    """A record in the middle that can't be right: what is behind it is most of the capture, or little of it."""
    for at, expected in ((10, 3), (43, 0)):
        data, ends = pcap(first_frames(45))
        data = bytearray(data)
        data[ends[at] + 8:ends[at] + 12] = struct.pack("<I", 0x7fffffff)
        (folder / "damaged.pcap").write_bytes(data)
        status, result, said = watch(proviso, folder / "damaged.pcap")
        assert result["counters"]["read"] == at and "longer than any frame" in said, said
        assert status == expected and result["coverage"]["broken_off"] == 1, f"damaged at frame {at}: status {status}"
        status, _, _ = watch(proviso, "-", data=bytes(data))
        assert status == 3, f"nobody knows how much of the pipe was behind frame {at}: status {status}"


def of_two_taps(proviso, folder):
    """One capture breaks off while the other goes on: an order may be in what is missing."""
    n = network.Network()
    n.start()
    first = n.session()
    for i in range(30):
        n.on_n3(first, True, n.inner(first, True), teid=0x66000001)
        n.wait(0.05)
    for m in n.marks:
        m.tap = "user" if m.data[36:38] == b"\x08\x68" else "core"
    taps = folder / "taps.csv"
    taps.write_text("tap,input\ncore,core.pcap\nuser,user.pcap\n", encoding="utf-8")
    for tap in ("core", "user"):
        n.write(folder / f"{tap}.pcap", tap)
    words = [HERE / "case", "--read", folder / "user.pcap", "--taps", taps]
    certain = [x["certainty"] for x in watch(proviso, folder / "core.pcap", *words)[1]["findings"] if x["check"] == "unordered-tunnel"]
    (folder / "core.pcap").write_bytes((folder / "core.pcap").read_bytes()[:-1])
    _, result, _ = watch(proviso, folder / "core.pcap", *words)
    assert certain == ["certain"] and not [x for x in result["findings"] if x["check"] == "unordered-tunnel"], result["findings"]


def standard_input(proviso, folder):
    """The same as from a file, whichever kind it is, in whichever pieces it comes."""
    frames = first_frames(45)
    for write in (pcap, pcapng):
        data, _ = write(frames)
        path = folder / "all.pcap"
        path.write_bytes(data)
        status, from_file, _ = watch(proviso, path, HERE / "case")
        for threads in ("1", "2"):
            got = watch(proviso, "-", HERE / "case", "--threads", threads, data=data)
            assert got[0] == status and got[1]["counters"] == from_file["counters"] and got[1]["coverage"] == from_file["coverage"], f"{write.__name__}: {got}"
        process = subprocess.Popen([proviso, "watch", "--read", "-", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for at in range(0, len(data), 97):
            process.stdin.write(data[at:at + 97])
            process.stdin.flush()
        out, _ = process.communicate()
        assert json.loads(out)["counters"]["read"] == len(frames)
    with open(path, "rb") as file:  # from a file by redirection
        done = subprocess.run([proviso, "watch", "--read", "-", "--json"], stdin=file, capture_output=True, check=False)
    assert json.loads(done.stdout)["counters"]["read"] == len(frames)
    done = subprocess.run([proviso, "discover", "-", "-o", folder / "found"], input=data, capture_output=True, check=False)
    assert done.returncode == 0 and (folder / "found" / "case.proviso").exists(), done.stderr


def standard_input_mistakes(proviso, folder):
    data, _ = pcap(first_frames(5))
    for words, text in ((["-", "--read", "-"], "- is the same file as -"), (["-", "--cut", folder / "cuts"], "standard input is no file")):
        status, _, said = watch(proviso, *words, data=data)
        assert status == 64 and text in said, f"{words}: {status} {said}"
    (folder / "one.pcap").write_bytes(data)
    with open(folder / "one.pcap", "rb") as file:
        done = subprocess.run([proviso, "watch", "--read", folder / "one.pcap", "--read", "-"], stdin=file, capture_output=True, text=True, check=False)
    assert done.returncode == 64 and "the same file" in done.stderr, done.stderr


def interrupted(proviso, folder):
    """Ctrl-C: what the writer had left is read, and the result is complete; where it stays silent or goes on, it ends too."""
    data, _ = pcap(first_frames(45))
    half = len(data) // 2
    for number, rest, ends in ((signal.SIGINT, data[half:], True), (signal.SIGTERM, b"", False)):
        process = subprocess.Popen([proviso, "watch", "--read", "-", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(data[:half])
        process.stdin.flush()
        time.sleep(0.3)
        process.send_signal(number)
        process.stdin.write(rest)
        process.stdin.flush()
        began = time.monotonic()
        if ends:
            process.stdin.close()
        result = json.loads(process.stdout.read())
        process.wait()
        assert time.monotonic() - began < 5
        if ends:
            assert result["counters"]["read"] == 45, f"{result['counters']['read']} of 45: what the writer had left was not read"
        else:
            assert 10 < result["counters"]["read"] < 45 and result["coverage"]["broken_off"] <= 1, result["counters"]
    # a writer that never stops: the second signal ends it
    process = subprocess.Popen([proviso, "watch", "--read", "-", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    record = data[24:24 + 16 + struct.unpack("<I", data[32:36])[0]]
    process.stdin.write(data[:24])
    os.set_blocking(process.stdin.fileno(), False)
    process.stdin.flush()
    began, at, signals, records = time.monotonic(), 0, 0, record * 50
    while process.poll() is None and time.monotonic() - began < 20:
        try:
            at = (at + os.write(process.stdin.fileno(), records[at:])) % len(records)
            time.sleep(0.001)
        except (BlockingIOError, BrokenPipeError):
            time.sleep(0.001)
        if time.monotonic() - began > 0.5 * (signals + 1):
            process.send_signal(signal.SIGINT)
            signals += 1
    out = b""
    while chunk := process.stdout.read(65536):
        out += chunk
    process.wait()
    assert json.loads(out)["counters"]["read"] > 0 and signals == 2, f"ended after {signals} signals"


def messages_alone(proviso, folder):
    """Link types USER0 to USER15 hold what --user says; nobody's address is in them, so nothing found means too little."""
    path = folder / "user5.pcap"
    good, bad = ngap.setup_request(1, "gnb1"), ngap.setup_request(1, "gnb1")[:-3]
    path.write_bytes(f.pcap([(network.START * 10**9 + i, good) for i in range(3)], 152))
    status, result, _ = watch(proviso, path)
    assert status == 3 and result["counters"]["control_messages"] == 0 and result["counters"]["not_judged"]["undecodable"] == 3, result["counters"]
    status, result, _ = watch(proviso, path, "--user", "5=ngap", "--user", "3=S1AP")
    assert status == 3 and result["counters"]["control_messages"] == 3 and result["counters"]["not_judged"]["undecodable"] == 3, result["counters"]
    path.write_bytes(f.pcap([(network.START * 10**9, bad)], 152))
    status, result, _ = watch(proviso, path, "--user", "5=NGAP", "--cut", folder / "cuts")
    assert status == 1 and [x["check"] for x in result["findings"]] == ["malformed"], result["findings"]
    cut, = (folder / "cuts").iterdir()
    assert bad[4:12] not in cut.read_bytes(), "what was said is in the cut"
    for words in (["16=NGAP"], ["5=SIP"], ["NGAP"], ["-1=NGAP"], ["5=NGAP", "--user", "5=S1AP"]):
        status, _, complaint = watch(proviso, path, "--user", *words)
        assert status == 64 and "--user" in complaint, f"{words}: {status} {complaint}"
    done = subprocess.run([proviso, "discover", path, "--user", "5=NGAP"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "1 malformed, 0 of unknown kind" in " ".join(done.stdout.split()), done.stdout


CHECKS = (every_byte, before_the_first, long_and_cut, damaged, of_two_taps, standard_input, standard_input_mistakes, interrupted, messages_alone)


def run(proviso, folder):
    """Yields (name, complaint or None)."""
    for check in CHECKS:
        place = folder / f"broken-{check.__name__}"
        place.mkdir()
        try:
            check(proviso, place)
            yield f"broken {check.__name__.replace('_', '-')}", None
        except AssertionError as wrong:
            yield f"broken {check.__name__.replace('_', '-')}", f"line {wrong.__traceback__.tb_next.tb_lineno}: {wrong}"
