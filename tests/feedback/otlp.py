"""A receiver of OTLP metrics over HTTP on loopback."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)

Name = tuple[str, frozenset[tuple[str, str]]]


@dataclass
class Receiver:
    """What has come, by metric and labels; `refuses` answers each request with 400."""

    url: str = ""
    refuses: bool = False
    numbers: dict[Name, float] = field(default_factory=dict)
    units: set[str] = field(default_factory=set)

    def take(self, content: bytes) -> None:
        asked = ExportMetricsServiceRequest.FromString(content)
        for metric in asked.resource_metrics[0].scope_metrics[0].metrics:
            self.units.add(metric.unit)
            for point in metric.gauge.data_points:
                labels = frozenset((a.key, a.value.string_value) for a in point.attributes)
                self.numbers[metric.name, labels] = point.as_double or point.as_int


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver at a free port, until the block ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                content = gzip.decompress(content)
            if not receiver.refuses:
                receiver.take(content)
            self.send_response(400 if receiver.refuses else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/v1/metrics"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield receiver
        server.shutdown()
