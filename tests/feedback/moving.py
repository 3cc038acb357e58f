"""A small country in which two sources of Huế, of dossiers and of their ratings, and one of Hà Nội
are refused rows by rules that people come to regret."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from tests.night.folders import NEXT_YEAR, RATINGS, drop, rating
from tests.night.replaying import FRIDAY, REGRETTED, SATURDAY, Replaying

HUE, HA_NOI = "H57", "H26"
UNIT, OTHER = "H57.01", "H26.01"
NUMBERED = "{unit}-261101-{number:04}"
DOSSIERS = """\
name_vi: Hồ sơ Huế
area: H57
platform: manual_drop
records: [dossier]
starts_on: 2026-11-01
legal_basis: none
volume: {dossier: {floor: 0, ceiling: 5000}}
mapping:
  records:
    dossier:
      version_at: {from: cap_nhat, format: iso}
      fields:
        dossier_code: {from: ma_ho_so, as: dossier_code}
        agency_code: {from: ma_ho_so, as: dossier_unit}
        status: {from: tinh_trang, words: {xong: finished, moi: registered}}
        channel: {from: kenh, words: {mang: online, buu_chinh: postal, truc_tiep: in_person}}
        received_at: {from: nhan, format: iso}
        due_at: {from: hen, format: iso}
        finished_at: {from: ket_thuc, format: iso}
        has_electronic_result: {from: dien_tu, words: {co: true, khong: false}}
"""
COLUMNS = ("ma_ho_so", "tinh_trang", "kenh", "nhan", "hen", "ket_thuc", "dien_tu", "cap_nhat")
IN_PERSON = (
    REGRETTED.replace("[rating]", "[dossier]")
    .replace("rating: {in: [dissatisfied]}", "channel: {in: [in_person]}")
    .replace("{rating: satisfied}", "{channel: online}")
    .replace("{rating: dissatisfied}", "{channel: in_person}")
)


def dossier(number: int, **cells: str) -> str:
    """A dossier received and finished early in November, on time."""
    row = {
        "ma_ho_so": NUMBERED.format(unit=UNIT, number=number),
        "tinh_trang": "xong", "kenh": "mang" if number % 3 else "buu_chinh",
        "nhan": "2026-11-02T08:00:00+07:00", "hen": "2026-11-10T17:00:00+07:00",
        "ket_thuc": "2026-11-09T08:00:00+07:00", "dien_tu": "co",
        "cap_nhat": f"{FRIDAY}T09:00:00+07:00", **cells,
    }  # fmt: skip
    return ",".join(row[name] for name in COLUMNS)


class Moving(Replaying):
    """See the module. No dossier of Huế lacks an electronic result: nobody believes that, so its
    dossiers do not feed the indicators that use the column, before a replay or after."""

    declared: ClassVar[Mapping[str, str]] = {
        "ho_so_hue": DOSSIERS,
        "hue": RATINGS.format(area=HUE, frequency="nightly", floor=0),
        "ha_noi": RATINGS.format(area=HA_NOI, frequency="nightly", floor=0),
    }
    rules: ClassVar[Mapping[str, str]] = {"dissatisfied": REGRETTED, "in_person": IN_PERSON}

    def deliver(self, on: dt.date) -> None:
        """On Friday Huế sends 40 dossiers that were brought in person, 10 of them finished late and
        one put on the web on Saturday, and three more that are not yet received. Of its ratings 26
        are dissatisfied: 5 rate such a dossier, one rates next year, and two say better on
        Saturday. Hà Nội has 12 of them."""
        late, person = {"ket_thuc": "2026-11-12T08:00:00+07:00"}, {"kenh": "truc_tiep"}
        waiting = {"tinh_trang": "moi", "nhan": "", "ket_thuc": ""}
        if on == FRIDAY:
            rows = [
                *(dossier(n) for n in range(240)),
                *(dossier(n, **person, **(late if n >= 290 else {})) for n in range(260, 300)),
                *(dossier(n, **person, **waiting) for n in range(300, 303)),
            ]
            drop(self.home, "hue", "1", *(rating(UNIT, n, on) for n in range(100, 240)))
            drop(self.home, "hue", "2", *(rating(UNIT, n, on, muc="kem") for n in range(80, 100)),
                 *(rating(UNIT, n, on, muc="kem") for n in range(280, 285)),
                 rating(UNIT, 500, on, NEXT_YEAR, muc="kem"))  # fmt: skip
            drop(self.home, "ha_noi", "1", *(rating(OTHER, n, on) for n in range(150)),
                 *(rating(OTHER, n, on, muc="kem") for n in range(200, 212)))  # fmt: skip
        else:
            again = {"cap_nhat": f"{SATURDAY}T09:00:00+07:00"}
            rows = [dossier(260, **again), *(dossier(n, **again) for n in range(240, 250))]
            drop(self.home, "hue", "3", rating(UNIT, 80, on), rating(UNIT, 81, on))
            drop(self.home, "ha_noi", "2", rating(OTHER, 151, on))
        _drop(self.home, str(on), rows)


def _drop(home: Path, name: str, rows: list[str]) -> None:
    folder = home / "drop" / "ho_so_hue"
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join([",".join(COLUMNS), *rows, ""])
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
