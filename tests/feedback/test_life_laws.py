"""Laws of the life of incidents, over random nights of three causes at one source."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalog.incidents import HELD, NOT_ARRIVED, Action, Event, Fingerprint, Incident, Observed
from catalog.night import Night
from feedback.life import DECLARED, life
from feedback.steps import fold, newborn

FIRST = dt.date(2026, 11, 2)
ROWS = (
    Fingerprint("H26", "ha_noi", "dossier", "received_in_future"),
    Fingerprint("H26", "ha_noi", "rating", "rejected:unknown_code", "MucDo"),
)
MARKS = (*ROWS, *(replace(ROWS[0], rule=rule) for rule in (NOT_ARRIVED, HELD)))
SIGHT = st.builds(
    Observed,
    st.sampled_from(MARKS),
    st.one_of(st.just(0), st.integers(0, 40)),
    st.sampled_from(("error", "warning")),
    st.just(FIRST),
    st.just(("4711",)),
    st.booleans(),
)
SIGHTS = st.lists(SIGHT, unique_by=lambda seen: seen.fingerprint)
DAYS = st.one_of(st.none(), st.dates(FIRST, FIRST + dt.timedelta(days=8)))
ACTION = st.builds(
    Action,
    st.sampled_from([mark.incident_id for mark in MARKS]),
    st.sampled_from(("acknowledged", "disputed", "accepted")),
    st.datetimes(dt.datetime(2026, 11, 2), dt.datetime(2026, 11, 9), timezones=st.just(dt.UTC)),
    st.sampled_from(("tổ dữ liệu", "văn phòng", DECLARED)),
    st.just("why"),
    DAYS,
)
NIGHTS = st.lists(st.tuples(SIGHTS, st.lists(ACTION, max_size=3)), min_size=1, max_size=8)
Nights = list[tuple[list[Observed], list[Action]]]
FACTS = ("rows", "worst_rows", "severity", "first_seen", "last_seen", "suffixes", "inhibited_by")
"""What a night sees; all else is what the events add up to."""


def on(number: int) -> Night:
    return Night(FIRST + dt.timedelta(days=number))


def lived(nights: Nights) -> tuple[list[Incident], list[Event]]:
    incidents: list[Incident] = []
    events: list[Event] = []
    for number, (observed, actions) in enumerate(nights):
        incidents, new = life(incidents, observed, actions, on(number))
        events += new
    return incidents, events


@given(NIGHTS)
def test_running_a_night_again_changes_nothing(nights: Nights) -> None:
    incidents, _ = lived(nights)
    observed, actions = nights[-1]
    again, events = life(incidents, observed, actions, on(len(nights) - 1))
    assert (again, events) == (incidents, [])


@given(NIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(nights: Nights, random: Any) -> None:
    shuffled = [(random.sample(o, len(o)), random.sample(a, len(a))) for o, a in nights]
    assert lived(shuffled) == lived(nights)


@given(NIGHTS)
def test_nothing_is_fixed_without_a_night_that_knows(nights: Nights) -> None:
    _, events = lived(nights)
    for event in events:
        observed, _ = nights[(event.night - FIRST).days]
        evidence = [s for s in observed if s.fingerprint.incident_id == event.incident_id]
        if event.kind in ("opened", "worsened", "eased", "fixed", "reopened"):
            [seen] = evidence
            assert seen.is_known
            assert (seen.rows == 0) == (event.kind == "fixed")
            assert event.rows == seen.rows


@given(NIGHTS)
def test_every_known_sight_of_wrong_rows_is_an_incident_that_is_not_fixed(nights: Nights) -> None:
    incidents, _ = lived(nights)
    states = {incident.incident_id: incident.state for incident in incidents}
    for seen in nights[-1][0]:
        if seen.is_known and seen.rows:
            assert states[seen.fingerprint.incident_id] != "fixed"
        elif seen.is_known:
            assert states.get(seen.fingerprint.incident_id, "fixed") in ("fixed", "accepted")


@given(NIGHTS)
def test_the_events_add_up_to_the_state(nights: Nights) -> None:
    incidents, events = lived(nights)
    for incident in incidents:
        own = [event for event in events if event.incident_id == incident.incident_id]
        assert own[0].kind == "opened"
        born = newborn(Observed(incident.fingerprint, own[0].rows, "error", FIRST), own[0].night)
        facts = {name: getattr(incident, name) for name in FACTS}
        assert replace(fold(born, own), **facts) == incident


@given(NIGHTS)
def test_a_fixed_incident_is_hidden_by_nothing_and_has_no_rows(nights: Nights) -> None:
    for incident in lived(nights)[0]:
        if incident.state == "fixed":
            assert (incident.rows, incident.inhibited_by, incident.suffixes) == (0, "", ())
            assert incident.fixed_on
        else:
            assert incident.fixed_on is None
