"""What a night saw of everything that can be wrong at the sources, rolled up by cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from catalog.errors import DeclarationError
from catalog.incidents import HELD, NOT_ARRIVED, Fingerprint, Observed
from catalog.night import Night
from catalog.records import records
from catalog.sources import Source, sources
from pipeline.batch import USABLE, Batch
from pipeline.for_source import HELD_WITH_THE_REST
from pipeline.stores import warehouse
from warehouse.wrong_rows import wrong_rows

Ending = Literal["usable", "held", "with_the_rest", "not_arrived", "unknown"]
"""How a batch ended; ``with_the_rest``: nothing is wrong with it but the source's other batches;
``unknown``: the fault is ours, so that nobody knows what the source would have sent."""
Endings = Mapping[tuple[str, str], Ending]
SUFFIX = 4
"""How much of a code is told: enough to find a dossier at the source, too little to be one."""


def observe(night: Night) -> list[Observed]:
    """Of each source what did not arrive or is held, and all that was ever wrong with its rows, as
    of the night; with no rows what is not wrong any more. Nothing where the night was not run."""
    endings = _endings(night)
    if not endings:
        return []
    return [*_of_batches(night, endings), *_of_rows(night, endings)]


def _endings(night: Night) -> dict[tuple[str, str], Ending]:
    """(source, record) -> how the batch of the night ended; of a source that is due no more, that
    nothing is missing."""
    stages: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in warehouse().ledger(on=night.on):
        stages[row["batch_id"]][row["stage"]] = row
    if not stages:
        return {}
    found: dict[tuple[str, str], Ending] = {}
    for source in sources().values():
        for batch in Batch.all_of(source.source_id, night.on):
            key = (source.source_id, batch.record.kind)
            found[key] = _ending(batch, stages[batch.id]) if source.is_due(night.on) else "usable"
    return found


def _ending(batch: Batch, passed: Mapping[str, Any]) -> Ending:
    failed = [row for row in passed.values() if row["verdict"] == "failed"]
    if any(row["problem"].startswith(DeclarationError.__name__) for row in failed):
        return "unknown"
    if failed or "collect" not in passed:
        return "unknown" if _has_come(batch) else "not_arrived"
    if "judge" not in passed:
        return "unknown"
    if passed["judge"]["verdict"] in USABLE:
        return "usable"
    return "with_the_rest" if passed["judge"]["problem"] == HELD_WITH_THE_REST else "held"


def _has_come(batch: Batch) -> bool:
    """Whether nothing is waited for: a single file that was merged on an earlier night."""
    source, kind = batch.source, batch.record.kind
    if source.frequency != "once":
        return False
    return warehouse().complete_through(source.source_id, kind, batch.night.before) is not None


def _of_batches(night: Night, endings: Endings) -> Iterator[Observed]:
    for (source_id, record), ending in endings.items():
        for rule, is_known in (
            (NOT_ARRIVED, ending != "unknown"),
            (HELD, ending not in ("unknown", "not_arrived")),
        ):
            mark = Fingerprint(sources()[source_id].area, source_id, record, rule)
            is_so = ending == {NOT_ARRIVED: "not_arrived", HELD: "held"}[rule]
            yield Observed(mark, int(is_so), "error", night.on, is_known=is_known)


def _of_rows(night: Night, endings: Endings) -> Iterator[Observed]:
    for found in wrong_rows(warehouse().engine, night.on):
        source = sources().get(found["source_id"])
        if source:
            is_known = endings.get((found["source_id"], found["record"])) == "usable"
            yield _of_cause(source, found, is_known)


def _of_cause(source: Source, found: Mapping[str, Any], is_known: bool) -> Observed:
    named = (found[name] for name in ("source_id", "record", "rule", "column"))
    return Observed(
        Fingerprint(source.area, *named),
        found["rows"],
        "error" if found["is_error"] else "warning",
        found["first_seen"],
        _suffixes(found["record"], found["keys"] or ()),
        is_known,
    )


def _suffixes(record: str, keys: Any) -> tuple[str, ...]:
    """The ends of codes of a record whose key is one code; others have none to tell."""
    kind = records().get(record)
    if kind is None or len(kind.key) > 1:
        return ()
    return tuple(f"{key}"[-SUFFIX:] for key in keys)
