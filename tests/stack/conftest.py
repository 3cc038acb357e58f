"""What the tests of the full Airflow share: a home with one source and an idle pipeline, and a
night asked for over the API."""

from __future__ import annotations

import json
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

PIPELINE = """
def collect(on, source_id): return "ok"
def merge(on): return {"batches": 1}
def outcome(on): return 0
def pages(): return "index.html"
conform = judge = collect
measure = publish = merge

def notify(on, clock):
    return merge(on)
"""
SOURCE = """
name_vi: Hà Nội
area: H26
platform: lgsp_json
starts_on: 2026-01-01
legal_basis: test
"""
PATIENCE_SECONDS = 240


@pytest.fixture
def home() -> Iterator[Path]:
    """Outside pytest's own folders: another test run may close those to PostgreSQL's user."""
    with tempfile.TemporaryDirectory(prefix="motcua-") as name:
        folder = Path(name)
        for part in ("standin", "sources"):
            (folder / part).mkdir()
        (folder / "standin/pipeline.py").write_text(PIPELINE)
        (folder / "sources/ha_noi.yml").write_text(SOURCE)
        yield folder


@pytest.fixture
def free_port() -> Callable[[], int]:
    def found() -> int:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port: int = listener.getsockname()[1]
            return port

    return found


@pytest.fixture
def night_over_api() -> Callable[[int, Path], str]:
    """Ask for a night as the admin and return the state in which its run ended."""

    def asked(port: int, passwords: Path) -> str:
        address = f"http://127.0.0.1:{port}"
        login = {"username": "admin", "password": json.loads(passwords.read_text())["admin"]}
        token = httpx2.post(f"{address}/auth/token", json=login).raise_for_status().json()
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        with httpx2.Client(base_url=f"{address}/api/v2/dags", headers=headers, timeout=30) as api:
            return _run_to_the_end(api)

    return asked


def _run_to_the_end(api: httpx2.Client) -> str:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while api.get("/nightly").status_code == 404 and time.monotonic() < give_up_at:
        time.sleep(0.5)
    api.patch("/nightly", json={"is_paused": False}).raise_for_status()
    asked = {"logical_date": None, "conf": {"on": "2026-11-21"}}
    run = api.post("/nightly/dagRuns", json=asked).raise_for_status().json()
    while run["state"] in ("queued", "running") and time.monotonic() < give_up_at:
        time.sleep(0.5)
        run = api.get(f"/nightly/dagRuns/{run['dag_run_id']}").raise_for_status().json()
    return str(run["state"])
