"""The page of a province: what it says, that it says nothing else, and that it looks as it did."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from catalog.incidents import Event, Incident
from feedback.page import Links, Page, html
from feedback.page.causes import groups
from feedback.page.trend import trend
from feedback.scoring import words
from tests.feedback import paged
from tests.feedback.nights import incident
from tests.feedback.paged import DIMENSIONS, GONE, LEVELS, ON, WRONG

HOSTILE = '<script>alert("x")</script> {{ 7 * 7 }} <img src=x>'
PERSON, CODE = "Nguyễn Thị Bình", "H26.01-261122-4711"


def text(page: Page, links: Links | None = None) -> str:
    return html(page, links or paged.links())


def seen(page: Page) -> str:
    """What a reader reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", text(page)).split())


def test_the_page_is_as_it_was(snapshot: SnapshotAssertion) -> None:
    assert text(paged.page()) == snapshot


def test_a_province_of_which_nothing_is_known_is_told_so_in_full_sentences(
    snapshot: SnapshotAssertion,
) -> None:
    assert text(paged.empty(), Links()) == snapshot


def test_what_people_and_sources_write_is_escaped_and_codes_are_cut() -> None:
    hostile = incident("rejected:unknown_code", column=HOSTILE, note=HOSTILE, by=HOSTILE,
                       state="disputed", suffixes=(CODE, HOSTILE))  # fmt: skip
    event = Event(hostile.incident_id, ON, "disputed", 1, HOSTILE, HOSTILE)
    made = text(replace(paged.page(), incidents=(hostile,), changed=(event,)))
    assert not [word for word in ("<script", "<img", "49 ", CODE, "H26.01-26") if word in made]
    assert "&lt;script&gt;" in made
    assert "…4711" in made


def test_it_leads_nowhere_but_where_it_is_told_to() -> None:
    given_ = paged.links()
    answers = {link for kinds in given_.answers.values() for link in kinds.values()}
    expected = {given_.workbook, "/style.css", "#content", *answers}
    assert set(re.findall(r'(?:href|src|action)="([^"]+)"', text(paged.page()))) == expected
    alone = text(paged.page(), Links())
    assert set(re.findall(r'href="([^"]+)"', alone)) == {"/style.css", "#content"}
    assert "dùng được đến hết ngày" not in alone
    assert "dùng được đến hết ngày 04/11/2026" in text(paged.page())


def test_it_has_no_script_and_no_style_that_the_policy_forbids() -> None:
    made = text(paged.page())
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", made)
    alone = html(paged.page(), Links(), is_file=True)
    assert "<style>" in alone
    assert "stylesheet" not in alone
    assert '"Segoe UI"' in alone


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_is_a_word_and_a_shape(level: str) -> None:
    score = paged.score("validity", level, 950)  # type: ignore[arg-type]
    made = text(replace(paged.page(), card=(score,)))
    card = made[made.index('<ul class="cards">') : made.index("</ul>", made.index("cards"))]
    assert words().levels[score.level].name in card
    assert card.count('class="full"') == LEVELS.index(score.level)
    assert card.count("<rect") == len(LEVELS) - 1


def test_the_card_tells_shares_and_the_numbers_behind_them() -> None:
    read = seen(paged.page())
    assert "91,2 % 1.288 trên 1.412 dòng" in read
    assert "– chưa có dòng nào" in read
    assert "930 trên 1.000 lần gửi" in read


def test_the_trend_is_told_in_words_and_in_numbers() -> None:
    made = text(paged.page())
    assert "ngày 05/09/2026: 93,0 %; ngày 05/10/2026: 91,2 %; thấp nhất" in made
    rows = re.findall(r'<tr><th scope="row">(\S+)</th>', made)
    assert len(rows) == 31
    assert rows[:2] == ["05/10/2026", "04/10/2026"]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40))
