"""The roles and rules are made once, by whoever owns the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from catalog.areas import areas
from catalog.errors import DeclarationError, LakeError
from catalog.settings import settings
from catalog.sources import sources
from tests.warehouse.filled import CATALOGUE, RELEASE
from tests.warehouse.samples import dossiers, figures
from warehouse.postgres import Warehouse
from warehouse.readers import GROUPS, create_missing, readers

SOURCE = """\
name_vi: Hệ thống
area: {area}
new_area: {{name_vi: {name}, name_en: A province, kind: province}}
platform: lgsp_json
starts_on: 2026-01-01
legal_basis: Nghị định 118/2025/NĐ-CP
"""
MADE = """SELECT 'policy', oid::bigint, xmin::text FROM pg_policy UNION ALL
    SELECT relkind::text, oid::bigint, xmin::text FROM pg_class WHERE relnamespace::regnamespace
    IN ('mart'::regnamespace, 'ops'::regnamespace, 'record'::regnamespace)"""


def _made(warehouse: Warehouse) -> set[tuple[object, ...]]:
    with warehouse.engine.connect() as connection:
        return {tuple(row) for row in connection.exec_driver_sql(MADE)}


def test_what_is_there_is_not_made_again(warehouse: Warehouse) -> None:
    warehouse.migrate()
    before = _made(warehouse)
    warehouse.migrate()
    assert _made(warehouse) == before != set()


def test_what_has_changed_is_made_again(warehouse: Warehouse) -> None:
    warehouse.migrate()
    before = _made(warehouse)
    with warehouse.engine.begin() as connection:
        connection.exec_driver_sql("DROP POLICY own_rows ON mart.score")
        connection.exec_driver_sql("UPDATE ops.definition SET sha256 = 'of another version'")
    warehouse.migrate()
    assert len(_made(warehouse)) == len(before)


@pytest.fixture
def modest(server: str) -> Iterator[Warehouse]:
    """A warehouse in a database of the same server, whose owner may do nothing else there."""
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE ROLE modest_owner LOGIN")
        connection.exec_driver_sql("CREATE DATABASE modest OWNER modest_owner")
    yield Warehouse(str(sa.make_url(server).set(username="modest_owner", database="modest")))
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE modest")
        connection.exec_driver_sql("DROP ROLE modest_owner")


def test_an_owner_without_rights_over_roles_publishes_as_well(modest: Warehouse) -> None:
    """The roles are the server's: they are there already, made for another database."""
    modest.migrate()
    for release in (RELEASE, "nightly-2026-11-23"):
        published = figures(release, {"H26": 7, "H29": 3})
        modest.publish(release, published, {"dossier": dossiers(2)}, CATALOGUE)
    with modest.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM mart.figure").scalar() == 2
        assert connection.exec_driver_sql("SELECT count(*) FROM record.dossier").scalar() == 2


def test_a_role_that_the_owner_may_not_make_is_named(modest: Warehouse, server: str) -> None:
    with Warehouse(server).engine.connect() as connection:
        connection.exec_driver_sql("ALTER ROLE province_hue RENAME TO province_thua_thien_hue")
        connection.exec_driver_sql("SET LOCAL ROLE modest_owner")
        with pytest.raises(LakeError, match=r"lacks the roles province_hue:.*CREATEROLE"):
            create_missing(connection)


def test_an_owner_who_may_make_roles_makes_them(modest: Warehouse, server: str) -> None:
    with Warehouse(server).engine.connect() as connection:
        for number, role in enumerate([*GROUPS, *set(readers().values())]):
            connection.exec_driver_sql(f"ALTER ROLE {role} RENAME TO earlier_{number}")
        connection.exec_driver_sql("ALTER ROLE modest_owner CREATEROLE")
        connection.exec_driver_sql("SET LOCAL ROLE modest_owner")
        assert create_missing(connection)
        assert not create_missing(connection)


def test_two_areas_never_share_a_role(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_SOURCES_DIR", str(tmp_path))
    long = "Tỉnh " + "rất dài " * 20
    for file, area, name in (("mot", "X-A", "Bình An"), ("hai", "X-B", long)):
        (tmp_path / f"{file}.yml").write_text(SOURCE.format(area=area, name=name), "utf-8")
    with _declared_anew():
        assert readers()["X-A"] == "province_binh_an"
        assert len(readers()["X-B"]) == 63
    (tmp_path / "hai.yml").write_text(SOURCE.format(area="X-B", name="Bình Ân"), "utf-8")
    with _declared_anew(), pytest.raises(DeclarationError, match="the same role"):
        readers()


@contextmanager
def _declared_anew() -> Iterator[None]:
    cached = (settings, sources, areas)
    for known in cached:
        known.cache_clear()
    try:
        yield
    finally:
        for known in cached:
            known.cache_clear()
