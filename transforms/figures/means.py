"""Means: the nation as the national portal sees it, every province weighing the same."""

from __future__ import annotations

import pyarrow as pa

from transforms.figures.opening import asked

MEAN_SCHEMA = pa.schema(
    [
        pa.field("release", pa.string(), nullable=False),
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("definition_version", pa.int32(), nullable=False),
        pa.field("borders", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("period_type", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("mean_of_provinces", pa.float64()),
        pa.field("provinces", pa.int32(), nullable=False),
    ]
)
"""The nation's figure by its sums, and the simple mean of the `provinces` that have a published
value (no mean where none has)."""


def means(observations: pa.Table) -> pa.Table:
    """Both national figures of every share, score and mean, by period: MEAN_SCHEMA. A count has
    no such mean."""
    return asked("mean.sql", observations, MEAN_SCHEMA)
