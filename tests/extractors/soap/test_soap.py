"""The soap platform against a real provider on loopback."""

from __future__ import annotations

from uuid import UUID

import pytest
from starlette.responses import Response

from catalog.errors import DeclarationError, DeliveryBroken, SourceRefused
from tests.extractors.conftest import CLIENT, PROVIDER, ROWS, SECRET, Declare, fails, run
from tests.extractors.soap.conftest import OURS, Provider, envelope, typed


def test_three_pages_arrive_whole_and_as_they_were_sent(
    declare: Declare, provider: Provider
) -> None:
    delivery, shelf = run(declare())
    assert shelf.codes(declare()) == ROWS
    assert (delivery.pages, delivery.rows, delivery.attempts) == (3, 7, 3)
    assert delivery.cursor_after == "20261123000000"
    assert shelf.pages == [provider.page(asked).encode() for asked in provider.asked]


def test_the_headers_say_who_asks_which_service(declare: Declare, provider: Provider) -> None:
    run(declare())
    assert {asked.headers["client"] for asked in provider.asked} == {CLIENT}
    assert {asked.headers["service"] for asked in provider.asked} == {f"{PROVIDER}/DongBoHoSoMC"}
    assert provider.logins[0].headers["service"] == f"{PROVIDER}/DangNhap"
    assert {asked.headers["protocolVersion"] for asked in provider.asked} == {"4.0"}
    assert provider.asked[0].headers["userId"].startswith("VN")


def test_a_message_id_belongs_to_a_page_of_a_night(declare: Declare, provider: Provider) -> None:
    provider.faults = {2: Response(status_code=500)}
    run(declare())
    ids = [asked.headers["id"] for asked in provider.asked]
    assert len({UUID(text) for text in ids}) == 3
    assert ids[1] == ids[2]
    provider.reset()
    run(declare())
    assert [asked.headers["id"] for asked in provider.asked] == [ids[0], ids[1], ids[3]]
    provider.reset()
    run(declare(), record="rating")
    assert {asked.headers["id"] for asked in provider.asked}.isdisjoint(ids)


def test_the_window_goes_from_before_the_cursor_to_the_cut_off(
    declare: Declare, provider: Provider
) -> None:
    run(declare(), cursor="20261122000000")
    window = {"TuNgay": "20261121230000", "DenNgay": "20261123000000"}
    assert [a.words for a in provider.asked] == [
        {**window, "Trang": str(number), "SoDong": "3"} for number in (1, 2, 3)
    ]


def test_the_keys_of_a_month_are_asked_for_by_the_month(
    declare: Declare, provider: Provider
) -> None:
    delivery, _ = run(declare(), cursor="2026-10", record="dossier_key")
    assert provider.asked[0].operation == "DanhSachMaHoSo"
    until = {"DenNgay": "20261123000000", "Trang": "1", "SoDong": "3"}
    assert provider.asked[0].words == {"Thang": "202610", **until}
    assert (delivery.rows, delivery.cursor_after) == (7, "2026-10")
    run(declare(), cursor="2026-09", record="dossier_key")
    assert len({asked.headers["id"] for asked in provider.asked}) == 6


@pytest.mark.parametrize(
    ("record", "operation"),
    [("dossier_event", "CapNhatTienDoHoSoMC"), ("rating", "DongBoDanhGia")],
)
def test_each_record_kind_has_its_operation(
    declare: Declare, provider: Provider, record: str, operation: str
) -> None:
    assert run(declare(), record=record)[0].rows == 7
    assert {asked.operation for asked in provider.asked} == {operation}


def test_the_manifest_names_address_parameters_and_id_but_no_secret(
    declare: Declare, provider: Provider
) -> None:
    delivery, _ = run(declare(), cursor="20261122000000")
    assert delivery.landed[1].request == (
        f"POST {provider.url} DongBoHoSoMC?TuNgay=20261121230000&DenNgay=20261123000000"
        f"&Trang=2&SoDong=3 X-Road-Id={provider.asked[1].headers['id']}"
    )
    asked = " ".join(page.request for page in delivery.landed)
    assert SECRET not in asked
    assert "token-number" not in asked


def test_an_empty_night_is_one_page_without_rows(declare: Declare, provider: Provider) -> None:
    provider.codes = []
    delivery, _ = run(declare())
    assert (delivery.pages, delivery.rows) == (1, 0)


def test_the_session_is_opened_once_and_named_in_every_call(
    declare: Declare, provider: Provider
) -> None:
    run(declare())
    assert len(provider.logins) == 1
    assert "PhienLamViec" not in provider.logins[0].headers
    assert {asked.headers["PhienLamViec"] for asked in provider.asked} == {"token-number-1"}


@pytest.mark.parametrize(
    "ended", [typed("HET_PHIEN"), typed("HET_PHIEN", status=200), Response(status_code=401)]
)
def test_a_session_that_ends_in_the_middle_is_opened_once_more(
    declare: Declare, provider: Provider, ended: Response
) -> None:
    provider.faults = {2: ended}
    delivery, shelf = run(declare())
    assert shelf.codes(declare()) == ROWS
    assert (len(provider.logins), delivery.attempts) == (2, 3)
    assert [a.headers["PhienLamViec"][-1] for a in provider.asked] == ["1", "1", "2", "2"]


def test_a_new_session_that_is_refused_at_once_is_a_refusal(
    declare: Declare, provider: Provider
) -> None:
    provider.faults = {2: typed("HET_PHIEN"), 3: typed("HET_PHIEN")}
    assert "provider fault HET_PHIEN" in fails(declare(), SourceRefused)
    assert (len(provider.asked), len(provider.logins)) == (3, 2)


def test_a_wrong_secret_is_a_refusal(
    declare: Declare, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_THU_NGHIEM", "another-secret")
    assert "provider fault TU_CHOI" in fails(declare(), SourceRefused)
    assert (len(provider.logins), provider.asked) == (1, [])


@pytest.mark.parametrize(
    "body",
    [
        "<x/>",
        f'<DangNhapResponse xmlns="{OURS}"><PhienLamViec/></DangNhapResponse>',
        f'<DangNhapResponse xmlns="{OURS}"><PhienLamViec>\u1ebf</PhienLamViec></DangNhapResponse>',
        f'<x xmlns="{OURS}"><PhienLamViec>s</PhienLamViec></x>',
    ],
)
def test_a_login_answer_without_a_session_is_broken(
    declare: Declare, provider: Provider, body: str
) -> None:
    provider.login_answer = Response(envelope(body))
    assert "no session" in fails(declare(attempts=1), DeliveryBroken)


@pytest.mark.parametrize(
    ("changes", "record", "told"),
    [({"xroad": None}, "dossier", "needs xroad"), ({}, "petition", "petition")],
)
def test_what_the_platform_cannot_ask_is_a_wrong_declaration(
    declare: Declare, provider: Provider, changes: dict[str, None], record: str, told: str
) -> None:
    with pytest.raises(DeclarationError, match=rf"thu_nghiem\.yml.*{told}"):
        run(declare(**changes), record=record)
    assert provider.asked == provider.logins == []
