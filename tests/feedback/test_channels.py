"""Whom areas want to be told, and files in the outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalog.errors import DeclarationError, MessageUndelivered
from catalog.feedback import Recipient
from catalog.settings import settings
from catalog.sources import sources
from feedback.channels import channels, deliver
from feedback.preferences import preferences
from tests.feedback.letters import AT, LETTER, configure

SOURCE = """\
name_vi: Hệ thống {name}
area: {area}
platform: lgsp_json
starts_on: 2025-07-01
legal_basis: Nghị định 118/2025/NĐ-CP
{more}
"""
Declare = Callable[..., None]


@pytest.fixture
def declare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Declare]:
    """Writes the only sources that there are: name -> area and what its file says more."""

    def write(**files: tuple[str, str]) -> None:
        for name, (area, more) in files.items():
            text = SOURCE.format(name=name, area=area, more=more)
            (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
        configure(monkeypatch, sources_dir=tmp_path, home=tmp_path / "var")
        sources.cache_clear()

    yield write
    monkeypatch.undo()
    settings.cache_clear()
    sources.cache_clear()


def test_every_channel_of_the_folder_is_one() -> None:
    assert set(channels()) == {"email", "folder", "webhook"}
    words = ("check", "place", "send")
    assert all(hasattr(module, word) for module in channels().values() for word in words)


def test_an_area_says_how_it_wants_to_be_told_and_else_gets_a_file(declare: Declare) -> None:
    told = """feedback:
  frequency: weekly
  weekday: thursday
  to: [{channel: email, address: mot-cua@hanoi.example.vn}]
  escalation: [{channel: webhook, address: "https://a.vn/hook", secret: HANOI_HOOK}]"""
    declare(ha_noi=("H26", told), other=("H26", ""), hue=("H57", ""))
    ours = preferences()["H26"]
    assert [to.address for to in ours.recipients("digest")] == ["mot-cua@hanoi.example.vn"]
    assert [to.channel for to in ours.recipients("escalation")] == ["webhook"]
    assert ours.feedback.weekday == "thursday"
    assert preferences()["H57"].to == (Recipient(channel="folder", address="H57"),)
    assert preferences()["H57"].recipients("escalation") == ()


@pytest.mark.parametrize(
    ("to", "problem"),
    [
        ("{channel: pigeon, address: x}", "no channel pigeon"),
        ("{channel: email, address: nobody}", "email: not a mail address"),
        ("{channel: webhook, address: 'http://a.vn'}", "webhook: only https"),
        ("{channel: folder, address: ../../etc}", "folder: an address is"),
    ],
)
def test_a_recipient_that_cannot_be_reached_is_refused_by_the_file_that_names_it(
    declare: Declare, to: str, problem: str
) -> None:
    declare(ha_noi=("H26", f"feedback: {{to: [{to}]}}"))
    with pytest.raises(DeclarationError, match=f"ha_noi.yml: feedback: {problem}"):
        preferences()


def test_two_sources_cannot_speak_for_one_area(declare: Declare) -> None:
    declare(ha_noi=("H26", "feedback: {}"), other=("H26", "feedback: {}"))
    with pytest.raises(DeclarationError, match="another source of H26"):
        preferences()


def test_a_file_is_written_for_each_message_and_again_into_itself(declare: Declare) -> None:
    declare(ha_noi=("H26", ""))
    to = Recipient(channel="folder", address="H26")
    for _ in range(2):
        deliver(LETTER, to, AT)
    folder = settings().outbox_dir / "2026-10-05"
    names = sorted(file.name for file in folder.iterdir())
    assert names == ["H26.digest.a1b2.html", "H26.digest.a1b2.txt"]
    assert (folder / names[1]).read_text("utf-8") == LETTER.text


def test_an_outbox_that_cannot_be_written_is_told(declare: Declare) -> None:
    declare(ha_noi=("H26", ""))
    settings().home.mkdir()
    settings().outbox_dir.write_text("in the way")
    with pytest.raises(MessageUndelivered, match="folder: NotADirectoryError"):
        deliver(LETTER, Recipient(channel="folder", address="H26"), AT)
