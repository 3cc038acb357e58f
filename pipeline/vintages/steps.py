"""From what one release knew and how it counted to the next, one cause at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from catalog.errors import DeclarationError
from catalog.night import Night
from catalog.records import Record, stored_records
from catalog.rulebook import Rulebook
from pipeline.stores import lake
from pipeline.vintages.causes import OWN, causes, changed_files, with_files_of
from pipeline.vintages.measure import Job, measured
from pipeline.vintages.vintage import Vintage

COVERAGE = "coverage"


@dataclass(frozen=True)
class Step:
    """What is measured once `cause` is taken in, with all causes before it."""

    cause: str
    job: Job
    rules: Rulebook
    reporting: pa.Table
    detections: pa.Table


class Way:
    """The steps from `earlier` to `later` that change anything. `kinds` are the record kinds that
    the differing figures are made of; only where rules changed as well, all are looked at."""

    def __init__(self, earlier: Vintage, later: Vintage, kinds: frozenset[str]) -> None:
        self.earlier, self.later = earlier, later
        self.rules = earlier.rules
        self.files = changed_files(self.rules, later.rules)
        self.kinds = () if self.files else tuple(sorted(kinds))
        self.keys = self._keys()

    def figures(self) -> Iterator[tuple[str, pa.Table]]:
        """The cause of each step and the figures after it; the last are those of `later`. Rules
        of two times that do not load together are taken in with the next step, as one cause."""
        steps, joined = list(self.steps()), ""
        for step in steps[:-1]:
            cause = joined or step.cause
            try:
                found = measured(step.rules, step.job, step.reporting, step.detections, self.keys)
            except DeclarationError:
                joined = cause
                continue
            joined = ""
            yield cause, found
        if steps:
            yield joined or steps[-1].cause, self.later.figures

    def steps(self) -> Iterator[Step]:
        earlier, later = self.earlier, self.later
        job = Job(
            release=later.release,
            night=str(earlier.night),
            since=str(earlier.night),
            through=str(later.night),
            kinds=self.kinds,
        )
        step = Step("", job, self.rules, earlier.reporting, earlier.detections)
        if cause := self._made_otherwise():
            yield replace(step, cause=cause)
        for cause in causes():
            taken_in = self._with(step, cause)
            if taken_in != step:
                step = taken_in
                yield replace(step, cause=cause)

    def _with(self, step: Step, cause: str) -> Step:
        """`step` with what belongs to `cause` as it is now."""
        later = self.later
        job, reporting, detections = step.job, step.reporting, step.detections
        if any(cause in table["cause"].to_pylist() for table in self.keys.values()):
            job = replace(job, admitted=(*job.admitted, cause))
        if cause == "late_data":
            reporting = heard(step.reporting, later.reporting, self.earlier.night)
        if cause == "progress":
            job = replace(job, night=str(later.night))
        if cause == COVERAGE:
            reporting = later.reporting
            if _not_feeding(detections) != _not_feeding(later.detections):
                detections = later.detections
        if cause not in self.files:
            return replace(step, job=job, reporting=reporting, detections=detections)
        rules = with_files_of(step.rules, later.rules, self.files[cause])
        return Step("", job, rules, reporting, detections)

    def _keys(self) -> dict[str, pa.Table]:
        since, through = self.earlier.night, self.later.night
        kinds = self.kinds or tuple(stored_records())
        found = {k: lake().changes(stored_records()[k], since, through) for k in kinds}
        return {kind: table for kind, table in found.items() if table.num_rows}

    def _made_otherwise(self) -> str:
        """Why `earlier` would no longer be measured as it was: a night of it was replaced since
        (batches that came later are late data, others a correction), or the program counts in
        another way."""
        found = [how for record in stored_records().values() for how in self._replaced(record)]
        if found:
            return "late_data" if set(found) == {"added"} else "source_correction"
        is_same = self.earlier.manifest.made_with == self.later.manifest.made_with
        return "" if is_same else OWN

    def _replaced(self, record: Record) -> Iterator[str]:
        told, night = self.earlier.manifest.data.get(record.kind), self.earlier.night
        if told and (now := lake().known(record, night)).digest != told.digest:
            then = lake().known(record, night, told.log_version)
            yield from (how for _, _, how in then.replaced(now))


def heard(earlier: pa.Table, later: pa.Table, night: Night) -> pa.Table:
    """Who had to report as in `earlier` (REPORTING_SCHEMA), with what `later` has heard of the time
    through `night`."""
    now = dict(_numbered(later))
    rows = [_more(row, now.get(key, row), night) for key, row in _numbered(earlier)]
    return pa.Table.from_pylist(rows, earlier.schema)


def _numbered(reporting: pa.Table) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """The rows by who must report what since when: an area may have several systems for it."""
    seen: Counter[tuple[Any, ...]] = Counter()
    for row in reporting.to_pylist():
        key = (row["area"], row["stream"], row["starts_on"])
        seen[key] += 1
        yield (*key, seen[key]), row


def _more(then: dict[str, Any], now: dict[str, Any], night: Night) -> dict[str, Any]:
    was_complete = then["complete_through"] and then["complete_through"] >= night.on
    return then if was_complete and then["silent"] == now["silent"] else now


def _not_feeding(detections: pa.Table) -> set[tuple[str, str]]:
    found: list[Mapping[str, str]] = detections.to_pylist()
    return {
        (row["source_id"], row["detector"])
        for row in found
        if row["is_found"] and row["kind"] == "constant"
    }
