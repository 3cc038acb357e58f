"""The figures that pages load later are those of the release, all of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from catalog.night import Night
from publication.names import known
from publication.release import Release, has_ended
from publication.site.build import build
from publication.site.model import Site
from publication.site.pages import compare, ranking
from publication.site.pages.data import downloads
from tests.publication.site.made import content
from warehouse.files import write_release

KINDS = ("month", "quarter", "year")


def told(file: Path) -> dict[str, Any]:
    """What a script gives to the page."""
    name, _, text = file.read_text(encoding="utf-8").partition("=")
    assert file.stem in name
    found: dict[str, Any] = json.loads(text.removesuffix(";\n"))
    return found


def unpacked(figures: dict[str, Any], periods: list[str], unit: str) -> dict[str, Any]:
    """Value, or why there is none, by period, as the script works them out."""
    found = {}
    for place, letter in enumerate(figures["s"]):
        if letter != compare.NOTHING:
            over, under = figures["n"][place], figures["d"][place]
            value = None if over is None else over if unit == "count" else over / under
            standing = compare.WRITTEN[ord(letter) - ord("a")]
            coverage = figures.get("c", [1] * len(figures["s"]))[place]
            found[periods[figures["from"] + place]] = value, standing, coverage
    return found


@pytest.mark.parametrize("area", ["VN", "H26", "H14", "G01", "X-VNPOST"])
def test_a_comparison_has_every_figure_of_an_ended_period(
    site: Site, built: Path, area: str
) -> None:
    release = site.release
    given = told(built / "data" / "compare" / f"{area}.js")
    seen = 0
    for code, about in release.catalogue.items():
        expected = {
            f.period: (f.value, f.reason or f.status, f.coverage if f.value is not None else 1)
            for kind in KINDS
            for f in release.figures(code, area, kind)
            if has_ended(f.period, release.night.on)
        }
        figures = given["figures"].get(code)
        found = unpacked(figures, given["periods"], about["unit"]) if figures else {}
        assert found == expected
        seen += len(expected)
    assert seen > 50


def test_there_is_a_script_for_every_area_that_has_a_choice(site: Site, built: Path) -> None:
    on = site.release.night.on
    living = {code for code, area in known().items() if not area.valid_to or area.valid_to >= on}
    assert {file.stem for file in (built / "data" / "compare").glob("*.js")} == living


def test_a_ranking_has_every_row_of_an_ended_period(site: Site, built: Path) -> None:
    rows = [row for row in site.release.table("ranking").to_pylist() if row["borders"] == "34"]
    ended = [row for row in rows if has_ended(row["period"], site.release.night.on)]
    assert 0 < len(ended) < len(rows)
    given = {}
    for code in ranking.ranked(site.release):
        file = built / "data" / "ranking" / f"{code}.js"
        for period, found in (told(file)["rows"] if file.exists() else {}).items():
            for row in map(ranking.Row._make, found):
                given[code, period, row.area] = row.rank, row.value, row.reason
    assert given == {
        (row["indicator"], row["period"], row["area"]): (row["rank"], row["value"], row["reason"])
        for row in ended
    }


def test_the_newest_period_of_the_shortest_kind_comes_first(site: Site) -> None:
    found = ranking.rankings(site.release, "online_submission_share")["online_submission_share"]
    periods = list(found.rows)
    assert periods[:2] == ["2026-10", "2026-09"]
    assert periods[-1] == "2025"
    places = [row.rank for row in found.rows["2026-10"] if row.area.startswith("H")]
    assert places[-1] is None
    assert places[:-1] == sorted(place for place in places if place)


def test_before_a_period_has_ended_there_is_nothing_to_rank_or_compare(tmp_path: Path) -> None:
    night = Night.parse("2025-07-15")
    write_release(tmp_path, f"nightly-{night}", content(f"nightly-{night}", night))
    release = Release(tmp_path / f"nightly-{night}")
    build(Site(release, [release], tmp_path), tmp_path / "site")
    for page, text in (("ranking", "chưa có xếp hạng"), ("compare", "chưa có kỳ nào")):
        written = (tmp_path / "site" / "vi" / f"{page}.html").read_text(encoding="utf-8")
        assert text in written
        assert "<form" not in written


def test_each_file_of_a_release_has_a_purpose_and_a_sum(site: Site) -> None:
    found = downloads(site.release, "vi")
    assert len(found) > 15
    assert not [file.name for file in found if not file.about]
    assert [file.name for file in found if len(file.sha256) != 64] == ["SHA256SUMS"]
