"""Explain: from a published figure to what it is made of, for an official who disputes it.

Counts only: no key of a record, nothing about an applicant and no value of a row is told.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb

from catalog.records import stored_records
from catalog.settings import settings
from pipeline.explain.coverage import coverage
from pipeline.explain.definition import definition, kinds_read
from pipeline.explain.evidence import evidence, pages_behind
from pipeline.explain.made_of import left_out, made_of
from pipeline.explain.published import TOLD, area_name, find_published
from pipeline.explain.quarantined import quarantined
from pipeline.explain.turned_away import not_merged, rejected, sources_of
from pipeline.stores import state
from transforms.indicators.living import living_relations
from transforms.indicators.runners import DuckDBRunner

__all__ = ["explain"]


def explain(
    code: str,
    area: str,
    period: str,
    as_of: dt.date | None = None,
    all_pages: bool = False,
) -> dict[str, Any]:
    """All that stands behind one published figure; see ``docs/explain.md``.

    `as_of` chooses the newest release not after that day, and with it the state that it counted.
    `all_pages` reads back every landed page, however many. Raises DeclarationError where no such
    figure is published.
    """
    published = find_published(code, area, period, as_of)
    kinds = kinds_read(published.asked.declared)
    relations = {kind: state(stored_records()[kind], published.night) for kind in kinds}
    told = sources_of(published, kinds)
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        connection.execute("SET enable_progress_bar = false")
        living = living_relations(DuckDBRunner(connection), relations, published.night)
        rows = made_of(connection, published, living)
        pages, is_exact = pages_behind(connection, published, living)
        unfed = left_out(connection, published, living)
        refused = quarantined(connection, published, relations, rows)
        figures = state(stored_records()["reported_figure"], published.night)
        reported = coverage(connection, published, told, figures)
    return {
        "figure": {**{n: published.row[n] for n in TOLD}, "name_vi": area_name(area)},
        "areas": [{n: row[n] for n in TOLD[4:]} for row in published.areas],
        "definition": definition(published),
        "rows": rows,
        "not_in_it": {
            "quarantined": refused,
            "rejected": rejected(published, told, kinds),
            "not_merged": not_merged(published, told, kinds),
            "left_out": unfed,
        },
        "evidence": evidence(pages, is_exact, published, all_pages),
        "coverage": reported,
    }
