"""What publishing costs: the files and pages of a release of 34 provinces, 45 indicators and 36
months.

    python -m bench.publication [--indicators N] [--months N]

Prints the CPU seconds of each part (its imports included in the first that needs them), and the
heaviest page with all that it loads. There is no peer: the bound is 60 CPU seconds and 300 KB.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from catalog.areas import areas
from catalog.finality import ends_on
from catalog.night import Night
from catalog.outcomes import BREAKDOWN_SCHEMA, OBSERVATION_SCHEMA, REPORTING_SCHEMA
from catalog.revisions import REVISION_SCHEMA
from pipeline.vintages.final import with_vintage
from publication.formats import formats
from publication.release import Release
from publication.site.build import build
from publication.site.model import Site
from transforms.figures import derived
from transforms.indicators import indicators
from transforms.scores import own
from warehouse.files import Content, write_release
from warehouse.tables import metadata

NIGHT = Night(dt.date(2026, 11, 22))
RELEASE = f"nightly-{NIGHT}"
LOADED = re.compile(r'(?:src|href)="([^"]+\.(?:js|css|svg))"')


@contextmanager
def timed(name: str) -> Iterator[None]:
    before = time.process_time()
    yield
    print(f"{time.process_time() - before:8.2f}  {name}", flush=True)


def periods(months: int) -> list[tuple[str, str]]:
    """The newest months before the night, with the quarters and years that they lie in."""
    last = NIGHT.on.year * 12 + NIGHT.on.month - 1
    named = [divmod(month, 12) for month in range(last - months, last)]
    found = [(f"{year}-{month + 1:02}", "month") for year, month in named]
    quarters = dict.fromkeys((f"{year}-Q{month // 3 + 1}", "quarter") for year, month in named)
    years = dict.fromkeys((str(year), "year") for year, _ in named)
    return [*found, *quarters, *years, ("all", "all")]


def figures(codes: list[str], months: int) -> pa.Table:
    """A figure of each indicator, area and period, from a seed."""
    chance = random.Random(34)
    places = [area for area in areas().values() if area.kind in ("nation", "province")]
    rows = []
    for code in codes:
        told = indicators()[code]
        for area in places:
            for period, kind in periods(months):
                if kind not in told.period_types:
                    continue
                denominator = chance.randint(100, 100_000)
                numerator = chance.randint(0, denominator)
                value = numerator if told.unit == "count" else numerator / denominator
                rows.append(
                    {
                        **{"release": RELEASE, "indicator": code, "borders": "34"},
                        **{"definition_version": told.version, "area": area.code},
                        **{"level": area.kind, "period": period, "period_type": kind},
                        **{"numerator": numerator, "denominator": denominator, "value": value},
                        **{"coverage": 1.0, "status": "provisional", "reason": ""},
                    }
                )
    return with_vintage(pa.Table.from_pylist(rows, OBSERVATION_SCHEMA), NIGHT)


def content(codes: list[str], months: int) -> Content:
    """The release, with all tables that one has."""
    found = figures(codes, months)
    names = ("indicator", "definition_version", "period", "period_type")
    nation = [row for row in found.to_pylist() if row["area"] == "VN"]
    parts = [
        {**{name: row[name] for name in (*names, "numerator", "denominator", "value")}}
        | {"release": RELEASE, "dimension": "channel", "item": item, "status": "provisional"}
        | {"reason": ""}
        for row in nation
        for item in ("online", "in_person", "postal")
        if ends_on(row["period"])
    ]
    columns = [(c.name, pa.string()) for c in metadata.tables["mart.detection"].columns]
    tables = {
        **derived(found, NIGHT),
        "score": own(found),
        "breakdown": pa.Table.from_pylist(parts, BREAKDOWN_SCHEMA),
        "detection": pa.schema(columns).empty_table(),
        "revision": REVISION_SCHEMA.empty_table(),
        "reporting": REPORTING_SCHEMA.empty_table(),
    }
    catalogue = [indicators()[code].model_dump(mode="json") for code in codes]
    told = {"release": RELEASE, "night": str(NIGHT), "rulebook": "", "made_with": {}, "data": {}}
    return Content(found, catalogue, tables, {"release.json": json.dumps(told)})


def weight(page: Path) -> int:
    """The bytes of a page with the scripts and styles that it names."""
    text = page.read_text(encoding="utf-8")
    named: set[Path] = {(page.parent / link).resolve() for link in LOADED.findall(text)}
    return sum(file.stat().st_size for file in (page, *named) if file.exists())


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.publication", description=__doc__)
    parser.add_argument("--indicators", type=int, default=45)
    parser.add_argument("--months", type=int, default=36)
    given = parser.parse_args()
    ordered = sorted(indicators().values(), key=lambda i: (not i.headline, not i.is_ranked, i.code))
    release = content([i.code for i in ordered[: given.indicators]], given.months)
    start = time.process_time()
    with tempfile.TemporaryDirectory() as name:
        published = Path(name)
        with timed("tables"):
            write_release(published, RELEASE, release)
        folder = published / RELEASE
        with timed("read back"):
            shown = Release(folder)
            assert shown.figures(ordered[0].code, "VN", "month")
        for form in formats():
            with timed(form.__name__.rsplit(".", 1)[1]):
                form.write(shown, folder)
        with timed("pages"):
            pages = build(Site(shown, [shown], published), published / "site")
        spent, rows = time.process_time() - start, release.observations.num_rows
        print(f"{spent:8.2f}  CPU seconds of {rows:,} figures, {len(pages)} pages")
        size, heaviest = max((weight(page), page) for page in pages)
        print(f"{size / 1000:8.0f}  KB: {heaviest.relative_to(published)}")
        largest = max(folder.iterdir(), key=lambda file: file.stat().st_size)
        print(f"{largest.stat().st_size / 1e6:8.1f}  MB: {largest.name}")


if __name__ == "__main__":
    main()
