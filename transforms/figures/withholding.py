"""What of the measured figures is published: numbers are taken out of some, never changed."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from catalog.night import Night
from catalog.outcomes import OBSERVATION_SCHEMA
from transforms.figures.opening import HERE, Parameters, opened
from transforms.figures.secondary import FEW, PEOPLE, hide_more

RULES = ("low_coverage", "small_sample", "small_cell")
"""The files in ``rules/``, which give the rows that each withholds; a later one's reason stands."""
FIGURE = """
CREATE TEMP TABLE figure AS
SELECT row_number() OVER (ORDER BY indicator, borders, area, period) AS row, * FROM observation
"""
PUBLISHED = """
SELECT release, indicator, definition_version, borders, area, level, period, period_type,
    if(why IS NULL, numerator, NULL) AS numerator,
    if(why IS NULL, denominator, NULL) AS denominator,
    if(why IS NULL, value, NULL) AS value,
    coverage, if(why IS NULL, status, 'withheld') AS status, coalesce(why, reason) AS reason
FROM figure LEFT JOIN hidden USING (row)
ORDER BY indicator, borders, level, area, period_type, period
"""


def withhold(observations: pa.Table, night: Night) -> pa.Table:
    """The figures to publish, of all that was measured: OBSERVATION_SCHEMA in and out, sorted.

    A withheld figure has the status ``withheld``, a reason, its coverage, and no numbers. Reasons:
    ``low_coverage``, ``small_sample``, ``small_cell`` (see ``rules/``) and ``secondary_cell``,
    what a small cell could be worked out from (`secondary.hide_more`).
    """
    with opened(observations) as connection:
        connection.execute(FIGURE)
        connection.execute("CREATE TEMP TABLE hidden (row BIGINT PRIMARY KEY, why VARCHAR)")
        for rule in RULES:
            _apply(connection, rule, {"on": night.on, "few": FEW, "people": PEOPLE})
        hide_more(connection, night)
        return connection.sql(PUBLISHED).to_arrow_table().cast(OBSERVATION_SCHEMA)


def _apply(connection: duckdb.DuckDBPyConnection, rule: str, known: Parameters) -> None:
    """Hide what the rule finds; `known` is what rules may ask for."""
    found = (HERE / "rules" / f"{rule}.sql").read_text(encoding="utf-8")
    given = {name: value for name, value in known.items() if f"${name}" in found}
    connection.execute(f"INSERT OR REPLACE INTO hidden SELECT row, '{rule}' FROM ({found})", given)
