"""What analysts read in `mart`: the newest figures with every name beside them (``figure``), and a
table a theme with a column an indicator (``wide_<theme>``).

They follow the catalogue that figures are published with, and are made again only when it changes.
Whoever reads them sees what the tables below would show: `security_invoker`, without which a view
shows the rows that its owner sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adbc_driver_manager.dbapi import Cursor

from catalog import codelists
from warehouse.definitions import digest, noted, quoted, written
from warehouse.observations import FROZEN
from warehouse.roles import PUBLISHED, who_reads
from warehouse.tables import mart
from warehouse.tables.named import named

VIEWS = "views"
STARTS_ON = """CASE o.period_type
    WHEN 'day' THEN o.period::date
    WHEN 'month' THEN (o.period || '-01')::date
    WHEN 'quarter' THEN make_date(left(o.period, 4)::int, 3 * right(o.period, 1)::int - 2, 1)
    WHEN 'year' THEN make_date(o.period::int, 1, 1) END"""
ENDS_ON = f"""({STARTS_ON} + CASE o.period_type
    WHEN 'day' THEN interval '0' WHEN 'month' THEN interval '1 month - 1 day'
    WHEN 'quarter' THEN interval '3 months - 1 day' WHEN 'year' THEN interval '1 year - 1 day'
    END)::date"""
NEWEST = f"(SELECT max(release) FROM mart.release WHERE release NOT LIKE '{FROZEN}')"

PLACE = {
    "release": "o.release",
    "borders": "o.borders",
    "area": "o.area",
    "area_name": "a.name_vi",
    "level": "o.level",
    "period": "o.period",
    "period_type": "o.period_type",
    "starts_on": STARTS_ON,
    "ends_on": ENDS_ON,
}
"""What every view says of where and when, and how."""
DEFINITION = {
    "indicator": "o.indicator",
    "indicator_vi": "i.name_vi",
    "indicator_en": "i.name_en",
    "unit": "i.unit",
    "theme": "i.theme",
    "theme_vi": "t.name_vi",
    "theme_en": "t.name_en",
    "headline": "i.headline",
}
NUMBERS = [
    "numerator",
    "denominator",
    "value",
    "coverage",
    "status",
    "reason",
    "definition_version",
]
FIGURE = {**DEFINITION, **PLACE, **{name: f"o.{name}" for name in NUMBERS}}
"""The columns of ``mart.figure``."""
ABOUT = {
    "area_name": "Name of the area; for a unit, of the area that its code belongs to.",
    "starts_on": "First day of the period; missing for all.",
    "ends_on": "Last day of the period; missing for all.",
    "indicator_vi": "Name of the indicator in Vietnamese.",
    "indicator_en": "Name of the indicator in English.",
    "theme_vi": "Name of the theme in Vietnamese.",
    "theme_en": "Name of the theme in English.",
}
"""What is said of the columns that no table has."""
TALL = "The newest nightly release: one row a figure, with every name beside its code."
WIDE = "{vi}. {en}: a row an area and period of the newest nightly release, a column an indicator."
EMPTY = "Empty where there is no value: mart.figure has the reason."


def follow(cursor: Cursor, release: str, catalogue: Sequence[Mapping[str, Any]]) -> None:
    """Make the views what the `catalogue` of `release` asks for, where they are not and it is the
    release that they show, in the caller's transaction."""
    cursor.execute(f"SELECT {NEWEST} = {quoted(release)}")
    if not catalogue or cursor.fetchall() != [(True,)]:
        return
    wanted = list(_statements(catalogue))
    cursor.execute(written(VIEWS))
    if cursor.fetchall() == [(digest(wanted),)]:
        return
    cursor.execute(f"SELECT viewname FROM pg_views WHERE schemaname = '{PUBLISHED}'")
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP VIEW IF EXISTS {PUBLISHED}.{name} CASCADE")
    for statement in [*wanted, noted(VIEWS, wanted)]:
        cursor.execute(statement)


def about_figure() -> dict[str, str]:
    """What each column of ``mart.figure`` means."""
    return {name: _about(name) for name in FIGURE}


def _statements(catalogue: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield from _view("figure", _tall(), named("mart.figure", TALL), about_figure())
    for theme in codelists.rows("theme"):
        shown = [entry for entry in catalogue if entry["theme"] == theme["code"]]
        if shown:
            about = {name: _about(name) for name in PLACE}
            about |= {entry["code"]: _about_indicator(entry) for entry in shown}
            title = WIDE.format(vi=theme["name_vi"], en=theme["name_en"])
            yield from _view(f"wide_{theme['code']}", _wide([*about][len(PLACE) :]), title, about)


def _view(name: str, query: str, title: str, about: Mapping[str, str]) -> Iterator[str]:
    yield f"CREATE VIEW {PUBLISHED}.{name} WITH (security_invoker = true) AS {query}"
    yield f"COMMENT ON VIEW {PUBLISHED}.{name} IS {quoted(title)}"
    for column, text in about.items():
        yield f"COMMENT ON COLUMN {PUBLISHED}.{name}.{column} IS {quoted(text)}"
    yield f"GRANT SELECT ON {PUBLISHED}.{name} TO {', '.join(who_reads(PUBLISHED))}"


def _tall() -> str:
    return f"""SELECT {_selected(FIGURE)} FROM mart.observation AS o
        LEFT JOIN mart.area AS a ON a.code = split_part(o.area, '.', 1)
        LEFT JOIN mart.indicator AS i ON (i.code, i.version) = (o.indicator, o.definition_version)
        LEFT JOIN mart.code AS t ON (t.codelist, t.code) = ('theme', i.theme)
        WHERE o.release = {NEWEST}"""


def _wide(indicators: Sequence[str]) -> str:
    columns = "".join(
        f", max(o.value) FILTER (WHERE o.indicator = {quoted(code)}) AS {code}"
        for code in indicators
    )
    return f"""SELECT {_selected(PLACE)}{columns} FROM mart.observation AS o
        LEFT JOIN mart.area AS a ON a.code = split_part(o.area, '.', 1)
        WHERE o.release = {NEWEST} AND o.indicator IN ({", ".join(map(quoted, indicators))})
        GROUP BY o.release, o.borders, o.area, a.name_vi, o.level, o.period, o.period_type"""


def _selected(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{expression} AS {name}" for name, expression in columns.items())


def _about(column: str) -> str:
    if column in ABOUT:
        return named(column, ABOUT[column])
    for table in (mart.observation, mart.indicator):
        if column in table.c:
            return str(table.c[column].comment)
    raise KeyError(column)


def _about_indicator(entry: Mapping[str, Any]) -> str:
    return f"{entry['name_vi']} ({entry['unit']}). {entry['name_en']}. {EMPTY}"
