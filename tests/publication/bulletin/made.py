"""A small release made by hand: a figure of each status, two ties, a guarded change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from catalog import codelists
from catalog.outcomes import OBSERVATION_SCHEMA
from catalog.revisions import REVISION_SCHEMA
from publication.release import Release
from transforms.figures.changes import CHANGE_SCHEMA
from transforms.figures.rankings import RANKING_SCHEMA

MONTH, BEFORE = "2026-10", "2026-09"
ONLINE = "online"
REASONS = tuple(row["code"] for row in codelists.rows("no_value"))
PROVINCES = tuple(row["h_code"] for row in codelists.rows("provinces_34"))
HIDDEN = PROVINCES[-1]
Row = dict[str, Any]


def made(
    folder: Path,
    release: str = "nightly-2026-11-21",
    *,
    night: str = "2026-11-21",
    name: str = "Tỷ lệ hồ sơ nộp trực tuyến",
    status: str = "provisional",
    corrections: Sequence[str] = (),
    previous: str | None = "nightly-2026-11-20",
) -> Release:
    """Its files in `folder`: one indicator with numbers, one withheld for each reason, one of the
    year."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {"release": release, "night": night, "previous": previous}
    (folder / "release.json").write_text(json.dumps(told), "utf-8")
    entries = [_entry(ONLINE, 1, name), *(_entry(r, n, r) for n, r in enumerate(REASONS, 2))]
    entries.append(_entry("score", 20, "Điểm", unit="score", period_types=["year", "all"]))
    (folder / "indicators.json").write_text(json.dumps(entries), "utf-8")
    tables = {
        "observations": ([*_observed(status)], OBSERVATION_SCHEMA),
        "ranking": ([*_ranked()], RANKING_SCHEMA),
        "change": ([_changed()], CHANGE_SCHEMA),
        "revision": ([_revised("late_data"), _revised("our_rule")], REVISION_SCHEMA),
    }
    for table, (rows, schema) in tables.items():
        pq.write_table(pa.Table.from_pylist(rows, schema), folder / f"{table}.parquet")
    if corrections:
        text = "\n".join(("ĐÍNH CHÍNH", "", *(f"- {line}" for line in corrections)))
        (folder / "corrections.vi.txt").write_text(text, "utf-8")
    return Release(folder)


def _entry(code: str, headline: int, name: str, **other: Any) -> Row:
    return {
        "code": code, "name_vi": name, "name_en": name, "unit": "share", "headline": headline,
        "is_ranked": True, "direction": "higher_better", "period_types": ["day", "month", "all"],
        "targets": [
            {"by": "2023-12-31", "value": 0.9, "legal_basis": ""},
            {"by": "2027-12-31", "value": 0.5, "legal_basis": ""},
        ] if code == ONLINE else [],
    } | other  # fmt: skip


def _figure(indicator: str, area: str, value: float | None, **other: Any) -> Row:
    return {
        "release": "r", "indicator": indicator, "definition_version": 1, "borders": "34",
        "area": area, "level": "nation" if area == "VN" else "province", "period": MONTH,
        "period_type": "month", "value": value, "coverage": 0.97, "status": "provisional",
        "reason": "",
    } | other  # fmt: skip


def share(place: int) -> float:
    """The value of a province by its place in the official order; the first two are equal."""
    return 0.9 - 0.02 * max(place, 1)


def _observed(status: str) -> Iterator[Row]:
    yield _figure(ONLINE, "VN", 0.5561, status=status)
    yield _figure(ONLINE, "VN", 0.5048, period=BEFORE, status="final")
    yield _figure("score", "VN", 61.677, period="2026", period_type="year")
    for reason in REASONS:
        status = {"no_cases": "no_data", "not_reported": "missing"}.get(reason, "withheld")
        yield _figure(reason, "VN", None, status=status, reason=reason)
    for place, area in enumerate(PROVINCES):
        if area != HIDDEN:
            yield _figure(ONLINE, area, share(place))
    yield _figure(ONLINE, HIDDEN, None, status="withheld", reason="low_coverage")


def _ranked() -> Iterator[Row]:
    for place, area in enumerate(PROVINCES[:-1]):
        value = share(place)
        tier = "better" if value > 0.6 else "similar" if value > 0.5 else "worse"
        yield _place(area) | {
            "rank": max(place, 1) if place < 2 else place + 1, "tied_with": int(place < 2),
            "tier": tier, "value": value, "low": value - 0.04, "high": value + 0.04,
        }  # fmt: skip
    yield _place(HIDDEN) | {"tier": "", "reason": "low_coverage"}


def _place(area: str) -> Row:
    return {
        "release": "r", "indicator": ONLINE, "definition_version": 1, "borders": "34",
        "kind": "province", "period": MONTH, "period_type": "month", "area": area, "reason": "",
    }  # fmt: skip


def _changed() -> Mapping[str, Any]:
    numbers = {
        "value": "0.556100", "value_before": "0.504800", "change": "0.051300",
        "real": "0.081000", "reporters": "-0.029700",
    }  # fmt: skip
    return {
        "release": "r", "indicator": ONLINE, "definition_version": 1, "borders": "34",
        "period": MONTH, "period_type": "month", "period_before": BEFORE, "matched": 31,
        "only_before": 2, "only_now": 1, **{name: Decimal(n) for name, n in numbers.items()},
    }  # fmt: skip


def _revised(cause: str) -> Row:
    return {
        "release": "r", "previous": "p", "indicator": ONLINE, "borders": "34", "area": "H26",
        "period": BEFORE, "level": "province", "period_type": "month", "cause": cause,
    }  # fmt: skip
