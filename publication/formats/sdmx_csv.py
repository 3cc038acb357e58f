"""The figures of areas as SDMX-CSV 2.0."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from publication.formats.sdmx_structure.codelists import FREQUENCIES
from publication.formats.sdmx_structure.columns import ATTRIBUTES, DIMENSIONS, MEASURES, OF_ALL
from publication.formats.sdmx_structure.identity import AGENCY, ID, VERSION
from publication.release import Release
from publication.tables import write_csv

FILES = ("observations.sdmx.csv",)
ABOUT = {
    "vi": "Số liệu của cả nước và các địa bàn theo SDMX-CSV 2.0.",
    "en": "The figures of the nation and areas as SDMX-CSV 2.0.",
}
ORDER = ("indicator", "borders", "area", "period_type", "period")
CALLED = {"REF_AREA": "area", "OBS_VALUE": "value"}
"""Columns that our tables call otherwise than by their own name in small letters."""


def write(release: Release, folder: Path) -> None:
    """``observations.sdmx.csv``."""
    rows = observations(release)
    before = ("datastructure", f"{AGENCY}:{ID}({VERSION})", "I")
    for place, name in enumerate(("STRUCTURE", "STRUCTURE_ID", "ACTION")):
        rows = rows.add_column(place, name, pa.repeat(before[place], rows.num_rows))
    rows = rows.append_column(OF_ALL, pa.repeat(release.id, rows.num_rows))
    write_csv(folder / FILES[0], rows)


def observations(release: Release) -> pa.Table:
    """The figures of areas by the columns of the structure, on both borders, in one order. All
    time is a period of no frequency that ends with the last day that counts."""
    rows = release.areas.sort_by([(name, "ascending") for name in ORDER])
    is_all = pc.equal(rows["period_type"], "all")
    names = (*DIMENSIONS, *MEASURES, *ATTRIBUTES)
    found = {n: rows[CALLED.get(n, n.lower())] for n in names if n not in ("FREQ", "TIME_PERIOD")}
    found["FREQ"] = _frequencies(rows["period_type"])
    found["TIME_PERIOD"] = pc.if_else(is_all, str(release.night.on), rows["period"])
    return pa.table({name: found[name] for name in names})


def _frequencies(kinds: pa.ChunkedArray) -> pa.ChunkedArray:
    places = pc.index_in(kinds, pa.array(list(FREQUENCIES)))
    return pc.take(pa.array(list(FREQUENCIES.values())), places)
