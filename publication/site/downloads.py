"""The figures of one area or one indicator as a file of its own, for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from publication.release import Release

ORDER = ("indicator", "borders", "area", "period_type", "period")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it spreadsheet programs misread UTF-8."""


def by(release: Release, column: str) -> Iterator[tuple[str, bytes]]:
    """For every value of `column` (area, indicator), all figures of it by month and longer, on
    both borders, as CSV (utf-8 with a byte order mark)."""
    others = [name for name in ORDER if name != column]
    rows = release.areas.sort_by([(name, "ascending") for name in (column, *others)])
    counts = pc.value_counts(rows[column])
    start = 0
    for found in counts.to_pylist():
        yield found["values"], _csv(rows.slice(start, found["counts"]))
        start += found["counts"]


def empty(release: Release) -> bytes:
    """The heading of such a file, for what has no figures."""
    return _csv(release.areas.slice(0, 0))


def _csv(rows: pa.Table) -> bytes:
    target = BytesIO()
    target.write(BYTE_ORDER_MARK)
    pa_csv.write_csv(rows, target)
    return target.getvalue()
