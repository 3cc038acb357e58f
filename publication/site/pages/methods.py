"""What the figures are and are not, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from catalog import codelists
from catalog.finality import finality
from catalog.written import Language
from publication.names import code_name
from publication.site.model import Page, Site
from publication.words import say

SECTIONS: dict[str, tuple[str, ...]] = {
    "sources": ("reporting_rate", "timeliness_rate", "data_quality_share"),
    "counted": ("online_submission_share", "on_time_rate", "on_time_rate_766", "pending_count"),
    "coverage": ("reporting_rate",),
    "missing": ("apology_share",),
    "withheld": ("satisfaction_rating_share", "online_submission_share"),
    "finality": ("on_time_rate",),
    "revisions": ("overdue_count",),
    "ranking": ("online_submission_share", "on_time_rate", "digitised_share"),
    "panel": ("online_submission_share",),
    "borders": ("on_time_rate",),
    "decision766": ("score_766_portal", "on_time_rate_766", "dossier_satisfaction_share"),
    "satisfaction": ("satisfaction_rating_share", "dossier_satisfaction_share", "sipas_score"),
    "gaming": ("due_date_moved_share", "on_time_rate_original", "on_time_rate_recomputed"),
    "not": ("sipas_score", "par_index_score", "papi_score"),
}
"""The sections in their order, and the indicators that each links to."""


def pages(site: Site, language: Language) -> Iterator[Page]:
    content = {
        "sections": {name: _links(site, codes, language) for name, codes in SECTIONS.items()},
        "lists": {
            "withheld": _told("no_value", language),
            "finality": _days(language),
            "revisions": _told("revision_cause", language),
        },
    }
    yield Page("methods.html", "methods.html", content)


def _links(site: Site, codes: tuple[str, ...], language: Language) -> list[tuple[str, str]]:
    known = site.release.catalogue
    return [(code, known[code][f"name_{language}"]) for code in codes if code in known]


def _told(codelist: str, language: Language) -> list[tuple[str, str]]:
    """Every code's name, and what it means for a reader."""
    codes = [row["code"] for row in codelists.rows(codelist)]
    return [
        (code_name(codelist, code, language), say(f"methods.{code}", language)) for code in codes
    ]


def _days(language: Language) -> list[tuple[str, str]]:
    """After how many days the figures of each kind of period are final."""
    days = finality().model_dump(exclude={"day"})
    return [
        (say(f"period_type.{kind}", language), say("methods.days", language, days=count))
        for kind, count in days.items()
    ]
