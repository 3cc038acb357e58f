"""What stands behind the signed links: the pages of areas, and the incidents that people answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from catalog.errors import ActionRefused, LinkRefused
from catalog.incidents import Action, Incident
from feedback import links
from feedback.links import Keys, Link, Purpose
from feedback.page import Links, Page
from feedback.web.answer import KINDS, Said
from feedback.web.refusals import Unanswered

T = TypeVar("T")
STATUS = {"not ours": 403, "run out": 410, "for something else": 403}


@dataclass(frozen=True)
class Reception:
    """`page_of(area)` and `workbook_of(area)` raise LookupError where there is nothing to show,
    `act` ActionRefused. `clock` gives the instant, `keys` those of the links, newest last;
    `web_url` is the address under which people come."""

    page_of: Callable[[str], Page]
    page_html: Callable[[Page, Links], str]
    workbook_of: Callable[[str], bytes]
    incident: Callable[[str], Incident | None]
    act: Callable[[Action], Incident]
    clock: Callable[[], dt.datetime]
    keys: Callable[[], Keys]
    web_url: str

    def link(self, token: str, wanted: Collection[Purpose]) -> Link:
        """What the token is for. Raises Refused."""
        try:
            return links.read(token, wanted, self.keys(), self.clock())
        except LinkRefused as error:
            raise Unanswered(STATUS[error.reason], str(error), error.problem_vi) from None

    def page(self, token: str) -> str:
        """The page of the area that the token is for; its links hold no longer than the token."""
        link = self.link(token, ["page"])
        page = _there(self.page_of, link.area)
        return self.page_html(page, self._links(page, link))

    def workbook(self, token: str) -> bytes:
        """Its failing rows."""
        return _there(self.workbook_of, self.link(token, ["page"]).area)

    def asked(self, link: Link) -> Incident:
        """The incident that the link is about, still to be answered. Raises Refused."""
        incident = self.incident(link.incident_id)
        if incident is None or incident.fingerprint.area != link.area:
            problem_vi = "Vấn đề này không còn thuộc đơn vị nhận liên kết."
            raise Unanswered(404, "the area has no such incident", problem_vi)
        if incident.state == "fixed":
            problem_vi = "Dữ liệu mới cho thấy đã sửa xong và vấn đề đã đóng; không cần trả lời."
            raise Unanswered(409, "the incident is fixed", problem_vi)
        return incident

    def answer(self, link: Link, said: Said) -> tuple[Incident, bool]:
        """The incident with the answer noted, and whether that is new. Raises Refused."""
        before, kind = self.asked(link), KINDS[link.purpose].state
        if (before.state, before.by, before.note, before.until) == (kind, *said):
            return before, False
        try:
            return self.act(Action(link.incident_id, kind, self.clock(), *said)), True
        except ActionRefused as error:
            raise Unanswered(422, error.problem, error.problem_vi) from None

    def _links(self, page: Page, link: Link) -> Links:
        """The workbook, and the answers for what is open, until the link itself ends."""
        by = self.keys()
        answers = {
            incident.incident_id: links.answers(link.area, incident.incident_id, link.until, by)
            for incident in page.incidents
            if incident.is_open
        }
        return Links(f"{links.path(link, by)}/workbook", answers, link.until)


def _there(look: Callable[[str], T], area: str) -> T:
    try:
        return look(area)
    except LookupError:
        problem_vi = "Chưa có dữ liệu của đơn vị này để hiển thị."
        raise Unanswered(404, "there is nothing of the area yet", problem_vi) from None
