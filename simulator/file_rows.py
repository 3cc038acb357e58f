"""Canonical rows as the rows of a source's own files: plain Vietnamese headers and words.

A cell is text, or a time or an amount, which each file format writes in its own way. A value that
cannot be understood, as a defect may have left it, stays the text that it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from simulator.wire import Row, words

Cell = str | int | dt.datetime
Column = Callable[[Row], Cell]


def _plain(name: str) -> Column:
    return lambda row: row[name]


def _moment(stamp: str) -> Cell:
    try:
        return dt.datetime.strptime(stamp, "%Y%m%d%H%M%S")
    except ValueError:
        return stamp


def _time(name: str) -> Column:
    return lambda row: _moment(row[name])


def _named(name: str, codelist: str) -> Column:
    """The name of the code, as the national list has it."""
    names = words(codelist, "name_vi")
    return _spoken(name, {word: names[code] for code, word in words(codelist).items()})


def _truth(name: str, no: str = "0") -> Column:
    return _spoken(name, {"1": "Có", no: "Không"})


def _spoken(name: str, known: dict[str, str]) -> Column:
    return lambda row: known[row[name]] if row[name] in known else row[name]


def _fees(row: Row) -> Cell:
    fees = [int(fee["Gia"]) for fee in row["DanhSachLePhi"]]
    return sum(fees) if fees else ""


def _has_result(row: Row) -> str:
    if "DanhSachGiayToKetQua" not in row:
        return ""
    files = {file["DuongDanTepTinKetQua"] for file in row["DanhSachGiayToKetQua"]}
    submitted = {file["DuongDanTaiTepTin"] for file in row["TaiLieuNop"]}
    return "Có" if files - submitted - {""} else "Không"


def _supplements(row: Row, name: str) -> list[str]:
    return [supplement[name] for supplement in row["DanhSachHoSoBoSung"]]


def _first_asked(row: Row) -> Cell:
    return _moment(min(_supplements(row, "NgayBoSung"), default=""))


def _last_received(row: Row) -> Cell:
    """Empty while one is awaited."""
    times = _supplements(row, "NgayTiepNhanBoSung")
    return _moment(max(times)) if times and all(times) else ""


COLUMNS: dict[str, dict[str, Column]] = {
    "dossier": {
        "Mã hồ sơ": _plain("MaHoSo"),
        "Mã hồ sơ cha": _plain("MaHoSoCha"),
        "Nhóm liên thông": _named("LoaiDuLieuKetNoi", "bundle"),
        "Mã đơn vị giải quyết": _plain("MaDonViGiaiQuyet"),
        "Đơn vị xử lý": _plain("DonViXuLy"),
        "Mã thủ tục": _plain("MaTTHC"),
        "Tên thủ tục": _plain("TenTTHC"),
        "Mã lĩnh vực": _plain("MaLinhVuc"),
        "Mức độ dịch vụ": _named("MucDo", "service_level"),
        "Kênh thực hiện": _named("KenhThucHien", "channel"),
        "Nộp từ Cổng DVCQG": _truth("NoiNopHoSo", no="2"),
        "Loại đối tượng": _named("LoaiDoiTuong", "applicant_type"),
        "Chủ hồ sơ": _plain("ChuHoSo"),
        "Số giấy tờ": _plain("SoGiayToChuHoSo"),
        "Số điện thoại": _plain("SoDienThoai"),
        "Thư điện tử": _plain("Email"),
        "Trích yếu": _plain("TrichYeuHoSo"),
        "Trạng thái": _named("TrangThaiHoSo", "status"),
        "Ngày nộp": _time("NgayNopHoSo"),
        "Ngày tiếp nhận": _time("NgayTiepNhan"),
        "Ngày hẹn trả": _time("NgayHenTra"),
        "Ngày kết thúc xử lý": _time("NgayKetThucXuLy"),
        "Ngày trả kết quả": _time("NgayTra"),
        "Ngày từ chối": _time("NgayTuChoi"),
        "Hình thức trả kết quả": _named("HinhThuc", "result_delivery"),
        "Thanh toán trực tuyến": _named("DuocThanhToanTrucTuyen", "payment"),
        "Tổng phí, lệ phí": _fees,
        "Có thành phần số hóa": _truth("HoSoCoThanhPhanSoHoa"),
        "Xác thực VNeID": _truth("TaiKhoanDuocXacThucVoiVNeID"),
        "Có kết quả điện tử": _has_result,
        "Số lần bổ sung": lambda row: str(len(row["DanhSachHoSoBoSung"])),
        "Ngày yêu cầu bổ sung": _first_asked,
        "Ngày nhận bổ sung": _last_received,
        "Ngày cập nhật": _time("NgayCapNhat"),
    },
    "dossier_event": {
        "Mã hồ sơ": _plain("MaHoSo"),
        "Thời điểm xử lý": _time("ThoiDiemXuLy"),
        "Nội dung xử lý": _plain("NoiDungXuLy"),
        "Trạng thái": _named("TrangThai", "status"),
        "Ngày bắt đầu": _time("NgayBatDau"),
        "Hạn xử lý": _time("NgayKetThucTheoQuyDinh"),
        "Người xử lý": _plain("NguoiXuLy"),
        "Chức danh": _plain("ChucDanh"),
        "Phòng ban": _plain("PhongBanXuLy"),
        "Ngày cập nhật": _time("NgayCapNhat"),
    },
    "postal_item": {
        "Số hiệu bưu gửi": _plain("SoHieuBuuGui"),
        "Mã đơn vị": _plain("MaDonVi"),
        "Chiều gửi": _named("ChieuGui", "postal_direction"),
        "Ngày nhận gửi": _time("NgayNhanGui"),
        "Ngày phát": _time("NgayPhat"),
        "Người gửi": _plain("NguoiGui"),
        "Địa chỉ": _plain("DiaChi"),
        "Ngày cập nhật": _time("NgayCapNhat"),
    },
}
"""The columns of each record kind's files, in their order."""


def cells(record: str, row: Row) -> list[Cell]:
    """One row of a file of `record`."""
    return [column(row) for column in COLUMNS[record].values()]
