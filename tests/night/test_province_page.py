"""The page of a province and its workbook, after three nights with every real part: Hà Nội has two
systems with wrong rows, some of which it mends, and Huế has a night held."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import fastexcel
import pytest
from typer.testing import CliRunner

import pipeline
from catalog.incidents import Action
from catalog.score_card import Dimension
from feedback.failing import failing_rows
from feedback.page import Links, html
from feedback.workbook import ROWS, SUMMARY, TOTAL
from motcua import app
from motcua.clock import now
from pipeline.failing_rows import failing_of
from pipeline.incidents import act
from pipeline.province_page import page_of, workbook_of
from pipeline.stores import warehouse
from stack.postgres import stop_embedded
from tests.night.conftest import forget
from tests.night.expected import query
from tests.night.folders import FRIDAY, NEXT_YEAR, RATINGS, SATURDAY, SUNDAY, drop, rating

THURSDAY = FRIDAY - dt.timedelta(days=1)
NIGHTS = (FRIDAY, SATURDAY, SUNDAY)
POST = """\
name_vi: Bưu gửi Hà Nội
area: H26
platform: manual_drop
records: [postal_item]
starts_on: 2026-11-01
frequency: nightly
legal_basis: none
volume: {postal_item: {floor: 0, ceiling: 500}}
mapping:
  records:
    postal_item:
      version_at: {from: cap_nhat, format: iso}
      fields:
        item_code: {from: ma}
        agency_code: {from: don_vi}
        direction: {from: chieu, words: {di: return}}
        accepted_at: {from: nhan, format: iso}
        delivered_at: {from: phat, format: iso}
