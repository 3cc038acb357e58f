"""The relations that counting queries name on one night."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Protocol

import pyarrow as pa

from catalog.night import Night
from transforms.indicators.declaration import Indicator
from transforms.indicators.runners import Runner
from transforms.indicators.statement import DUCKDB, Engine, viewed
from transforms.indicators.views import View, given_relations, views


class Memory(Protocol):
    """Keeps counts for the next night that asks the same."""

    def recall(self, meaning: str) -> pa.Table | None:
        """What was counted for that question; None where it was not asked yet."""

    def remember(self, meaning: str, counts: pa.Table) -> None:
        """Keeps it."""


class Living:
    """What indicators and views may name on one night: of each record kind what a source still
    holds, the relations that the catalogue gives, and the views that are worked out once, when they
    are first needed. `meant` tells what each name in a query stands for."""

    def __init__(self, runner: Runner, relations: Mapping[str, str], night: Night) -> None:
        self.runner, self.night = runner, night
        self.relations = {kind: _living(relation) for kind, relation in relations.items()}
        self.meant: dict[str, str] = {}
        self.pending: dict[str, str] = {}
        for name, table in given_relations(night).items():
            self.relations[name] = runner.give(f"given_{name}", table)
            self.meant[f"given_{name}"] = _fingerprint(table)
        for name, view in views().items():
            if view.is_kept and (relation := _seen(view, self.relations, night, runner.engine)):
                self.relations[name] = f"kept_{name}"
                self.meant[f"kept_{name}"] = self.means(relation)
                self.pending[f"kept_{name}"] = relation

    def means(self, query: str) -> str:
        """What the query asks, told apart from any other question: the files that it names never
        change, and a name stands for its content."""
        named = (content for name, content in self.meant.items() if name in query)
        return hashlib.sha256("\n".join((query, *named)).encode()).hexdigest()

    def ask(self, query: str) -> pa.Table:
        """The answer to a query."""
        for name in [name for name in self.pending if name in query]:
            self.keep(name, self.pending.pop(name))
        return self.runner.ask(query)

    def remembered(
        self, name: str, question: str, tidied: str, schema: pa.Schema, memory: Memory | None
    ) -> pa.Table:
        """The answer to `tidied`, a query over the relation `name` that `question` makes: from the
        memory where the same was asked before."""
        meaning = self.means(f"{question}; {tidied}")
        found = memory.recall(meaning) if memory else None
        if found is None:
            self.keep(name, f"({question})")
            found = self.ask(tidied).cast(schema)
            if memory:
                memory.remember(meaning, found)
        return found

    def keep(self, name: str, relation: str) -> str:
        """Has a relation worked out once, and first what it is made of."""
        for other in [other for other in self.pending if other in relation]:
            self.keep(other, self.pending.pop(other))
        return self.runner.keep(name, relation)


def living_relations(runner: Runner, relations: Mapping[str, str], night: Night) -> dict[str, str]:
    """The relations of a night, each ready to be asked."""
    living = Living(runner, relations, night)
    while living.pending:
        living.keep(*living.pending.popitem())
    return living.relations


def _fingerprint(table: pa.Table) -> str:
    parts = hashlib.sha256(str(table.schema).encode())
    for batch in table.combine_chunks().to_batches():
        for column in batch.columns:
            for buffer in column.buffers():
                parts.update(buffer or b"")
    return parts.hexdigest()


def _seen(view: View, relations: Mapping[str, str], night: Night, engine: Engine) -> str | None:
    try:
        return viewed(view, relations, night, engine)
    except KeyError:  # a record kind of the view is not here
        return None


def _living(relation: str) -> str:
    return f"(SELECT * FROM {relation} AS held WHERE is_deleted IS NOT TRUE)"


def relation_of(
    indicator: Indicator, relations: Mapping[str, str], night: Night, engine: Engine = DUCKDB
) -> str | None:
    """The records of an indicator as its view shows them; None where a record kind is missing."""
    if indicator.view:
        return _seen(views()[indicator.view], relations, night, engine)
    return relations.get(indicator.record)
