"""A real SFTP server on loopback over a folder, with the faults that a test asks for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh

USER, PASSWORD = "thu_nghiem", "a-secret-of-the-test"


class Post:
    """What the server does wrong, and what it was asked.

    `break_at` aborts the connection at the n-th read, from 1; `slow` makes each read take so many
    seconds; `throttle` turns away so many connections first; `on_read` is called before a read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 0
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.break_at: set[int] = set()
        self.slow, self.throttle, self.answers = 0.0, 0, True
        self.on_read: Callable[[], None] = lambda: None
        self.reads = self.connections = self.sent = 0

    @property
    def host_key(self) -> str:
        return self.key.export_public_key().decode().strip()


class Door(asyncssh.SSHServer):
    def __init__(self, post: Post) -> None:
        self.post = post

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.post.connections += 1
        self.connection = conn

    def begin_auth(self, username: str) -> bool:
        if self.post.throttle:
            self.post.throttle -= 1
            self.connection.disconnect(asyncssh.DISC_TOO_MANY_CONNECTIONS, "VALUE-FROM-A-ROW")
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)

    def password_auth_supported(self) -> bool:
        return True


class Shelves(asyncssh.SFTPServer):
    def __init__(self, channel: asyncssh.SSHServerChannel[Any], post: Post) -> None:
        super().__init__(channel, chroot=str(post.folder).encode())
        self.post = post

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        post = self.post
        post.reads += 1
        post.on_read()
        if post.reads in post.break_at:
            self.connection.abort()
        await asyncio.sleep(post.slow)
        content = bytes(super().read(file_obj, offset, size))  # type: ignore[arg-type]
        post.sent += len(content)
        return content


@contextmanager
def serving(post: Post) -> Iterator[Post]:
    """`post` answers on loopback as long as the context is open."""
    loop = asyncio.new_event_loop()
    started: list[asyncssh.SSHAcceptor] = []

    async def start() -> None:
        listening = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[post.key],
            server_factory=lambda: Door(post),
            sftp_factory=lambda channel: Shelves(channel, post),
        )
        started.append(listening)

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    post.port = started[0].get_port()
    try:
        yield post
    finally:
        asyncio.run_coroutine_threadsafe(_stop(started[0]), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(listening: asyncssh.SSHAcceptor) -> None:
    listening.close()
    await listening.wait_closed()
    await asyncio.sleep(0.05)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.sleep(0)
