"""The command line as a person and as a program use it, and two nights through Airflow itself."""

from __future__ import annotations

import json
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

DOSSIERS = 20_000
SOURCES = {"ha_noi", "bo_y_te", "wabo"}
ON = "2026-11-18"
LEDGER_COLUMNS = [
    "source_id", "batch_id", "stage", "received", "accepted", "quarantined", "rejected",
    "duplicate", "inserted", "updated", "unchanged", "superseded",
]  # fmt: skip

WIDTH, CUT_OFF = 110, "…"
HEADLINES = {
    "online_submission_share", "on_time_rate", "procedures_published_count", "one_stop_desk_count",
    "petition_on_time_rate", "postal_receipt_share", "satisfaction_rating_share",
    "end_to_end_service_count", "electronic_document_share", "regulations_cut_count",
    "portal_account_count", "apology_share", "merged_portal_count", "sipas_score",
}  # fmt: skip

pytestmark = pytest.mark.slow


def printed(country: Any, *words: str) -> str:
    """What a command prints for people; nothing may be cut off or run over the margin."""
    done = country.motcua(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert CUT_OFF not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= WIDTH
    text: str = done.stdout
    return text


def test_sources_are_listed(country: Any) -> None:
    rows = country.json("sources")
    assert {row["source_id"] for row in rows} == SOURCES


def test_a_rehearsal_counts_and_leaves_nothing(country: Any) -> None:
    before = sorted(country.home.rglob("*"))
    [dossiers] = country.json("try", "wabo", "--on", ON)
    assert (dossiers["received"], dossiers["accepted"], dossiers["duplicate"]) == (8577, 1434, 7143)
    assert dossiers["checks"] == {"finished_before_received": 2}
    tried = [row["record"] for row in country.json("try", "ha_noi", "--on", ON)]
    assert tried == ["dossier", "dossier_event", "rating"]
    assert sorted(country.home.rglob("*")) == before


@pytest.mark.parametrize(
    "words",
    [
        ["try", "atlantis"],
        ["collect", "--on", "yesterday"],
        ["indicator", "happiness"],
        ["indicator", "on_time_rate", "--area", "H00"],
        ["indicator", "on_time_rate", "--period", "soon"],
        ["merge"],
    ],
)
def test_wrong_usage_exits_with_2(country: Any, words: list[str]) -> None:
    assert country.motcua(*words).returncode == 2


def test_a_night_that_brought_nothing_exits_with_3(country: Any) -> None:
    assert country.motcua("publish", "--on", "2026-01-05").returncode == 3
    assert country.motcua("measure", "--on", "2026-01-05").returncode == 0
    assert country.motcua("publish", "--on", "2026-01-05").returncode == 3


def test_the_seven_verbs_make_a_night(country: Any) -> None:
    for verb in ("collect", "conform", "judge"):
        for source in sorted(SOURCES):
            done = country.motcua(verb, "--on", ON, "--source", source)
            assert done.returncode == 0, done.stdout + done.stderr
    for verb in ("merge", "measure", "publish", "notify"):
        done = country.motcua(verb, "--on", ON, "--source", "ha_noi", "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        assert json.loads(done.stdout)
    ledger = country.json("ledger", "--on", ON)
    assert list(ledger[0]) == LEDGER_COLUMNS
    assert {row["source_id"] for row in ledger} == SOURCES
    assert country.json("quarantine", "--source", "ha_noi")


def test_figures_are_printed_whole_with_their_name_code_and_release(country: Any) -> None:
    one = printed(country, "indicator", "online_submission_share", "--area", "H26")
    assert "Tỷ lệ hồ sơ nộp trực tuyến / Share of dossiers filed online" in one
    assert f"online_submission_share v2, nightly-{ON}" in one
    [figure] = country.json("indicator", "online_submission_share", "--area", "H26")[-1:]
    cells = ["H26", "Hà", "Nội", figure["period"], f"{figure['numerator']:,}"]
    cells += [f"{figure['denominator']:,}", f"{figure['value']:.1%}", "100.0%", "provisional"]
    assert cells in [line.split() for line in one.splitlines()]
    counted = printed(country, "indicator", "overdue_count", "--period", "2026-11")
    assert "Bộ Y tế" in counted
    assert "still open" not in counted
    nobody = " ".join(printed(country, "indicator", "sipas_score").split())
    assert "Chỉ số hài lòng SIPAS / SIPAS satisfaction index" in nobody


def test_the_ledger_is_printed_by_batch_as_the_json_has_it_by_stage(country: Any) -> None:
    text = printed(country, "ledger", "--on", ON)
    stages = {(r["batch_id"], r["stage"]): r for r in country.json("ledger", "--on", ON)}
    for batch_id in {batch_id for batch_id, _ in stages}:
        ends = {
            "collect": ["received"],
            "conform": ["rejected", "duplicate"],
            "judge": ["quarantined"],
            "merge": ["inserted", "updated", "unchanged", "superseded"],
        }
        cells = [str(stages[batch_id, s][name]) for s, names in ends.items() for name in names]
        assert [batch_id, *cells] in [line.split() for line in text.splitlines()]


def test_rejects_and_findings_are_printed_together_and_counted(country: Any) -> None:
    rows = country.json("quarantine", "--on", ON)
    assert {"check_id" in row for row in rows} == {True, False}
    text = printed(country, "quarantine", "--on", ON)
    counts = [
        int(line.split()[-1])
        for line in text.splitlines()
        if line.split()[-1:] > ["0"] and line.split()[-1].isdigit()
    ]
    assert sum(counts) == len(rows)


def test_a_source_that_is_down_exits_with_1(country: Any) -> None:
    country.fault("bo_y_te", kind="down")
    done = country.motcua("collect", "--on", "2026-11-19", "--source", "bo_y_te", "--json")
    country.no_fault("bo_y_te")
    assert done.returncode == 1
    assert "503" in json.loads(done.stdout)["bo_y_te"]
    assert country.motcua("merge", "--on", "2026-11-19", "--source", "bo_y_te").returncode == 1


def test_nights_run_through_airflow_and_leave_no_process(country: Any) -> None:
    first = country.motcua("demo", "--on", "2026-11-19")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "3 of 3 sources merged" in first.stdout
    assert_readable(first.stdout)
    assert not [p for p in psutil.process_iter(["cmdline"]) if _is_of(country, p)]
    second = country.motcua("demo", "--json")
    assert second.returncode == 0, second.stdout + second.stderr
    facts = json.loads(second.stdout[second.stdout.index("\n{") :])
    assert facts["on"] == "2026-11-20"
    assert {row["indicator"] for row in facts["nation"]} == HEADLINES
    online = next(r for r in facts["nation"] if r["indicator"] == "online_submission_share")
    [published] = country.json(
        "indicator", "online_submission_share", "--area", "VN", "--period", "2026-11"
    )
    same = ("period", "numerator", "denominator", "value", "coverage", "status")
    assert {name: online[name] for name in same} == {name: published[name] for name in same}
    unknown = next(r for r in facts["nation"] if r["indicator"] == "sipas_score")
    assert {unknown[name] for name in same} == {None}
    assert not [p for p in psutil.process_iter(["cmdline"]) if _is_of(country, p)]


def assert_readable(text: str) -> None:
    """The tables of the summary: whole, in both languages, within the margin."""
    tables, _, _ = text[text.index("Cả nước") :].partition("\nNight ")
    assert CUT_OFF not in tables
    assert max(map(len, tables.splitlines())) <= WIDTH
    for name in ("Tỷ lệ hồ sơ nộp trực tuyến", "Share of dossiers filed online", "2026-11"):
        assert name in tables
    assert ["G18", "Bộ", "Y", "tế"] in [line.split()[:4] for line in tables.splitlines()]


def _is_of(country: Any, process: Any) -> bool:
    return any(str(country.home) in word for word in process.info["cmdline"] or [])
