"""How the nation's sources speak: one module here for each platform, found by its file name.

A module offers ``application(desk)``, which answers below ``/<slug>/`` for the sources of its
platform, or ``serving(desk)``, which runs a server or writes files of its own, or both. One that
keeps rows outside this process also has ``refresh(desk)``, called once a dossier is deleted.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType


@cache
def platforms() -> dict[str, ModuleType]:
    """Every platform's module by name."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    return {n: import_module(f"{__name__}.{n}") for n in found if n != "__init__"}
