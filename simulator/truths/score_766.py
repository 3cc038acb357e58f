"""Decision 766: what its metrics must be, and what the nation's portal states of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalog import codelists
from catalog.sources import Source
from simulator.clock import ONE_DAY
from simulator.dossier import DONE, Dossier
from simulator.kinds import Case
from simulator.kinds.catalogue import Procedure
from simulator.kinds.dossier import GATEWAYS, Handled, handled, on_time_rate, overdue_count
from simulator.kinds.periods import month_ends
from simulator.kinds.petition import received
from simulator.kinds.petition_life import Petition, is_on_time
from simulator.kinds.places import places
from simulator.kinds.procedure import ONLINE, entries, is_valid
from simulator.kinds.registers import known
from simulator.official_scores import METRICS, TOTAL, official_counts, official_scores

if TYPE_CHECKING:
    from simulator.nation import Nation

CERTIFICATION = codelists.codes("certification")
SCORE = 100
TO_THE_DAY = frozenset(METRICS["handling-satisfaction"])
"""What the portal counts up to the day that is asked for; all else for the whole year."""
Catalogue = dict[str, Procedure]


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    if source.source_id in nation.habits:
        at_work = list(handled(nation, source.source_id, cutoff))
        listed, is_rated = _catalogue(nation, cutoff), source.source_id in _rated(nation)
        for case in at_work:
            under = case.dossier.decided_under(source.area)
            yield from _of_dossier(under, case, listed, is_rated)
        yield from _of_procedures(source.area, at_work, listed)
    if "petition" in source.records:
        yield from _of_petitions(nation, source, cutoff)
    if "procedure" in source.records:
        yield from _of_catalogue(nation, source, cutoff)
    if "score_766" in source.figures:
        yield from _stated(nation, source, (cutoff - ONE_DAY).date())


def _catalogue(nation: Nation, cutoff: dt.datetime) -> Catalogue:
    """What the national catalogue says of each procedure, if anybody sends it."""
    senders = [s for s in nation.sources.values() if "procedure" in s.records]
    found = (entry for sender in senders for entry in entries(nation, sender, cutoff))
    return {procedure.code: procedure for procedure, _ in known(nation, found, cutoff)}


def _rated(nation: Nation) -> set[str]:
    """The sources of whose dossiers somebody sends the ratings."""
    tellers = (s for s in nation.sources.values() if "rating" in s.records)
    return {source_id for teller in tellers for source_id in nation.handling(teller)}


def _of_dossier(area: str, case: Handled, listed: Catalogue, is_rated: bool) -> Iterator[Case]:
    if case.dossier.is_request:
        yield from _of_request(area, case, listed)
    if case.dossier.is_agency_work:
        yield from _of_work(area, case, listed, is_rated)


def _of_request(area: str, case: Handled, listed: Catalogue) -> Iterator[Case]:
    dossier, at = case.dossier, case.received_at
    is_online, result = dossier.channel == "online", dossier.has_electronic_result
    yield Case("verified_dossier_share", area, at, int(dossier.is_vneid_verified))
    if not is_certification(dossier):
        yield Case("online_submission_share_without_certification", area, at, int(is_online))
    if case.finished_at is None or result is not None:
        procedure = listed.get(dossier.procedure.code)
        needs_result = procedure is None or procedure.requires_result
        has_result = bool(result) and case.state.status in DONE
        is_in = is_online and (has_result or not needs_result)
        yield Case("online_dossier_share_766", area, at, int(is_in))


def _of_work(area: str, case: Handled, listed: Catalogue, is_rated: bool) -> Iterator[Case]:
    dossier, at = case.dossier, case.received_at
    rating = dossier.rating_before(case.cutoff) if is_rated else None
    is_disliked = rating is not None and rating.level == "dissatisfied"
    late = overdue_count(case)
    kept = 1 - int(is_disliked) - int(late is not None and late[1])
    yield Case("dossier_satisfaction_share", area, at, kept)
    placed, result = on_time_rate(case), dossier.has_electronic_result
    if placed is None:
        return
    at, is_on_time_ = placed
    if not is_certification(dossier):
        yield Case("on_time_rate_without_certification", area, at, int(is_on_time_))
    if result is None:
        return
    procedure = listed.get(dossier.procedure.code)
    if procedure and procedure.requires_result:
        yield Case("required_result_share", area, at, int(result))
    if dossier.has_digitised_component is not None:
        is_in = result and dossier.has_digitised_component
        yield Case("digitised_with_result_share", area, at, int(is_in))


def is_certification(dossier: Dossier) -> bool:
    return dossier.procedure.code in CERTIFICATION


def _of_procedures(area: str, at_work: list[Handled], listed: Catalogue) -> Iterator[Case]:
    """Each procedure once for each month in which it was asked for."""
    asked: dict[tuple[dt.datetime, str], list[Dossier]] = defaultdict(list)
    for case in at_work:
        if case.dossier.is_request:
            month = dt.datetime(case.received_at.year, case.received_at.month, 1)
            asked[month, case.dossier.procedure.code].append(case.dossier)
    for (month, code), dossiers in asked.items():
        for indicator, is_in in _shows(dossiers, listed.get(code)):
            yield Case(indicator, area, month, int(is_in), period=f"{month:%Y-%m}")


def _shows(dossiers: list[Dossier], procedure: Procedure | None) -> Iterator[tuple[str, bool]]:
    """What the month's dossiers of one procedure show of it."""
    paid = {d.payment for d in dossiers if sum(d.procedure.fees) > 0}
    if dossiers[0].procedure.level in ONLINE:
        yield "online_service_used_share", any(d.channel == "online" for d in dossiers)
    if procedure and procedure.has_fee:
        yield "payable_procedure_share", "national_portal" in paid
        yield "paid_procedure_share", bool(paid & GATEWAYS)
    if procedure and procedure.is_for_citizens:
        yield "verified_procedure_share", any(d.is_vneid_verified for d in dossiers)


