"""A view of 300,000 rows is read with the memory of a few pages."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from extractors import collect
from tests.extractors.conftest import NIGHT, Declare
from tests.extractors.sql_view.conftest import reads
from tests.extractors.sql_view.servers import PostgreSQL

ROWS, PAGE = 300_000, 1000
STATM = Path("/proc/self/statm")
WORDS = ", ".join(f"md5(n::text) AS cot_{i}" for i in range(20))


def resident() -> int:
    """Bytes of this process in memory now."""
    return int(STATM.read_text(encoding="ascii").split()[1]) * resource.getpagesize()


@pytest.mark.slow
@pytest.mark.skipif(not STATM.exists(), reason="no /proc here")
def test_memory_does_not_grow_with_the_number_of_pages(
    postgresql: PostgreSQL, declare: Declare
) -> None:
    moment = "'2026-11-01'::timestamp + n / 7 * interval '10 seconds'"
    postgresql.run(
        "DROP TABLE IF EXISTS kho.lon CASCADE",
        f"CREATE TABLE kho.lon AS SELECT 'MA-' || n AS record_key, {moment} AS updated_at, {WORDS}"
        f" FROM generate_series(1, {ROWS}) AS n",
        "CREATE INDEX ON kho.lon (updated_at, record_key)",
        "ANALYZE kho.lon",
        "CREATE VIEW kho.motcua_lon AS SELECT * FROM kho.lon",
        "GRANT SELECT ON kho.motcua_lon TO khach",
    )
    source = reads(postgresql, declare, views={"dossier": "kho.motcua_lon"}, page_size=PAGE)
    seen: list[int] = []

    def land(content: bytes) -> str:
        seen.append(resident())
        return ""

    assert collect(source, "dossier", NIGHT, "", land).rows == ROWS
    after_ten_pages = max(seen[:10])
    assert len(seen) == ROWS // PAGE
    assert max(seen) < after_ten_pages + 8_000_000
