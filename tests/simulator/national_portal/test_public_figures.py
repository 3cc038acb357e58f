"""The portal's public figures, as our own platform and dialect find them, against the truth."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pyarrow as pa
import pytest

from catalog.errors import DeliveryBroken, SourceRefused, SourceThrottled, SourceUnavailable
from simulator import Nation
from simulator.desk import Desk
from simulator.faults import Fault
from simulator.official_scores import GROUPS, TOTAL, official_counts, official_scores, provinces
from tests.simulator.national_portal.conftest import NIGHT, SCORES, Find, bring


def figures(table: pa.Table) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (row["figure_code"], row["agency_code"]): (row["numerator"], row["denominator"])
        for row in table.to_pylist()
    }


def test_the_scores_of_all_provinces_are_those_the_nation_holds_true(
    nation: Nation, find: Find
) -> None:
    delivery, batch = bring(find("cong_dvcqg_766"), "reported_figure")
    found = figures(batch.table)
    names = {TOTAL: "score_766", **{group: f"score_766_{group.lower()}" for group in GROUPS}}
    for code, scores in official_scores(nation.seed, 2026).items():
        for group, score in scores.items():
            assert found[names[group], code] == (score, 100)
    assert (batch.rejected, batch.duplicate, batch.unmapped) == (0, 0, ())
    assert delivery.pages == 1 + 34 * 6
    assert batch.received == 34 * (7 + 5 * 16) == len(found)


def test_the_metrics_are_those_the_nation_holds_true(nation: Nation, find: Find) -> None:
    found = figures(bring(find("cong_dvcqg_766"), "reported_figure")[1].table)
    year_end = dt.date(2026, 12, 31)
    for unit in ("H26", "H26.01"):
        petitions = official_counts(nation.seed, unit, "PETITION_PROCESSING_ON_TIME", NIGHT.on)
        assert found["766_petition_processing_on_time", unit] == petitions
        synced = official_counts(nation.seed, unit, "DOSSIER_SYNC", year_end)
        assert found["766_dossier_sync", unit] == synced
    copies = [v for (code, _), v in found.items() if code == "766_electronic_certified_copy"]
    assert (0, 0) in copies


def test_small_pages_bring_the_same_figures(find: Find) -> None:
    large = figures(bring(find("cong_dvcqg_766"), "reported_figure")[1].table)
    small = figures(bring(find("cong_dvcqg_766", page_size=2), "reported_figure")[1].table)
    assert small == large


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("firewalled", SourceRefused),
        ("throttled", SourceThrottled),
        ("down", SourceUnavailable),
        ("dropped", DeliveryBroken),
        ("truncated_page", DeliveryBroken),
    ],
)
def test_the_public_portal_can_refuse_and_fail(
    find: Find, client: httpx2.Client, desk: Desk, kind: str, error: type[Exception]
) -> None:
    desk.faults.put("cong_dvcqg_766", Fault(kind))
    with pytest.raises(error):
        bring(find("cong_dvcqg_766"), "reported_figure")


def test_scores_stay_within_their_groups_and_add_up() -> None:
    scores = official_scores(7, 2026)
    assert sorted(scores) == sorted(provinces())
    assert len(scores) == 34
    for groups in scores.values():
        assert all(0 <= groups[code] <= group.maximum for code, group in GROUPS.items())
        assert groups[TOTAL] == sum(groups[code] for code in GROUPS)
    assert scores != official_scores(7, 2025)
    assert scores != official_scores(8, 2026)
    assert sum(group.maximum for group in GROUPS.values()) == 10_000


def test_the_portal_answers_in_its_own_shape(client: httpx2.Client) -> None:
    question = {"timeType": "year", "year": 2026, "departmentType": "ADMINISTRATIVE_UNIT"}
    answer = client.post(f"{SCORES}/service-results", json=question).json()
    data = answer["data"]
    assert (answer["code"], len(data["evaluation"])) == ("OK", 34)
    assert {"departmentId", "departmentName", "departmentCode", "totalScore", "scoreDelta"} < set(
        data["evaluation"][0]
    )
    assert set(data["evaluation"][0]["groupScores"]) == set(GROUPS)
    assert [spoke["code"] for spoke in data["radar"]] == [
        *("CKMB", "TDGQ", "MDSH", "MDHL"),
        "ONLINE_SERVICE",
    ]
    mean = sum(row["totalScore"] for row in data["evaluation"]) / 34
    assert data["overview"]["totalScore"] == pytest.approx(mean, abs=0.006)


@pytest.mark.parametrize(
    ("endpoint", "body"),
    [
        ("service-results", {"timeType": "month", "year": 2026, "departmentType": "MINISTRY"}),
        ("transparency", {"year": 2026, "rootDepartmentId": "x", "currentPage": 1, "pageSize": 9}),
        ("transparency", {}),
    ],
)
def test_a_question_for_other_figures_is_no_ok(
    client: httpx2.Client, endpoint: str, body: dict[str, Any]
) -> None:
    answer = client.post(f"{SCORES}/{endpoint}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_REQUEST")
    assert client.post(f"{SCORES}/nothing", json=body).status_code == 404
