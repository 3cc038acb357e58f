"""What of the items is published: numbers are taken out of some, never changed."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from catalog.areas import NATION
from catalog.outcomes import BREAKDOWN_SCHEMA
from transforms.figures.opening import opened
from transforms.figures.secondary import FEW, guard

CELLS, MEMBER, SHOWN = (
    Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
    for name in ("cells", "member", "shown")
)
NATION_OF = "CREATE TEMP TABLE nation AS SELECT indicator, period, status, reason FROM observation"
HIDDEN = """
CREATE TEMP TABLE hidden AS
SELECT row, if(denominator < $few, 'small_cell', 'small_sample') AS why
FROM figure JOIN definition USING (indicator)
WHERE denominator > 0 AND denominator < greatest($few, minimum_sample)
"""


def withhold(measured: pa.Table, published: pa.Table) -> pa.Table:
    """The items to publish, of all that was measured: BREAKDOWN_SCHEMA in and out, sorted.
    `published` are the figures of the same release as published (OBSERVATION_SCHEMA).

    An item of fewer than FEW cases is withheld (``small_cell``), and with it what it could be
    worked out from (``secondary_cell``), in each sum over the items and over time; the nation's
    figures are known to everybody and are never withheld for an item. What is withheld of the
    nation is withheld of every item, for the same reason.
    """
    with opened(_of_nation(published)) as connection:
        connection.register("broken_down", measured)
        for statement in (NATION_OF, CELLS, MEMBER):
            connection.execute(statement)
        connection.execute(HIDDEN, {"few": FEW})
        connection.execute("CREATE UNIQUE INDEX hidden_row ON hidden (row)")
        guard(connection)
        found = connection.sql(SHOWN, params={"few": FEW})
        return found.to_arrow_table().cast(BREAKDOWN_SCHEMA)


def _of_nation(published: pa.Table) -> pa.Table:
    is_nation = (pc.field("area") == NATION) & (pc.field("borders") == "34")
    return published.filter(is_nation & (pc.field("period_type") != "day"))
