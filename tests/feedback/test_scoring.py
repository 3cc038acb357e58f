"""From what sources sent to a level, and the words for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.codelists import codes
from catalog.declarations import load_content
from catalog.errors import DeclarationError
from catalog.incidents import HELD, NOT_ARRIVED, State
from catalog.score_card import Score
from expectations.check import checks
from feedback.scoring import DIMENSIONS, LEVELS, Tally, Words, card, doubted, level, rules, words
from feedback.told import reject_dimensions
from tests.feedback.nights import MONDAY, incident

NIGHTS = [MONDAY.on - dt.timedelta(days=n) for n in range(words().window)]
KNOWN, SURE = words().known.any, words().known.trustworthy


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    judged = draw(st.integers(0, 1000))
    good = draw(st.integers(0, judged))
    nights = draw(st.frozensets(st.sampled_from(NIGHTS)))
    source_id = draw(st.sampled_from(["ha_noi", "buu_chinh"]))
    return Tally(source_id, draw(st.sampled_from(DIMENSIONS)), judged, good, nights)


DOUBTS = st.frozensets(st.sampled_from(DIMENSIONS))


def rank(score: Score) -> int:
    return LEVELS.index(score.level)


@given(st.lists(tallies()).flatmap(lambda t: st.tuples(st.just(t), st.permutations(t))), DOUBTS)
def test_the_order_of_sources_does_not_matter(
    both: tuple[list[Tally], list[Tally]], doubts: frozenset[Any]
) -> None:
    one, other = (card("H26", MONDAY.on, t, doubts) for t in both)
    assert one == other
    assert tuple(score.dimension for score in one) == DIMENSIONS


@given(st.lists(tallies(), min_size=1), st.data(), DOUBTS)
def test_a_mended_row_never_lowers_a_score(
    before: list[Tally], data: st.DataObject, doubts: frozenset[Any]
) -> None:
    number = data.draw(st.integers(0, len(before) - 1))
    better = replace(before[number], good=data.draw(
        st.integers(before[number].good, before[number].judged)))  # fmt: skip
    after = [*before[:number], better, *before[number + 1 :]]
    was, now = (card("H26", MONDAY.on, t, doubts) for t in (before, after))
    assert all(rank(n) >= rank(w) for w, n in zip(was, now, strict=True))


@given(st.lists(tallies()), DOUBTS)
def test_a_doubt_takes_the_best_level_and_nothing_else(
    sent: list[Tally], doubts: frozenset[Any]
) -> None:
    sure, unsure = (card("H26", MONDAY.on, sent, d) for d in ((), doubts))
    for one, other in zip(sure, unsure, strict=True):
        is_taken = one.level == "trustworthy" and one.dimension in doubts
        assert other == (replace(one, level="good") if is_taken else one)


@given(st.lists(tallies()))
def test_shares_are_shares_and_without_rows_there_is_none(sent: list[Tally]) -> None:
    for score in card("H26", MONDAY.on, sent, ()):
        assert (score.share is None) == (score.judged == 0)
        assert score.share is None or 0 <= score.share <= 1
        assert score.judged or score.level == "none"


@pytest.mark.parametrize(
    ("good", "nights", "is_doubted", "expected"),
    [
        (1000, KNOWN - 1, False, "none"),
        (0, KNOWN, False, "poor"),
        (799, KNOWN, False, "poor"),
        (800, KNOWN, False, "fair"),
        (949, SURE, False, "fair"),
        (950, SURE, False, "good"),
        (989, SURE, False, "good"),
        (990, SURE, False, "trustworthy"),
        (1000, SURE - 1, False, "good"),
        (1000, SURE, True, "good"),
        (940, SURE, True, "fair"),
    ],
)
def test_limits_nights_and_open_errors_decide_the_level(
    good: int, nights: int, is_doubted: bool, expected: str
) -> None:
    assert level(1000, good, nights, is_doubted) == expected


def test_nights_known_from_two_sources_are_counted_once() -> None:
    half = frozenset(NIGHTS[: KNOWN - 1])
    both = [Tally(name, "validity", 10, 10, half) for name in ("ha_noi", "buu_chinh")]
    assert {s.dimension: s.level for s in card("H26", MONDAY.on, both, ())}["validity"] == "none"
    rest = replace(both[1], nights=frozenset(NIGHTS[1:KNOWN]))
    scores = {s.dimension: s for s in card("H26", MONDAY.on, [both[0], rest], ())}
    assert (scores["validity"].judged, scores["validity"].level) == (20, "good")


def test_every_rule_of_the_source_has_its_dimension_and_our_own_have_none() -> None:
    told = rules()
    assert reject_dimensions().keys() == codes("reject_reason")
    assert {f"rejected:{reason}": d for reason, d in reject_dimensions().items()}.items() <= (
        told.items()
    )
    assert {rule: d for rule, d in told.items() if ":" not in rule} == {
        name: check.dimension
        for name, check in checks().items()
        if check.responsibility == "external"
    }
    assert "not_yet_received" in checks().keys() - told.keys()


def test_an_open_error_casts_doubt_on_its_dimension() -> None:
    def doubts(rule: str = "finished_before_received", **changes: Any) -> set[str]:
        return set(doubted([incident(rule, **changes)]))

    assert doubts() == {"consistency"}
    open_states: list[State] = ["acknowledged", "disputed"]
    assert all(doubts(state=state) == {"consistency"} for state in open_states)
    assert doubts("rejected:missing_required", column="MaHoSo") == {"completeness"}
    assert doubts(state="accepted") == doubts(severity="warning") == set()
    assert doubts(state="fixed", fixed_on=MONDAY.on) == set()
    assert doubts("a_check_that_is_gone") == doubts("not_yet_received") == set()


@pytest.mark.parametrize("rule", [NOT_ARRIVED, HELD])
def test_nobody_vouches_for_a_source_that_is_silent_or_held(rule: str) -> None:
    assert doubted([incident(rule)]) == set(DIMENSIONS)


def test_every_level_and_dimension_has_words() -> None:
    assert (tuple(words().levels), tuple(words().dimensions)) == (LEVELS, DIMENSIONS)
    told = [*words().levels.values(), *words().dimensions.values()]
    assert all(text.strip() for one in told for text in one.model_dump().values())
    assert all(f"{words().window} đêm" in words().how(dimension) for dimension in DIMENSIONS)


@pytest.mark.parametrize(
    "changes",
    [
        {"from": {"fair": 0.9, "good": 0.8, "trustworthy": 0.99}},
        {"from": {"fair": 0.8, "good": 0.9, "trustworthy": 1.01}},
        {"from": {"fair": 0.8, "good": 0.9}},
        {"known": {"any": 5, "trustworthy": 31}},
        {"known": {"any": 6, "trustworthy": 5}},
        {"levels": {"none": {"name": "?", "means": "?"}}},
    ],
)
def test_limits_that_make_no_sense_do_not_load(changes: dict[str, Any]) -> None:
    content = words().model_dump(by_alias=True) | changes
    with pytest.raises(DeclarationError):
        load_content("levels.yml", Words, content)
