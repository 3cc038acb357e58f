"""What is promised to who asks: the form that is sent and the answer to it, for the OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field

from catalog.sources import Source

TITLE = "Một Cửa Metrics: thử trước khi gửi"
VERSION = "1"
ABOUT = (
    "Says what a night would make of a file, by the same reading and the same checks, and stores "
    "nothing. A file that cannot be read is an answer too: the decision `broken`, with the problem."
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AS_FILE = {"Content-Disposition": 'attachment; filename="dong-loi.xlsx"'}
MOST_FAILING = 1000
"""So many failing rows stand in an answer; all are counted, and the workbook holds them all."""


class FailingRow(BaseModel):
    """One row and one rule that it breaks."""

    batch_id: str
    record: str
    record_key: str
    page: str
    row: int | None
    column: str
    seen: str
    rule: str
    severity: str
    end: Literal["rejected", "quarantined", "held", "warned"]
    rows: int
    first_seen: str
    last_seen: str
    state: str


class Rule(BaseModel):
    """How many rows break one rule, and what is told about it, in Vietnamese."""

    record: str
    rule: str
    column: str
    severity: str
    end: str
    rows: int
    title: str
    why: str
    fix: str


class Answer(BaseModel):
    """What a night would make of the file."""

    source_id: str
    record: str
    night: str
    decision: Literal["accept", "quarantine", "hold", "broken"]
    is_good: bool = Field(description="Whether every row would be accepted.")
    problem: str
    problem_vi: str
    received: int
    accepted: int
    quarantined: int
    rejected: int
    duplicate: int
    rules: list[Rule]
    failing: list[FailingRow]
    left_out: int
    unmapped: list[str]
    not_asked: list[str]


class Problem(BaseModel):
    """Why a request is turned away."""

    problem: str
    problem_vi: str = ""


REFUSALS = {
    400: "Not such a form.",
    403: "From another site.",
    404: "No such source, or it sends no such records.",
    408: "The form came too slowly.",
    413: "The file is too large.",
    500: "An error of the program, or of a declaration.",
    503: "Too many files are waiting, or judging takes too long.",
}
CHECK: dict[str, Any] = {
    "response_model": Answer,
    "summary": "Try a file before it is sent.",
    "responses": {n: {"model": Problem, "description": about} for n, about in REFUSALS.items()},
}


def form(sources: Mapping[str, Source]) -> dict[str, Any]:
    """The request's part of the OpenAPI: the form, with the sources and record kinds there are."""
    kinds = sorted({kind for source in sources.values() for kind in source.records})
    file = {"type": "string", "format": "binary", "description": "As the source would send it."}
    fields = {
        "source": {"type": "string", "enum": sorted(sources)},
        "record": {"type": "string", "enum": kinds, "description": "Else the source's first."},
        "file": file,
    }
    schema = {
        "type": "object",
        "properties": fields,
        "required": ["source", "file"],
        "additionalProperties": False,
    }
    content = {"multipart/form-data": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}