def _of_petitions(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    on = (cutoff - ONE_DAY).date()
    for petition in received(nation, source, nation.opens_on, cutoff.date()):
        state = petition.before(cutoff)
        if state:
            is_kept = is_on_time(state, on) and not _is_complained_of(state)
            told = {"petition_satisfaction_share": is_kept}
            for kind in ("procedure", "staff"):
                told[f"petition_{kind}_share"] = state.petition_type == kind
            for indicator, is_in in told.items():
                yield Case(indicator, state.area, state.received_at, int(is_in))


def _is_complained_of(state: Petition) -> bool:
    is_disliked = state.rated_at is not None and state.is_disliked
    return is_disliked or state.repeated_at is not None


def _of_catalogue(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    """The share of each ministry's procedures that are offered online, by month."""
    listed = known(nation, entries(nation, source, cutoff), cutoff)
    for month, counted_on in month_ends(source.starts_on, (cutoff - ONE_DAY).date()):
        levels: dict[str, list[bool]] = defaultdict(list)
        for procedure, offer in listed:
            if is_valid(procedure, offer, counted_on):
                levels[procedure.ministry].append(offer.level in ONLINE)
        for area, online in levels.items():
            yield Case("procedure_online_share", area, month, sum(online), len(online), True)


def _stated(nation: Nation, source: Source, on: dt.date) -> Iterator[Case]:
    """What the portal says on the day `on`: scores of groups, and the counts of metrics."""
    scores, at = official_scores(nation.seed, on.year), dt.datetime.combine(on, dt.time())
    stated = {row["code"]: row["portal"] for row in codelists.rows("figure") if row["portal"]}
    year_end = dt.date(on.year, 12, 31)
    for area in filter(scores.__contains__, places(source)):
        for figure in set(source.figures) & stated.keys():
            code = stated[figure]
            if code == TOTAL:
                continue
            if code in scores[area]:
                name, counts = f"{figure}_portal", (scores[area][code], SCORE)
            else:
                through = on if code in TO_THE_DAY else year_end
                name = f"{figure.removeprefix('766_')}_766_portal"
                counts = official_counts(nation.seed, area, code, through)
            yield Case(name, area, at, *counts, is_stock=True, grain="year")
