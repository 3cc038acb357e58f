"""Imported by Airflow as it starts, where this folder is on the path: each task is forked from a
process that has Great Expectations already, instead of importing it again (5 seconds a task)."""

import sys

from expectations import preload

# While `-m airflow` is still being found, the main module has no file. pyspark, where it is
# installed, takes that for a run of its own doctests and ends the process.
vars(sys.modules["__main__"]).setdefault("__file__", __file__)
preload()
