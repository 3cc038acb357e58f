"""The pinned SOAP contract: what its messages are called, and how a request is written.

zeep reads catalog/contracts/motcua.wsdl and writes requests after it. It never asks the network:
neither for that file (which imports nothing) nor for an answer, which `extractors.web` brings.
"""

from __future__ import annotations

from functools import cache
from uuid import NAMESPACE_URL, uuid5

import zeep
from lxml import etree

from catalog.errors import DeclarationError
from catalog.settings import CATALOG
from catalog.sources import Source

WSDL = CATALOG / "contracts" / "motcua.wsdl"
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
XROAD = "{http://x-road.eu/xsd/xroad.xsd}"
OURS = "{urn:motcua:dong-bo:1}"
LOG_IN = "DangNhap"
USER = "VNMOTCUA"
"""Who asks (X-Road ``userId``, after the country's code): at night no person does."""
PARAMETERS = {
    "changed_since": "TuNgay",
    "until": "DenNgay",
    "month": "Thang",
    "page": "Trang",
    "page_size": "SoDong",
}
"""The contract's words for those of a query."""
XSD = "{http://www.w3.org/2001/XMLSchema}"


class Shelf:
    """What zeep has in place of a transport: it can read the pinned file, and send nothing."""

    def load(self, url: str) -> bytes:
        if url != str(WSDL):
            raise DeclarationError(WSDL.name, "the contract must be whole in its one file")
        return WSDL.read_bytes()


@cache
def _client() -> zeep.Client:
    rules = zeep.Settings(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    return zeep.Client(str(WSDL), transport=Shelf(), settings=rules)


@cache
def lists() -> frozenset[str]:
    """The elements that hold a list, as tags: empty, they are an empty list and not a text."""
    schema = etree.fromstring(WSDL.read_bytes())
    types = {t.get("name") for t in schema.iter(f"{XSD}complexType") if _is_list(t)}
    elements = schema.iter(f"{XSD}element")
    return frozenset(
        OURS + e.get("name", "")
        for e in elements
        if e.get("type", "").removeprefix("tns:") in types
    )


def _is_list(declared: etree._Element) -> bool:
    return [e.get("name") for e in declared.findall(f"{XSD}sequence/{XSD}element")] == ["Muc"]


def message_id(*parts: object) -> str:
    """The X-Road ``id``: the same for the same page of the same night, however often asked for."""
    return str(uuid5(NAMESPACE_URL, "motcua/" + "/".join(map(str, parts))))


def request(source: Source, operation: str, id_: str, session: str, **words: str) -> bytes:
    """The envelope that asks for `operation`, with the headers of X-Road message protocol 4.0
    and, where there is one, the session."""
    assert source.xroad, "what this platform needs is there"
    headers = {
        "client": identifier("SUBSYSTEM", source.xroad.client),
        "service": identifier("SERVICE", source.xroad.service) | {"serviceCode": operation},
        "id": id_,
        "userId": USER,
        "protocolVersion": "4.0",
        **({"PhienLamViec": session} if session else {}),
    }
    client = _client()
    envelope = client.create_message(client.service, operation, _soapheaders=headers, **words)
    written: bytes = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
    return written


def identifier(kind: str, path: str) -> dict[str, str]:
    """An X-Road identifier of four parts (PR-MESS 4.0, 2.1) as zeep writes it."""
    names = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode")
    return {"objectType": kind, **dict(zip(names, path.split("/"), strict=True))}
