"""Written apologies for late dossiers (Decree 118/2025/NĐ-CP). The due date does not move."""

from __future__ import annotations

import datetime as dt
from random import Random

from simulator.clock import office
from simulator.dossier import DONE, OPEN, Dossier, Event, Version
from simulator.habits import Habits

SECOND = dt.timedelta(seconds=1)


def _is_late(state: Version, moment: dt.datetime) -> bool:
    due_at, finished_at = state.due_at, state.finished_at
    if due_at is None:
        return False
    if state.status in OPEN:
        return due_at < moment
    return state.status in DONE and finished_at is not None and finished_at > due_at


def _late_from(dossier: Dossier) -> dt.datetime | None:
    """When the last due date had passed and the work was not done."""
    last = dossier.versions[-1]
    if last.due_at is None or (last.status not in OPEN and last.at <= last.due_at):
        return None
    passed = last.due_at + SECOND
    for moment in (passed, *(v.at for v in dossier.versions if v.at > passed)):
        state = dossier.version_before(moment + SECOND)
        if state and _is_late(state, moment):
            return moment
    return None


def apologise(dossier: Dossier, habits: Habits, rng: Random) -> None:
    """Adds the event of a written apology, as the source has the habit: hours to days after the
    dossier became late, if it still is or was finished late."""
    late_from = _late_from(dossier)
    if late_from is None or rng.random() >= habits.apologises:
        return
    happened_at = office(late_from + int(rng.uniform(0.1, 4) * 86400) * SECOND)
    state = dossier.version_before(happened_at)
    keys = {(event.happened_at, event.state.status) for event in dossier.events}
    if state and _is_late(state, happened_at) and (happened_at, state.status) not in keys:
        at = happened_at + int(rng.random() * 600) * SECOND
        dossier.events.append(Event(at, happened_at, "apology_issued", state))
