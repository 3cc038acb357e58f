"""The quarantine: which rows were turned away, judging them again, letting a held batch in."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any

import typer
import typer.core

import pipeline
from catalog.codelists import name_of
from catalog.errors import LakeError, SourceError
from expectations.check import checks
from motcua.application import AsJson, MaybeOn, MaybeSource, app, console, parse_day, show
from motcua.tables import table
from pipeline import incidents, score_cards
from pipeline.replay import Chosen, Release, newest_night
from pipeline.replay import release as let_in
from pipeline.replay import replay as judge_again
from pipeline.stores import landing, warehouse
from warehouse import quarantine as stored
from warehouse.connections import transaction

NOT_ALL = 1
Rows = list[dict[str, Any]]


class ListsByItself(typer.core.TyperGroup):
    """Without a command of its own it lists."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        is_named = bool(args) and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if is_named else ["list", *args])


quarantine = typer.Typer(
    cls=ListsByItself, help="Rows turned away: list, show, replay; release a held batch."
)
app.add_typer(quarantine, name="quarantine", rich_help_panel="Looking")
Why = Annotated[
    str | None, typer.Option("--check", metavar="ID", help="One check, or reason of a reject.")
]


def _state(text: str) -> str:
    if text not in ("open", "closed", "any"):
        raise typer.BadParameter("write open, closed or any")
    return text


def _nights(text: str) -> tuple[dt.date, dt.date]:
    first, dots, last = text.partition("..")
    return parse_day(first), parse_day(last if dots else first)


@quarantine.command("list")
def list_rows(
    on: MaybeOn = None,
    source: MaybeSource = None,
    check: Why = None,
    state: Annotated[
        str | None,
        typer.Option(parser=_state, metavar="STATE", help="open, closed or any; of a night: any."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Rows turned away or warned of: how many and why; with --json every one of them."""
    with transaction(warehouse().engine) as connection:
        asked: Any = state
        rows = stored.read(connection, source, on, asked, check)
    if as_json:
        show("", rows, as_json)
        return
    counts = Counter((row["source_id"], row["record"], *_why(row)) for row in rows)
    words = ("Hệ thống\nsource", "Bản ghi\nrecord", "Kết cục\nend", "Lý do\nreason")
    made = table(words, ("Dòng\nrows",))
    for cells, count in sorted(counts.items()):
        made.add_row(*cells, f"{count:,}")
    console.print(made)


def _why(row: dict[str, Any]) -> Iterable[str]:
    """How the row ended, and the check or the reason by code and in words."""
    if "check_id" in row:
        known = checks().get(row["check_id"])
        end = "quarantined" if row["severity"] == "error" else "warned"
        return end, f"{row['check_id']}\n{known.title_vi if known else ''}"
    reason = row["reason"]
    return "rejected", f"{row['field']}: {reason}\n{name_of('reject_reason', reason)}"


@quarantine.command("show")
def show_row(
    row: Annotated[str, typer.Argument(metavar="ID|KEY", help="PAGE:ROW, or a record's key.")],
    as_json: AsJson = False,
) -> None:
    """All that was found in one row or record: why, since when, where it stands, what it holds
    (nothing of the applicant)."""
    with transaction(warehouse().engine) as connection:
        rows = [_told(found) for found in stored.at(connection, row)]
    if not rows:
        raise typer.BadParameter("nothing was turned away under this name")
    if as_json:
        show("", rows, as_json)
        return
    for number, told in enumerate(rows):
        made = table(("", ""), (), f"{number + 1}/{len(rows)}")
        content = told.pop("row") or {}
        for name, value in {**told, **content}.items():
            if value not in (None, ""):
                made.add_row(name, str(value))
        console.print(made)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """What one finding or reject says in both languages; no code of a person, no hash of one."""
    at, _, sha256 = "", "", row["page_sha256"]
    if sha256:
        at = f"{sha256[: stored.SHORTEST * 2]}:{row['page_row']}"
    facts = {"id": at, **row, "page_is_kept": _is_kept(sha256), "row": row.get("row")}
    known = checks().get(row.get("check_id", ""))
    if known:
        names = ("title_vi", "title_en", "why_vi", "fix_vi", "responsibility", "dimension")
        return {**facts, **{name: getattr(known, name) for name in names}}
    if "reason" in row:
        for language in ("vi", "en"):
            facts[f"title_{language}"] = name_of("reject_reason", row["reason"], f"name_{language}")
    return facts


def _is_kept(sha256: str | None) -> bool | None:
    """Whether the landing area still holds the page; None for what is about a whole batch."""
    if sha256 is None:
        return None
    try:
        landing().read(sha256)
    except LakeError:
        return False
    return True


@quarantine.command("replay")
def replay(
    source: MaybeSource = None,
    check: Why = None,
    on: Annotated[
        str, typer.Option(metavar="N..M", help="The nights that brought the rows, or one.")
    ] = f"{dt.date.min}..{dt.date.max}",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be.")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge rows of past nights again, by the rules and dialects of today. The newest night takes
    those that pass, and its figures are published again."""
    night = newest_night()
    lines = judge_again(night, Chosen(source, check, *_nights(on)), dry_run)
    _finish(night.on, lines, as_json, is_changed=not dry_run)


@quarantine.command("release")
def release(
    batch: Annotated[str, typer.Argument(metavar="BATCH", help="ha_noi.dossier.2026-11-22")],
    by: Annotated[str, typer.Option("--by", help="Who decides: a name or role of the office.")],
    why: Annotated[str, typer.Option("--why", help="Why it is right as it is.")],
    as_json: AsJson = False,
) -> None:
    """Accept a held batch, with what was held of the same source and night. The newest night takes
    it, and its figures are published again."""
    night = newest_night(batch)
    try:
        lines = let_in(night, batch, Release(by, why))
    except (SourceError, LakeError) as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(NOT_ALL) from None
    _finish(night.on, lines, as_json, is_changed=True)


def _finish(on: dt.date, lines: Rows, as_json: bool, is_changed: bool) -> None:
    done = [line for line in lines if not line["problem"]]
    if done and is_changed:
        pipeline.measure(on)
        pipeline.publish(on)
        pipeline.pages()
        incidents.update(on)
        score_cards.update(on)
    brief = [{name: line[name] for name in line if name != "batch_id"} for line in lines]
    show(f"replayed into {on}", lines if as_json else brief, as_json)
    if len(done) < len(lines):
        raise typer.Exit(NOT_ALL)
