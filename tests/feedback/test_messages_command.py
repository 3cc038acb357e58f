"""The command line shows what was sent where, and the demonstration's mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from catalog.feedback import Recipient
from catalog.settings import settings
from feedback.channels import deliver
from motcua import app
from tests.feedback.letters import AT, LETTER, configure


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    configure(monkeypatch, home=tmp_path)
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_the_mailbox_is_listed_oldest_first_and_is_no_error_while_it_is_empty(home: None) -> None:
    assert json.loads(CliRunner().invoke(app, ["mailbox", "--json"]).stdout) == []
    for name in ("b", "a"):
        deliver(LETTER, Recipient(channel="email", address=f"{name}@hanoi.example"), AT)
    mails = json.loads(CliRunner().invoke(app, ["mailbox", "--json"]).stdout)
    assert mails == [
        {"at": AT.isoformat(), "to": f"{name}@hanoi.example", "subject": LETTER.subject}
        for name in ("a", "b")
    ]
