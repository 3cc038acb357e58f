"""A source's file accepts what a check or a detector finds, by its name."""

from __future__ import annotations

import pytest

from catalog.errors import DeclarationError
from catalog.sources import sources
from pipeline.deviations import refuse_unknown


def test_every_source_accepts_only_what_is_looked_for() -> None:
    for source in sources().values():
        refuse_unknown(source)


@pytest.mark.parametrize("name", ["finished_before_received", "digitised_constant"])
def test_checks_and_detectors_may_be_accepted(name: str) -> None:
    refuse_unknown(sources()["hue"].model_copy(update={"accepted_deviations": {name: "why"}}))


def test_a_slip_of_the_pen_is_refused() -> None:
    changed = {"accepted_deviations": {"finished_to_early": "a slip of the pen"}}
    with pytest.raises(DeclarationError, match=r"hue\.yml: .*finished_to_early"):
        refuse_unknown(sources()["hue"].model_copy(update=changed))
