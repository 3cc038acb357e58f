"""Releases under embargo: cut, whole, and apart from all that is published until their hour.

Every release passes through here, also one that is cut when its hour has come: so there is one way
to become public. The hour is that of the calendar on the day, not one that was kept at the cut.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.errors import PublicationError
from catalog.release_calendar import due
from catalog.settings import settings
from pipeline.stores import warehouse
from pipeline.vintages.checksums import spoilt
from pipeline.vintages.frozen import WITHDRAWN, month_of, next_id, order_of, waiting, withdrawals
from pipeline.vintages.manifest import NAME, folder_of, manifest_of, read
from warehouse.files import Content, prepare, put_for_ever
from warehouse.tables import metadata

ONLY_THE_OFFICE = 0o700


def keep_apart(release: str, content: Content) -> Path:
    """Keep a release that was cut, for ever, where only the office reads it. Raises
    PublicationError where another was cut under its id, or the one that it starts from is gone."""
    with _alone() as folder:
        if next_id(month_of(release)) != release:
            raise PublicationError(f"release {release} is there already, and frozen")
        prepared = prepare(folder, release, content)
        if previous := read(prepared / NAME).previous:
            folder_of(previous.release)
        return put_for_ever(prepared, release)


def open_due(at: dt.datetime) -> list[str]:
    """Make public, in order, every release whose hour has come by `at`; returns their ids. Doing it
    again, also after a crash, ends what was begun and repeats nothing.

    Raises PublicationError where one is no longer what was cut: it and those after it wait.
    """
    opened = []
    with _alone() as folder:
        for release in sorted(waiting(), key=lambda name: (due(month_of(name)), order_of(name))):
            if _is_ready(folder / release, at):
                _open(folder / release)
                opened.append(release)
    return opened


def _is_ready(folder: Path, at: dt.datetime) -> bool:
    """Whether its hour has come, and that of the release that it starts from."""
    if due(month_of(folder.name)) > at:
        return False
    if files := spoilt(folder):
        raise PublicationError(f"release {folder.name} is not what was cut: {', '.join(files)}")
    return _starts_from(folder.name) not in waiting()


def _open(folder: Path) -> None:
    """The warehouse first: until the folder has moved, the release is still one that waits."""
    target = settings().published_dir / folder.name
    if target.exists():
        raise PublicationError(f"release {folder.name} is public already")
    figures = pq.read_table(folder / "observations.parquet", partitioning=None)
    catalogue = json.loads((folder / "indicators.json").read_text(encoding="utf-8"))
    warehouse().publish(folder.name, figures, {}, catalogue, _tables(folder))
    target.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(target)


def _tables(folder: Path) -> dict[str, pa.Table]:
    """Those of its tables that the warehouse has by release."""
    known = {t.name for t in metadata.tables.values() if t.schema == "mart" and "release" in t.c}
    files = (file for file in sorted(folder.glob("*.parquet")) if file.stem in known)
    return {file.stem: pq.read_table(file, partitioning=None) for file in files}


def withdraw(release: str, at: dt.datetime, who: str, why: str) -> None:
    """Take back a release before it is public, and keep a note of it; its id is not used again.

    Raises PublicationError where it does not wait, where its hour has come by `at` (unless it can
    never be public, for files that are spoilt), and where another starts from it.
    """
    with _alone() as folder:
        if release not in waiting():
            raise PublicationError(f"no release {release!r} is under embargo")
        if at >= due(month_of(release)) and not _is_stuck(folder / release):
            raise PublicationError(f"the hour of {release} has come: correct it by another release")
        for other in waiting():
            if other != release and _starts_from(other) == release:
                raise PublicationError(f"{other} starts from {release}: withdraw that first")
        told = {"release": release, "at": at.isoformat(timespec="seconds"), "who": who, "why": why}
        _note(folder, told)
        shutil.rmtree(folder / release)


def _is_stuck(folder: Path) -> bool:
    if spoilt(folder):
        return True
    start = _starts_from(folder.name)
    return start is not None and start in waiting() and _is_stuck(folder.with_name(start))


def _note(folder: Path, told: dict[str, str]) -> None:
    """From this line on the release is withdrawn, whatever is left of it."""
    lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in (*withdrawals(), told)]
    partial = folder / f".{WITHDRAWN}"
    partial.write_text("".join(lines), encoding="utf-8")
    partial.replace(folder / WITHDRAWN)


def _starts_from(release: str) -> str | None:
    previous = manifest_of(release).previous
    return previous.release if previous else None


@contextmanager
def _alone() -> Iterator[Path]:
    """The folder of what waits, with nobody else at work in it and nothing withdrawn left."""
    folder = settings().embargoed_dir
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(ONLY_THE_OFFICE)
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for told in withdrawals():
            shutil.rmtree(folder / told["release"], ignore_errors=True)
        yield folder
