"""The same catalogue with one more change of areas, as an operator would declare it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalog import area_changes, area_names, areas, codelists, settings

ROOT = Path(__file__).parents[2]
Declare = Callable[..., None]


def forget() -> None:
    for read in (
        settings.settings,
        codelists.rows,
        area_changes.area_changes,
        area_names.area_names,
        areas.areas,
        areas.province_since_34,
    ):
        read.cache_clear()


def copy_of_lists(folder: Path) -> Path:
    """A tree of declarations in `folder` whose code lists may be written to: where they lie."""
    for part in ("transforms", "expectations"):
        (folder / part).symlink_to(ROOT / part)
    (folder / "catalog").mkdir()
    for file in (ROOT / "catalog").iterdir():
        if file.name != "codelists":
            (folder / "catalog" / file.name).symlink_to(file)
    lists = folder / "catalog" / "codelists"
    shutil.copytree(ROOT / "catalog" / "codelists", lists)
    return lists


@contextmanager
def declarations(folder: Path) -> Iterator[None]:
    """Inside, the catalogue is read from `folder`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTCUA_DECLARATIONS_DIR", str(folder))
        forget()
        yield
    forget()


@pytest.fixture
def declare(tmp_path: Path) -> Iterator[Declare]:
    """Adds lines to a code list: ``declare("area_changes", "merge,2026-10-01,H14,H37,,Luật")``."""
    lists = copy_of_lists(tmp_path)

    def add(name: str, *lines: str) -> None:
        with (lists / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        forget()

    with declarations(tmp_path):
        yield add
