"""What operators are told: three nights of a small country in which one source is down twice and
another is held, as the digest, the command line, the metrics and the lineage tell them."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

import pipeline
from catalog.incidents import NOT_ARRIVED
from catalog.night import Night
from catalog.settings import settings
from feedback.web import application
from motcua import clock
from motcua.clock import now
from motcua.web import desk, reception
from pipeline import operators
from pipeline.operators.metrics import METRICS, samples
from pipeline.stores import warehouse
from stack.alerts import Alert, alert
from tests.extractors.conftest import serving
from tests.night.conftest import FIRST, Country, found_country
from warehouse.incidents import Incidents
from warehouse.messages import MessageLog

pytestmark = pytest.mark.slow
NIGHTS = [FIRST + dt.timedelta(days=days) for days in range(3)]
SOURCES = {"ha_noi", "hue", "can_tho"}
Told = dict[str, Any]


@pytest.fixture(scope="module")
def country() -> Iterator[Country]:
    with tempfile.TemporaryDirectory(prefix="motcua-operators-") as folder:
        for country in found_country(Path(folder), 60_000, SOURCES):
            pipeline.night(NIGHTS[0], now)
            country.fault("hue", kind="down")
            pipeline.night(NIGHTS[1], now)
            country.fault("can_tho", kind="empty_night")
            alert(Alert(str(NIGHTS[2]), "failed", "2026-11-21T02:00:00+07:00", task="pages"))
            pipeline.night(NIGHTS[2], now)
            yield country


@pytest.fixture(scope="module")
def told(country: Country) -> list[Told]:
    """The digest that each night left, as a program reads it."""
    files = (settings().outbox_dir / str(on) / "operators.json" for on in NIGHTS)
    return [json.loads(file.read_text()) for file in files]


@pytest.fixture(scope="module")
def events(country: Country) -> list[list[Told]]:
    """The lineage of each night."""
    files = (settings().lineage_dir / f"{on}.jsonl" for on in NIGHTS)
    return [[json.loads(line) for line in file.read_text().splitlines()] for file in files]


def of(told: Told, source_id: str) -> Told:
    return next(each for each in told["sources"] if each["source_id"] == source_id)


def test_a_night_in_which_all_is_well_names_nobody(told: list[Told], country: Country) -> None:
    assert told[0]["states"] == {"merged": 3}
    assert told[0]["is_published"]
    assert told[0]["late"] == told[0]["alerts"] == []
    text = (settings().outbox_dir / str(NIGHTS[0]) / "operators.txt").read_text()
    assert text.startswith(f"Night {NIGHTS[0]}: published. 3 sources were due: 3 merged.")
    assert "what to do" not in text


def test_a_failed_source_is_told_with_its_error_its_runbook_and_since_when(
    told: list[Told],
) -> None:
    hue = of(told[2], "hue")
    assert (hue["state"], hue["error"]) == ("failed", "SourceUnavailable")
    assert hue["runbook"] == "docs/runbooks/SourceUnavailable.md"
    assert (hue["nights_failed"], hue["last_success"]) == (2, str(NIGHTS[0]))
    assert of(told[1], "hue")["nights_failed"] == 1
    assert all("503" in problem for problem in hue["problems"])


def test_a_held_source_is_told_with_the_checks_reason(told: list[Told]) -> None:
    held = of(told[2], "can_tho")
    assert (held["state"], held["error"]) == ("held", "")
    assert held["runbook"] == "docs/runbooks/held.md"
    assert held["problems"]


def test_the_newest_change_moves_where_a_source_was_merged_and_stands_where_not(
    told: list[Told],
) -> None:
    merged, failed = of(told[2], "ha_noi"), of(told[2], "hue")
    assert merged["newest_change"] > merged["newest_before"]
    assert failed["newest_change"] == failed["newest_before"]
    assert merged["newest_before"] == of(told[1], "ha_noi")["newest_change"]


def test_what_is_waited_for_since_an_earlier_night_is_late(told: list[Told]) -> None:
    assert told[1]["late"] == []
    assert {(row["source_id"], row["since"]) for row in told[2]["late"]} == {
        ("hue", str(NIGHTS[1]))
    }


def test_rows_by_ending_are_the_ledgers(told: list[Told]) -> None:
    ledger = warehouse().ledger(on=NIGHTS[2])
    assert told[2]["rows"]["received"] > 0
    for ending, stage in (("received", "collect"), ("inserted", "merge"), ("rejected", "conform")):
        rows = sum(row[ending] for row in ledger if row["stage"] == stage)
        assert told[2]["rows"][ending] == rows


def test_incidents_of_the_night_and_those_still_open_are_counted(told: list[Told]) -> None:
    kept = Incidents(warehouse().engine)
    for night, facts in zip(NIGHTS, told, strict=True):
        steps = [event.kind for event in kept.events(on=night)]
        assert facts["incidents"]["steps"]["opened"] == steps.count("opened")
    left = [i for i in kept.read(through=NIGHTS[2]) if i.is_open and not i.inhibited_by]
    assert sum(told[2]["incidents"]["open"].values()) == len(left)
    assert {i.fingerprint.source_id for i in left if i.fingerprint.rule == NOT_ARRIVED} == {"hue"}


def test_alerts_of_the_night_are_repeated(told: list[Told]) -> None:
    assert [each["task"] for each in told[2]["alerts"]] == ["pages"]
    text = (settings().outbox_dir / str(NIGHTS[2]) / "operators.txt").read_text()
    assert "ALERT failed at 2026-11-21T02:00:00+07:00: pages" in text


def test_an_earlier_night_reads_as_it_was_known_then(told: list[Told], country: Country) -> None:
    assert country.json("status", "--on", str(NIGHTS[1])) == told[1]
    assert country.json("status") == told[2]


def test_the_command_line_prints_what_the_outbox_holds(country: Country) -> None:
    text = (settings().outbox_dir / str(NIGHTS[2]) / "operators.txt").read_text()
    assert country.motcua("status").stdout == text
    assert "hue: failed SourceUnavailable" in text
    assert text.index("hue: failed") < text.index("can_tho: held")


def test_notifying_again_writes_the_same(country: Country) -> None:
    file = settings().outbox_dir / str(NIGHTS[2]) / "operators.json"
    before = file.read_text()
    lineage = (settings().lineage_dir / f"{NIGHTS[2]}.jsonl").read_text()
    operators.write(file.parent, Night(NIGHTS[2]))
    assert (settings().lineage_dir / f"{NIGHTS[2]}.jsonl").read_text() == lineage
    assert file.read_text() == before


def test_the_metrics_are_the_ledgers_and_all_that_are_declared(country: Country) -> None:
    night = Night(NIGHTS[2])
    found = list(samples(operators.report(night), night))
    assert {sample.name for sample in found} == set(METRICS)
    numbers = {(s.name, *sorted(s.labels.values())): s.value for s in found}
    assert len(numbers) == len(found)
    assert numbers["motcua_sources", "failed"] == numbers["motcua_sources", "held"] == 1
    assert numbers["motcua_source_nights_failed", "hue"] == 2
    received = sum(row["received"] for row in warehouse().ledger(NIGHTS[2]) if row["pages"])
    rows = sum(s.value for s in found if s.labels.get("ending") == "received")
    assert rows == received > 0
    assert all(0 <= s.value <= 1 for s in found if s.name == "motcua_coverage")


def test_every_run_starts_and_ends_once_and_says_what_the_standard_requires(
    events: list[list[Told]],
) -> None:
    for night, told in zip(NIGHTS, events, strict=True):
        runs: dict[str, list[str]] = defaultdict(list)
        for event in told:
            runs[str(uuid.UUID(event["run"]["runId"]))].append(event["eventType"])
            assert {"eventTime", "producer", "schemaURL", "job", "inputs", "outputs"} <= set(event)
            assert dt.datetime.fromisoformat(event["eventTime"]) == Night(night).cutoff
        assert len(runs) > 5
        assert all(start == "START" and end != "START" for start, end in runs.values())


def test_every_facet_says_who_made_it_and_by_which_schema(events: list[list[Told]]) -> None:
    seen = set()
    for event in (event for night in events for event in night):
        sets = [event["run"]["facets"]]
        for dataset in (*event["inputs"], *event["outputs"]):
            assert dataset["namespace"].startswith("file:///")
            sets += [dataset[key] for key in dataset if key.lower().endswith("facets")]
        for name, facet in (item for facets in sets for item in facets.items()):
            seen.add(name)
            assert facet["_producer"]
            assert facet["_schemaURL"].startswith("https://openlineage.io/spec/")
    assert seen == {
        *("schema", "version", "outputStatistics", "dataQualityAssertions", "errorMessage"),
        "nominalTime",
    }


def ends(told: list[Told], job: str) -> Told:
    return next(e for e in told if e["job"]["name"] == job and e["eventType"] != "START")


def test_what_failed_is_a_failed_run_with_its_error(events: list[list[Told]]) -> None:
    failed = ends(events[2], "collect.hue.dossier")
    assert (failed["eventType"], failed["outputs"]) == ("FAIL", [])
    assert failed["run"]["facets"]["errorMessage"]["message"].startswith("SourceUnavailable: ")
    assert ends(events[0], "collect.hue.dossier")["eventType"] == "COMPLETE"


def test_what_the_checks_found_are_failed_assertions(events: list[list[Told]]) -> None:
    def failing(told: list[Told], job: str) -> set[str]:
        [batch] = ends(told, job)["inputs"]
        assertions = batch["inputFacets"]["dataQualityAssertions"]["assertions"]
        assert len(assertions) > 5
        return {each["assertion"] for each in assertions if not each["success"]}

    ledger = warehouse().quarantine(on=NIGHTS[2])
    found = {row["check_id"] for row in ledger if row.get("check_id")}
    told = [e for e in events[2] if e["job"]["name"].startswith("judge.") and e["inputs"]]
    assert set().union(*(failing(events[2], e["job"]["name"]) for e in told)) == found
    assert failing(events[2], "judge.can_tho.dossier")


def test_the_lake_is_made_of_what_was_merged_and_the_release_of_the_lake(
    events: list[list[Told]],
) -> None:
    merged, published = ends(events[2], "merge"), ends(events[2], "publish")
    assert {name["name"].partition(".")[0] for name in merged["inputs"]} == {"ha_noi"}
    tables = {table["name"]: table for table in merged["outputs"]}
    assert set(tables) == {table["name"] for table in published["inputs"]}
    rows = tables["dossier"]["outputFacets"]["outputStatistics"]["rowCount"]
    of_merge = [r for r in warehouse().ledger(NIGHTS[2], "ha_noi") if r["stage"] == "merge"]
    [dossiers] = [r for r in of_merge if r["record"] == "dossier"]
    assert rows == dossiers["accepted"] - dossiers["unchanged"] > 0
    [release] = published["outputs"]
    assert release["facets"]["version"]["datasetVersion"] == f"nightly-{NIGHTS[2]}"
    assert release["outputFacets"]["outputStatistics"]["rowCount"] > 0


def test_a_page_link_leads_to_the_page_and_from_there_an_answer_gets_into_the_digest(
    country: Country,
) -> None:
    [address] = country.motcua("page-link", "H57").stdout.split()
    with serving(application(desk(), reception())) as url:
        page = httpx2.get(f"{url}{urlsplit(address).path}", timeout=60)
        assert page.status_code == 200
        assert "Chưa nhận được dữ liệu" in page.text
        book = httpx2.get(f"{url}{urlsplit(address).path}/workbook", timeout=60)
        assert book.content.startswith(b"PK")
        waiting = next(i for i in Incidents(warehouse().engine).read() if "hue" in i.incident_id)
        dispute = country.motcua("incident", "link", waiting.incident_id, "--for", "dispute")
        said = {"by": "sở", "note": "hệ thống vẫn chạy"}
        answer = httpx2.post(f"{url}{urlsplit(dispute.stdout.strip()).path}", data=said)
        assert answer.status_code == 200
    facts = operators.report(Night(max(clock.today(), NIGHTS[2] + dt.timedelta(days=1))))
    [disputed] = facts["disputes"]
    assert (disputed["incident_id"], disputed["note"]) == (waiting.incident_id, said["note"])
    assert f"to accept it: {disputed['accept']}" in operators.words(facts)
    assert operators.report(Night(NIGHTS[2]))["disputes"] == []


def test_a_message_that_waits_is_told_with_its_runbook(country: Country) -> None:
    """The last test here: the message stays."""
    row = {"message_id": "m1", "area": "H57", "told_on": NIGHTS[1], "purpose": "digest"}
    MessageLog(warehouse().engine).decided([{**row, "items": [], "still_open": 0}])
    night = Night(NIGHTS[2])
    facts = operators.report(night)
    page = "docs/runbooks/MessageUndelivered.md"
    [waiting] = [each for each in facts["undelivered"] if each["area"] == "H57"]
    assert waiting == {"area": "H57", "since": NIGHTS[1], "messages": 1, "runbook": page}
    assert f"H57: 1 messages not delivered, since {NIGHTS[1]}\n  what to do: {page}" in (
        operators.words(facts)
    )
    [sample] = [s for s in samples(facts, night) if s.name == "motcua_messages_undelivered"]
    assert sample.value == 1
    assert operators.report(Night(NIGHTS[0]))["undelivered"] == []
