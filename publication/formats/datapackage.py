"""``datapackage.json``: every CSV file with its columns, keys and types (Data Package 2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from catalog.declarations import Declaration, load_content
from catalog.written import Language, day
from publication.formats import licence
from publication.formats.sdmx_structure.identity import VERSION
from publication.release import Release
from publication.words import Text, say

FILES = ("datapackage.json",)
ABOUT = {
    "vi": "Mô tả từng tệp CSV: các cột, kiểu dữ liệu, khóa (Data Package 2, Frictionless).",
    "en": "What each CSV file holds: columns, types, keys (Data Package 2, Frictionless).",
}
DESCRIBES = True
TABLES = Path(__file__).with_name("tables.yml")
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"


class Table(Declaration):
    """What a table is, which columns name a row, and which hold the code of another table."""

    title: Text
    key: list[str]
    links: dict[str, str]


@cache
def tables() -> dict[str, Table]:
    """The tables of a release (``tables.yml``). Raises DeclarationError where one is wrong."""
    content = yaml.safe_load(TABLES.read_text(encoding="utf-8"))
    return {name: load_content(f"{TABLES}: {name}", Table, told) for name, told in content.items()}


def write(release: Release, folder: Path) -> None:
    """``datapackage.json``."""
    text = json.dumps(_package(release, folder), ensure_ascii=False, indent=1)
    (folder / FILES[0]).write_text(text + "\n", encoding="utf-8")


def _package(release: Release, folder: Path) -> dict[str, Any]:
    on = release.night.on
    told = {"release": release.id}
    return {
        "$schema": PROFILE,
        "name": f"motcua-{release.id}",
        "id": f"urn:motcua:release:{release.id}",
        **_both("title", lambda to: say("files.title_of_release", to, **told)),
        **_both("description", lambda to: say("files.about", to, day=day(on, to))),
        "version": release.id,
        "structure_version": VERSION,
        "created": release.night.cutoff.isoformat().replace("+00:00", "Z"),
        "licenses": [
            {
                "name": licence.ID,
                "path": licence.URL,
                **_both("title", lambda to: say("files.licence", to)),
            }
        ],
        "sources": [{"title": say("files.publisher", "vi")}],
        "contributors": [{"title": say("files.publisher", "vi"), "roles": ["publisher"]}],
        "resources": list(_resources(folder)),
    }


def _both(name: str, text: Any) -> dict[str, str]:
    """A property in Vietnamese, and beside it one in English."""
    languages: Mapping[str, Language] = {name: "vi", f"{name}_en": "en"}
    return {name: text(language) for name, language in languages.items()}


def _resources(folder: Path) -> Iterator[dict[str, Any]]:
    for name, table in tables().items():
        path = folder / f"{name}.csv"
        if not path.exists():
            continue
        content = path.read_bytes()
        yield {
            "name": name,
            "type": "table",
            "path": path.name,
            **_both("title", lambda to, title=table.title: getattr(title, to)),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "schema": _schema(table, name, pq.read_schema(path.with_suffix(".parquet"))),
        }


def _schema(table: Table, name: str, schema: pa.Schema) -> dict[str, Any]:
    return {
        "$schema": SCHEMA_PROFILE,
        "fields": [_field(field) for field in schema],
        "primaryKey": table.key,
        "foreignKeys": [
            {
                "fields": [column],
                "reference": {"resource": "" if other == name else other, "fields": ["code"]},
            }
            for column, other in table.links.items()
        ],
    }


def _field(field: pa.Field) -> dict[str, Any]:
    found: dict[str, Any] = {"name": field.name, "type": _type(field.type)}
    found |= _both("description", lambda to: say(f"column.{field.name}", to))
    if not field.nullable:
        found["constraints"] = {"required": True}
    if pa.types.is_string(field.type) and not field.nullable:
        found["missingValues"] = []  # an empty text is a text: no reason, no item
    return found


def _type(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    return "date" if pa.types.is_date(kind) else "string"
