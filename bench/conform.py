"""Landed pages to typed records: our conform against json_normalize and vectorised pandas.

``python -m bench.conform [--rows 1000000]``

Both read the same pages of the lgsp_json feed and end with the same typed columns: codes mapped,
times as UTC instants, fees summed, the applicant's number as a keyed HMAC. The counts of both must
agree before anything is timed. Ours also finds bad rows, duplicates and hashes; pandas does not.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import sys
import tempfile
from pathlib import Path

from bench.measurement import cheapest, run_module
from catalog import codelists
from catalog.night import Night
from catalog.records import records
from catalog.sources import Source

PAGE_ROWS = 1000
KEY = b"bench"
CODES = {
    "channel": "KenhThucHien",
    "status": "TrangThaiHoSo",
    "service_level": "MucDo",
    "applicant_type": "LoaiDoiTuong",
    "result_delivery": "HinhThuc",
    "payment": "DuocThanhToanTrucTuyen",
}
TIMES = {
    "submitted_at": "NgayNopHoSo",
    "received_at": "NgayTiepNhan",
    "due_at": "NgayHenTra",
    "finished_at": "NgayKetThucXuLy",
    "returned_at": "NgayTra",
    "rejected_at": "NgayTuChoi",
    "version_at": "NgayCapNhat",
}


def wire_row(i: int) -> dict[str, object]:
    """Row `i` of the feed; every value follows from `i`."""
    day = f"2026{1 + i % 11:02d}{1 + i % 28:02d}"
    finished = i % 3 > 0
    return {
        "MaHoSo": f"H26.{i % 40:02d}-{day[2:]}-{i:07d}",
        "MaTTHC": f"1.{i % 2000:06d}.000.00.00.H26",
        "TenTTHC": "Tên thủ tục",
        "MaLinhVuc": f"G03-GD{i % 50:02d}",
        "MucDo": str(2 + i % 3),
        "KenhThucHien": str(1 + i % 3),
        "NoiNopHoSo": str(1 + i % 2),
        "LoaiDoiTuong": str(1 + i % 4),
        "SoGiayToChuHoSo": f"{i:012d}",
        "NgayNopHoSo": f"{day}{7 + i % 10:02d}{i % 60:02d}{i // 60 % 60:02d}",
        "NgayTiepNhan": f"{day}{8 + i % 9:02d}{i % 60:02d}{i // 60 % 60:02d}",
        "NgayHenTra": f"{day}170000",
        "NgayKetThucXuLy": f"{day}16{i % 60:02d}{i // 60 % 60:02d}" if finished else "",
        "NgayTra": f"{day}165959" if finished else "",
        "NgayTuChoi": "",
        "TrangThaiHoSo": "10" if finished else "4",
        "HinhThuc": str(i % 2),
        "DuocThanhToanTrucTuyen": str(i % 3),
        "DanhSachLePhi": [{"Gia": str(1000 * (i % 9))}],
        "HoSoCoThanhPhanSoHoa": str(i % 2),
        "TaiKhoanDuocXacThucVoiVNeID": str(i % 2),
        "TaiLieuNop": [{"DuongDanTaiTepTin": "/nop"}],
        "DanhSachGiayToKetQua": [{"DuongDanTepTinKetQua": "/kq"}] if finished else [],
        "DanhSachHoSoBoSung": [],
        "NgayCapNhat": f"{day}18{i % 60:02d}{i // 60 % 60:02d}",
    }


def write_pages(folder: Path, rows: int) -> None:
    for start in range(0, rows, PAGE_ROWS):
        data = [wire_row(i) for i in range(start, min(start + PAGE_ROWS, rows))]
        page = {"error_code": "0", "page": 1, "pages": 1, "total": len(data), "data": data}
        (folder / f"{start:09d}.json").write_text(json.dumps(page), encoding="utf-8")


def ours(folder: Path) -> dict[str, int]:
    """Read and conform every page."""
    from extractors import read
    from transforms.conform import conform

    source = Source(
        source_id="bench",
        name_vi="-",
        area="H26",
        platform="lgsp_json",
        url="http://127.0.0.1",
        secret="BENCH",
        starts_on="2026-01-01",
        legal_basis="-",
    )
    files = sorted(folder.glob("*.json"))
    pages = ((f.stem, read(source, "dossier", f.read_bytes())) for f in files)
    table = conform(source, records()["dossier"], Night.parse("2026-12-31"), pages, KEY).table
    return {
        "rows": table.num_rows,
        "online": table["channel"].to_pylist().count("online"),
        "fees": sum(table["fee_amount"].to_pylist()),
        "finished": len(table) - table["finished_at"].null_count,
        "electronic": sum(table["has_electronic_result"].to_pylist()),
        "applicants": len(set(table["applicant_key"].to_pylist())),
    }


def pandas(folder: Path) -> dict[str, int]:
    """json_normalize each page, concat, convert column by column."""
    import pandas as pd

    pages = [json.loads(f.read_bytes())["data"] for f in sorted(folder.glob("*.json"))]
    raw = pd.concat([pd.json_normalize(page) for page in pages], ignore_index=True)
    out = pd.DataFrame({"dossier_code": raw["MaHoSo"], "field_code": raw["MaLinhVuc"]})
    out["agency_code"] = raw["MaHoSo"].str.split("-", n=1).str[0]
    out["procedure_code"] = raw["MaTTHC"].str.extract(r"^(\d\.\d{6})")[0]
    for name, column in CODES.items():
        out[name] = raw[column].map(codelists.words(name, "wire"))
    for name, column in TIMES.items():
        local = pd.to_datetime(raw[column].replace("", None), format="%Y%m%d%H%M%S")
        out[name] = local.dt.tz_localize("Asia/Ho_Chi_Minh").dt.tz_convert("UTC")
    for name in ("received_at", "finished_at", "returned_at"):
        out[name.replace("_at", "_on")] = out[name].dt.tz_convert("Asia/Ho_Chi_Minh").dt.date
    out["fee_amount"] = [sum(int(line["Gia"]) for line in lines) for lines in raw["DanhSachLePhi"]]
    submitted = [{f["DuongDanTaiTepTin"] for f in files} for files in raw["TaiLieuNop"]]
    out["has_electronic_result"] = [
        any(f["DuongDanTepTinKetQua"] not in known for f in files)
        for files, known in zip(raw["DanhSachGiayToKetQua"], submitted, strict=True)
    ]
    out["supplement_count"] = raw["DanhSachHoSoBoSung"].str.len()
    for column in ("HoSoCoThanhPhanSoHoa", "TaiKhoanDuocXacThucVoiVNeID"):
        out[column] = raw[column] == "1"
    out["applicant_key"] = [
        hmac.new(KEY, number.encode(), hashlib.sha256).hexdigest()
        for number in raw["SoGiayToChuHoSo"]
    ]
    return {
        "rows": len(out),
        "online": int((out["channel"] == "online").sum()),
        "fees": int(out["fee_amount"].sum()),
        "finished": int(out["finished_at"].notna().sum()),
        "electronic": int(out["has_electronic_result"].sum()),
        "applicants": out["applicant_key"].nunique(),
    }


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench.conform")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--contestant", choices=["ours", "pandas"])
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args(arguments)
    if options.contestant:
        result = {"ours": ours, "pandas": pandas}[options.contestant](options.folder)
        (options.folder / f"{options.contestant}.result").write_text(json.dumps(result))
        return
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as name:
        folder = Path(name)
        write_pages(folder, options.rows)
        _compare(folder, options.rows)


def _compare(folder: Path, rows: int, repetitions: int = 2) -> None:
    costs: dict[str, list[object]] = {"ours": [], "pandas": []}
    for _ in range(repetitions):
        for name, spent in costs.items():
            words = ("--contestant", name, "--folder", str(folder))
            spent.append(run_module("bench.conform", *words))
    results = {(folder / f"{name}.result").read_text() for name in costs}
    if len(results) != 1:
        raise SystemExit(f"the contestants disagree: {results}")
    best = {name: cheapest(spent) for name, spent in costs.items()}  # type: ignore[arg-type]
    mine, peer = best["ours"], best["pandas"]
    print(f"conform, {rows:,} rows of the feed; figures of {repetitions} alternating runs' best")
    print(f"  ours            {mine.cpu:8.1f} CPU s  {mine.memory / 1e6:8.0f} MB")
    print(f"  json_normalize  {peer.cpu:8.1f} CPU s  {peer.memory / 1e6:8.0f} MB")
    ratios = f"{peer.cpu / mine.cpu:.2f}x CPU, {peer.memory / mine.memory:.2f}x memory"
    print(f"  json_normalize needs {ratios}")


if __name__ == "__main__":
    main(sys.argv[1:])
