"""Metrics go to a real receiver of OTLP, and the dashboard asks for those that there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.operators.metrics import METRICS, Sample, send
from tests.feedback.otlp import Receiver, receiving

ROOT = Path(__file__).resolve().parents[2]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/motcua.json").read_text())
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
SUFFIXES = {"counter": ["_total"], "gauge": [""]}
SUFFIXES["timer"] = [f"_milliseconds_{part}" for part in ("sum", "count", "bucket")]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def airflows() -> set[str]:
    """Airflow's own metrics, under the names that Prometheus gives them."""
    spec = find_spec("airflow")
    assert spec is not None
    assert spec.origin
    file = Path(spec.origin).parent / "_shared/observability/metrics/metrics_template.yaml"
    told = yaml.safe_load(file.read_text())["metrics"]
    return {
        f"airflow_{metric['name'].replace('.', '_')}{suffix}"
        for metric in told
        for suffix in SUFFIXES[metric["type"]]
    }


def test_numbers_arrive_with_their_labels(receiver: Receiver) -> None:
    hue = {"source": "hue", "ending": "inserted"}
    assert send([Sample("motcua_rows", 12, hue), Sample("motcua_published", 0)], receiver.url)
    assert receiver.numbers == {
        ("motcua_rows", frozenset(hue.items())): 12,
        ("motcua_published", frozenset()): 0,
    }
    assert receiver.units == {""}


def test_a_receiver_that_is_away_stops_nobody(receiver: Receiver) -> None:
    receiver.refuses = True
    assert not send([Sample("motcua_published", 1)], receiver.url)


def test_a_number_that_is_not_declared_is_refused(receiver: Receiver) -> None:
    with pytest.raises(KeyError):
        send([Sample("motcua_invented", 1)], receiver.url)


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_of_the_dashboard_names_metrics_that_exist(query: str) -> None:
    named = set(re.findall(r"\b(?:motcua|airflow)_\w+", query))
    assert named
    assert named - set(METRICS) - airflows() == set()


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    shown = {name for query in QUERIES for name in re.findall(r"\bmotcua_\w+", query)}
    assert shown == set(METRICS)


def test_what_is_sent_once_a_night_is_asked_for_over_two_days() -> None:
    ours = [query for query in QUERIES if "motcua_" in query]
    assert ours
    assert all(re.search(r"last_over_time\(motcua_\w+(\{[^}]*\})?\[2d\]\)", q) for q in ours)


def test_panels_have_ids_of_their_own_and_the_source_that_is_provisioned() -> None:
    provisioned = yaml.safe_load((ROOT / "deploy/grafana/datasource.yml").read_text())
    [source] = provisioned["datasources"]
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids)) > 10
    used = {target["datasource"]["uid"] for p in DASHBOARD["panels"] for target in p["targets"]}
    assert used == {source["uid"]}
