"""What the rules of Decision 766 call their groups and metrics (``transforms/scores/rules``)."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from catalog.declarations import declared
from catalog.written import Language

FOLDER = "transforms/scores/rules"


@cache
def _rules(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(declared(f"{FOLDER}/{name}.yml").read_text("utf-8"))
    return found


def title(rules: str, language: Language) -> str:
    return str(_rules(rules)[f"title_{language}"])


def name(rules: str, group: str, metric: str, language: Language) -> str:
    """A metric, or without one a group. Raises KeyError for one that the rules do not have."""
    told = _rules(rules)["metrics"][metric] if metric else _rules(rules)["groups"][group]
    return f"{told.get('number', '')} {told[f'name_{language}']}".strip()


def groups(rules: str) -> tuple[str, ...]:
    """In the order of the text."""
    return tuple(_rules(rules)["groups"])


def metrics(rules: str) -> dict[str, str]:
    """In the order of the text, each with the indicator that counts it, empty where none does."""
    return {code: rule.get("indicator", "") for code, rule in _rules(rules)["metrics"].items()}
