"""Sources: one ``<slug>.yml`` here for each system that must report.

The file's stem is the source's id. Loading checks that the platform's words, the area and
the expected volumes make sense, so that a wrong file fails at start and not at night.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from catalog.declarations import Declaration, load_folder
from catalog.settings import settings


class Volume(Declaration):
    """How many rows of a record kind a usual night brings: below the floor the batch is held,
    above the ceiling it is merged with a warning."""

    floor: int = Field(ge=0)
    ceiling: int = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Volume:
        if self.floor >= self.ceiling:
            raise ValueError("floor must be below ceiling")
        return self


class NewArea(Declaration):
    """An area that no code list has: an administration outside the 34 provinces and ministries."""

    name_vi: str
    name_en: str
    kind: Literal["province", "ministry", "other"]


class Source(Declaration):
    """One system that reports, and what differs from its platform's usual ways.

    `frequency` ``nightly`` expects a delivery each night, ``once`` a single file for ever.
    `secret` is the *name* under which `Settings.secret` finds the credentials, never a value.
    `accepted_deviations` names checks whose failing rows this source may keep, with the reason.
    `in_national_totals` is false for administrations that the nation's figures leave out.
    """

    source_id: str
    name_vi: str
    area: str = Field(pattern=r"^([GHK]\d{2}|X-[A-Z0-9-]+)$")
    new_area: NewArea | None = None
    platform: str
    dialect: str = ""
    records: list[str] = Field(default=["dossier"], min_length=1)
    url: str = ""
    folder: str = ""
    file_pattern: str = "*.csv"
    secret: str = Field(default="", pattern=r"^[A-Z0-9_]*$")
    frequency: Literal["nightly", "once"] = "nightly"
    starts_on: dt.date
    ends_on: dt.date | None = None
    volume: dict[str, Volume] = Field(default={})
    owner: str = ""
    contact: str = ""
    legal_basis: str
    page_size: int = Field(default=1000, gt=0)
    max_page_bytes: int = Field(default=64_000_000, gt=0)
    timeout_seconds: float = Field(default=60, gt=0)
    attempts: int = Field(default=4, gt=0)
    requests_per_second: float = Field(default=50, gt=0)
    in_national_totals: bool = True
    origin: str = ""
    accepted_deviations: dict[str, str] = Field(default={})

    @property
    def dialect_name(self) -> str:
        return self.dialect or self.platform

    @property
    def base_url(self) -> str:
        """The address, with ``{nation}`` standing for the simulated nation's."""
        return self.url.replace("{nation}", settings().nation_url).rstrip("/")

    def is_due(self, on: dt.date) -> bool:
        """Whether this source must report on that day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


@cache
def sources() -> dict[str, Source]:
    """Every source by id, from the folder that the settings name."""
    return load_folder(settings().sources_dir, Source, "source_id")
