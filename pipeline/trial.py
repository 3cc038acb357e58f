"""Trying a file before it is sent: read, conformed and judged as at night, and nothing stored.

The file is held in memory and given to the platform's own reader; what comes of it is an answer
(`feedback.outcome`), and every size on the way is bounded.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO, NamedTuple

import msgspec
import pyarrow as pa

import expectations
import extractors
from catalog.errors import DeliveryBroken, LakeError, SourceError
from catalog.night import Night
from catalog.records import Record, records
from catalog.settings import settings
from catalog.sources import Source
from expectations import Filled, Verdict
from expectations.check import checks
from extractors.files import SUFFIXES
from feedback.failing import Failing, held_batch, of_finding, of_reject
from feedback.outcome import Outcome, broken
from pipeline.batch import Batch
from pipeline.deviations import refuse_unknown
from pipeline.filling import filled_before
from pipeline.stores import warehouse
from transforms.conform import Conformed, conform

History = Sequence[tuple[dt.date, int]]
Pages = Iterable[tuple[str, Iterable[Any]]]
OF_EARLIER_NIGHTS = {"earlier_nights", "expected", "shortfall", "scatter", "emptied"}
"""The facts of a batch that only earlier nights tell."""
MOST_NAMES, LONGEST_NAME = 40, 60
"""Columns that nobody declared are named as far as they look like names."""


class Bounds(NamedTuple):
    """How much of a file is read, beside its platform's own limits: `rows`; `values`, by the signs
    between them, of a page that is opened whole; `seconds` of reading."""

    rows: int = 1_000_000
    values: int = 5_000_000
    seconds: float = 600


class Before(NamedTuple):
    """What earlier nights of a source tell: how many rows came, and which columns were filled."""

    history: History = ()
    filled: Sequence[Filled] = ()


NOTHING_BEFORE = Before()


class Weighed(NamedTuple):
    """What conform and judge made of rows."""

    found: Conformed
    verdict: Verdict


def weigh(source: Source, record: Record, night: Night, pages: Pages, before: Before) -> Weighed:
    """Conform and judge rows as a night would. Raises SourceError and DeclarationError."""
    found = conform(source, record, night, pages, settings().secret("APPLICANT_KEY").encode())
    sent = expectations.Sent(found.received, found.rejected)
    verdict = expectations.judge(source, record, found.table, night, sent, *before)
    return Weighed(found, verdict)


def try_file(
    source: Source,
    kind: str,
    night: Night,
    name: str,
    file: BinaryIO,
    before: Before = NOTHING_BEFORE,
    bounds: Bounds = Bounds(),  # noqa: B008  (a tuple of numbers)
) -> Outcome:
    """What that night would make of `file` as a delivery of the record kind `kind`. Of `name` only
    the ending counts. Raises DeclarationError where the source's own file is wrong."""
    refuse_unknown(source)
    pages = _Pages(source, kind, bounds)
    try:
        weighed = weigh(source, records()[kind], night, pages.of(name, file), before)
    except SourceError as error:
        return broken(source.source_id, kind, str(night), error)
    return _outcome(source, kind, night, weighed, pages, before)


def earlier_nights(source: Source, kind: str, night: Night) -> Before:
    """What the warehouse knows of the nights before, where there is one."""
    place = settings()
    if not place.warehouse_url and not (place.postgres_dir / "data").exists():
        return NOTHING_BEFORE
    try:
        history = warehouse().history(source.source_id, kind, night)
        return Before(history, filled_before(Batch(source, records()[kind], night)))
    except LakeError:
        return NOTHING_BEFORE


