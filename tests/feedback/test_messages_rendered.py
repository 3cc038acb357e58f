"""The words of a message: plain, complete, and nothing that a source sent."""

from __future__ import annotations

import json

from expectations.check import checks
from feedback.channels import Letter
from feedback.messages import decide, known, render
from feedback.preferences import Preferences, default
from tests.feedback.nights import MONDAY, incident, night

PERSONAL = "Nguyễn Thị Bình 0912345678"
CODE = "H26.01-261122-4711"
HOSTILE = '<script>alert("x")</script>\r\nBcc: a@b.c {{ 7 * 7 }}'


def written(*incidents: object, **more: str) -> Letter:
    [message] = decide({}, incidents, default("H26"), MONDAY)  # type: ignore[arg-type]
    return render(message, is_demo=True, **more)  # type: ignore[arg-type]


def everything(letter: Letter) -> list[str]:
    return [letter.subject, letter.text, letter.html, json.dumps(letter.data, ensure_ascii=False)]


def test_it_says_what_is_wrong_how_much_since_when_how_to_mend_it_and_by_when() -> None:
    letter = written(incident(rows=1412, suffixes=(CODE, "0032")), page="https://a.vn/h26")
    assert letter.subject == "[DEMO] Dữ liệu một cửa: 1 vấn đề mới – Hà Nội, đêm 05/10/2026"
    for form in (letter.text, letter.html):
        assert checks()["finished_before_received"].title_vi in form
        assert "Số dòng: 1.412; ví dụ mã kết thúc bằng …4711, …0032" in form
        assert "Cách sửa: " in form
        assert "Có từ ngày 05/10/2026; đề nghị khắc phục chậm nhất ngày 12/10/2026" in form
        assert "https://a.vn/h26" in form
    assert letter.data["type"] == "motcua.digest"
    assert letter.data["data"]["message_id"] == letter.message_id


def test_no_person_no_code_and_no_value_gets_into_any_form() -> None:
    hostile = incident(
        "rejected:unknown_code", column=HOSTILE, suffixes=(CODE, HOSTILE, PERSONAL, CODE),
        note=PERSONAL, by=PERSONAL,
    )  # fmt: skip
    letter = written(hostile)
    for form in everything(letter):
        assert not [word for word in (CODE, "H26.01-26", "Nguyễn", "0912345", "49") if word in form]
        assert "\n" not in letter.subject
    assert "<script" not in letter.html
    assert "Bcc: " not in letter.text
    assert "…4711" in letter.text


def test_a_column_is_named_as_the_source_knows_it() -> None:
    letter = written(incident("rejected:unknown_code", column="KenhThucHien"))
    assert "Cột KenhThucHien: " in letter.text
    assert "Mã hoặc từ ở cột này không có trong danh mục" in letter.text


def test_of_a_whole_delivery_no_rows_are_counted() -> None:
    letter = written(incident("not_arrived", 1))
    assert "Chưa nhận được dữ liệu" in letter.text
    assert "Số dòng" not in letter.text
    listed = written(incident("held", 1, record="dossier_key"))
    assert "chưa đối chiếu hồ sơ đã xóa" in listed.text


def test_what_is_late_is_said_to_be_late_to_both() -> None:
    chief = Preferences("H26", default("H26").to, default("H26").to)
    first = decide({}, [incident()], chief, MONDAY)
    digest, escalation = decide(known(first), [incident()], chief, night(14))
    for message in (digest, escalation):
        letter = render(message, is_demo=False)
        assert "hạn khắc phục là 12/10/2026, đã qua" in letter.text
        assert "[DEMO]" not in letter.subject
    assert render(escalation, is_demo=False).subject.startswith("Quá hạn khắc phục: ")


def test_people_can_answer_from_the_message() -> None:
    links = {kind: f"https://a.vn/{kind}?t=1&x=2" for kind in ("acknowledge", "dispute")}
    [message] = decide({}, [incident()], default("H26"), MONDAY)
    letter = render(message, True, answers={incident().incident_id: links})
    assert f"Đã nhận, sẽ sửa: {links['acknowledge']}\n" in letter.text
    assert f"Có ý kiến khác: {links['dispute']}\n" in letter.text
    assert all(link.replace("&", "&amp;") in letter.html for link in links.values())
    assert letter.data["data"]["items"][0]["answers"] == links


def test_without_links_nothing_is_said_of_answers() -> None:
    letter = written(incident())
    assert not [form for form in (letter.text, letter.html) if "Có ý kiến khác" in form]
    assert letter.data["data"]["items"][0]["answers"] == {}
