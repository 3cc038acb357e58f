"""The addresses that people get: of their area's page, and where they answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from catalog.incidents import Incident
from catalog.settings import settings
from feedback import links
from feedback.links import Keys, Link, Purpose
from feedback.messages import Message


def keys() -> Keys:
    """The office's, newest last. Raises SettingsError where there is none."""
    return links.keys(settings().secret("LINKS"))


def last_day(given_on: dt.date) -> dt.date:
    """Through which day a link of that day holds."""
    return given_on + dt.timedelta(days=settings().link_days)


def of_page(area: str, given_on: dt.date) -> str:
    """The page of an area."""
    return _address(links.path(Link("page", area, last_day(given_on)), keys()))


def of_answer(incident: Incident, purpose: Purpose, given_on: dt.date) -> str:
    """One answer about one incident."""
    area = incident.fingerprint.area
    link = Link(purpose, area, last_day(given_on), incident.incident_id)
    return _address(links.path(link, keys()))


def of_message(message: Message) -> tuple[str, Mapping[str, Mapping[str, str]]]:
    """The page, and the answers by incident and purpose, of a message; of its night, so that it
    reads the same however often it is sent."""
    area, until, by = message.area, last_day(message.night.on), keys()
    answers = {
        item.incident_id: {
            purpose: _address(path)
            for purpose, path in links.answers(area, item.incident_id, until, by).items()
        }
        for item in message.items
        if item.reason != "resolved"
    }
    return of_page(area, message.night.on), answers


def _address(path: str) -> str:
    return f"{settings().web_url.rstrip('/')}{path}"
