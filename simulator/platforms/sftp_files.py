"""Files by day over SFTP: ``/<slug>/<record>_<yyyyMMdd>.<suffix>``, each with its ``.done``.

They are made when they are asked for; each of the DAYS from the nation's first one has its files
from the start.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import posixpath
import secrets
import stat
from asyncio import to_thread
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import cached_property, lru_cache, partial
from typing import Any, NoReturn

import asyncssh
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from catalog.settings import settings
from catalog.sources import Source
from simulator.clock import ONE_DAY
from simulator.desk import Desk
from simulator.file_rows import COLUMNS, cells
from simulator.files import suffix, written
from simulator.nation import Nation

DAYS = 400
DONE = ".done"
FOLDER, FILE = stat.S_IFDIR | 0o555, stat.S_IFREG | 0o444
KEY_SEED = b"the demonstration's SFTP server; no secret of anything real"
CACHED_FILES = 64


def host_key() -> asyncssh.SSHKey:
    """The server's key: the same each time, so that source files can pin it."""
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(KEY_SEED).digest())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    return asyncssh.import_private_key(private)


@asynccontextmanager
async def serving(desk: Desk) -> AsyncIterator[None]:
    """Serve the sources of this platform until the nation closes."""
    shelves = {slug: Shelf(desk.nation, s) for slug, s in desk.sources("sftp_files").items()}
    listening = await asyncssh.listen(
        settings().nation_sftp_host,
        settings().nation_sftp_port,
        server_host_keys=[host_key()],
        server_factory=partial(Door, shelves),
        sftp_factory=lambda channel: ReadOnly(channel, desk, shelves),
    )
    try:
        yield
    finally:
        listening.close()
        await listening.wait_closed()


class Shelf:
    """The files of one source."""

    def __init__(self, nation: Nation, source: Source) -> None:
        self.nation, self.source = nation, source
        self.content = lru_cache(maxsize=CACHED_FILES)(self._content)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every file, with its done marker."""
        files = [
            f"{r}_{day:%Y%m%d}.{suffix(self.source)}" for r in self.records for day in self.days
        ]
        return frozenset([*files, *(name + DONE for name in files)])

    @property
    def records(self) -> list[str]:
        return [record for record in self.source.records if record in COLUMNS]

    @property
    def days(self) -> Iterator[dt.date]:
        return (self.nation.opens_on + n * ONE_DAY for n in range(DAYS))

    def _content(self, name: str) -> bytes:
        """The file: the rows that changed on its day, as they stood at its end."""
        if name.endswith(DONE):
            return b""
        stem = name.partition(".")[0]
        record, _, day = stem.rpartition("_")
        since = dt.datetime.strptime(day, "%Y%m%d")
        window = self.nation.window(self.source.source_id, record, since, since + ONE_DAY)
        rows = (cells(record, item.row()) for item in window)
        return written(self.source, stem, [list(COLUMNS[record]), *rows])


class Door(asyncssh.SSHServer):
    """Lets each source in by its own name and password."""

    def __init__(self, shelves: dict[str, Shelf]) -> None:
        self.shelves = shelves

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        known = {
            settings().secret(s.source.secret) for s in self.shelves.values() if _is_of(s, username)
        }
        return any(secrets.compare_digest(password.encode(), secret.encode()) for secret in known)


def _is_of(shelf: Shelf, username: str) -> bool:
    return username == (shelf.source.user or shelf.source.source_id)


class ReadOnly(asyncssh.SFTPServer):
    """The shelves of whoever is connected, and nothing else: what is not answered here would look
    a path up on this machine, which `map_path` refuses."""

    def __init__(
        self, channel: asyncssh.SSHServerChannel[Any], desk: Desk, shelves: dict[str, Shelf]
    ) -> None:
        super().__init__(channel)
        self.desk = desk
        username = self.connection.get_extra_info("username")
        self.shelves = {slug: shelf for slug, shelf in shelves.items() if _is_of(shelf, username)}

    def map_path(self, path: bytes) -> NoReturn:
        raise asyncssh.SFTPPermissionDenied("read only")

    def realpath(self, path: bytes) -> bytes:
        return posixpath.normpath(posixpath.join(b"/", path))

    async def lstat(self, path: bytes) -> asyncssh.SFTPAttrs:
        slug, name = self._split(path)
        if not name:
            return asyncssh.SFTPAttrs(permissions=FOLDER)
        content = await self._file(slug, name)
        return asyncssh.SFTPAttrs(permissions=FILE, size=len(content), atime=0, mtime=0)

    stat = lstat

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        slug, name = self._split(path)
        if name:
            raise asyncssh.SFTPNotADirectory("not a folder")
        if slug and self.desk.faults.is_in_force(slug, "empty_night"):
            return
        await self._fail_if_spoilt(slug)
        names = self.shelves[slug].names if slug else self.shelves
        attributes = asyncssh.SFTPAttrs(permissions=FILE if slug else FOLDER)
        for found in sorted(names):
            yield asyncssh.SFTPName(found.encode(), attrs=attributes)

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> bytes:
        if pflags != asyncssh.FXF_READ:
            raise asyncssh.SFTPPermissionDenied("read only")
        slug, name = self._split(path)
        await self._fail_if_spoilt(slug)
        return await self._file(slug, name)

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        assert isinstance(file_obj, bytes)
        return file_obj[offset : offset + size]

    def close(self, file_obj: object) -> None:
        pass

    async def _file(self, slug: str, name: str) -> bytes:
        if name not in self.shelves[slug].names:
            raise asyncssh.SFTPNoSuchFile("no such file")
        return await to_thread(self.shelves[slug].content, name)

    def _split(self, path: bytes) -> tuple[str, str]:
        """The source and the file that a path names; either may be empty."""
        slug, _, name = self.realpath(path).decode("utf-8", "replace").strip("/").partition("/")
        if slug and slug not in self.shelves:
            raise asyncssh.SFTPNoSuchFile("no such folder")
        return slug, name

    async def _fail_if_spoilt(self, slug: str) -> None:
        """The fault in force, in the ways in which SFTP fails."""
        answer = await self.desk.spoilt(slug)
        if answer is None:
            return
        if answer.status_code == 429:
            self.connection.disconnect(asyncssh.DISC_TOO_MANY_CONNECTIONS, "Quá nhiều kết nối")
        elif answer.status_code == 200:
            self.connection.abort()
        raise asyncssh.SFTPFailure("Hệ thống gặp lỗi")
