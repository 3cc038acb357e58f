"""What the command tells: all of it to people, the same to programs, nothing personal to anyone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

import motcua
from catalog.errors import DeclarationError
from catalog.night import Night
from catalog.records import records
from pipeline.explain import explain
from pipeline.stores import state
from tests.explain.conftest import FIGURES, NIGHTS
from tests.night.expected import query
from transforms.indicators import indicators

pytestmark = pytest.mark.slow
NIGHT = Night(NIGHTS[-1])
WIDTH, CUT_OFF = 110, "…"
PERSONAL = ("dossier", "dossier_event", "rating", "petition", "portal_dossier", "postal_item")


@cache
def printed(*words: str) -> str:
    done = CliRunner().invoke(motcua.app, ["explain", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def asked(code: str, area: str, period: str) -> list[str]:
    return [code, "--area", area, "--period", period]


def personal_keys() -> set[str]:
    """Everything that names a record or a person, wherever the warehouse keeps it."""
    found: set[str] = set()
    with duckdb.connect() as connection:
        for kind in PERSONAL:
            record = records()[kind]
            columns = [*record.key, "key_hash", "content_hash"]
            columns += [c for c in ("applicant_key", "parent_code") if c in record.columns]
            table = connection.sql(
                f"SELECT {', '.join(columns)} FROM {state(record, NIGHT)} AS state"
            ).to_arrow_table()
            found |= {str(value) for column in table.columns for value in column.to_pylist()}
    turned_away = query(
        "SELECT record_key FROM ops.reject UNION SELECT record_key FROM ops.finding"
    )
    found |= {key for (key,) in turned_away if key and len(key) > 8}
    return found - {"None", ""}


def test_nothing_that_names_a_record_or_a_person_is_told(told: Any) -> None:
    keys = personal_keys()
    assert len(keys) > 1_000
    for figure in FIGURES:
        words = asked(*figure)
        for text in (printed(*words), printed(*words, "--json")):
            assert not [key for key in keys if key in text]


@pytest.mark.parametrize("figure", FIGURES, ids="-".join)
def test_people_read_all_of_it_without_anything_cut_off(
    told: Any, figure: tuple[str, str, str]
) -> None:
    text, declared = printed(*asked(*figure)), indicators()[figure[0]]
    assert CUT_OFF not in text
    assert max(map(len, text.splitlines())) <= WIDTH
    together = " ".join(text.split())
    for said in (declared.formula, declared.still_open, declared.missing):
        assert " ".join(said.vi.split()) in together
        assert " ".join(said.en.split()) in together
    for number in range(1, 6):
        assert f"\n{number}. " in text


def test_the_command_prints_what_the_function_finds(told: Any) -> None:
    figure = ("on_time_rate", "H57", "2026-11")
    found = json.loads(printed(*asked(*figure), "--json"))
    assert found == json.loads(json.dumps(explain(*figure), default=str))


def test_every_name_of_the_json_is_in_the_document(told: Any) -> None:
    document = (Path(__file__).parents[2] / "docs" / "explain.md").read_text(encoding="utf-8")

    def names(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield name
                yield from names(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from names(inner)

    facts = explain("form06_11_pending_total", "VN", "all")
    coded = set(facts["rows"]["by"])
    assert {name for name in names(facts) if f"`{name}`" not in document} <= coded


@pytest.mark.parametrize(
    "words",
    [
        ["happiness", "--area", "VN", "--period", "all"],
        ["on_time_rate", "--area", "H00", "--period", "all"],
        ["on_time_rate", "--area", "VN", "--period", "soon"],
        ["on_time_rate", "--area", "VN"],
        ["on_time_rate", "--area", "VN", "--period", "1999"],
        ["on_time_rate", "--area", "VN", "--period", "all", "--as-of", "1999-01-01"],
    ],
)
def test_wrong_usage_exits_with_2(told: Any, words: list[str]) -> None:
    assert CliRunner().invoke(motcua.app, ["explain", *words]).exit_code == 2


def test_a_figure_that_is_not_there_is_answered_with_those_that_are(told: Any) -> None:
    with pytest.raises(
        DeclarationError, match=r"no on_time_rate of H57 for 1999; there is .*2026-11"
    ):
        explain("on_time_rate", "H57", "1999")
    with pytest.raises(DeclarationError, match="nothing is published"):
        explain("on_time_rate", "H57", "all", as_of=dt.date(1999, 1, 1))
