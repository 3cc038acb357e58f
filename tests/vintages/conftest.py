"""A small country of two provinces, whose rows, rules and calendar a test changes from night to
night; the lake, the warehouse and the measuring are the real ones."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from catalog.night import Night, local_date
from catalog.outcomes import LedgerRow
from catalog.records import records
from catalog.rulebook import rulebook, unpack
from stack.postgres import embedded_url, stop_embedded
from warehouse.lake import Lake
from warehouse.postgres import Warehouse

SOURCES = ("hue", "da_nang", "he_thong_pakn")
NIGHT = (
    "import datetime, sys, pipeline; from motcua.clock import now; "
    "on = datetime.date.fromisoformat(sys.argv[1]); "
)
VERBS = "pipeline.measure(on); pipeline.publish(on); pipeline.notify(on, now)"
Row = dict[str, Any]


def at(day: str, hour: int = 3) -> dt.datetime:
    """A time of a day of 2026 (``10-15``)."""
    return dt.datetime.combine(dt.date.fromisoformat(f"2026-{day}"), dt.time(hour), dt.UTC)


@dataclass
class Land:
    """A home folder, the rules in it, and what its sources have sent."""

    home: Path
    url: str
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def lake(self) -> Lake:
        return Lake(self.home / "lake", "1GB")

    def file(self, path: str) -> Path:
        """A file of the rules, to be changed."""
        return self.home / "rules" / path

    def night(self, on: str, sent: Mapping[tuple[str, str], list[Row]] | None = None) -> None:
        """One night: the rows of (source, record kind) are merged, measured and published."""
        night = Night.parse(f"2026-{on}")
        self.merge(night, sent or {})
        self.run("-c", NIGHT + VERBS, str(night))

    def merge(self, night: Night, sent: Mapping[tuple[str, str], list[Row]]) -> None:
        for kind in ("dossier", "petition"):
            batches = {}
            for source in SOURCES:
                if (kind == "petition") == (source == "he_thong_pakn"):
                    rows = sent.get((source, kind), [])
                    batch = night.batch_id(source, kind)
                    batches[batch] = self._write(batch, kind, source, night, rows)
            self._ledger(kind, night, self.lake.merge(records()[kind], night, batches))

    def _write(self, batch: str, kind: str, source: str, night: Night, rows: list[Row]) -> Path:
        path = self.home / "batches" / f"{batch}.parquet"
        path.parent.mkdir(exist_ok=True)
        full = [full_row(kind, source, night, row) for row in rows]
        pq.write_table(pa.Table.from_pylist(full, records()[kind].arrow_schema), path)
        return path

    def _ledger(self, kind: str, night: Night, counts: Mapping[str, Any]) -> None:
        rows = [
            LedgerRow(
                *(batch.split(".")[0], kind, batch, str(night), "merge"),
                received=count.accepted,
                **count.as_dict(),
            )
            for batch, count in counts.items()
        ]
        Warehouse(self.url).write_ledger(rows)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, **self.environment}
        done = subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def json(self, *words: str) -> Any:
        return json.loads(self.run("-m", "motcua", *words, "--json").stdout)

    def folder(self, on: str) -> Path:
        return self.home / "published" / f"nightly-2026-{on}"

    def figure(self, on: str, indicator: str, area: str, period: str) -> Row:
        table = pq.read_table(self.folder(on) / "observations.parquet", partitioning=None)
        [row] = [
            row
            for row in table.to_pylist()
            if (row["indicator"], row["borders"], row["area"], row["period"])
            == (indicator, "34", area, period)
        ]
        return row

    def revisions(self, on: str) -> list[Row]:
        table = pq.read_table(self.folder(on) / "revision.parquet", partitioning=None)
        rows: list[Row] = table.to_pylist()
        return rows


def full_row(kind: str, source: str, night: Night, row: Row) -> Row:
    """A conformed row: the days follow from the times, the hashes from key and content."""
    record = records()[kind]
    days = {
        name: local_date(row[told.local_date_of])
        for name, told in record.fields.items()
        if told.local_date_of and row.get(told.local_date_of)
    }
    key = row[record.key[0]]
    content = repr(sorted((n, v) for n, v in row.items() if n != "version_at"))
    return {
        **row, **days, "source_id": source, "batch_on": night.on, "page_sha256": "page",
        "page_row": 1, "is_deleted": row.get("is_deleted", False),
        "key_hash": hashed(f"{source} {key}"), "content_hash": hashed(content),
    }  # fmt: skip


def hashed(text: str) -> int:
    return int.from_bytes(hashlib.md5(text.encode()).digest()[:8], "big") >> 1


def dossiers(area: str, numbers: range, **changes: Any) -> list[Row]:
    """Dossiers received and finished in October, a day before they were due."""
    row = {
        "agency_code": f"{area}.01", "area_code": area, "status": "finished",
        "channel": "online", "received_at": at("10-15"), "due_at": at("10-21"),
        "finished_at": at("10-20"), "version_at": at("10-20"),
    }  # fmt: skip
    return [{**row, "dossier_code": f"{area}-{n}", **changes} for n in numbers]


def petitions(area: str, numbers: range, **changes: Any) -> list[Row]:
    """Petitions answered and published after exactly as many working days as may be."""
    row = {
        "agency_code": f"{area}.01", "area_code": area, "petition_type": "procedure",
        "status": "published", "received_at": at("10-01"), "resolved_at": at("10-22"),
        "published_at": at("10-22"), "version_at": at("10-22"),
    }  # fmt: skip
    return [{**row, "petition_code": f"{area}-P{n}", **changes} for n in numbers]


def _only_dossiers(file: Path) -> None:
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    told |= {"records": ["dossier"], "volume": {"dossier": told["volume"]["dossier"]}}
    told.pop("reconciles_on_day")
    file.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        url = embedded_url(Path(folder))
        yield url
        assert stop_embedded(Path(folder))


@pytest.fixture(scope="module")
def land(server: str) -> Iterator[Land]:
    """Rules of its own, where only three sources report."""
    with tempfile.TemporaryDirectory(prefix="motcua-vintages-") as name:
        home = Path(name)
        env = unpack(rulebook(), home / "rules")
        for file in (home / "rules" / "catalog" / "sources").glob("*.yml"):
            if file.stem in SOURCES[:2]:
                _only_dossiers(file)
            elif file.stem not in SOURCES:
                file.unlink()
        Warehouse(server).migrate()
        yield Land(home, server, {**env, "MOTCUA_HOME": name, "MOTCUA_WAREHOUSE_URL": server})
