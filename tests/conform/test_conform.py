"""Rows in the source's words become records, duplicates or rejects; nothing else happens."""

from __future__ import annotations

import csv
import datetime as dt
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import DeclarationError, SchemaDrift
from catalog.night import Night
from catalog.records import records
from catalog.sources import Source, sources
from transforms.conform import Conformed, conform
from transforms.dialects import dialects

NIGHT = Night.parse("2026-11-21")
SAMPLES = Path(__file__).parents[2] / "catalog" / "samples"
SHA = "ab" * 32
ROW: dict[str, Any] = {
    "MaHoSo": "000.00.01.H26-261101-0001",
    "MaTTHC": "1.003560.000.00.00.H26",
    "TenTTHC": "Một thủ tục",
    "MaLinhVuc": "G03-GD10",
    "MucDo": "4",
    "KenhThucHien": "2",
    "NoiNopHoSo": "2",
    "LoaiDoiTuong": "1",
    "ChuHoSo": "Họ Tên",
    "SoGiayToChuHoSo": "099999999999",
    "NgayNopHoSo": "20261101080000",
    "NgayTiepNhan": "20261101233000",
    "NgayHenTra": "",
    "NgayKetThucXuLy": "",
    "NgayTra": "",
    "NgayTuChoi": "",
    "TrangThaiHoSo": "4",
    "HinhThuc": "0",
    "DuocThanhToanTrucTuyen": "1",
    "DanhSachLePhi": [{"Gia": "20000"}, {"Gia": "5000"}],
    "HoSoCoThanhPhanSoHoa": "1",
    "TaiKhoanDuocXacThucVoiVNeID": "0",
    "TaiLieuNop": [{"DuongDanTaiTepTin": "/nop/1"}],
    "DanhSachGiayToKetQua": [{"DuongDanTepTinKetQua": "/nop/1"}],
    "DanhSachHoSoBoSung": [{"NgayBoSung": "20261103080000", "NgayTiepNhanBoSung": ""}],
    "NgayCapNhat": "20261105080000",
}


def source() -> Source:
    return Source(
        source_id="ha_noi",
        name_vi="Hà Nội",
        area="H26",
        platform="lgsp_json",
        starts_on=dt.date(2026, 1, 1),
        legal_basis="-",
    )


def conformed(*rows: Any, key: bytes = b"key") -> Conformed:
    return conform(source(), records()["dossier"], NIGHT, [(SHA, rows)], key)


def one(**changes: Any) -> dict[str, Any]:
    found = conformed({**ROW, **changes})
    assert found.rejected == 0
    record: dict[str, Any] = found.table.to_pylist()[0]
    return record


def test_a_row_becomes_a_record() -> None:
    record = one()
    assert record["agency_code"] == "H26.01"
    assert record["procedure_code"] == "1.003560"
    assert (record["channel"], record["service_level"]) == ("online", "end_to_end")
    assert record["received_at"] == dt.datetime(2026, 11, 1, 16, 30, tzinfo=dt.UTC)
    assert record["received_on"] == dt.date(2026, 11, 1)
    assert record["due_at"] is None
    assert record["fee_amount"] == 25000
    assert record["filed_on_portal"] is False
    assert (record["page_sha256"], record["page_row"]) == (SHA, 1)


def test_the_calendar_day_is_that_of_viet_nam() -> None:
    assert one(NgayTiepNhan="20261101000000")["received_on"] == dt.date(2026, 11, 1)
    assert one(NgayTiepNhan="20261101235959")["received_on"] == dt.date(2026, 11, 1)


def test_a_result_that_is_a_submitted_file_is_no_electronic_result() -> None:
    assert one()["has_electronic_result"] is False
    new = [{"DuongDanTepTinKetQua": "/ket-qua/1"}]
    assert one(DanhSachGiayToKetQua=new)["has_electronic_result"] is True
    assert one(DanhSachGiayToKetQua=[])["has_electronic_result"] is False


