"""Provinces by tier: better than the nation, about the same, worse; with their intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow.compute as pc

from catalog import written
from catalog.areas import NATION
from catalog.written import Language
from publication.bulletin.month import monthly, of_period
from publication.names import area_name, code_name
from publication.release import Release
from publication.words import say

TIERS = ("better", "similar", "worse")
Place = Mapping[str, Any]


def tiers(
    release: Release, entry: Mapping[str, Any], month: str, language: Language
) -> dict[str, Any]:
    """The provinces of one indicator by tier, the best first and of the worse ones the worst
    first."""
    own = _places(release, month).get(entry["code"], [])
    nation = of_period(release, entry["code"], NATION, month)
    value = nation.value if nation else None
    reasons = _reasons(own, language)
    return {
        "title": say("bulletin.tiers", language),
        "note": say("bulletin.tiers_note", language),
        "nation": {
            "text": say(
                "bulletin.nation", language, value=written.value(value, entry["unit"], language)
            ),
            "value": value if entry["unit"] == "share" else None,
        },
        "groups": [_group(own, tier, entry, language) for tier in TIERS],
        "no_tier": say("bulletin.no_tier", language, reasons=reasons) if reasons else "",
    }


def _places(release: Release, month: str) -> dict[str, list[Place]]:
    """The places of provinces in the month by indicator, in the order of the ranking."""
    rows = release.table("ranking")
    rows = rows.filter(
        (pc.field("period") == month)
        & (pc.field("borders") == "34")
        & (pc.field("kind") == "province")
    )
    found: dict[str, list[Place]] = {}
    for row in rows.to_pylist():
        found.setdefault(row["indicator"], []).append(row)
    return found


def _group(
    places: Sequence[Place], tier: str, entry: Mapping[str, Any], language: Language
) -> dict[str, Any]:
    inside = [place for place in places if place["tier"] == tier]
    if tier == "worse":
        inside.reverse()
    return {
        "tier": tier,
        "title": say(f"bulletin.tier_{tier}", language, count=len(inside)),
        "rows": [_place(place, entry, language) for place in inside],
        "names": ", ".join(area_name(place["area"], language) for place in inside),
    }


def _place(place: Place, entry: Mapping[str, Any], language: Language) -> dict[str, Any]:
    unit = entry["unit"]
    low, high = (written.value(place[end], unit, language) for end in ("low", "high"))
    return {
        "rank": f"{place['rank']}{'=' if place['tied_with'] else ''}",
        "name": area_name(place["area"], language),
        "value": written.value(place["value"], unit, language),
        "interval": say("bulletin.step", language, low=low, high=high),
        "ends": [place["low"], place["value"], place["high"]],
    }


def _reasons(places: Sequence[Place], language: Language) -> str:
    """Why how many have no tier; empty where all have one."""
    reasons = Counter(place["reason"] for place in places if not place["tier"])
    return "; ".join(
        say("bulletin.reason", language, reason=_reason(code, language), count=n)
        for code, n in sorted(reasons.items())
    )


def _reason(code: str, language: Language) -> str:
    """One with a place but no tier has nothing to be compared with, or no interval."""
    if not code:
        return say("bulletin.not_comparable", language)
    return code_name("no_value", code, language)


def by_tier(release: Release, month: str, language: Language) -> dict[str, Any]:
    """How many provinces stand in which tier, for every headline share that is ranked."""
    places = _places(release, month)
    ranked = [one for one in monthly(release) if one["is_ranked"] and one["unit"] == "share"]
    columns = ("indicator", *TIERS, "no_tier")
    return {
        "title": say("bulletin.by_tier", language),
        "columns": [say(f"bulletin.by_tier_{name}", language) for name in columns],
        "rows": [_counts(entry, places.get(entry["code"], ()), language) for entry in ranked],
    }


def _counts(
    entry: Mapping[str, Any], places: Sequence[Place], language: Language
) -> dict[str, Any]:
    counted = Counter(place["tier"] for place in places)
    return {
        "name": entry[f"name_{language}"],
        "counts": [counted[tier] for tier in (*TIERS, "")],
        "reasons": _reasons(places, language),
    }
