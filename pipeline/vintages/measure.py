"""Measuring again, in a process of its own: ``python -m pipeline.vintages.measure FOLDER``.

The rules are those that the process's settings point to; the folder says which records are taken
as known. Of the keys listed in ``<kind>.keys.parquet`` (key_hash, cause) those whose cause is not
admitted are taken as they were after the night `since`.
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
from catalog.rulebook import Rulebook, unpack
from catalog.settings import environment, settings
from pipeline.counting import Basis, observations, published
from pipeline.detections import look
from pipeline.stores import lake, state

REFUSED = 5
"""The exit code for rules that do not load."""


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


def measured(
    rules: Rulebook,
    job: Job,
    reporting: pa.Table,
    seen: pa.Table | None,
    keys: Mapping[str, pa.Table],
) -> pa.Table:
    """The figures that would be published of `job` by `rules`, in a new process. Without `seen`
    (DETECTION_SCHEMA) the detectors look again.

    Raises DeclarationError where the rules do not load: files of two times may not fit together.
    """
    with tempfile.TemporaryDirectory(prefix="motcua-vintage-") as name:
        folder = Path(name)
        (folder / "job.json").write_text(json.dumps(asdict(job)), encoding="utf-8")
        pq.write_table(reporting, folder / "reporting.parquet")
        if seen is not None:
            pq.write_table(seen, folder / "detections.parquet")
        for kind, table in keys.items():
            pq.write_table(table, folder / f"{kind}.keys.parquet")
        rules_in = unpack(rules, folder / "rules")
        command = [sys.executable, "-m", "pipeline.vintages.measure", name]
        done = subprocess.run(command, env=environment(**rules_in), capture_output=True, text=True)
        if done.returncode == REFUSED:
            raise DeclarationError("rulebook", done.stderr.strip())
        if done.returncode:
            raise PublicationError(f"measuring again failed: {done.stderr.strip()[-2000:]}")
        return pq.read_table(folder / "figures.parquet", partitioning=None)


def _measure(folder: Path) -> None:
    job = Job(**json.loads((folder / "job.json").read_text(encoding="utf-8")))
    night, through = Night.parse(job.night), Night.parse(job.through)
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        known = {
            kind: _known(connection, record, job, folder, through)
            for kind, record in stored_records().items()
            if kind in job.kinds or not job.kinds
        }
        kept = folder / "detections.parquet"
        seen = pq.read_table(kept) if kept.exists() else look(connection, known, night)
        reporting = pq.read_table(folder / "reporting.parquet")
        basis = Basis(job.release, night, reporting, seen)
        figures = published(observations(connection, known, basis), night)
    pq.write_table(figures, folder / "figures.parquet")


def _known(
    connection: duckdb.DuckDBPyConnection, record: Record, job: Job, folder: Path, through: Night
) -> str:
    newest, keys = state(record, through), folder / f"{record.kind}.keys.parquet"
    if not keys.exists():
        return newest
    table, held = f"held_back_{record.kind}", f"held_{record.kind}"
    then = lake().current_as_of(record, Night.parse(job.since))
    admitted = ", ".join(f"'{cause}'" for cause in ("", *job.admitted))
    connection.execute(
        f"CREATE TEMP TABLE {table} AS"
        f" SELECT key_hash FROM read_parquet('{keys}') WHERE cause NOT IN ({admitted})"
    )
    connection.execute(
        f"CREATE TEMP TABLE {held} AS SELECT * FROM {then} SEMI JOIN {table} USING (key_hash)"
    )
    return f"(FROM {newest} ANTI JOIN {table} USING (key_hash) UNION ALL FROM {held})"


if __name__ == "__main__":
    try:
        _measure(Path(sys.argv[1]))
    except DeclarationError as error:
        print(error, file=sys.stderr)
        sys.exit(REFUSED)
