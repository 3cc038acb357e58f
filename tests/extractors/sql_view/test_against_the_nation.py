"""The views of the simulated nation, read by the platform and understood by its dialect."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from catalog import areas, settings, sources
from catalog.night import LOCAL_ZONE, Night
from catalog.records import lineage, records
from catalog.sources import Source
from extractors import collect, read
from simulator import Nation
from simulator.desk import Desk
from simulator.platforms.sql_view import serving
from tests.extractors.conftest import Shelf
from tests.extractors.sql_view.servers import PostgreSQL
from transforms.conform import conform

OPENS_ON, NIGHT = dt.date(2026, 9, 1), Night(dt.date(2026, 10, 20))
DECLARED = """
name_vi: Hệ thống một cửa tỉnh Thử Nghiệm
area: H26
platform: sql_view
records: [dossier, dossier_event]
url: "{nation_database}"
views:
  dossier: thu_nghiem_dossier
  dossier_event: thu_nghiem_dossier_event
  dossier_key: thu_nghiem_dossier_key
secret: THU_NGHIEM
look_back: 0
starts_on: 2026-09-01
legal_basis: Nghị định 118/2025/NĐ-CP
"""
KEY = b"k" * 32
Rows = list[dict[str, Any]]


def _forget() -> None:
    for cached in (settings.settings, sources.sources, areas.areas):
        cached.cache_clear()


@pytest.fixture(params=["sqlite", "postgresql"])
def nation(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Nation]:
    """A nation of one source, whose views are filled in a database of each kind."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "thu_nghiem.yml").write_text(DECLARED, encoding="utf-8")
    monkeypatch.setenv("MOTCUA_SOURCES_DIR", str(folder))
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path / "home"))
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        monkeypatch.setenv("MOTCUA_NATION_DATABASE_URL", server.engine.url.render_as_string())
    _forget()
    yield opened(Nation(OPENS_ON, dossiers=20_000, seed=7))
    monkeypatch.undo()
    _forget()


def opened(nation: Nation) -> Nation:
    async def open_and_close() -> None:
        async with serving(Desk(nation)):
            pass

    asyncio.run(open_and_close())
    return nation


def by_view(source: Source, record: str, since: dt.datetime) -> Rows:
    """The conformed rows of one night, without what tells where they come from."""
    shelf = Shelf()
    collect(source, record, NIGHT, since.isoformat(), shelf.land)
    pages = [(f"{n}", read(source, record, page)) for n, page in enumerate(shelf.pages)]
    return understood(source, record, pages)


def by_feed(nation: Nation, source: Source, record: str, since: dt.datetime) -> Rows:
    """The same nights as a JSON feed would tell them."""
    until = NIGHT.cutoff.astimezone(LOCAL_ZONE).replace(tzinfo=None)
    window = nation.window(source.source_id, record, since, until)
    told = source.model_copy(update={"platform": "lgsp_json"})
    return understood(told, record, [("0", iter([item.row() for item in window]))])


def understood(source: Source, record: str, pages: Any) -> Rows:
    conformed = conform(source, records()[record], NIGHT, pages, KEY)
    assert conformed.unmapped == ()
    assert conformed.received > 10
    left_out = {"event_code", *(set(lineage()) - {"version_at", "area_code"})}
    rows = conformed.table.to_pylist()
    kept = [{k: v for k, v in row.items() if k not in left_out} for row in rows]
    return sorted(kept, key=lambda row: (row["version_at"], row["dossier_code"], str(row)))


@pytest.mark.parametrize(("record", "nights"), [("dossier", 1), ("dossier_event", 30)])
def test_a_view_means_what_a_feed_of_the_same_nights_means(
    nation: Nation, record: str, nights: int
) -> None:
    """Of dossiers a view tells more than one state where there are more nights than one."""
    source = nation.sources["thu_nghiem"]
    since = dt.datetime.combine(NIGHT.on, dt.time()) - dt.timedelta(days=nights - 1)
    assert by_view(source, record, since) == by_feed(nation, source, record, since)


def test_the_keys_of_a_month_are_all_dossiers_received_in_it(nation: Nation) -> None:
    source = nation.sources["thu_nghiem"]
    shelf = Shelf()
    collect(source, "dossier_key", NIGHT, "2026-09", shelf.land)
    found = {r["ma_ho_so"] for p in shelf.pages for r in read(source, "dossier_key", p)}
    month, until = dt.datetime(2026, 9, 1), dt.datetime(2026, 10, 21)
    window = nation.window("thu_nghiem", "dossier_key", month, until)
    assert found == {item.code for item in window}
    assert len(found) > 20


def test_the_views_are_filled_again_only_for_another_nation(nation: Nation) -> None:
    engine = sa.create_engine(settings.settings().nation_database)

    def count() -> int:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT count(*) FROM thu_nghiem_dossier")
            return int(found.scalar_one())

    before = count()
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM thu_nghiem_dossier_rows")
    opened(Nation(nation.opens_on, nation.dossiers, nation.seed))
    assert count() == 0
    opened(Nation(nation.opens_on, nation.dossiers, seed=8))
    assert count() not in (0, before)
    opened(nation)
    assert count() == before
    engine.dispose()
