"""Releases made by hand, small but with every table: what pages are tested with."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from catalog.areas import areas
from catalog.finality import final_from
from catalog.night import Night
from catalog.outcomes import (
    BREAKDOWN_SCHEMA,
    DETECTION_SCHEMA,
    OBSERVATION_SCHEMA,
    REPORTING_SCHEMA,
)
from catalog.revisions import REVISION_SCHEMA
from tests.figures.made import figure
from transforms.figures import derived
from transforms.indicators import indicators
from transforms.scores import own
from warehouse.files import Content, write_release

NIGHT = Night.parse("2026-11-22")
NEWEST = f"nightly-{NIGHT}"
EARLIER = f"nightly-{NIGHT.before}"
FROZEN = "2026.10.1"
MONTHS = [*(f"2025-{month:02}" for month in range(7, 13)), *(f"2026-{m:02}" for m in range(1, 12))]
LONGER = ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2025", "2026", "all"]
MEASURED = ("online_submission_share", "on_time_rate", "form06_03_received_total", "pending_count",
           "mean_handling_days", "score_766_portal", "sipas_score", "merged_portal_count",
           "satisfaction_rating_share", "dossier_satisfaction_share")  # fmt: skip
SILENT = "H14"
"""A province that never reports."""
AREAS = [*(a.code for a in areas().values() if a.kind == "province"), "G01", "G02", "X-VNPOST"]
OF_PARTS = {
    "channel": ("online", "in_person", "postal", ""),
    "service_level": ("partial", "end_to_end"),
    "procedure": ("1.001193", "2.000815"),
}


PROCEDURES = pa.table(
    {"code": ["1.001193"], "name_vi": ["Đăng ký khai sinh"], "field_code": ["G03-HT01"]}
)


def publish(published: Path) -> None:
    """An earlier nightly release, one frozen, and the newest, which corrects one figure."""
    for release, night in ((FROZEN, NIGHT.before), (EARLIER, NIGHT.before), (NEWEST, NIGHT)):
        write_release(published, release, content(release, night))


def content(release: str, night: Night) -> Content:
    figures = pa.Table.from_pylist(list(_figures(release, night)), OBSERVATION_SCHEMA)
    return Content(
        figures,
        [told.model_dump(mode="json") for told in indicators().values()],
        {
            **derived(figures, night),
            "score": own(figures),
            "detection": DETECTION_SCHEMA.empty_table(),
            "revision": _revisions(release),
            "breakdown": pa.Table.from_pylist(list(_parts(release)), BREAKDOWN_SCHEMA),
            "procedure": PROCEDURES,
            "reporting": REPORTING_SCHEMA.empty_table(),
        },
        _texts(release, night),
    )


def _figures(release: str, night: Night) -> Iterator[dict[str, Any]]:
    chance = random.Random(766)
    for code in MEASURED:
        kinds = indicators()[code].period_types
        for period in (*MONTHS, *LONGER):
            if figure("VN", period, 1, 2)["period_type"] in kinds:
                for row in _of_period(code, period, chance):
                    yield row | {"release": release, "status": _status(row, period, night)}


def _of_period(code: str, period: str, chance: random.Random) -> Iterator[dict[str, Any]]:
    drawn = {area: (chance.randrange(20, 400), 400) for area in AREAS if area != SILENT}
    for area, (part, whole) in drawn.items():
        yield figure(area, period, part, whole, indicator=code)
    yield figure(SILENT, period, None, None, indicator=code)
    low = {"status": "withheld", "reason": "low_coverage", "coverage": 0.6}
    if (code, period) == ("satisfaction_rating_share", "2026-10"):
        yield figure("VN", period, None, None, indicator=code, **low)
        return
    parts, wholes = zip(*drawn.values(), strict=True)
    yield figure("VN", period, sum(parts), sum(wholes), indicator=code, coverage=36 / 37)


def _status(row: Mapping[str, Any], period: str, night: Night) -> str:
    if row["value"] is None:
        return str(row["status"])
    final = final_from(period)
    return "final" if final and final <= night.on else "provisional"


def _parts(release: str) -> Iterator[dict[str, Any]]:
    for dimension, items in OF_PARTS.items():
        for place, item in enumerate(items, 1):
            for period in ("2026-09", "2026-10", "2026-11"):
                numbers = {"numerator": 10 * place, "denominator": 100, "value": place / 10}
                yield {"release": release, "indicator": "on_time_rate", "definition_version": 1,
                       "dimension": dimension, "item": item, "period": period,
                       "period_type": "month", "status": "provisional", "reason": "",
                       **(numbers if item != "postal" else {})} | (
                    {"status": "withheld", "reason": "small_cell"} if item == "postal" else {}
                )  # fmt: skip


def _revisions(release: str) -> pa.Table:
    row = {
        "release": release, "previous": EARLIER, "indicator": "online_submission_share",
        "borders": "34", "area": "VN", "period": "2026-10", "level": "nation",
        "period_type": "month", "cause": "source_correction", "version_before": 2,
        "version_after": 2, "numerator_before": 7000, "numerator_after": 7100,
        "denominator_before": 14000, "denominator_after": 14000, "value_before": 0.5,
        "value_after": 7100 / 14000, "change": 100 / 14000,
    }  # fmt: skip
    return pa.Table.from_pylist([row] if release == NEWEST else [], REVISION_SCHEMA)


def _texts(release: str, night: Night) -> dict[str, str]:
    told = {"release": release, "night": str(night), "rulebook": "0" * 64, "data": {},
            "made_with": {"motcua": "0.1.0"}, "previous": None}  # fmt: skip
    if release != NEWEST:
        return {"release.json": json.dumps(told)}
    told["previous"] = {"release": EARLIER, "sums": "0" * 64}
    return {
        "release.json": json.dumps(told),
        "corrections.vi.txt": f"Đính chính {NEWEST} so với {EARLIER}\n22/11/2026\n\n"
        "Tỷ lệ hồ sơ nộp trực tuyến, Cả nước, 2026-10: 50,0 % thành 50,7 %\n",
        "corrections.en.txt": f"Corrections of {NEWEST} to {EARLIER}\n22/11/2026\n\n"
        "Share of dossiers filed online, Viet Nam, 2026-10: was 50.0%, now 50.7%\n",
    }
