"""Changes of the nation's figures: how much is real, how much is who reported."""

from __future__ import annotations

import pyarrow as pa

from catalog.night import Night
from transforms.figures.opening import asked

EXACT = pa.decimal128(38, 6)
"""A figure to six decimals. As decimals the two parts of a change add up to it to the last digit,
which binary fractions would not."""

CHANGE_SCHEMA = pa.schema(
    [
        pa.field("release", pa.string(), nullable=False),
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("definition_version", pa.int32(), nullable=False),
        pa.field("borders", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("period_type", pa.string(), nullable=False),
        pa.field("period_before", pa.string(), nullable=False),
        pa.field("value", EXACT),
        pa.field("value_before", EXACT),
        pa.field("change", EXACT),
        pa.field("real", EXACT),
        pa.field("reporters", EXACT),
        pa.field("matched", pa.int32(), nullable=False),
        pa.field("only_before", pa.int32(), nullable=False),
        pa.field("only_now", pa.int32(), nullable=False),
    ]
)
"""One figure of the nation against that of the period before. `change` = `real` + `reporters`: the
change among the `matched` areas, which reported in full both times, and what is due to others
reporting. `only_before` and `only_now` count the areas that did so once."""


def changes(observations: pa.Table, night: Night) -> pa.Table:
    """The changes between all months, quarters and years that have ended by `night`: CHANGE_SCHEMA.

    A period under way is not compared: it lacks days. Where the nation's own figure is withheld,
    what the matched areas tell is there all the same. Of a share the real part is the difference
    of the shares of all matched areas together, so it includes that some of them handle more.
    """
    return asked("change.sql", observations, CHANGE_SCHEMA, on=night.on)
