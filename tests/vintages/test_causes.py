"""A season of nights, each with something that moves figures of the month before: every figure
that moved is told once, with its cause, and every release can be made again."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from catalog.areas import areas
from catalog.finality import ends_on
from catalog.night import Night
from catalog.records import records
from tests.vintages.conftest import Land, Row, at, dossiers, petitions
from transforms.indicators import indicators

pytestmark = pytest.mark.slow
NIGHTS = ("11-20", "11-21", "11-22", "11-23", "11-24")
BASE, LATE, RULES, CALENDAR, BORDERS = NIGHTS
AFTER_ITS_HOUR = "2026-11-25T10:00"
FIGURE = ("indicator", "borders", "area", "period")
HUE, DA_NANG, PETITIONS = ("hue", "dossier"), ("da_nang", "dossier"), ("he_thong_pakn", "petition")
LATE_PETITIONS = {"resolved_at": at("10-30"), "published_at": at("10-30")}


@pytest.fixture(scope="module")
def season(land: Land) -> Land:
    open_ones = {"finished_at": None, "status": "processing", "due_at": at("11-30")}
    sent = {
        (source, "dossier"): [
            *dossiers(area, range(60)),
            *dossiers(area, range(60, 100), finished_at=at("10-25")),
            *dossiers(area, range(100, 140), **open_ones, version_at=at("10-15")),
        ]
        for source, area in (("hue", "H57"), ("da_nang", "H17"))
    }
    asked = [
        petition
        for area in ("H57", "H17")
        for petition in (
            *petitions(area, range(40)),
            *petitions(area, range(40, 80), **LATE_PETITIONS),
        )
    ]
    land.night(BASE, {**sent, PETITIONS: asked})
    corrected = petitions("H17", range(20), **LATE_PETITIONS)
    corrected = [{**row, "version_at": at("11-21")} for row in corrected]
    land.night(LATE, {HUE: dossiers("H57", range(200, 220)), PETITIONS: corrected})
    share = land.file("transforms/indicators/online_submission_share.yml")
    told = yaml.safe_load(share.read_text(encoding="utf-8"))
    told |= {"version": 99, "numerator": "channel = 'postal'"}
    share.write_text(yaml.safe_dump(told), encoding="utf-8")
    went_on = {"status": "finished", "finished_at": at("11-22"), "version_at": at("11-22")}
    gone_on = dossiers("H57", range(100, 120), **{**open_ones, **went_on})
    land.night(RULES, {HUE: gone_on})
    swapped = land.file("catalog/codelists/swapped_days.csv")
    with swapped.open("a", encoding="utf-8") as file:
        file.write("2026-10-17,1,Làm bù\n")
    land.night(CALENDAR)
    with land.file("catalog/codelists/area_changes.csv").open("a", encoding="utf-8") as file:
        file.write("merge,2026-11-24,H57,H17,,Nghị quyết thử nghiệm\n")
    source = land.file("catalog/sources/da_nang.yml").read_text(encoding="utf-8")
    for name, area in (("hai_phong", "H24"), ("can_tho", "H13")):
        file = land.file(f"catalog/sources/{name}.yml")
        file.write_text(source.replace("area: H17", f"area: {area}"), encoding="utf-8")
    land.night(BORDERS)
    return land


def causes(rows: Iterable[Row]) -> dict[str, set[str]]:
    """Cause -> the record kinds whose figures it moved."""
    found = defaultdict(set)
    for row in rows:
        found[row["cause"]].add(indicators()[row["indicator"]].record)
    return dict(found)


def numbers(folder: Path, through: str) -> dict[tuple[str, ...], tuple[int, int, float]]:
    """Every figure of the periods that had ended by a night."""
    rows = pq.read_table(folder / "observations.parquet", partitioning=None).to_pylist()
    return {
        tuple(row[name] for name in FIGURE): (row["numerator"], row["denominator"], row["value"])
        for row in rows
        if (last := ends_on(row["period"])) and last <= dt.date.fromisoformat(f"2026-{through}")
    }


def moved(season: Land, earlier: str, later: str) -> set[tuple[str, ...]]:
    before, after = (numbers(season.folder(on), earlier) for on in (earlier, later))
    nothing = (None, None, None)
    return {f for f in {*before, *after} if before.get(f, nothing) != after.get(f, nothing)}


@pytest.mark.parametrize(("earlier", "later"), list(pairwise(NIGHTS)))
def test_every_figure_that_moved_has_exactly_one_revision(
    season: Land, earlier: str, later: str
) -> None:
    told = Counter(tuple(row[name] for name in FIGURE) for row in season.revisions(later))
    assert set(told) == moved(season, earlier, later)
    assert set(told.values()) == {1}


def test_new_rows_of_a_past_month_are_late_and_changed_ones_corrections(season: Land) -> None:
    found = causes(season.revisions(LATE))
    assert found["source_correction"] == {"petition"}
    assert found["late_data"] == {"dossier"}
    assert set(found) == {"late_data", "source_correction"}
    [rate] = [
        r for r in season.revisions(LATE) if figure(r) == ("on_time_rate", "34", "H57", "2026-10")
    ]
    assert (rate["value_before"], rate["value_after"]) == (60 / 100, 80 / 120)
    assert (rate["numerator_before"], rate["denominator_after"]) == (60, 120)


def test_a_rule_is_told_apart_from_open_cases_that_went_on(season: Land) -> None:
    found = season.revisions(RULES)
    by_rule = [row for row in found if row["cause"] == "our_rule"]
    assert {row["indicator"] for row in by_rule} == {"online_submission_share"}
    assert {row["version_after"] for row in by_rule} == {99}
    assert 99 not in {row["version_before"] for row in by_rule}
    assert set(causes(found)) == {"our_rule", "progress"}
    assert {row["area"] for row in found if row["cause"] == "progress"} <= {"VN", "H57", "H57.01"}
    [pending] = [r for r in found if figure(r) == ("pending_count", "34", "H57", "2026-10")]
    assert (pending["numerator_before"], pending["numerator_after"]) == (40, 20)


def test_a_swapped_day_moves_what_is_counted_in_working_days(season: Land) -> None:
    found = season.revisions(CALENDAR)
    assert {row["cause"] for row in found} == {"calendar"}
    [rate] = [r for r in found if figure(r) == ("petition_on_time_rate", "34", "H57", "2026-10")]
    assert (rate["value_before"], rate["value_after"]) == (0.5, 0.0)


def test_a_merge_moves_one_provinces_figures_to_the_other(season: Land) -> None:
    found = [row for row in season.revisions(BORDERS) if row["cause"] == "merge"]
    assert "VN" not in {row["area"] for row in found}
    [rate] = [r for r in found if figure(r) == ("on_time_rate", "34", "H17", "2026-10")]
    assert (rate["denominator_before"], rate["denominator_after"]) == (100, 220)
    [gone] = [r for r in found if figure(r) == ("on_time_rate", "34", "H57", "2026-10")]
    assert gone["numerator_after"] is None


def test_areas_that_have_to_report_now_and_do_not_are_coverage(season: Land) -> None:
    found = season.revisions(BORDERS)
    assert set(causes(found)) == {"merge", "coverage"}
    assert {row["area"] for row in found if row["cause"] == "coverage"} == {"VN"}


def test_the_causes_between_two_far_releases_add_up(season: Land) -> None:
    names = [f"nightly-2026-{on}" for on in (BASE, BORDERS)]
    rows = season.json("release", "diff", *names)
    order = {"late_data": 0, "progress": 1, "source_correction": 2, "our_rule": 3, "calendar": 4,
             "merge": 5, "coverage": 6}  # fmt: skip
    assert {row["cause"] for row in rows} == set(order)
    chains = defaultdict(list)
    for row in sorted(rows, key=lambda row: order[row["cause"]]):
        chains[figure(row)].append(row)
    before, after = (numbers(season.folder(on), BASE) for on in (BASE, BORDERS))
    assert set(chains) == moved(season, BASE, BORDERS)
    for known, chain in chains.items():
        nothing = (None, None, None)
        assert state(chain[0], "before") == before.get(known, nothing)
        assert state(chain[-1], "after") == after.get(known, nothing)
        for one, other in pairwise(chain):
            assert state(one, "after") == state(other, "before")


def figure(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in FIGURE)


def state(row: Row, side: str) -> tuple[int, int, float]:
    return row[f"numerator_{side}"], row[f"denominator_{side}"], row[f"value_{side}"]


def test_people_are_told_of_corrections_in_both_languages(season: Land) -> None:
    outbox = season.home / "outbox" / f"2026-{LATE}"
    told = (outbox / "corrections.vi.txt").read_text(encoding="utf-8")
    start = f"- {indicators()['on_time_rate'].name_vi}, {areas()['H57'].name_vi}, Tháng 10/2026:"
    [line] = [line for line in told.splitlines() if line.startswith(start)]
    assert "trước đây 60,0 %, nay 66,7 %" in line
    assert "số liệu đến muộn" in line
    assert "was 60.0%, now 66.7%" in (outbox / "corrections.en.txt").read_text(encoding="utf-8")
    rule = (season.home / "outbox" / f"2026-{RULES}" / "corrections.vi.txt").read_text("utf-8")
    assert "hồ sơ chưa xong" not in rule


def test_a_past_release_is_made_again_byte_for_byte_from_the_folded_lake(season: Land) -> None:
    for kind in ("dossier", "petition"):
        season.lake.compact(records()[kind])
    found = season.json("release", "reproduce", f"nightly-2026-{LATE}")
    assert (found["different"], found["reasons"]) == ([], [])
    assert {"observations.parquet", "observations.csv", "revision.parquet"} <= set(found["same"])


def test_a_frozen_release_is_kept_counted_and_made_again(season: Land) -> None:
    for _ in range(2):
        season.run("-m", "motcua", "release", "cut", "2026-10", "--yes", "--at", AFTER_ITS_HOUR)
    listed = {row["release"]: row for row in season.json("release", "list")}
    assert listed["2026.10.2"]["revises"] == "2026.10.1"
    assert listed["2026.10.1"]["night"] == f"2026-{BORDERS}"
    assert season.json("release", "diff", "2026.10.1", "2026.10.2") == []
    found = season.json("release", "reproduce", "2026.10.2")
    assert (found["different"], found["reasons"]) == ([], [])


def test_a_month_that_has_not_ended_is_not_frozen(season: Land) -> None:
    with pytest.raises(AssertionError, match="2026-11 is not a month that had ended"):
        season.run("-m", "motcua", "release", "cut", "2026-11", "--yes")


def test_a_night_replaced_since_is_named(season: Land) -> None:
    night = Night(dt.date.fromisoformat(f"2026-{BASE}"))
    season.merge(night, {HUE: dossiers("H57", range(30))})
    with pytest.raises(AssertionError) as told:
        season.run("-m", "motcua", "release", "reproduce", f"nightly-2026-{BASE}")
    assert f"night 2026-{BASE} of dossier was replaced since: batch hue.dossier" in str(told.value)
    assert "- observations.parquet" in str(told.value)
