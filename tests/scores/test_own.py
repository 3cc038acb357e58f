"""Our own scores out of a release's figures, with the portal's beside them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from catalog import codelists
from catalog.outcomes import OBSERVATION_SCHEMA
from tests.scores.conftest import BOTH, PORTAL
from transforms.indicators import indicators
from transforms.scores import SCORE_SCHEMA, own, rule_sets

RELEASE = "nightly-2026-11-22"
LEVELS = {"VN": "nation", "H26": "province", "H20": "province", "G15": "ministry"}
TYPES = {4: "year", 7: "month"}
Row = dict[str, Any]


def figure(indicator: str, numerator: int | None, denominator: int | None, **more: Any) -> Row:
    """A published figure, of Hà Nội in 2026 unless told otherwise."""
    area, period = more.pop("area", "H26"), more.pop("period", "2026")
    known = numerator is not None
    return {
        **{"release": RELEASE, "indicator": indicator, "definition_version": 1, "borders": "34"},
        **{"area": area, "level": LEVELS[area], "period": period},
        "period_type": TYPES.get(len(period)) or "quarter",
        **{"numerator": numerator, "denominator": denominator, "value": None, "coverage": 1.0},
        "status": "missing" if not known else "provisional" if denominator else "no_data",
        **{"reason": "", **more},
    }


def scores(*figures: Row) -> dict[tuple[str, ...], Row]:
    """(rules, area, mean_of, period, group, metric) -> row."""
    table = own(pa.Table.from_pylist(list(figures), OBSERVATION_SCHEMA))
    assert table.schema == SCORE_SCHEMA
    names = SCORE_SCHEMA.names[1:7]
    return {tuple(row[name] for name in names): row for row in table.to_pylist()}


def metric(found: dict[tuple[str, ...], Row], rules: str, code: str, area: str = "H26") -> Row:
    group = rule_sets()[rules].metrics[code].group
    return found[rules, area, "", "2026", group, code]


def shown(row: Row, *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


ON_TIME = figure("on_time_rate_766", 90, 100)
DIGITISED = figure("digitised_with_result_share", 2112, 10_000)


def test_every_metric_with_an_indicator_names_one_that_exists() -> None:
    for rules in BOTH:
        named = {m.indicator for m in rules.metrics.values() if m.indicator}
        assert named <= set(indicators())
    counted = {m.indicator for rules in BOTH for m in rules.metrics.values()}
    assert len(counted - {""}) == 19


def test_both_rule_sets_score_the_same_counts_and_one_is_in_force() -> None:
    found = scores(ON_TIME, DIGITISED)
    names = ("ratio", "score", "maximum", "out_of", "is_in_force")
    text = metric(found, "text_2022", "SO_HOA_GIAY_TO_GIAI_QUYET")
    portal = metric(found, "portal_2026", "SO_HOA_GIAY_TO_GIAI_QUYET")
    assert shown(text, *names) == (21.12, 1.06, 4, 4, False)
    assert shown(portal, *names) == (21.12, 0.84, 4, 4, True)
    total = found["portal_2026", "H26", "", "2026", "TOTAL", ""]
    assert shown(total, "score", "out_of", "maximum", "band") == (18.84, 24, 100, "")


def test_a_rule_set_scores_no_period_before_its_day() -> None:
    found = scores(figure("on_time_rate_766", 9, 10, period="2025"), ON_TIME)
    assert {key[0] for key in found if key[3] == "2025"} == {"text_2022"}
    assert {key[0] for key in found if key[3] == "2026"} == {"text_2022", "portal_2026"}
    assert scores(figure("on_time_rate_766", 9, 10, period="2021")) == {}


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("PUBLISH_ON_TIME", "no_rows"),
        ("PROCEDURES_PAYABLE", "no_period"),
        ("REUSED_DIGITIZED_DATA", "withheld"),
        ("DOSSIERS_PAID_ONLINE", "not_reported"),
        ("CITIZEN_DATA_CONNECTED_DOSSIER", "not_reported"),
        ("DOSSIERS_END_TO_END", "zero_over_zero"),
        ("ON_TIME", "not_stated"),
    ],
)
def test_what_is_missing_is_not_zero_and_says_why(code: str, why: str) -> None:
    found = scores(
        ON_TIME,
        figure("digitised_share", None, None, status="withheld", reason="small_cell"),
        figure("online_payment_share", None, None),
        figure("end_to_end_share", 0, 0),
    )
    row = metric(found, "portal_2026", code)
    assert row["explanation"] == why
    assert (row["score"] is None) == (why != "not_stated")
    group = found["portal_2026", "H26", "", "2026", "CKMB", ""]
    assert shown(group, "score", "out_of", "maximum") == (None, 0, 18)


def test_a_month_has_the_metrics_that_are_counted_by_month_only() -> None:
    row = figure("payable_procedure_share", 3, 4, period="2026-11")
    found = scores(row, figure("on_time_rate_766", 1, 2, period="2026-11"))
    payable = found["portal_2026", "H26", "", "2026-11", "TTTT", "PROCEDURES_PAYABLE"]
    assert shown(payable, "ratio", "score", "period_type") == (75, 1.5, "month")


def test_the_portals_ratio_stands_beside_ours_with_the_difference() -> None:
    same = figure("so_hoa_giay_to_giai_quyet_766_portal", 2112, 10_000)
    found = scores(DIGITISED, same)
    row = metric(found, "portal_2026", "SO_HOA_GIAY_TO_GIAI_QUYET")
    assert shown(row, "official", "difference", "explanation") == (21.12, 0, "equal")
    found = scores(DIGITISED, {**same, "numerator": 2000})
    row = metric(found, "portal_2026", "SO_HOA_GIAY_TO_GIAI_QUYET")
    assert row["official"] == 20
    assert row["difference"] == pytest.approx(1.12)
    assert row["explanation"] == "counts"


def test_what_only_the_portal_states_stands_beside_an_empty_place() -> None:
    found = scores(ON_TIME, figure("publish_on_time_766_portal", 3, 4))
    row = metric(found, "text_2022", "PUBLISH_ON_TIME")
    assert shown(row, "score", "official", "difference", "explanation") == (
        None,
        75,
        None,
        "no_rows",
    )


@pytest.mark.parametrize(("points", "explanation"), [(1800, "equal"), (1750, "counts")])
def test_a_group_that_is_whole_is_compared_in_points(points: int, explanation: str) -> None:
    found = scores(ON_TIME, figure("score_766_tdgq_portal", points, 100))
    group = found["portal_2026", "H26", "", "2026", "TDGQ", ""]
    assert shown(group, "score", "official", "explanation") == (18, points / 100, explanation)
    partial = scores(DIGITISED, figure("score_766_mdsh_portal", 900, 100))
    group = partial["portal_2026", "H26", "", "2026", "MDSH", ""]
    assert shown(group, "official", "difference", "explanation") == (9, None, "partial")


SATISFACTION = {
    "petition_on_time_rate": "petition_processing_on_time",
    "petition_satisfaction_share": "petition_handling_satisfaction",
    "dossier_satisfaction_share": "dossier_receiving_satisfaction",
}
"""Our indicator of a metric of group V with points, and the portal's figure of the same."""


