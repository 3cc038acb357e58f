"""Settings of all tests."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile

from hypothesis import settings

if "MOTCUA_HOME" not in os.environ:
    os.environ["MOTCUA_HOME"] = tempfile.mkdtemp(prefix="motcua-tests-")
    atexit.register(shutil.rmtree, os.environ["MOTCUA_HOME"], ignore_errors=True)

os.environ.setdefault("MOTCUA_NATION_SFTP_PORT", "0")
"""Any free port: several nations may be open at a time. Who collects over SFTP names one."""

settings.register_profile("motcua", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("motcua")

if not hasattr(sys.modules["__main__"], "__file__"):
    # Where pyspark is installed it takes a worker of pytest-xdist for its own doctests, and exits.
    sys.modules["__main__"].__file__ = __file__
