"""Who may import whom (docs/architecture.md), and that our names resolve to our tree."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = {"catalog", "extractors", "transforms", "expectations", "warehouse", "simulator", "stack"}
OURS |= {"feedback", "pipeline", "publication", "motcua", "dags", "bench"}
ALLOWED = {
    "catalog": set(),
    "extractors": {"catalog"},
    "transforms": {"catalog"},
    "expectations": {"catalog"},
    "feedback": {"catalog", "expectations"},
    "publication": {"catalog"},
    "warehouse": {"catalog"},
    "simulator": {"catalog"},
    "stack": {"catalog", "expectations"},
    "pipeline": OURS - {"motcua", "dags", "bench", "simulator"},
    "dags": {"catalog", "pipeline", "stack"},
}


def _imported(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names & OURS


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_packages_import_only_what_they_may(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    for file in files:
        strange = _imported(file) - ALLOWED[package] - {package}
        assert not strange, f"{file.relative_to(ROOT)} imports {strange}"


@pytest.mark.parametrize("package", sorted(OURS - {"dags"}))
def test_our_names_resolve_to_our_tree(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec
    assert spec.origin
    assert Path(spec.origin).is_relative_to(ROOT)


def test_a_dag_file_imports_the_pipeline_only_inside_tasks() -> None:
    tree = ast.parse((ROOT / "dags" / "nightly.py").read_text(encoding="utf-8"))
    top = {n.module for n in tree.body if isinstance(n, ast.ImportFrom)}
    assert "pipeline" not in top
