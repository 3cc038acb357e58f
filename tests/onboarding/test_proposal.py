"""What a sample's columns are taken for, and what is never guessed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from hypothesis import given
from hypothesis import strategies as st

from catalog.declarations import UNDECIDED, load_content, undecided
from catalog.errors import DeclarationError, DeliveryBroken, SourceUnavailable
from catalog.records import records
from catalog.sources import Source, sources
from pipeline.onboarding.columns import Column
from pipeline.onboarding.naming import likeness, parts, points_at_people
from pipeline.onboarding.proposal import Proposal, propose
from pipeline.onboarding.sample import read_sample
from pipeline.onboarding.writing import source_file
from transforms.dialects import Dialect, dialect_of

DOSSIER = records()["dossier"]


def declare(**changes: Any) -> Source:
    usual = {
        "source_id": "moi",
        "name_vi": "Mới",
        "area": "X-MOI",
        "platform": "manual_drop",
        "starts_on": dt.date(2026, 1, 1),
        "legal_basis": "không có",
    }
    return Source.model_validate(usual | changes)


def proposal(cells: dict[str, list[Any]], zone: str = "", kind: str = "dossier") -> Proposal:
    return propose(records()[kind], max(map(len, cells.values())), cells, zone)


def mapping(plan: Proposal, field: str) -> dict[str, Any]:
    found = [plan.version_at, *plan.guesses]
    return next((guess.mapping for guess in found if guess.field == field), {})


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (["20261122083000", "20260102000000"], ["yyyyMMddHHmmss"]),
        (["20261122", "20260102"], ["yyyyMMdd"]),
        (["22/11/2026 08:30:00", ""], ["dd/MM/yyyy HH:mm:ss"]),
        (["22/11/2026", "01/02/2026"], ["dd/MM/yyyy"]),
        (["22/11/2026", "22/11/2026 08:30"], ["dd/MM/yyyy HH:mm", "dd/MM/yyyy"]),
        (["2026-11-22T08:30:00+07:00"], ["iso"]),
        (["46348.5", "46348"], ["excel_serial"]),
        (["11/22/2026"], []),
        (["22/11/2026", "soon"], []),
        (["12", "99999"], []),
        (["", ""], []),
    ],
)
def test_a_format_is_found_only_where_it_reads_every_cell(
    cells: list[str], formats: list[str]
) -> None:
    assert Column("x", cells).formats == formats


def test_a_day_that_could_be_a_month_is_pointed_out() -> None:
    assert Column("x", ["01/02/2026", "11/12/2026"]).could_be_month_first
    assert not Column("x", ["01/02/2026", "22/11/2026"]).could_be_month_first


@pytest.mark.parametrize(
    "cells",
    [
        ["nguyen@example.vn", "x"],
        ["0912345678", "0987654321"],
        ["001099012345"],
        ["x" * 80],
    ],
)
def test_cells_about_people_are_recognised_by_their_shape(cells: list[str]) -> None:
    assert Column("x", cells).could_be_about_someone


def test_words_are_codes_only_where_they_come_again() -> None:
    assert Column("x", ["a", "b"] * 10).is_code
    assert not Column("x", [f"word {n}" for n in range(20)]).is_code
    assert not Column("x", ["0912345678", "a"] * 10).is_code


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("NgayTiepNhan", "received_at"),
        ("ngày_tiếp_nhận", "received_at"),
        ("Ngày hẹn trả", "due_at"),
        ("requested_datetime", "received_at"),
        ("case:deadline", "due_at"),
        ("Hình thức nộp", "channel"),
    ],
)
def test_a_name_is_known_in_either_language_and_any_case(column: str, field: str) -> None:
    assert likeness(column, "dossier", field) == 1


def test_names_are_taken_apart() -> None:
    assert parts("NgayTiepNhan") == parts("ngày_tiếp nhận") == ("ngay", "tiep", "nhan")
    assert parts("MaTTHC") == ("ma", "tthc")


@pytest.mark.parametrize(
    "name", ["Họ và tên", "SoDienThoai", "applicant_name", "e-mail", "address"]
)
def test_names_that_point_at_people(name: str) -> None:
    assert points_at_people(name)


def test_bare_numbers_are_never_translated() -> None:
    plan = proposal({"kenh": ["1", "2"] * 9, "ngay_tiep_nhan": ["20261122083000"] * 18})
    assert mapping(plan, "channel")["words"] == {"1": UNDECIDED, "2": UNDECIDED}


def test_a_word_that_is_plainly_ours_is_proposed_and_the_others_are_not() -> None:
    plan = proposal({"trạng thái": ["Đã trả kết quả", "xong rồi"] * 9})
    words = mapping(plan, "status")["words"]
    assert words == {"Đã trả kết quả": "returned", "xong rồi": UNDECIDED}


def test_a_required_field_that_is_not_there_is_asked_for() -> None:
    plan = proposal({"ngay_tiep_nhan": ["20261122083000"] * 9})
    asked = {field: mapping(plan, field)["from"] for field in ("dossier_code", "status")}
    assert asked == {"dossier_code": UNDECIDED, "status": UNDECIDED}
    assert mapping(plan, "version_at") == {"from": UNDECIDED}


def test_the_agency_can_come_from_the_dossier_code() -> None:
    plan = proposal({"Mã hồ sơ": ["H26.01-261122-0001", "000.00.02.H26-261122-0002"]})
    assert mapping(plan, "dossier_code") == {"from": "Mã hồ sơ", "as": "dossier_code"}
    assert mapping(plan, "agency_code") == {"from": "Mã hồ sơ", "as": "dossier_unit"}


def test_a_clock_is_asked_for_only_where_times_do_not_carry_their_offset() -> None:
    local, offset = ["2026-11-22T08:30:00"], ["2026-11-22T08:30:00+01:00"]
    assert proposal({"received_at": local}).zone == UNDECIDED
    assert proposal({"received_at": offset}).zone == ""
    assert proposal({"received_at": local}, "Asia/Ho_Chi_Minh").zone == "Asia/Ho_Chi_Minh"


def test_every_column_ends_somewhere() -> None:
    cells = {"Họ tên": ["A", "B"], "x": ["1", "2"], "received_at": ["20261122083000"] * 2}
    plan = proposal({**cells, "list": [[1], [2]]})
    assert (plan.personal, plan.ignored) == (["Họ tên"], ["x", "list"])


NAMES = st.text(alphabet="ab:\"'#{}[]\n,& -?ữTODO", min_size=1, max_size=8)


@given(columns=st.dictionaries(NAMES, st.lists(NAMES, min_size=3, max_size=9), max_size=5))
def test_a_draft_is_always_yaml_that_names_the_columns_as_they_are(
    columns: dict[str, list[str]],
) -> None:
    cells = {**columns, "status": ["x", "no"] * 9}
    plan = proposal(cells)
    content = yaml.safe_load(source_file(declare(), plan, {}))
    spoken = content["mapping"]["records"]["dossier"]
    assert spoken.get("ignored", []) == plan.ignored
    assert spoken.get("personal", []) == plan.personal
    assert spoken["fields"]["status"]["words"] == {"no": UNDECIDED, "x": UNDECIDED}
    assert list(undecided(content))


def test_a_draft_does_not_load_before_all_is_decided() -> None:
    text = source_file(declare(), proposal({"status": ["x"] * 9}), {"name_vi": "Mới"})
    with pytest.raises(DeclarationError, match=r"moi\.yml: still TODO: .*words\.x"):
        load_content("moi.yml", Source, {**yaml.safe_load(text), "source_id": "moi"})


def test_a_source_speaks_the_dialect_in_its_own_file() -> None:
    spoken = {
        "version_at": {"from": "t", "format": "iso"},
        "fields": {
            "dossier_code": {"from": "c"},
            "agency_code": {"from": "a"},
            "status": {"from": "s", "words": {"x": "finished"}},
        },
    }
    dialect = dialect_of(declare(mapping={"records": {"dossier": spoken}}))
    assert isinstance(dialect, Dialect)
    assert dialect.name == "moi"
    assert dialect_of(sources()["ha_noi"]).name == "lgsp_json"
    broken = {
        **spoken,
        "fields": {**spoken["fields"], "status": {"from": "s", "words": {"x": "?"}}},
    }
    with pytest.raises(DeclarationError, match=r"moi\.yml: dossier: status: not in list status"):
        dialect_of(declare(mapping={"records": {"dossier": broken}}))
    with pytest.raises(DeclarationError, match=r"moi\.yml: no dialect manual_drop"):
        dialect_of(declare())
    with pytest.raises(ValueError, match="write only one"):
        declare(dialect="lgsp_json", mapping={"records": {"dossier": spoken}})


def test_json_answers_are_samples_too(tmp_path: Path) -> None:
    rows = [{"MaHoSo": "1", "TaiLieuNop": []}, {"MaHoSo": "2", "GhiChu": ""}]
    for content in (rows, {"total": 2, "data": rows}):
        (tmp_path / "a.json").write_text(json.dumps(content), encoding="utf-8")
        found = read_sample(declare(), "dossier", tmp_path / "a.json")
        assert found.columns["MaHoSo"] == ["1", "2"]
        assert list(found.columns) == ["MaHoSo", "TaiLieuNop", "GhiChu"]


def test_a_sample_without_rows_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="there is no file"):
        read_sample(declare(), "dossier", tmp_path / "a.csv")
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    with pytest.raises(DeliveryBroken, match=r"a\.json is not JSON"):
        read_sample(declare(), "dossier", tmp_path / "a.json")
    (tmp_path / "a.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(DeliveryBroken, match="no row"):
        read_sample(declare(), "dossier", tmp_path / "a.csv")


def test_a_sample_is_read_in_its_declared_encoding(tmp_path: Path) -> None:
    text = "Mã hồ sơ;Trạng thái\n1;Đã trả kết quả\n"
    (tmp_path / "a[1].csv").write_bytes("\ufeff".encode() + text.encode())
    found = read_sample(declare(delimiter=";"), "dossier", tmp_path / "a[1].csv")
    assert found.columns == {"Mã hồ sơ": ["1"], "Trạng thái": ["Đã trả kết quả"]}
    (tmp_path / "b.csv").write_bytes(text.encode("utf-16"))
    with pytest.raises(DeliveryBroken, match=r"b\.csv"):
        read_sample(declare(), "dossier", tmp_path / "b.csv")


def test_workbooks_are_samples_too_with_their_days_as_excel_counts_them(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả"])
        for row in range(1, 5):
            sheet.write_row(row, 0, [f"H26.01-261122-000{row}", 46348 + row / 4, "25/12/2026"])
    found = read_sample(declare(), "dossier", tmp_path / "a.xlsx")
    plan = proposal(dict(found.columns))
    assert mapping(plan, "received_at") == {"from": "Ngày tiếp nhận", "format": "excel_serial"}
    assert mapping(plan, "due_at") == {"from": "Ngày hẹn trả", "format": "dd/MM/yyyy"}
    assert plan.zone == UNDECIDED


def test_a_formula_in_a_sample_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_formula("A2", "=1+1")
    with pytest.raises(DeliveryBroken, match=r"a\.xlsx has a formula in sheet 1, row 2, column 1"):
        read_sample(declare(), "dossier", tmp_path / "a.xlsx")
