"""What each view adds to its records, alike on DuckDB and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from catalog.night import LOCAL_ZONE, Night
from catalog.records import stored_records
from transforms.indicators.views import given_relations, views

NIGHT = Night.parse("2026-11-22")
Look = Callable[[str, dict[str, pa.Table]], list[dict[str, Any]]]


def at(day: int, hour: int = 8, month: int = 11) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=LOCAL_ZONE)


def table(kind: str, *rows: dict[str, Any]) -> pa.Table:
    schema = pa.schema([(n, f.arrow) for n, f in stored_records()[kind].columns.items()])
    return pa.Table.from_pylist([{"source_id": "ha_noi", **row} for row in rows], schema)


def told(rows: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[column] for column in columns) for row in rows)


def test_every_view_names_only_what_exists(look: Look) -> None:
    known = {kind: table(kind) for kind in stored_records()}
    nights = pa.field("night", pa.date32())
    known["dossier_version"] = known["dossier"].append_column(nights, pa.array([], pa.date32()))
    for name, view in views().items():
        rows = look(name, known)
        assert rows == []
        assert not set(view.adds) & set(stored_records()[view.of].columns)


def test_the_first_apology_is_found_where_events_are_sent(look: Look) -> None:
    apology = {"event": "apology_issued", "dossier_code": "A"}
    dossiers = table(
        "dossier",
        {"dossier_code": "A"},
        {"dossier_code": "B"},
        {"dossier_code": "A", "source_id": "hue"},
        {"dossier_code": "C", "source_id": "wabo"},
    )
    events = table(
        "dossier_event",
        {**apology, "happened_at": at(5)},
        {**apology, "happened_at": at(3)},
        {"dossier_code": "B", "event": "resumed", "happened_at": at(4)},
    )
    rows = look("with_apology", {"dossier": dossiers, "dossier_event": events})
    found = {(row["source_id"], row["dossier_code"]): row["apologised_at"] for row in rows}
    assert found == {("ha_noi", "A"): at(3), ("ha_noi", "B"): None, ("hue", "A"): None}


def test_the_two_sides_are_matched_after_three_days(look: Look) -> None:
    early, late = at(20, 0), at(20, 0) + dt.timedelta(seconds=1)
    dossiers = table(
        "dossier",
        {"dossier_code": "both", "filed_on_portal": True, "received_at": early},
        {"dossier_code": "ours", "filed_on_portal": True, "received_at": early},
        {"dossier_code": "young", "filed_on_portal": True, "received_at": late},
        {"dossier_code": "desk", "filed_on_portal": False, "received_at": early},
        {"dossier_code": "unsaid", "received_at": early},
    )
    stated = table(
        "portal_dossier",
        {"source_id": "portal", "dossier_code": "both", "submitted_at": early},
        {"source_id": "portal", "dossier_code": "theirs", "submitted_at": early},
        {"source_id": "portal", "dossier_code": "new", "submitted_at": late},
    )
    both = {"dossier": dossiers, "portal_dossier": stated}
    sent = told(look("portal_sent", both), "dossier_code", "is_on_portal")
    assert sent == [("both", True), ("ours", False)]
    seen = told(look("portal_seen", both), "dossier_code", "is_at_source")
    assert seen == [("both", True), ("theirs", False)]


def test_dossiers_are_seen_with_what_the_catalogue_says_of_their_procedure(look: Look) -> None:
    codes = ("needs", "none", "unsaid", "unknown", None)
    dossiers = table("dossier", *({"dossier_code": str(c), "procedure_code": c} for c in codes))
    listed = {"needs": True, "none": False, "unsaid": None}
    catalogue = table(
        "procedure", *({"procedure_code": c, "requires_result": r} for c, r in listed.items())
    )
    rows = look("with_procedure", {"dossier": dossiers, "procedure": catalogue})
    found = {row["dossier_code"]: row["requires_result"] for row in rows}
    assert found == {**listed, "unknown": None, "None": None}


def test_a_dislike_counts_once_to_whichever_system_it_was_said(look: Look) -> None:
    dossiers = table("dossier", *({"dossier_code": code} for code in ("A", "B", "C")))
    ratings = table(
        "rating",
        {"dossier_code": "A", "rating": "satisfied"},
        {"dossier_code": "A", "rating": "dissatisfied", "source_id": "portal"},
        {"dossier_code": "B", "rating": "satisfied", "source_id": "portal"},
    )
    rows = look("with_rating", {"dossier": dossiers, "rating": ratings})
    assert told(
        [r for r in rows if r["is_disliked"] is not None], "dossier_code", "is_disliked"
    ) == [
        ("A", True),
        ("B", False),
    ]
    assert len(rows) == 3


def asked(code: str | None, day: dt.date, **facts: Any) -> dict[str, Any]:
    usual = {"area_code": "H26", "agency_code": "H26.01", "status": "processing"}
    return {**usual, "procedure_code": code, "received_on": day, **facts}


def test_a_procedure_is_seen_once_for_each_area_and_month(look: Look) -> None:
    october, november = dt.date(2026, 10, 31), dt.date(2026, 11, 1)
    online = {"channel": "online", "service_level": "partial", "agency_code": "H26.02"}
    paid = {"fee_amount": 5000, "payment": "agency_gateway", "is_vneid_verified": True}
    dossiers = table(
        "dossier",
        asked("1", october),
        asked("1", october, **online, **paid),
        asked("1", november, fee_amount=0, payment="national_portal"),
        asked("1", november, area_code="H20", fee_amount=10, payment="national_portal"),
        asked("2", november, status="refused"),
        asked("3", november, parent_code="x"),
        asked(None, november),
    )
    catalogue = table("procedure", {"procedure_code": "1", "has_fee": True})
    rows = look("procedure_used", {"dossier": dossiers, "procedure": catalogue})
    names = ("area_code", "used_on", "is_online_service", "has_online_dossier")
    first = dt.date(2026, 10, 1)
    assert told(rows, *names) == [
        ("H20", november, False, False),
        ("H26", first, True, True),
        ("H26", november, False, False),
    ]
    names = ("area_code", "used_on", "is_paid_on_portal", "is_paid_online", "has_verified_dossier")
    assert told(rows, *names) == [
        ("H20", november, True, True, False),
        ("H26", first, False, True, True),
        ("H26", november, False, False, False),
    ]
    assert {(r["agency_code"] == r["area_code"], r["bears_fee"]) for r in rows} == {(True, True)}
    assert {row["is_for_citizens"] for row in rows} == {False}


def test_petitions_are_timed_in_working_days(look: Look) -> None:
    """13 November 2026 is a Friday."""
    friday = {"received_on": dt.date(2026, 11, 13)}
    petitions = table(
        "petition",
        {**friday, "petition_code": "back", "returned_on": dt.date(2026, 11, 17)},
        {
            **friday,
            "petition_code": "done",
            "supplement_requested_on": dt.date(2026, 11, 16),
            "resolved_on": dt.date(2026, 11, 18),
            "published_on": dt.date(2026, 11, 20),
        },
    )
    rows = look("petition_clock", {"petition": petitions})
    steps = ("returned_in", "supplement_requested_in", "resolved_in", "published_in")
    assert told(rows, "petition_code", *steps) == [
        ("back", 2, None, 5, 0),
        ("done", None, 1, 3, 2),
    ]


@pytest.mark.parametrize(
    ("view", "kind", "source", "opens", "closes"),
    [
        ("procedure_month", "procedure", "cong_dvcqg_thu_tuc", "published_on", "ended_on"),
        ("agency_month", "agency", "cong_dvcqg_co_quan", "valid_from", "valid_to"),
    ],
)
def test_a_register_is_told_by_month(
    look: Look, view: str, kind: str, source: str, opens: str, closes: str
) -> None:
    """From the source's start in July 2025 to the day reported, 22 November 2026."""
    rows = look(
        view,
        {
            kind: table(
                kind,
                {"source_id": source, opens: dt.date(2026, 9, 30), closes: dt.date(2026, 11, 22)},
                {"source_id": source, opens: dt.date(2026, 11, 23)},
                {"source_id": source, opens: dt.date(2019, 1, 1), closes: dt.date(2025, 8, 31)},
                {"source_id": source, opens: dt.date(2026, 11, 22)},
            )
        },
    )
    months = {"2025-07-01": 1, "2026-09-01": 1, "2026-10-01": 1, "2026-11-01": 1}
    found = [str(row["month_on"]) for row in rows]
    assert {month: found.count(month) for month in found} == months
    assert set(given_relations(NIGHT)["month"]["ends_on"][-1:].to_pylist()) == {NIGHT.on}
