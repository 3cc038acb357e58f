"""Interlinked procedures (liên thông): ``bundles.csv``, one line each.

Who asks for the first part may ask for all of it at once: one request, and a dossier for each part.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simulator.procedures import Procedure, procedures


@dataclass(frozen=True)
class Bundle:
    """One set of interlinked procedures. `share` of those who ask for the first of the `parts` make
    the `request`; the last part is left out where it does not apply."""

    code: str
    share: float
    request: Procedure
    parts: tuple[Procedure, ...]


@cache
def bundles() -> dict[str, Bundle]:
    """Code of the first part -> the bundle that may be asked for in its place."""
    known = {procedure.code: procedure for procedure in procedures("province")}
    path = Path(__file__).with_suffix(".csv")
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    found = [
        Bundle(
            line["bundle"],
            float(line["share"]),
            known[line["request"]],
            tuple(known[code] for code in line["parts"].split("+")),
        )
        for line in lines
    ]
    return {bundle.parts[0].code: bundle for bundle in found}
