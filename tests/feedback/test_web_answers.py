"""What signed links lead to, on a real server before a real warehouse: looking changes nothing, the
form that is sent acts once, and nobody gets further than the link is for."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS

from catalog.incidents import Event, Incident
from feedback.links import Link, Purpose, path
from feedback.page import Links, Page
from feedback.web import Reception, application
from feedback.workbook import ROWS, workbook
from motcua.web import desk, reception
from pipeline.incidents import incidents
from tests.extractors.conftest import serving
from tests.feedback import trying
from tests.feedback.nights import MONDAY, incident
from tests.feedback.test_workbook import sheet

AT = dt.datetime(2026, 10, 6, 2, tzinfo=dt.UTC)
TODAY = dt.date(2026, 10, 6)
LAST = dt.date(2026, 11, 4)
KEYS = ["an-older-key", "the-newest-key"]
OFFICE = "https://mot-cua.example.vn"
ID = incident().incident_id
FIXED = incident("received_in_future", state="fixed", fixed_on=MONDAY.on)
OTHER = dataclasses.replace(incident().fingerprint, area="H57", source_id="hue")
KEPT = [
    incident(suffixes=("H26.01-261005-4711",)),
    incident("due_at_missing", severity="warning"),
    FIXED,
    dataclasses.replace(incident(), fingerprint=OTHER),
]
BY, WHY = "tổ dữ liệu, Sở Nội vụ", "phần mềm ghi đúng <b>ngày</b>"
GOOD: dict[str, dict[str, str]] = {
    "acknowledge": {"by": BY, "until": "2026-10-20", "note": ""},
    "dispute": {"by": BY, "note": WHY},
    "accept": {"by": "văn phòng", "until": "2026-12-31", "note": "chờ nâng cấp"},
}
STATES = {"acknowledge": "acknowledged", "dispute": "disputed", "accept": "accepted"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with trying.office(tmp_path_factory.mktemp("office")):
        yield


@pytest.fixture(autouse=True)
def kept(home: None) -> None:
    """The warehouse with these incidents, and no answer."""
    with incidents().engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE ops.incident, ops.incident_event")
    opened = [Event(each.incident_id, MONDAY.on, "opened", each.rows) for each in KEPT]
    incidents().write_night(MONDAY.on, MONDAY.cutoff, KEPT, opened)


def page_of(area: str) -> Page:
    if area != "H26":
        raise LookupError(area)
    theirs = tuple(i for i in incidents().read() if i.fingerprint.area == area)
    return Page(area, MONDAY, (), {}, (), theirs, (), 0)


def stands_behind(**changes: Any) -> Reception:
    """The reception of the office, at a given time, with pages of the incidents alone."""
    ours = {
        "page_of": page_of,
        "workbook_of": lambda area: workbook(area, MONDAY, []),
        "clock": lambda: AT,
        "keys": lambda: KEYS,
        "web_url": OFFICE,
    }
    return dataclasses.replace(reception(), **{**ours, **changes})


@pytest.fixture(scope="module")
def url(home: None) -> Iterator[str]:
    with serving(application(desk(), stands_behind())) as address:
        yield address


def to(purpose: Purpose, incident_id: str = ID, area: str = "H26", until: dt.date = LAST) -> str:
    about = "" if purpose == "page" else incident_id
    return path(Link(purpose, area, until, about), KEYS)


def post(url: str, where: str, fields: dict[str, str], **headers: str) -> httpx2.Response:
    return httpx2.post(f"{url}{where}", data=fields, headers=headers)


def now(incident_id: str = ID) -> Incident:
    found = incidents().one(incident_id)
    assert found
    return found


def answers() -> list[Event]:
    return incidents().events(origin="person")


def everything() -> list[Any]:
    return [*incidents().read(), *incidents().events()]


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


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"by=a&by=b&note=c", "application/x-www-form-urlencoded"),
        (b"by=%ff&note=c", "application/x-www-form-urlencoded"),
        ("by=tổ".encode(), "application/x-www-form-urlencoded"),
        (b'{"by": "a", "note": "b"}', "application/json"),
        (b"by=a&note=b", "text/plain"),
    ],
)
def test_a_broken_form_is_refused(url: str, content: bytes, kind: str) -> None:
    answer = httpx2.post(f"{url}{to('dispute')}", content=content, headers={"Content-Type": kind})
    assert answer.status_code == 400
    assert answers() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://x.invalid"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "x.invalid"},
        {"Host": "[::1"},
        {"Host": "mot-cua.example.vn", "Origin": "http://mot-cua.example.vn"},
        {"Host": "mot-cua.example.vn.x.invalid"},
    ],
)
def test_another_site_can_not_answer(url: str, headers: dict[str, str]) -> None:
    assert post(url, to("dispute"), GOOD["dispute"], **headers).status_code == 403
    assert answers() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "mot-cua.example.vn", "Origin": OFFICE, "Sec-Fetch-Site": "same-origin"},
        {"Host": "mot-cua.example.vn"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_our_own_page_can_from_here_and_by_the_offices_address(
    url: str, headers: dict[str, str]
) -> None:
    """A browser that sends no referrer says that it posts from the origin ``null``."""
    assert post(url, to("dispute"), GOOD["dispute"], **headers).status_code == 200


@pytest.mark.parametrize("where", ["/", "/openapi.json", "/check", "/nothing"])
def test_by_the_offices_address_nothing_is_served_but_what_links_lead_to(
    url: str, where: str
) -> None:
    host = {"Host": "mot-cua.example.vn"}
    assert httpx2.get(f"{url}{where}", headers=host).status_code == 403
    assert httpx2.get(f"{url}/style.css", headers=host).status_code == 200
    assert httpx2.get(f"{url}{to('page')}", headers=host).status_code == 200


@pytest.mark.parametrize("where", [to("page"), to("dispute"), "/a/abc", f"{to('page')}/workbook"])
def test_every_answer_is_locked_down(url: str, where: str) -> None:
    headers = httpx2.get(f"{url}{where}").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_an_unexpected_error_says_nothing(home: None, capfd: pytest.CaptureFixture[str]) -> None:
    def fails(_: Any) -> Any:
        raise ValueError(WHY)

    with serving(application(desk(), stands_behind(act=fails))) as broken:
        answer = post(broken, to("dispute"), GOOD["dispute"])
    shown = answer.text + "".join(capfd.readouterr())
    assert answer.status_code == 500
    assert not [said for said in (WHY, to("dispute")[3:]) if said in shown]


def test_the_contract_holds_whatever_is_sent(url: str) -> None:
    """All of it, with tokens that are none and with real ones. What an answer must hold depends on
    the link, which the contract can not say: there a valid form may be refused."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 5
    left_out = {"ignored_auth", "positive_data_acceptance"}
    chosen = [check for check in CHECKS.get_all() if check.__name__ not in left_out]
    quick = settings(
        max_examples=20,
        derandomize=True,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    tokens = [to("page")[3:], to("dispute")[3:], to("acknowledge")[3:]]
    statuses: Counter[tuple[str, int]] = Counter()
    for operation in operations:

        @quick
        @given(case=operation.as_strategy())
        def sent(case: Any) -> None:
            own = [case.path_parameters["token"]] if "token" in case.path_parameters else []
            for token in (*own, *tokens) if own else [None]:
                if token:
                    case.path_parameters["token"] = token
                answer = case.call_and_validate(checks=chosen, timeout=30)
                statuses[f"{case.method} {case.operation.path}", answer.status_code] += 1

        sent()
    for where in ("GET /p/{token}", "GET /p/{token}/workbook", "GET /a/{token}", "POST /a/{token}"):
        assert statuses[where, 200] > 3
        assert statuses[where, 403] > 3
    assert statuses["POST /a/{token}", 422] > 3
