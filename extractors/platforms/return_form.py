"""Statistical returns: files made from our own form (``catalog.returns``), put into a folder.

The folder, its cursor and provenance are those of `manual_drop`, the file formats those of
``extractors.files``. A line on which nothing is stated is not reported: it is left out, and counted
in the page's request. A return is taken whole or not at all: what is wrong with it is told to the
person who filled it in, by file, line and column.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

from catalog.areas import area_of_unit, areas_of
from catalog.errors import DeliveryBroken, SchemaDrift
from catalog.identifiers import unit_code
from catalog.night import Night
from catalog.returns import (
    COLUMNS,
    FIGURE,
    PERIOD,
    SCORE,
    STATED,
    UNIT,
    UPDATED,
    VALUE,
    WHOLE,
    is_period_of,
    is_score,
)
from catalog.sources import Source
from extractors import files
from extractors.delivery import Page
from extractors.platforms import manual_drop

NEEDS = ("figures",)
MOST_TOLD = 5
"""So many wrong lines of a return are named."""
REQUEST = re.compile(r"file:(?P<name>.*)#rows=(?P<first>\d+)-.*")


def pages(source: Source, record: str, night: Night, cursor: str) -> Generator[Page, None, None]:
    """Every return not yet taken, once all its lines are as the form asks. Raises SchemaDrift for
    a changed header and DeliveryBroken for wrong lines."""
    for page in manual_drop.pages(source, record, night, cursor):
        lines = list(files.rows(source, page.content))
        _check(source, page.request, lines)
        stated = sum(_is_stated(line) for line in lines)
        request = f"{page.request}&unreported={len(lines) - stated}"
        yield replace(page, rows=stated, request=request)


def cuts(source: Source, name: str, file: BinaryIO) -> Iterator[files.Cut]:
    """The pages of a return that somebody tries, refused as `pages` would."""
    for cut in files.cuts(source, name, file):
        _check(source, f"file:{name}#rows={cut.first}-", list(files.rows(source, cut.content)))
        yield cut


def rows(source: Source, record: str, content: bytes) -> Iterator[Any]:
    """The lines of a return that state something."""
    yield from filter(_is_stated, files.rows(source, content))


def _is_stated(line: Any) -> bool:
    return not isinstance(line, dict) or any(line.get(name) for name in STATED)


def _check(source: Source, request: str, lines: list[Any]) -> None:
    match = REQUEST.fullmatch(request)
    name, first = (match["name"], int(match["first"])) if match else (request, 1)
    for line in lines:
        gone = [c for c in COLUMNS if c not in line] if isinstance(line, dict) else []
        if gone:
            raise SchemaDrift(source.source_id, f"{name} lacks the column {', '.join(gone)}")
    wrong = [
        f"line {number}: {problem}"
        for number, line in enumerate(lines, start=first)
        if _is_stated(line) and (problem := _wrong(source, line))
    ]
    if wrong:
        more = f"; and {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else ""
        told = "; ".join(wrong[:MOST_TOLD])
        raise DeliveryBroken(source.source_id, f"{name} below its header, {told}{more}")


def _wrong(source: Source, line: Any) -> str:
    """What is wrong with a line, naming its column; nothing where it is as the form asks."""
    if not isinstance(line, dict):
        return "more or fewer cells than the header has"
    if line[FIGURE] not in source.figures:
        return f"column {FIGURE}: not a figure that this source reports"
    if not _is_of(source, line[UNIT]):
        return f"column {UNIT}: not a unit that this source reports for"
    if not is_period_of(source, line[PERIOD]):
        return f"column {PERIOD}: not a period of a {source.frequency} return"
    if not line[UPDATED]:
        return f"column {UPDATED}: empty, though the line states a figure"
    return _misplaced(line)


def _misplaced(line: Mapping[str, str]) -> str:
    """Points stand under Điểm and nothing else does."""
    wanted = SCORE if is_score(line[FIGURE]) else VALUE
    if not line[wanted]:
        return f"column {wanted}: empty, though the line states a figure"
    others = {VALUE, WHOLE} if wanted == SCORE else {SCORE}
    strange = sorted(name for name in others if line[name])
    return f"column {strange[0]}: not for a figure of this kind" if strange else ""


def _is_of(source: Source, unit: str) -> bool:
    try:
        return area_of_unit(unit_code(unit)) in areas_of(source)
    except ValueError:
        return False
