"""What speaks against the rows of a window, as known after each night, and how scores are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from catalog.errors import LakeError
from catalog.incidents import Fingerprint
from catalog.score_card import Score
from tests.warehouse.samples import NIGHT
from tests.warehouse.windows import (
    WINDOW,
    counted,
    deliver,
    find,
    mend,
    night,
    reject,
    replayed,
    sent,
)
from warehouse.postgres import Warehouse
from warehouse.score_cards import ScoreCards


def test_a_row_counts_once_however_many_rules_of_a_dimension_speak_against_it(
    warehouse: Warehouse,
) -> None:
    sent(warehouse, 0, 10)
    find(warehouse, 0, ("late", 1), ("odd", 1), ("odd", 2))
    reject(warehouse, 0, 3)
    assert counted(warehouse, 0) == {"consistency": (10, 8, [0]), "validity": (10, 9, [0])}


def test_a_mended_row_still_counted_on_the_nights_before(warehouse: Warehouse) -> None:
    sent(warehouse, 0, 10)
    sent(warehouse, 2, 5)
    find(warehouse, 0, ("late", 1), ("late", 2))
    reject(warehouse, 0, 3, 4)
    mend(warehouse, 2, "finding", 1)
    mend(warehouse, 2, "reject", 4)
    for number, good in ((0, 8), (1, 8), (2, 14), (3, 14)):
        found = counted(warehouse, number)
        assert found["consistency"][1] == found["validity"][1] == good


def test_what_a_row_carried_on_is_mended_with_it(warehouse: Warehouse) -> None:
    for number in (0, 1, 2):
        sent(warehouse, number, 10)
    find(warehouse, 0, ("late", 1))
    find(warehouse, 1, ("late", 1))
    mend(warehouse, 2, "finding", 1)
    assert [counted(warehouse, number)["consistency"][1] for number in (0, 1, 2)] == [9, 18, 30]


def test_a_row_that_turns_wrong_again_counts_from_then_on(warehouse: Warehouse) -> None:
    for number in (0, 1, 2):
        sent(warehouse, number, 10)
    find(warehouse, 0, ("late", 1))
    mend(warehouse, 1, "finding", 1)
    find(warehouse, 2, ("late", 1))
    assert [counted(warehouse, number)["consistency"][1] for number in (0, 1, 2)] == [9, 20, 29]


def test_the_window_ends_with_the_night_and_leaves_the_oldest_behind(warehouse: Warehouse) -> None:
    for number in (0, 1, WINDOW):
        sent(warehouse, number, 10)
    find(warehouse, 0, ("late", 1))
    assert counted(warehouse, WINDOW - 1)["consistency"] == (20, 19, [0, 1])
    assert counted(warehouse, WINDOW)["consistency"] == (20, 20, [1, WINDOW])
    assert counted(warehouse, -1) == {}


@pytest.mark.parametrize("verdict", ["held", "failed"])
def test_nothing_is_known_of_what_could_not_be_judged(warehouse: Warehouse, verdict: str) -> None:
    sent(warehouse, 0, 10, verdict)
    find(warehouse, 0, ("late", 1))
    assert counted(warehouse, 0) == {}


def test_a_repeat_within_a_batch_is_no_other_row(warehouse: Warehouse) -> None:
    sent(warehouse, 0, 10, duplicate=4)
    assert counted(warehouse, 0)["validity"] == (6, 6, [0])


def test_a_held_batch_counts_from_the_night_that_a_person_let_it_in(warehouse: Warehouse) -> None:
    sent(warehouse, 0, 10, "held")
    find(warehouse, 0, ("late", 1), ("late", None))
    replayed(warehouse, 2, of=0, by="trực ban")
    assert counted(warehouse, 1) == {}
    assert counted(warehouse, 2)["consistency"] == (10, 9, [0])


def test_what_a_replay_finds_is_of_the_night_that_brought_the_row(warehouse: Warehouse) -> None:
    sent(warehouse, 0, 10)
    sent(warehouse, 3, 10)
    reject(warehouse, 0, 1)
    again = replayed(warehouse, 3, of=0)
    mend(warehouse, 3, "reject", 1)
    find(warehouse, 0, ("late", 1), in_batch=again)
    assert counted(warehouse, 2) == {"consistency": (10, 10, [0]), "validity": (10, 9, [0])}
    assert counted(warehouse, 3) == {"consistency": (20, 19, [0, 3]), "validity": (20, 20, [0, 3])}
    assert counted(warehouse, WINDOW)["consistency"] == (10, 10, [3])


def test_what_is_accepted_speaks_against_nothing(warehouse: Warehouse) -> None:
    sent(warehouse, 0, 10)
    find(warehouse, 0, ("late", 1), ("odd", 2))
    reject(warehouse, 0, 3)
    mark = Fingerprint("H26", "ha_noi", "dossier", "late")
    column = replace(mark, rule="rejected:unknown_code", column="TrangThai")
    found = counted(warehouse, 0, [mark, column])
    assert (found["consistency"][1], found["validity"][1]) == (9, 9)
    other = replace(column, column="KenhThucHien")
    assert counted(warehouse, 0, [column, other])["validity"][1] == 10
    assert counted(warehouse, 0, [replace(mark, source_id="hue")])["consistency"][1] == 8


def test_what_is_said_of_a_batch_speaks_against_none_of_its_rows(warehouse: Warehouse) -> None:
    sent(warehouse, 0, 10)
    find(warehouse, 0, ("odd", None))
    assert counted(warehouse, 0)["consistency"] == (10, 10, [0])


def test_a_delivery_is_good_when_it_came_on_its_night(warehouse: Warehouse) -> None:
    deliver(warehouse, 0, 0)
    deliver(warehouse, 1, 3)
    deliver(warehouse, 2, None)
    deliver(warehouse, 3, None, expected=False)
    for number, judged, good in ((0, 1, 1), (1, 2, 1), (3, 3, 1)):
        assert counted(warehouse, number)["timeliness"][:2] == (judged, good)
    assert counted(warehouse, 3)["timeliness"][2] == [0, 1, 2]
    assert counted(warehouse, WINDOW)["timeliness"] == (2, 0, [1, 2])


def test_a_delivery_that_came_on_its_night_and_is_old_is_not_good(warehouse: Warehouse) -> None:
    for number in (0, 1):
        deliver(warehouse, number, number)
        sent(warehouse, number, 10)
    find(warehouse, 0, ("old", None))
    assert [counted(warehouse, number)["timeliness"][1] for number in (0, 1)] == [0, 1]


def test_scores_of_a_night_are_replaced_and_read_by_area(warehouse: Warehouse) -> None:
    kept = ScoreCards(warehouse.engine)
    first = Score("H26", NIGHT, "validity", 10, 9, "fair")
    second = replace(first, on=night(1), good=10, level="good")
    for scores in ([first, replace(first, area="H57")], [replace(first, good=8)]):
        kept.write_night(NIGHT, scores)
    kept.write_night(night(1), [second])
    assert kept.read("H26", NIGHT, night(1)) == [replace(first, good=8), second]
    assert kept.read("H26", night(1), night(2)) == [second]
    assert kept.read("H57", NIGHT, night(1)) == []


@pytest.mark.parametrize(
    "changes", [{"good": 11}, {"good": -1}, {"level": "fine"}, {"dimension": "beauty"}]
)
def test_the_database_refuses_what_no_score_can_be(
    warehouse: Warehouse, changes: dict[str, Any]
) -> None:
    wrong = replace(Score("H26", NIGHT, "validity", 10, 9, "fair"), **changes)
    with pytest.raises(LakeError):
        ScoreCards(warehouse.engine).write_night(NIGHT, [wrong])


@dataclass(frozen=True)
class Said:
    """That a check spoke against a row on a night."""

    number: int
    check: str
    row: int


SAID = st.builds(Said, st.integers(0, 3), st.sampled_from(["late", "odd"]), st.integers(0, 3))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=st.lists(SAID, unique=True, max_size=10), mended=st.sets(st.integers(0, 3)))
@example(said=[Said(0, "late", 1), Said(2, "late", 1)], mended={1})
def test_whatever_was_said_in_whatever_order_a_mended_row_never_lowers_a_score(
    warehouse: Warehouse, said: list[Said], mended: set[int]
) -> None:
    scores = []
    for order in (said, said[::-1]):
        with warehouse.engine.begin() as connection:
            connection.execute(sa.text("TRUNCATE ops.finding, ops.ledger"))
        for number in range(4):
            sent(warehouse, number, 4)
        for number in range(4):
            find(warehouse, number, *((s.check, s.row) for s in order if s.number == number))
        before = [counted(warehouse, number)["consistency"] for number in range(5)]
        bad = [{(s.number, s.row) for s in said if s.number <= n} for n in range(5)]
        sums = [4 * min(n + 1, 4) for n in range(5)]
        assert [b[:2] for b in before] == [(s, s - len(b)) for s, b in zip(sums, bad, strict=True)]
        mend(warehouse, 4, "finding", *mended)
        after = [counted(warehouse, number)["consistency"] for number in range(5)]
        assert after[:4] == before[:4]
        assert after[4][1] == 16 - len({(n, row) for n, row in bad[4] if row not in mended})
        scores.append(after)
    assert scores[0] == scores[1]
