"""A year of the nation as its first night judges it, with rows wrong in each way that is checked.

One batch a source, as large as its province; of every tenth dossier two versions.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from bench import data
from catalog.records import records
from catalog.sources import sources
from simulator.habits import habits
from warehouse.lake.state import literal

DOSSIER = records()["dossier"]
NIGHT = data.night(60)
"""Long after the last dossier is finished, so that only the rows made so lie in the future."""
CUTOFF = f"TIMESTAMPTZ '{NIGHT.cutoff.isoformat()}'"
WRONG = {
    "dossier_code": {"dossier_code": "''"},
    "random_sequence": {
        "dossier_code": "format('{}.01-260101-{:05d}', area_code, abs(key_hash) % 90000)"
    },
    **{name: {name: "'no code'"} for name in ("channel", "service_level", "applicant_type")},
    **{name: {name: "'no code'"} for name in ("payment", "result_delivery", "status")},
    "information": {"service_level": "'information'", "channel": "'online'"},
    "not_yet_received": {"status": "'refused'", "received_at": "NULL", "finished_at": "NULL"},
    "received_at": {"status": "'processing'", "received_at": "NULL", "finished_at": "NULL"},
    "received_in_future": {"received_at": f"{CUTOFF} + INTERVAL 1 HOUR", "finished_at": "NULL"},
    "finished_in_future": {"finished_at": f"{CUTOFF} + INTERVAL 1 HOUR"},
    "finished_before": {"finished_at": "received_at - INTERVAL 1 HOUR"},
    "at_reception": {"finished_at": "received_at"},
    "no_finished_at": {"status": "'finished'", "finished_at": "NULL"},
    "version_in_future": {"version_at": f"{CUTOFF} + INTERVAL 1 HOUR"},
}
"""Way of being wrong -> column -> what it is there; others (no due date, placeholders) the data
have by themselves."""
EACH_IN = 400
AGAIN_IN, DISAGREE_IN = 10, 300
"""Of how many dossiers one has a later version in the batch, or another at the same instant."""


def write_backfill(folder: Path, rows: int) -> None:
    """Write about `rows` conformed dossiers to ``folder/source_id=.../*.parquet``."""
    dossiers = round(rows / (1 + 1 / AGAIN_IN + 1 / DISAGREE_IN))
    with data.connect(folder.parent) as connection:
        connection.execute(
            f"COPY ({_rows(dossiers)}) TO {literal(str(folder))} (FORMAT parquet, COMPRESSION "
            "zstd, PARTITION_BY (source_id), WRITE_PARTITION_COLUMNS true)"
        )


def _rows(dossiers: int) -> str:
    """A query for the versions of so many dossiers, some of them wrong."""
    copies = f"""CASE WHEN hash(key_hash, 'again') % {AGAIN_IN} = 0 THEN [0, 1]
        WHEN hash(key_hash, 'other') % {DISAGREE_IN} = 0 THEN [0, 2] ELSE [0] END"""
    replaced = {
        **_changes(),
        "source_id": data.listed(_by_size(), "hash(key_hash, 'source') % 1000"),
        "content_hash": "content_hash + copy",
        "page_row": "page_row + 1000 * copy",
    }
    values = ", ".join(f"{value} AS {name}" for name, value in replaced.items())
    made = data.dossiers(DOSSIER, data.base_numbers(dossiers), 0)
    return f"""SELECT * EXCLUDE (copy) REPLACE ({values})
        FROM (SELECT *, unnest({copies}) AS copy FROM ({made}))"""


def _changes() -> dict[str, str]:
    """Column -> its value, wrong in some rows."""
    whens: dict[str, str] = defaultdict(str)
    for number, columns in enumerate(WRONG.values()):
        for name, value in columns.items():
            whens[name] += f" WHEN {number} THEN {value}"
    drawn = f"hash(key_hash, 'wrong') % {EACH_IN}"
    changed = {name: f"CASE {drawn}{cases} ELSE {name} END" for name, cases in whens.items()}
    return changed | {"version_at": f"{changed['version_at']} + to_hours(copy % 2)"}


def _by_size() -> list[str]:
    """The sources by their share of a thousand dossiers."""
    names = [source for source, _ in data.places()]
    sizes = [habits(34, sources()[name]).size ** 2 for name in names]
    ends = [round(1000 * sum(sizes[: n + 1]) / sum(sizes)) for n in range(len(sizes))]
    shares = zip(names, [0, *ends], ends, strict=False)
    return [name for name, since, until in shares for _ in range(since, until)]
