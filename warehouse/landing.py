"""Landing: the bytes exactly as a source sent them, write-once and encrypted.

Personal data exists only here. A blob is addressed by the SHA-256 of its plain bytes; a manifest
says which blobs one batch brought, and stays as evidence when they have been forgotten.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from catalog.errors import LakeError

NONCE_BYTES = 12
PURPOSE = b"motcua landing v1"


class Landing:
    """The landing area below `folder`, encrypted (AES-256-GCM) under `key`, a secret of any
    length."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = folder
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
        self._cipher = AESGCM(derived)

    def land(self, content: bytes) -> str:
        """Store `content` once and return its SHA-256 in hexadecimal."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._blob(sha256)
        if not path.exists():
            nonce = os.urandom(NONCE_BYTES)
            _write(path, nonce + self._cipher.encrypt(nonce, content, sha256.encode()))
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes of that hash. Raises LakeError where they are gone or were tampered with."""
        try:
            stored = self._blob(sha256).read_bytes()
            nonce, sealed = stored[:NONCE_BYTES], stored[NONCE_BYTES:]
            content = self._cipher.decrypt(nonce, sealed, sha256.encode())
        except FileNotFoundError as error:
            raise LakeError(f"page {sha256} is not in the landing area") from error
        except (InvalidTag, ValueError) as error:
            raise LakeError(f"page {sha256} is damaged or under another key") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise LakeError(f"page {sha256} holds other bytes")
        return content

    def write_manifest(self, batch_id: str, manifest: Mapping[str, Any]) -> None:
        """Say what a batch brought: ``pages`` lists its blobs by ``sha256``, the rest is free.

        A different manifest of the same batch is kept as ``<batch_id>.<n>.json``.
        """
        path = self._manifest(batch_id)
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        if path.exists() and path.read_text(encoding="utf-8") != text:
            earlier = sum(1 for _ in self._earlier(batch_id))
            _write(path.with_name(f"{batch_id}.{earlier + 1}.json"), path.read_bytes())
        _write(path, text.encode())

    def manifest(self, batch_id: str) -> dict[str, Any] | None:
        """The latest manifest of a batch, if there is one."""
        path = self._manifest(batch_id)
        if not path.exists():
            return None
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return content

    def forget_before(self, day: dt.date) -> int:
        """Delete the blobs that only nights before `day` brought, and return how many.

        Manifests stay. A blob that no manifest names is a collection under way and stays too.
        """
        old: set[str] = set()
        needed: set[str] = set()
        manifests = list((self.folder / "manifests").glob("*.json"))
        if all(_night(path.stem) >= day for path in manifests):
            return 0
        for path in manifests:
            pages = json.loads(path.read_text(encoding="utf-8"))["pages"]
            brought = {page["sha256"] for page in pages}
            (old if _night(path.stem) < day else needed).update(brought)
        forgotten = [path for path in map(self._blob, old - needed) if path.exists()]
        for path in forgotten:
            path.unlink()
        return len(forgotten)

    def _earlier(self, batch_id: str) -> Iterator[Path]:
        return (self.folder / "manifests").glob(f"{batch_id}.*.json")

    def _blob(self, sha256: str) -> Path:
        return self.folder / "blobs" / sha256[:2] / sha256

    def _manifest(self, batch_id: str) -> Path:
        return self.folder / "manifests" / f"{batch_id}.json"


def _night(stem: str) -> dt.date:
    """The night of a manifest called ``ha_noi.dossier.2026-11-22`` or ``....2026-11-22.3``."""
    _source_id, _record, night = stem.split(".")[:3]
    return dt.date.fromisoformat(night)


def _write(path: Path, content: bytes) -> None:
    """Make the file whole or not at all, and durable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
