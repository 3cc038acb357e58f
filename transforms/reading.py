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

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column

    def __missing__(self, cell: Any) -> Any:
        if len(self) >= MEMO_SIZE:
            self.clear()
        self[cell] = made = self.column.made(cell, {})
        return made


@dataclass
class Column:
    """One field of ours: the columns it is read from, and how; `otherwise` where they state
    nothing. Several columns make one cell, a tuple."""

    source_columns: tuple[str, ...]
    convert: Converter
    is_required: bool
    otherwise: Column | None = None
    memo: _Memo = field(init=False)

    def __post_init__(self) -> None:
        self.memo = _Memo(self)

    @property
    def name(self) -> str:
        """The name under which a refusal is reported."""
        return "+".join(self.source_columns)

    def made(self, cell: Any, row: Any) -> Any:
        """The converted cell, or the refusal itself in its place."""
        try:
            return self.convert(cell, row)
        except Refusal as refusal:
            refusal.column = self.name
            return refusal

    def read(self, rows: list[dict[str, Any]]) -> list[Any]:
        values = self._own(rows)
        if self.otherwise is None or all(value is not None for value in values):
            return values
        others = self.otherwise.read(rows)
        return [o if v is None else v for v, o in zip(values, others, strict=True)]

    def _own(self, rows: list[dict[str, Any]]) -> list[Any]:
        cells = self._cells(rows)
        try:
            return [self.memo[cell] for cell in cells]
        except TypeError:  # lists are not hashable, and their converters may look at the row
            pairs = zip(cells, rows, strict=True)
            return [self.made(cell, row) for cell, row in pairs]

    def _cells(self, rows: list[dict[str, Any]]) -> list[Any]:
        if len(self.source_columns) > 1:
            return [tuple(row.get(name) for name in self.source_columns) for row in rows]
        [name] = self.source_columns
        return [row.get(name) for row in rows]

    def refusal(self, value: Refusal | None) -> tuple[str, str]:
        """The source's column, and why its value is turned away: refused, or missing where it was
        looked for last."""
        if value is not None:
            return value.column, str(value)
        return (self.otherwise or self).name, "missing_required"


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
                    found.setdefault(position, {})[column.refusal(value)] = None
        return {position: list(reasons) for position, reasons in found.items()}


def _key(columns: dict[str, list[Any]], key: list[str], position: int) -> str | None:
    parts = [columns[name][position] for name in key]
    return "|".join(parts) if all(isinstance(part, str) for part in parts) else None


def _reject(sha256: str, number: int, key: str | None, why: tuple[str, str]) -> dict[str, Any]:
    where = {"page_sha256": sha256, "page_row": number, "record_key": key}
    return {**where, "field": why[0], "reason": why[1]}


def _without(values: list[Any], positions: dict[int, Any]) -> list[Any]:
    return [v for i, v in enumerate(values) if i not in positions] if positions else values
