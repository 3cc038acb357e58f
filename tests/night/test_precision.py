"""What the checks find of the defects that the simulated nation declares, and what they find that
is none: every row is judged as a night would judge it, and counts of whole months as nights would.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from catalog.night import Night
from catalog.records import records
from catalog.sources import Source
from catalog.working_days import is_worked
from expectations import Filled, Sent, Verdict, judge
from expectations.batch_facts import batch_facts
from expectations.check import checks, facts_table
from expectations.engine import build_suite, failing_rows
from expectations.filling import NIGHTS_FILLED, is_given
from expectations.outlook import History, is_unusual
from simulator import Nation
from simulator.defects import defect_of, defects
from simulator.dossier import Version
from simulator.nation import Item, local
from tests.night.expected import field_of
from transforms.conform import Conformed, conform

ON = Night.parse("2026-11-19")
SPAN = dt.timedelta(days=60)
SPOILT = Nation(opens_on=ON.on - SPAN, dossiers=400_000)
FIRST, NIGHTS = dt.date(2025, 12, 1), 90
YEAR = Nation(opens_on=dt.date(2025, 11, 1))
ONE_DAY, LOOK_BACK = dt.timedelta(days=1), dt.timedelta(hours=1)
LAST_HOUR, TET_DAYS = 23, 9
SEASON = [dt.date(2026, 1, 29) + n * ONE_DAY for n in range(30)]
"""30 nights, with Tết from 14 to 22 February."""
CANONICAL = "lgsp_json"
DECISION = Path(__file__).parents[2] / "docs" / "decisions" / "0035-rules-about-rules.md"
WITH_ROWS = ("ha_noi", "ho_chi_minh", "da_nang")

pytestmark = pytest.mark.slow

Place = tuple[str, int]
Places = dict[str, set[Place]]


class Told(NamedTuple):
    """Per check (or ``<field> <reason>``): the rows of which it was said, and those of which it had
    to be."""

    said: Places
    due: Places


def canonical(source: Source) -> Source:
    return source.model_copy(update={"platform": CANONICAL, "dialect": "", "mapping": {}})


def due_of(record: str, item: Item) -> Iterator[str]:
    """What must be said of the row of an item, by the simulator's own truth."""
    defect = defect_of(record, item.subject, item.state)
    if defect and defect.reason and item.copy < defect.counted:
        column, _, kind = defect.reason.partition(" ")
        yield f"{field_of(CANONICAL, record, column)} {kind}" if kind else defect.reason
    if record == "dossier" and isinstance(item.state, Version) and item.state.received_at is None:
        yield "not_yet_received"


def told(nation: Nation, source_id: str, record: str) -> Told:
    """One delivery of all that a source has to say, conformed and judged."""
    until = local(ON.cutoff)
    window = nation.window(source_id, record, until - SPAN, until)
    found, verdict = judged_night(nation, source_id, record, ON, window)
    said: Places = defaultdict(set)
    due: Places = defaultdict(set)
    for row in verdict.findings.to_pylist():
        if row["page_row"]:
            said[row["check_id"]].add((row["page_sha256"] + record, row["page_row"]))
    for row in found.rejects.to_pylist():
        reason = f"{field_of(CANONICAL, record, row['field'])} {row['reason']}"
        said[reason].add((row["page_sha256"] + record, row["page_row"]))
    for number, item in enumerate(window, start=1):
        for reason in due_of(record, item):
            due[reason].add((source_id + record, number))
    return Told(said, due)


def judged_night(
    nation: Nation,
    source_id: str,
    record: str,
    night: Night,
    window: Sequence[Item],
    history: History = (),
    filled: Sequence[Filled] = (),
) -> tuple[Conformed, Verdict]:
    """One delivery as the night treats it."""
    source, kind = canonical(nation.sources[source_id]), records()[record]
    found = conform(source, kind, night, [(source_id, [item.row() for item in window])], b"key")
    sent = Sent(found.received, found.rejected)
    return found, judge(source, kind, found.table, night, sent, history, filled)


@pytest.fixture(scope="module")
def judged() -> Told:
    """All that is said and due at a few sources."""
    said: Places = defaultdict(set)
    due: Places = defaultdict(set)
    for source_id in WITH_ROWS:
        for record in ("dossier", "rating"):
            one = told(SPOILT, source_id, record)
            for whole, part in ((said, one.said), (due, one.due)):
                for reason, places in part.items():
                    whole[reason] |= places
    return Told(said, due)


def reasons() -> set[str]:
    return {reason for kind in defects().values() if kind.reason for reason in [expected(kind)]}


def expected(kind: Any) -> str:
    column, _, reason = kind.reason.partition(" ")
    return f"{field_of(CANONICAL, kind.record, column)} {reason}" if reason else kind.reason


def test_every_declared_defect_occurs_and_every_one_of_its_rows_is_found(judged: Told) -> None:
    assert reasons() <= set(judged.due)
    assert {r: judged.due[r] - judged.said.get(r, set()) for r in judged.due
            if judged.due[r] - judged.said.get(r, set())} == {}  # fmt: skip


