"""A season of deletions over a small country, played once and looked at by many tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import duckdb
import httpx2

import pipeline
from catalog.records import records
from catalog.sources import sources
from extractors import web
from motcua.clock import now
from pipeline.stores import lake
from simulator import Nation
from simulator.dossier import Dossier
from tests.night.expected import query

HANDLING = ["gia_lai", "ha_tinh", "hue", "lao_cai"]
PORTAL = "cong_dvcqg_ho_so"
"""One each of sql_view, xroad_rest, lgsp_json and soap, and the portal that follows them all."""
NIGHTS = {
    "first": dt.date(2026, 11, 16),
    "unlisted": dt.date(2026, 11, 17),
    "listed": dt.date(2026, 11, 18),
    "doubted": dt.date(2026, 11, 19),
    "again": dt.date(2026, 11, 20),
    "sent": dt.date(2026, 11, 23),
}
"""Working days: on a Sunday a province of this size sends nothing, and is held for it."""
LISTING = ("listed", "doubted", "again")
DOUBTED = {"ha_tinh": "down", "hue": "empty_night", "lao_cai": "collapsed_night"}
"""Source -> what is wrong with its list, and nothing else, on that night."""
DELETED_AT, LATER_AT = dt.datetime(2026, 11, 17, 10), dt.datetime(2026, 11, 19, 10)
NEVER = dt.datetime(2030, 1, 1)
Key = tuple[str, str]
"""Source and code of a dossier."""


class Chosen(NamedTuple):
    """Dossiers by what becomes of them. All but `late` are deleted before the first comparison;
    the others come back: listed again, sent again, or both in one night."""

    gone: set[Key]
    late: set[Key]
    listed: set[Key]
    sent: set[Key]
    both: set[Key]


class Season(NamedTuple):
    """What the nights were played with, and the tombstones after each, in lake and Postgres."""

    chosen: Chosen
    endings: dict[str, int]
    lake: dict[str, set[Key]]
    postgres: dict[str, set[Key]]
    country: Any


def midnight(name: str) -> dt.datetime:
    """The beginning of a night's day."""
    return dt.datetime.combine(NIGHTS[name], dt.time())


def received(nation: Nation, source_id: str) -> Iterator[tuple[Dossier, list[dt.datetime]]]:
    """The real dossiers received before the deletions, and when their source speaks of them."""
    for dossier in nation.alive(source_id, nation.opens_on, DELETED_AT.date()):
        state = dossier.version_before(DELETED_AT)
        if dossier.is_real and state and state.received_at:
            parts = (*dossier.versions, *dossier.events, *dossier.ratings)
            yield dossier, sorted(part.at for part in parts)


def settled(nation: Nation, source_id: str) -> list[list[Key]]:
    """Dossiers of which nothing more is said: for each month its last three, then the last that
    lie open for ever."""
    kinds: dict[str, list[Key]] = {}
    for dossier, told in received(nation, source_id):
        state = dossier.versions[-1]
        kind = "open" if state.status == "processing" else f"{state.received_at:%m}"
        if told[-1] < midnight("unlisted"):
            kinds.setdefault(kind, []).append((source_id, dossier.code))
    return [kinds[kind][-3:] for kind in sorted(kinds)]


def silent_until(nation: Nation, source_id: str, name: str) -> Key:
    """A dossier of which nothing is said from its deletion until a change on that night's day."""
    for dossier, told in received(nation, source_id):
        after = [at for at in told if at >= DELETED_AT]
        changes = {version.at for version in dossier.versions}
        if after and after[0] in changes and after[0].date() == NIGHTS[name]:
            return source_id, dossier.code
    raise AssertionError(f"no dossier of {source_id} changes on the day of {name}")


def chosen(nation: Nation) -> Chosen:
    each = {source_id: settled(nation, source_id) for source_id in HANDLING}
    listed = {each["gia_lai"][0][0], each["hue"][0][0]}
    sent = {silent_until(nation, "ha_tinh", "sent")}
    both = {silent_until(nation, "lao_cai", "again")}
    first = {kind[-1] for kinds in each.values() for kind in kinds}
    late = {kinds[1][0] for kinds in each.values()}
    return Chosen(first | listed | sent | both, late, listed, sent, both)


def played(country: Any) -> Season:
    """The nights in order, with what happens between them."""
    web.FIRST_WAIT = 0.05
    season = Season(chosen(country.nation), {}, {}, {}, country)
    events = {
        "unlisted": lambda: delete(country, season.chosen.gone, DELETED_AT),
        "doubted": lambda: [
            delete(country, season.chosen.late, LATER_AT),
            *(country.fault(s, kind=kind, record="dossier_key") for s, kind in DOUBTED.items()),
        ],
        "again": lambda: [
            *(country.no_fault(source_id) for source_id in DOUBTED),
            delete(country, season.chosen.listed | season.chosen.both, NEVER),
        ],
        "sent": lambda: delete(country, season.chosen.sent, NEVER),
    }
    for name, on in NIGHTS.items():
        events.get(name, lambda: None)()
        play(season, name, on)
    return season


def reconcile_on(day: int) -> None:
    for source_id in HANDLING:
        sources()[source_id] = sources()[source_id].model_copy(update={"reconciles_on_day": day})


def play(season: Season, name: str, on: dt.date) -> None:
    reconcile_on(on.day if name in LISTING else 1)
    season.endings[name] = pipeline.night(on, now)
    dead = "SELECT source_id, dossier_code FROM {} AS state WHERE is_deleted"
    with duckdb.connect() as connection:
        state = lake().current(records()["dossier"])
        season.lake[name] = set(connection.sql(dead.format(state)).fetchall())
    rows = query(dead.format("record.dossier"))
    season.postgres[name] = {(source_id, code) for source_id, code in rows}


def delete(country: Any, keys: Iterable[Key], at: dt.datetime) -> None:
    for source_id, code in sorted(keys):
        words = {"code": code, "at": f"{at:%Y%m%d%H%M%S}"}
        answer = httpx2.post(f"{country.url}/_deleted/{source_id}", json=words, timeout=60)
        answer.raise_for_status()


def dead_after(chosen: Chosen, name: str) -> set[Key]:
    """What must be dead after a night."""
    believed = {key for key in chosen.late if key[0] not in DOUBTED}
    dies = {"listed": chosen.gone, "doubted": believed, "again": chosen.late}
    returns = {"again": chosen.listed | chosen.both, "sent": chosen.sent}
    dead: set[Key] = set()
    for at in list(NIGHTS)[: list(NIGHTS).index(name) + 1]:
        dead = dead - returns.get(at, set()) | dies.get(at, set())
    return dead
