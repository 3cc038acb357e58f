"""A source whose files lie in a folder."""

from __future__ import annotations

import datetime as dt
import hashlib
import traceback
from pathlib import Path
from typing import Any

import pytest

from catalog.errors import SourceError
from catalog.night import Night
from catalog.sources import Source
from extractors import Delivery, collect, read

NIGHT = Night(dt.date(2026, 11, 22))
HEADER = b"code,day\n"
MARK = "VALUE-FROM-A-ROW"


def declare(folder: Path | str, **changes: Any) -> Source:
    usual = {
        "source_id": "tha_tep",
        "name_vi": "Thả tệp",
        "area": "X-TEST",
        "platform": "manual_drop",
        "folder": str(folder),
        "starts_on": dt.date(2026, 1, 1),
        "legal_basis": "không có",
        "page_size": 2,
    }
    return Source.model_validate(usual | changes)


def run(source: Source, cursor: str = "") -> tuple[Delivery, list[bytes]]:
    pages: list[bytes] = []

    def land(content: bytes) -> str:
        pages.append(content)
        return hashlib.sha256(content).hexdigest()

    return collect(source, "dossier", NIGHT, cursor, land), pages


def fails(source: Source, kind: type[SourceError]) -> str:
    with pytest.raises(kind) as caught:
        run(source)
    assert MARK not in "".join(traceback.format_exception(caught.value))
    return caught.value.problem


def rows_of(source: Source, pages: list[bytes]) -> list[Any]:
    return [row for page in pages for row in read(source, "dossier", page)]


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
