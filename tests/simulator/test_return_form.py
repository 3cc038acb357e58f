"""The nation's returns, read back by the platform that reads real ones."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog import settings
from catalog.areas import areas_of
from catalog.night import Night
from catalog.records import records
from catalog.sources import sources
from extractors import collect, read
from simulator import Nation
from simulator.desk import Desk
from simulator.platforms import return_form
from transforms.conform import Conformed, conform

OPENS_ON = dt.date(2026, 9, 1)
RETURNS = sorted(i for i, s in sources().items() if s.platform == "return_form")


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nation]:
    """A nation that has opened: its returns lie in its folders."""
    nation = Nation(opens_on=OPENS_ON, dossiers=500)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTCUA_HOME", str(tmp_path_factory.mktemp("home")))
        settings.settings.cache_clear()
        _open(nation)
        yield nation
    settings.settings.cache_clear()


def _open(nation: Nation) -> None:
    async def serve() -> None:
        async with return_form.serving(Desk(nation)):
            pass

    asyncio.run(serve())


def understood(source_id: str, on: dt.date, cursor: str = "") -> tuple[Conformed, str]:
    source, shelf = sources()[source_id], dict[str, bytes]()

    def land(content: bytes) -> str:
        sha = hashlib.sha256(content).hexdigest()
        shelf[sha] = content
        return sha

    delivery = collect(source, "reported_figure", Night(on), cursor, land)
    pages = ((sha, read(source, "reported_figure", page)) for sha, page in shelf.items())
    found = conform(source, records()["reported_figure"], Night(on), pages, b"key")
    return found, delivery.cursor_after


@pytest.mark.parametrize("source_id", RETURNS)
def test_every_figure_of_the_window_is_understood(nation: Nation, source_id: str) -> None:
    on = dt.date(2027, 4, 30)
    found, _ = understood(source_id, on)
    until = dt.datetime.combine(on, dt.time()) + dt.timedelta(days=1)
    opens_at = dt.datetime.combine(OPENS_ON, dt.time())
    items = nation.window(source_id, "reported_figure", opens_at, until)
    stated = {(r["MaSoLieu"], r["MaDonVi"], r["Ky"]) for r in (item.row() for item in items)}
    assert stated
    assert (found.rejected, found.unmapped) == (0, ())
    got = found.table.to_pylist()
    assert {_key(r) for r in got} == stated
    assert {r["area_code"] for r in got} <= set(areas_of(sources()[source_id]))
    newest = {_key(r): r for r in sorted(got, key=lambda r: r["version_at"])}
    counts = {_key(r): (r["numerator"], r["denominator"]) for r in newest.values()}
    assert counts == {(i.subject.figure, i.subject.area, i.subject.period.text): i.state.content
                      for i in items}  # fmt: skip


def test_a_night_brings_what_was_handed_in_by_then_and_only_once(nation: Nation) -> None:
    first, cursor = understood("tai_khoan", dt.date(2026, 10, 31))
    second, _ = understood("tai_khoan", dt.date(2026, 11, 30), cursor)
    assert {r["period"] for r in second.table.to_pylist()} == {"2026-10"}
    assert "2026-10" not in {r["period"] for r in first.table.to_pylist()}
    cutoff = Night(dt.date(2026, 10, 31)).cutoff
    assert max(r["version_at"] for r in first.table.to_pylist()) < cutoff


def test_opening_again_changes_no_file(nation: Nation) -> None:
    files = sorted((settings.settings().home / "nation" / "drop").rglob("*"))
    before = {file: (file.stat().st_mtime_ns, _content(file)) for file in files}
    assert before
    _open(nation)
    assert {file: (file.stat().st_mtime_ns, _content(file)) for file in files} == before


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["figure_code"], row["agency_code"], row["period"]


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""
