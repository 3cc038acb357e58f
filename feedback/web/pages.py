"""The pages, in Vietnamese, without a script; whatever a file held is escaped."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from catalog.night import Night
from catalog.records import records
from catalog.sources import Source
from feedback import outcome as outcomes
from feedback.failing import END_VI, by_rule
from feedback.outcome import Outcome
from feedback.web.desk import MOST_BYTES, MOST_ROWS
from feedback.web.refusals import Refused
from feedback.workbook import workbook

TEMPLATES = Path(__file__).parent / "templates"
SHOWN = 200
"""So many failing rows stand on the page; the workbook holds them all."""
MOST_LINKED, LARGEST_LINK = 20_000, 1_500_000
"""Lines and bytes of a workbook that a link can hold: browsers refuse links of more than 2 MB."""


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(name: str, **values: Any) -> str:
    return _templates().get_template(name).render(**values)


def form(sources: Mapping[str, Source]) -> str:
    """The form with which a file is sent in."""
    kinds = sorted({kind for source in sources.values() for kind in source.records})
    return page(
        "form.html",
        sources=sorted(sources.values(), key=lambda source: source.name_vi),
        kinds=[(kind, records()[kind].name_vi) for kind in kinds],
        megabytes=MOST_BYTES // 1_000_000,
        rows=MOST_ROWS,
    )


def outcome(found: Outcome, source: str, night: Night) -> str:
    """What would become of the file."""
    is_short = 0 < len(found.failing) <= MOST_LINKED
    content = workbook(source, night, found.failing) if is_short else b""
    fits = 0 < len(content) <= LARGEST_LINK
    return page(
        "outcome.html",
        found=found,
        source=source,
        record=records()[found.record].name_vi,
        counts=[(title, getattr(found, name)) for name, title in outcomes.COUNTS.items()],
        rules=by_rule(found.failing),
        failing=found.failing[:SHOWN],
        left_out=max(len(found.failing) - SHOWN, 0),
        ends=END_VI,
        not_asked=outcomes.titles(found.not_asked),
        workbook=b64encode(content).decode() if fits else "",
        is_large=bool(found.failing) and not fits,
    )


def refusal(error: Refused) -> str:
    """Why a request was turned away."""
    return page("refusal.html", refused=error)
