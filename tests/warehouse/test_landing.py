from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import LakeError
from warehouse.landing import Landing

PAGE = b'{"HoTen": "Mot Nguoi Nao Do"}'


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path, "a key")


def _blobs(landing: Landing) -> list[Path]:
    return [path for path in (landing.folder / "blobs").rglob("*") if path.is_file()]


def test_a_page_is_stored_encrypted_under_its_hash(landing: Landing) -> None:
    sha256 = landing.land(PAGE)
    assert sha256 == hashlib.sha256(PAGE).hexdigest()
    [blob] = _blobs(landing)
    assert blob == landing.folder / "blobs" / sha256[:2] / sha256
    assert b"HoTen" not in blob.read_bytes()
    assert landing.read(sha256) == PAGE


@given(content=st.binary(max_size=200))
def test_what_was_landed_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    landing = Landing(tmp_path_factory.getbasetemp() / "landing", "a key")
    assert landing.read(landing.land(content)) == content


def test_landing_again_writes_nothing(landing: Landing) -> None:
    landing.land(PAGE)
    [before] = _blobs(landing)
    stored = before.stat()
    landing.land(PAGE)
    [after] = _blobs(landing)
    assert (after.stat().st_ino, after.stat().st_mtime_ns) == (stored.st_ino, stored.st_mtime_ns)


def test_a_changed_swapped_or_missing_blob_is_refused(landing: Landing) -> None:
    first, second = landing.land(PAGE), landing.land(b"other")
    blobs = {path.name: path for path in _blobs(landing)}
    sealed = blobs[first].read_bytes()
    blobs[first].write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    blobs[second].write_bytes(sealed)
    for sha256 in (first, second, "0" * 64):
        with pytest.raises(LakeError, match=sha256):
            landing.read(sha256)
    blobs[first].write_bytes(b"short")
    with pytest.raises(LakeError, match="damaged"):
        landing.read(first)


def test_another_key_reads_nothing(landing: Landing) -> None:
    sha256 = landing.land(PAGE)
    with pytest.raises(LakeError, match="another key"):
        Landing(landing.folder, "another").read(sha256)


def test_a_collection_again_keeps_the_earlier_manifests(landing: Landing) -> None:
    batch_id = "ha_noi.dossier.2026-11-22"
    assert landing.manifest(batch_id) is None
    for rows in (1, 1, 2, 3):
        landing.write_manifest(batch_id, {"rows": rows, "pages": []})
    assert landing.manifest(batch_id) == {"rows": 3, "pages": []}
    names = sorted(path.name for path in (landing.folder / "manifests").iterdir())
    assert names == [f"{batch_id}.1.json", f"{batch_id}.2.json", f"{batch_id}.json"]
    assert landing.manifest(f"{batch_id}.2") == {"rows": 2, "pages": []}


def test_retention_forgets_only_what_no_later_night_names(landing: Landing) -> None:
    old, shared, new, loose = (landing.land(content) for content in (b"1", b"2", b"3", b"4"))
    nights = {"2026-11-01": [old, shared], "2026-11-20": [shared, new]}
    for night, pages in nights.items():
        manifest = {"pages": [{"sha256": sha256} for sha256 in pages]}
        landing.write_manifest(f"bo_cong_an.dossier.{night}", manifest)
    assert landing.forget_before(dt.date(2026, 11, 1)) == 0
    assert landing.forget_before(dt.date(2026, 11, 20)) == 1
    assert landing.forget_before(dt.date(2026, 11, 20)) == 0
    assert {path.name for path in _blobs(landing)} == {shared, new, loose}
    assert landing.manifest("bo_cong_an.dossier.2026-11-01") is not None
