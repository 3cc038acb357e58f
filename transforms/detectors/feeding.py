"""Which indicators a source must not feed, because a column that they use tells nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

import pyarrow as pa

from catalog.areas import areas_of
from catalog.records import records
from catalog.sources import sources
from transforms.detectors.declaration import Detector, detectors
from transforms.indicators.declaration import Indicator, indicators
from transforms.indicators.expressions import flags, names
from transforms.indicators.rollup import NOT_FED_SCHEMA
from transforms.indicators.views import View, views

UNFED_SCHEMA = NOT_FED_SCHEMA
NAMED = re.compile(r"{(\w+)}")
"""The relations that the SQL of a view names."""


def not_fed(detections: pa.Table) -> dict[str, frozenset[str]]:
    """Indicator -> the sources that must not feed it, from DETECTION_SCHEMA."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in detections.to_pylist():
        if row["is_found"]:
            detector = detectors()[row["detector"]]
            for code in fed_by(detector):
                record = indicators()[code].record
                found[code] |= _tellers(row["source_id"], record, detector.record == record)
    return {code: frozenset(ids) for code, ids in found.items() if ids}


def _tellers(source_id: str, record: str, is_own: bool) -> set[str]:
    """The source itself; where an indicator sees its rows beside another record, the sources that
    send that one for its areas."""
    if is_own:
        return {source_id}
    about = set(areas_of(sources()[source_id]))
    others = (s for s in sources().values() if record in s.records)
    return {other.source_id for other in others if set(areas_of(other)) <= about}


def fed_by(detector: Detector) -> list[str]:
    """The indicators that use the column of a ``constant``; none for ``gaming``."""
    return [
        indicator.code
        for indicator in indicators().values()
        if detector.column in used(indicator) and _sees(indicator, detector)
    ]


def _sees(indicator: Indicator, detector: Detector) -> bool:
    """Whether the column that an indicator uses is that of the detector's record: a name that
    both records have is the indicator's own."""
    if indicator.record == detector.record:
        return True
    view, own = views().get(indicator.view), records()[indicator.record].columns
    return (
        view is not None
        and detector.record in NAMED.findall(view.sql)
        and (detector.column not in own)
    )


def used(indicator: Indicator) -> set[str]:
    """Every column that an indicator looks at: by itself, through flags and through its view."""
    own = (indicator.population, indicator.numerator, indicator.amount, indicator.weight)
    words = {name for sql in own for name in names(sql)} | {indicator.period_by}
    if indicator.view:
        words |= seen_through(views()[indicator.view], words)
    known = flags().get(indicator.record)
    return known.needs(words) if known else words


def seen_through(view: View, wanted: set[str]) -> set[str]:
    """The words of a view's SQL, and of the views that it names, but for what it adds that is not
    `wanted`."""
    sql = view.sql
    for name in set(view.adds) - wanted:
        sql = _without(name, sql)
    words = set(names(NAMED.sub("", sql)))
    inner = (views()[name] for name in NAMED.findall(sql) if name in views())
    return words.union(*(seen_through(other, words) for other in inner))


def _without(name: str, sql: str) -> str:
    """The SQL less the expression that is called `name`: back to the comma or the SELECT."""
    end = sql.find(f" AS {name}")
    if end < 0:
        return sql
    depth, start = 0, end
    while start and depth >= 0:
        start -= 1
        depth += {")": 1, "(": -1}.get(sql[start], 0)
        if depth == 0 and (sql[start] == "," or sql.startswith("SELECT ", start)):
            break
    return sql[: start + 1] + sql[end:]


def unfed(found: Mapping[str, frozenset[str]]) -> pa.Table:
    """UNFED_SCHEMA: the areas that these sources report, for which the indicator is not covered."""
    rows = {
        (indicator, area)
        for indicator, ids in found.items()
        for source_id in ids
        for area in areas_of(sources()[source_id])
    }
    named = [dict(zip(UNFED_SCHEMA.names, row, strict=True)) for row in sorted(rows)]
    return pa.Table.from_pylist(named, UNFED_SCHEMA)
