"""Writes docs/detectors.md: every detector as it is declared, in Vietnamese and English.

Run ``python -m transforms.detectors > docs/detectors.md`` after changing a detector, or an
indicator that uses a column of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from transforms.detectors import Detector, detectors, fed_by
from transforms.detectors.words import WORDS

INTRODUCTION = """\
# Dấu hiệu / Detectors

Tệp này do `python -m transforms.detectors` viết ra từ các khai báo. / This file is written by that
command from the declarations in `transforms/detectors`.

Mỗi đêm, từng nguồn được xét trên các bản ghi của 90 ngày cuối. Một dấu hiệu được coi là có khi tỷ
lệ đạt ngưỡng và có đủ số bản ghi tối thiểu. **gaming** chỉ nêu bên cạnh số liệu của nguồn, không
đổi số nào. **constant** nghĩa là cột không nói lên điều gì: nguồn không được tính vào các chỉ số
dùng cột đó, và độ phủ cho thấy điều này. Cột bỏ trống không phải là hằng số. Nguồn mà dấu hiệu là
sự thật khai nó, với lý do, trong `accepted_deviations`.

Every night each source is judged by its records of the last 90 days. A detector finds something
where the share reaches the threshold and there are at least the minimum of records. **gaming** is
told beside the source's figures and changes none of them. **constant** means that the column tells
nothing: the source does not feed the indicators that use it, and coverage says so. A column left
empty is no constant. A source of which the finding is the truth declares it, with the reason, in
`accepted_deviations`. `motcua detections` lists what was found; releases hold it as `detection`.

The thresholds lie above what honest sources reach by far, and are shares, not ranks among peers: a
fault that all installations of one product share would hide itself among its like
([decision 21](decisions/0021-detectors-with-fixed-thresholds.md) has the measurements).
"""


def document() -> str:
    """The whole file."""
    sections = chain.from_iterable(_section(detector) for detector in detectors().values())
    words = (f"- `{word}`: {about}" for word, about in WORDS.items())
    return "\n".join([INTRODUCTION, *sections, "## Words", "", *words]) + "\n"


def _section(detector: Detector) -> Iterator[str]:
    yield f"## {detector.name}"
    yield ""
    yield f"**{detector.name_vi}** / **{detector.name_en}** ({detector.kind})"
    yield ""
    yield f"- {detector.about.vi}"
    yield f"- {detector.about.en}"
    yield f"- **Cần sửa**: {detector.fix.vi} / **To mend**: {detector.fix.en}"
    of = detector.view or detector.record
    yield f"- **Trong / of** `{of}`, `{detector.within}`: `{detector.of}`"
    yield f"- **Đếm / counts**: {', '.join(f'`{mark}`' for mark in detector.marks)}"
    yield f"- **Ngưỡng / threshold**: {detector.threshold:.0%}"
    yield f"- **Tối thiểu / minimum**: {detector.minimum}"
    if detector.column:
        fed = ", ".join(f"`{code}`" for code in fed_by(detector)) or "—"
        yield f"- **Không được tính vào / does not feed**: {fed}"
    yield ""


if __name__ == "__main__":
    print(document(), end="")
