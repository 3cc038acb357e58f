"""Scores by Decision 766 from a file of counts in the national portal's shape."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from catalog.errors import DeclarationError, DeliveryBroken, MotcuaError
from motcua.application import AsJson, MaybeOn, app, show
from motcua.clock import today
from motcua.own_scores import own_scores, refuse_both, show_own
from motcua.score_table import print_scores
from transforms.scores import (
    MAX_BYTES,
    MetricScore,
    Rules,
    Scored,
    departments,
    explained,
    ranks,
    rule_sets,
    rules_on,
    score,
    together,
    unweighted,
)

JSON = msgspec.json.Encoder(decimal_format="number")


@app.command(rich_help_panel="Looking")
def score766(
    file: Annotated[
        Path | None, typer.Argument(help="JSON in the portal's shape, or a list of such.")
    ] = None,
    rules: Annotated[
        str, typer.Option(metavar="NAME", help="A rule set of transforms/scores/rules.")
    ] = "",
    area: Annotated[str, typer.Option(help="Of a release: VN, H26, G03; without it, all.")] = "",
    period: Annotated[str, typer.Option(help="Of a release; without it, the newest year.")] = "",
    on: MaybeOn = None,
    as_json: AsJson = False,
) -> None:
    """Score units by Decision 766: those of FILE, else our own figures as published; without
    --rules by the set in force on the day, or today."""
    if file is None:
        published = own_scores(area, period, _named(rules).name if rules else "", on)
        show("", published, True) if as_json else show_own(published, area)
        return
    refuse_both(area, period)
    try:
        chosen = _named(rules) if rules else rules_on(on or today())
        units = departments(_content(file), file.name)
        scored = [score(unit, chosen) for unit in units]
        whole = score(together(units, chosen, "", ""), chosen)
    except MotcuaError as error:
        typer.echo(f"{error} / {error.message_vi}", err=True)
        raise typer.Exit(2) from None
    facts = _facts(chosen, scored, whole)
    if as_json:
        typer.echo(msgspec.json.format(JSON.encode(facts), indent=1))
    else:
        print_scores(chosen, facts)


def _named(name: str) -> Rules:
    if name not in rule_sets():
        raise DeclarationError("--rules", f"no such rule set; there are {', '.join(rule_sets())}")
    return rule_sets()[name]


def _content(file: Path) -> bytes:
    """At most one byte more than is taken: a file may have no end."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise DeliveryBroken(file.name, f"cannot be read ({type(error).__name__})") from None


def _facts(rules: Rules, scored: Sequence[Scored], whole: Scored) -> dict[str, Any]:
    """Everything for a program: the rule set, each unit, best first, and all units as one."""
    place, mean = ranks(scored), unweighted(scored, rules)
    ordered = sorted(scored, key=lambda s: (place.get(s.department.code, 0), s.department.code))
    return {
        "rules": rules.name,
        "valid_from": str(rules.valid_from),
        "valid_to": str(rules.valid_to) if rules.valid_to else None,
        "departments": [_unit(rules, s, place.get(s.department.code)) for s in ordered],
        "unweighted_mean": mean,
        "weighted": _total(whole) if mean and not whole.is_partial else None,
    }


def _unit(rules: Rules, scored: Scored, rank: int | None) -> dict[str, Any]:
    return {
        "code": scored.department.code,
        "name": scored.department.name,
        "rank": rank,
        **_total(scored),
        "groups": [
            {
                "code": group.code,
                "score": group.score,
                "maximum": group.maximum,
                "out_of": group.out_of,
                "is_partial": group.is_partial,
                **_beside(group.score, group.stated),
            }
            for group in scored.groups
        ],
        "metrics": [_metric(metric) for metric in scored.metrics],
        "missing": scored.missing,
        "unknown": scored.unknown,
    }


def _total(scored: Scored) -> dict[str, Any]:
    band = scored.band
    return {
        "total": scored.total,
        "maximum": scored.maximum,
        "out_of": scored.out_of,
        "is_partial": scored.is_partial,
        "band": band and band.name_vi,
        "band_en": band and band.name_en,
        **_beside(scored.total, scored.stated),
    }


def _metric(metric: MetricScore) -> dict[str, Any]:
    rule, stated = metric.rule, metric.stated
    names = (
        explained(rule.code, metric.numerator, metric.denominator, stated)
        if stated is not None
        else []
    )
    return {
        "code": rule.code,
        "number": rule.number,
        "group": rule.group,
        "numerator": metric.numerator,
        "denominator": metric.denominator,
        "ratio": metric.ratio,
        "score": metric.score,
        "maximum": rule.maximum,
        "note": metric.note,
        **_beside(metric.score, stated),
        "stated_as_by": names,
    }


def _beside(ours: Decimal | None, stated: Decimal | None) -> dict[str, Decimal | None]:
    """The portal's own score, and ours less it."""
    difference = None if ours is None or stated is None else ours - stated
    return {"stated": stated, "difference": difference}
