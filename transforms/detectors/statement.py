"""The query that counts for every source what the detectors of one record and view look at."""

from __future__ import annotations

from collections.abc import Sequence

from catalog.night import Night
from transforms.detectors.declaration import Detector
from transforms.detectors.words import written
from transforms.indicators.expressions import flags, names
from transforms.indicators.statement import Engine


def statement(group: Sequence[Detector], relation: str, night: Night, engine: Engine) -> str:
    """One scan of `relation` for detectors of one record kind and view.

    Columns: source_id, then for detector number `i` its ``of_<i>`` and for each of its marks
    ``cases_<i>_<j>``. Conditions that detectors share are worked out once. Unknown counts as not
    in.
    """
    shared = dict.fromkeys(sql for d in group for sql in (d.population, *d.marks))
    tests = {sql: f"t{number}" for number, sql in enumerate(shared)}
    computed = (f"({written(sql, night, engine)}) AS {name}" for sql, name in tests.items())
    seen = _flagged(group, relation, night, engine)
    tested = f"SELECT source_id, {', '.join(computed)} FROM ({seen}) AS flagged"
    marks = {(tests[d.population], tests[mark]) for d in group for mark in d.marks}
    marked = [f"CAST({of} AND {mark} AS INT) AS {of}_{mark}" for of, mark in sorted(marks)]
    populations = sorted({tests[d.population] for d in group})
    marked += [f"CAST({of} AS INT) AS {of}" for of in populations]
    sums = (part for i, d in enumerate(group) for part in _sums(i, d, tests))
    return (
        f"SELECT source_id, {', '.join(sums)} FROM"
        f" (SELECT source_id, {', '.join(marked)} FROM ({tested}) AS tested) AS marked"
        " GROUP BY source_id"
    )


def _sums(number: int, detector: Detector, tests: dict[str, str]) -> list[str]:
    of = tests[detector.population]
    parts = {f"of_{number}": of}
    parts |= {f"cases_{number}_{j}": f"{of}_{tests[m]}" for j, m in enumerate(detector.marks)}
    return [f"CAST(COALESCE(SUM({sql}), 0) AS BIGINT) AS {name}" for name, sql in parts.items()]


def _flagged(group: Sequence[Detector], relation: str, night: Night, engine: Engine) -> str:
    """The records that may lie in the window, with the flags that the group uses."""
    record, known = group[0].record, flags().get(group[0].record)
    days = sorted({d.within for d in group})
    recent = " OR ".join(f"{day} >= WINDOW_FIRST" for day in days)
    query = f"SELECT * FROM {relation} AS {record} WHERE {written(recent, night, engine)}"
    wanted = {name for d in group for sql in (d.population, *d.marks) for name in names(sql)}
    for number, layer in enumerate(known.layers(wanted) if known else []):
        columns = (f"{engine.write(sql, night)} AS {name}" for name, sql in layer.items())
        query = f"SELECT *, {', '.join(columns)} FROM ({query}) AS layer_{number}"
    return query
