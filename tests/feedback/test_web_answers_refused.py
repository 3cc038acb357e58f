"""What the pages behind links refuse: broken forms, other sites, and whatever is sent."""

from __future__ import annotations

from collections import Counter
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS

from feedback.web import application
from motcua.web import desk
from tests.extractors.conftest import serving
from tests.feedback.answering import (
    GOOD,
    OFFICE,
    WHY,
    answers,
    home,
    kept,
    post,
    stands_behind,
    to,
    url,
)

__all__ = ["home", "kept", "url"]


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
