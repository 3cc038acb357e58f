"""The sftp_files platform on nights when the server does as agreed, and when files are missing."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile

from catalog.errors import (
    DeliveryBroken,
    SourceUnavailable,
)
from catalog.night import Night
from tests.extractors.sftp.conftest import (
    HEADER,
    MARK,
    Declare,
    day,
    fails,
    put,
    run,
)
from tests.extractors.sftp.server import Post


def test_a_normal_night_takes_the_files_since_the_cursor(post: Post, declare: Declare) -> None:
    day(post, "20261120", "cũ")
    day(post, "20261121", "a", "b", "c")
    day(post, "20261122", "d")
    day(post, "20261123", "mai")
    source = declare()
    delivery, shelf = run(source, "20261120")
    assert shelf.codes(source) == ["a", "b", "c", "d"]
    assert (delivery.pages, delivery.rows, delivery.cursor_after) == (3, 4, "20261122")
    file = f"{source.base_url}/dossier_20261121.csv"
    assert [page.request for page in delivery.landed[:2]] == [
        f"{file}#rows=1-2",
        f"{file}#rows=3-3",
    ]
    assert {page.attempts for page in delivery.landed} == {1}


def test_the_first_time_everything_of_the_history_is_taken(post: Post, declare: Declare) -> None:
    day(post, "20260824", "zu alt")
    for number in range(5):
        day(post, f"202611{18 + number}", str(number))
    assert run(declare())[1].codes(declare()) == ["0", "1", "2", "3", "4"]


def test_a_past_night_takes_no_later_files_and_nothing_twice(post: Post, declare: Declare) -> None:
    day(post, "20261121", "a")
    day(post, "20261122", "b")
    past = Night(dt.date(2026, 11, 21))
    first, shelf = run(declare(), night=past)
    assert (shelf.codes(declare()), first.cursor_after) == (["a"], "20261121")
    assert run(declare(), night=past)[0].sha256s == first.sha256s
    again, _ = run(declare(), first.cursor_after, past)
    assert (again.pages, again.cursor_after) == (0, "20261121")


def test_a_file_that_is_not_there_yet_is_named(post: Post, declare: Declare) -> None:
    day(post, "20261120", "a")
    day(post, "20261122", "c")
    problem = fails(declare(), SourceUnavailable, "20261120")
    assert problem == "dossier_20261121.csv|xlsx|zip is not there yet"
    day(post, "20261121", "b")
    (post.folder / "thu" / "dossier_20261122.csv").unlink()
    assert "dossier_20261122" in fails(declare(), SourceUnavailable, "20261120")


def test_a_file_without_its_done_marker_is_not_taken(post: Post, declare: Declare) -> None:
    put(post, "dossier_20261122.csv", HEADER, done=False)
    problem = fails(declare(), SourceUnavailable)
    assert problem == "dossier_20261122.csv.done is not there yet"
    assert post.reads == 0


def test_other_names_are_left_alone(post: Post, declare: Declare) -> None:
    day(post, "20261122", "a")
    for name in (
        "dossier_20261122.csv.part",
        "rating_20261122.csv",
        "dossier_20261122.txt",
        "xdossier_20261122.csv",
        "dossier_20261322.csv",
        "..dossier_20261122.csv",
        "dossier_２0261122.csv",
    ):
        put(post, name, MARK)
    (post.folder / "thu" / os.fsdecode(b"H\xe5 s\xac.csv")).write_text(MARK)
    assert run(declare())[1].codes(declare()) == ["a"]


def test_two_files_of_one_day_are_held_unless_the_pattern_decides(
    post: Post, declare: Declare
) -> None:
    day(post, "20261122", "a")
    put(post, "dossier_20261122.xlsx", b"")
    assert "both hold 2026-11-22" in fails(declare(), DeliveryBroken)
    assert run(declare(file_pattern="*.csv"))[0].rows == 1


def test_an_archive_is_one_page(post: Post, declare: Declare) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dossier.csv", HEADER + "a,Trực tiếp\nb,Trực tuyến\nc,\n")
    put(post, "dossier_20261122.zip", packed.getvalue())
    delivery, shelf = run(declare())
    assert (delivery.pages, delivery.rows, shelf.pages) == (1, 3, [packed.getvalue()])
    assert shelf.codes(declare()) == ["a", "b", "c"]
