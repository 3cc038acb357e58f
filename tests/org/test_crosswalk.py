"""Communes drawn anew: what is refused, and what restating keeps."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from catalog.allocation import allocate, allocate_pair
from catalog.crosswalk import TOLD, Restated, load, restate
from catalog.crosswalk_rows import COLUMNS
from catalog.errors import DeclarationError
from motcua import app

EXAMPLE = Path(__file__).with_name("communes.csv")
GOOD = {
    "old_code": "H55.101", "old_name": "Xã Một", "new_code": "H55.301", "new_name": "Xã Mới",
    "weight": "1", "on": "2025-07-01", "legal_basis": "Nghị quyết", "part": "whole",
}  # fmt: skip
PART = {**GOOD, "part": "part", "weight": "0.4"}
OTHER = {"new_code": "H55.302", "new_name": "Xã Khác"}


def written(folder: Path, *rows: dict[str, str]) -> Path:
    file = folder / "communes.csv"
    lines = [",".join(row[column] for column in COLUMNS) for row in rows]
    file.write_text("\n".join([",".join(COLUMNS), *lines, ""]), encoding="utf-8")
    return file


def test_whole_communes_are_added_and_parts_allocated_and_marked() -> None:
    counts = {"H03.101": (1, 2), "H03.103": (3, 10), "H55.104": (5, 5), "H26.101": (7, 8)}
    assert restate(counts, load(EXAMPLE)) == {
        "H26.101": Restated(7, 8, False),
        "H55.301": Restated(1 + 1, 2 + 3, True),
        "H55.401": Restated(5 + 2, 5 + 7, True),
    }


def test_what_no_weight_decided_is_not_marked() -> None:
    counts = {"H03.101": (1, 2), "H03.102": (3, 4), "H55.302": (1, 1)}
    found = restate(counts, load(EXAMPLE))
    assert found == {"H55.301": Restated(4, 6, False), "H55.401": Restated(1, 1, False)}


ROWS: list[tuple[list[dict[str, str]], str]] = [
    ([{**GOOD, "old_code": "H99.101"}], "row 2, old_code: no such province"),
    ([{**GOOD, "new_code": "H99.101"}], "row 2, new_code: no such province"),
    ([{**GOOD, "new_code": "H03.301"}], "row 2, new_code: a province that ended on 2025-07-01"),
    ([{**GOOD, "old_code": "H03.101", "on": "2025-07-02"}], "row 2, old_code: a province that end"),
    ([{**GOOD, "old_code": "55.101"}], "row 2, old_code: not the code"),
    ([{**GOOD, "old_code": "H55"}], "row 2, old_code: not the code"),
    ([{**GOOD, "new_code": "000.00.01.H55"}], "row 2, new_code: not the code"),
    ([{**GOOD, "new_code": "H55.101"}], "row 2, new_code: that of the old commune itself"),
    ([{**GOOD, "old_name": " "}], "row 2, old_name: empty"),
    ([{**GOOD, "new_name": ""}], "row 2, new_name: empty"),
    ([{**GOOD, "legal_basis": ""}], "row 2, legal_basis: empty"),
    ([{**GOOD, "on": "1.7.2025"}], "row 2, on: not a day"),
    ([{**GOOD, "on": "1999-07-01"}], "row 2, on: not after 2008-08-01"),
    ([{**GOOD, "part": "half"}], "row 2, part: neither"),
    ([{**GOOD, "weight": "0.5"}], "row 2, weight: a whole commune"),
    ([{**PART, "weight": "1"}], "row 2, weight: a part has one"),
    ([{**PART, "weight": "0"}], "row 2, weight: a part has one"),
    ([{**PART, "weight": "nan"}], "row 2, weight: a part has one"),
    ([{**PART, "weight": ""}], "row 2, weight: a part has one"),
    ([PART], "row 2, weight: the weights of its parts do not sum to 1"),
    ([PART, {**PART, **OTHER, "weight": "0.600000000001"}], "row 2, weight: the weights"),
    ([GOOD, GOOD], "row 3, new_code: the same two communes"),
    ([GOOD, {**GOOD, **OTHER}], "row 3, part: all of it went elsewhere by row 2"),
    ([PART, {**GOOD, **OTHER}], "row 3, part: all of it went elsewhere by row 2"),
    (
        [PART, {**PART, **OTHER, "weight": "0.6", "on": "2026-07-01"}],
        "row 3, on: it has ended on another day by row 2",
    ),
    (
        [GOOD, {**GOOD, "old_code": "H55.102", "old_name": "Xã Hai", "new_name": "Tên khác"}],
        "row 3, new_name: another name than in row 2",
    ),
    (
        [GOOD, {**GOOD, "old_code": "H55.301", "old_name": "Xã Mới", **OTHER}],
        "row 2, new_code: never a new commune: it ended by row 3",
    ),
    (
        [
            GOOD,
            {
                **GOOD,
                "old_code": "H55.301", "old_name": "Xã Mới",
                "new_code": "H55.101", "new_name": "Xã Một", "on": "2026-07-01",
            },
        ],
        "row 3, new_code: never a new commune: it ended by row 2",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "problem"), ROWS)
def test_an_impossible_row_is_refused_by_file_row_and_field(
    tmp_path: Path, rows: list[dict[str, str]], problem: str
) -> None:
    with pytest.raises(DeclarationError) as refusal:
        load(written(tmp_path, *rows))
    assert str(refusal.value).startswith("communes.csv: ")
    assert problem in str(refusal.value)


def test_all_that_is_wrong_is_told_up_to_a_point(tmp_path: Path) -> None:
    bad = [{**GOOD, "old_code": f"X{number}"} for number in range(TOLD + 5)]
    with pytest.raises(DeclarationError, match=r"row 2, old_code.*; and \d+ more$"):
        load(written(tmp_path, *bad))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "row 1: the columns are"),
        (b"old_code,new_code\n", "row 1: the columns are"),
        (",".join(COLUMNS).encode() + b"\nH55.101,Xa\n", "row 2: not 8 short cells"),
        (",".join(COLUMNS).encode() + b'\n"H55.101\n', "not CSV in UTF-8"),
        (",".join(COLUMNS).encode() + b"\n\xff\xfe\n", "not CSV in UTF-8"),
        (",".join(COLUMNS).encode() + b"\n\n", "row 2: not 8 short cells"),
    ],
)
def test_what_is_not_such_a_file_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "communes.csv"
    file.write_bytes(content)
    with pytest.raises(DeclarationError, match=problem):
        load(file)
    with pytest.raises(DeclarationError, match="cannot be read"):
        load(tmp_path / "nothing.csv")


def test_a_long_line_of_changes_is_followed_to_its_end(tmp_path: Path) -> None:
    rows = [
        {
            **GOOD,
            "old_code": f"H55.{n // 900:02}.{n % 900:03}", "old_name": f"Xã {n}",
            "new_code": f"H55.{(n + 1) // 900:02}.{(n + 1) % 900:03}", "new_name": f"Xã {n + 1}",
            "on": f"{2009 + n // 300}-{n % 300 // 25 + 1:02}-{n % 25 + 1:02}",
        }
        for n in range(4_000)
    ]  # fmt: skip
    found = restate({"H55.00.000": (1, 2)}, load(written(tmp_path, *rows)))
    assert found == {"H55.04.400": Restated(1, 2, False)}


PARTS = st.lists(st.integers(1, 50), min_size=1, max_size=5)


@st.composite
def divisions(draw: Any) -> list[dict[str, str]]:
    """Some communes, each divided among some of five new ones."""
    rows = []
    for number in range(draw(st.integers(1, 6))):
        ends = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4, unique=True))
        cuts = draw(
            st.lists(
                st.integers(1, 99), min_size=len(ends) - 1, max_size=len(ends) - 1, unique=True
            )
        )
        edges = [0, *sorted(cuts), 100]
        for end, (low, high) in zip(ends, pairwise(edges), strict=True):
            weight = Decimal(high - low) / 100
            rows.append(
                {
                    **GOOD,
                    "old_code": f"H55.10{number}",
                    "old_name": f"Xã {number}",
                    "new_code": f"H55.30{end}",
                    "new_name": f"Xã mới {end}",
                    "weight": "1" if weight == 1 else str(weight),
                    "part": "whole" if weight == 1 else "part",
                }
            )
    return rows


COUNTS = st.dictionaries(
    st.sampled_from([f"H55.10{n}" for n in range(6)] + ["H26.001"]),
    st.tuples(st.integers(0, 300), st.integers(0, 300)).map(lambda pair: tuple(sorted(pair))),
)


@given(divisions(), COUNTS, st.randoms())
def test_totals_are_kept_and_order_is_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: Any, counts: Any, chance: Any
) -> None:
    folder = tmp_path_factory.getbasetemp()
    found = restate(counts, load(written(folder, *rows)))
    for name, position in (("numerator", 0), ("denominator", 1)):
        whole = sum(amount[position] for amount in counts.values())
        assert sum(getattr(one, name) for one in found.values()) == whole
    assert all(0 <= one.numerator <= one.denominator for one in found.values())
    mixed = dict(chance.sample(list(counts.items()), len(counts)))
    again = load(written(folder, *chance.sample(rows, len(rows))))
    assert list(restate(mixed, again).items()) == list(found.items())


@given(st.integers(0, 10**15), PARTS)
def test_allocation_is_exact_and_off_by_less_than_one(total: int, parts: list[int]) -> None:
    whole = sum(parts)
    shares = {str(n): Fraction(part, whole) for n, part in enumerate(parts)}
    found = allocate(total, shares)
    assert sum(found.values()) == total
    assert all(abs(found[name] - share * total) < 1 for name, share in shares.items())


def test_equal_remainders_go_by_the_order_of_names() -> None:
    half = Decimal("0.5")
    assert allocate(3, {"b": half, "a": half}) == {"b": 1, "a": 2}
    assert allocate_pair(9, 3, {"a": half, "b": half}) == {"a": (5, 2), "b": (4, 1)}


@pytest.mark.parametrize(("total", "weight"), [(-1, "1"), (1, "0.9")])
def test_what_cannot_be_shared_out_is_refused(total: int, weight: str) -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        allocate(total, {"a": Decimal(weight)})


def motcua(*words: str | Path) -> Any:
    return CliRunner().invoke(app, ["crosswalk", *map(str, words)])


def test_the_command_tells_what_a_file_does_and_restates_counts(tmp_path: Path) -> None:
    told = json.loads(motcua(EXAMPLE, "--json").output)
    assert told[0] == {
        "on": "2025-07-01", "code": "H55.301", "name": "Phường Hoà Thử Mới", "whole": 2, "parts": 1,
    }  # fmt: skip
    counts = tmp_path / "counts.csv"
    counts.write_text("code,numerator,denominator\nH03.103,1,4\nH03.103,2,6\n", encoding="utf-8")
    found = json.loads(motcua(EXAMPLE, "--counts", counts, "--json").output)
    assert found == [
        {"code": "H55.301", "numerator": 1, "denominator": 3, "is_allocated": True},
        {"code": "H55.401", "numerator": 2, "denominator": 7, "is_allocated": True},
    ]


@pytest.mark.parametrize(
    "content",
    [
        "code,n\n",
        "code,numerator,denominator\nH55.101,-1,2\n",
        "code,numerator,denominator\nH55.101,1\n",
    ],
)
def test_the_command_refuses_counts_that_are_none(tmp_path: Path, content: str) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text(content, encoding="utf-8")
    done = motcua(EXAMPLE, "--counts", counts)
    assert done.exit_code == 2
    assert "counts.csv: row" in done.output


def test_the_command_refuses_a_wrong_file_by_row(tmp_path: Path) -> None:
    done = motcua(written(tmp_path, {**GOOD, "part": "half"}))
    assert done.exit_code == 2
    assert "row 2, part" in done.output
