"""The catalogue is consistent in itself."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from catalog import codelists
from catalog.areas import area_of_unit, areas, areas_of, province_since_34
from catalog.declarations import load_file, load_folder
from catalog.errors import DeclarationError, SettingsError
from catalog.glossary import glossary
from catalog.night import Night, local_date
from catalog.records import records
from catalog.settings import DEMO_SECRET, Settings
from catalog.sources import Source, sources
from catalog.working_days import is_worked, ordinal

PERSONAL = {"name", "phone", "email", "fax", "address", "summary"}


def test_every_province_and_at_least_fifteen_ministries_report() -> None:
    handling = [source for source in sources().values() if "dossier" in source.records]
    kinds = [areas()[source.area].kind for source in handling]
    assert kinds.count("province") == 34
    assert kinds.count("ministry") >= 15


def test_an_area_reports_a_record_kind_through_one_system() -> None:
    told = [
        (area, stream)
        for source in sources().values()
        for area in areas_of(source)
        for stream in (*source.records, *source.figures)
        if stream != "reported_figure"
    ]
    assert len(told) == len(set(told))


def test_the_registry_says_whom_to_ask_and_by_what_right() -> None:
    for source in sources().values():
        if source.in_national_totals or source.reports_for:
            assert source.owner
            assert source.contact
            assert source.legal_basis


def test_secrets_are_names_and_volumes_are_sane() -> None:
    for source in sources().values():
        assert source.secret == "" or source.secret == source.source_id.upper()
        for kind, volume in source.volume.items():
            assert kind in source.records
            assert volume.ceiling <= 1000 * (volume.floor + 100)


def test_sources_name_known_record_kinds() -> None:
    assert {kind for s in sources().values() for kind in s.records} <= set(records())


def test_the_63_provinces_end_in_34() -> None:
    successors = province_since_34()
    assert len(successors) == 63
    assert len(set(successors.values())) == 34
    merged = [h for h in set(successors.values()) if list(successors.values()).count(h) > 1]
    assert len(merged) == 23


def test_the_h_code_follows_the_name_not_the_gso_code() -> None:
    assert province_since_34()["H63"] == "H38"  # Yên Bái, whose GSO code 15 is Lào Cai's now
    assert areas()["H38"].gso_code == "15"


def test_ministries_that_ended_are_no_areas() -> None:
    assert "G10" in areas()
    assert "G13" not in areas()


def test_no_record_has_a_field_for_personal_data() -> None:
    for record in records().values():
        assert not PERSONAL & {part for name in record.columns for part in name.split("_")}


def test_coded_fields_name_a_list_and_derived_fields_name_a_field() -> None:
    for record in records().values():
        for field in record.fields.values():
            assert (field.type == "code") == (field.codes is not None)
            assert codelists.codes(field.codes) if field.codes else True
            for origin in (field.local_date_of, field.first_seen):
                assert origin is None or origin in record.fields


def test_statuses_have_the_ten_national_numbers_and_the_new_words() -> None:
    assert sorted(map(int, codelists.words("status", "wire"))) == list(range(1, 11))
    assert codelists.words("status", "portal_state")["done"] == "returned"


def test_the_night_ends_at_midnight_in_viet_nam() -> None:
    cutoff = Night.parse("2026-11-21").cutoff
    assert cutoff == dt.datetime(2026, 11, 21, 17, tzinfo=dt.UTC)
    assert local_date(cutoff) == dt.date(2026, 11, 22)
    assert local_date(cutoff - dt.timedelta(microseconds=1)) == dt.date(2026, 11, 21)


def test_a_wrong_declaration_names_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "ha_noi.yml").write_text("name_vi: x\ncolour: red\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"ha_noi\.yml.*colour"):
        load_file(tmp_path / "ha_noi.yml", Source, source_id="ha_noi")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"no \*\.yml"):
        load_folder(tmp_path, Source, "source_id")


def test_secrets_come_from_files_and_are_refused_when_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.setenv("MOTCUA_SOME_KEY_FILE", str(tmp_path / "key"))
    assert Settings(demo=False).secret("SOME_KEY") == "from a file"
    assert Settings(demo=True).secret("OTHER_KEY") == DEMO_SECRET
    with pytest.raises(SettingsError, match="MOTCUA_OTHER_KEY"):
        Settings(demo=False).secret("OTHER_KEY")


def test_the_glossary_says_what_the_catalogue_says() -> None:
    written = (Path(__file__).parents[2] / "GLOSSARY.md").read_text(encoding="utf-8")
    assert written == glossary()


def test_a_unit_belongs_to_the_province_of_today() -> None:
    assert area_of_unit("H26.01") == "H26"
    assert area_of_unit("H22.15") == "H60"  # Hà Giang is part of Tuyên Quang since July 2025
    with pytest.raises(ValueError, match="area"):
        area_of_unit("G13.01")


def test_made_up_days_are_worked_and_holidays_are_not() -> None:
    day = dt.date.fromisoformat
    assert is_worked(day("2026-11-20"))
    assert not is_worked(day("2026-11-22"))
    assert not is_worked(day("2026-02-17"))  # Tết
    assert not is_worked(day("2026-01-02"))  # swapped with
    assert is_worked(day("2026-01-10"))
    assert ordinal(day("2026-02-23")) - ordinal(day("2026-02-13")) == 1
    with pytest.raises(ValueError, match="2040"):
        ordinal(day("2040-01-01"))
