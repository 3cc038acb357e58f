"""SOAP faults: what a provider says with a code of the contract, or a security server of X-Road.

A fault's text is for people and may hold anything; it is never read.
"""

from __future__ import annotations

from lxml import etree

from catalog.errors import DeliveryBroken, SourceError, SourceRefused, SourceUnavailable
from extractors import security_server
from extractors.soap.contract import OURS, SOAP
from extractors.web import LONGEST_RETRY_AFTER, Throttled, Unauthorised

FAULT = f"{SOAP}Fault"
PROVIDER: dict[str, type[SourceError]] = {
    "HET_PHIEN": Unauthorised,
    "QUA_TAI": Throttled,
    "TU_CHOI": SourceRefused,
    "YEU_CAU_SAI": SourceRefused,
    "LOI_NOI_BO": SourceUnavailable,
}
"""The codes of LoiDichVu in the contract."""


def told(source_id: str, fault: etree._Element, message: str) -> SourceError | None:
    """The error of a fault with a code of the contract or of a security server; None for another.
    `message` is our X-Road id of the request."""
    typed = fault.find(f"detail/{OURS}LoiDichVu")
    if typed is not None:
        return _provider(source_id, typed)
    code = (fault.findtext("faultcode") or "").strip()
    is_ours = security_server.FAULT.fullmatch(code)
    return security_server.fault(source_id, code, message) if is_ours else None


def untold(source_id: str, fault: etree._Element) -> SourceError:
    """The error of a fault that has only a code of SOAP's own (SOAP 1.1, 4.4.1)."""
    code = (fault.findtext("faultcode") or "").strip().rpartition(":")[2].partition(".")[0]
    if code == "Client":
        return SourceRefused(source_id, "the provider finds fault with the request")
    if code == "Server":
        return SourceUnavailable(source_id, "the provider failed")
    return DeliveryBroken(source_id, "a fault with a code that is not known")


def _provider(source_id: str, typed: etree._Element) -> SourceError:
    code = typed.findtext(f"{OURS}MaLoi") or ""
    if code not in PROVIDER:
        return DeliveryBroken(source_id, "a provider fault with a code that is not known")
    error = PROVIDER[code](source_id, f"provider fault {code}")
    wait = (typed.findtext(f"{OURS}ChoGiay") or "").strip()
    if isinstance(error, Throttled) and wait.isascii() and wait.isdigit() and len(wait) < 10:
        error.wait = min(float(wait), LONGEST_RETRY_AFTER)
    return error
