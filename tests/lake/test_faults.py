"""A process killed at every step of a commit, with a reader looping meanwhile."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.lake.dying import ACTIONS, merge, prepare
from tests.lake.model import DOSSIER, State, current, logged, state_of
from warehouse.lake import Lake
from warehouse.lake.lake import STEPS

CASES = [
    (action, step)
    for action in ACTIONS
    for step in STEPS
    if step.startswith("compact") == (action == "compact")
]


@dataclass(frozen=True)
class Outcome:
    """A lake ready for one action, and what the action makes of it when nothing disturbs it."""

    action: str
    folder: Path
    old: State
    new: State
    log: list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    lake = Lake(tmp_path_factory.mktemp(request.param) / "lake", "200MB")
    prepare(lake)
    if request.param == "compact":
        merge(lake, 4)
    undisturbed = Lake(lake.folder.parent / "copy" / "lake", "200MB")
    shutil.copytree(lake.folder, undisturbed.folder)
    ACTIONS[request.param](undisturbed)
    new, log = current(undisturbed), logged(undisturbed)
    return Outcome(request.param, lake.folder, current(lake), new, log)


def run_dying(lake: Lake, step: str, action: str) -> tuple[int, list[State]]:
    """The exit code of a process that dies at `step`, and every state read while it ran."""
    arguments = [str(lake.folder), step, action]
    child = subprocess.Popen([sys.executable, "-m", "tests.lake.dying", *arguments])
    seen = []
    while child.poll() is None:
        seen.append(current(lake))
    return child.returncode, seen


@pytest.mark.parametrize(("outcome", "step"), CASES, indirect=["outcome"])
def test_a_kill_leaves_old_or_new_and_running_again_completes(
    outcome: Outcome, tmp_path: Path, step: str
) -> None:
    lake = Lake(tmp_path / "lake", "200MB")
    shutil.copytree(outcome.folder, lake.folder)
    code, seen = run_dying(lake, step, outcome.action)
    assert code == 9
    assert seen
    assert all(state in (outcome.old, outcome.new) for state in [*seen, current(lake)])

    ACTIONS[outcome.action](lake)
    assert current(lake) == outcome.new
    assert logged(lake) == outcome.log
    lake.compact(DOSSIER)
    assert current(lake) == outcome.new


def test_an_expression_keeps_reading_the_state_of_its_moment(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake", "200MB")
    prepare(lake)
    before, expression = current(lake), lake.current(DOSSIER)
    merge(lake, 4)
    lake.compact(DOSSIER)
    assert state_of(expression) == before
    assert current(lake) != before
