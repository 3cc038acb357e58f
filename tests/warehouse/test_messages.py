"""Messages reach whom they are for: once, and however long a server is down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from catalog.feedback import Feedback, Recipient
from catalog.incidents import Incident
from catalog.night import Night
from catalog.settings import settings
from feedback import channels
from feedback.preferences import Preferences, default
from pipeline import messages, stores
from pipeline.incidents import incidents
from pipeline.messages import alarms, message_log, send, tell
from tests.feedback.letters import AT, Office, configure, free_port, mail_server
from tests.feedback.nights import incident, night
from warehouse.messages import MessageLog
from warehouse.postgres import Warehouse

MAIL = Recipient(channel="email", address="mot-cua@hanoi.example.vn")
FILE = default("H26").to[0]
ROW = {
    "message_id": "a1", "area": "H26", "told_on": night(0).on, "purpose": "digest", "items": [],
    "still_open": 0,
}  # fmt: skip
Want = Callable[..., None]


@pytest.fixture
def home(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    """An office with an empty warehouse, and a mail server named that is not there yet."""
    url = warehouse.url.render_as_string(hide_password=False)
    mail = {"smtp_host": "127.0.0.1", "smtp_port": free_port()}
    configure(monkeypatch, home=tmp_path, warehouse_url=url, **mail)
    monkeypatch.setattr(channels, "FIRST_WAIT", 0.001)
    stores.warehouse.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()
    stores.warehouse.cache_clear()


@pytest.fixture
def want(home: pytest.MonkeyPatch) -> Want:
    """Says whom Hà Nội wants to be told."""

    def declare(*to: Recipient, escalation: tuple[Recipient, ...] = ()) -> None:
        wanted = Preferences("H26", to, escalation, Feedback())
        home.setattr(messages, "preferences", lambda: {"H26": wanted})

    return declare


def at() -> dt.datetime:
    return AT


def told_on(on: Night, *now: Incident) -> dict[str, int]:
    """A night that ends with these incidents, and how many addresses were served."""
    incidents().write_night(on.on, on.cutoff, now, [])
    tell(incidents().read(through=on.on), on)
    return send(on, at)


def ids(office: Office) -> list[str]:
    return [str(mail["Message-ID"]) for mail in office.mails]


def waiting() -> Sequence[Any]:
    return [(str(Night(row["told_on"])), row["purpose"]) for row in message_log().undelivered()]


def test_a_message_is_sent_once_however_often_its_night_runs(want: Want) -> None:
    want(MAIL, FILE)
    office = Office()
    with mail_server(office, settings().smtp_port):
        assert told_on(night(0), incident()) == {"delivered": 2, "undelivered": 0}
        for _ in range(2):
            assert told_on(night(0), incident()) == {"delivered": 0, "undelivered": 0}
    assert len(office.mails) == 1
    assert len(list((settings().outbox_dir / str(night(0))).glob("H26.digest.*.txt"))) == 1
    assert {(row["channel"], row["attempts"]) for row in message_log().deliveries()} == {
        ("email", 1),
        ("folder", 1),
    }
    [event] = incidents().events(origin="message")
    assert (event.kind, event.night, event.rows) == ("notified", night(0).on, 40)


def test_a_night_run_again_with_more_tells_only_what_is_more(want: Want) -> None:
    want(FILE)
    told_on(night(0), incident())
    told_on(night(0), incident(), incident("not_arrived", 1))
    told = [[item["rule"] for item in row["items"]] for row in message_log().told("H26")]
    assert told == [["finished_before_received"], ["not_arrived"]]


def test_a_past_night_run_again_tells_nobody(want: Want) -> None:
    want(FILE)
    told_on(night(3), incident())
    assert tell([incident("not_arrived", 1)], night(1)) == []


def test_two_nights_without_a_mail_server_lose_nothing_and_double_nothing(want: Want) -> None:
    want(MAIL, FILE)
    other = incident("not_arrived", 1)
    office = Office()
    first = told_on(night(0), incident())
    assert first == {"delivered": 1, "undelivered": 1}
    assert alarms(night(0)) == []
    told_on(night(1), incident(), other)
    [alarm] = alarms(night(1))
    assert str(night(0)) in alarm
    assert waiting() == [(str(night(0)), "digest"), (str(night(1)), "digest")]
    with mail_server(office, settings().smtp_port):
        told_on(night(2), incident(), replace(other, state="fixed", rows=0, fixed_on=night(2).on))
        told_on(night(3), incident())
    assert ids(office) == [f"<{row['message_id']}@localhost>" for row in message_log().told("H26")]
    assert len(set(ids(office))) == 3
    assert (waiting(), alarms(night(9))) == ([], [])


def test_a_silent_place_is_asked_once_a_run(want: Want, home: pytest.MonkeyPatch) -> None:
    want(MAIL, MAIL.model_copy(update={"address": "pho@hanoi.example.vn"}))
    asked = []

    def silent(letter: Any, to: Recipient, when: dt.datetime) -> None:
        asked.append(to.address)
        channels.deliver(letter, to, when)

    home.setattr(messages, "deliver", silent)
    assert told_on(night(0), incident()) == {"delivered": 0, "undelivered": 2}
    assert asked == [MAIL.address]
    assert len(message_log().deliveries(is_waiting=True)) == 2


def test_what_is_refused_alarms_at_once_and_goes_to_an_address_that_is_mended(want: Want) -> None:
    want(MAIL)
    office = Office()
    office.answers = ["550 no such person"]
    with mail_server(office, settings().smtp_port):
        told_on(night(0), incident())
        [alarm] = alarms(night(0))
        assert alarm.endswith(f"email {MAIL.address}: email: the mail server answered 550")
        want(MAIL.model_copy(update={"address": "mended@hanoi.example.vn"}))
        assert send(night(0), at) == {"delivered": 1, "undelivered": 0}
    assert [mail["To"] for mail in office.mails] == ["mended@hanoi.example.vn"]
    assert alarms(night(0)) == []


def test_a_crash_between_sending_and_noting_sends_the_same_id_again(
    want: Want, home: pytest.MonkeyPatch
) -> None:
    want(MAIL)
    office = Office()

    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    with mail_server(office, settings().smtp_port):
        with home.context() as crashing:
            crashing.setattr(messages, "_note", crash)
            with pytest.raises(KeyboardInterrupt):
                told_on(night(0), incident())
        told_on(night(0), incident())
        told_on(night(0), incident())
    [first, second] = ids(office)
    assert first == second


def test_what_is_decided_does_not_depend_on_what_was_delivered(want: Want) -> None:
    """Two weeks of one incident, delivered every night, never tried, and tried in vain."""
    want(MAIL, escalation=(MAIL.model_copy(update={"address": "pho@hanoi.example.vn"}),))
    office = Office()
    fixed = incident(state="fixed", rows=0, fixed_on=night(15).on)
    story = [*[incident()] * 3, *[incident(rows=90)] * 12, fixed]
    decided = []
    for way in ("delivered", "never tried", "in vain"):
        _empty()
        with mail_server(office, settings().smtp_port) if way == "delivered" else nullcontext():
            for number, now in enumerate(story):
                incidents().write_night(night(number).on, night(number).cutoff, [now], [])
                tell(incidents().read(through=night(number).on), night(number))
                _ = way == "never tried" or send(night(number), at)
        decided.append([row["message_id"] for row in message_log().told("H26")])
    assert decided[0] == decided[1] == decided[2]
    assert ids(office) == [f"<{name}@localhost>" for name in decided[0]]
    assert len(office.mails) == 5


def _empty() -> None:
    with stores.warehouse().engine.begin() as connection:
        tables = "ops.delivery, ops.message, ops.incident, ops.incident_event"
        connection.execute(sa.text(f"TRUNCATE {tables}"))


def test_two_that_send_at_once_send_each_message_once(want: Want) -> None:
    """The mail server is slow, so that the second comes while the first is waiting for it."""
    want(MAIL)
    office = Office()
    office.seconds = 0.5
    incidents().write_night(night(0).on, night(0).cutoff, [incident()], [])
    tell(incidents().read(through=night(0).on), night(0))
    with mail_server(office, settings().smtp_port), ThreadPoolExecutor(2) as senders:
        sent = [senders.submit(send, night(0), at) for _ in range(2)]
        counts = sorted(each.result()["delivered"] for each in sent)
    assert counts == [0, 1]
    assert len(office.mails) == 1


def test_the_chief_is_told_of_what_stays_undone_and_only_the_chief(want: Want) -> None:
    chief = FILE.model_copy(update={"address": "chief"})
    want(FILE, escalation=(chief,))
    for days in (0, 14):
        told_on(night(days), incident())
    names = sorted(p.name.rsplit(".", 2)[0] for p in settings().outbox_dir.rglob("*.txt"))
    assert names == ["H26.digest", "H26.digest", "chief.escalation"]
    [kept] = incidents().read()
    assert kept.escalated_on == night(14).on


def test_the_log_keeps_what_was_decided_and_counts_tries(warehouse: Warehouse) -> None:
    log = MessageLog(warehouse.engine)
    later = {**ROW, "message_id": "b2", "told_on": night(1).on}
    assert log.decided([ROW, later]) == 2
    assert log.decided([{**ROW, "still_open": 5}]) == 0
    assert [(row["message_id"], row["number"]) for row in log.told("H26")] == [("a1", 1), ("b2", 2)]
    assert log.told("H26")[0]["still_open"] == 0
    try_ = {"message_id": "a1", "channel": "email", "address": "x", "area": "H26"}
    bad = {"tried_on": night(0).on, "delivered_at": None, "is_refused": True, "problem": "no"}
    log.tried(try_ | bad)
    assert log.delivered_to("a1") == set()
    log.tried(try_ | bad | {"delivered_at": AT, "is_refused": False, "problem": ""})
    assert log.delivered_to("a1") == {("email", "x")}
    [newest, oldest] = log.deliveries()
    assert (newest["channel"], oldest["attempts"], oldest["problem"]) == (None, 2, "")
    log.all_have("a1")
    assert [row["message_id"] for row in log.undelivered()] == ["b2"]
