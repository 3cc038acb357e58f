"""Laws of what is told, over random seasons of causes that come, grow, hide one another and go,
while people answer; a holiday and a Saturday that is worked lie in each season."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from catalog.feedback import Feedback
from catalog.incidents import HELD, NOT_ARRIVED, Action, Fingerprint, Incident, Observed
from catalog.night import Night
from feedback.life import life
from feedback.messages import Message, decide, known
from feedback.messages.terms import terms, worked_since
from feedback.preferences import Preferences, default

FIRST = dt.date(2026, 8, 17)
DOSSIER, RATING = "dossier", "rating"
GONE = Fingerprint("H26", "ha_noi", DOSSIER, NOT_ARRIVED)
RATING_GONE = Fingerprint("H26", "ha_noi", RATING, NOT_ARRIVED)
MARKS = (
    GONE,
    RATING_GONE,
    Fingerprint("H26", "ha_noi", RATING, HELD),
    Fingerprint("H26", "ha_noi", DOSSIER, "received_in_future"),
    Fingerprint("H26", "ha_noi", RATING, "rejected:unknown_code", "MucDo"),
)
STRETCH = st.tuples(
    st.integers(1, 12),
    st.one_of(st.none(), st.just(0), st.integers(1, 60)),
    st.sampled_from(("error", "error", "warning")),
)
"""For so many nights so many rows, none of them if it is None and nobody knows."""
CAUSE = st.lists(STRETCH, max_size=6)
ANSWER = st.tuples(
    st.integers(0, 29),
    st.sampled_from(MARKS),
    st.sampled_from(("acknowledged", "disputed", "accepted")),
    st.integers(0, 9),
)
SCRIPTS = st.tuples(st.tuples(*[CAUSE] * len(MARKS)), st.lists(ANSWER, max_size=4))
Stretches = list[tuple[int, int | None, str]]
Script = tuple[tuple[Stretches, ...], list[tuple[int, Fingerprint, str, int]]]
NIGHTLY = default("H26")
WANTS = st.sampled_from(
    [
        Preferences("H26", NIGHTLY.to, escalation=NIGHTLY.to),
        Preferences("H26", NIGHTLY.to, NIGHTLY.to, Feedback(frequency="weekly", weekday="friday")),
    ]
)
NIGHTS = 30


class Told(NamedTuple):
    """A night, how the incidents stand after it, and what was told of it."""

    night: Night
    incidents: dict[str, Incident]
    messages: list[Message]

    def reasons(self, purpose: str = "digest") -> list[tuple[str, str]]:
        said = [message for message in self.messages if message.purpose == purpose]
        return [(item.incident_id, item.reason) for message in said for item in message.items]


def sights(script: Script, number: int) -> Iterator[Observed]:
    for mark, stretches in zip(MARKS, script[0], strict=True):
        nights = [(rows, severity) for many, rows, severity in stretches for _ in range(many)]
        if number < len(nights):
            rows, severity = nights[number]
            kind: tuple[int, str] = (rows or 0, severity)
            yield Observed(mark, *kind, FIRST, ("4711",), rows is not None)  # type: ignore[arg-type]


def answers(script: Script, number: int) -> Iterator[Action]:
    for at, mark, kind, days in script[1]:
        if at == number:
            until = None if kind == "disputed" else FIRST + dt.timedelta(days=at + days)
            when = dt.datetime(2026, 8, 17, tzinfo=dt.UTC) + dt.timedelta(days=at)
            yield Action(mark.incident_id, kind, when, "ai đó", "vì sao", until)  # type: ignore[arg-type]


def season(script: Script, wanted: Preferences) -> list[Told]:
    incidents: list[Incident] = []
    said: list[Message] = []
    lived = []
    for number in range(NIGHTS):
        night = Night(FIRST + dt.timedelta(days=number))
        seen, done = list(sights(script, number)), list(answers(script, number))
        incidents, _ = life(incidents, seen, done, night)
        new = decide(known(said), incidents, wanted, night)
        said += new
        lived.append(Told(night, {i.incident_id: i for i in incidents}, new))
    return lived


def is_pressing(incident: Incident) -> bool:
    return incident.state == "open" and not incident.inhibited_by


@given(SCRIPTS, WANTS)
def test_an_incident_is_told_once_a_night_to_whom_it_is_told(
    script: Script, wanted: Preferences
) -> None:
    for told in season(script, wanted):
        for purpose in ("digest", "escalation"):
            names = [name for name, _ in told.reasons(purpose)]
            assert len(names) == len(set(names))


@given(SCRIPTS, WANTS)
def test_a_spell_begins_once_ends_once_and_only_the_first_is_new(
    script: Script, wanted: Preferences
) -> None:
    spells: dict[str, str] = {}
    for told in season(script, wanted):
        for name, reason in told.reasons():
            is_told, beginning = spells.get(name) == "told", "again" if name in spells else "new"
            assert (reason == beginning) is not is_told
            assert reason in (beginning, "worse", "reminder", "resolved")
            spells[name] = "resolved" if reason == "resolved" else "told"
        assert {name for name, _ in told.reasons("escalation")} <= {
            name for name, stands in spells.items() if stands == "told"
        }
        if wanted.hears_all_on(told.night.on):
            for name, incident in told.incidents.items():
                assert not (incident.state == "fixed" and spells.get(name) == "told")


@given(SCRIPTS, WANTS)
def test_what_somebody_answered_for_or_another_hides_is_not_told(
    script: Script, wanted: Preferences
) -> None:
    for told in season(script, wanted):
        for name, reason in (*told.reasons(), *told.reasons("escalation")):
            stands = told.incidents[name]
            assert stands.state == "fixed" if reason == "resolved" else is_pressing(stands)


@given(SCRIPTS, WANTS)
def test_whatever_waits_for_somebody_was_told_not_too_long_ago_and_is_repeated_not_too_soon(
    script: Script, wanted: Preferences
) -> None:
    """Also what was hidden, or answered for, and is not any more."""
    last: dict[str, dt.date] = {}
    for told in season(script, wanted):
        for name, reason in told.reasons():
            if reason == "reminder":
                waited = worked_since(last[name], told.night.on)
                assert waited >= terms().of(told.incidents[name].severity).repeat_after
            last[name] = told.night.on
            if reason == "resolved":
                del last[name]
        if wanted.hears_all_on(told.night.on):
            for name, incident in told.incidents.items():
                if is_pressing(incident):
                    waited = worked_since(last[name], told.night.on)
                    assert waited < terms().of(incident.severity).repeat_after


@given(SCRIPTS, WANTS)
def test_a_chief_hears_once_of_a_spell_and_not_before_its_time(
    script: Script, wanted: Preferences
) -> None:
    first: dict[str, dt.date] = {}
    escalated = set()
    for told in season(script, wanted):
        for name, _ in told.reasons("escalation"):
            after = terms().of(told.incidents[name].severity).escalate_after
            assert name not in escalated
            assert after is not None
            assert worked_since(first[name], told.night.on) >= after
            escalated.add(name)
        for name, reason in told.reasons():
            if reason in ("new", "again"):
                first[name] = told.night.on
                escalated.discard(name)


def test_what_was_hidden_when_it_began_is_new_when_it_can_be_seen() -> None:
    """Two batches do not come and one is told; then that one comes, and the other does not."""
    ends: dict[Fingerprint, Stretches] = {
        GONE: [(2, 1, "error"), (28, 0, "error")],
        RATING_GONE: [(4, 1, "error"), (26, 0, "error")],
    }
    script: Script = (tuple(ends.get(mark, []) for mark in MARKS), [])
    said = [told.reasons() for told in season(script, NIGHTLY)]
    gone, rating = GONE.incident_id, RATING_GONE.incident_id
    assert said[:5] == [
        [(gone, "new")],
        [],
        [(rating, "new"), (gone, "resolved")],
        [],
        [(rating, "resolved")],
    ]
    assert not any(said[5:])
