from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from catalog.errors import LakeError
from catalog.records import Field, Record, stored_records
from tests.warehouse.samples import DOSSIER
from warehouse.migrations import OPTIONS, follow
from warehouse.postgres import Warehouse
from warehouse.tables import metadata
from warehouse.tables.record import record_table, record_tables

PERSONAL = ("name", "phone", "email", "address", "birth", "citizen_id", "identity", "owner")


def test_migrations_agree_with_the_tables(warehouse: Warehouse) -> None:
    warehouse.migrate()
    with warehouse.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        assert compare_metadata(context, metadata) == []
        constraints = sa.inspect(connection).get_check_constraints("ledger", "ops")
    assert len(constraints) == 5


def _with_fields(fields: dict[str, Field]) -> sa.MetaData:
    other = sa.MetaData(naming_convention=dict(metadata.naming_convention))
    for table in metadata.tables.values():
        if table is not record_tables["dossier"]:
            table.to_metadata(other)
    record_table(Record.model_validate({**DOSSIER.model_dump(), "fields": fields}), other)
    return other


def test_a_new_field_becomes_a_column(warehouse: Warehouse) -> None:
    new = Field(type="boolean", name_vi="Mới", about="A new field.")
    wanted = _with_fields({**DOSSIER.fields, "is_new": new})
    with warehouse.engine.connect() as connection:
        follow(connection, wanted)
        columns = {c["name"]: c for c in sa.inspect(connection).get_columns("dossier", "record")}
    assert columns["is_new"]["comment"] == "Mới. A new field."


def test_a_field_is_never_dropped_or_retyped_unasked(warehouse: Warehouse) -> None:
    fewer = {name: field for name, field in DOSSIER.fields.items() if name != "field_code"}
    number = DOSSIER.fields["field_code"].model_copy(update={"type": "integer"})
    for fields in (fewer, {**DOSSIER.fields, "field_code": number}):
        with warehouse.engine.connect() as connection, pytest.raises(LakeError, match="migration"):
            follow(connection, _with_fields(fields))


def test_record_tables_have_no_column_for_a_person() -> None:
    assert set(record_tables) == set(stored_records())
    for table in record_tables.values():
        found = {c.name for c in table.c for word in PERSONAL if word in c.name.split("_")}
        assert found == set()
        assert all(column.comment for column in table.c)
