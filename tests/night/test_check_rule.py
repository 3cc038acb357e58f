"""A check that is not switched on yet says what it would have changed, and changes nothing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import pipeline
from catalog.errors import DeclarationError
from catalog.night import Night
from catalog.records import records
from catalog.sources import sources
from expectations.check import FOLDER, Check, check, checks
from motcua import app
from pipeline import rule_changes
from pipeline.batch import Batch
from pipeline.filling import filled_before
from pipeline.rule_trial import last_night, tried
from pipeline.stores import warehouse
from tests.night.conftest import FIRST
from tests.night.expected import query

DOSSIERS = 90_000
SOURCES = {"hue", "ha_noi"}
LAST = Night(FIRST + dt.timedelta(days=1))
DAYS = 2
NATIVE = {
    "type": "expect_column_values_to_not_be_null",
    "kwargs": {"column": "due_at"},
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def two_nights(country: Any) -> None:
    for on in (FIRST, LAST.on):
        for source_id in sorted(SOURCES):
            pipeline.collect(on, source_id)
            pipeline.conform(on, source_id)
            pipeline.judge(on, source_id)
        pipeline.merge(on)


def changed(check_id: str, **changes: Any) -> Check:
    return Check.model_validate({**check(check_id).model_dump(), **changes})


def where(**clauses: Any) -> dict[str, Any]:
    return {"type": "expect_no_row_where", "kwargs": {"where": clauses}}


def counts(rows: list[dict[str, Any]], name: str) -> dict[str, int]:
    return {row["source_id"]: row[name] for row in rows if row[name]}


def alone(check_id: str) -> dict[str, int]:
    """Quarantined dossiers that no other check refused, by source."""
    rows = query(f"""
        SELECT source_id, count(*) AS rows FROM (
            SELECT source_id, batch_id, page_sha256, page_row, array_agg(check_id) AS checks
            FROM ops.finding
            WHERE severity = 'error' AND record = 'dossier' AND jsonb_typeof(row) = 'object'
            GROUP BY source_id, batch_id, page_sha256, page_row
        ) AS refused WHERE checks = ARRAY['{check_id}'] GROUP BY source_id""")
    return {row.source_id: row.rows for row in rows}


def test_a_check_as_it_is_would_have_changed_nothing() -> None:
    rows = tried(check("received_at_missing"), LAST, DAYS)
    assert {row["source_id"] for row in rows} == SOURCES
    assert all(row["rows"] == row["judged"] > 100 for row in rows)
    assert counts(rows, "newly_refused") == counts(rows, "newly_let_through") == {}


def test_one_that_only_warns_from_now_on_lets_through_what_it_alone_refused() -> None:
    rows = tried(changed("received_at_missing", severity="warning"), LAST, DAYS)
    refused = alone("received_at_missing")
    assert refused
    assert counts(rows, "newly_let_through") == counts(rows, "warned") == refused
    assert counts(rows, "newly_refused") == {}


def test_a_stricter_one_refuses_what_was_merged(two_nights: None) -> None:
    strict = changed("due_at_missing", severity="error", version=2)
    rows = tried(strict, LAST, DAYS)
    warned = query(
        "SELECT source_id, count(*) AS rows FROM ops.finding WHERE check_id = 'due_at_missing'"
        " AND jsonb_typeof(row) IS DISTINCT FROM 'object' GROUP BY source_id"
    )
    assert counts(rows, "newly_refused") == {row.source_id: row.rows for row in warned}
    for row in rows:
        assert len(row["refused_examples"]) == min(3, row["newly_refused"])
        assert all(len(example) == 5 for example in row["refused_examples"])


@pytest.mark.parametrize(
    "trying",
    [
        changed("due_at_missing", severity="error"),
        changed("finished_before_received", expectation=where(
            finished_at={"less_than": {"column": "due_at"}}), severity="error"),
        changed("due_at_missing", expectation=where(due_at={"at_least": {"cutoff": None}}),
                missing="fails", severity="error"),
        changed("conflicting_versions", severity="warning"),
        changed("channel_known", expectation=where(channel={"in": ["online"]})),
    ],
    ids=["missing", "compared", "lacking", "disagreeing", "in"],
)  # fmt: skip
def test_duckdb_and_great_expectations_say_the_same(trying: Check) -> None:
    fast = tried(trying, LAST, DAYS, "hue")
    assert fast == tried(trying, LAST, DAYS, "hue", by_sql=False)
    assert sum(row["newly_refused"] + row["newly_let_through"] for row in fast)


def test_a_type_without_an_sql_form_is_tried_too() -> None:
    [row] = tried(
        changed("due_at_missing", expectation=NATIVE, severity="error"), LAST, DAYS, "hue"
    )
    assert row["newly_refused"]


def test_what_a_check_does_not_judge_is_not_counted_as_judged() -> None:
    [row] = tried(check("finished_before_received"), LAST, DAYS, "hue")
    assert 0 < row["judged"] < row["rows"]


def test_an_accepted_deviation_holds_in_a_trial_while_it_holds() -> None:
    strict = changed("due_at_missing", severity="error")
    mine = sources()["hue"]
    content = mine.model_dump() | {
        "accepted_deviations": {"due_at_missing": {"reason": "moving house", "until": FIRST}}
    }
    before = counts(tried(strict, LAST, DAYS, "hue"), "newly_refused")["hue"]
    sources()["hue"] = type(mine).model_validate(content)
    try:
        [row] = tried(strict, LAST, DAYS, "hue")
    finally:
        sources()["hue"] = mine
    assert row["newly_refused"] + row["warned"] == before
    assert row["warned"]


def test_a_trial_of_a_file_writes_nothing(country: Any, tmp_path: Path) -> None:
    content = yaml.safe_load((FOLDER / "due_at_missing.yml").read_text("utf-8"))
    file = tmp_path / "due_at_promised.yml"
    file.write_text(yaml.safe_dump({**content, "severity": "error"}), "utf-8")
    before = query("SELECT count(*), max(last_seen) FROM ops.finding")
    told = country.json("check-rule", str(file), "--days", "2", "--source", "hue")
    assert told == tried(changed("due_at_missing", severity="error"), LAST, DAYS, "hue")
    assert query("SELECT count(*), max(last_seen) FROM ops.finding") == before
    spoken = country.motcua("check-rule", str(file))
    assert spoken.returncode == 0, spoken.stderr
    assert "due_at_promised" in spoken.stdout
    wrong = country.motcua("check-rule", "no_such_check")
    assert wrong.returncode == 2
    assert "no_such_check.yml" in wrong.stdout


def test_what_differs_from_the_last_night_is_told_with_what_it_would_have_changed(
    country: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert country.json("check-rule", "--changed") == []
    now = dict(checks())
    strict = changed("due_at_missing", severity="error")
    now |= {"due_at_missing": strict, "due_at_promised": strict.model_copy(
        update={"check_id": "due_at_promised"})}  # fmt: skip
    now["freshness"] = changed("freshness", version=9, title_en="Old")
    gone = now.pop("received_at_missing")
    monkeypatch.setattr(rule_changes, "checks", lambda: now)
    done = CliRunner().invoke(app, ["check-rule", "--changed", "--days", "2", "--json"])
    assert done.exit_code == 1, done.output
    told = {row["check_id"]: row for row in json.loads(done.output)}
    assert {name: (row["kind"], row["lacks_version"]) for name, row in told.items()} == {
        "due_at_missing": ("changed", True),
        "due_at_promised": ("new", False),
        "freshness": ("changed", False),
        "received_at_missing": ("gone", False),
    }
    assert told["due_at_missing"]["tried"] == tried(strict, LAST, DAYS)
    assert told["freshness"]["tried"] is None
    let_through = counts(told["received_at_missing"]["tried"], "newly_let_through")
    assert let_through == alone(gone.check_id)
    spoken = CliRunner().invoke(app, ["check-rule", "--changed", "--days", "2"])
    assert "Phải tăng version" in spoken.output


def test_the_checks_of_the_last_night_stay_when_one_before_it_runs_again(
    two_nights: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rule_changes.kept()
    assert before is not None
    monkeypatch.setattr(rule_changes, "checks", dict)
    rule_changes.keep(FIRST)
    assert rule_changes.kept() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nothing.yml",), "no such file"),
        ((), "name a check's file or id, or give --changed"),
        (("due_at_missing", "--changed"), "name a check's file or id, or give --changed"),
        (("volume_floor",), "only checks of rows can be tried"),
    ],
)
def test_a_trial_that_cannot_be_made_says_why(
    two_nights: None, words: tuple[str, ...], told: str
) -> None:
    done = CliRunner().invoke(app, ["check-rule", *words])
    assert done.exit_code == 2
    assert told in " ".join(done.output.replace("│", " ").split())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("severity: [", "not YAML"),
        ("severity: error", "Field required"),
        ("- a", "expected a mapping"),
    ],
)
def test_a_file_with_a_slip_of_the_pen_says_where(
    two_nights: None, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "slip.yml"
    file.write_text(text, "utf-8")
    done = CliRunner().invoke(app, ["check-rule", str(file)])
    assert (done.exit_code, "slip.yml" in done.output) == (2, True), done.output
    assert told in done.output


def test_the_newest_night_is_that_of_the_lake() -> None:
    assert last_night(check("due_at_missing")) == LAST
    assert tried(check("negative_figure"), LAST, DAYS) == []
    with pytest.raises(DeclarationError, match="only checks of rows"):
        tried(check("volume_floor"), LAST, DAYS)


def test_the_nights_before_say_which_columns_were_filled() -> None:
    record = records()["dossier"]
    batch = Batch(sources()["hue"], record, Night(LAST.on + dt.timedelta(days=1)))
    filled = filled_before(batch)
    [first, second] = filled
    assert first.rows > second.rows > 0
    assert first.filled["dossier_code"] == first.rows
    assert 0 < first.filled["finished_at"] < first.rows
    accepted = {r["batch_on"]: r for r in warehouse().ledger(source_id="hue")
                if (r["stage"], r["record"]) == ("merge", "dossier")}  # fmt: skip
    kept = [row["accepted"] - row["unchanged"] for _, row in sorted(accepted.items())]
    assert [first.rows, second.rows] == kept


def test_expired_deviations_are_listed(country: Any) -> None:
    assert country.json("checks", "--expired", "--on", "2026-11-20") == []
    listed = country.json("checks")
    assert {row["check_id"] for row in listed} >= {"due_at_missing", "columns_emptied"}
