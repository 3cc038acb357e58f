"""Gaps: whether the published figures of areas add up to the nation's."""

from __future__ import annotations

import pyarrow as pa

from transforms.figures.opening import asked

GAP_SCHEMA = pa.schema(
    [
        pa.field("release", pa.string(), nullable=False),
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("definition_version", pa.int32(), nullable=False),
        pa.field("borders", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("period_type", pa.string(), nullable=False),
        pa.field("numerator", pa.int64()),
        pa.field("denominator", pa.int64()),
        pa.field("areas_numerator", pa.int64(), nullable=False),
        pa.field("areas_denominator", pa.int64(), nullable=False),
        pa.field("gap_numerator", pa.int64()),
        pa.field("gap_denominator", pa.int64()),
        pa.field("areas", pa.int32(), nullable=False),
        pa.field("withheld", pa.int32(), nullable=False),
        pa.field("missing", pa.int32(), nullable=False),
    ]
)
"""The nation's figure, the sum of the `areas` published, and what the nation has more: 0 where
they add up. `withheld` areas are in the nation's figure and not in the sum, `missing` ones in
neither. There is no gap where the nation's own figure is withheld."""


def additivity(observations: pa.Table) -> pa.Table:
    """The gap of every indicator and period of the nation: GAP_SCHEMA. The areas are the provinces
    and ministries in the national totals."""
    return asked("gap.sql", observations, GAP_SCHEMA)
