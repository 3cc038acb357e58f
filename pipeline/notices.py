"""What the night says to people: a Vietnamese note per area, an English one for the operators.

A note names checks and columns with counts, never a dossier and never a value. It is written to
the outbox folder; an area with nothing to fix gets none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from catalog.areas import areas
from catalog.codelists import name_of
from catalog.night import Night
from catalog.records import records
from catalog.sources import Source
from expectations.check import checks
from warehouse.postgres import Warehouse

ENDINGS_VI = {
    "held": "Dữ liệu đêm nay được giữ lại để kiểm tra, chưa cộng vào số liệu",
    "failed": "Chưa nhận được dữ liệu đêm nay",
}
UNLISTED_VI = "Danh sách mã hồ sơ đêm nay chưa dùng được nên chưa đối chiếu hồ sơ đã xóa"


def write(
    folder: Path, warehouse: Warehouse, due: Sequence[Source], night: Night
) -> dict[str, int]:
    """Write the notes of one night, in place of earlier ones; returns how many areas got one."""
    folder.mkdir(parents=True, exist_ok=True)
    ledger = warehouse.ledger(on=night.on)
    problems = warehouse.problem_counts(night)
    notes = {}
    for source in due:
        lines = _endings(source, ledger) + _problems(source, problems)
        if lines:
            notes[source.source_id] = _note(source, night, lines)
    for stale in folder.glob("*.txt"):
        stale.unlink()
    for name, text in {**notes, "operators": _digest(due, ledger, night)}.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return {"areas": len(notes)}


def _endings(source: Source, ledger: Sequence[dict[str, Any]]) -> list[str]:
    ended = [r for r in ledger if r["source_id"] == source.source_id and r["verdict"] in ENDINGS_VI]
    own = {r["verdict"] for r in ended if not records()[r["record"]].reconciles}
    texts = [text for verdict, text in ENDINGS_VI.items() if verdict in own]
    return [f"- {text}." for text in texts or [UNLISTED_VI] * bool(ended)]


def _problems(source: Source, problems: Sequence[dict[str, Any]]) -> list[str]:
    lines = []
    for problem in problems:
        if problem["source_id"] != source.source_id:
            continue
        if problem["check_id"]:
            check = checks()[problem["check_id"]]
            lines.append(f"- {check.title_vi}: {problem['rows']} hồ sơ. {check.fix_vi}")
        else:
            reason = name_of("reject_reason", problem["reason"])
            lines.append(f"- Cột {problem['field']}: {reason}, {problem['rows']} dòng.")
    return lines


def _note(source: Source, night: Night, lines: list[str]) -> str:
    head = [
        f"Kính gửi {areas()[source.area].name_vi},",
        f"Kết quả tiếp nhận dữ liệu hồ sơ đêm {night.on:%d/%m/%Y} từ {source.name_vi}:",
    ]
    return "\n".join([*head, "", *lines, ""])


def _digest(due: Sequence[Source], ledger: Sequence[dict[str, Any]], night: Night) -> str:
    lines = [f"Night {night}: {len(due)} sources were due."]
    for row in ledger:
        if row["problem"]:
            lines.append(f"{row['batch_id']} {row['stage']} {row['verdict']}: {row['problem']}")
    return "\n".join([*lines, ""])
