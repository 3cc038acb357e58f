"""What an indicator declares: one ``<code>.yml`` beside this file, with a worked example."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field, model_validator

from catalog.declarations import Declaration, load_folder
from catalog.night import Night, local_date
from catalog.records import records
from transforms.indicators.expressions import check, flags

PeriodType = Literal["day", "month", "quarter", "year", "all"]
Cell = bool | int | dt.datetime | str


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

    Both are expressions over the record's columns and flags; unknown (null) never counts. The
    value is the share, or for the unit ``count`` the numerator. `period_by` is the local day that
    puts a record into a period.
    """

    code: str
    version: int = Field(ge=1)
    name_vi: str
    name_en: str
    unit: Literal["share", "count"]
    direction: Literal["higher_better", "lower_better"]
    record: str
    period_by: str
    period_types: list[PeriodType] = Field(default=["day", "month", "quarter", "year", "all"])
    denominator: str
    numerator: str
    zero_over_zero: Literal["no_data"]
    formula: Text
    still_open: Text
    missing: Text
    legal_basis: str
    example: Example

    @model_validator(mode="after")
    def _known_words(self) -> Indicator:
        record = records()[self.record]
        if record.columns[self.period_by].type != "date":
            raise ValueError(f"period_by: {self.period_by} is not a local day")
        for sql in (self.denominator, self.numerator):
            check(sql, record, flags()[self.record].flags)
        return self

    @model_validator(mode="after")
    def _example_of_record(self) -> Indicator:
        unknown = {name for row in self.example.rows for name in row} - set(
            records()[self.record].sent_fields
        )
        if unknown:
            raise ValueError(f"example: not sent for a {self.record}: {', '.join(sorted(unknown))}")
        return self

    def example_table(self) -> pa.Table:
        """The example as a table of the record: area H26, agency H26.01, the days derived."""
        columns = records()[self.record].columns
        schema = pa.schema([pa.field(name, column.arrow) for name, column in columns.items()])
        place = {"area_code": "H26", "agency_code": "H26.01"}
        rows = [{**place, **row, **_local_days(self.record, row)} for row in self.example.rows]
        return pa.Table.from_pylist(rows, schema)


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
