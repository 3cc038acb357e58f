"""The dossiers born on one day at one source: they depend on the seed, the source and the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from catalog.sources import Source
from simulator.bundles import bundles
from simulator.defects import Defect, extra_kinds, real_kinds
from simulator.dossier import Dossier, Rating
from simulator.habits import WEEKDAYS, Habits
from simulator.life import begin, live, stand
from simulator.procedures import Procedure, procedures

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
MIDDLE = ("Văn", "Thị", "Đức", "Ngọc", "Minh")
GIVEN = ("Thử", "Mẫu", "Ví Dụ", "Giả Định", "Nghiệm", "Tưởng Tượng")
"""Given names that no citizen bears: the people here are plainly invented."""
LOST, ORPHANED = 0.01, 0.01
"""Of what was filed on the national portal: the share that its list of dossiers never shows, and
how much it shows that no source ever got."""
PORTAL_LAG = dt.timedelta(minutes=20)
"""How far the portal's list is behind at most."""


class Day:
    """One source's day: hands out codes, those after the number `taken`, and draws facts."""

    def __init__(
        self, source: Source, habits: Habits, day: dt.date, rng: Random, taken: int = 0
    ) -> None:
        self.source, self.habits, self.day, self.rng = source, habits, day, rng
        self.sequences = [taken] * (habits.agencies + 1)

    def code(self, agency: int) -> str:
        self.sequences[agency] += 1
        return self.habits.code(agency, self.day, self.sequences[agency])

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

    def filing(self, level: str) -> dict[str, Any]:
        """Who files, how and when: the same for a request and its parts."""
        rng = self.rng
        channel = self.channel(level)
        online = channel == "online"
        return {
            "channel": channel,
            "filed_on_portal": online and rng.random() < 0.6,
            "applicant_type": rng.choices(("citizen", "enterprise", "organisation"), (85, 13, 2))[
                0
            ],
            "applicant_name": " ".join(rng.choice(words) for words in (FAMILY, MIDDLE, GIVEN)),
            "applicant_number": f"0009{rng.randrange(10**8):08d}",
            "submitted_at": self.submitted_at(channel),
            "is_vneid_verified": online and rng.random() < 0.8,
        }

    def deciding(self, agency: int) -> int:
        """The unit that decides: now and then another than received it (phi địa giới)."""
        if self.rng.random() >= self.habits.decides_elsewhere:
            return agency
        other = self.rng.randint(1, self.habits.agencies - 1)
        return other + (other >= agency)

    def portal_lag(self, filed_on_portal: bool) -> dt.timedelta | None:
        """How far the national portal follows behind, if it ever got the dossier."""
        if not filed_on_portal or self.rng.random() < LOST:
            return None
        return dt.timedelta(seconds=self.rng.randint(60, int(PORTAL_LAG.total_seconds())))

    def dossier(
        self,
        procedure: Procedure,
        filing: dict[str, Any],
        defect: str = "",
        bundle: str | None = None,
        parent_code: str = "",
    ) -> Dossier:
        """A dossier's facts, before its life."""
        rng, habits = self.rng, self.habits
        agency = rng.randint(1, habits.agencies)
        deciding = self.deciding(agency)
        drawn = Dossier(
            code=self.code(agency),
            unit_name=f"Đơn vị số {deciding} · {self.source.owner}",
            procedure=procedure,
            procedure_sent=self.procedure_sent(procedure),
            result_delivery="postal" if rng.random() < habits.postal_return else "counter",
            payment=self.payment(procedure, filing["channel"]),
            has_digitised_component=self.maybe(habits.digitises, unstated=0.01),
            has_electronic_result=self.electronic_result(defect),
            deciding_unit="" if deciding == agency else habits.unit(deciding),
            portal_lag=self.portal_lag(filing["filed_on_portal"]),
            bundle=bundle,
            parent_code=parent_code,
            defect=defect,
            **filing,
        )
        states = habits.gaming.states
        return replace(drawn, **states) if states else drawn  # type: ignore[arg-type]

    def electronic_result(self, defect: str) -> bool | None:
        has = self.rng.random() < self.habits.electronic_result
        if not self.habits.states_results:
            return None
        return has and defect != "submitted_file_as_result"

    def asked(self, defect: str) -> Iterator[Dossier]:
        """What one citizen asks for: a dossier, or a request with a dossier for each part."""
        procedure = self.procedure()
        bundle = bundles().get(procedure.code)
        if bundle is None or self.rng.random() >= bundle.share:
            yield self.dossier(procedure, self.filing(procedure.level), defect)
            return
        filing = self.filing(bundle.request.level)
        request = self.dossier(bundle.request, filing, defect, bundle=bundle.code)
        yield request
        for part in bundle.parts[: None if self.rng.random() < 0.7 else -1]:
            yield self.dossier(part, filing, bundle=bundle.code, parent_code=request.code)

    def real(self, count: int) -> Iterator[Dossier]:
        """Dossiers of the truth, each with its life; some with a defect that does not end it."""
        kinds = ["", *(d.kind for d in real_kinds())]
        rates = [d.rate for d in real_kinds()]
        weights = [1 - sum(rates), *rates]
        for defect in self.rng.choices(kinds, weights, k=count):
            for dossier in self.asked(defect):
                live(dossier, self.habits, self.rng)
                yield dossier

    def extra(self, count: int) -> Iterator[Dossier]:
        """Dossiers that exist only as rows to be turned away."""
        for kind in extra_kinds():
            for _ in range(int(kind.rate * count + self.rng.random())):
                yield self.spoilt(kind)

    def spoilt(self, kind: Defect) -> Dossier:
        procedure = self.procedure()
        dossier = self.dossier(procedure, self.filing(procedure.level), kind.kind)
        dossier.is_real, dossier.portal_lag = False, None
        dossier.code = kind.set.get("MaHoSo", dossier.code)
        if kind.record == "rating":
            at = dossier.submitted_at
            dossier.ratings.append(Rating(at, at, "satisfied"))
        else:
            stand(dossier)
        return dossier

    def orphan(self) -> Dossier:
        """A dossier that only the national portal has: it never gets beyond its first steps."""
        procedure = self.procedure()
        filing = {**self.filing(procedure.level), "channel": "online", "filed_on_portal": True}
        dossier = self.dossier(procedure, filing)
        dossier.portal_lag = dt.timedelta()
        begin(dossier, self.habits, self.rng)
        return dossier


def born(
    source: Source, habits: Habits, day: dt.date, usual: float, rng: Random
) -> tuple[Dossier, ...]:
    """All dossiers of `day`; `usual` is the mean number a day of a source of the usual size."""
    work = usual * habits.size * WEEKDAYS[day.weekday()] * rng.uniform(0.95, 1.05)
    count = max(1, int(work + rng.random()))
    desk = Day(source, habits, day, rng)
    return (*desk.real(count), *desk.extra(count))


def orphans(
    source: Source, habits: Habits, day: dt.date, known: Sequence[Dossier], rng: Random
) -> Iterator[Dossier]:
    """What the national portal shows of `day` and the source never got; `known` is what it got.
    No code is that of a known dossier."""
    desk = Day(source, habits, day, rng, taken=len(known))
    filed = sum(dossier.is_real and dossier.filed_on_portal for dossier in known)
    for _ in range(int(ORPHANED * filed + rng.random())):
        yield desk.orphan()
