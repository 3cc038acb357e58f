"""Run with Airflow's environment set: bring its database up to date, declare a pool per platform.

`python -m stack.prepare` may be repeated at will; the compose file's first service is this.
"""

from __future__ import annotations

from catalog.sources import sources

SLOTS = 8


def pools() -> dict[str, int]:
    """How many sources of each platform may be asked at the same time."""
    return {source.platform: SLOTS for source in sources().values()}


def main() -> None:
    from airflow.models.pool import Pool
    from airflow.utils.db import upgradedb

    upgradedb()
    for name, slots in pools().items():
        Pool.create_or_update_pool(
            name=name,
            slots=slots,
            description="sources of this platform asked at the same time",
            include_deferred=False,
        )


if __name__ == "__main__":
    main()
