"""What the measure pass costs: our engine against one query written by hand, and the bare scan.

    python -m bench.measure [--rows N] [--repetitions N] [--profile]

All indicators of dossiers, their events and ratings, the catalogue of procedures and the national
portal's side. Every side runs alone in a process of its own, in turn; what such a process costs
before it starts to count (``idle``) is taken off its CPU time. ``six nights`` is our pass over a
lake that holds six nights of the dossiers' log, 3 % of the rows each; all others read one compacted
copy of the same state. Before anything is timed the three sides that count must agree on every
number. That too happens in processes of their own: a child's peak memory starts at its parent's.
``--profile`` prints what each of our passes costs by itself.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from pathlib import Path

import duckdb
import pyarrow as pa

from bench import by_hand, companions, data
from bench.measurement import Cost, cheapest, run_module
from catalog.records import records
from transforms.indicators import indicators, measure
from transforms.indicators.counts import measure_on
from transforms.indicators.expressions import flags, names
from transforms.indicators.runners import DuckDBRunner
from transforms.indicators.views import views
from warehouse.lake import Lake

NIGHTS = 6
NIGHT_SHARE = 0.03
NIGHT = data.night(NIGHTS)
SIDES = ("ours", "by hand", "scan", "six nights", "idle")
PREPARE, AGREE, PROFILE = "prepare", "agree", "profile"
MEMORY_LIMIT = "2GB"


def write_state(folder: Path, rows: int) -> None:
    """A lake with six nights of log, the expression that reads it, and one compacted copy."""
    record = records()["dossier"]
    lake = Lake(folder / "lake", MEMORY_LIMIT)
    data.write_base(folder / "base.parquet", record, rows)
    base = {data.night(0).batch_id("base", record.kind): folder / "base.parquet"}
    lake.merge(record, data.night(0), base)
    for number in range(1, NIGHTS + 2):
        nightly = folder / f"night{number}"
        data.write_night(nightly, record, rows, round(rows * NIGHT_SHARE), number)
        lake.merge(record, data.night(number), data.batches(nightly, record, number))
        if number == 1:
            lake.compact(record)
    current = lake.current(record)
    (folder / "current.sql").write_text(current, encoding="utf-8")
    companions.write(folder, rows)
    by_hand.write_calendar(folder, NIGHT)
    with connect(folder) as connection:
        copy = f"COPY (FROM {current} ORDER BY month, area_code) TO '{folder}/dossier.parquet'"
        connection.execute(f"{copy} (FORMAT parquet, COMPRESSION zstd)")


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    spill = str(folder / "spill")
    return duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": spill})


def relations(folder: Path, dossiers: str = "") -> dict[str, str]:
    """What the sides read: a file of each record kind, or `dossiers` in place of theirs."""
    kinds = ("dossier", *companions.MADE)
    files = {kind: f"read_parquet('{folder}/{kind}.parquet')" for kind in kinds}
    return files | ({"dossier": dossiers} if dossiers else {})


def count(side: str, folder: Path) -> pa.Table | None:
    """Do the work of one side; the sides that count return their numbers."""
    with connect(folder) as connection:
        match side:
            case "ours":
                return measure(connection, relations(folder), NIGHT)
            case "six nights":
                current = (folder / "current.sql").read_text(encoding="utf-8")
                return measure(connection, relations(folder, current), NIGHT)
            case "by hand":
                query = by_hand.query(relations(folder), folder, NIGHT)
                return connection.sql(query).to_arrow_table()
            case "scan":
                dossiers = relations(folder)["dossier"]
                connection.sql(f"SELECT {scanned()} FROM {dossiers}").fetchall()
            case "idle":
                indicators()
    return None


def scanned() -> str:
    """An aggregate over each column that some indicator needs, which reads all its values."""
    known, record = flags()["dossier"], records()["dossier"]
    declared = [part for i in indicators().values() for part in i.parts if part.record == "dossier"]
    used = {name for i in declared for sql in (i.population, i.numerator) for name in names(sql)}
    used |= {name for i in declared for sql in i.added_up for name in names(sql)}
    columns = known.needs(used | {i.period_by for i in declared})
    columns |= {name for i in declared if i.view for name in names(views()[i.view].sql)}
    columns |= {"area_code", "agency_code", "is_deleted"}
    return ", ".join(f"bit_xor(hash({column}))" for column in sorted(columns & set(record.columns)))


def agree(folder: Path) -> int:
    """Raise SystemExit unless all sides count the same; else how many counts they agree on."""
    ours, six_nights, wide = (count(side, folder) for side in ("ours", "six nights", "by hand"))
    assert ours
    assert six_nights
    assert wide
    order = [(name, "ascending") for name in ours.column_names]
    if not ours.sort_by(order).equals(six_nights.sort_by(order)):
        raise SystemExit("the compacted copy and the lake give different counts")
    with connect(folder) as connection:
        if codes := by_hand.differences(connection, ours, wide):
            raise SystemExit(f"our counts and those by hand differ: {', '.join(codes)}")
    return int(ours.num_rows)


class Timed(DuckDBRunner):
    """Prints the CPU seconds of each pass: by its first indicator, and how many it counts."""

    def keep(self, name: str, relation: str) -> str:
        start = time.process_time()
        kept = super().keep(name, relation)
        self.kept = time.process_time() - start
        if name != "counted":
            print(f"{self.kept:8.2f}  {name}")
        return kept

    def ask(self, query: str) -> pa.Table:
        start = time.process_time()
        answer = super().ask(query)
        codes = re.findall(r"SELECT '(\w+)' AS indicator", query)
        seconds = self.kept + time.process_time() - start
        print(f"{seconds:8.2f}  {codes[0]}: {len(codes)} indicators, {answer.num_rows:,} counts")
        return answer


def profile(folder: Path) -> None:
    with connect(folder) as connection:
        start = time.process_time()
        measure_on(Timed(connection), relations(folder), NIGHT)
        print(f"{time.process_time() - start:8.2f}  CPU seconds of all passes")


def run(folder: Path, repetitions: int) -> dict[str, Cost]:
    """The least cost of each side over alternating repetitions."""
    costs: dict[str, list[Cost]] = {side: [] for side in SIDES}
    for _ in range(repetitions):
        for side in SIDES:
            costs[side].append(run_module("bench.measure", "--step", side, "--folder", str(folder)))
    return {side: cheapest(found) for side, found in costs.items()}


def report(costs: dict[str, Cost]) -> None:
    idle = costs["idle"]
    cpu = {side: cost.cpu - idle.cpu for side, cost in costs.items()}
    print(f"{'side':12}{'CPU s':>8}{'MB peak':>10}   idle: {idle.cpu:.2f} s CPU")
    for side in SIDES[:-1]:
        print(f"{side:12}{cpu[side]:8.2f}{costs[side].memory / 1e6:10.0f}")
    for side, other in (("ours", "by hand"), ("ours", "scan"), ("six nights", "ours")):
        memory = costs[side].memory / costs[other].memory
        print(f"{side} / {other}: CPU {cpu[side] / cpu[other]:.2f}, peak memory {memory:.2f}")


def child(step: str, folder: Path, rows: int) -> None:
    if step == PREPARE:
        write_state(folder, rows)
    elif step == PROFILE:
        profile(folder)
    elif step == AGREE:
        print(f"{rows:,} dossiers, {agree(folder):,} counts equal", flush=True)
    else:
        count(step, folder)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.measure", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--step", choices=(PREPARE, AGREE, PROFILE, *SIDES))
    parser.add_argument("--profile", action="store_true", help="print the cost of each pass")
    parser.add_argument("--folder", type=Path, help="of the one --step")
    given = parser.parse_args()
    if given.step:
        child(given.step, given.folder, given.rows)
        return
    with tempfile.TemporaryDirectory() as name:
        for step in (PREPARE, AGREE, *([PROFILE] if given.profile else [])):
            run_module("bench.measure", "--step", step, "--folder", name, "--rows", str(given.rows))
        report(run(Path(name), given.repetitions))


if __name__ == "__main__":
    main()
