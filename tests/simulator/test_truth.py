"""The truth of nations small enough to count by hand, and of one read back from its rows."""

from __future__ import annotations

import datetime as dt

import pytest

from simulator import Nation
from simulator.dossier import Event, Rating, Supplement, Version
from simulator.truth import truth
from tests.simulator.by_hand import AREA, ON, at, case, state, told


def on_time(version: Version) -> int:
    return told(case(version))["on_time_rate_766", AREA, "2026-09"][0]


ASKED, ANSWERED = at(9, 12), at(9, 15)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (state("finished", finished_at=at(9, 20)), 1),
        (state("finished", finished_at=at(9, 20, 10)), 0),
        (state("finished", finished_at=at(9, 19), due_at=None), 0),
        (state("returned", finished_at=None, returned_at=at(9, 19)), 1),
        (state("withdrawn", rejected_at=at(9, 19)), 1),
        (state("withdrawn", rejected_at=None), 0),
        (state("stopped", rejected_at=at(9, 21)), 0),
        (state("supplement_requested", supplements=(Supplement(ASKED),)), 1),
        (state("processing", due_at=at(9, 30, 23)), 0),
        (state("processing", due_at=dt.datetime(2026, 10, 1)), 1),
        (state("finished", finished_at=at(9, 23), supplements=(Supplement(ASKED, ANSWERED),)), 1),
        (state("finished", finished_at=at(9, 24), supplements=(Supplement(ASKED, ANSWERED),)), 0),
        (
            state(
                "finished",
                finished_at=at(9, 12),
                supplements=(Supplement(ASKED, ANSWERED), Supplement(ANSWERED, at(9, 16))),
            ),
            0,
        ),
    ],
)
def test_on_time_after_decision_766(version: Version, expected: int) -> None:
    assert on_time(version) == expected


def test_an_open_dossier_of_this_month_is_judged_at_the_cutoff() -> None:
    open_now = Version(at(10, 10), "processing", received_at=at(10, 10), due_at=at(10, 21, 0))
    due_before = open_now._replace(due_at=at(10, 20, 23))
    key = ("on_time_rate_766", AREA, "2026-10")
    assert told(case(open_now), case(due_before))[key] == (1, 2)


def test_all_indicators_of_one_returned_dossier() -> None:
    returned = state("returned", finished_at=at(9, 19), returned_at=at(10, 2))
    rating = Rating(at(10, 3), at(10, 3), "satisfied")
    facts = {"payment": "agency_gateway", "result_delivery": "postal"}
    one = case(returned, ratings=(rating,), **facts, has_electronic_result=True)
    counts = told(one)
    expected = {
        ("online_submission_share", AREA, "2026-09"): (1, 1),
        ("end_to_end_share", AREA, "2026-09"): (1, 1),
        ("on_time_rate", AREA, "2026-09"): (1, 1),
        ("on_time_rate_766", AREA, "2026-09"): (1, 1),
        ("overdue_count", AREA, "2026-09"): (0, 1),
        ("pending_count", AREA, "2026-09"): (0, 1),
        ("postal_receipt_share", AREA, "2026-09"): (0, 1),
        ("online_payment_share", AREA, "2026-09"): (1, 1),
        ("electronic_result_share", AREA, "2026-09"): (1, 1),
    }
    assert {key: counts.get(key) for key in expected} == expected
    assert counts["postal_return_share", AREA, "2026-10"] == (1, 1)
    assert counts["satisfaction_rating_share", AREA, "2026-10"] == (1, 1)
    assert counts["satisfaction_rating_share", "VN", "2026-Q4"] == (1, 1)
    assert counts["on_time_rate", "VN", "all"] == counts["on_time_rate", AREA, "2026"] == (1, 1)


def test_what_is_open_and_late_what_is_not_received_and_what_is_not_stated() -> None:
    late = case(state("payment_requested"), channel=None)
    no_due = case(state("processing", due_at=None), channel="postal")
    registered = case(Version(at(9, 30), "registered"))
    refused = case(state("refused"))
    counts = told(late, no_due, registered, refused)
    assert counts["overdue_count", AREA, "all"] == (1, 1)
    assert counts["pending_count", AREA, "all"] == (2, 2)
    assert counts["online_submission_share", AREA, "all"] == (0, 2)
    assert counts["postal_receipt_share", AREA, "all"] == (1, 2)
    assert ("digitised_share", AREA, "all") not in counts
    assert ("on_time_rate", AREA, "all") not in counts