@pytest.mark.parametrize(
    ("points", "explanation"), [(560, "counts"), (850, "rules"), (1200, "equal")]
)
def test_a_difference_is_laid_to_the_counts_or_to_the_rules(points: int, explanation: str) -> None:
    """The portal's own counts, 30 of 100 everywhere, earn 1.8 + 1.8 + 2 points, which it says or
    not; ours earn 3 + 3 + 6."""
    ours = [figure(code, n, 100) for code, n in zip(SATISFACTION, (50, 50, 95), strict=True)]
    theirs = [figure(f"{code}_766_portal", 30, 100) for code in SATISFACTION.values()]
    found = scores(*ours, *theirs, figure("score_766_mdhl_portal", points, 100))
    group = found["portal_2026", "H26", "", "2026", "MDHL", ""]
    assert shown(group, "score", "explanation") == (12, explanation)


def test_below_zero_earns_what_zero_earns() -> None:
    found = scores(figure("dossier_satisfaction_share", -3, 10))
    row = metric(found, "portal_2026", "DOSSIER_RECEIVING_SATISFACTION")
    assert shown(row, "numerator", "ratio", "score") == (0, 0, 0)


def test_the_nation_stands_as_cases_and_as_two_unweighted_means() -> None:
    found = scores(
        figure("on_time_rate_766", 90, 100),
        figure("on_time_rate_766", 500, 1000, area="H20"),
        figure("on_time_rate_766", 10, 100, area="G15"),
        figure("on_time_rate_766", 600, 1200, area="VN"),
        figure("score_766_tdgq_portal", 3000, 200, area="VN"),
        figure("score_766_tdgq_portal", 1700, 100),
    )

    def nation(mean_of: str, code: str = "ON_TIME") -> Row:
        return found["portal_2026", "VN", mean_of, "2026", "TDGQ", code]

    assert shown(nation(""), "score", "units") == (10, 1)
    assert shown(nation("province"), "score", "units") == (14, 2)
    assert shown(nation("ministry"), "score", "units") == (2, 1)
    assert shown(nation("province", ""), "official", "difference") == (15, -1)
    assert shown(nation("", ""), "official", "explanation") == (None, "not_stated")
    assert shown(nation("ministry", ""), "official", "explanation") == (None, "not_stated")


def test_a_mean_is_shown_without_points() -> None:
    found = scores(figure("mean_handling_days", 30, 4))
    row = metric(found, "portal_2026", "MEAN_HANDLING_TIME")
    assert shown(row, "ratio", "score", "maximum") == (7.5, 0, 0)


def test_figures_on_the_borders_before_2025_and_of_units_are_not_scored() -> None:
    old = figure("on_time_rate_766", 1, 100, borders="63")
    unit = figure("on_time_rate_766", 1, 100, level="agency")
    found = scores(ON_TIME, old)
    assert metric(found, "portal_2026", "ON_TIME")["ratio"] == 90
    assert scores(unit) == {}


def test_every_explanation_has_its_words_in_both_languages() -> None:
    found = scores(ON_TIME, DIGITISED, figure("score_766_tdgq_portal", 1700, 100))
    assert {row["explanation"] for row in found.values()} <= codelists.codes("score_explanation")


def test_the_order_of_figures_does_not_matter() -> None:
    rows = [ON_TIME, DIGITISED, figure("on_time_rate_766", 1, 3, area="G15")]
    table = pa.Table.from_pylist(rows, OBSERVATION_SCHEMA)
    assert own(table).equals(own(pa.Table.from_pylist(rows[::-1], OBSERVATION_SCHEMA)))
    assert PORTAL.name in own(table)["rules"].to_pylist()
