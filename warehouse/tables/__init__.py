"""Every table of the warehouse in Postgres: `ops` (how the nights went), `record` (the current
records) and `mart` (what is published)."""

from warehouse.tables import (
    comparisons,
    detections,
    incidents,
    mart,
    messages,
    ops,
    record,
    replay,
    revisions,
    score_cards,
    scores,
)
from warehouse.tables.columns import SCHEMAS, metadata
from warehouse.tables.named import name_all

name_all(metadata, ("ops", "mart"))

__all__ = ["SCHEMAS", "comparisons", "detections", "mart", "metadata", "ops", "record", "revisions"]
__all__ += ["incidents", "messages", "replay", "score_cards", "scores"]
