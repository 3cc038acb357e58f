"""How a sample's columns could become a record's fields: a proposal that a person must confirm.

Names and shapes propose a column for a field. What a word or a bare number *means* is never
guessed: a word that is not plainly one of ours stays `UNDECIDED`, and so does the clock of times
that carry no offset. Personal-looking columns are set apart before anything is proposed for text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog import codelists, identifiers
from catalog.declarations import UNDECIDED
from catalog.records import Field, Record
from pipeline.onboarding.columns import Column
from pipeline.onboarding.naming import ALIKE, likeness, parts, points_at_people

CLOSE = 0.1
"""A second column whose name is nearly as alike is named beside the first."""


@dataclass(frozen=True)
class Guess:
    """A field and the mapping proposed for it, in the words of a dialect. `sure` is from 0 to 1:
    how alike the names are; `remark` says what else to look at."""

    field: str
    mapping: dict[str, Any]
    sure: float
    remark: str = ""

    @property
    def column(self) -> str:
        return str(self.mapping["from"])


@dataclass
class Proposal:
    """The whole dialect of one record kind. `unmatched` are fields without a column."""

    record: Record
    rows: int
    zone: str
    version_at: Guess
    guesses: list[Guess] = field(default_factory=list)
    personal: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)


def propose(record: Record, rows: int, cells: Mapping[str, list[Any]], zone: str) -> Proposal:
    """What the columns of a sample could mean; `zone` is that of its times, where it is known."""
    columns = {name: Column(name, values) for name, values in cells.items()}
    wanted = {"version_at": record.columns["version_at"], **record.sent_fields}
    found = _matched(record.kind, wanted, columns)
    guesses = {n: _guess(n, wanted[n], columns, scores) for n, scores in found.items()}
    version = guesses.pop("version_at", Guess("version_at", {"from": UNDECIDED}, 0))
    plan = Proposal(record, rows, zone, version, list(guesses.values()))
    _complete(plan, columns)
    used = {guess.column for guess in [version, *plan.guesses]}
    for name, column in columns.items():
        if name not in used:
            about_someone = points_at_people(name) or column.could_be_about_someone
            (plan.personal if about_someone else plan.ignored).append(name)
    return plan


def _matched(
    record: str, wanted: Mapping[str, Field], columns: Mapping[str, Column]
) -> dict[str, dict[str, float]]:
    """Field -> its columns by likeness, the best first. A column goes to the field whose name it
    is most like; where two are equal, to the one declared first."""
    scores = [
        (round(likeness(name, record, target), 3), -order, target, name)
        for order, (target, declared) in enumerate(wanted.items())
        for name, column in columns.items()
        if _is_alike(name, record, target) and _suits(declared, column)
    ]
    found: dict[str, dict[str, float]] = {}
    taken: set[str] = set()
    for score, _, target, name in sorted(scores, reverse=True):
        if target in found:
            if found[target] and max(found[target].values()) - score <= CLOSE:
                found[target][name] = score
        elif name not in taken:
            found[target] = {name: score}
            taken.add(name)
    return {target: found[target] for target in wanted if target in found}


def _is_alike(column: str, record: str, target: str) -> bool:
    """Whether the names are alike enough; one that points at people must be known as it is."""
    return likeness(column, record, target) >= (1 if points_at_people(column) else ALIKE)


def _suits(declared: Field, column: Column) -> bool:
    """Whether a column's cells could be of the field's type at all."""
    if column.is_nested or not column.texts:
        return False
    if declared.type in ("timestamp", "date"):
        return bool(column.formats)
    if declared.type in ("integer", "money"):
        return column.is_whole_number
    if declared.type in ("code", "boolean"):
        return column.is_code
    return not column.could_be_about_someone


def _guess(
    name: str, declared: Field, columns: Mapping[str, Column], scores: Mapping[str, float]
) -> Guess:
    best, *others = scores
    column = columns[best]
    remark = f"hoặc cột/or column {', '.join(others)}" if others else ""
    mapping: dict[str, Any] = {"from": best}
    if declared.type in ("timestamp", "date"):
        formats = column.formats
        mapping["format"] = formats[0] if len(formats) == 1 else formats
        if column.could_be_month_first:
            remark = "ngày trước hay tháng trước? / day first or month first?"
    elif declared.type in ("code", "boolean"):
        mapping["words"] = _words(column, declared.codes)
    elif name.endswith("agency_code"):
        mapping |= _unit(column)
    elif name == "dossier_code" and _all(column, identifiers.dossier_unit):
        mapping["as"] = "dossier_code"
    elif name == "procedure_code":
        mapping["as"] = "procedure_base"
    return Guess(name, mapping, scores[best], remark)


def _words(column: Column, codes: str | None) -> dict[str, Any]:
    """Each word of the column with our code, where it is the code itself or its name in either
    language. Bare numbers are left to a person: 1 and 2 mean the reverse elsewhere (EMC)."""
    names: dict[tuple[str, ...], str] = {}
    for row in codelists.rows(codes) if codes else ():
        names |= {parts(row[c]): row["code"] for c in ("code", "name_vi", "name_en") if row.get(c)}
    return {
        word: UNDECIDED if word.isdigit() else names.get(parts(word), UNDECIDED)
        for word in sorted(column.distinct)
    }


def _unit(column: Column) -> dict[str, Any]:
    if _all(column, identifiers.unit_code):
        return {"as": "unit_code"}
    if _all(column, identifiers.dossier_unit):
        return {"as": "dossier_unit"}
    if column.is_code:
        return {"words": dict.fromkeys(sorted(column.distinct), UNDECIDED)}
    return {"words": UNDECIDED}


def _all(column: Column, understood: Any) -> bool:
    try:
        return all(understood(text) for text in column.distinct)
    except ValueError:
        return False


def _complete(plan: Proposal, columns: Mapping[str, Column]) -> None:
    """Add what is required and was not found, and the clock where a time carries no offset."""
    found = {guess.field: guess for guess in plan.guesses}
    for name, declared in plan.record.sent_fields.items():
        if name in found:
            continue
        if not declared.required:
            plan.unmatched.append(name)
        else:
            plan.guesses.append(_stand_in(name, found, columns))
    times = [g for g in [plan.version_at, *plan.guesses] if "format" in g.mapping]
    if not plan.zone and not all(columns[g.column].has_offset for g in times):
        plan.zone = UNDECIDED


def _stand_in(name: str, found: Mapping[str, Guess], columns: Mapping[str, Column]) -> Guess:
    """Where else a required field could come from, for a person to decide."""
    code, done = found.get("dossier_code"), found.get("finished_at")
    if name == "agency_code" and code and _all(columns[code.column], identifiers.dossier_unit):
        return Guess(name, {"from": code.column, "as": "dossier_unit"}, 0, "từ mã hồ sơ")
    if name == "status" and done:
        words = {"present": UNDECIDED, "absent": UNDECIDED}
        spoken = {"from": done.column, "as": "presence", "words": words}
        return Guess(name, spoken, 0, "không có cột trạng thái: có hay không có ngày xong?")
    return Guess(name, {"from": UNDECIDED}, 0)
