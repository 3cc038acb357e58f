"""A process killed at every step of a commit, with a reader looping meanwhile."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lake.dying import ACTIONS, merge, prepare
from tests.lake.model import DOSSIER, State, current, logged
from warehouse.lake import Lake
from warehouse.lake.lake import STEPS

CASES = [
    (action, step)
    for action, verb in (("next", "merge"), ("correct", "merge"), ("compact", "compact"))
    for step in STEPS
    if step.startswith(verb)
]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with a snapshot and, for compaction, one more night to fold."""
    lake = Lake(tmp_path_factory.mktemp("prepared") / "lake", "200MB")
    prepare(lake)
    return lake.folder


def copy(prepared: Path, action: str, folder: Path) -> Lake:
    shutil.copytree(prepared, folder / "lake")
    lake = Lake(folder / "lake", "200MB")
    if action == "compact":
        merge(lake, 4)
    return lake


def run_dying(lake: Lake, step: str, action: str) -> tuple[int, list[State]]:
    """The exit code of a process that dies at `step`, and every state read while it ran."""
    arguments = [str(lake.folder), step, action]
    child = subprocess.Popen([sys.executable, "-m", "tests.lake.dying", *arguments])
    seen = []
    while child.poll() is None:
        seen.append(current(lake))
    return child.returncode, seen


@pytest.mark.parametrize(("action", "step"), CASES)
def test_a_kill_leaves_old_or_new_and_running_again_completes(
    prepared: Path, tmp_path: Path, action: str, step: str
) -> None:
    undisturbed = copy(prepared, action, tmp_path / "undisturbed")
    old = current(undisturbed)
    ACTIONS[action](undisturbed)
    new = current(undisturbed)
    assert (old == new) == (action == "compact")

    lake = copy(prepared, action, tmp_path / "disturbed")
    code, seen = run_dying(lake, step, action)
    assert code == 9
    assert seen
    assert all(state in (old, new) for state in [*seen, current(lake)])

    ACTIONS[action](lake)
    assert current(lake) == new
    assert logged(lake) == logged(undisturbed)
    lake.compact(DOSSIER)
    assert current(lake) == new


def test_readers_during_many_commits_see_only_whole_states(tmp_path: Path) -> None:
    """An expression made before a merge and a compaction still reads the state of its moment."""
    lake = Lake(tmp_path / "lake", "200MB")
    prepare(lake)
    before, expression = current(lake), lake.current(DOSSIER)
    merge(lake, 4)
    lake.compact(DOSSIER)
    past = Lake(lake.folder, lake.memory_limit)
    past.current = lambda record: expression  # type: ignore[method-assign]
    assert current(past) == before
    assert current(lake) != before
