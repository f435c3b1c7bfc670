# SPDX-License-Identifier: Apache-2.0
"""Makes the captures: tests/watch/made.py FOLDER [NAME...] writes NAME.pcap for each scenario, and truth.tsv."""
import pathlib
import sys
import zlib

import network
import scenarios

CUT = {"no-alarm-for-what-is-older": 70, "older-than-capture": 70}  # frames left out at the beginning


def make(name, folder):
    """Writes folder/NAME.pcap; returns (truths, what may come out besides, options)."""
    function, also, options, _ = {**scenarios.PLANTED, **scenarios.QUIET}[name]
    n = network.Network(zlib.crc32(name.encode()))
    first, second = scenarios.two_sessions(n)
    truths = function(n, first, second) or []
    n.write(folder / f"{name}.pcap", change=lambda marks: marks[CUT.get(name, 0):])
    return truths, also, options


def main(folder, names):
    """Makes them all; returns {name: (truths, what may come out besides, options)}."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["capture\tcheck\tcertainty\tframes"]
    done = {name: make(name, folder) for name in names or [*scenarios.PLANTED, *scenarios.QUIET]}
    for name, (truths, _, _) in done.items():
        for truth in truths:
            numbers = " ".join(str(mark.number) for mark in truth.marks)
            rows.append(f"{name}\t{'|'.join(truth.checks)}\t{truth.certainty}\t{numbers}")
    (folder / "truth.tsv").write_text("\n".join(rows) + "\n")
    return done


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
