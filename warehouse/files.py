"""A release as files that anybody can read: Parquet, CSV, the indicators and their checksums."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from catalog.errors import PublicationError

ORDER = ("indicator", "borders", "level", "area", "period_type", "period")
SUMS = "SHA256SUMS"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it spreadsheet programs misread UTF-8."""


def nothing_more(folder: Path) -> None:
    """A release of its tables and texts alone."""


@dataclass(frozen=True)
class Content:
    """What a release holds. `observations` has OBSERVATION_SCHEMA; `catalogue` is what
    ``indicators.json`` lists; `tables` are written beside them under their names, in the order of
    their rows, and so are `texts`. `further` then writes into the folder what it makes of these.
    """

    observations: pa.Table
    catalogue: Sequence[Mapping[str, Any]]
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    further: Callable[[Path], None] = nothing_more


def write_release(folder: Path, release: str, content: Content) -> list[Path]:
    """Write ``<folder>/<release>/`` whole, point ``<folder>/latest`` to it, and return the files.

    The same content gives the same bytes, and then nothing is written again. A release before the
    latest does not move ``latest``.
    """
    new = prepare(folder, release, content)
    names = sorted((path.name for path in new.iterdir()), key=lambda name: (name == SUMS, name))
    put_in_place(new, folder / release, _sha256(new / SUMS)[:12])
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
    except OSError as error:
        shutil.rmtree(prepared)
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
            raise
        raise PublicationError(f"release {release} is there already, and frozen") from None
    return final


def prepare(folder: Path, release: str, content: Content) -> Path:
    """A folder aside, below `folder`, with all that `write_release` writes."""
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{release}.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    ordered = content.observations.sort_by([(name, "ascending") for name in ORDER])
    for name, table in {"observations": ordered, **content.tables}.items():
        _write_table(new / name, table)
    text = json.dumps(list(content.catalogue), ensure_ascii=False, indent=1, sort_keys=True)
    for name, told in {"indicators.json": text + "\n", **content.texts}.items():
        (new / name).write_text(told, encoding="utf-8")
    content.further(new)
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


def put_in_place(new: Path, link: Path, name: str) -> None:
    """Give the finished folder a name of its own and point `link` to it: the one step that readers
    see, and that a crash cannot split. Then remove what the link no longer names. `name` stands for
    the content: where it is there already, nothing is written again."""
    final = new.with_name(f".{link.name}.{name}")
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
