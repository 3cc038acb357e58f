"""Checks: one ``checks/<id>.yml`` each, in words for officials, evaluated by Great Expectations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field, TypeAdapter, field_validator, model_validator

from catalog.codelists import codes
from catalog.declarations import Declaration, load_folder
from catalog.errors import DeclarationError
from catalog.night import Night
from catalog.records import records
from expectations.batch_facts import FACTS
from expectations.thresholds import Threshold
from expectations.where import Where

FOLDER = Path(__file__).parent / "checks"
WHERE: TypeAdapter[Where] = TypeAdapter(Where)
COLUMN_ARGUMENTS = ("column", "column_A", "column_B", "column_list", "same", "differing")
OURS = "expect_no_row_where"


class Expectation(Declaration):
    """A registered Great Expectations type (theirs, or ours in `expectations.row_rules`) and its
    arguments, in which ``{cutoff}`` and ``{codes: list}`` stand for values. Great Expectations'
    own parameters (``$PARAMETER``) are refused: they can read a clock."""

    type: str = Field(pattern=r"^expect_[a-z_]+$")
    kwargs: dict[str, Any]

    @field_validator("kwargs")
    @classmethod
    def _reads_no_clock(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        if any(key.startswith("$") for key in _keys(kwargs)):
            raise ValueError("a check knows the night that it is given, and no $PARAMETER")
        return kwargs

    @property
    def columns(self) -> set[str]:
        """Every column that the arguments name."""
        named: set[str] = set()
        for argument in COLUMN_ARGUMENTS:
            value = self.kwargs.get(argument, [])
            named |= {value} if isinstance(value, str) else set(value)
        for column, clause in self.where.items():
            named |= {column} | clause.referenced
        return named | _conditioned(self.kwargs.get("row_condition"))

    @property
    def where(self) -> Where:
        return WHERE.validate_python(self.kwargs.get("where", {}))

    @property
    def compared(self) -> list[str]:
        """The columns whose values `where` looks at, beyond asking whether they are missing."""
        asked = {
            column
            for column, clause in self.where.items()
            if clause.model_fields_set != {"missing"}
        }
        return sorted(asked.union(*(clause.referenced for clause in self.where.values())))

    def arguments(self, night: Night) -> dict[str, Any]:
        """The arguments with every reference to the night and to code lists made a value."""
        return {name: _resolved(value, night) for name, value in self.kwargs.items()}


def _keys(value: Any) -> Iterator[str]:
    """Every key of a mapping and of those within it."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield from (str(key) for key in value) if isinstance(value, dict) else ()
    for each in inner:
        yield from _keys(each)


def _conditioned(condition: dict[str, Any] | None) -> set[str]:
    """The columns in Great Expectations' own form of a row condition."""
    if condition is None:
        return set()
    parts = condition.get("conditions", [])
    return {condition["column"]["name"]} if not parts else set().union(*map(_conditioned, parts))


def _is_threshold(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"threshold"}


def _resolved(value: Any, night: Night) -> Any:
    if value == {"cutoff": None}:
        return night.cutoff.isoformat()
    if isinstance(value, dict) and value.keys() == {"codes"}:
        return sorted(codes(value["codes"]))
    if isinstance(value, dict):
        return {name: _resolved(inner, night) for name, inner in value.items()}
    return value


