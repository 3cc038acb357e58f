"""What holds for every platform: found by its file's name, with a recording of what it reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from catalog.errors import DeclarationError
from catalog.sources import Source, sources
from extractors import platform, read
from extractors.platforms import names

RECORDINGS = sorted((Path(__file__).parent / "recordings").iterdir())
ALL_WORDS: dict[str, Any] = {
    "host_key": "ssh-ed25519 AAAA",
    "records": ["reported_figure"],
    "figures": ["portal_account"],
}


@pytest.fixture
def declare(declare: Callable[..., Source]) -> Callable[..., Source]:
    """Declares a source with the words of every platform, with changes."""
    return partial(declare, **ALL_WORDS)


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


@pytest.mark.parametrize("name", names())
def test_a_source_without_a_word_that_its_platform_needs_is_a_wrong_declaration(
    name: str, declare: Callable[..., Source]
) -> None:
    whole = declare(platform=name)
    for word in platform(whole).NEEDS:
        lacks = whole.model_copy(update={word: Source.model_fields[word].get_default()})
        with pytest.raises(DeclarationError, match=rf"^thu_nghiem\.yml: {name} needs {word}$"):
            platform(lacks)


@pytest.mark.parametrize("source", sources().values(), ids=list(sources()))
def test_every_source_says_what_its_platform_needs(source: Source) -> None:
    assert platform(source)


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
