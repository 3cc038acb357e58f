"""A small nation served by a real process, and nights run over it with every real part."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx2
import pytest

from catalog import areas as catalog_areas
from catalog import settings as catalog_settings
from catalog import sources as catalog_sources
from pipeline import stores
from simulator import Nation
from stack import nation as served
from stack.postgres import stop_embedded

FIRST = dt.date(2026, 11, 18)
HISTORY_DAYS = 60
A_NEW_PROVINCE = """\
name_vi: Hệ thống thông tin giải quyết thủ tục hành chính tỉnh Thử Nghiệm
area: H99
new_area: {name_vi: Tỉnh Thử Nghiệm, name_en: Test Province, kind: province}
platform: lgsp_json
records: [dossier, rating]
url: "{nation}/thu_nghiem"
secret: THU_NGHIEM
starts_on: 2025-07-01
legal_basis: Nghị định 118/2025/NĐ-CP
"""


@dataclass
class Country:
    """A home folder, the sources that report there, and the nation that answers for them."""

    home: Path
    url: str
    dossiers: int
    environment: dict[str, str] = field(default_factory=dict)

    @cached_property
    def nation(self) -> Nation:
        opens_on = FIRST - dt.timedelta(days=HISTORY_DAYS - 1)
        return Nation(opens_on=opens_on, dossiers=self.dossiers)

    def motcua(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command line as a user would."""
        command = [sys.executable, "-m", "motcua", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def json(self, *words: str) -> Any:
        done = self.motcua(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def fault(self, slug: str, **fault: Any) -> None:
        httpx2.post(f"{self.url}/_faults/{slug}", json=fault).raise_for_status()

    def no_fault(self, slug: str) -> None:
        httpx2.delete(f"{self.url}/_faults/{slug}").raise_for_status()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def forget() -> None:
    """Forget what this process read from the environment."""
    for read in (catalog_settings.settings, catalog_sources.sources, catalog_areas.areas):
        read.cache_clear()
    for opened in (stores.landing, stores.lake, stores.warehouse):
        opened.cache_clear()


def found_country(folder: Path, dossiers: int, kept: set[str] | None) -> Iterator[Country]:
    """A country whose sources are all declared ones and a new province, or only those `kept`."""
    sources = folder / "sources"
    sources.mkdir()
    for file in sorted(Path(catalog_sources.__file__).parent.glob("*.yml")):
        if kept is None or file.stem in kept:
            shutil.copy(file, sources)
    if kept is None:
        (sources / "thu_nghiem.yml").write_text(A_NEW_PROVINCE, encoding="utf-8")
    country = Country(folder / "var", f"http://127.0.0.1:{free_port()}", dossiers)
    ours = {
        "MOTCUA_HOME": str(country.home),
        "MOTCUA_NATION_URL": country.url,
        "MOTCUA_NATION_SFTP_PORT": str(free_port()),
        "MOTCUA_SOURCES_DIR": str(sources),
        "MOTCUA_HISTORY_DAYS": str(HISTORY_DAYS),
        "MOTCUA_SIMULATED_DOSSIERS": str(dossiers),
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    forget()
    served.start(country.home, country.url, FIRST, HISTORY_DAYS, dossiers)
    try:
        yield country
    finally:
        served.stop(country.home)
        stop_embedded(country.home / "postgres")
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value
        forget()


@pytest.fixture(scope="module")
def country(request: pytest.FixtureRequest) -> Iterator[Country]:
    """A country of its own for each module; ``DOSSIERS`` and ``SOURCES`` there size it."""
    module = request.module
    with tempfile.TemporaryDirectory(prefix="motcua-country-") as folder:
        yield from found_country(Path(folder), module.DOSSIERS, getattr(module, "SOURCES", None))
