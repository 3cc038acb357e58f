"""Loading folders of declarative files: glob, sort, refuse an empty folder, name the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from catalog.errors import DeclarationError


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
    try:
        return model.model_validate({**content, **identity})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors()
        )
        raise DeclarationError(str(path), problems) from error


def load_folder(folder: Path, model: type[D], identity: str) -> dict[str, D]:
    """Read every ``*.yml`` of a folder; the stem is the value of the field `identity`."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise DeclarationError(str(folder), "no *.yml file here")
    return {path.stem: load_file(path, model, **{identity: path.stem}) for path in files}
