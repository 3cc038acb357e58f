"""Great Expectations behind one function: a table and checks in, failing row positions out.

There is one context for the process and one suite for a set of checks and a night; a batch is
validated directly, because a checkpoint costs 0.2 s more each time.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

import pyarrow as pa

from catalog.errors import DeclarationError
from catalog.night import Night
from expectations.check import Check


@cache
def _great_expectations() -> Any:
    """The module, imported on first use and quietly: it takes seconds and logs a lot."""
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations

        import expectations.row_rules  # noqa: F401  (registers our expectation types)
    return great_expectations


@cache
def _whole_frame() -> Any:
    """The batch definition of the process: whatever frame it is handed, whole."""
    context = _great_expectations().get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("conformed").add_dataframe_asset("batch")
    return asset.add_batch_definition_whole_dataframe("whole")


def preload() -> None:
    """Import Great Expectations and make the context, so that forked processes share them."""
    _whole_frame()


def build_suite(checks: Iterable[Check], night: Night) -> Any:
    """The GX suite of `checks` with the night's cutoff filled in. Raises DeclarationError."""
    great_expectations = _great_expectations()
    return great_expectations.ExpectationSuite(
        name="checks", expectations=[_expectation(check, night) for check in checks]
    )


def _expectation(check: Check, night: Night) -> Any:
    from great_expectations.exceptions.exceptions import ExpectationNotFoundError
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    configuration = ExpectationConfiguration(
        type=check.expectation.type,
        kwargs=check.arguments(night),
        meta={"check_id": check.check_id},
    )
    try:
        return configuration.to_domain_obj()
    except (ExpectationNotFoundError, ValueError) as error:
        raise DeclarationError(f"{check.check_id}.yml", str(error)) from error


def failing_rows(suite: Any, table: pa.Table) -> dict[str, list[int]]:
    """Check id -> the positions in `table` of all rows that fail it, for the checks that fail.

    Raises DeclarationError where a check could not be evaluated on this table.
    """
    batch = _whole_frame().get_batch(batch_parameters={"dataframe": table.to_pandas()})
    outcome = batch.validate(suite, result_format="COMPLETE")
    return {
        _check_id(result): _positions(result) for result in outcome.results if not result.success
    }


def _check_id(result: Any) -> str:
    return str(result.expectation_config.meta["check_id"])


def _positions(result: Any) -> list[int]:
    if "unexpected_index_list" not in result.result:
        raise DeclarationError(f"{_check_id(result)}.yml", "cannot be evaluated, row by row")
    return [int(position) for position in result.result["unexpected_index_list"]]
