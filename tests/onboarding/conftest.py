"""An operator's place: a home and a folder of sources of its own, and the command line there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from catalog import areas, settings, sources
from motcua import app


def forget() -> None:
    for read in (settings.settings, sources.sources, areas.areas):
        read.cache_clear()


@dataclass(frozen=True)
class Place:
    """`sources` is the folder that the settings name, `drop` where files are put."""

    folder: Path

    @property
    def sources(self) -> Path:
        return self.folder / "sources"

    def drop(self, source_id: str) -> Path:
        folder = self.folder / "var" / "drop" / source_id
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def motcua(self, *words: str) -> Result:
        """Run the command line; what it read from the folder before is forgotten."""
        forget()
        return CliRunner().invoke(app, list(words))

    def json(self, *words: str) -> Any:
        done = self.motcua(*words, "--json")
        assert done.exit_code in (0, 1), done.output
        return json.loads(done.output)

    def decide(self, source_id: str, decisions: dict[str, str]) -> None:
        """What a person does with a draft: decide each TODO, by the text before it, and rename."""
        draft = self.sources / f"{source_id}.draft.yaml"
        text = draft.read_text(encoding="utf-8")
        for before, decision in decisions.items():
            assert text.count(f"{before}: TODO") == 1, before
            text = text.replace(f"{before}: TODO", f"{before}: {decision}")
        draft.write_text(text, encoding="utf-8")
        draft.rename(self.sources / f"{source_id}.yml")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    here = Place(tmp_path)
    here.sources.mkdir()
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("MOTCUA_SOURCES_DIR", str(here.sources))
    forget()
    yield here
    monkeypatch.undo()
    forget()


@pytest.fixture
def write_rows(tmp_path: Path) -> Callable[..., Path]:
    """Write a CSV file of rows that all have the same columns."""

    def write(name: str, rows: list[dict[str, str]], encoding: str = "utf-8") -> Path:
        import csv

        with (tmp_path / name).open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return tmp_path / name

    return write
