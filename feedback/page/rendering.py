"""The page in HTML: Vietnamese, without a script; what people wrote is escaped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from catalog.areas import areas
from catalog.incidents import Event, Incident
from feedback import told, written
from feedback.page import wording
from feedback.page.card import by_night, levels, tiles, ways
from feedback.page.causes import groups
from feedback.page.model import Links, Page

TEMPLATES = Path(__file__).with_name("templates")
STYLE = Path(__file__).parents[1] / "web" / "style.css"
FILTERS = {
    written: ("day", "count", "period", "sentence"),
    wording: ("said", "title", "state", "is_counted"),
    told: ("source_vi", "record_vi", "column_vi", "ending"),
}
SENTENCES = 5
"""So many effects are told in a sentence each; the table has them all."""


def html(page: Page, links: Links, is_file: bool = False) -> str:
    """The page of an area. Its style is served beside it, or, where it `is_file` to be passed on,
    stands within.

    It says nothing that a source sent but the names of columns and the ends of dossier codes.
    """
    name = areas()[page.area].name_vi if page.area in areas() else page.area
    return (
        _environment()
        .get_template("page.html")
        .render(
            page=page,
            links=links,
            area_vi=name,
            style=Markup(STYLE.read_text(encoding="utf-8")) if is_file else "",
            summary=_summary(page),
            owners=_owners(page),
            tiles=tiles(page),
            ways=ways(page),
            levels=levels(),
            nights=by_night(page),
            groups=groups(page.incidents),
            accepted=[one for one in page.incidents if one.state == "accepted"],
            changes=[(night, list(_told(page, events))) for night, events in _nights(page)],
            **_effects(page),
        )
    )


def _summary(page: Page) -> str:
    found = [one.severity for one in page.incidents if one.is_open]
    counts = {"lỗi": found.count("error"), "cảnh báo": found.count("warning")}
    said = " và ".join(f"{written.count(n)} {word}" for word, n in counts.items() if n)
    return f"Hiện có {said} chưa khắc phục." if said else "Hiện không có vấn đề nào cần sửa."


def _owners(page: Page) -> list[str]:
    """Whose the open incidents are to mend."""
    found = {told.owner_vi(one.fingerprint.source_id) for one in page.incidents if one.is_open}
    return sorted(found - {""})


def _effects(page: Page) -> dict[str, Any]:
    rows = [(one, page.figures[one.indicator]) for one in page.effects]
    moved = [wording.effect(one, figure) for one, figure in rows if wording.is_moved(one, figure)]
    return {
        "effects": [(one, figure, *wording.both(one, figure)) for one, figure in rows],
        "moved": moved[:SENTENCES],
    }


def _nights(page: Page) -> Iterator[tuple[dt.date, list[Event]]]:
    events = [event for event in page.changed if event.kind in wording.HAPPENED]
    for night, alike in groupby(events, lambda event: event.night):
        yield night, list(alike)


def _told(page: Page, events: list[Event]) -> Iterator[tuple[str, str, str, str]]:
    """What happened to which incident of which source, and the note to it."""
    known: dict[str, Incident] = {one.incident_id: one for one in page.incidents}
    for event in events:
        one = known[event.incident_id]
        source = told.source_vi(one.fingerprint.source_id)
        yield wording.happened(event, one), wording.title(one), source, event.note


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"severity_vi": told.SEVERITY_VI, "answers_vi": wording.ANSWERS}
    for module, names in FILTERS.items():
        made.filters |= {name: getattr(module, name) for name in names}
    return made
