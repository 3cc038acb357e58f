"""Every platform of the web, when a page is far larger than it looks or than anyone can hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalog.errors import DeliveryBroken, SourceError, SourceRefused
from catalog.sources import Source
from tests.extractors.conftest import Declare, fails, serving
from tests.extractors.monsters import GIGABYTE, Monsters, application, within

LIMIT, MEMORY = 1_000_000, 32_000_000
RECORDS = {
    "lgsp_json": "dossier",
    "xroad_rest": "dossier",
    "soap": "dossier",
    "national_adapter": "procedure",
    "portal_766": "reported_figure",
}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Monsters, str]]:
    monsters = Monsters()
    with serving(application(monsters)) as address:
        yield monsters, address


@pytest.fixture
def monsters(served: tuple[Monsters, str]) -> Monsters:
    served[0].asked = served[0].sent = 0
    return served[0]


@pytest.fixture(params=RECORDS)
def source(
    request: pytest.FixtureRequest, served: tuple[Monsters, str], declare: Declare
) -> Source:
    """A source of each platform in turn that takes pages of a megabyte."""
    changes = {"platform": request.param, "url": served[1], "area": "G22", "attempts": 3}
    return declare(**changes, max_page_bytes=LIMIT, timeout_seconds=60)


@pytest.mark.parametrize("kind", ["streamed", "announced", "packed"])
def test_a_gigabyte_is_given_up_at_the_limit_and_not_asked_for_again(
    source: Source, monsters: Monsters, kind: str
) -> None:
    made = getattr(monsters, kind)()
    monsters.make = lambda: made
    with within(MEMORY):
        told = fails(source, DeliveryBroken, RECORDS[source.platform])
    assert f"larger than {LIMIT} bytes" in told
    assert monsters.asked == 1
    assert monsters.sent < GIGABYTE / 10


def test_entities_are_never_resolved(source: Source, monsters: Monsters) -> None:
    monsters.make = monsters.entities
    portal = source.platform == "portal_766"
    kind: type[SourceError] = SourceRefused if portal else DeliveryBroken
    with within(MEMORY):
        told = fails(source, kind, RECORDS[source.platform])
    assert "document type" in told if source.platform == "soap" else "HTML" in told


def test_a_page_of_millions_of_empty_values_is_not_opened(
    source: Source, monsters: Monsters
) -> None:
    made = monsters.crowded()
    monsters.make = lambda: made
    source = source.model_copy(update={"max_page_bytes": 64_000_000})
    with within(64_000_000):
        told = fails(source, DeliveryBroken, RECORDS[source.platform])
    assert "something else instead of a SOAP" in told or "more than 5000000 values" in told
