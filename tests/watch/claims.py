# SPDX-License-Identifier: Apache-2.0
"""proviso watch --evidence: who is blamed for what."""
import pathlib
import subprocess

import network
import scenarios

HERE = pathlib.Path(__file__).resolve().parent


def claims(proviso, folder, scenario):
    """What the claims of a watch say of each vendor's wire."""
    n = network.Network(21)
    first, second = scenarios.two_sessions(n)
    scenario(n, first, second)
    path, out = folder / "claims.pcap", folder / "claims.proviso"
    n.write(path)
    done = subprocess.run([proviso, "watch", HERE / "case", "--read", path, "--evidence", out], capture_output=True, text=True, check=False)
    assert done.returncode == 1, f"status {done.returncode}: {done.stderr}"
    said, vendor = {}, None
    for line in out.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if words[:2] == ["about", "vendor"]:
            vendor = words[2].strip('"')
        if words[:1] == ["says"]:
            said[vendor] = words[-1]
    return said


def not_of_whom_a_stranger_asks(proviso, folder):
    """An association from anywhere is not the fault of the user plane that it was asked of."""
    said = claims(proviso, folder, scenarios.association_from_anywhere)
    assert set(said.values()) == {"none-found"}, f"{said}"


def not_of_whose_name_is_used(proviso, folder):
    said = claims(proviso, folder, lambda n, first, second: scenarios.second_voice(
        n, [n.session() for _ in range(6)], lambda s, number: n.heartbeat(n.smf1, n.upf1) and n.ask(n.smf1, n.upf1, 1, [scenarios.f.recovery(1)], [scenarios.f.recovery(1)], sequence=number, hops=61)))
    assert said["alder"] == "none-found", f"{said}"


def of_who_does_it(proviso, folder):
    said = claims(proviso, folder, scenarios.duplicated_forwarding)
    assert said["alder"] == "trouble-found", f"{said}"


CHECKS = {check.__name__.replace("_", "-"): check for check in (not_of_whom_a_stranger_asks, not_of_whose_name_is_used, of_who_does_it)}


def run(proviso, folder):
    """Yields (name, complaint or None)."""
    for name, check in CHECKS.items():
        place = folder / f"claims-{name}"
        place.mkdir()
        try:
            yield f"claims {name}", check(proviso, place)
        except AssertionError as wrong:
            yield f"claims {name}", str(wrong)
