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
from catalog.declarations import Declaration, load_content, load_folder
from catalog.errors import DeclarationError
from catalog.records import Record, sent_records
from catalog.sources import Source

Format = Literal[
    "iso",
    "yyyyMMddHHmmss",
    "yyyyMMdd",
    "yyyy-MM-dd HH:mm:ss",
    "yyyy-MM-dd",
    "dd/MM/yyyy HH:mm:ss",
    "dd/MM/yyyy HH:mm",
    "dd/MM/yyyy",
    "excel_serial",
]


class Mapping(Declaration):
    """How one field is made from one column (written ``from``), or from several.

    `read_as` (written ``as``) names a converter of `transforms.converters`; without it the
    field's type decides. `words` maps the source's words to ours, or names the code list's column
    that does. `item` is the part of each element of a list; `against` and `against_item` name a
    second list that a converter compares with. `format` is that of a time or day, or the several
    that occur, each read exactly. `factor` multiplies a number that may have a decimal part, after
    `decimal`. A column that may be absent from a whole delivery is `optional`. Where the cell
    states nothing, `otherwise` (written ``or``) says where else to look.
    """

    source_column: str | list[str] = Field(alias="from")
    read_as: str = Field(default="", alias="as")
    words: dict[str, str | bool] | str | None = None
    format: Format | list[Format] = Field(default=[])
    factor: int = Field(default=1, ge=1)
    decimal: Literal[".", ","] = "."
    item: str = ""
    against: str = ""
    against_item: str = ""
    optional: bool = False
    otherwise: Mapping | None = Field(default=None, alias="or")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that one cell of ours is read from, in order."""
        named = self.source_column
        return (named,) if isinstance(named, str) else tuple(named)

    @property
    def formats(self) -> tuple[str, ...]:
        return (self.format,) if isinstance(self.format, str) else tuple(self.format)

    @property
    def chain(self) -> list[Mapping]:
        """This mapping and those that follow where it states nothing."""
        return [self, *(self.otherwise.chain if self.otherwise else [])]


class RecordDialect(Declaration):
    """One record kind in one system's words. `ignored` and `personal` name columns left behind.

    `area` is read from the row; one that is not the source's to report is refused. Without it every
    row is about the source's own.
    """

    version_at: Mapping
    area: Mapping | None = None
    fields: dict[str, Mapping]
    ignored: list[str] = Field(default=[])
    personal: list[str] = Field(default=[])

    @property
    def mapped(self) -> list[Mapping]:
        """Every mapping in it, also those that follow on others."""
        area = [self.area] if self.area else []
        return [m for first in [self.version_at, *area, *self.fields.values()] for m in first.chain]

    @property
    def known_columns(self) -> frozenset[str]:
        names = {c for m in self.mapped for c in m.columns}
        names |= {m.against for m in self.mapped if m.against}
        return frozenset(names | set(self.ignored) | set(self.personal))

    @property
    def expected_columns(self) -> frozenset[str]:
        """Columns without which the contract is broken."""
        return frozenset(c for m in self.mapped if not m.optional for c in m.columns)


class Dialect(Declaration):
    """A system's words for each record kind; `zone` is that of timestamps without an offset.

    `records_of` names a dialect whose record kinds are spoken alike, except those given here.
    """

    name: str
    about: str
    zone: str = "Asia/Ho_Chi_Minh"
    records_of: str = ""
    records: dict[str, RecordDialect] = Field(default={})


def words_of(mapping: Mapping, codes: str | None) -> dict[str, Any]:
    """The source's words -> ours, from the mapping itself or from a column of the code list."""
    if isinstance(mapping.words, dict):
        return dict(mapping.words)
    return codelists.words(codes or "", mapping.words or "wire")


def _check(file: str, kind: str, spoken: RecordDialect, record: Record) -> None:
    where = f"{file}: {kind}"
    sent = record.sent_fields
    unknown = sorted(set(spoken.fields) - set(sent))
    if unknown:
        raise DeclarationError(where, f"no such field: {', '.join(unknown)}")
    missing = sorted(n for n, f in sent.items() if f.required and n not in spoken.fields)
    if missing:
        raise DeclarationError(where, f"required field not mapped: {', '.join(missing)}")
    for name, first in spoken.fields.items():
        codes = sent[name].codes
        for mapping in first.chain if codes else []:
            strange = set(words_of(mapping, codes).values()) - codelists.codes(codes or "")
            if strange:
                raise DeclarationError(where, f"{name}: not in list {codes}: {sorted(strange)}")


def _whole(dialect: Dialect, others: dict[str, Dialect], file: str) -> Dialect:
    """The dialect with the records that it shares with another."""
    if not dialect.records_of:
        return dialect
    other = others.get(dialect.records_of)
    if other is None or other.records_of:
        problem = f"records_of: no dialect {dialect.records_of} that has its records from itself"
        raise DeclarationError(file, problem)
    shared = {"records": {**other.records, **dialect.records}, "records_of": ""}
    return dialect.model_copy(update=shared)


def _checked(dialect: Dialect, file: str) -> Dialect:
    if not dialect.records:
        raise DeclarationError(file, "speaks of no record kind")
    for kind, spoken in dialect.records.items():
        if kind not in sent_records():
            raise DeclarationError(file, f"no such record kind: {kind}")
        _check(file, kind, spoken, sent_records()[kind])
    return dialect


@cache
def dialects() -> dict[str, Dialect]:
    """Every dialect by name, each checked against the records it speaks of."""
    found = load_folder(Path(__file__).parent, Dialect, "name")
    files = {name: f"transforms/dialects/{name}.yml" for name in found}
    return {n: _checked(_whole(d, found, files[n]), files[n]) for n, d in found.items()}


def dialect_of(source: Source) -> Dialect:
    """The dialect that `source` speaks: the `mapping` in its own file, or one here by name.

    Raises DeclarationError where neither is there, or where the mapping is wrong.
    """
    file = f"{source.source_id}.yml"
    if source.mapping:
        named = {"name": source.source_id, "about": source.name_vi}
        own = load_content(file, Dialect, {**named, **source.mapping})
        return _checked(_whole(own, dialects(), file), file)
    if source.dialect_name not in dialects():
        raise DeclarationError(file, f"no dialect {source.dialect_name}")
    return dialects()[source.dialect_name]
