"""The application: files are tried, as a page, a workbook and JSON; signed links are served."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from catalog.night import Night
from feedback.outcome import Outcome
from feedback.web import contract, pages
from feedback.web.contract import AS_FILE, XLSX
from feedback.web.desk import Desk, Queue
from feedback.web.form import read_form
from feedback.web.guard import Guard
from feedback.web.reception import Reception
from feedback.web.refusals import Refused
from feedback.web.signed import Signed, routes
from feedback.workbook import workbook

T = TypeVar("T")
STYLE = Path(__file__).parent / "style.css"


def application(desk: Desk, reception: Reception) -> FastAPI:
    """An application that judges files at `desk`, and takes answers at `reception`."""
    queue, signed = Queue("trial"), Signed(reception)

    @asynccontextmanager
    async def open_(_: FastAPI) -> AsyncIterator[None]:
        yield
        queue.close()
        signed.close()

    app = FastAPI(
        title=contract.TITLE,
        version=contract.VERSION,
        description=contract.ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=open_,
    )
    app.add_middleware(Guard, web_url=reception.web_url)
    app.add_exception_handler(Refused, _refused)
    _routes(app, _Counter(desk, queue))
    app.include_router(routes(signed))
    return app


class _Counter:
    """Takes a form, and gives back what would become of its file."""

    def __init__(self, desk: Desk, queue: Queue) -> None:
        self.desk, self.queue = desk, queue

    async def answer(self, request: Request, written: Callable[[Outcome, str, Night], T]) -> T:
        """What `written` makes of the outcome, the source's name and the night; it is work, and
        done where the judging is."""
        sent = await read_form(request)
        source = self.desk.source(sent.source)
        kind, night = self.desk.record(source, sent.record), self.desk.night()

        def work() -> T:
            outcome = self.desk.judge(source, kind, night, sent.name, sent.file)
            return written(outcome, source.name_vi, night)

        return await self.queue(work)


def _routes(app: FastAPI, counter: _Counter) -> None:
    @app.get("/", include_in_schema=False)
    async def form() -> HTMLResponse:
        return HTMLResponse(pages.form(counter.desk.sources))

    @app.get("/style.css", include_in_schema=False)
    async def style() -> FileResponse:
        return FileResponse(STYLE, media_type="text/css")

    @app.post("/check", include_in_schema=False)
    async def check(request: Request) -> HTMLResponse:
        return HTMLResponse(await counter.answer(request, pages.outcome))

    @app.post("/workbook", include_in_schema=False)
    async def as_workbook(request: Request) -> Response:
        return await counter.answer(request, _as_workbook)

    @app.post("/api/check", openapi_extra=contract.form(counter.desk.sources), **contract.CHECK)
    async def as_json(request: Request) -> Any:
        return await counter.answer(request, lambda found, *_: found.as_dict(contract.MOST_FAILING))


def _as_workbook(found: Outcome, source: str, night: Night) -> Response:
    if found.decision == "broken":
        return HTMLResponse(pages.outcome(found, source, night), 422)
    return Response(workbook(source, night, found.failing), media_type=XLSX, headers=AS_FILE)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    if request.url.path.startswith("/api/"):
        told = {"problem": error.problem, "problem_vi": error.problem_vi}
        return JSONResponse(told, error.status)
    return HTMLResponse(pages.refusal(error), error.status)
