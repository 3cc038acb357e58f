"""A sample of a source's rows, read by the readers that will read it at night."""

from __future__ import annotations

import datetime as dt
import glob
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from catalog.errors import DeliveryBroken, SourceUnavailable
from catalog.night import Night
from catalog.sources import Source
from extractors import platform, read

ROWS = 20_000
"""How many rows are looked at."""
FILES = "manual_drop"
LAST_NIGHT = Night(dt.date(9999, 1, 1))
"""No file lies too far ahead for a sample."""


@dataclass(frozen=True)
class Sample:
    """The columns in their order, each with its cells; a cell that is no text is kept as it is."""

    rows: int
    columns: dict[str, list[Any]]


def read_sample(source: Source, record: str, path: Path) -> Sample:
    """The first `ROWS` rows of a CSV, XLSX or zip file, or of a JSON answer, as `source` declares
    its encoding and delimiter. Raises a SourceError where it cannot be read."""
    if not path.is_file():
        raise SourceUnavailable(source.source_id, f"there is no file {path}")
    found = _json(source, path) if path.suffix.lower() == ".json" else _table(source, record, path)
    rows = [row for row in islice(found, ROWS) if isinstance(row, dict)]
    names = dict.fromkeys(name for row in rows for name in row)
    if not names:
        raise DeliveryBroken(source.source_id, f"{path.name} holds no row with named columns")
    return Sample(len(rows), {name: [row.get(name) for row in rows] for name in names})


def _table(source: Source, record: str, path: Path) -> Iterator[Any]:
    folder = {"platform": FILES, "folder": str(path.parent), "file_pattern": glob.escape(path.name)}
    local = source.model_copy(update=folder)
    with closing(platform(local).pages(local, record, LAST_NIGHT, "")) as pages:
        for page in pages:
            yield from read(local, record, page.content)


def _json(source: Source, path: Path) -> Iterator[Any]:
    """The rows of a list of objects, or of the first such list within an envelope."""
    try:
        content = msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError:
        raise DeliveryBroken(source.source_id, f"{path.name} is not JSON") from None
    inside = content.values() if isinstance(content, dict) else [content]
    lists = [value for value in inside if isinstance(value, list)]
    yield from next((rows for rows in lists if rows and isinstance(rows[0], dict)), [])
