"""What an indicator's page says of Decision 766: its metric in each rule set, where these
contradict one another, and the portal's own figure of the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations

from catalog import codelists
from transforms.indicators.declaration import Indicator, indicators
from transforms.scores.contradictions import Contradiction, contradictions
from transforms.scores.rules import MetricRule, Rules, rule_sets
from transforms.scores.wording import ZERO, given, method, ratio


def on_page(indicator: Indicator) -> Iterator[str]:
    """Lines for the page; none for an indicator that Decision 766 does not know."""
    codes = _metrics().get(indicator.code, [])
    for rules in _dated():
        for code in codes:
            if code in rules.metrics:
                yield _rule(rules, rules.metrics[code])
    for a, b in combinations(_dated(), 2):
        yield from (_contradiction(a, b, c) for c in contradictions(a, b) if c.code in codes)
    if indicator.official and indicator.differs:
        twins = (i.code for i in indicators().values() if i.figure == indicator.official)
        links = ", ".join(f"[{code}](#{code})" for code in twins)
        yield f"- **Cổng nêu / stated by the portal**: `{indicator.official}` {links}".rstrip()
        yield f"- **Vì sao có thể khác**: {indicator.differs.vi}"
        yield f"- **Why it may differ**: {indicator.differs.en}"


@cache
def _metrics() -> dict[str, list[str]]:
    """Indicator -> the metrics that it counts, or states in the portal's own words."""
    figures = {row["portal"]: row["code"] for row in codelists.rows("figure") if row["portal"]}
    stated = {i.figure: i.code for i in indicators().values() if i.figure}
    found: dict[str, list[str]] = {}
    for rules in _dated():
        for code, rule in rules.metrics.items():
            for indicator in (rule.indicator, stated.get(figures.get(code, ""), "")):
                if indicator and code not in found.setdefault(indicator, []):
                    found[indicator].append(code)
    return found


def _dated() -> list[Rules]:
    return sorted(rule_sets().values(), key=lambda rules: rules.valid_from)


def _rule(rules: Rules, rule: MetricRule) -> str:
    until = f" – {rules.valid_to}" if rules.valid_to else ""
    number = f"{rule.number} " if rule.number else ""
    points = f"tối đa / at most {rule.maximum}"
    return (
        f"- **Quyết định 766 / Decision 766**, `{rules.name}` ({rules.valid_from}{until}): "
        f"{number}`{rule.code}`, {points}, {method(rule)}, 0/0: {ZERO[rule.zero_over_zero]}"
    )


def _contradiction(a: Rules, b: Rules, found: Contradiction) -> str:
    told = (f"`{rules.name}` {given(found, n)}" for n, rules in enumerate((a, b)))
    return (
        f"- **Hai cách chấm trái nhau / the rule sets contradict one another**, "
        f"`{found.code}`, {ratio(found.percent)}: {' ≠ '.join(told)}"
    )
