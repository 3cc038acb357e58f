"""Releases under embargo become public when their hour has come: looked for at every full hour.

A release is cut by hand (`motcua release cut`) and waits for the hour that the calendar gives its
month. A run that was missed or has failed is made good by the next one, for whatever is due is
opened. Mostly nothing is: then both tasks are skipped. What counts is the time at which the first
truly starts, so that a run for a day to come opens nothing early.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from airflow.sdk import DAG, Asset, CronTriggerTimetable, task
from airflow.sdk.exceptions import AirflowSkipException

from catalog.night import LOCAL_ZONE
from catalog.settings import settings

RETRY_DELAY = dt.timedelta(seconds=1) if settings().demo else dt.timedelta(minutes=1)
RELEASE = Asset(name="release", uri=settings().published_dir.as_uri(), group="motcua")


@task(task_id="open", outlets=[RELEASE])
def open_due(ti: Any = None) -> list[str]:
    """Make public what is due by now, and say which releases that were."""
    import pipeline

    opened = pipeline.open_due(ti.start_date)
    if not opened:
        raise AirflowSkipException("no release is due")
    return opened


@task
def pages() -> str:
    """Make the site again, now with what was opened."""
    import pipeline

    return str(pipeline.pages())


with DAG(
    dag_id="release",
    schedule=CronTriggerTimetable("0 * * * *", timezone=str(LOCAL_ZONE)),
    start_date=dt.datetime(2026, 1, 1, tzinfo=LOCAL_ZONE),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "motcua", "retries": 2, "retry_delay": RETRY_DELAY},
    tags=["motcua", "release"],
    doc_md=__doc__,
):
    open_due() >> pages()
