"""Rankings of provinces and of ministries, with what they can and cannot tell."""

from __future__ import annotations

from statistics import NormalDist

import pyarrow as pa

from transforms.figures.opening import asked

ENOUGH_TO_RANK = 30
"""The least denominator of a share that is ranked: below it the 95 % interval of a middling share
is wider than 34 percentage points, so wide that a place in a list is chance."""
Z = NormalDist().inv_cdf(0.975)
"""Half the width of a 95 % interval, in standard errors."""

RANKING_SCHEMA = pa.schema(
    [
        pa.field("release", pa.string(), nullable=False),
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("definition_version", pa.int32(), nullable=False),
        pa.field("borders", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("period_type", pa.string(), nullable=False),
        pa.field("area", pa.string(), nullable=False),
        pa.field("rank", pa.int32()),
        pa.field("tied_with", pa.int32()),
        pa.field("tier", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("low", pa.float64()),
        pa.field("high", pa.float64()),
        pa.field("numerator", pa.int64()),
        pa.field("denominator", pa.int64()),
        pa.field("coverage", pa.float64()),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
"""One area's place among those of its `kind` (province or ministry). `rank` leaves out as many
places as share one (1, 2, 2, 4), and `tied_with` others share it. `low` to `high` is the 95 %
interval of a share; `tier` is better, similar or worse than the nation's value, where it can be
told. An area without a rank has a `reason` (a code of ``codelists/no_value.csv``)."""


def rankings(observations: pa.Table) -> pa.Table:
    """The ranking of every indicator that `is_ranked`, by month, quarter and year: RANKING_SCHEMA,
    best first, those without a rank last.

    Values compare as they are written: shares to 0.01 percentage point, points to 0.01. The
    interval is Wilson's. No rank below full coverage, for a share of fewer than ENOUGH_TO_RANK,
    and where the figure is withheld or missing.
    """
    return asked("ranking.sql", observations, RANKING_SCHEMA, enough=ENOUGH_TO_RANK, z=Z)
