"""Settings of all tests."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

from hypothesis import settings

if "MOTCUA_HOME" not in os.environ:
    os.environ["MOTCUA_HOME"] = tempfile.mkdtemp(prefix="motcua-tests-")
    atexit.register(shutil.rmtree, os.environ["MOTCUA_HOME"], ignore_errors=True)

os.environ.setdefault("MOTCUA_NATION_SFTP_PORT", "0")
"""Any free port: several nations may be open at a time. Who collects over SFTP names one."""

settings.register_profile("motcua", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("motcua")
