"""Record kinds: one ``<kind>.yml`` here, every field once.

The Arrow schema, the Postgres columns and the glossary rows are derived from it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import pyarrow as pa
import yaml

from catalog.declarations import Declaration, load_folder

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
    """

    kind: str
    name_vi: str
    name_en: str
    about: str
    key: list[str]
    month_of: str
    reconciles: str = ""
    fields: dict[str, Field]

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
    path = Path(__file__).with_name("_lineage.yaml")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: Field.model_validate(field) for name, field in content.items()}


@cache
def records() -> dict[str, Record]:
    """All record kinds by name."""
    return load_folder(Path(__file__).parent, Record, "kind")


@cache
def stored_records() -> dict[str, Record]:
    """The record kinds that the warehouse keeps."""
    return {kind: record for kind, record in records().items() if not record.reconciles}
