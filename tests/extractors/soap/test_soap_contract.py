"""The pinned contract: whole, usable by zeep, and said by the simulated nation as it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import zeep
from lxml import etree

from catalog.errors import (
    DeclarationError,
    DeliveryBroken,
    SourceRefused,
    SourceThrottled,
    SourceUnavailable,
)
from catalog.night import Night
from catalog.settings import CATALOG, DEMO_SECRET
from catalog.sources import Source, sources
from extractors import collect, paging, read
from extractors.soap import contract
from simulator import Nation
from simulator.server import application
from tests.extractors.conftest import CLIENT, Shelf, serving
from tests.extractors.soap.conftest import OURS

WSDL = CATALOG / "contracts" / "motcua.wsdl"
XS = "{http://www.w3.org/2001/XMLSchema}"
SLUG = "an_giang"
NIGHT = Night(dt.date(2026, 9, 20))
SINCE, UNTIL = dt.datetime(2026, 6, 23), dt.datetime(2026, 9, 21)


@pytest.fixture(scope="module")
def nation() -> Nation:
    """A nation in which one province speaks SOAP."""
    made = Nation(dt.date(2026, 9, 1), dossiers=20_000, seed=7)
    records = ["dossier", "dossier_event", "rating"]
    speaks = {"platform": "soap", "url": f"{{nation}}/{SLUG}/soap", "records": records}
    xroad = {"client": CLIENT, "service": "VN/GOV/000.00.00.H01/mot-cua"}
    source = Source.model_validate({**sources()[SLUG].model_dump(), **speaks, "xroad": xroad})
    vars(made)["sources"] = {**made.sources, SLUG: source}
    return made


@pytest.fixture(scope="module")
def address(nation: Nation) -> Iterator[str]:
    with serving(application(nation)) as address:
        yield address


@pytest.fixture
def source(nation: Nation, address: str, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setattr("extractors.web.FIRST_WAIT", 0.001)
    changes = {"url": f"{address}/{SLUG}/soap", "page_size": 40, "attempts": 2}
    return nation.sources[SLUG].model_copy(update={**changes, "timeout_seconds": 5})


def brought(source: Source, record: str, cursor: str = "") -> tuple[list[Any], list[bytes]]:
    shelf = Shelf()
    collect(source, record, NIGHT, cursor, shelf.land)
    rows = [row for page in shelf.pages for row in read(source, record, page)]
    return rows, shelf.pages


def test_the_contract_is_whole_in_one_file() -> None:
    wsdl = etree.parse(WSDL)
    assert not wsdl.xpath("//@schemaLocation | //@location[not(contains(., '.invalid'))]")
    with pytest.raises(DeclarationError, match=r"motcua\.wsdl"):
        contract.Shelf().load("http://127.0.0.1/other.xsd")


def test_every_operation_of_the_contract_is_one_we_ask() -> None:
    operations = etree.parse(WSDL).iterfind(".//{*}binding/{*}operation[@name]")
    names = {operation.get("name") for operation in operations}
    assert names == {*paging.SERVICES.values(), contract.LOG_IN}


def test_the_lists_of_the_contract_are_known() -> None:
    names = {tag.removeprefix(f"{{{OURS}}}") for tag in contract.lists()}
    assert {"TaiLieuNop", "DanhSachLePhi", "DanhSachHoSoBoSung", "DanhSachGiayToKetQua"} <= names
    assert not names & {"DanhSach", "Dong", "Muc", "MaHoSo"}


def schema() -> etree.XMLSchema:
    [ours] = etree.parse(WSDL).iterfind(f".//{XS}schema[@targetNamespace='{OURS}']")
    return etree.XMLSchema(etree.fromstring(etree.tostring(ours)))


@pytest.mark.parametrize(
    ("record", "cursor", "since"),
    [
        ("dossier", "", SINCE),
        ("dossier_event", "", SINCE),
        ("rating", "", SINCE),
        ("dossier_key", "2026-09", dt.datetime(2026, 9, 1)),
    ],
)
def test_the_nations_rows_come_through_unchanged_and_as_the_contract_says(
    nation: Nation, source: Source, record: str, cursor: str, since: dt.datetime
) -> None:
    rows, pages = brought(source, record, cursor)
    assert rows == [item.row() for item in nation.window(SLUG, record, since, UNTIL)]
    assert len(rows) > 10
    for page in pages:
        header, [body] = etree.fromstring(page)
        schema().assertValid(etree.ElementTree(body))
        names = [etree.QName(element).localname for element in header]
        assert names == ["client", "service", "id", "userId", "protocolVersion"]


def test_zeep_itself_can_talk_to_the_nation(nation: Nation, address: str) -> None:
    url = f"{address}/{SLUG}/soap"
    answer = httpx2.get(f"{url}?wsdl", trust_env=False)
    assert answer.content == WSDL.read_bytes()
    client = zeep.Client(str(WSDL))
    client.transport.session.trust_env = False
    service = client.create_service(f"{{{OURS}}}MotCua", url)
    xroad = nation.sources[SLUG].xroad
    assert xroad
    provider = contract.identifier("SERVICE", xroad.service)
    headers: dict[str, Any] = {
        "client": contract.identifier("SUBSYSTEM", xroad.client),
        "service": {**provider, "serviceCode": "DangNhap"},
        "id": "1",
        "userId": "VN1",
        "protocolVersion": "4.0",
    }
    login = {"TenDangNhap": SLUG, "MatKhau": DEMO_SECRET}
    session = service.DangNhap(**login, _soapheaders=headers).body.PhienLamViec
    headers["service"] = {**provider, "serviceCode": "DongBoHoSoMC"}
    window = {"TuNgay": "20260901000000", "DenNgay": "20260921000000", "Trang": 1, "SoDong": 5}
    got = service.DongBoHoSoMC(**window, _soapheaders={**headers, "PhienLamViec": session}).body
    assert (got.MaLoi, got.Trang, len(got.DanhSach.Dong)) == ("0", 1, 5)
    with pytest.raises(zeep.exceptions.Fault):
        service.DongBoHoSoMC(**window, _soapheaders={**headers, "PhienLamViec": "old"})


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "down"}, SourceUnavailable),
        ({"kind": "server_error"}, SourceUnavailable),
        ({"kind": "throttled"}, SourceThrottled),
        ({"kind": "token_expired"}, SourceRefused),
        ({"kind": "truncated_page"}, DeliveryBroken),
        ({"kind": "repeated_page"}, DeliveryBroken),
        ({"kind": "repeated_rows"}, DeliveryBroken),
    ],
)
def test_a_fault_of_the_nation_passes_or_is_told(
    source: Source, address: str, fault: dict[str, Any], error: type[Exception]
) -> None:
    whole, _ = brought(source, "dossier")
    faults = f"{address}/_faults/{SLUG}"
    httpx2.post(faults, json={**fault, "times": 1}, trust_env=False).raise_for_status()
    assert brought(source, "dossier")[0] == whole
    httpx2.post(faults, json=fault, trust_env=False).raise_for_status()
    try:
        with pytest.raises(error):
            brought(source, "dossier")
    finally:
        httpx2.delete(faults, trust_env=False).raise_for_status()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"client": "VN/GOV/khac/mot-cua"}, "AccessDenied"),
        ({"service": "VN/GOV/khac/mot-cua"}, "UnknownService"),
    ],
)
def test_the_nations_security_server_lets_only_members_through(
    source: Source, changes: dict[str, str], told: str
) -> None:
    assert source.xroad
    other = source.model_copy(update={"xroad": source.xroad.model_copy(update=changes)})
    with pytest.raises(SourceRefused, match=rf"Server\.ServerProxy\.{told}"):
        brought(other, "dossier")
    with pytest.raises(SourceRefused, match="TU_CHOI"):
        brought(source.model_copy(update={"user": "nguoi-khac"}), "dossier")
