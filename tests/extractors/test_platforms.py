"""What holds for every platform: found by its file's name, with a recording of what it reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from catalog.errors import DeclarationError
from catalog.sources import Source
from extractors import platform, read
from extractors.platforms import names

RECORDINGS = sorted((Path(__file__).parent / "recordings").iterdir())


def test_platforms_are_found_by_the_names_of_their_files() -> None:
    assert {"lgsp_json", "manual_drop", "sftp_files"} <= set(names())


@pytest.mark.parametrize("name", names())
def test_each_platform_offers_pages_and_rows_and_has_a_recording(
    name: str, declare: Callable[..., Source]
) -> None:
    module = platform(declare(platform=name))
    assert callable(module.pages)
    assert callable(module.rows)
    assert [path for path in RECORDINGS if path.name.startswith(f"{name}.")]


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.name)
def test_a_recorded_page_gives_these_rows(
    path: Path, declare: Callable[..., Source], snapshot: SnapshotAssertion
) -> None:
    name, record, _ = path.name.split(".")
    assert list(read(declare(platform=name), record, path.read_bytes())) == snapshot


@pytest.mark.parametrize("name", ["nobody_wrote_it", "__init__", "../delivery", ""])
def test_an_unknown_platform_is_a_wrong_declaration(
    name: str, declare: Callable[..., Source]
) -> None:
    with pytest.raises(DeclarationError, match=r"^thu_nghiem\.yml: unknown platform .*lgsp_json"):
        platform(declare(platform=name))
