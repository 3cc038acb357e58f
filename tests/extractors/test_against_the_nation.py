"""The lgsp_json platform against the simulated nation and its faults."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

import httpx2
import pytest

from catalog.errors import (
    DeliveryBroken,
    SourceError,
    SourceRefused,
    SourceThrottled,
    SourceUnavailable,
)
from catalog.night import Night
from catalog.sources import Source, XRoad
from extractors import Delivery, collect, read
from simulator import Nation
from simulator.server import application
from tests.extractors.conftest import serving

NIGHT = Night(dt.date(2026, 9, 20))


@pytest.fixture(scope="module")
def nation() -> Nation:
    """A nation in which Huế answers from behind a security server."""
    nation = Nation(dt.date(2026, 9, 1), dossiers=20_000, seed=7)
    xroad = XRoad(client="VN/GOV/G22/mot-cua", service="VN/GOV/H57/một cửa")
    own = {"an_giang": {"platform": "lgsp_json"}, "hue": {"platform": "xroad_rest", "xroad": xroad}}
    for source_id, changes in own.items():
        nation.sources[source_id] = nation.sources[source_id].model_copy(update=changes)
    return nation


@pytest.fixture(scope="module")
def address(nation: Nation) -> Iterator[str]:
    with serving(application(nation)) as address:
        yield address


@pytest.fixture
def source(nation: Nation, address: str, monkeypatch: pytest.MonkeyPatch) -> Source:
    """A province of the nation, read in small pages with short waits."""
    monkeypatch.setattr("extractors.web.FIRST_WAIT", 0.001)
    declared = nation.sources["an_giang"]
    changes = {"url": f"{address}/an_giang", "page_size": 40, "timeout_seconds": 1, "attempts": 2}
    return declared.model_copy(update=changes)


def run(source: Source, cursor: str = "") -> tuple[Delivery, list[str]]:
    codes: list[str] = []

    def land(content: bytes) -> str:
        codes.extend(row["MaHoSo"] for row in read(source, "dossier", content))
        return hashlib.sha256(content).hexdigest()

    return collect(source, "dossier", NIGHT, cursor, land), codes


def test_two_nights_join_without_a_gap(source: Source) -> None:
    delivery, codes = run(source)
    assert delivery.pages > 2
    assert delivery.rows == len(codes)
    again, _ = run(source, delivery.cursor_after)
    assert again.rows < delivery.rows
    assert "changed_since=20260920230000&until=20260921000000" in again.landed[0].request
    assert run(source)[0].sha256s == delivery.sha256s


def test_behind_a_security_server_all_rows_arrive(nation: Nation, address: str) -> None:
    behind = nation.sources["hue"].model_copy(update={"url": f"{address}/hue", "page_size": 40})
    delivery, codes = run(behind)
    until = dt.datetime(2026, 9, 21)
    window = nation.window("hue", "dossier", until - dt.timedelta(days=90), until)
    assert codes == [item.row()["MaHoSo"] for item in window]
    assert (delivery.rows, delivery.pages > 1) == (len(codes), True)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "down"}, SourceUnavailable),
        ({"kind": "dropped"}, DeliveryBroken),
        ({"kind": "slow", "seconds": 1.5}, SourceUnavailable),
        ({"kind": "server_error"}, SourceUnavailable),
        ({"kind": "throttled"}, SourceThrottled),
        ({"kind": "token_expired"}, SourceRefused),
        ({"kind": "truncated_page"}, DeliveryBroken),
        ({"kind": "repeated_page"}, DeliveryBroken),
        ({"kind": "repeated_rows"}, DeliveryBroken),
    ],
    ids=lambda value: value.get("kind", "") if isinstance(value, dict) else "",
)
def test_a_fault_passes_or_is_told(
    source: Source, address: str, fault: dict[str, object], error: type[SourceError]
) -> None:
    whole, _ = run(source)
    faults = f"{address}/_faults/an_giang"
    httpx2.post(faults, json={**fault, "times": 1}, trust_env=False).raise_for_status()
    assert run(source)[0].sha256s == whole.sha256s
    httpx2.post(faults, json=fault, trust_env=False).raise_for_status()
    try:
        with pytest.raises(error):
            run(source)
    finally:
        httpx2.delete(faults, trust_env=False).raise_for_status()
