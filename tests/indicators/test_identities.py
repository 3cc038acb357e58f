"""The identities of Form 06 hold for any dossiers, units and periods; a wrong number is found."""

from __future__ import annotations

import datetime as dt
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
from transforms.identities import Form, broken, forms
from transforms.indicators import measure, observe


def observed(rows: list[dict[str, Any]]) -> pa.Table:
    """All figures about dossiers of two areas that report."""
    common = {"stream": "dossier", "starts_on": dt.date(2026, 1, 1), "silent": []}
    reporting = [{**common, "area": a, "complete_through": NIGHT.on} for a in ("H26", "G03")]
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("dossiers", table(rows))
        measures = measure(connection, {"dossier": "dossiers"}, NIGHT)
    return observe(measures, pa.Table.from_pylist(reporting, REPORTING_SCHEMA), NIGHT, "any")


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
    wrong = pc.if_else(chosen, pc.add(figures["numerator"], 1), figures["numerator"])
    place = figures.schema.get_field_index("numerator")
    told = broken(figures.set_column(place, figures.schema.field(place), wrong)).to_pylist()
    assert {(row["whole"], row["period"]) for row in told} == {
        ("form06_03_received_total", "2026-10"),
        ("form06_11_pending_total", "2026-10"),
        ("form06_06_carried_over", "2026-11"),
    }


def test_an_identity_names_indicators_only() -> None:
    content = {**forms()["form06"].model_dump(), "carried_over": {"nothing": "at_all"}}
    with pytest.raises(DeclarationError, match="no such indicator: at_all, nothing"):
        load_content("wrong.yml", Form, content)
