"""What `motcua source new` decided, and what it left to a person."""

from __future__ import annotations

from pathlib import Path

import yaml
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from catalog.declarations import undecided
from motcua.application import console
from pipeline.onboarding.proposal import Proposal


def print_proposal(plan: Proposal, file: Path) -> None:
    """Print the proposed columns, those set apart, and every TODO of the written file."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for title in ("Trường\nfield", "Cột\ncolumn", "Cách đọc\nread as", "Giống\nlikeness"):
        table.add_column(title)
    for guess in [plan.version_at, *plan.guesses]:
        ways = (f"{k} {v}" for k, v in guess.mapping.items() if k in ("as", "format"))
        words = [f"{len(guess.mapping['words'])} words"] if "words" in guess.mapping else []
        likeness = f"{guess.sure:.2f}" if guess.sure else "—"
        cells = (guess.field, guess.column, ", ".join([*ways, *words]), likeness)
        table.add_row(*map(escape, cells))
    console.print(table)
    _list("Để lại vì có thể là dữ liệu cá nhân / left behind as personal", plan.personal)
    _list("Bỏ qua / ignored", plan.ignored)
    _list("Không thấy trong mẫu / not in the sample", plan.unmatched)
    within = f"mapping.records.{plan.record.kind}."
    waiting = undecided(yaml.safe_load(file.read_text(encoding="utf-8")))
    todo = [path.removeprefix(within).removeprefix("fields.") for path in waiting]
    _list(f"Còn {len(todo)} điều phải quyết định / {len(todo)} things left to decide", todo)
    console.print(f"Bản nháp / draft: {file}", soft_wrap=True, markup=False)
    done = file.name.replace(".draft.yaml", ".yml")
    console.print(f"Xong thì đổi tên thành {done} / when decided, rename it to {done}")


def _list(title: str, names: list[str]) -> None:
    if names:
        console.print(f"{title}:", style="bold")
        console.print("  " + ", ".join(names), markup=False)
