"""The code lists of the SDMX structure, with names in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pysdmx.model import Annotation, Code, Codelist

from catalog import codelists
from catalog.written import Language
from publication.formats.sdmx_structure.identity import AGENCY, VERSION
from publication.formats.sdmx_structure.names import Names
from publication.names import area_name, code_name, known
from publication.release import Release
from publication.words import say

FREQUENCIES = {"month": "M", "quarter": "Q", "year": "A", "all": "_Z"}
"""Our period types by the codes of SDMX's own frequencies; all time has none."""
BORDERS = ("34", "63")
STATUSES = ("final", "provisional", "no_data", "missing", "withheld")
Named = Callable[[str, Language], str]


def lists_of(release: Release, names: Names) -> dict[str, Codelist]:
    """Every list by its id."""
    kinds = {code: kind for kind, code in FREQUENCIES.items()}
    reasons = [row["code"] for row in codelists.rows("no_value")]
    plain: list[tuple[str, Iterable[str], Named]] = [
        ("CL_FREQ", kinds, lambda code, to: say(f"period_type.{kinds[code]}", to)),
        ("CL_AREA", known(), area_name),
        ("CL_BORDERS", BORDERS, lambda code, to: say(f"borders.{code}", to)),
        ("CL_STATUS", STATUSES, lambda code, to: say(f"figure_status.{code}", to)),
        ("CL_REASON", reasons, lambda code, to: code_name("no_value", code, to)),
    ]
    found = [_codelist(name, names, _codes(names, codes, call)) for name, codes, call in plain]
    found.append(_codelist("CL_INDICATOR", names, _indicators(release, names)))
    return {codelist.id: codelist for codelist in found}


def _codes(names: Names, codes: Iterable[str], call: Named) -> Iterator[Code]:
    for code in codes:
        yield Code(id=code, name=names.key(call(code, "vi"), call(code, "en")))


def _indicators(release: Release, names: Names) -> Iterator[Code]:
    for code, told in release.catalogue.items():
        yield Code(
            id=code,
            name=names.key(told["name_vi"], told["name_en"]),
            description=names.key(told["formula"]["vi"], told["formula"]["en"]),
            annotations=[Annotation(id="UNIT", title=told["unit"])],
        )


def _codelist(name: str, names: Names, codes: Iterable[Code]) -> Codelist:
    title = names.words(name.lower())
    return Codelist(id=name, name=title, agency=AGENCY, version=VERSION, items=list(codes))
