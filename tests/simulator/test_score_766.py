"""The metrics of Decision 766: counted by the declared SQL as the nation's truth counts them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from catalog.night import Night
from catalog.records import records
from catalog.sources import Source
from simulator import Nation
from simulator.dossier import Rating, Version
from simulator.truth import Counts, truth
from tests.simulator.by_hand import AREA, PROCEDURE, at, case, state, told
from transforms.conform import conform
from transforms.indicators import indicators, measure

OPENS, ON = dt.date(2026, 9, 20), dt.date(2026, 11, 5)
SPOKEN = {
    "dossier": "lgsp_json",
    "rating": "lgsp_json",
    "petition": "xroad_rest",
    "procedure": "national_adapter",
}
"""Record kinds, and the platform whose dialect is the canonical one."""
OURS = {
    *("procedure_online_share", "online_service_used_share", "payable_procedure_share"),
    *("paid_procedure_share", "verified_procedure_share", "verified_dossier_share"),
    *("online_dossier_share_766", "required_result_share", "digitised_with_result_share"),
    *("petition_satisfaction_share", "petition_procedure_share", "petition_staff_share"),
    *("dossier_satisfaction_share", "online_submission_share_without_certification"),
    "on_time_rate_without_certification",
}


def rows(nation: Nation, source: Source, kind: str) -> list[dict[str, Any]]:
    """The state of everything that counts, in the words of the canonical dialect."""
    opens, until = (dt.datetime.combine(d, dt.time()) for d in (OPENS, ON + dt.timedelta(days=1)))
    items = nation.window(source.source_id, kind, opens, until)
    return [i.row() for i in items if i.copy == 0 and getattr(i.subject, "is_real", True)]


def conformed(nation: Nation, kind: str) -> pa.Table:
    tables = []
    for source in nation.sources.values():
        if kind in source.records:
            plain = {"platform": SPOKEN[kind], "dialect": "", "mapping": {}}
            spoken = source.model_copy(update=plain)
            found = rows(nation, source, kind)
            done = conform(spoken, records()[kind], Night(ON), [("ab" * 32, found)], b"key")
            assert not done.rejected
            tables.append(done.table)
    return pa.concat_tables(tables)


@pytest.fixture(scope="module")
def nation() -> Nation:
    return Nation(OPENS, dossiers=9_000, seed=11)


@pytest.fixture(scope="module")
def counted(nation: Nation) -> Counts:
    """(indicator, area, month) -> numerator and denominator, by the declared SQL."""
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    with duckdb.connect() as connection:
        for kind in SPOKEN:
            connection.register(f"all_{kind}", conformed(nation, kind))
        counts = measure(connection, {kind: f"all_{kind}" for kind in SPOKEN}, Night(ON))
    for row in counts.to_pylist():
        if row["agency"] is None:
            key = (row["indicator"], row["area"], f"{row['starts_on']:%Y-%m}")
            sums[key][0] += row["numerator"]
            sums[key][1] += row["denominator"]
    return {key: (n, d) for key, (n, d) in sums.items()}


def of(code: str, counts: Counts) -> Iterator[tuple[tuple[str, str, str], tuple[int, int]]]:
    for key, value in counts.items():
        if key[0] == code and key[1] != "VN" and len(key[2]) == 7 and key[2][4] == "-" and value[1]:
            yield key, value


@pytest.mark.parametrize("code", sorted(OURS))
def test_what_the_sql_counts_is_the_truth_of_every_area_and_month(
    code: str, nation: Nation, counted: Counts, expected: Counts
) -> None:
    wanted = {k: v for k, v in of(code, expected) if "Q" not in k[2]}
    assert wanted
    assert dict(of(code, counted)) == wanted


@pytest.fixture(scope="module")
def expected(nation: Nation) -> Counts:
    return truth(nation, ON)


def test_every_figure_of_the_portal_has_its_indicator_and_its_truth(expected: Counts) -> None:
    stated = {code for code, one in indicators().items() if "766" in one.figure}
    assert len(stated) == 23
    assert {key[0] for key in expected if key[0] in stated} == stated


def test_certifications_are_left_out_of_the_figures_that_say_so() -> None:
    certification = PROCEDURE.__class__("2.000815", "Chứng thực", "G15-TP03", "partial", (), 0, 1)
    copy = case(state("finished", finished_at=at(9, 19)), procedure=certification)
    counts = told(copy, case(state("finished", finished_at=at(9, 21))))
    assert counts["on_time_rate", AREA, "2026-09"] == (1, 2)
    assert counts["on_time_rate_without_certification", AREA, "2026-09"] == (0, 1)
    assert counts["online_submission_share_without_certification", AREA, "2026-09"] == (1, 1)


def test_a_dossier_late_and_disliked_is_taken_off_twice() -> None:
    late = state("returned", finished_at=at(9, 21), returned_at=at(9, 22))
    disliked = Rating(at(10, 3), at(10, 3), "dissatisfied")
    counts = told(case(late, ratings=(disliked,)), case(late))
    assert counts["dossier_satisfaction_share", AREA, "2026-09"] == (-1, 2)


def test_a_procedure_counts_once_a_month_however_many_ask_for_it() -> None:
    asked = [case(state("processing"), channel=c) for c in ("in_person", "online", "postal")]
    later = Version(at(10, 10), "processing", received_at=at(10, 10), due_at=at(10, 30))
    counts = told(*asked, case(later, channel="postal"))
    months = {
        key[2]: v for key, v in counts.items() if key[:2] == ("online_service_used_share", AREA)
    }
    assert months == {"2026-09": (1, 1), "2026-10": (0, 1)}


def test_handled_to_satisfaction_contains_what_on_time_means() -> None:
    on_time, satisfied = (
        " ".join(indicators()[code].numerator.split())
        for code in ("petition_on_time_rate", "petition_satisfaction_share")
    )
    assert satisfied.endswith(f"AND {on_time}")
