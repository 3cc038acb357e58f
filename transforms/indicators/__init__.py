"""Indicators: records to counts (`measure`), counts to published figures (`observe`)."""

from transforms.indicators.borders import Borders
from transforms.indicators.counts import MEASURE_SCHEMA, measure
from transforms.indicators.declaration import Indicator, indicators, stream_of
from transforms.indicators.rollup import observe

__all__ = [
    "MEASURE_SCHEMA",
    "Borders",
    "Indicator",
    "indicators",
    "measure",
    "observe",
    "stream_of",
]
