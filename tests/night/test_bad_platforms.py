"""A season in which each platform has its own kinds of bad night, and nobody else suffers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import pipeline
from catalog.settings import CATALOG, settings
from catalog.sources import sources
from extractors import web
from motcua.clock import now
from pipeline.releases import figures, release_folder
from pipeline.stores import warehouse
from simulator.truth import truth
from tests.night.expected import asked, measured
from tests.night.own import codes

DOSSIERS = 60_000
XROAD, SOAP, CSV, TCVN3, VIEW = "ha_tinh", "lao_cai", "dien_bien", "lai_chau", "gia_lai"
ADAPTER, PORTAL, RETURN, DROP = "cong_dvcqg_ho_so", "cong_dvcqg_766", "tai_khoan", "wabo"
SOURCES = {XROAD, SOAP, CSV, TCVN3, VIEW, ADAPTER, PORTAL, RETURN, DROP}
WEB, THROTTLED = (XROAD, SOAP, ADAPTER, PORTAL), (XROAD, PORTAL, CSV)

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class BadNight:
    """What befalls whom on a night, and what the ledger must say of whom it is lost for."""

    on: dt.date
    faults: dict[str, dict[str, Any]] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)


def once(kind: str, *source_ids: str) -> dict[str, dict[str, Any]]:
    return {source_id: {"kind": kind, "times": 1} for source_id in source_ids}


def all_night(kind: str, *source_ids: str) -> dict[str, dict[str, Any]]:
    return {source_id: {"kind": kind} for source_id in source_ids}


SEASON = {
    "first": BadNight(dt.date(2026, 11, 16), {}, {DROP: "case:channel"}),
    "down": BadNight(
        dt.date(2026, 11, 17),
        all_night("down", *WEB, CSV),
        {**dict.fromkeys(WEB, "503"), CSV: "SFTP"},
    ),
    "broken": BadNight(
        dt.date(2026, 11, 18),
        all_night("truncated_page", *WEB) | all_night("empty_night", CSV),
        {
            XROAD: "cut or unexpected JSON instead of a page",
            SOAP: "XML",
            ADAPTER: "cut or unexpected JSON instead of a page",
            PORTAL: "service-results: cut or unreadable JSON",
            CSV: "dossier_20261117.csv|xlsx|zip is not there yet",
            VIEW: "trang_thai",
            RETURN: "tai_khoan-2026-10.csv lacks the column Mã số liệu",
            TCVN3: "dossier_20261118.csv line 1 is not UTF-8",
        },
    ),
    "passing": BadNight(
        dt.date(2026, 11, 19),
        once("throttled", *THROTTLED) | once("token_expired", SOAP, ADAPTER),
    ),
    "changed": BadNight(
        dt.date(2026, 11, 20),
        all_night("changed_column", XROAD, SOAP)
        | all_night("token_expired", ADAPTER)
        | all_night("firewalled", PORTAL),
        {XROAD: "MaHoSo", SOAP: "MaHoSo", ADAPTER: "session", PORTAL: "refused"},
    ),
    "last": BadNight(dt.date(2026, 11, 23)),
}


def view_without_a_column(country: Any) -> Iterator[None]:
    """Its database administrator makes the view anew, without a column that we read."""
    view = sources()[VIEW].views["dossier"]
    engine = sa.create_engine(settings().nation_database)
    kept = [c["name"] for c in sa.inspect(engine).get_columns(view) if c["name"] != "trang_thai"]
    for columns in (", ".join(kept), "*"):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP VIEW {view}")
            connection.exec_driver_sql(f"CREATE VIEW {view} AS SELECT {columns} FROM {view}_rows")
        yield
    engine.dispose()


def return_with_another_header(country: Any) -> Iterator[None]:
    """An official renames a column of the form, and takes the file back when told."""
    file = country.home / "nation" / "drop" / RETURN / "tai_khoan-2026-10.csv"
    file.write_text("Mã chỉ tiêu,Mã đơn vị,Kỳ,Giá trị\nportal_account,H26,2026-10,7\n", "utf-8")
    yield
    file.unlink()


def wrong_encoding(country: Any) -> Iterator[None]:
    """The source's file here says utf-8, its files are in TCVN3."""
    yield from declared(TCVN3, encoding="utf-8")


def drop_with_another_header(country: Any) -> Iterator[None]:
    """The operator drops a file whose header somebody has translated."""
    folder = Path(country.home) / "drop" / DROP
    folder.mkdir(parents=True)
    [sample] = (CATALOG / "samples").glob(sources()[DROP].file_pattern)
    content = sample.read_text("utf-8").replace("case:channel", "kênh", 1)
    (folder / sample.name).write_text(content, "utf-8")
    yield from declared(DROP, folder=str(folder))


def declared(source_id: str, **otherwise: Any) -> Iterator[None]:
    right = sources()[source_id]
    sources()[source_id] = right.model_copy(update=otherwise)
    yield
    sources()[source_id] = right


