"""Canonical rows as the rows of a source's own view: flat columns, ISO times, plain booleans.

A value that is no time or no number, as a defect may have left it, stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from simulator.wire import Row

Column = Callable[[Row], str | None]


def _plain(name: str) -> Column:
    return lambda row: row[name]


def _iso(stamp: str) -> str | None:
    if len(stamp) != 14 or not stamp.isdigit():
        return stamp or None
    day, time = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}", f"{stamp[8:10]}:{stamp[10:12]}"
    return f"{day}T{time}:{stamp[12:]}"


def _time(name: str) -> Column:
    return lambda row: _iso(row[name])


def _truth(name: str) -> Column:
    return lambda row: {"1": "true", "0": "false", "": None}[row[name]]


def _fees(row: Row) -> str | None:
    fees = [int(fee["Gia"]) for fee in row["DanhSachLePhi"]]
    return str(sum(fees)) if fees else None


def _has_result(row: Row) -> str | None:
    if "DanhSachGiayToKetQua" not in row:
        return None
    files = {file["DuongDanTepTinKetQua"] for file in row["DanhSachGiayToKetQua"]}
    return str(bool(files - {"", *(f["DuongDanTaiTepTin"] for f in row["TaiLieuNop"])})).lower()


def _supplements(row: Row, name: str) -> list[str]:
    return [supplement[name] for supplement in row["DanhSachHoSoBoSung"]]


def _first_asked(row: Row) -> str | None:
    return _iso(min(_supplements(row, "NgayBoSung"), default=""))


def _last_received(row: Row) -> str | None:
    """None while one is awaited."""
    times = _supplements(row, "NgayTiepNhanBoSung")
    return _iso(max(times)) if times and all(times) else None


DOSSIER: dict[str, Column] = {
    "ma_ho_so": _plain("MaHoSo"),
    "ma_ho_so_cha": _plain("MaHoSoCha"),
    "nhom_lien_thong": _plain("LoaiDuLieuKetNoi"),
    "ma_don_vi_giai_quyet": _plain("MaDonViGiaiQuyet"),
    "don_vi_xu_ly": _plain("DonViXuLy"),
    "ma_thu_tuc": _plain("MaTTHC"),
    "ten_thu_tuc": _plain("TenTTHC"),
    "ma_linh_vuc": _plain("MaLinhVuc"),
    "muc_do": _plain("MucDo"),
    "kenh": _plain("KenhThucHien"),
    "noi_nop": _plain("NoiNopHoSo"),
    "loai_doi_tuong": _plain("LoaiDoiTuong"),
    "ho_ten": _plain("ChuHoSo"),
    "so_giay_to": _plain("SoGiayToChuHoSo"),
    "dien_thoai": _plain("SoDienThoai"),
    "thu_dien_tu": _plain("Email"),
    "trich_yeu": _plain("TrichYeuHoSo"),
    "trang_thai": _plain("TrangThaiHoSo"),
    "thoi_diem_nop": _time("NgayNopHoSo"),
    "thoi_diem_tiep_nhan": _time("NgayTiepNhan"),
    "han_tra": _time("NgayHenTra"),
    "thoi_diem_xong": _time("NgayKetThucXuLy"),
    "thoi_diem_tra": _time("NgayTra"),
    "thoi_diem_tu_choi": _time("NgayTuChoi"),
    "hinh_thuc_tra": _plain("HinhThuc"),
    "thanh_toan": _plain("DuocThanhToanTrucTuyen"),
    "tong_le_phi": _fees,
    "co_thanh_phan_so_hoa": _truth("HoSoCoThanhPhanSoHoa"),
    "xac_thuc_vneid": _truth("TaiKhoanDuocXacThucVoiVNeID"),
    "co_ket_qua_dien_tu": _has_result,
    "so_lan_bo_sung": lambda row: str(len(row["DanhSachHoSoBoSung"])),
    "yeu_cau_bo_sung_dau": _first_asked,
    "nhan_bo_sung_cuoi": _last_received,
}
EVENT: dict[str, Column] = {
    "ma_ho_so": _plain("MaHoSo"),
    "thoi_diem": _time("ThoiDiemXuLy"),
    "noi_dung": _plain("NoiDungXuLy"),
    "trang_thai": _plain("TrangThai"),
    "bat_dau": _time("NgayBatDau"),
    "han_xu_ly": _time("NgayKetThucTheoQuyDinh"),
    "can_bo": _plain("NguoiXuLy"),
    "chuc_danh": _plain("ChucDanh"),
    "phong_ban": _plain("PhongBanXuLy"),
}
KEY: dict[str, Column] = {"ma_ho_so": _plain("MaHoSo"), "received_at": _time("NgayTiepNhan")}
COLUMNS = {"dossier": DOSSIER, "dossier_event": EVENT, "dossier_key": KEY}
"""The columns of each view, beside `record_key` and `updated_at`."""


def view_row(record: str, key: str, at: dt.datetime, row: Row) -> dict[str, Any]:
    """The row of the view for one change of `key` at the local time `at`."""
    columns = {name: read(row) for name, read in COLUMNS[record].items()}
    return {"record_key": key, "updated_at": at.isoformat(), **columns}
