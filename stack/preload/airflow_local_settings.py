"""Imported by Airflow as it starts, where this folder is on the path: each task is forked from a
process that has Great Expectations already, instead of importing it again (5 seconds a task)."""

from expectations import preload

preload()
