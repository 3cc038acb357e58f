"""A week of nights merged by the lake and by pandas, each night in a process of its own.

``python -m bench.merge [--rows 1000000] [--changes 30000] [--without-pandas]``

Both start from the same base and read the same files each night. After the first night, and
again after the third, when pandas stops, both must hold the same current state, or nothing is
reported. The first night is not timed. After six nights forty counts are taken over the lake's
current state, log and all, and over one compacted copy; then the lake is compacted.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.measurement import Cost, cheapest, run_module
from catalog.records import records

NIGHTS = 6
RIVAL_NIGHTS = 3
READS = 3
MEMORY_LIMIT = "600MB"
RECORD = records()["dossier"]
FLAGS = {
    "online": "channel = 'online'",
    "postal": "channel = 'postal'",
    "end_to_end": "service_level = 'end_to_end'",
    "finished": "status = 'finished'",
    "on_time": "finished_at <= due_at",
    "posted": "result_delivery = 'postal'",
    "paid": "payment <> 'none'",
    "with_fee": "fee_amount > 0",
    "digitised": "has_digitised_component",
    "electronic": "has_electronic_result",
}


def merge_in_lake(folder: Path, number: int) -> None:
    """Merge one night's files into the version log."""
    from bench import data
    from warehouse.lake import Lake

    batches = data.batches(folder / f"night{number}", RECORD, number)
    Lake(folder / "lake", MEMORY_LIMIT).merge(RECORD, data.night(number), batches)


def compact_lake(folder: Path, number: int) -> None:
    """Fold all nights but the newest into the snapshot."""
    from warehouse.lake import Lake

    Lake(folder / "lake", MEMORY_LIMIT).compact(RECORD)


def merge_in_pandas(folder: Path, number: int) -> None:
    """Concat, keep the newest version of each key, write; text as pandas reads it by default."""
    _merge_frames(folder, number, "pandas", {})


def merge_in_pandas_arrow(folder: Path, number: int) -> None:
    """The same with every column in Arrow's types."""
    _merge_frames(folder, number, "pandas_arrow", {"dtype_backend": "pyarrow"})


def _merge_frames(folder: Path, number: int, name: str, options: dict[str, Any]) -> None:
    import pandas as pd

    night = sorted((folder / f"night{number}").glob("*/*.parquet"))
    held = pd.read_parquet(folder / f"{name}.parquet", **options)
    changes = pd.read_parquet(night, partitioning=None, **options)
    merged = pd.concat([held, changes], ignore_index=True).sort_values("version_at")
    merged = merged.drop_duplicates("key_hash", keep="last")
    merged.to_parquet(folder / "next.parquet", index=False)
    (folder / "next.parquet").replace(folder / f"{name}.parquet")


def count_current(folder: Path, number: int) -> None:
    """Forty counts over the lake's current state."""
    from warehouse.lake import Lake

    _count(Lake(folder / "lake", MEMORY_LIMIT).current(RECORD))


def count_compacted(folder: Path, number: int) -> None:
    """The same counts over one file of the same rows."""
    _count(f"'{folder}/compacted.parquet'")


def _count(relation: str) -> None:
    import duckdb

    flags = ", ".join(f"({condition}) AS {name}" for name, condition in FLAGS.items())
    pairs = [(a, b) for a in FLAGS for b in list(FLAGS)[:4]]
    sums = ", ".join(f"sum(({a} AND {b})::INT)" for a, b in pairs)
    grain = "month, agency_code, service_level"
    with duckdb.connect(config={"preserve_insertion_order": False}) as connection:
        connection.execute(
            f"CREATE TEMP TABLE counts AS SELECT {grain}, {sums} "
            f"FROM (SELECT {grain}, {flags} FROM {relation}) GROUP BY ALL"
        )


WORK: dict[str, Callable[[Path, int], None]] = {
    "lake": merge_in_lake,
    "pandas": merge_in_pandas,
    "pandas_arrow": merge_in_pandas_arrow,
    "compact": compact_lake,
    "current": count_current,
    "compacted": count_compacted,
}
PANDAS = ("pandas", "pandas_arrow")


