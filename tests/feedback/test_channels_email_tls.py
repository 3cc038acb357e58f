"""Mail over STARTTLS and with a login, to a real server that takes no other."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from catalog.errors import MessageUndelivered
from catalog.feedback import Recipient
from catalog.settings import settings
from feedback import channels
from feedback.channels import deliver
from tests.feedback.letters import AT, LETTER, Office, configure, free_port, mail_server

TO = Recipient(channel="email", address="mot-cua@hanoi.example.vn")
USER, PASSWORD = "motcua", "a password, for a test"
HOST = "127.0.0.1"


def certificate(folder: Path) -> tuple[Path, Path]:
    """Of a server on this machine, by itself, for an hour; and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.vn")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown, kept = folder / "mail.pem", folder / "mail.key"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    kept.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return shown, kept


def knows(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: LoginPassword
) -> AuthResult:
    known = (said.login, said.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Office]:
    """A mail server that takes nothing without encryption and a login, and whose certificate the
    office has been told to trust."""
    office, port = Office(), free_port()
    shown, kept = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(shown))
    at = {"smtp_host": HOST, "smtp_port": port, "smtp_tls": "always"}
    configure(monkeypatch, **at, smtp_user=USER, smtp=PASSWORD)
    monkeypatch.setattr(channels, "FIRST_WAIT", 0.01)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, kept)
    strict = {"require_starttls": True, "auth_required": True, "authenticator": knows}
    with mail_server(office, port, tls_context=context, **strict):
        yield office
    monkeypatch.undo()
    settings.cache_clear()


def refused() -> MessageUndelivered:
    with pytest.raises(MessageUndelivered) as told:
        deliver(LETTER, TO, AT)
    return told.value


def test_mail_is_encrypted_and_we_say_who_we_are(office: Office) -> None:
    deliver(LETTER, TO, AT)
    assert [mail["Message-ID"] for mail in office.mails] == ["<a1b2@localhost>"]


def test_a_server_of_this_machine_is_by_itself_not_asked_to_encrypt(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, smtp_tls="elsewhere", smtp_user="")
    assert str(refused()) == "email: the mail server answered 530"
    assert office.mails == []


def test_a_password_that_is_wrong_is_told_by_its_code_and_not_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, smtp="another")
    told = refused()
    assert (str(told), told.is_transient) == ("email: the mail server answered 535", False)
    assert office.mails == []


def test_a_password_that_cannot_be_sent_is_not_shown(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, smtp="mật khẩu")
    told = refused()
    assert str(told) == "email: a mail server takes ASCII alone as user and password"
    assert not told.is_transient


def test_a_server_that_cannot_show_who_it_is_gets_neither_password_nor_mail(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    told = refused()
    assert (str(told), told.is_transient) == ("email: SSLCertVerificationError", False)
    assert office.mails == []