class Check(Declaration):
    """One rule about a row, or about a batch as a whole.

    `severity` ``error`` quarantines the row or holds the batch; ``warning`` only reports.
    `responsibility` ``external`` is the source's to correct, ``internal`` is ours to follow.
    `records` names the record kinds; a batch check applies to all and names none.
    `passes` and `fails` are examples, judged as of the night `EXAMPLE_NIGHT`: all rows of
    `passes` must be accepted together, and every row of `fails` refused.
    `problem` tells operators why a batch was held; ``{fact}`` stands for a fact of the batch.
    `missing` says what becomes of a row without the columns that are compared: it ``passes``,
    ``fails``, or is ``not_judged``, which lets it through but counts it among nobody's good rows.
    `thresholds` are numbers of a batch check that `where` names as ``{threshold: name}``.
    """

    check_id: str
    version: int = Field(ge=1)
    scope: Literal["row", "batch"]
    records: list[str] = Field(default=[])
    title_vi: str
    title_en: str
    why_vi: str
    fix_vi: str
    severity: Literal["error", "warning"]
    dimension: Literal["completeness", "validity", "timeliness", "consistency", "uniqueness"]
    responsibility: Literal["external", "internal"]
    expectation: Expectation
    missing: Literal["passes", "fails", "not_judged"] = "passes"
    thresholds: dict[str, Threshold] = Field(default={})
    problem: str = ""
    passes: list[dict[str, Any]] = Field(min_length=1)
    fails: list[dict[str, Any]] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_real_columns(self) -> Check:
        named = self.expectation.columns.union(*self.passes, *self.fails)
        if not self.expectation.columns:
            raise ValueError("the expectation names no column")
        for available in self._available():
            if unknown := named - available:
                raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
        return self

    @model_validator(mode="after")
    def _fits_its_scope(self) -> Check:
        if (self.scope == "row") != bool(self.records):
            raise ValueError("a row check names its record kinds, a batch check names none")
        if (self.scope == "batch") != bool(self.problem):
            raise ValueError("a batch check has a problem, a row check has none")
        named = {name for _, name, _, _ in Formatter().parse(self.problem) if name}
        if unknown := named - set(FACTS):
            raise ValueError(f"no such fact: {', '.join(sorted(unknown))}")
        return self

    @model_validator(mode="after")
    def _has_what_it_declares(self) -> Check:
        used = set().union(*(clause.thresholds for clause in self.expectation.where.values()))
        if used != set(self.thresholds):
            raise ValueError("thresholds are those that where names, no more and no fewer")
        if self.thresholds and self.scope == "row":
            raise ValueError("thresholds are for batch checks")
        if self.missing != "passes" and (self.scope, self.expectation.type) != ("row", OURS):
            raise ValueError(f"missing is for row checks by {OURS}")
        return self

    def arguments(self, night: Night) -> dict[str, Any]:
        """The arguments of the expectation on a night, with what the check adds to them."""
        given = self.expectation.arguments(night)
        for clause in given.get("where", {}).values():
            named = {o: v["threshold"] for o, v in clause.items() if _is_threshold(v)}
            clause |= {o: {"column": f"{self.check_id}.{name}"} for o, name in named.items()}
        return given | ({"lacking": self.expectation.compared} if self.missing == "fails" else {})

    def _available(self) -> list[set[str]]:
        if self.scope == "batch":
            return [set(FACTS)]
        if unknown := set(self.records) - set(records()):
            raise ValueError(f"no such record kind: {', '.join(sorted(unknown))}")
        return [set(records()[kind].columns) for kind in self.records]


EXAMPLE_NIGHT = Night.parse("2026-10-15")


@cache
def checks(folder: Path = FOLDER) -> dict[str, Check]:
    """Every check by id. Raises DeclarationError for a wrong or unfinished file."""
    return load_folder(folder, Check, "check_id")


def check(check_id: str) -> Check:
    """The check of that id, which a source file or a person named."""
    try:
        return checks()[check_id]
    except KeyError as error:
        raise DeclarationError(f"{check_id}.yml", "no such check") from error


def facts_table(batch_checks: Sequence[Check], *facts: Mapping[str, Any]) -> pa.Table:
    """Facts as the table that `batch_checks` look at, one row for each batch: with a column for
    each threshold, as it holds for that batch."""
    table = pa.Table.from_pylist(list(map(dict, facts)), schema=pa.schema(FACTS))
    for check in batch_checks:
        for name, threshold in check.thresholds.items():
            values = pa.array([threshold.holds_for(batch) for batch in facts], pa.float64())
            table = table.append_column(f"{check.check_id}.{name}", values)
    return table
