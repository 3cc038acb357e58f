"""Which month a bulletin is about, and what its figures are called."""

from __future__ import annotations

import datetime as dt
from typing import Any

from publication.release import Figure, Release


def month_of(release: Release) -> str:
    """The month of a frozen release ``2026.10.1``; of a nightly one the last month that had ended
    by its night."""
    if release.is_frozen:
        return "-".join(release.id.split(".")[:2])
    after = release.night.on + dt.timedelta(days=1)
    return f"{after.replace(day=1) - dt.timedelta(days=1):%Y-%m}"


def holding(month: str, kind: str) -> str:
    """The period of a kind (month, quarter, year, all) that the month belongs to."""
    year, number = month.split("-")
    quarter = f"{year}-Q{(int(number) + 2) // 3}"
    return {"month": month, "quarter": quarter, "year": year, "all": "all"}[kind]


def headlines(release: Release) -> list[dict[str, Any]]:
    """The definitions of the headline indicators in their order."""
    found = [entry for entry in release.catalogue.values() if entry.get("headline")]
    return sorted(found, key=lambda entry: int(entry["headline"]))


def monthly(release: Release) -> list[dict[str, Any]]:
    """The headline indicators that have figures by month; the first one colours the map."""
    return [entry for entry in headlines(release) if "month" in entry["period_types"]]


def of_period(release: Release, indicator: str, area: str, month: str) -> Figure | None:
    """An area's figure of the shortest period that holds the month."""
    kind = release.period_type(indicator)
    wanted = holding(month, kind)
    figures = release.figures(indicator, area, kind)
    return next((figure for figure in figures if figure.period == wanted), None)


def before(release: Release, figure: Figure) -> Figure | None:
    """The figure of the period before."""
    known = release.figures(figure.indicator, figure.area, figure.period_type)
    earlier = [one for one in known if one.period < figure.period]
    return earlier[-1] if earlier else None


def is_final(release: Release, month: str) -> bool:
    """Whether all of the nation's headline figures of the month that have a number are final."""
    found = (of_period(release, entry["code"], "VN", month) for entry in monthly(release))
    statuses = {figure.status for figure in found if figure and figure.value is not None}
    return statuses == {"final"}
