"""What signed links lead to: the page of an area, its workbook, and the form of one answer.

Looking changes nothing, for what scans mail follows links; only the form that is sent acts.
"""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from catalog.night import local_date
from feedback.links import ANSWERS
from feedback.web import answer_pages
from feedback.web import signed_contract as contract
from feedback.web.answer import KINDS, said
from feedback.web.answer_form import read_answer
from feedback.web.contract import AS_FILE, XLSX
from feedback.web.desk import Queue
from feedback.web.reception import Reception


class Signed:
    """The reception with its queues: a page is work, so one is made at a time; answers are taken
    one after the other, so that the second of two alike finds the first."""

    def __init__(self, reception: Reception) -> None:
        self.reception = reception
        self.pages, self.answers = Queue("pages"), Queue("answers")

    def close(self) -> None:
        self.pages.close()
        self.answers.close()

    async def page(self, token: str) -> Response:
        return HTMLResponse(await self.pages(partial(self.reception.page, token)))

    async def workbook(self, token: str) -> Response:
        content = await self.pages(partial(self.reception.workbook, token))
        return Response(content, media_type=XLSX, headers=AS_FILE)

    async def form(self, token: str) -> Response:
        return HTMLResponse(await self.answers(partial(self._form, token)))

    async def answer(self, token: str, request: Request) -> Response:
        fields = await read_answer(request)
        return HTMLResponse(await self.answers(partial(self._answer, token, fields)))

    def _form(self, token: str) -> str:
        link = self.reception.link(token, ANSWERS)
        incident, today = self.reception.asked(link), local_date(self.reception.clock())
        return answer_pages.form(incident, KINDS[link.purpose], today)

    def _answer(self, token: str, fields: dict[str, str]) -> str:
        link = self.reception.link(token, ANSWERS)
        kind, today = KINDS[link.purpose], local_date(self.reception.clock())
        incident, is_new = self.reception.answer(link, said(fields, kind, today))
        return answer_pages.noted(incident, kind, is_new)


def routes(signed: Signed) -> APIRouter:
    """All of them; HEAD is a look as well."""
    router = APIRouter()
    looks = {
        "/p/{token}": signed.page,
        "/p/{token}/workbook": signed.workbook,
        "/a/{token}": signed.form,
    }
    for path, look in looks.items():
        router.add_api_route(path, look, methods=["HEAD"], include_in_schema=False)
        router.add_api_route(path, look, methods=["GET"], **contract.looks(path))
    router.add_api_route("/a/{token}", signed.answer, methods=["POST"], **contract.ANSWER)
    return router
