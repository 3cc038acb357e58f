"""The life of a petition, with the four deadlines of Decision 766, metric 5.2, kept or missed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from catalog.working_days import ordinal, working_days
from simulator.clock import CLOSES, OPENS

LIMITS = {"returned": 2, "supplement": 5, "resolved": 15, "published": 2}
"""Working days for each step: from reception, for publication from the answer."""
SOONEST = {"returned": 0, "supplement": 0, "resolved": 3, "published": 0}
LATEST = 6
"""Working days by which a step is late at most, unless the step before it was."""
LONGEST = dt.timedelta(days=120)
"""No petition changes later than so long after its reception."""
ONE_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Petition:
    """A petition with all that ever happens to it, or with what was known of it at some time."""

    code: str
    unit: str
    petition_type: str
    sender: str
    telephone: str
    received_at: dt.datetime
    returned_at: dt.datetime | None = None
    supplement_requested_at: dt.datetime | None = None
    taken_up_at: dt.datetime | None = None
    resolved_at: dt.datetime | None = None
    published_at: dt.datetime | None = None
    rated_at: dt.datetime | None = None
    repeated_at: dt.datetime | None = None
    is_disliked: bool = False

    @property
    def area(self) -> str:
        return self.unit.partition(".")[0]

    @property
    def moments(self) -> list[dt.datetime]:
        """When something happened to it, in order; each gives a version."""
        return sorted(moment for _, moment in self._steps())

    def _steps(self) -> list[tuple[str, dt.datetime]]:
        return [(n, value) for n, value in vars(self).items() if isinstance(value, dt.datetime)]

    @property
    def status(self) -> str:
        if self.published_at:
            return "published"
        if self.resolved_at:
            return "resolved"
        if self.taken_up_at:
            return "processing"
        if self.returned_at:
            return "returned"
        return "supplement_requested" if self.supplement_requested_at else "received"

    def before(self, moment: dt.datetime) -> Petition | None:
        """The petition as known at `moment`; None when it had not been received."""
        if self.received_at >= moment:
            return None
        later: dict[str, None] = {name: None for name, at in self._steps() if at >= moment}
        return replace(self, **later) if later else self  # type: ignore[arg-type]


class Clerk:
    """Handles one petition, keeping each deadline with the share of its area."""

    def __init__(self, kept: Mapping[str, float], rng: Random) -> None:
        self.kept, self.rng = kept, rng

    def step(self, name: str, start: dt.datetime, after: dt.datetime) -> dt.datetime:
        """When a step is done whose deadline runs from `start`; an hour `after` the last step, or
        later."""
        limit, rng = LIMITS[name], self.rng
        days = rng.randint(SOONEST[name], limit)
        if rng.random() >= self.kept[name]:
            days = limit + rng.randint(1, LATEST)
        return max(self.on(working_day(start.date(), days)), after + ONE_HOUR)

    def on(self, day: dt.date) -> dt.datetime:
        """Some moment in the day's office hours."""
        seconds = self.rng.randrange((CLOSES - OPENS) * 3600)
        return dt.datetime.combine(day, dt.time(OPENS)) + dt.timedelta(seconds=seconds)

    def later(self, moment: dt.datetime, days: int) -> dt.datetime:
        """A time of the following `days`, whenever the petitioner likes."""
        return moment + ONE_HOUR + dt.timedelta(seconds=self.rng.randrange(days * 86_400))

    def live(self, petition: Petition) -> Petition:
        """The petition with its life."""
        start, rng = petition.received_at, self.rng
        if rng.random() < 0.12:
            return replace(petition, returned_at=self.step("returned", start, start))
        if rng.random() < 0.15:
            asked = self.step("supplement", start, start)
            petition = replace(petition, supplement_requested_at=asked)
            if rng.random() < 0.1:
                return petition
        taken_up = self.later(petition.moments[-1], 4)
        petition = replace(petition, taken_up_at=taken_up)
        return petition if rng.random() < 0.06 else self._answer(petition, taken_up)

    def _answer(self, petition: Petition, taken_up: dt.datetime) -> Petition:
        rng = self.rng
        resolved = self.step("resolved", petition.received_at, taken_up)
        petition = replace(petition, resolved_at=resolved)
        if rng.random() < 0.92:
            published = self.step("published", resolved, resolved)
            petition = replace(petition, published_at=published)
        if rng.random() < 0.45:
            rated, disliked = self.later(petition.moments[-1], 10), rng.random() < 0.2
            petition = replace(petition, rated_at=rated, is_disliked=disliked)
        if rng.random() < 0.05:
            petition = replace(petition, repeated_at=self.later(petition.moments[-1], 20))
        return petition


def working_day(day: dt.date, number: int) -> dt.date:
    """The working day that is `number` after `day`; `day` itself for 0."""
    return working_days()[ordinal(day) + number - 1] if number else day


def kept_by(seed: str) -> dict[str, float]:
    """The share of petitions that an area does each step of in time."""
    rng = Random(seed)
    return {name: rng.uniform(0.75, 0.98) for name in LIMITS}


def working_days_between(start: dt.datetime, end: dt.date) -> int:
    """Working days after the day of `start`, through `end`."""
    return ordinal(end) - ordinal(start.date())


def is_on_time(petition: Petition, on: dt.date) -> bool:
    """Whether every step that applies kept its deadline; where an answer, or its publication, is
    still awaited, the day `on` stands in."""
    start = petition.received_at
    if petition.returned_at:
        return working_days_between(start, petition.returned_at.date()) <= LIMITS["returned"]
    asked, resolved = petition.supplement_requested_at, petition.resolved_at
    if asked and working_days_between(start, asked.date()) > LIMITS["supplement"]:
        return False
    if working_days_between(start, resolved.date() if resolved else on) > LIMITS["resolved"]:
        return False
    if not resolved:
        return True
    published = petition.published_at.date() if petition.published_at else on
    return working_days_between(resolved, published) <= LIMITS["published"]