def test_only_what_is_known_at_the_cutoff_counts() -> None:
    first, then = state("processing"), state("finished", finished_at=at(9, 19))
    life = case(first._replace(at=at(9, 11)), then._replace(at=at(9, 20)))
    before, after = told(life, on=dt.date(2026, 9, 19)), told(life, on=dt.date(2026, 9, 20))
    assert before["pending_count", AREA, "all"] == (1, 1)
    assert after["pending_count", AREA, "all"] == (0, 1)


def test_a_bundle_is_one_request_and_as_much_work_as_it_has_parts() -> None:
    request = case(state("processing"), bundle="birth")
    parts = [
        case(state("processing"), code=f"H26.02-260901-000{n}", bundle="birth", parent_code="x")
        for n in (1, 2, 3)
    ]
    counts = told(request, *parts)
    assert counts["online_submission_share", AREA, "all"] == (1, 1)
    assert counts["pending_count", AREA, "all"] == (3, 3)
    assert counts["overdue_count", AREA, "all"] == (3, 3)
    assert counts["apology_share", AREA, "all"] == (0, 3)


def test_an_apology_counts_once_it_is_known_and_only_for_what_is_overdue() -> None:
    late, in_time = state("processing"), state("processing", due_at=at(10, 30))
    apology = Event(at(10, 10), at(10, 9), "apology_issued", late)
    request = Event(at(9, 12), at(9, 11), "supplement_requested", late)
    told_in_time = case(late, events=[request, apology])
    told_later = case(late, events=[apology._replace(at=at(10, 21))])
    needless = case(in_time, events=[apology])
    counts = told(told_in_time, told_later, needless, case(late, events=[request]))
    assert counts["apology_share", AREA, "2026-09"] == (1, 3)


def test_both_sides_of_what_was_filed_on_the_portal() -> None:
    early, lag = at(9, 10), dt.timedelta(minutes=5)
    known = Version(early, "processing", received_at=early, due_at=at(9, 20))
    shown = case(known, filed_on_portal=True, portal_lag=lag)
    not_shown = case(known, filed_on_portal=True, portal_lag=None)
    part = case(known, filed_on_portal=True, portal_lag=lag, bundle="birth", parent_code="x")
    refused = case(known._replace(status="refused"), filed_on_portal=True, portal_lag=lag)
    counts = told(shown, not_shown, part, refused, case(known))
    assert counts["portal_match_rate", AREA, "2026-09"] == (1, 2)
    assert counts["portal_orphan_count", AREA, "2026-09"] == (0, 2)


def test_the_two_sides_have_three_days_to_agree() -> None:
    lag = dt.timedelta(minutes=5)
    for received_at, settled in ((at(10, 18, 0), 1), (at(10, 18, 1), 0)):
        version = Version(received_at, "received", received_at=received_at)
        facts = {"filed_on_portal": True, "portal_lag": lag, "submitted_at": received_at}
        counts = told(case(version, **facts))
        assert counts.get(("portal_match_rate", AREA, "all"), (0, 0)) == (settled, settled)
        assert counts.get(("portal_orphan_count", AREA, "all"), (0, 0)) == (0, settled)


def test_the_rows_of_the_feeds_tell_the_same(nation: Nation) -> None:
    """A reader who counts rows as sent finds the truth of one agency's feed."""
    opens = dt.datetime.combine(nation.opens_on, dt.time())
    window = nation.window("hue", "dossier", opens, dt.datetime(2026, 10, 21))
    rows = [item.row() for item in window if item.subject.is_real and item.copy == 0]
    received = [r for r in rows if r["NgayTiepNhan"] and r["TrangThaiHoSo"] not in ("1", "3")]
    requests = [r for r in received if not r["MaHoSoCha"]]
    work = [r for r in received if r["MaHoSoCha"] or not r["LoaiDuLieuKetNoi"]]
    assert len(received) > len(requests) != len(work) < len(received)
    online = [r for r in requests if r["KenhThucHien"] == "2"]
    done = [r for r in work if r["TrangThaiHoSo"] in ("9", "10") and r["NgayKetThucXuLy"]]
    early = [r for r in done if r["NgayKetThucXuLy"] <= r["NgayHenTra"]]
    counts = truth(nation, ON)
    assert counts["online_submission_share", "H57", "all"] == (len(online), len(requests))
    assert counts["on_time_rate", "H57", "all"] == (len(early), len(done))


def test_the_nation_is_the_sum_of_its_areas(nation: Nation) -> None:
    counts = truth(nation, ON)
    for indicator, period in {(key[0], key[2]) for key in counts}:
        parts = [v for k, v in counts.items() if k[0] == indicator and k[2] == period]
        nation_counts = counts[indicator, "VN", period]
        assert 2 * nation_counts[0] == sum(numerator for numerator, _ in parts)
        assert 2 * nation_counts[1] == sum(denominator for _, denominator in parts)
