"""The figures of areas by key, as any file of a release tells them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from publication.release import Release

KINDS = {"M": "month", "Q": "quarter", "A": "year", "_Z": "all"}


class Told(NamedTuple):
    """What is told of one indicator, border, area and period."""

    value: float | None
    numerator: int | None
    denominator: int | None
    coverage: float | None
    status: str
    reason: str
    definition_version: int


Key = tuple[str, str, str, str]


def by_key(rows: Iterable[Mapping[str, Any]]) -> dict[Key, Told]:
    """Rows in the words of OBSERVATION_SCHEMA; a key that stands twice fails."""
    found: dict[Key, Told] = {}
    for row in rows:
        key = (row["indicator"], row["borders"], row["area"], row["period"])
        assert key not in found
        found[key] = Told(*(row[name] for name in Told._fields))
    return found


def of_areas(release: Release) -> dict[Key, Told]:
    """What ``observations.parquet`` says of areas by month and longer."""
    return by_key(release.areas.to_pylist())


def of_sdmx(rows: Iterable[Mapping[str, Any]], release: Release) -> dict[Key, Told]:
    """Rows of texts in the words of the SDMX structure."""
    return by_key(_row(row, release) for row in rows)


def _row(row: Mapping[str, str], release: Release) -> dict[str, Any]:
    is_all = KINDS[row["FREQ"]] == "all"
    assert not is_all or row["TIME_PERIOD"] == str(release.night.on)
    numbers = {"value": ("OBS_VALUE", float), "numerator": ("NUMERATOR", int),
               "denominator": ("DENOMINATOR", int), "coverage": ("COVERAGE", float)}  # fmt: skip
    return {
        "indicator": row["INDICATOR"],
        "borders": row["BORDERS"],
        "area": row["REF_AREA"],
        "period": "all" if is_all else row["TIME_PERIOD"],
        "status": row["STATUS"],
        "reason": row["REASON"],
        "definition_version": int(row["DEFINITION_VERSION"]),
        **{name: kind(row[of]) if row[of] else None for name, (of, kind) in numbers.items()},
    }
