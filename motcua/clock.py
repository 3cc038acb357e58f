"""The one place that asks what time it is: the entry point of every command."""

from __future__ import annotations

import datetime as dt

from catalog.night import LOCAL_ZONE
from pipeline.releases import release_days


def now() -> dt.datetime:
    """The instant, in the time of Viet Nam."""
    return dt.datetime.now(LOCAL_ZONE)


def today() -> dt.date:
    """The day it is in Viet Nam."""
    return now().date()


def yesterday() -> dt.date:
    """The last complete day in Viet Nam."""
    return today() - dt.timedelta(days=1)


def next_night() -> dt.date:
    """The night after the newest release; yesterday when nothing is published yet."""
    days = release_days()
    return days[-1] + dt.timedelta(days=1) if days else yesterday()
