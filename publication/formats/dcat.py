"""``dcat.jsonld``: the release for catalogues of open data (DCAT 3)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from catalog.finality import ends_on
from catalog.written import LANGUAGES, day
from publication import formats
from publication.formats import datapackage, licence
from publication.formats.sdmx_structure.identity import VERSION
from publication.release import Release
from publication.words import say, words

FILES = ("dcat.jsonld",)
ABOUT = {
    "vi": "Mô tả bản công bố cho các cổng dữ liệu mở (DCAT 3): phạm vi, giấy phép và mọi tệp.",
    "en": "The release for open-data portals (DCAT 3): coverage, licence and all files.",
}
DESCRIBES = True
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/", "owl": "http://www.w3.org/2002/07/owl#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
MEDIA = "https://www.iana.org/assignments/media-types/"
KINDS = {
    ".csv": "text/csv", ".parquet": "application/vnd.apache.parquet", ".json": "application/json",
    ".jsonld": "application/ld+json", ".xml": "application/xml", ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
VIET_NAM = "http://publications.europa.eu/resource/authority/country/VNM"
TONGUES = "http://publications.europa.eu/resource/authority/language/"
MONTHLY = "http://publications.europa.eu/resource/authority/frequency/MONTHLY"
DAILY = "http://publications.europa.eu/resource/authority/frequency/DAILY"
CATALOGUE = "urn:motcua:catalogue"
PUBLISHER = "urn:motcua:publisher"


def write(release: Release, folder: Path) -> None:
    """``dcat.jsonld``: a catalogue of the one dataset that this release is."""
    told = {"@context": CONTEXT, **_catalogue(release, folder)}
    text = json.dumps(told, ensure_ascii=False, indent=1)
    (folder / FILES[0]).write_text(text + "\n", encoding="utf-8")


def _catalogue(release: Release, folder: Path) -> dict[str, Any]:
    return {
        "@id": CATALOGUE,
        "@type": "dcat:Catalog",
        "dct:title": _said("files.title"),
        "dct:publisher": _publisher(),
        "dcat:dataset": _dataset(release, folder),
    }


def _publisher() -> dict[str, Any]:
    return {"@id": PUBLISHER, "@type": "foaf:Agent", "foaf:name": _said("files.publisher")}


def _dataset(release: Release, folder: Path) -> dict[str, Any]:
    on = release.night.on
    return {
        "@id": f"urn:motcua:release:{release.id}",
        "@type": "dcat:Dataset",
        "dct:identifier": release.id,
        "dct:title": _said("files.title_of_release", release=release.id),
        "dct:description": [_text(say("files.about", to, day=day(on, to)), to) for to in LANGUAGES],
        "dcat:version": release.id,
        "owl:versionInfo": f"structure {VERSION}",
        "dct:issued": _typed(release.night.cutoff.isoformat(), "xsd:dateTime"),
        "dct:accrualPeriodicity": {"@id": MONTHLY if release.is_frozen else DAILY},
        "dct:language": [{"@id": TONGUES + tongue} for tongue in ("VIE", "ENG")],
        "dct:license": {"@id": licence.URL},
        "dct:publisher": {"@id": PUBLISHER},
        "dct:spatial": {"@id": VIET_NAM, "@type": "dct:Location"},
        "dct:temporal": _coverage(release),
        "dcat:distribution": list(_distributions(folder)),
    }


def _coverage(release: Release) -> dict[str, Any]:
    """From the first day of the oldest month, quarter or year to the night itself."""
    first = min(_starts_on(name) for name in set(release.areas["period"].to_pylist()) - {"all"})
    return {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": _typed(first.isoformat(), "xsd:date"),
        "dcat:endDate": _typed(release.night.on.isoformat(), "xsd:date"),
    }


def _starts_on(period: str) -> dt.date:
    last = ends_on(period)
    assert last is not None
    months = {4: 12, 7: 3 if "Q" in period else 1}[len(period)]
    return last.replace(day=1, month=last.month - months + 1)


def _distributions(folder: Path) -> Iterator[dict[str, Any]]:
    """Every file but this one and the checksums, which are made after it."""
    for path in sorted(folder.iterdir()):
        if path.name not in FILES:
            yield _distribution(path, formats.about(path.name) or _own(path.name))


def _own(file: str) -> Mapping[str, str]:
    """What a table or text of the release itself is for; its name where nobody says."""
    stem = file.partition(".")[0]
    table = datapackage.tables().get(stem)
    text = table.title if table else words().get(f"files.about_{stem}")
    return text.model_dump() if text else dict.fromkeys(LANGUAGES, file)


def _distribution(path: Path, about: Mapping[str, str]) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "@type": "dcat:Distribution",
        "dct:title": path.name,
        "dct:description": [_text(about[to], to) for to in LANGUAGES],
        "dcat:downloadURL": {"@id": path.name},
        "dcat:accessURL": {"@id": path.name},
        "dcat:mediaType": {"@id": MEDIA + KINDS.get(path.suffix, "application/octet-stream")},
        "dcat:byteSize": _typed(str(len(content)), "xsd:nonNegativeInteger"),
        "dct:license": {"@id": licence.URL},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(hashlib.sha256(content).hexdigest(), "xsd:hexBinary"),
        },
    }


def _said(key: str, **filled: str) -> list[dict[str, str]]:
    return [_text(say(key, language, **filled), language) for language in LANGUAGES]


def _text(text: str, language: str) -> dict[str, str]:
    return {"@value": text, "@language": language}


def _typed(text: str, kind: str) -> dict[str, str]:
    return {"@value": text, "@type": kind}
