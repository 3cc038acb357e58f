"""A small nation, and the same behind a real server on loopback."""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import httpx2
import pytest
import uvicorn

from catalog.settings import DEMO_SECRET
from simulator import Nation
from simulator.server import application

OPENS_ON = dt.date(2026, 9, 1)
Serve = Callable[..., httpx2.Client]


@pytest.fixture(scope="session")
def nation() -> Nation:
    return Nation(OPENS_ON, dossiers=20_000, seed=7)


@contextmanager
def _running(nation: Nation, token_seconds: int) -> Iterator[httpx2.Client]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(application(nation, token_seconds), log_level="critical")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.01)
            with httpx2.Client(base_url=address) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server for a nation and gives a client; stopped at the end of the test."""
    with ExitStack() as stack:
        yield lambda nation, token_seconds=3600: stack.enter_context(
            _running(nation, token_seconds)
        )


@pytest.fixture
def log_in() -> Callable[[httpx2.Client, str], None]:
    """Gives a client the token of a source."""

    def log_in(client: httpx2.Client, slug: str) -> None:
        form = {"grant_type": "client_credentials"}
        answer = client.post(f"/{slug}/token", data=form, auth=(slug, DEMO_SECRET))
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    return log_in