def test_supplements_are_counted_and_the_wait_is_open_until_all_arrived() -> None:
    record = one()
    assert record["supplement_count"] == 1
    assert record["supplement_requested_at"] == dt.datetime(2026, 11, 3, 1, tzinfo=dt.UTC)
    assert record["supplement_received_at"] is None


def test_missing_is_not_zero() -> None:
    record = one(DanhSachLePhi=[], KenhThucHien="", HoSoCoThanhPhanSoHoa="")
    assert record["fee_amount"] is None
    assert record["channel"] is None
    assert record["has_digitised_component"] is None
    assert one(DanhSachLePhi=[{"Gia": "0"}])["fee_amount"] == 0


def test_the_applicant_is_a_keyed_hash_or_nothing() -> None:
    record = one()
    assert len(record["applicant_key"]) == 64
    assert record["applicant_key"] != conformed(ROW, key=b"other").table["applicant_key"][0].as_py()
    filler = one(SoGiayToChuHoSo="000000001")
    assert filler["applicant_key"] is None
    assert filler["is_placeholder_applicant"] is True


def test_no_personal_data_passes() -> None:
    personal = dialects()["lgsp_json"].records["dossier"].personal
    secrets = {name: f"secret of {name}" for name in personal}
    found = conformed({**ROW, **secrets, "MaTTHC": ""}, {**ROW, **secrets})
    everything = str(found.table.to_pylist()) + str(found.rejects.to_pylist())
    assert "secret of" not in everything
    assert ROW["SoGiayToChuHoSo"] not in everything
    assert found.unmapped == ()


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"KenhThucHien": "9"}, "KenhThucHien", "unknown_code"),
        ({"TrangThaiHoSo": ""}, "TrangThaiHoSo", "missing_required"),
        ({"MaHoSo": ""}, "MaHoSo", "missing_required"),
        ({"MaHoSo": "12345"}, "MaHoSo", "bad_identifier"),
        ({"MaTTHC": ""}, "MaTTHC", "unmapped_procedure"),
        ({"MaTTHC": "TS_MN.000.00.00.H22"}, "MaTTHC", "unmapped_procedure"),
        ({"NgayHenTra": "31/02/2026"}, "NgayHenTra", "bad_timestamp"),
        ({"NgayHenTra": "20260231080000"}, "NgayHenTra", "bad_timestamp"),
        ({"NgayHenTra": "2026110108000"}, "NgayHenTra", "bad_timestamp"),
        ({"HoSoCoThanhPhanSoHoa": "yes"}, "HoSoCoThanhPhanSoHoa", "bad_boolean"),
        ({"DanhSachLePhi": [{"Gia": "20.000"}]}, "DanhSachLePhi", "bad_number"),
        ({"DanhSachLePhi": [{}]}, "DanhSachLePhi", "bad_number"),
        ({"DanhSachLePhi": "20000"}, "DanhSachLePhi", "bad_structure"),
        ({"KenhThucHien": 2}, "KenhThucHien", "bad_structure"),
    ],
)
def test_a_row_that_cannot_be_understood_is_rejected_with_column_and_reason(
    changes: dict[str, Any], field: str, reason: str
) -> None:
    found = conformed(ROW, {**ROW, **changes})
    assert (found.received, found.rejected, found.table.num_rows) == (2, 1, 1)
    rejects = found.rejects.to_pylist()
    assert [(r["page_row"], r["field"], r["reason"]) for r in rejects] == [(2, field, reason)]


def test_something_that_is_no_row_is_rejected() -> None:
    found = conformed(ROW, ["a", "b"], None)
    assert (found.received, found.rejected) == (3, 2)
    assert {r["reason"] for r in found.rejects.to_pylist()} == {"bad_structure"}


def test_a_row_wrong_in_two_columns_is_one_rejected_row_with_two_reasons() -> None:
    found = conformed(ROW, {**ROW, "KenhThucHien": "9", "MaTTHC": ""})
    assert (found.rejected, found.rejects.num_rows) == (1, 2)


