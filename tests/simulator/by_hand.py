"""Nations small enough to count by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from catalog.sources import Source, sources
from simulator import Nation
from simulator.dossier import Dossier, Rating, Version
from simulator.procedures import Procedure
from simulator.truth import Counts, truth

ON = dt.date(2026, 10, 20)
PROCEDURE = Procedure("1.000894", "Đăng ký kết hôn", "G15-TP01", "end_to_end", (5000, 1000), 3, 1)
SLUG, AREA = "ha_noi", "H26"


def at(month: int, day: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(2026, month, day, hour)


@dataclass(frozen=True)
class HandMade(Nation):
    """A nation of one source, beside the portal's list of its dossiers, whose dossiers are all born
    on the first day."""

    cases: tuple[Dossier, ...] = field(default=(), compare=False)

    @property
    def sources(self) -> dict[str, Source]:
        return {name: sources()[name] for name in (SLUG, "cong_dvcqg_ho_so")}

    @property
    def born(self) -> Callable[[str, dt.date], tuple[Dossier, ...]]:
        return lambda slug, day: self.cases if (slug, day) == (SLUG, self.opens_on) else ()


def case(*versions: Version, ratings: tuple[Rating, ...] = (), **facts: Any) -> Dossier:
    """An online dossier of `versions`, with these facts."""
    usual: dict[str, Any] = {
        "code": "H26.01-260901-0001",
        "unit_name": "Đơn vị số 1",
        "procedure": PROCEDURE,
        "procedure_sent": PROCEDURE.code,
        "channel": "online",
        "filed_on_portal": False,
        "applicant_type": "citizen",
        "applicant_name": "Nguyễn Văn Thử",
        "applicant_number": "000900000000",
        "submitted_at": at(9, 1),
        "result_delivery": "counter",
        "payment": "none",
        "has_digitised_component": None,
        "is_vneid_verified": True,
        "has_electronic_result": None,
    }
    return Dossier(**{**usual, **facts}, versions=list(versions), ratings=list(ratings))


def state(status: str, **times: Any) -> Version:
    """A version of 30 September: received on the 10th, due on the 20th, unless told otherwise."""
    usual: dict[str, Any] = {"received_at": at(9, 10), "due_at": at(9, 20)}
    return Version(at(9, 30), status, **{**usual, **times})


def told(*cases: Dossier, on: dt.date = ON) -> Counts:
    return truth(HandMade(dt.date(2026, 9, 1), cases=cases), on)
