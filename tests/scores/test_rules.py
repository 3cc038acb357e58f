"""The rule sets as declared: what they say, when they hold, and what is refused."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import yaml

from catalog import codelists
from catalog.declarations import declared, load_content
from catalog.errors import DeclarationError
from tests.scores.conftest import BOTH, CERTIFIED, PORTAL, TEXT
from transforms.scores import Rules, contradictions, rule_sets, rules_on
from transforms.scores.rules import FOLDER

WRITTEN = yaml.safe_load((declared(FOLDER) / "portal_2026.yml").read_text(encoding="utf-8"))
MAXIMA = {"CKMB": 18, "TDGQ": 20, "CLGQ": 12, "TTTT": 10, "MDSH": 22, "MDHL": 18}


def test_thresholds_of_the_text() -> None:
    thresholds = {m.number: m.threshold for m in TEXT.metrics.values() if m.threshold}
    assert thresholds == {
        "3.1": 80, "3.3": 50, "3.5": 80, "3.6": 30, "4.2": 80, "4.3": 80, "5.4": 90,
    }  # fmt: skip


@pytest.mark.parametrize("rules", BOTH, ids=lambda rules: rules.name)
def test_groups_have_the_points_of_the_decision(rules: Rules) -> None:
    assert {code: group.maximum for code, group in rules.groups.items()} == MAXIMA


def test_online_services_are_three_metrics_in_the_text_and_one_at_the_portal() -> None:
    assert [int(m.maximum) for m in TEXT.metrics_of("CLGQ")] == [2, 4, 6]
    assert [int(m.maximum) for m in PORTAL.metrics_of("CLGQ")] == [12]


@pytest.mark.parametrize("rules", BOTH, ids=lambda rules: rules.name)
def test_every_metric_that_the_portal_was_seen_to_state_is_scored_under_its_name(
    rules: Rules,
) -> None:
    listed = [row for row in codelists.rows("figure") if row["code"].startswith("766_")]
    known = {m.code: (m.name_vi, m.name_en) for m in rules.metrics.values() if m.is_portal_code}
    assert known == {row["portal"]: (row["name_vi"], row["name_en"]) for row in listed}


def test_the_rule_sets_contradict_one_another_where_the_portal_was_seen_to() -> None:
    found = {(c.code, c.percent): c.points for c in contradictions(TEXT, PORTAL)}
    half = Decimal(50)
    assert {key: tuple(map(str, pair)) for key, pair in found.items()} == {
        ("PROCEDURES_ONLINE", half): ("1.25", "None"),
        ("PROCEDURES_WITH_ONLINE_DOSSIER", half): ("2.00", "None"),
        ("DOSSIERS_ONLINE", half): ("6.00", "None"),
        ("SO_HOA_GIAY_TO_GIAI_QUYET", Decimal("21.12")): ("1.06", "0.84"),
        (CERTIFIED, None): ("None", "2.00"),
        ("DOSSIERS_END_TO_END", half): ("None", "6.00"),
    }


def test_a_rule_set_does_not_contradict_itself() -> None:
    assert [contradictions(rules, rules) for rules in BOTH] == [(), ()]


@pytest.mark.parametrize(
    ("change", "percent"),
    [({"threshold": 90}, "40"), ({"maximum": Decimal(3)}, "40"), ({"method": "linear"}, "40")],
)
def test_any_other_way_of_scoring_is_a_contradiction(change: dict[str, Any], percent: str) -> None:
    change = {"threshold": None, **change} if "method" in change else change
    rule = TEXT.metrics["PROCEDURES_ONLINE"].model_copy(update=change)
    other = TEXT.model_copy(update={"metrics": {**TEXT.metrics, rule.code: rule}})
    [found] = contradictions(TEXT, other)
    assert (found.code, found.percent) == ("PROCEDURES_ONLINE", Decimal(percent))
    assert found.points[0] != found.points[1]


@pytest.mark.parametrize(
    ("day", "name"),
    [("2022-06-23", "text_2022"), ("2025-12-31", "text_2022"), ("2026-01-01", "portal_2026")],
)
def test_a_day_has_the_rule_set_that_began_last(day: str, name: str) -> None:
    assert rules_on(dt.date.fromisoformat(day)).name == name


def test_before_the_decision_there_is_no_rule_set() -> None:
    with pytest.raises(DeclarationError, match="no rule set is valid on 2022-06-22"):
        rules_on(dt.date(2022, 6, 22))


def test_what_is_not_known_is_said_of_every_guess() -> None:
    for rules in rule_sets().values():
        asked = {code for question in rules.unknown for code in question.metrics}
        assert not {m.code for m in rules.metrics.values() if not m.number} - asked
    unseen = {m.code for m in PORTAL.metrics.values() if m.maximum and not m.seen}
    assert not unseen - {code for question in PORTAL.unknown for code in question.metrics}


def broken(change: Callable[[dict[str, Any]], Any]) -> str:
    """What is said of a rule set after `change`."""
    content = copy.deepcopy(WRITTEN)
    change(content)
    with pytest.raises(DeclarationError) as caught:
        load_content("wrong.yml", Rules, {**content, "name": "wrong"})
    return str(caught.value)


def of(metric: str, **fields: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda content: content["metrics"][metric].update(fields)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (of("ON_TIME", group="NONE"), "no group NONE"),
        (of("ON_TIME", maximum=19), "groups.TDGQ: the metrics do not add up"),
        (of("ON_TIME", maximum=-1), "greater than or equal to 0"),
        (of("ON_TIME", maximum="20.001"), "no more than 2 decimal places"),
        (of("ON_TIME", maximum=float("nan")), "finite number"),
        (of("ON_TIME", threshold=80), "belongs to the method threshold"),
        (of("ON_TIME", method="threshold"), "belongs to the method threshold"),
        (of("ON_TIME", method="monitor"), "no points belong to"),
        (of("ON_TIME", method="cubic"), "'linear'"),
        (of("ON_TIME", zero_over_zero="maybe"), "'full'"),
        (of("ON_TIME", zero=1), "Extra inputs"),
        (of("ON_TIME", number="1.1"), "a number stands twice"),
        (of("ON_TIME", number="DOSSIER_SYNC"), "another's code"),
        (of("REUSED_DIGITIZED_DATA", threshold=70), "does not give the score that was seen"),
        (of(CERTIFIED, zero_over_zero="none"), "does not give the score that was seen"),
        (lambda c: c["groups"]["TDGQ"].update(maximum=19), "groups.TDGQ"),
        (lambda c: c["metrics"].pop("ON_TIME"), "groups.TDGQ"),
        (lambda c: c.update(metrics=[]), "valid dictionary"),
        (lambda c: c["metrics"].update(ON_TIME=3), "metrics.ON_TIME"),
        (lambda c: c["bands"].reverse(), "from the best down"),
        (lambda c: c["bands"].pop(), "begins at 0"),
        (lambda c: c["unknown"][0].update(metrics=["X"]), "unknown: no metric X"),
        (lambda c: c.update(valid_to="2025-12-31"), "before valid_from"),
        (lambda c: c["rounding"].update(ties="even"), "'half_up'"),
        (lambda c: c["unknown"][0].update(vi="TODO"), "still TODO"),
    ],
)
def test_a_wrong_rule_set_is_refused_naming_what_is_wrong(
    change: Callable[[dict[str, Any]], Any], problem: str
) -> None:
    assert "wrong.yml: " in broken(change)
    assert problem in broken(change)
