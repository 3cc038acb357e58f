"""The national_adapter platform when the portal answers, and what its rows become."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse

from catalog.errors import (
    DeclarationError,
)
from catalog.records import records
from extractors import read
from tests.extractors.conftest import MARK, NIGHT, Declare, run
from tests.extractors.national_adapter.conftest import CODES, Portal, codes, pull
from transforms.conform import conform


def test_three_pages_arrive_whole_under_one_session(declare: Declare, portal: Portal) -> None:
    delivery, shelf = pull(declare())
    assert codes(declare(), shelf.pages) == CODES
    assert (delivery.pages, delivery.rows, delivery.attempts) == (3, 7, 3)
    assert delivery.cursor_after == "20261123000000"
    assert len(portal.sessions) == 1
    assert portal.bodies[1] == {
        "session": "token-number-1",
        "madonvi": "G22",
        "service": "LayDanhSachTTHC",
        "isUpdating": "False",
        "data": [
            {"tungay": "20000101000000", "denngay": "20261123000000", "trang": "2", "sodong": "3"}
        ],
    }


@pytest.mark.parametrize(
    ("record", "service", "since", "extras"),
    [
        ("agency", "LayDanhMucCoQuan", "20000101000000", {}),
        ("rating", "DongBoDanhGia", "20260825000000", {}),
        ("portal_dossier", "DongBoTrangThaiHoSo", "20260825000000", {"type": "2"}),
    ],
)
def test_each_record_kind_has_its_service_and_its_first_day(
    declare: Declare, portal: Portal, record: str, service: str, since: str, extras: dict[str, str]
) -> None:
    run(declare(), record=record)
    body = portal.bodies[0]
    assert (body["service"], body["data"][0]["tungay"]) == (service, since)
    assert body.items() >= extras.items()
    assert ("type" in body) == bool(extras)


def test_a_catalogue_is_asked_for_whole_only_once(declare: Declare, portal: Portal) -> None:
    pull(declare(), cursor="20261122000000")
    assert portal.bodies[0]["data"][0]["tungay"] == "20261121230000"


def test_the_manifest_names_address_service_and_query_but_no_session(
    declare: Declare, portal: Portal
) -> None:
    delivery, _ = pull(declare(), cursor="20261122000000")
    address = portal.url.replace("?", "/mapi/g?")
    assert delivery.landed[2].request == (
        f"POST {address} LayDanhSachTTHC?tungay=20261121230000&denngay=20261123000000"
        "&trang=3&sodong=3"
    )
    assert all("token-number" not in page.request for page in delivery.landed)


def test_a_record_that_the_portal_does_not_offer_is_a_wrong_declaration(
    declare: Declare, portal: Portal
) -> None:
    with pytest.raises(DeclarationError, match="national_adapter does not offer dossier"):
        run(declare())
    assert portal.sessions == []


@pytest.mark.parametrize("code", [0, "0", "00"])
def test_the_codes_that_mean_success(declare: Declare, portal: Portal, code: int | str) -> None:
    portal.faults = {1: JSONResponse(portal.page(1, error_code=code))}
    assert pull(declare())[0].rows == 7


def test_numbers_may_come_as_strings(declare: Declare, portal: Portal) -> None:
    texts: dict[str, Any] = {"trang": "1", "tongsotrang": "3", "tongso": "7"}
    portal.faults = {1: JSONResponse(portal.page(1, **texts))}
    assert pull(declare())[0].rows == 7


def test_an_empty_night_is_one_page_without_rows(declare: Declare, portal: Portal) -> None:
    portal.rows = []
    delivery, shelf = pull(declare())
    assert (delivery.pages, delivery.rows, len(shelf.pages)) == (1, 0, 1)


def test_what_stands_in_place_of_a_row_is_handed_on(declare: Declare, portal: Portal) -> None:
    portal.rows = [{"MATTHC": "1"}, "x", None]
    _, shelf = pull(declare())
    assert list(read(declare(), "procedure", shelf.pages[0])) == portal.rows


def test_the_portals_words_for_nobody_knows_get_no_default(declare: Declare) -> None:
    states = ["new", "done", "interoperating", "posting", "2", ""]
    day = "20261102080000"
    rows = [
        {"MaHoSo": f"H26.01-261102-000{n}", "TrangThai": state, "NgayNopHoSo": day}
        | {"NgayCapNhat": day, "MaDoiTuong": MARK}
        for n, state in enumerate(states)
    ]
    record = records()["portal_dossier"]
    batch = conform(declare(), record, NIGHT, [("page", rows)], b"key")
    assert sorted(batch.table["status"].to_pylist()) == ["received", "returned"]
    assert set(batch.table["area_code"].to_pylist()) == {"H26"}
    reasons = [(reject["field"], reject["reason"]) for reject in batch.rejects.to_pylist()]
    assert reasons == [("TrangThai", "unknown_code")] * 3 + [("TrangThai", "missing_required")]
    assert MARK not in str(batch.table.to_pylist())


def test_a_catalogue_row_is_about_the_ministry_that_publishes_it(declare: Declare) -> None:
    path = Path(__file__).parents[1] / "recordings" / "national_adapter.procedure.json"
    row = next(read(declare(), "procedure", path.read_bytes()))
    row["MACOQUANCONGBO"] = "000.00.00.G18"
    record = records()["procedure"]
    [found] = conform(declare(), record, NIGHT, [("page", [row])], b"key").table.to_pylist()
    assert (found["area_code"], found["agency_code"]) == ("G18", "G18")
    assert (found["is_approved"], found["has_fee"], found["essential_number"]) == (
        True,
        False,
        None,
    )
    assert (found["service_level"], found["statutory_unit"]) == ("end_to_end", "working_day")
    assert (found["published_on"], found["ended_on"]) == (dt.date(2026, 1, 2), None)
