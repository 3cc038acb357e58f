"""What collecting a source needs in memory does not grow with what the source has."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.collect import PAGE_ROWS, application
from bench.measurement import run_module
from tests.extractors.conftest import serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads the peak under /proc")


def peak(address: str, pages: int, folder: Path) -> int:
    """The most resident bytes of a process that collects so many pages of 250 kB."""
    rows = ("--rows", str(pages * PAGE_ROWS))
    cost = run_module("bench.collect", "--address", address, "--folder", str(folder), *rows)
    assert sum(1 for path in folder.rglob("*") if path.is_file()) == pages
    return cost.memory


@pytest.mark.slow
def test_forty_times_the_pages_need_no_more_memory(tmp_path: Path) -> None:
    with serving(application()) as address:
        few = peak(address, 10, tmp_path / "few")
        many = peak(address, 400, tmp_path / "many")
    print(f"10 pages: {few / 1e6:.1f} MB; 400 pages: {many / 1e6:.1f} MB")
    assert many < 1.25 * few
