"""The nation's SFTP server, read by the platform that reads real ones: the files say what the
canonical rows say, in every format and encoding."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import asyncssh
import pyarrow as pa
import pytest

from catalog.errors import SourceError, SourceRefused, SourceThrottled, SourceUnavailable
from catalog.night import Night
from catalog.records import records
from catalog.settings import DEMO_SECRET, settings
from catalog.sources import Source, sources
from extractors import Delivery, collect, read
from simulator import Nation
from simulator.desk import Desk
from simulator.faults import Fault
from simulator.platforms import sftp_files
from transforms.conform import Conformed, conform

OPENS_ON = dt.date(2026, 9, 1)
NIGHT = Night(dt.date(2026, 9, 21))
SINCE = dt.datetime(2026, 9, 21)
KEY = b"a key of the test"
LINEAGE = ["page_sha256", "page_row", "content_hash"]


class Hall:
    """A nation whose provinces deliver files; `declare` changes how one does."""

    def __init__(self) -> None:
        self.nation = Nation(OPENS_ON, dossiers=60_000, seed=7)
        self.desk = Desk(self.nation)

    def declare(self, slug: str, **changes: Any) -> Source:
        files = {
            "platform": "sftp_files",
            "url": f"{{nation_sftp}}/{slug}",
            "host_key": sftp_files.host_key().export_public_key().decode(),
            "timeout_seconds": 30,
            "attempts": 2,
            "page_size": 50,
        }
        source = sources()[slug].model_copy(update=files | changes)
        self.nation.sources[slug] = source
        return source


@pytest.fixture
def hall(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    monkeypatch.setattr("extractors.web.FIRST_WAIT", 0.001)
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("MOTCUA_NATION_SFTP_PORT", str(free.getsockname()[1]))
    settings.cache_clear()
    yield Hall()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def serve() -> Iterator[Callable[[Desk], None]]:
    """Opens the server of a desk in a thread, until the end of the test."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    threads: list[threading.Thread] = []

    def serve(desk: Desk) -> None:
        ready = threading.Event()

        async def run() -> None:
            async with sftp_files.serving(desk):
                ready.set()
                await stop.wait()

        threads.append(threading.Thread(target=loop.run_until_complete, args=(run(),)))
        threads[0].start()
        assert ready.wait(10)

    yield serve
    loop.call_soon_threadsafe(stop.set)
    for thread in threads:
        thread.join()
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def run(source: Source, record: str = "dossier") -> tuple[Delivery, list[bytes]]:
    pages: list[bytes] = []

    def land(content: bytes) -> str:
        pages.append(content)
        return hashlib.sha256(content).hexdigest()

    return collect(source, record, NIGHT, "20260920", land), pages


def from_files(source: Source, record: str) -> Conformed:
    _, contents = run(source, record)
    pages = [(str(n), read(source, record, page)) for n, page in enumerate(contents)]
    return conform(source, records()[record], NIGHT, pages, KEY)


def from_rows(hall: Hall, source: Source, record: str, dialect: str) -> Conformed:
    window = hall.nation.window(source.source_id, record, SINCE, SINCE + dt.timedelta(days=1))
    spoken = source.model_copy(update={"dialect": dialect})
    return conform(spoken, records()[record], NIGHT, [("0", [i.row() for i in window])], KEY)


def comparable(table: pa.Table) -> list[dict[str, Any]]:
    return table.drop_columns(LINEAGE).to_pylist()


FORMATS = ["*.csv", "*.xlsx", "*.zip"]


@pytest.mark.parametrize("pattern", FORMATS)
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1258", "tcvn3", "vni"])
def test_files_of_every_kind_say_what_the_rows_say(
    hall: Hall, serve: Callable[[Desk], None], pattern: str, encoding: str
) -> None:
    source = hall.declare("ha_noi", file_pattern=pattern, encoding=encoding, delimiter=";")
    serve(hall.desk)
    told, meant = from_files(source, "dossier"), from_rows(hall, source, "dossier", "lgsp_json")
    assert told.table.num_rows > 50
    assert comparable(told.table) == comparable(meant.table)
    assert (told.received, told.rejected, told.duplicate) == (
        meant.received,
        meant.rejected,
        meant.duplicate,
    )
    assert sorted(told.rejects["reason"].to_pylist()) == sorted(meant.rejects["reason"].to_pylist())
    assert told.unmapped == ()


