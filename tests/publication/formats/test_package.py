"""``datapackage.json``: what frictionless says of it, and of a file that is not what it says."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package, system

from publication.formats.sdmx_structure.identity import VERSION
from publication.release import Release
from tests.publication.formats.told import by_key, of_areas

WHOLE = {"numerator", "denominator", "definition_version"}
PARTS = {"value", "coverage"}


def _errors(folder: Path) -> list[Any]:
    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    return [list(error) for error in report.flatten(["name", "type", "fieldName"])]


def _told(release: Release) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((release.folder / "datapackage.json").read_text("utf-8"))
    return told


def test_frictionless_finds_every_file_valid(release: Release) -> None:
    assert _errors(release.folder) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "kind"),
    [
        ("observations.csv", '"online_submission_share"', '"no_such_share"', "foreign-key"),
        ("ranking.csv", '"H26"', '"H99"', "foreign-key"),
        ("areas.csv", '"H26"', '"H14"', "primary-key"),
        ("definitions.csv", ',true,"day', ',maybe,"day', "type-error"),
    ],
)
def test_frictionless_finds_what_was_changed(
    release: Release, tmp_path: Path, file: str, before: str, after: str, kind: str
) -> None:
    shutil.copytree(release.folder, tmp_path / "changed")
    changed = tmp_path / "changed" / file
    text = changed.read_text(encoding="utf-8")
    assert before in text
    changed.write_text(text.replace(before, after, 1), encoding="utf-8")
    kinds = {error[1] for error in _errors(tmp_path / "changed")}
    assert kind in kinds
    assert "hash-count" in kinds


def test_it_lists_every_csv_file_but_the_one_that_sdmx_describes(release: Release) -> None:
    listed = {resource["path"] for resource in _told(release)["resources"]}
    found = {path.name for path in release.folder.glob("*.csv")}
    assert found - listed == {"observations.sdmx.csv"}
    assert listed <= found


def test_every_column_is_told_in_both_languages(release: Release) -> None:
    for resource in _told(release)["resources"]:
        with (release.folder / resource["path"]).open(encoding="utf-8-sig", newline="") as file:
            heading = next(csv.reader(file))
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == heading
        assert all(field["description"] and field["description_en"] for field in fields)
        assert set(resource["schema"]["primaryKey"]) <= set(heading)


def test_it_says_the_release_its_licence_and_the_version_of_its_structure(
    release: Release,
) -> None:
    told = _told(release)
    assert told["version"] == release.id
    assert told["structure_version"] == VERSION
    assert told["licenses"][0]["name"] == "CC-BY-4.0"
    assert told["created"] == "2026-11-22T17:00:00Z"


def test_csv_says_the_same_numbers_as_parquet(release: Release) -> None:
    with (release.folder / "observations.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [_typed(row) for row in csv.DictReader(file)]
    shown = [row for row in rows if row["level"] != "agency" and row["period_type"] != "day"]
    assert len(shown) < len(rows)
    assert by_key(shown) == of_areas(release)


def _typed(row: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = dict(row)
    found |= {name: int(row[name]) if row[name] else None for name in WHOLE}
    return found | {name: float(row[name]) if row[name] else None for name in PARTS}
