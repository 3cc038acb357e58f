"""A source whose files lie on a real SFTP server on loopback."""

from __future__ import annotations

import datetime as dt
import hashlib
import pickle
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalog.errors import (
    SourceError,
)
from catalog.night import Night
from catalog.sources import Source
from extractors import Delivery, collect, read
from tests.extractors.sftp.server import PASSWORD, USER, Post, serving

NIGHT = Night(dt.date(2026, 11, 22))
HEADER = "Mã hồ sơ,Kênh thực hiện\n"
MARK = "VALUE-FROM-A-ROW"
Declare = Callable[..., Source]


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    monkeypatch.setenv("MOTCUA_THU_NGHIEM", PASSWORD)
    monkeypatch.setattr("extractors.web.FIRST_WAIT", 0.001)
    (tmp_path / "kho" / "thu").mkdir(parents=True)
    with serving(Post(tmp_path / "kho")) as post:
        yield post


@pytest.fixture
def declare(post: Post) -> Declare:
    usual = {
        "source_id": USER,
        "name_vi": "Thử nghiệm",
        "area": "X-TEST",
        "platform": "sftp_files",
        "url": f"sftp://127.0.0.1:{post.port}/thu",
        "secret": "THU_NGHIEM",
        "host_key": post.host_key,
        "starts_on": dt.date(2026, 1, 1),
        "legal_basis": "không có",
        "page_size": 2,
        "timeout_seconds": 5,
        "requests_per_second": 10_000,
    }
    return lambda **changes: Source.model_validate(usual | changes)


def put(post: Post, name: str, content: bytes | str, done: bool = True) -> Path:
    path = post.folder / "thu" / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    if done:
        path.with_name(name + ".done").touch()
    return path


def day(post: Post, on: str, *codes: str) -> Path:
    rows = "".join(f"{code},Trực tuyến\n" for code in codes)
    return put(post, f"dossier_{on}.csv", HEADER + rows)


class Shelf:
    """Stores pages as the landing does; calls `on_page` after each."""

    def __init__(self, on_page: Callable[[], object] = lambda: None) -> None:
        self.pages: list[bytes] = []
        self.on_page = on_page

    def land(self, content: bytes) -> str:
        self.pages.append(content)
        self.on_page()
        return hashlib.sha256(content).hexdigest()

    def codes(self, source: Source) -> list[str]:
        return [row["Mã hồ sơ"] for page in self.pages for row in read(source, "dossier", page)]


def run(
    source: Source, cursor: str = "", night: Night = NIGHT, shelf: Shelf | None = None
) -> tuple[Delivery, Shelf]:
    shelf = shelf or Shelf()
    return collect(source, "dossier", night, cursor, shelf.land), shelf


def fails(source: Source, kind: type[SourceError], cursor: str = "") -> str:
    with pytest.raises(kind) as caught:
        run(source, cursor)
    told = "".join(traceback.format_exception(caught.value))
    for hidden in (MARK, PASSWORD):
        assert hidden not in told
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    return caught.value.problem


def long_file(post: Post, bytes_: int = 9_000_000) -> tuple[Path, int]:
    row = "x" * 20 + ",Trực tuyến\n"
    count = bytes_ // len(row.encode())
    return put(post, "dossier_20261122.csv", HEADER + row * count), count
