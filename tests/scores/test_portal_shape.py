"""Files in the portal's shape: read as meant, or refused in one line, whatever they hold."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import DeliveryBroken
from tests.scores.conftest import PORTAL, as_json, points, whole, written
from transforms.scores import MAX_BYTES, Department, departments, score

MARK = "Nguyễn Văn A 0912345678"
ONE = {"code": "PUBLISH_ON_TIME", "numerator": 9, "denominator": 10}
TWO = {"code": "DOSSIER_SYNC", "numerator": 1, "denominator": 4}


def unit(code: str = "H20", *metrics: Any, **more: Any) -> dict[str, Any]:
    return {"departmentCode": code, "metrics": list(metrics), **more}


def read(thing: Any) -> tuple[Department, ...]:
    return departments(as_json(thing), "file.json")


def refusal(content: bytes) -> str:
    with pytest.raises(DeliveryBroken) as caught:
        departments(content, "file.json")
    assert MARK not in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def said(found: tuple[Department, ...]) -> dict[str, list[tuple[str, Any, Any]]]:
    return {d.code: [(m.code, m.numerator, m.denominator) for m in d.metrics] for d in found}


EXPECTED = {"H20": [("PUBLISH_ON_TIME", 9, 10), ("DOSSIER_SYNC", 1, 4)]}


@pytest.mark.parametrize(
    "thing",
    [
        unit("H20", ONE, TWO),
        [unit("H20", ONE, TWO)],
        [unit("H20", ONE), unit("H20", TWO)],
        {"code": "OK", "data": {"items": [unit("H20", ONE, TWO, departmentId="u-1")]}},
        {"code": "OK", "data": [{"departmentCode": "H20", "groups": [{"list": [ONE, TWO]}]}]},
        [{"departmentCode": "H20", **ONE}, {"departmentCode": "H20", **TWO}],
        [{"data": {"items": [unit("H20", ONE)]}}, [{"data": {"tree": unit("H20", TWO)}}]],
    ],
)
def test_one_unit_is_read_from_every_shape(thing: Any) -> None:
    assert said(read(thing)) == EXPECTED


def test_units_below_a_unit_keep_their_own_metrics() -> None:
    tree = unit("H20", ONE, children=[unit("H20.01", TWO), unit("H20.02")])
    found = said(read({"code": "OK", "data": {"items": [tree], "total": 1}}))
    assert found == {"H20": EXPECTED["H20"][:1], "H20.01": EXPECTED["H20"][1:], "H20.02": []}


def test_a_unit_without_a_code_goes_by_its_id() -> None:
    assert list(said(read([{"departmentId": "u-1", "departmentCode": None, "metrics": []}]))) == [
        "u-1"
    ]


def test_the_scores_and_names_that_the_portal_states_are_kept() -> None:
    results = {"evaluation": [unit("H20", departmentName="Đồng Tháp", totalScore=68.11,
                                   groupScores={"CKMB": 11.46, "TDGQ": None})]}  # fmt: skip
    digitised = {"items": [unit("H20", {**ONE, "score": 5.4, "maxScore": 6})]}
    [found] = read([{"code": "OK", "data": results}, {"code": "OK", "data": digitised}])
    assert found.name == "Đồng Tháp"
    assert {code: str(points) for code, points in found.stated.items()} == {
        "TOTAL": "68.11", "CKMB": "11.46", "PUBLISH_ON_TIME": "5.4",
    }  # fmt: skip


def test_numbers_are_read_as_written() -> None:
    content = as_json(unit("H20", ONE)).replace(b"9", b"0.10").replace(b": 10}", b": 1E2}")
    [[(_, numerator, denominator)]] = said(departments(content, "file")).values()
    assert (str(numerator), denominator) == ("0.10", Decimal(100))


def test_what_is_not_stated_is_no_number() -> None:
    bare = [{"code": "A", "numerator": None, "denominator": 4}, {"code": "B"}]
    assert said(read(unit("H20", *bare)))["H20"] == [("A", None, 4), ("B", None, None)]


def test_a_byte_order_mark_is_no_content() -> None:
    assert said(departments(b"\xef\xbb\xbf" + as_json(unit("H20", ONE, TWO)), "f")) == EXPECTED


@pytest.mark.parametrize(
    ("thing", "problem"),
    [
        ({}, "no department"),
        ([], "no department"),
        (3, "no department"),
        ({"code": "ERROR", "message": MARK}, "no department"),
        (ONE, "belongs to no department"),
        ({"metrics": [ONE]}, "belongs to no department"),
        ([unit("H20", ONE), {"items": [TWO]}], "belongs to no department"),
        (unit(""), "department 1: no code"),
        (unit(3), "department 1: no code"),
        ([unit("H20"), unit(None, ONE)], "department 2: no code"),
        (unit("H20", children=[{"departmentId": None, "metrics": [ONE]}]), "department 2: no code"),
        (unit("H20", 3), "metric 1 of H20: no code"),
        (unit("H20", MARK), "metric 1 of H20: no code"),
        (unit("H20", ONE, {"numerator": 1}), "metric 2 of H20: no code"),
        (unit("H20", {**ONE, "code": 3}), "metric 1 of H20: no code"),
        (unit("H20", {**ONE, "code": {}}), "metric 1 of H20: no code"),
        ({"departmentCode": "H20", "metrics": MARK}, "metric 1 of H20: no code"),
        ({"departmentCode": "H20", "metrics": {"A": ONE}}, "metric 1 of H20: no code"),
        (unit("H20", {**ONE, "numerator": MARK}), "metric 1 of H20: something else than a number"),
        (unit("H20", {**ONE, "numerator": "9"}), "something else than a number"),
        (unit("H20", {**ONE, "numerator": True}), "something else than a number"),
        (unit("H20", {**ONE, "denominator": [9]}), "something else than a number"),
        (unit("H20", {**ONE, "score": {}}), "something else than a number"),
        (unit("H20", {**ONE, "score": -1}), "a score that is none"),
        (unit("H20", ONE | {"score": 1}, ONE | {"score": 2}), "two different scores"),
        (unit("H20", totalScore="1"), "a score of H20: something else than a number"),
        (unit("H20", groupScores=[1]), "H20: groupScores is no object"),
        (unit(MARK, ONE, 3), "metric 2 of a department whose code is of no known form"),
    ],
)
def test_what_cannot_be_meant_is_refused_naming_the_place(thing: Any, problem: str) -> None:
    assert problem in refusal(as_json(thing))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 1000,
        b"<html><title>Request Rejected</title></html>",
        b"PK\x03\x04" + bytes(range(256)),
        as_json(unit("H20", ONE))[:-5],
        as_json(unit("H20", ONE)).replace(b"9", b"NaN"),
        as_json(unit("H20", ONE)).replace(b"9", b"-Infinity"),
        as_json(unit("H20", ONE)).replace(b"9", b"9" * 5000),
        as_json(unit("H20", ONE)).decode().encode("utf-16"),
        as_json(unit(MARK)).replace("ễ".encode(), b"\xff"),
        b"[" * 100_000,
        b'{"metrics":' * 100_000,
        b"[" + b"1," * (MAX_BYTES // 2),
    ],
)
def test_what_is_not_json_or_too_much_is_refused(content: bytes) -> None:
    assert refusal(content).startswith("source file.json: ")


@pytest.mark.parametrize("number", ["1e99999999999999999999", "1e999", "9" * 400, "-0.1", "1e-400"])
def test_a_number_that_no_count_can_be_is_refused_where_it_is_scored(number: str) -> None:
    content = as_json(unit("H20", ONE)).replace(b"9", number.encode())
    [found] = departments(content, "file")
    with pytest.raises(DeliveryBroken, match=r"H20: metric PUBLISH_ON_TIME \(1\.1\)"):
        score(found, PORTAL)


def test_a_deep_tree_of_units_is_read() -> None:
    tree = unit("H20", ONE)
    for number in range(200):
        tree = unit(f"H20.{number:03d}", TWO, children=[tree])
    assert len(read(tree)) == 201


def test_a_large_file_is_read_in_the_same_way() -> None:
    many = [
        written(whole(PORTAL, 5000, f"H20.{n:02d}.{m:02d}")) for n in range(34) for m in range(99)
    ]
    found = departments(as_json(many), "file")
    assert len(found) == 34 * 99
    assert points(score(found[-1], PORTAL)) == points(score(whole(PORTAL), PORTAL))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["departmentCode", "departmentId", "metrics", "code", "numerator"])
            | st.sampled_from(["denominator", "score", "groupScores", "totalScore", "data", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


def problem_of(content: bytes) -> str:
    """What is wrong with a file; empty where it can be scored."""
    try:
        found = departments(content, "file")
        assert found
        for one in found:
            score(one, PORTAL)
    except DeliveryBroken as error:
        return str(error)
    return ""


@given(junk=JUNK)
def test_any_json_is_scored_or_refused_in_one_line(junk: Any) -> None:
    assert "\n" not in problem_of(json.dumps(junk).encode())


@given(content=st.binary(max_size=200))
def test_any_bytes_are_refused(content: bytes) -> None:
    assert problem_of(content).startswith("source file: ")
