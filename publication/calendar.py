"""The calendar of releases to come, for pages and for people's own calendars (iCalendar)."""

from __future__ import annotations

from collections.abc import Iterator

from icalendar import Calendar, Event

from catalog import written
from catalog.night import Night
from catalog.release_calendar import Planned, planned
from catalog.written import LANGUAGES, Language
from publication.words import say

__all__ = ["Planned", "icalendar", "planned"]
DOMAIN = "mot-cua-metrics"
BOTH = " · "


def icalendar(night: Night) -> bytes:
    """The releases of the twelve months after a night as RFC 5545: one event each, under an id that
    stays when the time moves. The same night gives the same bytes; times are UTC instants."""
    made = Calendar()
    made.add("prodid", f"-//{DOMAIN}//release calendar//VI")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", BOTH.join(say("calendar.name", language) for language in LANGUAGES))
    for release in planned(night):
        made.add_component(_event(release, night))
    content: bytes = made.to_ical()
    return content


def _event(release: Planned, night: Night) -> Event:
    event = Event()
    event.add("uid", f"release-{release.period}@{DOMAIN}")
    event.add("dtstamp", night.cutoff)
    event.add("dtstart", release.at.astimezone(night.cutoff.tzinfo))
    event.add("summary", BOTH.join(_summary(release, language) for language in LANGUAGES))
    event.add("description", "\n".join(_lines(release)))
    event.add("transp", "TRANSPARENT")
    return event


def _summary(release: Planned, language: Language) -> str:
    return say("calendar.summary", language, period=_period(release, language))


def _lines(release: Planned) -> Iterator[str]:
    for language in LANGUAGES:
        day, hour = written.day(release.at.date(), language), f"{release.at:%H:%M}"
        period = _period(release, language)
        yield say("calendar.description", language, period=period, hour=hour, day=day)
        if why := {"vi": release.reason_vi, "en": release.reason_en}[language]:
            yield say("calendar.reason", language, why=why)


def _period(release: Planned, language: Language) -> str:
    """A month within a sentence."""
    name = written.period(release.period, language)
    return name[0].lower() + name[1:] if language == "vi" else name
