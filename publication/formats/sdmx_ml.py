"""The figures of areas as SDMX-ML 3.0."""

from __future__ import annotations

from pathlib import Path

from pysdmx.io.pd import PandasDataset
from pysdmx.io.xml.sdmx30.writer.structure_specific import write as write_data

from publication.formats.sdmx_csv import observations
from publication.formats.sdmx_structure import header, schema
from publication.release import Release

FILES = ("observations.sdmx.xml",)
ABOUT = {
    "vi": "Số liệu của cả nước và các địa bàn theo SDMX-ML 3.0; cấu trúc ở structure.xml.",
    "en": "The figures of the nation and areas as SDMX-ML 3.0; structure.xml has the structure.",
}


def write(release: Release, folder: Path) -> None:
    """``observations.sdmx.xml``."""
    rows = observations(release)
    data = PandasDataset(
        structure=schema(release),
        data=rows.to_pandas(integer_object_nulls=True),
        attributes={"RELEASE": release.id},
    )
    write_data([data], folder / FILES[0], prettyprint=True, header=header(release))
