"""What collecting a source needs in memory does not grow with what the source has."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.collect import PAGE_ROWS, application
from bench.measurement import run_module
from extractors import collect
from tests.extractors import dropping
from tests.extractors.conftest import NIGHT, serving
from tests.extractors.monsters import within
from tests.extractors.sftp import server as sftp


def peak(address: str, pages: int, folder: Path) -> int:
    """The most resident bytes of a process that collects so many pages of 250 kB."""
    rows = ("--rows", str(pages * PAGE_ROWS))
    cost = run_module("bench.collect", "--address", address, "--folder", str(folder), *rows)
    assert sum(1 for path in folder.rglob("*") if path.is_file()) == pages
    return cost.memory


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak under /proc")
def test_forty_times_the_pages_need_no_more_memory(tmp_path: Path) -> None:
    with serving(application()) as address:
        few = peak(address, 10, tmp_path / "few")
        many = peak(address, 400, tmp_path / "many")
    print(f"10 pages: {few / 1e6:.1f} MB; 400 pages: {many / 1e6:.1f} MB")
    assert many < 1.25 * few


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["manual_drop", "sftp_files"])
def test_a_file_of_many_pages_is_read_with_the_memory_of_a_few(
    tmp_path: Path, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """60 MB in pages of 100 kB; tracing counts what the SFTP server takes as well."""
    with (tmp_path / "dossier_20261122.csv").open("w", encoding="utf-8") as file:
        file.write("code,note\n")
        file.writelines(f"{row:09d},{'x' * 990}\n" for row in range(60_000))
    (tmp_path / "dossier_20261122.csv.done").touch()
    changes = {"platform": platform, "page_size": 100, "file_pattern": "*.csv"}
    with ExitStack() as stack:
        if platform == "sftp_files":
            monkeypatch.setenv("MOTCUA_THU_NGHIEM", sftp.PASSWORD)
            post = stack.enter_context(sftp.serving(sftp.Post(tmp_path)))
            changes |= {"url": f"sftp://127.0.0.1:{post.port}", "host_key": post.host_key}
            changes |= {"user": sftp.USER, "secret": "THU_NGHIEM"}
        source = dropping.declare(tmp_path, **changes)
        stack.enter_context(within(16_000_000))
        assert collect(source, "dossier", NIGHT, "", dropping.sha).pages == 600
