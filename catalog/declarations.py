"""Loading folders of declarative files: glob, sort, refuse an empty folder, name the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from catalog.errors import DeclarationError
from catalog.settings import settings

UNDECIDED = "TODO"
"""What a proposal writes where only a person can decide: a file that holds it does not load."""


def declared(path: str) -> Path:
    """Where a declared file or folder lies: in the installed tree, or in an unpacked rulebook."""
    return settings().declarations_dir / path


class Declaration(BaseModel):
    """A declarative file: closed (an unknown key is an error) and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


D = TypeVar("D", bound=BaseModel)


def load_file(path: Path, model: type[D], **identity: Any) -> D:
    """Read one YAML file as `model`; `identity` holds fields taken from the file's name."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise DeclarationError(str(path), f"not YAML: {error}") from error
    if not isinstance(content, dict):
        raise DeclarationError(str(path), "expected a mapping")
    return load_content(str(path), model, {**content, **identity})


def load_content(file: str, model: type[D], content: dict[str, Any]) -> D:
    """What was read from `file` as `model`. Raises DeclarationError where it is wrong, or where
    something in it still waits for a person to decide."""
    if waiting := list(undecided(content)):
        raise DeclarationError(file, f"still {UNDECIDED}: {', '.join(waiting)}")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors()
        )
        raise DeclarationError(file, problems) from error


def undecided(content: Any, path: str = "") -> Iterator[str]:
    """Where `content` is still `UNDECIDED`, as dotted paths."""
    if content == UNDECIDED:
        yield path
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from undecided(value, f"{path}.{key}" if path else str(key))
    elif isinstance(content, list):
        for value in content:
            yield from undecided(value, path)


def load_folder(folder: Path, model: type[D], identity: str) -> dict[str, D]:
    """Read every ``*.yml`` of a folder; the stem is the value of the field `identity`."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise DeclarationError(str(folder), "no *.yml file here")
    return {path.stem: load_file(path, model, **{identity: path.stem}) for path in files}
