"""The life of a dossier: the versions that its source states one after the other.

registered → received → processing → (payment or supplement requested → …) → finished → returned;
also refused, withdrawn, stopped, left lying, and re-opened after the return. The due date moves
with every supplement and the old one is lost, as sources do it.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from simulator.apologies import apologise
from simulator.clock import ONE_DAY, due, office
from simulator.dossier import Dossier, Event, Rating, Supplement, Version
from simulator.habits import Habits
from simulator.hiding import hide

LONGEST = dt.timedelta(days=120)
"""No version is made later than this after the first."""
HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


class Life:
    """Writes the versions of `dossier`, drawing from `rng`."""

    def __init__(self, dossier: Dossier, habits: Habits, rng: Random) -> None:
        self.dossier, self.habits, self.rng = dossier, habits, rng
        self.now = dossier.submitted_at
        self.state = Version(self.now - SECOND, "registered")

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def wait(self, low: float, high: float, unit: dt.timedelta = ONE_DAY) -> dt.datetime:
        """Lets `low` to `high` units pass, then the office opens."""
        seconds = int(self.rng.uniform(low, high) * unit.total_seconds())
        self.now = office(self.now + seconds * SECOND)
        return self.now

    def tell(self, status: str, **changes: Any) -> None:
        """Adds a version; the source notices what happened within ten minutes."""
        lag = int(self.rng.random() * 600) if self.dossier.versions else 0
        at = max(self.now + lag * SECOND, self.state.at + SECOND)
        self.state = self.state._replace(at=at, status=status, **changes)
        self.dossier.versions.append(self.state)

    def note(self, kind: str, happened_at: dt.datetime | None = None) -> None:
        """Adds an event that the version just told brought. Sources know an event by its time and
        the status, so a second one with both alike is no other event."""
        event = Event(self.state.at, happened_at or self.now, kind, self.state)
        key = (event.happened_at, self.state.status)
        if key not in ((e.happened_at, e.state.status) for e in self.dossier.events):
            self.dossier.events.append(event)

    def run(self) -> None:
        """The whole life."""
        if self.start() and self.survive() and self.pause():
            self.complete()

    def start(self) -> bool:
        """Reception, and the work begins; false when it is refused."""
        if not self.arrive():
            return False
        self.wait(0.1, 4, HOUR)
        self.tell("processing")
        return True

    def arrive(self) -> bool:
        """Reception; false when it is refused."""
        is_refused = self.chance(0.012)
        if is_refused or (self.dossier.channel == "online" and self.chance(0.5)):
            self.tell("registered")
            self.wait(0.2, 6, HOUR)
        if is_refused:
            self.tell("refused", rejected_at=self.now)
            return False
        promises = self.dossier.defect != "missing_due_date"
        due_at = due(self.now, self.dossier.procedure.days) if promises else None
        self.tell("received", received_at=self.now, due_at=due_at)
        return True

    def survive(self) -> bool:
        """False when the dossier is withdrawn, stopped or left lying."""
        fate = self.rng.random()
        if fate > 0.035 or self.dossier.defect == "paused_as_finished":
            return True
        if fate < 0.02:
            self.wait(0.2, 6)
            rejected_at = self.now if self.chance(0.8) else None
            status = "withdrawn" if fate < 0.01 else "stopped"
            self.tell(status, rejected_at=rejected_at)
            self.note(status)
        return False

    def pause(self) -> bool:
        """Requests for money or papers; false when the applicant never answers."""
        if any(self.dossier.procedure.fees) and self.chance(0.04):
            self.wait(0.1, 1)
            self.tell("payment_requested")
            self.note("payment_requested")
            self.wait(0.1, 2)
            self.tell("processing")
            self.note("resumed")
        hides = self.dossier.defect == "paused_as_finished"
        if not hides and not self.chance(0.07):
            return True
        requests = 2 if self.chance(0.12) else 1
        return all(self.supplement(hides) for _ in range(requests))

    def supplement(self, hides: bool) -> bool:
        """One request for papers and its answer, which moves the due date."""
        asked_at, before = self.wait(0.1, 2), self.state
        asked = (*before.supplements, Supplement(asked_at))
        if hides:
            self.tell("finished", finished_at=before.received_at, supplements=asked)
            self.note("finished", before.received_at)
        else:
            self.tell("supplement_requested", supplements=asked)
            self.note("supplement_requested")
        if self.chance(0.1):
            return False
        received_at = self.wait(0.5, 8)
        answered = (*before.supplements, Supplement(asked_at, received_at))
        moved = office(before.due_at + (received_at - asked_at)) if before.due_at else None
        self.tell("received", finished_at=None, due_at=moved, supplements=answered)
        self.note("supplement_received")
        return True

    def complete(self) -> None:
        """Finishing and handing over; now and then the result is cancelled and done again."""
        self.finish()
        if self.chance(0.04):
            return
        self.hand_over()
        self.rate()
        if self.chance(0.006):
            self.wait(0.5, 12)
            self.tell("processing", finished_at=None, returned_at=None)
            self.note("reopened")
            self.wait(0.2, 5)
            self.tell("finished", finished_at=self.now)
            self.hand_over()

    def finish(self) -> None:
        due_at = self.state.due_at
        if due_at is None or due_at <= self.now:
            self.wait(0.1, 3)
        elif self.chance(0.01):
            self.now = due_at
        elif self.chance(self.habits.on_time):
            left = (due_at - self.now) / ONE_DAY
            self.wait(0.2 * left, 0.9 * left)
        else:
            self.now = due_at
            self.wait(0.1, 12 if self.chance(0.3) else 3)
        finished_at = hide(self) if due_at and self.now > due_at else self.now
        if self.chance(0.85):
            self.tell("finished", finished_at=finished_at)
        else:
            self.state = self.state._replace(finished_at=finished_at)

    def hand_over(self) -> None:
        slowest = 4 if self.dossier.result_delivery == "postal" else 1
        self.wait(0.02, slowest)
        self.tell("returned", returned_at=self.now)

    def rate(self) -> None:
        """A rating by some, within a week of the return; late results please less."""
        if not self.chance(self.habits.rated):
            return
        rated_at = self.state.at + int(self.rng.uniform(60, 7 * 86400)) * SECOND
        lag = int(self.rng.random() * 600) * SECOND
        level = "dissatisfied"
        if self.chance(self.habits.pleased):
            level = "very_satisfied" if self.chance(0.6) else "satisfied"
        self.dossier.ratings.append(Rating(rated_at + lag, rated_at, level))


def live(dossier: Dossier, habits: Habits, rng: Random) -> None:
    """Gives `dossier` its versions, ratings and events, and ends them at the longest life."""
    Life(dossier, habits, rng).run()
    apologise(dossier, habits, rng)
    last = dossier.submitted_at + LONGEST
    dossier.versions[:] = [version for version in dossier.versions if version.at < last]
    dossier.ratings[:] = [rating for rating in dossier.ratings if rating.at < last]
    dossier.events[:] = [event for event in dossier.events if event.at < last]


def begin(dossier: Dossier, habits: Habits, rng: Random) -> None:
    """Gives `dossier` the first versions of a life and no more."""
    Life(dossier, habits, rng).start()


def stand(dossier: Dossier) -> None:
    """The one version of a dossier that exists only as defective rows: being processed."""
    at = dossier.submitted_at
    promised = due(at, dossier.procedure.days)
    version = Version(at + SECOND, "processing", received_at=at, due_at=promised)
    dossier.versions.append(version)
