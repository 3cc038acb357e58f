"""Record kinds: one ``<kind>.yml`` here, every field once.

The Arrow schema, the Postgres columns and the glossary rows are derived from it.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import pyarrow as pa
import pydantic
import yaml

from catalog.declarations import Declaration, declared, load_folder

OWN = "motcua"
"""The pipeline itself, where it stands as the source of its own records."""

FieldType = Literal["string", "code", "timestamp", "date", "integer", "money", "boolean", "hash"]

ARROW: dict[str, pa.DataType] = {
    "string": pa.string(),
    "code": pa.string(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "date": pa.date32(),
    "integer": pa.int32(),
    "money": pa.int64(),
    "boolean": pa.bool_(),
    "hash": pa.int64(),
}


class Field(Declaration):
    """One column.

    `codes` names the code list of a ``code``; `local_date_of` makes the column the calendar
    day in Viet Nam of a timestamp; `first_seen` makes it the first known value of another column.
    """

    type: FieldType
    name_vi: str
    about: str
    required: bool = False
    codes: str | None = None
    local_date_of: str | None = None
    first_seen: str | None = None

    @property
    def arrow(self) -> pa.DataType:
        return ARROW[self.type]

    @property
    def is_sent(self) -> bool:
        """Whether a dialect maps it, rather than the pipeline deriving it."""
        return self.local_date_of is None and self.first_seen is None


class Record(Declaration):
    """A kind of record: its key within a source, its fields, the date that gives its month.

    One that `reconciles` another lists all its keys: it is compared with ours and forgotten.
    A case goes on `open_while` that condition holds; it goes on by new times, and by what `moves`.
    """

    kind: str
    name_vi: str
    name_en: str
    about: str
    key: list[str]
    month_of: str
    reconciles: str = ""
    is_own: bool = False
    open_while: str = ""
    moves: list[str] = pydantic.Field(default=[])
    fields: dict[str, Field]

    @pydantic.model_validator(mode="after")
    def _known_moves(self) -> Record:
        if unknown := set(self.moves) - set(self.fields):
            raise ValueError(f"moves: no such field: {', '.join(sorted(unknown))}")
        return self

    @property
    def lineage(self) -> dict[str, Field]:
        return lineage()

    @property
    def columns(self) -> dict[str, Field]:
        """Every column of a conformed row: the record's own, then the lineage."""
        return {**self.fields, **lineage()}

    @property
    def sent_fields(self) -> dict[str, Field]:
        return {name: field for name, field in self.fields.items() if field.is_sent}

    @property
    def first_seen_fields(self) -> dict[str, str]:
        """Column -> the column whose first known value it keeps."""
        return {n: f.first_seen for n, f in self.fields.items() if f.first_seen}

    @property
    def arrow_schema(self) -> pa.Schema:
        return pa.schema(
            [pa.field(n, f.arrow, nullable=not f.required) for n, f in self.columns.items()]
        )


@cache
def lineage() -> dict[str, Field]:
    """The columns that every record carries, from ``_lineage.yaml``."""
    path = declared("catalog/records/_lineage.yaml")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: Field.model_validate(field) for name, field in content.items()}


@cache
def records() -> dict[str, Record]:
    """All record kinds by name."""
    return load_folder(declared("catalog/records"), Record, "kind")


@cache
def stored_records() -> dict[str, Record]:
    """The record kinds that the warehouse keeps."""
    return {kind: record for kind, record in records().items() if not record.reconciles}


@cache
def sent_records() -> dict[str, Record]:
    """The record kinds that a source may send: all but the pipeline's own."""
    return {kind: record for kind, record in records().items() if not record.is_own}


@cache
def own_records() -> dict[str, Record]:
    """The record kinds that the pipeline writes about its own work."""
    return {kind: record for kind, record in records().items() if record.is_own}
