"""Mail, handed to a real mail server or kept in a mailbox of this machine."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.errors import MessageUndelivered, NobodyAnswers
from catalog.feedback import Recipient
from catalog.settings import settings
from feedback import channels
from feedback.channels import deliver, email
from tests.feedback.letters import AT, LETTER, Office, configure, free_port, mail_server

TO = Recipient(channel="email", address="mot-cua@hanoi.example.vn")


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Office]:
    office, port = Office(), free_port()
    configure(
        monkeypatch, smtp_host="127.0.0.1", smtp_port=port, mail_sender="motcua@vp.example.vn"
    )
    monkeypatch.setattr(channels, "FIRST_WAIT", 0.01)
    with mail_server(office, port):
        yield office
    settings.cache_clear()


def test_it_arrives_in_plain_text_and_html_from_us_with_the_id_of_the_message(
    office: Office,
) -> None:
    deliver(LETTER, TO, AT)
    [mail] = office.mails
    assert mail["Message-ID"] == "<a1b2@vp.example.vn>"
    assert mail["Subject"] == LETTER.subject
    assert (mail["To"], mail["From"].addresses[0].addr_spec) == (
        TO.address,
        "motcua@vp.example.vn",
    )
    assert mail["Date"].datetime == AT
    plain, html = mail.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == LETTER.text
    assert "<p>Kính gửi Hà Nội</p>" in html.get_content()


@pytest.mark.parametrize("many", range(1, 30, 4))
def test_a_subject_of_any_length_arrives_with_all_its_spaces(office: Office, many: int) -> None:
    told = " ".join(["1 vấn đề tăng lên, 1 vấn đề đã khắc phục – Hà Nội,"] * many)
    for subject in (told, told[:-many], f"[DEMO] {told} đêm 10/09/2026"):
        deliver(replace(LETTER, subject=subject), TO, AT)
        assert office.mails[-1]["Subject"] == subject


def test_a_server_that_is_busy_is_asked_again_and_gets_one_mail(office: Office) -> None:
    office.answers = ["451 later", "451 later"]
    deliver(LETTER, TO, AT)
    assert len(office.mails) == 1


@pytest.mark.parametrize(("answers", "is_transient"), [(["550 no"], False), (["451 x"] * 3, True)])
def test_what_a_server_refuses_is_told_by_its_code_alone(
    office: Office, answers: list[str], is_transient: bool
) -> None:
    office.answers = [f"{answer} Nguyen Van A" for answer in answers]
    with pytest.raises(MessageUndelivered) as told:
        deliver(LETTER, TO, AT)
    code = answers[0][:3]
    assert str(told.value) == f"email: the mail server answered {code}"
    assert told.value.is_transient is is_transient
    assert (office.mails, office.answers) == ([], [])


def test_a_server_that_is_down_answers_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, smtp_port=free_port())
    with pytest.raises(NobodyAnswers, match="email: ConnectionRefusedError"):
        deliver(LETTER, TO, AT)


def test_mail_leaves_this_machine_encrypted_or_not_at_all(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, smtp_host="0.0.0.0", demo=False)
    with pytest.raises(MessageUndelivered, match="SMTPNotSupportedError") as told:
        deliver(LETTER, TO, AT)
    assert not told.value.is_transient
    assert office.mails == []


def test_the_demonstration_writes_to_no_server_elsewhere(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, smtp_host="mail.example.vn")
    with pytest.raises(MessageUndelivered, match="this machine alone"):
        deliver(LETTER, TO, AT)


def test_without_a_server_the_demonstration_keeps_mail_and_others_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    configure(monkeypatch, home=tmp_path, smtp_host="")
    deliver(LETTER, TO, AT)
    [mail] = mailbox.Maildir(settings().mailbox_dir, create=False)
    assert mail["Message-ID"] == "<a1b2@localhost>"
    configure(monkeypatch, demo=False)
    with pytest.raises(MessageUndelivered, match="MOTCUA_SMTP_HOST is not set"):
        deliver(LETTER, TO, AT)
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize("address", ["a@b", "a b@c.vn", "a@c.vn\r\nBcc: d@e.vn", "@c.vn", ""])
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    assert email.check(address)
    assert not email.check(TO.address)
