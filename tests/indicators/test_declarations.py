"""Every declared indicator computes its own worked example; a wrong declaration does not load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from catalog.declarations import load_file
from catalog.errors import DeclarationError
from catalog.outcomes import REPORTING_SCHEMA
from tests.indicators.conftest import Run
from transforms.indicators import MEASURE_SCHEMA, Indicator, indicators, observe
from transforms.indicators import declaration as module
from transforms.indicators.expressions import Flags

FOLDER = Path(module.__file__).parent
FIRST_TWELVE = {
    *("online_submission_share", "end_to_end_share", "on_time_rate", "on_time_rate_766"),
    *("overdue_count", "pending_count", "postal_receipt_share", "postal_return_share"),
    *("online_payment_share", "digitised_share", "electronic_result_share"),
    "satisfaction_rating_share",
}


def test_the_first_twelve_are_declared() -> None:
    assert set(indicators()) >= FIRST_TWELVE


def totals(indicator: Indicator, run: Run) -> list[tuple[int, int]]:
    """What the example counts, by areas and by agencies; of a balance, its month as observed."""
    parts = [part for part in indicator.parts if part.record == indicator.record]
    night, table = indicator.example.night, indicator.example_table()
    counted = {part.moves: run([part], table, night) for part in parts}
    if indicator.is_balance:
        return [observed_month(indicator, [row for rows in counted.values() for row in rows])]
    grains = ([r for r in counted[""] if (r["agency"] is None) == grain] for grain in (True, False))
    names = (f"n_{indicator.code}", f"d_{indicator.code}")
    return [(sum(r[names[0]] for r in rows), sum(r[names[1]] for r in rows)) for rows in grains]


def observed_month(indicator: Indicator, counted: list[dict[str, Any]]) -> tuple[int, int]:
    """The figure of the area in the month of the example, from the counts of all parts."""
    code, night = indicator.code, indicator.example.night
    same = {"indicator": code, "definition_version": indicator.version}
    measures = [
        {**same, "area": row["area"], "agency": row["agency"], "starts_on": row["starts_on"],
         "numerator": row[f"n_{code}"], "denominator": row[f"d_{code}"]}
        for row in counted
    ]  # fmt: skip
    expected = {"area": "H26", "starts_on": night.on.replace(day=1), "complete_through": night.on}
    reporting = [{**expected, "stream": stream, "silent": []} for stream in indicator.streams]
    tables = (
        pa.Table.from_pylist(measures, MEASURE_SCHEMA),
        pa.Table.from_pylist(reporting, REPORTING_SCHEMA),
    )
    figures = observe(*tables, night, "example").to_pylist()
    key = (code, "34", "H26", f"{night.on:%Y-%m}")
    names = ("indicator", "borders", "area", "period")
    [row] = [f for f in figures if tuple(f[name] for name in names) == key]
    return row["numerator"], row["denominator"]


@pytest.mark.parametrize("code", sorted(indicators()))
def test_the_worked_example_holds(code: str, run: Run) -> None:
    example = indicators()[code].example
    for total in totals(indicators()[code], run):
        assert total == (example.numerator, example.denominator)


@pytest.mark.parametrize("code", sorted(indicators()))
def test_an_example_tells_numerator_denominator_and_the_rest_apart(code: str) -> None:
    indicator, example = indicators()[code], indicators()[code].example
    if indicator.figure:
        strange = [row for row in example.rows if row["figure_code"] != indicator.figure]
        assert 0 < len(strange) < len(example.rows) - 1
    elif indicator.amount:
        assert example.numerator != example.denominator
    else:
        assert 0 < example.numerator <= example.denominator <= len(example.rows)
        assert indicator.numerator == indicator.denominator or len(example.rows) > example.numerator


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"example": None}, "example"),
        ({"exmaple": {}}, "exmaple"),
        ({"numerator": "chanel = 'online'"}, "chanel"),
        ({"numerator": "channel = 'onlin'"}, "onlin"),
        ({"numerator": "channel LIKE 'online'"}, "LIKE"),
        ({"denominator": "is_recieved"}, "is_recieved"),
        ({"period_by": "received_at"}, "received_at is not a local day"),
        ({"zero_over_zero": "one"}, "zero_over_zero"),
        ({"version": 0}, "version"),
    ],
)
def test_a_wrong_indicator_does_not_load(change: dict[str, Any], told: str, tmp_path: Path) -> None:
    content = yaml.safe_load((FOLDER / "online_submission_share.yml").read_text(encoding="utf-8"))
    file = tmp_path / "wrong.yml"
    file.write_text(yaml.safe_dump({**content, **change}), encoding="utf-8")
    with pytest.raises(DeclarationError, match=rf"wrong.yml: .*{told}"):
        load_file(file, Indicator, code="wrong")


def test_an_example_names_only_columns_that_sources_send(tmp_path: Path) -> None:
    content = yaml.safe_load((FOLDER / "pending_count.yml").read_text(encoding="utf-8"))
    content["example"]["rows"][0]["received_on"] = "2026-11-02"
    file = tmp_path / "wrong.yml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(DeclarationError, match="received_on"):
        load_file(file, Indicator, code="wrong")


def test_a_flag_may_use_only_the_flags_above_it(tmp_path: Path) -> None:
    below = {"about": "uses the next", "sql": "is_known"}
    known = {"about": "the next", "sql": "status IS NOT NULL"}
    file = tmp_path / "dossier.yml"
    file.write_text(yaml.safe_dump({"flags": {"a": below, "is_known": known}}), encoding="utf-8")
    with pytest.raises(DeclarationError, match="is_known"):
        load_file(file, Flags, kind="dossier")


def test_days_are_left_out_only_where_a_month_is_the_least() -> None:
    without = {code for code, i in indicators().items() if "day" not in i.period_types}
    apart = {code for code, i in indicators().items() if i.figure or i.accumulates != "flow"}
    by_month = {code for code in indicators() if code.startswith("form06_")}
    assert without >= {"on_time_rate_766", *apart, *by_month}
