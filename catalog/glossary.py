"""Writes GLOSSARY.md: the terms, then every field of every record, from the catalogue itself.

Run ``python -m catalog.glossary > GLOSSARY.md`` after changing a record or a term.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from catalog.records import Field, lineage, records

INTRODUCTION = """\
# Glossary

English identifiers are used in code; official Vietnamese names are data. Times end `_at`, days
`_on`, codes `_code`, counts `_count`, shares `_share` or `_rate`; flags start `is_` or `has_`.
This file is written by `python -m catalog.glossary`.
"""


def glossary() -> str:
    """The whole file."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield INTRODUCTION
    yield from ["## Terms", "", "| term | tiếng Việt | meaning |", "|---|---|---|"]
    with Path(__file__).with_name("terms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield f"| {row['term']} | {row['name_vi']} | {row['about']} |"
    for kind, record in records().items():
        title = f"{record.name_en} / {record.name_vi} (`{kind}`)"
        yield from _table(title, record.about, record.fields)
    yield from _table("Carried by every record", "Where a row comes from.", lineage())


def _table(title: str, about: str, fields: dict[str, Field]) -> Iterator[str]:
    yield from ["", f"## {title}", "", about, ""]
    yield from ["| field | type | tiếng Việt | meaning |", "|---|---|---|---|"]
    for name, field in fields.items():
        kind = f"code ({field.codes})" if field.codes else field.type
        yield f"| {name} | {kind} | {field.name_vi} | {field.about} |"


if __name__ == "__main__":
    print(glossary(), end="")
