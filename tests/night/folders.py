"""A small country whose sources are folders, and what lies in them by the end of each of five days.

Ratings come every night from Hà Nội (some of them wrong, put right later), Hải Phòng (one night its
folder is gone) and Huế (one night too few, held). A single file is a night late, and a return on
November comes on the first of December.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from catalog.returns import COLUMNS

NIGHTS = [dt.date(2026, 11, 27) + dt.timedelta(days=n) for n in range(5)]
FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = NIGHTS
NOVEMBER = "2026-11"
RATINGS = """\
name_vi: Đánh giá {area}
area: {area}
platform: manual_drop
records: [rating]
starts_on: 2026-11-01
frequency: {frequency}
legal_basis: none
volume: {{rating: {{floor: {floor}, ceiling: 500}}}}
mapping:
  records:
    rating:
      version_at: {{from: cap_nhat, format: iso}}
      fields:
        dossier_code: {{from: ma_ho_so, as: dossier_code}}
        agency_code: {{from: ma_ho_so, as: dossier_unit}}
        rating: {{from: muc, words: {{tot: satisfied, kem: dissatisfied}}}}
        rated_at: {{from: ngay, format: iso}}
"""
RETURN = """\
name_vi: Báo cáo tài khoản
area: G22
reports_for: [H26]
platform: manual_drop
dialect: return_form
records: [reported_figure]
figures: [portal_account]
frequency: monthly
starts_on: 2026-11-01
legal_basis: none
"""
SOURCES = {
    "ha_noi": RATINGS.format(area="H26", frequency="nightly", floor=0),
    "hai_phong": RATINGS.format(area="H24", frequency="nightly", floor=0),
    "hue": RATINGS.format(area="H57", frequency="nightly", floor=2),
    "mot_tep": RATINGS.format(area="H17", frequency="once", floor=0),
    "tai_khoan": RETURN,
}
NEXT_YEAR = dt.date(2027, 1, 1)


def rating(
    unit: str, number: int, on: dt.date, rated_on: dt.date | None = None, **cells: str
) -> str:
    """A line: what was rated on that day, or, wrongly, on another."""
    row = {
        "ma_ho_so": f"{unit}-261101-{number:04}",
        "muc": "tot",
        "ngay": f"{rated_on or on}T08:00:00+07:00",
        "cap_nhat": f"{on}T09:00:00+07:00",
        **cells,
    }
    return ",".join(row.values())


def drop(home: Path, source_id: str, name: str, *lines: str) -> None:
    folder = home / "drop" / source_id
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join(["ma_ho_so,muc,ngay,cap_nhat", *lines, ""])
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def prepare(home: Path, on: dt.date) -> None:
    """What lies in the folders by the end of that day."""
    ha_noi, n = "H26.01", NIGHTS.index(on)
    wrong = {
        FRIDAY: [
            rating(ha_noi, 1, on, NEXT_YEAR),
            rating(ha_noi, 2, on, muc="vua"),
            rating(ha_noi, 6, on),
            *[rating(ha_noi, 3, on)] * 2,
        ],
        SATURDAY: [rating(ha_noi, number, on, NEXT_YEAR) for number in (4, 5, 6)],
        SUNDAY: [rating(ha_noi, 1, on), rating(ha_noi, 5, on), rating(ha_noi, 6, on, FRIDAY)],
        MONDAY: [rating(ha_noi, 4, on)],
    }
    drop(home, "ha_noi", str(on), rating(ha_noi, 10 + n, on), *wrong.get(on, []))
    drop(home, "hue", str(on), *(rating("H57.01", 10 * n + i, on) for i in range(3)))
    drop(home, "hai_phong", str(on), *(rating("H24.01", 10 * n + i, on) for i in range(2)))
    if on == SATURDAY:
        shutil.move(home / "drop" / "hai_phong", home / "away")
        drop(home, "mot_tep", "tep", rating("H17.01", 1, on))
    if on == SUNDAY:
        for file in (home / "away").iterdir():
            shutil.move(file, home / "drop" / "hai_phong")
        drop(home, "hue", str(on), rating("H57.01", 20, on))
    folder = home / "drop" / "tai_khoan"
    folder.mkdir(exist_ok=True)
    if on == TUESDAY:
        cells = {"Mã số liệu": "portal_account", "Mã đơn vị": "H26", "Kỳ": NOVEMBER}
        cells |= {"Giá trị": "1000", "Ngày cập nhật": "01/12/2026"}
        lines = [",".join(COLUMNS), ",".join(cells.get(name, "") for name in COLUMNS), ""]
        (folder / "thang_11.csv").write_text("\n".join(lines), encoding="utf-8")
