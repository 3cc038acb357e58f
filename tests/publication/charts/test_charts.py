"""Charts draw what there is and nothing else."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.areas import areas
from publication.charts.bar import bar
from publication.charts.line import Target, line
from publication.charts.points import Point, runs, spread
from publication.charts.scale import class_of, reach, ticks
from publication.charts.spark import spark
from publication.charts.tilemap import SIDE, TALL, Tile, rows, tile_map

PROVINCES = [area.code for area in areas().values() if area.kind == "province"]
TILES = {code: Tile("50 %", f"{code}: 50 %", 3, f"area/{code}.html") for code in PROVINCES}
NUMBERS = st.integers(-(10**9), 10**9).map(lambda number: number / 10_000)


def _points(*values: float | None, provisional: int = 0) -> list[Point]:
    first = len(values) - provisional
    return [
        Point(f"2026-{n + 1:02}", value, f"{value} <&>", n >= first)
        for n, value in enumerate(values)
    ]


def _line(*values: float | None, provisional: int = 0, target: Target | None = None) -> str:
    return line(_points(*values, provisional=provisional), "A & B", "{:.1f}".format, target)


def test_a_line_joins_each_two_neighbours() -> None:
    assert _line(1, 2, 3).count('class="trace"') == 2


def test_a_period_without_a_figure_breaks_the_line_and_is_marked() -> None:
    drawn = _line(1, 2, None, 2, 1)
    assert drawn.count('class="trace"') == 2
    assert drawn.count('class="none"') == 1
    assert drawn.count("<circle") == 4


def test_a_figure_of_zero_is_drawn() -> None:
    assert _line(0, 0).count("<circle") == 2


def test_provisional_figures_are_hollow_on_a_dashed_line() -> None:
    drawn = _line(1, 2, 3, provisional=1)
    assert (drawn.count('class="open"'), drawn.count('class="hollow"')) == (1, 1)
    assert (drawn.count('class="trace"'), drawn.count('class="dot"')) == (1, 2)


def test_a_target_stands_at_its_height_on_the_axis() -> None:
    drawn = _line(0.2, 0.4, target=Target(0.4, "Mục tiêu"))
    height = re.search(r'class="target" d="M[\d.]+ ([\d.]+)H', drawn)
    assert height
    assert f'cy="{height[1]}"' in drawn


def test_a_line_without_any_figure_is_no_chart() -> None:
    assert _line(None, None, target=Target(0.4, "Mục tiêu")) == ""
    assert spark(_points(None, None), "") == ""


def test_what_is_written_is_escaped_and_well_formed() -> None:
    for drawn in (_line(1, None, 2), spark(_points(1, 2), 'a "b" <c>'), bar(1, 2, (0.5, 1.5), 1)):
        assert ElementTree.fromstring(drawn).tag == "svg"


def test_a_line_says_what_it_is_about() -> None:
    assert 'role="img" aria-label="A &amp; B. 2026-01 – 2026-02"' in _line(1, 2)


def test_labels_of_many_periods_leave_room_and_end_with_the_newest() -> None:
    drawn = _line(*range(36))
    below = re.findall(r'<text x="[\d.]+" y="216" [^>]*>(2026-\d+)<', drawn)
    assert len(below) <= 6
    assert below[0] == "2026-36"


def test_a_spark_has_no_dot_where_the_newest_period_has_no_figure() -> None:
    assert "<circle" in spark(_points(1, None, 2), "")
    assert "<circle" not in spark(_points(1, 2, None), "")


def test_one_figure_between_two_gaps_is_seen() -> None:
    assert "M57 25.0h4" in spark(_points(None, None, 1, None, 2), "")


@given(st.lists(st.none() | NUMBERS, min_size=1, max_size=40))
def test_runs_hold_every_figure_once_and_no_gap(values: list[float | None]) -> None:
    places = spread(_points(*values), (0, 100), (50, 0), reach(values) or (0, 1))
    assert [p.point for run in runs(places) for p in run] == [
        p for p in _points(*values) if p.value is not None
    ]
    assert all(0 <= place.y <= 50 for place in places)


@given(NUMBERS, NUMBERS, st.integers(3, 8))
def test_ticks_are_even_and_hold_all_that_is_shown(one: float, other: float, most: int) -> None:
    low, high = sorted((one, other))
    marks = ticks(low, high, most)
    steps = [b - a for a, b in pairwise(marks)]
    assert 1 <= len(steps) <= most
    assert max(steps) == pytest.approx(min(steps))
    assert marks[0] <= low + 1e-6
    assert high - 1e-6 <= marks[-1]


@pytest.mark.parametrize("value", [0.0, 0.7, 61.68, -3.0])
def test_equal_figures_still_have_an_axis(value: float) -> None:
    marks = ticks(value, value)
    assert marks[0] < value < marks[-1]


@pytest.mark.parametrize(("value", "expected"), [(0, 1), (0.19, 1), (0.2, 2), (0.99, 5), (1, 5)])
def test_a_value_on_a_bound_belongs_to_the_class_above(value: float, expected: int) -> None:
    assert class_of(value, [0, 0.2, 0.4, 0.6, 0.8, 1]) == expected


def test_a_bar_is_as_long_as_its_share_of_the_greatest() -> None:
    widths = [
        float(ElementTree.fromstring(bar(value, 2))[0].attrib["width"]) for value in (1.0, 2.0)
    ]
    assert widths[1] == pytest.approx(2 * widths[0], abs=0.1)


def test_no_figure_has_no_bar_and_less_than_nothing_an_empty_one() -> None:
    assert bar(None, 2) == ""
    assert 'width="0.0"' in bar(-1, 2)


def test_the_map_has_every_province_once_and_leads_to_it() -> None:
    drawn = tile_map(TILES, "Bản đồ", "thuộc")
    for code in PROVINCES:
        assert f'<a href="area/{code}.html" class="s3" aria-label="{code}: 50 %">' in drawn
    assert {row["code"] for row in rows() if not row["belongs_to"]} == set(PROVINCES)
    assert ElementTree.fromstring(drawn).attrib["aria-label"] == "Bản đồ"


@pytest.mark.parametrize(
    ("islands", "province", "code"),
    [("Hoàng Sa", "Đà Nẵng", "H17"), ("Trường Sa", "Khánh Hòa", "H32")],
)
def test_the_archipelagos_say_which_province_they_are_part_of(
    islands: str, province: str, code: str
) -> None:
    drawn = tile_map(TILES, "Bản đồ", "thuộc")
    told = f'<a href="area/{code}.html" class="islands" aria-label="{islands} (thuộc {province})">'
    assert told in drawn


def test_no_two_tiles_overlap() -> None:
    drawn = ElementTree.fromstring(tile_map(TILES, "Bản đồ", "thuộc"))
    boxes = [
        tuple(float(r.attrib[k]) for k in ("x", "y", "width", "height")) for r in drawn.iter("rect")
    ]
    assert len(boxes) == 36
    for n, (x, y, wide, tall) in enumerate(boxes):
        assert wide <= SIDE * 1.5
        assert tall <= TALL
        for left, top, width, height in boxes[:n]:
            apart = x >= left + width or left >= x + wide or y >= top + height or top >= y + tall
            assert apart


def test_the_names_on_the_map_are_the_official_ones() -> None:
    for row in rows():
        if not row["belongs_to"]:
            assert row["name_vi"] == areas()[row["code"]].name_vi
