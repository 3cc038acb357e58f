"""The night under Airflow: its shape, and what a failure does to it."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.dags.conftest import Place

PARSE = """
import contextlib, datetime as dt, json, os, sys, types
from pathlib import Path
from stack.airflow import environment
os.environ.update(environment(Path("parsed")), PYTHONPATH="")
with contextlib.redirect_stdout(sys.stderr):
    from airflow.dag_processing.dagbag import DagBag
    bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    dag = bag.dags["nightly"]
    night = dag.user_defined_macros["night"]

def day(given, logical, after):
    instant = lambda text: text and dt.datetime.fromisoformat(text)
    run = types.SimpleNamespace(logical_date=instant(logical), run_after=instant(after))
    return night({"on": given}, run)

print(json.dumps({
    "dags": sorted(bag.dags),
    "errors": list(bag.import_errors),
    "heavy": [name for name in ("great_expectations", "pandas", "pipeline") if name in sys.modules],
    "tasks": {t.task_id: [t.pool, t.retries, len(t.retry_policy.rules)] for t in dag.tasks},
    "assets": [asset.uri for t in dag.tasks for asset in t.outlets],
    "deadlines": [
        [d.name, type(d.reference).__name__, d.interval.total_seconds(),
         d.callback.path.rsplit(".", 1)[1]]
        for d in dag.deadline
    ],
    "catchup": dag.catchup,
    "max_active_runs": dag.max_active_runs,
    "undocumented": [t.task_id for t in dag.tasks if not t.doc_md],
    "days": {
        "scheduled": day(None, "2026-11-21T18:00:00+00:00", "2026-11-22T18:00:00+00:00"),
        "past": day(None, "2026-11-20T00:00:00+07:00", "2026-11-30T09:00:00+07:00"),
        "by hand": day(None, None, "2026-11-23T09:00:00+07:00"),
        "by hand now": day(None, "2026-11-23T09:00:00+07:00", "2026-11-23T09:00:00+07:00"),
        "asked for": day("2026-12-31", None, "2026-11-23T09:00:00+07:00"),
    },
}))
"""
FAILING = dt.date(2026, 11, 21)
UNPUBLISHED = dt.date(2026, 11, 22)
NATIONAL = ["merge", "measure", "publish", "notify"]


@pytest.fixture(scope="module")
def parsed(place: Place) -> dict[str, Any]:
    done = place.python(PARSE, MOTCUA_PUBLISH_BY="05:00")
    assert done.returncode == 0, done.stderr
    content: dict[str, Any] = json.loads(done.stdout)
    return content


@pytest.fixture(scope="module")
def failing_night(place: Place) -> int:
    return place.night(FAILING)


@pytest.fixture(scope="module")
def unpublished_night(place: Place, failing_night: int) -> int:
    return place.night(UNPUBLISHED, REFUSE_TO_PUBLISH="yes", OUTCOME="3")


def test_there_are_exactly_two_dags(parsed: dict[str, Any]) -> None:
    assert parsed["dags"] == ["nightly", "release"]
    assert parsed["errors"] == []
    assert (parsed["catchup"], parsed["max_active_runs"]) == (False, 1)


def test_parsing_brings_in_nothing_heavy(parsed: dict[str, Any]) -> None:
    assert parsed["dags"] == ["nightly", "release"]
    assert parsed["heavy"] == []


def test_only_collecting_outlives_an_error_and_in_its_platforms_pool(
    parsed: dict[str, Any],
) -> None:
    tasks = parsed["tasks"]
    assert {retries for _, retries, _ in tasks.values()} == {2}
    forgiving = [name for name, (_, _, rules) in tasks.items() if rules]
    assert sorted(forgiving) == ["lgsp_json.collect", "manual_drop.collect"]
    assert tasks["manual_drop.collect"][0] == "manual_drop"
    assert tasks["lgsp_json.collect"][0] == "lgsp_json"


def test_every_task_is_documented_and_assets_have_real_addresses(parsed: dict[str, Any]) -> None:
    assert parsed["undocumented"] == []
    assert sorted(uri.rsplit("/", 1)[1] for uri in parsed["assets"]) == ["lake", "published"]
    assert all(uri.startswith("file:///") for uri in parsed["assets"])


@pytest.mark.parametrize(
    ("trigger", "day"),
    [
        ("scheduled", "2026-11-22"),
        ("past", "2026-11-20"),
        ("by hand", "2026-11-22"),
        ("by hand now", "2026-11-22"),
        ("asked for", "2026-12-31"),
    ],
)
def test_which_day_a_run_reports(parsed: dict[str, Any], trigger: str, day: str) -> None:
    assert parsed["days"][trigger] == day


def test_failing_sources_leave_the_run_green_and_themselves_red(
    place: Place, failing_night: int
) -> None:
    states = place.states(FAILING)
    assert failing_night == 0
    assert states.pop("run") == states["pages"] == "success"
    red = {name: state for name, state in states.items() if state != "success"}
    assert red == {
        "lgsp_json.collect ca_mau": "failed",
        "lgsp_json.conform ca_mau": "upstream_failed",
        "lgsp_json.judge ca_mau": "upstream_failed",
        "lgsp_json.collect da_nang": "failed",
        "lgsp_json.conform da_nang": "upstream_failed",
        "lgsp_json.judge da_nang": "upstream_failed",
    }


def test_mapped_over_exactly_the_sources_due_and_retried_where_that_can_help(
    place: Place, failing_night: int
) -> None:
    per_source = {
        "collect ha_noi": 1,
        "collect lang_son": 1,
        "collect ca_mau": 3,
        "collect da_nang": 1,
        "conform ha_noi": 1,
        "conform lang_son": 1,
        "judge ha_noi": 1,
        "judge lang_son": 1,
    }
    assert Counter(place.diary(FAILING)) == per_source | dict.fromkeys(NATIONAL, 1)
    assert place.diary(FAILING)[-4:] == NATIONAL


def test_a_night_that_cannot_publish_is_red_and_still_tells(
    place: Place, unpublished_night: int
) -> None:
    states = place.states(UNPUBLISHED)
    assert unpublished_night == 1
    assert states["run"] == states["publish"] == states["gate"] == "failed"
    assert states["merge"] == states["notify"] == "success"
    assert states["pages"] == "upstream_failed"
    assert place.diary(UNPUBLISHED)[-4:] == NATIONAL


def alerts(place: Place, on: dt.date) -> list[dict[str, str]]:
    lines = (place.folder / f"home/alerts/{on}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_operators_get_one_alert_a_failed_source_with_its_error(
    place: Place, failing_night: int
) -> None:
    told = sorted(alerts(place, FAILING), key=lambda raised: raised["source_id"])
    assert [(raised["source_id"], raised["error"]) for raised in told] == [
        ("ca_mau", "SourceUnavailable"),
        ("da_nang", "SourceRefused"),
    ]
    assert {raised["kind"] for raised in told} == {"failed"}
    assert {raised["task"] for raised in told} == {"lgsp_json.collect"}
    assert all("as the test wants it" in raised["about"] for raised in told)


def test_operators_get_an_alert_of_a_night_that_is_not_published(
    place: Place, unpublished_night: int
) -> None:
    told = {raised["task"]: raised for raised in alerts(place, UNPUBLISHED)}
    assert told["publish"]["error"] == "PublicationError"
    assert told["gate"]["error"] == ""
    assert not told["publish"]["source_id"]
    assert dt.datetime.fromisoformat(told["gate"]["at"]).utcoffset() == dt.timedelta(hours=7)


def test_a_night_is_late_from_its_hour_on_the_next_day(parsed: dict[str, Any]) -> None:
    assert parsed["deadlines"] == [["published", "DagRunLogicalDateDeadline", 28 * 3600, "late"]]


def test_platforms_have_pools(place: Place, failing_night: int) -> None:
    code = (
        "import sqlite3;"
        "c = sqlite3.connect('home/airflow/airflow.db');"
        "print(*sorted(pool for pool, in c.execute('SELECT pool FROM slot_pool')))"
    )
    assert place.python(code).stdout.split() == ["default_pool", "lgsp_json", "manual_drop"]
