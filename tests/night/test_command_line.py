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

pytestmark = pytest.mark.slow


def test_sources_are_listed(country: Any) -> None:
    rows = country.json("sources")
    assert {row["source_id"] for row in rows} == SOURCES


def test_a_rehearsal_counts_and_leaves_nothing(country: Any) -> None:
    before = sorted(country.home.rglob("*"))
    [dossiers] = country.json("try", "wabo", "--on", ON)
    assert (dossiers["received"], dossiers["accepted"], dossiers["duplicate"]) == (8577, 1434, 7143)
    assert dossiers["checks"] == {"finished_before_received": 2}
    assert {row["record"] for row in country.json("try", "ha_noi", "--on", ON)} == {
        "dossier",
        "rating",
    }
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
    assert not [p for p in psutil.process_iter(["cmdline"]) if _is_of(country, p)]
    second = country.motcua("demo", "--json")
    assert second.returncode == 0, second.stdout + second.stderr
    facts = json.loads(second.stdout[second.stdout.index("\n{") :])
    assert facts["on"] == "2026-11-20"
    assert not [p for p in psutil.process_iter(["cmdline"]) if _is_of(country, p)]


def _is_of(country: Any, process: Any) -> bool:
    return any(str(country.home) in word for word in process.info["cmdline"] or [])
