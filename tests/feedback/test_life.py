"""How one incident lives, night by night."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from catalog.incidents import HELD, NOT_ARRIVED, Action, Event, Fingerprint, Incident, Observed
from catalog.night import Night
from feedback.life import DECLARED, is_worse, life
from feedback.steps import after
from feedback.tasks import is_task

FIRST = dt.date(2026, 11, 2)
MARK = Fingerprint("H26", "ha_noi", "dossier", "received_in_future")
GONE = replace(MARK, rule=NOT_ARRIVED)


def on(number: int) -> Night:
    return Night(FIRST + dt.timedelta(days=number))


def seen(rows: int, mark: Fingerprint = MARK, *, is_known: bool = True) -> Observed:
    return Observed(mark, rows, "error", FIRST, ("4711",) if rows else (), is_known)


def act(
    kind: str, until: int | None = None, by: str = "tổ dữ liệu", mark: Fingerprint = MARK
) -> Action:
    day = None if until is None else on(until).on
    at = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
    return Action(mark.incident_id, kind, at, by, "why", day)  # type: ignore[arg-type]


def lived(*nights: list[Observed | Action]) -> tuple[list[Incident], list[list[str]]]:
    """What is left after nights that saw and heard these, and the kinds of each night's events."""
    incidents: list[Incident] = []
    told = []
    for number, given in enumerate(nights):
        observed = [x for x in given if isinstance(x, Observed)]
        actions = [x for x in given if isinstance(x, Action)]
        incidents, events = life(incidents, observed, actions, on(number))
        told.append([event.kind for event in events])
    return incidents, told


def test_it_opens_and_is_fixed_by_the_night_that_sees_none() -> None:
    [incident], told = lived([seen(3)], [seen(3)], [seen(0)])
    assert told == [["opened"], [], ["fixed"]]
    assert (incident.state, incident.rows, incident.worst_rows) == ("fixed", 0, 3)
    assert (incident.opened_on, incident.last_seen) == (on(0).on, on(1).on)
    assert incident.fixed_on == on(2).on


def test_what_a_night_does_not_know_changes_nothing() -> None:
    before, _ = lived([seen(3)])
    for sights in ([], [seen(0, is_known=False)], [seen(9, is_known=False)]):
        assert life(before, sights, [], on(1)) == (before, [])
    assert life([], [seen(9, is_known=False)], [], on(1)) == ([], [])


def test_what_comes_back_opens_a_new_spell() -> None:
    [incident], told = lived([seen(30)], [seen(0)], [], [seen(4)])
    assert told[3] == ["reopened"]
    assert (incident.state, incident.opened_on, incident.fixed_on) == ("open", on(3).on, None)
    assert (incident.first_seen, incident.worst_rows) == (FIRST, 4)


@pytest.mark.parametrize(
    ("told", "rows", "expected"),
    [(5, 10, True), (4, 8, False), (4, 9, True), (100, 199, False), (0, 5, True), (3, 3, False)],
)
def test_worse_is_twice_as_many_and_five_more(told: int, rows: int, expected: bool) -> None:
    assert is_worse(told, rows) is expected


def test_it_is_told_again_against_what_was_told_last() -> None:
    [incident], told = lived(*([seen(rows)] for rows in (10, 14, 19, 20, 39, 18, 10)))
    assert told == [["opened"], [], [], ["worsened"], [], [], ["eased"]]
    assert (incident.rows, incident.told_rows, incident.worst_rows) == (10, 10, 39)


def test_a_message_tells_how_many_rows_there_are() -> None:
    [incident], _ = lived([seen(10)], [seen(18)])
    told = after(incident, Event(incident.incident_id, on(1).on, "notified", 18))
    assert (told.last_notified, told.told_rows) == (on(1).on, 18)
    assert life([told], [seen(20)], [], on(2))[1] == []


def test_a_warning_that_turns_into_an_error_is_worse() -> None:
    before, _ = lived([replace(seen(3), severity="warning")])
    assert not is_task(before[0])
    [incident], [event] = life(before, [seen(3)], [], on(1))
    assert (event.kind, incident.severity) == ("worsened", "error")


def test_an_acknowledgement_holds_through_its_last_day() -> None:
    [incident], told = lived([seen(3)], [seen(3), act("acknowledged", 2)], [seen(3)], [seen(3)])
    assert told[1:] == [["acknowledged"], [], ["lapsed"]]
    assert (incident.state, incident.by, incident.until) == ("open", "", None)


def test_what_is_acknowledged_can_still_get_worse_and_be_fixed() -> None:
    [incident], told = lived([seen(3), act("acknowledged", 9)], [seen(30)], [seen(0)])
    assert told == [["opened", "acknowledged"], ["worsened"], ["fixed"]]
    assert (incident.by, incident.note, incident.until) == ("", "", None)


