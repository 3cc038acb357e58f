"""How published figures changed from one release to another, and why."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Table

from warehouse.tables.columns import integer, metadata, text

SIDES = {"before": "before this cause", "after": "after it"}

revision = Table(
    "revision",
    metadata,
    text("release", "The release that states the figure otherwise.", key=True),
    text("previous", "The release that it is compared with."),
    text("indicator", "Indicator code.", key=True),
    text("borders", "34 or 63, as of the figures.", key=True),
    text("area", "Area code, or a unit.", key=True),
    text("period", "A period that had ended by the release before.", key=True),
    text("level", "nation, province, ministry, other or agency."),
    text("period_type", "day, month, quarter or year."),
    text("cause", "Why: a code of codelists/revision_cause.csv.", key=True),
    *(
        integer(f"version_{s}", f"Version of the definition {w}.", null=True)
        for s, w in SIDES.items()
    ),
    *(
        integer(f"{name}_{side}", f"{title} {when}.", null=True, big=True)
        for name, title in (("numerator", "Cases counted"), ("denominator", "Cases looked at"))
        for side, when in SIDES.items()
    ),
    *(Column(f"value_{s}", sa.Double(), comment=f"The figure {w}.") for s, w in SIDES.items()),
    Column("change", sa.Double(), comment="What the cause added to the figure."),
    schema="mart",
    comment="Each cause for which a figure of a past period is not what it was: they add up.",
)
