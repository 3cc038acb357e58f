"""Certificates made on the fly, for servers on loopback and their clients."""

from __future__ import annotations

import datetime as dt
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = dt.timedelta(days=1)


def _pem(key: ec.EllipticCurvePrivateKey, password: bytes = b"") -> str:
    form = serialization.PrivateFormat.PKCS8
    closed = serialization.BestAvailableEncryption(password) if password else None
    encryption = closed or serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, encryption).decode()


class Authority:
    """Issues certificates; `certificate` is its own in PEM."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        own = self._made(self._name, self._key.public_key(), -1, 1)
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.certificate = self._signed(own)

    def issue(
        self, name: str, ends_in_days: int = 1, host: str = "127.0.0.1", password: bytes = b""
    ) -> str:
        """A certificate and its key in PEM, valid from ten days ago."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._made(subject, key.public_key(), -10, ends_in_days)
        address = x509.IPAddress(ipaddress.ip_address(host))
        made = made.add_extension(x509.SubjectAlternativeName([address]), critical=False)
        return self._signed(made) + _pem(key, password)

    def _made(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, starts_in: int, ends_in: int
    ) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder(self._name, subject, key)
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(now + starts_in * DAY).not_valid_after(now + ends_in * DAY)

    def _signed(self, made: x509.CertificateBuilder) -> str:
        signed = made.sign(self._key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM).decode()
