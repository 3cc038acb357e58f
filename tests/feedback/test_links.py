"""Signed links: for one thing, until one day, by our own keys alone."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import LinkRefused, SettingsError
from catalog.night import Night
from feedback.links import Link, Purpose, keys, path, read, token

KEYS = ["an-older-key", "the-newest-key"]
LAST = dt.date(2026, 11, 30)
MORNING = dt.datetime(2026, 11, 1, 2, tzinfo=dt.UTC)
ID = "ha_noi/dossier/rejected:unknown_code/KenhThucHien"
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
LINKS = st.builds(
    Link,
    purpose=st.sampled_from(PURPOSES),
    area=st.from_regex(r"[A-Z0-9.-]{1,12}", fullmatch=True),
    until=st.dates(LAST, dt.date(2030, 1, 1)),
    incident_id=st.text(max_size=300),
)
SIGNS = "".join(map(chr, range(33, 127)))


def refused(written: str, wanted: tuple[Purpose, ...] = PURPOSES, at: dt.datetime = MORNING) -> str:
    with pytest.raises(LinkRefused) as told:
        read(written, wanted, KEYS, at)
    assert len(written) < 20 or written not in str(told.value) + told.value.problem_vi
    return told.value.reason


@given(LINKS)
def test_what_was_signed_is_read_again_and_fits_into_an_address(link: Link) -> None:
    written = token(link, KEYS)
    assert read(written, [link.purpose], KEYS, MORNING) == link
    assert set(written) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert token(link, KEYS) == written


@given(link=LINKS, data=st.data())
def test_any_change_of_any_character_is_refused(link: Link, data: st.DataObject) -> None:
    written = token(link, KEYS)
    place = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.sampled_from(SIGNS).filter(lambda sign: sign != written[place]))
    for changed in (
        written[:place] + other + written[place + 1 :],
        written[:place] + other + written[place:],
        written[:place] + written[place + 1 :],
    ):
        if changed != written:
            assert refused(changed) == "not ours"


def test_the_signature_can_be_written_in_one_way_only() -> None:
    """Its last character has bits that base64 does not use."""
    written = token(Link("page", "H26", LAST), KEYS)
    for sign in SIGNS:
        if sign != written[-1]:
            assert refused(written[:-1] + sign) == "not ours"
    for more in ("=", "!", " ", "\n", "é", "\udc80", "."):
        assert refused(written + more) == "not ours"
        assert refused(written[:-3] + more + written[-3:]) == "not ours"


@pytest.mark.parametrize("written", ["", ".", "..", "a", "a.b", "é.é", "." * 500, "a" * 10_000])
def test_what_is_no_token_is_refused(written: str) -> None:
    assert refused(written) == "not ours"


def test_it_holds_to_the_last_instant_of_its_last_day_in_viet_nam() -> None:
    written = token(Link("page", "H26", LAST), KEYS)
    end = Night(LAST).cutoff
    assert read(written, ["page"], KEYS, end - dt.timedelta(microseconds=1)).area == "H26"
    assert refused(written, at=end) == "run out"


@pytest.mark.parametrize(("made", "asked"), list(itertools.permutations(PURPOSES, 2)))
def test_a_link_for_one_thing_does_nothing_else(made: Purpose, asked: Purpose) -> None:
    link = Link(made, "H26", LAST, ID)
    assert refused(token(link, KEYS), (asked,)) == "for something else"
    assert token(link, KEYS) != token(replace(link, purpose=asked), KEYS)


def test_the_signature_of_one_area_does_not_serve_another() -> None:
    ours, theirs = (token(Link("page", area, LAST), KEYS) for area in ("H26", "H57"))
    said, _, signature = ours.rpartition(".")
    assert refused(f"{theirs.rpartition('.')[0]}.{signature}") == "not ours"
    assert read(f"{said}.{signature}", ["page"], KEYS, MORNING).area == "H26"


def test_another_key_is_refused_and_an_older_one_holds_until_it_is_taken_out() -> None:
    link = Link("dispute", "H26", LAST, ID)
    older, newer = (token(link, [key]) for key in KEYS)
    assert token(link, KEYS) == newer
    assert read(older, ["dispute"], KEYS, MORNING) == read(newer, ["dispute"], KEYS, MORNING)
    with pytest.raises(LinkRefused, match="not ours"):
        read(older, ["dispute"], KEYS[1:], MORNING)
    assert refused(token(link, ["a-strange-key"])) == "not ours"


def test_keys_stand_in_the_secret_with_white_space_between() -> None:
    assert list(keys("one\n two\tthree \n")) == ["one", "two", "three"]
    with pytest.raises(SettingsError, match="MOTCUA_LINKS"):
        keys(" \n")


def test_the_address_says_whether_it_is_looked_at_or_answered() -> None:
    kinds = {each: path(Link(each, "H26", LAST, ID), KEYS)[:3] for each in PURPOSES}
    assert kinds == {"page": "/p/", "acknowledge": "/a/", "dispute": "/a/", "accept": "/a/"}
