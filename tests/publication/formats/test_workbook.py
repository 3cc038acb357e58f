"""The workbook: real numbers equal to the tables, no formula, and text that stays text."""

from __future__ import annotations

import csv
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastexcel
import pytest

from publication.formats.xlsx.themes import COLUMNS
from publication.release import Release
from tests.publication.formats.conftest import HOSTILE
from tests.publication.formats.told import Key, Told, of_areas

OFFICE = shutil.which("soffice")
RAW = "44,34,76,1,,0,false,false,false,false,false,-1"
"""CSV of every sheet, numbers as they are and not as they look."""
HEADLINES = "Chỉ số chính - Headlines"


def _sheets(release: Release) -> dict[str, list[list[Any]]]:
    """The rows of every sheet as they lie in it: a column of numbers as numbers."""
    book = fastexcel.read_excel(release.folder / "indicators.xlsx")
    found = {}
    for name in book.sheet_names:
        table = book.load_sheet(name).to_arrow()
        columns = (column.to_pylist() for column in table.columns)
        found[name] = [list(table.schema.names), *map(list, zip(*columns, strict=True))]
    return found


def _shown(release: Release) -> dict[Key, Told]:
    told = of_areas(release)
    return {key: row for key, row in told.items() if key[1] == "34" and key[3] != "all"}


def _numbers(row: Told) -> tuple[float | int | None, ...]:
    return row[:4]


def _by_key(rows: list[list[Any]]) -> Iterator[tuple[Key, tuple[float | None, ...]]]:
    for row in rows[1:]:
        told = dict(zip(COLUMNS, row, strict=True))
        numbers = (told[name] for name in ("value", "numerator", "denominator", "coverage"))
        key = (told["code"], "34", told["area_code"], told["period"])
        yield key, tuple(_number(number) for number in numbers)


def _number(cell: Any) -> float | None:
    """A number, or its text by LibreOffice, which writes shares as percent."""
    if cell in ("", None):
        return None
    text = str(cell)
    return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(cell)


def _is_theme(rows: list[list[Any]]) -> bool:
    return len(rows[0]) == len(COLUMNS) and str(rows[0][0]).startswith("Mã\n")


def test_every_number_of_the_theme_sheets_is_that_of_the_table(release: Release) -> None:
    themes = [rows for rows in _sheets(release).values() if _is_theme(rows)]
    found = dict(pair for rows in themes for pair in _by_key(rows))
    assert found == {key: _numbers(row) for key, row in _shown(release).items()}


def test_cells_of_numbers_are_numbers_and_never_text(release: Release) -> None:
    places = [list(COLUMNS).index(name) for name in ("value", "numerator", "denominator")]
    themes = [rows for rows in _sheets(release).values() if _is_theme(rows)]
    cells = [row[place] for rows in themes for row in rows[1:] for place in places]
    assert {type(cell) for cell in cells} == {float, type(None)}


def test_it_holds_no_formula_and_no_link_though_names_look_like_them(release: Release) -> None:
    with zipfile.ZipFile(release.folder / "indicators.xlsx") as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/")]
    assert sheets
    assert not any("<f>" in text or "<f " in text or "hyperlink" in text for text in sheets)
    texts = {cell for rows in _sheets(release).values() for row in rows for cell in row}
    for names in HOSTILE.values():
        assert set(names) <= texts


def test_a_cell_without_a_number_says_why(release: Release) -> None:
    rows = [
        dict(zip(COLUMNS, row, strict=True))
        for sheet in _sheets(release).values()
        if _is_theme(sheet)
        for row in sheet[1:]
    ]
    whys = {row["reason"] for row in rows if row["value"] is None}
    assert whys == {
        "Số quá nhỏ để công bố / Too few cases to publish",
        "Chưa có báo cáo / Not reported",
        "Không phát sinh / Nothing to count",
    }
    assert not any(row["reason"] for row in rows if row["value"] is not None)


def test_headlines_of_all_areas_are_of_the_newest_period_that_ended(release: Release) -> None:
    rows = _sheets(release)[HEADLINES]
    place = next(
        i for i, cell in enumerate(rows[0]) if cell.endswith("Tháng 10/2026 / October 2026")
    )
    assert "=1+1" not in rows[0][place]
    found = {row[0]: row[place] for row in rows[1:]}
    assert float(found["VN"]) == pytest.approx(1 / 3)
    assert found["G03"] == "Số quá nhỏ để công bố / Too few cases to publish"
    assert [row[0] for row in rows[1:3]] == ["VN", "H26"]


def test_headings_stay_and_filter(release: Release) -> None:
    with zipfile.ZipFile(release.folder / "indicators.xlsx") as file:
        sheets = [
            file.read(name).decode()
            for name in sorted(file.namelist())
            if name.startswith("xl/worksheets/sheet") and name != "xl/worksheets/sheet1.xml"
        ]
    assert all('state="frozen"' in text and "<autoFilter" in text for text in sheets)


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_libre_office_reads_the_same_numbers(release: Release, tmp_path: Path) -> None:
    convert = f"csv:Text - txt - csv (StarCalc):{RAW}"
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    subprocess.run(
        [str(OFFICE), profile, "--headless", "--convert-to", convert, "--outdir", str(tmp_path),
         str(release.folder / "indicators.xlsx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    read = []
    for path in tmp_path.glob("indicators-*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            read.append(list(csv.reader(file)))
    found = dict(pair for rows in read if _is_theme(rows) for pair in _by_key(rows))
    shown = _shown(release)
    assert found.keys() == shown.keys()
    for key, numbers in found.items():
        for number, expected in zip(numbers, _numbers(shown[key]), strict=True):
            is_there = expected is not None
            assert number == (pytest.approx(expected, rel=1e-12) if is_there else None)
    cells = {cell for rows in read for row in rows for cell in row}
    assert {"=1+1", "+84 999"} <= cells