"""
SOURCES = {
    "ha_noi": RATINGS.format(area="H26", frequency="nightly", floor=0),
    "ha_noi_buu": POST,
    "hue": RATINGS.format(area="H57", frequency="nightly", floor=5),
}
WRONG, UNREAD = "ha_noi/rating/rated_in_future", "ha_noi/rating/rejected:unknown_code/muc"
TWICE = "ha_noi/rating/conflicting_versions"
POSTED, HELD = "ha_noi_buu/postal_item/delivered_before_accepted", "hue/rating/held"
WAITING = {"ha_noi": 6, "ha_noi_buu": 2, "hue": 3}
"""Rows that are still wrong in the end: three, one and two; two; and the batch that is held."""
UNIT = "H26.01"

pytestmark = pytest.mark.slow


def post(home: Path, on: dt.date, *items: tuple[int, int]) -> None:
    """Items by number, and the hour at which each was delivered; they were handed in at eight."""
    folder = home / "drop" / "ha_noi_buu"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"BG{number:06},{UNIT},di,{on}T08:00:00+07:00,{on}T{hour:02}:00:00+07:00,{on}T20:00:00+07:00"
        for number, hour in items
    ]
    text = "\n".join(["ma,don_vi,chieu,nhan,phat,cap_nhat", *lines, ""])
    (folder / f"{on}.csv").write_text(text, encoding="utf-8")


def deliver(home: Path, on: dt.date) -> None:
    """On Friday three ratings are of next year, two use an unknown word, and one comes in two ways;
    on Saturday one of each of the first is right, and one more is wrong. The post delivers two
    items before it had them."""
    rows = {
        FRIDAY: [
            *(rating(UNIT, n, on) for n in range(100, 220)),
            *(rating(UNIT, n, on, NEXT_YEAR) for n in (1, 2, 3)),
            *(rating(UNIT, n, on, muc="vua") for n in (8, 9)),
            *(rating(UNIT, 5, on, day, muc="kem") for day in (on, THURSDAY)),
        ],
        SATURDAY: [
            *(rating(UNIT, n, on) for n in (1, 8, *range(220, 225))),
            rating(UNIT, 4, on, NEXT_YEAR),
            rating(UNIT, 9, on, muc="vua"),
        ],
        SUNDAY: [rating(UNIT, n, on) for n in range(300, 303)],
    }
    drop(home, "ha_noi", str(on), *rows[on])
    few = {FRIDAY: range(50), SATURDAY: range(60, 70), SUNDAY: range(80, 83)}
    drop(home, "hue", str(on), *(rating("H57.01", n, on) for n in few[on]))
    items = {FRIDAY: [(1, 9), (2, 7)], SATURDAY: [(3, 9), (4, 6)], SUNDAY: [(5, 10)]}
    post(home, on, *items[on])


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """The home folder after the nights. The tests go on in the order of this file."""
    with tempfile.TemporaryDirectory(prefix="motcua-page-") as place:
        folder = Path(place)
        (folder / "sources").mkdir()
        for source_id, text in SOURCES.items():
            (folder / "sources" / f"{source_id}.yml").write_text(text, encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MOTCUA_HOME", str(folder / "var"))
            patch.setenv("MOTCUA_SOURCES_DIR", str(folder / "sources"))
            forget()
            try:
                with pytest.raises(LookupError, match="no night yet"):
                    page_of("H26")
                for on in NIGHTS:
                    deliver(folder / "var", on)
                    pipeline.night(on, now)
                yield folder / "var"
            finally:
                stop_embedded(folder / "var" / "postgres")
        forget()


def sheet(content: bytes, name: str) -> list[tuple[Any, ...]]:
    """All cells of a sheet as text."""
    table = fastexcel.read_excel(content).load_sheet(name, header_row=None, dtypes="string")
    return [tuple(row.values()) for row in table.to_arrow().to_pylist()]


def turned_away(source_id: str, on: dt.date) -> int:
    """What the ledger counts of that night."""
    counts = {row["stage"]: row for row in warehouse().ledger(on, source_id)}
    return int(counts["judge"]["quarantined"] + counts["conform"]["rejected"])


def test_each_night_has_as_many_failing_rows_as_the_ledger(home: Path) -> None:
    found = {(s, on): failing_rows(failing_of(s, on)) for s in SOURCES for on in NIGHTS}
    assert found == {(s, on): turned_away(s, on) for s in SOURCES for on in NIGHTS}
    assert found["ha_noi", FRIDAY] == 7
    assert found["ha_noi", SATURDAY] == 2
    assert found["hue", SUNDAY] == WAITING["hue"]


def test_what_still_waits_is_what_came_without_what_was_mended_or_came_again(home: Path) -> None:
    waiting = {source_id: failing_rows(failing_of(source_id, None)) for source_id in SOURCES}
    assert waiting == WAITING
    came = sum(turned_away("ha_noi", on) for on in NIGHTS)
    [mended] = query(
        "SELECT (SELECT count(*) FROM ops.finding WHERE source_id = 'ha_noi' AND fixed_on > :on)"
        " + (SELECT count(*) FROM ops.reject WHERE source_id = 'ha_noi' AND fixed_on > :on)"
        " AS rows", on=FRIDAY,
    )  # fmt: skip
    came_again = 1
    assert waiting["ha_noi"] == came - mended.rows - came_again


def test_the_workbook_of_an_area_holds_all_rows_of_all_its_sources(home: Path) -> None:
    content = workbook_of("H26")
    lines = sheet(content, ROWS)[1:]
    assert len(lines) == page_of("H26").failing == WAITING["ha_noi"] + WAITING["ha_noi_buu"]
    assert (TOTAL, str(len(lines))) in [row[:2] for row in sheet(content, SUMMARY)]
    assert {line[0].partition(".")[0] for line in lines} == {"ha_noi", "ha_noi_buu"}
    keys = sorted(str(line[2]) for line in lines)
    codes = [f"{UNIT}-261101-{n:04}" for n in (2, 3, 4, 5, 5, 9)]
    assert keys == sorted([*codes, "BG000002", "BG000004"])
    held = [(line[7], line[12], line[15]) for line in sheet(workbook_of("H57"), ROWS)[1:]]
    assert ("Cả lô bị giữ lại", "3", "Cần sửa") in held


def test_the_page_says_how_the_area_stands_and_nothing_of_others(home: Path) -> None:
    page = page_of("H26")
    assert page.night.on == SUNDAY
    assert [score.dimension for score in page.card] == list(get_args(Dimension))
    assert {len(scores) for scores in page.trend.values()} == {2}
    rows = {i.incident_id: i.rows for i in page.incidents}
    assert rows == {WRONG: 3, UNREAD: 1, TWICE: 1, POSTED: 2}
    assert page.changed[0].night == max(event.night for event in page.changed)
    assert {event.incident_id for event in page.changed} == set(rows)
    assert {effect.area for effect in page.effects} == {"H26"}
    assert page.effects
    assert {i.incident_id for i in page_of("H57").incidents} >= {HELD}


def test_the_page_reads_well_and_names_no_code(home: Path) -> None:
    text = html(page_of("H26"), Links())
    told = re.findall(r"Sửa \d+ dòng này thì (.*) tháng 11/2026 từ (.*) thành (.*)\.", text)
    assert ("tỷ lệ đánh giá hài lòng", "100,0 %", "99,2 %") in told
    assert "…0002, …0003, …0004" in text
    assert "Cột muc" in text
    assert not [word for word in (f"{UNIT}-", "BG000002", "Huế", "vua") if word in text]


def test_an_answer_is_on_the_page_and_in_the_workbook_at_once(home: Path) -> None:
    at = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
    act(Action(WRONG, "disputed", at, "tổ dữ liệu", "ngày của hệ thống khác"))
    page = page_of("H26")
    [answered] = [i for i in page.incidents if i.state == "disputed"]
    assert (answered.incident_id, answered.by) == (WRONG, "tổ dữ liệu")
    assert (page.changed[0].kind, page.changed[0].incident_id) == ("disputed", WRONG)
    states = {(line[7], line[15]) for line in sheet(workbook_of("H26"), ROWS)[1:]}
    assert states == {
        ("Ngày đánh giá ở tương lai", "Có ý kiến khác"),
        ("mã ngoài danh mục", "Cần sửa"),
        ("Hai bản khác nhau của cùng một hồ sơ tại cùng một thời điểm", "Cần sửa"),
        ("Phát trước khi nhận gửi", "Cần sửa"),
    }


def test_a_row_that_is_right_by_now_is_told_to_be_fixed(home: Path) -> None:
    found = {(line.record_key[-4:], line.rule): line.state for line in failing_of("ha_noi", FRIDAY)}
    assert found == {
        ("0001", "rated_in_future"): "fixed",
        ("0002", "rated_in_future"): "disputed",
        ("0003", "rated_in_future"): "disputed",
        ("0008", "rejected:unknown_code"): "fixed",
        ("0009", "rejected:unknown_code"): "open",
        ("0005", "conflicting_versions"): "open",
    }


def test_the_command_line_writes_both_to_files(home: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["page", "H26", "--out", str(tmp_path / "ha_noi.html")])
    assert done.exit_code == 0, done.output
    text = (tmp_path / "ha_noi.html").read_text(encoding="utf-8")
    assert 'href="ha_noi.xlsx"' in text
    assert "/style.css" not in text
    assert "--paper:" in text
    assert len(sheet((tmp_path / "ha_noi.xlsx").read_bytes(), ROWS)) == 9
    other = CliRunner().invoke(app, ["page", "H24", "--out", str(tmp_path / "x.html")])
    assert other.exit_code == 2
    assert not (tmp_path / "x.html").exists()


@pytest.mark.parametrize("area", ["H24", "VN", "nowhere"])
def test_an_area_without_a_source_has_no_page(home: Path, area: str) -> None:
    for made in (page_of, workbook_of):
        with pytest.raises(LookupError, match=area):
            made(area)
