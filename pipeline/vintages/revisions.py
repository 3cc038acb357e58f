"""Revisions: figures of periods that had ended, which another release states otherwise, and why."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.finality import ends_on
from catalog.records import stored_records
from catalog.revisions import REVISION_SCHEMA
from pipeline.vintages.manifest import folder_of, manifest_of, sums_of
from pipeline.vintages.steps import Way
from pipeline.vintages.vintage import Vintage
from transforms.indicators import indicators
from transforms.indicators.views import views

HERE = Path(__file__).parent
TOUCHED, STEP = ((HERE / name).read_text("utf-8") for name in ("touched.sql", "step.sql"))


def revisions(earlier: Vintage, later: Vintage) -> pa.Table:
    """REVISION_SCHEMA: for each figure of a period that had ended by `earlier` and that `later`
    states otherwise, what each cause did to it; the changes add up to the whole. Nothing is
    measured again where no such figure differs, or where one cause alone explains them all.
    """
    with duckdb.connect() as connection:
        connection.register("earlier", earlier.figures)
        connection.register("later", later.figures)
        connection.register("ended", _ended(earlier))
        connection.execute(TOUCHED)
        touched = connection.sql("SELECT DISTINCT indicator FROM touched").fetchall()
        rows = [REVISION_SCHEMA.empty_table()]
        if touched:
            way = Way(earlier, later, _kinds([code for (code,) in touched]))
            before = earlier.figures
            for cause, after in way.figures():
                connection.register("before", before)
                connection.register("after", after)
                given = {"release": later.release, "previous": earlier.release, "cause": cause}
                found = connection.sql(STEP, params=given).to_arrow_table()
                rows.append(found.cast(REVISION_SCHEMA))
                before = after
    return pa.concat_tables(rows)


def between(earlier: str, later: str) -> pa.Table:
    """`revisions` of two releases by their ids; as published where `later` was compared with
    `earlier` as it still lies there. Raises PublicationError where one of them is not there."""
    told = manifest_of(later).previous
    if told and (told.release, told.sums) == (earlier, sums_of(earlier)):
        return pq.read_table(folder_of(later) / "revision.parquet", partitioning=None)
    return revisions(Vintage.published(earlier), Vintage.published(later))


def _ended(earlier: Vintage) -> pa.Table:
    """The periods that had ended by the night of `earlier`."""
    periods = earlier.figures["period"].unique().to_pylist()
    ended = [p for p in periods if (last := ends_on(p)) and last <= earlier.night.on]
    return pa.table({"period": pa.array(ended, pa.string())})


def _kinds(codes: list[str]) -> frozenset[str]:
    """The record kinds that these indicators look at."""
    known = [indicators()[code] for code in codes if code in indicators()]
    parts = [part for indicator in known for part in indicator.parts]
    named = {part.record for part in parts}.union(*(_named(part.view) for part in parts))
    return frozenset(named & set(stored_records()))


def _named(view: str) -> set[str]:
    """What a view is made of, through the views that it names."""
    if view not in views():
        return set()
    own = {name for _, name, _, _ in Formatter().parse(views()[view].sql) if name}
    return own.union(*(_named(name) for name in own))
