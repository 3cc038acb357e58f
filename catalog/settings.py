"""Everything the environment decides, read in this one place.

Every variable starts with ``MOTCUA_``. Secrets are read from the file named by
``<NAME>_FILE`` where that is set (Docker and Kubernetes secrets), else from ``<NAME>``.
"""

from __future__ import annotations

import datetime as dt
import os
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from catalog.errors import SettingsError

CATALOG = Path(__file__).resolve().parent
DEMO_SECRET = "demo-only-not-a-secret"


class Settings(BaseSettings):
    """The settings of one process; defaults are those of the demonstration on one machine."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", frozen=True, extra="ignore")

    home: Path = Path("var")
    declarations_dir: Path = CATALOG.parent
    sources_dir: Path = CATALOG / "sources"
    warehouse_url: str = ""
    nation_url: str = "http://127.0.0.1:8634"
    nation_sftp_host: str = "127.0.0.1"
    nation_sftp_port: int = 8636
    nation_database_url: str = ""
    demo: bool = True
    history_days: int = 90
    simulated_dossiers: int = 60_000
    compact_after_nights: int = 7
    collects_at_once: int = 8
    landing_retention_days: int = 400
    memory_limit: str = "1GB"
    airflow_port: int = 8635
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_tls: Literal["elsewhere", "always"] = "elsewhere"
    mail_sender: str = "motcua@localhost"
    web_url: str = Field(default="http://127.0.0.1:8637", pattern=r"^https?://[^/?#@\s]+/?$")
    link_days: int = Field(default=30, gt=0)
    webhook_hosts: str = "127.0.0.1,localhost"
    publish_by: dt.time | None = None
    runbooks_url: str = "docs/runbooks"
    metrics_url: str = ""

    @property
    def nation_database(self) -> str:
        """SQLAlchemy address of the database that simulated sources open to us."""
        file = self.home.resolve() / "nation" / "views.db"
        return self.nation_database_url or f"sqlite:///{file}"

    @property
    def rulebooks_dir(self) -> Path:
        return self.lake_dir / "rulebooks"

    @property
    def landing_dir(self) -> Path:
        return self.home.resolve() / "landing"

    @property
    def work_dir(self) -> Path:
        return self.home.resolve() / "work"

    @property
    def lake_dir(self) -> Path:
        return self.home.resolve() / "lake"

    @property
    def published_dir(self) -> Path:
        return self.home.resolve() / "published"

    @property
    def embargoed_dir(self) -> Path:
        """Releases that are cut and not yet public; nobody but the office may read here."""
        return self.home.resolve() / "embargoed"

    @property
    def outbox_dir(self) -> Path:
        return self.home.resolve() / "outbox"

    @property
    def alerts_dir(self) -> Path:
        """What operators must look at, one file a night: see `stack.alerts`."""
        return self.home.resolve() / "alerts"

    @property
    def lineage_dir(self) -> Path:
        """OpenLineage events, one file a night."""
        return self.home.resolve() / "lineage"

    @property
    def mailbox_dir(self) -> Path:
        """Where the demonstration's mail goes while no mail server is named (a maildir)."""
        return self.home.resolve() / "mailbox"

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The hosts that webhooks may lead to, written with commas between them."""
        return frozenset(host.strip() for host in self.webhook_hosts.split(",") if host.strip())

    @property
    def postgres_dir(self) -> Path:
        return self.home.resolve() / "postgres"

    def secret(self, name: str) -> str:
        """The secret called `name` (without prefix), or the demonstration's stand-in.

        Raises SettingsError outside the demonstration when neither
        ``MOTCUA_<name>_FILE`` nor ``MOTCUA_<name>`` is set.
        """
        file = os.environ.get(f"MOTCUA_{name}_FILE")
        if file:
            return Path(file).read_text(encoding="utf-8").strip()
        value = os.environ.get(f"MOTCUA_{name}")
        if value:
            return value
        if self.demo:
            return DEMO_SECRET
        raise SettingsError(f"MOTCUA_{name} (or MOTCUA_{name}_FILE) is not set")


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


def environment(**changes: str) -> dict[str, str]:
    """The environment of this process with `changes`, for one that it starts."""
    return {**os.environ, **changes}