def test_an_unknown_column_is_reported_and_a_missing_one_breaks_the_contract() -> None:
    assert conformed({**ROW, "CotMoi": "x"}).unmapped == ("CotMoi",)
    renamed = {("TrangThai" if k == "TrangThaiHoSo" else k): v for k, v in ROW.items()}
    with pytest.raises(SchemaDrift, match=r"ha_noi.*TrangThaiHoSo"):
        conformed(renamed)


def test_an_empty_delivery_is_no_drift() -> None:
    assert conformed().table.schema == records()["dossier"].arrow_schema


def test_repeats_of_the_same_content_are_duplicates_and_the_newest_stays() -> None:
    later = {**ROW, "NgayCapNhat": "20261106080000"}
    changed = {**ROW, "TrangThaiHoSo": "9"}
    found = conformed(ROW, ROW, later, changed)
    assert (found.duplicate, found.table.num_rows) == (2, 2)
    kept = {r["status"]: r["version_at"] for r in found.table.to_pylist()}
    assert kept["processing"] == dt.datetime(2026, 11, 6, 1, tzinfo=dt.UTC)


def test_decomposed_text_is_brought_to_nfc() -> None:
    row = {
        "MaHoSo": ROW["MaHoSo"],
        "MucDoHaiLong": unicodedata.normalize("NFD", "RẤT HÀI LÒNG"),
        "NgayDanhGia": "20261106080000",
        "NgayCapNhat": "20261106080000",
    }
    found = conform(source(), records()["rating"], NIGHT, [(SHA, [row])], b"key")
    assert found.table["rating"].to_pylist() == ["very_satisfied"]


def test_real_permit_events_become_dossiers_by_declaration_alone() -> None:
    with (SAMPLES / "wabo_receipt.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = conform(sources()["wabo"], records()["dossier"], NIGHT, [(SHA, rows)], b"key")
    assert (found.received, found.table.num_rows, found.duplicate) == (8577, 1434, 7143)
    assert found.table["channel"].to_pylist().count("online") == 1250
    assert found.unmapped == ()


def test_a_source_without_a_dialect_is_a_wrong_declaration() -> None:
    strange = source().model_copy(update={"platform": "telex"})
    with pytest.raises(DeclarationError, match="telex"):
        conform(strange, records()["dossier"], NIGHT, [], b"key")


cells = st.one_of(st.none(), st.text(max_size=8), st.integers(), st.just([{}]), st.booleans())


@given(
    st.lists(st.one_of(st.none(), st.dictionaries(st.sampled_from(sorted(ROW)), cells)), max_size=6)
)
def test_every_row_ends_accepted_rejected_or_duplicate(damage: list[dict[str, Any] | None]) -> None:
    rows = [ROW, *({**ROW, **change} if change is not None else None for change in damage)]
    found = conformed(*rows)
    assert found.received == len(rows)
    assert found.received == found.table.num_rows + found.rejected + found.duplicate
    places = {(r["page_sha256"], r["page_row"]) for r in found.rejects.to_pylist()}
    assert len(places) == found.rejected


def test_a_row_about_an_area_that_another_system_reports_is_refused() -> None:
    """A vertical agency's dossier counts for its ministry, which reports it, and nowhere else."""
    foreign = {**ROW, "MaDonViGiaiQuyet": "G24.12"}
    moved = {**ROW, "MaHoSo": ROW["MaHoSo"].replace("H26", "H22")}
    found = conformed(ROW, foreign, moved)
    assert (found.received, found.rejected, found.table.num_rows) == (3, 2, 1)
    told = [(r["page_row"], r["field"], r["reason"]) for r in found.rejects.to_pylist()]
    assert told == [
        (2, "MaDonViGiaiQuyet", "foreign_area"),
        (3, "MaHoSo", "foreign_area"),
    ]
