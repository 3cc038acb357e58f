"""A city's service requests: other columns, other channels, another clock, one YAML file."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from catalog.declarations import load_file
from catalog.errors import DeclarationError
from catalog.night import Night, local_date
from catalog.records import records
from catalog.sources import Source
from extractors import collect, read
from transforms.conform import Conformed, conform

NEW_YORK = ZoneInfo("America/New_York")
CONFIRM = "# ĐỀ XUẤT, cần xác nhận"
NIGHT = Night(dt.date(2026, 11, 22))
CHANNELS = {"ONLINE": "online", "MOBILE APP": "online", "WALK-IN": "in_person", "LETTER": "postal"}
STATUS = {"open": "processing", "closed": "finished"}
AGENCIES = {"Sanitation": "X-CITY.01", "Streets": "X-CITY.02", "Parks": "X-CITY.03"}
COMPLAINTS = ["Pothole", "Street light out", "Missed collection", "Fallen tree"]


def _stamp(moment: dt.datetime) -> str:
    """As such exports write it: the city's wall clock, no offset, three zeros."""
    return moment.astimezone(NEW_YORK).strftime("%Y-%m-%dT%H:%M:%S.000")


def city(count: int = 400) -> list[dict[str, str]]:
    """Requests of 2026 with times on both sides of the change to summer time."""
    rng, rows = random.Random(311), []
    for number in range(count):
        opened = dt.datetime(2026, 2, 20, 5, tzinfo=dt.UTC) + dt.timedelta(minutes=97 * number)
        due = opened + dt.timedelta(days=rng.randint(2, 9))
        closed = opened + dt.timedelta(hours=rng.randint(3, 260)) if rng.random() < 0.8 else None
        rows.append(
            {
                "service_request_id": f"26-{number:06d}",
                "status": "closed" if closed else "open",
                "service_name": rng.choice(COMPLAINTS),
                "agency_responsible": rng.choice(sorted(AGENCIES)),
                "open_data_channel_type": rng.choice(sorted(CHANNELS)),
                "requested_datetime": _stamp(opened),
                "expected_datetime": _stamp(due),
                "closed_date": _stamp(closed) if closed else "",
                "updated_datetime": _stamp(closed or opened),
                "address": f"{rng.randint(1, 99)} Main Street",
                "lat": f"{40 + rng.random():.5f}",
                "requester_email": f"person{number}@example.org",
            }
        )
    return rows


DECISIONS = {
    "new_area: {name_vi": "Thành phố mẫu",
    "name_en": "Sample city",
    "frequency": "nightly",
    "starts_on": "2026-01-01",
    "legal_basis": "an agreement with the city",
    "owner": "City office 311",
    "  zone": "America/New_York",
    **{
        f'"{word}"': code
        for words in (CHANNELS, STATUS, AGENCIES)
        for word, code in words.items()
        if word != "ONLINE"
    },
}


@pytest.fixture
def sample(write_rows: Any) -> Path:
    return Path(write_rows("requests.csv", city()))


def proposed(place: Any, sample: Path, *words: str) -> str:
    done = place.motcua(
        "source", "new", str(sample), "--id", "city", "--area", "X-CITY", "--name", "311", *words
    )
    assert done.exit_code == 0, done.output
    return str((place.sources / "city.draft.yaml").read_text(encoding="utf-8"))


def decided(place: Any, sample: Path) -> Source:
    proposed(place, sample)
    place.decide("city", DECISIONS)
    return load_file(place.sources / "city.yml", Source, source_id="city")


def conformed(place: Any, source: Source) -> Conformed:
    shelf: dict[str, bytes] = {}

    def land(content: bytes) -> str:
        shelf[str(len(shelf))] = content
        return str(len(shelf) - 1)

    collect(source, "dossier", NIGHT, "", land)
    pages = ((sha, read(source, "dossier", page)) for sha, page in shelf.items())
    return conform(source, records()["dossier"], NIGHT, pages, b"key")


