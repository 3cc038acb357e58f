"""What one night does to the lake, case by case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from catalog.errors import LakeError
from tests.lake.model import DOSSIER, Version, current, logged, night, state_of, write_batches
from warehouse.lake import Counts, Lake

FIRST = Version(key=2, at=1, content=10, due=5, received=3)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake", "200MB")


def merge(lake: Lake, number: int, *versions: Version) -> Counts:
    """Merge a night of one source and return its counts."""
    batches = write_batches(lake.folder.parent / "in", number, versions, [FIRST.source])
    (counts,) = lake.merge(DOSSIER, night(number), batches).values()
    return counts


def commits(lake: Lake) -> list[int]:
    return [
        DeltaTable(str(lake.folder / name)).version() for name in ("dossier", "dossier_version")
    ]


def test_an_empty_lake_has_an_empty_current_state(lake: Lake) -> None:
    assert current(lake) == {}
    assert logged(lake) == []
    assert lake.nights(DOSSIER) == []
    lake.compact(DOSSIER)
    assert commits(lake) == [0, 0]


def test_a_new_key_is_inserted_and_a_newer_version_updates_it(lake: Lake) -> None:
    assert merge(lake, 1, FIRST) == Counts(accepted=1, inserted=1)
    newer = replace(FIRST, at=2, content=11, due=9, received=4)
    assert merge(lake, 2, newer) == Counts(accepted=1, updated=1)
    content, month, first_due, on = current(lake)[2]
    assert (content, month, on) == (11, "2026-03", night(2).on)
    assert first_due is not None
    assert first_due.day == 5


def test_the_first_due_date_is_the_first_that_is_known(lake: Lake) -> None:
    merge(lake, 1, replace(FIRST, due=None))
    merge(lake, 2, replace(FIRST, at=2, content=11, due=8), replace(FIRST, at=3, content=12, due=9))
    first_due = current(lake)[2][2]
    assert first_due is not None
    assert first_due.day == 8


def test_equal_content_is_unchanged_and_not_logged(lake: Lake) -> None:
    merge(lake, 1, FIRST)
    assert merge(lake, 2, replace(FIRST, at=7)) == Counts(accepted=1, unchanged=1)
    assert len(logged(lake)) == 1
    assert lake.nights(DOSSIER) == [night(1).on, night(2).on]


def test_an_older_version_is_logged_as_superseded(lake: Lake) -> None:
    merge(lake, 1, replace(FIRST, at=5))
    assert merge(lake, 2, replace(FIRST, at=4, content=9)) == Counts(accepted=1, superseded=1)
    assert current(lake)[2][0] == 10
    assert len(logged(lake)) == 2


def test_a_batch_that_goes_back_to_the_held_content_changes_nothing(lake: Lake) -> None:
    merge(lake, 1, FIRST)
    back_and_forth = [replace(FIRST, at=2, content=11), replace(FIRST, at=3)]
    assert merge(lake, 2, *back_and_forth) == Counts(accepted=2, unchanged=1, superseded=1)
    assert current(lake)[2][0] == 10


def test_equal_version_times_are_ranked_by_content_hash(lake: Lake) -> None:
    merge(lake, 1, replace(FIRST, content=7), replace(FIRST, content=8))
    assert current(lake)[2][0] == 8


def test_nights_and_batches_may_be_empty(lake: Lake) -> None:
    batches = write_batches(lake.folder.parent / "in", 1, [], ["hue"])
    assert lake.merge(DOSSIER, night(1), batches) == {next(iter(batches)): Counts()}
    assert lake.merge(DOSSIER, night(2), {}) == {}
    before = commits(lake)
    lake.merge(DOSSIER, night(1), batches)
    lake.merge(DOSSIER, night(2), {})
    assert commits(lake) == before
    assert lake.nights(DOSSIER) == [night(1).on, night(2).on]


def test_a_night_merged_again_without_a_batch_loses_its_rows(lake: Lake) -> None:
    merge(lake, 1, FIRST)
    lake.merge(DOSSIER, night(1), {})
    assert current(lake) == {}


def test_the_state_of_a_past_night_comes_from_the_log(lake: Lake) -> None:
    merge(lake, 1, FIRST)
    merge(lake, 2, replace(FIRST, at=2, content=11))
    lake.compact(DOSSIER)
    assert state_of(lake.current_as_of(DOSSIER, night(1)))[2][0] == 10


@pytest.mark.parametrize("column", ["key_hash", "version_at", "content_hash", "received_on"])
def test_a_null_where_the_merge_would_lose_the_row_is_refused(lake: Lake, column: str) -> None:
    batches = write_batches(lake.folder.parent / "in", 1, [FIRST])
    ((batch_id, path),) = batches.items()
    table = pq.read_table(path)
    index = table.schema.get_field_index(column)
    empty = pc.if_else(False, table[column], pa.scalar(None, table[column].type))
    pq.write_table(table.set_column(index, column, empty), path)
    with pytest.raises(LakeError, match=f"{batch_id}: {column} is missing in 1 rows"):
        lake.merge(DOSSIER, night(1), batches)
    assert commits(lake) == [0, 0]


def test_a_missing_column_is_refused_by_name(lake: Lake) -> None:
    batches = write_batches(lake.folder.parent / "in", 1, [FIRST])
    ((batch_id, path),) = batches.items()
    pq.write_table(pq.read_table(path).drop_columns(["fee_amount"]), path)
    with pytest.raises(LakeError, match=f"{batch_id}: no column fee_amount"):
        lake.merge(DOSSIER, night(1), batches)


def test_of_two_writers_the_second_is_refused(lake: Lake) -> None:
    merge(lake, 1, FIRST)
    other = Lake(lake.folder, lake.memory_limit)

    def interfere(step: str) -> None:
        if step == "merge:before-commit":
            merge(other, 3, replace(FIRST, at=3, content=12))

    lake.reached = interfere
    with pytest.raises(LakeError, match="another writer"):
        merge(lake, 2, replace(FIRST, at=2, content=11))
    assert current(other)[2][0] == 12


def test_other_readers_of_delta_see_the_log(lake: Lake) -> None:
    merge(lake, 1, FIRST)
    table = DeltaTable(str(lake.folder / "dossier_version")).to_pyarrow_table()
    assert table.select(["key_hash", "change", "month", "night"]).to_pylist() == [
        {"key_hash": 2, "change": "inserted", "month": "2026-03", "night": night(1).on}
    ]


def test_a_thin_tail_waits_in_late_until_its_month_is_worth_a_rewrite(lake: Lake) -> None:
    everyone = [replace(FIRST, key=2 * key) for key in range(100)]
    merge(lake, 1, *everyone)
    merge(lake, 2, replace(FIRST, at=2, content=11))
    merge(lake, 3, replace(FIRST, at=3, content=12))
    lake.compact(DOSSIER)
    ((_, folded),) = files(lake)
    merge(lake, 4)
    lake.compact(DOSSIER)
    assert files(lake)[0] == ("2026-03", folded)
    assert [part for part, _ in files(lake)] == ["2026-03", "late"]
    assert current(lake)[2][0] == 12
    merge(lake, 5, *[replace(version, at=5, content=50) for version in everyone[:50]])
    merge(lake, 6)
    lake.compact(DOSSIER)
    ((part, name),) = files(lake)
    assert part == "2026-03"
    assert name != folded
    assert [row[0] for row in current(lake).values()].count(50) == 50


def files(lake: Lake) -> list[tuple[str, str]]:
    """Part and name of the snapshot's live files."""
    paths = [Path(uri) for uri in DeltaTable(str(lake.folder / "dossier")).file_uris()]
    return sorted((path.parent.name.removeprefix("part="), path.name) for path in paths)
