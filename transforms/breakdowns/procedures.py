"""The names of the procedures, so that whoever reads a breakdown can name its items."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

PROCEDURE_SCHEMA = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        pa.field("name_vi", pa.string(), nullable=False),
        pa.field("field_code", pa.string()),
    ]
)
"""A procedure of the national catalogue, ended ones too, as last stated."""
NAMED = """
SELECT procedure_code AS code, last.title AS name_vi, last.field_code AS field_code
FROM (
    SELECT procedure_code, arg_max({{'title': title, 'field_code': field_code}},
        {{'at': version_at, 'night': batch_on, 'content': content_hash}}) AS last
    FROM {procedure} AS held WHERE is_deleted IS NOT TRUE GROUP BY procedure_code
) ORDER BY code
"""


def procedures(connection: duckdb.DuckDBPyConnection, relations: Mapping[str, str]) -> pa.Table:
    """PROCEDURE_SCHEMA, by code; none where the catalogue is not among the relations."""
    if "procedure" not in relations:
        return PROCEDURE_SCHEMA.empty_table()
    return connection.sql(NAMED.format_map(relations)).to_arrow_table().cast(PROCEDURE_SCHEMA)
