"""The season as it is lived: by the verbs of a night, real servers, and people who answer."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.responses import Response

import pipeline
from catalog.errors import SourceError
from catalog.incidents import Action
from catalog.settings import settings
from feedback import channels
from feedback.web import application
from motcua.clock import now
from motcua.web import desk, reception
from pipeline.incidents import act
from stack.postgres import stop_embedded
from tests.feedback.letters import SECRET, Office, Receiver, free_port, mail_server, web_server
from tests.night.conftest import forget
from tests.night.season import (
    ACCEPTED,
    ANSWERED,
    AREAS,
    BOTHERED,
    CRASHED,
    HA_NOI,
    MAIL_DOWN,
    NIGHTS,
    RUN_AGAIN,
    SILENT,
    UNKNOWN,
    bring,
    declare,
    morning,
)


class Arrived(NamedTuple):
    """Something that came: on which night, to whom, and what it was."""

    number: int
    channel: str
    to: str
    message_id: str
    content: Any


class Season:
    """A country, and the offices that all it tells comes to."""

    def __init__(self, home: Path, port: int, hook: Receiver) -> None:
        self.home, self.port = home, port
        self.mail, self.hook = Office(), hook
        self.arrived: list[Arrived] = []
        self.files: set[Path] = set()

    def day(self, number: int) -> None:
        """The folders of a day; in its night the pipeline, until everybody was told."""
        for source_id in AREAS:
            bring(self.home, source_id, number)
        if number in ANSWERED:
            self.answer(number, *ANSWERED[number])
        if number == ACCEPTED:
            said = ("văn phòng", "chờ nâng cấp", NIGHTS[23])
            act(Action(f"{HA_NOI}/{UNKNOWN}", "accepted", morning(number), *said))
        if number == BOTHERED:
            self.hook.answers = [Response(status_code=500) for _ in range(channels.ATTEMPTS)]
        with ExitStack() as night:
            for source_id, nights in SILENT.items():
                if number in nights:
                    night.enter_context(_away(self.home / "drop" / source_id))
            if number not in MAIL_DOWN:
                night.enter_context(mail_server(self.mail, self.port))
            self.work(number)
            if number == CRASHED:
                self.crash(number)
            self.notify(number)
            if number in RUN_AGAIN:
                self.work(number)
                self.notify(number)
        self._gather(number)

    def answer(self, number: int, link: str, fields: dict[str, str]) -> None:
        """Somebody in Hà Nội looks at the form behind the first such link of the newest mail, and
        sends it."""
        mails = [mail for mail in self.mail.mails if "@hanoi" in str(mail["To"])]
        [plain, _] = mails[-1].iter_parts()
        [address, *_] = re.findall(f"{link}(\\S+)", plain.get_content())
        office = replace(reception(), clock=lambda: morning(number))
        with web_server(application(desk(), office), urlsplit(address).port or 0):
            httpx2.get(address).raise_for_status()
            said = {"by": "tổ dữ liệu", "note": "", **fields}
            httpx2.post(address, data=said).raise_for_status()

    def work(self, number: int) -> None:
        """All that a night does before it tells anybody."""
        on = NIGHTS[number]
        for source_id in AREAS:
            try:
                pipeline.collect(on, source_id)
                pipeline.conform(on, source_id)
                pipeline.judge(on, source_id)
            except SourceError:
                continue
        pipeline.merge(on)

    def notify(self, number: int) -> None:
        pipeline.notify(NIGHTS[number], now)

    def crash(self, number: int) -> None:
        """A process of its own tells, and is killed when Hải Phòng has the message and before it
        knows so."""
        command = [sys.executable, "-m", "motcua", "notify", "--on", str(NIGHTS[number])]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as teller:

            async def killing() -> Response:
                teller.kill()
                return Response(status_code=204)

            self.hook.answers = [killing]
            _, told = teller.communicate()
        assert teller.returncode == -signal.SIGKILL, told

    def _gather(self, number: int) -> None:
        """What has come since it was gathered last, in the order in which it came."""

        def came(*what: Any) -> None:
            self.arrived.append(Arrived(number, *what))

        of = Counter(kept.channel for kept in self.arrived)
        for mail in self.mail.mails[of["email"] :]:
            came("email", str(mail["To"]), str(mail["Message-ID"]), mail)
        posts = zip(self.hook.ids, self.hook.statuses, self.hook.taken, strict=True)
        for message_id, status, data in list(posts)[of["webhook"] :]:
            came("webhook", str(status), message_id, data)
        for file in sorted(set(settings().outbox_dir.glob("*/hue.*.txt")) - self.files):
            self.files.add(file)
            to, _, message_id, _ = file.name.split(".")
            came("folder", to, message_id, file.read_text("utf-8"))


@contextmanager
def _away(folder: Path) -> Iterator[None]:
    """The folder is not where it should be."""
    place = folder.with_name(f"{folder.name}.away")
    shutil.move(folder, place)
    yield
    shutil.move(place, folder)


@contextmanager
def country() -> Iterator[Season]:
    """The country before its first night."""
    with ExitStack() as opened:
        place = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="motcua-season-")))
        patch = opened.enter_context(pytest.MonkeyPatch.context())
        hook = Receiver()
        url = opened.enter_context(web_server(hook.application()))
        home, sources, port = place / "var", place / "sources", free_port()
        declare(sources, url)
        environment = {"home": home, "sources_dir": sources, "smtp_host": "127.0.0.1"}
        environment |= {"smtp_port": port, "hai_phong": SECRET}
        environment["web_url"] = f"http://127.0.0.1:{free_port()}"
        for name, value in environment.items():
            patch.setenv(f"MOTCUA_{name.upper()}", str(value))
        patch.setattr(channels, "FIRST_WAIT", 0.01)
        opened.callback(forget)
        opened.callback(stop_embedded, home / "postgres")
        forget()
        yield Season(home, port, hook)
