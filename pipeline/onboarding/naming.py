"""Which field a column's name speaks of: by the words that systems are known to use for it.

Known are the field's own names, the columns that the dialects here map to it, and the everyday
words of ``column_words.csv``; the line ``personal`` there lists words that point at people.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from catalog.records import records
from transforms.dialects import dialects

ALIKE = 0.66
"""From here on a name counts as similar; 1 is the same."""
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@cache
def parts(name: str) -> tuple[str, ...]:
    """The words of a name without marks: ``NgayTiepNhan``, ``ngày_tiếp nhận`` -> ngay tiep nhan."""
    marks = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(c for c in marks if not unicodedata.combining(c))
    return tuple(part.lower() for part in PART.findall(plain))


@cache
def _everyday() -> dict[str, tuple[str, ...]]:
    path = Path(__file__).with_name("column_words.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["field"]: tuple(row["words"].split("|")) for row in csv.DictReader(file)}


@cache
def known_names(record: str, field: str) -> frozenset[str]:
    """Every name under which a field of a record kind is known."""
    found = {field, *_everyday().get(field, ())}
    if declared := records()[record].fields.get(field):
        found.add(declared.name_vi)
    for dialect in dialects().values():
        if spoken := dialect.records.get(record):
            mapping = spoken.version_at if field == "version_at" else spoken.fields.get(field)
            found.update(mapping.columns if mapping else ())
    return frozenset(found)


@cache
def likeness(column: str, record: str, field: str) -> float:
    """How alike the column's name and the nearest known name of the field are, 0 to 1. Of a name
    with a prefix (``case:startdate``) the last part alone counts too."""
    ours = {parts(column), parts(column.rpartition(":")[2])}
    theirs = {parts(name) for name in known_names(record, field)}
    return max(_alike(one, other) for one in ours for other in theirs)


def _alike(ours: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    if not ours or not theirs:
        return 0
    one, other = "".join(ours), "".join(theirs)
    if one == other:
        return 1
    shared = 2 * len(set(ours) & set(theirs)) / (len(set(ours)) + len(set(theirs)))
    return 0.5 * shared + 0.5 * SequenceMatcher(None, one, other).ratio()


def points_at_people(column: str) -> bool:
    """Whether the name holds a word that usually stands over personal data."""
    words = parts(column)
    for hint in map(parts, _everyday()["personal"]):
        if any(words[i : i + len(hint)] == hint for i in range(len(words))):
            return True
    return False
