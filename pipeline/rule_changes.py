"""What differs between today's checks and those that the last night judged by."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from catalog.declarations import load_content
from catalog.night import Night
from catalog.settings import settings
from expectations.check import Check, checks

JUDGING = ("scope", "records", "severity", "expectation", "missing", "thresholds")
"""What decides how a row or batch ends; the rest of a check is words and examples."""


@dataclass(frozen=True)
class Change:
    """A check that is not as it was: `tried` is what to try in its place, `fields` what differs."""

    check_id: str
    kind: Literal["new", "changed", "gone"]
    tried: Check
    fields: tuple[str, ...] = ()

    @property
    def is_judging(self) -> bool:
        """Whether a row or batch may end otherwise."""
        return self.kind != "changed" or bool(set(self.fields) & set(JUDGING))

    @property
    def lacks_version(self) -> bool:
        """Whether findings of before and after could not be told apart."""
        return self.kind == "changed" and self.is_judging and "version" not in self.fields


def _file() -> Path:
    return settings().lake_dir / "checks.json"


def keep(on: dt.date) -> None:
    """Keep the checks of that night, unless those of a later one are kept."""
    known = kept()
    if known and known[0].on > on:
        return
    content = {"night": on.isoformat(), "checks": _written()}
    partial = _file().with_suffix(f".{os.getpid()}.part")
    partial.parent.mkdir(parents=True, exist_ok=True)
    partial.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    partial.replace(_file())


def kept() -> tuple[Night, dict[str, Any]] | None:
    """The last night and the checks that it judged by; None before the first."""
    if not _file().is_file():
        return None
    content = json.loads(_file().read_text(encoding="utf-8"))
    return Night.parse(content["night"]), content["checks"]


def _written() -> dict[str, Any]:
    found = {name: check.model_dump(mode="json", by_alias=True) for name, check in checks().items()}
    return dict(json.loads(json.dumps(found)))


def changes(before: dict[str, Any]) -> Iterator[Change]:
    """The checks that are new, changed or gone since `before`. Raises DeclarationError where a
    check that is gone cannot be read any more."""
    now = _written()
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            yield Change(name, "gone", _gone(name, before[name]))
        elif name not in before:
            yield Change(name, "new", checks()[name])
        elif fields := _differing(before[name], now[name]):
            yield Change(name, "changed", checks()[name], fields)


def _gone(name: str, written: dict[str, Any]) -> Check:
    """The check as one that refuses nothing any more."""
    return load_content(f"{name}.yml", Check, {**written, "severity": "warning"})


def _differing(before: dict[str, Any], now: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in now if name in before and before[name] != now[name])
