"""Great Expectations behind one function: a table and checks in, failing row positions out.

There is one context for the process and one suite for a set of checks and a night. The frame goes
to a validator as it is: a data source hashes every value first, twice for each validation, which
is half of the time of a large batch; a checkpoint costs 0.2 s more each time.
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
def _context() -> Any:
    """The context of the process, which keeps nothing and reports nothing."""
    context = _great_expectations().get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = {"globally": False}
    return context


def preload() -> None:
    """Import Great Expectations and make the context, so that forked processes share them."""
    _context()


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
    results = _validator(table).graph_validate(
        suite.expectation_configurations, {"result_format": {"result_format": "COMPLETE"}}
    )
    return {_check_id(result): _positions(result) for result in results if not result.success}


def _validator(table: pa.Table) -> Any:
    from great_expectations.core.batch import Batch
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
    from great_expectations.validator.validator import Validator

    batch = Batch(data=table.to_pandas())
    return Validator(PandasExecutionEngine(), data_context=_context(), batches=[batch])


def _check_id(result: Any) -> str:
    return str(result.expectation_config.meta["check_id"])


def _positions(result: Any) -> list[int]:
    if "unexpected_index_list" not in result.result:
        raise DeclarationError(f"{_check_id(result)}.yml", "cannot be evaluated, row by row")
    return [int(position) for position in result.result["unexpected_index_list"]]
