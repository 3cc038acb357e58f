"""Writes docs/indicators.md: every indicator as it is declared, in Vietnamese and English.

Run ``python -m transforms.indicators > docs/indicators.md`` after changing an indicator, a flag or
a view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from catalog.codelists import name_of
from transforms.indicators.declaration import Indicator, Text, indicators
from transforms.indicators.expressions import flags
from transforms.indicators.views import View, views
from transforms.scores.on_page import on_page

INTRODUCTION = """\
# Chỉ số / Indicators

Tệp này do `python -m transforms.indicators` viết ra từ các khai báo. / This file is written by that
command from the declarations in `transforms/indicators`, `transforms/views` and `transforms/flags`.

Mỗi chỉ số đếm trong mẫu số có bao nhiêu bản ghi cũng thuộc tử số. Tỷ lệ và điểm là tử số chia mẫu
số; số lượng là tử số. 0/0 là không có số, không bao giờ là 0 hay 100.

Each indicator counts how many records of its denominator are also in its numerator. A share or a
score is numerator / denominator, a count is the numerator. 0/0 is no number, never 0 or 100.

- **luồng / flow**: cộng dồn trong kỳ / added up over a period. **thời điểm / stock**: ngày cuối
  cùng có số trong kỳ / the last day of the period that says anything. **số dư / balance**: đã đến
  và chưa đi, lúc cuối kỳ; **đầu kỳ / opening**: lúc đầu kỳ; **đầu kỳ và phát sinh / turnover**: đầu
  kỳ cộng số đến trong kỳ / what has come and not gone at the period's end; at its start; at its
  start with all that came in the period.
- **yêu cầu / request**: hồ sơ liên thông đếm một lần theo yêu cầu của người dân, bỏ hồ sơ con /
  interlinked dossiers (liên thông) count once, as the citizen's request: children are left out.
  **việc của cơ quan / agency work**: đếm từng hồ sơ con, bỏ hồ sơ cha / each child counts as work
  for its agency: parents are left out.
- **độ phủ / coverage**: địa bàn phải báo cáo những gì thì chỉ số mới đủ / what an area must have
  reported for the figure to be complete.
"""
WORDS = {
    "share": "tỷ lệ / share",
    "count": "số lượng / count",
    "score": "điểm / score",
    "mean": "trung bình / mean",
    "flow": "luồng / flow",
    "stock": "thời điểm / stock",
    "balance": "số dư / balance",
    "opening": "số dư đầu kỳ / opening",
    "turnover": "đầu kỳ và phát sinh / turnover",
    "request": "yêu cầu / request",
    "agency_work": "việc của cơ quan / agency work",
    "": "—",
    "higher_better": "cao hơn là tốt hơn / higher is better",
    "lower_better": "thấp hơn là tốt hơn / lower is better",
    "day": "ngày / day",
    "month": "tháng / month",
    "quarter": "quý / quarter",
    "year": "năm / year",
    "all": "tất cả / all",
}
TITLES = (
    "mã / code",
    "chỉ số / indicator",
    "đơn vị / unit",
    "luồng, thời điểm / flow, stock",
    "đơn vị đếm / counting unit",
    "kỳ theo / period by",
    "lấy từ / made of",
)


def document() -> str:
    """The whole file."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    found = indicators().values()
    yield INTRODUCTION
    yield from _table(TITLES, (_row(indicator) for indicator in found))
    yield from chain.from_iterable(_section(indicator) for indicator in found)
    yield from ["", "## Từ dùng trong công thức / Words of the formulas", ""]
    yield "Cột của bản ghi: [GLOSSARY.md](../GLOSSARY.md). / The columns of records stand there."
    for kind, known in flags().items():
        cells = ((f"`{n}`", flag.about, f"`{flag.sql}`") for n, flag in known.flags.items())
        yield from ["", *_table((f"`{kind}`", "nghĩa / meaning", "SQL"), cells)]
    yield from ["", "## Bảng ghép / Views", ""]
    titles = ("view", "của / of", "thêm / adds", "nghĩa / meaning")
    yield from _table(titles, map(_view, views().values()))


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = list(titles)
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _row(indicator: Indicator) -> tuple[str, ...]:
    return (
        f"[{indicator.code}](#{indicator.code})",
        f"{indicator.name_vi} / {indicator.name_en}",
        WORDS[indicator.unit],
        WORDS[indicator.accumulates],
        WORDS[indicator.counts],
        f"`{indicator.period_by}`",
        _made_of(indicator),
    )


