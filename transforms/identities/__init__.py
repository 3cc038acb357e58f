"""Identities: figures that must add up to others, one ``<name>.yml`` here for each form of report.

Tested on every set of figures before it is published: what breaks one is our own mistake.
"""

from __future__ import annotations

from functools import cache

import duckdb
import pyarrow as pa
from pydantic import Field, model_validator

from catalog.declarations import Declaration, declared, load_folder
from transforms.indicators import indicators

BROKEN_SCHEMA = pa.schema(
    [
        pa.field("whole", pa.string(), nullable=False),
        pa.field("parts", pa.string(), nullable=False),
        pa.field("borders", pa.string(), nullable=False),
        pa.field("area", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("counted", pa.int64(), nullable=False),
        pa.field("added_up", pa.int64(), nullable=False),
    ]
)
"""An identity that does not hold for a unit and period: what the whole is, and what its parts
give."""


class Form(Declaration):
    """The identities of one form.

    `sums`: a count is the sum of each list of counts. `carried_over`: what a period opens with is
    what the period before it closed with.
    """

    name: str
    name_vi: str
    name_en: str
    legal_basis: str
    sums: dict[str, list[list[str]]] = Field(default={})
    carried_over: dict[str, str] = Field(default={})

    @model_validator(mode="after")
    def _of_indicators(self) -> Form:
        named = {code for whole, parts in _sums(self) for code in (whole, *parts)}
        named |= {code for pair in self.carried_over.items() for code in pair}
        if unknown := named - set(indicators()):
            raise ValueError(f"no such indicator: {', '.join(sorted(unknown))}")
        return self


@cache
def forms() -> dict[str, Form]:
    """Every form by name."""
    return load_folder(declared("transforms/identities"), Form, "name")


COMPARABLE = """
    WITH figure AS (
        SELECT *, split_part(area, '.', 1) AS reporter FROM observations
        WHERE indicator = $whole OR list_contains($parts, indicator)
    ), uneven AS (
        SELECT borders, area AS reporter, period FROM figure WHERE level <> 'agency'
        GROUP BY ALL HAVING count(DISTINCT coverage) > 1
    )
    FROM figure ANTI JOIN uneven USING (borders, reporter, period) WHERE numerator IS NOT NULL"""
"""A source that says nothing about a part may well feed the whole: they do not add up then."""

SUMS = f"""
    WITH comparable AS ({COMPARABLE})
    SELECT $whole AS whole, array_to_string($parts, ' + ') AS parts, borders, area, period,
        coalesce(sum(numerator) FILTER (indicator = $whole), 0)::BIGINT AS counted,
        coalesce(sum(numerator) FILTER (indicator <> $whole), 0)::BIGINT AS added_up
    FROM comparable WHERE indicator = $whole OR list_contains($parts, indicator)
    GROUP BY borders, area, period HAVING counted <> added_up"""

CARRIED_OVER = f"""
    WITH comparable AS ({COMPARABLE}), month AS (
        SELECT *, strptime(period, '%Y-%m')::DATE AS starts_on FROM comparable
        WHERE period_type = 'month'
    )
    SELECT $whole, 'before: ' || $parts[1], opening.borders, opening.area, opening.period,
        opening.numerator, closing.numerator
    FROM month AS opening JOIN month AS closing
        ON closing.indicator = $parts[1] AND closing.borders = opening.borders
        AND closing.area = opening.area
        AND closing.starts_on = opening.starts_on - INTERVAL 1 MONTH
    WHERE opening.indicator = $whole AND opening.numerator <> closing.numerator"""


def broken(observations: pa.Table) -> pa.Table:
    """Where an identity does not hold, as BROKEN_SCHEMA; `observations` has OBSERVATION_SCHEMA, as
    measured. What a unit has no row for is none; what was not reported, or not by the same sources,
    is not compared."""
    with duckdb.connect() as connection:
        connection.register("observations", observations)
        found = [
            connection.sql(query, params={"whole": whole, "parts": parts}).to_arrow_table()
            for form in forms().values()
            for query, identities in ((SUMS, _sums(form)), (CARRIED_OVER, _carried_over(form)))
            for whole, parts in identities
        ]
    return pa.concat_tables([BROKEN_SCHEMA.empty_table(), *(_as_broken(t) for t in found)])


def _as_broken(table: pa.Table) -> pa.Table:
    return table.rename_columns(BROKEN_SCHEMA.names).cast(BROKEN_SCHEMA)


def _sums(form: Form) -> list[tuple[str, list[str]]]:
    return [(whole, parts) for whole, lists in form.sums.items() for parts in lists]


def _carried_over(form: Form) -> list[tuple[str, list[str]]]:
    return [(opening, [closing]) for opening, closing in form.carried_over.items()]
