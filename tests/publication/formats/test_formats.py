"""All formats together: the same bytes for the same release, and what readers need to read them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

from catalog.areas import NATION
from publication.formats import about, formats
from publication.formats.datapackage import tables
from publication.names import known
from publication.release import Release
from publication.words import words

WRITE = """
import sys
from pathlib import Path
from publication.formats import write_formats
write_formats(Path(sys.argv[1]))
"""


def test_another_process_in_another_zone_writes_the_same_bytes(
    release: Release, bare: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    shutil.copytree(bare, again, ignore=shutil.ignore_patterns("SHA256SUMS"))
    elsewhere = {**os.environ, "TZ": "America/Lima", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", WRITE, str(again)], check=True, env=elsewhere)
    written = {path.name: path.read_bytes() for path in again.iterdir()}
    first = {p.name: p.read_bytes() for p in release.folder.iterdir() if p.name != "SHA256SUMS"}
    assert written.keys() == first.keys()
    assert {name for name in first if written[name] != first[name]} == set()


def test_every_format_says_what_it_writes_and_what_for(release: Release, bare: Path) -> None:
    own = {path.name for path in bare.iterdir()}
    for path in release.folder.iterdir():
        told = about(path.name)
        assert (told is None) == (path.name in own)
        assert told is None or all(told[language] for language in ("vi", "en"))


def test_formats_that_describe_others_come_last() -> None:
    assert [form.__name__.rpartition(".")[2] for form in formats()][-2:] == ["datapackage", "dcat"]


def test_every_table_of_a_release_is_told(release: Release, bare: Path) -> None:
    assert {path.stem for path in bare.glob("*.csv")} | {"areas", "definitions"} == set(tables())
    for path in release.folder.glob("*.parquet"):
        if path.with_suffix(".csv").exists():
            told = {f"column.{name}" for name in pq.read_schema(path).names}
            assert told <= words().keys()


def test_areas_lead_a_former_province_to_the_one_it_belongs_to(release: Release) -> None:
    rows = {row["code"]: row for row in release.table("areas").to_pylist()}
    assert list(rows) == list(known())
    assert rows[NATION]["position"] == 1
    assert rows["H22"]["part_of"] == "H60"
    assert rows["H22"]["valid_to"].isoformat() == "2025-06-30"
    assert rows["H26"]["part_of"] == "H26"


def test_definitions_list_every_indicator_of_the_release(release: Release) -> None:
    rows = {row["code"]: row for row in release.table("definitions").to_pylist()}
    assert rows.keys() == release.catalogue.keys()
    assert rows["on_time_rate"]["target"] == 0.9
    assert rows["on_time_rate"]["theme_en"] == "On time"


def test_licence_names_the_release_and_cc_by_in_both_languages(release: Release) -> None:
    text = (release.folder / "LICENSE.txt").read_text(encoding="utf-8")
    assert text.count("https://creativecommons.org/licenses/by/4.0/legalcode") == 2
    assert "Nguồn: Một Cửa Metrics, bản công bố 2026.10.1, giấy phép CC BY 4.0." in text
    assert "Source: Một Cửa Metrics, release 2026.10.1, licence CC BY 4.0." in text
