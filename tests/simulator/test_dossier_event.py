"""Events of dossiers: told once, in words that agree with the dossier's own rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Nation
from simulator.kinds.dossier_event import states
from simulator.truth import truth
from tests.simulator.laws import (
    DAYS,
    ENDS,
    OPENS,
    assert_feed_is_lawful,
    assert_windows_end_where_one_window_ends,
    declared,
)

SOURCE = declared("dossier_event", source_id="hue", area="H57")
STATED = {
    "5": "Yêu cầu bổ sung giấy tờ",
    "6": "Yêu cầu thực hiện nghĩa vụ tài chính",
    "7": "Công dân yêu cầu rút hồ sơ",
    "8": "Dừng xử lý",
    "9": "Đã xử lý xong",
}
"""What happened where the status tells it."""
PHRASES = {
    "Tiếp nhận bổ sung": {"2"},
    "Tiếp tục xử lý": {"4"},
    "Xử lý lại": {"4"},
    "Ban hành văn bản xin lỗi": {"2", "4", "5", "6", "9", "10"},
}
"""What only the words tell, and the statuses that may stand beside them."""
APOLOGY = "Ban hành văn bản xin lỗi"


@pytest.fixture(scope="module")
def rows(nation: Nation) -> list[dict[str, Any]]:
    windows = (nation.window(slug, "dossier_event", OPENS, ENDS) for slug in nation.habits)
    return [item.row() for window in windows for item in window]


def test_the_feed_is_lawful() -> None:
    assert_feed_is_lawful(SOURCE, key="")


@settings(max_examples=15, deadline=None)
@given(offsets=st.lists(st.integers(1, DAYS * 86400 - 1), max_size=6, unique=True))
def test_windows_in_a_row_end_where_one_window_ends(offsets: list[int]) -> None:
    assert_windows_end_where_one_window_ends(SOURCE, offsets)


def test_dossier_time_and_status_tell_events_apart(rows: list[dict[str, Any]]) -> None:
    keys = Counter((row["MaHoSo"], row["ThoiDiemXuLy"], row["TrangThai"]) for row in rows)
    assert max(keys.values()) == 1


def test_an_event_is_told_by_a_phrase_or_by_the_status(rows: list[dict[str, Any]]) -> None:
    told = Counter((row["NoiDungXuLy"], row["TrangThai"]) for row in rows)
    known = {(text, status) for status, text in STATED.items()}
    known |= {(text, status) for text, by in PHRASES.items() for status in by}
    assert set(told) <= known
    assert {text for text, _ in told} == {*STATED.values(), *PHRASES}


def test_an_event_agrees_with_the_dossier_at_that_time(nation: Nation) -> None:
    for state in states(nation, nation.sources["hue"], OPENS, ENDS):
        dossier, event = state.subject, state.state
        assert event.happened_at <= event.at
        stated = dossier.version_before(event.at + dt.timedelta(seconds=1))
        if event.kind != "apology_issued":
            assert stated == event.state
            assert event.at == stated.at


def test_a_pause_told_as_finished_is_told_with_the_second_of_reception(nation: Nation) -> None:
    hidden = 0
    for slug in nation.habits:
        for item in nation.window(slug, "dossier_event", OPENS, ENDS):
            if item.subject.defect == "paused_as_finished":
                row = item.row()
                assert row["TrangThai"] != "5"
                if row["NoiDungXuLy"] == STATED["9"]:
                    hidden += 1
                    assert row["ThoiDiemXuLy"] == row["NgayBatDau"]
            else:
                assert item.state.kind != "finished"
    assert hidden > 10


def test_an_apology_comes_after_the_due_time_and_moves_nothing(nation: Nation) -> None:
    delays = []
    for slug in nation.habits:
        for state in states(nation, nation.sources[slug], OPENS, ENDS):
            dossier, event = state.subject, state.state
            if event.kind == "apology_issued":
                delays.append(event.happened_at - event.state.due_at)
                later = [v for v in dossier.versions if v.at > event.state.at]
                answered = event.state.supplements
                same = [v for v in later if v.supplements == answered]
                assert {v.due_at for v in same} <= {event.state.due_at}
    assert min(delays) > dt.timedelta()
    assert sum(delay < dt.timedelta(days=8) for delay in delays) > 0.9 * len(delays) > 100


def test_sources_differ_in_how_often_they_apologise(nation: Nation) -> None:
    counts = truth(nation, (ENDS - dt.timedelta(days=1)).date())
    shares = {
        slug: counts["apology_share", nation.sources[slug].area, "2026-09"]
        for slug in nation.habits
        if "dossier_event" in nation.sources[slug].records
    }
    assert all(n <= d for n, d in shares.values())
    assert min(n / d for n, d in shares.values()) < 0.5 < max(n / d for n, d in shares.values())


def test_a_reader_of_the_rows_finds_the_same_share(nation: Nation) -> None:
    cutoff = dt.datetime(2026, 10, 21)
    sent = nation.window("hue", "dossier", OPENS, cutoff)
    dossiers = [item.row() for item in sent if item.subject.is_real and item.copy == 0]
    events = [item.row() for item in nation.window("hue", "dossier_event", OPENS, cutoff)]
    sorry = {row["MaHoSo"] for row in events if row["NoiDungXuLy"] == APOLOGY}
    work = [row for row in dossiers if row["MaHoSoCha"] or not row["LoaiDuLieuKetNoi"]]
    owed = [row for row in work if row["NgayTiepNhan"] and row["NgayHenTra"]]
    done = [r for r in owed if r["TrangThaiHoSo"] in ("9", "10")]
    late = [r for r in done if r["NgayKetThucXuLy"] > r["NgayHenTra"]]
    now = f"{cutoff:%Y%m%d%H%M%S}"
    late += [r for r in owed if r["TrangThaiHoSo"] in "2456" and r["NgayHenTra"] < now]
    counts = truth(nation, dt.date(2026, 10, 20))
    expected = (sum(row["MaHoSo"] in sorry for row in late), len(late))
    assert counts["apology_share", "H57", "all"] == expected
