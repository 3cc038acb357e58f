"""A flag may stand for all codes of a list, such as the procedures that are certifications."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from catalog import codelists
from catalog.declarations import load_file
from catalog.errors import DeclarationError
from transforms.indicators.expressions import Flags, flags


def loaded(folder: Path, flag: dict[str, str]) -> Flags:
    file = folder / "dossier.yml"
    file.write_text(yaml.safe_dump({"flags": {"is_one": flag}}), encoding="utf-8")
    return load_file(file, Flags, kind="dossier")


def test_the_flag_of_certifications_names_every_code_of_their_list() -> None:
    flag = flags()["dossier"].flags["is_certification"]
    assert codelists.codes("certification") >= {"2.000815"}
    assert all(f"'{code}'" in flag.sql for code in codelists.codes("certification"))
    assert "CODES" not in flag.sql


def test_each_certification_is_known_with_its_law() -> None:
    rows = codelists.rows("certification")
    assert all(row["name_vi"] and row["name_en"] and row["legal_basis"] for row in rows)


def test_codes_that_no_list_has_are_refused(tmp_path: Path) -> None:
    sql = "procedure_code IN ('9.999999')"
    for more in ({}, {"codes_of": "certification"}):
        with pytest.raises(DeclarationError, match=r"unknown codes 9.999999"):
            loaded(tmp_path, {"about": "wrong", "sql": sql, **more})


def test_a_list_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    flag = {"about": "wrong", "sql": "procedure_code IN CODES", "codes_of": "no_such"}
    with pytest.raises(DeclarationError, match="no such code list"):
        loaded(tmp_path, flag)
