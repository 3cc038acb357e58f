"""What a night made of what, as OpenLineage events with the outcome of the checks.

One file of JSON lines a night, for a collector to read. The events say what the ledger says, so
that a night that is run again writes them again: a run is known by the night and its job, and its
time is the end of the day that the night reports.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

import pyarrow as pa

from catalog.night import Night
from catalog.outcomes import OBSERVATION_SCHEMA
from catalog.records import Record, records
from catalog.settings import settings
from expectations.check import Check, checks
from pipeline.batch import USABLE
from pipeline.releases import PREFIX, release_id

Facts = dict[str, Any]
Ending = Literal["COMPLETE", "FAIL"]
PRODUCER = "urn:motcua:pipeline"
SPEC = "https://openlineage.io/spec"
JOBS = "motcua"
FACETS = {
    "schema": "1-2-0/SchemaDatasetFacet",
    "version": "1-0-1/DatasetVersionDatasetFacet",
    "outputStatistics": "1-0-2/OutputStatisticsOutputDatasetFacet",
    "dataQualityAssertions": "1-1-0/DataQualityAssertionsDatasetFacet",
    "errorMessage": "1-0-1/ErrorMessageRunFacet",
    "nominalTime": "1-0-1/NominalTimeRunFacet",
}
"""The facets used and where their schemas are published."""


def events(
    ledger: Iterable[Mapping[str, Any]],
    found: Mapping[tuple[str, str], int],
    observations: int | None,
    night: Night,
) -> Iterator[Facts]:
    """The events of a night, two for each run, in the order of the work.

    `found` counts rows by batch and check; `observations` are the figures published, None where
    the night was not.
    """
    stages = {
        stage: list(rows)
        for stage, rows in groupby(sorted(ledger, key=itemgetter("stage")), itemgetter("stage"))
    }
    for row in stages.get("collect", []):
        yield from _collected(row, night)
    for row in stages.get("judge", []):
        yield from _judged(row, found, night)
    merged = stages.get("merge", [])
    tables = sorted({records()[row["record"]].reconciles or row["record"] for row in merged})
    lake = [_table(records()[kind], merged) for kind in tables]
    yield from _run("merge", night, [_batch(row) for row in merged], lake)
    ending: Ending = "FAIL" if observations is None else "COMPLETE"
    released = [] if observations is None else [_release(observations, night)]
    read = [_dataset(settings().lake_dir.as_uri(), kind) for kind in tables]
    yield from _run("publish", night, read, released, ending)


def _collected(row: Mapping[str, Any], night: Night) -> Iterator[Facts]:
    job = f"collect.{row['source_id']}.{row['record']}"
    if row["verdict"] not in USABLE:
        error = {"message": row["problem"], "programmingLanguage": "PYTHON"}
        yield from _run(job, night, [], [], "FAIL", errorMessage=error)
        return
    size = {"rowCount": row["received"], "size": row["bytes"]}
    landed = _batch(row) | {"outputFacets": _facets(outputStatistics=size)}
    yield from _run(job, night, [], [landed])


def _judged(
    row: Mapping[str, Any], found: Mapping[tuple[str, str], int], night: Night
) -> Iterator[Facts]:
    """A held batch is a run that completed: what was found of it stands in the assertions."""
    told = [
        _assertion(check, found.get((row["batch_id"], check.check_id), 0))
        for check in checks().values()
        if not check.records or row["record"] in check.records
    ]
    judged = _batch(row) | {"inputFacets": _facets(dataQualityAssertions={"assertions": told})}
    yield from _run(f"judge.{row['source_id']}.{row['record']}", night, [judged], [])


def _assertion(check: Check, rows: int) -> Facts:
    columns = check.expectation.columns
    return {
        "assertion": check.check_id,
        "description": check.title_en,
        "severity": "error" if check.severity == "error" else "warn",
        "success": not rows,
        "expected": "0",
        "actual": str(rows),
        **({"column": min(columns)} if len(columns) == 1 else {}),
    }


def _batch(row: Mapping[str, Any]) -> Facts:
    """What a source delivered of a record kind; each night's batch is a version of it."""
    name = f"{row['source_id']}.{row['record']}"
    version = {"datasetVersion": row["batch_id"]}
    return _dataset(settings().landing_dir.as_uri(), name, version=version)


def _table(record: Record, merged: Iterable[Mapping[str, Any]]) -> Facts:
    of = [row for row in merged if record.kind in (row["record"], _table_of(row))]
    changed = sum(row["inserted"] + row["updated"] + row["superseded"] for row in of)
    schema = {"fields": _fields(record.arrow_schema)}
    table = _dataset(settings().lake_dir.as_uri(), record.kind, schema=schema)
    return table | {"outputFacets": _facets(outputStatistics={"rowCount": changed})}


def _table_of(row: Mapping[str, Any]) -> str:
    return records()[row["record"]].reconciles


def _release(observations: int, night: Night) -> Facts:
    facets: Facts = {
        "version": {"datasetVersion": release_id(night)},
        "schema": {"fields": _fields(OBSERVATION_SCHEMA)},
    }
    release = _dataset(settings().published_dir.as_uri(), PREFIX.rstrip("-"), **facets)
    return release | {"outputFacets": _facets(outputStatistics={"rowCount": observations})}


def _fields(schema: pa.Schema) -> list[dict[str, str]]:
    return [{"name": field.name, "type": str(field.type)} for field in schema]


def _dataset(namespace: str, name: str, **facets: Facts) -> Facts:
    return {"namespace": namespace, "name": name, "facets": _facets(**facets)}


def _facets(**facets: Facts) -> Facts:
    return {
        name: {
            "_producer": PRODUCER,
            "_schemaURL": f"{SPEC}/facets/{FACETS[name]}.json#/$defs/{FACETS[name][6:]}",
            **content,
        }
        for name, content in facets.items()
    }


def _run(
    job: str,
    night: Night,
    inputs: list[Facts],
    outputs: list[Facts],
    ending: Ending = "COMPLETE",
    **facets: Facts,
) -> Iterator[Facts]:
    """The start of a run and its end. An event has every dataset of its run, or it would be lost
    on those who read only the ends."""
    at = night.cutoff.isoformat()
    nominal = {"nominalStartTime": night.before.cutoff.isoformat(), "nominalEndTime": at}
    run_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{PRODUCER}/{job}/{night}")
    for kind, more in (("START", {}), (ending, facets)):
        yield {
            "eventType": kind,
            "eventTime": at,
            "producer": PRODUCER,
            "schemaURL": f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent",
            "run": {"runId": str(run_id), "facets": _facets(nominalTime=nominal, **more)},
            "job": {"namespace": JOBS, "name": job},
            "inputs": inputs,
            "outputs": outputs,
        }