def test_a_dispute_stays_until_it_is_fixed_or_accepted() -> None:
    [incident], told = lived([seen(3)], [seen(3), act("disputed")], *[[seen(3)]] * 30)
    assert incident.state == "disputed"
    assert told[1:] == [["disputed"], *[[]] * 30]
    [fixed], _ = lived([seen(3)], [seen(3), act("disputed")], [seen(0)])
    assert fixed.state == "fixed"
    [accepted], _ = lived([seen(3)], [seen(3), act("disputed")], [seen(3), act("accepted", 9)])
    assert accepted.state == "accepted"


def test_an_accepted_deviation_is_watched_in_silence_until_it_lapses() -> None:
    nights = [[seen(3), act("accepted", 2)], [seen(0)], [seen(90)]]
    [incident], told = lived(*nights)
    assert (incident.state, incident.rows, told[1:]) == ("accepted", 90, [[], []])
    [incident], told = lived(*nights, [seen(90)])
    assert (incident.state, told[3]) == ("open", ["lapsed", "worsened"])
    assert lived(*nights, [seen(0)])[1][3] == ["lapsed", "fixed"]


def test_only_the_office_ends_what_it_accepted() -> None:
    before, _ = lived([seen(3), act("accepted", 9)])
    for kind in ("acknowledged", "disputed"):
        assert life(before, [], [act(kind, 9)], on(1)) == (before, [])


def test_what_a_source_file_declares_is_accepted_as_long_as_it_says_so() -> None:
    declared = act("accepted", by=DECLARED)
    nights = [[seen(3), declared], [seen(3), declared], [declared]]
    [incident], told = lived(*nights)
    assert told == [["opened", "accepted"], [], []]
    assert (incident.state, incident.note) == ("accepted", "why")
    [incident], told = lived(*nights, [seen(3)])
    assert (incident.state, told[3]) == ("open", ["lapsed"])


def test_an_action_too_late_does_nothing() -> None:
    assert lived([seen(3)], [seen(0), act("disputed")])[1][1] == ["fixed"]
    before, _ = lived([seen(3)])
    assert life(before, [], [act("acknowledged", 3)], on(4)) == (before, [])


def test_of_several_answers_the_last_counts() -> None:
    first, second = act("disputed"), act("acknowledged", 5)
    later = replace(second, at=first.at + dt.timedelta(hours=1))
    [incident], told = lived([seen(3)], [later, first])
    assert (incident.state, told[1]) == ("acknowledged", ["acknowledged"])


def test_no_delivery_hides_what_is_wrong_with_its_rows() -> None:
    other = replace(MARK, record="rating", rule="rated_in_future")
    before, _ = lived([seen(3), seen(2, other)])
    tonight = [seen(1, GONE), seen(3, is_known=False), seen(2, other, is_known=False)]
    incidents, events = life(before, tonight, [], on(1))
    assert [(e.incident_id, e.kind) for e in events] == [(GONE.incident_id, "opened")]
    hidden = {i.incident_id: i.inhibited_by for i in incidents}
    assert hidden[GONE.incident_id] == ""
    assert hidden[MARK.incident_id] == hidden[other.incident_id] == GONE.incident_id
    assert [i.incident_id for i in incidents if is_task(i)] == [GONE.incident_id]
    incidents, events = life(incidents, [seen(0, GONE), seen(3), seen(2, other)], [], on(2))
    assert [(e.incident_id, e.kind) for e in events] == [(GONE.incident_id, "fixed")]
    assert {i.inhibited_by for i in incidents} == {""}


def test_of_a_source_that_is_down_one_incident_is_told() -> None:
    ratings = replace(GONE, record="rating")
    held = replace(MARK, rule=HELD)
    tonight = [seen(1, ratings), seen(1, GONE), seen(0, held, is_known=False)]
    [first, second], told = lived(tonight)
    assert told == [["opened", "opened"]]
    assert (first.inhibited_by, second.inhibited_by) == ("", GONE.incident_id)


def test_a_held_batch_is_hidden_by_one_that_did_not_arrive() -> None:
    held = Fingerprint("H26", "ha_noi", "rating", HELD)
    incidents, _ = lived([seen(1, held)], [seen(1, held), seen(1, GONE)])
    assert {i.incident_id: i.inhibited_by for i in incidents} == {
        GONE.incident_id: "", held.incident_id: GONE.incident_id,
    }  # fmt: skip


def test_a_list_of_keys_hides_nothing_but_itself() -> None:
    listing = replace(GONE, record="dossier_key")
    incidents, _ = lived([seen(3), seen(1, listing)])
    assert {i.inhibited_by for i in incidents} == {""}
