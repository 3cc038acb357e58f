"""People who answer by links: the incidents that are kept, the reception, and a real server."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from catalog.incidents import Event, Incident
from feedback.links import Link, Purpose, path
from feedback.page import Page
from feedback.web import Reception, application
from feedback.workbook import workbook
from motcua.web import desk, reception
from pipeline.incidents import incidents
from tests.extractors.conftest import serving
from tests.feedback import trying
from tests.feedback.nights import MONDAY, incident

AT = dt.datetime(2026, 10, 6, 2, tzinfo=dt.UTC)
TODAY = dt.date(2026, 10, 6)
LAST = dt.date(2026, 11, 4)
KEYS = ["an-older-key", "the-newest-key"]
OFFICE = "https://mot-cua.example.vn"
ID = incident().incident_id
FIXED = incident("received_in_future", state="fixed", fixed_on=MONDAY.on)
OTHER = dataclasses.replace(incident().fingerprint, area="H57", source_id="hue")
KEPT = [
    incident(suffixes=("H26.01-261005-4711",)),
    incident("due_at_missing", severity="warning"),
    FIXED,
    dataclasses.replace(incident(), fingerprint=OTHER),
]
BY, WHY = "tổ dữ liệu, Sở Nội vụ", "phần mềm ghi đúng <b>ngày</b>"
GOOD: dict[str, dict[str, str]] = {
    "acknowledge": {"by": BY, "until": "2026-10-20", "note": ""},
    "dispute": {"by": BY, "note": WHY},
    "accept": {"by": "văn phòng", "until": "2026-12-31", "note": "chờ nâng cấp"},
}
STATES = {"acknowledge": "acknowledged", "dispute": "disputed", "accept": "accepted"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with trying.office(tmp_path_factory.mktemp("office")):
        yield


@pytest.fixture(autouse=True)
def kept(home: None) -> None:
    """The warehouse with these incidents, and no answer."""
    with incidents().engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE ops.incident, ops.incident_event")
    opened = [Event(each.incident_id, MONDAY.on, "opened", each.rows) for each in KEPT]
    incidents().write_night(MONDAY.on, MONDAY.cutoff, KEPT, opened)


def page_of(area: str) -> Page:
    if area != "H26":
        raise LookupError(area)
    theirs = tuple(i for i in incidents().read() if i.fingerprint.area == area)
    return Page(area, MONDAY, (), {}, (), theirs, (), 0)


def stands_behind(**changes: Any) -> Reception:
    """The reception of the office, at a given time, with pages of the incidents alone."""
    ours = {
        "page_of": page_of,
        "workbook_of": lambda area: workbook(area, MONDAY, []),
        "clock": lambda: AT,
        "keys": lambda: KEYS,
        "web_url": OFFICE,
    }
    return dataclasses.replace(reception(), **{**ours, **changes})


@pytest.fixture(scope="module")
def url(home: None) -> Iterator[str]:
    with serving(application(desk(), stands_behind())) as address:
        yield address


def to(purpose: Purpose, incident_id: str = ID, area: str = "H26", until: dt.date = LAST) -> str:
    about = "" if purpose == "page" else incident_id
    return path(Link(purpose, area, until, about), KEYS)


def post(url: str, where: str, fields: dict[str, str], **headers: str) -> httpx2.Response:
    return httpx2.post(f"{url}{where}", data=fields, headers=headers)


def now(incident_id: str = ID) -> Incident:
    found = incidents().one(incident_id)
    assert found
    return found


def answers() -> list[Event]:
    return incidents().events(origin="person")


def everything() -> list[Any]:
    return [*incidents().read(), *incidents().events()]
