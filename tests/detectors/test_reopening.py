"""The view of what was finished and open again, on every engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from catalog.records import records
from tests.indicators.conftest import look

__all__ = ["look"]

DAY = dt.timedelta(days=1)
LAST = dt.date(2026, 11, 22)


def table(kind: str, *rows: dict[str, Any], **more: pa.DataType) -> pa.Table:
    columns = records()[kind].columns.items()
    fields = [pa.field(name, field.arrow) for name, field in columns]
    fields += [pa.field(name, data_type) for name, data_type in more.items()]
    return pa.Table.from_pylist(list(rows), pa.schema(fields))


def version(code: str, status: str, days: int, source_id: str = "hue") -> dict[str, Any]:
    """A version that the night `days` before the last brought."""
    at = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC) - days * DAY
    row = {"source_id": source_id, "dossier_code": code, "status": status, "version_at": at}
    return {**row, "night": LAST - days * DAY}


def event(code: str, kind: str) -> dict[str, Any]:
    return {"source_id": "hue", "dossier_code": code, "event": kind}


@pytest.mark.parametrize(
    ("versions", "events", "expected"),
    [
        ([version("a", "processing", 5), version("a", "finished", 4)], [], False),
        ([version("a", "finished", 4), version("a", "returned", 3)], [], False),
        ([version("a", "finished", 4), version("a", "processing", 3)], [], True),
        ([version("a", "returned", 4), version("a", "received", 3)], [], True),
        ([version("a", "finished", 4), version("a", "withdrawn", 3)], [], False),
        ([version("a", "finished", 99), version("a", "processing", 95)], [], False),
        ([version("a", "finished", -1), version("a", "processing", -2)], [], False),
        ([version("b", "finished", 4), version("b", "processing", 3)], [], False),
        ([version("a", "finished", 4, "an_giang"), version("a", "received", 3)], [], False),
        ([], [event("a", "reopened"), event("a", "reopened")], True),
        (
            [version("a", "finished", 4), version("a", "received", 3)],
            [event("a", "reopened")],
            True,
        ),
        ([], [event("b", "reopened"), event("a", "finished")], False),
    ],
)
def test_what_was_finished_and_is_handled_again_is_reopened(
    look: Callable[..., list[dict[str, Any]]],
    versions: list[dict[str, Any]],
    events: list[dict[str, Any]],
    expected: bool,
) -> None:
    tables = {
        "dossier": table("dossier", {"source_id": "hue", "dossier_code": "a"}),
        "dossier_event": table("dossier_event", *events),
        "dossier_version": table("dossier", *versions, night=pa.date32()),
    }
    assert [row["is_reopened"] for row in look("reopening", tables)] == [expected]
