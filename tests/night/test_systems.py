"""Every headline figure is shown after one night, with a coverage that anyone can recount."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from functools import cache
from typing import Any

import pytest
from typer.testing import CliRunner

import motcua
import pipeline
from catalog.areas import areas_of
from catalog.finality import final_from
from catalog.night import Night
from catalog.sources import sources
from motcua.clock import now
from pipeline.releases import figures
from simulator.nation import local
from simulator.truth import Counts
from tests.night.expected import measured

DOSSIERS = 9_000
RETURNS = {
    "cat_giam_quy_dinh",
    "chi_so_cai_cach",
    "hop_nhat_cong",
    "tai_khoan",
    "thu_xin_loi",
    "van_ban_dien_tu",
}
SYSTEMS = {"hue", "cao_bang", "bo_y_te", "he_thong_pakn", "cong_dvcqg_thu_tuc"}
SOURCES = {*SYSTEMS, "cong_dvcqg_co_quan", *RETURNS}
ON = dt.date(2026, 11, 18)
HEADLINES = {
    "online_submission_share": "H57",
    "on_time_rate": "G18",
    "procedures_published_count": "G03",
    "one_stop_desk_count": "H57",
    "petition_on_time_rate": "H57",
    "postal_receipt_share": "H57",
    "satisfaction_rating_share": "H57",
    "end_to_end_service_count": "G03",
    "electronic_document_share": "H57",
    "regulations_cut_count": "G03",
    "portal_account_count": "H57",
    "apology_share": "H14",
    "merged_portal_count": "H57",
    "sipas_score": "H57",
}
"""Indicator -> a province or ministry that has it."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def night(country: Any) -> Any:
    """The country after the night."""
    assert pipeline.night(ON, now) == pipeline.DONE
    return country


def shown(*words: str) -> list[dict[str, Any]]:
    """What ``motcua indicator ... --json`` prints."""
    told = CliRunner().invoke(motcua.app, ["indicator", *words, "--json"])
    assert told.exit_code == 0, told.output
    rows: list[dict[str, Any]] = json.loads(told.stdout)
    return rows


def is_expected(row: dict[str, Any]) -> bool:
    """Returns of a year before the sources started are shown; nobody had to send them."""
    return str(row["period"]) >= "2025"


@pytest.mark.parametrize("code", HEADLINES)
def test_every_headline_figure_is_shown(night: Any, code: str) -> None:
    for area in ("VN", HEADLINES[code]):
        rows = [row for row in shown(code, "--area", area) if has_value(row)]
        assert rows, area
        shares = [row["coverage"] for row in rows if is_expected(row)]
        assert any(shares)
        assert all(0 <= share <= 1 for share in shares)
        assert {row["status"] for row in rows} <= {"provisional", "final", "withheld"}


def has_value(row: dict[str, Any]) -> bool:
    """Whether there is one, although in a country this small it may be too small to show."""
    _, counted = counted_there().get((row["indicator"], row["area"], row["period"]), (0, 0))
    is_small = row["reason"] in ("small_sample", "secondary_cell")
    return row["value"] is not None or (is_small and bool(counted))


@cache
def counted_there() -> Counts:
    return measured(ON)


def test_the_command_itself_says_the_same(night: Any) -> None:
    words = ("sipas_score", "--area", "VN")
    assert night.json("indicator", *words) == shown(*words)


def stated(country: Any, source_id: str) -> dict[str, set[str]]:
    """Period -> the areas that the source had spoken of by the end of the night."""
    since, until = (local(night.cutoff) for night in (Night(dt.date(2025, 1, 1)), Night(ON)))
    found: dict[str, set[str]] = defaultdict(set)
    for item in country.nation.window(source_id, "reported_figure", since, until):
        row = item.row()
        found[row["Ky"]].add(row["MaDonVi"])
    return found


ENDED = {
    "portal_account_count": ("tai_khoan", [f"2026-{month:02}" for month in range(1, 11)]),
    "electronic_document_share": ("van_ban_dien_tu", [f"2026-{m:02}" for m in range(1, 11)]),
    "regulations_cut_count": ("cat_giam_quy_dinh", ["2026-Q1", "2026-Q2", "2026-Q3"]),
    "merged_portal_count": ("hop_nhat_cong", ["2026-Q1", "2026-Q2", "2026-Q3"]),
    "sipas_score": ("chi_so_cai_cach", ["2025"]),
}
"""Indicator -> who states it, and periods that have ended."""


@pytest.mark.parametrize("code", ENDED)
def test_coverage_is_the_share_of_areas_that_reported(night: Any, code: str) -> None:
    source_id, ended = ENDED[code]
    expected, heard = set(areas_of(sources()[source_id])), stated(night, source_id)
    told = {p: figures(code, "VN", p, ON)[0]["coverage"] for p in ended}
    assert told == {p: pytest.approx(len(heard[p]) / len(expected)) for p in ended}


def test_some_returns_never_came(night: Any) -> None:
    for code in ("portal_account_count", "electronic_document_share"):
        source_id, ended = ENDED[code]
        assert any(set(areas_of(sources()[source_id])) - stated(night, source_id)[p] for p in ended)


@pytest.mark.parametrize("code", ENDED)
def test_a_silent_return_is_missing_and_not_zero(night: Any, code: str) -> None:
    source_id, ended = ENDED[code]
    heard = stated(night, source_id)
    for period in ended:
        rows = {row["area"]: row for row in figures(code, None, period, ON)}
        for area in areas_of(sources()[source_id]):
            row = rows[area]
            if area in heard[period]:
                settled = final_from(period)
                status = "final" if settled and settled <= ON else "provisional"
                assert (row["status"], row["coverage"]) == (status, 1)
            else:
                nothing = (row["numerator"], row["denominator"], row["value"], row["coverage"])
                assert (row["status"], *nothing) == ("missing", None, None, None, 0)
