"""Looking at a ranking of provinces or ministries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any

import pyarrow.parquet as pq
import typer
from rich.table import Table

from catalog.areas import areas
from catalog.codelists import name_of
from motcua.application import AsJson, MaybeDay, app, console, show
from motcua.tables import NOTHING, table, written
from pipeline.releases import period_type, release_folder
from transforms.indicators import Indicator, indicators

TIERS = {"better": "Tốt hơn\nbetter", "similar": "Tương đương\nsimilar", "worse": "Kém hơn\nworse"}


class Kind(StrEnum):
    """Who is ranked together."""

    province = "province"
    ministry = "ministry"


def _ranked(code: str) -> str:
    known = [told.code for told in indicators().values() if told.is_ranked]
    if code not in known:
        raise typer.BadParameter(f"no ranking of {code!r}; there are {', '.join(known)}")
    return code


def a_period(text: str) -> str:
    """A month, quarter or year, as it is written."""
    if period_type(text) not in ("month", "quarter", "year"):
        raise typer.BadParameter("write 2026, 2026-Q4 or 2026-11")
    return text


@app.command(rich_help_panel="Looking")
def ranking(
    code: Annotated[str, typer.Argument(parser=_ranked, metavar="CODE")],
    period: Annotated[str, typer.Option(parser=a_period, metavar="PERIOD")],
    kind: Annotated[Kind, typer.Option(help="Who is ranked together.")] = Kind.province,
    as_of: MaybeDay = None,
    as_json: AsJson = False,
) -> None:
    """Provinces, or ministries, by one indicator: rank, interval, and against the nation."""
    folder = release_folder(as_of)
    wanted = {"indicator": code, "period": period, "kind": kind.value, "borders": "34"}
    filters = [(name, "=", value) for name, value in wanted.items()]
    file = folder / "ranking.parquet" if folder else None
    known = file is not None and file.exists()
    rows = pq.read_table(file, filters=filters, partitioning=None).to_pylist() if known else []
    if as_json:
        show("", rows, as_json)
    else:
        console.print(_table(indicators()[code], period, rows))


def _table(told: Indicator, period: str, rows: Sequence[dict[str, Any]]) -> Table:
    of = {f"{told.code} v{row['definition_version']}, {period}, {row['release']}" for row in rows}
    words = ("Hạng\nrank", "Địa bàn\narea", "", "So với cả nước\nagainst the nation")
    counts = ("Giá trị\nvalue", "95 %", "Mẫu số\ndenominator")
    made = table(words, counts, "\n".join((f"{told.name_vi} / {told.name_en}", *sorted(of))))
    for row in rows:
        made.add_row(*_cells(told, row))
    return made


def _cells(told: Indicator, row: dict[str, Any]) -> Iterator[str]:
    """A unit's line; one without a rank says why in the place of its tier."""
    place = NOTHING if row["rank"] is None else str(row["rank"])
    yield f"{place}=" if row["tied_with"] else place
    yield row["area"]
    yield areas()[row["area"]].name_vi if row["area"] in areas() else ""
    yield name_of("no_value", row["reason"]) if row["reason"] else TIERS.get(row["tier"], "")
    value, low, high = (_exactly(row[name], told) for name in ("value", "low", "high"))
    yield value
    yield NOTHING if row["low"] is None else f"{low} – {high}"
    yield written(row["denominator"], "count")


def _exactly(value: float | None, told: Indicator) -> str:
    """A value as it was ranked: a share has a digit more than elsewhere, or ties would not show."""
    is_share = told.unit == "share" and value is not None
    return f"{value:.2%}" if is_share else written(value, told.unit)
