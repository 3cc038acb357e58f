"""How each source stands after a night: merged, failed, held or absent, and since when."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import duckdb

from catalog import errors
from catalog.incidents import HELD, NOT_ARRIVED
from catalog.night import Night
from catalog.records import records, sent_records
from catalog.settings import settings
from catalog.sources import Source
from pipeline.batch import USABLE
from pipeline.stores import lake, warehouse
from warehouse import standing
from warehouse.connections import transaction

State = Literal["merged", "failed", "held", "absent"]
Rows = Iterable[Mapping[str, Any]]
ERRORS = {name for name, found in vars(errors).items() if inspect.isclass(found)}


@dataclass(frozen=True)
class Standing:
    """One source after a night. `error` is the class of what failed; `nights_failed` counts the
    nights in a row without a merge, this one included; `newest_change` is when the newest of its
    rows changed at the source, as known now and `newest_before` as known the night before."""

    source_id: str
    state: State
    error: str
    problems: tuple[str, ...]
    unmapped: tuple[str, ...]
    nights_failed: int
    last_success: dt.date | None
    newest_change: dt.datetime | None
    newest_before: dt.datetime | None

    @property
    def runbook(self) -> str:
        """Where it is written what to do; empty for a source that is well."""
        page = {"merged": "", "held": HELD, "absent": NOT_ARRIVED}.get(self.state, self.error)
        return runbook(page) if page else ""


def runbook(page: str) -> str:
    """The address of the runbook of an error class, `HELD` or `NOT_ARRIVED`."""
    return f"{settings().runbooks_url.rstrip('/')}/{page}.md"


def error_of(problem: str) -> str:
    """The class of error that a failed stage of the ledger names."""
    name = problem.partition(":")[0]
    return name if name in ERRORS else errors.MotcuaError.__name__


def standings(due: Iterable[Source], ledger: Rows, night: Night) -> list[Standing]:
    """Every source that was due, in the order given; `ledger` is that of the night."""
    lists = [kind for kind, record in records().items() if record.reconciles]
    with transaction(warehouse().engine) as connection:
        streaks = standing.streaks(connection, night.on, lists)
    own = [row for row in ledger if row["record"] not in lists]
    newest = _newest_changes(night)
    return [
        _standing(
            source.source_id,
            [row for row in own if row["source_id"] == source.source_id],
            streaks.get(source.source_id, {}),
            newest.get(source.source_id, (None, None)),
        )
        for source in due
    ]


def _standing(
    source_id: str, ledger: list[Mapping[str, Any]], streak: Mapping[str, Any], newest: Any
) -> Standing:
    lost = [row for row in ledger if row["verdict"] not in USABLE]
    failed = [row for row in lost if row["verdict"] == "failed"]
    return Standing(
        source_id=source_id,
        state=_state(ledger, lost),
        error=error_of(failed[0]["problem"]) if failed else "",
        problems=tuple(dict.fromkeys(row["problem"] for row in failed or lost)),
        unmapped=_unmapped(ledger),
        nights_failed=streak.get("nights_failed", 0),
        last_success=streak.get("last_success"),
        newest_change=newest[0],
        newest_before=newest[1],
    )


def _state(ledger: list[Mapping[str, Any]], lost: list[Mapping[str, Any]]) -> State:
    if lost:
        return "failed" if any(row["verdict"] == "failed" for row in lost) else "held"
    return "merged" if any(row["stage"] == "merge" for row in ledger) else "absent"


def _unmapped(ledger: list[Mapping[str, Any]]) -> tuple[str, ...]:
    conformed = (row for row in ledger if row["stage"] == "conform" and row["verdict"] == "ok")
    return tuple(f"{row['record']}: {row['problem']}" for row in conformed if row["problem"])


def _newest_changes(night: Night) -> dict[str, tuple[dt.datetime | None, dt.datetime | None]]:
    """By source, the newest change in all that was merged through that night, and through the one
    before; what we ourselves found deleted is none."""
    logs = " UNION ALL ".join(
        f"SELECT source_id, night, version_at, is_deleted FROM {lake().versions(record)}"
        for record in sent_records().values()
        if not record.reconciles
    )
    query = f"""
        SELECT source_id, max(version_at), max(version_at) FILTER (night < DATE '{night}')
        FROM ({logs}) WHERE night <= DATE '{night}' AND is_deleted IS NOT TRUE GROUP BY source_id"""
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        return {name: (newest, before) for name, newest, before in connection.sql(query).fetchall()}
