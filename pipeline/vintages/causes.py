"""Why figures change: ``codelists/revision_cause.csv``, in the order in which it is asked.

First what was learnt since (late data, progress, corrections), then the files of the rulebook that
changed, group by group. A file belongs to the group that names it, else to our own rules.
"""

from __future__ import annotations

from fnmatch import fnmatch
from functools import cache

from catalog import codelists
from catalog.rulebook import Rulebook

OWN = "our_rule"


@cache
def causes() -> tuple[str, ...]:
    """The codes of all causes, in order."""
    return tuple(row["code"] for row in codelists.rows("revision_cause"))


@cache
def _patterns() -> dict[str, list[str]]:
    rows = codelists.rows("revision_cause")
    return {row["code"]: row["files"].split() for row in rows if row["code"] != OWN}


def cause_of(path: str) -> str:
    """Of which cause a change of that file of the rulebook is."""
    for cause, patterns in _patterns().items():
        if any(fnmatch(path, pattern) for pattern in patterns):
            return cause
    return OWN


def changed_files(before: Rulebook, after: Rulebook) -> dict[str, list[str]]:
    """Cause -> the files that differ, are new or are gone; in the order of the causes."""
    differing = [p for p in sorted({*before, *after}) if before.get(p) != after.get(p)]
    found = {cause: [p for p in differing if cause_of(p) == cause] for cause in causes()}
    return {cause: paths for cause, paths in found.items() if paths}


def with_files_of(before: Rulebook, after: Rulebook, paths: list[str]) -> Rulebook:
    """The rulebook `before` with the files `paths` as they are in `after`."""
    kept = {path: text for path, text in before.items() if path not in paths}
    return {**kept, **{path: after[path] for path in paths if path in after}}
