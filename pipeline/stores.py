"""The places where the night keeps things, opened once a process from the settings."""

from __future__ import annotations

from functools import cache
from importlib import metadata

from catalog.night import Night
from catalog.records import Record
from catalog.settings import settings
from stack.postgres import embedded_url
from warehouse.lake import Lake
from warehouse.landing import Landing
from warehouse.postgres import Warehouse


@cache
def landing() -> Landing:
    """The raw pages, encrypted with the key of the environment."""
    return Landing(settings().landing_dir, settings().secret("LANDING_KEY"))


@cache
def lake() -> Lake:
    return Lake(settings().lake_dir, settings().memory_limit)


def state(record: Record, night: Night) -> str:
    """A table expression for the records as they were known after `night`: the current state; for
    a past night what was current then, which costs more."""
    is_newest = (lake().newest(record) or night.on) <= night.on
    return lake().current(record) if is_newest else lake().current_as_of(record, night)


@cache
def warehouse() -> Warehouse:
    """PostgreSQL at MOTCUA_WAREHOUSE_URL, or the embedded one, migrated to the newest schema."""
    url = settings().warehouse_url or embedded_url(settings().postgres_dir)
    found = Warehouse(url)
    found.migrate()
    return found


@cache
def code_version() -> str:
    """The version of this code, as installed; it stands in every ledger row."""
    return metadata.version("motcua")
