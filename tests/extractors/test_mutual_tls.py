"""Mutual TLS with a real server that demands our certificate."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from catalog.errors import SourceRefused, SourceUnavailable
from tests.extractors.certificates import Authority
from tests.extractors.conftest import PROVIDER, ROWS, Declare, Feed, fails, run, serving

OURS, STRANGE = Authority("ours"), Authority("strange")
Serve = Callable[..., AbstractContextManager[str]]
Hold = Callable[..., None]


@pytest.fixture
def serve(feed: Feed, tmp_path: Path) -> Serve:
    """Serves the feed over TLS: with this certificate, to clients of that authority."""
    answers = [Route(f"/r1/{PROVIDER}/{{service}}", feed.give_through_security_server)]

    @contextmanager
    def opened(certificate: str = "", clients: Authority = OURS) -> Iterator[str]:
        (tmp_path / "own.pem").write_text(certificate or OURS.issue("server"))
        (tmp_path / "clients.pem").write_text(clients.certificate)
        files = {"ssl_certfile": tmp_path / "own.pem", "ssl_ca_certs": tmp_path / "clients.pem"}
        demand = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
        with serving(Starlette(routes=answers), **files, **demand) as address:
            yield address

    return opened


@pytest.fixture
def declare(declare: Declare) -> Declare:
    tls = {"authority": "AUTHORITY", "certificate": "OUR_CERTIFICATE"}
    return partial(declare, platform="xroad_rest", tls=tls, attempts=1)


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Hold:
    """Puts the secrets in place."""

    def held(authority: str = OURS.certificate, certificate: str = "") -> None:
        monkeypatch.setenv("MOTCUA_AUTHORITY", authority)
        monkeypatch.setenv("MOTCUA_OUR_CERTIFICATE", certificate or OURS.issue("client"))

    held()
    return held


def test_each_side_accepts_the_other(declare: Declare, serve: Serve, hold: Hold) -> None:
    with serve() as address:
        delivery, shelf = run(declare(url=address))
    assert (shelf.codes(declare()), delivery.attempts) == (ROWS, 3)


@pytest.mark.parametrize(
    ("certificate", "told"),
    [
        (STRANGE.issue("server"), "unable to get local issuer certificate"),
        (OURS.issue("server", ends_in_days=-2), "certificate has expired"),
        (OURS.issue("server", host="127.0.0.2"), "IP address mismatch"),
    ],
    ids=["strange", "expired", "of another host"],
)
def test_a_server_that_is_not_vouched_for_gets_nothing(
    declare: Declare, feed: Feed, serve: Serve, hold: Hold, certificate: str, told: str
) -> None:
    with serve(certificate) as address:
        text = fails(declare(url=address), SourceRefused)
    assert f"its certificate is not accepted: {told}" in text
    assert feed.requests == 0


@contextmanager
def outspoken(folder: Path) -> Iterator[str]:
    """A server that demands a certificate and says why it does not accept one."""
    (folder / "own.pem").write_text(OURS.issue("server"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem")
    context.load_verify_locations(cadata=OURS.certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def answer() -> None:
            with suppress(OSError), server.accept()[0] as connection:
                connection.settimeout(5)
                context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.getsockname()[1]}"
        finally:
            thread.join()


REFUSED = {
    "strange": (STRANGE.issue("client"), "TLSV1_ALERT_UNKNOWN_CA"),
    "expired": (OURS.issue("client", ends_in_days=-2), "SSLV3_ALERT_CERTIFICATE_EXPIRED"),
    "none": ("", "TLSV13_ALERT_CERTIFICATE_REQUIRED"),
}


@pytest.fixture(params=REFUSED)
def reason(request: pytest.FixtureRequest, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> str:
    """Why the certificate that is now in place is not accepted."""
    certificate, reason = REFUSED[request.param]
    hold(certificate=certificate)
    if not certificate:
        monkeypatch.setattr("extractors.mutual_tls._present", lambda made, pem: None)
    return reason


def test_a_server_that_does_not_accept_our_certificate_is_a_refusal(
    declare: Declare, tmp_path: Path, reason: str
) -> None:
    with outspoken(tmp_path) as address:
        text = fails(declare(url=address), SourceRefused)
    assert text == f"source thu_nghiem: our certificate is not accepted ({reason})"


def test_a_server_that_hangs_up_over_our_certificate_is_unavailable(
    declare: Declare, feed: Feed, serve: Serve, reason: str
) -> None:
    with serve() as address:
        text = fails(declare(url=address), SourceUnavailable)
    assert "perhaps as our certificate is not accepted" in text
    assert feed.requests == 0


def test_without_mutual_tls_an_unknown_authority_vouches_for_nobody(
    declare: Declare, feed: Feed, serve: Serve
) -> None:
    with serve() as address:
        text = fails(declare(url=address, tls=None), SourceRefused)
    assert "its certificate is not accepted" in text
    assert feed.requests == 0


def test_a_server_without_tls_gets_nothing(declare: Declare, feed: Feed, hold: Hold) -> None:
    url = feed.url.replace("http:", "https:")
    assert "no answer (ConnectError)" in fails(declare(url=url), SourceUnavailable)
    assert feed.requests == 0


@pytest.mark.parametrize(
    "secrets",
    [
        {"authority": "not PEM"},
        {"authority": "không phải"},
        {"certificate": "not PEM"},
        {"certificate": OURS.certificate},
        {"certificate": OURS.issue("client", password=b"secret")},
    ],
    ids=["no authority", "not ASCII", "no certificate", "no key", "a closed key"],
)
def test_a_secret_that_is_no_such_pem_is_named_and_not_shown(
    declare: Declare, hold: Hold, secrets: dict[str, str]
) -> None:
    hold(**secrets)
    name = "AUTHORITY" if "authority" in secrets else "OUR_CERTIFICATE"
    text = fails(declare(), SourceRefused)
    assert f"the secret {name} holds no certificate" in text
    assert next(iter(secrets.values())) not in text
