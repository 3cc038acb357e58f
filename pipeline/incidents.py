"""Incidents brought up to date with a night, with what people answered, and with what they are
told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from catalog.errors import ActionRefused
from catalog.incidents import Action, Event, Incident, Observed, State
from catalog.night import Night, local_date
from catalog.sources import Deviation, sources
from feedback import free_text
from feedback.life import DECLARED, answered, life
from feedback.steps import after, fold
from pipeline.evidence import observe
from pipeline.stores import warehouse
from warehouse.incidents import Incidents

__all__ = ["act", "incidents", "note_told", "observe", "update"]

ONE_DAY = dt.timedelta(days=1)
SAID_VI = "Đã ghi nhận như vậy từ trước; không có gì thay đổi."
ENDED_VI: dict[State, str] = {
    "accepted": "Vấn đề này đã được chấp nhận; không cần trả lời.",
    "fixed": "Dữ liệu mới cho thấy đã sửa xong và vấn đề đã đóng; không cần trả lời.",
}


def incidents() -> Incidents:
    """Where they are kept."""
    return Incidents(warehouse().engine)


def update(on: dt.date) -> dict[str, int]:
    """Bring the incidents up to date with the night, and with later ones where it is run again;
    how many events of each kind the night has.

    A night that is run again decides the same from the same evidence, in place of what it decided
    before; what people answered, and what they were told, stays.
    """
    for night in (on, *incidents().later_nights(on)):
        _update(Night(night))
    return dict(Counter(event.kind for event in incidents().events(on=on)))


def _update(night: Night) -> None:
    before = incidents().read(through=night.before.on)
    observed = observe(night)
    answers = incidents().actions(night.on)
    actions = [*answers, *_declared(before, observed, night)]
    lived, events = life(before, observed, actions, night)
    told = incidents().events(on=night.on, origin="message")
    lived = [fold(i, (e for e in told if e.incident_id == i.incident_id)) for i in lived]
    known = {incident.incident_id: incident for incident in before}
    changed = [incident for incident in lived if known.get(incident.incident_id) != incident]
    by_people = {(a.incident_id, a.kind, a.by, a.note, a.until) for a in answers}
    own = [e for e in events if (e.incident_id, e.kind, e.by, e.note, e.until) not in by_people]
    incidents().write_night(night.on, night.cutoff, changed, own)


def _declared(
    before: Iterable[Incident], observed: Iterable[Observed], night: Night
) -> list[Action]:
    """The deviations that the sources' files accept, each for its incidents."""
    marks = {i.fingerprint for i in before} | {seen.fingerprint for seen in observed}
    found = []
    for mark in marks:
        source = sources().get(mark.source_id)
        if source and source.accepts(mark.rule, night.on):
            said = source.accepted_deviations[mark.rule]
            found.append(_acceptance(mark.incident_id, said, night))
    return found


def _acceptance(incident_id: str, said: Deviation, night: Night) -> Action:
    return Action(incident_id, "accepted", night.cutoff, DECLARED, said.reason, said.until)


def act(action: Action) -> Incident:
    """Note what a person answered, and return the incident as it then stands.

    It belongs to the first night that has not begun yet. Raises ActionRefused, and notes nothing,
    where there is no such incident or nothing to answer, or where the answer lacks what it needs.
    """
    _refuse_incomplete(action)
    if found := free_text.problem(action.by, action.note):
        raise ActionRefused(action.incident_id, *found)
    newest = incidents().newest_night() or dt.date.min
    night = Night(max(local_date(action.at), newest + ONE_DAY))
    known = {i.incident_id: i for i in incidents().read()}
    incident = known.get(action.incident_id)
    if incident is None:
        raise ActionRefused(action.incident_id, "there is no such incident", "Không có vấn đề này.")
    event = answered(incident, action, night)
    if event is None:
        raise _unchanged(incident, action, night)
    result = after(incident, event)
    incidents().append(event, result, action.at, "person")
    return result


def _unchanged(incident: Incident, action: Action, night: Night) -> ActionRefused:
    """Why the answer would change nothing."""
    problem, problem_vi = "nothing would change", ENDED_VI.get(incident.state, SAID_VI)
    if action.until and action.until < night.on and incident.state not in ENDED_VI:
        problem_vi = f"Ngày đã ghi quá gần: chọn từ {night.on:%d/%m/%Y}."
        problem = f"the last day is before {night}, the first night to count it"
    return ActionRefused(incident.incident_id, f"it is {incident.state}: {problem}", problem_vi)


def _refuse_incomplete(action: Action) -> None:
    if not action.by.strip() or action.by == DECLARED:
        raise ActionRefused(action.incident_id, "say who answers", "Hãy ghi ai trả lời.")
    if action.kind in ("disputed", "accepted") and not action.note.strip():
        raise ActionRefused(action.incident_id, "say why", "Hãy ghi lý do.")
    if (action.kind == "disputed") == (action.until is not None):
        if action.until:
            refused = ("a dispute has no last day", "Ý kiến khác thì không có ngày kết thúc.")
        else:
            refused = ("say through which day", "Hãy ghi đến hết ngày nào.")
        raise ActionRefused(action.incident_id, *refused)
    if action.until is not None and action.until < local_date(action.at):
        raise ActionRefused(action.incident_id, "the last day is over", "Ngày đã ghi đã qua.")


def note_told(events: Sequence[Event]) -> int:
    """Note that incidents were told of (``notified``) or told higher up (``escalated``), each once
    a night; how many are new. What is noted already is left as it is."""
    nights = sorted({event.night for event in events})
    new = sum(_note(on, [event for event in events if event.night == on]) for on in nights)
    for on in incidents().later_nights(nights[0]) if new else ():
        _update(Night(on))
    return new


def _note(on: dt.date, events: Sequence[Event]) -> int:
    known = {incident.incident_id: incident for incident in incidents().read(through=on)}
    new = 0
    for event in events:
        told = after(known[event.incident_id], event)
        if incidents().append(event, told, Night(on).cutoff, "message"):
            known[event.incident_id] = told
            new += 1
    return new
