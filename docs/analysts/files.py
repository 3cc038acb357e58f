"""Đọc tệp Parquet của một bản công bố. The Parquet files of a release, with DuckDB and pandas.

python files.py published/latest
"""

import json
import sys
from pathlib import Path

import duckdb
import pandas as pd

release = Path(sys.argv[1])
INDICATOR = "online_submission_share"

# DuckDB: chỉ đọc những cột và dòng cần · reads only the columns and rows that are needed
months = duckdb.execute(
    """
    SELECT period, area, value, reason FROM read_parquet($file)
    WHERE indicator = $indicator AND borders = '34' AND level = 'province'
      AND period_type = 'month'
    ORDER BY period, area
    """,
    {"file": str(release / "observations.parquet"), "indicator": INDICATOR},
).fetchall()
for period, area, value, reason in months:
    print("duckdb", period, area, reason if value is None else f"{value:.4f}")

# pandas: mỗi tỉnh một cột; ô trống là không có số, không phải 0 · empty is missing, not zero
figures = pd.read_parquet(
    release / "observations.parquet",
    columns=["area", "period", "value"],
    filters=[
        ("indicator", "=", INDICATOR),
        ("borders", "=", "34"),
        ("level", "=", "province"),
        ("period_type", "=", "month"),
    ],
)
table = figures.pivot(index="period", columns="area", values="value")
for period, row in table.iterrows():
    print("pandas", period, *(f"{area}={value:.4f}" for area, value in row.dropna().items()))

# Định nghĩa đi cùng bản công bố · the definition that the release was made by
catalogue = json.loads((release / "indicators.json").read_text(encoding="utf-8"))
definition = next(entry for entry in catalogue if entry["code"] == INDICATOR)
print(definition["name_vi"], "|", definition["formula"]["vi"])
