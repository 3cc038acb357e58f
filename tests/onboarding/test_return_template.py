"""The form of a return: made from the catalogue, filled in by people, understood by the night."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import zipfile
from pathlib import Path
from typing import Any

import fastexcel
import pytest
import xlsxwriter
from typer.testing import CliRunner

from catalog.areas import areas_of
from catalog.errors import DeclarationError
from catalog.night import Night
from catalog.records import records
from catalog.returns import COLUMNS, INSTRUCTIONS, SHEET, UPDATED, lines
from catalog.sources import Source, sources
from extractors import collect, read
from motcua import app
from pipeline.return_template import write_template
from transforms.conform import Conformed, conform

NIGHT = Night(dt.date(2026, 11, 22))
RETURNS = sorted(i for i, s in sources().items() if s.platform == "return_form")
PERIOD = {"monthly": "2026-10", "quarterly": "2026-Q3", "yearly": "2025"}


def table(file: Path) -> list[list[str | None]]:
    """The cells of the first sheet, read by a spreadsheet library that is not ours."""
    sheet = fastexcel.read_excel(file).load_sheet(SHEET, header_row=None, dtypes="string")
    return [list(row.values()) for row in sheet.to_arrow().to_pylist()]


def filled(file: Path, period: str, source: Source, cells: dict[tuple[str, str], Any]) -> None:
    """The form with `cells` under the last four columns, by figure and unit."""
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, COLUMNS)
        for number, line in enumerate(lines(source, period), start=1):
            sheet.write_row(number, 0, [*line, *cells.get((line.figure, line.unit), ())])


def understood(source: Source, folder: Path) -> Conformed:
    shelf: dict[str, bytes] = {}

    def land(content: bytes) -> str:
        sha = hashlib.sha256(content).hexdigest()
        shelf[sha] = content
        return sha

    here = source.model_copy(update={"folder": str(folder)})
    collect(here, "reported_figure", NIGHT, "", land)
    pages = ((sha, read(here, "reported_figure", page)) for sha, page in shelf.items())
    return conform(here, records()["reported_figure"], NIGHT, pages, b"key")


def test_there_are_returns() -> None:
    assert {"tai_khoan", "cat_giam_quy_dinh", "chi_so_cai_cach"} <= set(RETURNS)


@pytest.mark.parametrize("source_id", RETURNS)
def test_a_form_asks_each_figure_of_each_area_once(source_id: str, tmp_path: Path) -> None:
    source = sources()[source_id]
    count = write_template(source, PERIOD[source.frequency], tmp_path / "a.xlsx")
    header, *rows = table(tmp_path / "a.xlsx")
    assert header == list(COLUMNS)
    asked = {(row[0], row[2]) for row in rows}
    assert asked == {(f, area) for f in source.figures for area in areas_of(source)}
    assert len(rows) == len(asked) == count


@pytest.mark.parametrize("source_id", RETURNS)
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_an_empty_form_states_nothing(source_id: str, name: str, tmp_path: Path) -> None:
    source = sources()[source_id]
    write_template(source, PERIOD[source.frequency], tmp_path / name)
    found = understood(source, tmp_path)
    assert (found.received, found.rejected) == (0, 0)


def test_the_csv_form_holds_the_same_lines(tmp_path: Path) -> None:
    source = sources()["tai_khoan"]
    write_template(source, "2026-10", tmp_path / "a.csv")
    write_template(source, "2026-10", tmp_path / "a.xlsx")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            [c or "" for c in row] for row in table(tmp_path / "a.xlsx")
        ]


def test_cells_to_fill_in_are_open_text_and_the_rest_is_locked(tmp_path: Path) -> None:
    write_template(sources()["chi_so_cai_cach"], "2025", tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/drawings/drawing1.xml").decode()
        assert INSTRUCTIONS in book.read("xl/workbook.xml").decode()
        assert 'formatCode="@"' in book.read("xl/styles.xml").decode() or 'numFmtId="49"' in (
            book.read("xl/styles.xml").decode()
        )
    assert "<sheetProtection" in sheet
    assert "<f>" not in sheet
    assert "dòng trống là chưa báo cáo" in words


def test_a_filled_form_becomes_figures(tmp_path: Path) -> None:
    source = sources()["tai_khoan"]
    cells = {
        ("portal_account", "H26"): ("3210000", "", "", "05/11/2026"),
        ("household_user", "H26"): ("900000", "2300000", "", "05/11/2026 16:30:00"),
        ("portal_account", "H29"): ("0", "", "", "05/11/2026"),
    }
    filled(tmp_path / "a.xlsx", "2026-10", source, cells)
    found = understood(source, tmp_path)
    assert (found.received, found.rejected, found.unmapped) == (3, 0, ())
    got = {(r["figure_code"], r["area_code"]): r for r in found.table.to_pylist()}
    accounts, households = got["portal_account", "H26"], got["household_user", "H26"]
    assert (accounts["numerator"], accounts["denominator"]) == (3210000, 1)
    assert (households["numerator"], households["denominator"]) == (900000, 2300000)
    assert got["portal_account", "H29"]["numerator"] == 0
    assert accounts["ends_on"] == dt.date(2026, 10, 31)
    assert accounts["version_at"].isoformat() == "2026-11-04T17:00:00+00:00"


def test_a_score_keeps_its_hundredths(tmp_path: Path) -> None:
    source = sources()["chi_so_cai_cach"]
    filled(tmp_path / "a.xlsx", "2025", source, {("sipas", "H26"): ("", "", "84,79", "05/11/2026")})
    [row] = understood(source, tmp_path).table.to_pylist()
    assert (row["numerator"], row["denominator"]) == (8479, 100)
    assert (row["starts_on"], row["ends_on"]) == (dt.date(2025, 1, 1), dt.date(2025, 12, 31))


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        (("3.210.000", "", "", "05/11/2026"), "Giá trị", "bad_number"),
        (("3210000", "2,3", "", "05/11/2026"), "Trên tổng số", "bad_number"),
        (("3210000", "", "", "5/11/2026"), UPDATED, "bad_timestamp"),
    ],
)
def test_a_number_in_another_way_is_rejected_and_not_guessed(
    cells: tuple[str, ...], column: str, reason: str, tmp_path: Path
) -> None:
    source = sources()["tai_khoan"]
    filled(tmp_path / "a.xlsx", "2026-10", source, {("portal_account", "H26"): cells})
    found = understood(source, tmp_path)
    assert [(r["field"], r["reason"]) for r in found.rejects.to_pylist()] == [(column, reason)]


@pytest.mark.parametrize("period", ["2026", "2026-Q3", "2026-13", "2026-1", "soon"])
def test_a_monthly_return_is_about_a_month(period: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="no monthly return"):
        write_template(sources()["tai_khoan"], period, tmp_path / "a.xlsx")


def test_a_source_without_figures_has_no_form(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"ha_noi\.yml"):
        write_template(sources()["ha_noi"], "2026", tmp_path / "a.xlsx")


def test_the_command_writes_a_form(tmp_path: Path) -> None:
    file = tmp_path / "new" / "a.xlsx"
    words = ["return-template", "tai_khoan", "--period", "2026-10", "--file", str(file)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "68 lines" in done.output
    assert CliRunner().invoke(app, [*words[:3], "2026-Q1", *words[4:]]).exit_code == 2