def test_the_draft_finds_the_columns_and_guesses_no_word_and_no_clock(
    place: Any, sample: Path
) -> None:
    draft = proposed(place, sample)
    for line in (
        "version_at: {from: updated_datetime, format: iso}",
        "dossier_code: {from: service_request_id}",
        "received_at: {from: requested_datetime, format: iso}",
        "due_at: {from: expected_datetime, format: iso}",
        "finished_at: {from: closed_date, format: iso}",
    ):
        assert f"{line}  {CONFIRM}" in draft
    assert "zone: TODO" in draft
    for word in (*CHANNELS, *STATUS, *AGENCIES):
        plain = f'"ONLINE": online  {CONFIRM}'
        assert (plain if word == "ONLINE" else f'"{word}": TODO') in draft
    personal = draft[draft.index("personal:") :]
    assert all(f"- {name}" in personal for name in ("address", "lat", "requester_email"))
    assert "@example.org" not in draft
    assert "Main Street" not in draft


def test_a_draft_is_no_source_until_a_person_has_decided(place: Any, sample: Path) -> None:
    proposed(place, sample)
    (place.sources / "city.draft.yaml").rename(place.sources / "city.yml")
    with pytest.raises(DeclarationError, match=r"city\.yml: still TODO: .*zone"):
        load_file(place.sources / "city.yml", Source, source_id="city")
    done = place.motcua("sources")
    assert done.exit_code == 2
    assert "still TODO" in done.output


def test_the_city_is_onboarded_by_one_file(place: Any, sample: Path) -> None:
    source = decided(place, sample)
    shutil.copy(sample, place.drop("city"))
    found = conformed(place, source)
    rows = city()
    assert (found.received, found.rejected, found.unmapped) == (len(rows), 0, ())
    got = found.table.to_pylist()
    assert Counter(r["channel"] for r in got) == Counter(
        CHANNELS[r["open_data_channel_type"]] for r in rows
    )
    assert Counter(r["agency_code"] for r in got) == Counter(
        AGENCIES[r["agency_responsible"]] for r in rows
    )
    assert {r["area_code"] for r in got} == {"X-CITY"}


def test_the_city_keeps_its_own_clock(place: Any, sample: Path) -> None:
    source = decided(place, sample)
    shutil.copy(sample, place.drop("city"))
    got = {r["dossier_code"]: r for r in conformed(place, source).table.to_pylist()}
    offsets = set()
    for row in city():
        local = dt.datetime.fromisoformat(row["requested_datetime"]).replace(tzinfo=NEW_YORK)
        mine = got[row["service_request_id"]]
        assert mine["received_at"] == local
        assert mine["received_on"] == local_date(local)
        offsets.add(local.utcoffset())
    assert len(offsets) == 2


def test_a_rehearsal_shows_what_is_new_without_showing_people(
    place: Any, sample: Path, write_rows: Any
) -> None:
    decided(place, sample)
    rows = city(30)
    for row in rows[:7]:
        row["open_data_channel_type"] = "FAX"
    rows[8]["open_data_channel_type"] = "0912345678"
    rows[9]["closed_date"] = "Nguyễn Văn A"
    for row in rows:
        row["phone"] = "0912 345 678"
    shutil.copy(write_rows("later.csv", rows), place.drop("city"))
    [told] = place.json("try", "city", "--on", "2026-11-22")
    assert (told["received"], told["rejected"]) == (30, 9)
    channel = "open_data_channel_type"
    assert told["unknown_words"] == {channel: {"FAX": 7, "9999999999": 1}}
    assert told["reject_reasons"] == {
        f"{channel}: unknown_code": 8,
        "closed_date: bad_timestamp": 1,
    }
    assert told["unmapped_shapes"] == {"phone": {"9999 999 999": 30}}
    assert {"page": 1, "row": 10, "column": "closed_date", "reason": "bad_timestamp",
            "cell": "Aaaaaa Aaa A"} in told["reject_examples"]  # fmt: skip
    shown = place.motcua("try", "city", "--on", "2026-11-22").output
    for word in ("FAX", "Aaaaaa Aaa A", "9999999999", "mã ngoài danh mục", "unknown code"):
        assert word in shown
    for value in ("0912345678", "0912 345", "Nguyễn", "@example.org"):
        assert value not in shown
