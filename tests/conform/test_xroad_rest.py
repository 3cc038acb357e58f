"""The dialect of xroad_rest: petitions of its own, everything else as lgsp_json says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.errors import DeclarationError
from catalog.night import Night
from catalog.records import records
from catalog.sources import Source
from transforms.conform import Conformed, conform
from transforms.dialects import dialect_of, dialects

RECORDINGS = Path(__file__).parents[1] / "extractors" / "recordings"
SPOKEN = Path(__file__).parents[2] / "transforms" / "dialects" / "xroad_rest.yml"


def source(**changes: Any) -> Source:
    usual = {
        "source_id": "pakn",
        "name_vi": "Phản ánh kiến nghị",
        "area": "G22",
        "reports_for": ["provinces", "ministries"],
        "platform": "xroad_rest",
        "records": ["petition"],
        "starts_on": "2026-01-01",
        "legal_basis": "không có",
    }
    return Source.model_validate({**usual, **changes})


@pytest.fixture
def petitions() -> Conformed:
    page = json.loads((RECORDINGS / "xroad_rest.petition.json").read_text(encoding="utf-8"))
    for row in page["data"]:
        row |= {"NguoiGui": "Họ Tên", "SoDienThoai": "0000000000", "NoiDung": "MARK"}
    pages = [("ab" * 32, page["data"])]
    return conform(source(), records()["petition"], Night.parse("2026-01-13"), pages, b"key")


def by_code(petitions: Conformed) -> dict[str, dict[str, Any]]:
    return {row["petition_code"]: row for row in petitions.table.to_pylist()}


def test_a_petition_belongs_to_the_area_of_its_unit(petitions: Conformed) -> None:
    rows = by_code(petitions)
    assert {code: row["area_code"] for code, row in rows.items()} == {
        "PAKN-260105-0001": "H26",
        "PAKN-260105-0002": "G03",
    }
    first = rows["PAKN-260105-0001"]
    assert (first["agency_code"], first["petition_type"]) == ("H26.01", "procedure")
    assert (first["status"], first["is_disliked"]) == ("published", False)
    assert first["published_on"].isoformat() == "2026-01-13"


def test_what_is_not_stated_of_a_petition_stays_missing(petitions: Conformed) -> None:
    second = by_code(petitions)["PAKN-260105-0002"]
    assert (second["is_disliked"], second["is_repeated"], second["resolved_at"]) == (None,) * 3
    assert second["supplement_requested_on"].isoformat() == "2026-01-07"


def test_an_unknown_unit_word_or_type_turns_the_petition_away(petitions: Conformed) -> None:
    assert (petitions.received, petitions.rejected) == (3, 1)
    reasons = {(row["field"], row["reason"]) for row in petitions.rejects.to_pylist()}
    assert reasons == {
        ("MaDonVi", "bad_identifier"),
        ("LoaiPAKN", "unknown_code"),
        ("KhongHaiLong", "bad_boolean"),
    }


def test_no_personal_column_of_a_petition_crosses_the_edge(petitions: Conformed) -> None:
    assert petitions.unmapped == ()
    assert "MARK" not in str(petitions.table.to_pylist())
    assert "Họ Tên" not in str(petitions.table.to_pylist())


def test_all_else_is_spoken_as_in_lgsp_json() -> None:
    ours, theirs = dialects()["xroad_rest"].records, dialects()["lgsp_json"].records
    assert set(ours) == {*theirs, "petition"}
    assert all(ours[kind] is spoken for kind, spoken in theirs.items())


def test_a_source_may_change_one_record_kind_of_a_dialect() -> None:
    spoken = yaml.safe_load(SPOKEN.read_text(encoding="utf-8"))["records"]
    own = dialect_of(source(mapping={"records_of": "xroad_rest", "records": spoken}))
    assert own.records["dossier"] is dialects()["lgsp_json"].records["dossier"]
    assert own.records["petition"] == dialects()["xroad_rest"].records["petition"]


@pytest.mark.parametrize("mapping", [{"records_of": "nobody"}, {"records": {}, "zone": "UTC"}])
def test_a_dialect_of_nothing_is_a_wrong_declaration(mapping: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match=r"^pakn\.yml: (records_of|speaks of no record)"):
        dialect_of(source(mapping=mapping))
