"""The workbook holds every failing row, as text, and as many as the ledger counts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastexcel
import pytest
from typer.testing import CliRunner

from catalog.sources import sources
from feedback import workbook as books
from feedback.failing import Failing, failing_rows, held_batch, of_finding, of_reject
from feedback.workbook import COLUMNS, ROWS, SUMMARY, TOTAL, WORDS, workbook
from motcua import app
from pipeline.failing_rows import failing_of
from pipeline.for_source import collect, conform, judge
from pipeline.stores import warehouse
from pipeline.trial import try_file
from tests.feedback import trying
from tests.feedback.trying import FORMULA, NIGHT, PERSON, PHONE, as_csv, rows

BATCH = {"batch_id": "a.dossier.2026-11-18", "record": "dossier"}
PLACE = {"record_key": "T-1", "page_sha256": "f" * 64, "page_row": 7}
Sheet = list[tuple[Any, ...]]


def sheet(content: bytes, name: str) -> Sheet:
    """All cells of a sheet as text."""
    book = fastexcel.read_excel(content)
    table = book.load_sheet(name, header_row=None, dtypes="string").to_arrow()
    return [tuple(row.values()) for row in table.to_pylist()]


def finding(**changes: Any) -> Failing:
    row = {"received_at": "2026-11-10T01:00:00+00:00", "finished_at": None, "key_hash": 5}
    usual = {"check_id": "finished_before_received", "severity": "error", "row": row}
    seen = {"first_seen": "2026-11-16", "last_seen": "2026-11-18", "state": "open"}
    return of_finding({**BATCH, **PLACE, **usual, **seen, **changes}, is_held=False)


def test_a_line_tells_record_column_value_rule_remedy_and_state() -> None:
    head, line = sheet(workbook("Thử", NIGHT, [finding()]), ROWS)
    assert head == tuple(COLUMNS)
    told = dict(zip(head, line, strict=True))
    assert told["Mã bản ghi"] == "T-1"
    assert told["Dòng"] == "7"
    assert told["Giá trị thấy"] == "Ngày tiếp nhận: 10/11/2026 08:00:00; " + (
        "Ngày kết thúc xử lý: (trống)"
    )
    assert told["Quy tắc"] == "Hồ sơ xong trước khi tiếp nhận"
    assert told["Cách sửa"].startswith("Đối chiếu hai ngày")
    assert (told["Mức độ"], told["Kết cục"]) == ("Lỗi", "Bị cách ly")
    assert (told["Thấy lần đầu"], told["Thấy gần nhất"]) == ("2026-11-16", "2026-11-18")
    assert told["Trạng thái"] == "Cần sửa"


def test_of_a_row_that_could_not_be_read_no_value_is_shown() -> None:
    reject = of_reject({**BATCH, **PLACE, "field": "Kênh", "reason": "unknown_code"})
    [_, line] = sheet(workbook("Thử", NIGHT, [reject]), ROWS)
    assert line[5:8] == ("Kênh", "xem bản gốc", "mã ngoài danh mục")


def test_a_check_that_is_gone_is_still_listed() -> None:
    [_, line] = sheet(workbook("Thử", NIGHT, [finding(check_id="was_once")]), ROWS)
    assert line[7] == "was_once"


def test_a_row_that_breaks_two_rules_counts_once_and_a_warning_not_at_all() -> None:
    held = {**BATCH, "batch_id": "b.dossier.2026-11-18"}
    lines = [
        finding(),
        finding(check_id="version_in_future"),
        finding(check_id="due_at_missing", severity="warning", page_row=9),
        held_batch(**held, rows=12),
        of_finding({**held, **PLACE, "check_id": "version_in_future", "severity": "error",
                    "row": None}, is_held=True),
    ]  # fmt: skip
    assert failing_rows(lines) == 1 + 12
    summary = sheet(workbook("Thử", NIGHT, lines), SUMMARY)
    assert (TOTAL, "13") in [row[:2] for row in summary]


def test_nothing_that_was_sent_becomes_a_formula_or_a_link() -> None:
    texts = [FORMULA, "+1+1", "@SUM(A1)", "http://x.invalid/", "a\x00b\x0b", "x" * 40_000]
    content = workbook("=1+1", NIGHT, [finding(record_key=text) for text in texts])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheets = [part for name, part in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3
    assert not any(b"<f>" in part or b"<hyperlink" in part for part in sheets)
    assert [line[2] for line in sheet(content, ROWS)[1:]][:2] == texts[:2]


def test_a_sheet_that_is_full_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST_ROWS", 4)
    content = workbook("Thử", NIGHT, [finding(page_row=row) for row in range(10)])
    names = [ROWS, f"{ROWS} 2", f"{ROWS} 3"]
    assert fastexcel.read_excel(content).sheet_names == [SUMMARY, *names, WORDS]
    assert [len(sheet(content, name)) - 1 for name in names] == [4, 4, 2]


def test_the_words_explain_every_column_and_what_the_rules_look_at() -> None:
    words = [row[0] for row in sheet(workbook("Thử", NIGHT, [finding()]), WORDS)]
    assert set(COLUMNS) <= set(words)
    assert "Ngày tiếp nhận (received_at)" in words


def test_without_failing_rows_the_workbook_says_so() -> None:
    content = workbook("Thử", NIGHT, [])
    assert len(sheet(content, ROWS)) == 1
    assert (TOTAL, "0") in [row[:2] for row in sheet(content, SUMMARY)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An office after a night on which rows were turned away."""
    with trying.office(tmp_path_factory.mktemp("office")) as home:
        folder = home / "drop" / "tha_tep"
        folder.mkdir(parents=True)
        (folder / "a.csv").write_bytes(as_csv(rows()))
        for verb in (collect, conform, judge):
            verb(NIGHT.on, "tha_tep")
        yield home


def ledger(stage: str) -> dict[str, Any]:
    [row] = [r for r in warehouse().ledger(NIGHT.on, "tha_tep") if r["stage"] == stage]
    return row


def test_as_many_rows_as_the_ledger_turned_away(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "so.xlsx"
    done = CliRunner().invoke(app, ["workbook", "--source", "tha_tep", "--file", str(file)])
    assert done.exit_code == 0, done.output
    lines = sheet(file.read_bytes(), ROWS)[1:]
    turned_away = ledger("judge")["quarantined"] + ledger("conform")["rejected"]
    places = {(line[0], line[3], line[4]) for line in lines if line[10] == "Lỗi"}
    assert len(places) == turned_away == 8
    assert (TOTAL, "8") in [row[:2] for row in sheet(file.read_bytes(), SUMMARY)]
    told = "\n".join(str(cell) for line in lines for cell in line)
    assert PERSON not in told
    assert PHONE not in told


def test_what_waits_is_what_the_night_found(home: Path) -> None:
    waiting, of_night = failing_of("tha_tep", None), failing_of("tha_tep", NIGHT.on)
    assert sorted(map(repr, waiting)) == sorted(map(repr, of_night))
    assert failing_of("bao_json", None) == []


def test_the_file_that_was_tried_gives_the_same_lines_as_its_night(home: Path) -> None:
    file = io.BytesIO(as_csv(rows()))
    outcome = try_file(sources()["tha_tep"], "dossier", NIGHT, "a.csv", file)
    tried = {(f.row, f.column, f.seen, f.rule, f.end) for f in outcome.failing}
    kept = {(f.row, f.column, f.seen, f.rule, f.end) for f in failing_of("tha_tep", NIGHT.on)}
    assert tried == kept
