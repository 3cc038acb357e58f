"""Whatever way a source speaks, a file of it can be tried as it is."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from catalog.night import Night
from catalog.sources import Source, sources
from extractors import read
from feedback.outcome import Outcome
from pipeline.return_template import write_template
from pipeline.trial import try_file

RECORDINGS = Path(__file__).parents[1] / "extractors" / "recordings"
OF_NO_SOURCE = {"manual_drop.dossier.csv", "return_form.reported_figure.csv"}
"""Their columns and figures are made up."""
OF_KEYS = {"xroad_rest.dossier_key.json"}
"""A list of keys is compared, and not tried."""
RECORDED = sorted({path.name for path in RECORDINGS.iterdir()} - OF_NO_SOURCE - OF_KEYS)
NIGHT = Night.parse("2026-11-18")


def tried(source: Source, kind: str, name: str, content: bytes) -> Outcome:
    return try_file(source, kind, NIGHT, name, io.BytesIO(content))


def speaker(platform: str, kind: str) -> Source:
    """A declared source of that platform that sends such records."""
    speaks = [s for s in sources().values() if s.platform == platform]
    return next((s for s in speaks if kind in s.records), speaks[0])


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_answer_of_each_platform_is_read_as_at_night(name: str) -> None:
    platform, kind, _ = name.split(".")
    content, source = (RECORDINGS / name).read_bytes(), speaker(platform, kind)
    outcome = tried(source, kind, name, content)
    if outcome.decision == "broken":
        assert outcome.problem.startswith(f"{kind}: no column ")
    else:
        assert outcome.received == len(list(read(source, kind, content))) > 0


def test_a_return_is_refused_by_line_and_column_as_at_night(tmp_path: Path) -> None:
    source, form = speaker("return_form", "reported_figure"), tmp_path / "a.csv"
    write_template(source, _period(source), form)
    assert not tried(source, "reported_figure", "a.csv", form.read_bytes()).received
    lines = list(csv.reader(io.StringIO(form.read_text(encoding="utf-8-sig"))))
    lines[2][lines[0].index("Giá trị")] = "12"
    kept = io.StringIO()
    csv.writer(kept).writerows(lines)
    outcome = tried(source, "reported_figure", "a.csv", kept.getvalue().encode())
    assert outcome.decision == "broken"
    assert "tep.csv below its header, line 2: column " in outcome.problem


def _period(source: Source) -> str:
    return {"monthly": "2026-10", "quarterly": "2026-Q3", "yearly": "2025"}[source.frequency]
