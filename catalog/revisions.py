"""The rows that say how published figures changed."""

from __future__ import annotations

import pyarrow as pa

REVISION_SCHEMA = pa.schema(
    [
        pa.field("release", pa.string(), nullable=False),
        pa.field("previous", pa.string(), nullable=False),
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("borders", pa.string(), nullable=False),
        pa.field("area", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("level", pa.string(), nullable=False),
        pa.field("period_type", pa.string(), nullable=False),
        pa.field("cause", pa.string(), nullable=False),
        pa.field("version_before", pa.int32()),
        pa.field("version_after", pa.int32()),
        pa.field("numerator_before", pa.int64()),
        pa.field("numerator_after", pa.int64()),
        pa.field("denominator_before", pa.int64()),
        pa.field("denominator_after", pa.int64()),
        pa.field("value_before", pa.float64()),
        pa.field("value_after", pa.float64()),
        pa.field("change", pa.float64()),
    ]
)
"""One cause for which the figure of a period that had ended by the release `previous` is another in
`release`, and what it did: before and after that cause alone. The causes of one figure follow each
other (codes of ``codelists/revision_cause.csv``, in its order): what one leaves, the next finds."""