def _made_of(indicator: Indicator) -> str:
    """The record kind with its view or figure, and the figure that may stand in for it."""
    own = f"`{indicator.view or indicator.figure or indicator.record}`"
    if indicator.view or indicator.figure:
        own = f"`{indicator.record}`: {own}"
    instead = f"`reported_figure`: `{indicator.or_reported}`"
    return f"{own}, hoặc / or {instead}" if indicator.or_reported else own


def _section(indicator: Indicator) -> Iterator[str]:
    yield from ["", f"## {indicator.code}", ""]
    yield f"**{indicator.name_vi}** / **{indicator.name_en}**"
    yield ""
    yield f"- **Công thức**: {indicator.formula.vi}"
    yield f"- **Formula**: {indicator.formula.en}"
    yield from _counted(indicator)
    yield f"- **Đang giải quyết / still open**: {_both(indicator.still_open)}"
    yield f"- **Thiếu / missing**: {_both(indicator.missing)}"
    yield f"- **Căn cứ / legal basis**: {indicator.legal_basis}"
    yield f"- **Độ phủ / coverage**: {', '.join(f'`{stream}`' for stream in indicator.streams)}"
    yield from _in_force(indicator)
    yield f"- **Kỳ / periods**: {', '.join(WORDS[kind] for kind in indicator.period_types)}"
    yield from on_page(indicator)
    yield f"- {WORDS[indicator.direction]}; phiên bản định nghĩa / version {indicator.version}"


def _counted(indicator: Indicator) -> Iterator[str]:
    """The two counts: conditions on records, or a figure that sources state."""
    if indicator.figure:
        told = (name_of("figure", indicator.figure, name) for name in ("name_vi", "name_en"))
        yield f"- **Số do nguồn nêu / stated by sources**: `{indicator.figure}`, {' / '.join(told)}"
        return
    if indicator.amount:
        yield f"- **Cộng vào tử số / added to the numerator**: `{indicator.amount}`"
    else:
        yield f"- **Tử số / numerator**: `{indicator.numerator}`"
    if indicator.weight:
        yield f"- **Cộng vào mẫu số / added to the denominator**: `{indicator.weight}`"
    yield f"- **Mẫu số / denominator**: `{indicator.population}`"
    if indicator.leaves_by:
        enters = indicator.enters_by or indicator.period_by
        yield f"- **Đến và đi / comes and leaves**: `{enters}`, `{indicator.leaves_by}`"


def _in_force(indicator: Indicator) -> Iterator[str]:
    """The days of the rule, and what the reform wants reached."""
    since, until = indicator.in_force_from, indicator.in_force_to
    if since or until:
        yield f"- **Hiệu lực / in force**: {since or '…'} – {until or '…'}"
    for target in indicator.targets:
        wanted = f"{target.value:.0%}" if indicator.unit == "share" else f"{target.value:g}"
        yield f"- **Mục tiêu / target**: {wanted}, {target.by} ({target.legal_basis})"


def _both(text: Text) -> str:
    return f"{text.vi} / {text.en}"


def _view(view: View) -> tuple[str, ...]:
    added = ", ".join(f"`{name}` ({kind})" for name, kind in view.adds.items())
    return f"`{view.name}`", f"`{view.of}`", added, view.about


if __name__ == "__main__":
    print(document(), end="")