def test_events_and_postal_items_say_what_the_rows_say(
    hall: Hall, serve: Callable[[Desk], None]
) -> None:
    source = hall.declare("ha_noi", records=["dossier", "dossier_event"], encoding="tcvn3")
    post = hall.declare("buu_chinh")
    serve(hall.desk)
    told = from_files(source, "dossier_event")
    meant = from_rows(hall, source, "dossier_event", "lgsp_json")
    assert told.table.num_rows > 2
    for name in ("dossier_code", "agency_code", "event", "happened_at", "version_at"):
        assert sorted(told.table[name].to_pylist()) == sorted(meant.table[name].to_pylist())
    items = from_files(post, "postal_item")
    window = hall.nation.window("buu_chinh", "postal_item", SINCE, SINCE + dt.timedelta(days=1))
    rows = {item.row()["SoHieuBuuGui"]: item.row() for item in window}
    assert items.table.num_rows == len(rows) > 50
    assert (items.rejected, items.duplicate, items.unmapped) == (0, 0, ())
    for item in items.table.to_pylist():
        row = rows[item["item_code"]]
        assert (item["agency_code"], item["area_code"]) == (row["MaDonVi"], row["MaDonVi"][:3])
        assert item["direction"] == {"TIEPNHAN": "receipt", "TRAKETQUA": "return"}[row["ChieuGui"]]
        assert (item["delivered_at"] is None) == (row["NgayPhat"] == "")


def test_the_same_night_gives_the_same_pages(hall: Hall, serve: Callable[[Desk], None]) -> None:
    named = zip(["ha_noi", "hue", "ca_mau"], FORMATS, strict=True)
    declared = [hall.declare(slug, file_pattern=pattern) for slug, pattern in named]
    shelves = [sftp_files.Shelf(hall.nation, source) for source in declared]
    serve(hall.desk)
    for source, shelf in zip(declared, shelves, strict=True):
        [name] = (n for n in shelf.names if "dossier_20260921." in n and not n.endswith(".done"))
        delivery, pages = run(source)
        assert run(source)[0].sha256s == delivery.sha256s
        assert name.endswith(".csv") or pages == [shelf.content(name)]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("down", SourceUnavailable),
        ("dropped", SourceUnavailable),
        ("throttled", SourceThrottled),
        ("server_error", SourceUnavailable),
    ],
)
def test_a_fault_passes_or_is_told(
    hall: Hall, serve: Callable[[Desk], None], kind: str, error: type[SourceError]
) -> None:
    source = hall.declare("ha_noi")
    serve(hall.desk)
    whole, _ = run(source)
    hall.desk.faults.put("ha_noi", Fault(kind, times=1))
    assert run(source)[0].sha256s == whole.sha256s
    hall.desk.faults.put("ha_noi", Fault(kind))
    with pytest.raises(error):
        run(source)


def test_each_source_is_let_in_to_its_own_folder_only(
    hall: Hall, serve: Callable[[Desk], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = hall.declare("ha_noi"), hall.declare("hue")
    serve(hall.desk)
    with pytest.raises(SourceUnavailable, match="NoSuchFile"):
        run(mine.model_copy(update={"url": other.url}))
    with pytest.raises(SourceRefused):
        run(mine.model_copy(update={"user": "nobody"}))
    monkeypatch.setenv("MOTCUA_HUE", "another secret")
    assert run(other)[0].rows


def test_nothing_of_this_machine_is_served_and_nothing_can_be_changed(
    hall: Hall, serve: Callable[[Desk], None]
) -> None:
    hall.declare("ha_noi")
    serve(hall.desk)

    async def try_all() -> None:
        key = sftp_files.host_key().convert_to_public()
        async with (
            asyncssh.connect(
                "127.0.0.1",
                settings().nation_sftp_port,
                username="ha_noi",
                password=DEMO_SECRET,
                known_hosts=([key], [], []),
                client_keys=None,
                config=None,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            assert await sftp.listdir("/") == ["ha_noi"]
            assert await sftp.isdir("/ha_noi")
            for action in (
                sftp.open("/etc/passwd"),
                sftp.stat("/../etc/passwd"),
                sftp.readlink("/ha_noi"),
                sftp.open("/ha_noi/dossier_20260901.csv", "wb"),
                sftp.remove("/ha_noi/dossier_20260901.csv"),
                sftp.mkdir("/ha_noi/x"),
                sftp.rename("/ha_noi/dossier_20260901.csv", "/x"),
                sftp.symlink("/etc/passwd", "/ha_noi/x"),
                sftp.setstat("/ha_noi", asyncssh.SFTPAttrs(permissions=0o777)),
            ):
                with pytest.raises(asyncssh.SFTPError):
                    await action

    asyncio.run(try_all())