def test_the_line_stays_within_its_frame_and_breaks_where_nothing_is_known(
    goods: list[int],
) -> None:
    """20 stands for a night without any row."""
    scores = [
        paged.score("validity", "good", 0 if n == 20 else n, 0 if n == 20 else 19,
                    ON + dt.timedelta(days=day))
        for day, n in enumerate(goods)
    ]  # fmt: skip
    made = trend(scores)
    if set(goods) == {20}:
        assert made is None
        return
    assert made
    runs = "".join("-" if n == 20 else "x" for n in goods)
    assert len(made.paths) == len(re.findall("x+", runs))
    assert (made.end is None) == (goods[-1] == 20)
    points = [path for path in made.paths if "h4" not in path]
    for pair in re.findall(r"([\d.]+) ([\d.]+)", " ".join(points)):
        assert 4 <= float(pair[0]) <= 122
        assert 5 <= float(pair[1]) <= 39


def test_what_hides_others_stands_first_with_what_it_hides() -> None:
    first, *others = groups(paged.incidents())
    [cause] = first.causes
    assert cause.incident.incident_id == GONE
    hidden = [one.incident_id for one in cause.hidden]
    assert hidden == [WRONG, "ha_noi/dossier_event/not_arrived"]
    assert [group.severity for group in others] == ["error", "warning", "warning"]
    assert [len(group.causes) for group in others] == [3, 1, 1]


def test_every_open_incident_is_told_once_however_they_hide_one_another() -> None:
    round_ = (
        incident("held", 1, inhibited_by=GONE),
        incident("not_arrived", 1, inhibited_by="ha_noi/dossier/held"),
        incident(inhibited_by="ha_noi/dossier/held"),
        incident("due_at_missing", inhibited_by="gone/by/now"),
        incident("rated_in_future", state="accepted"),
    )
    causes = [cause for group in groups(round_) for cause in group.causes]
    told: list[Incident] = [i for cause in causes for i in (cause.incident, *cause.hidden)]
    assert sorted(i.incident_id for i in told) == sorted(i.incident_id for i in round_[:4])


def test_an_incident_says_how_many_which_since_when_and_who_answered() -> None:
    read = seen(paged.page())
    assert "Cột KenhThucHien" in read
    assert "1.412 dòng, ví dụ mã kết thúc bằng …4712 Có từ ngày 05/10/2026" in read
    assert "đã nhận (phòng CNTT, đến hết ngày 12/10/2026) Ghi chú: chờ bản cập nhật" in read
    assert "có ý kiến khác (tổ dữ liệu Sở Nội vụ)" in read
    assert "được chấp nhận (tệp khai báo nguồn, đến hết ngày 12/10/2026)" in read
    assert "Hiện có 6 lỗi và 2 cảnh báo chưa khắc phục." in read


def test_what_changed_is_told_without_telling_that_it_was_told() -> None:
    read = seen(paged.page())
    assert "Tăng lên (1.412 dòng) : Cột KenhThucHien: mã ngoài danh mục" in read
    assert "Đã sửa xong, cảm ơn đơn vị : Ngày đánh giá ở tương lai" in read
    assert "notified" not in read
    assert read.index("Đêm 05/10/2026") < read.index("Đêm 03/10/2026")


def test_an_effect_is_a_sentence_where_the_value_is_written_in_another_way() -> None:
    told = [
        "Sửa 412 dòng này thì tỷ lệ hồ sơ giải quyết đúng hạn tháng 10/2026 từ 88,1 % thành "
        "89,0 %.",
        "Sửa 412 dòng này thì số hồ sơ đã xử lý xong tháng 10/2026 từ 1.000 thành 1.412.",
        "Sửa 412 dòng này thì tỷ lệ hồ sơ nộp trực tuyến tháng 10/2026 từ chỗ chưa có giá trị "
        "thành 50,0 %.",
    ]
    assert re.findall(r"Sửa 412 dòng[^<]+", text(paged.page())) == told
    still = replace(paged.page(), effects=paged.page().effects[3:])
    assert "không làm thay đổi giá trị của chỉ số nào" in seen(still)


def test_every_dimension_has_its_tile() -> None:
    made = text(paged.page())
    assert re.findall(r"<li class=\"card\">\s*<h3>([^<]+)", made) == [
        words().dimensions[dimension].name for dimension in DIMENSIONS
    ]
    assert made.count('role="img"') == len(DIMENSIONS)
