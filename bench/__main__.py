"""``python -m bench [--rows N]``: every comparison, one after the other."""

from __future__ import annotations

import argparse
import subprocess
import sys

LARGEST = {
    "merge": 30_000_000,
    "measure": 10_000_000,
    "postgres": 1_000_000,
    "conform": 300_000,
    "judge": 300_000,
    "backfill": 10_000_000,
    "collect": 85_000,
}
"""The most rows that each comparison is asked for: the peers need hours beyond."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="dossiers in the history")
    rows = parser.parse_args().rows
    for comparison, largest in LARGEST.items():
        print(f"\n== {comparison}", flush=True)
        command = [sys.executable, "-m", f"bench.{comparison}", "--rows", str(min(rows, largest))]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
