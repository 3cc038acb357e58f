"""Figures that a page loads later, as scripts: the only files that a page opened from disk may
load."""

from __future__ import annotations

import json
from typing import Any

from publication.site.model import File


def script(kind: str, name: str, told: Any, folder: str = "") -> File:
    """``data/<folder or kind>/<name>.js``, which gives `told` to ``motcua.<kind>[name]``."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    content = f"motcua.{kind}[{json.dumps(name)}]={text};\n"
    return File(f"data/{folder or kind}/{name}.js", content.encode())
