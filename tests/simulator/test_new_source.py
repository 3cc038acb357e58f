"""A further province is one YAML file and nothing else; what sources declare is what they do."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog import areas, settings, sources
from simulator import Nation
from simulator.truth import truth

NEW = """
name_vi: Hệ thống một cửa tỉnh Thử Nghiệm
area: X-THU-NGHIEM
new_area: {name_vi: Thử Nghiệm, name_en: Trial, kind: province}
platform: lgsp_json
records: [dossier, rating]
url: "{nation}/thu_nghiem"
secret: THU_NGHIEM
starts_on: 2026-09-01
legal_basis: Nghị định 118/2025/NĐ-CP
"""


def _forget() -> None:
    for cached in (settings.settings, sources.sources, areas.areas):
        cached.cache_clear()


@pytest.fixture
def with_new_source(
    nation: Nation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    assert "thu_nghiem" not in nation.sources
    folder = tmp_path / "sources"
    shutil.copytree(settings.CATALOG / "sources", folder)
    (folder / "thu_nghiem.yml").write_text(NEW, encoding="utf-8")
    monkeypatch.setenv("MOTCUA_SOURCES_DIR", str(folder))
    _forget()
    yield
    monkeypatch.undo()
    _forget()


@pytest.mark.usefixtures("with_new_source")
def test_a_further_province_is_one_file(nation: Nation) -> None:
    day = nation.opens_on
    before = {slug: nation.born(slug, day) for slug in ("ha_noi", "bo_y_te")}
    wider = Nation(nation.opens_on, nation.dossiers, nation.seed)
    assert set(wider.sources) == {*nation.sources, "thu_nghiem"}
    assert wider.born("thu_nghiem", day)
    assert {slug: wider.born(slug, day) for slug in before} == before
    counts = truth(wider, day)
    assert counts["online_submission_share", "X-THU-NGHIEM", "all"][1] > 0
    received = {k[1]: v[1] for k, v in counts.items() if k[0] == "pending_count" and k[2] == "all"}
    assert received.pop("VN") == sum(received.values())


def test_34_provinces_and_15_ministries_live_in_the_nation(nation: Nation) -> None:
    handling = {slug: nation.sources[slug] for slug in nation.habits}
    kinds = [areas.areas()[source.area].kind for source in handling.values()]
    assert (kinds.count("province"), kinds.count("ministry")) == (34, 15)
    assert len({source.area for source in handling.values()}) == 49


def test_usual_nights_stay_within_the_declared_volumes() -> None:
    nation = Nation(dt.date(2026, 9, 1))
    first = dt.datetime(2026, 10, 15)
    for slug in (*nation.habits, "cong_dvcqg_ho_so"):
        source = nation.sources[slug]
        for since in (first + dt.timedelta(days=n) for n in range(8)):
            for record in source.records:
                rows = len(nation.window(slug, record, since, since + dt.timedelta(days=1)))
                assert source.volume[record].floor <= rows <= source.volume[record].ceiling
