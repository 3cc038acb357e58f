"""Messages by mail, in plain text and HTML; in the demonstration into a mailbox of this machine."""

from __future__ import annotations

import datetime as dt
import mailbox
import re
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from catalog.errors import MessageUndelivered, NobodyAnswers, SettingsError
from catalog.feedback import Recipient
from catalog.settings import settings
from feedback.channels import Letter, is_loopback

ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(\.[\w-]+)+", re.ASCII)
SECONDS = 20.0
"""The mail server has this long for each of its answers."""


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
    mail = EmailMessage()
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
    """Give it to the mail server, encrypted unless that is this machine; in the demonstration to
    no other."""
    place = settings()
    is_here = is_loopback(place.smtp_host)
    if place.demo and not is_here:
        raise MessageUndelivered("email: the demonstration sends to this machine alone", False)
    with smtplib.SMTP(place.smtp_host, place.smtp_port, timeout=SECONDS) as server:
        if not is_here:
            server.starttls(context=ssl.create_default_context())
        if place.smtp_user:
            server.login(place.smtp_user, place.secret("SMTP"))
        server.send_message(mail)


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
