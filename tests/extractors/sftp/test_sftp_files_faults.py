"""The sftp_files platform where the server, the connection or a file fails."""

from __future__ import annotations

import os
import tracemalloc
from typing import Any

import asyncssh
import pytest

from catalog.errors import (
    DeclarationError,
    DeliveryBroken,
    SourceRefused,
    SourceThrottled,
    SourceUnavailable,
)
from catalog.settings import DEMO_SECRET
from tests.extractors.conftest import drift
from tests.extractors.sftp.conftest import (
    HEADER,
    MARK,
    Declare,
    Shelf,
    day,
    fails,
    long_file,
    put,
    run,
)
from tests.extractors.sftp.server import Post


def test_a_transfer_that_breaks_goes_on_where_it_broke(post: Post, declare: Declare) -> None:
    path, count = long_file(post)
    source = declare(page_size=50_000)
    whole, _ = run(source)
    assert post.connections == 1
    size, reads = path.stat().st_size, post.reads
    post.reads, post.sent, post.break_at = 0, 0, {3, 6}
    broken, shelf = run(source)
    assert post.connections == 1 + 3
    assert broken.sha256s == whole.sha256s
    assert broken.rows == count
    assert broken.attempts == whole.attempts + 2
    assert post.sent <= size + 3 * size / reads
    heading = HEADER.encode()
    assert heading + b"".join(p.removeprefix(heading) for p in shelf.pages) == path.read_bytes()


def test_a_server_that_breaks_every_time_is_unavailable(post: Post, declare: Declare) -> None:
    day(post, "20261122", "a")
    post.break_at = set(range(100))
    assert "SFTP" in fails(declare(), SourceUnavailable)
    assert post.connections == declare().attempts


def test_a_server_that_is_too_slow_is_unavailable(post: Post, declare: Declare) -> None:
    day(post, "20261122", "a")
    post.slow = 1
    source = declare(timeout_seconds=0.2, attempts=2)
    assert fails(source, SourceUnavailable) == "SFTP: TimeoutError"


def test_nobody_at_the_address_is_unavailable(post: Post, declare: Declare) -> None:
    source = declare(url="sftp://127.0.0.1:1/thu", attempts=2)
    assert "ConnectionRefusedError" in fails(source, SourceUnavailable)


def test_a_missing_folder_is_unavailable(post: Post, declare: Declare) -> None:
    source = declare(url=f"sftp://127.0.0.1:{post.port}/khac", attempts=2)
    assert fails(source, SourceUnavailable) == "SFTP: SFTPNoSuchFile"


def test_throttling_passes_or_is_told(post: Post, declare: Declare) -> None:
    day(post, "20261122", "a")
    post.throttle = 2
    assert run(declare())[0].attempts == 3
    post.throttle = 99
    assert fails(declare(attempts=2), SourceThrottled) == "SFTP: DisconnectError"


def test_a_wrong_password_or_user_is_refused_at_once(
    post: Post, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fails(declare(user="nguoi_khac"), SourceRefused) == "SFTP: PermissionDenied"
    monkeypatch.delenv("MOTCUA_THU_NGHIEM")
    assert DEMO_SECRET not in fails(declare(), SourceRefused)
    assert post.connections == 2


def test_another_host_key_is_refused_before_the_password_is_said(
    post: Post, declare: Declare
) -> None:
    for kind in ("ssh-ed25519", "ecdsa-sha2-nistp256"):
        other = asyncssh.generate_private_key(kind).export_public_key().decode()
        problem = fails(declare(host_key=other), SourceRefused)
        assert problem in ("SFTP: HostKeyNotVerifiable", "SFTP: KeyExchangeFailed")


@pytest.mark.parametrize(
    "changes", [{"host_key": ""}, {"host_key": "ssh-ed25519 abc"}, {"url": "http://127.0.0.1/x"}]
)
def test_a_source_without_host_key_or_address_is_a_wrong_declaration(
    declare: Declare, changes: dict[str, Any]
) -> None:
    with pytest.raises(DeclarationError, match=r"^thu_nghiem\.yml"):
        run(declare(**changes))


def test_a_file_that_changes_while_it_is_read_is_held(post: Post, declare: Declare) -> None:
    path, _ = long_file(post, 3_000_000)

    def grow() -> None:
        with path.open("ab") as file:
            file.write("z,Trực tiếp\n".encode())

    with pytest.raises(DeliveryBroken, match=r"dossier_20261122\.csv changed while it was read"):
        run(declare(page_size=50_000), shelf=Shelf(grow))


def test_a_column_under_another_name_is_drift(post: Post, declare: Declare) -> None:
    put(post, "dossier_20261122.csv", f"Mã số hồ sơ,Kênh thực hiện\na,{MARK}\n")
    _, shelf = run(declare())
    assert "Mã hồ sơ" in drift(declare(), shelf.pages)


def test_a_night_that_broke_is_taken_whole_the_next_time(post: Post, declare: Declare) -> None:
    day(post, "20261121", "a")
    put(post, "dossier_20261122.csv", b"PK\x03\x04")
    fails(declare(), DeliveryBroken, "20261120")
    day(post, "20261122", "b")
    delivery, shelf = run(declare(), "20261120")
    assert (shelf.codes(declare()), delivery.cursor_after) == (["a", "b"], "20261122")


def test_a_link_out_of_the_folder_is_refused(post: Post, declare: Declare) -> None:
    (post.folder / "outside.csv").write_text(HEADER + MARK)
    link = post.folder / "thu" / "dossier_20261122.csv"
    link.symlink_to("../outside.csv")
    link.with_name(link.name + ".done").touch()
    assert fails(declare(), DeliveryBroken) == "dossier_20261122.csv is not a plain file"
    assert post.reads == 0


@pytest.mark.parametrize(
    ("suffix", "content", "problem"),
    [
        ("zip", b"PK\x03\x04" + MARK.encode() * 30, "is a damaged archive"),
        ("xlsx", b"<html>Session " + MARK.encode(), "is not what its name says"),
        ("csv", b"PK\x03\x04" + MARK.encode(), "is not what its name says"),
        ("csv", HEADER.encode() + b"a," + MARK.encode() + b"\xff\n", "line 2 is not UTF-8"),
        ("csv", b"", "has no header of distinct column names"),
        ("csv", b"a\0,b\0\n", "does not read as Vietnamese"),
    ],
)
def test_hostile_and_damaged_files_are_held(
    post: Post, declare: Declare, suffix: str, content: bytes, problem: str
) -> None:
    put(post, f"dossier_20261122.{suffix}", content)
    assert problem in fails(declare(), DeliveryBroken)


def test_a_file_in_another_encoding_than_declared_is_held(post: Post, declare: Declare) -> None:
    put(post, "dossier_20261122.csv", HEADER)
    for encoding in ("tcvn3", "vni", "windows-1258"):
        fails(declare(encoding=encoding), DeliveryBroken)


def test_a_file_of_a_gigabyte_in_one_line_is_refused_early_in_bounded_memory(
    post: Post, declare: Declare
) -> None:
    path = put(post, "dossier_20261122.csv", HEADER)
    os.truncate(path, 1_000_000_000)
    tracemalloc.start()
    try:
        problem = fails(declare(max_page_bytes=2_000_000), DeliveryBroken)
        assert problem == "dossier_20261122.csv has a page larger than 2000000 bytes"
        assert tracemalloc.get_traced_memory()[1] < 25_000_000
    finally:
        tracemalloc.stop()
    assert post.sent < 20_000_000
    assert post.connections == 1
