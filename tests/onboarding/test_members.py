"""The sources folder beside the member lists of exchanges."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from typer.testing import CliRunner

from catalog.errors import DeliveryBroken, SourceError, SourceUnavailable
from catalog.sources import Source, sources
from motcua import app
from pipeline.onboarding.members import Member, compare, read_members
from simulator import Nation
from simulator.desk import Desk
from simulator.server import Office

DAY = "2026-11-22"
XML = """\
<?xml version="1.0" encoding="UTF-8"?>
<ns3:conf xmlns:ns3="http://x-road.eu/xsd/xroad.xsd">
  <instanceIdentifier>VN</instanceIdentifier>
  <member id="id0">
    <memberClass><code>GOV</code><description>Government</description></memberClass>
    <memberCode>000.00.00.H26</memberCode>
    <name>Hệ thống một cửa Hà Nội</name>
    <subsystem id="id1"><subsystemCode>mot-cua</subsystemCode></subsystem>
  </member>
  <securityServer><owner>id0</owner></securityServer>
</ns3:conf>
"""


def declare(source_id: str, area: str, name: str, url: str = "https://x.invalid") -> Source:
    facts = {"platform": "lgsp_json", "starts_on": dt.date(2026, 1, 1), "legal_basis": "x"}
    named = {"source_id": source_id, "area": area, "name_vi": name, "url": url}
    return Source.model_validate({**facts, **named})


DECLARED = {
    "ha_noi": declare("ha_noi", "H26", "Hệ thống một cửa Hà Nội"),
    "hoa_binh": declare("hoa_binh", "H28", "Hệ thống một cửa Hòa Bình"),
    "wabo": declare("wabo", "X-WABO", "Tệp", url=""),
}


def differences(*members: Member) -> list[tuple[str, str, str]]:
    found = compare(members, DECLARED, DAY)
    return [(row["difference"], row["code"], row["source_id"]) for row in found]


HA_NOI = Member("H26", "Hệ thống một cửa Hà Nội")
HOA_BINH = Member("H28", "hệ thống một cửa Hoà Bình")


def test_an_equal_list_has_no_difference_however_tones_and_codes_are_written() -> None:
    assert differences(HA_NOI, HOA_BINH) == []
    assert differences(Member("000.00.00.H26", HA_NOI.name), HOA_BINH) == []


def test_what_only_one_side_knows_is_found() -> None:
    new = Member("H29", "Hệ thống một cửa Thành phố Hồ Chí Minh", "2026-06-01")
    assert differences(HA_NOI, HOA_BINH, new) == [("not_declared", "H29", "")]
    assert differences(HA_NOI) == [("not_listed", "H28", "hoa_binh")]


def test_another_name_is_found() -> None:
    renamed = Member("H26", "Cổng dịch vụ công Hà Nội")
    assert differences(renamed, HOA_BINH) == [("other_name", "H26", "ha_noi")]


def test_a_member_of_later_is_none_yet() -> None:
    assert differences(HA_NOI, HOA_BINH, Member("H29", "x", "2026-11-23")) == []


def test_a_list_that_knows_our_ids_is_matched_by_them() -> None:
    assert differences(HA_NOI, HOA_BINH, Member("H26", "x", "", "another")) == [
        ("not_declared", "H26", "another")
    ]


def test_lists_are_read_as_json_csv_and_shared_parameters(tmp_path: Path) -> None:
    row = {"code": "H26", "name": "Hà Nội", "since": "2026-01-01", "more": "left alone"}
    (tmp_path / "a.json").write_text(json.dumps({"members": [row]}), encoding="utf-8")
    (tmp_path / "a.csv").write_text("code,name,since\nH26,Hà Nội,2026-01-01\n", encoding="utf-8")
    (tmp_path / "a.xml").write_text(XML, encoding="utf-8")
    expected = Member("H26", "Hà Nội", "2026-01-01")
    assert read_members(str(tmp_path / "a.json")) == [expected]
    assert read_members(str(tmp_path / "a.csv")) == [expected]
    assert read_members(str(tmp_path / "a.xml")) == [Member("000.00.00.H26", HA_NOI.name)]


BOMB = XML.replace(
    "<ns3:conf", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><ns3:conf'
).replace("Hệ thống", "&b;")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"members": [{"code": 1}]}', "code\nH26\n", "<a>", "\xff", BOMB]
)
def test_anything_else_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_text(content, encoding="latin-1" if content == "\xff" else "utf-8")
    with pytest.raises(DeliveryBroken, match=r"neither members|names no member"):
        read_members(str(tmp_path / "a"))


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    for address in (str(tmp_path / "none"), "http://127.0.0.1:9/none"):
        with pytest.raises(SourceUnavailable) as caught:
            read_members(address)
        assert isinstance(caught.value, SourceError)


@pytest.fixture
def exchange() -> Iterator[str]:
    """The nation's member list over HTTP."""
    office = Office(Desk(Nation(dt.date(2026, 9, 1), dossiers=500)))
    application = Starlette(routes=[Route("/_members", office.members)])
    config = uvicorn.Config(application, port=0, log_level="critical", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/_members"
    finally:
        server.should_exit = True
        thread.join()


def test_the_nation_publishes_exactly_the_sources_that_are_declared(exchange: str) -> None:
    done = CliRunner().invoke(app, ["source", "diff", exchange, "--on", DAY])
    assert done.exit_code == 0, done.output
    assert "no difference" in done.output


def test_a_difference_exits_with_1(exchange: str, tmp_path: Path) -> None:
    members: list[Any] = [m for m in read_members(exchange) if m.source_id != "ha_noi"]
    listed = [{"code": m.code, "name": m.name, "source_id": m.source_id} for m in members]
    (tmp_path / "a.json").write_text(json.dumps({"members": listed}), encoding="utf-8")
    words = ["source", "diff", str(tmp_path / "a.json"), "--on", DAY, "--json"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    [row] = json.loads(done.output)
    assert (row["difference"], row["source_id"]) == ("not_listed", "ha_noi")
    assert row["name"] == sources()["ha_noi"].name_vi
