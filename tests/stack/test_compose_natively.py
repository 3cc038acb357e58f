"""The compose file's commands and health checks, really run on loopback instead of in containers.

PostgreSQL and the simulator are started as this project does it on one machine; Redis is the
system's. Only addresses, folders and ports are adapted.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack.postgres import embedded_url, stop_embedded
from stack.sessions import session

ROOT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(
    (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
)["services"]
STAYING = ["redis", "api-server", "scheduler", "dag-processor", "triggerer", "worker"]
PATIENCE_SECONDS = 240
HEALTH_PORT = "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT"
FERNET_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed"),
]


class Native:
    """One service after another, with everything that names another container put on loopback."""

    def __init__(self, home: Path, ports: dict[str, int], database_url: str) -> None:
        self.home = home
        self.ports = ports
        self.database_url = database_url

    def words(self, words: list[str]) -> list[str]:
        """A command or a health check as this machine runs it."""
        shell = words[0] == "CMD-SHELL"
        rest = [self.text(word) for word in words if word not in ("CMD", "CMD-SHELL")]
        if shell:
            return ["sh", "-c", rest[0]]
        if rest[0] == "airflow":
            return [sys.executable, "-Pm", *rest]
        return [*([sys.executable, "-P"] if rest[0] == "python" else rest[:1]), *rest[1:]]

    def env(self, service: str) -> dict[str, str]:
        declared = SERVICES[service].get("environment", {})
        path = f"{self.home / 'standin'}{os.pathsep}{declared.get('PYTHONPATH', ROOT)}"
        return {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home),
            "HOSTNAME": os.uname().nodename,
            **{name: self.text(str(value)) for name, value in declared.items()},
            "PYTHONPATH": self.text(path),
            "MOTCUA_SOURCES_DIR": str(self.home / "sources"),
            HEALTH_PORT: str(self.ports["scheduler"]),
        }

    def text(self, text: str) -> str:
        if text.endswith("@postgres:5432/airflow"):
            return self.database_url
        if text == "simulator":
            return "127.0.0.1"
        text = re.sub(r"\$\{AIRFLOW_FERNET_KEY:\?[^}]*\}", FERNET_KEY, text)
        text = re.sub(r"\$\{MOTCUA_DEMO:\?[^}]*\}", "true", text)
        text = re.sub(r"\$\{\w+:\?[^}]*\}", "f" * 64, text)
        for there, here in {
            "$$": "$",
            "redis:6379": f"127.0.0.1:{self.ports['redis']}",
            "//simulator:": "//127.0.0.1:",
            "api-server:8635": f"127.0.0.1:{self.ports['api-server']}",
            "8635": str(self.ports["api-server"]),
            "8634": str(self.ports["simulator"]),
            "8636": str(self.ports["sftp"]),
            "8974": str(self.ports["scheduler"]),
            "0.0.0.0": "127.0.0.1",
            "/var/lib/motcua": str(self.home),
            "/opt/motcua": str(ROOT),
            "exec redis-server": f"exec redis-server --bind 127.0.0.1 --port {self.ports['redis']}",
            "redis-cli": f"redis-cli -p {self.ports['redis']}",
        }.items():
            text = text.replace(there, here)
        return text

    def is_healthy(self, service: str) -> bool:
        test = self.words(SERVICES[service]["healthcheck"]["test"])
        env = self.env(service)
        done = subprocess.run(test, env=env, capture_output=True, check=False, timeout=120)
        return done.returncode == 0

    def unwell(self, services: list[str]) -> set[str]:
        """The services that never passed their health check, however long one waits."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        left = set(services)
        while left and time.monotonic() < give_up_at:
            left = {name for name in left if not self.is_healthy(name)}
        return left


@pytest.fixture
def native(home: Path, free_port: Callable[[], int]) -> Iterator[Native]:
    names = ("redis", "api-server", "scheduler", "simulator", "sftp")
    ports = {name: free_port() for name in names}
    yield Native(home, ports, embedded_url(home / "postgres", "airflow"))
    stop_embedded(home / "postgres")


def test_every_command_runs_every_health_check_passes_and_celery_runs_a_night(
    native: Native, night_over_api: Callable[[int, Path], str]
) -> None:
    init = native.words(SERVICES["init"]["command"])
    subprocess.run(init, env=native.env("init"), check=True, capture_output=True, cwd=native.home)
    with ExitStack() as stack:
        for name in STAYING:
            log = native.home / "logs" / f"{name}.log"
            command = native.words(SERVICES[name]["command"])
            stack.enter_context(session(command, native.env(name), log))
        assert native.unwell(STAYING) == set()
        passwords = native.home / "passwords.json"
        assert json.loads(passwords.read_text())["admin"]
        assert night_over_api(native.ports["api-server"], passwords) == "success"


SPEAKING = {
    "ha_noi": "the web",
    "dien_bien": "files over SFTP",
    "vinh_long": "views in a database",
    "tai_khoan": "returns in a folder",
}


def test_a_worker_reaches_the_simulated_nation_in_every_way(native: Native) -> None:
    command = native.words(SERVICES["simulator"]["command"])
    with session(command, _with_all_sources(native, "simulator"), native.home / "simulator.log"):
        assert native.unwell(["simulator"]) == set()
        opened = dt.date.fromisoformat((native.home / "nation-opened-on").read_text().strip())
        for source_id in SPEAKING:
            words = ["try", source_id, "--on", str(opened + dt.timedelta(days=60)), "--json"]
            done = subprocess.run(
                [sys.executable, "-Pm", "motcua", *words],
                env=_with_all_sources(native, "worker"),
                capture_output=True,
                check=False,
                cwd=native.home,
            )
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)[0]["received"] > 0


def _with_all_sources(native: Native, service: str) -> dict[str, str]:
    """The service's environment, with the sources and the pipeline of the image."""
    env = native.env(service) | {"PYTHONPATH": str(ROOT)}
    del env["MOTCUA_SOURCES_DIR"]
    return env