@dataclass
class _Pages:
    """The pages of one file, and where in the file each begins."""

    source: Source
    kind: str
    bounds: Bounds

    def __post_init__(self) -> None:
        self.starts: dict[str, tuple[int, int]] = {}
        self.rows, self.until = 0, time.monotonic() + self.bounds.seconds

    def of(self, name: str, file: BinaryIO) -> Iterator[tuple[str, Iterator[Any]]]:
        for number, (content, first) in enumerate(self._cut(name, file), start=1):
            sha256 = hashlib.sha256(content).hexdigest()
            self.starts.setdefault(sha256, (number, first))
            yield sha256, self._bounded(content)

    def _cut(self, name: str, file: BinaryIO) -> Iterator[tuple[bytes, int]]:
        """As the platform cuts files; what speaks in answers is one answer, one page."""
        platform = extractors.platform(self.source)
        cuts = getattr(platform, "cuts", None)
        if cuts:
            for cut in cuts(self.source, _harmless(name), file):
                yield cut.content, cut.first
            return
        content = file.read(self.source.max_page_bytes + 1)
        if len(content) > self.source.max_page_bytes:
            raise self._broken(f"is larger than {self.source.max_page_bytes} bytes")
        if sum(map(content.count, (b",", b"[", b"{"))) > self.bounds.values:
            raise self._broken(f"holds more than {self.bounds.values} values")
        yield content, 1

    def _bounded(self, content: bytes) -> Iterator[Any]:
        try:
            for row in extractors.read(self.source, self.kind, content):
                self.rows += 1
                if self.rows > self.bounds.rows:
                    raise self._broken(f"holds more than {self.bounds.rows} rows")
                if time.monotonic() > self.until:
                    raise self._broken(f"takes longer than {self.bounds.seconds:.0f} s to read")
                yield row
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, AttributeError):
            problem = f"is not a page as {self.source.platform} sends it"
            raise self._broken(problem) from None

    def _broken(self, problem: str) -> DeliveryBroken:
        return DeliveryBroken(self.source.source_id, f"the file {problem}")

    def place(self, found: dict[str, Any]) -> dict[str, Any]:
        """The page by its number, and the row as counted through the whole file."""
        number, first = self.starts.get(found["page_sha256"] or "", (0, 1))
        row = found["page_row"]
        whole = None if row is None else first + row - 1
        return {"page": str(number or ""), "page_row": whole}


def _harmless(name: str) -> str:
    """A name of ours with the ending of `name`, which may hold anything."""
    ending = PurePath(name).suffix.lower().lstrip(".")
    return f"tep.{ending if ending in SUFFIXES else SUFFIXES[0]}"


def _outcome(
    source: Source, kind: str, night: Night, weighed: Weighed, pages: _Pages, before: Before
) -> Outcome:
    found, verdict = weighed
    accepted, quarantined = verdict.split(found.table)
    batch_checks = (c for c in checks().values() if c.scope == "batch" and not before.history)
    blind = [c.check_id for c in batch_checks if c.expectation.columns & OF_EARLIER_NIGHTS]
    return Outcome(
        source_id=source.source_id,
        record=kind,
        night=str(night),
        decision=verdict.decision,
        problem=verdict.problem,
        received=found.received,
        accepted=accepted.num_rows,
        quarantined=quarantined.num_rows,
        rejected=found.rejected,
        duplicate=found.duplicate,
        failing=tuple(_failing(source, kind, night, weighed, pages)),
        unmapped=_named(found.unmapped),
        not_asked=tuple(sorted(blind)),
    )


def _failing(
    source: Source, kind: str, night: Night, weighed: Weighed, pages: _Pages
) -> Iterator[Failing]:
    found, verdict = weighed
    batch = {"batch_id": night.batch_id(source.source_id, kind), "record": kind}
    is_held = verdict.decision == "hold"
    if is_held:
        yield held_batch(batch["batch_id"], kind, found.table.num_rows)
    for reject in found.rejects.to_pylist():
        yield of_reject({**reject, **batch, **pages.place(reject)})
    findings = verdict.findings.to_pylist()
    places = sorted({f["row_index"] for f in findings if f["row_index"] is not None})
    taken = found.table.take(pa.array(places, pa.int64()))
    rows = dict(zip(places, taken.to_pylist(), strict=True))
    for finding in findings:
        row = rows.get(finding["row_index"])
        yield of_finding({**finding, **batch, "row": row, **pages.place(finding)}, is_held)


def _named(columns: Sequence[str]) -> tuple[str, ...]:
    short = (c if len(c) <= LONGEST_NAME else f"{c[:LONGEST_NAME]}…" for c in columns)
    return tuple(short)[:MOST_NAMES]
