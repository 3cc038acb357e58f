"""The command line: every verb of the night, and the questions people ask about its figures."""

from __future__ import annotations

from motcua import look, night, onboarding, scores, services  # noqa: F401  each adds its commands
from motcua.application import app

__all__ = ["app"]
