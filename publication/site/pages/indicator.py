"""One page an indicator: its definition, the nation over time, its parts, areas side by side, and
every revision."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from markupsafe import Markup, escape

from catalog import written
from catalog.areas import NATION
from catalog.written import Language
from publication.charts import line
from publication.site.corrections import revisions
from publication.site.downloads import by, empty
from publication.site.entries import newest
from publication.site.history import Row, history, points
from publication.site.model import File, Page, Site
from publication.site.parts import parts_of
from publication.site.standing import standings
from publication.site.targets import Target, is_reached, target_of, targets
from publication.words import say

LONGER = ("month", "quarter", "year")


def pages(site: Site, language: Language) -> Iterator[Page]:
    for code, told in site.release.catalogue.items():
        content = _content(site, told, language)
        yield Page(f"indicator/{code}.html", "indicator.html", content)


def files(site: Site) -> Iterator[File]:
    """Every indicator's figures of all areas."""
    found = dict(by(site.release, "indicator"))
    for code in site.release.catalogue:
        yield File(f"data/indicator/{code}.csv", found.get(code) or empty(site.release))


def _content(site: Site, told: Mapping[str, Any], language: Language) -> dict[str, Any]:
    code, release = told["code"], site.release
    kinds = [kind for kind in LONGER if kind in told["period_types"]]
    known = {kind: history(release, code, NATION, kind) for kind in kinds}
    rows = known[kinds[0]] if kinds else []
    row, found = newest(rows), revisions(site, code)
    target = target_of(told, row.figure.period) if row else None
    return {
        "told": told,
        "name": told[f"name_{language}"],
        "row": row,
        "target": target,
        "is_reached": is_reached(told, row.figure.value if row else None, target),
        "chart": _chart(rows, told, target, language),
        "histories": {kind: rows for kind, rows in known.items() if rows},
        "parts": parts_of(release, code),
        "standings": standings(site, code),
        "revisions": found,
        "revised": {revision["period"] for revision in found},
        "targets": targets(told),
        "in_force": [_day(told[end]) for end in ("in_force_from", "in_force_to")],
        "linked": partial(_linked, site, language),
    }


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _chart(
    rows: list[Row], told: Mapping[str, Any], target: Target | None, language: Language
) -> str:
    charted = points(rows, told["unit"], language)
    value = partial(written.value, unit=told["unit"], language=language)
    aim = target and line.Target(
        target.value, say("charts.target", language, value=value(target.value))
    )
    return line.line(charted, told[f"name_{language}"], value, aim) if len(charted) > 1 else ""


def _linked(site: Site, language: Language, text: str) -> Markup:
    """A text of a definition, where the code of another indicator stands as its name."""
    known = site.release.catalogue

    def named(found: re.Match[str]) -> str:
        if found[0] not in known:
            return found[0]
        return f'<a href="{found[0]}.html">{escape(known[found[0]][f"name_{language}"])}</a>'

    return Markup(re.sub(r"[a-z0-9]+(?:_[a-z0-9]+)+", named, str(escape(text))))
