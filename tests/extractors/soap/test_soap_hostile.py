"""Hostile SOAP answers: refused before they cost anything, and without being obeyed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from starlette.responses import Response

from catalog.errors import DeliveryBroken
from extractors import read
from tests.extractors.conftest import MARK, ROWS, Declare, fails, run
from tests.extractors.soap.conftest import Provider, envelope, page

LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
BLOW = "<!ENTITY q '" + "x" * 100_000 + "'>"


def with_document_type(declared: str, text: str) -> str:
    start, rest = envelope(page(f"<Dong><MaHoSo>{text}</MaHoSo></Dong>")).split("?>", 1)
    return f"{start}?><!DOCTYPE e:Envelope {declared}>{rest}"


def hostile(provider: Provider, secret: Path) -> dict[str, str]:
    row, other = "<Dong><MaHoSo>1</MaHoSo></Dong>", f"{provider.url}/canary"
    return {
        "a file as an entity": with_document_type(
            f'[<!ENTITY x SYSTEM "{secret.as_uri()}">]', "&x;"
        ),
        "an address as an entity": with_document_type(f'[<!ENTITY x SYSTEM "{other}">]', "&x;"),
        "a parameter entity": with_document_type(f'[<!ENTITY % x SYSTEM "{other}"> %x;]', "1"),
        "an external document type": with_document_type(f'SYSTEM "{other}"', "1"),
        "a billion laughs": with_document_type(f'[<!ENTITY l0 "ha">{LAUGHS}]', "&l12;"),
        "a quadratic blowup": with_document_type(f"[{BLOW}]", "&q;" * 100_000),
        "laughs in an attribute": with_document_type(f'[<!ENTITY l0 "ha">{LAUGHS}]', "").replace(
            "<e:Envelope", '<e:Envelope a="&l12;"'
        ),
        "a late document type": f"<!-- a --> <!-- b -->{with_document_type('', '1')[38:]}",
        "a processing instruction": f'<?xml-stylesheet href="{other}"?>{envelope(page(row))[38:]}',
        "an undeclared entity": envelope(page("<Dong><MaHoSo>&x;</MaHoSo></Dong>")),
        "a document type inside": envelope(page(f"<!DOCTYPE x>{row}")),
        "an inclusion": envelope(
            page(f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{other}"/>')
        ),
        "a long text": envelope(page(f"<Dong><MaHoSo>{'x' * 11_000_000}</MaHoSo></Dong>")),
        "a row without an end": envelope(page(f"<Dong>{'<a/>' * 500_000}</Dong>")),
        "a long header": envelope("<a/>" * 500_000),
        "a deep row": envelope(page(f"<Dong>{'<a>' * 100_000}</Dong>")),
        "a long comment": f"<!--{'-' * 1_500_000}",
        "a long name": envelope(page(f"<{'n' * 900_000}/>")),
    }


NAMES = tuple(hostile(Provider(), Path("/")))


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_answer_is_broken_and_brings_nothing_in(
    declare: Declare, provider: Provider, tmp_path: Path, name: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(MARK)
    provider.faults = {1: Response(hostile(provider, secret)[name])}
    fails(declare(attempts=1), DeliveryBroken)
    assert (len(provider.asked), provider.visits) == (1, 0)
    _, shelf = run(declare())
    assert shelf.codes(declare()) == ROWS


def test_a_landed_page_is_read_with_the_same_care(declare: Declare, tmp_path: Path) -> None:
    for text in hostile(Provider(), tmp_path).values():
        with pytest.raises(DeliveryBroken):
            list(read(declare(), "dossier", text.encode()))


MEASURE = """
import re, sys
from pathlib import Path
from catalog.errors import DeliveryBroken
from extractors.soap.answers import read

def peak():
    status = Path("/proc/self/status").read_text()
    return int(re.search("VmHWM:\\s+(\\d+)", status)[1]) // 1024

content = Path(sys.argv[1]).read_bytes()
before = peak()
try:
    for part in read("x", content):
        pass
except DeliveryBroken:
    print(peak() - before)
"""


@pytest.mark.parametrize(
    ("unit", "times", "most"),
    [
        ("<a/>", 5_000_000, 50),
        ("x", 20_000_000, 10),
        ("&lt;", 5_000_000, 10),
        ("<a>", 5_000_000, 10),
        ("<Dong><a/></Dong>", 300_000, 10),
        ("<Dong><a>1</a></Dong><!-- -->", 200_000, 10),
    ],
)
def test_an_answer_of_megabytes_is_read_in_bounded_memory(
    tmp_path: Path, unit: str, times: int, most: int
) -> None:
    """In megabytes beyond the answer itself."""
    file = tmp_path / "answer.xml"
    file.write_text(envelope(page("@")).partition("@")[0] + unit * times)
    asked = [sys.executable, "-c", MEASURE, str(file)]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert int(done.stdout) < most
