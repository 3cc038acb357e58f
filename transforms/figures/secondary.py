"""Secondary suppression: hiding what a small cell could be worked out from.

Whoever reads the release knows that agencies make up their area, areas the nation, and shorter
periods the longer ones. So of every such sum either nothing is hidden, or at least two cells that
together are not small, as long as there are parts to add, and never as many cells as cases. What is
hidden for want of data counts as known: it may come tomorrow.

Not covered: several sums combined with one another (as in a ring of cells); releases compared with
one another; and several indicators compared. The choice depends on nothing but denominators, so
indicators about the same cases hide the same cells; but parts that make up a whole (early, on time,
late), or the population that an indicator of what is pending keeps up through the months, may tell
how many there were.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from catalog.area_changes import successor
from catalog.areas import areas, former
from catalog.night import Night
from transforms.figures.opening import HERE

FEW = 10
"""A cell of fewer cases than this is small: the usual bound, and that of our field notes on Law
91/2025/QH15 (what is published must not let a person be recognised)."""
PEOPLE = ["dossier", "dossier_event", "petition", "portal_dossier", "postal_item", "rating"]
"""The record kinds of which a row is one person's or firm's affair. The others are about
procedures, desks, or an area as a whole, and nobody is recognised by them."""

SECRET = """
CREATE TEMP VIEW secret AS SELECT row, why = 'small_cell' AS is_small
FROM hidden WHERE why IN ('small_cell', 'secondary_cell')
"""


def hide_more(connection: duckdb.DuckDBPyConnection, night: Night) -> None:
    """Hide cells, those that cost least first, until no sum betrays one: see the module.

    `connection` has the tables `figure` and `hidden`, and those of `opening.opened`.
    """
    members = (HERE / "member.sql").read_text(encoding="utf-8")
    connection.register("home", _homes(night))
    connection.execute(members, {"people": PEOPLE})
    guard(connection)


def guard(connection: duckdb.DuckDBPyConnection) -> None:
    """Hide cells until none of the sums in the table `member` betrays one (its columns: see
    ``member.sql``); what is hidden already is in `hidden`. A total without a row of its own is
    known to everybody. Each turn looks at all sums together, so the order of the rows decides
    nothing.
    """
    exposed = (HERE / "exposed.sql").read_text(encoding="utf-8")
    connection.execute(SECRET)
    more = f"INSERT OR REPLACE INTO hidden SELECT row, 'secondary_cell' FROM ({exposed})"
    while connection.execute(more, {"few": FEW}).fetchall()[0][0]:
        pass


def _homes(night: Night) -> pa.Table:
    """Every area that there is or was, and the one that it is part of on the night."""
    rows = [
        {
            "code": area.code,
            "home": successor(area.code, night.on),
            "in_totals": area.in_national_totals,
        }
        for area in (*areas().values(), *former())
    ]
    return pa.Table.from_pylist(rows)
