"""What areas and codes are called, in both languages."""

from __future__ import annotations

from functools import cache

from catalog import codelists
from catalog.areas import NATION, Area, areas, former
from catalog.written import Language


def area_name(code: str, language: Language) -> str:
    """An area's official name. Provinces have one name in both languages. Raises KeyError for an
    area that is not and never was."""
    if language == "en" and code == NATION:
        return "Viet Nam"
    if language == "en" and code in _ministries_en():
        return _ministries_en()[code]
    return (areas().get(code) or known()[code]).name_vi


def known() -> dict[str, Area]:
    """Every area that is or was, in the official order."""
    return {area.code: area for area in (*areas().values(), *former())}


@cache
def _ministries_en() -> dict[str, str]:
    rows = codelists.rows("ministries")
    return {row["code"]: row["name_en"] for row in rows if row["name_en"]}


def code_name(codelist: str, code: str, language: Language) -> str:
    """What a code list calls a code (`catalog.codelists`); its Vietnamese name where it has no
    English one."""
    column = f"name_{language}"
    has_it = column in codelists.rows(codelist)[0]
    return codelists.name_of(codelist, code, column if has_it else "name_vi")
