"""What signed links lead to, on a real server before a real warehouse: looking changes nothing, the
form that is sent acts once, and nobody gets further than the link is for."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import httpx2
import pytest

from feedback.links import Link, Purpose, path
from feedback.page import Links
from feedback.workbook import ROWS
from tests.feedback.answering import (
    BY,
    FIXED,
    GOOD,
    ID,
    KEPT,
    KEYS,
    LAST,
    STATES,
    TODAY,
    answers,
    everything,
    home,
    kept,
    now,
    post,
    stands_behind,
    to,
    url,
)
from tests.feedback.test_workbook import sheet

__all__ = ["home", "kept", "url"]


def test_the_page_shows_the_area_and_leads_to_its_workbook_and_its_answers(url: str) -> None:
    page = httpx2.get(f"{url}{to('page')}")
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    links = set(re.findall(r'href="(/[pa]/[^"]+)"', page.text))
    assert f"{to('page')}/workbook" in links
    assert {to("acknowledge"), to("dispute")} <= links
    assert to("accept") not in links
    assert not [link for link in links if httpx2.get(f"{url}{link}").status_code != 200]
    assert not {to("dispute", FIXED.incident_id), to("dispute", KEPT[3].incident_id)} & links


def test_the_pages_links_end_with_the_pages_own() -> None:
    shown: list[Links] = []
    at = stands_behind(page_html=lambda page, links: shown.append(links) or "")
    at.page(to("page", until=TODAY).removeprefix("/p/"))
    [links] = shown
    assert links.until == TODAY
    assert links.answers[ID] == {
        "acknowledge": to("acknowledge", until=TODAY),
        "dispute": to("dispute", until=TODAY),
    }


def test_the_workbook_comes_as_a_file(url: str) -> None:
    answer = httpx2.get(f"{url}{to('page')}/workbook")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dong-loi.xlsx"'
    assert len(sheet(answer.content, ROWS)) == 1


@pytest.mark.parametrize("purpose", ["acknowledge", "dispute", "accept"])
def test_the_form_says_what_it_is_about_and_what_the_answer_means(
    url: str, purpose: Purpose
) -> None:
    page = httpx2.get(f"{url}{to(purpose)}").text
    assert "Hà Nội" in page
    assert "ví dụ mã kết thúc bằng …4711" in page
    assert "Chưa có gì được ghi cho đến khi bấm nút." in page
    assert "261005" not in page
    assert ('name="until"' in page) == (purpose != "dispute")
    assert "<script" not in page
    assert "style=" not in page


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_changes_nothing(url: str, method: str) -> None:
    before = everything()
    for where in (to("page"), *(to(purpose) for purpose in GOOD)):  # type: ignore[arg-type]
        more = f"?{urlencode(GOOD['acknowledge'])}"
        answer = httpx2.request(method, f"{url}{where}{more}")
        assert answer.status_code == (405 if method == "OPTIONS" else 200)
    assert everything() == before


@pytest.mark.parametrize("purpose", ["acknowledge", "dispute", "accept"])
def test_the_form_that_is_sent_is_noted_and_shown(url: str, purpose: Purpose) -> None:
    answer = post(url, to(purpose), GOOD[purpose])
    assert answer.status_code == 200, answer.text
    assert "Đã ghi nhận: " in answer.text
    assert "<b>" not in answer.text
    until = GOOD[purpose].get("until")
    stands = (now().state, now().by, now().note, now().until and str(now().until))
    assert stands == (STATES[purpose], GOOD[purpose]["by"], GOOD[purpose]["note"], until)
    [event] = answers()
    assert (event.incident_id, event.kind, event.night) == (ID, STATES[purpose], TODAY)


@pytest.mark.parametrize("purpose", ["acknowledge", "dispute", "accept"])
def test_the_same_again_changes_nothing_and_says_so(url: str, purpose: Purpose) -> None:
    post(url, to(purpose), GOOD[purpose])
    before = everything()
    again = post(url, to(purpose), GOOD[purpose])
    assert again.status_code == 200
    assert "Đã ghi nhận từ trước: không có gì thay đổi" in again.text
    assert everything() == before


def test_of_many_alike_at_once_one_is_noted(url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        sent = pool.map(lambda _: post(url, to("dispute"), GOOD["dispute"]).text, range(6))
        texts = list(sent)
    assert sum("Đã ghi nhận: " in text for text in texts) == 1
    assert len(answers()) == 1


def test_a_province_may_say_something_else_later(url: str) -> None:
    for purpose in ("dispute", "acknowledge"):
        assert post(url, to(purpose), GOOD[purpose]).status_code == 200
    assert {event.kind for event in answers()} == {"disputed", "acknowledged"}
    assert (now().state, now().note) == ("acknowledged", "")


@pytest.mark.parametrize(
    ("status", "where"),
    [
        (403, "/a/abc"),
        (403, to("dispute")[:-1]),
        (403, to("dispute").replace("/a/", "/p/")),
        (403, to("page").replace("/p/", "/a/")),
        (403, path(Link("dispute", "H26", LAST, ID), ["another-key"])),
        (410, to("dispute", until=TODAY - dt.timedelta(days=1))),
        (410, to("page", until=TODAY - dt.timedelta(days=1))),
        (404, to("page", area="H57")),
        (404, to("dispute", area="H57")),
        (404, to("dispute", incident_id="no/such/incident")),
        (409, to("dispute", incident_id=FIXED.incident_id)),
    ],
)
def test_a_link_that_does_not_fit_is_refused_in_words(url: str, status: int, where: str) -> None:
    before = everything()
    for answer in (httpx2.get(f"{url}{where}"), post(url, where, GOOD["dispute"])):
        if where.startswith("/p/") and answer.request.method == "POST":
            assert answer.status_code == 405
            continue
        assert answer.status_code == status
        assert "Chưa thực hiện được" in answer.text
        assert where.rpartition("/")[2] not in answer.text
    assert everything() == before


@pytest.mark.parametrize("key", KEYS)
def test_links_of_an_older_key_still_lead_there(url: str, key: str) -> None:
    assert httpx2.get(f"{url}{path(Link('dispute', 'H26', LAST, ID), [key])}").status_code == 200


@pytest.mark.parametrize(
    ("status", "purpose", "changed"),
    [
        (422, "dispute", {"note": "gọi 0912 345 678"}),
        (422, "dispute", {"note": "gọi 0912.345-678"}),
        (422, "dispute", {"note": "gọi (091) 2345678"}),
        (422, "dispute", {"note": "gọi 0912\u200b345\u00a0678"}),
        (422, "dispute", {"note": "gọi ０９１２３４５６７８"}),
        (422, "dispute", {"note": "thư: ai@hanoi.example"}),
        (422, "dispute", {"by": "0912345678"}),
        (422, "dispute", {"note": "x" * 501}),
        (422, "dispute", {"by": "x" * 101}),
        (422, "dispute", {"note": " \n"}),
        (422, "dispute", {"by": "\x1b\x00"}),
        (422, "dispute", {"by": ""}),
        (422, "acknowledge", {"until": ""}),
        (422, "acknowledge", {"until": "mai"}),
        (422, "acknowledge", {"until": "2026-10-05"}),
        (422, "acknowledge", {"until": "2027-01-05"}),
        (400, "dispute", {"more": "x"}),
        (413, "dispute", {"note": "x" * 30_000}),
    ],
)
def test_an_answer_that_can_not_be_noted_is_refused(
    url: str, status: int, purpose: Purpose, changed: dict[str, str]
) -> None:
    before = everything()
    answer = post(url, to(purpose), {**GOOD[purpose], **changed})
    assert answer.status_code == status
    assert "Chưa thực hiện được" in answer.text
    assert not [said for said in changed.values() if len(said) > 4 and said in answer.text]
    assert everything() == before


@pytest.mark.parametrize("note", ["từ 01/10/2026 đến 15/10/2026", "12.345.678 dòng", "mục 1, 2"])
def test_dates_and_counts_may_be_written(url: str, note: str) -> None:
    assert post(url, to("dispute"), {"by": BY, "note": note}).status_code == 200
    assert now().note == note


def test_what_cannot_be_seen_is_not_noted(url: str) -> None:
    post(url, to("dispute"), {"by": BY, "note": "a\r\n\x1b[31mb\u202ec"})
    assert now().note == "a [31mb c"


def test_ninety_days_may_be_asked_for(url: str) -> None:
    last = TODAY + dt.timedelta(days=90)
    assert post(url, to("acknowledge"), {"by": BY, "until": str(last)}).status_code == 200
    assert now().until == last
