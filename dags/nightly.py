"""The night: when it runs, in which order, and what is tried again.

Every local day at 01:00 the day before is reported. Each source is asked on its own (**collect**,
**conform**, **judge**), those of a platform in a group with a pool of its own; one that fails turns
red and stops nobody else. A source of returns is asked each night too and mostly has nothing new.
Then the nation is put together (**merge**, **measure**, **publish**, **notify**), and the figures
say who was missing; `pages` makes the site of them. The run is red only when nothing could be
published: `gate` decides that, or when the site could not be made.

To repeat or backfill a night, trigger with `on`, or run `airflow dags test nightly 2026-11-20` or
`airflow backfill create --dag-id nightly --from-date 2026-11-20 --to-date 2026-11-23` (the nights
of the 20th, 21st and 22nd). A repeated night changes nothing that was right.

Operators get an alert of each task that failed for good, and of a scheduled run that has not ended
by MOTCUA_PUBLISH_BY (`stack.alerts`). Only the DAG processor is told that hour: Airflow 3.3 cannot
`dags test` what has a deadline.
"""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from airflow.sdk import (
    DAG,
    Asset,
    CronDataIntervalTimetable,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
    TriggerRule,
    task,
    task_group,
)
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from airflow.sdk.exceptions import AirflowFailException

from catalog.errors import SourceError
from catalog.night import LOCAL_ZONE, local_date
from catalog.settings import settings
from catalog.sources import sources

SOURCE_ID = "{{ task.op_kwargs['source_id'] }}"
COULD_NOT_PUBLISH = 3
date = dt.date.fromisoformat
ONE_DAY = dt.timedelta(days=1)
RETRY_DELAY = dt.timedelta(seconds=1) if settings().demo else dt.timedelta(minutes=10)
LONGEST_COLLECTION = dt.timedelta(hours=2)
IF_LOST = ExceptionRetryPolicy(rules=[], default=RetryAction.FAIL)  # its worker died: no exception
IF_TRANSIENT = ExceptionRetryPolicy(
    rules=[RetryRule(exception=[e for e in SourceError.__subclasses__() if e.is_transient])],
    default=RetryAction.FAIL,
)
STARTS_AT = dt.time(1)
LAKE = Asset(name="lake", uri=settings().lake_dir.as_uri(), group="motcua")
RELEASE = Asset(name="release", uri=settings().published_dir.as_uri(), group="motcua")


def night(params: dict[str, Any], dag_run: Any) -> str:
    """The day to report: `on` if given, else the logical date's, at most the last complete day."""
    complete = local_date(dag_run.run_after) - ONE_DAY
    logical = local_date(dag_run.logical_date or dag_run.run_after)
    return params["on"] or min(logical, complete).isoformat()


def failed(context: Any) -> None:
    """Tell the operators of a task that will not be tried again."""
    from stack.alerts import Alert, alert, told

    task = context["ti"]
    error, about = told(context.get("exception"))
    source_id = (task.task.op_kwargs or {}).get("source_id", "")
    alert(
        Alert(
            on=night(context["params"], context["dag_run"]),
            kind="failed",
            at=task.start_date.astimezone(LOCAL_ZONE).isoformat(timespec="seconds"),
            task=task.task_id,
            source_id=source_id if isinstance(source_id, str) else "",
            error=error,
            about=about,
        )
    )


def late(context: Any) -> None:
    """Tell the operators that a night has not ended by its hour; one repeated later by hand, or
    in a backfill, has none."""
    from stack.alerts import Alert, alert

    run = context["dag_run"]
    if run["run_type"] != "scheduled":
        return
    days = {name: dt.datetime.fromisoformat(run[name]) for name in ("logical_date", "run_after")}
    on = night({"on": (run["conf"] or {}).get("on")}, SimpleNamespace(**days))
    due_at = dt.datetime.fromisoformat(str(context["deadline"]["deadline_time"]))
    at = due_at.astimezone(LOCAL_ZONE).isoformat(timespec="seconds")
    about = "not published by its hour"
    alert(Alert(on=on, kind="late", at=at, error="PublicationError", about=about))


