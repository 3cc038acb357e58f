"""Archives: their files read in order, hostile ones refused before they are unpacked."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from catalog.errors import DeliveryBroken
from extractors import read
from tests.extractors.tables import (
    GOOD,
    MARK,
    book,
    declare,
    packed,
    refused,
    taken,
)


def test_an_archive_gives_the_rows_of_its_files_in_order_of_their_names() -> None:
    archive = packed(b__csv="a,b\n3,4\n", a__csv="a,b\n1,2\n", c__xlsx=book([["a", "b"], [5, 6]]))
    assert [row["a"] for row in taken("a.zip", archive)] == ["1", "3", "5"]


def bomb(size: int) -> bytes:
    return packed(a__csv="a,b\n" + "1,2\n" * (size // 4))


def test_archives_above_the_limits_are_refused_before_they_are_unpacked() -> None:
    tracemalloc.start()
    try:
        content = bomb(200_000_000)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        assert "larger than" in refused("a.zip", content)
        assert tracemalloc.get_traced_memory()[1] - before < 5_000_000
    finally:
        tracemalloc.stop()
    assert "more than 200 times" in refused("a.zip", bomb(1_900_000))
    many = packed(**{f"f{n}__csv": "a\n" for n in range(201)})
    assert "more than 200 files" in refused("a.zip", many)
    half = "a,b\n" + "".join(f"{n},{n * 7919 % 1000003}\n" for n in range(90_000))
    assert "larger than" in refused("a.zip", packed(a__csv=half, b__csv=half))


def test_a_false_size_in_the_directory_is_damage() -> None:
    content = packed(a__csv="a,b\n" + "1,2\n" * 100_000)
    size = struct.pack("<I", 4 + 4 * 100_000)
    assert content.count(size) == 2
    assert "damaged" in refused("a.zip", content.replace(size, struct.pack("<I", 1000)))


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../a.csv", "a path that leads out"),
        ("/etc/a.csv", "a path that leads out"),
        ("C:\\a.csv", "a path that leads out"),
        ("a/../../b.csv", "a path that leads out"),
        ("inner.zip", "neither CSV nor XLSX"),
        (MARK, "neither CSV nor XLSX"),
    ],
)
def test_names_in_an_archive_that_lead_elsewhere_are_refused(name: str, problem: str) -> None:
    assert problem in refused("a.zip", packed(**{name: packed(a__csv="a\n1\n")}))


def test_an_archive_within_an_archive_under_a_false_name_is_refused() -> None:
    assert refused("a.zip", packed(a__csv=packed(b__csv="a\n1\n")))
    assert refused("a.zip", packed(a__xlsx=packed(b__csv="a\n1\n")))


def test_doubled_encrypted_and_strangely_packed_entries_are_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("a.csv", "a\n1\n")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.csv", "a\n2\n")
    assert "two files of one name" in refused("a.zip", kept.getvalue())
    with zipfile.ZipFile(kept := io.BytesIO(), "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.csv", "a\n1\n")
    assert "unusual way" in refused("a.zip", kept.getvalue())
    encrypted = bytearray(packed(a__csv="a\n1\n"))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refused("a.zip", bytes(encrypted))


@pytest.mark.parametrize("cut", [10, 60, 200, 600])
def test_truncated_archives_are_refused(cut: int) -> None:
    assert "damaged" in refused("a.xlsx", GOOD[:-cut])


def test_a_landed_page_that_does_not_read_is_told() -> None:
    with pytest.raises(DeliveryBroken, match="a page is a damaged archive"):
        list(read(declare(), "dossier", b"PK\x03\x04" + Path(__file__).read_bytes()))
