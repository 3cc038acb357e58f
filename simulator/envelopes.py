"""SOAP envelopes of the nation, after catalog/contracts/motcua.wsdl, with X-Road headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from lxml import etree
from starlette.responses import Response

from catalog.settings import CATALOG

WSDL = CATALOG / "contracts" / "motcua.wsdl"
NAMESPACE = "urn:motcua:dong-bo:1"
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
XROAD = "{http://x-road.eu/xsd/xroad.xsd}"
IDENTIFIERS = "{http://x-road.eu/xsd/identifiers}"
OURS = f"{{{NAMESPACE}}}"
NAMES = {"m": NAMESPACE, "soap": SOAP[1:-1]}


class Malformed(Exception):
    """A request that is no envelope of the contract."""


class Asked(NamedTuple):
    """A request: its headers as they came, and the element that wraps its words."""

    headers: list[etree._Element]
    body: etree._Element

    @property
    def operation(self) -> str:
        return str(etree.QName(self.body).localname)

    @property
    def session(self) -> str:
        return self.header(f"{OURS}PhienLamViec")

    def header(self, tag: str) -> str:
        """The text of a header, or of an identifier's parts joined by ``/``."""
        found = [header for header in self.headers if header.tag == tag]
        parts: Iterator[str] = (part for header in found for part in header.itertext())
        return "/".join(filter(str.strip, parts))

    def words(self) -> dict[str, str]:
        """Name -> value of what is asked."""
        return {etree.QName(word).localname: word.text or "" for word in self.body}


@cache
def _schema() -> etree.XMLSchema:
    wsdl = etree.fromstring(WSDL.read_bytes())
    [ours] = wsdl.iterfind(f".//{{*}}schema[@targetNamespace='{NAMESPACE}']")
    return etree.XMLSchema(etree.fromstring(etree.tostring(ours)))


def asked(content: bytes) -> Asked:
    """Read a request. Raises Malformed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        envelope = etree.fromstring(content, parser)
        [body] = envelope.find(f"{SOAP}Body")
        headers = list(envelope.find(f"{SOAP}Header"))
    except (etree.XMLSyntaxError, TypeError, ValueError):
        raise Malformed from None
    return Asked(headers, body)


def fits(body: etree._Element) -> bool:
    """Whether the contract's schema allows an element."""
    return bool(_schema().validate(etree.ElementTree(body)))


def answer(question: Asked, content: Mapping[str, Any]) -> Response:
    """The response to a request; it carries the X-Road headers that came."""
    wrapper = etree.Element(f"{OURS}{question.operation}Response", nsmap=NAMES)
    for name, value in content.items():
        _put(wrapper, name, value, "Dong")
    copied = [header for header in question.headers if header.tag.startswith(XROAD)]
    return _envelope(wrapper, copied)


def fault(code: str, message: str, detail: Mapping[str, str] | None = None) -> Response:
    """A SOAP fault; with `detail`, one of the contract, else one of a security server."""
    element = etree.Element(f"{SOAP}Fault", nsmap=NAMES)
    etree.SubElement(element, "faultcode").text = code
    etree.SubElement(element, "faultstring").text = message
    about = etree.SubElement(element, "detail")
    if detail:
        _put(about, "LoiDichVu", detail, "")
    else:
        etree.SubElement(about, f"{XROAD}faultDetail").text = message
    return _envelope(element, [], status=500)


def _put(parent: etree._Element, name: str, value: Any, item: str = "Muc") -> None:
    element = etree.SubElement(parent, OURS + name)
    if isinstance(value, str):
        element.text = value
    elif isinstance(value, Mapping):
        for inner, held in value.items():
            _put(element, inner, held)
    else:
        for one in value:
            _put(element, item, one)


def _envelope(body: etree._Element, headers: list[etree._Element], status: int = 200) -> Response:
    envelope = etree.Element(f"{SOAP}Envelope", nsmap=NAMES)
    etree.SubElement(envelope, f"{SOAP}Header").extend(headers)
    etree.SubElement(envelope, f"{SOAP}Body").append(body)
    content = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
    return Response(content, status, media_type="text/xml; charset=utf-8")