def test_nothing_is_said_of_a_row_that_is_right(judged: Told) -> None:
    said = judged.said.items()
    wrong = {reason: places - judged.due.get(reason, set()) for reason, places in said}
    assert {reason: places for reason, places in wrong.items() if places} == {}


def stated(kind: Any, judged: Told) -> str:
    """What the checks find of a kind of defect, as a line of the table in the decision."""
    reason = expected(kind)
    due, said = judged.due[reason], judged.said.get(reason, set())
    found = len(due & said)
    shares = (f"{found / len(due):.0%}", f"{found / len(said):.0%}" if said else "")
    return f"| {kind.kind} | `{reason}` | {len(due)} | {' | '.join(shares)} |"


def test_the_decision_states_what_is_found_of_every_kind(judged: Told) -> None:
    text = DECISION.read_text(encoding="utf-8")
    told = [line for line in text.splitlines() if line.startswith("|") and "`" in line]
    kinds = defects()
    assert told == [stated(kinds[name], judged) for name in sorted(kinds) if kinds[name].reason]
    assert [name for name in kinds if not kinds[name].reason and f"`{name}`" not in text] == []


@pytest.fixture(scope="module")
def counted() -> dict[tuple[str, str], History]:
    """Rows of each night by source and record kind, from the lives of the dossiers."""
    return {
        (source_id, record): counts(YEAR, source_id, record)
        for source_id in YEAR.habits
        for record in ("dossier", "rating")
        if record in YEAR.sources[source_id].records
    }


def counts(nation: Nation, source_id: str, record: str) -> History:
    """A record is delivered on each night in whose 25 hours it changed."""
    found: Counter[dt.date] = Counter()
    for day in nation.days(nation.opens_on, SEASON[-1]):
        for dossier in nation.born(source_id, day):
            lives = dossier.versions if record == "dossier" else dossier.ratings
            found.update({on for state in lives for on in nights_of(state.at)})
    return [(on, found[on]) for on in (FIRST + n * ONE_DAY for n in range(NIGHTS))]


def nights_of(at: dt.datetime) -> Iterator[dt.date]:
    yield at.date()
    if at.hour == LAST_HOUR:
        yield at.date() + ONE_DAY


def alarms(counted: Mapping[tuple[str, str], History]) -> Counter[tuple[str, str, str]]:
    """(check, source, month) -> nights of the season on which a batch check said something."""
    checking = [check for check in checks().values() if check.scope == "batch"]
    facts, whose = [], []
    for (source_id, record), history in counted.items():
        source, kind = YEAR.sources[source_id], records()[record]
        nothing = kind.arrow_schema.empty_table()
        for number, (on, rows) in enumerate(history):
            if on in SEASON:
                known = history[:number]
                facts.append(batch_facts(source, kind, nothing, Night(on), Sent(rows), known))
                whose.append((source_id, f"{on:%Y-%m}"))
    found = failing_rows(build_suite(checking, ON), facts_table(checking, *facts))
    return Counter((check, *whose[n]) for check, failing in found.items() for n in failing)


def test_clean_months_with_tet_give_at_most_one_alarm_a_source_and_month(
    counted: dict[tuple[str, str], History],
) -> None:
    assert len({source_id for source_id, _ in counted}) == len(YEAR.habits)
    assert sum(is_unusual(on) and not is_worked(on) for on in SEASON) == TET_DAYS
    by_source: Counter[tuple[str, str]] = Counter()
    for (_, source_id, month), nights in alarms(counted).items():
        by_source[source_id, month] += nights
    assert {key: nights for key, nights in by_source.items() if nights > 1} == {}


def test_a_season_of_lost_deliveries_is_not_clean(
    counted: dict[tuple[str, str], History],
) -> None:
    lost = {
        key: [(on, rows // 5 if on in SEASON else rows) for on, rows in history]
        for key, history in counted.items()
        if key[1] == "dossier"
    }
    held = {source for check, source, _ in alarms(lost) if check == "volume_collapse"}
    assert held == {source for source, _ in lost}


def test_clean_nights_with_their_rows_say_nothing_of_the_batch() -> None:
    """Weeks of a province, each night judged with all its rows and its history."""
    history: list[tuple[dt.date, int]] = []
    filled: list[Filled] = []
    said: Counter[str] = Counter()
    for night in (Night(SEASON[0] + n * ONE_DAY) for n in range(-42, 7)):
        until = local(night.cutoff)
        window = YEAR.window("da_nang", "dossier", until - ONE_DAY - LOOK_BACK, until)
        found, verdict = judged_night(YEAR, "da_nang", "dossier", night, window, history, filled)
        history.append((night.on, found.received))
        filled.append(filled_in(night.on, found.table))
        said.update(r["check_id"] for r in verdict.findings.to_pylist() if r["page_row"] is None)
    assert len(filled) > NIGHTS_FILLED
    assert said == {}


def filled_in(on: dt.date, table: pa.Table) -> Filled:
    names = records()["dossier"].sent_fields
    given = {name: pc.sum(is_given(table[name])).as_py() or 0 for name in names}
    return Filled(on, table.num_rows, given)
