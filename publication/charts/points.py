"""What a chart of time is drawn of: points in order, some without a figure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple


class Point(NamedTuple):
    """One period: how it is called, its figure (None where there is none, which is not zero), and
    what is said of it (``81,3 %``, or why there is no figure). `short` is for the axis."""

    label: str
    value: float | None
    text: str
    is_provisional: bool = False
    short: str = ""


class Place(NamedTuple):
    """Where a point lies in a drawing."""

    x: float
    y: float
    point: Point


def runs(places: Sequence[Place]) -> list[list[Place]]:
    """The unbroken parts of a line: nothing is drawn across a period without a figure."""
    parts = groupby(places, key=lambda place: place.point.value is not None)
    return [list(part) for has_figure, part in parts if has_figure]


def spread(
    points: Sequence[Point], across: tuple[float, float], up: tuple[float, float],
    scale: tuple[float, float],
) -> list[Place]:  # fmt: skip
    """The points side by side from left to right of `across`, each as high between the bottom and
    the top of `up` as its value is between the two ends of `scale`. Without a figure: at the
    bottom."""
    (left, right), (bottom, top), (low, high) = across, up, scale
    step = (right - left) / max(len(points) - 1, 1)
    size = (bottom - top) / ((high - low) or 1)
    return [
        Place(
            round(left + number * step, 1),
            round(bottom if point.value is None else bottom - (point.value - low) * size, 1),
            point,
        )
        for number, point in enumerate(points)
    ]
