"""The pages: where files are tried, and what signed links lead to."""

from __future__ import annotations

from typing import Annotated, BinaryIO

import typer
import uvicorn

from catalog.night import Night
from catalog.settings import settings
from catalog.sources import Source, sources
from feedback.outcome import Outcome
from feedback.page import html
from feedback.web import MOST_ROWS, MOST_VALUES, READ_SECONDS, Desk, Reception, application
from motcua.application import app, console
from motcua.clock import now, today
from pipeline import incidents, links
from pipeline.province_page import page_of, workbook_of
from pipeline.trial import Bounds, earlier_nights, try_file

HOST = "127.0.0.1"
BOUNDS = Bounds(MOST_ROWS, MOST_VALUES, READ_SECONDS)


def desk() -> Desk:
    """The desk of this machine: its sources, its day, and the judge behind it."""
    return Desk(sources(), lambda: Night(today()), _tried)


def reception() -> Reception:
    """What stands behind the links of this office."""
    return Reception(
        page_of=page_of,
        page_html=html,
        workbook_of=workbook_of,
        incident=lambda incident_id: incidents.incidents().one(incident_id),
        act=incidents.act,
        clock=now,
        keys=links.keys,
        web_url=settings().web_url,
    )


def _tried(source: Source, kind: str, night: Night, name: str, file: BinaryIO) -> Outcome:
    before = earlier_nights(source, kind, night)
    return try_file(source, kind, night, name, file, before, BOUNDS)


@app.command(rich_help_panel="Services")
def serve(port: Annotated[int, typer.Option(min=0, max=65535)] = 8637) -> None:
    """Serve the pages until interrupted: on which files are tried before they are sent, and what
    the links in messages lead to."""
    console.print(f"http://{HOST}:{port}/")
    uvicorn.run(
        application(desk(), reception()),
        host=HOST,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        limit_concurrency=32,
    )
