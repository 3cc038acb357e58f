"""Whether text reads as Vietnamese: the guard against an encoding that was declared wrongly.

Each word with a letter beyond ASCII must be built as a Vietnamese syllable is: consonants, a
vowel group with at most one tone, a final. Text that was decoded wrongly hardly ever is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

FEWEST, LARGEST_SHARE = 3, 1 / 3
"""So many strange words are needed, and this share of all words beyond ASCII, to refuse a page:
names of other languages and of the minorities (Kpă, Müller) occur in good files."""

MOST_SAMPLES, LONGEST_SAMPLE = 20, 2000
"""So many rows beyond ASCII, and characters of each, are kept to read them in another encoding."""

PUNCTUATION = "\xa0\xab\xb0\xb7\xbb\u2010-\u2027\u20ab\ufeff"
WORD = re.compile(rf"(?:[A-Za-z]|[^\x00-\x7f{PUNCTUATION}])+")
LONGEST = 40
"""No word has more letters, and none longer is looked at closely."""
ABBREVIATION = re.compile("[A-ZĂÂĐÊÔƠƯ]{1,6}|đ")
"""Neither for nor against: NĐ-CP, 50.000đ."""
CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
TONES = "\u0300\u0301\u0303\u0309\u0323"
CASE_CHANGE = re.compile(r"(?<=[^\W\dA-ZĂÂĐÊÔƠƯ_])(?=[A-ZĂÂĐÊÔƠƯ])")
MISPLACED = re.compile(f"(?<!q)[aeou][\u0302\u0306\u031b]?i[{TONES}]$")
"""A tone on the i that ends a vowel group (xaị), where no syllable has it."""
SYLLABLE = re.compile(
    "(ngh|ng|nh|n|gh|gi|g|ch|c|kh|kr|k|ph|p|qu|th|tr|t|br|b|[dđhlmrsvx])?"
    "(oai|oay|oao|oeo|uây|uyu|uêu|iêu|yêu|uôi|ươi|ươu|uya|uyê|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|"
    "oa|oă|oe|oi|ôi|ơi|oo|ôô|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|ya|yê|[aăâeêioôơuưy])"
    "(ch|ng|nh|[ckmnpt])?"
)


@dataclass
class Reading:
    """How the words beyond ASCII that were met so far read: `known` as Vietnamese (`long` ones of
    more than a letter), `strange`, or neither; `first` are the first rows that hold any, `odd` the
    first with a strange one.

    A word with a sign in it (s¬) and a control character count as two strange ones: no language has
    them. Zero bytes are never text.
    """

    known: int = 0
    long: int = 0
    strange: int = 0
    neither: int = 0
    has_zero: bool = False
    first: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: Iterable[str]) -> Reading:
        """How these values read."""
        reading = cls()
        reading.take(values)
        return reading

    def take(self, values: Iterable[str]) -> None:
        """Look at the values of a further row (NFC)."""
        text = "\n".join(values)
        self.has_zero |= "\0" in text
        self.strange += 2 * len(CONTROL.findall(text))
        if text.isascii():
            return
        sample, before = (text[:LONGEST_SAMPLE],), self.strange
        if len(self.first) < MOST_SAMPLES:
            self.first += sample
        self._count(text)
        if self.strange > before and len(self.odd) < MOST_SAMPLES:
            self.odd += sample

    def _count(self, text: str) -> None:
        for word in WORD.findall(text):
            if word.isascii():
                continue
            if len(word) <= LONGEST and is_syllable(word):
                self.known += 1
                self.long += len(word) > 1
            elif ABBREVIATION.fullmatch(word):
                self.neither += 1
            elif any(map(str.isalpha, word)):
                self.strange += 1 if word.isalpha() else 2

    @property
    def is_plausible(self) -> bool:
        words = self.known + self.strange
        too_many = self.strange >= FEWEST and self.strange > words * LARGEST_SHARE
        return not self.has_zero and not too_many

    @property
    def is_doubtful(self) -> bool:
        """Whether a word speaks against the text, or there are only signs beyond ASCII."""
        has_words = self.known or self.neither
        return bool(self.first) and (self.strange > 0 or not has_words)

    def copy(self) -> Reading:
        return replace(self)


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether a word, or each part of it between changes of case (NộI, MãHồSơ), is a syllable."""
    return _fits(word) or all(_fits(part) for part in CASE_CHANGE.split(word) if part)


def _fits(word: str) -> bool:
    marks = unicodedata.normalize("NFD", word.lower())
    plain = unicodedata.normalize("NFC", "".join(c for c in marks if c not in TONES))
    toned = sum(c in TONES for c in marks)
    return toned <= 1 and not MISPLACED.search(marks) and SYLLABLE.fullmatch(plain) is not None
