"""A proposal as the text of a source's file, each proposed line marked for confirmation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from catalog.areas import listed
from catalog.declarations import UNDECIDED
from catalog.sources import Source
from pipeline.onboarding.proposal import Guess, Proposal

CONFIRM = "# ĐỀ XUẤT, cần xác nhận"
HEAD = """\
# Bản nháp do `motcua source new` đề xuất từ {rows} dòng mẫu. / Proposed from {rows} sample rows.
# Dòng ghi “ĐỀ XUẤT” phải được người phụ trách xác nhận; chỗ ghi TODO chỉ con người quyết định được.
# Lines marked ĐỀ XUẤT need confirmation; TODO is for a person to decide, and blocks loading."""


def source_file(source: Source, plan: Proposal, given: dict[str, str]) -> str:
    """The whole file. `given` are facts that the caller knows (name_vi, starts_on, ...)."""
    return "\n".join([*_facts(source, plan, given), *_mapping(plan), ""])


def _facts(source: Source, plan: Proposal, given: dict[str, str]) -> Iterator[str]:
    yield HEAD.format(rows=plan.rows)
    yield f"name_vi: {_known(given, 'name_vi')}"
    yield f"area: {source.area}"
    if source.area not in {area.code for area in listed()}:
        yield f"new_area: {{name_vi: {UNDECIDED}, name_en: {UNDECIDED}, kind: other}}"
        yield f"in_national_totals: false  {CONFIRM}"
    yield f"platform: {source.platform}"
    yield f"records: [{plan.record.kind}]"
    if source.encoding != "utf-8":
        yield f"encoding: {source.encoding}"
    if source.delimiter != ",":
        yield f"delimiter: {_scalar(source.delimiter)}"
    yield f"frequency: {_known(given, 'frequency')}  # nightly, monthly, quarterly, yearly, once"
    for name in ("starts_on", "legal_basis", "owner"):
        yield f"{name}: {_known(given, name)}"


def _known(given: dict[str, str], name: str) -> str:
    value = given.get(name) or UNDECIDED
    return value if name in ("starts_on", "frequency") else _scalar(value)


def _mapping(plan: Proposal) -> Iterator[str]:
    yield "mapping:"
    if plan.zone:
        yield f"  zone: {_scalar(plan.zone)}{_clock(plan)}"
    yield "  records:"
    yield f"    {plan.record.kind}:"
    yield from _lines(plan.version_at, "      ")
    yield "      fields:"
    for guess in plan.guesses:
        yield from _lines(guess, "        ")
    yield from _left(plan)


def _clock(plan: Proposal) -> str:
    where = "ví dụ/such as Asia/Ho_Chi_Minh"
    return f"  # giờ không ghi múi: đồng hồ ở đâu? / whose clock? {where}" * (
        plan.zone == UNDECIDED
    )


def _lines(guess: Guess, indent: str) -> Iterator[str]:
    """The lines of one field; those of words each on their own."""
    words = guess.mapping.get("words")
    spoken = {key: value for key, value in guess.mapping.items() if key != "words"}
    remark = f"{CONFIRM}{f': {guess.remark}' if guess.remark else ''}"
    if not isinstance(words, dict):
        parts = ", ".join(f"{key}: {_flow(value)}" for key, value in guess.mapping.items())
        yield f"{indent}{guess.field}: {{{parts}}}  {remark}"
        return
    yield f"{indent}{guess.field}:  {remark}"
    for key, value in spoken.items():
        yield f"{indent}  {key}: {_flow(value)}"
    yield f"{indent}  words:"
    for word, code in words.items():
        mark = "" if code == UNDECIDED else f"  {CONFIRM}"
        yield f"{indent}    {json.dumps(word, ensure_ascii=False)}: {_scalar(code)}{mark}"


def _left(plan: Proposal) -> Iterator[str]:
    for name, columns in (("ignored", plan.ignored), ("personal", plan.personal)):
        if columns:
            yield f"      {name}:  {CONFIRM}"
            yield from (f"        - {_scalar(column)}" for column in columns)


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_scalar, value))}]"
    return _scalar(value)


def _scalar(value: str) -> str:
    """A YAML scalar: bare where it is a plain word, else in double quotes."""
    bare = re.fullmatch(r"[A-Za-z][A-Za-z_/]*", value) and yaml.safe_load(value) == value
    return value if bare else json.dumps(value, ensure_ascii=False)
