"""Where links are given out: in messages, to operators, by the command line; each leads there."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
import pytest
from typer.testing import CliRunner

from catalog.feedback import Recipient
from catalog.incidents import Action
from catalog.settings import settings
from feedback.channels import deliver
from feedback.links import Link, read
from feedback.messages import decide, known, render
from feedback.preferences import default
from feedback.web import application
from motcua import app
from motcua.clock import now as clock
from motcua.posted import lines, posted
from motcua.web import desk
from pipeline import links
from pipeline.incidents import act, incidents
from pipeline.operators import asked
from tests.extractors.conftest import serving
from tests.feedback.answering import AT, FIXED, ID, LAST, home, kept, stands_behind
from tests.feedback.letters import AT as SENT_AT
from tests.feedback.letters import LETTER
from tests.feedback.nights import MONDAY, incident, night

__all__ = ["home", "kept"]


@pytest.fixture(scope="module")
def url(home: None) -> Iterator[str]:
    with serving(application(desk(), stands_behind(keys=links.keys))) as address:
        yield address


def run(*words: str) -> str:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.stdout.strip()


def behind(address: str, at: dt.datetime = AT) -> Link:
    assert address.startswith(settings().web_url)
    kind, token = urlsplit(address).path.strip("/").split("/")
    wanted = ["page"] if kind == "p" else ["acknowledge", "dispute", "accept"]
    return read(token, wanted, links.keys(), at)  # type: ignore[arg-type]


def test_a_message_leads_to_the_page_and_to_the_answers_of_what_is_not_mended(url: str) -> None:
    [message] = decide({}, [incident()], default("H26"), MONDAY)
    page, answers = links.of_message(message)
    assert behind(page) == Link("page", "H26", LAST)
    assert list(answers) == [ID]
    for purpose, address in answers[ID].items():
        assert behind(address) == Link(purpose, "H26", LAST, ID)  # type: ignore[arg-type]
        assert httpx2.get(f"{url}{urlsplit(address).path}").status_code == 200
    assert set(answers[ID]) == {"acknowledge", "dispute"}
    letter = render(message, True, page, answers)
    assert all(address in letter.text for address in (page, *answers[ID].values()))


def test_what_is_mended_is_not_to_be_answered() -> None:
    told = known(decide({}, [incident()], default("H26"), MONDAY))
    mended = incident(state="fixed", fixed_on=night(1).on)
    [message] = decide(told, [mended], default("H26"), night(1))
    page, answers = links.of_message(message)
    assert answers == {}
    assert render(message, True, page, answers).text.count("/a/") == 0


def test_a_message_reads_the_same_whenever_it_is_sent_again() -> None:
    [message] = decide({}, [incident()], default("H26"), MONDAY)
    assert links.of_message(message) == links.of_message(message)


def test_operators_see_what_is_disputed_with_the_link_that_accepts_it(url: str) -> None:
    assert asked.disputes(MONDAY) == []
    act(Action(ID, "disputed", AT, "sở", "đúng rồi"))
    [told] = asked.disputes(night(1))
    assert (told["incident_id"], told["area"], told["note"]) == (ID, "H26", "đúng rồi")
    address = told["accept"]
    assert behind(address).purpose == "accept"
    fields = {"by": "văn phòng", "note": "chờ nâng cấp", "until": "2026-12-31"}
    answer = httpx2.post(f"{url}{urlsplit(address).path}", data=fields)
    assert answer.status_code == 200
    assert asked.disputes(night(1)) == []


@pytest.mark.parametrize("purpose", ["acknowledge", "dispute", "accept"])
def test_the_command_line_gives_the_link_of_one_answer(kept: None, purpose: str) -> None:
    link = behind(run("incident", "link", ID, "--for", purpose), clock())
    last = links.last_day(clock().date())
    assert link == Link(purpose, "H26", last, ID)  # type: ignore[arg-type]


def test_the_command_line_knows_what_there_is(kept: None) -> None:
    for words in (
        ("incident", "link", "no/such", "--for", "dispute"),
        ("incident", "link", ID, "--for", "page"),
        ("page-link", "H26"),
    ):
        assert CliRunner().invoke(app, words).exit_code == 2
    assert behind(run("page-link", "X-TEST-1"), clock()).area == "X-TEST-1"


def test_the_end_of_a_night_says_what_is_in_the_mailbox_and_where_a_page_is(home: None) -> None:
    for name in ("a", "b"):
        deliver(LETTER, Recipient(channel="email", address=f"{name}@hanoi.example"), SENT_AT)
    facts = posted(MONDAY.on)
    assert (facts["mails"], facts["newest"]) == (2, [LETTER.subject] * 2)
    assert behind(facts["page"]["address"], clock()).area == facts["page"]["area"] == "X-TEST-1"
    text = "\n".join(lines(facts))
    assert "2 [DEMO] messages are in the mailbox; to see them: motcua mailbox" in text
    assert "motcua serve" in text
    assert json.dumps(facts)


def test_a_mended_incident_has_a_link_that_says_so(url: str) -> None:
    found = incidents().one(FIXED.incident_id)
    assert found
    path = urlsplit(links.of_answer(found, "dispute", MONDAY.on)).path
    assert httpx2.get(f"{url}{path}").status_code == 409
