"""One folder on an SFTP server: its host key pinned, its connection made again after it broke."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple, Self, TypeVar, cast
from urllib.parse import urlsplit

import asyncssh

from catalog.errors import (
    DeclarationError,
    DeliveryBroken,
    SourceError,
    SourceRefused,
    SourceThrottled,
    SourceUnavailable,
)
from catalog.settings import settings
from catalog.sources import Source
from extractors.web import Pace, TooLarge, again

asyncssh.set_log_level("WARNING")  # or it tells of every connection in the night's log

T = TypeVar("T")
BLOCK = 1_048_576
"""Bytes of a file asked for at once: what is lost when a connection breaks."""
FAREWELL = 1.0
"""Seconds for a server that closed the channel to say why, before we hang up."""
MOST_NAMES = 100_000
REFUSALS = (
    asyncssh.PermissionDenied,
    asyncssh.HostKeyNotVerifiable,
    asyncssh.KeyExchangeFailed,
    asyncssh.SFTPPermissionDenied,
)


class Stat(NamedTuple):
    """What shows that a file changed: size in bytes, seconds since 1970."""

    size: int | None
    modified: int | None


class _Farewell(asyncssh.SSHClient):
    """Hears why the server closed a connection, which what was being asked is not told."""

    heard: asyncssh.DisconnectError | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        if isinstance(exc, asyncssh.DisconnectError):
            self.heard = exc


class Folder:
    """The folder of ``sftp://host:port/folder``. What may pass is tried again, as often as the
    source is worth; `failures` counts the attempts that did not succeed."""

    def __init__(self, source: Source) -> None:
        self.source, self.failures = source, 0
        address = urlsplit(source.base_url)
        if address.scheme != "sftp" or not address.hostname:
            raise DeclarationError(f"{source.source_id}.yml", "url is not sftp://host:port/folder")
        self._host, self._port = address.hostname, address.port or 22
        self._path = address.path or "/"
        self._key = _host_key(source)
        self._pace = Pace(source.requests_per_second)
        self._connection: asyncssh.SSHClientConnection | None = None
        self._sftp: asyncssh.SFTPClient | None = None
        self._farewell = _Farewell()

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        return self

    def __exit__(self, *raised: object) -> None:
        self._runner.run(self._drop())
        self._runner.close()

    def names(self) -> set[str]:
        """The names of all that lies in the folder."""

        async def listed(sftp: asyncssh.SFTPClient) -> set[str]:
            found: set[str] = set()
            async for entry in sftp.scandir(self._path.encode()):  # names in any encoding
                found.add(cast(bytes, entry.filename).decode("utf-8", "replace"))
                if len(found) > MOST_NAMES:
                    problem = f"the folder lists more than {MOST_NAMES} names"
                    raise TooLarge(self.source.source_id, problem)
            return found

        return self._ask(listed)

    def stat(self, name: str) -> Stat:
        """Size and time of a plain file; a link or a folder in its place is refused."""
        attributes = self._ask(lambda sftp: sftp.lstat(self.path(name)))
        if attributes.type not in (
            asyncssh.FILEXFER_TYPE_REGULAR,
            asyncssh.FILEXFER_TYPE_UNKNOWN,
        ):
            raise DeliveryBroken(self.source.source_id, f"{name} is not a plain file")
        return Stat(attributes.size, attributes.mtime)

    def read(self, name: str, offset: int, size: int) -> bytes:
        """At most `size` bytes from `offset` on; none at the end."""

        async def block(sftp: asyncssh.SFTPClient) -> bytes:
            async with sftp.open(self.path(name), "rb", encoding=None) as file:
                return cast(bytes, await file.read(size, offset))

        return self._ask(block)

    def path(self, name: str) -> str:
        return f"{self._path.rstrip('/')}/{name}"

    def _ask(self, action: Callable[[asyncssh.SFTPClient], Awaitable[T]]) -> T:
        for attempt in again(self.source):
            with attempt:
                self._pace()
                return self._runner.run(self._once(action))
        raise AssertionError("the last attempt raises")

    async def _once(self, action: Callable[[asyncssh.SFTPClient], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self.source.timeout_seconds):
                return await action(await self._client())
        except (OSError, asyncssh.Error, TimeoutError) as error:
            self.failures += 1
            await self._drop(FAREWELL if isinstance(error, asyncssh.SFTPConnectionLost) else 0)
            raise _told(self.source, self._farewell.heard or error) from None

    async def _client(self) -> asyncssh.SFTPClient:
        if self._sftp is None:
            self._farewell = _Farewell()
            self._connection = await asyncssh.connect(
                self._host,
                self._port,
                config=None,
                client_factory=lambda: self._farewell,
                known_hosts=([self._key], [], []),
                username=self.source.user or self.source.source_id,
                password=settings().secret(self.source.secret),
                client_keys=None,
                agent_path=None,
                gss_host=None,
                preferred_auth=["password", "keyboard-interactive"],
            )
            self._sftp = await self._connection.start_sftp_client()
        return self._sftp

    async def _drop(self, patience: float = 0) -> None:
        connection, self._connection, self._sftp = self._connection, None, None
        if connection is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(connection.wait_closed(), patience)
            connection.abort()
            await connection.wait_closed()


class RemoteFile(io.RawIOBase):
    """A file of the folder, read block by block."""

    def __init__(self, folder: Folder, name: str) -> None:
        self._folder, self._name, self._offset = folder, name, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END:
            raise io.UnsupportedOperation("the end is not known")
        self._offset = offset + (self._offset if whence == io.SEEK_CUR else 0)
        return self._offset

    def readinto(self, buffer: Any) -> int:
        content = self._folder.read(self._name, self._offset, len(buffer))
        buffer[: len(content)] = content
        self._offset += len(content)
        return len(content)


def _host_key(source: Source) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_public_key(source.host_key)
    except asyncssh.KeyImportError:
        problem = "host_key is not the public key that the server must show"
        raise DeclarationError(f"{source.source_id}.yml", problem) from None


def _told(source: Source, error: Exception) -> SourceError:
    """The failure without its words, which may repeat a name or an address."""
    told = f"SFTP: {type(error).__name__}"
    if isinstance(error, REFUSALS):
        return SourceRefused(source.source_id, told)
    crowded = asyncssh.DISC_TOO_MANY_CONNECTIONS
    if isinstance(error, asyncssh.DisconnectError) and error.code == crowded:
        return SourceThrottled(source.source_id, told)
    if isinstance(error, asyncssh.SFTPBadMessage):
        return DeliveryBroken(source.source_id, told)
    return SourceUnavailable(source.source_id, told)
