"""The score cards of all areas, brought up to date with a night."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from catalog.incidents import Incident
from catalog.records import sent_records
from catalog.score_card import Dimension, Score
from catalog.sources import sources
from feedback.scoring import DIMENSIONS, Tally, doubted, rules, words
from feedback.scoring import card as scored
from pipeline.incidents import incidents
from pipeline.stores import warehouse
from warehouse.score_cards import Asked, ScoreCards

BY_ROW = [dimension for dimension in DIMENSIONS if dimension != "timeliness"]
"""Of timeliness deliveries are judged, of all else rows."""


def score_cards() -> ScoreCards:
    """Where they are kept."""
    return ScoreCards(warehouse().engine)


def update(on: dt.date) -> None:
    """Score every area as of the night, and as of later ones where it is run again.

    Everything is as it was known after that night, its incidents too: they must be up to date.
    """
    for night in (on, *incidents().later_nights(on)):
        _update(night)


def _update(on: dt.date) -> None:
    known = incidents().read(through=on)
    tallies, doubts = _tallies(on, known), _by_area(known)
    scores = [
        score
        for area in sorted({source.area for source in sources().values() if source.starts_on <= on})
        for score in scored(area, on, tallies[area], doubted(doubts[area]))
    ]
    score_cards().write_night(on, scores)


def _tallies(on: dt.date, known: list[Incident]) -> Mapping[str, list[Tally]]:
    """By area what its sources sent; lists of keys are no records."""
    accepted = [i.fingerprint for i in known if i.state == "accepted"]
    kinds = [kind for kind, record in sent_records().items() if not record.reconciles]
    asked = Asked(on, words().window, kinds, rules(), accepted)
    found: dict[str, list[Tally]] = defaultdict(list)
    for row in score_cards().tallies(asked, BY_ROW):
        if row["source_id"] in sources():
            tally = Tally(**{**row, "nights": frozenset(row["nights"])})
            found[sources()[tally.source_id].area].append(tally)
    return found


def _by_area(known: list[Incident]) -> Mapping[str, list[Incident]]:
    found: dict[str, list[Incident]] = defaultdict(list)
    for incident in known:
        found[incident.fingerprint.area].append(incident)
    return found


def card(area: str, on: dt.date) -> tuple[Score, ...]:
    """The scores of an area after the night, one for each dimension in their order; none where the
    night has not been scored."""
    found = {score.dimension: score for score in score_cards().read(area, on, on)}
    return tuple(found[dimension] for dimension in DIMENSIONS if dimension in found)


def trend(area: str, on: dt.date) -> Mapping[Dimension, tuple[Score, ...]]:
    """By dimension the scores of an area on the nights of the window before `on`, oldest first."""
    one_day = dt.timedelta(days=1)
    before = score_cards().read(area, on - words().window * one_day, on - one_day)
    return {d: tuple(score for score in before if score.dimension == d) for d in DIMENSIONS}
