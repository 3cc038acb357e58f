from __future__ import annotations

import csv
import hashlib
import json
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.warehouse.samples import figures
from warehouse.files import Content, write_release

CATALOGUE = [{"code": "on_time_rate", "name_vi": "Tỷ lệ đúng hạn"}]
RELEASE = "r-2026-11-22"


def _contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_ino) for path in folder.iterdir()}


def test_a_release_can_be_read_and_checked(tmp_path: Path) -> None:
    observations = figures(RELEASE, {"H29": 3, "H26": None})
    written = write_release(tmp_path, RELEASE, Content(observations, CATALOGUE))
    assert [path.name for path in written] == [
        "indicators.json", "observations.csv", "observations.parquet", "SHA256SUMS",
    ]  # fmt: skip
    latest = tmp_path / "latest"
    assert pq.read_table(latest / "observations.parquet")["area"].to_pylist() == ["H26", "H29"]
    with (latest / "observations.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["area"], line["numerator"]) for line in lines] == [("H26", ""), ("H29", "3")]
    assert (latest / "observations.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert json.loads((latest / "indicators.json").read_text(encoding="utf-8")) == CATALOGUE
    for line in (latest / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        sha256, name = line.split("  ")
        assert hashlib.sha256((latest / name).read_bytes()).hexdigest() == sha256


def test_the_same_input_in_any_order_writes_nothing_again(tmp_path: Path) -> None:
    observations = figures(RELEASE, {f"H{n:02}": n % 11 for n in range(60)})
    write_release(tmp_path, RELEASE, Content(observations, CATALOGUE))
    before = _contents(tmp_path / RELEASE)
    backwards = observations.take(pa.array(range(59, -1, -1)))
    write_release(tmp_path, RELEASE, Content(backwards, CATALOGUE))
    assert _contents(tmp_path / RELEASE) == before
    other = tmp_path / "elsewhere"
    write_release(other, RELEASE, Content(backwards, CATALOGUE))
    assert {n: c for n, (c, _) in _contents(other / RELEASE).items()} == {
        n: c for n, (c, _) in before.items()
    }


def test_a_changed_release_replaces_the_old_and_leaves_nothing_else(tmp_path: Path) -> None:
    (tmp_path / f".{RELEASE}.new").mkdir()
    for numerator in (1, 2):
        write_release(tmp_path, RELEASE, Content(figures(RELEASE, {"H26": numerator}), CATALOGUE))
    table = pq.read_table(tmp_path / RELEASE / "observations.parquet")
    assert table["numerator"].to_pylist() == [2]
    names = {path.name.rsplit(".", 1)[0] for path in tmp_path.iterdir()}
    assert names == {RELEASE, f".{RELEASE}", "latest"}
    assert len(list(tmp_path.iterdir())) == 3


def test_a_past_night_does_not_become_the_latest(tmp_path: Path) -> None:
    for release in ("r-2026-11-22", "r-2026-11-20", "r-2026-11-23", "r-2026-11-21"):
        write_release(tmp_path, release, Content(figures(release, {"H26": 1}), CATALOGUE))
    assert (tmp_path / "latest").resolve().name.startswith(".r-2026-11-23.")


def test_a_reader_finds_a_whole_file_at_any_time(tmp_path: Path) -> None:
    done = threading.Event()
    seen: set[tuple[int, int]] = set()

    def read() -> None:
        while not done.is_set():
            content = (tmp_path / "latest" / "observations.parquet").read_bytes()
            numerators = pq.read_table(pa.BufferReader(content))["numerator"]
            seen.add((len(numerators), pc.count_distinct(numerators).as_py()))

    write_release(tmp_path, RELEASE, Content(figures(RELEASE, {"H26": 0, "H29": 0}), CATALOGUE))
    reader = threading.Thread(target=read)
    reader.start()
    for state in range(1, 12):
        same = figures(RELEASE, {"H26": state, "H29": state})
        write_release(tmp_path, RELEASE, Content(same, CATALOGUE))
    done.set()
    reader.join()
    assert seen == {(2, 1)}
