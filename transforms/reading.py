"""Reading pages with a dialect: column by column, good rows on one side, refusals on the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from catalog.records import Record
from transforms.converters import Converter
from transforms.dialects import RecordDialect
from transforms.parsing import Refusal

MEMO_SIZE = 100_000


class _Memo(dict[Any, Any]):
    """What a converter made of each cell seen so far: the same words come again and again."""

    def __init__(self, convert: Converter) -> None:
        super().__init__()
        self.convert = convert

    def __missing__(self, cell: Any) -> Any:
        if len(self) >= MEMO_SIZE:
            self.clear()
        self[cell] = made = _made(self.convert, cell, {})
        return made


def _made(convert: Converter, cell: Any, row: Any) -> Any:
    """The converted cell, or the refusal itself in its place."""
    try:
        return convert(cell, row)
    except Refusal as refusal:
        return refusal


@dataclass
class Column:
    """One field of ours: the column it is read from, and how."""

    source_column: str
    convert: Converter
    is_required: bool
    memo: _Memo = field(init=False)

    def __post_init__(self) -> None:
        self.memo = _Memo(self.convert)

    def read(self, rows: list[dict[str, Any]]) -> list[Any]:
        cells = [row.get(self.source_column) for row in rows]
        try:
            return [self.memo[cell] for cell in cells]
        except TypeError:  # lists are not hashable, and their converters may look at the row
            pairs = zip(cells, rows, strict=True)
            return [_made(self.convert, cell, row) for cell, row in pairs]

    def refusal(self, value: Any) -> str:
        """Why the value is turned away; empty when it is fine."""
        if isinstance(value, Refusal):
            return str(value)
        return "missing_required" if value is None and self.is_required else ""


@dataclass
class Reader:
    """Reads pages with one dialect, column by column, and keeps what it refused."""

    record: Record
    spoken: RecordDialect
    columns: dict[str, Column]
    rejects: list[dict[str, Any]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    received: int = 0
    rejected: int = 0

    def page(self, sha256: str, rows: Iterable[Any]) -> dict[str, list[Any]]:
        """The accepted rows of one page as columns."""
        numbered = list(enumerate(rows, start=1))
        good = [(number, row) for number, row in numbered if isinstance(row, dict)]
        for row in {tuple(row): row for _, row in good}.values():
            self.seen.update(row)
        numbers, dicts = [n for n, _ in good], [row for _, row in good]
        columns = {name: column.read(dicts) for name, column in self.columns.items()}
        refused = self._refusals(columns)
        self.received += len(numbered)
        self.rejected += len(numbered) - len(good) + len(refused)
        shapeless = [n for n, row in numbered if not isinstance(row, dict)]
        self.rejects += [_reject(sha256, n, None, ("", "bad_structure")) for n in shapeless]
        for position, reasons in sorted(refused.items()):
            key = _key(columns, self.record.key, position)
            self.rejects += [_reject(sha256, numbers[position], key, r) for r in reasons]
        columns["page_row"] = numbers
        return {name: _without(values, refused) for name, values in columns.items()}

    def _refusals(self, columns: dict[str, list[Any]]) -> dict[int, list[tuple[str, str]]]:
        """Position -> (source column, reason), each once."""
        found: dict[int, dict[tuple[str, str], None]] = {}
        for name, column in self.columns.items():
            for position, value in enumerate(columns[name]):
                if (value is None and column.is_required) or value.__class__ is Refusal:
                    reason = (column.source_column, column.refusal(value))
                    found.setdefault(position, {})[reason] = None
        return {position: list(reasons) for position, reasons in found.items()}


def _key(columns: dict[str, list[Any]], key: list[str], position: int) -> str | None:
    parts = [columns[name][position] for name in key]
    return "|".join(parts) if all(isinstance(part, str) for part in parts) else None


def _reject(sha256: str, number: int, key: str | None, why: tuple[str, str]) -> dict[str, Any]:
    where = {"page_sha256": sha256, "page_row": number, "record_key": key}
    return {**where, "field": why[0], "reason": why[1]}


def _without(values: list[Any], positions: dict[int, Any]) -> list[Any]:
    return [v for i, v in enumerate(values) if i not in positions] if positions else values
