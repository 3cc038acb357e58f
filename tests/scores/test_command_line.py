"""`motcua score766` as a person and as a program use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from motcua import app
from tests.scores.conftest import CERTIFIED, PORTAL, TEXT, as_json, whole, written

DIGITISED = "SO_HOA_GIAY_TO_GIAI_QUYET"
THREE = [whole(PORTAL, n, code) for n, code in ((5000, "H20"), (8000, "H21"), (5000, "H26"))]


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["score766", *words])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "figures.json"


def facts(file: Path, thing: Any, *words: str) -> dict[str, Any]:
    file.write_bytes(as_json(thing))
    done = run(str(file), "--json", *words)
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def metrics(unit: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {metric["code"]: metric for metric in unit["metrics"]}


def test_a_file_gives_ratio_score_maximum_and_note_of_each_metric(file: Path) -> None:
    unit = written(whole(PORTAL, **{DIGITISED: (2112, 10_000), CERTIFIED: (0, 0)}))
    told = facts(file, unit, "--rules", "portal_2026")
    [found] = told["departments"]
    digitised = metrics(found)[DIGITISED]
    assert (digitised["ratio"], digitised["score"], digitised["maximum"]) == (21.12, 0.84, 4)
    certified = metrics(found)[CERTIFIED]
    assert (certified["ratio"], certified["score"]) == (100, 2)
    assert "all points" in certified["note"]
    assert found["total"] == round(sum(group["score"] for group in found["groups"]), 2)
    assert (found["band"], found["rank"], found["missing"]) == ("Trung bình", None, [])


@pytest.mark.parametrize(
    ("name", "groups", "total", "band"),
    [
        ("text_2022", (9, 10, 9.25, 8.25, 11.75, 9.33), 57.58, "Trung bình"),
        ("portal_2026", (9, 10, 6, 8.25, 11.25, 9.33), 53.83, "Trung bình"),
    ],
)
def test_half_of_everything_gives_these_scores_to_the_hundredth_under_each_rule_set(
    file: Path, name: str, groups: tuple[float, ...], total: float, band: str
) -> None:
    rules = {"text_2022": TEXT, "portal_2026": PORTAL}[name]
    told = facts(file, written(whole(rules, 5000)), "--rules", name)
    [found] = told["departments"]
    assert told["rules"] == name
    assert [group["code"] for group in found["groups"]] == list(rules.groups)
    assert tuple(group["score"] for group in found["groups"]) == groups
    assert (found["total"], found["band"], found["is_partial"]) == (total, band, False)


def test_ranks_are_1_2_2_4(file: Path) -> None:
    units = ((8000, "H21"), (5000, "H20"), (5000, "H26"), (4000, "H22"))
    told = facts(file, [written(whole(PORTAL, n, code)) for n, code in units])
    places = [(unit["code"], unit["rank"]) for unit in told["departments"]]
    assert places == [("H21", 1), ("H20", 2), ("H26", 2), ("H22", 4)]


def test_several_units_are_ranked_best_first_beside_their_means(file: Path) -> None:
    told = facts(file, [written(unit) for unit in THREE])
    places = [(unit["code"], unit["rank"]) for unit in told["departments"]]
    assert places == [("H21", 1), ("H20", 2), ("H26", 2)]
    mean = told["unweighted_mean"]
    assert (mean["units"], mean["groups"]["TDGQ"]) == (3, 12)
    assert told["weighted"]["total"] == pytest.approx(mean["total"], abs=3)


def test_where_one_unit_is_partial_none_is_ranked(file: Path) -> None:
    partial = whole(PORTAL, 5000, "H22", ON_TIME=None)
    told = facts(file, [written(unit) for unit in (*THREE, partial)])
    assert {unit["rank"] for unit in told["departments"]} == {None}
    assert (told["unweighted_mean"], told["weighted"]) == (None, None)
    assert told["departments"][2]["missing"] == ["ON_TIME"]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("--on", "2023-01-01"), "text_2022"),
        (("--on", "2026-10-05"), "portal_2026"),
        (("--on", "2026-10-05", "--rules", "text_2022"), "text_2022"),
    ],
)
def test_the_rule_set_is_the_one_named_or_in_force_on_the_day(
    file: Path, words: tuple[str, ...], name: str
) -> None:
    assert facts(file, written(whole(TEXT)), *words)["rules"] == name


def test_a_difference_from_the_portal_is_explained_by_the_rule_set_that_gives_it(
    file: Path,
) -> None:
    stated = {"code": DIGITISED, "numerator": 2112, "denominator": 10_000, "score": 0.84}
    answer = {"code": "OK", "data": {"items": [{"departmentCode": "H20", "metrics": [stated]}]}}
    [unit] = facts(file, answer, "--rules", "text_2022")["departments"]
    [metric] = unit["metrics"]
    assert (metric["score"], metric["stated"], metric["difference"]) == (1.06, 0.84, 0.22)
    assert metric["stated_as_by"] == ["portal_2026"]
    shown = run(str(file), "--rules", "text_2022").stdout
    assert "portal_2026" in shown


def test_a_person_sees_both_languages_and_what_is_missing(file: Path) -> None:
    unit = {**written(whole(PORTAL, ON_TIME=None)), "departmentName": "[red]Đồng Tháp"}
    file.write_bytes(as_json(unit))
    shown = run(str(file), "--on", "2026-10-05").stdout
    for words in ("Tổng", "total", "[red]Đồng", "thiếu / missing: ON_TIME", "Theo cách Cổng"):
        assert words in shown
    file.write_bytes(as_json([written(unit) for unit in THREE]))
    shown = run(str(file), "--on", "2026-10-05").stdout
    for words in ("Trung bình", "unweighted mean", "weighted by", "H26"):
        assert words in shown


def one_line(*words: str) -> str:
    done = run(*words)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    return str(line)


def test_errors_exit_with_2_in_one_line(file: Path) -> None:
    assert "figures.json: cannot be read (FileNotFoundError)" in one_line(str(file))
    assert "cannot be read" in one_line(str(file.parent))
    file.write_text("<html>Request Rejected</html>", encoding="utf-8")
    assert "figures.json: not JSON" in one_line(str(file), "--json")
    file.write_bytes(as_json(written(whole(PORTAL, ON_TIME=(2, 1)))))
    assert "H20: metric ON_TIME (2.1): the numerator is larger" in one_line(str(file))
    assert "there are portal_2026, text_2022" in one_line(str(file), "--rules", "text_2020")
    assert "no rule set is valid on 2020-01-01" in one_line(str(file), "--on", "2020-01-01")


def test_a_file_of_100_megabytes_is_refused_without_being_read_whole(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(100_000_000)
    assert "larger than 16 MB" in one_line(str(file))


def test_a_file_without_an_end_is_refused() -> None:
    assert "larger than 16 MB" in one_line(os.devnull.replace("null", "zero"))


def test_the_command_answers_in_a_process_of_its_own(file: Path) -> None:
    file.write_bytes(as_json(written(whole(TEXT, 10_000))))
    words = [sys.executable, "-m", "motcua", "score766", str(file), "--json"]
    done = subprocess.run([*words, "--rules", "text_2022"], capture_output=True, check=True)
    [unit] = json.loads(done.stdout)["departments"]
    assert (unit["total"], unit["band"]) == (100, "Xuất sắc")
