"""When a figure stops being provisional: ``finality.yml``, by the kind of its period."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from pydantic import Field

from catalog.declarations import Declaration, declared, load_file

FILE = "catalog/finality.yml"
FORMS = {
    "day": r"(\d{4})-(0[1-9]|1[0-2])-(\d{2})",
    "month": r"(\d{4})-(0[1-9]|1[0-2])",
    "quarter": r"(\d{4})-Q([1-4])",
    "year": r"(\d{4})",
}


class Finality(Declaration):
    """Days from the end of a period after which its figures are final. `all` never ends."""

    day: int = Field(ge=0)
    month: int = Field(ge=0)
    quarter: int = Field(ge=0)
    year: int = Field(ge=0)


@cache
def finality() -> Finality:
    return load_file(declared(FILE), Finality)


def ends_on(period: str) -> dt.date | None:
    """The last day of a period as it is written (2026-11-22, 2026-11, 2026-Q4, 2026); None for
    ``all``."""
    for kind, form in FORMS.items():
        if found := re.fullmatch(form, period, re.ASCII):
            return _last_day(kind, *map(int, found.groups()))
    return None


def _last_day(kind: str, year: int, part: int = 0, day: int = 0) -> dt.date:
    if kind == "day":
        return dt.date(year, part, day)
    last = {"month": part, "quarter": part * 3, "year": 12}[kind]
    after = dt.date(year + last // 12, last % 12 + 1, 1)
    return after - dt.timedelta(days=1)


def final_from(period: str) -> dt.date | None:
    """The first night whose release states the period's figures as final; None where none does."""
    last = ends_on(period)
    kind = next((kind for kind, form in FORMS.items() if re.fullmatch(form, period)), "")
    return last + dt.timedelta(days=getattr(finality(), kind)) if last else None
