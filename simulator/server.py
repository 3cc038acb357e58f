"""The nation over HTTP on loopback: each source answers below its name, as its platform does."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.answers import refusal, reply
from simulator.desk import Desk
from simulator.faults import Fault
from simulator.feed import moment
from simulator.nation import Nation
from simulator.platforms import platforms

LOOPBACK = "127.0.0.1"


class Street:
    """Sends a call to the platform of the source that it names."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.doors: dict[str, ASGIApp] = {
            name: module.application(desk)
            for name, module in platforms().items()
            if hasattr(module, "application")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        source = self.desk.nation.sources.get(scope["path_params"]["slug"])
        door = self.doors.get(source.platform if source else "")
        await (door or refusal(404, "Không có hệ thống này"))(scope, receive, send)


class Deletion(msgspec.Struct):
    """A dossier that its source deletes at a local time."""

    code: str
    at: str


class Office:
    """What is asked about the nation as a whole: its health, members, faults and deletions."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def put_fault(self, request: Request) -> Response:
        """``POST /_faults/<slug>``."""
        try:
            fault = msgspec.json.decode(await request.body(), type=Fault)
            self.desk.faults.put(request.path_params["slug"], fault)
        except (msgspec.MsgspecError, ValueError) as error:
            return refusal(400, str(error))
        return Response(status_code=204)

    async def remove_fault(self, request: Request) -> Response:
        """``DELETE /_faults/<slug>``."""
        self.desk.faults.remove(request.path_params["slug"])
        return Response(status_code=204)

    async def delete_dossier(self, request: Request) -> Response:
        """``POST /_deleted/<slug>`` ``{"code": ..., "at": "20261120100000"}``."""
        try:
            deletion = msgspec.json.decode(await request.body(), type=Deletion)
            slug, at = request.path_params["slug"], moment(deletion.at)
            self.desk.nation.delete(slug, deletion.code, at)
            await self._tell_platform(slug)
        except (msgspec.MsgspecError, ValueError) as error:
            return refusal(400, str(error))
        except KeyError:
            return refusal(404, "Không có hệ thống này")
        return Response(status_code=204)

    async def _tell_platform(self, slug: str) -> None:
        """A platform that holds rows of its own brings them up to date."""
        platform = platforms()[self.desk.nation.sources[slug].platform]
        if hasattr(platform, "refresh"):
            await to_thread(platform.refresh, self.desk)

    async def members(self, request: Request) -> Response:
        """``GET /_members``: who takes part in the exchange."""
        sources = self.desk.nation.sources.values()
        rows = [
            {"code": s.area, "source_id": s.source_id, "name": s.name_vi, "since": s.starts_on}
            for s in sources
        ]
        return reply({"members": rows})

    async def health(self, request: Request) -> Response:
        """``GET /_health``: what nation this is."""
        nation = self.desk.nation
        size = {"dossiers": nation.dossiers, "seed": nation.seed, "sources": len(nation.sources)}
        return reply({"status": "ok", "opens_on": nation.opens_on.isoformat(), **size})


def application(nation: Nation, token_seconds: int = 3600) -> Starlette:
    """The ASGI application that answers for every source of `nation`."""
    desk = Desk(nation, token_seconds)
    office = Office(desk)

    @asynccontextmanager
    async def open_all(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for name, module in platforms().items():
                if hasattr(module, "serving") and desk.sources(name):
                    await stack.enter_async_context(module.serving(desk))
            yield

    return Starlette(
        lifespan=open_all,
        routes=[
            Route("/_health", office.health),
            Route("/_members", office.members),
            Route("/_faults/{slug}", office.put_fault, methods=["POST"]),
            Route("/_faults/{slug}", office.remove_fault, methods=["DELETE"]),
            Route("/_deleted/{slug}", office.delete_dossier, methods=["POST"]),
            Mount("/{slug}", Street(desk)),
        ],
    )


def serve(nation: Nation, port: int, host: str = LOOPBACK) -> None:
    """Serve `nation` until the process is told to stop; a container may name a host."""
    uvicorn.run(application(nation), host=host, port=port, log_level="critical")
