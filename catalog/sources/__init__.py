"""Sources: one ``<slug>.yml`` here for each system that must report.

The file's stem is the source's id. Loading checks that the platform's words, the area and
the expected volumes make sense, so that a wrong file fails at start and not at night.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any, Literal

from pydantic import Field, model_validator

from catalog import codelists
from catalog.declarations import Declaration, load_folder
from catalog.feedback import Feedback
from catalog.records import OWN, own_records
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


class XRoad(Declaration):
    """Identifiers of the X-Road message protocol: who asks, and which service is asked. Each is
    ``instance/member class/member code/subsystem``."""

    client: str = Field(pattern=r"^[^/]+(/[^/]+){3}$")
    service: str = Field(pattern=r"^[^/]+(/[^/]+){3}$")


class Tls(Declaration):
    """Names of the secrets (PEM texts) for mutual TLS: who may answer, and who we are."""

    authority: str = Field(pattern=r"^[A-Z0-9_]+$")
    certificate: str = Field(pattern=r"^[A-Z0-9_]+$")


class Deviation(Declaration):
    """Why a source may deviate, and the last day on which it may; without one, for good."""

    reason: str = Field(min_length=1)
    until: dt.date | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_reason(cls, given: Any) -> Any:
        return {"reason": given} if isinstance(given, str) else given


class Source(Declaration):
    """One system that reports, and what differs from its platform's usual ways.

    `area` is the administration that runs it; `reports_for` says whom its rows are about where
    that is not only this area: all provinces, all ministries, or areas by code.
    `frequency` ``nightly`` expects a delivery each night; ``monthly``, ``quarterly`` and
    ``yearly`` returns come when they are ready; ``once`` is a single file for ever.
    `figures` are the figures that it must state as ``reported_figure``.
    `mapping` is a dialect of its own, written in its file in place of the name of one.
    `secret` is the *name* under which `Settings.secret` finds the credentials, never a value.
    `encoding` and `delimiter` are those of its files, declared and never guessed. `host_key` is
    the SSH key that its server must show. `views` names its view for a record kind, `look_back`
    how many minutes behind the cursor a view is read again. On `reconciles_on_day` of each month
    it lists all its keys, so that deletions are found.
    `accepted_deviations` names checks whose failing rows this source may keep, and detectors whose
    finding is the truth here, with the reason, or ``{reason, until}``: after that day they count
    again.
    `feedback` says who is told what is wrong, and how often.
    `in_national_totals` is false for administrations that the nation's figures leave out.
    """

    source_id: str
    name_vi: str
    area: str = Field(pattern=r"^([GHK]\d{2}|X-[A-Z0-9-]+)$")
    new_area: NewArea | None = None
    reports_for: list[str] = Field(default=[])
    platform: str
    dialect: str = ""
    mapping: dict[str, Any] = Field(default={})
    records: list[str] = Field(default=["dossier"], min_length=1)
    figures: list[str] = Field(default=[])
    url: str = ""
    folder: str = ""
    file_pattern: str = "*"
    encoding: Literal["utf-8", "windows-1258", "tcvn3", "vni"] = "utf-8"
    delimiter: Literal[",", ";", "|", "tab"] = ","
    user: str = ""
    secret: str = Field(default="", pattern=r"^[A-Z0-9_]*$")
    host_key: str = ""
    xroad: XRoad | None = None
    tls: Tls | None = None
    views: dict[str, str] = Field(default={})
    look_back: int = Field(default=60, ge=0)
    reconciles_on_day: int | None = Field(default=None, ge=1, le=28)
    frequency: Literal["nightly", "monthly", "quarterly", "yearly", "once"] = "nightly"
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
    accepted_deviations: dict[str, Deviation] = Field(default={})
    feedback: Feedback | None = None

    @property
    def dialect_name(self) -> str:
        return self.dialect or self.platform

    @property
    def base_url(self) -> str:
        """The address; ``{nation}``, ``{nation_sftp}`` and ``{nation_database}`` stand for the
        simulated nation's web, file and database servers."""
        place, url = settings(), self.url.replace("{nation}", settings().nation_url)
        sftp = f"sftp://{place.nation_sftp_host}:{place.nation_sftp_port}"
        url = url.replace("{nation_sftp}", sftp)
        return url.replace("{nation_database}", place.nation_database).rstrip("/")

    @model_validator(mode="after")
    def _known_figures(self) -> Source:
        if unknown := set(self.figures) - codelists.codes("figure"):
            raise ValueError(f"figures: not in the code list: {', '.join(sorted(unknown))}")
        if bool(self.figures) != ("reported_figure" in self.records):
            raise ValueError("figures and the record kind reported_figure go together")
        return self

    @model_validator(mode="after")
    def _not_our_own(self) -> Source:
        if own := set(self.records) & set(own_records()):
            raise ValueError(f"records: the pipeline's own: {', '.join(sorted(own))}")
        if self.source_id == OWN:
            raise ValueError(f"{OWN} is the pipeline itself")
        return self

    @model_validator(mode="after")
    def _one_dialect(self) -> Source:
        if self.dialect and self.mapping:
            raise ValueError("dialect names one, mapping is one: write only one of them")
        return self

    @model_validator(mode="after")
    def _deviates_after_it_starts(self) -> Source:
        for name, deviation in self.accepted_deviations.items():
            if deviation.until and deviation.until < self.starts_on:
                raise ValueError(f"accepted_deviations: {name} ends before the source starts")
        return self

    def accepts(self, name: str, on: dt.date) -> bool:
        """Whether the deviation from the check or detector `name` is accepted on that day."""
        deviation = self.accepted_deviations.get(name)
        return deviation is not None and (deviation.until is None or on <= deviation.until)

    def is_due(self, on: dt.date) -> bool:
        """Whether this source must report on that day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


@cache
def sources() -> dict[str, Source]:
    """Every source by id, from the folder that the settings name."""
    return load_folder(settings().sources_dir, Source, "source_id")
