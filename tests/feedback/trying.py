"""An office with two small systems, and a file of each that has something of everything."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalog import areas, settings, sources
from catalog.night import Night
from pipeline import stores
from stack.postgres import stop_embedded

NIGHT = Night.parse("2026-11-18")
PERSON, PHONE = "Nguyễn Thị Bí Mật", "0912345678"
FORMULA = '=HYPERLINK("http://x.invalid/","a")'
COLUMNS = ["Mã", "Kênh", "Tiếp nhận", "Hẹn trả", "Xong", "Cập nhật", "Họ tên", "Điện thoại"]
MAPPING = """
name_vi: Hệ thống thử
area: X-TEST-{number}
new_area: {{name_vi: Đơn vị thử {number}, name_en: Test office {number}, kind: other}}
starts_on: 2025-07-01
legal_basis: không có
mapping:
  records:
    dossier:
      version_at: {{from: Cập nhật, format: yyyy-MM-dd HH:mm:ss}}
      fields:
        dossier_code: {{from: Mã}}
        agency_code: {{from: Kênh, words: {{Một cửa: X-TEST.01, Qua mạng: X-TEST.02}}}}
        channel: {{from: Kênh, words: {{Một cửa: in_person, Qua mạng: online}}}}
        received_at: {{from: Tiếp nhận, format: yyyy-MM-dd HH:mm:ss}}
        due_at: {{from: Hẹn trả, format: yyyy-MM-dd HH:mm:ss}}
        finished_at: {{from: Xong, format: yyyy-MM-dd HH:mm:ss}}
        status: {{from: Xong, as: presence, words: {{present: finished, absent: processing}}}}
      personal: [Họ tên, Điện thoại]
"""
PLATFORMS = {
    "tha_tep": "platform: manual_drop\n",
    "bao_json": 'platform: lgsp_json\nurl: "http://127.0.0.1:9"\nsecret: X\n',
    "bao_soap": (
        'platform: soap\nurl: "http://127.0.0.1:9"\nsecret: X\n'
        "xroad: {client: a/b/c/d, service: a/b/c/e}\n"
    ),
}


def rows(good: int = 40) -> list[list[str]]:
    """`good` rows that are right, three that finish too early, two from tomorrow, an exact repeat,
    and four that cannot be read, one of them for two reasons."""
    found = [_row(number) for number in range(good)]
    found += [_row(number, finished="2026-11-02 07:00:00") for number in (901, 902)]
    found += [_row(903, finished="2026-11-01 07:00:00", version="2026-11-20 08:00:00")]
    found += [_row(904, version="2026-11-20 08:00:00"), _row(0)]
    found += [_row(905, channel=PERSON), _row(906, channel=PHONE)]
    found += [_row(907, received="hôm qua")]
    found += [_row(908, channel="", version="2026-13-01 00:00:00")]
    return found


def _row(
    number: int,
    channel: str = "Một cửa",
    received: str = "2026-11-10 08:00:00",
    finished: str = "2026-11-17 08:00:00",
    version: str = "2026-11-18 09:00:00",
) -> list[str]:
    code = FORMULA if number == 901 else f"T-{number:04d}"
    return [code, channel, received, "2026-11-20 17:00:00", finished, version, PERSON, PHONE]


def as_csv(lines: list[list[str]]) -> bytes:
    kept = io.StringIO()
    csv.writer(kept).writerows([COLUMNS, *lines])
    return kept.getvalue().encode()


def as_json(lines: list[list[str]]) -> bytes:
    data = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    envelope = {"error_code": "0", "page": 1, "pages": 1, "total": len(data), "data": data}
    return json.dumps(envelope, ensure_ascii=False).encode()


@contextmanager
def no_temporary_files() -> Iterator[None]:
    """There is no folder for one, so that making one fails."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(tempfile, "tempdir", "/nowhere/at/all")
        yield


def forget() -> None:
    """Forget what this process read from the environment."""
    for read in (settings.settings, sources.sources, areas.areas):
        read.cache_clear()
    for opened in (stores.landing, stores.lake, stores.warehouse):
        opened.cache_clear()


@contextmanager
def office(folder: Path) -> Iterator[Path]:
    """The office's home, below `folder`; its database, if one was opened, is stopped after."""
    declared, home = folder / "sources", folder / "var"
    declared.mkdir()
    for number, (name, platform) in enumerate(PLATFORMS.items(), start=1):
        text = platform + MAPPING.format(number=number)
        (declared / f"{name}.yml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("MOTCUA_HOME", str(home))
        changed.setenv("MOTCUA_SOURCES_DIR", str(declared))
        forget()
        try:
            yield home
        finally:
            if (home / "postgres").exists():
                stop_embedded(home / "postgres")
    forget()
