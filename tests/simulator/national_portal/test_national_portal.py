"""The national portal behind its adapter, as our own platform and dialect find it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from catalog.errors import DeliveryBroken, SourceRefused, SourceThrottled, SourceUnavailable
from catalog.settings import DEMO_SECRET
from simulator import Nation
from simulator.desk import Desk
from simulator.faults import Fault
from tests.simulator.national_portal.conftest import RECORDS, UNTIL, Find, bring


@pytest.mark.parametrize(("slug", "record"), RECORDS.items())
def test_each_record_kind_arrives_whole_and_is_understood(
    nation: Nation, find: Find, slug: str, record: str
) -> None:
    delivery, batch = bring(find(slug, page_size=300), record)
    since = dt.datetime(2026, 1, 1)
    assert delivery.rows == batch.received == len(nation.window(slug, record, since, UNTIL))
    assert delivery.rows > 0
    defects = sum(nation.expected_defects(slug, record, since, UNTIL).values())
    assert batch.rejected <= defects
    assert batch.unmapped == ()
    assert len(set(batch.table["area_code"].to_pylist())) >= (1 if record == "rating" else 2)


def test_the_next_night_brings_only_what_changed(find: Find) -> None:
    source = find("cong_dvcqg_ho_so")
    delivery, _ = bring(source, "portal_dossier")
    again, _ = bring(source, "portal_dossier", delivery.cursor_after)
    assert again.rows < delivery.rows


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("down", SourceUnavailable),
        ("dropped", DeliveryBroken),
        ("server_error", SourceUnavailable),
        ("throttled", SourceThrottled),
        ("token_expired", SourceRefused),
        ("truncated_page", DeliveryBroken),
        ("firewalled", DeliveryBroken),
        ("repeated_page", DeliveryBroken),
        ("repeated_rows", DeliveryBroken),
    ],
)
def test_a_fault_passes_or_is_told(
    find: Find, client: httpx2.Client, desk: Desk, kind: str, error: type[Exception]
) -> None:
    slug = "cong_dvcqg_thu_tuc"
    whole, _ = bring(find(slug, page_size=300), "procedure")
    desk.faults.put(slug, Fault(kind, times=1))
    assert bring(find(slug, page_size=300), "procedure")[0].sha256s == whole.sha256s
    desk.faults.put(slug, Fault(kind))
    with pytest.raises(error):
        bring(find(slug, page_size=300), "procedure")


def test_a_wrong_password_opens_no_session(client: httpx2.Client) -> None:
    path = "/cong_dvcqg_thu_tuc/mapi/login"
    wrong = client.post(path, json={"username": "cong_dvcqg_thu_tuc", "password": "no"}).json()
    assert (wrong["error_code"], "session" in wrong) == (2, False)
    right = {"username": "cong_dvcqg_thu_tuc", "password": DEMO_SECRET}
    assert client.post(path, json=right).json()["error_code"] == 0
    assert client.post("/ha_noi/mapi/login", json=right).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"madonvi": "H26"},
        {"isUpdating": "True"},
        {"service": "LayDanhMucCoQuan"},
        {"service": "XoaHoSo"},
        {"data": []},
        {"data": [{"tungay": "x", "denngay": "y", "trang": "1", "sodong": "1"}]},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    client: httpx2.Client, changes: dict[str, Any]
) -> None:
    slug = "cong_dvcqg_thu_tuc"
    login = {"username": slug, "password": DEMO_SECRET}
    session = client.post(f"/{slug}/mapi/login", json=login).json()["session"]
    query = {"tungay": "20260901000000", "denngay": "20260921000000", "trang": "1", "sodong": "1"}
    body = {"session": session, "madonvi": "G22", "service": "LayDanhSachTTHC"}
    body |= {"isUpdating": "False", "data": [query]}
    path = f"/{slug}/mapi/g"
    assert client.post(path, json=body).json()["error_code"] == "0"
    assert client.post(path, json={**body, **changes}).json()["error_code"] == 1
    assert "Phiên" in client.post(path, json={**body, "session": "x"}).json()["message"]
