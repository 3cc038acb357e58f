"""A line more in a calendar's list moves the figures, though nothing else is touched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.settings import CATALOG

ROOT = CATALOG.parent
MEASURE = """
import json
from collections import Counter
import duckdb
from tests.deadlines.conftest import NIGHT, dossier, local, tables
from transforms.indicators import measure

at = local("2026-11-13 16:00")
done = {"status": "finished", "finished_at": at, "finished_on": at.date()}
dossiers = [
    dossier(1, "2026-11-10 09:00", "working_day 2", **done),
    dossier(2, "2026-11-11 16:30", "hour 13", **done),
    dossier(3, "2026-11-02 09:00", "working_day 2", **done),
]
with duckdb.connect() as connection:
    for kind, table in tables(dossiers, []).items():
        connection.register(kind, table)
    counted = measure(connection, {kind: kind for kind in tables([], [])}, NIGHT)
sums = Counter()
for row in counted.to_pylist():
    sums[row["indicator"]] += row["numerator"] if row["agency"] is None else 0
print(json.dumps([sums["on_time_rate_recomputed"], sums["mean_handling_days"]]))
"""
CHANGES = {
    # All three are finished on Friday 13 November at four, after 3, 2 and 9 working days, and late:
    # due at the end of the 12th, at half past one on the 13th, at the end of the 4th.
    "": ("", [0, 14]),
    # Thursday off: due at the end of the 13th, and on Monday; a working day less for each.
    "swapped_days": ("2026-11-12,0,Ngày nghỉ thử", [2, 11]),
    # Offices close at three: what came at half past four counts from Thursday, and needs Monday.
    "office_hours": ("H26,2026-11-01,08:00,12:00,13:00,15:00,15:00,0,Giờ thử", [1, 13]),
}


@pytest.mark.parametrize("changed", CHANGES)
def test_a_line_in_a_calendar_moves_the_figures(changed: str, tmp_path: Path) -> None:
    line, expected = CHANGES[changed]
    declared = shutil.ignore_patterns("*.py", "__pycache__", "samples", "contracts")
    for part in ("catalog", "transforms"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=declared)
    if changed:
        with (tmp_path / f"catalog/codelists/{changed}.csv").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    there = {"MOTCUA_DECLARATIONS_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", MEASURE]
    done = subprocess.run(
        command, env={**os.environ, **there}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == expected
