"""The identities of Form 06 hold for any dossiers, units and periods; a wrong number is found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import Phase, given, settings

from catalog.declarations import load_content
from catalog.errors import DeclarationError
from catalog.outcomes import REPORTING_SCHEMA
from tests.indicators.test_counts import DOSSIERS, NIGHT, table
from transforms.detectors import detectors, fed_by, unfed
from transforms.identities import Form, broken, forms
from transforms.indicators import measure, observe

Apart = Mapping[str, frozenset[str]]
NOBODY: Apart = {}


def observed(rows: list[dict[str, Any]], apart: Apart = NOBODY) -> pa.Table:
    """All figures about dossiers of two areas that report; `apart` is what sources do not feed."""
    common = {"stream": "dossier", "starts_on": dt.date(2026, 1, 1), "silent": []}
    reporting = [{**common, "area": a, "complete_through": NIGHT.on} for a in ("H26", "G03")]
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("dossiers", table(rows))
        measures = measure(connection, {"dossier": "dossiers"}, NIGHT, apart)
    told = pa.Table.from_pylist(reporting, REPORTING_SCHEMA)
    return observe(measures, told, NIGHT, "any", unfed(apart))


@settings(max_examples=25, phases=[Phase.generate])
@given(DOSSIERS)
def test_form_06_balances_for_every_unit_and_period(rows: list[dict[str, Any]]) -> None:
    figures = observed(rows)
    assert broken(figures).to_pylist() == []


def test_a_number_that_does_not_add_up_is_found() -> None:
    at = dt.datetime(2026, 10, 5, 3, tzinfo=dt.UTC)
    row = {"area_code": "H26", "agency_code": "H26.01", "status": "processing"}
    row |= dict.fromkeys(("due_at", "finished_at", "returned_at", "rejected_at"))
    both = (at, at + dt.timedelta(days=31))
    figures = observed([{**row, "received_at": received_at} for received_at in both])
    assert not broken(figures).num_rows
    is_pending = pc.equal(figures["indicator"], "form06_11_pending_total")
    is_october = pc.equal(figures["period"], "2026-10")
    chosen = pc.and_(pc.and_(is_pending, is_october), pc.equal(figures["area"], "H26"))
    told = broken(with_numerator(figures, chosen)).to_pylist()
    assert {(row["whole"], row["period"]) for row in told} == {
        ("form06_03_received_total", "2026-10"),
        ("form06_11_pending_total", "2026-10"),
        ("form06_06_carried_over", "2026-11"),
    }


def test_parts_that_a_source_does_not_feed_are_not_compared_with_the_whole() -> None:
    at = dt.datetime(2026, 10, 5, 3, tzinfo=dt.UTC)
    row = {"status": "processing", "channel": "online", "received_at": at}
    row |= dict.fromkeys(("due_at", "finished_at", "returned_at", "rejected_at"))
    sent = [
        {**row, "area_code": area, "agency_code": f"{area}.01", "source_id": source_id}
        for area, source_id in (("H26", "ha_noi"), ("G03", "bo_cong_an"))
    ]
    apart = dict.fromkeys(fed_by(detectors()["channel_constant"]), frozenset({"ha_noi"}))
    figures = observed(sent, apart)
    assert {r["area"] for r in numbers(figures, "form06_03_received_total")} > {"H26", "VN", "G03"}
    assert {r["area"] for r in numbers(figures, "form06_04_received_online")} == {
        "VN", "G03", "G03.01"
    }  # fmt: skip
    assert not broken(figures).num_rows
    assert {row["area"] for row in broken(one_more(figures, "G03")).to_pylist()} == {"G03"}


def numbers(figures: pa.Table, code: str) -> list[dict[str, Any]]:
    return [r for r in figures.to_pylist() if r["indicator"] == code and r["numerator"]]


def one_more(figures: pa.Table, area: str) -> pa.Table:
    """The figures with one dossier too many in the whole of that area."""
    is_whole = pc.equal(figures["indicator"], "form06_03_received_total")
    chosen = pc.and_(is_whole, pc.equal(figures["area"], area))
    return with_numerator(figures, chosen)


def with_numerator(figures: pa.Table, chosen: pa.ChunkedArray) -> pa.Table:
    """The figures with one more in those `chosen`."""
    wrong = pc.if_else(chosen, pc.add(figures["numerator"], 1), figures["numerator"])
    place = figures.schema.get_field_index("numerator")
    return figures.set_column(place, figures.schema.field(place), wrong)


def test_an_identity_names_indicators_only() -> None:
    content = {**forms()["form06"].model_dump(), "carried_over": {"nothing": "at_all"}}
    with pytest.raises(DeclarationError, match="no such indicator: at_all, nothing"):
        load_content("wrong.yml", Form, content)
