"""Mutual TLS with one source: only its authority vouches for it, and we show our certificate."""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory

from catalog.errors import SourceRefused
from catalog.settings import settings
from catalog.sources import Source, Tls

ALERT = re.compile(r"ALERT_(\w*CERTIFICATE\w*|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)$")
"""OpenSSL's names of the alerts (RFC 8446, 6.2) by which a server turns our certificate down."""


def context(source: Source, tls: Tls) -> ssl.SSLContext:
    """What a client of `source` needs. Raises SourceRefused where a secret is no such PEM text,
    an encrypted key included."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_verify_locations(cadata=settings().secret(tls.authority))
    except (ssl.SSLError, ValueError, TypeError):
        problem = f"the secret {tls.authority} holds no certificate in PEM"
        raise SourceRefused(source.source_id, problem) from None
    try:
        _present(made, settings().secret(tls.certificate))
    except (ssl.SSLError, ValueError):
        problem = f"the secret {tls.certificate} holds no certificate and its open key in PEM"
        raise SourceRefused(source.source_id, problem) from None
    return made


def _present(made: ssl.SSLContext, pem: str) -> None:
    """OpenSSL reads our own certificate from a file only; the folder is ours alone."""
    with TemporaryDirectory(prefix="motcua-") as folder:
        file = Path(folder) / "certificate.pem"
        file.write_text(pem, encoding="utf-8")
        made.load_cert_chain(file, password="")


def refusal(source: Source, error: BaseException) -> SourceRefused | None:
    """What `error` says where one side turned the other's certificate down, else None."""
    cause: BaseException | None = error
    while cause and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        problem = f"its certificate is not accepted: {cause.verify_message}"
    elif isinstance(cause, ssl.SSLError) and ALERT.search(cause.reason or ""):
        problem = f"our certificate is not accepted ({cause.reason})"
    else:
        return None
    return SourceRefused(source.source_id, problem)
