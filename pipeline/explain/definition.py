"""What a figure means: its words, its law, and every condition spelled out down to the columns."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter
from typing import Any

from catalog.records import records
from pipeline.explain.published import Published
from transforms.indicators import Indicator
from transforms.indicators.behind import part_name
from transforms.indicators.expressions import flags, names
from transforms.indicators.views import views

MEANING = (
    *("version", "unit", "record", "view", "figure", "or_reported", "accumulates", "counts"),
    *("period_by", "enters_by", "leaves_by", "denominator", "numerator", "amount", "weight"),
)
UNITS = {
    "request": ("Yêu cầu của người dân", "What a citizen asked for, interlinked dossiers once"),
    "agency_work": ("Việc của từng cơ quan", "Each agency's part of interlinked dossiers"),
    "": ("Từng bản ghi", "Each record"),
}


def definition(published: Published) -> dict[str, Any]:
    """The definition in force now, and whether the figure was published under the same one."""
    declared = published.asked.declared
    vi, en = UNITS[declared.counts]
    return {
        "code": declared.code,
        "version": declared.version,
        "is_the_published_one": _meaning(declared.model_dump(mode="json"))
        == _meaning(published.definition),
        **{n: getattr(declared, n) for n in ("name_vi", "name_en", "unit", "accumulates")},
        **{n: getattr(declared, n).model_dump() for n in ("formula", "still_open", "missing")},
        "legal_basis": declared.legal_basis,
        "zero_over_zero": declared.zero_over_zero,
        "counting_unit": {"code": declared.counts, "vi": vi, "en": en},
        "parts": [_part(declared, part) for part in declared.parts],
    }


def _meaning(told: dict[str, Any]) -> dict[str, Any]:
    """What decides the counts: an earlier program may have had fewer of these words."""
    return {name: told[name] for name in MEANING if told.get(name)}


def kinds_read(indicator: Indicator) -> list[str]:
    """The record kinds that a figure is worked out from, through views of views too."""
    found: dict[str, None] = {}
    for part in indicator.parts:
        found |= dict.fromkeys((part.record, *(_kinds_of(part.view) if part.view else ())))
    return list(found)


def _kinds_of(name: str) -> Iterator[str]:
    for _, word, _, _ in Formatter().parse(views()[name].sql):
        if word in records():
            yield word
        elif word in views():
            yield from _kinds_of(word)


def _part(indicator: Indicator, part: Indicator) -> dict[str, Any]:
    sql = {
        "period_by": part.period_by,
        "denominator": part.population,
        "numerator": part.numerator,
        **dict(zip(("numerator_adds", "denominator_adds"), part.added_up, strict=True)),
    }
    used = {name for text in sql.values() for name in names(text)}
    known = flags().get(part.record)
    needed = known.needs(used) if known else used
    return {
        "part": part_name(indicator, part),
        "record": part.record,
        "record_vi": records()[part.record].name_vi,
        "sql": {name: text for name, text in sql.items() if text},
        "flags": [
            {"name": name, "about": flag.about, "sql": flag.sql}
            for name, flag in (known.flags.items() if known else ())
            if name in needed
        ],
        "columns": [
            {"name": name, "name_vi": column.name_vi, "about": column.about}
            for name, column in records()[part.record].columns.items()
            if name in needed
        ],
        "view": _view(part),
    }


def _view(part: Indicator) -> dict[str, Any] | None:
    if not part.view:
        return None
    view = views()[part.view]
    return {"name": view.name, "about": view.about, "adds": list(view.adds), "sql": view.sql}
