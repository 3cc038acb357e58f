"""Alerts to the operators: one line of JSON each, in the file of the night that they are about.

No mail server is assumed: what watches the machine follows the folder, and the operators' digest
of the night repeats them. Light to import, so that an alert gets out where all else is broken.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from catalog import errors
from catalog.settings import settings

UNEXPECTED = "an error that is not one of ours: see the log of the task"


@dataclass(frozen=True)
class Alert:
    """Something that a person must look at. `kind` is ``failed`` for a task and ``late`` for a
    night that is not published by its hour; `error` a class of `catalog.errors`, empty where none
    is known; `about` never holds a value that a source sent."""

    on: str
    kind: Literal["failed", "late"]
    at: str
    task: str = ""
    source_id: str = ""
    error: str = ""
    about: str = ""


def alert(raised: Alert) -> Path:
    """Write it down; a line is written at once, so that tasks side by side never mix theirs."""
    folder = settings().alerts_dir
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{dt.date.fromisoformat(raised.on)}.jsonl"
    line = json.dumps(asdict(raised), ensure_ascii=False) + "\n"
    descriptor = os.open(file, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o640)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
    return file


def alerts(on: dt.date) -> list[Alert]:
    """The alerts of a night, in the order in which they came."""
    file = settings().alerts_dir / f"{on}.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [Alert(**json.loads(line)) for line in lines]


def told(error: BaseException | None) -> tuple[str, str]:
    """The class of an error and what may be said of it: of ours the text; of others, whose text
    may hold a row, that there is a log."""
    known = type(error) if isinstance(error, errors.MotcuaError) else None
    return (known.__name__, str(error)) if known else ("", UNEXPECTED)
