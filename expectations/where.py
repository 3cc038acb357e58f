"""Conditions on the columns of a row, written as data and evaluated on whole columns at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import Field

from catalog.declarations import Declaration

if TYPE_CHECKING:
    import pandas as pd

Mask = np.ndarray[Any, np.dtype[np.bool_]]


class ColumnReference(Declaration):
    """``{column: received_at}``: the value of another column of the same row."""

    column: str


class CutoffReference(Declaration):
    """``{cutoff}``: the end of the night being judged."""

    cutoff: None


class ThresholdReference(Declaration):
    """``{threshold: name}``: a threshold of the check, as it holds for the batch's group."""

    threshold: str


class CodesReference(Declaration):
    """``{codes: channel}``: the codes of a code list."""

    codes: str


Bound = ColumnReference | CutoffReference | ThresholdReference | float | dt.datetime
Values = CodesReference | list[bool | str]


class Clause(Declaration):
    """What one column must be for the condition to hold; all that is written must hold.

    A missing value satisfies `missing: true` and nothing else: it is neither in a list nor
    outside it, neither less nor more than anything. `missing` counts an empty text as missing.
    """

    missing: bool | None = None
    in_: Values | None = Field(default=None, alias="in")
    not_in: Values | None = None
    matches: str | None = None
    less_than: Bound | None = None
    more_than: Bound | None = None
    at_least: Bound | None = None
    same_second_as: ColumnReference | None = None

    @property
    def referenced(self) -> set[str]:
        """The other columns that this clause looks at."""
        bounds = (self.less_than, self.more_than, self.at_least, self.same_second_as)
        return {bound.column for bound in bounds if isinstance(bound, ColumnReference)}

    @property
    def thresholds(self) -> set[str]:
        """The thresholds that this clause names."""
        bounds = (self.less_than, self.more_than, self.at_least)
        return {bound.threshold for bound in bounds if isinstance(bound, ThresholdReference)}


Where = dict[str, Clause]
"""Column -> what it must be; a row meets the condition when every column does."""


def _is_missing(column: pd.Series, wanted: bool) -> pd.Series:
    return (column.isna() | column.eq("")) == wanted


def _not_in(column: pd.Series, values: list[Any]) -> pd.Series:
    return column.notna() & ~column.isin(values)


def _same_second(column: pd.Series, other: pd.Series) -> pd.Series:
    return column.dt.floor("s") == other.dt.floor("s")


OPERATORS: dict[str, Callable[[pd.Series, Any], pd.Series]] = {
    "missing": _is_missing,
    "in": lambda column, values: column.isin(values),
    "not_in": _not_in,
    "matches": lambda column, pattern: column.str.contains(pattern),
    "less_than": lambda column, bound: column < bound,
    "more_than": lambda column, bound: column > bound,
    "at_least": lambda column, bound: column >= bound,
    "same_second_as": _same_second,
}


def lacks(frame: pd.DataFrame, columns: list[str]) -> Mask:
    """Which rows of `frame` miss a value in any of `columns`."""
    lacking = np.zeros(len(frame), dtype=np.bool_)
    for name in columns:
        lacking |= _is_missing(frame[name], True).to_numpy(dtype=np.bool_, na_value=False)
    return lacking


def meets(frame: pd.DataFrame, where: Mapping[str, Mapping[str, Any]]) -> Mask:
    """Which rows of `frame` meet `where`, whose references to the night and to code lists are
    already values; ``{"column": name}`` is looked up here."""
    met = np.ones(len(frame), dtype=np.bool_)
    for name, clause in where.items():
        for operator, operand in clause.items():
            value = frame[operand["column"]] if isinstance(operand, Mapping) else operand
            held = OPERATORS[operator](frame[name], value)
            met &= held.to_numpy(dtype=np.bool_, na_value=False)
    return met
