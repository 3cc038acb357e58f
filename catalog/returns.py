"""Statistical returns: the form on which a source states the figures that no rows exist to count.

One table, the same as a sheet and as CSV: a line for each figure and area that the source must
report on, for one period. A line whose value cells are all empty is not reported, which is not
zero. Who reports what comes from the source's file; the figures are those of ``figure.csv``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from catalog import codelists
from catalog.areas import areas, areas_of
from catalog.errors import DeclarationError
from catalog.sources import Source

SHEET, INSTRUCTIONS = "Báo cáo", "Hướng dẫn"
FIGURE, UNIT, PERIOD = "Mã số liệu", "Mã đơn vị", "Kỳ"
FIGURE_NAME, UNIT_NAME = "Tên số liệu", "Tên đơn vị"
VALUE, WHOLE, SCORE, UPDATED = "Giá trị", "Trên tổng số", "Điểm", "Ngày cập nhật"
COLUMNS = (FIGURE, FIGURE_NAME, UNIT, UNIT_NAME, PERIOD, VALUE, WHOLE, SCORE, UPDATED)
STATED = (VALUE, WHOLE, SCORE)
"""The cells that state something; which of them depends on the kind of figure."""
PERIODS = {
    "monthly": r"\d{4}-(0[1-9]|1[0-2])",
    "quarterly": r"\d{4}-Q[1-4]",
    "yearly": r"\d{4}",
}
"""How the period of a return is written, by the frequency of its source."""


class Line(NamedTuple):
    """What the form asks: one figure of one area for one period, with names for people."""

    figure: str
    figure_name: str
    unit: str
    unit_name: str
    period: str


def is_score(figure: str) -> bool:
    """Whether a figure is stated in points rather than as a number."""
    return figure in {row["code"] for row in codelists.rows("figure") if row["kind"] == "score"}


def is_period_of(source: Source, period: str) -> bool:
    """Whether `period` is one that a return of this source can be about."""
    return bool(re.fullmatch(PERIODS.get(source.frequency, ""), period, re.ASCII))


def lines(source: Source, period: str) -> list[Line]:
    """The lines that `source` must fill in for `period`. Raises DeclarationError for a source
    without figures, or a period that is not of its frequency."""
    if not source.figures or not is_period_of(source, period):
        problem = f"no {source.frequency} return of figures for {period}"
        raise DeclarationError(f"{source.source_id}.yml", problem)
    names = {row["code"]: row["name_vi"] for row in codelists.rows("figure")}
    return [
        Line(figure, names[figure], unit, areas()[unit].name_vi, period)
        for figure in source.figures
        for unit in areas_of(source)
    ]
