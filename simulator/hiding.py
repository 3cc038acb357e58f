"""What a source that games its figures states in place of a late finish."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from simulator.clock import CLOSES

if TYPE_CHECKING:
    from simulator.life import Life

SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)


def hide(life: Life) -> dt.datetime:
    """The finishing time that is stated for work that is late at `life.now`; what is stated on the
    way to it becomes part of the life."""
    way = life.habits.gaming.disguise(life.rng)
    received_at, due_at = life.state.received_at, life.state.due_at
    if way is None or received_at is None or due_at is None:
        return life.now
    if way == "reception":
        return received_at
    if way == "minutes":
        return received_at + life.rng.randint(20, 280) * SECOND
    done_at, is_open = life.now, life.state.at < due_at
    if way == "moved" and is_open:
        _put_off(life, due_at, done_at)
    elif way == "reopened" and is_open:
        _pretend(life, due_at)
    life.now = max(done_at, life.state.at + SECOND)
    return life.now if way == "moved" else due_at


def _put_off(life: Life, due_at: dt.datetime, done_at: dt.datetime) -> None:
    """An hour before the due time it moves behind the end of the work, without a supplement."""
    life.now = max(life.state.at + SECOND, due_at - HOUR)
    closing = max(done_at, life.now).replace(hour=CLOSES, minute=0, second=0)
    life.tell("processing", due_at=closing)


def _pretend(life: Life, due_at: dt.datetime) -> None:
    """Finished at the due time, then open again."""
    life.now = due_at
    life.tell("finished", finished_at=due_at)
    life.now = life.state.at + HOUR
    life.tell("processing", finished_at=None)
    life.note("reopened")
