"""The pipeline's own record kinds are nobody else's to send."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from catalog.declarations import load_file
from catalog.errors import DeclarationError
from catalog.records import OWN, own_records, records, sent_records, stored_records
from catalog.sources import Source, sources
from transforms.dialects import dialects

FILE = Path(__file__).parents[2] / "catalog" / "sources" / "ha_noi.yml"


def test_own_kinds_are_kept_and_never_sent() -> None:
    assert set(own_records()) == {"delivery", "problem"}
    assert set(own_records()) <= set(stored_records())
    assert set(sent_records()) == set(records()) - set(own_records())
    assert not {kind for source in sources().values() for kind in source.records} - set(
        sent_records()
    )
    assert not {kind for d in dialects().values() for kind in d.records} - set(sent_records())


@pytest.mark.parametrize("kind", sorted(own_records()))
def test_a_source_that_lists_one_does_not_load(kind: str, tmp_path: Path) -> None:
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    file = tmp_path / "ha_noi.yml"
    file.write_text(yaml.safe_dump({**content, "records": [kind]}), encoding="utf-8")
    with pytest.raises(DeclarationError, match=rf"ha_noi.yml: .*own: {kind}"):
        load_file(file, Source, source_id="ha_noi")


def test_no_source_takes_the_pipelines_name() -> None:
    with pytest.raises(DeclarationError, match="the pipeline itself"):
        load_file(FILE, Source, source_id=OWN)
