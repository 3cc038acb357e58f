"""The small country of the vintages' tests: its lake, its warehouse and its measuring are real."""

from __future__ import annotations

from tests.vintages.conftest import land, server

__all__ = ["land", "server"]
