"""The records behind a figure add up to it: every indicator, kind of area and type of period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from catalog.night import Night
from catalog.records import own_records, stored_records
from catalog.sources import sources
from pipeline.batch import night_folder
from pipeline.explain.made_of import totals
from pipeline.explain.published import days_of, find_published, known_since
from pipeline.stores import state
from tests.explain.conftest import NIGHTS
from transforms.indicators import Indicator, indicators, stream_of
from transforms.indicators.behind import Asked, find_behind
from transforms.indicators.living import living_relations
from transforms.indicators.runners import DuckDBRunner

pytestmark = pytest.mark.slow
NIGHT = Night(NIGHTS[-1])


@pytest.fixture(scope="module")
def lake(told: Any) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, str]]]:
    """The state after the second night, read once."""
    with duckdb.connect() as connection:
        for kind, record in stored_records().items():
            connection.execute(f"CREATE TABLE {kind} AS FROM {state(record, NIGHT)} AS state")
        kinds = {kind: kind for kind in stored_records()}
        yield connection, living_relations(DuckDBRunner(connection), kinds, NIGHT)


def measured(code: str) -> list[dict[str, Any]]:
    """The figures of one indicator before anything was withheld, on today's borders."""
    filters = [("indicator", "=", code), ("borders", "=", "34")]
    file = night_folder(NIGHT.on) / "observations.parquet"
    rows: list[dict[str, Any]] = pq.read_table(file, filters=filters, partitioning=None).to_pylist()
    return rows


def chosen(indicator: Indicator, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each level and type of period the figure that counts most. Of a flow two types for each
    level, another pair for the next indicator: in a flow days only add up."""
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in sorted(rows, key=lambda r: (r["denominator"] or 0, r["numerator"] or 0)):
        found[row["level"]][row["period_type"]] = row
    turn = sum(map(ord, indicator.code))
    few = 2 if indicator.accumulates == "flow" else len(indicator.period_types)
    wanted = [indicator.period_types[(turn + n) % len(indicator.period_types)] for n in range(few)]
    return [of[kind] for of in found.values() for kind in wanted if kind in of]


def test_the_nation_has_figures_of_every_indicator_whose_streams_are_sent(told: Any) -> None:
    sent = {stream_of(figure) for source in sources().values() for figure in source.figures}
    sent |= {*own_records(), *(kind for source in sources().values() for kind in source.records)}
    could = {code for code, i in indicators().items() if set(i.streams) <= sent}
    counted = {code for code in indicators() if any(r["denominator"] for r in measured(code))}
    assert could - counted <= {"time_to_fix"}
    assert len(counted) > 60


@pytest.mark.parametrize("code", sorted(indicators()))
def test_what_is_behind_a_figure_adds_up_to_it(code: str, lake: Any) -> None:
    connection, living = lake
    rows = measured(code)
    not_fed = find_published("on_time_rate", "VN", "all", None).not_fed
    for row in chosen(indicators()[code], rows):
        first, last = days_of(row["period"])
        asked = Asked(code, row["area"], first, last, known_since(rows))
        find_behind(connection, asked, living, NIGHT, not_fed)
        found = totals(connection)
        assert found == (row["numerator"] or 0, row["denominator"] or 0), row
