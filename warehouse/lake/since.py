"""What the lake learnt between two nights, and why each of it was not known before.

`late_data`: a key that is new, or a version that was made before the first night's cutoff and came
after it. `progress`: a case that was open and went on after the cutoff. `source_correction`: any
other change of what was known, a deletion too.
"""

from __future__ import annotations

from catalog.night import Night
from catalog.records import Record
from warehouse.lake.opened import Opened
from warehouse.lake.state import State, current_sql, scan_log


def changes_sql(record: Record, opened: Opened, night: Night, through: Night) -> str:
    """A query for the keys whose content differs between the states after `night` and after
    `through`: key_hash and cause."""
    between = {
        on: opened.log.paths(files)
        for on, files in opened.nights.items()
        if night.on < on <= through.on
    }
    log = scan_log(record, State(nights=between).log, has_grown=opened.has_grown)
    held, newer = (current_sql(record, opened.state_after(n.on)) for n in (night, through))
    cutoff = f"TIMESTAMPTZ '{night.cutoff.isoformat()}'"
    return f"""
        WITH moved AS MATERIALIZED (
            SELECT DISTINCT key_hash FROM {log} WHERE change <> 'superseded'
        ),
        held AS MATERIALIZED (
            SELECT *, {record.open_while or "false"} AS was_open
            FROM ({held}) SEMI JOIN moved USING (key_hash)
        ),
        newer AS MATERIALIZED (FROM ({newer}) SEMI JOIN moved USING (key_hash))
        SELECT key_hash, CASE
            WHEN held.key_hash IS NULL THEN 'late_data'
            WHEN held.is_deleted OR newer.is_deleted THEN 'source_correction'
            WHEN newer.version_at > held.version_at AND newer.version_at < {cutoff}
                THEN 'late_data'
            WHEN was_open AND newer.version_at >= {cutoff} AND {_went_on(record, night)}
                THEN 'progress'
            ELSE 'source_correction' END AS cause
        FROM newer LEFT JOIN held USING (key_hash)
        WHERE newer.content_hash IS DISTINCT FROM held.content_hash"""


def _went_on(record: Record, night: Night) -> str:
    """Whether nothing differs but what moves with the case, and times after the night."""
    after = {
        "timestamp": f">= TIMESTAMPTZ '{night.cutoff.isoformat()}'",
        "date": f"> DATE '{night}'",
    }
    conditions = []
    for name, field in record.sent_fields.items():
        if name in record.moves:
            continue
        same = f"newer.{name} IS NOT DISTINCT FROM held.{name}"
        later = f" OR newer.{name} {after[field.type]}" if field.type in after else ""
        conditions.append(f"coalesce({same}{later}, false)")
    return " AND ".join([*conditions, "newer.area_code = held.area_code"])
