"""An explanation for people: Vietnamese first, English beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table

from catalog.codelists import name_of
from catalog.records import records
from motcua.application import console
from motcua.tables import NOTHING, table, written

Row = dict[str, Any]
LONGEST = 12
"""So many lines of one breakdown are printed; all of them with --json."""
COUNTS = ("Tử số\nnumerator", "Mẫu số\ndenominator")
BY = {
    "part": "Phần / part",
    "source": "Hệ thống / source",
    "night": "Đêm nạp / night",
    "area": "Địa bàn / area",
    "agency": "Cơ quan / agency",
}
SQL = {
    "period_by": "Tính vào kỳ theo / counted by the day",
    "denominator": "Mẫu số / denominator",
    "numerator": "Tử số / numerator",
    "numerator_adds": "Cộng vào tử số / adds to the numerator",
    "denominator_adds": "Cộng vào mẫu số / adds to the denominator",
}
PAGES = {
    "verified": "đúng / verified",
    "forgotten": "đã hết hạn lưu / past retention",
    "missing": "mất / missing",
    "damaged": "hỏng / damaged",
    "not_checked": "chưa đọc / not read (--all-pages)",
}


def print_explanation(facts: Row) -> None:
    """Print what `pipeline.explain.explain` found, in the order in which one disputes."""
    for part in (_figure, _definition, _rows, _not_in_it, _evidence, _coverage):
        for line in part(facts):
            console.print(line, markup=False, highlight=False)


def _head(number: int, vi: str, en: str) -> str:
    return f"\n{number}. {vi} / {en}"


def _both(text: Row) -> str:
    return f"{text['vi']}\n  {text['en']}"


def _figure(facts: Row) -> Iterator[str]:
    figure, told = facts["figure"], facts["definition"]
    yield f"{told['name_vi']} / {told['name_en']}"
    where = f"{figure['area']} {figure['name_vi']}".strip()
    version = f"{figure['indicator']} v{figure['definition_version']}"
    yield f"{version} · {where} · {figure['period']} · {figure['release']}"
    counts = " / ".join(written(figure[n], "count") for n in ("numerator", "denominator"))
    coverage = written(figure["coverage"], "share")
    value = written(figure["value"], told["unit"])
    yield f"{value} = {counts} · độ phủ / coverage {coverage} · {figure['status']}"
    if why := figure["reason"]:
        yield f"{name_of('no_value', why)} / {name_of('no_value', why, 'name_en')}"


def _definition(facts: Row) -> Iterator[str | Table]:
    told = facts["definition"]
    yield _head(1, "Định nghĩa", "Definition")
    yield _both(told["formula"])
    yield f"Căn cứ / legal basis: {told['legal_basis']}"
    yield f"Đếm / counting unit: {_both(told['counting_unit'])}"
    yield f"0/0: {name_of('no_value', 'no_cases')} / {name_of('no_value', 'no_cases', 'name_en')}"
    yield f"Chưa xong / still open: {_both(told['still_open'])}"
    yield f"Thiếu / missing: {_both(told['missing'])}"
    if not told["is_the_published_one"]:
        yield (
            "Định nghĩa đã thay đổi từ khi công bố; các phần dưới theo định nghĩa hiện nay. / The"
            " definition has changed since; what follows goes by the one in force now."
        )
    for part in told["parts"]:
        yield from _part(part)


def _part(part: Row) -> Iterator[str | Table]:
    yield f"\n[{part['part']}] {part['record_vi']} / {records()[part['record']].name_en}"
    for name, sql in part["sql"].items():
        yield f"  {SQL[name]}: {sql}"
    if view := part["view"]:
        yield f"  Cách nhìn / view {view['name']}: {view['about'].strip()}\n  {view['sql'].strip()}"
    made = table(("Cờ, cột\nflag, column", "Nghĩa\nmeaning", "SQL"), ())
    for flag in part["flags"]:
        made.add_row(flag["name"], flag["about"], flag["sql"])
    for column in part["columns"]:
        made.add_row(column["name"], f"{column['name_vi']} / {column['about']}", "")
    yield made


def _rows(facts: Row) -> Iterator[str | Table]:
    rows = facts["rows"]
    yield _head(2, "Con số gồm những gì", "What it is made of")
    parts = (f"{rows[f'records_in_{n}']:,}" for n in ("numerator", "denominator"))
    yield f"Bản ghi ở tử số và mẫu số / records in numerator and denominator: {', '.join(parts)}"
    if rows["adds_up"] is False:
        told = f"{rows['numerator']:,} / {rows['denominator']:,}"
        yield f"KHÔNG khớp số đã công bố / does NOT add up to what was published: {told}"
    if rows["adds_up"] is None:
        yield (
            "Con số không được công bố: các số dưới đây chỉ dùng nội bộ. / The figure is not"
            " published: the counts below are for internal use only."
        )
    made = table(("Theo\nby", "Giá trị\nvalue", ""), COUNTS)
    for by, lines in rows["by"].items():
        if by != "batch" and (len(lines) > 1 or by in ("source", "night")):
            _add(made, BY.get(by, by), lines)
    yield made


def _add(made: Table, by: str, lines: Sequence[Row]) -> None:
    """The longest lines of one breakdown, and the rest as one."""
    for number, row in enumerate(lines[:LONGEST]):
        counts = (f"{row[name]:,}" for name in ("numerator", "denominator"))
        value = row["value"] or NOTHING
        made.add_row("" if number else by, value, row.get("name_vi", ""), *counts)
    if rest := lines[LONGEST:]:
        counts = (f"{sum(row[name] for row in rest):,}" for name in ("numerator", "denominator"))
        made.add_row("", f"+{len(rest)}", "khác / more", *counts)


def _not_in_it(facts: Row) -> Iterator[str | Table]:
    out, unit = facts["not_in_it"], facts["definition"]["unit"]
    yield _head(3, "Những gì không có trong đó", "What is not in it")
    refused, now = out["quarantined"], facts["rows"]
    was, would = written(now["value"], unit), written(refused["value_with"], unit)
    counts = f"{refused['numerator_with']:,} / {refused['denominator_with']:,}"
    yield (
        f"Dòng đang cách ly / rows in quarantine: {refused['rows']:,}. Nếu được nhận / with them:"
        f" {was} → {would} ({counts})"
    )
    if refused["checks"]:
        yield _checks(refused["checks"])
    if out["rejected"]:
        yield (
            "Dòng bị loại từ đầu kỳ: không đọc được nên không biết thuộc kỳ nào, địa bàn nào. /"
            " Rows turned away since the period began: not understood, so nobody can say of which"
            " period and area they are."
        )
        yield _rejected(out["rejected"])
    for batch in out["not_merged"]:
        later = batch["made_up_on"] or NOTHING
        ending = f"{batch['batch_id']}: {batch['stage']} {batch['verdict']}"
        yield f"Lô không được nạp / not merged: {ending}; bù đêm / made up on {later}"
    for row in out["left_out"]:
        why = name_of("no_value", row["reason"])
        counts = f"{row['numerator']:,} / {row['denominator']:,}"
        yield f"Không tính / left out: {row['value']} ({why}): {counts}"


def _checks(rows: Sequence[Row]) -> Table:
    numbers = ("Dòng\nrows", "Đã thay\nreplaced", "Vào tử\nin num.", "Vào mẫu\nin den.")
    made = table(("Kiểm tra\ncheck", "Cách sửa\nhow to fix it"), numbers)
    for row in rows:
        counts = (row[name] for name in ("rows", "replaced", "numerator", "denominator"))
        said = f"{row['check_id']}\n{row['title_vi']} / {row['title_en']}"
        made.add_row(said, row["fix_vi"], *(written(count, "count") for count in counts))
    return made


def _rejected(rows: Sequence[Row]) -> Table:
    words = ("Hệ thống\nsource", "Bản ghi\nrecord", "Cột\ncolumn", "Lý do\nreason")
    made = table(words, ("Dòng\nrows", "Trong kỳ\nin period"))
    for row in rows[:LONGEST]:
        reason = f"{row['reason']}\n{row['reason_vi']}"
        counts = (f"{row['rows']:,}", f"{row['in_period']:,}")
        made.add_row(row["source_id"], row["record"], row["field"], reason, *counts)
    if rest := rows[LONGEST:]:
        sums = (f"{sum(row[name] for row in rest):,}" for name in ("rows", "in_period"))
        made.add_row(f"+{len(rest)}", "", "", "khác / more", *sums)
    return made


def _evidence(facts: Row) -> Iterator[str | Table]:
    told = facts["evidence"]
    yield _head(4, "Bằng chứng: các trang gốc", "Evidence: the pages as landed")
    yield "; ".join(f"{PAGES[state]}: {count:,}" for state, count in told["pages"].items() if count)
    if not told["is_exact"]:
        yield (
            "Gộp nhiều bản ghi thành một dòng: các trang của mọi bản ghi cùng hệ thống, địa bàn. /"
            " Several records make one row: the pages of all records of the same systems and areas."
        )
    pages = [(batch, page) for batch in told["batches"] for page in batch["pages"]]
    pages.sort(key=lambda found: -found[1]["records_counted"])
    made = table(("Lô, trang, SHA-256\nbatch, page, SHA-256", ""), ("Dòng\nrows", "Tính\ncounted"))
    for batch, page in pages[:LONGEST]:
        name = f"{batch['batch_id']} #{page['number']}, {batch['received_at']}\n{page['sha256']}"
        counts = (f"{page['rows']:,}", f"{page['records_counted']:,}")
        made.add_row(name, PAGES[page["state"]], *counts)
    yield made
    if len(pages) > LONGEST:
        yield f"+{len(pages) - LONGEST} trang khác, xem / more pages, see --json"
    if without := told["records_without_page"]:
        yield f"Bản ghi không thuộc trang nào / records of no listed page: {without:,}"


def _coverage(facts: Row) -> Iterator[str | Table]:
    rows = facts["coverage"]
    late = [row for row in rows if not row["reaches_the_end"] or row["silent"]]
    yield _head(5, "Độ phủ: ai phải báo cáo", "Coverage: who must report")
    yield f"{len(rows) - len(late)}/{len(rows)} luồng đủ / streams are complete"
    shown = late if len(rows) > LONGEST else rows
    words = ("Địa bàn\narea", "Hệ thống\nsource", "Luồng\nstream", "Từ\nsince", "Đủ đến\nthrough")
    made = table((*words, "Im lặng\nsilent"), ())
    for row in shown[:LONGEST]:
        silent = ", ".join(f"{gap['starts_on']}–{gap['ends_on']}" for gap in row["silent"])
        days = (str(row["must_report_since"]), str(row["complete_through"] or NOTHING))
        made.add_row(row["area"], row["source_id"], row["stream"], *days, silent)
    if shown:
        yield made
