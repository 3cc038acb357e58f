"""Registers: lists whose entries are kept for ever and change now and then.

A register is older than the nation. What changed before the nation opened is stamped on its first
morning, as of a system that sends its whole list when it is connected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.kinds import State

if TYPE_CHECKING:
    from simulator.nation import Nation

CONNECTED = dt.time(1, 30)


class Version(NamedTuple):
    """What a register says of an entry since `at`."""

    at: dt.datetime
    content: Any


class Entry(NamedTuple):
    """One line of a register: what never changes, and the versions of the rest, oldest first."""

    code: str
    facts: Any
    versions: tuple[Version, ...]


def standing(nation: Nation, entry: Entry, before: dt.datetime) -> Version | None:
    """The newest version of `entry` made before a moment; None where there is none yet."""
    known = [version for version in entry.versions if version.at < before]
    connected_at = dt.datetime.combine(nation.opens_on, CONNECTED)
    if not known or before <= connected_at:
        return None
    return known[-1]._replace(at=max(known[-1].at, connected_at))


def states(
    nation: Nation, entries: Iterable[Entry], since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    """The entries whose last change before `until` is not before `since`."""
    for entry in entries:
        version = standing(nation, entry, until)
        if version and version.at >= since:
            yield State(version.at, entry.code, entry.facts, version)


def known(nation: Nation, entries: Iterable[Entry], cutoff: dt.datetime) -> list[tuple[Any, Any]]:
    """The facts and the content of every entry that the register has before `cutoff`."""
    found = ((entry.facts, standing(nation, entry, cutoff)) for entry in entries)
    return [(facts, version.content) for facts, version in found if version]
