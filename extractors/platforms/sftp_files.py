"""Files by day on an SFTP server: ``<record>_<yyyyMMdd>.<csv|xlsx|zip>``, each with the changes of
that local day, complete once ``<the same name>.done`` lies beside it.

The cursor is the last day taken. Every day up to the night must be there: a missing one was not
delivered yet, and a night that skipped it would never come back for it.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Generator, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from catalog.errors import DeliveryBroken, SourceUnavailable
from catalog.night import Night
from catalog.settings import settings
from catalog.sources import Source
from extractors import files
from extractors.delivery import Page
from extractors.sftp_folder import BLOCK, Folder, RemoteFile

NEEDS = ("url", "host_key", "secret")
cuts = files.cuts
DAY = "%Y%m%d"
ONE_DAY = dt.timedelta(days=1)
DONE = ".done"


class Due(NamedTuple):
    """A complete file, and the day whose changes it holds."""

    name: str
    day: dt.date


def pages(source: Source, record: str, night: Night, cursor: str) -> Generator[Page, None, None]:
    """The files of every day after `cursor` (``yyyyMMdd``; the first time: from the oldest file
    of the last `history_days` on) through the night, cut into pages."""
    number, failures = 0, 0
    with Folder(source) as folder:
        for name, day in _due(source, record, night, cursor, folder.names()):
            for cut in _cuts(folder, name):
                number += 1
                last = cut.first + cut.rows - 1
                request = f"{source.base_url}/{name}#rows={cut.first}-{last}"
                attempts = 1 + folder.failures - failures
                failures = folder.failures
                yield Page(number, cut.content, cut.rows, request, attempts, f"{day:{DAY}}")


def rows(source: Source, record: str, content: bytes) -> Iterator[Any]:
    """The rows of a file's page, by the readers of ``extractors.files``."""
    return files.rows(source, content)


def _cuts(folder: Folder, name: str) -> Iterator[files.Cut]:
    before = folder.stat(name)
    with io.BufferedReader(RemoteFile(folder, name), BLOCK) as file:
        yield from files.cuts(folder.source, name, file)
    if folder.stat(name) != before:
        raise DeliveryBroken(folder.source.source_id, f"{name} changed while it was read")


def _due(source: Source, record: str, night: Night, cursor: str, names: set[str]) -> Iterator[Due]:
    """All that is due, found before the first file is read."""
    delivered = _by_day(source, record, names)
    day, due = _first_day(night, cursor, delivered), list[Due]()
    while day <= night.on:
        found = delivered.get(day, [])
        if len(found) > 1:
            problem = f"{' and '.join(found)} both hold {day.isoformat()}"
            raise DeliveryBroken(source.source_id, problem)
        if not found:
            expected = f"{record}_{day:{DAY}}.{'|'.join(files.SUFFIXES)}"
            raise SourceUnavailable(source.source_id, f"{expected} is not there yet")
        if found[0] + DONE not in names:
            raise SourceUnavailable(source.source_id, f"{found[0]}{DONE} is not there yet")
        due.append(Due(found[0], day))
        day += ONE_DAY
    return iter(due)


def _by_day(source: Source, record: str, names: Iterable[str]) -> dict[dt.date, list[str]]:
    """Day -> the names of its files. Only names of the agreed form are looked at, so that none
    can lead out of the folder."""
    form = re.compile(rf"{re.escape(record)}_(\d{{8}})\.(?:{'|'.join(files.SUFFIXES)})", re.ASCII)
    found: dict[dt.date, list[str]] = {}
    for name in sorted(names):
        match = form.fullmatch(name)
        if match and fnmatchcase(name, source.file_pattern):
            try:
                day = dt.datetime.strptime(match[1], DAY).date()
            except ValueError:
                continue
            found.setdefault(day, []).append(name)
    return found


def _first_day(night: Night, cursor: str, delivered: Iterable[dt.date]) -> dt.date:
    if cursor:
        return dt.datetime.strptime(cursor, DAY).date() + ONE_DAY
    oldest = night.on - dt.timedelta(days=settings().history_days - 1)
    return min((day for day in delivered if oldest <= day <= night.on), default=night.on)
