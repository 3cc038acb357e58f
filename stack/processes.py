"""The full Airflow of one machine: four processes on loopback, started and stopped together."""

from __future__ import annotations

import base64
import json
import os
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from catalog.errors import MotcuaError
from stack.airflow import MODULE, PYTHON, ROOT, environment, inherit, prepare
from stack.sessions import Child, session, terminable

HOST = "127.0.0.1"
PATIENCE_SECONDS = 120.0
PUBLISH_BY = "05:00"
PRELOAD = ROOT / "stack" / "preload"
COMPONENTS = {
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag_processor": ["dag-processor"],
    "api_server": ["api-server"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
WATCHED = ("metadatabase", "scheduler", "dag_processor", "triggerer")


def full_stack(home: Path, database_url: str, port: int, env: Mapping[str, str]) -> None:
    """Run Airflow with its web page on `port` until interrupted or until a component ends.

    `database_url` is an empty or known PostgreSQL database for Airflow's own use, with the
    driver ``psycopg``; `env` is what the processes inherit. Raises MotcuaError where it does not
    get healthy within two minutes, or where a component ends by itself.
    """
    with (
        suppress(KeyboardInterrupt),
        terminable(),
        components(home, database_url, port, env) as children,
    ):
        print(f"Airflow: http://{HOST}:{port}  user admin, password in {password_file(home)}")
        print("Ctrl-C stops it.", flush=True)
        while True:
            _insist_alive(children, home)
            time.sleep(0.5)


@contextmanager
def components(
    home: Path, database_url: str, port: int, env: Mapping[str, str]
) -> Iterator[dict[str, Child]]:
    """The running and healthy components by name; all of them are gone on leaving."""
    ours = inherit(env, {**environment(home), **_stack_environment(home, database_url, port)})
    prepare(home, ours)
    with ExitStack() as stack:
        children: dict[str, Child] = {}
        for name, words in COMPONENTS.items():
            command = [PYTHON, MODULE, "airflow", *words]
            child_env = {"scheduler": _preloading, "dag_processor": _watching}.get(name, dict)(ours)
            children[name] = stack.enter_context(session(command, child_env, log_file(home, name)))
        stack.callback(_ask_all_to_end, children)
        _wait_until_healthy(children, home, port)
        yield children


def log_file(home: Path, component: str) -> Path:
    """Where a component's output goes."""
    return home.resolve() / "airflow" / "logs" / f"{component}.log"


def password_file(home: Path) -> Path:
    """Where the web page's users and passwords are, as JSON, readable by the owner only."""
    return home.resolve() / "airflow" / "passwords.json"


def _stack_environment(home: Path, database_url: str, port: int) -> dict[str, str]:
    folder = home.resolve() / "airflow"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _kept(password_file(home), {"admin": secrets.token_urlsafe(18)})
    keys = _kept(
        folder / "keys.json",
        {
            "AIRFLOW__API__SECRET_KEY": secrets.token_urlsafe(32),
            "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_urlsafe(64),
            "AIRFLOW__CORE__FERNET_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        },
    )
    return {
        **keys,
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": str(2 * (os.cpu_count() or 1)),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(password_file(home)),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{port}/execution/",
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://{HOST}:{port}",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database_url,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": database_url,
    }


def _kept(file: Path, new: dict[str, str]) -> dict[str, str]:
    """What `file` holds; `new` is written there first, for the owner only, if there is none."""
    if not file.exists():
        with open(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as output:
            json.dump(new, output)
    content: dict[str, str] = json.loads(file.read_text())
    return content


def _preloading(env: Mapping[str, str]) -> dict[str, str]:
    return {**env, "PYTHONPATH": f"{PRELOAD}{os.pathsep}{env['PYTHONPATH']}"}


def _watching(env: Mapping[str, str]) -> dict[str, str]:
    """Who reads the DAGs says until when a night must be published."""
    return {"MOTCUA_PUBLISH_BY": PUBLISH_BY, **env}


def _wait_until_healthy(children: Mapping[str, Child], home: Path, port: int) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while unwell := _unwell(port):
        _insist_alive(children, home)
        if time.monotonic() > give_up_at:
            raise MotcuaError(f"Airflow is not healthy: {', '.join(unwell)}")
        time.sleep(0.5)


def _unwell(port: int) -> list[str]:
    """The components that Airflow itself does not call healthy."""
    address = f"http://{HOST}:{port}/api/v2/monitor/health"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            health = json.load(answer)
    except (urllib.error.URLError, OSError):
        return ["api_server"]
    return [name for name in WATCHED if health[name]["status"] != "healthy"]


def _ask_all_to_end(children: Mapping[str, Child]) -> None:
    """All at once, so that they end side by side; each session then sees to its own."""
    for child in children.values():
        child.terminate()


def _insist_alive(children: Mapping[str, Child], home: Path) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise MotcuaError(f"{name} ended by itself; see {log_file(home, name)}")
