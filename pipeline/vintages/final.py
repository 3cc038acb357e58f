"""Which figures of a release are final."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from catalog.finality import final_from
from catalog.night import Night


def with_vintage(observations: pa.Table, night: Night) -> pa.Table:
    """OBSERVATION_SCHEMA with the status ``final`` in place of ``provisional``, where the period
    ended long enough before `night` (`catalog.finality`)."""
    periods = observations["period"].unique().to_pylist()
    settled = [p for p in periods if (from_on := final_from(p)) and from_on <= night.on]
    is_final = pc.and_(
        pc.equal(observations["status"], "provisional"),
        pc.is_in(observations["period"], pa.array(settled, pa.string())),
    )
    status = pc.if_else(is_final, "final", observations["status"])
    place = observations.schema.get_field_index("status")
    return observations.set_column(place, observations.schema.field(place), status)
