"""Communes that were drawn anew: a checked table from old to new, and counts restated by it.

The file is CSV in UTF-8, a row for each old commune and each new one that it went to. `part` is
``whole`` or ``part``, and the weights of the parts of a commune sum to exactly 1. Codes are unit
codes in the Decision 20/2020 form; a new commune has a code of its own.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from catalog.allocation import allocate_pair
from catalog.crosswalk_rows import COLUMNS, Move, Problem, move, problems_of
from catalog.errors import DeclarationError
from catalog.place_names import normalised

MAX_BYTES, MAX_CELL = 20_000_000, 1_000
TOLD = 20
"""So many problems are told at once."""
Counts = Mapping[str, tuple[int, int]]
"""Unit code -> numerator and denominator."""


@dataclass(frozen=True)
class Restated:
    """What a commune of today has; `is_allocated` where weights decided some of it."""

    numerator: int
    denominator: int
    is_allocated: bool


@dataclass(frozen=True)
class Crosswalk:
    """Moves without contradictions."""

    moves: tuple[Move, ...]

    @cached_property
    def _ends(self) -> dict[str, dict[str, Fraction]]:
        found: dict[str, dict[str, Fraction]] = {}
        for one in sorted(self.moves, key=lambda one: one.on, reverse=True):
            ends = found.setdefault(one.old_code, defaultdict(Fraction))
            for end, share in found.get(one.new_code, {one.new_code: Fraction(1)}).items():
                ends[end] += share * Fraction(one.weight)
        return found

    def shares(self, code: str) -> dict[str, Fraction]:
        """Where what `code` had belongs after all the changes, in parts of 1."""
        return self._ends.get(code, {code: Fraction(1)})


def load(path: Path) -> Crosswalk:
    """Read and check a file. Raises DeclarationError naming file, row and column of all that is
    wrong: with rows by themselves, or if nothing is, with rows together."""
    rows = list(_rows(path))
    problems = [problem for number, cells in rows for problem in problems_of(number, cells)]
    if not problems:
        moves = tuple(move(number, cells) for number, cells in rows)
        problems = sorted(
            {*_of_pairs(moves), *_of_weights(moves), *_of_days(moves), *_of_names(moves)}
        )
    if problems:
        more = f"; and {len(problems) - TOLD} more" if len(problems) > TOLD else ""
        raise DeclarationError(path.name, "; ".join(map(str, problems[:TOLD])) + more)
    return Crosswalk(moves)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DeclarationError(path.name, f"larger than {MAX_BYTES} bytes")
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            head = next(lines, [])
            if sorted(head) != sorted(COLUMNS):
                raise DeclarationError(path.name, f"row 1: the columns are {', '.join(COLUMNS)}")
            for number, line in enumerate(lines, 2):
                if len(line) != len(head) or max(map(len, line)) > MAX_CELL:
                    raise DeclarationError(path.name, f"row {number}: not {len(head)} short cells")
                yield number, dict(zip(head, line, strict=True))
    except OSError as error:
        problem = f"cannot be read ({type(error).__name__})"
        raise DeclarationError(path.name, problem) from None
    except (UnicodeDecodeError, csv.Error):
        raise DeclarationError(path.name, "not CSV in UTF-8") from None


def _by(moves: Iterable[Move], name: str) -> dict[str, list[Move]]:
    found: dict[str, list[Move]] = defaultdict(list)
    for one in moves:
        found[getattr(one, name)].append(one)
    return found


def _of_pairs(moves: Sequence[Move]) -> Iterator[Problem]:
    """A commune goes to another once."""
    seen: Counter[tuple[str, str]] = Counter()
    for one in moves:
        seen[one.old_code, one.new_code] += 1
        if seen[one.old_code, one.new_code] > 1:
            yield Problem(one.row, "new_code", "the same two communes in an earlier row")


def _of_weights(moves: Sequence[Move]) -> Iterator[Problem]:
    """All of a commune goes somewhere, and on one day: it does not end twice."""
    for rows in _by(moves, "old_code").values():
        first, *others = rows
        for one in others:
            if one.is_whole or first.is_whole:
                yield Problem(one.row, "part", f"all of it went elsewhere by row {first.row}")
            if one.on != first.on:
                yield Problem(one.row, "on", f"it has ended on another day by row {first.row}")
        total = sum(one.weight for one in rows)
        if not any(one.is_whole for one in rows) and total != 1:
            yield Problem(first.row, "weight", "the weights of its parts do not sum to 1")


def _of_days(moves: Sequence[Move]) -> Iterator[Problem]:
    """What a commune becomes is there after that day: it may end later, but not before. So no
    commune comes back to itself by others."""
    ends = {one.old_code: one for one in moves}
    for one in moves:
        after = ends.get(one.new_code)
        if after and after.on <= one.on:
            yield Problem(one.row, "new_code", f"never a new commune: it ended by row {after.row}")


def _of_names(moves: Sequence[Move]) -> Iterator[Problem]:
    """A code has one name, wherever its tone marks stand."""
    known: dict[str, tuple[str, int]] = {}
    for one in moves:
        for column, code, name in (
            ("old_name", one.old_code, one.old_name),
            ("new_name", one.new_code, one.new_name),
        ):
            first, row = known.setdefault(code, (normalised(name), one.row))
            if first != normalised(name):
                yield Problem(one.row, column, f"another name than in row {row}")


def restate(counts: Counts, crosswalk: Crosswalk) -> dict[str, Restated]:
    """Counts by unit as counts by the communes of today, sums being kept exactly.

    A whole commune's are added; a divided one's are allocated by its weights, by largest remainder
    and the same whatever the order, and what they are added to is marked. Codes that the crosswalk
    does not know stay as they are. Raises ValueError for counts below 0.
    """
    found: dict[str, Restated] = {}
    for code, (numerator, denominator) in counts.items():
        shares = crosswalk.shares(code)
        for end, (n, d) in allocate_pair(numerator, denominator, shares).items():
            before = found.get(end, Restated(0, 0, False))
            found[end] = Restated(
                before.numerator + n,
                before.denominator + d,
                before.is_allocated or len(shares) > 1,
            )
    return dict(sorted(found.items()))
