"""The warehouse in Postgres: ledger, quarantine and what is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from catalog.night import Night
from catalog.outcomes import LedgerRow
from warehouse import ledger, observations, problems, publication, quarantine
from warehouse.connections import transaction
from warehouse.migrations import migrate
from warehouse.publication import Rows


class Warehouse:
    """One Postgres database, by its SQLAlchemy URL with the driver psycopg.

    Every method is one transaction. They raise LakeError where Postgres refuses.
    """

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.engine = sa.create_engine(self.url, hide_parameters=True, poolclass=sa.NullPool)

    @property
    def address(self) -> str:
        """The URL without its password."""
        return self.url.render_as_string(hide_password=True)

    def migrate(self) -> None:
        """Create what is missing and bring the tables to this version of the program."""
        with transaction(self.engine) as connection:
            migrate(connection)

    def write_ledger(self, rows: Iterable[LedgerRow]) -> int:
        """Write or replace rows of the ledger; how many changed. LakeError if sums do not hold."""
        with transaction(self.engine) as connection:
            return ledger.write(connection, rows)

    def ledger(
        self, on: dt.date | None = None, source_id: str | None = None
    ) -> list[dict[str, Any]]:
        """The ledger's rows, in the shape of `LedgerRow`, by night, source, record and stage."""
        with transaction(self.engine) as connection:
            return ledger.read(connection, on, source_id)

    def cursor(self, source_id: str, record: str, before: Night) -> str:
        """Where the newest merged batch before that night ended; empty when there is none."""
        with transaction(self.engine) as connection:
            return ledger.cursor(connection, source_id, record, before)

    def history(self, source_id: str, record: str, before: Night) -> list[tuple[dt.date, int]]:
        """(night, rows received) of merged nights before that one, oldest first."""
        with transaction(self.engine) as connection:
            return ledger.history(connection, source_id, record, before)

    def complete_through(self, source_id: str, record: str, through: Night) -> dt.date | None:
        """The newest merged night up to and including `through`."""
        with transaction(self.engine) as connection:
            return ledger.complete_through(connection, source_id, record, through)

    def write_rejects(self, batch_id: str, rejects: pa.Table) -> int:
        """Replace a batch's rejects (REJECT_SCHEMA); how many rows changed."""
        with transaction(self.engine) as connection:
            return quarantine.write_rejects(connection, batch_id, rejects)

    def write_findings(self, batch_id: str, findings: pa.Table, quarantined: pa.Table) -> int:
        """Replace a batch's findings (FINDING_SCHEMA), with their rows of `quarantined`; how many
        rows changed."""
        with transaction(self.engine) as connection:
            return quarantine.write_findings(connection, batch_id, findings, quarantined)

    def quarantine(
        self, source_id: str | None = None, on: dt.date | None = None
    ) -> list[dict[str, Any]]:
        """Findings and rejects: of one night, or else whatever is open."""
        with transaction(self.engine) as connection:
            return quarantine.read(connection, source_id, on)

    def open_findings(self, record: str, night: Night) -> pa.Table:
        """Source and key of the records found wrong before that night that it may bring right."""
        with transaction(self.engine) as connection:
            return problems.open_findings(connection, record, night.on)

    def close_findings(self, night: Night, mended: pa.Table) -> None:
        """Close what the night brought right: see `problems.close`."""
        with transaction(self.engine) as connection:
            problems.close(connection, night.on, mended)

    def problems(self, night: Night) -> list[dict[str, Any]]:
        """What the night changed of what was ever found, as known after it: see `problems.read`."""
        with transaction(self.engine) as connection:
            return problems.read(connection, night.on)

    def publish(
        self,
        release: str,
        observations: pa.Table,
        changed_records: Mapping[str, Rows],
        catalogue: Sequence[Mapping[str, Any]] = (),
        comparisons: Mapping[str, pa.Table] = publication.NONE,
    ) -> dict[str, int]:
        """Publish a release whole or not at all: see `publication.publish`."""
        return publication.publish(
            self.url, release, observations, changed_records, catalogue, comparisons
        )

    def observations(
        self,
        indicator: str,
        area: str | None = None,
        period: str | None = None,
        as_of: dt.date | None = None,
        borders: str = "34",
    ) -> list[dict[str, Any]]:
        """Figures of the newest release, or of the newest of that day or before, on the borders of
        today (34) or as reported under earlier codes (63)."""
        with transaction(self.engine) as connection:
            return observations.read(connection, indicator, area, period, as_of, borders)
