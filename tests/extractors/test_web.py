"""Pace, waits and limits, without a network."""

from __future__ import annotations

from itertools import pairwise

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import DeliveryBroken, SourceRefused, SourceUnavailable
from extractors.web import (
    LONGEST_RETRY_AFTER,
    Pace,
    Throttled,
    TooLarge,
    Unauthorised,
    retry_after,
    wait_before_retry,
)


class Clock:
    """A clock that only sleeping and `work` move."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@given(
    per_second=st.floats(0.1, 1000),
    work=st.lists(st.floats(0, 30), min_size=2, max_size=30),
)
def test_requests_are_never_closer_than_the_pace_allows(
    per_second: float, work: list[float]
) -> None:
    clock = Clock()
    pace = Pace(per_second, clock, clock.sleep)
    left: list[float] = []
    for seconds in work:
        pace()
        left.append(clock.now)
        clock.now += seconds
    gaps = [later - earlier for earlier, later in pairwise(left)]
    assert all(gap >= 1 / per_second - 1e-9 for gap in gaps)
    assert left[0] == 100.0
    assert all(
        gap <= max(1 / per_second, seconds) + 1e-9 for gap, seconds in zip(gaps, work, strict=False)
    )


DATE = "Sun, 22 Nov 2026 17:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "86400"}, LONGEST_RETRY_AFTER),
        ({"Retry-After": "Sun, 22 Nov 2026 17:00:09 GMT", "Date": DATE}, 9.0),
        ({"Retry-After": "Sun, 22 Nov 2026 16:00:00 GMT", "Date": DATE}, 0.0),
        ({"Retry-After": "Mon, 23 Nov 2026 17:00:00 GMT", "Date": DATE}, LONGEST_RETRY_AFTER),
        ({"Retry-After": "Sun, 22 Nov 2026 17:00:09 GMT"}, None),
        ({"Retry-After": "soon", "Date": DATE}, None),
        ({"Retry-After": "-5", "Date": DATE}, None),
        ({}, None),
    ],
)
def test_retry_after_in_both_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(httpx2.Headers(headers)) == seconds


@given(text=st.text(), date=st.text())
def test_retry_after_never_fails_nor_waits_too_long(text: str, date: str) -> None:
    pairs = [(b"Retry-After", text.encode()), (b"Date", date.encode())]
    wait = retry_after(httpx2.Headers(pairs))
    assert wait is None or 0 <= wait <= LONGEST_RETRY_AFTER


def test_which_errors_are_worth_another_attempt() -> None:
    asked_to_wait = Throttled("s", "429")
    asked_to_wait.wait = 3.0
    assert wait_before_retry(asked_to_wait) == 3.0
    for worth in (Throttled("s", "429"), SourceUnavailable("s", ""), DeliveryBroken("s", "")):
        assert wait_before_retry(worth) is True
    for useless in (SourceRefused("s", ""), Unauthorised("s", ""), TooLarge("s", ""), OSError()):
        assert wait_before_retry(useless) is False
