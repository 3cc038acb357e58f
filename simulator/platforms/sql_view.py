"""Views that sources open in a database of the nation: every change of a record is a row.

All sources share one database (`Settings.nation_database`); the view of each is the one that its
file names under ``views``. The tables are filled once, for DAYS from the day the nation opened, and
again only when it is another nation or a dossier is deleted. A change that is followed by another
on the same day is not told.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from catalog.settings import settings
from catalog.sources import Source
from simulator.clock import ONE_DAY
from simulator.defects import defect_of
from simulator.desk import Desk
from simulator.dossier import Dossier
from simulator.feed import offers
from simulator.nation import Item, Nation
from simulator.view_rows import COLUMNS, view_row

DAYS = 200
TIME = sa.Text().with_variant(sa.TIMESTAMP(), "postgresql")
"""SQLite has no times: they are ISO text there."""

_facts = sa.MetaData()
_view, _nation = sa.Column("view", sa.Text, primary_key=True), sa.Column("nation", sa.Text)
FILLED = sa.Table("motcua_filled", _facts, _view, _nation)
"""Which nation each view was filled from."""


@asynccontextmanager
async def serving(desk: Desk) -> AsyncIterator[None]:
    await asyncio.to_thread(refresh, desk)
    yield


def refresh(desk: Desk) -> None:
    """Make the views of all sources tell what the nation now holds."""
    fill(desk.nation, desk.sources("sql_view"))


def fill(nation: Nation, sources: dict[str, Source]) -> None:
    """Make the views of `sources` where they are missing or tell of another nation."""
    url = sa.make_url(settings().nation_database)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            _facts.create_all(connection)
            for source in sources.values():
                for record in (record for record in ITEMS if offers(source, record)):
                    _fill(connection, nation, source, record)
    finally:
        engine.dispose()


def _fill(connection: sa.Connection, nation: Nation, source: Source, record: str) -> None:
    view = source.views.get(record, f"motcua_{record}")
    told = f"{source.source_id} {nation.opens_on} {nation.dossiers} {nation.seed} {DAYS}"
    told += f" {' '.join(COLUMNS[record])} {nation.deleted.get(source.source_id, '')}"
    ours = FILLED.c.view == view
    if connection.execute(sa.select(FILLED.c.nation).where(ours)).scalar() == told:
        return
    table = _table(view, record)
    connection.exec_driver_sql(f"DROP VIEW IF EXISTS {view}")
    table.metadata.drop_all(connection)
    table.metadata.create_all(connection)
    rows = list(_rows(nation, source, record))
    if rows:
        connection.execute(sa.insert(table), rows)
    connection.exec_driver_sql(f"CREATE VIEW {view} AS SELECT * FROM {table}")
    connection.execute(sa.delete(FILLED).where(ours))
    connection.execute(sa.insert(FILLED).values(view=view, nation=told))


def _table(view: str, record: str) -> sa.Table:
    texts = [name for name in COLUMNS[record] if name != "received_at"]
    times = ["updated_at", *(name for name in COLUMNS[record] if name not in texts)]
    name = f"{view}_rows"
    return sa.Table(
        name,
        sa.MetaData(),
        sa.Column("record_key", sa.Text),
        *(sa.Column(time, TIME) for time in times),
        *(sa.Column(text, sa.Text) for text in texts),
        sa.Index(f"{name}_order", times[-1], "record_key"),
    )


def _rows(nation: Nation, source: Source, record: str) -> Iterator[dict[str, Any]]:
    last = nation.opens_on + DAYS * ONE_DAY
    deleted = nation.deleted.get(source.source_id, {})
    deleted = {code: at for code, at in deleted.items() if at.date() <= last}
    for dossier in nation.alive(source.source_id, nation.opens_on, last):
        for item in ITEMS[record](dossier):
            if not _is_gone(record, item, deleted.get(dossier.code)):
                yield view_row(record, item.code, item.at, item.row())


def _is_gone(record: str, item: Item, deleted_at: dt.datetime | None) -> bool:
    """A deleted dossier changes no more. A list of keys has no past: what is deleted within the
    DAYS is not in it from now on."""
    return deleted_at is not None and (record == "dossier_key" or item.at >= deleted_at)


def _changes(dossier: Dossier) -> Iterator[Item]:
    for version in {version.at.date(): version for version in dossier.versions}.values():
        defect = defect_of("dossier", dossier, version)
        for copy in range(defect.copies if defect else 1):
            yield Item(version.at, dossier.code, copy, "dossier", dossier, version)


def _events(dossier: Dossier) -> Iterator[Item]:
    for number, event in enumerate(dossier.events if dossier.is_real else (), start=1):
        yield Item(event.at, f"{dossier.code}/{number}", 0, "dossier_event", dossier, event)


def _received(dossier: Dossier) -> Iterator[Item]:
    """Each real dossier once, as it was first received."""
    first = next((version for version in dossier.versions if version.received_at), None)
    if dossier.is_real and first:
        yield Item(first.at, dossier.code, 0, "dossier_key", dossier, first)


ITEMS: dict[str, Callable[[Dossier], Iterator[Item]]] = {
    "dossier": _changes,
    "dossier_event": _events,
    "dossier_key": _received,
}
