"""What the first page, the areas and the indicators say."""

from __future__ import annotations

import csv
import re
import shutil
from io import StringIO
from pathlib import Path

import pytest

from catalog import written
from catalog.areas import NATION
from publication.release import Release
from publication.site.build import _render
from publication.site.model import Site
from publication.site.pages import indicator
from tests.publication.site.made import SILENT
from tests.publication.site.read import Read

SHARE = "online_submission_share"


def _page(built: Path, path: str) -> str:
    return (built / path).read_text(encoding="utf-8")


def _section(page: str, name: str) -> str:
    found = re.search(rf'<section aria-labelledby="{name}">.*?</section>', page, re.DOTALL)
    assert found, name
    return found[0]


def test_the_first_page_shows_the_newest_month_that_is_over(site: Site, built: Path) -> None:
    figure = site.release.newest(SHARE, NATION)
    assert figure
    assert figure.period == "2026-10"
    cards = _section(_page(built, "vi/index.html"), "headlines")
    assert f">{written.value(figure.value, 'share', 'vi')}<" in cards
    assert "Tháng 10/2026" in cards
    assert "Tháng 11/2026" not in cards


def test_a_withheld_headline_says_why_and_shows_no_number(built: Path) -> None:
    cards = _section(_page(built, "vi/index.html"), "headlines").split('<li class="card">')
    (card,) = (card for card in cards if "satisfaction_rating_share" in card)
    assert "Chưa đủ dữ liệu" in card
    assert '<span class="value">–</span>' in card
    assert "Độ phủ 60 %" in card


def test_a_headline_is_held_to_its_target_and_to_the_month_before(built: Path) -> None:
    cards = _section(_page(built, "en/index.html"), "headlines")
    assert re.search(r"Target 90\.0%: (not )?reached", cards)
    assert re.search(r"[+-]\d+\.\d pp against September 2026, (better|worse)", cards)


def test_each_map_has_its_choice_and_a_table_of_all_provinces(site: Site, built: Path) -> None:
    page = _section(_page(built, "vi/index.html"), "map")
    maps = page.split('<div class="map">')[1:]
    assert len(maps) == page.count('type="radio"') > 1
    for drawn in maps:
        body = drawn[drawn.index("<tbody>") :]
        assert drawn.count('class="islands"') == 2
        for province in site.provinces:
            assert drawn.count(f'href="area/{province.code}.html" class="s') == 1
            assert f'<a href="area/{province.code}.html">{province.name_vi}</a>' in body


def test_a_province_that_did_not_report_is_no_zero(built: Path) -> None:
    page = _page(built, "vi/index.html")
    tile = re.search(rf'<a href="area/{SILENT}.html" class="s0" aria-label="([^"]*)">', page)
    assert tile
    assert tile[1] == "Cao Bằng: Chưa có báo cáo"
    own = _page(built, f"vi/area/{SILENT}.html")
    assert "Chưa có báo cáo" in own
    assert "0,0 %" not in own


def test_the_first_page_tells_corrections(built: Path) -> None:
    changed = _section(_page(built, "vi/index.html"), "changed")
    assert "50,0 % thành 50,7 %" in changed
    assert "1 số liệu của các kỳ đã kết thúc thay đổi" in changed


def test_a_province_has_rank_tier_and_history_of_each_figure(site: Site, built: Path) -> None:
    page = _page(built, "vi/area/H26.html")
    article = page[page.index(f'id="{SHARE}"') : page.index("</article>")]
    assert re.search(r"Hạng \d+/33", article)
    assert "cả nước" in article
    history = article[article.index("<tbody>") :]
    figures = site.release.figures(SHARE, "H26", "month")[-13:]
    assert history.count("<tr>") == 13
    for figure in figures:
        assert f"{written.value(figure.value, 'share', 'vi')}</td>" in history


def test_every_spark_has_its_table(built: Path) -> None:
    for page in sorted((built / "vi" / "area").glob("*.html")):
        for article in page.read_text(encoding="utf-8").split("<article")[1:]:
            assert '<svg class="spark"' not in article or "<tbody>\n<tr>" in article


def test_the_score_stands_beside_the_portals(built: Path) -> None:
    score = _section(_page(built, "vi/area/H26.html"), "score")
    assert "Tổng điểm" in score
    assert "Cổng nêu" in score
    assert "I Công khai, minh bạch" in score
    assert score.count("<table>") == 2


