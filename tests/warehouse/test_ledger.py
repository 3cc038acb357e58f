from __future__ import annotations

import datetime as dt

import pytest

from catalog.errors import LakeError
from catalog.night import Night
from tests.warehouse.samples import NIGHT, ledger_row
from warehouse.postgres import Warehouse

DAYS = [NIGHT - dt.timedelta(days=n) for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    "row",
    [
        ledger_row("collect", received=10, accepted=9),
        ledger_row("judge", received=10, accepted=9, rejected=2),
        ledger_row("merge", received=3, accepted=3, inserted=2),
        ledger_row("collect", received=-1, accepted=-1),
        ledger_row("collect", received=0, rejected=1, duplicate=-1),
        ledger_row("conform", verdict="fine"),
        ledger_row("publish"),
    ],
)
def test_rows_that_do_not_balance_are_refused(warehouse: Warehouse, row: object) -> None:
    with pytest.raises(LakeError, match="CheckViolation ledger ledger_"):
        warehouse.write_ledger([row])  # type: ignore[list-item]
    assert warehouse.ledger() == []


def test_writing_again_changes_nothing(warehouse: Warehouse) -> None:
    rows = [
        ledger_row("merge", received=2, accepted=2, inserted=2),
        ledger_row("collect", received=2, accepted=2, pages=1, bytes=99, attempts=1),
    ]
    assert warehouse.write_ledger(rows) == 2
    assert warehouse.write_ledger(rows) == 0
    assert warehouse.write_ledger([rows[0], rows[1].with_(attempts=3)]) == 1
    assert [row["attempts"] for row in warehouse.ledger(on=NIGHT, source_id="ha_noi")] == [3, 0]


def test_a_ledger_row_comes_back_as_it_went_in(warehouse: Warehouse) -> None:
    row = ledger_row("merge", received=5, accepted=5, inserted=1, updated=1, unchanged=1,
                     superseded=2, verdict="quarantined", problem="two rows", cursor_after="c",
                     code_version="0.1.0")  # fmt: skip
    warehouse.write_ledger([row])
    assert warehouse.ledger() == [row.as_dict()]
    assert warehouse.ledger(on=NIGHT + dt.timedelta(days=1)) == []
    assert warehouse.ledger(source_id="hue") == []


def test_only_merged_nights_before_give_a_cursor_and_a_history(warehouse: Warehouse) -> None:
    """Nights 0, 1 and 3 were merged, night 2 was held and never reached the merge."""
    for number, day in enumerate(DAYS):
        verdict = "held" if number == 2 else "ok"
        rows = [ledger_row("conform", day, received=100 + number, accepted=100 + number)]
        if number != 2:
            rows.append(ledger_row("merge", day, cursor_after=f"c{number}", verdict=verdict))
        warehouse.write_ledger(rows)
    assert [warehouse.cursor("ha_noi", "dossier", Night(d)) for d in DAYS] == [
        "", "c0", "c1", "c1", "c3",
    ]  # fmt: skip
    assert warehouse.history("ha_noi", "dossier", Night(DAYS[4])) == [
        (DAYS[0], 100), (DAYS[1], 101), (DAYS[3], 103),
    ]  # fmt: skip
    assert [warehouse.complete_through("ha_noi", "dossier", Night(d)) for d in DAYS] == [
        DAYS[0], DAYS[1], DAYS[1], DAYS[3], DAYS[4],
    ]  # fmt: skip


def test_a_failed_merge_moves_no_cursor(warehouse: Warehouse) -> None:
    warehouse.write_ledger([ledger_row("merge", cursor_after="c", verdict="failed")])
    tomorrow = Night(NIGHT + dt.timedelta(days=1))
    assert warehouse.cursor("ha_noi", "dossier", tomorrow) == ""
    assert warehouse.complete_through("ha_noi", "dossier", tomorrow) is None


def test_the_address_tells_no_password() -> None:
    found = Warehouse("postgresql+psycopg://clerk:secret@127.0.0.1/motcua")
    assert "secret" not in found.address
