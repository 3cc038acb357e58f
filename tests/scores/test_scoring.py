"""Points, totals and bands, by worked examples."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.errors import DeliveryBroken
from tests.scores.conftest import (
    BOTH,
    CERTIFIED,
    PORTAL,
    TEXT,
    metric,
    one,
    points,
    unit,
    whole,
)
from transforms.scores import TOTAL, Department, Metric, Rules, score

DIGITISED, REUSED = "SO_HOA_GIAY_TO_GIAI_QUYET", "REUSED_DIGITIZED_DATA"
SATISFIED = "DOSSIER_RECEIVING_SATISFACTION"


@pytest.mark.parametrize(
    ("rules", "code", "numerator", "expected"),
    [
        (PORTAL, DIGITISED, 2112, "0.84"),
        (TEXT, DIGITISED, 2112, "1.06"),
        (PORTAL, REUSED, 1863, "0.47"),
        (TEXT, REUSED, 1863, "0.47"),
        (PORTAL, SATISFIED, 8857, "5.90"),
        (TEXT, SATISFIED, 8857, "5.90"),
        (TEXT, "PROCEDURES_ONLINE", 4000, "1.00"),
        (TEXT, "PROCEDURES_WITH_ONLINE_DOSSIER", 4000, "1.60"),
        (TEXT, "DOSSIERS_ONLINE", 4000, "4.80"),
        (TEXT, "PROCEDURES_PAID_ONLINE", 4000, "1.00"),
        (TEXT, "DOSSIERS_PAID_ONLINE", 1500, "3.00"),
        (PORTAL, "DOSSIERS_END_TO_END", 4000, "4.80"),
        (TEXT, "ON_TIME", 8862, "17.72"),
        (TEXT, "PUBLISH_ON_TIME", 10_000, "6.00"),
        (TEXT, "PUBLISH_ON_TIME", 0, "0.00"),
    ],
)
def test_a_ratio_gives_these_points(rules: Rules, code: str, numerator: int, expected: str) -> None:
    assert one(rules, code, numerator) == expected


def test_a_half_is_rounded_up_and_what_is_below_it_is_not_however_close() -> None:
    assert one(PORTAL, "PUBLIC_CONTENT_FULL", 25, 10_000) == "0.01"
    assert one(PORTAL, "PUBLIC_CONTENT_FULL", 2_499_999_999_999, 10**15 - 1) == "0.00"
    assert one(PORTAL, "PUBLIC_CONTENT_FULL", "2.499999", 1000) == "0.00"
    assert one(PORTAL, "PUBLIC_CONTENT_FULL", "2.5", 1000) == "0.01"


def test_zero_out_of_zero_is_full_at_the_portal_and_left_out_by_the_text() -> None:
    by_portal = score(unit(metric(CERTIFIED, 0, 0)), PORTAL).metrics[0]
    assert (str(by_portal.ratio), str(by_portal.score)) == ("100.00", "2.00")
    by_text = score(unit(metric(CERTIFIED, 0, 0)), TEXT).metrics[0]
    assert (by_text.ratio, by_text.score) == (None, None)
    assert "left out" in by_text.note
    assert one(TEXT, "DOSSIER_SYNC", 0, 0) == "0.00"


def test_a_metric_left_out_is_neither_missing_nor_zero() -> None:
    scored = score(whole(TEXT, **{CERTIFIED: (0, 0)}), TEXT)
    [group] = [group for group in scored.groups if group.code == "MDSH"]
    assert (group.out_of, group.maximum, group.is_partial) == (20, 22, False)
    assert (scored.out_of, scored.is_partial, scored.missing) == (98, False, ())


def test_groups_and_the_total_are_the_sums_of_what_is_shown() -> None:
    scored = score(whole(TEXT, 5000), TEXT)
    groups = {group.code: str(group.score) for group in scored.groups}
    assert groups == {
        "CKMB": "9.00", "TDGQ": "10.00", "CLGQ": "9.25", "TTTT": "8.25", "MDSH": "11.75",
        "MDHL": "9.33",
    }  # fmt: skip
    assert str(scored.total) == "57.58"
    assert scored.band
    assert (scored.maximum, scored.band.name_vi) == (100, "Trung bình")


def test_everything_done_is_the_maximum() -> None:
    for rules in BOTH:
        scored = score(whole(rules, 10_000), rules)
        assert (scored.total, scored.out_of, scored.maximum) == (100, 100, 100)


@pytest.mark.parametrize(
    ("total", "band"),
    [
        ("90", "Xuất sắc"),
        ("89.99", "Tốt"),
        ("80", "Tốt"),
        ("79.99", "Khá"),
        ("70", "Khá"),
        ("69.99", "Trung bình"),
        ("50", "Trung bình"),
        ("49.99", "Yếu"),
        ("0", "Yếu"),
    ],
)
def test_bands_begin_at_90_80_70_and_50(total: str, band: str) -> None:
    for rules in BOTH:
        assert rules.band(Decimal(total)).name_vi == band


def test_what_is_missing_is_listed_and_makes_group_and_total_partial() -> None:
    scored = score(whole(PORTAL, PUBLISH_ON_TIME=None, MEAN_HANDLING_TIME=None), PORTAL)
    assert scored.missing == ("PUBLISH_ON_TIME", "MEAN_HANDLING_TIME")
    partial = {group.code: group.is_partial for group in scored.groups}
    assert [code for code, is_partial in partial.items() if is_partial] == ["CKMB"]
    assert (scored.is_partial, scored.out_of) == (True, 94)


def test_without_the_metrics_that_are_only_shown_nothing_is_partial() -> None:
    scored = score(whole(PORTAL, PETITION_CLASSIFICATION_STAFF=None), PORTAL)
    assert (scored.missing, scored.is_partial) == (("PETITION_CLASSIFICATION_STAFF",), False)


def test_a_unit_that_states_nothing_has_no_score_and_not_zero() -> None:
    unstated = Metric("PUBLISH_ON_TIME", None, Decimal(4))
    scored = score(unit(unstated), PORTAL)
    assert (scored.total, scored.band, scored.is_partial) == (None, None, True)
    assert {group.score for group in scored.groups} == {None}
    assert set(scored.missing) == set(PORTAL.metrics)


def test_a_band_is_stated_where_what_is_missing_cannot_change_it() -> None:
    sure = score(whole(PORTAL, 10_000, PUBLISH_ON_TIME=None), PORTAL)
    assert sure.band
    assert (str(sure.total), sure.band.name_en) == ("94.00", "Excellent")
    unsure = score(whole(PORTAL, 10_000, ON_TIME=None), PORTAL)
    assert (str(unsure.total), unsure.band) == ("80.00", None)


def test_what_the_rules_do_not_know_is_listed() -> None:
    given = unit(metric("PUBLISH_ON_TIME", 1), metric("DOSSIERS_ONLINE", 1), metric("NEW", 9, 1))
    assert score(given, PORTAL).unknown == ("DOSSIERS_ONLINE", "NEW")
    assert score(given, TEXT).unknown == ("NEW",)


def test_a_metric_may_be_named_by_its_number() -> None:
    assert points(score(unit(metric("2.1", 3, 4)), PORTAL)) == {"ON_TIME": "15.00"}


def test_a_mean_is_shown_and_earns_nothing() -> None:
    [mean] = score(unit(metric("2.2", 30, 4)), TEXT).metrics
    assert (str(mean.ratio), str(mean.score)) == ("7.50", "0.00")


@pytest.mark.parametrize(
    ("counts", "problem"),
    [
        ((11, 10), "larger than the denominator"),
        ((1, 0), "larger than the denominator"),
        ((-1, 10), "negative"),
        ((-2, -1), "negative"),
        (("NaN", 10), "no number"),
        ((1, "Infinity"), "no number"),
        ((1, "1E+999"), "too large"),
        ((1, 10**15), "too large"),
        (("1E-999", 1), "too large or no number"),
    ],
)
def test_impossible_counts_are_refused_naming_unit_and_metric(
    counts: tuple[object, object], problem: str
) -> None:
    with pytest.raises(DeliveryBroken) as caught:
        score(unit(metric("DOSSIER_SYNC", *counts), code="H26.01"), TEXT)
    assert "H26.01: metric DOSSIER_SYNC (1.4)" in str(caught.value)
    assert problem in str(caught.value)


def test_an_error_repeats_no_code_that_may_be_something_else() -> None:
    with pytest.raises(DeliveryBroken) as caught:
        score(unit(metric("DOSSIER_SYNC", 11, 10), code="Nguyễn Văn A"), TEXT)
    assert "Nguyễn" not in str(caught.value)


def test_a_metric_stated_twice_must_say_the_same() -> None:
    same = unit(metric("ON_TIME", 1), metric("2.1", 1))
    assert points(score(same, TEXT)) == {"ON_TIME": "0.00"}
    with pytest.raises(DeliveryBroken, match=r"H20: metric ON_TIME .* different counts"):
        score(unit(metric("ON_TIME", 1), metric("2.1", 2)), TEXT)


def test_the_portals_own_scores_stand_beside_ours() -> None:
    stated = {DIGITISED: Decimal("0.84"), "MDSH": Decimal("9.67"), TOTAL: Decimal("68.11")}
    given = Department("H20", metrics=(metric(DIGITISED, 2112),), stated=stated)
    scored = score(given, TEXT)
    [digitised] = scored.metrics
    assert (str(digitised.score), str(digitised.stated)) == ("1.06", "0.84")
    assert {g.code: g.stated for g in scored.groups}["MDSH"] == Decimal("9.67")
    assert scored.stated == Decimal("68.11")


@pytest.mark.parametrize("points", ["18.01", "-1", "NaN"])
def test_a_stated_group_score_beyond_its_bounds_is_refused(points: str) -> None:
    with pytest.raises(DeliveryBroken, match="H20: group CKMB"):
        score(Department("H20", stated={"CKMB": Decimal(points)}), PORTAL)
