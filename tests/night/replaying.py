"""A small country whose ratings come as files, with a rule that people come to regret."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

import expectations.check
import pipeline
from expectations import verdict
from motcua.clock import now
from stack.postgres import stop_embedded
from tests.night.conftest import forget
from tests.night.folders import RATINGS, drop, rating

NIGHTS = [dt.date(2026, 11, 27) + dt.timedelta(days=n) for n in range(3)]
FRIDAY, SATURDAY, SUNDAY = NIGHTS
NEXT_YEAR = dt.date(2027, 1, 1)
REGRETTED = """\
version: 1
scope: row
records: [rating]
title_vi: Đánh giá không hài lòng
title_en: Dissatisfied
why_vi: Quy tắc thử.
fix_vi: Sửa mức đánh giá.
severity: error
dimension: validity
responsibility: external
expectation:
  type: expect_no_row_where
  kwargs:
    where:
      rating: {in: [dissatisfied]}
passes:
  - {rating: satisfied}
fails:
  - {rating: dissatisfied}
"""
SOURCES = {
    "ha_noi": RATINGS.format(area="H26", frequency="nightly", floor=0),
    "hue": RATINGS.format(area="H57", frequency="nightly", floor=5),
}
HELD = "hue.rating.2026-11-29"
UNIT = "H26.01"


class Replaying:
    """The home folder, and what people can change: the rules, and how a source writes."""

    nights: ClassVar[Sequence[dt.date]] = NIGHTS
    declared: ClassVar[Mapping[str, str]] = SOURCES
    rules: ClassVar[Mapping[str, str]] = {"dissatisfied": REGRETTED}

    def __init__(self, folder: Path) -> None:
        self.home, self.sources, self.checks = (folder / n for n in ("var", "sources", "checks"))
        shutil.copytree(expectations.check.FOLDER, self.checks)
        for check_id, text in self.rules.items():
            (self.checks / f"{check_id}.yml").write_text(text, encoding="utf-8")
        self.sources.mkdir()
        for source_id, text in self.declared.items():
            (self.sources / f"{source_id}.yml").write_text(text, encoding="utf-8")

    def deliver(self, on: dt.date) -> None:
        deliver(self.home, on)

    def no_longer_regret(self) -> None:
        for check_id in self.rules:
            (self.checks / f"{check_id}.yml").unlink()
        forget_rules()

    def learn_a_word(self) -> None:
        file = self.sources / "ha_noi.yml"
        text = file.read_text(encoding="utf-8").replace("{tot:", "{vua: very_satisfied, tot:")
        file.write_text(text, encoding="utf-8")
        forget()


def forget_rules() -> None:
    """Forget which rules this process has read."""
    expectations.check.checks.cache_clear()
    for made in vars(verdict).values():
        if hasattr(made, "cache_clear") and made.__module__ == verdict.__name__:
            made.cache_clear()


def deliver(home: Path, on: dt.date) -> None:
    """What lies in the folders by the end of that day. On Friday twelve are dissatisfied, of whom
    number 4 says better on Saturday; two use an unknown word, and of two the day is in next year,
    one of them both. Huế sends too few on Saturday and is held, and nothing more on Sunday, when
    the same is held again."""
    rows = {
        FRIDAY: [
            *(rating(UNIT, n, on) for n in range(100, 250)),
            *(rating(UNIT, n, on, muc="kem") for n in range(12)),
            rating(UNIT, 20, on, muc="vua"),
            rating(UNIT, 22, on, NEXT_YEAR, muc="vua"),
            rating(UNIT, 21, on, NEXT_YEAR),
        ],
        SATURDAY: [rating(UNIT, 4, on), *(rating(UNIT, n, on) for n in range(300, 340))],
        SUNDAY: [rating(UNIT, n, on) for n in range(400, 440)],
    }
    drop(home, "ha_noi", str(on), *rows[on])
    few = {FRIDAY: range(50), SATURDAY: range(60, 63), SUNDAY: range(0)}
    drop(home, "hue", str(on), *(rating("H57.01", n, on) for n in few[on]))


@contextmanager
def country(nights: int, kind: type[Replaying] = Replaying) -> Iterator[Replaying]:
    """The country after so many nights."""
    folder = tempfile.TemporaryDirectory(prefix="motcua-replay-")
    with folder as place, pytest.MonkeyPatch.context() as patch:
        made = kind(Path(place))
        patch.setenv("MOTCUA_HOME", str(made.home))
        patch.setenv("MOTCUA_SOURCES_DIR", str(made.sources))
        patch.setattr(expectations.check.checks.__wrapped__, "__defaults__", (made.checks,))
        forget()
        forget_rules()
        try:
            for on in kind.nights[:nights]:
                made.deliver(on)
                pipeline.night(on, now)
            yield made
        finally:
            stop_embedded(made.home / "postgres")
    forget()
    forget_rules()
