"""Bringing a database to this version: numbered migrations for `ops` and `mart`, then what
follows from the catalog by itself, and who may read what.

The tables of `record` have the catalog's columns, so a new field is one line there: `migrate`
adds the column. Only additions are safe to make unasked; anything else needs a migration.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import produce_migrations
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations, ops

from catalog.errors import LakeError
from warehouse import roles
from warehouse.tables import SCHEMAS, metadata

MIGRATING = 4_850_202
"""The advisory lock that migrations take, one at a time."""
OPTIONS: dict[str, Any] = {
    "include_schemas": True,
    "include_name": lambda name, kind, _: kind != "schema" or name in SCHEMAS,
    "version_table_schema": "ops",
}


def migrate(connection: sa.Connection) -> None:
    """Bring the database to this version within the caller's transaction.

    Raises LakeError when the tables differ from the catalog in more than additions.
    """
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATING)))
    for schema in SCHEMAS:
        connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
    follow(connection, metadata)
    roles.follow(connection, metadata)


def follow(connection: sa.Connection, tables: sa.MetaData) -> None:
    """Add tables and columns of `record`, and set every comment, as `tables` has them."""
    context = MigrationContext.configure(connection, opts=OPTIONS)
    operations = Operations(context)
    for step in _steps(context, tables):
        operations.invoke(step)


def _steps(context: MigrationContext, tables: sa.MetaData) -> list[ops.MigrateOperation]:
    upgrade = produce_migrations(context, tables).upgrade_ops
    found = upgrade.ops if upgrade else []
    steps = [
        step
        for operation in found
        for step in (operation.ops if isinstance(operation, ops.ModifyTableOps) else [operation])
    ]
    for step in steps:
        if not _is_safe(step):
            raise LakeError(f"a migration is missing: {step.to_diff_tuple()[0]}")
    return steps


def _is_safe(step: ops.MigrateOperation) -> bool:
    """Whether nothing stored can be lost or change its meaning by it."""
    if isinstance(step, ops.CreateTableOp | ops.AddColumnOp):
        return step.schema == "record"
    if isinstance(step, ops.AlterColumnOp):
        only_comment = step.modify_type is None and step.modify_nullable is None
        return only_comment and step.modify_server_default is False
    return isinstance(step, ops.CreateTableCommentOp)
