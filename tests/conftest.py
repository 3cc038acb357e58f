"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ.setdefault("MOTCUA_NATION_SFTP_PORT", "0")
"""Any free port: several nations may be open at a time. Who collects over SFTP names one."""

settings.register_profile("motcua", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("motcua")
