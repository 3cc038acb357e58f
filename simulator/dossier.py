"""What the simulated nation knows about a dossier: facts that stay, and versions that follow.

Times are wall-clock times of Viet Nam without an offset, as on the wire. Codes are those of
``catalog/codelists``; None is what the source does not say.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.area_changes import root
from catalog.areas import province_since_34
from catalog.identifiers import dossier_unit, unit_code
from simulator.procedures import Procedure

DONE = frozenset({"finished", "returned"})
OPEN = frozenset({"received", "processing", "supplement_requested", "payment_requested"})


class Supplement(NamedTuple):
    """One request for further papers; `received_at` is None while they are awaited."""

    requested_at: dt.datetime
    received_at: dt.datetime | None = None


class Version(NamedTuple):
    """A dossier as its source states it from `at` on."""

    at: dt.datetime
    status: str
    received_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    returned_at: dt.datetime | None = None
    rejected_at: dt.datetime | None = None
    supplements: tuple[Supplement, ...] = ()


class Rating(NamedTuple):
    """How the applicant rated the dossier: said `rated_at`, known to the source `at`."""

    at: dt.datetime
    rated_at: dt.datetime
    level: str


class Event(NamedTuple):
    """A step worth telling: what `kind` (``event.csv``) happened, and when; known to the source
    `at`. `state` is how the dossier then stood."""

    at: dt.datetime
    happened_at: dt.datetime
    kind: str
    state: Version


@dataclass(slots=True)
class Dossier:
    """The facts of one dossier and its life.

    `deciding_unit` is the code of the unit that decides where that is not the one of `code`.
    `bundle` and `parent_code` tell interlinked procedures: a request has the first, its parts have
    both. `portal_lag` is how far the national portal follows behind; None where it has no such
    dossier.
    `defect` is the kind that befell it, or empty. A dossier that is not `is_real` exists only as
    defective rows: it is sent, must be turned away, and never counts.
    """

    code: str
    unit_name: str
    procedure: Procedure
    procedure_sent: str
    channel: str | None
    filed_on_portal: bool
    applicant_type: str
    applicant_name: str
    applicant_number: str
    submitted_at: dt.datetime
    result_delivery: str
    payment: str | None
    has_digitised_component: bool | None
    is_vneid_verified: bool
    has_electronic_result: bool | None
    deciding_unit: str = ""
    bundle: str | None = None
    parent_code: str = ""
    portal_lag: dt.timedelta | None = None
    defect: str = ""
    is_real: bool = True
    versions: list[Version] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def filed_under(self, area: str) -> str:
        """`area`, or the province merged into it whose code the dossier's own code bears."""
        return _under(dossier_unit(self.code), area)

    def decided_under(self, area: str) -> str:
        """The same of the unit that decides."""
        return (
            _under(unit_code(self.deciding_unit), area)
            if self.deciding_unit
            else self.filed_under(area)
        )

    @property
    def is_request(self) -> bool:
        """Whether it counts as what a citizen asked for: all but the parts of a bundle."""
        return not self.parent_code

    @property
    def is_agency_work(self) -> bool:
        """Whether it counts as what an agency does: all but the requests for a bundle."""
        return self.bundle is None or bool(self.parent_code)

    def version_before(self, moment: dt.datetime) -> Version | None:
        """The last version made before `moment`."""
        return next((version for version in reversed(self.versions) if version.at < moment), None)

    def rating_before(self, moment: dt.datetime) -> Rating | None:
        """The last rating known before `moment`."""
        return next((rating for rating in reversed(self.ratings) if rating.at < moment), None)


def _under(unit: str, area: str) -> str:
    code = root(unit)
    return code if province_since_34().get(code) == area else area
