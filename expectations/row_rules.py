"""Our own Great Expectations types: rules over whole rows, evaluated on whole columns.

GX's map expectations filter and copy the frame again for every metric of every check. One metric
per check that answers with row positions costs a tenth of that, on 1,300 rows as on 300,000.
Importing this module imports Great Expectations, which takes seconds: import it inside functions.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pandas as pd
from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from expectations.where import Mask, lacks, meets


def disagreeing(frame: pd.DataFrame, same: list[str], differing: str) -> Mask:
    """Which rows agree with another row on `same` and differ from one of those in `differing`."""
    repeated = frame[same[0]].duplicated(keep=False).to_numpy()
    if not repeated.any():
        return np.zeros(len(frame), dtype=np.bool_)
    few = frame.loc[repeated, [*same, differing]]
    contents = few.groupby(same, dropna=False)[differing].transform("nunique")
    found = np.zeros(len(frame), dtype=np.bool_)
    found[repeated] = (contents > 1).to_numpy()
    return found


def _frame(engine: PandasExecutionEngine, domain: dict[str, Any]) -> pd.DataFrame:
    return engine.get_compute_domain(domain, domain_type=MetricDomainTypes.TABLE)[0]


class RowsWhere(TableMetricProvider):
    metric_name = "rows.where"
    value_keys = ("where", "lacking")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> list[int]:
        frame = _frame(execution_engine, metric_domain_kwargs)
        found = meets(frame, metric_value_kwargs["where"])
        return np.flatnonzero(found | lacks(frame, metric_value_kwargs["lacking"] or [])).tolist()


class RowsDisagreeing(TableMetricProvider):
    metric_name = "rows.disagreeing"
    value_keys = ("same", "differing")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> list[int]:
        frame = _frame(execution_engine, metric_domain_kwargs)
        return np.flatnonzero(disagreeing(frame, **metric_value_kwargs)).tolist()


class RowRule(BatchExpectation):
    """A rule whose one metric lists the positions of the rows that break it."""

    _configuration: Any = PrivateAttr(default=None)

    @property
    def configuration(self) -> Any:
        """Made once: it is asked for two dozen times in each validation, which was a third of the
        time of a small batch."""
        if self._configuration is None:
            self._configuration = super().configuration
        return self._configuration

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        positions = metrics[self.metric_dependencies[0]]
        result = {"unexpected_count": len(positions), "unexpected_index_list": positions}
        return {"success": not positions, "result": result}


class ExpectNoRowWhere(RowRule):
    """No row meets the condition `where` (see `expectations.where.Clause`), and none misses a value
    in the columns `lacking`."""

    where: dict[str, Any]
    lacking: list[str] | None = None
    metric_dependencies: ClassVar[tuple[str, ...]] = ("rows.where",)
    success_keys: ClassVar[tuple[str, ...]] = ("where", "lacking")


class ExpectRowsToAgree(RowRule):
    """Rows that agree on every column of `same` also agree on `differing`; else all are listed."""

    same: list[str]
    differing: str
    metric_dependencies: ClassVar[tuple[str, ...]] = ("rows.disagreeing",)
    success_keys: ClassVar[tuple[str, ...]] = ("same", "differing")
