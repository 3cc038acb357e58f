"""The SDMX files: valid by the official schemas, and equal to the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from lxml import etree
from pysdmx.io import read_sdmx
from pysdmx.io.xml.doc_validation import validate_doc

from publication.formats.sdmx_structure import columns
from publication.formats.sdmx_structure.identity import ID, VERSION
from publication.release import Release
from tests.publication.formats.conftest import HOSTILE
from tests.publication.formats.told import of_areas, of_sdmx

NAMES = "{http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common}"
STRUCTURE = "{http://www.sdmx.org/resources/sdmxml/schemas/v3_0/structure}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def _rows(path: Path) -> list[dict[str, Any]]:
    (dataset,) = read_sdmx(path, validate=True).data or ()
    data: pd.DataFrame = dataset.data
    assert {*columns.DIMENSIONS, *columns.MEASURES, *columns.ATTRIBUTES} <= set(data.columns)
    return [
        {name: "" if pd.isna(value) else str(value) for name, value in row.items()}
        for row in data.to_dict("records")
    ]


def _codes(release: Release) -> dict[str, dict[str, dict[str, str]]]:
    """List, code, language, name."""
    root = etree.parse(release.folder / "structure.xml").getroot()
    return {
        str(codelist.get("id")): {
            str(code.get("id")): {
                str(name.get(LANGUAGE)): str(name.text) for name in code.findall(f"{NAMES}Name")
            }
            for code in codelist.findall(f"{STRUCTURE}Code")
        }
        for codelist in root.iter(f"{STRUCTURE}Codelist")
    }


def test_structure_and_data_are_valid_by_the_official_schemas(release: Release) -> None:
    for name in ("structure.xml", "observations.sdmx.xml"):
        validate_doc((release.folder / name).read_text(encoding="utf-8"))


def test_sdmx_ml_reads_back_equal_to_the_table(release: Release) -> None:
    assert of_sdmx(_rows(release.folder / "observations.sdmx.xml"), release) == of_areas(release)


def test_sdmx_csv_reads_back_equal_to_the_table(release: Release) -> None:
    assert of_sdmx(_rows(release.folder / "observations.sdmx.csv"), release) == of_areas(release)


def test_every_code_of_the_data_has_a_name_in_both_languages(release: Release) -> None:
    codes = _codes(release)
    rows = _rows(release.folder / "observations.sdmx.csv")
    assert {row["STATUS"] for row in rows} == set(codes["CL_STATUS"])
    for column, codelist in columns.CODED.items():
        used = {row[column] for row in rows} - {""}
        assert used <= set(codes[codelist])
    assert all(set(names) == {"vi", "en"} for found in codes.values() for names in found.values())


def test_names_are_kept_to_the_letter_in_each_language(release: Release) -> None:
    named = _codes(release)
    for code, (vi, en) in HOSTILE.items():
        assert named["CL_INDICATOR"][code] == {"vi": vi, "en": en}
    assert named["CL_AREA"]["VN"] == {"vi": "Cả nước", "en": "Viet Nam"}


def test_structure_reads_back_as_what_the_data_is_written_by(release: Release) -> None:
    message = read_sdmx(release.folder / "structure.xml", validate=True)
    (read,) = message.get_data_structure_definitions()
    assert (read.id, read.version) == (ID, VERSION)
    assert {part.id for part in read.components} == {
        *columns.DIMENSIONS, *columns.MEASURES, *columns.ATTRIBUTES, columns.OF_ALL
    }  # fmt: skip
    for part in read.components:
        of = columns.CODED.get(part.id)
        assert (part.local_codes.id if part.local_codes else None) == of


def test_other_columns_are_another_version_of_the_structure() -> None:
    known = {
        "1.0.0": "FREQ REF_AREA INDICATOR BORDERS TIME_PERIOD OBS_VALUE NUMERATOR DENOMINATOR "
        "COVERAGE STATUS REASON DEFINITION_VERSION RELEASE"
    }
    now = (*columns.DIMENSIONS, *columns.MEASURES, *columns.ATTRIBUTES, columns.OF_ALL)
    assert known[VERSION] == " ".join(now)


def test_message_is_prepared_at_the_end_of_the_night(release: Release) -> None:
    text = (release.folder / "observations.sdmx.xml").read_text(encoding="utf-8")
    assert "<mes:Prepared>2026-11-22T17:00:00Z</mes:Prepared>" in text
    assert "<mes:ID>2026-10-1</mes:ID>" in text
    assert 'RELEASE="2026.10.1"' in text
