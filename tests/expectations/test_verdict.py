"""Whole batches: accepted, some rows quarantined, or held; and nothing lost on the way."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.night import Night
from catalog.outcomes import FINDING_SCHEMA
from catalog.records import records, sent_records, stored_records
from expectations import Sent, Verdict, judge

NIGHT = Night.parse("2026-10-15")
DOSSIER = records()["dossier"]
INITIAL_LOAD = (NIGHT.on - dt.timedelta(days=35), 9000)
WEEK = [INITIAL_LOAD] + [(NIGHT.on - dt.timedelta(days=7 * weeks), 100) for weeks in (4, 3, 2, 1)]
GOOD = {
    "dossier_code": "H26.01-261001-0001",
    "status": "processing",
    "channel": "online",
    "received_at": dt.datetime(2026, 10, 14, 2, tzinfo=dt.UTC),
    "due_at": dt.datetime(2026, 10, 20, 10, tzinfo=dt.UTC),
    "version_at": dt.datetime(2026, 10, 15, 2, tzinfo=dt.UTC),
    "page_sha256": "ab" * 32,
}

Make = Callable[..., Any]


def rows(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows like GOOD but for the given changes, each a dossier of its own."""
    own = [{"page_row": i, "key_hash": i, "content_hash": i} for i in range(1, len(changes) + 1)]
    return [{**GOOD, **place, **change} for place, change in zip(own, changes, strict=True)]


@pytest.fixture
def judged(source: Make, conform: Make) -> Callable[..., Verdict]:
    def run(given_rows: list[dict[str, Any]], received: int = 100, **changes: Any) -> Verdict:
        rejected = changes.pop("rejected", 0)
        history = changes.pop("history", WEEK)
        table = conform("dossier", given_rows)
        return judge(source(**changes), DOSSIER, table, NIGHT, Sent(received, rejected), history)

    return run


def found(verdict: Verdict) -> list[tuple[str, int | None]]:
    return [(row["check_id"], row["row_index"]) for row in verdict.findings.to_pylist()]


def test_a_sound_batch_is_accepted(judged: Callable[..., Verdict]) -> None:
    verdict = judged(rows({}, {}))
    assert (verdict.decision, verdict.problem, found(verdict)) == ("accept", "", [])
    assert verdict.findings.schema == FINDING_SCHEMA


def test_a_row_with_an_error_is_quarantined(judged: Callable[..., Verdict], conform: Make) -> None:
    batch = rows({}, {"received_at": None}, {"status": "registered", "received_at": None}, {})
    verdict = judged(batch)
    assert verdict.decision == "quarantine"
    assert found(verdict) == [("not_yet_received", 2), ("received_at_missing", 1)]
    assert verdict.problem == "1 rows not_yet_received, 1 rows received_at_missing"
    accepted, quarantined = verdict.split(conform("dossier", batch))
    assert accepted["page_row"].to_pylist() == [1, 4]
    assert quarantined["page_row"].to_pylist() == [2, 3]


def test_a_finding_says_where_the_row_came_from(judged: Callable[..., Verdict]) -> None:
    verdict = judged(rows({}, {"received_at": None}))
    assert verdict.findings.to_pylist() == [
        {
            "check_id": "received_at_missing",
            "check_version": 1,
            "severity": "error",
            "row_index": 1,
            "record_key": "H26.01-261001-0001",
            "page_sha256": "ab" * 32,
            "page_row": 2,
        }
    ]


def test_a_warning_is_merged_and_reported(judged: Callable[..., Verdict], conform: Make) -> None:
    batch = rows({"due_at": None}, {})
    verdict = judged(batch)
    assert (verdict.decision, found(verdict)) == ("accept", [("due_at_missing", 0)])
    accepted, quarantined = verdict.split(conform("dossier", batch))
    assert (accepted.num_rows, quarantined.num_rows) == (2, 0)


