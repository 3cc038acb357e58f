"""Laws that hold for any nights, against the rules in plain Python."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from deltalake import DeltaTable
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lake.model import DOSSIER, Model, Nights, Version, current, logged, night, write_batches
from warehouse.lake import Lake, compact

EXAMPLES = settings(max_examples=6)
VERSIONS = st.builds(
    Version,
    key=st.integers(0, 5),
    at=st.integers(0, 9),
    content=st.integers(0, 3),
    due=st.none() | st.integers(1, 28),
    received=st.integers(1, 3),
)
NIGHT = st.lists(VERSIONS, max_size=8, unique_by=lambda v: (v.key, v.at, v.content))
NIGHTS = st.dictionaries(st.integers(0, 9), NIGHT, min_size=1, max_size=4)


@contextmanager
def fresh() -> Iterator[Lake]:
    with tempfile.TemporaryDirectory() as folder:
        yield Lake(Path(folder) / "lake", "200MB")


def merge(lake: Lake, number: int, nights: Nights) -> Counter[str]:
    """Merge one night and return the counts summed over its batches."""
    batches = write_batches(lake.folder.parent / "in", number, nights[number])
    counts = lake.merge(DOSSIER, night(number), batches).values()
    assert all(c.accepted == c.inserted + c.updated + c.unchanged + c.superseded for c in counts)
    total: Counter[str] = Counter()
    for count in counts:
        total.update({name: n for name, n in count.as_dict().items() if name != "accepted"})
    return +total


def versions(lake: Lake) -> tuple[int, int]:
    log, snapshot = (lake.folder / name for name in ("dossier_version", "dossier"))
    return DeltaTable(str(log)).version(), DeltaTable(str(snapshot)).version()


@EXAMPLES
@given(NIGHTS, st.sets(st.integers(0, 9)), st.sampled_from([0.05, 0.7]))
def test_the_lake_agrees_with_the_rules(
    nights: Nights, compacted: set[int], rewrite_share: float
) -> None:
    """Wherever compactions fall, and however many rows they leave in late."""
    model = Model(nights)
    with fresh() as lake, pytest.MonkeyPatch.context() as patch:
        patch.setattr(compact, "REWRITE_SHARE", rewrite_share)
        for number in sorted(nights):
            assert merge(lake, number, nights) == model.counts[number]
            if number in compacted:
                lake.compact(DOSSIER)
        assert current(lake) == model.current
        expected = sum((model.counts.values()), Counter())
        assert len(logged(lake)) == expected.total() - expected["unchanged"]


@EXAMPLES
@given(NIGHTS)
def test_merging_and_compacting_again_changes_nothing(nights: Nights) -> None:
    with fresh() as lake:
        first = {number: merge(lake, number, nights) for number in sorted(nights)}
        before = current(lake)
        lake.compact(DOSSIER)
        lake.compact(DOSSIER)
        assert current(lake) == before
        committed, log = versions(lake), logged(lake)
        assert {number: merge(lake, number, nights) for number in nights} == first
        assert (versions(lake), logged(lake), current(lake)) == (committed, log, before)


@EXAMPLES
@given(NIGHTS, st.data())
def test_a_changed_past_night_ends_like_a_lake_that_always_had_it(
    nights: Nights, data: st.DataObject
) -> None:
    changed = data.draw(st.sampled_from(sorted(nights)))
    corrected = {**nights, changed: data.draw(NIGHT)}
    model = Model(corrected)
    with fresh() as lake:
        for number in sorted(nights):
            merge(lake, number, nights)
        lake.compact(DOSSIER)
        for number in sorted(n for n in corrected if n >= changed):
            assert merge(lake, number, corrected) == model.counts[number]
        assert current(lake) == model.current
        lake.compact(DOSSIER)
        assert current(lake) == model.current


@EXAMPLES
@given(st.data())
def test_the_order_of_nights_does_not_matter(data: st.DataObject) -> None:
    """Where no two versions of a key share time or content, the newest wins however it came."""
    ranks = st.tuples(st.integers(0, 3), st.integers(0, 50))
    keys = data.draw(st.lists(ranks, min_size=1, max_size=12, unique=True))
    found = [Version(key, at, content=100 * at + key, due=1 + at % 28) for key, at in keys]
    nights: dict[int, list[Version]] = {}
    for version in found:
        nights.setdefault(data.draw(st.integers(0, 3)), []).append(version)
    newest = {key: max(v.content for v in found if v.key == key) for key, _ in keys}
    with fresh() as lake:
        for number in data.draw(st.permutations(sorted(nights))):
            merge(lake, number, nights)
            if data.draw(st.booleans()):
                lake.compact(DOSSIER)
        assert {key: row[0] for key, row in current(lake).items()} == newest
        assert current(lake) == Model(nights).current
