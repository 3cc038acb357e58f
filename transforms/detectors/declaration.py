"""What a detector declares: one ``<name>.yml`` beside this file, with two worked examples."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field, model_validator

from catalog import codelists
from catalog.declarations import Declaration, declared, load_folder
from catalog.night import Night, local_date
from catalog.records import ARROW, FieldType, Record, records
from transforms.detectors.words import WORDS
from transforms.indicators.declaration import Cell, Text
from transforms.indicators.expressions import check, flags
from transforms.indicators.views import views

TIMES = "times"
"""The key of an example's row that says how often it stands there."""
CONSTANT = 1.0
"""The threshold of a column: one single value."""


class Example(Declaration):
    """Records of one source at the end of the day `as_of`; a row may stand for many (`times`)."""

    as_of: dt.date
    rows: list[dict[str, Cell]] = Field(min_length=1)

    @property
    def night(self) -> Night:
        return Night(self.as_of)


class Detector(Declaration):
    """A share of a source's records that honest work does not reach.

    Of the records in `of` whose day `within` lies in the last 90 days, the share that `counts` is
    found when it reaches `threshold` and there are at least `minimum` of them. Both are
    expressions like those of indicators (``docs/detectors.md`` tells the further words).

    ``gaming`` is reported beside the source's figures and changes none of them. ``constant`` says
    that `column` tells nothing: the source does not feed the indicators that use it. Without
    `counts` a constant is one single value of the column, any or one of `values`; missing is no
    value.
    """

    name: str
    kind: Literal["gaming", "constant"]
    name_vi: str
    name_en: str
    about: Text
    fix: Text
    record: str
    view: str = ""
    column: str = ""
    values: list[bool | str] = Field(default=[])
    within: str
    of: str
    counts: str = ""
    threshold: float = Field(default=CONSTANT, gt=0, le=1)
    minimum: int = Field(default=200, ge=100)
    fires: Example
    passes: Example

    @model_validator(mode="after")
    def _complete(self) -> Detector:
        if bool(self.column) != (self.kind == "constant"):
            raise ValueError("a constant has a column, gaming has none")
        if bool(self.counts) < (self.kind == "gaming") or (self.counts and self.values):
            raise ValueError("either counts, or a column of which the values are counted")
        if not self.counts and set(self.values) - set(self._countable):
            raise ValueError(f"values: {self.column} has none of these")
        return self

    @model_validator(mode="after")
    def _known_words(self) -> Detector:
        if self.columns.get(self.within) != "date":
            raise ValueError(f"{self.within} is not a local day")
        known = flags()[self.record].flags if self.record in flags() else {}
        for sql in (self.of, self.counts, self.column):
            check(sql, self._record, {*known, *self.columns, *WORDS})
        unknown = {name for e in (self.fires, self.passes) for row in e.rows for name in row}
        if unknown := unknown - {*self.columns, TIMES}:
            raise ValueError(f"example: no such column: {', '.join(sorted(unknown))}")
        return self

    @property
    def _record(self) -> Record:
        return records()[self.record]

    @property
    def columns(self) -> dict[str, FieldType]:
        """Every column that a record has or its view adds."""
        own = {name: field.type for name, field in self._record.columns.items()}
        return {**own, **(views()[self.view].adds if self.view else {})}

    @property
    def _countable(self) -> list[bool | str]:
        """All values that the column may have: only flags and codes can be counted."""
        field = self._record.columns[self.column]
        if field.type == "boolean":
            return [True, False]
        if not field.codes:
            raise ValueError(f"{self.column} is neither a flag nor a code")
        return sorted(codelists.codes(field.codes))

    @property
    def marks(self) -> list[str]:
        """What is counted, each apart: the condition, or each value of the column."""
        if self.counts:
            return [self.counts]
        return [_is(self.column, value) for value in self.values or self._countable]

    @property
    def population(self) -> str:
        """The records that are judged: those of the last 90 days which say something."""
        days = f"{self.within} >= WINDOW_FIRST AND {self.within} <= REPORTED_DAY"
        stated = f" AND {self.column} IS NOT NULL" if self.column else ""
        return f"({self.of}) AND {days}{stated}"

    def table(self, example: Example, source_id: str) -> pa.Table:
        """An example as a table of the record, with the days derived."""
        schema = pa.schema([pa.field(name, ARROW[kind]) for name, kind in self.columns.items()])
        rows = [
            {"source_id": source_id, **row, **_local_days(self._record, row)}
            for row in example.rows
            for _ in range(int(str(row.get(TIMES, 1))))
        ]
        return pa.Table.from_pylist(rows, schema)


def _is(column: str, value: bool | str) -> str:
    if isinstance(value, str):
        return f"{column} = '{value}'"
    return column if value else f"NOT {column}"


def _local_days(record: Record, row: dict[str, Any]) -> dict[str, dt.date]:
    return {
        name: local_date(row[field.local_date_of])
        for name, field in record.fields.items()
        if field.local_date_of and row.get(field.local_date_of)
    }


@cache
def detectors() -> dict[str, Detector]:
    """Every detector by name. Raises DeclarationError naming the file that is wrong."""
    return load_folder(declared("transforms/detectors"), Detector, "name")
