"""What is promised to who follows a signed link or answers by it, for the OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from feedback.free_text import LONGEST_BY, LONGEST_NOTE
from feedback.web.contract import XLSX

HTML = "text/html"
LINK_REFUSALS = {
    403: "The link is not ours, or for something else; or the request is from another site.",
    404: "There is nothing of the area, or no such incident of it.",
    410: "The link has run out.",
    500: "An error of the program.",
    503: "Too many are waiting.",
}
ANSWER_REFUSALS = {
    400: "Not such a form.",
    408: "The form came too slowly.",
    409: "The incident is fixed.",
    413: "The form is too large.",
    422: "What was answered can not be noted.",
}
SUMMARIES = {
    "/p/{token}": "The page of an area.",
    "/p/{token}/workbook": "The failing rows of an area.",
    "/a/{token}": "The form of an answer; asking for it changes nothing.",
}


def looks(path: str) -> dict[str, Any]:
    """A signed link that is followed."""
    kind = XLSX if path.endswith("workbook") else HTML
    refusals = {**LINK_REFUSALS, 409: ANSWER_REFUSALS[409]}
    return {
        "response_class": Response,
        "summary": SUMMARIES[path],
        "responses": {200: _content(kind), **_refusals(refusals)},
    }


def _content(kind: str) -> dict[str, Any]:
    return {"description": "OK", "content": {kind: {"schema": {"type": "string"}}}}


def _refusals(refusals: Mapping[int, str]) -> dict[int | str, Any]:
    """Pages; what the guard refuses is JSON."""
    kinds = {HTML: {"schema": {"type": "string"}}, "application/json": {}}
    return {n: {"description": about, "content": kinds} for n, about in refusals.items()}


ANSWER: dict[str, Any] = {
    "response_class": Response,
    "summary": "Answer for an incident; the same answer again changes nothing.",
    "responses": {200: _content(HTML), **_refusals({**LINK_REFUSALS, **ANSWER_REFUSALS})},
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "by": {"type": "string", "minLength": 1, "maxLength": LONGEST_BY},
                            "note": {"type": "string", "maxLength": LONGEST_NOTE},
                            "until": {"type": "string", "format": "date"},
                        },
                        "required": ["by"],
                        "additionalProperties": False,
                    }
                }
            },
        }
    },
}
