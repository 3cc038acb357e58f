"""What a source states that games its figures; and that an honest nation plays none."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import cache
from random import Random

import pytest

from catalog.areas import NATION
from simulator import Nation
from simulator.dossier import Dossier
from simulator.gaming import HONEST, gaming, gamings
from simulator.truth import Counts, truth

SOURCE, OPENS, ON = "hue", dt.date(2026, 9, 1), dt.date(2026, 10, 20)
AREA = "H57"


def nation(kind: str = "") -> Nation:
    return Nation(OPENS, 10_000, 7, {SOURCE: kind} if kind else {})


@cache
def true(kind: str = "") -> Counts:
    return truth(nation(kind), ON)


def real(found: Nation) -> list[Dossier]:
    dossiers = found.alive(SOURCE, OPENS, ON)
    return [d for d in dossiers if d.is_real]


@pytest.mark.parametrize("kind", sorted(gamings()))
def test_lives_stay_in_order_whatever_is_hidden(kind: str) -> None:
    for dossier in real(nation(kind)):
        times = [version.at for version in dossier.versions]
        assert times == sorted(set(times))
        for version in dossier.versions:
            assert not version.finished_at or version.received_at <= version.finished_at


@pytest.mark.parametrize("kind", sorted(gamings()))
def test_no_code_is_given_twice(kind: str) -> None:
    codes = Counter(d.code for d in real(nation(kind)))
    assert max(codes.values()) == 1


def test_what_is_late_is_stated_as_on_time_and_the_truth_follows() -> None:
    for indicator in ("on_time_rate", "on_time_rate_766"):
        key = (indicator, AREA, "2026-09")
        (of_honest, honest), (of_gamed, gamed) = true()[key], true("late_hidden")[key]
        assert of_gamed / gamed > of_honest / honest
    assert gaming("late_hidden").on_time == 0.5


def test_constants_are_stated_of_every_dossier() -> None:
    for dossier in real(nation("constants")):
        stated = dossier.filed_on_portal, dossier.is_vneid_verified, dossier.has_digitised_component
        assert stated == (False, True, True)


def test_constants_change_no_life() -> None:
    told = [[d.versions for d in real(found)] for found in (nation(), nation("constants"))]
    assert told[0] == told[1]


def test_the_truth_of_the_others_is_the_same() -> None:
    honest, gamed = true(), true("late_hidden")
    differ = {area for _, area, *_ in honest.keys() | gamed.keys() if area not in (AREA, NATION)}
    for key in honest.keys() | gamed.keys():
        if key[1] in differ:
            assert honest.get(key) == gamed.get(key), key


def test_the_honest_way_disguises_nothing() -> None:
    assert HONEST.disguise(Random(1)) is None
    assert HONEST.sequence(1, OPENS, 17) == "0017"
