"""What is told of a night, and what is told only once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.feedback import Feedback, Recipient
from catalog.incidents import Incident
from feedback.messages import Item, Message, decide, known
from feedback.preferences import Preferences, default
from tests.feedback.nights import MONDAY, incident, night

CHIEF = Recipient(channel="folder", address="chief")
NIGHTLY = default("H26")
RULES = ("finished_before_received", "not_arrived", "rejected:unknown_code")


def weekly(**more: Any) -> Preferences:
    return Preferences("H26", NIGHTLY.to, feedback=Feedback(frequency="weekly"), **more)


def reasons(said: list[Message]) -> list[tuple[str, str]]:
    return [(message.purpose, item.reason) for message in said for item in message.items]


def season(nights: list[list[Incident]], wanted: Preferences = NIGHTLY) -> list[list[Message]]:
    """What is told on each of the nights that follow one another from Monday on."""
    said: list[Message] = []
    told = []
    for number, now in enumerate(nights):
        told.append(decide(known(said), now, wanted, night(number)))
        said += told[-1]
    return told


def test_a_new_incident_is_told_once_with_its_deadline() -> None:
    first, second = season([[incident()], [incident(rows=41)]])
    [message] = first
    [item] = message.items
    assert (item.reason, item.rows, item.since) == ("new", 40, MONDAY.on)
    assert item.due_on == night(7).on
    assert second == []


def test_what_grows_is_told_against_what_was_told_and_not_against_the_night_before() -> None:
    rows = (40, 60, 79, 80, 81)
    told = season([[incident(rows=n)] for n in rows])
    assert [reasons(said) for said in told] == [
        [("digest", "new")], [], [], [("digest", "worse")], [],
    ]  # fmt: skip


def test_a_warning_that_turns_an_error_is_worse() -> None:
    told = season([[incident(severity="warning")], [incident()]])
    assert reasons(told[1]) == [("digest", "worse")]


def test_what_is_mended_is_told_once_and_what_comes_back_again() -> None:
    fixed = replace(incident(), state="fixed", rows=0, fixed_on=night(1).on)
    told = season([[incident()], [fixed], [fixed], [incident(rows=3)]])
    assert [reasons(said) for said in told] == [
        [("digest", "new")], [("digest", "resolved")], [], [("digest", "again")],
    ]  # fmt: skip
    assert told[1][0].items[0].due_on is None


def test_what_was_never_told_is_not_told_as_mended() -> None:
    [told] = season([[incident(state="fixed", rows=0)]])
    assert told == []


@pytest.mark.parametrize(
    "silent",
    [
        {"state": "acknowledged"},
        {"state": "disputed"},
        {"state": "accepted"},
        {"inhibited_by": "ha_noi/dossier/not_arrived"},
    ],
)
def test_nobody_is_told_what_they_answered_for_or_what_another_hides(silent: Any) -> None:
    hidden = replace(incident(rows=900), **silent)
    assert season([[incident()], *([[hidden]] * 20)])[1:] == [[]] * 20
    assert season([[hidden]]) == [[]]


def test_operators_are_not_sent_to_the_province_for_what_is_theirs() -> None:
    assert season([[incident("channel_known")]]) == [[]]


def test_a_digest_counts_what_it_does_not_repeat() -> None:
    _, [second] = season([[incident()], [incident(), incident("not_arrived", 1)]])
    assert [item.rule for item in second.items] == ["not_arrived"]
    assert second.still_open == 1


def test_it_is_repeated_after_five_working_days_and_escalated_once_after_ten() -> None:
    wanted = Preferences("H26", NIGHTLY.to, (CHIEF,))
    told = season([[incident()]] * 22, wanted)
    spoken = {number: reasons(said) for number, said in enumerate(told) if said}
    assert spoken == {
        0: [("digest", "new")],
        7: [("digest", "reminder")],
        14: [("digest", "reminder"), ("escalation", "reminder")],
        21: [("digest", "reminder")],
    }


def test_who_wants_a_weekly_digest_hears_the_urgent_at_once_and_the_rest_on_that_day() -> None:
    error, warning = incident(), incident("not_arrived", severity="warning")
    fixed = replace(error, state="fixed", rows=0)
    nights = [[], [warning], [warning, error], *[[warning, fixed]] * 5]
    told = season(nights, weekly())
    spoken = {number: reasons(said) for number, said in enumerate(told) if said}
    assert spoken == {2: [("digest", "new")], 7: [("digest", "new"), ("digest", "resolved")]}


def test_an_area_hears_of_nothing_but_its_own() -> None:
    assert decide({}, [incident()], default("H01"), MONDAY) == []


incidents = st.builds(
    incident,
    rule=st.sampled_from(RULES),
    rows=st.integers(1, 500),
    severity=st.sampled_from(["error", "warning"]),
    state=st.sampled_from(["open", "open", "open", "acknowledged", "accepted", "fixed"]),
    inhibited_by=st.sampled_from(["", "", "another"]),
)
seasons = st.lists(
    st.lists(incidents, max_size=3, unique_by=lambda i: i.incident_id), min_size=1, max_size=12
)
wants = st.sampled_from([NIGHTLY, weekly(), Preferences("H26", NIGHTLY.to, (CHIEF,))])


@given(seasons, wants)
def test_a_night_that_runs_again_says_the_same_or_nothing(
    nights: list[list[Incident]], wanted: Preferences
) -> None:
    said: list[Message] = []
    for number, now in enumerate(nights):
        once = decide(known(said), now, wanted, night(number))
        again = decide(known(said), list(reversed(now)), wanted, night(number))
        assert [m.message_id for m in once] == [m.message_id for m in again]
        said += once
        assert decide(known(said), now, wanted, night(number)) == []
    assert len({m.message_id for m in said}) == len(said)


@given(seasons, wants)
def test_at_most_one_digest_and_one_escalation_a_night(
    nights: list[list[Incident]], wanted: Preferences
) -> None:
    for told in season(nights, wanted):
        purposes = [message.purpose for message in told]
        assert len(purposes) == len(set(purposes))
        assert all(message.items for message in told)


@given(seasons)
def test_no_urgent_incident_is_left_untold(nights: list[list[Incident]]) -> None:
    said: list[Message] = []
    for number, now in enumerate(nights):
        said += decide(known(said), now, weekly(), night(number))
        heard = {name for name, told in known(said).items() if not told.is_resolved}
        pressing = {i.incident_id for i in now if i.state == "open" and not i.inhibited_by}
        errors = {i.incident_id for i in now if i.severity == "error"}
        assert pressing & errors <= heard


@given(incidents)
def test_an_item_is_read_as_it_was_written(one: Incident) -> None:
    item = Item.of(one, "new", MONDAY.on)
    assert Item.from_dict(item.as_dict()) == item
    assert Item.from_dict({**item.as_dict(), "added_later": 1}) == item
