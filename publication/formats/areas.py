"""Every area that is or was, so that the codes of the other files can be read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from catalog.area_changes import successor
from publication.names import area_name, known
from publication.release import Release
from publication.tables import write_table

FILES = ("areas.csv", "areas.parquet")
ABOUT = {
    "vi": "Danh mục cả nước, tỉnh, thành phố và bộ, ngành: mã, tên, và địa bàn hiện nay mà mỗi "
    "tỉnh, thành phố trước đây thuộc về.",
    "en": "The nation, provinces and ministries: codes, names, and which area of today each "
    "former province belongs to.",
}
SCHEMA = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        pa.field("position", pa.int32(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("name_vi", pa.string(), nullable=False),
        pa.field("name_en", pa.string(), nullable=False),
        pa.field("gso_code", pa.string(), nullable=False),
        pa.field("in_national_totals", pa.bool_(), nullable=False),
        pa.field("valid_to", pa.date32()),
        pa.field("part_of", pa.string(), nullable=False),
    ]
)
"""`position` is the place in the official order; `part_of` the area that has, on the release's
night, what this one had: itself where it still is."""


def write(release: Release, folder: Path) -> None:
    """``areas.csv`` and ``areas.parquet``."""
    write_table(folder, "areas", table(release))


def table(release: Release) -> pa.Table:
    """SCHEMA: the areas in the official order."""
    rows = [
        {
            "code": area.code, "position": position, "kind": area.kind,
            "name_vi": area_name(area.code, "vi"), "name_en": area_name(area.code, "en"),
            "gso_code": area.gso_code, "in_national_totals": area.in_national_totals,
            "valid_to": area.valid_to, "part_of": successor(area.code, release.night.on),
        }
        for position, area in enumerate(known().values(), start=1)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, SCHEMA)
