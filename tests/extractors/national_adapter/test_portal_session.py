"""The sessions of the national_adapter platform: got, ended, renewed, and never told."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from starlette.responses import JSONResponse, Response

from catalog.errors import (
    DeliveryBroken,
    SourceRefused,
)
from tests.extractors.conftest import Declare
from tests.extractors.national_adapter.conftest import CODES, Portal, breaks, codes, expired, pull


def test_the_declared_user_logs_in(declare: Declare, portal: Portal) -> None:
    portal.user = "mot-cua"
    assert pull(declare(user="mot-cua"))[0].rows == 7


def test_a_wrong_password_is_a_refusal_and_not_tried_again(
    declare: Declare, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_THU_NGHIEM", "another-secret")
    assert "login was refused with error_code 1" in breaks(declare(), SourceRefused)
    assert portal.bodies == []


@pytest.mark.parametrize(
    "answer", [b"<html>", b'{"error_code": 0}', b'{"error_code": 0, "session": ""}', b"\xff", b"{}"]
)
def test_a_login_answer_without_a_session_is_broken(
    declare: Declare, portal: Portal, answer: bytes
) -> None:
    portal.login_answer = Response(answer)
    assert "no session" in breaks(declare(), DeliveryBroken)


@pytest.mark.parametrize(
    "told",
    [
        expired(),
        JSONResponse({"error_code": "-1", "message": normalize("NFD", "PHIÊN đã hết hạn")}),
        JSONResponse({"error_code": -1, "message": "Invalid Session"}),
        Response(status_code=401),
    ],
    ids=["vietnamese", "decomposed", "english", "status"],
)
def test_a_session_that_ends_in_the_middle_is_renewed_once(
    declare: Declare, portal: Portal, told: Response
) -> None:
    portal.faults = {2: told}
    delivery, shelf = pull(declare())
    assert codes(declare(), shelf.pages) == CODES
    assert (len(portal.sessions), delivery.attempts) == (2, 3)
    assert [body["session"][-1] for body in portal.bodies] == ["1", "1", "2", "2"]


def test_a_second_ended_session_in_a_row_is_a_refusal(declare: Declare, portal: Portal) -> None:
    portal.faults = {2: expired(), 3: expired()}
    assert "the session does not hold" in breaks(declare(), SourceRefused)
    assert (len(portal.bodies), len(portal.sessions)) == (3, 2)


def test_a_version_is_not_taken_for_a_session(declare: Declare, portal: Portal) -> None:
    message = {"error_code": 7, "message": "Sai phiên bản dịch vụ"}
    portal.faults = dict.fromkeys((1, 2), JSONResponse(message))
    assert "error_code 7" in breaks(declare(), DeliveryBroken)
    assert len(portal.sessions) == 1
