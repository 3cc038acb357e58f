"""Incidents as they are kept: the events, and what they add up to after each night.

What a night decides is written in place of what it decided when it ran before; the answers of
people and what messages note stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert

from catalog.incidents import Action, Event, Fingerprint, Incident
from warehouse.connections import transaction
from warehouse.tables.incidents import incident, incident_event
from warehouse.tables.ops import ledger

Origin = Literal["night", "person", "message"]
MARK = {"area": "area", "source_id": "source_id", "record": "record", "rule": "rule"}
MARK |= {"column": "column_name"}
PLAIN = [f.name for f in fields(Incident) if f.name not in ("fingerprint", "suffixes")]
KEY = ("incident_id", "night")
Row = dict[str, Any]
SAID = ("rows", "by", "note", "until")


@dataclass(frozen=True)
class Incidents:
    """The tables ``ops.incident`` and ``ops.incident_event``. Every method is one transaction and
    raises LakeError where Postgres refuses."""

    engine: sa.Engine

    def read(self, through: dt.date | None = None, source_id: str | None = None) -> list[Incident]:
        """How each incident stood after the night `through`, or as it stands now, by id."""
        query = sa.select(incident).ext(distinct_on(incident.c.incident_id))
        if through is not None:
            query = query.where(incident.c.night <= through)
        if source_id is not None:
            query = query.where(incident.c.source_id == source_id)
        query = query.order_by(incident.c.incident_id, incident.c.night.desc())
        return sorted(map(_incident, self._rows(query)), key=lambda kept: kept.incident_id)

    def one(self, incident_id: str) -> Incident | None:
        """The incident as it stands now, if there is one of that id."""
        query = sa.select(incident).where(incident.c.incident_id == incident_id)
        rows = self._rows(query.order_by(incident.c.night.desc()).limit(1))
        return _incident(rows[0]) if rows else None

    def nights_of(self, incident_id: str) -> list[tuple[dt.date, Incident]]:
        """The incident after each night that changed it, oldest first."""
        query = sa.select(incident).where(incident.c.incident_id == incident_id)
        rows = self._rows(query.order_by(incident.c.night))
        return [(row["night"], _incident(row)) for row in rows]

    def events(
        self,
        incident_id: str | None = None,
        on: dt.date | None = None,
        origin: Origin | None = None,
    ) -> list[Event]:
        """The events of one incident, one night, one origin, or all, in the order in which they
        count: of a night its own first, then the answers, then the messages."""
        return [_event(row) for row in self._happenings(incident_id, on, origin)]

    def since(self, area: str, first: dt.date) -> list[Event]:
        """The events of an area on that night and later ones, in the order of `events`."""
        mine = (incident_event.c.area == area, incident_event.c.night >= first)
        rows = self._rows(sa.select(incident_event).where(*mine).order_by(*_order()))
        return [_event(row) for row in rows]

    def actions(self, on: dt.date) -> list[Action]:
        """What people answered that this night is to count."""
        names = ("incident_id", "step", "at", "by", "note", "until")
        answers = self._happenings(None, on, "person")
        return [Action(*(row[name] for name in names)) for row in answers]

    def later_nights(self, on: dt.date) -> list[dt.date]:
        """The nights after that one that were merged, or of which incidents are kept."""
        nights = [
            sa.select(ledger.c.batch_on).where(ledger.c.stage == "merge", ledger.c.batch_on > on),
            *(sa.select(t.c.night).where(t.c.night > on) for t in (incident, incident_event)),
        ]
        with transaction(self.engine) as connection:
            return sorted(connection.scalars(sa.union(*nights)))

    def newest_night(self) -> dt.date | None:
        """The newest night that was begun."""
        with transaction(self.engine) as connection:
            newest: dt.date | None = connection.scalar(sa.select(sa.func.max(ledger.c.batch_on)))
        return newest

    def write_night(
        self, on: dt.date, at: dt.datetime, changed: Iterable[Incident], events: Iterable[Event]
    ) -> None:
        """Make these the incidents that the night changed, and the events that it decided, at its
        end `at`."""
        states = {kept.incident_id: kept for kept in changed}
        rows = [_happening(event, states[event.incident_id], at, "night") for event in events]
        own = (incident_event.c.night == on, incident_event.c.origin == "night")
        with transaction(self.engine) as connection:
            connection.execute(sa.delete(incident).where(incident.c.night == on))
            connection.execute(sa.delete(incident_event).where(*own))
            if states:
                kept = [_state(on, kept) for kept in states.values()]
                connection.execute(sa.insert(incident), kept)
            if rows:
                connection.execute(sa.insert(incident_event), rows)

    def append(self, event: Event, after: Incident, at: dt.datetime, origin: Origin) -> bool:
        """Add an event, and the incident as it is `after` it; whether it was not there yet."""
        row = _happening(event, after, at, origin)
        added = insert(incident_event).values(row).on_conflict_do_nothing()
        with transaction(self.engine) as connection:
            done = connection.execute(added.execution_options(preserve_rowcount=True))
            if done.rowcount > 0:
                connection.execute(_upsert(_state(event.night, after)))
        return done.rowcount > 0

    def _happenings(
        self, incident_id: str | None, on: dt.date | None, origin: Origin | None
    ) -> list[Row]:
        given = {"incident_id": incident_id, "night": on, "origin": origin}
        asked = [incident_event.c[name] == value for name, value in given.items() if value]
        return self._rows(sa.select(incident_event).where(*asked).order_by(*_order()))

    def _rows(self, query: sa.Select[Any]) -> list[Row]:
        with transaction(self.engine) as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def _order() -> Iterable[sa.ColumnElement[Any]]:
    """Night by night what lapsed, the evidence, the answers, the messages."""
    step, origin = incident_event.c.step, incident_event.c.origin
    origins = sa.cast(["night", "person", "message"], sa.ARRAY(sa.Text()))
    is_answer = step.in_(("acknowledged", "disputed", "accepted"))
    yield from (incident_event.c.night, incident_event.c.incident_id)
    yield sa.func.array_position(origins, origin)
    yield from (step != "lapsed", is_answer, incident_event.c.at, step)


def _upsert(state: Row) -> sa.Insert:
    statement = insert(incident).values(state)
    values = {name: statement.excluded[name] for name in state if name not in KEY}
    return statement.on_conflict_do_update(index_elements=KEY, set_=values)


def _event(row: Mapping[str, Any]) -> Event:
    said = {name: row[name] for name in SAID}
    return Event(row["incident_id"], row["night"], row["step"], **said)


def _incident(row: Mapping[str, Any]) -> Incident:
    mark = Fingerprint(**{name: row[column] for name, column in MARK.items()})
    plain = {name: row[name] for name in PLAIN}
    return Incident(fingerprint=mark, suffixes=tuple(row["suffixes"].split()), **plain)


def _state(on: dt.date, kept: Incident) -> Row:
    mark = {column: getattr(kept.fingerprint, name) for name, column in MARK.items()}
    plain = {name: getattr(kept, name) for name in PLAIN}
    keys = {"incident_id": kept.incident_id, "night": on, "suffixes": " ".join(kept.suffixes)}
    return {**keys, **mark, **plain}


def _happening(event: Event, kept: Incident, at: dt.datetime, origin: Origin) -> Row:
    said = {name: getattr(event, name) for name in SAID}
    whose = {"area": kept.fingerprint.area, "source_id": kept.fingerprint.source_id}
    when = {"night": event.night, "step": event.kind, "at": at, "origin": origin}
    return {"incident_id": event.incident_id, **whose, **when, **said}