def deadlines() -> list[DeadlineAlert]:
    """One where an hour is set, counted from the logical date: when the reported day began its own
    run, a day before the run that reports it."""
    by = settings().publish_by
    if by is None:
        return []
    hours = dt.datetime.combine(dt.date.max, by) - dt.datetime.combine(dt.date.max, STARTS_AT)
    reference, told = DeadlineReference.DAGRUN_LOGICAL_DATE, SyncCallback(late)
    return [DeadlineAlert(reference, ONE_DAY + hours, told, name="published")]


@task
def due(on: str, platform: str) -> list[str]:
    """The sources of one platform that must report on that day."""
    day = date(on)
    return [s.source_id for s in sources().values() if s.platform == platform and s.is_due(day)]


@task(
    map_index_template=SOURCE_ID,
    execution_timeout=LONGEST_COLLECTION,
    retry_policy=IF_TRANSIENT,
)
def collect(on: str, source_id: str) -> str:
    """Ask the source for what changed and land its pages; tried again where that can help."""
    import pipeline

    return pipeline.collect(date(on), source_id)


@task(map_index_template=SOURCE_ID)
def conform(on: str, source_id: str) -> str:
    """Turn the landed pages into records and rejects."""
    import pipeline

    return pipeline.conform(date(on), source_id)


@task(map_index_template=SOURCE_ID)
def judge(on: str, source_id: str) -> str:
    """Accept the batch, quarantine rows of it, or hold it."""
    import pipeline

    return pipeline.judge(date(on), source_id)


@task(trigger_rule=TriggerRule.ALL_DONE, outlets=[LAKE])
def merge(on: str) -> dict[str, int]:
    """Take every accepted batch into the lake; runs whichever sources failed."""
    import pipeline

    return pipeline.merge(date(on))


@task
def measure(on: str) -> dict[str, int]:
    """Count, and derive every indicator with its coverage."""
    import pipeline

    return pipeline.measure(date(on))


@task(outlets=[RELEASE])
def publish(on: str) -> dict[str, int]:
    """Freeze the release and swap it in, in one transaction."""
    import pipeline

    return pipeline.publish(date(on))


@task
def pages(on: str) -> str:
    """Make the site again, of the new release and all before it."""
    import pipeline

    return str(pipeline.pages())


@task(trigger_rule=TriggerRule.ALL_DONE)
def notify(on: str) -> dict[str, int]:
    """Tell the provinces and the operators, also and above all when something failed."""
    import pipeline

    return pipeline.notify(date(on), lambda: dt.datetime.now(dt.UTC))


@task(trigger_rule=TriggerRule.ALL_DONE)
def gate(on: str, published: Any) -> None:
    """Make the night red if, and only if, it could not publish."""
    import pipeline

    if published is None or pipeline.outcome(date(on)) == COULD_NOT_PUBLISH:
        raise AirflowFailException("the night could not publish; the release before it stays")


def reports(on: str, platform: str) -> Any:
    """One mapped group for a platform: a failed source stops only its own two next steps."""

    @task_group(group_id=platform)
    def source(source_id: str) -> None:
        collected = collect.override(pool=platform)(on=on, source_id=source_id)
        conformed = conform(on=on, source_id=source_id)
        collected >> conformed >> judge(on=on, source_id=source_id)

    return source.expand(source_id=due.override(task_id=f"due_{platform}")(on, platform))


with DAG(
    dag_id="nightly",
    schedule=CronDataIntervalTimetable(f"{STARTS_AT:%-M %-H} * * *", timezone=str(LOCAL_ZONE)),
    start_date=dt.datetime(2026, 1, 1, tzinfo=LOCAL_ZONE),
    catchup=False,
    max_active_runs=1,
    deadline=deadlines(),
    default_args={
        "owner": "motcua",
        "retries": 2,
        "retry_delay": RETRY_DELAY,
        "retry_policy": IF_LOST,
        "on_failure_callback": failed,
    },
    params={"on": Param(None, type=["null", "string"], format="date", title="Ngày báo cáo")},
    tags=["motcua", "nightly"],
    user_defined_macros={"night": night},
    doc_md=__doc__,
):
    on = "{{ night(params, dag_run) }}"
    published = publish(on)
    merged = merge(on)
    [reports(on, p) for p in sorted({s.platform for s in sources().values()})] >> merged
    merged >> measure(on) >> published
    notified = notify(on)
    published >> notified >> gate(on, published)
    published >> pages(on)
