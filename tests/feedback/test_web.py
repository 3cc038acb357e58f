"""The upload page, served by a real server, before honest and hostile files."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode

from catalog.sources import sources
from feedback.web import MOST_BYTES, application
from feedback.workbook import ROWS
from motcua.web import desk, reception
from pipeline.trial import try_file
from tests.extractors.conftest import serving
from tests.extractors.monsters import XML_BOMB
from tests.extractors.tables import book, packed
from tests.feedback import trying
from tests.feedback.test_workbook import sheet
from tests.feedback.trying import (
    COLUMNS,
    FORMULA,
    NIGHT,
    PERSON,
    PHONE,
    as_csv,
    as_json,
    no_temporary_files,
    rows,
)
from tests.night.conftest import free_port

GOOD = book([COLUMNS, *rows()])
HOSTILE = {
    "a zip bomb": ("tha_tep", "a.zip", packed(a__csv="a,b\n" + "1,2\n" * 5_000_000)),
    "a zip that grows 1000 times": ("tha_tep", "a.zip", packed(a__csv=b"\x00" * 30_000_000)),
    "a way out": ("tha_tep", "a.zip", packed(**{"../../etc/x__csv": "a,b\n1,2\n"})),
    "a billion laughs": ("bao_soap", "a.xml", XML_BOMB.encode()),
    "a long line": ("tha_tep", "a.csv", as_csv([]) + b"x" * 20_000_000),
    "nothing but zeros": ("tha_tep", "a.csv", b"\x00" * 1_000_000),
    "another encoding": ("tha_tep", "a.csv", as_csv(rows()).decode().encode("utf-16")),
    "a formula": ("tha_tep", "a.xlsx", book([COLUMNS, [(FORMULA, PERSON), *rows()[0][1:]]])),
    "a workbook cut off": ("tha_tep", "a.xlsx", GOOD[: len(GOOD) // 2]),
    "a page of the web": ("tha_tep", "a.csv", f"<html>\n<p>{PERSON}</p>\n".encode()),
    "a name that lies": ("tha_tep", "../../../etc/passwd", GOOD),
    "small values": ("bao_json", "a.json", b"[" + b"{}," * 2_100_000 + b"{}]"),
    "deep brackets": ("bao_json", "a.json", b"[" * 1_000_000),
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with trying.office(tmp_path_factory.mktemp("office")):
        app = application(dataclasses.replace(desk(), night=lambda: NIGHT), reception())
        with serving(app) as address:
            post(address, "/api/check", as_csv(rows()))  # what is loaded once is loaded
            yield address


def post(
    url: str, path: str, content: bytes, name: str = "a.csv", source: str = "tha_tep", **more: Any
) -> httpx2.Response:
    files = {"file": (name, content)}
    return httpx2.post(f"{url}{path}", data={"source": source}, files=files, timeout=60, **more)


def check(url: str, content: bytes, name: str = "a.csv", source: str = "tha_tep") -> Any:
    answer = post(url, "/api/check", content, name, source)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_form_offers_the_sources_and_needs_no_script(url: str) -> None:
    page = httpx2.get(url)
    assert page.status_code == 200
    assert all(f'value="{source_id}"' in page.text for source_id in sources())
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert httpx2.get(f"{url}/style.css").headers["Content-Type"].startswith("text/css")


def test_a_program_gets_what_the_command_line_says(url: str) -> None:
    told = check(url, as_csv(rows()))
    file = io.BytesIO(as_csv(rows()))
    same = try_file(sources()["tha_tep"], "dossier", NIGHT, "a.csv", file)
    assert told == json.loads(json.dumps(same.as_dict()))
    assert Counter(line["end"] for line in told["failing"]) == {"quarantined": 5, "rejected": 5}


def test_a_person_gets_the_same_as_a_page_with_its_workbook(url: str) -> None:
    page = post(url, "/check", as_csv(rows())).text
    told = check(url, as_csv(rows()))
    for name in ("received", "accepted", "quarantined", "rejected", "duplicate"):
        assert f'<td class="number">{told[name]}</td>' in page
    assert all(rule["title"] in page and rule["fix"] in page for rule in told["rules"])
    [link] = re.findall(r'href="data:[^,]*;base64,([^"]+)"', page)
    assert len(sheet(base64.b64decode(link), ROWS)) - 1 == len(told["failing"]) == 10
    asked = post(url, "/workbook", as_csv(rows()))
    assert asked.headers["Content-Disposition"] == 'attachment; filename="dong-loi.xlsx"'
    assert asked.content == base64.b64decode(link)


def test_what_a_file_holds_is_escaped_and_nothing_of_it_is_about_a_person(url: str) -> None:
    lines = rows()
    lines[40][0] = '<script src="//x.invalid">'
    page = post(url, "/check", as_csv(lines)).text
    assert "<script" not in page
    assert "&lt;script" in page
    for told in (page, json.dumps(check(url, as_csv(lines)), ensure_ascii=False)):
        assert PERSON not in told
        assert PHONE not in told


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered_in_words_that_hold_nothing_of_it(
    url: str, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    source, file, content = HOSTILE[name]
    begun = time.monotonic()
    with no_temporary_files():
        told = check(url, content, file, source)
    assert time.monotonic() - begun < 20
    assert told["decision"] == "broken", told
    assert told["problem"]
    assert told["problem_vi"]
    shown = json.dumps(told, ensure_ascii=False) + "".join(capfd.readouterr())
    assert not [word for word in (PERSON, PHONE, "HYPERLINK", "passwd", "etc/") if word in shown]


@pytest.mark.parametrize(
    ("source", "file", "content", "received"),
    [
        ("tha_tep", "a.csv", as_csv(rows(good=20_000)), 20_009),
        ("tha_tep", "a.xlsx", GOOD, 49),
        ("bao_json", "a.json", as_json(rows()), 49),
    ],
)
def test_a_file_is_held_in_memory_alone(
    url: str, source: str, file: str, content: bytes, received: int
) -> None:
    with no_temporary_files():
        assert check(url, content, file, source)["received"] == received
        assert post(url, "/workbook", content, file, source).status_code == 200


def test_a_file_that_is_too_large_is_refused(url: str) -> None:
    answer = post(url, "/api/check", as_csv([]) + b"x" * 50_000_000)
    assert (answer.status_code, answer.json()["problem_vi"]) == (413, "Tệp lớn hơn 25 MB.")
    page = post(url, "/check", b"x" * (MOST_BYTES + 100_000))
    assert page.status_code == 413
    assert "Tệp lớn hơn 25 MB." in page.text


def test_a_file_of_too_many_rows_is_refused(url: str) -> None:
    line = b",".join(cell.encode() for cell in rows()[0])
    told = check(url, as_csv([]) + (line + b"\r\n") * 100_001)
    assert told["problem"] == "the file holds more than 100000 rows"


@pytest.mark.parametrize(
    ("status", "more"),
    [
        (400, {"data": {"source": "tha_tep"}}),
        (400, {"data": {"source": "tha_tep", "file": "text"}, "files": {"record": "x"}}),
        (400, {"files": {"file": b"x"}}),
        (400, {"data": {"source": "tha_tep", "more": "x"}, "files": {"file": b"x"}}),
        (400, {"data": {"source": "x" * 10_000}, "files": {"file": b"x"}}),
        (400, {"files": [("file", b"x"), ("file", b"y")], "data": {"source": "tha_tep"}}),
        (400, {"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}}),
        (400, {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=y"}}),
        (404, {"data": {"source": PERSON}, "files": {"file": b"x"}}),
        (404, {"data": {"source": "tha_tep", "record": "rating"}, "files": {"file": b"x"}}),
    ],
)
def test_a_broken_form_is_refused(url: str, status: int, more: dict[str, Any]) -> None:
    for path in ("/api/check", "/check", "/workbook"):
        answer = httpx2.post(f"{url}{path}", **more)
        assert answer.status_code == status
        assert PERSON not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://x.invalid"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "x.invalid"},
        {"Host": "127.0.0.1.x.invalid:8637"},
    ],
)
def test_another_site_can_not_use_the_form(url: str, headers: dict[str, str]) -> None:
    assert post(url, "/check", as_csv(rows()), headers=headers).status_code == 403


def test_our_own_page_can(url: str) -> None:
    own = {"Origin": url, "Sec-Fetch-Site": "same-origin"}
    assert post(url, "/check", as_csv(rows()), headers=own).status_code == 200


@pytest.mark.parametrize("path", ["/", "/style.css", "/openapi.json", "/nothing", "/check"])
def test_every_answer_is_locked_down(url: str, path: str) -> None:
    headers = httpx2.get(f"{url}{path}").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"


def test_an_error_that_nobody_expected_says_nothing_of_the_file(
    url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: Any) -> Any:
        raise ValueError(PERSON)

    desk_ = dataclasses.replace(desk(), judge=fails)
    with serving(application(desk_, reception())) as broken:
        answer = post(broken, "/api/check", as_csv(rows()))
    assert (answer.status_code, answer.json()["problem"]) == (500, "an error of the program")
    out, err = capfd.readouterr()
    assert PERSON not in out + err
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_contract_holds_whatever_is_sent(url: str) -> None:
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operation = schema["/api/check"]["POST"]
    chosen = [check for check in CHECKS.get_all() if check.__name__ != "ignored_auth"]
    quick = settings(
        max_examples=12,
        derandomize=True,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    statuses: Counter[int] = Counter()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @quick
        @given(case=operation.as_strategy(generation_mode=mode))
        def sent(case: Any) -> None:
            response = case.call_and_validate(checks=chosen, timeout=30)
            statuses[response.status_code] += 1

        sent()
    assert statuses[200] >= 3
    assert statuses[400] + statuses[404] >= 3


@pytest.mark.slow
def test_the_command_serves_on_loopback_and_logs_nothing_of_a_file(tmp_path: Path) -> None:
    with trying.office(tmp_path):
        port = free_port()
        words = [sys.executable, "-m", "motcua", "serve", "--port", str(port)]
        output = tmp_path / "output"
        with (
            output.open("wb") as kept,
            subprocess.Popen(
                words, stdout=kept, stderr=kept, env={**os.environ, "PYTHONUTF8": "1"}
            ) as server,
        ):
            try:
                await_answer(f"http://127.0.0.1:{port}")
                told = check(f"http://127.0.0.1:{port}", as_csv(rows()), f"{PERSON}.csv")
                assert told["received"] == 49
                broken = as_csv(rows()).decode().encode("utf-16")
                assert check(f"http://127.0.0.1:{port}", broken)["decision"] == "broken"
            finally:
                server.send_signal(signal.SIGINT)
        logged = output.read_text(encoding="utf-8")
        assert f"http://127.0.0.1:{port}/" in logged
        assert not [word for word in (PERSON, PHONE, "hôm qua") if word in logged]


def await_answer(url: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            httpx2.get(url)
        except httpx2.TransportError:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return
