"""The soap platform when the provider, a security server or the line between fails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import stamina.instrumentation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from catalog.errors import (
    DeliveryBroken,
    SourceError,
    SourceRefused,
    SourceThrottled,
    SourceUnavailable,
)
from extractors import read
from tests.extractors.conftest import MARK, ROWS, Declare, drift, fails, run
from tests.extractors.soap.conftest import OURS, Broken, Provider, Spoil, envelope, fault, typed

REFUSED, UNAVAILABLE = SourceRefused, SourceUnavailable
FAULTS: list[tuple[Response, type[SourceError], str]] = [
    (typed("YEU_CAU_SAI"), REFUSED, "provider fault YEU_CAU_SAI"),
    (typed("YEU_CAU_SAI", status=200), REFUSED, "provider fault YEU_CAU_SAI"),
    (typed("LOI_NOI_BO"), UNAVAILABLE, "provider fault LOI_NOI_BO"),
    (typed("QUA_TAI", wait="0"), SourceThrottled, "provider fault QUA_TAI"),
    (typed(MARK), DeliveryBroken, "code that is not known"),
    (fault("Server.ClientProxy.NetworkError"), UNAVAILABLE, "Server.ClientProxy.NetworkError"),
    (fault("Server.ServerProxy.ServiceFailed.HttpError"), UNAVAILABLE, "security server"),
    (fault("Server.ServerProxy.AccessDenied"), REFUSED, "Server.ServerProxy.AccessDenied"),
    (fault("server.serverproxy.access_denied", status=200), REFUSED, "security server"),
    (fault("Client.MissingHeaderField", status=200), REFUSED, "Client.MissingHeaderField"),
    (fault("e:Client", status=200), REFUSED, "finds fault with the request"),
    (fault("e:Server", status=200), UNAVAILABLE, "the provider failed"),
    (fault(f"e:{MARK}", status=200), DeliveryBroken, "a fault with a code that is not known"),
    (fault("e:Server", status=500), UNAVAILABLE, "/dich-vu answered 500"),
    (fault("e:Client", status=403), REFUSED, "/dich-vu answered 403"),
    (HTMLResponse(f"<p>{MARK}", status_code=502), UNAVAILABLE, "/dich-vu answered 502"),
    (Response(status_code=302, headers={"Location": "/"}), REFUSED, "/dich-vu answered 302"),
]


@pytest.mark.parametrize(("answer", "kind", "told"), FAULTS)
def test_a_fault_is_told_by_its_code_and_asked_again_where_that_may_help(
    declare: Declare, provider: Provider, answer: Response, kind: type[SourceError], told: str
) -> None:
    provider.faults = dict.fromkeys((2, 3), answer)
    assert told in fails(declare(attempts=2), kind)
    assert len(provider.asked) == (3 if kind.is_transient else 2)


def test_a_fault_that_passes_is_waited_out(declare: Declare, provider: Provider) -> None:
    provider.faults = {1: typed("LOI_NOI_BO"), 3: fault("Server.ClientProxy.NetworkError")}
    delivery, shelf = run(declare())
    assert shelf.codes(declare()) == ROWS
    assert [page.attempts for page in delivery.landed] == [2, 2, 1]


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (typed("QUA_TAI", wait="1"), 1.0),
        (typed("QUA_TAI", wait="1", status=200), 1.0),
        (Response(status_code=429, headers={"Retry-After": "1"}), 1.0),
    ],
)
def test_throttling_is_waited_out_as_the_provider_asks(
    declare: Declare, provider: Provider, answer: Response, wait: float
) -> None:
    provider.faults = {2: answer}
    waits: list[float] = []
    hooks = stamina.instrumentation.get_on_retry_hooks()
    stamina.instrumentation.set_on_retry_hooks([lambda retry: waits.append(retry.wait_for)])
    try:
        delivery, _ = run(declare())
    finally:
        stamina.instrumentation.set_on_retry_hooks(hooks)
    assert (waits, delivery.rows, delivery.attempts) == ([wait], 7, 4)


async def _hang_up(request: Request) -> Response:
    async def half() -> AsyncIterator[bytes]:
        yield b"<?xml"

    return StreamingResponse(half(), headers={"Content-Length": "5000"})


def _now(old: str, new: str) -> Spoil:
    return lambda text: text.replace(old, new)


PROLOG = 'encoding="UTF-8"'
BROKEN: dict[str, Broken] = {
    "cut off after": _hang_up,
    "cut or unexpected XML": lambda text: text[: len(text) // 2],
    "unexpected XML instead": Response("<e:Envelope>"),
    "single element in its body": HTMLResponse(f"<html><p>{MARK}</p></html>"),
    "no SOAP envelope": Response(envelope("")),
    "no SOAP envelope with a": Response(f'<DanhSach xmlns="{OURS}"><Dong/></DanhSach>'),
    "HTML or something else": HTMLResponse(f"<!doctype html><title>{MARK}</title>"),
    "a document type": Response(b""),
    "instead of a SOAP": Response(envelope("<x/>").encode("utf-16")),
    "another encoding": _now(PROLOG, 'encoding="windows-1258"'),
    "encoding than UTF-8": _now(PROLOG, "encoding='iso-8859-1'"),
    "XMLSyntaxError": Response(envelope("<x>\xff</x>").encode("latin-1")),
    "repeats an earlier page": lambda text: (
        text.replace("MA-3", "MA-0").replace("MA-4", "MA-1").replace("MA-5", "MA-2")
    ),
    "X-Road id than": _now("<Trang>2<", "<Trang>3<"),
    "another X-Road id": lambda text: text.replace("<x:id xmlns:x", "<x:id2 xmlns:x").replace(
        "</x:id>", "</x:id2>"
    ),
    "other counts": _now("<TongSo>7<", "<TongSo>8<"),
    "not all numbers": _now("<TongSo>7<", f"<TongSo>{MARK}<"),
    "TongSoTrang and TongSo": _now("TongSoTrang", "SoTrang"),
    "MaLoi 99": _now("<MaLoi>0<", "<MaLoi>99<"),
    "MaLoi that is not a number": _now("<MaLoi>0<", f"<MaLoi>{MARK}<"),
    "no DongBoHoSoMCResponse": _now("DongBoHoSoMCResponse", "DongBoDanhGiaResponse"),
    "is no DongBoHoSoMC": _now("urn:motcua:dong-bo:1", "urn:motcua:dong-bo:2"),
    "other than rows": _now("<Dong><MaHoSo>MA-4", "<Hang/><Dong><MaHoSo>MA-4"),
    "rows in DanhSach": _now("Dong>", "Hang>"),
    "something other than": _now("</Dong></DanhSach>", "</Dong>x</DanhSach>"),
    "other than rows in Danh": _now("<DanhSach>", "<DanhSach>x"),
}


@pytest.mark.parametrize("told", BROKEN)
def test_a_broken_page_is_asked_again_and_then_told(
    declare: Declare, provider: Provider, told: str
) -> None:
    broken: Any = BROKEN[told]
    provider.faults = {2: broken}
    delivery, shelf = run(declare())
    assert shelf.codes(declare()) == ROWS
    assert delivery.landed[1].attempts == 2
    provider.reset()
    provider.faults = dict.fromkeys((2, 3), broken)
    assert told in fails(declare(attempts=2), DeliveryBroken)
    assert len(provider.asked) == 3


def test_a_column_under_another_name_is_drift(declare: Declare, provider: Provider) -> None:
    provider.faults = dict.fromkeys((1, 2, 3), _now("MaHoSo>", "MaHS>"))
    _, shelf = run(declare())
    assert next(read(declare(), "dossier", shelf.pages[0]))["MaHS"] == ROWS[0]
    assert "MaHoSo" in drift(declare(), shelf.pages)


def test_an_answer_to_another_page_is_not_taken(declare: Declare, provider: Provider) -> None:
    """As a cache in between would give it: whole, but with the id of the first page."""
    provider.faults = {2: lambda text: provider.page(provider.asked[0])}
    assert "another page's number" in fails(declare(attempts=1), DeliveryBroken)


def test_fewer_rows_than_announced_break_the_delivery_at_its_end(
    declare: Declare, provider: Provider
) -> None:
    provider.faults = dict.fromkeys((1, 2, 3), _now("<TongSo>7<", "<TongSo>9<"))
    assert "7 rows came in 3 pages" in fails(declare(), DeliveryBroken)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(start=st.integers(0, 900), length=st.integers(0, 40), instead=st.binary(max_size=8))
def test_damage_anywhere_in_a_page_is_a_broken_delivery_or_harmless(
    declare: Declare, provider: Provider, start: int, length: int, instead: bytes
) -> None:
    provider.reset()

    async def damaged(request: Request) -> Response:
        whole = provider.page(provider.asked[-1]).encode()
        return Response(whole[:start] + instead + whole[start + length :])

    provider.faults = {1: damaged}
    source = declare(attempts=1)
    try:
        _, shelf = run(source)
    except (DeliveryBroken, SourceRefused):
        return
    assert sum(1 for page in shelf.pages for _ in read(source, "dossier", page)) == 7
