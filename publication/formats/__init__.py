"""The files of a release beside its own tables: one module a format, found by its name.

Each module has ``write(release, folder)``, which writes into the release's own folder while it is
being prepared, ``FILES``, the names of what it writes (``bulletin-*.pdf``), and ``ABOUT``, what
they are for, in both languages. The same release gives the same bytes: no clock, no random order.
A format that says what the other files are has ``DESCRIBES = True`` and is written after them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType

from publication.release import Release


def formats() -> Iterator[ModuleType]:
    """Every format by name, those that describe the others last."""
    named = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found = [importlib.import_module(f"{__name__}.{name}") for name in named]
    yield from sorted(found, key=lambda module: getattr(module, "DESCRIBES", False))


def write_formats(folder: Path) -> None:
    """Write every format of the release whose tables and manifest lie in `folder`."""
    release = Release(folder)
    for form in formats():
        form.write(release, folder)


def about(file: str) -> Mapping[str, str] | None:
    """What a file of a release is for, as the format that writes it tells; None where none does."""
    for form in formats():
        if any(fnmatch(file, pattern) for pattern in form.FILES):
            found: Mapping[str, str] = form.ABOUT
            return found
    return None
