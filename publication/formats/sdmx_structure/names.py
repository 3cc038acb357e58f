"""Names in two languages, where pysdmx knows one.

pysdmx is given a key in place of each name; in what it wrote each key becomes one name a language.
"""

from __future__ import annotations

from lxml import etree

from catalog.written import LANGUAGES, Language
from publication.words import say

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
COMMON = "{http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common}"


class Names:
    """The names that keys stand for."""

    def __init__(self) -> None:
        self._known: list[dict[Language, str]] = []

    def key(self, vi: str, en: str) -> str:
        """What stands for a name until `put_into`."""
        self._known.append({"vi": vi, "en": en})
        return str(len(self._known) - 1)

    def words(self, text: str) -> str:
        """The key of a text of ``words/sdmx.yml``."""
        vi, en = (say(f"sdmx.{text}", language) for language in LANGUAGES)
        return self.key(vi, en)

    def put_into(self, root: etree._Element) -> None:
        """One element a language in place of each that holds a key."""
        for element in list(root.iter(f"{COMMON}Name", f"{COMMON}Description")):
            for language, text in self._known[int(element.text or "")].items():
                named = etree.Element(element.tag, {LANGUAGE: language})
                named.text = text
                element.addprevious(named)
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)
