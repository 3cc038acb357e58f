"""All that a release shows beside its observations."""

from __future__ import annotations

import pyarrow as pa

from catalog.night import Night
from transforms.figures.changes import changes
from transforms.figures.gaps import additivity
from transforms.figures.means import means
from transforms.figures.rankings import rankings


def derived(published: pa.Table, night: Night) -> dict[str, pa.Table]:
    """The tables by name, each made of published figures alone: so none tells what is withheld."""
    return {
        "ranking": rankings(published),
        "change": changes(published, night),
        "gap": additivity(published),
        "mean": means(published),
    }
