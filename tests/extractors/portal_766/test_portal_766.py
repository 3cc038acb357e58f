"""The portal_766 platform when the portal answers, and the figures that come of it."""

from __future__ import annotations

import csv
import datetime as dt
import json
from typing import Any

import pytest
from starlette.responses import JSONResponse

from catalog.errors import (
    DeclarationError,
    SchemaDrift,
)
from tests.extractors.conftest import MARK, Declare, run
from tests.extractors.portal_766.conftest import (
    BASE,
    GROUPS,
    PER_PROVINCE,
    TABLE,
    Portal,
    breaks,
    conformed,
    metric,
    province,
    pull,
    rows,
    said,
    unit,
)


def test_a_night_asks_for_the_scores_and_then_for_each_group(
    declare: Declare, portal: Portal
) -> None:
    delivery, _ = pull(declare(page_size=200))
    year, days = {"timeType": "year", "year": 2026}, {"fromDate": "2026-01-01"}
    units = {"rootDepartmentId": "id-H26", "currentPage": 1, "pageSize": 200}
    assert portal.asked == [
        ("service-results", {**year, "departmentType": "ADMINISTRATIVE_UNIT"}),
        ("transparency", {**year, **units}),
        ("dossier-digitized", {**year, **units}),
        ("formality-online-payment-tree", {**year, **units}),
        ("provide-online-tree", {**year, **units}),
        ("dvc-progress-tree", {**year, **units}),
        ("handling-satisfaction", {**days, "toDate": "2026-11-22", **units}),
    ]
    assert (delivery.pages, delivery.rows, delivery.cursor_after) == (7, 6, "2026-11-22")
    assert portal.agents == {"mot-cua-metrics"}


def test_each_figure_is_a_flat_row_as_the_portal_wrote_it(declare: Declare, portal: Portal) -> None:
    portal.provinces = [province(total="68.10", CKMB="8", TDGQ="0.0")]
    _, shelf = pull(declare())
    assert said(declare(), shelf) == [
        ("TOTAL", "H26", "2026-11-22", "", "", "68.10"),
        ("CKMB", "H26", "2026-11-22", "", "", "8"),
        ("TDGQ", "H26", "2026-11-22", "", "", "0.0"),
        ("PUBLISH_ON_TIME", "H26", "2026-11-22", "9", "10", ""),
        ("ELECTRONIC_CERTIFIED_COPY", "H26.01", "2026-11-22", "0", "0", ""),
        ("PETITION_PROCESSING_ON_TIME", "H26", "2026-11-22", "3", "4", ""),
    ]


def test_the_portals_bytes_can_be_had_back(declare: Declare, portal: Portal) -> None:
    delivery, shelf = pull(declare())
    landed = json.loads(shelf.pages[0])
    assert landed["answer"].encode() == portal.results().body
    assert landed["asked"]["body"] == portal.asked[0][1]
    assert delivery.landed[0].request == (
        f"POST {portal.url}{BASE}/service-results "
        '{"timeType":"year","year":2026,"departmentType":"ADMINISTRATIVE_UNIT"}'
    )


def test_the_cursor_changes_nothing(declare: Declare, portal: Portal) -> None:
    first, _ = pull(declare())
    assert pull(declare(), cursor="2026-11-21")[0].sha256s == first.sha256s


def test_the_table_of_a_day_arrives_as_published(declare: Declare, portal: Portal) -> None:
    with TABLE.open(encoding="utf-8") as file:
        table = list(csv.DictReader(line for line in file if line[0] != "#"))
    portal.provinces = [
        province(line["h_code"], line["total"], **{g: line[g] for g in GROUPS}) for line in table
    ]
    portal.units = {}
    delivery, shelf = pull(declare())
    batch = conformed(declare(), shelf)
    assert (len(table), delivery.pages, batch.rejected) == (34, 1 + 34 * PER_PROVINCE, 0)
    names = {"total": "score_766", **{g: f"score_766_{g.lower()}" for g in GROUPS}}
    assert {
        (r["area_code"], r["figure_code"], r["numerator"]) for r in batch.table.to_pylist()
    } == {
        (line["h_code"], name, round(100 * float(line[column])))
        for line in table
        for column, name in names.items()
    }


