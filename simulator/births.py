"""The dossiers born on one day at one source: they depend on the seed, the source and the day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from random import Random

from catalog.sources import Source
from simulator.defects import Defect, extra_kinds, real_kinds
from simulator.dossier import Dossier, Rating
from simulator.habits import WEEKDAYS, Habits
from simulator.life import live, stand
from simulator.procedures import Procedure, procedures

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
MIDDLE = ("Văn", "Thị", "Đức", "Ngọc", "Minh")
GIVEN = ("Thử", "Mẫu", "Ví Dụ", "Giả Định", "Nghiệm", "Tưởng Tượng")
"""Given names that no citizen bears: the people here are plainly invented."""


class Day:
    """One source's day: hands out codes and draws facts."""

    def __init__(self, source: Source, habits: Habits, day: dt.date, rng: Random) -> None:
        self.source, self.habits, self.day, self.rng = source, habits, day, rng
        self.sequences: Counter[int] = Counter()

    def code(self, agency: int) -> str:
        """``{unit}-{yyMMdd}-{sequence}``; ministries put their number before the sequence."""
        self.sequences[agency] += 1
        sequence = f"{self.sequences[agency]:04d}"
        if self.habits.body == "ministry":
            sequence = f"{self.habits.root[1:]}{sequence.zfill(5)}"
        return f"{self.habits.unit(agency)}-{self.day:%y%m%d}-{sequence}"

    def procedure(self) -> Procedure:
        offered = procedures(self.habits.body)
        return self.rng.choices(offered, [p.weight for p in offered])[0]

    def channel(self, level: str) -> str | None:
        draw = self.rng.random()
        if draw < 0.004:
            return None
        if draw < self.habits.postal_receipt:
            return "postal"
        online = level != "information" and self.rng.random() < self.habits.online
        return "online" if online else "in_person"

    def submitted_at(self, channel: str | None) -> dt.datetime:
        opens, closes = (5, 23.8) if channel == "online" else (7.5, 16.5)
        seconds = int(self.rng.uniform(opens, closes) * 3600)
        return dt.datetime.combine(self.day, dt.time()) + dt.timedelta(seconds=seconds)

    def procedure_sent(self, procedure: Procedure) -> str:
        """One of the three shapes that carry a national base code."""
        draw = self.rng.random()
        if draw > self.habits.local_codes:
            return procedure.code
        suffix = f".{self.habits.root}" if draw < 0.2 else f".000.00.00.{self.habits.root}"
        return procedure.code + suffix

    def payment(self, procedure: Procedure, channel: str | None) -> str | None:
        if self.rng.random() < 0.02:
            return None
        pays = channel == "online" and any(procedure.fees)
        if not pays or self.rng.random() > self.habits.pays_online:
            return "none"
        return "national_portal" if self.rng.random() < 0.7 else "agency_gateway"

    def maybe(self, share: float, unstated: float = 0.0) -> bool | None:
        """Yes with the given share, None (not stated) with the share `unstated`."""
        if self.rng.random() < unstated:
            return None
        return self.rng.random() < share

    def dossier(self, defect: str = "") -> Dossier:
        """A dossier's facts, before its life."""
        rng, habits = self.rng, self.habits
        agency = rng.randint(1, habits.agencies)
        procedure = self.procedure()
        channel = self.channel(procedure.level)
        online = channel == "online"
        return Dossier(
            code=self.code(agency),
            unit_name=f"Đơn vị số {agency} · {self.source.owner}",
            procedure=procedure,
            procedure_sent=self.procedure_sent(procedure),
            channel=channel,
            filed_on_portal=online and rng.random() < 0.6,
            applicant_type=rng.choices(("citizen", "enterprise", "organisation"), (85, 13, 2))[0],
            applicant_name=" ".join(rng.choice(words) for words in (FAMILY, MIDDLE, GIVEN)),
            applicant_number=f"0009{rng.randrange(10**8):08d}",
            submitted_at=self.submitted_at(channel),
            result_delivery="postal" if rng.random() < habits.postal_return else "counter",
            payment=self.payment(procedure, channel),
            has_digitised_component=self.maybe(habits.digitises, unstated=0.01),
            is_vneid_verified=online and rng.random() < 0.8,
            has_electronic_result=self.electronic_result(defect),
            defect=defect,
        )

    def electronic_result(self, defect: str) -> bool | None:
        has = self.rng.random() < self.habits.electronic_result
        if not self.habits.states_results:
            return None
        return has and defect != "submitted_file_as_result"

    def real(self, count: int) -> Iterator[Dossier]:
        """Dossiers of the truth, each with its life; some with a defect that does not end it."""
        kinds = ["", *(d.kind for d in real_kinds())]
        rates = [d.rate for d in real_kinds()]
        weights = [1 - sum(rates), *rates]
        for defect in self.rng.choices(kinds, weights, k=count):
            dossier = self.dossier(defect)
            live(dossier, self.habits, self.rng)
            yield dossier

    def extra(self, count: int) -> Iterator[Dossier]:
        """Dossiers that exist only as rows to be turned away."""
        for kind in extra_kinds():
            for _ in range(int(kind.rate * count + self.rng.random())):
                yield self.spoilt(kind)

    def spoilt(self, kind: Defect) -> Dossier:
        dossier = self.dossier(kind.kind)
        dossier.is_real = False
        dossier.code = kind.set.get("MaHoSo", dossier.code)
        if kind.record == "rating":
            at = dossier.submitted_at
            dossier.ratings.append(Rating(at, at, "satisfied"))
        else:
            stand(dossier)
        return dossier


def born(
    source: Source, habits: Habits, day: dt.date, usual: float, rng: Random
) -> tuple[Dossier, ...]:
    """All dossiers of `day`; `usual` is the mean number a day of a source of the usual size."""
    work = usual * habits.size * WEEKDAYS[day.weekday()] * rng.uniform(0.95, 1.05)
    count = max(1, int(work + rng.random()))
    desk = Day(source, habits, day, rng)
    return (*desk.real(count), *desk.extra(count))
