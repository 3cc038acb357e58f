"""Dialects: one ``<platform>.yml`` here says how a system's words become our records.

A dialect accounts for every column that the system sends: mapped, ignored, or personal (dropped
here, at the edge). A column in none of the three is reported each night, never guessed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from catalog import codelists
from catalog.declarations import Declaration, load_folder
from catalog.errors import DeclarationError
from catalog.records import Record, records


class Mapping(Declaration):
    """How one field is made from one column (`source_column`, written ``from``).

    `read_as` (written ``as``) names a converter of `transforms.converters`; without it the
    field's type decides. `words` maps the source's words to ours, or names the code list's column
    that does. `item` is the part of each element of a list; `against` and `against_item` name a
    second list that a converter compares with. A column that may be absent from a whole delivery
    is `optional`.
    """

    source_column: str = Field(alias="from")
    read_as: str = Field(default="", alias="as")
    words: dict[str, str | bool] | str | None = None
    format: Literal["", "iso", "yyyyMMddHHmmss"] = ""
    item: str = ""
    against: str = ""
    against_item: str = ""
    optional: bool = False


class RecordDialect(Declaration):
    """One record kind in one system's words. `ignored` and `personal` name columns left behind."""

    version_at: Mapping
    fields: dict[str, Mapping]
    ignored: list[str] = Field(default=[])
    personal: list[str] = Field(default=[])

    @property
    def known_columns(self) -> frozenset[str]:
        mapped = [self.version_at, *self.fields.values()]
        names = {m.source_column for m in mapped} | {m.against for m in mapped if m.against}
        return frozenset(names | set(self.ignored) | set(self.personal))

    @property
    def expected_columns(self) -> frozenset[str]:
        """Columns without which the contract is broken."""
        mapped = [self.version_at, *self.fields.values()]
        return frozenset(m.source_column for m in mapped if not m.optional)


class Dialect(Declaration):
    """A system's words for each record kind; `zone` is that of timestamps without an offset."""

    name: str
    about: str
    zone: str = "Asia/Ho_Chi_Minh"
    records: dict[str, RecordDialect]


def words_of(mapping: Mapping, codes: str | None) -> dict[str, Any]:
    """The source's words -> ours, from the mapping itself or from a column of the code list."""
    if isinstance(mapping.words, dict):
        return dict(mapping.words)
    return codelists.words(codes or "", mapping.words or "wire")


def _check(dialect: Dialect, kind: str, spoken: RecordDialect, record: Record) -> None:
    where = f"transforms/dialects/{dialect.name}.yml: {kind}"
    sent = record.sent_fields
    unknown = sorted(set(spoken.fields) - set(sent))
    if unknown:
        raise DeclarationError(where, f"no such field: {', '.join(unknown)}")
    missing = sorted(n for n, f in sent.items() if f.required and n not in spoken.fields)
    if missing:
        raise DeclarationError(where, f"required field not mapped: {', '.join(missing)}")
    for name, mapping in spoken.fields.items():
        codes = sent[name].codes
        if codes:
            strange = set(words_of(mapping, codes).values()) - codelists.codes(codes)
            if strange:
                raise DeclarationError(where, f"{name}: not in list {codes}: {sorted(strange)}")


@cache
def dialects() -> dict[str, Dialect]:
    """Every dialect by name, each checked against the records it speaks of."""
    found = load_folder(Path(__file__).parent, Dialect, "name")
    for dialect in found.values():
        for kind, spoken in dialect.records.items():
            if kind not in records():
                raise DeclarationError(f"{dialect.name}.yml", f"no such record kind: {kind}")
            _check(dialect, kind, spoken, records()[kind])
    return found