def test_figures_conform_with_their_day_their_unit_and_no_default(
    declare: Declare, portal: Portal
) -> None:
    portal.provinces = [province(total="null", CKMB="11.28", MOI="1")]
    portal.units["transparency"] = [unit("000.00.01.H26", metric("PUBLISH_ON_TIME", 5, None))]
    _, shelf = pull(declare())
    batch = conformed(declare(), shelf)
    found = {row["figure_code"]: row for row in batch.table.to_pylist()}
    score, copy = found["score_766_ckmb"], found["766_electronic_certified_copy"]
    assert (score["numerator"], score["denominator"], score["area_code"]) == (1128, 100, "H26")
    assert (copy["numerator"], copy["denominator"], copy["agency_code"]) == (0, 0, "H26.01")
    day = dt.date(2026, 11, 22)
    assert (copy["period"], copy["starts_on"], copy["ends_on"]) == ("2026-11-22", day, day)
    assert batch.rejected == 3
    assert {(reject["field"], reject["reason"]) for reject in batch.rejects.to_pylist()} == {
        ("MaSoLieu", "unknown_code"),
        ("Diem", "missing_required"),
    }


def test_metrics_are_found_in_a_tree_under_their_own_unit(declare: Declare, portal: Portal) -> None:
    nested = unit("H26.02", groups={"a": [{"list": [metric("DOSSIER_SYNC", 1, 2)]}]})
    nameless = {"departmentId": "x", "metrics": [metric("DOSSIER_SYNC", 7, 8)]}
    root = unit("H26", metric("DOSSIER_SYNC", 3, 4), children=[nested, nameless])
    portal.units = {"transparency": [root]}
    _, shelf = pull(declare())
    assert [line[:2] + line[3:5] for line in said(declare(), shelf)[3:]] == [
        ("DOSSIER_SYNC", "H26", "3", "4"),
        ("DOSSIER_SYNC", "H26.02", "1", "2"),
        ("DOSSIER_SYNC", None, "7", "8"),
    ]


def test_the_units_of_a_province_are_paged_through(declare: Declare, portal: Portal) -> None:
    codes = [f"H26.{n:02}" for n in range(1, 8)]
    portal.units["transparency"] = [unit(c, metric("DOSSIER_SYNC", 1, 2)) for c in codes]
    delivery, shelf = pull(declare(page_size=3))
    assert [b["currentPage"] for e, b in portal.asked if e == "transparency"] == [1, 2, 3]
    assert [
        r["MaDonVi"] for r in rows(declare(), shelf) if r["MaSoLieu"] == "DOSSIER_SYNC"
    ] == codes
    assert [page.number for page in delivery.landed] == list(range(1, 10))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"items": [{"unitCode": "H26", "metrics": [MARK]}]}, "no unit in the answer"),
        (None, "no unit in the answer"),
        ({"items": [{"departmentCode": "H26", "figures": [MARK]}]}, "units without any metric"),
    ],
)
def test_other_names_for_units_or_metrics_are_drift(
    declare: Declare, portal: Portal, data: Any, word: str
) -> None:
    portal.faults = {2: JSONResponse({"code": "OK", "data": data})}
    assert f"transparency: {word}" in breaks(declare(), SchemaDrift)


def test_an_empty_group_is_no_drift(declare: Declare, portal: Portal) -> None:
    portal.units = {}
    assert pull(declare())[0].rows == 3


def test_every_question_is_held_to_the_pace(
    declare: Declare, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    paced: list[int] = []
    monkeypatch.setattr("extractors.web.Pace.__call__", lambda pace, request: paced.append(1))
    pull(declare())
    assert len(paced) == len(portal.asked) == 1 + PER_PROVINCE


def test_another_record_kind_is_a_wrong_declaration(declare: Declare, portal: Portal) -> None:
    with pytest.raises(DeclarationError, match="portal_766 does not offer dossier"):
        run(declare())
    assert portal.asked == []
