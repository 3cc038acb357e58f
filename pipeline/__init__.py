"""The whole night on one page: collect, conform, judge, merge, measure, publish, notify.

Each verb takes the night (and a source) and leaves its result on disk and in the ledger, so any
verb can be run again, alone, by Airflow or from the command line. Running one again changes
nothing that has not changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from catalog.errors import DeclarationError, SourceError
from catalog.night import Night
from catalog.settings import settings
from pipeline.batch import Batch, due_sources
from pipeline.for_nation import measure, merge, notify, publish
from pipeline.for_source import collect, conform, judge
from pipeline.messages import Clock
from pipeline.pages import pages
from pipeline.releases import release_id
from pipeline.stores import warehouse
from pipeline.vintages.embargo import open_due

__all__ = ["DONE", "NOT_PUBLISHED", "SOME_FAILED", "collect", "conform", "due_sources", "is_merged"]
__all__ += ["judge", "measure", "merge", "night", "notify", "open_due", "outcome"]
__all__ += ["pages", "publish"]

DONE, SOME_FAILED, NOT_PUBLISHED = 0, 1, 3


def night(on: dt.date, clock: Clock) -> int:
    """All seven verbs in order, in this process. One bad source never stops the rest.

    Collecting is waiting, so several sources are asked at the same time; the rest is work.
    """
    due = [source.source_id for source in due_sources(on)]
    warehouse()  # opened once, before the threads ask for it
    with ThreadPoolExecutor(settings().collects_at_once) as pool:
        arrived = list(pool.map(partial(_done, collect, on), due))
    for source_id in (s for s, has_arrived in zip(due, arrived, strict=True) if has_arrived):
        if _done(conform, on, source_id):
            _done(judge, on, source_id)
    for national in (merge, measure, publish):
        national(on)
    notify(on, clock)
    return outcome(on)


def _done(verb: Callable[[dt.date, str], str], on: dt.date, source_id: str) -> bool:
    """Whether the verb succeeded; if not, the ledger says why and `outcome` tells."""
    try:
        verb(on, source_id)
    except (SourceError, DeclarationError):
        return False
    return True


def outcome(on: dt.date) -> int:
    """How the night ended: 0 done, 1 some sources failed or were held, 3 nothing was published."""
    if not (settings().published_dir / release_id(Night(on))).exists():
        return NOT_PUBLISHED
    merged = all(is_merged(source.source_id, on) for source in due_sources(on))
    return DONE if merged else SOME_FAILED


def is_merged(source_id: str, on: dt.date) -> bool:
    """Whether every batch of the source has been merged that night."""
    merged = [r for r in warehouse().ledger(on=on, source_id=source_id) if r["stage"] == "merge"]
    own = {b.id for b in Batch.all_of(source_id, on) if not b.record.reconciles}
    return own <= {row["batch_id"] for row in merged}
