"""Every table of the warehouse in Postgres: `ops` (how the nights went), `record` (the current
records) and `mart` (what is published)."""

from warehouse.tables import mart, ops, record
from warehouse.tables.columns import SCHEMAS, metadata

__all__ = ["SCHEMAS", "mart", "metadata", "ops", "record"]
