"""The pages on which people answer for an incident, in Vietnamese."""

from __future__ import annotations

import datetime as dt
from typing import Any

from catalog.areas import areas
from catalog.incidents import Incident
from feedback.free_text import LONGEST_BY, LONGEST_NOTE
from feedback.told import STATES_VI, ending, is_of_batch, record_vi, source_vi, told
from feedback.web.answer import Kind, last_day
from feedback.web.pages import page
from feedback.written import count, day


def form(incident: Incident, kind: Kind, today: dt.date) -> str:
    """What the incident is, what the answer means, and the form to give it."""
    days = {"first_day": today, "last_day": last_day(today)}
    lengths = {"longest_by": LONGEST_BY, "longest_note": LONGEST_NOTE}
    return page("answer.html", incident=_words(incident), kind=kind, **days, **lengths)


def noted(incident: Incident, kind: Kind, is_new: bool) -> str:
    """What was noted, now or before."""
    return page("noted.html", incident=_words(incident), kind=kind, is_new=is_new)


def _words(incident: Incident) -> dict[str, Any]:
    mark = incident.fingerprint
    said = told(mark.rule, mark.record)
    rows = "" if is_of_batch(mark.rule) else count(incident.rows)
    return {
        "title": said.of_column(mark.column),
        "why": said.why,
        "fix": said.fix,
        "area": areas()[mark.area].name_vi if mark.area in areas() else mark.area,
        "source": source_vi(mark.source_id),
        "record": record_vi(mark.record),
        "rows": rows,
        "examples": [ending(code) for code in incident.suffixes],
        "since": day(incident.opened_on),
        "state": STATES_VI[incident.state],
        "by": incident.by,
        "note": incident.note,
        "until": incident.until and day(incident.until),
    }
