"""The compose file: valid, without defaults for secrets, and its names are Airflow's own."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from airflow.providers.celery.get_provider_info import get_provider_info

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"
TEXT = FILE.read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOT = "init"


def _known_options() -> set[str]:
    airflow = find_spec("airflow")
    assert airflow is not None
    assert airflow.submodule_search_locations is not None
    folder = Path(airflow.submodule_search_locations[0])
    template = yaml.safe_load((folder / "config_templates/config.yml").read_text())
    sections = {**template, **get_provider_info()["config"]}
    return {
        f"AIRFLOW__{section}__{option}".upper()
        for section, content in sections.items()
        for option in content["options"]
    }


def test_is_a_compose_file() -> None:
    command = ["check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_every_airflow_name_is_one_that_airflow_reads() -> None:
    used = set(re.findall(r"^\s+(AIRFLOW__\w+):", TEXT, re.MULTILINE))
    assert len(used) > 10
    assert used - _known_options() == set()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_that_stays_has_a_health_check(name: str) -> None:
    if name == ONE_SHOT:
        waiting = [s for s in SERVICES.values() if ONE_SHOT in s.get("depends_on", {})]
        assert {s["depends_on"][ONE_SHOT]["condition"] for s in waiting} == {
            "service_completed_successfully"
        }
    else:
        assert SERVICES[name]["healthcheck"]["test"]


def test_no_secret_is_written_down_and_none_has_a_default() -> None:
    named = re.findall(
        r"^\s+\w*(?:PASSWORD|SECRET|KEY|REDISCLI_AUTH)\w*: (.+)$", TEXT, re.MULTILINE
    )
    in_addresses = re.findall(r"://\w*:([^@\s]+)@", TEXT)
    secret = [*named, *in_addresses]
    assert len(secret) > 8
    allowed = (r"\$\{\w+:\?\}", r"/var/lib/motcua/passwords\.json")
    assert [s for s in secret if not any(re.fullmatch(pattern, s) for pattern in allowed)] == []
    assert ":-" not in TEXT


def test_the_example_names_exactly_what_is_required_and_gives_nothing() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    given = [line for line in lines if line and not line.startswith("#")]
    assert all(line.endswith("=") for line in given)
    assert {line[:-1] for line in given} == set(re.findall(r"\$\{(\w+):\?", TEXT))


def test_only_this_machine_can_reach_the_ports() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_services_look_for_the_simulated_nation_where_it_is() -> None:
    theirs, own = SERVICES["worker"]["environment"], SERVICES["simulator"]["environment"]
    assert urlsplit(theirs["MOTCUA_NATION_URL"]).hostname == "simulator"
    assert theirs["MOTCUA_NATION_SFTP_HOST"] == "simulator"
    shared = ("MOTCUA_NATION_SFTP_HOST", "MOTCUA_NATION_SFTP_PORT", "MOTCUA_HOME")
    assert [theirs[name] for name in shared] == [own[name] for name in shared]
    assert SERVICES["worker"]["volumes"] == SERVICES["simulator"]["volumes"]


def test_the_image_installs_by_hash_and_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes --requirement requirements.lock" in lines
    assert "\nUSER motcua\n" in lines
