"""Laws that hold for whatever counts, under every rule set."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scores.conftest import BOTH, as_json, metric, one, points, unit, written
from transforms.scores import Department, Metric, Rules, departments, ranks, score, unweighted

COUNT = st.integers(0, 10**15 - 1)
every_rule_set = pytest.mark.parametrize("rules", BOTH, ids=lambda rules: rules.name)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    """A numerator and a denominator that it is not larger than; small ones too, and 0/0."""
    denominator = draw(COUNT | st.integers(0, 20))
    return draw(st.integers(0, denominator)), denominator


@st.composite
def units(draw: st.DrawFn, rules: Rules, code: str = "H20", some: bool = True) -> Department:
    """A unit that states some of the rules' metrics."""
    names = (
        draw(st.lists(st.sampled_from([*rules.metrics]), unique=True)) if some else rules.metrics
    )
    pairs = [(name, draw(counts())) for name in names]
    return unit(*(Metric(name, Decimal(n), Decimal(d)) for name, (n, d) in pairs), code=code)


@every_rule_set
@given(data=st.data())
def test_points_lie_between_0_and_the_maximum(rules: Rules, data: st.DataObject) -> None:
    scored = score(data.draw(units(rules)), rules)
    for found in scored.metrics:
        assert found.score is None or 0 <= found.score <= found.rule.maximum
    for group in scored.groups:
        assert group.score is None or 0 <= group.score <= group.out_of <= group.maximum
    assert scored.total is None or 0 <= scored.total <= scored.out_of <= 100


@every_rule_set
@given(data=st.data())
def test_sums_are_those_of_what_is_shown(rules: Rules, data: st.DataObject) -> None:
    scored = score(data.draw(units(rules)), rules)
    earned = [metric.score for metric in scored.metrics if metric.score is not None]
    assert (scored.total or 0) == sum(group.score or 0 for group in scored.groups) == sum(earned)
    assert scored.out_of == sum(group.out_of for group in scored.groups)


@every_rule_set
@given(data=st.data())
def test_more_done_never_earns_less(rules: Rules, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from([*rules.metrics]))
    denominator = data.draw(st.integers(1, 10**15 - 1))
    less, more = sorted(data.draw(st.tuples(*[st.integers(0, denominator)] * 2)))
    earned = [Decimal(one(rules, code, numerator, denominator)) for numerator in (less, more)]
    assert earned[0] <= earned[1]


@every_rule_set
@given(times=st.integers(1, 10**9))
def test_a_threshold_gives_everything_from_itself_on(rules: Rules, times: int) -> None:
    for code, rule in rules.metrics.items():
        if rule.threshold is not None:
            at = int(rule.threshold) * times
            assert Decimal(one(rules, code, at, 100 * times)) == rule.maximum
            assert Decimal(one(rules, code, 100 * times, 100 * times)) == rule.maximum
            half = Decimal(one(rules, code, at, 200 * times))
            assert half == rule.maximum / 2


@every_rule_set
@given(data=st.data())
def test_points_are_the_exact_quotient_to_the_nearest_hundredth(
    rules: Rules, data: st.DataObject
) -> None:
    for found in score(data.draw(units(rules)), rules).metrics:
        n, d, maximum = int(found.numerator), int(found.denominator), int(found.rule.maximum)
        if found.score is not None and d:
            full = int(found.rule.full_at)
            cents = min(maximum * 100, (20_000 * maximum * n + full * d) // (2 * full * d))
            assert int(found.score * 100) == cents


@every_rule_set
@given(data=st.data())
def test_the_order_in_which_counts_come_changes_nothing(rules: Rules, data: st.DataObject) -> None:
    all_units = [data.draw(units(rules, code, some=False)) for code in ("H20", "H21", "H26")]
    file = [written(one) for one in all_units]
    pieces = [{**u, "metrics": [m]} for u in file for m in u["metrics"]]
    Random(data.draw(st.integers())).shuffle(pieces)
    read = [score(one, rules) for one in departments(as_json(pieces), "file")]
    told = [score(one, rules) for one in departments(as_json(file), "file")]
    by_code = {scored.department.code: points(scored) for scored in told}
    assert {scored.department.code: points(scored) for scored in read} == by_code
    assert ranks(read) == ranks(told)
    assert unweighted(read, rules) == unweighted(told, rules)


@every_rule_set
@given(data=st.data())
def test_the_band_holds_whatever_the_missing_metrics_would_earn(
    rules: Rules, data: st.DataObject
) -> None:
    known = data.draw(units(rules))
    band = score(known, rules).band
    named = {metric.code for metric in known.metrics}
    others = [code for code in rules.metrics if code not in named]
    rest = [metric(code, *data.draw(st.sampled_from([(0, 1), (1, 1), (1, 2)]))) for code in others]
    filled = score(unit(*known.metrics, *rest), rules).band
    assert band is None or filled in (band, None)
