"""What analysts read in `mart`, and what the database says of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa

from tests.warehouse.samples import definition, figures
from warehouse.postgres import Warehouse

RELEASE = "nightly-2026-11-22"
ON_TIME = definition()
PAID = definition("online_payment_share", "payment", headline=3)


def read(warehouse: Warehouse, query: str) -> list[dict[str, Any]]:
    with warehouse.engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.text(query)).mappings()]


def of(indicator: str, table: pa.Table) -> pa.Table:
    place = table.schema.get_field_index("indicator")
    names = pa.array([indicator] * table.num_rows, pa.string())
    return table.set_column(place, table.schema.field(place), names)


def test_the_tall_view_is_the_newest_nightly_release_with_every_name(warehouse: Warehouse) -> None:
    catalogue = [ON_TIME, PAID]
    warehouse.publish("nightly-2026-11-21", figures("nightly-2026-11-21", {"H26": 1}), {})
    warehouse.publish(RELEASE, figures(RELEASE, {"H26": 7, "H26.01": None}), {}, catalogue)
    warehouse.publish("2026.10.1", figures("2026.10.1", {"H26": 2}), {}, catalogue)
    found = read(warehouse, "SELECT * FROM mart.figure ORDER BY area")
    assert found[0] == {
        "indicator": "on_time_rate", "indicator_vi": "Chỉ số on_time_rate",
        "indicator_en": "Indicator on_time_rate", "unit": "share", "theme": "on_time",
        "theme_vi": "Giải quyết đúng hạn", "theme_en": "On time", "headline": 0,
        "release": RELEASE, "borders": "34", "area": "H26", "area_name": "Hà Nội",
        "level": "province", "period": "2026-11", "period_type": "month",
        "starts_on": dt.date(2026, 11, 1), "ends_on": dt.date(2026, 11, 30),
        "numerator": 7, "denominator": 10, "value": 0.7, "coverage": 1.0,
        "status": "provisional", "reason": "", "definition_version": 1,
    }  # fmt: skip
    unit = found[1]
    assert (unit["area"], unit["area_name"], unit["value"]) == ("H26.01", "Hà Nội", None)
    assert len(found) == 2


@pytest.mark.parametrize(
    ("period_type", "period", "first", "last"),
    [
        ("day", "2026-11-22", "2026-11-22", "2026-11-22"),
        ("month", "2024-02", "2024-02-01", "2024-02-29"),
        ("quarter", "2026-Q4", "2026-10-01", "2026-12-31"),
        ("quarter", "2026-Q1", "2026-01-01", "2026-03-31"),
        ("year", "2026", "2026-01-01", "2026-12-31"),
        ("all", "all", None, None),
    ],
)
def test_a_period_has_its_first_and_last_day(
    warehouse: Warehouse, period_type: str, period: str, first: str | None, last: str | None
) -> None:
    row = figures(RELEASE, {"H26": 7}).to_pylist()[0]
    row |= {"period": period, "period_type": period_type}
    schema = figures(RELEASE, {}).schema
    warehouse.publish(RELEASE, pa.Table.from_pylist([row], schema=schema), {}, [ON_TIME])
    for view in ("figure", "wide_on_time"):
        found = read(warehouse, f"SELECT starts_on::text, ends_on::text FROM mart.{view}")
        assert found == [{"starts_on": first, "ends_on": last}]


def test_a_wide_view_has_a_row_an_area_and_period_and_a_column_an_indicator(
    warehouse: Warehouse,
) -> None:
    overdue = definition("overdue_count")
    both = [
        figures(RELEASE, {"H26": 7, "H29": None}),
        of("overdue_count", figures(RELEASE, {"H26": 2})),
    ]
    warehouse.publish(RELEASE, pa.concat_tables(both), {}, [ON_TIME, overdue, PAID])
    found = read(
        warehouse, "SELECT area, on_time_rate, overdue_count FROM mart.wide_on_time ORDER BY area"
    )
    assert found == [
        {"area": "H26", "on_time_rate": 0.7, "overdue_count": 0.2},
        {"area": "H29", "on_time_rate": None, "overdue_count": None},
    ]
    assert read(warehouse, "SELECT * FROM mart.wide_payment") == []


def _views(warehouse: Warehouse) -> dict[str, int]:
    query = "SELECT relname, oid::bigint FROM pg_class WHERE relkind = 'v' AND relnamespace"
    rows = read(warehouse, f"{query} = 'mart'::regnamespace")
    return {row["relname"]: row["oid"] for row in rows}


def test_views_follow_the_catalogue_and_nothing_else(warehouse: Warehouse) -> None:
    def publish(number: int, *catalogue: dict[str, Any]) -> dict[str, int]:
        warehouse.publish(RELEASE, figures(RELEASE, {"H26": number}), {}, catalogue)
        return _views(warehouse)

    first = publish(1, ON_TIME, PAID)
    assert sorted(first) == ["figure", "wide_on_time", "wide_payment"]
    assert publish(2, ON_TIME, PAID) == first
    assert publish(3) == first
    moved = publish(4, ON_TIME, {**PAID, "theme": "online"})
    assert sorted(moved) == ["figure", "wide_on_time", "wide_online"]
    assert read(warehouse, "SELECT numerator FROM mart.figure") == [{"numerator": 4}]
    for other in ("2026.10.1", "nightly-2026-11-20"):
        warehouse.publish(other, figures(other, {"H26": 5}), {}, [ON_TIME])
        assert _views(warehouse) == moved, "a release that they do not show changes nothing"


UNSAID = """SELECT n.nspname || '.' || c.relname || coalesce('.' || a.attname, '')
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN (SELECT attrelid, attname, attnum FROM pg_attribute
               WHERE attnum > 0 AND NOT attisdropped
               UNION ALL SELECT oid, NULL, 0 FROM pg_class) AS a ON a.attrelid = c.oid
    WHERE n.nspname IN ('ops', 'record', 'mart') AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
      AND coalesce(CASE a.attnum WHEN 0 THEN obj_description(c.oid, 'pg_class')
                   ELSE col_description(c.oid, a.attnum) END, '') = ''
    UNION ALL SELECT nspname FROM pg_namespace WHERE nspname IN ('ops', 'record', 'mart')
      AND coalesce(obj_description(oid, 'pg_namespace'), '') = ''
    UNION ALL SELECT rolname FROM pg_roles WHERE rolname ~ '^(province_|area_|national_|public_)'
      AND coalesce(shobj_description(oid, 'pg_authid'), '') = ''"""


def test_everything_says_what_it_is(warehouse: Warehouse) -> None:
    warehouse.publish(RELEASE, figures(RELEASE, {"H26": 7}), {}, [ON_TIME, PAID])
    assert read(warehouse, UNSAID) == []
    with warehouse.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE mart.unsaid (a int)")
        found = connection.execute(sa.text(UNSAID)).scalars().all()
        assert found == ["mart.unsaid.a", "mart.unsaid"] or found == [
            "mart.unsaid",
            "mart.unsaid.a",
        ]
        connection.rollback()


def test_an_indicator_is_told_in_full(warehouse: Warehouse) -> None:
    warehouse.publish(RELEASE, figures(RELEASE, {"H26": 7}), {}, [PAID])
    assert read(warehouse, "SELECT * FROM mart.indicator") == [
        {
            "code": "online_payment_share", "version": 1, "unit": "share", "theme": "payment",
            "name_vi": "Chỉ số online_payment_share", "name_en": "Indicator online_payment_share",
            "headline": 3, "direction": "higher_better", "formula_vi": "Tử số / mẫu số",
            "formula_en": "Numerator / denominator", "legal_basis": "Nghị định 118/2025/NĐ-CP",
        }
    ]  # fmt: skip


def test_codes_have_their_names(warehouse: Warehouse) -> None:
    warehouse.publish(RELEASE, figures(RELEASE, {"H26": 7}), {})
    query = "SELECT name_vi, name_en FROM mart.code WHERE (codelist, code) = ('channel', 'online')"
    assert read(warehouse, query) == [{"name_vi": "Trực tuyến", "name_en": "Online"}]
