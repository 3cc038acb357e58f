"""The files of a release beside its own tables: one module a format, found by its name.

Each module has ``write(release, folder)``, which writes into the release's own folder while it is
being prepared, and ``ABOUT``, what the file is for, in both languages. The same release gives the
same bytes: no clock, no random order.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from publication.release import Release


def formats() -> Iterator[ModuleType]:
    """Every format, by name."""
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        yield importlib.import_module(f"{__name__}.{found.name}")


def write_formats(folder: Path) -> None:
    """Write every format of the release whose tables and manifest lie in `folder`."""
    release = Release(folder)
    for form in formats():
        form.write(release, folder)
