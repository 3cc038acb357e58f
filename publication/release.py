"""A release as it lies in its folder, read back for those who make something of it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from catalog.finality import ends_on
from catalog.night import Night

FROZEN = r"\d{4}\.\d{2}\.\d+"
MANIFEST = "release.json"


class Figure(NamedTuple):
    """One published figure; numbers are None where `reason` says why (codelists/no_value.csv)."""

    indicator: str
    area: str
    period: str
    period_type: str
    numerator: int | None
    denominator: int | None
    value: float | None
    coverage: float | None
    status: str
    reason: str
    definition_version: int


@dataclass(frozen=True)
class Release:
    """The release in `folder`: ``nightly-2026-11-22``, or frozen, ``2026.10.1``."""

    folder: Path

    @cached_property
    def told(self) -> Mapping[str, Any]:
        """Its ``release.json``."""
        found: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        return found

    @property
    def id(self) -> str:
        return str(self.told["release"])

    @property
    def night(self) -> Night:
        """The night whose knowledge it is: its end is the `as_of` of every figure."""
        return Night.parse(self.told["night"])

    @property
    def is_frozen(self) -> bool:
        return re.fullmatch(FROZEN, self.id) is not None

    @cached_property
    def catalogue(self) -> dict[str, dict[str, Any]]:
        """Its definitions by indicator code, as ``indicators.json`` has them."""
        text = (self.folder / "indicators.json").read_text(encoding="utf-8")
        return {entry["code"]: entry for entry in json.loads(text)}

    def has(self, name: str) -> bool:
        """Whether it holds this table: releases made before there was one do not."""
        return (self.folder / f"{name}.parquet").is_file()

    def table(self, name: str) -> pa.Table:
        """One of its tables: observations, ranking, change, gap, mean, score, detection, revision,
        breakdown, reporting."""
        return pq.read_table(self.folder / f"{name}.parquet", partitioning=None)

    @cached_property
    def areas(self) -> pa.Table:
        """Its observations of areas and the nation, by month and longer: what people are shown.
        Agencies and days are in ``observations`` alone."""
        rows = self.table("observations")
        kept = pc.and_(
            pc.not_equal(rows["level"], "agency"), pc.not_equal(rows["period_type"], "day")
        )
        return rows.filter(kept)

    @cached_property
    def _today(self) -> dict[tuple[str, str], list[Figure]]:
        rows = self.areas.filter(pc.equal(self.areas["borders"], "34")).select(Figure._fields)
        found: dict[tuple[str, str], list[Figure]] = defaultdict(list)
        for figure in map(Figure._make, zip(*(c.to_pylist() for c in rows.columns), strict=True)):
            found[figure.indicator, figure.area].append(figure)
        for figures in found.values():
            figures.sort(key=lambda figure: figure.period)
        return dict(found)

    @property
    def told_of(self) -> Iterable[tuple[str, str]]:
        """The indicators and areas that it has figures of."""
        return self._today.keys()

    def figures(self, indicator: str, area: str, period_type: str) -> Sequence[Figure]:
        """Its figures on today's borders by period, oldest first."""
        found = self._today.get((indicator, area), [])
        return [figure for figure in found if figure.period_type == period_type]

    def period_type(self, indicator: str) -> str:
        """The shortest period that people are shown of an indicator: month, else quarter, year."""
        known = self.catalogue[indicator]["period_types"]
        return next(kind for kind in ("month", "quarter", "year", "all") if kind in known)

    def newest(self, indicator: str, area: str) -> Figure | None:
        """The figure of the newest period that has ended."""
        known = self.figures(indicator, area, self.period_type(indicator))
        ended = [figure for figure in known if has_ended(figure.period, self.night.on)]
        return ended[-1] if ended else None


@cache
def has_ended(period: str, on: dt.date) -> bool:
    """Whether a month, quarter or year was over by the end of the day `on`; `all` never is."""
    last = ends_on(period)
    return last is not None and last <= on


def releases(published: Path) -> list[Release]:
    """All releases below a folder that say what they were made of: nightly ones by night, frozen
    ones by id, the newest last."""
    named = (file.parent for file in published.glob(f"[n2]*/{MANIFEST}"))
    found = [Release(folder) for folder in named]
    return sorted(found, key=lambda release: (not release.is_frozen, *_place(release)))


def _place(release: Release) -> tuple[Any, ...]:
    return (
        release.night.on,
        *(tuple(map(int, release.id.split("."))) if release.is_frozen else ()),
    )
