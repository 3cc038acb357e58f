"""A line over time, with its axes and its target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from publication.charts.points import Place, Point, runs, spread
from publication.charts.scale import reach, ticks

WIDTH, HEIGHT = 480, 230
ACROSS, UP = (62.0, 450.0), (196.0, 14.0)
MOST_LABELS = 6


class Target(NamedTuple):
    """A value to be reached, and how it is told (``Mục tiêu 50,0 %``)."""

    value: float
    text: str


def line(
    points: Sequence[Point], title: str, written: Callable[[float], str],
    target: Target | None = None,
) -> str:  # fmt: skip
    """The chart; empty where no point has a figure.

    Final figures are full dots joined by a full line; provisional ones hollow dots on a dashed
    line. A period without a figure breaks the line and leaves a cross on the axis. `written` tells
    the numbers of the axis.
    """
    found = reach((point.value for point in points), target.value if target else None)
    if found is None or all(point.value is None for point in points):
        return ""
    marks = ticks(*found)
    places = spread(points, ACROSS, UP, (marks[0], marks[-1]))
    told = f"{title}. {points[0].label} – {points[-1].label}"
    return "".join(
        (
            f'<svg class="chart line" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"',
            f' aria-label="{escape(told)}">',
            *(_across(mark, marks, written(mark)) for mark in marks),
            *_below(places),
            _target(target, marks) if target else "",
            *(_part(part) for part in runs(places)),
            *(_dot(place) for place in places),
            "</svg>",
        )
    )


def _height(value: float, marks: Sequence[float]) -> float:
    bottom, top = UP
    return round(bottom - (value - marks[0]) / (marks[-1] - marks[0]) * (bottom - top), 1)


def _across(mark: float, marks: Sequence[float], text: str) -> str:
    y = _height(mark, marks)
    return (
        f'<path class="grid" d="M{ACROSS[0]:g} {y}H{ACROSS[1]:g}"/>'
        f'<text x="{ACROSS[0] - 7:g}" y="{y + 4:g}" text-anchor="end">{escape(text)}</text>'
    )


def _below(places: Sequence[Place]) -> list[str]:
    every = -(-len(places) // MOST_LABELS)
    shown = places[::-1][::every]
    return [
        f'<text x="{place.x}" y="{UP[0] + 20:g}" text-anchor="middle">{_short(place)}</text>'
        for place in shown
    ]


def _short(place: Place) -> str:
    return escape(place.point.short or place.point.label)


def _target(target: Target, marks: Sequence[float]) -> str:
    y = _height(target.value, marks)
    under = y < UP[1] + 14
    return (
        f'<path class="target" d="M{ACROSS[0]:g} {y}H{ACROSS[1]:g}"/>'
        f'<text class="target" x="{ACROSS[1]:g}" y="{y + (13 if under else -5):g}"'
        f' text-anchor="end">{escape(target.text)}</text>'
    )


def _part(part: Sequence[Place]) -> str:
    return "".join(
        f'<path class="{"open" if after.point.is_provisional else "trace"}"'
        f' d="M{before.x} {before.y}L{after.x} {after.y}"/>'
        for before, after in pairwise(part)
    )


def _dot(place: Place) -> str:
    point = place.point
    told = f"<title>{escape(f'{point.label}: {point.text}')}</title>"
    if point.value is None:
        return f'<path class="none" d="M{place.x - 3:g} {place.y - 3:g}l6 6m0-6l-6 6">{told}</path>'
    shape = "hollow" if point.is_provisional else "dot"
    return f'<circle class="{shape}" cx="{place.x}" cy="{place.y}" r="3.2">{told}</circle>'
