"""The indicator catalogue as one flat table; ``indicators.json`` has it whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from publication.names import code_name
from publication.release import Release
from publication.tables import write_table

FILES = ("definitions.csv", "definitions.parquet")
ABOUT = {
    "vi": "Danh mục chỉ số: tên, nhóm, đơn vị, cách tính, căn cứ pháp lý và mục tiêu, mỗi dòng "
    "một chỉ số. Bản đầy đủ là indicators.json.",
    "en": "The indicators: name, theme, unit, formula, legal basis and target, one row each. "
    "indicators.json has all of it.",
}
SCHEMA = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        pa.field("version", pa.int32(), nullable=False),
        *(
            pa.field(name, pa.string(), nullable=False)
            for name in ("name_vi", "name_en", "theme", "theme_vi", "theme_en")
        ),
        pa.field("headline", pa.int32(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("direction", pa.string(), nullable=False),
        pa.field("is_ranked", pa.bool_(), nullable=False),
        *(
            pa.field(name, pa.string(), nullable=False)
            for name in ("period_types", "formula_vi", "formula_en", "legal_basis")
        ),
        pa.field("target", pa.float64()),
        *(pa.field(name, pa.string()) for name in ("target_by", "in_force_from", "in_force_to")),
    ]
)


def write(release: Release, folder: Path) -> None:
    """``definitions.csv`` and ``definitions.parquet``."""
    write_table(folder, "definitions", table(release))


def table(release: Release) -> pa.Table:
    """SCHEMA: the indicators of a release by code."""
    return pa.Table.from_pylist([_row(entry) for entry in release.catalogue.values()], SCHEMA)


def _row(entry: Mapping[str, Any]) -> dict[str, Any]:
    target = entry["targets"][-1] if entry["targets"] else {}
    return {
        **{name: entry[name] for name in SCHEMA.names if name in entry},
        "theme_vi": code_name("theme", entry["theme"], "vi"),
        "theme_en": code_name("theme", entry["theme"], "en"),
        "period_types": " ".join(entry["period_types"]),
        "formula_vi": entry["formula"]["vi"],
        "formula_en": entry["formula"]["en"],
        "target": target.get("value"),
        "target_by": target.get("by"),
    }
