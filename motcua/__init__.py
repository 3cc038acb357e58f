"""The command line: every verb of the night, and the questions people ask about its figures."""

from __future__ import annotations

# Each adds its commands.
from motcua import (  # noqa: F401
    crosswalk,
    detections,
    embargo,
    explain,
    form06,
    look,
    night,
    onboarding,
    ranking,
    release,
    scores,
    services,
)
from motcua.application import app

__all__ = ["app"]
