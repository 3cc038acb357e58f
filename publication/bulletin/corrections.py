"""What the release changed in figures that the one before had published."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import Any

import pyarrow.compute as pc

from catalog import written
from catalog.written import Language
from publication.names import code_name
from publication.release import Release
from publication.words import say

FIGURE = ("indicator", "area", "period")


def corrections(release: Release, language: Language) -> dict[str, Any]:
    """The notices of ``corrections.<language>.txt``, one a line, and how many figures were
    revised for which cause."""
    previous = release.told.get("previous")
    rows = _notices(release, language)
    told = "corrections_none" if previous else "corrections_first"
    return {
        "title": say("bulletin.corrections", language),
        "rows": rows,
        "none": "" if rows else say(f"bulletin.{told}", language, previous=_id(previous)),
        "revised": _revised(release, language),
    }


def _id(previous: Any) -> str:
    return str(previous["release"] if isinstance(previous, dict) else previous)


def _notices(release: Release, language: Language) -> list[str]:
    file = release.folder / f"corrections.{language}.txt"
    if not file.exists():
        return []
    lines = unicodedata.normalize("NFC", file.read_text(encoding="utf-8")).splitlines()
    return [line.removeprefix("- ") for line in lines if line.startswith("- ")]


def _revised(release: Release, language: Language) -> str:
    """How many figures of areas and the nation by month and longer moved, by cause; a figure may
    have several."""
    rows = release.table("revision")
    rows = rows.filter(
        (pc.field("borders") == "34")
        & (pc.field("level") != "agency")
        & (pc.field("period_type") != "day")
    )
    by_cause: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in rows.select([*FIGURE, "cause"]).to_pylist():
        by_cause[row["cause"]].add(tuple(row[name] for name in FIGURE))
    if not by_cause:
        return ""
    causes = [
        say(
            "bulletin.reason",
            language,
            reason=code_name("revision_cause", cause, language),
            count=written.count(len(figures), language),
        )
        for cause, figures in sorted(by_cause.items(), key=lambda item: -len(item[1]))
    ]
    total = written.count(len(set().union(*by_cause.values())), language)
    return say("bulletin.revised", language, total=total, causes="; ".join(causes))
