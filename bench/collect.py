"""34 sources collected one by one against as many at a time as a pool lets through.

``python -m bench.collect [--rows 85000]``

One server on loopback plays all sources: it answers each page of 250 kB after 50 ms, as a far
source would. Pages are landed on disk, encrypted, as every night. Wall seconds, for what is gained
is waiting; the figures of each way must agree before they are compared.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from catalog.night import Night
from catalog.sources import Source
from extractors import Delivery, collect
from warehouse.landing import Landing

NIGHT = Night.parse("2026-11-22")
SOURCES, PAGE_ROWS, DELAY_MS = 34, 250, 50
FILLER = "x" * 930
"""Makes a row about 1 kB long, as a dossier's is."""


async def token(request: Request) -> Response:
    return JSONResponse({"access_token": "bench", "token_type": "Bearer", "expires_in": 3600})


async def page(request: Request) -> Response:
    """One of ``{pages}`` pages, after ``{delay}`` milliseconds; each row follows from its place."""
    words, query = request.path_params, request.query_params
    number, size = int(query["page"]), int(query["page_size"])
    await asyncio.sleep(words["delay"] / 1000)
    codes = (f"{words['source']}-{row:09d}" for row in range(number * size, number * size + size))
    rows = ",".join(f'{{"MaHoSo":"{code}","TrichYeuHoSo":"{FILLER}"}}' for code in codes)
    counts = f'"page":{number},"pages":{words["pages"]},"total":{words["pages"] * size}'
    return Response(f'{{"error_code":"0",{counts},"data":[{rows}]}}')


def application() -> Starlette:
    way = "/{pages:int}/{delay:int}/{source}"
    routes = [Route(f"{way}/token", token, methods=["POST"]), Route(f"{way}/{{service}}", page)]
    return Starlette(routes=routes)


def declared(address: str, pages: int, delay: int, number: int) -> Source:
    source_id = f"nguon_{number:02d}"
    return Source(
        source_id=source_id,
        name_vi="Nguồn đo",
        area="H26",
        platform="lgsp_json",
        url=f"{address}/{pages}/{delay}/{source_id}",
        secret="BENCH",
        starts_on="2026-01-01",
        legal_basis="-",
        page_size=PAGE_ROWS,
    )


def collect_all(sources: list[Source], at_a_time: int, folder: Path) -> list[Delivery]:
    """Collect every source, `at_a_time` of them together, and land their pages in `folder`."""
    landing = Landing(folder, "bench")
    with ThreadPoolExecutor(at_a_time) as pool:
        return list(pool.map(lambda s: collect(s, "dossier", NIGHT, "", landing.land), sources))


@contextmanager
def serving() -> Iterator[str]:
    """The address of the server, in a process of its own."""
    command = [sys.executable, "-m", "bench.collect", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


class Announcing(uvicorn.Server):
    """Prints its address once it listens."""

    async def startup(self, sockets: object = None) -> None:
        await super().startup()
        print(f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}", flush=True)


def _timed(sources: list[Source], at_a_time: int) -> tuple[float, list[Delivery]]:
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        start = time.perf_counter()
        deliveries = collect_all(sources, at_a_time, Path(folder))
        return time.perf_counter() - start, deliveries


def _compare(pages: int) -> None:
    with serving() as address:
        sources = [declared(address, pages, DELAY_MS, number) for number in range(SOURCES)]
        results = {at_a_time: _timed(sources, at_a_time) for at_a_time in (1, 8, SOURCES)}
    alone, delivered = results[1]
    if any([d.sha256s for d in ds] != [d.sha256s for d in delivered] for _, ds in results.values()):
        raise SystemExit("the ways did not bring the same pages")
    print(f"collect, {SOURCES} sources of {pages} pages of {PAGE_ROWS} kB, {DELAY_MS} ms each")
    for at_a_time, (seconds, _) in results.items():
        print(f"  {at_a_time:2d} at a time  {seconds:8.1f} s  {alone / seconds:8.2f}x")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench.collect")
    parser.add_argument("--rows", type=int, default=85_000, help="rows of all sources together")
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--address", help="collect one source from here, and nothing else")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args(arguments)
    pages = max(1, options.rows // PAGE_ROWS // (1 if options.address else SOURCES))
    if options.serve:
        Announcing(uvicorn.Config(application(), port=0, log_level="critical")).run()
    elif options.address:
        collect_all([declared(options.address, pages, 0, 0)], 1, options.folder)
    else:
        _compare(pages)


if __name__ == "__main__":
    main(sys.argv[1:])
