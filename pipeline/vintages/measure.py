"""Measuring again: by other rules in a process of its own, which is ``python -m
pipeline.vintages.measure FOLDER``; by those of this process, here.

The rules are those that the process's settings point to. Of the keys of a record kind (key_hash,
cause) those whose cause is not admitted are taken as they were after the night `since`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.errors import DeclarationError, PublicationError
from catalog.night import Night
from catalog.records import Record, stored_records
from catalog.rulebook import Rulebook, rulebook, unpack
from catalog.settings import environment, settings
from pipeline.counting import Basis, observations, published
from pipeline.detections import look
from pipeline.stores import lake, state

REFUSED = 5
"""The exit code for rules that do not load."""
KEYS = ".keys"


@dataclass(frozen=True)
class Job:
    """What to measure: the state after `through`, less what was learnt since `since` for a cause
    that is not `admitted`; as of the cutoff of `night`. `kinds` are the record kinds to look at;
    without any, all."""

    release: str
    night: str
    since: str
    through: str
    admitted: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


Keys = Mapping[str, pa.Table]
"""By record kind what was learnt since of which record: key_hash and cause."""


def measured(
    rules: Rulebook, job: Job, reporting: pa.Table, seen: pa.Table | None, keys: Keys
) -> pa.Table:
    """The figures that would be published of `job` by `rules`. Without `seen` (DETECTION_SCHEMA)
    the detectors look again.

    Raises DeclarationError where the rules do not load: files of two times may not fit together.
    """
    if rules == rulebook():
        return _figures(job, reporting, seen, keys)
    return _elsewhere(rules, job, reporting, seen, keys)


def _figures(job: Job, reporting: pa.Table, seen: pa.Table | None, keys: Keys) -> pa.Table:
    night = Night.parse(job.night)
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        known = {
            kind: _known(connection, record, job, keys)
            for kind, record in stored_records().items()
            if kind in job.kinds or not job.kinds
        }
        feeding = look(connection, known, night) if seen is None else seen
        basis = Basis(job.release, night, reporting, feeding)
        return published(observations(connection, known, basis), night)


def _known(connection: duckdb.DuckDBPyConnection, record: Record, job: Job, keys: Keys) -> str:
    newest = state(record, Night.parse(job.through))
    if record.kind not in keys:
        return newest
    learnt, table, held = (f"{w}_{record.kind}" for w in ("learnt", "held_back", "held"))
    then = lake().current_as_of(record, Night.parse(job.since))
    admitted = ", ".join(f"'{cause}'" for cause in ("", *job.admitted))
    connection.register(learnt, keys[record.kind])
    connection.execute(
        f"CREATE TEMP TABLE {table} AS"
        f" SELECT key_hash FROM {learnt} WHERE cause NOT IN ({admitted})"
    )
    connection.execute(
        f"CREATE TEMP TABLE {held} AS SELECT * FROM {then} SEMI JOIN {table} USING (key_hash)"
    )
    return f"(FROM {newest} ANTI JOIN {table} USING (key_hash) UNION ALL FROM {held})"


def _elsewhere(
    rules: Rulebook, job: Job, reporting: pa.Table, seen: pa.Table | None, keys: Keys
) -> pa.Table:
    """`_figures` in a process that knows `rules`."""
    with tempfile.TemporaryDirectory(prefix="motcua-vintage-") as name:
        folder = Path(name)
        (folder / "job.json").write_text(json.dumps(asdict(job)), encoding="utf-8")
        given = {"reporting": reporting, "detections": seen}
        given |= {f"{kind}{KEYS}": table for kind, table in keys.items()}
        for name_of, table in given.items():
            if table is not None:
                pq.write_table(table, folder / f"{name_of}.parquet")
        rules_in = unpack(rules, folder / "rules")
        command = [sys.executable, "-m", "pipeline.vintages.measure", name]
        done = subprocess.run(command, env=environment(**rules_in), capture_output=True, text=True)
        if done.returncode == REFUSED:
            raise DeclarationError("rulebook", done.stderr.strip())
        if done.returncode:
            raise PublicationError(f"measuring again failed: {done.stderr.strip()[-2000:]}")
        return pq.read_table(folder / "figures.parquet", partitioning=None)


def _main(folder: Path) -> None:
    job = Job(**json.loads((folder / "job.json").read_text(encoding="utf-8")))
    given = {file.stem: pq.read_table(file) for file in folder.glob("*.parquet")}
    keys = {n.removesuffix(KEYS): given[n] for n in given if n.endswith(KEYS)}
    figures = _figures(job, given["reporting"], given.get("detections"), keys)
    pq.write_table(figures, folder / "figures.parquet")


if __name__ == "__main__":
    try:
        _main(Path(sys.argv[1]))
    except DeclarationError as error:
        print(error, file=sys.stderr)
        sys.exit(REFUSED)
