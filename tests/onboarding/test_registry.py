"""The register of sources: who must report what, for whom, by which law, from when to when."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.areas import areas_of
from catalog.errors import DeclarationError
from catalog.sources import Source, sources
from extractors.platforms import names
from transforms.dialects import dialect_of

CITY = """\
name_vi: Hệ thống một cửa Hà Nội
area: H26
reports_for: [H26, H29]
platform: lgsp_json
records: [dossier, rating]
url: https://mot-cua.invalid
starts_on: {starts_on}
{ends}volume:
  dossier: {{floor: 1, ceiling: 280}}
owner: UBND thành phố Hà Nội
contact: Trung tâm phục vụ hành chính công
legal_basis: Nghị định 118/2025/NĐ-CP
"""


def declare(place: Any, source_id: str, starts_on: str, ends_on: str = "") -> None:
    ends = f"ends_on: {ends_on}\n" if ends_on else ""
    text = CITY.format(starts_on=starts_on, ends=ends)
    (place.sources / f"{source_id}.yml").write_text(text, encoding="utf-8")


def test_who_must_report_depends_on_the_day(place: Any) -> None:
    declare(place, "old", "2025-07-01", "2026-06-30")
    declare(place, "new", "2026-07-01")
    ids = lambda *words: [row["source_id"] for row in place.json("sources", *words)]  # noqa: E731
    assert ids() == ["new", "old"]
    assert ids("--on", "2025-06-30") == []
    assert ids("--on", "2025-07-01") == ids("--on", "2026-06-30") == ["old"]
    assert ids("--on", "2026-07-01") == ["new"]


def test_a_source_shows_all_that_is_declared_about_it(place: Any) -> None:
    declare(place, "ha_noi", "2025-07-01")
    [facts] = place.json("source", "show", "ha_noi")
    assert facts["owner"] == "UBND thành phố Hà Nội"
    assert facts["contact"] == "Trung tâm phục vụ hành chính công"
    assert facts["legal_basis"] == "Nghị định 118/2025/NĐ-CP"
    assert (facts["reports_for"], facts["areas"]) == ("H26, H29", 2)
    assert (facts["frequency"], facts["volume"]) == ("nightly", "dossier 1-280")
    assert (facts["starts_on"], facts["ends_on"]) == ("2025-07-01", None)
    shown = place.motcua("source", "show", "ha_noi").output
    assert "Trung tâm phục vụ hành chính công" in shown
    assert place.motcua("source", "show", "atlantis").exit_code == 2


def test_a_new_source_does_not_overwrite_an_old_one(place: Any, write_rows: Any) -> None:
    sample = write_rows("a.csv", [{"a": "1"}])
    declare(place, "ha_noi", "2025-07-01")
    words = ["source", "new", str(sample), "--area", "H26", "--id"]
    before = (place.sources / "ha_noi.yml").read_bytes()
    assert place.motcua(*words, "ha_noi").exit_code == 2
    assert place.motcua(*words, "moi").exit_code == 0
    assert place.motcua(*words, "moi").exit_code == 2
    assert (place.sources / "ha_noi.yml").read_bytes() == before


@pytest.mark.parametrize(
    "wrong",
    [
        ["--area", "Hà Nội"],
        ["--encoding", "latin-9"],
        ["--record", "dream"],
        ["--delimiter", "x"],
        ["--id", "../ha_noi"],
    ],
)
def test_wrong_usage_exits_with_2(place: Any, write_rows: Any, wrong: list[str]) -> None:
    sample = write_rows("a.csv", [{"a": "1"}])
    words = ["source", "new", str(sample), "--id", "moi", "--area", "H26", *wrong]
    assert place.motcua(*words).exit_code == 2
    assert not list(place.sources.iterdir())


def test_a_sample_that_cannot_be_read_exits_with_1(place: Any, tmp_path: Any) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,\xff\n")
    words = ["source", "new", str(tmp_path / "a.csv"), "--id", "moi", "--area", "H26"]
    done = place.motcua(*words)
    assert done.exit_code == 1
    assert "a.csv line 2 is not UTF-8" in done.output
    assert "Dữ liệu gửi bị cắt cụt hoặc sai định dạng" in done.output


@pytest.mark.parametrize("source", sources().values(), ids=lambda source: source.source_id)
def test_every_source_runs_on_a_platform_and_speaks_a_dialect(source: Source) -> None:
    assert source.platform in names()
    assert set(source.records) <= set(dialect_of(source).records)
    assert areas_of(source)
    assert source.legal_basis


def test_an_unknown_dialect_is_told(place: Any) -> None:
    declare(place, "ha_noi", "2025-07-01")
    file = place.sources / "ha_noi.yml"
    file.write_text(file.read_text("utf-8") + "dialect: klingon\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"ha_noi\.yml: no dialect klingon"):
        dialect_of(sources()["ha_noi"])
