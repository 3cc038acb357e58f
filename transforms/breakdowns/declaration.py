"""What a breakdown declares: one ``<dimension>.yml`` beside this file."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from catalog.declarations import Declaration, declared, load_folder
from catalog.records import records
from transforms.indicators.declaration import Indicator, indicators
from transforms.indicators.views import views

Mark = Literal["headline", "is_ranked"]


class Breakdown(Declaration):
    """A dimension: what a `record`'s `column` holds parts the nation's figures into items.

    Of the indicators of that record those are broken down that bear one of the marks `of`; without
    any mark, all. Only a flow is: what a balance holds could be worked out from what came and went.
    Nor is a figure into which returns go where systems cannot tell: a return has no parts; or one
    whose view makes other rows of the records, with a day of their own.
    """

    dimension: str
    name_vi: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    about: str = Field(min_length=1)
    record: str
    column: str
    of: list[Mark] = Field(default=[])

    @model_validator(mode="after")
    def _known_column(self) -> Breakdown:
        if self.record not in records():
            raise ValueError(f"no such record kind: {self.record}")
        known = records()[self.record].fields.get(self.column)
        if known is None or known.type not in ("code", "string"):
            raise ValueError(f"{self.column} is no code of a {self.record}")
        return self

    @property
    def codes(self) -> str:
        """The code list of its items; empty where they are in no list."""
        return records()[self.record].fields[self.column].codes or ""

    def has(self, indicator: Indicator) -> bool:
        """Whether the indicator is broken down by it."""
        view = views().get(indicator.view)
        has_own_rows = view is None or indicator.period_by not in view.adds
        is_marked = not self.of or any(getattr(indicator, mark) for mark in self.of)
        adds_up = indicator.accumulates == "flow" and not indicator.or_reported
        return indicator.record == self.record and has_own_rows and adds_up and is_marked

    @property
    def indicators(self) -> list[str]:
        """The codes of those that are."""
        return [code for code, indicator in indicators().items() if self.has(indicator)]


@cache
def breakdowns() -> dict[str, Breakdown]:
    """Every breakdown by dimension. Raises DeclarationError naming the file that is wrong."""
    return load_folder(declared("transforms/breakdowns"), Breakdown, "dimension")
