"""The page of an area and its workbook, gathered from the warehouse as it stands."""

from __future__ import annotations

import datetime as dt

from catalog.areas import areas
from catalog.incidents import Event, Incident
from catalog.night import Night
from catalog.sources import sources
from feedback.failing import Failing
from feedback.page import Figure, Page
from feedback.tasks import is_theirs
from feedback.workbook import workbook
from pipeline.effects import effects_of
from pipeline.failing_rows import failing_of
from pipeline.incidents import incidents
from pipeline.score_cards import card, score_cards, trend
from transforms.indicators import indicators

NIGHTS = 7
"""So many nights back it is told what changed."""


def page_of(area: str) -> Page:
    """The page after the newest night that was brought to its end; what people answered since is
    on it, too. Raises LookupError for an area without a source, and before any night."""
    night = _newest(area)
    happened = incidents().since(area, night.on - dt.timedelta(days=NIGHTS - 1))
    shown = {i.incident_id: i for i in _theirs(area, {event.incident_id for event in happened})}
    effects = effects_of(area, night)
    return Page(
        area=area,
        night=night,
        card=card(area, night.on),
        trend=trend(area, night.on),
        changed=_newest_first([event for event in happened if event.incident_id in shown]),
        incidents=tuple(shown.values()),
        effects=effects,
        failing=len(_failing(area)),
        figures={one.indicator: _figure(one.indicator) for one in effects},
    )


def workbook_of(area: str) -> bytes:
    """The XLSX workbook of all rows of all sources of the area that still wait. Raises as
    `page_of` does."""
    night, title = _newest(area), f"{areas()[area].name_vi}: các dòng dữ liệu cần sửa"
    return workbook(title, night, _failing(area))


def _newest(area: str) -> Night:
    newest = score_cards().newest_night(area) if _sources(area) else None
    if newest is None:
        raise LookupError(f"{area}: no such area with a source, or no night yet")
    return Night(newest)


def _sources(area: str) -> list[str]:
    return sorted(s.source_id for s in sources().values() if s.area == area)


def _theirs(area: str, lately: set[str]) -> list[Incident]:
    """What the area itself can mend and has not, and what changed lately."""
    return [
        incident
        for incident in incidents().read()
        if incident.fingerprint.area == area
        and is_theirs(incident)
        and (incident.state != "fixed" or incident.incident_id in lately)
    ]


def _newest_first(events: list[Event]) -> tuple[Event, ...]:
    """Of one night in the order in which they count."""
    return tuple(sorted(events, key=lambda event: event.night, reverse=True))


def _failing(area: str) -> list[Failing]:
    return [line for source_id in _sources(area) for line in failing_of(source_id, None)]


def _figure(indicator: str) -> Figure:
    declared = indicators()[indicator]
    return Figure(declared.name_vi, declared.unit)
