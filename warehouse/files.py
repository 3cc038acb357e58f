"""A release as files that anybody can read: Parquet, CSV, the indicators and their checksums."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from catalog.errors import PublicationError

ORDER = ("indicator", "borders", "level", "area", "period_type", "period")
NONE: Mapping[str, pa.Table] = {}
SUMS = "SHA256SUMS"
NO_TEXT: Mapping[str, str] = {}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it spreadsheet programs misread UTF-8."""


def write_release(
    folder: Path,
    release: str,
    observations: pa.Table,
    catalogue: Sequence[Mapping[str, Any]],
    tables: Mapping[str, pa.Table] = NONE,
    texts: Mapping[str, str] = NO_TEXT,
) -> list[Path]:
    """Write ``<folder>/<release>/`` whole, point ``<folder>/latest`` to it, and return the files.

    `observations` has OBSERVATION_SCHEMA; `catalogue` is what ``indicators.json`` lists; `tables`
    are written beside them under their names, in the order of their rows, and so are `texts`. The
    same input gives the same bytes, and then nothing is written again. A release before the latest
    does not move ``latest``.
    """
    new = prepare(folder, release, observations, catalogue, tables, texts)
    names = sorted((path.name for path in new.iterdir()), key=lambda name: (name == SUMS, name))
    _put_in_place(new, folder / release)
    latest = folder / "latest"
    if not latest.is_symlink() or latest.readlink().name < release:
        _point(latest, release)
    return [folder / release / name for name in names]


def put_for_ever(prepared: Path, release: str) -> Path:
    """Put a `prepared` folder in its place as ``<release>``, once and for ever. Raises
    PublicationError where it is there already."""
    final = prepared.with_name(release)
    try:
        prepared.rename(final)
    except OSError:
        shutil.rmtree(prepared)
        raise PublicationError(f"release {release} is there already, and frozen") from None
    return final


def prepare(
    folder: Path,
    release: str,
    observations: pa.Table,
    catalogue: Sequence[Mapping[str, Any]],
    tables: Mapping[str, pa.Table],
    texts: Mapping[str, str],
) -> Path:
    """A folder aside, below `folder`, with all that `write_release` writes."""
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{release}.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    ordered = observations.sort_by([(name, "ascending") for name in ORDER])
    for name, table in {"observations": ordered, **tables}.items():
        _write_table(new / name, table)
    text = json.dumps(list(catalogue), ensure_ascii=False, indent=1, sort_keys=True)
    for name, content in {"indicators.json": text + "\n", **texts}.items():
        (new / name).write_text(content, encoding="utf-8")
    names = sorted(path.name for path in new.iterdir())
    sums = "".join(f"{_sha256(new / name)}  {name}\n" for name in names)
    (new / SUMS).write_text(sums, encoding="utf-8")
    return new


def _write_table(path: Path, table: pa.Table) -> None:
    pq.write_table(table, path.with_suffix(".parquet"), compression="zstd")
    if any(pa.types.is_nested(field.type) for field in table.schema):
        return  # CSV has no lists
    with path.with_suffix(".csv").open("wb") as file:
        file.write(BYTE_ORDER_MARK)
        pa_csv.write_csv(table, file)


def _put_in_place(new: Path, link: Path) -> None:
    """Name the finished folder after its content and point `link` to it: the one step that readers
    see, and that a crash cannot split. Then remove what the link no longer names."""
    final = new.with_name(f".{link.name}.{_sha256(new / SUMS)[:12]}")
    if not final.exists():
        new.rename(final)
    if not link.is_symlink() or link.readlink().name != final.name:
        _point(link, final.name)
    for other in link.parent.glob(f".{link.name}.*"):
        if other != final:
            shutil.rmtree(other)


def _point(link: Path, target: str) -> None:
    aside = link.with_name(f".link.{link.name}")
    aside.unlink(missing_ok=True)
    aside.symlink_to(target)
    aside.replace(link)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
