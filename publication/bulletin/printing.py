"""From what a bulletin says to PDF, in this process: no network, no fonts of the system."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from catalog.errors import PublicationError
from catalog.night import Night

HERE = Path(__file__).parent
TEMPLATE = HERE / "bulletin.typ"
STANDARDS: list[Any] = ["a-2a", "ua-1"]
"""For archives (ISO 19005) and for screen readers (ISO 14289)."""


def printed(content: Mapping[str, Any], night: Night) -> bytes:
    """The PDF, dated at the end of the night: the same content, the same bytes.

    What is said goes in as data and never becomes markup. Raises PublicationError where it cannot
    be printed; the compiler's own words are cut, for they may quote it.
    """
    try:
        pdf = typst.compile(
            TEMPLATE,
            format="pdf",
            root=HERE,
            font_paths=_fonts(),
            sys_inputs=given(content),
            pdf_standards=STANDARDS,
            timestamp=night.cutoff,
        )
    except typst.TypstError as error:
        raise PublicationError(f"bulletin of {night}: {_kind(error)}") from None
    return bytes(pdf)


def given(content: Mapping[str, Any]) -> dict[str, str]:
    """What the template reads: one JSON text, its letters composed (NFC)."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return {"bulletin": unicodedata.normalize("NFC", text)}


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _kind(error: typst.TypstError) -> str:
    return "a sign that no font has" if "font" in error.message else "the template was refused"
