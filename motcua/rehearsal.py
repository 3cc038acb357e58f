"""A rehearsal for two readers: officials in Vietnamese, operators in English, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from catalog.codelists import name_of
from catalog.records import records
from expectations.check import checks
from motcua.application import console

DECISIONS = {
    "accept": "tiếp nhận / accept",
    "quarantine": "cách ly một số dòng / quarantine rows",
    "hold": "giữ lại cả lô / hold the batch",
}
COUNTS = {
    "received": "Nhận / received",
    "accepted": "Đạt / accepted",
    "rejected": "Loại vì không đọc được / rejected",
    "quarantined": "Cách ly / quarantined",
    "duplicate": "Trùng / duplicate",
}


def print_rehearsal(source_id: str, rows: Iterable[dict[str, Any]]) -> None:
    """Print what a first night would bring, one part for each record kind."""
    for row in rows:
        record = records()[row["record"]]
        console.print(f"\n{source_id}: {record.name_vi} / {record.name_en}", style="bold")
        for name, title in COUNTS.items():
            console.print(f"  {title}: {row[name]}")
        console.print(f"  Kết luận / decision: {DECISIONS[row['decision']]} {row['problem']}")
        _table(("Cột\ncolumn", "Lý do\nreason", "Dòng\nrows", "Ví dụ\nexamples"), _rejected(row))
        _table(("Cột\ncolumn", "Mã ngoài danh mục\nunknown code", "Dòng\nrows"), _words(row))
        _table(("Kiểm tra\ncheck", "", "Dòng\nrows", "Ví dụ\nexamples"), _checked(row))
        _table(
            ("Cột chưa khai báo\nunmapped column", "Dạng (số dòng)\nshape (rows)"), _strange(row)
        )


def _table(titles: tuple[str, ...], cells: Iterable[tuple[Any, ...]]) -> None:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for title in titles:
        table.add_column(title, justify="right" if title.endswith("rows") else "left")
    for row in cells:
        table.add_row(*(escape(str(cell)) for cell in row))
    if table.row_count:
        console.print(table)


def _rejected(row: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    for problem, count in row["reject_reasons"].items():
        column, _, reason = problem.rpartition(": ")
        named = (name_of("reject_reason", reason), name_of("reject_reason", reason, "name_en"))
        examples = [
            _place(e, e["cell"])
            for e in row["reject_examples"]
            if (e["column"], e["reason"]) == (column, reason)
        ]
        yield column, "\n".join(named), count, "\n".join(examples)


def _words(row: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    for column, words in row["unknown_words"].items():
        for word, count in words.items():
            yield column, word, count


def _checked(row: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    for check_id, count in row["checks"].items():
        check = checks()[check_id]
        examples = [_place(e) for e in row["check_examples"] if e["check"] == check_id]
        yield check_id, f"{check.title_vi}\n{check.title_en}", count, "\n".join(examples)


def _strange(row: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    for column, shapes in row["unmapped_shapes"].items():
        yield column, ", ".join(f"{drawn} ({count})" for drawn, count in shapes.items())


def _place(example: dict[str, Any], cell: str = "") -> str:
    where = f"trang/page {example['page']}, dòng/row {example['row']}"
    return f"{where}: {cell}" if cell else where
