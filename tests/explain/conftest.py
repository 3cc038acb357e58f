"""A small nation of few sources after two nights; on the second one system was down."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pipeline
from motcua.clock import now
from tests.night.conftest import found_country

DOSSIERS = 9_000
NIGHTS = [dt.date(2026, 11, 18), dt.date(2026, 11, 19)]
DOWN = "bo_y_te"
SOURCES = {
    *("hue", "cao_bang", DOWN, "wabo", "he_thong_pakn", "thu_xin_loi"),
    *("cong_dvcqg_thu_tuc", "cong_dvcqg_co_quan", "cong_dvcqg_ho_so", "chi_so_cai_cach"),
    *("tai_khoan", "van_ban_dien_tu", "cat_giam_quy_dinh", "hop_nhat_cong"),
}

FIGURES = [
    ("on_time_rate", "H57", "2026-11"),
    ("pending_count", "H14", "all"),
    ("form06_11_pending_total", "H57", "2026-Q4"),
    ("apology_share", "H14", "2026-10"),
    ("portal_match_rate", "VN", "2026-11"),
    ("procedures_published_count", "G18", "2026-Q4"),
    ("payable_procedure_share", "H57", "2026-11"),
    ("sipas_score", "VN", "2025"),
    ("pending_count", "H57.01", "2026-11"),
]
"""Indicator, area and period: records, stocks, balances, returns, views, a unit."""


@pytest.fixture(scope="package")
def told() -> Iterator[Any]:
    """The country after both nights."""
    with tempfile.TemporaryDirectory(prefix="motcua-explain-") as folder:
        for country in found_country(Path(folder), DOSSIERS, SOURCES):
            assert pipeline.night(NIGHTS[0], now) == pipeline.DONE
            country.fault(DOWN, kind="down")
            assert pipeline.night(NIGHTS[1], now) == pipeline.SOME_FAILED
            yield country
