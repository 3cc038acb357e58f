"""Units with their metrics and scores, as the national portal writes them in JSON.

Three shapes, mixed as they come: one unit ``{departmentCode, metrics: [...]}``, a list of such, and
the portal's own answers, in which units stand in lists and trees. A unit is an object with a
`departmentCode` or `departmentId`; a metric one with a numerator or denominator, or one in a
list called `metrics`. It belongs to the nearest unit above it. Parts of one unit are put together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from catalog.errors import DeliveryBroken
from transforms.scores.figures import TOTAL, Department, Metric
from transforms.scores.methods import is_count

UNIT = ("departmentCode", "departmentId")
COUNTS = ("numerator", "denominator")
END = object()
_Waiting = tuple["_Draft | None", bool, Iterator[Any]]
MAX_BYTES = 16_000_000
"""Some 3,500 units with all metrics, 130 bytes each, take half of it."""


def departments(content: bytes, source: str) -> tuple[Department, ...]:
    """The units of a file called `source`, in the order written. Raises DeliveryBroken."""
    drafts: dict[str, _Draft] = {}
    try:
        for unit, item in _metrics(_opened(content), drafts):
            if unit is None:
                raise ValueError("a metric that belongs to no department")
            unit.take(item)
        if not drafts:
            raise ValueError("no department in it (departmentCode)")
    except ValueError as error:
        raise DeliveryBroken(source, str(error)) from None
    return tuple(draft.department for draft in drafts.values())


@dataclass
class _Draft:
    """A unit being put together."""

    code: str
    name: str = ""
    metrics: list[Metric] = field(default_factory=list)
    stated: dict[str, Decimal] = field(default_factory=dict)

    @property
    def department(self) -> Department:
        return Department(self.code, self.name, tuple(self.metrics), self.stated)

    @property
    def told(self) -> str:
        return f"metric {len(self.metrics) + 1} of {Department(self.code).told}"

    def describe(self, item: dict[str, Any]) -> None:
        """What the unit's object says beside its metrics."""
        name, groups = item.get("departmentName"), item.get("groupScores")
        if not isinstance(groups, dict | None):
            raise ValueError(f"{Department(self.code).told}: groupScores is no object")
        self.name = self.name or (name if isinstance(name, str) else "")
        scores = {TOTAL: item.get("totalScore"), **(groups or {})}
        for code, score in scores.items():
            self._state(code, score, f"a score of {Department(self.code).told}")

    def take(self, item: Any) -> None:
        """Add one metric."""
        code = item.get("code") if isinstance(item, dict) else None
        if not isinstance(code, str) or not code:
            raise ValueError(f"{self.told}: no code")
        numerator, denominator = (_number(item.get(name), self.told) for name in COUNTS)
        self._state(code, item.get("score"), self.told)
        self.metrics.append(Metric(code, numerator, denominator))

    def _state(self, code: str, score: Any, told: str) -> None:
        number = _number(score, told)
        if number is None:
            return
        if not is_count(number):
            raise ValueError(f"{told}: a score that is none")
        if self.stated.setdefault(code, number) != number:
            raise ValueError(f"{told}: two different scores")


def _opened(content: bytes) -> Any:
    if len(content) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 1_000_000} MB")
    try:
        decoder = msgspec.json.Decoder(float_hook=_decimal)
        return decoder.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise ValueError("not JSON, cut, or too deep") from None


def _metrics(content: Any, drafts: dict[str, _Draft]) -> Iterator[tuple[_Draft | None, Any]]:
    """Every metric with the unit it belongs to; fills `drafts`. Iterators wait, not the items:
    a file of many small ones takes no more memory than when it was read."""
    waiting: list[_Waiting] = [(None, False, iter([content]))]
    while waiting:
        unit, is_metric, items = waiting[-1]
        item = next(items, END)
        if item is END:
            waiting.pop()
        elif isinstance(item, list):
            waiting.append((unit, is_metric, iter(item) if is_metric else filter(_holds, item)))
        elif isinstance(item, dict):
            unit = _unit(item, drafts) or unit
            if is_metric or any(name in item for name in COUNTS):
                yield unit, item
            waiting.append((unit, False, _others(item)))
            waiting.append((unit, True, iter([item.get("metrics", [])])))
        elif is_metric and item is not None:
            yield unit, item


def _others(item: dict[str, Any]) -> Iterator[Any]:
    return (value for name, value in item.items() if name != "metrics" and _holds(value))


def _holds(item: Any) -> bool:
    """Whether there may be a unit or metric in it."""
    return bool(item) and isinstance(item, list | dict)


def _unit(item: dict[str, Any], drafts: dict[str, _Draft]) -> _Draft | None:
    """The unit that an object is, new or already met."""
    if not any(name in item for name in UNIT):
        return None
    code = next((item[name] for name in UNIT if item.get(name) is not None), None)
    if not isinstance(code, str) or not code:
        raise ValueError(f"department {len(drafts) + 1}: no code")
    draft = drafts.setdefault(code, _Draft(code))
    draft.describe(item)
    return draft


def _number(value: Any, told: str) -> Decimal | None:
    """A JSON number as written; null is not stated."""
    if value is None or type(value) is Decimal:
        return value
    if type(value) is int:
        return Decimal(value)
    raise ValueError(f"{told}: something else than a number")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")
