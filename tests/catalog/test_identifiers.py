"""Unit, dossier and procedure codes: the shapes of DOMAIN section 2."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.identifiers import dossier_unit, procedure_base, unit_code


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("000.00.00.H49", "H49"),
        ("000.00.01.H29", "H29.01"),
        ("000.00.01.K05", "K05.01"),
        ("H56.14", "H56.14"),
        ("H15.50.05.13", "H15.50.05.13"),
        ("G22", "G22"),
    ],
)
def test_both_generations_of_unit_codes_meet(sent: str, expected: str) -> None:
    assert unit_code(sent) == expected


@pytest.mark.parametrize("sent", ["", "49", "000.00.H49", "H4", "X01.02", "H49.", "h49"])
def test_other_unit_codes_are_refused(sent: str) -> None:
    with pytest.raises(ValueError, match="not a unit code"):
        unit_code(sent)


@given(st.from_regex(r"[GHK]\d{2}(\.[1-9]\d){0,3}", fullmatch=True))
def test_a_normal_unit_code_stays_as_it_is(code: str) -> None:
    assert unit_code(code) == code


@pytest.mark.parametrize(
    ("sent", "expected"),
    [("000.00.01.H29-240115-0001", "H29.01"), ("H15.50.05.13-261008-0975", "H15.50.05.13")],
)
def test_a_dossier_code_names_its_unit(sent: str, expected: str) -> None:
    assert dossier_unit(sent) == expected


@pytest.mark.parametrize("sent", ["H15-2610-0975", "H15-261008-975", "ABC", "H15-261008"])
def test_other_dossier_codes_are_refused(sent: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        dossier_unit(sent)


@pytest.mark.parametrize(
    ("sent", "base"),
    [
        ("1.003560.000.00.00.H56", "1.003560"),
        ("2.002621.H56", "2.002621"),
        ("2.000477", "2.000477"),
        ("3.000181.000.00.00.H22", "3.000181"),
    ],
)
def test_procedure_codes_share_their_base(sent: str, base: str) -> None:
    assert procedure_base(sent) == base


@pytest.mark.parametrize("sent", ["", "TS_lop1.000.00.00.H22", "1.00356", "1.0035601"])
def test_home_made_procedure_codes_have_none(sent: str) -> None:
    with pytest.raises(ValueError, match="no national base"):
        procedure_base(sent)
