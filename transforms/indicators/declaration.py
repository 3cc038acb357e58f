"""What an indicator declares: one ``<code>.yml`` beside this file, with a worked example."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field, model_validator

from catalog import codelists
from catalog.declarations import Declaration, load_folder
from catalog.night import Night, local_date
from catalog.records import ARROW, FieldType, records
from transforms.indicators.expressions import Flag, check, flags
from transforms.indicators.views import View, views

PeriodType = Literal["day", "month", "quarter", "year", "all"]
Cell = bool | int | dt.datetime | dt.date | str


class Text(Declaration):
    """One text in both languages."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Example(Declaration):
    """A few records as known at the end of the day `as_of`, and the counts that they must give."""

    as_of: dt.date
    rows: list[dict[str, Cell]] = Field(min_length=2)
    numerator: int = Field(ge=0)
    denominator: int = Field(gt=0)

    @property
    def night(self) -> Night:
        return Night(self.as_of)


class Indicator(Declaration):
    """One published figure: of the records in `denominator`, how many are also in `numerator`.

    Both are expressions over the record's columns and flags, and over what its `view` adds;
    unknown (null) never counts. An indicator of a `figure` adds up what sources state instead. The
    value is numerator / denominator, or for the unit ``count`` the numerator. `period_by` is the
    local day that puts a record into a period. A ``flow`` is added up over a period, of a
    ``stock`` the period's last day counts. `counts` is the counting unit of interlinked dossiers
    (liên thông): ``request`` leaves out the children, ``agency_work`` the parents.
    `or_reported` is the figure that stands in where an area's system cannot tell.
    """

    code: str
    version: int = Field(ge=1)
    name_vi: str
    name_en: str
    unit: Literal["share", "count", "score"]
    direction: Literal["higher_better", "lower_better"]
    record: str
    view: str = ""
    figure: str = ""
    or_reported: str = ""
    accumulates: Literal["flow", "stock"] = "flow"
    counts: Literal["", "request", "agency_work"] = ""
    period_by: str
    period_types: list[PeriodType] = Field(default=["day", "month", "quarter", "year", "all"])
    denominator: str = ""
    numerator: str = ""
    zero_over_zero: Literal["no_data"]
    formula: Text
    still_open: Text
    missing: Text
    legal_basis: str
    example: Example

    @model_validator(mode="after")
    def _known_words(self) -> Indicator:
        if self.columns[self.period_by] != "date":
            raise ValueError(f"period_by: {self.period_by} is not a local day")
        if unknown := {self.figure, self.or_reported} - {"", *codelists.codes("figure")}:
            raise ValueError(f"no such figure: {', '.join(unknown)}")
        if bool(self.figure) == bool(self.denominator and self.numerator):
            raise ValueError("either a figure, or a denominator and a numerator")
        if bool(self.counts) != (self.record == "dossier"):
            raise ValueError("counts: a figure about dossiers declares its counting unit")
        for sql in (self.population, self.numerator):
            check(sql, records()[self.record], {*self._flags, *self._added})
        return self

    @property
    def _view(self) -> View | None:
        return views()[self.view] if self.view else None

    @property
    def _added(self) -> dict[str, FieldType]:
        return self._view.adds if self._view else {}

    @property
    def _flags(self) -> dict[str, Flag]:
        return flags()[self.record].flags if self.record in flags() else {}

    @property
    def columns(self) -> dict[str, FieldType]:
        """Every column that the expressions may use, with its type."""
        own = {name: field.type for name, field in records()[self.record].columns.items()}
        return {**own, **self._added}

    @property
    def population(self) -> str:
        """The denominator's condition, with the counting unit; of a figure, what is stated for
        the area as a whole: its units' own figures are parts of that."""
        if self.figure:
            return f"figure_code = '{self.figure}' AND agency_code = area_code"
        return f"({self.denominator}) AND is_{self.counts}" if self.counts else self.denominator

    @property
    def streams(self) -> list[str]:
        """What an area must have reported for this figure to be complete."""
        own = self._view.streams if self._view and self._view.streams else [self.record]
        if self.figure:
            own = [stream_of(self.figure)]
        return [*own, *([stream_of(self.or_reported)] if self.or_reported else [])]

    @model_validator(mode="after")
    def _example_of_record(self) -> Indicator:
        known = {*records()[self.record].sent_fields, *self._added}
        unknown = {name for row in self.example.rows for name in row} - known
        if unknown:
            raise ValueError(f"example: not sent for a {self.record}: {', '.join(sorted(unknown))}")
        return self

    @property
    def scope(self) -> str:
        """What it shares the span of its periods with: figures that start with the same data."""
        apart = self.code if self.or_reported else self.record
        return self.figure or apart

    @property
    def parts(self) -> list[Indicator]:
        """What is counted apart and put together: itself, and the figure that may stand in."""
        if not self.or_reported:
            return [self]
        stated = {"record": "reported_figure", "figure": self.or_reported, "period_by": "starts_on"}
        none = dict.fromkeys(("view", "or_reported", "counts", "denominator", "numerator"), "")
        return [self, self.model_copy(update={**stated, **none})]

    def example_table(self) -> pa.Table:
        """The example as a table of the record: area H26, agency H26.01 (of a figure the area
        itself), the days derived."""
        schema = pa.schema([pa.field(name, ARROW[kind]) for name, kind in self.columns.items()])
        place = {"area_code": "H26", "agency_code": "H26" if self.figure else "H26.01"}
        rows = [{**place, **row, **_local_days(self.record, row)} for row in self.example.rows]
        return pa.Table.from_pylist(rows, schema)


def stream_of(figure: str) -> str:
    """What sources report when they state a figure; a record kind is a stream by itself."""
    return f"reported_figure:{figure}"


def _local_days(record: str, row: dict[str, Any]) -> dict[str, dt.date]:
    return {
        name: local_date(row[field.local_date_of])
        for name, field in records()[record].fields.items()
        if field.local_date_of and row.get(field.local_date_of)
    }


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator by code. Raises DeclarationError naming the file that is wrong."""
    return load_folder(Path(__file__).parent, Indicator, "code")
