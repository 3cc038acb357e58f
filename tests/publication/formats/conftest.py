"""A small frozen release with every status, hostile names and numbers that are hard to write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from catalog.outcomes import BREAKDOWN_SCHEMA, DETECTION_SCHEMA, REPORTING_SCHEMA
from catalog.revisions import REVISION_SCHEMA
from publication.formats import write_formats
from publication.release import Release
from tests.figures.made import NIGHT, figure, table
from transforms.figures.derived import derived
from transforms.indicators import indicators
from transforms.scores import own
from warehouse.files import Content, prepare

ID = "2026.10.1"
HOSTILE = {
    "on_time_rate": ("=1+1", '@SUM(A1:A9) citizens\' "own" <b>&amp;</b>'),
    "overdue_count": ("+84 999", "http://example.org/"),
}
COUNT, SCORE, MEAN = "overdue_count", "score_766_portal", "mean_handling_days"


def _figures() -> pa.Table:
    rows = [
        *_shares("online_submission_share"),
        *_shares("on_time_rate"),
        figure("VN", "2026-10", 102_345_678, 97_000_000, indicator=COUNT),
        figure("H26", "2026-10", 0, 8_500_000, indicator=COUNT, status="final"),
        figure("VN", "2025", 2_831_007, 34_00, indicator=SCORE, value=2_831_007 / 34_00),
        figure("H26", "2025", 8_310, 100, indicator=SCORE, status="final"),
        figure("VN", "2026-10", 22, 7, indicator=MEAN),
    ]
    return table(*({**row, "release": ID} for row in rows))


def _shares(indicator: str) -> list[dict[str, Any]]:
    withheld: dict[str, Any] = {"status": "withheld", "reason": "small_cell", "coverage": 1.0}
    told = [
        figure("VN", "2026-10", 1, 3), figure("VN", "2026-11", 2, 7), figure("VN", "all", 3, 10),
        figure("VN", "2026-Q3", 22, 70, status="final"), figure("VN", "2025", 5, 9),
        figure("VN", "2026-11-20", 1, 7), figure("VN", "2026-09", 8, 9),
        figure("H26", "2026-10", 10_000_000, 30_000_001), figure("H29", "2026-10", None, None),
        figure("H14", "2026-10", 0, 0), figure("H40", "2026-10", 0, 11, status="final"),
        figure("G03", "2026-10", None, None, **withheld),
        figure("H26", "2026-10", 1, 6, borders="63"), figure("H22", "2026-10", 5, 6, borders="63"),
        figure("H26.01", "2026-10", 4, 9), figure("VN", "2026-10", 1, 9, borders="63"),
    ]  # fmt: skip
    version = indicators()[indicator].version
    return [{**row, "indicator": indicator, "definition_version": version} for row in told]


def _catalogue() -> list[dict[str, Any]]:
    found = [told.model_dump(mode="json") for told in indicators().values()]
    for entry in found:
        if entry["code"] in HOSTILE:
            entry["name_vi"], entry["name_en"] = HOSTILE[entry["code"]]
    return found


def content(further: Any = lambda folder: None) -> Content:
    """What the pipeline would write, with all tables of a release."""
    figures = _figures()
    part = {
        "release": ID, "indicator": "on_time_rate", "definition_version": 1,
        "dimension": "channel", "item": "", "period": "2026-10", "period_type": "month",
        "numerator": 1, "denominator": 2, "value": 0.5, "status": "final", "reason": "",
    }  # fmt: skip
    seen = DETECTION_SCHEMA.empty_table().add_column(0, "release", pa.array([], pa.string()))
    return Content(
        observations=figures,
        catalogue=_catalogue(),
        tables={
            **derived(figures, NIGHT),
            "score": own(figures),
            "detection": seen,
            "revision": REVISION_SCHEMA.empty_table(),
            "breakdown": pa.Table.from_pylist([part], BREAKDOWN_SCHEMA),
            "procedure": pa.table(
                {"code": ["1.001193"], "name_vi": ["=Đăng ký"], "field_code": ["G03-HT01"]}
            ),
            "reporting": REPORTING_SCHEMA.empty_table(),
        },
        texts={"release.json": json.dumps({"release": ID, "night": str(NIGHT)})},
        further=further,
    )


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release with all its files, as the pipeline prepares it."""
    return Release(prepare(tmp_path_factory.mktemp("published"), ID, content(write_formats)))


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the same release without the files that are made of its tables."""
    return prepare(tmp_path_factory.mktemp("bare"), ID, content())
