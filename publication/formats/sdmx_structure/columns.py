"""The columns of the SDMX structure: dimensions, measures and attributes."""

from __future__ import annotations

from collections.abc import Mapping

from pysdmx.model import (
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    DataType,
    ItemReference,
    Role,
)

from publication.formats.sdmx_structure.identity import AGENCY, ID, VERSION
from publication.formats.sdmx_structure.names import Names

DIMENSIONS = ("FREQ", "REF_AREA", "INDICATOR", "BORDERS", "TIME_PERIOD")
MEASURES = ("OBS_VALUE", "NUMERATOR", "DENOMINATOR")
ATTRIBUTES = ("COVERAGE", "STATUS", "REASON", "DEFINITION_VERSION")
OF_ALL = "RELEASE"
"""The attribute of a file as a whole."""
MANDATORY = ("STATUS", "DEFINITION_VERSION")
CODED = {
    "FREQ": "CL_FREQ", "REF_AREA": "CL_AREA", "INDICATOR": "CL_INDICATOR",
    "BORDERS": "CL_BORDERS", "STATUS": "CL_STATUS", "REASON": "CL_REASON",
}  # fmt: skip
TYPES = {
    "TIME_PERIOD": DataType.PERIOD, "OBS_VALUE": DataType.DOUBLE, "COVERAGE": DataType.DOUBLE,
    "NUMERATOR": DataType.LONG, "DENOMINATOR": DataType.LONG,
    "DEFINITION_VERSION": DataType.INTEGER,
}  # fmt: skip


def concepts(names: Names) -> ConceptScheme:
    """One concept a column."""
    ids = (*DIMENSIONS, *MEASURES, *ATTRIBUTES, OF_ALL)
    found = [Concept(id=name, name=names.words(name.lower())) for name in ids]
    title = names.words("concepts")
    return ConceptScheme(id=ID, name=title, agency=AGENCY, version=VERSION, items=found)


def components(lists: Mapping[str, Codelist]) -> Components:
    """The columns in their order, each with its list of codes or its type."""
    found = [
        *(_component(name, Role.DIMENSION, lists) for name in DIMENSIONS),
        *(_component(name, Role.MEASURE, lists) for name in MEASURES),
        *(_component(name, Role.ATTRIBUTE, lists, "O") for name in ATTRIBUTES),
        _component(OF_ALL, Role.ATTRIBUTE, lists, "D"),
    ]
    return Components(found)


def _component(
    name: str, role: Role, lists: Mapping[str, Codelist], level: str | None = None
) -> Component:
    return Component(
        id=name,
        required=role is Role.DIMENSION or name in MANDATORY,
        role=role,
        concept=ItemReference("Concept", AGENCY, ID, VERSION, name),
        local_dtype=TYPES.get(name),
        local_codes=lists[CODED[name]] if name in CODED else None,
        attachment_level=level,
    )