def prepare(folder: Path, rows: int, changes: int) -> None:
    """Write the base and the nights, and start every contestant from the base."""
    from bench import data
    from warehouse.lake import Lake

    data.write_base(folder / "base.parquet", RECORD, rows)
    for number in range(1, NIGHTS + 2):
        data.write_night(folder / f"night{number}", RECORD, rows, changes, number)
    for name in PANDAS:
        (folder / f"{name}.parquet").hardlink_to(folder / "base.parquet")
    lake = Lake(folder / "lake", "4GB")
    lake.merge(RECORD, data.night(0), {"base": folder / "base.parquet"})
    lake.merge(RECORD, data.night(1), {})  # the newest night is never folded
    lake.compact(RECORD)


def checksum(relation: str) -> tuple[Any, ...]:
    """Rows, and sums over keys and contents: equal for equal states."""
    import duckdb

    sums = f"SELECT count(*), sum(key_hash), sum(content_hash) FROM {relation}"
    with duckdb.connect() as connection:
        return connection.execute(sums).fetchall()[0]


def refuse_differences(folder: Path, names: tuple[str, ...]) -> None:
    """Exit where a contestant's state is not the lake's."""
    from warehouse.lake import Lake

    expected = checksum(Lake(folder / "lake", MEMORY_LIMIT).current(RECORD))
    for name in names:
        if checksum(f"'{folder}/{name}.parquet'") != expected:
            raise SystemExit(f"{name} holds another state than the lake")


def run(folder: Path, name: str, number: int = 0) -> Cost:
    return run_module("bench.merge", "--work", name, "--in", str(folder), "--night", str(number))


def bench(folder: Path, rows: int, changes: int, rivals: tuple[str, ...]) -> None:
    """Prepare, run every contestant, print the table."""
    import duckdb

    from warehouse.lake import Lake

    prepare(folder, rows, changes)
    costs: dict[str, list[Cost]] = {name: [] for name in ("lake", *rivals)}
    for number in range(1, NIGHTS + 1):
        for name in ("lake", *(rivals if number <= RIVAL_NIGHTS else ())):
            costs[name].append(run(folder, name, number))
        if number in (1, RIVAL_NIGHTS):
            refuse_differences(folder, rivals)
    state = Lake(folder / "lake", MEMORY_LIMIT).current(RECORD)
    duckdb.execute(f"COPY (FROM {state}) TO '{folder}/compacted.parquet' (COMPRESSION zstd)")
    refuse_differences(folder, ("compacted",))
    for name in ("current", "compacted") * READS:
        costs.setdefault(name, []).append(run(folder, name))
    costs["lake"].append(run(folder, "lake", NIGHTS + 1))
    before = data_bytes(folder / "lake")
    costs["compact"] = [run(folder, "compact")]
    report(folder, costs, before)


def data_bytes(folder: Path) -> int:
    """Bytes of all Parquet files below `folder`, but not of the night that brought the base."""
    from bench import data

    base = f"night={data.night(0)}"
    return sum(f.stat().st_size for f in folder.rglob("*.parquet") if f.parent.name != base)


def report(folder: Path, costs: dict[str, list[Cost]], before: int) -> None:
    """Print each contestant's cheapest run after the first, and the ratios to the lake."""
    timed = {name: cheapest(runs[1:] or runs) for name, runs in costs.items()}
    lake = timed["lake"]
    print(f"{'':14}{'CPU s':>9}{'peak MB':>9}{'CPU x':>8}{'memory x':>10}")
    for name, cost in timed.items():
        ratio = f"{cost.cpu / lake.cpu:8.1f}{cost.memory / lake.memory:10.1f}"
        print(f"{name:14}{cost.cpu:9.2f}{cost.memory / 1e6:9.0f}{ratio}")
    delta = sum(data_bytes(folder / f"night{number}") for number in range(1, NIGHTS + 2))
    logged = data_bytes(folder / "lake" / f"{RECORD.kind}_version")
    folded = data_bytes(folder / "lake") - before
    print(f"bytes written a night, compaction shared: {(logged + folded) / delta:.2f} x the delta")
    share = timed["current"].cpu / timed["compacted"].cpu
    print(f"forty counts, six nights of log over one compacted copy: {share:.2f} x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--changes", type=int, default=0, help="default: 3 %% of the rows")
    parser.add_argument("--without-pandas", action="store_true")
    parser.add_argument("--work", choices=WORK, help=argparse.SUPPRESS)
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--night", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        WORK[given.work](given.folder, given.night)
        return
    with tempfile.TemporaryDirectory(prefix="bench-merge-") as folder:
        rivals = () if given.without_pandas else PANDAS
        bench(Path(folder), given.rows, given.changes or given.rows * 3 // 100, rivals)


if __name__ == "__main__":
    main()