@pytest.mark.parametrize(
    ("received", "history", "problem"),
    [
        (0, WEEK, "volume_collapse: 0 rows received, history leads to expect 100; "
                  "volume_floor: 0 rows received, the declared floor is 50"),
        (55, WEEK, "volume_collapse: 55 rows received, history leads to expect 100"),
        (49, WEEK[:1], "volume_floor: 49 rows received, the declared floor is 50"),
    ],
)  # fmt: skip
def test_a_collapsed_delivery_is_held(
    judged: Callable[..., Verdict], conform: Make, received: int, history: Any, problem: str
) -> None:
    batch = rows({}, {"received_at": None})
    verdict = judged(batch, received, history=history)
    assert (verdict.decision, verdict.problem) == ("hold", problem)
    accepted, quarantined = verdict.split(conform("dossier", batch))
    assert (accepted.num_rows, quarantined.num_rows) == (0, 2)
    batch_wide = [row for row in verdict.findings.to_pylist() if row["row_index"] is None]
    assert len(batch_wide) == problem.count("rows received")


def test_an_empty_first_delivery_is_accepted(judged: Callable[..., Verdict]) -> None:
    verdict = judged([], 0, history=[])
    assert (verdict.decision, found(verdict)) == ("accept", [])


def test_a_flood_and_a_stale_copy_only_warn(judged: Callable[..., Verdict]) -> None:
    old = {"version_at": dt.datetime(2026, 10, 1, tzinfo=dt.UTC)}
    verdict = judged(rows(old), 901)
    assert verdict.decision == "accept"
    assert found(verdict) == [("freshness", None), ("volume_ceiling", None)]


def test_an_accepted_deviation_only_warns(judged: Callable[..., Verdict]) -> None:
    early = rows({"finished_at": dt.datetime(2026, 10, 14, 1, tzinfo=dt.UTC)})
    assert judged(early).decision == "quarantine"
    verdict = judged(early, accepted_deviations={"finished_before_received": "day precision"})
    assert (verdict.decision, found(verdict)) == ("accept", [("finished_before_received", 0)])
    assert verdict.findings["severity"].to_pylist() == ["warning"]


@pytest.mark.parametrize("kind", sorted(set(stored_records()) & set(sent_records())))
def test_every_record_kind_can_be_judged(source: Make, conform: Make, kind: str) -> None:
    table = conform(kind, [{"version_at": NIGHT.cutoff}])
    verdict = judge(source(), records()[kind], table, NIGHT, Sent(1), [])
    assert ("version_in_future", 0) in found(verdict)


AT = st.none() | st.datetimes(
    dt.datetime(2026, 10, 14), dt.datetime(2026, 10, 17), timezones=st.just(dt.UTC)
)
CHANGE = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["registered", "processing", "finished", "withdrawn"]),
        "channel": st.sampled_from(["online", "fax", None]),
        "service_level": st.sampled_from(["information", "end_to_end", None]),
        "received_at": AT,
        "finished_at": AT,
        "due_at": AT,
        "is_placeholder_applicant": st.none() | st.booleans(),
        "key_hash": st.integers(1, 3),
        "content_hash": st.integers(1, 2),
    }
)


@settings(max_examples=20, deadline=None)
@given(st.lists(CHANGE, max_size=12).flatmap(lambda c: st.tuples(st.just(c), st.permutations(c))))
def test_no_row_is_lost_and_the_order_does_not_matter(
    source: Make, conform: Make, drawn: tuple[list[dict[str, Any]], list[dict[str, Any]]]
) -> None:
    outcomes = []
    for changes in drawn:
        table = conform("dossier", rows(*changes))
        verdict = judge(source(), DOSSIER, table, NIGHT, Sent(table.num_rows), [])
        accepted, quarantined = verdict.split(table)
        both = accepted["page_row"].to_pylist() + quarantined["page_row"].to_pylist()
        assert sorted(both) == table["page_row"].to_pylist()
        refused = {row["page_row"] for row in verdict.findings.to_pylist()
                   if row["severity"] == "error"}  # fmt: skip
        assert refused == set(quarantined["page_row"].to_pylist())
        outcomes.append(Counter(
            (check_id, str(changes[row])) for check_id, row in found(verdict) if row is not None
        ))  # fmt: skip
    assert outcomes[0] == outcomes[1]


def test_a_batch_that_cannot_be_understood_in_large_part_is_held(
    judged: Callable[..., Verdict],
) -> None:
    assert judged(rows({}, {}), received=100, rejected=20).decision == "accept"
    held = judged(rows({}, {}), received=100, rejected=21)
    assert held.decision == "hold"
    assert held.problem == "rejected_share: 21 of 100 rows cannot be understood"
    assert judged(rows({}), received=4, rejected=3, history=[]).decision == "accept"
