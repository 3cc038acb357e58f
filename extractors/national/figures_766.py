"""The national portal's answers about Decision 766: how they are kept, and the figures in them.

Known are the fields of `service-results`, and that every other endpoint pages through units that
carry metric objects (`code`, `numerator`, `denominator`, `ratio`, ...). Assumed, as no answer is
published whole: a unit is an object with a `departmentId` or `departmentCode`, in whatever lists
or trees it stands; a metric is any object with a numerator or denominator, and belongs to the
nearest unit above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

RESULTS = "service-results"
UNIT = frozenset({"departmentId", "departmentCode"})
METRIC = frozenset({"numerator", "denominator"})
DECODER = msgspec.json.Decoder(float_hook=str)
"""Leaves 68.10 as it is written."""


class Asked(msgspec.Struct):
    """What the answer itself does not say: for which day, and what, it was asked."""

    on: str
    endpoint: str
    body: dict[str, str | int]


class Landed(msgspec.Struct):
    """A page as it is kept. `answer`, encoded as UTF-8, is the portal's answer byte for byte."""

    asked: Asked
    answer: str


class Answer(NamedTuple):
    """An answer opened: what was asked, and the content of its ``data``."""

    asked: Asked
    data: Any


class Province(msgspec.Struct, rename="camel"):
    """A province of `service-results`; scores as written."""

    department_id: str
    department_code: str | None
    total_score: str | int | None
    group_scores: dict[str, str | int | None]


class Results(msgspec.Struct):
    """What is read of the ``data`` of `service-results`."""

    evaluation: list[Province]


def opened(content: bytes) -> Answer:
    """Open a landed page. Raises msgspec.MsgspecError or RecursionError."""
    landed = msgspec.json.decode(content, type=Landed)
    return Answer(landed.asked, DECODER.decode(landed.answer).get("data"))


def provinces(answer: Answer) -> list[Province]:
    """The provinces of `service-results`. Raises msgspec.ValidationError, without a value in it."""
    return msgspec.convert(answer.data, Results).evaluation


def figures(answer: Answer) -> Iterator[dict[str, Any]]:
    """One flat row a figure, words and numbers as the portal wrote them: MaSoLieu, MaDonVi, Ky
    (the day it was stated on), TuSo and MauSo of a metric, Diem of a score."""
    if answer.asked.endpoint == RESULTS:
        for province in provinces(answer):
            scores = {"TOTAL": province.total_score, **province.group_scores}
            for code, score in scores.items():
                yield _row(answer, province.department_code, code, Diem=score)
        return
    for unit, item in _objects(answer.data):
        if METRIC & item.keys():
            counts = {"TuSo": item.get("numerator"), "MauSo": item.get("denominator")}
            yield _row(answer, unit, item.get("code"), **counts)


def units(answer: Answer) -> frozenset[str]:
    """The units on a page, by the portal's own number and code of each."""
    found = (item for _, item in _objects(answer.data) if UNIT & item.keys())
    return frozenset(f"{i.get('departmentId')}/{i.get('departmentCode')}" for i in found)


def _objects(data: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Every object below `data` in the order written, with the code of the unit it belongs to; a
    unit without a code does not pass for the one above it."""
    waiting = [(None, data)]
    while waiting:
        unit, item = waiting.pop()
        if isinstance(item, dict):
            if UNIT & item.keys():
                unit = item.get("departmentCode")
            yield unit, item
            item = list(item.values())
        if isinstance(item, list):
            waiting += [(unit, inner) for inner in reversed(item)]


def _row(answer: Answer, unit: Any, code: Any, **numbers: Any) -> dict[str, Any]:
    named = {"MaSoLieu": code, "MaDonVi": unit, "Ky": answer.asked.on}
    empty = {"TuSo": "", "MauSo": "", "Diem": ""}
    return {**named, **empty, **{name: _written(n) for name, n in numbers.items()}}


def _written(number: Any) -> Any:
    return str(number) if type(number) is int else number
