"""The query written by hand that our measure pass is compared with, and its counts as our measures.

It reads the working calendar from files, as an analyst would who was given one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog import codelists
from catalog.night import Night
from transforms.indicators.views import given_relations

QUERY = [Path(__file__).with_name(name) for name in ("measure.sql", "measure_counts.sql")]


def write_calendar(folder: Path, night: Night) -> None:
    """The calendar and the sources, one file each."""
    for name, table in given_relations(night).items():
        pq.write_table(table, folder / f"given_{name}.parquet")


def query(relations: Mapping[str, str], folder: Path, night: Night) -> str:
    """The query over `relations` (record kind -> table expression) and the calendar in `folder`."""
    given = {
        file.stem.removeprefix("given_"): f"read_parquet('{file}')"
        for file in folder.glob("given_*.parquet")
    }
    certifications = ", ".join(f"'{code}'" for code in sorted(codelists.codes("certification")))
    words = {
        "cutoff": f"TIMESTAMPTZ '{night.cutoff.isoformat()}'",
        "no_certification": f"(procedure_code IN ({certifications})) IS NOT TRUE",
    }
    text = "".join(file.read_text(encoding="utf-8") for file in QUERY)
    return text.format_map(given | words | dict(relations))


def differences(connection: duckdb.DuckDBPyConnection, ours: pa.Table, wide: pa.Table) -> list[str]:
    """The indicators whose rows are not the same on both sides, each row as often."""
    connection.register("ours", ours)
    connection.register("wide", wide)
    columns = "indicator, area, agency, starts_on, numerator, denominator"
    connection.execute(f"CREATE TEMP TABLE hand AS {_tidy(wide.column_names)}")
    rows = {side: f"SELECT {columns} FROM {side}" for side in ("ours", "hand")}
    found = connection.execute(
        f"SELECT DISTINCT indicator FROM (({rows['ours']} EXCEPT ALL {rows['hand']})"
        f" UNION ALL ({rows['hand']} EXCEPT ALL {rows['ours']}))"
    )
    return sorted(code for (code,) in found.fetchall())


def _tidy(columns: Iterable[str]) -> str:
    """The counts of a wide row by hand, as rows of our measures."""
    has = set(columns)

    def count(name: str) -> str:
        return f"CAST(coalesce({name}, 0) AS BIGINT)" if name in has else "0"

    return " UNION ALL ".join(
        f"SELECT '{code}' AS indicator, area_code AS area, agency_code AS agency, starts_on,"
        f" {count(f'n_{code}')} AS numerator, {count(f'd_{code}')} AS denominator"
        f" FROM wide WHERE numerator <> 0 OR denominator > 0"
        for code in sorted(name[2:] for name in has if name.startswith("n_"))
    )
