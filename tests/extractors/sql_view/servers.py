"""Database servers of our own, each with the same small view `motcua_dossier`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymysql
import pytest
import sqlalchemy as sa

from stack.postgres import embedded_url, stop_embedded
from tests.extractors.conftest import SECRET

USER = "khach"
Line = tuple[Any, Any, str]
"""One row of the view: record_key, updated_at, trang_thai."""


class Server(ABC):
    """A server that can be asked as its owner; `address` is what a source would declare."""

    key_type, text_type, time_type = "varchar(2000)", "text", "timestamp(6)"
    schema, cascade = "kho", "CASCADE"

    def __init__(self, owner: str, address: str) -> None:
        self.engine = sa.create_engine(owner)
        self.address = address

    @property
    def views(self) -> dict[str, str]:
        return {"dossier": f"{self.schema}.motcua_dossier"} if self.schema else {}

    @property
    def declared(self) -> dict[str, Any]:
        return {"platform": "sql_view", "url": self.address, "user": USER, "views": self.views}

    def run(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def named(self, name: str) -> str:
        return f"{self.schema}.{name}" if self.schema else name

    def fill(self, lines: Sequence[Line], **types: str) -> None:
        """Make the view anew, with these rows; `key` and `time` say other types."""
        key, time = types.get("key", self.key_type), types.get("time", self.time_type)
        table, view = self.named("thay_doi"), self.named("motcua_dossier")
        columns = f"record_key {key} NULL, updated_at {time} NULL, trang_thai {self.text_type}"
        self.run(f"DROP VIEW IF EXISTS {view}", f"DROP TABLE IF EXISTS {table} {self.cascade}")
        self.run(f"CREATE TABLE {table} ({columns})")
        self.run(f"CREATE VIEW {view} AS SELECT * FROM {table}")
        self.add(lines)
        self.open_to_the_user()

    def add(self, lines: Sequence[Line]) -> None:
        names = ["record_key", "updated_at", "trang_thai"]
        table = sa.table("thay_doi", *map(sa.column, names), schema=self.schema or None)
        with self.engine.begin() as connection:
            if lines:
                rows = [dict(zip(names, line, strict=True)) for line in lines]
                connection.execute(sa.insert(table), rows)

    @abstractmethod
    def open_to_the_user(self) -> None:
        """Let the user read the view, and nothing else."""

    @abstractmethod
    def cut_off(self) -> int:
        """End the connections of the user, and say how many there were."""


class PostgreSQL(Server):
    name = "postgresql"

    def open_to_the_user(self) -> None:
        self.run(f"GRANT SELECT ON kho.motcua_dossier TO {USER}")

    def cut_off(self) -> int:
        with self.engine.begin() as connection:
            ended = connection.exec_driver_sql(
                f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                f" WHERE usename = '{USER}'"
            )
            return len(ended.all())


class MariaDB(Server):
    name = "mariadb"
    text_type, time_type = "longtext", "datetime(6)"

    def open_to_the_user(self) -> None:
        self.run(f"GRANT SELECT ON kho.motcua_dossier TO {USER}")

    def cut_off(self) -> int:
        with self.engine.begin() as connection:
            theirs = f"SELECT id FROM information_schema.processlist WHERE user = '{USER}'"
            found = connection.exec_driver_sql(theirs).all()
            connection.exec_driver_sql(f"KILL USER {USER}")
            return len(found)


class SQLite(Server):
    name = "sqlite"
    key_type, time_type, schema, cascade = "text", "text", "", ""

    def open_to_the_user(self) -> None:
        pass

    def cut_off(self) -> int:
        return 0


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """The embedded server, where the user must show a password."""
    with tempfile.TemporaryDirectory() as folder:
        owner = embedded_url(Path(folder), "mot_cua")
        rules = Path(folder, "data", "pg_hba.conf")
        ours = f"local all {USER} scram-sha-256\n"
        rules.write_text(ours + rules.read_text(encoding="utf-8"), encoding="utf-8")
        address = sa.make_url(owner).set(username=None).render_as_string()
        server = PostgreSQL(owner, address)
        server.run(f"CREATE ROLE {USER} LOGIN PASSWORD '{SECRET}'", "CREATE SCHEMA kho")
        server.run(f"GRANT USAGE ON SCHEMA kho TO {USER}", "SELECT pg_reload_conf()")
        yield server
        server.engine.dispose()
        assert stop_embedded(Path(folder))


@contextmanager
def mariadb() -> Iterator[MariaDB]:
    """A server on a port of loopback, with a folder of its own."""
    programs = [shutil.which(p, path=f"{os.environ['PATH']}:/usr/sbin") for p in MARIADB]
    if not all(programs):
        pytest.skip(f"no {' and '.join(MARIADB)} here")
    install, daemon = map(str, programs)
    with tempfile.TemporaryDirectory() as folder:
        data, user = f"{folder}/data", f"--user={os.environ.get('USER', 'root')}"
        plain = ["--auth-root-authentication-method=normal", "--skip-test-db"]
        ours = [f"--datadir={data}", *([user] if os.geteuid() == 0 else [])]
        subprocess.run([install, "--no-defaults", *plain, *ours], check=True, capture_output=True)
        port = free_port()
        where = ["--bind-address=127.0.0.1", f"--port={port}", f"--socket={folder}/s"]
        with open(f"{folder}/log", "w", encoding="utf-8") as log:
            running = subprocess.Popen(
                [daemon, "--no-defaults", *ours, *where, "--skip-log-bin"], stderr=log, stdout=log
            )
        try:
            _wait_for(port)
            server = MariaDB(
                f"mariadb+pymysql://root@127.0.0.1:{port}/?charset=utf8mb4",
                f"mariadb+pymysql://127.0.0.1:{port}/",
            )
            server.run(
                "CREATE DATABASE kho CHARACTER SET utf8mb4",
                f"CREATE USER {USER} IDENTIFIED BY '{SECRET}'",
            )
            yield server
            server.engine.dispose()
        finally:
            running.terminate()
            running.wait()


MARIADB = ("mariadb-install-db", "mariadbd")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            return pymysql.connect(host="127.0.0.1", port=port, user="root").close()
        except pymysql.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
