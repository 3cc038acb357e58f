"""What stands on the page of a province, before it is put into words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.incidents import Event, Incident
from catalog.night import Night
from catalog.score_card import Dimension, Effect, Score


class Figure(NamedTuple):
    """What an indicator is called, and the unit that its values are written in."""

    name_vi: str
    unit: str


@dataclass(frozen=True)
class Page:
    """One area after `night`, its newest. `card` has one score a dimension; `trend` the scores of
    the nights before it, oldest first; `changed` the events of the newest nights, newest first;
    `incidents` what is not fixed and all that `changed` is about; `effects` the figures that
    mending would move, and `figures` what they are, by indicator; `failing` counts the lines of
    the workbook."""

    area: str
    night: Night
    card: tuple[Score, ...]
    trend: Mapping[Dimension, tuple[Score, ...]]
    changed: tuple[Event, ...]
    incidents: tuple[Incident, ...]
    effects: tuple[Effect, ...]
    failing: int
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True)
class Links:
    """Where the page leads: its workbook, and by incident where people answer for it, by what they
    do there: ``acknowledge`` or ``dispute``. `until` is the last day that they lead anywhere."""

    workbook: str = ""
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    until: dt.date | None = None
