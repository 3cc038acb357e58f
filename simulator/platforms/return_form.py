"""The nation's statistical returns: filled-in forms in each source's folder, one for each period.

All of them lie there from the start; the provenance beside each says from which day it counts as
delivered, so that each night finds only those of its past.
"""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import io
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import xlsxwriter
import yaml

from catalog.returns import COLUMNS, SHEET, Line, is_score, lines
from catalog.settings import settings
from catalog.sources import Source
from simulator.clock import ONE_DAY
from simulator.desk import Desk

DAYS_AHEAD = 270
"""How long after the nation's first day returns still come."""
DAY_ONE = dt.datetime(2000, 1, 1)
Row = Mapping[str, str]


@asynccontextmanager
async def serving(desk: Desk) -> AsyncIterator[None]:
    """Write the returns of every source of this platform before the nation opens."""
    await asyncio.to_thread(_write_all, desk)
    yield


def _write_all(desk: Desk) -> None:
    opens_at = dt.datetime.combine(desk.nation.opens_on, dt.time())
    for slug, source in desk.sources("return_form").items():
        folder = settings().home / "nation" / "drop" / slug
        folder.mkdir(parents=True, exist_ok=True)
        for day in (opens_at + n * ONE_DAY for n in range(DAYS_AHEAD)):
            by_period: dict[str, list[Row]] = {}
            for item in desk.nation.window(slug, "reported_figure", day, day + ONE_DAY):
                row = item.row()
                by_period.setdefault(row["Ky"], []).append(row)
            for period, rows in by_period.items():
                write_return(source, period, day.date(), rows, folder)


def write_return(
    source: Source, period: str, on: dt.date, rows: Sequence[Row], folder: Path
) -> Path:
    """What `source` states of one period on the day `on`, into `folder` with its provenance:
    yearly returns as CSV, the others as workbooks. Lines of which `rows` say nothing stay empty."""
    suffix = "csv" if source.frequency == "yearly" else "xlsx"
    file = folder / f"{source.source_id}-{period}-{on:%Y%m%d}.{suffix}"
    table = [COLUMNS, *_filled(lines(source, period), rows)]
    provenance = {
        "delivered_on": on,
        "delivered_by": source.owner or source.name_vi,
        "reason": f"Báo cáo kỳ {period}",
    }
    _put(file.with_name(f"{file.name}.provenance.yml"), yaml.safe_dump(provenance).encode())
    _put(file, _csv(table) if suffix == "csv" else _workbook(table))
    return file


def _filled(asked: Sequence[Line], rows: Sequence[Row]) -> Iterator[Sequence[str]]:
    """Each line of the form with its cells. A row that no line asks for is added below them."""
    left = list(rows)
    for line in asked:
        row = next((r for r in left if (r["MaSoLieu"], r["MaDonVi"]) == line[0:3:2]), None)
        if row:
            left.remove(row)
        yield *line, *(_cells(row) if row else ("", "", "", ""))
    for row in left:
        yield row["MaSoLieu"], "", row["MaDonVi"], "", row["Ky"], *_cells(row)


def _cells(row: Row) -> tuple[str, str, str, str]:
    moment = dt.datetime.strptime(row["NgayCapNhat"], "%Y%m%d%H%M%S")
    updated = f"{moment:%d/%m/%Y %H:%M:%S}"
    if is_score(row["MaSoLieu"]):
        return "", "", row["TuSo"], updated
    return row["TuSo"], row["MauSo"], "", updated


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return text.getvalue().encode("utf-8-sig")


def _workbook(table: Sequence[Sequence[str]]) -> bytes:
    """The same table, the same bytes: a file is known by its content."""
    content = io.BytesIO()
    inert = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(content, inert) as book:
        book.set_properties({"created": DAY_ONE})
        sheet = book.add_worksheet(SHEET)
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def _put(file: Path, content: bytes) -> None:
    """Write a file at once, unless it is there already."""
    if file.exists() and file.read_bytes() == content:
        return
    partial = file.with_name(f"{file.name}.part")
    partial.write_bytes(content)
    partial.replace(file)
