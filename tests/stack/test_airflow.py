"""What Airflow is told on one machine."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from catalog.errors import MotcuaError
from stack import airflow
from stack.prepare import pools


def test_everything_airflow_writes_is_below_home_and_only_the_dag_folder_is_read(
    tmp_path: Path,
) -> None:
    told = airflow.environment(tmp_path)
    assert told["AIRFLOW_HOME"] == str(tmp_path / "airflow")
    assert str(tmp_path / "airflow") in told["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    folder = Path(told["AIRFLOW__CORE__DAGS_FOLDER"])
    assert sorted(file.name for file in folder.glob("*.py")) == ["nightly.py", "release.py"]


def test_inheriting_keeps_the_callers_path_before_ours() -> None:
    told = airflow.inherit({"PYTHONPATH": "theirs", "HOME": "/"}, {"PYTHONPATH": "ours"})
    assert told == {"PYTHONPATH": f"theirs{os.pathsep}ours", "HOME": "/"}
    assert airflow.inherit({}, {"PYTHONPATH": "ours"}) == {"PYTHONPATH": "ours"}


def test_a_failed_preparation_names_its_log_and_is_not_taken_for_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(airflow, "pools", lambda: {"lgsp_json": 8})
    told = {**os.environ, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite:////nowhere/at/all.db"}
    with pytest.raises(MotcuaError, match=r"prepare\.log"):
        airflow.prepare(tmp_path, {**told, "PYTHONPATH": str(airflow.ROOT)})
    assert not (tmp_path / "airflow/prepared.json").exists()


def test_preparation_is_skipped_only_for_the_very_same_setup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = tmp_path / "airflow/prepared.json"
    monkeypatch.setattr(airflow, "PYTHON", "/bin/true")
    monkeypatch.setattr(airflow, "pools", lambda: {"lgsp_json": 8})
    airflow.prepare(tmp_path, {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "one"})
    first = json.loads(done.read_text())
    monkeypatch.setattr(airflow, "PYTHON", "/bin/false")
    airflow.prepare(tmp_path, {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "one"})
    with pytest.raises(MotcuaError):
        airflow.prepare(tmp_path, {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "other"})
    assert json.loads(done.read_text()) == first


def test_each_platform_has_a_pool() -> None:
    assert set(pools()) >= {"lgsp_json", "manual_drop"}
    assert all(slots > 0 for slots in pools().values())
