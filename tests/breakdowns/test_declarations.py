"""A dimension is one file, and a wrong one is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.codelists import codes
from catalog.declarations import load_folder
from catalog.errors import DeclarationError
from transforms.breakdowns import Breakdown, breakdowns

GOOD = {
    "name_vi": "Kênh", "name_en": "Channel", "about": "How it was filed.",
    "record": "dossier", "column": "channel",
}  # fmt: skip


def loaded(folder: Path, **changes: Any) -> Breakdown:
    (folder / "by_channel.yml").write_text(yaml.safe_dump({**GOOD, **changes}), encoding="utf-8")
    return load_folder(folder, Breakdown, "dimension")["by_channel"]


def test_the_items_are_codes_of_a_list_or_of_procedures() -> None:
    found = {name: dimension.codes for name, dimension in breakdowns().items()}
    assert found == {"channel": "channel", "service_level": "service_level", "procedure": ""}
    assert codes("channel")
    assert codes("service_level")


def test_without_marks_every_flow_is_broken_down(tmp_path: Path) -> None:
    every = set(loaded(tmp_path).indicators)
    assert set(loaded(tmp_path, of=["headline"]).indicators) < every
    assert "pending_count" in every
    left_out = {"form06_11_pending_total", "apology_share", "petition_on_time_rate"}
    assert not {*left_out, "online_service_used_share"} & every


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"record": "dosier"}, "no such record kind: dosier"),
        ({"column": "colour"}, "colour is no code of a dossier"),
        ({"column": "received_at"}, "received_at is no code of a dossier"),
        ({"of": ["is_pretty"]}, "of.0"),
        ({"items": 5}, "items"),
    ],
)
def test_a_wrong_file_is_refused_by_name(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(DeclarationError, match=told) as refused:
        loaded(tmp_path, **changes)
    assert "by_channel.yml" in str(refused.value)
