"""Every declared detector judges its own two examples; a wrong declaration does not load."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.declarations import declared, load_file
from catalog.errors import DeclarationError
from transforms.detectors import Detector, detectors

FOLDER = declared("transforms/detectors")
SOURCE = "ha_noi"


@pytest.mark.parametrize("name", sorted(detectors()))
def test_the_example_that_fires_is_found(
    name: str, judge: Callable[..., list[dict[str, Any]]]
) -> None:
    detector = detectors()[name]
    table = detector.table(detector.fires, SOURCE)
    [found] = judge([detector], table, detector.fires.night)
    assert found["is_found"]
    assert found["of"] < 2 * detector.minimum
    assert (found["source_id"], found["area"], found["detector"]) == (SOURCE, "H26", name)


@pytest.mark.parametrize("name", sorted(detectors()))
def test_the_example_that_passes_is_not_found(
    name: str, judge: Callable[..., list[dict[str, Any]]]
) -> None:
    detector = detectors()[name]
    table = detector.table(detector.passes, SOURCE)
    found = judge([detector], table, detector.passes.night)
    assert table.num_rows >= detector.minimum
    assert not any(row["is_found"] for row in found)


@pytest.mark.parametrize("name", sorted(detectors()))
def test_what_lies_before_the_last_90_days_is_not_looked_at(
    name: str, judge: Callable[..., list[dict[str, Any]]]
) -> None:
    detector = detectors()[name]
    later = detector.fires.night.parse("2027-02-15")
    found = judge([detector], detector.table(detector.fires, SOURCE), later)
    assert not found


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("random_codes", {"counts": "FIVE_DIGITS(dossier_code)"}, "FIVE_DIGITS"),
        ("random_codes", {"of": "is_recieved"}, "is_recieved"),
        ("random_codes", {"within": "received_at"}, "received_at is not a local day"),
        ("random_codes", {"counts": ""}, "either counts"),
        ("random_codes", {"column": "channel"}, "a constant has a column"),
        ("random_codes", {"minimum": 5}, "minimum"),
        ("random_codes", {"passes": {"as_of": "2026-11-22", "rows": []}}, "passes"),
        ("channel_constant", {"column": ""}, "a constant has a column"),
        ("channel_constant", {"column": "fee_amount"}, "neither a flag nor a code"),
        ("channel_constant", {"values": ["onlin"]}, "has none of these"),
        ("channel_constant", {"fires": {"as_of": "2026-11-22", "rows": [{"a": 1}]}}, "column: a"),
    ],
)
def test_a_wrong_detector_does_not_load(
    name: str, change: dict[str, Any], told: str, tmp_path: Path
) -> None:
    content = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    file = tmp_path / "wrong.yml"
    file.write_text(yaml.safe_dump({**content, **change}), encoding="utf-8")
    with pytest.raises(DeclarationError, match=rf"wrong.yml: .*{told}"):
        load_file(file, Detector, name="wrong")
