"""``dcat.jsonld``, as a reader of linked data sees it."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF

from publication.formats.sdmx_structure.identity import VERSION
from publication.release import Release

SPDX = Namespace("http://spdx.org/rdf/terms#")
DATASET = URIRef("urn:motcua:release:2026.10.1")


@pytest.fixture(scope="module")
def graph(release: Release) -> Graph:
    path = release.folder / "dcat.jsonld"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own, of its own parser
        return Graph().parse(data=path.read_text("utf-8"), publicID=path.as_uri(), format="json-ld")


def test_every_file_is_a_distribution_with_its_checksum(graph: Graph, release: Release) -> None:
    found = {}
    for distribution in graph.objects(DATASET, DCAT.distribution):
        url = graph.value(distribution, DCAT.downloadURL)
        checksum = graph.value(distribution, SPDX.checksum)
        found[Path(str(url)).name] = str(graph.value(checksum, SPDX.checksumValue))
    files = [
        path for path in release.folder.iterdir() if path.name not in ("dcat.jsonld", "SHA256SUMS")
    ]
    assert found == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_link_leads_to_the_file_beside_it(graph: Graph, release: Release) -> None:
    urls = {str(url) for url in graph.objects(None, DCAT.downloadURL)}
    assert (release.folder / "indicators.xlsx").as_uri() in urls


def test_the_catalogue_holds_the_release_named_in_both_languages(graph: Graph) -> None:
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert list(graph.objects(catalogue, DCAT.dataset)) == [DATASET]
    titles = {title.language: str(title) for title in graph.objects(DATASET, DCTERMS.title)}
    assert set(titles) == {"vi", "en"}
    assert "2026.10.1" in titles["vi"]
    for distribution in graph.objects(DATASET, DCAT.distribution):
        told = {text.language for text in graph.objects(distribution, DCTERMS.description)}
        assert told == {"vi", "en"}


def test_it_says_licence_publisher_place_time_and_structure(graph: Graph) -> None:
    licence = graph.value(DATASET, DCTERMS.license)
    assert licence == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert graph.value(DATASET, DCTERMS.publisher)
    assert str(graph.value(DATASET, DCTERMS.spatial)).endswith("/country/VNM")
    time = graph.value(DATASET, DCTERMS.temporal)
    assert str(graph.value(time, DCAT.startDate)) == "2025-01-01"
    assert str(graph.value(time, DCAT.endDate)) == "2026-11-22"
    assert VERSION in str(graph.value(DATASET, OWL.versionInfo))
