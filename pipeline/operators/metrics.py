"""A night in numbers, for a time series: sent once, when the operators are told, by OTLP over HTTP,
which is also how Airflow sends its own (``[metrics] otel_on``). How long each verb took is among
those, as the duration of its task.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.areas import NATION
from catalog.night import Night
from pipeline.operators.report import Facts, rows_by_ending
from pipeline.releases import figures
from pipeline.stores import warehouse
from transforms.indicators import indicators

SERVICE = "motcua"
PATIENCE_SECONDS = 10
METRICS = {
    "motcua_night_timestamp_seconds": "End of the day that the newest night reports, in Unix time.",
    "motcua_published": "1 where the night is published, else 0.",
    "motcua_sources": "Sources that were due, by how they stand.",
    "motcua_source_nights_failed": "Nights in a row without a merge.",
    "motcua_source_age_seconds": "From the newest change of a source's rows to the night's end.",
    "motcua_late_deliveries": "Deliveries of earlier nights or periods that are waited for.",
    "motcua_rows": "Rows that a source sent, by how they ended.",
    "motcua_coverage": "Share of the areas that reported, of the nation's headline figures.",
    "motcua_incidents_open": "Incidents that somebody must mend, by severity.",
    "motcua_messages_undelivered": "Messages to provinces that wait.",
    "motcua_alerts": "Alerts of the night, by kind.",
}
"""Every metric of ours and what it says, under the name that Prometheus gives it: it appends
nothing to that of a gauge without a unit."""


@dataclass(frozen=True)
class Sample:
    """One number of one night, under labels."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


def samples(facts: Facts, night: Night) -> Iterator[Sample]:
    """The numbers of a night; `facts` as of `report`. What is not known has no sample."""
    yield Sample("motcua_night_timestamp_seconds", night.cutoff.timestamp())
    yield Sample("motcua_published", float(facts["is_published"]))
    for state in ("merged", "failed", "held", "absent"):
        yield Sample("motcua_sources", facts["states"].get(state, 0), {"state": state})
    late = sum(row["deliveries"] for row in facts["late"])
    yield Sample("motcua_late_deliveries", late)
    waiting = sum(row["messages"] for row in facts["undelivered"])
    yield Sample("motcua_messages_undelivered", waiting)
    for severity, number in facts["incidents"]["open"].items():
        yield Sample("motcua_incidents_open", number, {"severity": severity})
    for kind in ("failed", "late"):
        raised = sum(alert["kind"] == kind for alert in facts["alerts"])
        yield Sample("motcua_alerts", raised, {"kind": kind})
    yield from _of_sources(facts["sources"], night)
    yield from _coverage(night)


def _of_sources(told: Sequence[Facts], night: Night) -> Iterator[Sample]:
    ledger = warehouse().ledger(on=night.on)
    for each in told:
        source = {"source": each["source_id"]}
        yield Sample("motcua_source_nights_failed", each["nights_failed"], source)
        if newest := each["newest_change"]:
            age = (night.cutoff - newest).total_seconds()
            yield Sample("motcua_source_age_seconds", age, source)
        own = [row for row in ledger if row["source_id"] == each["source_id"]]
        for ending, rows in rows_by_ending(own).items():
            yield Sample("motcua_rows", rows, {**source, "ending": ending})


def _coverage(night: Night) -> Iterator[Sample]:
    """Of the newest period that the night's release has of each."""
    for code, indicator in indicators().items():
        told = figures(code, NATION, as_of=night.on) if indicator.headline else []
        newest = max(told, key=lambda row: str(row["period"]), default={"coverage": None})
        if newest["coverage"] is not None:
            yield Sample("motcua_coverage", newest["coverage"], {"indicator": code})


def send(found: Sequence[Sample], url: str) -> bool:
    """Send them to a receiver of OTLP; whether they arrived. Where they do not, nobody is stopped:
    the digest holds the same numbers. OpenTelemetry, which takes a while to import, is imported by
    those who use it."""
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricExportResult
    from opentelemetry.sdk.resources import Resource

    reader = InMemoryMetricReader()
    named = Resource({"service.name": SERVICE})
    meter = MeterProvider([reader], named, shutdown_on_exit=False).get_meter(SERVICE)
    gauges = {name: meter.create_gauge(name, "", about) for name, about in METRICS.items()}
    for sample in found:
        gauges[sample.name].set(sample.value, dict(sample.labels))
    exporter = OTLPMetricExporter(endpoint=url, timeout=PATIENCE_SECONDS)
    told = reader.get_metrics_data()
    return told is not None and exporter.export(told) is MetricExportResult.SUCCESS
