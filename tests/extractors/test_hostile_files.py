"""Every platform of files, when a file is made to do harm or is not what it is declared to be."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalog.errors import DeliveryBroken
from catalog.sources import Source
from tests.extractors.conftest import NIGHT, fails
from tests.extractors.monsters import GIGABYTE, LAUGHS, within
from tests.extractors.sftp.server import PASSWORD, USER, Post, serving
from tests.extractors.tables import GOOD, HEADER, MARK, book, edited, packed

LIMIT, MEMORY = 2_000_000, 32_000_000
ENTITIES = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><sst '
HOSTILE = {
    "an XML bomb.xlsx": (
        edited(GOOD, "xl/sharedStrings.xml", lambda xml: xml.replace("<sst ", ENTITIES)),
        "declares a document type in its XML",
    ),
    "a zip bomb.zip": (
        packed(a__csv="a,b\n" + "1,2\n" * 475_000),
        "grows by more than 200 times when it is unpacked",
    ),
    "a gigabyte in a megabyte.zip": (
        packed(a__csv="a,b\n" + "1,2\n" * 50_000_000),
        f"has a page larger than {LIMIT} bytes",
    ),
    "a formula.xlsx": (
        book([HEADER, ["X-1", ("=HYPERLINK(1)", MARK), ""]]),
        "has a formula in sheet 1, row 2, column 2",
    ),
    "a way out.zip": (
        packed(**{"../../a__csv": f"a,b\n1,{MARK}\n"}),
        "holds a file with a path that leads out of it",
    ),
    "the root.zip": (
        packed(**{"/etc/a__csv": f"a,b\n1,{MARK}\n"}),
        "holds a file with a path that leads out of it",
    ),
    "another encoding.csv": (
        b"code,name\n1," + MARK.encode() + "\n2,Đã xử lý\n".encode("utf-16-le"),
        "line 3 is not UTF-8",
    ),
    "millions of values.csv": (
        b"a,b\n" + b"ab," * 600_000,
        "has a row of more than 100000 values",
    ),
    "millions of values in lines.zip": (
        packed(a__csv=b'a,b\n"' + b'\n",ab,ab,"' * 60_000),
        "has a row of more than 100000 values",
    ),
    "not its name.csv": (GOOD, "is not what its name says"),
    "cut off.xlsx": (GOOD[:-60], "is a damaged archive"),
    "cut off within.zip": (packed(a__xlsx=GOOD[:-60]), "is a damaged archive"),
    "cut off.csv": (b'code,name\n1,"' + MARK.encode(), "line 2 is not well-formed CSV"),
}
Lay = Callable[[str, bytes], tuple[Source, Path]]


def source(platform: str, **changes: object) -> Source:
    usual = {
        "source_id": USER,
        "name_vi": "Thử nghiệm",
        "area": "X-TEST",
        "platform": platform,
        "records": ["reported_figure"],
        "figures": ["portal_account"],
        "secret": "THU_NGHIEM",
        "starts_on": dt.date(2026, 1, 1),
        "legal_basis": "không có",
        "max_page_bytes": LIMIT,
        "requests_per_second": 10_000,
    }
    return Source.model_validate(usual | changes)


@pytest.fixture(params=["manual_drop", "return_form", "sftp_files"])
def lay(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Lay]:
    """Lays a file down where a source of each platform in turn finds it."""
    if request.param != "sftp_files":
        yield lambda name, content: (
            source(request.param, folder=str(tmp_path)),
            _written(tmp_path / name, content),
        )
        return
    monkeypatch.setenv("MOTCUA_THU_NGHIEM", PASSWORD)
    with serving(Post(tmp_path)) as post:
        reads = source("sftp_files", url=f"sftp://127.0.0.1:{post.port}", host_key=post.host_key)

        def lay(name: str, content: bytes) -> tuple[Source, Path]:
            path = tmp_path / f"reported_figure_{NIGHT.on:%Y%m%d}{Path(name).suffix}"
            path.with_name(f"{path.name}.done").touch()
            return reads, _written(path, content)

        yield lay


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_held_and_told_by_its_place(lay: Lay, name: str) -> None:
    content, problem = HOSTILE[name]
    reads, path = lay(name, content)
    with within(MEMORY):
        told = fails(reads, DeliveryBroken, "reported_figure")
    assert told == f"source {USER}: {path.name} {problem}"


@pytest.mark.parametrize("suffix", ["csv", "zip"])
def test_a_file_of_a_gigabyte_is_refused_at_the_limit(lay: Lay, suffix: str) -> None:
    start = b"a,b\n1," if suffix == "csv" else b"PK\x03\x04"
    reads, path = lay(f"a.{suffix}", start)
    os.truncate(path, GIGABYTE)
    with within(MEMORY):
        told = fails(reads, DeliveryBroken, "reported_figure")
    assert told == f"source {USER}: {path.name} has a page larger than {LIMIT} bytes"
