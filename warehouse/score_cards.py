"""What the sources brought in a window of nights and what speaks against it, as known after the
newest of them; and the score cards made of that.

Rows are those of batches that were judged and are usable, or that a person has released since:
what is held or could not be read comes again, and nothing is known of it until then. A repeat
within a batch says nothing new. A finding about a batch as a whole speaks against the delivery,
not against each of its rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from catalog.incidents import Fingerprint
from catalog.score_card import Dimension, Score
from warehouse.connections import transaction
from warehouse.tables.score_cards import score

Row = dict[str, Any]
_TALLIES = sa.text("""
    WITH batch AS (
        SELECT source_id, record, batch_on AS sent_on, conformed.received - duplicate AS rows
        FROM ops.ledger AS conformed
        WHERE stage = 'conform' AND batch_on > :before AND batch_on <= :on AND record = ANY(:kinds)
          AND (
            EXISTS (
                SELECT FROM ops.ledger AS judged WHERE judged.batch_id = conformed.batch_id
                  AND stage = 'judge' AND verdict IN ('ok', 'quarantined')
            ) OR EXISTS (
                SELECT FROM ops.replay WHERE replays = conformed.batch_id
                  AND released_by IS NOT NULL AND ops.replay.batch_on <= :on
            )
          )
    ), found AS (
        SELECT source_id, record, check_id AS rule, record_key, batch_id, batch_on, page_sha256,
            page_row, fixed_on <= :on AS is_right
        FROM ops.finding WHERE batch_on > :before AND batch_on <= :on
    ), mended AS (
        SELECT source_id, record, rule, record_key, max(batch_on) AS found_on FROM found
        WHERE is_right AND record_key IS NOT NULL GROUP BY source_id, record, rule, record_key
    ), standing AS (
        SELECT source_id, record, rule, '' AS "column", batch_id, page_sha256, page_row
        FROM found LEFT JOIN mended USING (source_id, record, rule, record_key)
        WHERE page_sha256 IS NULL
           OR is_right IS NOT TRUE AND (found_on IS NULL OR found_on <= batch_on)
        UNION ALL
        SELECT source_id, record, 'rejected:' || reason, field, batch_id, page_sha256, page_row
        FROM ops.reject
        WHERE batch_on > :before AND batch_on <= :on AND (fixed_on <= :on) IS NOT TRUE
    ), against AS (
        SELECT DISTINCT source_id, record, CAST(right(batch_id, 10) AS date) AS sent_on, dimension,
            page_sha256, page_row
        FROM standing JOIN unnest(CAST(:rules AS text[]), CAST(:dimensions AS text[]))
            AS rule (rule, dimension) USING (rule)
        WHERE (source_id, record, rule, "column") NOT IN (
            SELECT * FROM unnest(
                CAST(:accepted_sources AS text[]), CAST(:accepted_records AS text[]),
                CAST(:accepted_rules AS text[]), CAST(:accepted_columns AS text[])
            )
        )
    ), bad AS (
        SELECT source_id, record, sent_on, dimension, count(page_sha256) AS rows
        FROM against GROUP BY source_id, record, sent_on, dimension
    )
    SELECT source_id, dimension, sum(batch.rows)::bigint AS judged,
        sum(batch.rows - least(batch.rows, coalesce(bad.rows, 0)))::bigint AS good,
        array_agg(DISTINCT sent_on) AS nights
    FROM batch CROSS JOIN unnest(CAST(:by_row AS text[])) AS row (dimension)
    LEFT JOIN bad USING (source_id, record, sent_on, dimension)
    GROUP BY source_id, dimension
    UNION ALL
    SELECT system_code, 'timeliness', count(*),
        count(*) FILTER (WHERE merged_on <= due_on AND bad.sent_on IS NULL),
        array_agg(DISTINCT due_on)
    FROM record.delivery LEFT JOIN bad ON (system_code, record_kind, night_on, 'timeliness')
        = (bad.source_id, bad.record, bad.sent_on, bad.dimension)
    WHERE is_expected AND is_deleted IS NOT TRUE AND due_on > :before AND due_on <= :on
    GROUP BY system_code
""")
"""`mended` has of each record the newest finding that was brought right: those before it, which
it carried on, are right with it. The night of a row is at the end of its batch's id, also where a
replay found it (see `replay_id`)."""


@dataclass(frozen=True)
class Asked:
    """A window of so many nights that ends with `on`, the record kinds that count, and what speaks
    against them: each of the `rules`, but for those of causes that are `accepted`."""

    on: dt.date
    window: int
    kinds: Collection[str]
    rules: Mapping[str, Dimension]
    accepted: Collection[Fingerprint] = ()


@dataclass(frozen=True)
class ScoreCards:
    """The table ``ops.score``, and what it is made of. Every method is one transaction and raises
    LakeError where Postgres refuses."""

    engine: sa.Engine

    def tallies(self, asked: Asked, by_row: Collection[Dimension]) -> list[Row]:
        """By source and dimension: how many were judged (rows in the dimensions `by_row`, of
        ``timeliness`` deliveries that were due), how many of them were good, on which nights."""
        given = {
            "on": asked.on,
            "before": asked.on - dt.timedelta(days=asked.window),
            "kinds": list(asked.kinds),
            "rules": list(asked.rules),
            "dimensions": list(asked.rules.values()),
            "by_row": list(by_row),
            **_accepted(asked.accepted),
        }
        with transaction(self.engine) as connection:
            return [dict(row) for row in connection.execute(_TALLIES, given).mappings()]

    def write_night(self, on: dt.date, scores: Iterable[Score]) -> None:
        """Make these the scores of the night."""
        rows = [_row(kept) for kept in scores]
        with transaction(self.engine) as connection:
            connection.execute(sa.delete(score).where(score.c.night == on))
            if rows:
                connection.execute(sa.insert(score), rows)

    def read(self, area: str, first: dt.date, last: dt.date) -> list[Score]:
        """The scores of an area on those nights, oldest first."""
        query = sa.select(score).where(score.c.area == area, score.c.night.between(first, last))
        with transaction(self.engine) as connection:
            rows = connection.execute(query.order_by(score.c.night)).mappings()
            return [_score(dict(row)) for row in rows]

    def newest_night(self, area: str) -> dt.date | None:
        """The newest night of which the area has scores."""
        query = sa.select(sa.func.max(score.c.night)).where(score.c.area == area)
        with transaction(self.engine) as connection:
            newest: dt.date | None = connection.scalar(query)
        return newest


def _accepted(marks: Collection[Fingerprint]) -> Row:
    names = ("source_id", "record", "rule", "column")
    given = ("accepted_sources", "accepted_records", "accepted_rules", "accepted_columns")
    return {to: [getattr(m, name) for m in marks] for to, name in zip(given, names, strict=True)}


def _row(kept: Score) -> Row:
    return {
        "area": kept.area,
        "night": kept.on,
        "quality_dimension": kept.dimension,
        "judged": kept.judged,
        "good": kept.good,
        "trust_level": kept.level,
    }


def _score(row: Row) -> Score:
    return Score(
        area=row["area"],
        on=row["night"],
        dimension=row["quality_dimension"],
        judged=row["judged"],
        good=row["good"],
        level=row["trust_level"],
    )
