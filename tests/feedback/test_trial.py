"""A file that is tried meets what it would meet at night, and leaves nothing behind."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from catalog.sources import sources
from expectations.check import checks
from feedback.failing import failing_rows
from feedback.outcome import Outcome
from feedback.told import rejections
from motcua import app
from pipeline.for_source import collect, conform, judge
from pipeline.stores import warehouse
from pipeline.trial import Bounds, earlier_nights, try_file
from tests.extractors.tables import book, packed
from tests.feedback import trying
from tests.feedback.trying import (
    COLUMNS,
    NIGHT,
    PERSON,
    PHONE,
    as_csv,
    as_json,
    no_temporary_files,
    rows,
)

OUTCOMES = {
    "received": 49,
    "accepted": 40,
    "quarantined": 4,
    "rejected": 4,
    "duplicate": 1,
}
CHECKS = {"finished_before_received": 3, "version_in_future": 2}
REASONS = {"Kênh: unknown_code": 2, "Tiếp nhận: bad_timestamp": 1, "Cập nhật: bad_timestamp": 1}
REASONS |= {"Kênh: missing_required": 1}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with trying.office(tmp_path_factory.mktemp("office")) as home:
        yield home


def tried(content: bytes, source: str = "tha_tep", name: str = "a.csv", **more: Any) -> Outcome:
    return try_file(sources()[source], "dossier", NIGHT, name, io.BytesIO(content), **more)


def motcua(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def counts(outcome: dict[str, Any]) -> dict[str, int]:
    return {name: outcome[name] for name in OUTCOMES}


def by_check(lines: list[dict[str, Any]]) -> Counter[str]:
    return Counter(line["rule"] for line in lines if line["rule"] in checks())


def by_reason(lines: list[dict[str, Any]]) -> Counter[str]:
    found = [(line["column"], line["rule"].partition(":")) for line in lines]
    return Counter(f"{column}: {reason}" for column, (kind, _, reason) in found if reason)


def test_a_file_is_counted_by_what_becomes_of_each_row(home: Path) -> None:
    outcome = tried(as_csv(rows()))
    told = outcome.as_dict()
    assert counts(told) == OUTCOMES
    assert (outcome.decision, outcome.is_good) == ("quarantine", False)
    assert by_check(told["failing"]) == CHECKS
    assert by_reason(told["failing"]) == REASONS
    assert failing_rows(outcome.failing) == OUTCOMES["quarantined"] + OUTCOMES["rejected"]
    assert "volume_collapse" in outcome.not_asked


def test_a_row_is_named_by_its_place_in_the_whole_file(home: Path) -> None:
    outcome = tried(as_csv(rows(good=2500)))
    places = {line.row for line in outcome.failing if line.rule == "finished_before_received"}
    assert places == {2501, 2502, 2503}


def test_an_answer_holds_no_column_about_a_person_and_no_value_that_could_not_be_read(
    home: Path,
) -> None:
    told = json.dumps(tried(as_csv(rows())).as_dict(), ensure_ascii=False)
    assert PERSON not in told
    assert PHONE not in told
    assert "hôm qua" not in told


def test_a_page_of_json_gives_the_same_as_the_same_rows_in_a_file(home: Path) -> None:
    of_file, of_page = tried(as_csv(rows())), tried(as_json(rows()), "bao_json", "a.json")
    assert counts(of_page.as_dict()) == counts(of_file.as_dict())
    assert [line.rule for line in of_page.failing] == [line.rule for line in of_file.failing]


@pytest.mark.parametrize(
    ("source", "content"),
    [
        ("bao_json", b"<!doctype html><html></html>"),
        ("bao_json", b'{"error_code": "9", "message": "' + PERSON.encode() + b'"}'),
        ("bao_json", b"[" * 100_000),
        ("bao_json", b'{"error_code":"0","page":1,"pages":1,"total":1,"data":{"a":1}}'),
        ("bao_soap", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'),
        ("bao_soap", b"\x00" * 1000),
        ("tha_tep", b""),
    ],
)
def test_what_is_no_page_is_told_without_a_value(home: Path, source: str, content: bytes) -> None:
    outcome = tried(content, source)
    assert (outcome.decision, outcome.is_good, outcome.failing) == ("broken", False, ())
    assert outcome.problem
    assert PERSON not in outcome.problem


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", as_csv(rows())),
        ("a.zip", as_csv(rows())),
        ("a.csv", book([COLUMNS, *rows()])),
        ("a.csv", as_csv(rows()).replace(b"T-0003", b"T-\x0003")),
        ("a.zip", packed(a__zip=packed(a__csv=as_csv(rows())))),
    ],
    ids=["no workbook", "no archive", "no text", "a NUL", "an archive in an archive"],
)
def test_a_file_that_is_not_what_it_says_is_refused(home: Path, name: str, content: bytes) -> None:
    outcome = tried(content, name=name)
    assert (outcome.decision, outcome.received) == ("broken", 0)
    assert PERSON not in outcome.problem


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a", as_csv(rows())),
        ("a.csv", b"\xef\xbb\xbf" + as_csv(rows())),
        ("a.zip", packed(a__csv=as_csv(rows()[:20]), b__csv=as_csv(rows()[20:]))),
    ],
    ids=["no ending", "a mark of UTF-8", "two in an archive"],
)
def test_a_file_as_offices_write_it_is_read(home: Path, name: str, content: bytes) -> None:
    assert counts(tried(content, name=name).as_dict()) == OUTCOMES


def test_a_line_without_end_is_refused_at_the_size_of_a_page(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    with file.open("wb") as written:
        written.write(as_csv(rows()))
        written.truncate(1_000_000_000)
    done = motcua("check", str(file), "--source", "tha_tep", "--on", str(NIGHT))
    assert done.exit_code == 1
    assert "larger than 64000000 bytes" in " ".join(done.output.split())


def test_a_file_without_rows_is_not_good(home: Path) -> None:
    outcome = tried(as_csv([]))
    assert (outcome.received, outcome.is_good) == (0, False)
    assert outcome.verdict_vi == "Tệp không có dòng dữ liệu nào"


def test_a_file_is_read_no_further_than_its_bounds(home: Path) -> None:
    assert "more than 20 rows" in tried(as_csv(rows()), bounds=Bounds(rows=20)).problem
    assert "longer than 0 s" in tried(as_csv(rows()), bounds=Bounds(seconds=0)).problem
    few = tried(as_json(rows()), "bao_json", bounds=Bounds(values=50))
    assert "more than 50 values" in few.problem


def test_a_batch_that_would_be_held_is_told_with_all_its_rows(home: Path) -> None:
    outcome = tried(as_csv(rows()[:2] + rows()[-4:]))
    assert (outcome.decision, outcome.quarantined, outcome.rejected) == ("hold", 2, 4)
    assert failing_rows(outcome.failing) == outcome.quarantined + outcome.rejected


def test_every_reason_of_a_reject_is_told_with_a_remedy() -> None:
    from catalog.codelists import codes

    assert set(rejections()) == codes("reject_reason")
    assert all(told.why and told.fix for told in rejections().values())


def test_no_check_shows_what_an_applicant_is_known_by() -> None:
    named = set().union(*(check.expectation.columns for check in checks().values()))
    assert "applicant_key" not in named


def test_the_command_exits_with_1_unless_every_row_is_accepted(home: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "tot.csv", tmp_path / "sai.csv"
    good.write_bytes(as_csv(rows()[:40]))
    bad.write_bytes(as_csv(rows()))
    words = ("--source", "tha_tep", "--on", str(NIGHT))
    done, failed = motcua("check", str(good), *words), motcua("check", str(bad), *words)
    assert (done.exit_code, failed.exit_code) == (0, 1), failed.output
    assert "Được tiếp nhận: 40" in done.output
    assert "Cách sửa" in failed.output
    assert PERSON not in failed.output
    assert motcua("check", str(good), "--source", "nobody").exit_code == 2
    assert motcua("check", str(good), *words, "--record", "rating").exit_code == 2


def test_trying_leaves_nothing_behind(home: Path, tmp_path: Path) -> None:
    """Not even a temporary file is made: there is no folder for one."""
    file = tmp_path / "a.csv"
    file.write_bytes(as_csv(rows()))
    tried(file.read_bytes())  # what is loaded once is loaded
    before = sorted(home.rglob("*"))
    with no_temporary_files():
        done = motcua("check", str(file), "--source", "tha_tep", "--on", str(NIGHT))
        assert done.exit_code == 1, done.output
        assert tried(as_json(rows()), "bao_json").received == OUTCOMES["received"]
    assert sorted(home.rglob("*")) == before


def test_a_real_night_says_the_same(home: Path, tmp_path: Path) -> None:
    folder = home / "drop" / "tha_tep"
    folder.mkdir(parents=True)
    file = folder / "a.csv"
    file.write_bytes(as_csv(rows()))
    for verb in (collect, conform, judge):
        verb(NIGHT.on, "tha_tep")
    ledger = {r["stage"]: r for r in warehouse().ledger(on=NIGHT.on, source_id="tha_tep")}
    before = warehouse().quarantine("tha_tep")
    done = motcua("check", str(file), "--source", "tha_tep", "--on", str(NIGHT), "--json")
    told = json.loads(done.output)
    assert told["received"] == ledger["conform"]["received"]
    assert told["rejected"] == ledger["conform"]["rejected"]
    assert told["duplicate"] == ledger["conform"]["duplicate"]
    assert told["accepted"] == ledger["judge"]["accepted"]
    assert told["quarantined"] == ledger["judge"]["quarantined"]
    assert by_check(told["failing"]) == Counter(r["check_id"] for r in before if "check_id" in r)
    rejects = [r for r in before if "reason" in r]
    assert by_reason(told["failing"]) == Counter(f"{r['field']}: {r['reason']}" for r in rejects)
    assert warehouse().quarantine("tha_tep") == before
    assert earlier_nights(sources()["tha_tep"], "dossier", NIGHT) == ([], ())