def test_every_chart_of_an_indicator_has_the_table_of_its_figures(site: Site, built: Path) -> None:
    for page in sorted((built / "vi" / "indicator").glob("*.html")):
        nation = _section(page.read_text(encoding="utf-8"), "nation")
        marks = nation.count("<circle") + nation.count('<path class="none"')
        if marks:
            body = nation[nation.index("<tbody>") : nation.index("</tbody>")]
            assert body.count("<tr>") >= marks > 1


def test_the_period_under_way_is_in_the_table_and_not_in_the_chart(built: Path) -> None:
    nation = _section(_page(built, f"vi/indicator/{SHARE}.html"), "nation")
    chart = nation[nation.index("<svg") : nation.index("</svg>")]
    assert "Tháng 11/2026" not in chart
    assert "Tháng 11/2026" in nation
    assert "kỳ đang diễn ra" in nation


def test_a_gap_in_the_nations_figures_breaks_its_line(built: Path) -> None:
    nation = _section(_page(built, "vi/indicator/satisfaction_rating_share.html"), "nation")
    assert nation.count('<path class="none"') == 1
    assert "Tháng 10/2026: Chưa đủ dữ liệu</title>" in nation


def test_an_indicator_lists_its_revisions_with_their_cause(built: Path) -> None:
    page = _page(built, f"vi/indicator/{SHARE}.html")
    revisions = _section(page, "revisions")
    assert "50,0 %" in revisions
    assert "50,7 %" in revisions
    assert "nguồn sửa lại số liệu đã gửi" in revisions
    assert _section(page, "nation").count('href="#revisions"') == 1


def test_a_definition_names_other_indicators_and_links_them(built: Path) -> None:
    definition = _section(
        _page(built, "vi/indicator/dossier_satisfaction_share.html"), "definition"
    )
    assert '<a href="satisfaction_rating_share.html">Tỷ lệ đánh giá hài lòng</a>' in definition


def test_provinces_stand_by_rank_with_their_intervals(site: Site, built: Path) -> None:
    places = _section(_page(built, f"en/indicator/{SHARE}.html"), "places")
    ranks = [
        int(n) for n in re.findall(r'<td class="number" data-value="(\d+)">\1</td>\s*<th', places)
    ]
    provinces = ranks[: len(site.provinces) - 1]
    assert provinces == sorted(provinces)
    assert provinces[0] == 1
    assert 'class="interval"' in places


def test_the_breakdown_names_its_parts(built: Path) -> None:
    parts = _section(_page(built, "vi/indicator/on_time_rate.html"), "breakdown")
    for name in (
        "Trực tuyến",
        "Toàn trình",
        "Nguồn không nêu",
        "<code>1.001193</code>",
        "Đăng ký khai sinh",
    ):
        assert name in parts
    assert "Số quá nhỏ để công bố" in parts
    assert "Tháng 10/2026" in parts
    assert "Tháng 11/2026" not in parts


def test_a_release_from_before_there_was_a_breakdown_has_none(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "older"
    shutil.copytree(site.release.folder, folder)
    (folder / "breakdown.parquet").unlink()
    older = Site(Release(folder), site.releases, site.published)
    page = next(p for p in indicator.pages(older, "vi") if p.path.endswith("/on_time_rate.html"))
    assert 'id="breakdown"' not in _render(older, page, "vi").decode()


@pytest.mark.parametrize(
    ("path", "column", "code"),
    [("data/area/H26.csv", "area", "H26"), (f"data/indicator/{SHARE}.csv", "indicator", SHARE)],
)
def test_a_download_holds_every_figure(
    site: Site, built: Path, path: str, column: str, code: str
) -> None:
    content = (built / path).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
    known = [row for row in site.release.areas.to_pylist() if row[column] == code]
    key = ("indicator", "area", "borders", "period")
    told = {tuple(row[k] for k in key): row["value"] for row in rows}
    assert len(told) == len(rows) == len(known) > 0
    for row in known:
        text = told[tuple(row[k] for k in key)]
        assert (float(text) if text else None) == row["value"]


def test_every_place_has_a_download_even_without_figures(site: Site, built: Path) -> None:
    for area in site.of_kind("province", "ministry", "other"):
        first = (built / "data" / "area" / f"{area.code}.csv").read_text(encoding="utf-8-sig")
        assert first.startswith('"release","indicator"')


def test_from_the_first_page_to_a_provinces_figure_its_definition_and_csv(built: Path) -> None:
    first = Read(built / "vi" / "index.html")
    assert "area/H26.html" in first.links
    province = Read(built / "vi" / "area" / "H26.html")
    assert f"../indicator/{SHARE}.html" in province.links
    assert "../../data/area/H26.csv" in province.links
