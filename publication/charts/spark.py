"""A line the size of a word: which way a figure goes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from publication.charts.points import Place, Point, runs, spread
from publication.charts.scale import reach

WIDTH, HEIGHT = 120, 30
ACROSS, UP = (4.0, 114.0), (25.0, 5.0)


def spark(points: Sequence[Point], told: str) -> str:
    """The line with its newest figure as a dot, hollow where that is provisional; without one where
    the newest period has no figure, and empty where none has. `told` says it in words."""
    found = reach(point.value for point in points)
    if found is None:
        return ""
    places = spread(points, ACROSS, UP if found[0] < found[1] else (15.0, 5.0), found)
    drawn = "".join(_path(part) for part in runs(places))
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(told)}">'
        f'<path class="trace" d="{drawn}"/>{_end(places[-1])}'
        "</svg>"
    )


def _path(part: Sequence[Place]) -> str:
    first, *others = part
    if not others:
        return f"M{first.x - 2:g} {first.y}h4"
    return f"M{first.x} {first.y}L" + " ".join(f"{place.x} {place.y}" for place in others)


def _end(place: Place) -> str:
    if place.point.value is None:
        return ""
    shape = "hollow" if place.point.is_provisional else "dot"
    return f'<circle class="{shape}" cx="{place.x}" cy="{place.y}" r="3"/>'
