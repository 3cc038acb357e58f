"""The night: which day is being reported, and where that day ends.

Nothing below the entry point asks for the current time; everything takes a `Night`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, order=True)
class Night:
    """One run of the pipeline for the local day `on`."""

    on: dt.date

    @property
    def cutoff(self) -> dt.datetime:
        """The first instant after the day `on` in Viet Nam, as UTC: figures are as of here."""
        midnight = dt.datetime.combine(self.on + dt.timedelta(days=1), dt.time(), LOCAL_ZONE)
        return midnight.astimezone(dt.UTC)

    @property
    def before(self) -> Night:
        """The night before."""
        return Night(self.on - dt.timedelta(days=1))

    def batch_id(self, source_id: str, record: str) -> str:
        """The identity of one source's delivery of one record kind on this night."""
        return f"{source_id}.{record}.{self.on.isoformat()}"

    @classmethod
    def parse(cls, text: str) -> Night:
        return cls(dt.date.fromisoformat(text))

    def __str__(self) -> str:
        return self.on.isoformat()


def local_date(instant: dt.datetime) -> dt.date:
    """The calendar day in Viet Nam of an aware instant."""
    return instant.astimezone(LOCAL_ZONE).date()
