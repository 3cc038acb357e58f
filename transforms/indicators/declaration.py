"""What an indicator declares: one ``<code>.yml`` beside this file, with a worked example."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field, model_validator

from catalog import codelists
from catalog.declarations import Declaration, declared, load_folder
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


class Target(Declaration):
    """What the reform wants reached by the end of a day: a value, and who said so."""

    value: float
    by: dt.date
    legal_basis: str


class Example(Declaration):
    """A few records as known at the end of the day `as_of`, and the counts that they must give."""

    as_of: dt.date
    rows: list[dict[str, Cell]] = Field(min_length=2)
    numerator: int
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
    ``stock`` the period's last day counts. A ``balance`` is what has come in on the day
    `enters_by` (by itself `period_by`) and not gone out on `leaves_by`, at the period's end, of all
    that `period_by` has brought; an ``opening`` the same at its start, and a ``turnover`` the
    opening with all that came in the period.
    `counts` is the counting unit of interlinked dossiers (liên thông): ``request`` leaves out the
    children, ``agency_work`` the parents. Where a record adds more than itself, `amount` is what
    it adds to the numerator and `weight` what it adds to the denominator; a ``mean`` has both.
    `or_reported` is the figure that stands in where an area's system cannot tell.

    For publishing: `theme` says where people find it, and `headline` its place among the figures
    that they see first (0: it is none of them). `official` is the figure by which the national
    portal states the same, and `differs` why it may not be equal; `in_force_from` and `in_force_to`
    are those of the rule. Below the coverage `floor`, or with a denominator under
    `minimum_sample`, the value is withheld. A revision beyond `tolerance` (of a share or score its
    difference, of anything else its relative change) asks for a correction notice.
    """

    code: str
    version: int = Field(ge=1)
    name_vi: str
    name_en: str
    theme: str
    headline: int = 0
    unit: Literal["share", "count", "score", "mean"]
    direction: Literal["higher_better", "lower_better"]
    record: str
    view: str = ""
    figure: str = ""
    or_reported: str = ""
    accumulates: Literal["flow", "stock", "balance", "opening", "turnover"] = "flow"
    counts: Literal["", "request", "agency_work"] = ""
    period_by: str
    enters_by: str = ""
    leaves_by: str = ""
    moves: Literal["", "in", "out"] = Field(default="", exclude=True)
    period_types: list[PeriodType] = Field(default=["day", "month", "quarter", "year", "all"])
    denominator: str = ""
    numerator: str = ""
    amount: str = ""
    weight: str = ""
    zero_over_zero: Literal["no_data"]
    formula: Text
    still_open: Text
    missing: Text
    legal_basis: str
    in_force_from: dt.date | None = None
    in_force_to: dt.date | None = None
    official: str = ""
    differs: Text | None = None
    targets: list[Target] = Field(default=[])
    floor: float = Field(default=0.8, ge=0, le=1)
    minimum_sample: int = Field(default=0, ge=0)
    is_ranked: bool = False
    tolerance: float = Field(default=0.005, ge=0)
    example: Example

    @model_validator(mode="after")
    def _known_words(self) -> Indicator:
        for day in filter(None, (self.period_by, self.enters_by, self.leaves_by)):
            if self.columns.get(day) != "date":
                raise ValueError(f"{day} is not a local day")
        if bool(self.leaves_by) != self.is_balance or bool(self.leaves_by) < bool(self.enters_by):
            raise ValueError("leaves_by belongs to a balance, an opening and a turnover")
        named = {self.figure, self.or_reported, self.official}
        if unknown := named - {"", *codelists.codes("figure")}:
            raise ValueError(f"no such figure: {', '.join(unknown)}")
        if self.theme not in codelists.codes("theme"):
            raise ValueError(f"no such theme: {self.theme}")
        if bool(self.official) != (self.differs is not None):
            raise ValueError("official and differs go together")
        if bool(self.figure) == bool(self.denominator and (self.numerator or self.amount)):
            raise ValueError("either a figure, or a denominator and a numerator or amount")
        if (self.numerator and self.amount) or bool(self.amount) < bool(self.weight):
            raise ValueError("a weight goes with an amount, which takes the numerator's place")
        if bool(self.counts) != (self.record == "dossier"):
            raise ValueError("counts: a figure about dossiers declares its counting unit")
        for sql in (self.population, self.numerator, self.amount, self.weight):
            check(sql, records()[self.record], {*self._flags, *self._added})
        return self

    @property
    def is_balance(self) -> bool:
        """Whether it is kept up from what comes and what leaves."""
        return self.accumulates in ("balance", "opening", "turnover")

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
        """Every column that a record has or its view adds, and every day that is a flag."""
        own = {name: field.type for name, field in records()[self.record].columns.items()}
        days: dict[str, FieldType] = {n: "date" for n, f in self._flags.items() if f.is_day}
        return {**own, **self._added, **days}

    @property
    def added_up(self) -> tuple[str, str]:
        """What each counted record adds to numerator and denominator; empty: 1 where it is in."""
        return ("numerator", "denominator") if self.figure else (self.amount, self.weight)

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
        kind = records()[self.record]
        known = {*kind.sent_fields, *kind.first_seen_fields, *self._added}
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
        """What is counted apart and put together: itself, and the figure that may stand in; of a
        balance what comes and what leaves."""
        if self.leaves_by:
            days = {"in": self.enters_by, "out": self.leaves_by}
            moving = ({"moves": way, "period_by": day} for way, day in days.items() if day)
            return [self, *(self.model_copy(update=update) for update in moving)]
        if not self.or_reported:
            return [self]
        stated = {"record": "reported_figure", "figure": self.or_reported, "period_by": "starts_on"}
        none = dict.fromkeys(("view", "or_reported", "counts", "denominator", "numerator"), "")
        return [self, self.model_copy(update={**stated, **none})]

    def example_table(self) -> pa.Table:
        """The example as a table of the record: area H26, agency H26.01 (of a figure the area
        itself), the days derived."""
        kinds = {n: k for n, k in self.columns.items() if n not in self._flags}
        schema = pa.schema([pa.field(name, ARROW[kind]) for name, kind in kinds.items()])
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
    return load_folder(declared("transforms/indicators"), Indicator, "code")
