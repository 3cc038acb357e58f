"""What the SDMX files are made of: ``structure.xml``, SDMX-ML 3.0 in both languages."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from pysdmx.io.xml.sdmx30.writer.structure import write as write_structure
from pysdmx.model import Dataflow, DataStructureDefinition, Organisation, Schema
from pysdmx.model.message import Header

from publication.formats.sdmx_structure.codelists import lists_of
from publication.formats.sdmx_structure.columns import components, concepts
from publication.formats.sdmx_structure.identity import AGENCY, ID, VERSION
from publication.formats.sdmx_structure.names import Names
from publication.release import Release

FILES = ("structure.xml",)
ABOUT = {
    "vi": "Cấu trúc SDMX-ML 3.0 của số liệu: danh mục mã và khái niệm bằng hai thứ tiếng.",
    "en": "The SDMX-ML 3.0 structure of the figures: code lists and concepts in both languages.",
}


def write(release: Release, folder: Path) -> None:
    """``structure.xml``."""
    names = Names()
    lists = lists_of(release, names)
    structure = DataStructureDefinition(
        id=ID, name=names.words("structure"), agency=AGENCY, version=VERSION,
        components=components(lists),
    )  # fmt: skip
    flow = Dataflow(
        id=ID, name=names.words("dataflow"), agency=AGENCY, version=VERSION, structure=structure
    )
    parts = [*lists.values(), concepts(names), structure, flow]
    text = write_structure(parts, prettyprint=True, header=header(release)) or ""
    root = etree.fromstring(text.encode(), etree.XMLParser(remove_blank_text=True))
    names.put_into(root)
    etree.indent(root)
    written = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    (folder / FILES[0]).write_bytes(written + b"\n")


def header(release: Release) -> Header:
    """Who wrote it and what is known, the same for the same release. An id may hold no dot."""
    return Header(
        id=release.id.replace(".", "-"),
        prepared=release.night.cutoff,
        sender=Organisation(id=AGENCY),
    )


def schema(release: Release) -> Schema:
    """The structure that data files are written by; names are no part of it."""
    lists = lists_of(release, Names())
    return Schema("datastructure", AGENCY, ID, components(lists), VERSION)
