"""What the measure pass costs: our engine against one query written by hand, and the bare scan.

    python -m bench.measure [--rows N] [--repetitions N]

Every side runs alone in a process of its own, in turn; what such a process costs before it starts
to count (``idle``) is taken off its CPU time. ``six nights`` is our pass over a lake that holds
six nights of log, 3 % of the rows each; all others read one compacted copy of the same state.
Before anything is timed the three sides that count must agree on every number. That too happens
in processes of their own: a child's peak memory starts at its parent's.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import duckdb
import pyarrow as pa

from bench import data
from bench.measurement import Cost, cheapest, run_module
from catalog.night import Night
from catalog.records import records
from transforms.indicators import indicators, measure
from transforms.indicators.expressions import flags, names
from warehouse.lake import Lake

NIGHTS = 6
NIGHT_SHARE = 0.03
NIGHT = data.night(NIGHTS)
SIDES = ("ours", "by hand", "scan", "six nights", "idle")
PREPARE, AGREE = "prepare", "agree"
MEMORY_LIMIT = "2GB"
BY_HAND = Path(__file__).with_suffix(".sql")


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
    with connect() as connection:
        copy = f"COPY (FROM {current} ORDER BY month, area_code) TO '{folder}/copy.parquet'"
        connection.execute(f"{copy} (FORMAT parquet, COMPRESSION zstd)")


def connect() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": MEMORY_LIMIT})


def count(side: str, folder: Path) -> pa.Table | None:
    """Do the work of one side; the sides that count return their numbers."""
    copy = f"read_parquet('{folder}/copy.parquet')"
    with connect() as connection:
        match side:
            case "ours":
                return measure(connection, {"dossier": copy}, NIGHT)
            case "six nights":
                current = (folder / "current.sql").read_text(encoding="utf-8")
                return measure(connection, {"dossier": current}, NIGHT)
            case "by hand":
                return connection.sql(by_hand(copy, NIGHT)).to_arrow_table()
            case "scan":
                connection.sql(f"SELECT {scanned()} FROM {copy}").fetchall()
            case "idle":
                indicators()
    return None


def by_hand(relation: str, night: Night) -> str:
    cutoff = f"TIMESTAMPTZ '{night.cutoff.isoformat()}'"
    return BY_HAND.read_text(encoding="utf-8").format(relation=relation, cutoff=cutoff)


def scanned() -> str:
    """An aggregate over each column that some indicator needs, which reads all its values."""
    known = flags()["dossier"]
    declared = [i for i in indicators().values() if i.record == "dossier" and not i.view]
    used = {name for i in declared for sql in (i.population, i.numerator) for name in names(sql)}
    columns = known.needs(used) - set(known.flags)
    columns |= {"area_code", "agency_code", "is_deleted", *(i.period_by for i in declared)}
    return ", ".join(f"bit_xor(hash({column}))" for column in sorted(columns))


def tidy(wide: pa.Table) -> set[tuple[object, ...]]:
    """The counts above 0 of the query by hand, as rows of our measures."""
    return {
        (code, row["area_code"], row["agency_code"], row["starts_on"], n, row[f"d_{code}"])
        for row in wide.to_pylist()
        for code in (name[2:] for name in wide.column_names if name.startswith("d_"))
        if row[f"d_{code}"]
        for n in (row[f"n_{code}"] or 0,)
    }


def agree(folder: Path) -> int:
    """Raise SystemExit unless all sides count the same; else how many counts they agree on."""
    columns = ["indicator", "area", "agency", "starts_on", "numerator", "denominator"]
    ours, six_nights, wide = (count(side, folder) for side in ("ours", "six nights", "by hand"))
    assert ours is not None
    order = [(name, "ascending") for name in columns[:4]]
    if six_nights is None or not ours.sort_by(order).equals(six_nights.sort_by(order)):
        raise SystemExit("the compacted copy and the lake give different counts")
    if {tuple(row.values()) for row in ours.select(columns).to_pylist()} != tidy(wide):
        raise SystemExit("our counts and those by hand differ")
    return int(ours.num_rows)


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
    elif step == AGREE:
        print(f"{rows:,} dossiers, {agree(folder):,} counts equal", flush=True)
    else:
        count(step, folder)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.measure", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--step", choices=(PREPARE, AGREE, *SIDES), help="one step, over --folder")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.step:
        child(given.step, given.folder, given.rows)
        return
    with tempfile.TemporaryDirectory() as name:
        for step in (PREPARE, AGREE):
            run_module("bench.measure", "--step", step, "--folder", name, "--rows", str(given.rows))
        report(run(Path(name), given.repetitions))


if __name__ == "__main__":
    main()
