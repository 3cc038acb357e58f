"""Settings of all tests."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("motcua", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("motcua")