MISHAPS: dict[str, list[Callable[[Any], Iterator[None]]]] = {
    "first": [drop_with_another_header],
    "broken": [view_without_a_column, return_with_another_header, wrong_encoding],
}


@pytest.fixture(scope="module")
def season(country: Any) -> dict[str, int]:
    """Night -> how it ended."""
    web.FIRST_WAIT = 0.05
    for source_id in SOURCES:
        impatient = {"attempts": 2, "timeout_seconds": 10.0}
        sources()[source_id] = sources()[source_id].model_copy(update=impatient)
    return {name: played(country, name) for name in SEASON}


def played(country: Any, name: str) -> int:
    mishaps = [mishap(country) for mishap in MISHAPS.get(name, [])]
    for mishap in mishaps:
        next(mishap)
    for source_id, fault in SEASON[name].faults.items():
        country.fault(source_id, **fault)
    ending = pipeline.night(SEASON[name].on, now)
    for source_id in SEASON[name].faults:
        country.no_fault(source_id)
    for mishap in mishaps:
        next(mishap, None)
    return ending


@pytest.mark.parametrize("name", SEASON)
def test_the_ledger_says_what_was_wrong_and_where(season: dict[str, int], name: str) -> None:
    night = SEASON[name]
    rows = [r for r in warehouse().ledger(on=night.on) if r["verdict"] in ("failed", "held")]
    told = {s: " / ".join(r["problem"] for r in rows if r["source_id"] == s) for s in SOURCES}
    assert {s for s, problem in told.items() if problem} == night.lost.keys(), told
    assert {s: told[s] for s, words in night.lost.items() if words not in told[s]} == {}
    assert [s for s in night.lost if not re.match(rf"\w+: (source )?{s}: ", told[s])] == []
    assert season[name] == (pipeline.SOME_FAILED if night.lost else pipeline.DONE)


def test_who_throttles_once_is_asked_again(season: dict[str, int]) -> None:
    rows = [r for r in warehouse().ledger(on=SEASON["passing"].on) if r["stage"] == "collect"]
    again = {r["source_id"]: r["attempts"] - r["pages"] for r in rows if r["attempts"] > r["pages"]}
    assert again == dict.fromkeys(THROTTLED, 1)


@pytest.mark.parametrize("name", SEASON)
def test_nothing_of_it_is_merged_and_all_of_everyone_else(
    season: dict[str, int], name: str
) -> None:
    on = SEASON[name].on
    ledger = [r for r in warehouse().ledger(on=on) if r["stage"] == "merge"]
    merged = {(r["source_id"], r["record"]) for r in ledger}
    heard = [s for s in sources().values() if s.source_id not in SEASON[name].lost]
    assert merged == {(source.source_id, record) for source in heard for record in source.records}
    release = release_folder(on)
    assert release
    assert release.name.endswith(str(on))


SHOWN = {
    **dict.fromkeys((XROAD, SOAP, CSV, TCVN3, VIEW, DROP), ("online_submission_share", "{area}")),
    ADAPTER: ("portal_match_rate", "VN"),
    PORTAL: ("score_766_portal", "VN"),
}
"""Source -> the figure and the area that show its absence. A return is not due every night."""


@pytest.mark.parametrize("name", SEASON)
def test_coverage_shows_the_hole(season: dict[str, int], name: str) -> None:
    on = SEASON[name].on
    for source_id, (indicator, area) in SHOWN.items():
        area = area.format(area=sources()[source_id].area)
        period = "all" if source_id == DROP else f"{on.year}"
        [shown] = figures(indicator, area, period, on) or [{"coverage": 0}]
        expected = 0 if source_id in SEASON[name].lost else 1
        if indicator == "portal_match_rate":
            expected *= covered(name)
        assert (source_id, shown["coverage"]) == (source_id, pytest.approx(expected))
    [nation] = figures("online_submission_share", "VN", f"{on.year}", on)
    assert nation["coverage"] == pytest.approx(covered(name))


def covered(name: str) -> float:
    """The share of the provinces here that were heard."""
    provinces = {XROAD, SOAP, CSV, TCVN3, VIEW}
    return len(provinces - SEASON[name].lost.keys()) / len(provinces)


def test_nothing_is_lost_in_the_end(season: dict[str, int], country: Any) -> None:
    on = SEASON["last"].on
    expected, found = truth(asked(country.nation), on), measured(on)
    assert {k: (v, found.get(k)) for k, v in expected.items() if found.get(k, (0, 0)) != v} == {}
    of_sources = {k: v for k, v in found.items() if k[0] not in codes()}
    invented = {k: v for k, v in of_sources.items() if k not in expected and v != (0, 0)}
    assert {area for _, area, _ in invented} == {"X-WABO"}
    assert found["online_submission_share", "X-WABO", "all"] == (1250, 1434)


def test_the_messages_carry_no_value_that_a_source_sent(season: dict[str, int]) -> None:
    problems = [row["problem"] for row in warehouse().ledger()]
    assert not [p for p in problems if "-2611" in p or "Bearer" in p or "kênh" in p]
