"""Messages by mail, in plain text and HTML; in the demonstration into a mailbox of this machine."""

from __future__ import annotations

import datetime as dt
import mailbox
import re
import smtplib
import ssl
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from catalog.errors import MessageUndelivered, NobodyAnswers, SettingsError
from catalog.feedback import Recipient
from catalog.settings import settings
from feedback.channels import Letter, is_loopback

ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(\.[\w-]+)+", re.ASCII)
SECONDS = 20.0
"""The mail server has this long for each of its answers."""


class _Whole(EmailPolicy):
    """Python 3.11 loses a space where it breaks a long subject into encoded words."""

    def fold(self, name: str, value: str) -> str:
        if name != "Subject":
            return str(super().fold(name, value))
        words = Header(value, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {words}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


def check(address: str) -> str:
    return "" if ADDRESS.fullmatch(address) else "not a mail address"


def place(address: str) -> str:
    """One mail server takes all."""
    return settings().smtp_host


def send(letter: Letter, to: Recipient, at: dt.datetime) -> None:
    mail = _mail(letter, to, at)
    place = settings()
    try:
        if place.smtp_host:
            _hand_over(mail)
        elif place.demo:
            _keep(mail)
        else:
            raise MessageUndelivered("email: MOTCUA_SMTP_HOST is not set", False)
    except SettingsError as error:
        raise MessageUndelivered(f"email: {error}", False) from None
    except (smtplib.SMTPException, OSError) as error:
        raise _told(error) from None


def _mail(letter: Letter, to: Recipient, at: dt.datetime) -> EmailMessage:
    """The same message has the same Message-ID, so that a second copy is known as one."""
    sender = Address(addr_spec=settings().mail_sender)
    mail = EmailMessage(_Whole())
    mail["Subject"] = letter.subject
    mail["From"] = Address("Một Cửa Metrics", sender.username, sender.domain)
    mail["To"] = to.address
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{letter.message_id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return mail


def _hand_over(mail: EmailMessage) -> None:
    """Give it to the mail server, encrypted, but not by itself to one of this machine; in the
    demonstration to no other."""
    place = settings()
    is_here = is_loopback(place.smtp_host)
    if place.demo and not is_here:
        raise MessageUndelivered("email: the demonstration sends to this machine alone", False)
    with smtplib.SMTP(place.smtp_host, place.smtp_port, timeout=SECONDS) as server:
        if place.smtp_tls == "always" or not is_here:
            server.starttls(context=ssl.create_default_context())
        if place.smtp_user:
            _log_in(server, place.smtp_user, place.secret("SMTP"))
        server.send_message(mail)


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    if not f"{user}{password}".isascii():
        raise MessageUndelivered(
            "email: a mail server takes ASCII alone as user and password", False
        )
    server.login(user, password)


def _keep(mail: EmailMessage) -> None:
    box = mailbox.Maildir(settings().mailbox_dir)
    box.lock()
    try:
        box.add(mail)
    finally:
        box.close()


def _told(error: Exception) -> MessageUndelivered:
    """What a mail server may say names people: only its codes are told."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    else:
        passes = not isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLError)
        told = f"email: {type(error).__name__}"
        return NobodyAnswers(told) if passes else MessageUndelivered(told, False)
    told = ", ".join(str(code) for code in codes)
    return MessageUndelivered(f"email: the mail server answered {told}", min(codes) < 500)
