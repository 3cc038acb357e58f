"""A dossier's version, or a rating, as a row of DongBoHoSoMC or DongBoDanhGia.

All scalars are strings, dates ``yyyyMMddHHmmss`` in Vietnamese time, an absent value ``""``.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from catalog import codelists
from simulator.dossier import DONE, Dossier, Rating, Supplement, Version

Row = dict[str, Any]


@cache
def words(codelist: str, column: str = "wire") -> dict[str | None, str]:
    """Our code -> the word on the wire; what is not stated is empty."""
    spoken = codelists.words(codelist, column)
    return {None: "", **{code: word for word, code in spoken.items()}}


def stamp(moment: dt.datetime | None) -> str:
    """``20261122083000``, or empty."""
    if moment is None:
        return ""
    return (
        f"{moment.year:04d}{moment.month:02d}{moment.day:02d}"
        f"{moment.hour:02d}{moment.minute:02d}{moment.second:02d}"
    )


def _flag(value: bool | None) -> str:
    return "" if value is None else str(int(value))


def _file(dossier: Dossier, name: str) -> str:
    return f"https://tep.vi-du.invalid/{dossier.code}/{name}.pdf"


def _submitted(dossier: Dossier) -> list[Row]:
    digitised = "1" if dossier.has_digitised_component else "0"
    path = _file(dossier, "don-de-nghi")
    return [{"TenTepDinhKem": "Đơn đề nghị", "DuongDanTaiTepTin": path, "DuocSoHoa": digitised}]


def _results(dossier: Dossier, version: Version) -> list[Row]:
    if version.status not in DONE:
        return []
    if dossier.defect == "submitted_file_as_result":
        path = _file(dossier, "don-de-nghi")
    elif dossier.has_electronic_result:
        path = _file(dossier, "ket-qua")
    else:
        path = ""
    return [{"TenGiayTo": "Kết quả giải quyết", "DuongDanTepTinKetQua": path}]


def _supplement(supplement: Supplement) -> Row:
    return {
        "NoiDungBoSung": "Bổ sung giấy tờ theo hướng dẫn",
        "NgayBoSung": stamp(supplement.requested_at),
        "NgayTiepNhanBoSung": stamp(supplement.received_at),
    }


def _identity(dossier: Dossier) -> Row:
    """What names the applicant: personal data, invented here, dropped by the pipeline."""
    number = dossier.applicant_number
    return {
        "ChuHoSo": dossier.applicant_name,
        "SoGiayToChuHoSo": number,
        "LoaiDoiTuong": words("applicant_type")[dossier.applicant_type],
        "SoDienThoai": f"0000{number[-6:]}",
        "Email": f"nguoi.nop.{number[-6:]}@vi-du.invalid",
        "TrichYeuHoSo": f"{dossier.procedure.name_vi} cho {dossier.applicant_name}",
    }


def _facts(dossier: Dossier) -> Row:
    """What stays the same through the dossier's life."""
    procedure = dossier.procedure
    return {
        "MaHoSo": dossier.code,
        "MaTTHC": dossier.procedure_sent,
        "TenTTHC": procedure.name_vi,
        "MaLinhVuc": procedure.field_code,
        "MucDo": words("service_level")[procedure.level],
        "KenhThucHien": words("channel")[dossier.channel],
        "NoiNopHoSo": "1" if dossier.filed_on_portal else "2",
        **_identity(dossier),
        "NgayNopHoSo": stamp(dossier.submitted_at),
        "HinhThuc": words("result_delivery")[dossier.result_delivery],
        "DuocThanhToanTrucTuyen": words("payment")[dossier.payment],
        "HoSoCoThanhPhanSoHoa": _flag(dossier.has_digitised_component),
        "TaiKhoanDuocXacThucVoiVNeID": _flag(dossier.is_vneid_verified),
        "DonViXuLy": dossier.unit_name,
        "MaDonViGiaiQuyet": dossier.deciding_unit,
        "LoaiDuLieuKetNoi": words("bundle")[dossier.bundle],
        "MaHoSoCha": dossier.parent_code,
        "TaiLieuNop": _submitted(dossier),
        "DanhSachLePhi": [{"TenPhiLePhi": "Phí, lệ phí", "Gia": str(f)} for f in procedure.fees],
    }


def dossier_row(dossier: Dossier, version: Version) -> Row:
    """The row of DongBoHoSoMC. A source that does not state results leaves their list out."""
    row = {
        **_facts(dossier),
        "TrangThaiHoSo": words("status")[version.status],
        "NgayTiepNhan": stamp(version.received_at),
        "NgayHenTra": stamp(version.due_at),
        "NgayKetThucXuLy": stamp(version.finished_at),
        "NgayTra": stamp(version.returned_at),
        "NgayTuChoi": stamp(version.rejected_at),
        "DanhSachHoSoBoSung": [_supplement(supplement) for supplement in version.supplements],
        "NgayCapNhat": stamp(version.at),
    }
    if dossier.has_electronic_result is not None:
        row["DanhSachGiayToKetQua"] = _results(dossier, version)
    return row


def rating_row(dossier: Dossier, rating: Rating) -> Row:
    """The row of DongBoDanhGia."""
    return {
        "MaHoSo": dossier.code,
        "MucDoHaiLong": words("rating")[rating.level],
        "NgayDanhGia": stamp(rating.rated_at),
        "NgayCapNhat": stamp(rating.at),
    }
