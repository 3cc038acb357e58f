from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from stack.postgres import embedded_url, stop_embedded

JOIN = """
import sys
from pathlib import Path
from stack.postgres import embedded_url
print(embedded_url(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A path too long for a unix socket, with characters that a URL must escape."""
    with tempfile.TemporaryDirectory() as place:
        deep = Path(place) / "kho dữ liệu & số" / ("x" * 90)
        yield deep
        stop_embedded(deep)


def _answers(url: str) -> bool:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            return connection.scalar(sa.text("SHOW listen_addresses")) == ""
    except sa.exc.OperationalError:
        return False


def test_the_last_user_stops_the_server(folder: Path) -> None:
    assert stop_embedded(folder)
    url = embedded_url(folder)
    assert _answers(url)
    other = subprocess.Popen(
        [sys.executable, "-c", JOIN, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline().strip() == url
    assert not stop_embedded(folder)
    assert _answers(url)
    other.kill()
    other.communicate()
    assert stop_embedded(folder)
    assert not _answers(url)


def test_a_server_that_was_killed_starts_again_with_its_data(folder: Path) -> None:
    url = embedded_url(folder)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE kept AS SELECT 7 AS seven"))
    os.kill(int((folder / "data" / "postmaster.pid").read_text().splitlines()[0]), 9)
    assert embedded_url(folder) == url
    with engine.begin() as connection:
        assert connection.scalar(sa.text("SELECT seven FROM kept")) == 7


def test_a_start_that_was_interrupted_is_begun_again(folder: Path) -> None:
    (folder / "data.new").mkdir(parents=True)
    (folder / "data.new" / "PG_VERSION").write_text("18\n")
    assert _answers(embedded_url(folder))
