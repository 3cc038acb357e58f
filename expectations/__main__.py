"""Writes docs/checks.md: every check as it is declared, in Vietnamese and English.

Run ``python -m expectations > docs/checks.md`` after changing a check.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from expectations.check import Check, checks
from expectations.outlook import NIGHTS_COMPARED, SAME_WEEKDAYS_NEEDED
from expectations.thresholds import SIZES

SEVERITIES = {
    "error": "lỗi, cách ly dòng hoặc giữ lô / error",
    "warning": "cảnh báo / warning",
}
RESPONSIBILITIES = {
    "external": "đơn vị gửi / the source",
    "internal": "nhóm vận hành / the operators",
}
DIMENSIONS = {
    "completeness": "đầy đủ / completeness",
    "validity": "hợp lệ / validity",
    "timeliness": "kịp thời / timeliness",
    "consistency": "nhất quán / consistency",
    "uniqueness": "duy nhất / uniqueness",
}
MISSING = {
    "passes": "đạt / passes",
    "fails": "không đạt / fails",
    "not_judged": "không xét / not judged",
}
INTRODUCTION = f"""\
# Kiểm tra / Checks

Tệp này do `python -m expectations` viết ra từ các khai báo. / This file is written by that command
from the declarations in `expectations/checks`.

Mỗi kiểm tra xét từng dòng, hoặc cả lô của một nguồn trong một đêm. **Lỗi** cách ly dòng hoặc giữ cả
lô lại chờ người xem; **cảnh báo** chỉ nêu ra. Mọi kiểm tra xét theo đêm được giao, không theo đồng
hồ. Nguồn được phép khác thì khai trong `accepted_deviations`, với lý do và, nếu có, ngày hết hạn.

Each check is about rows, or about what one source delivered on a night as a whole. An **error**
quarantines the row or holds the batch for a person; a **warning** only tells. All judge as of the
night that they are given, never by a clock. A source that may deviate says so in
`accepted_deviations`, with the reason and, where there is one, the last day; after it the check
counts again. `motcua check-rule` says what a new or changed check would have changed over the last
90 days, before it is switched on ([decision 35](decisions/0035-rules-about-rules.md), with
precision and recall).

How much a night should bring is read off the source's own history: the median of the last
{NIGHTS_COMPARED} usual nights of the same weekday, once there are {SAME_WEEKDAYS_NEEDED}. Public
holidays, the weekends that they join, the days right beside them and the days on which offices make
up for them are no usual days. Sizes of sources, by rows of a usual night: \
{", ".join(f"{size} below {below:,}" for size, below in SIZES)}, else large.
"""


def document() -> str:
    """The whole file."""
    return "\n".join([INTRODUCTION, *chain.from_iterable(map(_section, checks().values()))])


def _section(check: Check) -> Iterator[str]:
    yield f"## {check.check_id}"
    yield ""
    yield f"**{check.title_vi}** / **{check.title_en}**"
    yield ""
    yield f"- **Vì sao / why**: {check.why_vi}"
    yield f"- **Cần sửa / to mend**: {check.fix_vi}"
    yield f"- **Mức / severity**: {SEVERITIES[check.severity]}"
    yield f"- **Ai xử lý / who acts**: {RESPONSIBILITIES[check.responsibility]}"
    yield f"- **Chiều / dimension**: {DIMENSIONS[check.dimension]}"
    if check.scope == "row":
        yield f"- **Xét / about**: {', '.join(f'`{kind}`' for kind in check.records)}"
        yield f"- **Thiếu giá trị / missing values**: {MISSING[check.missing]}"
    else:
        yield "- **Xét / about**: cả lô / the whole batch"
    for name, threshold in check.thresholds.items():
        groups = (*threshold.of_platform.items(), *threshold.of_size.items())
        told = [f"{threshold.usual:g}", *(f"{group} {value:g}" for group, value in groups)]
        yield f"- **Ngưỡng / threshold** `{name}`: {', '.join(told)}"
    yield f"- **Phiên bản / version**: {check.version}"
    yield ""


if __name__ == "__main__":
    print(document(), end="")
