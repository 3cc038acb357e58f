"""What would become of a file: the answer to one who tries it before sending it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from catalog.errors import SourceError
from expectations.check import checks
from feedback.failing import Failing, by_rule

DECISION_VI = {
    "accept": "Được tiếp nhận",
    "quarantine": "Tiếp nhận một phần, một số dòng bị cách ly",
    "hold": "Cả lô bị giữ lại",
    "broken": "Không đọc được tệp",
}
COUNTS = {
    "received": "Số dòng nhận",
    "accepted": "Được tiếp nhận",
    "quarantined": "Bị cách ly",
    "rejected": "Bị loại vì không đọc được",
    "duplicate": "Trùng lặp hoàn toàn",
}


@dataclass(frozen=True)
class Outcome:
    """What a night would make of a file. received = accepted + quarantined + rejected + duplicate.

    `decision` ``broken``: the file cannot be read, and `problem` (English) and `problem_vi` say
    why. `unmapped` are columns that nobody declared; `not_asked` the batch checks that look at
    earlier nights, where none are known.
    """

    source_id: str
    record: str
    night: str
    decision: Literal["accept", "quarantine", "hold", "broken"]
    problem: str = ""
    problem_vi: str = ""
    received: int = 0
    accepted: int = 0
    quarantined: int = 0
    rejected: int = 0
    duplicate: int = 0
    failing: tuple[Failing, ...] = ()
    unmapped: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether there are rows and all would be accepted; warnings do not count."""
        return self.decision == "accept" and self.received > 0 and not self.rejected

    @property
    def verdict_vi(self) -> str:
        """The decision in words; rows turned away are named even where the rest is accepted."""
        if self.decision == "accept" and not self.received:
            return "Tệp không có dòng dữ liệu nào"
        if self.decision == "accept" and self.rejected:
            return "Tiếp nhận một phần, một số dòng bị loại"
        return DECISION_VI[self.decision]

    def as_dict(self, most_rows: int | None = None) -> dict[str, Any]:
        """As JSON has it; `failing` holds the first `most_rows`, `left_out` counts the others."""
        shown = replace(self, failing=self.failing[:most_rows])
        rules = [asdict(count) for count in by_rule(self.failing)]
        left_out = len(self.failing) - len(shown.failing)
        more = {"is_good": self.is_good, "rules": rules, "left_out": left_out}
        return {**asdict(shown), **more}


def broken(source_id: str, record: str, night: str, error: SourceError) -> Outcome:
    """The answer about a file that cannot be read."""
    return Outcome(source_id, record, night, "broken", error.problem, error.message_vi)


def titles(check_ids: Sequence[str]) -> list[str]:
    """The names of checks in Vietnamese."""
    return [checks()[check_id].title_vi for check_id in check_ids]
