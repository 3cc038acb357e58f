"""Every declared defect is sent, at its rate, and counted as promised."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections import Counter
from typing import Any

import pytest

from simulator import Nation
from simulator.defects import defects

OPENS = dt.datetime(2026, 9, 1)
ENDS = OPENS + dt.timedelta(days=60)
OWED = ("2", "4", "5", "6", "9", "10")
DOSSIER_KINDS = sorted(kind for kind, defect in defects().items() if defect.record == "dossier")


@pytest.fixture(scope="module")
def sent(nation: Nation) -> list[dict[str, Any]]:
    """All dossier rows of one long window of the whole nation."""
    windows = (nation.window(slug, "dossier", OPENS, ENDS) for slug in nation.habits)
    return [item.row() for window in windows for item in window]


@pytest.fixture(scope="module")
def promised(nation: Nation) -> Counter[str]:
    windows = ((slug, record) for slug in nation.habits for record in ("dossier", "rating"))
    counts = (nation.expected_defects(slug, record, OPENS, ENDS) for slug, record in windows)
    return sum(counts, Counter())


def _shows(kind: str, row: dict[str, Any]) -> bool:
    """Whether the row itself shows the defect, seen with a reader's eyes."""
    results = [item["DuongDanTepTinKetQua"] for item in row.get("DanhSachGiayToKetQua", [])]
    special: dict[str, bool] = {
        "decomposed_name": not unicodedata.is_normalized("NFC", row["ChuHoSo"]),
        "missing_due_date": row["NgayHenTra"] == "" and row["TrangThaiHoSo"] in OWED,
        "submitted_file_as_result": any(
            item["DuongDanTaiTepTin"] in results for item in row["TaiLieuNop"]
        ),
        "paused_as_finished": row["NgayKetThucXuLy"] == row["NgayTiepNhan"] != "",
        "received_at_missing": row["NgayTiepNhan"] == "" and row["TrangThaiHoSo"] == "4",
        "finished_without_finished_at": row["TrangThaiHoSo"] in ("9", "10")
        and row["NgayKetThucXuLy"] == "",
    }
    if kind in special:
        return special[kind]
    return all(row[column] == value for column, value in defects()[kind].set.items())


@pytest.mark.parametrize("kind", [k for k in DOSSIER_KINDS if defects()[k].again is None])
def test_as_many_rows_show_a_defect_as_promised(
    kind: str, sent: list[dict[str, Any]], promised: Counter[str]
) -> None:
    assert sum(_shows(kind, row) for row in sent) == promised[kind] > 0


def test_resent_rows_are_equal_and_conflicting_rows_are_not(
    sent: list[dict[str, Any]], promised: Counter[str]
) -> None:
    texts = Counter(json.dumps(row) for row in sent)
    assert sum(count - 1 for count in texts.values()) == promised["resent"] > 0
    versions = Counter((row["MaHoSo"], row["NgayCapNhat"]) for row in map(json.loads, texts))
    pairs = sum(count for count in versions.values() if count > 1)
    assert pairs == promised["conflicting_versions"] > 0


def test_no_real_dossier_looks_impossible(nation: Nation) -> None:
    for slug in nation.habits:
        for item in nation.window(slug, "dossier", OPENS, ENDS):
            if item.subject.is_real:
                row = item.row()
                assert not (row["MucDo"] == "2" and row["KenhThucHien"] == "2")
                assert not (row["NgayKetThucXuLy"] and row["NgayKetThucXuLy"] < row["NgayTiepNhan"])
                assert max(row["NgayTiepNhan"], row["NgayKetThucXuLy"]) <= row["NgayCapNhat"]


def test_dossiers_not_yet_received_are_counted_apart(
    nation: Nation, sent: list[dict[str, Any]]
) -> None:
    counts = [nation.not_yet_received(slug, OPENS, ENDS) for slug in nation.habits]
    waiting = {row["MaHoSo"] for row in sent if row["TrangThaiHoSo"] in ("1", "3")}
    assert sum(counts) == len(waiting) > 0


@pytest.mark.parametrize("kind", [k for k, d in defects().items() if d.is_extra])
def test_extra_rows_come_at_the_declared_rate(
    kind: str, nation: Nation, promised: Counter[str]
) -> None:
    everyone = [d for slug in nation.habits for d in nation.alive(slug, OPENS.date(), ENDS.date())]
    expected = defects()[kind].rate * sum(d.is_real for d in everyone)
    found = promised[kind] / defects()[kind].copies
    assert abs(found - expected) < 5 * expected**0.5


def test_every_extra_kind_says_what_must_find_it() -> None:
    for kind in defects().values():
        if kind.ends == "rejected":
            column, reason = kind.reason.split()
            assert column in kind.set
            assert reason.islower()
        elif kind.ends == "quarantined":
            assert kind.reason
