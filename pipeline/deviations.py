"""What a source's file accepts: names that no check and no detector bears are slips of the pen."""

from __future__ import annotations

from catalog.errors import DeclarationError
from catalog.sources import Source
from expectations.check import checks
from transforms.detectors import detectors


def refuse_unknown(source: Source) -> None:
    """Raise DeclarationError where the source accepts the deviation from what nobody checks."""
    unknown = sorted(set(source.accepted_deviations) - set(checks()) - set(detectors()))
    if unknown:
        problem = f"accepted_deviations: neither a check nor a detector: {', '.join(unknown)}"
        raise DeclarationError(f"{source.source_id}.yml", problem)
