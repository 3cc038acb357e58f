"""The monthly list of keys, and dossiers that their source deletes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from simulator import Nation
from simulator.truth import truth
from tests.simulator.laws import OPENS, small

MONTH, UNTIL = dt.datetime(2026, 10, 1), dt.datetime(2026, 11, 6)
SLUG = "hue"


def keys(nation: Nation, until: dt.datetime = UNTIL) -> dict[str, dict[str, Any]]:
    return {i.code: i.row() for i in nation.window(SLUG, "dossier_key", MONTH, until)}


@pytest.mark.parametrize("until", [UNTIL, dt.datetime(2026, 10, 11, 9, 30)])
def test_a_month_is_listed_whole_as_far_as_it_is_known(nation: Nation, until: dt.datetime) -> None:
    held = [item for item in nation.window(SLUG, "dossier", OPENS, until) if item.subject.is_real]
    rows = [item.row() for item in held if item.copy == 0]
    columns = ("MaHoSo", "NgayTiepNhan", "NgayCapNhat")
    expected = {
        row["MaHoSo"]: {column: row[column] for column in columns}
        for row in rows
        if row["NgayTiepNhan"].startswith("202610")
    }
    assert keys(nation, until) == expected
    assert len(expected) > 20


def test_each_received_dossier_is_in_the_list_of_one_month(nation: Nation) -> None:
    months = [OPENS, MONTH, dt.datetime(2026, 11, 1)]
    lists = [nation.window(SLUG, "dossier_key", month, UNTIL) for month in months]
    listed = [item.code for window in lists for item in window]
    held = nation.window(SLUG, "dossier", OPENS, UNTIL)
    received = {i.code for i in held if i.subject.is_real and i.state.received_at}
    assert len(listed) == len(set(listed))
    assert set(listed) == received


def told(nation: Nation, code: str, until: dt.datetime) -> set[str]:
    """The record kinds in which a source still speaks of a dossier."""
    records = ("dossier", "dossier_event", "rating", "dossier_key")
    since = {"dossier_key": MONTH}
    windows = {r: nation.window(SLUG, r, since.get(r, OPENS), until) for r in records}
    return {r for r, window in windows.items() if any(i.subject.code == code for i in window)}


def test_a_deleted_dossier_is_neither_listed_nor_told_of_any_more() -> None:
    nation = small()
    window = nation.window(SLUG, "dossier_event", MONTH, UNTIL)
    rated = {item.subject.code for item in nation.window(SLUG, "rating", MONTH, UNTIL)}
    listed = set(keys(nation))
    code = next(i.subject.code for i in window if i.subject.code in listed & rated)
    before, counts = told(nation, code, UNTIL), truth(nation, UNTIL.date())
    assert before == {"dossier", "dossier_event", "rating", "dossier_key"}
    at = dt.datetime(2026, 11, 5, 12)
    nation.delete(SLUG, code, at)
    assert told(nation, code, UNTIL) == set()
    assert told(nation, code, at) == before
    assert set(keys(nation)) == listed - {code}
    assert truth(nation, UNTIL.date()) == counts


def test_deletions_make_no_other_nation_and_are_not_shared() -> None:
    nation, other = small(), small()
    code = next(iter(keys(nation)))
    nation.delete(SLUG, code, OPENS)
    assert nation == other
    assert hash(nation) == hash(other)
    assert code not in keys(nation)
    assert code in keys(other)
    with pytest.raises(KeyError):
        nation.delete("cong_dvcqg_ho_so", code, OPENS)


def test_a_dossier_is_deleted_over_http(
    serve: Callable[[Nation], httpx2.Client], log_in: Callable[[httpx2.Client, str], None]
) -> None:
    nation = small()
    code, client = next(iter(keys(nation))), serve(nation)
    log_in(client, SLUG)
    query = {"month": "202610", "until": "20261106000000", "page": "1", "page_size": "1000"}

    def listed() -> set[str]:
        data = client.get(f"/{SLUG}/DanhSachMaHoSo", params=query).json()["data"]
        return {row["MaHoSo"] for row in data}

    before = listed()
    deletion = {"code": code, "at": "20261105120000"}
    assert client.post(f"/_deleted/{SLUG}", json=deletion).status_code == 204
    assert listed() == before - {code} != before
    assert client.post("/_deleted/nowhere", json=deletion).status_code == 404
    assert client.post(f"/_deleted/{SLUG}", json={"code": code}).status_code == 400
    assert client.post(f"/_deleted/{SLUG}", json={**deletion, "at": "now"}).status_code == 400
