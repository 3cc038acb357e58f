"""Who may read the warehouse: the roles of the server, and whose rows each reads.

They are groups without login; the office grants them to the logins of people and programs.
"""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa

from catalog.areas import areas, former, province_since_34
from catalog.errors import DeclarationError, LakeError
from catalog.sources import sources
from warehouse.definitions import quoted

NATIONAL = "national_office"
PUBLIC = "public_reader"
"""``public`` itself is a word of PostgreSQL's for everybody who may connect."""
AREA = "area_reader"
"""What the roles of all areas have in common: which tables they may read at all."""
PREFIX = "province_"
LONGEST = 63 - len(PREFIX)
"""PostgreSQL cuts longer names without a word."""
GROUPS = {
    NATIONAL: "Reads everything: figures, records, and how the nights went.",
    PUBLIC: "Reads what is published, and nothing else.",
    AREA: "What every province and ministry may read; of it, each sees its own rows.",
}

OWN = "Reads the rows of one province or ministry."


def readers() -> dict[str, str]:
    """Area code -> the role that reads its rows: of every province and ministry that has a system,
    and of the provinces that became part of one.

    Raises DeclarationError where two of them would read each other's.
    """
    reporting = {source.area for source in sources().values()}
    roles = {
        area.code: PREFIX + _slug(area.name_vi)
        for area in areas().values()
        if area.code in reporting and area.kind in ("province", "ministry")
    }
    if len(set(roles.values())) < len(roles):
        raise DeclarationError("catalog/sources", "two areas whose names make the same role")
    earlier = {area.code: province_since_34()[area.code] for area in former()}
    joined = {code: roles[now] for code, now in earlier.items() if now in roles}
    return roles | joined


def _slug(name: str) -> str:
    """``Bộ Văn hóa, Thể thao và Du lịch`` -> ``bo_van_hoa_the_thao_va_du_lich``."""
    marks = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    plain = "".join(c if c.isalnum() else " " for c in marks if not unicodedata.combining(c))
    return "_".join(plain.encode("ascii", "ignore").decode().split())[:LONGEST]


def create_missing(connection: sa.Connection) -> bool:
    """Create the roles that the server lacks, and return whether there were any.

    Raises LakeError where the owner may not: then the server's administrator must.
    """
    missing = [statement for _, statement in _lacking(connection)]
    if missing and not connection.scalar(sa.text(MAY_CREATE)):
        names = ", ".join(name for name, _ in _lacking(connection))
        raise LakeError(
            f"the server lacks the roles {names}: give CREATEROLE to the owner of the warehouse, "
            "or create them as docs/decisions/0028-roles-and-rows.md says"
        )
    for statement in missing:
        connection.exec_driver_sql(statement)
    return bool(missing)


MAY_CREATE = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
KNOWN = f"""SELECT r.rolname, r.rolname IN ('{NATIONAL}', '{PUBLIC}', '{AREA}') OR EXISTS (
    SELECT FROM pg_auth_members AS m JOIN pg_roles AS g ON g.oid = m.roleid
    WHERE m.member = r.oid AND g.rolname = '{AREA}') AS is_whole FROM pg_roles AS r"""


def _lacking(connection: sa.Connection) -> list[tuple[str, str]]:
    """What the server lacks: roles by name, with the statement that creates each."""
    known = {row.rolname: row.is_whole for row in connection.execute(sa.text(KNOWN))}
    wanted = [*GROUPS, *sorted(set(readers().values()))]
    return [(name, _create(name)) for name in wanted if not known.get(name)]


def _create(role: str) -> str:
    """Create `role`, unless another database of the server does so at the same time."""
    member = "" if role in GROUPS else f"GRANT {AREA} TO {role};"
    return f"""DO $$ BEGIN
        BEGIN CREATE ROLE {role} NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
        {member}
        COMMENT ON ROLE {role} IS {quoted(GROUPS.get(role, OWN))};
    END $$"""
