"""The command line: every verb of the night, and the questions people ask about its figures."""

from __future__ import annotations

# Each adds its commands.
from motcua import (  # noqa: F401
    check,
    crosswalk,
    detections,
    embargo,
    explain,
    form06,
    incidents,
    links,
    look,
    messages,
    night,
    onboarding,
    operators,
    province_page,
    quarantine,
    ranking,
    release,
    rules,
    scores,
    services,
    web,
)
from motcua.application import app

__all__ = ["app"]
