"""The words that detectors know beside those of indicators, and what a night makes of them."""

from __future__ import annotations

import datetime as dt
import re

from catalog.night import Night
from catalog.working_days import ordinal, working_days
from transforms.indicators.statement import Engine

WINDOW_DAYS = 90
"""How far back a night looks."""
TAIL, AROUND = 3, 10
"""Working days: the end of a quarter that is looked at, and what it is compared with on each
side. The newest quarter is the one that ended so long ago that both sides are known."""
WORDS = {
    "WINDOW_FIRST": "the first of the last 90 days",
    "REPORTED_DAY": "the night's day",
    "TAIL_FIRST": "the first of the last three working days of the quarter",
    "QUARTER_LAST": "the last day of the newest quarter that ended ten working days ago or more",
    "AROUND_FIRST": "ten working days before the end of that quarter",
    "AROUND_LAST": "ten working days after it",
    "FIVE_RANDOM_DIGITS": (
        "whether a dossier code ends with five digits that do not begin with 0, as random ones do"
    ),
}
DIGITS = "({0} LIKE '%-______-_____' AND {0} NOT LIKE '%-______-0____')"


def written(sql: str, night: Night, engine: Engine) -> str:
    """The SQL in the words of `engine`, as of `night`."""
    sql = re.sub(r"FIVE_RANDOM_DIGITS\((\w+)\)", lambda m: DIGITS.format(m[1]), sql)
    for word, day in _days(night.on).items():
        sql = re.sub(rf"\b{word}\b", f"DATE '{day}'", sql)
    return engine.write(sql, night)


def _days(on: dt.date) -> dict[str, dt.date]:
    end = _quarter_end(on)
    while ordinal(on) - ordinal(end) < AROUND:
        end = _quarter_end(end)
    last = ordinal(end)
    return {
        "WINDOW_FIRST": on - dt.timedelta(days=WINDOW_DAYS - 1),
        "TAIL_FIRST": working_days()[last - TAIL],
        "QUARTER_LAST": end,
        "AROUND_FIRST": working_days()[last - AROUND],
        "AROUND_LAST": working_days()[last + AROUND - 1],
    }


def _quarter_end(on: dt.date) -> dt.date:
    """The last day of the newest quarter that ended before `on`."""
    first = on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
    return first - dt.timedelta(days=1)
