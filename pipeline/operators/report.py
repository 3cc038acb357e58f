"""What operators are told of a night: facts for programs, and the same in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from catalog.night import Night
from catalog.settings import settings
from pipeline import messages
from pipeline.batch import due_sources
from pipeline.operators import asked
from pipeline.operators.standing import runbook, standings
from pipeline.releases import release_id
from pipeline.stores import warehouse
from stack.alerts import Alert, alerts
from warehouse import standing
from warehouse.connections import transaction

Facts = dict[str, Any]
ENDINGS = {
    "collect": ("received",),
    "conform": ("rejected", "duplicate"),
    "judge": ("quarantined",),
    "merge": ("inserted", "updated", "unchanged", "superseded"),
}
"""Which stage of the ledger says how many rows ended in which way."""


def report(night: Night) -> Facts:
    """Everything, ready for JSON but for days and instants."""
    ledger = warehouse().ledger(on=night.on)
    found = standings(due_sources(night.on), ledger, night)
    with transaction(warehouse().engine) as connection:
        late = standing.late(connection, night.on)
    return {
        "night": night.on,
        "is_published": (settings().published_dir / release_id(night)).exists(),
        "states": dict(Counter(each.state for each in found)),
        "sources": [{**asdict(each), "runbook": each.runbook} for each in found],
        "late": late,
        "rows": rows_by_ending(ledger),
        "incidents": asked.incidents(night),
        "disputes": asked.disputes(night),
        "undelivered": asked.undelivered(night),
        "alarms": messages.alarms(night),
        "alerts": [_alert(each) for each in alerts(night.on)],
    }


def rows_by_ending(ledger: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How the rows of some part of the ledger ended."""
    return {
        ending: sum(row[ending] for row in ledger if row["stage"] == stage)
        for stage, endings in ENDINGS.items()
        for ending in endings
    }


def _alert(raised: Alert) -> Facts:
    return {**asdict(raised), "runbook": runbook(raised.error) if raised.error else ""}


def words(facts: Facts) -> str:
    """The same, to be read: first what is wrong, worst first, then how the rows ended."""
    parts = (_head, _sources, _late, _asked, _rest)
    return "\n".join([*(line for part in parts for line in part(facts)), ""])


def _head(facts: Facts) -> Iterator[str]:
    published = "published" if facts["is_published"] else "NOT PUBLISHED"
    yield f"Night {facts['night']}: {published}. {len(facts['sources'])} sources were due: " + (
        ", ".join(f"{count} {state}" for state, count in sorted(facts["states"].items())) + "."
    )
    for raised in facts["alerts"]:
        who = " ".join(filter(None, (raised["task"], raised["source_id"])))
        yield f"ALERT {raised['kind']} at {raised['at']}: {who} {raised['error']} {raised['about']}"
    yield from (f"ALERT {alarm}" for alarm in facts["alarms"])


def _sources(facts: Facts) -> Iterator[str]:
    wrong = [each for each in facts["sources"] if each["state"] != "merged"]
    for each in sorted(wrong, key=lambda one: (-one["nights_failed"], one["source_id"])):
        yield ""
        yield f"{each['source_id']}: {' '.join(filter(None, (each['state'], each['error'])))}"
        yield from (f"  {problem}" for problem in each["problems"])
        yield f"  {_streak(each)}; {_newest(each)}"
        yield f"  what to do: {each['runbook']}"


def _streak(each: Facts) -> str:
    last = each["last_success"] or "never"
    return f"{each['nights_failed']} nights in a row without a merge; last merged: {last}"


def _newest(each: Facts) -> str:
    newest, before = (_day(each[name]) for name in ("newest_change", "newest_before"))
    return f"newest change: {newest}" + ("" if newest == before else f", the night before {before}")


def _day(instant: Any) -> str:
    return f"{instant:%Y-%m-%d %H:%M}Z" if instant else "none"


def _late(facts: Facts) -> Iterator[str]:
    for row in facts["late"]:
        if row is facts["late"][0]:
            yield from ("", "Still waited for:")
        batch = f"{row['source_id']} {row['record']}"
        yield f"  {batch}: {row['deliveries']}, the oldest of {row['since']}"


def _asked(facts: Facts) -> Iterator[str]:
    steps, still_open = facts["incidents"]["steps"], facts["incidents"]["open"]
    tonight = ", ".join(f"{number} {step}" for step, number in steps.items())
    left = ", ".join(f"{number} {severity}" for severity, number in still_open.items())
    yield from ("", f"Incidents: {tonight}; open now: {left}")
    for row in facts["disputes"]:
        said = f"{row['by']}: {row['note']}"
        yield f"{row['incident_id']} is disputed, {row['rows']:,} rows; {said}"
        yield f"  to accept it: {row['accept']}"
    for row in facts["undelivered"]:
        yield f"{row['area']}: {row['messages']} messages not delivered, since {row['since']}"
        yield f"  what to do: {row['runbook']}"


def _rest(facts: Facts) -> Iterator[str]:
    yield ("Rows: " + ", ".join(f"{n:,} {name}" for name, n in facts["rows"].items()))
    standstill = [
        each["source_id"]
        for each in facts["sources"]
        if each["state"] == "merged" and each["newest_change"] == each["newest_before"]
    ]
    if standstill:
        yield f"Merged, but nothing newer than the night before: {', '.join(standstill)}"
    for each in facts["sources"]:
        yield from (f"{each['source_id']} {unmapped}" for unmapped in each["unmapped"])
