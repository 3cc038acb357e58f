"""Replay: rows that were turned away, judged again by the dialects and rules of today.

They are read from the landed bytes, as of the night that brought them, and taken by the newest
night as batches of their own. Nothing is edited, and what newer versions have replaced stays so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from catalog.errors import DeclarationError, LakeError, SourceError
from catalog.night import Night
from catalog.records import records
from catalog.sources import sources
from pipeline import replays
from pipeline.batch import Batch, write_table
from pipeline.for_nation import merge
from pipeline.judging_again import JudgedAgain, judge_again
from pipeline.replays import Places
from pipeline.stores import code_version, warehouse
from warehouse import quarantine
from warehouse import replays as stored
from warehouse.connections import transaction
from warehouse.tables.replay import MERGED

Row = dict[str, Any]


@dataclass(frozen=True)
class Chosen:
    """Which rows are judged again: of one source, of one check or reason, of nights; or all."""

    source_id: str | None = None
    why: str | None = None
    first: dt.date = dt.date.min
    last: dt.date = dt.date.max


@dataclass(frozen=True)
class Release:
    """Who accepts a batch that is held, and why."""

    by: str
    why: str


def newest_night(batch_id: str = "") -> Night:
    """The night that takes what is judged again: the newest merged, or that of the batch where it
    is newer still. Raises DeclarationError where there is none."""
    with transaction(warehouse().engine) as connection:
        merged = stored.newest_night(connection)
    nights = [*([merged] if merged else []), *([_parts(batch_id)[2]] if batch_id else [])]
    if not nights:
        raise DeclarationError("quarantine", "no night has been merged yet")
    return Night(max(nights))


def replay(night: Night, chosen: Chosen, is_dry_run: bool = False) -> list[Row]:
    """Judge the chosen rows again and merge into `night`, the newest, what passes; a line for each
    batch, with a `problem` where it could not be read again. What stood in the night's replays
    before stays in them. A dry run writes nothing.

    Rows of `night` itself are left to it: running the night again judges them by today's rules.
    """
    lines = []
    for batch_id, places in _chosen_places(night, chosen).items():
        try:
            judged = judge_again(_batch(batch_id), night, places)
        except (SourceError, LakeError) as error:
            lines.append(_line(night, batch_id, {}, f"{type(error).__name__}: {error}"))
            continue
        lines.append(_line(night, batch_id, judged.counts))
        if not is_dry_run:
            _write(night, batch_id, places, judged)
    return lines if is_dry_run else _merged(night, lines)


def release(night: Night, batch_id: str, by: Release) -> list[Row]:
    """Take the night of a source that is held as it was collected, all its held batches together
    or none; what checks refuse of its rows stays in quarantine. A line for each batch. `night` is
    the newest, and not before the batch.

    Raises DeclarationError where the batch is not held, is a list of keys, or was released before;
    SourceError and LakeError where it cannot be read again.
    """
    held = _held_with(batch_id)
    with transaction(warehouse().engine) as connection:
        for row in stored.read(connection):
            if row["replays"] == batch_id and row["released_by"] is not None:
                told = f"{batch_id} was released already, into the night {row['batch_on']}"
                raise DeclarationError("quarantine", told)
    judged = {held_id: judge_again(_batch(held_id), night, None) for held_id in held}
    for held_id, found in judged.items():
        _write(night, held_id, None, found, by)
    return _merged(night, [_line(night, i, found.counts) for i, found in judged.items()])


def _held_with(batch_id: str) -> list[str]:
    """The held batches of the same source and night; lists of keys stay held."""
    source_id, _, on = _parts(batch_id)
    with transaction(warehouse().engine) as connection:
        held = stored.held(connection, source_id, on)
    found = [other for other in held if not _batch(other).record.reconciles]
    if batch_id not in found:
        lists = " is a list of keys, which the next one replaces" if batch_id in held else ""
        raise DeclarationError("quarantine", f"{batch_id}{lists or ' is not held'}")
    return found


def _chosen_places(night: Night, chosen: Chosen) -> dict[str, Places | None]:
    """Batch -> the places of its rows to judge again; None for all, of a batch that was released
    into this very night."""
    with transaction(warehouse().engine) as connection:
        rows = stored.waiting(connection, night, chosen.source_id)
    found: dict[str, Places | None] = {}
    for row in replays.of_night(night.on):
        is_whole = row["released_by"] is not None
        if chosen.source_id in (None, row["source_id"]):
            found[row["replays"]] = None if is_whole else replays.places(row["batch_id"], night.on)
    for row in rows:
        places = found.setdefault(row["batch_id"], set())
        if places is not None and chosen.why in (None, row["why"]):
            places.add((row["page_sha256"], row["page_row"]))
    return {i: found[i] for i in sorted(found) if found[i] != set() and _is_chosen(i, chosen)}


def _is_chosen(batch_id: str, chosen: Chosen) -> bool:
    _, kind, on = _parts(batch_id)
    return chosen.first <= on <= chosen.last and not records()[kind].reconciles


def _line(night: Night, batch_id: str, counts: dict[str, int], problem: str = "") -> Row:
    replay_id = stored.replay_id(batch_id, night)
    return {"batch_id": replay_id, "replays": batch_id, "problem": problem, **counts}


def _write(
    night: Night,
    replayed: str,
    places: Places | None,
    judged: JudgedAgain,
    by: Release | None = None,
) -> None:
    """The files first: the night merges them once the line is there."""
    batch_id = stored.replay_id(replayed, night)
    kept = next((r for r in replays.of_night(night.on) if r["batch_id"] == batch_id), {})
    replays.keep_places(batch_id, night.on, places or set())
    write_table(replays.accepted_file(batch_id, night.on), judged.accepted)
    row = {
        "batch_id": batch_id,
        "replays": replayed,
        "released_by": by.by if by else kept.get("released_by"),
        "why": by.why if by else kept.get("why"),
        "code_version": code_version(),
        **judged.counts,
    }
    with transaction(warehouse().engine) as connection:
        stored.write(connection, row)
        quarantine.write_findings(connection, batch_id, judged.findings, judged.understood)


def _merged(night: Night, lines: list[Row]) -> list[Row]:
    """The lines with what the merge made of them."""
    if not any(not line["problem"] for line in lines):
        return lines
    merge(night.on)
    made = {row["batch_id"]: row for row in replays.of_night(night.on)}
    return [
        {**line, **{n: made[line["batch_id"]][n] for n in MERGED if line["batch_id"] in made}}
        for line in lines
    ]


def _parts(batch_id: str) -> tuple[str, str, dt.date]:
    """Source, record kind and night of a batch's id."""
    try:
        source_id, kind, on = batch_id.split(".")
        return source_id, kind, dt.date.fromisoformat(on)
    except ValueError:
        told = f"{batch_id!r} is no batch; one is called ha_noi.dossier.2026-11-22"
        raise DeclarationError("quarantine", told) from None


def _batch(batch_id: str) -> Batch:
    source_id, kind, on = _parts(batch_id)
    if source_id not in sources() or kind not in records():
        raise DeclarationError("quarantine", f"{batch_id}: nobody sends such batches")
    return Batch(sources()[source_id], records()[kind], Night(on))
