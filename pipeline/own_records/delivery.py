"""Deliveries: what had to come that night, what came, and what came late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import duckdb

from catalog.night import Night
from catalog.records import records
from catalog.sources import Source
from pipeline.batch import USABLE, due_sources
from pipeline.reporting import MONTHS, ended_periods
from pipeline.stores import state, warehouse

Row = dict[str, Any]
COUNTS = ("received", "accepted", "quarantined", "rejected", "duplicate")
RECORD = "delivery"


def rows(night: Night) -> Iterator[Row]:
    """The deliveries of that night, and earlier ones whose data it brought."""
    known = Known(night)
    yield from _come_late(known)
    for source in due_sources(night.on):
        for kind in source.records:
            if source.frequency in MONTHS and kind == "reported_figure":
                yield from _returns(source, kind, known)
            else:
                yield from _tonight(source, kind, known)


class Known:
    """What a night knows of its batches, and of deliveries that are still waited for."""

    def __init__(self, night: Night) -> None:
        self.night = night
        rows = warehouse().ledger(on=night.on)
        self.ledger = {(r["source_id"], r["record"], r["stage"]): r for r in rows}

    def is_merged(self, source_id: str, kind: str) -> bool:
        judged = self.ledger.get((source_id, kind, "judge"), {})
        return judged.get("verdict") in USABLE and (source_id, kind, "merge") in self.ledger

    def merged_before(self, source: Source, kind: str) -> dt.date | None:
        """The newest earlier night of which the batch was merged."""
        return warehouse().complete_through(source.source_id, kind, self.night.before)

    @cached_property
    def stated(self) -> set[tuple[str, dt.date]]:
        """(source, last day of a period) of which a figure has been stated."""
        figures = state(records()["reported_figure"], self.night)
        with duckdb.connect() as connection:
            query = f"SELECT DISTINCT source_id, ends_on FROM {figures} WHERE NOT is_deleted"
            return set(connection.sql(query).fetchall())

    @cached_property
    def waiting(self) -> dict[str, Row]:
        """By code, what was expected before this night and had not come."""
        record = records()[RECORD]
        columns = ", ".join(["area_code", *record.fields])
        held = state(record, self.night.before)
        with duckdb.connect() as connection:
            table = connection.sql(
                f"SELECT {columns} FROM {held} WHERE is_expected AND merged_on IS NULL"
            ).to_arrow_table()
        return {row["delivery_code"]: row for row in table.to_pylist()}


def _come_late(known: Known) -> Iterator[Row]:
    """A source that was not merged is asked for the same again; a return comes when it is ready."""
    for code in sorted(known.waiting):
        row = known.waiting[code]
        if row["due_on"]:
            has_come = known.is_merged(row["system_code"], row["record_kind"])
        else:
            has_come = (row["system_code"], row["night_on"]) in known.stated
        if has_come:
            yield row | {"merged_on": known.night.on}


def _tonight(source: Source, kind: str, known: Known) -> Iterator[Row]:
    """The night's batch: expected of a single file until it has come, of all else every night."""
    row = _row(source, kind, known.night.on) | _ending(source, kind, known)
    if source.frequency != "once" or known.merged_before(source, kind) is None:
        yield row | {"is_expected": True, "due_on": known.night.on}
    elif row["received_count"]:
        yield row


def _returns(source: Source, kind: str, known: Known) -> Iterator[Row]:
    """The returns of the periods that ended since the source was last merged, and the night's
    batch where it is one of them or brought anything."""
    on = known.night.on
    tonight = _row(source, kind, on) | _ending(source, kind, known)
    since = known.merged_before(source, kind) or known.night.before.on
    ended = [last for _, last in ended_periods(source.frequency, source.starts_on, on)]
    for last in (last for last in ended if last > since):
        row = tonight if last == on else _row(source, kind, last)
        if row["delivery_code"] not in known.waiting:
            has_come = (source.source_id, last) in known.stated
            yield row | {"is_expected": True, "merged_on": on if has_come else None}
    if on not in ended and tonight["received_count"]:
        yield tonight


def _row(source: Source, kind: str, on: dt.date) -> Row:
    """A delivery of which nothing is known."""
    return {
        "delivery_code": Night(on).batch_id(source.source_id, kind),
        "area_code": source.area,
        "agency_code": source.area,
        "system_code": source.source_id,
        "record_kind": kind,
        "night_on": on,
        "is_expected": False,
        "due_on": None,
        "merged_on": None,
        "is_merged": False,
        **{f"{name}_count": None for name in COUNTS},
        "verdict": None,
    }


def _ending(source: Source, kind: str, known: Known) -> Row:
    """How the night's batch ended; without numbers where it could not be read to its end."""
    stages = ("collect", "conform", "judge")
    passed = [known.ledger.get((source.source_id, kind, stage), {}) for stage in stages]
    verdicts = [row["verdict"] for row in passed if row]
    verdict = next((v for v in verdicts if v not in USABLE), verdicts[-1] if verdicts else None)
    is_merged = known.is_merged(source.source_id, kind)
    merged_on = known.night.on if is_merged else None
    _, conformed, judged = passed
    counts: Row = {}
    if conformed and judged and verdict != "failed":
        counts = {name: conformed[name] for name in ("received", "rejected", "duplicate")}
        counts |= {name: judged[name] for name in ("accepted", "quarantined")}
    named = {f"{name}_count": number for name, number in counts.items()}
    return {"verdict": verdict, "is_merged": is_merged, "merged_on": merged_on, **named}
