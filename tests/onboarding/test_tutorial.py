"""The tutorial's commands are run as they stand, and must print what it says they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial-new-source.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "=== block"
BLOCKS = [(kind, text) for kind, text in FENCE.findall(TUTORIAL.read_text(encoding="utf-8"))]

pytestmark = pytest.mark.slow


def _script() -> str:
    """Every block in order, as one bash script that marks where the output of each begins."""
    lines = ["set -eu -o pipefail"]
    for number, (kind, text) in enumerate(BLOCKS):
        if kind == "sh":
            lines += [f"echo '{MARK} {number}'", text]
        elif kind == "yaml":
            name = text.partition("\n")[0].removeprefix("# ")
            lines += [f"cat > {name} <<'END_OF_FILE'", f"{text}END_OF_FILE"]
    return "\n".join(lines)


def _plain(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[str]]:
    """What each block printed, in a folder that looks like the repository's root."""
    folder = tmp_path_factory.mktemp("root")
    (folder / ".venv").symlink_to(Path(sys.executable).parent.parent)
    (folder / "catalog").symlink_to(ROOT / "catalog")
    clean = {name: v for name, v in os.environ.items() if not name.startswith("MOTCUA_")}
    clean |= {"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-c", _script()],
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    found: dict[int, list[str]] = {}
    for piece in done.stdout.split(f"{MARK} ")[1:]:
        number, _, text = piece.partition("\n")
        found[int(number)] = _plain(text)
    return found


def test_the_tutorial_prints_what_it_says(printed: dict[int, list[str]]) -> None:
    compared = 0
    for number, (kind, text) in enumerate(BLOCKS):
        if kind == "text":
            lines = iter(printed[number - 1])
            for expected in _plain(text):
                assert any(expected in line for line in lines), (
                    f"{expected!r} is not (or not in this order) in:\n"
                    + "\n".join(printed[number - 1])
                )
                compared += 1
    assert compared > 40


def test_the_figures_are_those_that_it_promises(printed: dict[int, list[str]]) -> None:
    told = "\n".join(line for lines in printed.values() for line in lines)
    numbers = re.findall(r'"(?:numerator|denominator)": (\d+)', told)
    assert [int(number) for number in numbers] == [1250, 1434, 952, 1329, 105]
