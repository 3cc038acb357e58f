"""What the page says of incidents, events and effects, in plain Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.incidents import Event, EventKind, Incident
from catalog.score_card import Effect
from feedback import written
from feedback.life import DECLARED
from feedback.page.model import Figure
from feedback.told import STATES_VI, Told, is_of_batch, told

HAPPENED: Mapping[EventKind, str] = {
    "opened": "Vấn đề mới",
    "worsened": "Tăng lên",
    "eased": "Giảm bớt",
    "fixed": "Đã sửa xong, cảm ơn đơn vị",
    "reopened": "Tái diễn",
    "acknowledged": "Đơn vị đã nhận",
    "disputed": "Đơn vị có ý kiến khác",
    "accepted": "Được chấp nhận",
    "lapsed": "Đã quá ngày hẹn",
    "escalated": "Đã báo lên cấp trên",
}
"""Not ``notified``: who reads the page has been told, and every new incident would stand twice."""
WITH_ROWS = {"opened", "worsened", "eased", "reopened"}
ANSWERS = {"acknowledge": "Đã nhận, sẽ sửa", "dispute": "Có ý kiến khác"}
"""What a link to answer says, by what is done there."""


def said(incident: Incident) -> Told:
    """What is told about its rule."""
    return told(incident.fingerprint.rule, incident.fingerprint.record)


def title(incident: Incident) -> str:
    """What it is called, with the source's own column."""
    return said(incident).of_column(incident.fingerprint.column)


def is_counted(incident: Incident) -> bool:
    """Whether its rows say anything: of a delivery as a whole there is one."""
    return incident.rows > 0 and not is_of_batch(incident.fingerprint.rule)


def state(incident: Incident) -> str:
    """How it stands: who answered, and until when that holds."""
    who = _who(incident)
    return STATES_VI[incident.state] + (f" ({who})" if who else "")


def happened(event: Event, incident: Incident) -> str:
    """The event, with how many rows were wrong then, or who said so and until when."""
    rows = event.kind in WITH_ROWS and not is_of_batch(incident.fingerprint.rule)
    more = f"{written.count(event.rows)} dòng" if rows else _who(event)
    return HAPPENED[event.kind] + (f" ({more})" if more else "")


def _who(of: Event | Incident) -> str:
    by = "tệp khai báo nguồn" if of.by == DECLARED else of.by
    until = f"đến hết ngày {written.day(of.until)}" if of.until else ""
    return ", ".join(filter(None, (by, until)))


def is_moved(effect: Effect, figure: Figure) -> bool:
    """Whether the value would be written in another way."""
    before, after = both(effect, figure)
    return before != after


def both(effect: Effect, figure: Figure) -> tuple[str, str]:
    """The value, and what it would be."""
    return written.value(effect.value, figure.unit), written.value(effect.value_with, figure.unit)


def effect(effect: Effect, figure: Figure) -> str:
    """One sentence: what mending would make of the figure."""
    before, after = both(effect, figure)
    name = _within(figure.name_vi)
    from_ = f"từ {before}" if effect.value is not None else "từ chỗ chưa có giá trị"
    rows, when = written.count(effect.rows), written.period(effect.period)
    return f"Sửa {rows} dòng này thì {name} {when} {from_} thành {after}."


def _within(name: str) -> str:
    """A name within a sentence; an abbreviation at its start keeps its capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
