"""Interlinked procedures: one request, and a dossier of its own for each part."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any
from unicodedata import normalize

import pytest

from simulator import Nation
from simulator.bundles import bundles
from tests.simulator.laws import ENDS, OPENS

Rows = list[dict[str, Any]]
WORDS = {"birth": "LTKS", "death": "LTKT"}


@pytest.fixture(scope="module")
def rows(nation: Nation) -> Rows:
    """All real dossiers of the nation as sent."""
    windows = (nation.window(slug, "dossier", OPENS, ENDS) for slug in nation.habits)
    real = (i for window in windows for i in window if i.subject.is_real and i.copy == 0)
    return [item.row() for item in real]


def requests_of(rows: Rows) -> Rows:
    return [row for row in rows if row["LoaiDuLieuKetNoi"] and not row["MaHoSoCha"]]


def test_one_or_two_in_a_hundred_requests_are_for_a_bundle(rows: Rows) -> None:
    requests = [row for row in rows if not row["MaHoSoCha"]]
    assert 0.01 < len(requests_of(rows)) / len(requests) < 0.02
    assert {row["LoaiDuLieuKetNoi"] for row in rows} == {"", "LTKS", "LTKT"}


def test_only_provinces_have_bundles(rows: Rows) -> None:
    assert all("H" in row["MaHoSo"] for row in rows if row["LoaiDuLieuKetNoi"])


def test_a_request_has_two_or_three_parts_of_its_own_kind(rows: Rows) -> None:
    parts = defaultdict(list)
    for row in rows:
        if row["MaHoSoCha"]:
            parts[row["MaHoSoCha"]].append(row)
    offered = {WORDS[b.code]: [part.name_vi for part in b.parts] for b in bundles().values()}
    requests = {row["MaHoSo"]: row for row in requests_of(rows)}
    assert set(parts) == set(requests)
    assert {len(found) for found in parts.values()} == {2, 3}
    for code, found in parts.items():
        request = requests[code]
        names = [row["TenTTHC"] for row in sorted(found, key=lambda row: row["MaHoSo"][-4:])]
        assert sorted(names) == sorted(offered[request["LoaiDuLieuKetNoi"]][: len(found)])
        assert request["TenTTHC"] not in names
        for row in found:
            assert normalize("NFC", row["ChuHoSo"]) == normalize("NFC", request["ChuHoSo"])
            same = ("LoaiDuLieuKetNoi", "KenhThucHien", "NgayNopHoSo", "NoiNopHoSo")
            assert [row[column] for column in same] == [request[column] for column in same]


def test_parts_live_their_own_lives_in_units_of_their_own(rows: Rows) -> None:
    requests = {row["MaHoSo"]: row for row in requests_of(rows)}
    parts = [row for row in rows if row["MaHoSoCha"]]
    elsewhere = [p for p in parts if p["MaHoSo"][:-5] != p["MaHoSoCha"][:-5]]
    other_state = [p for p in parts if p["NgayCapNhat"] != requests[p["MaHoSoCha"]]["NgayCapNhat"]]
    assert len(elsewhere) > len(parts) / 2
    assert len(other_state) > len(parts) / 2


def test_a_bundle_is_born_on_one_day(nation: Nation) -> None:
    day = nation.opens_on + dt.timedelta(days=1)
    for slug in nation.habits:
        born = nation.born(slug, day)
        assert {d.parent_code for d in born} - {""} <= {d.code for d in born}
