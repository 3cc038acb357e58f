"""Writes docs/score766.md: every rule set as it is declared, and where they contradict one another.

Run ``python -m transforms.scores > docs/score766.md`` after changing a rule set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, combinations
from typing import Any

from transforms.scores.contradictions import Contradiction, contradictions
from transforms.scores.rules import MetricRule, Question, Rules, rule_sets
from transforms.scores.wording import ZERO, given, method, ratio

INTRODUCTION = """\
# Điểm Quyết định 766 / Decision 766 score

Tệp này do `python -m transforms.scores` viết ra từ `transforms/scores/rules`. / This file is
written by that command from the rule sets there.

Cách chấm là dữ liệu có ngày hiệu lực. Điểm của một ngày theo bộ quy tắc còn hiệu lực bắt đầu muộn
nhất; bộ khác tính được khi nêu tên: `motcua score766 FILE --rules text_2022`. / How points are
given is dated data. The score of a day follows the rule set that began last of those valid then;
any other is computed by name.

- **tuyến tính / linear**: tỷ lệ × điểm tối đa / ratio × maximum.
- **ngưỡng T / threshold T**: đủ điểm từ T %, dưới đó là tỷ lệ × điểm tối đa / T. / All points from
  T percent on, below it ratio × maximum / T.
- **theo dõi / shown only**: không điểm / no points.
- **0/0**: đủ điểm; không điểm; hoặc để ngoài: chỉ số không được chấm, tổng điểm nêu trên số điểm
  còn lại. / All points; no points; or left out: the metric is not scored, and the total is stated
  out of the points that remain.
- **thiếu / missing**: chỉ số không có số không phải là 0. Nhóm và tổng điểm được nêu là chưa đủ,
  không xếp hạng. / A metric that is not stated is not zero. Its group and the total are marked
  partial, and nothing is ranked.
- **xếp loại / band**: chỉ nêu khi phần chưa chấm không làm nó thay đổi. / Stated only where what
  was not scored cannot change it.
- **làm tròn / rounding**: điểm từng chỉ số và tỷ lệ, đến 2 chữ số, số 5 làm tròn lên; không làm
  tròn bước khác. Vì vậy nhóm và tổng điểm đúng bằng tổng các số đã nêu, như ở cả 34 tỉnh trong bảng
  ngày 05/10/2026. / Each metric's points and ratio, to 2 decimals, half up, and no other step.
  Groups and totals are therefore the sums of what is shown, as they are for all 34 provinces in the
  table of 5 October 2026.
- **cả nước / nation**: trung bình không trọng số từng nhóm, làm tròn, rồi cộng; bên cạnh là điểm
  tính từ tổng tử số và tổng mẫu số. / The unweighted mean of each group, rounded, then added up;
  beside it the score of all numerators over all denominators.
- **hạng / rank**: 1, 2, 2, 4.
- **chúng tôi đếm / counted by us**: chỉ số của chúng tôi cho cùng một việc; không có thì chỉ Cổng
  nêu, và điểm của chúng tôi chưa đủ. Điểm được công bố từng đêm:
  `motcua score766 --area H26 --period 2026`. / Our indicator of the same thing; where there is
  none, only the portal can say, and our own score is partial. Scores are published every night.

Mã có dấu \\* là của chúng tôi, không phải của Cổng; trong tệp có thể ghi số (2.1) thay mã. Dấu ? là
điều chưa rõ, nêu dưới bảng. / A code with \\* is ours and not the portal's; in a file the number
(2.1) may stand for it. A ? marks an open question, told below the table.
"""
METRIC_TITLES = (
    "",
    "mã / code",
    "chỉ số / metric",
    "nhóm / group",
    "tối đa / maximum",
    "cách chấm / method",
    "0/0",
    "đã thấy / seen",
    "chúng tôi đếm / counted by us",
)


def document() -> str:
    """The whole file."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    found = sorted(rule_sets().values(), key=lambda rules: rules.valid_from)
    yield INTRODUCTION
    yield from chain.from_iterable(_rule_set(rules) for rules in found)
    for a, b in combinations(found, 2):
        yield from _contradictions(a, b)


def _rule_set(rules: Rules) -> Iterator[str]:
    until = f" – {rules.valid_to}" if rules.valid_to else ""
    yield f"## {rules.name}"
    yield from ["", f"**{rules.title_vi}** / **{rules.title_en}**, {rules.valid_from}{until}", ""]
    yield from [f"- {rules.source_vi}.", f"- {rules.source_en}.", ""]
    groups = ((g.number, f"`{c}`", _named(g), f"{g.maximum}") for c, g in rules.groups.items())
    yield from _table(("", "mã / code", "nhóm / group", "tối đa / maximum"), groups)
    yield ""
    asked = {code for question in rules.unknown for code in question.metrics}
    yield from _table(METRIC_TITLES, (_metric(m, m.code in asked) for m in rules.metrics.values()))
    yield ""
    bands = ((f"≥ {band.at_least}", _named(band)) for band in rules.bands)
    yield from _table(("điểm / points", "xếp loại / band"), bands)
    yield from ["", "Chưa rõ / not known:", ""]
    yield from map(_question, rules.unknown)
    yield ""


def _metric(rule: MetricRule, is_open: bool) -> tuple[str, ...]:
    seen = (f"{ratio(seen.percent)} → {seen.score}" for seen in rule.seen)
    return (
        f"{rule.number} ?" if is_open else rule.number,
        f"`{rule.code}`" if rule.is_portal_code else f"`{rule.code}` \\*",
        _named(rule),
        f"`{rule.group}`",
        f"{rule.maximum}",
        method(rule),
        ZERO[rule.zero_over_zero],
        ", ".join(seen),
        f"[{rule.indicator}](indicators.md#{rule.indicator})" if rule.indicator else "",
    )


def _question(question: Question) -> str:
    about = ", ".join(f"`{code}`" for code in question.metrics)
    return f"- {f'{about}: ' if about else ''}{question.vi} / {question.en}"


def _contradictions(a: Rules, b: Rules) -> Iterator[str]:
    yield from [f"## {a.name} ≠ {b.name}", ""]
    yield "Cùng một số liệu, hai cách chấm. / The same counts, scored in two ways."
    yield ""
    titles = ("", "mã / code", "chỉ số / metric", "tỷ lệ / ratio", a.name, b.name)
    yield from _table(titles, map(_contradiction, contradictions(a, b)))
    yield ""


def _contradiction(found: Contradiction) -> tuple[str, ...]:
    rule = found.rules[0] or found.rules[1]
    assert rule
    points = (given(found, number) for number in (0, 1))
    return rule.number, f"`{found.code}`", _named(rule), ratio(found.percent), *points


def _named(thing: Any) -> str:
    return f"{thing.name_vi} / {thing.name_en}"


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = list(titles)
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    print(document(), end="")
