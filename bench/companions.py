"""What goes with the synthetic dossiers: their events and ratings, the national portal's side of
them, the catalogue of procedures. One Parquet file of each record kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bench import data
from bench.data import chance, day_of, listed, procedure_of
from catalog.records import records
from warehouse.lake.state import literal

EVENTFUL_PERCENT, RATED_PERCENT, MATCHED_PERCENT = 10, 25, 95
"""Of a hundred dossiers, how many tell events or are rated; of those on the portal, how many the
handling system has too."""
Made = tuple[dict[str, str], str]


def _events(dossiers: str) -> Made:
    """A request, an answer and, of those past their due time, an apology."""
    steps = ("supplement_requested", "supplement_received", "apology_issued")
    happened = (
        "[coalesce(asked, received + INTERVAL 3 HOUR), "
        "coalesce(answered, received + INTERVAL 30 HOUR), due + INTERVAL 20 HOUR][1 + step]"
    )
    query = f"""
        SELECT *, {happened} AS happened
        FROM ({dossiers}), (SELECT range::INT AS step FROM range(3))
        WHERE {chance("eventful", EVENTFUL_PERCENT)}
            AND (step < 2 OR coalesce(finished > due, false))"""
    return {
        "event_code": "format('{}-{}', code, step)",
        "event": listed(steps, "step"),
        "happened_at": "happened",
        "happened_on": day_of("happened"),
    }, query


def _ratings(dossiers: str) -> Made:
    rated = "finished + INTERVAL 1 DAY"
    return {
        "rating": listed(("very_satisfied",) * 8 + ("satisfied", "dissatisfied"), "hash(i) % 10"),
        "rated_at": rated,
        "rated_on": day_of(rated),
    }, f"SELECT * FROM ({dossiers}) WHERE is_finished AND {chance('rated', RATED_PERCENT)}"


def _on_portal(dossiers: str) -> Made:
    return {
        "dossier_code": f"CASE WHEN {chance('matched', MATCHED_PERCENT)} THEN code "
        "ELSE 'only there ' || code END",
        "status": "CASE WHEN is_finished THEN 'finished' ELSE 'processing' END",
        "submitted_at": "received",
        "submitted_on": day_of("received"),
        "source_id": "'cong_dvcqg_ho_so'",
    }, f"SELECT * FROM ({dossiers}) WHERE filed_on_portal"


def _procedures(dossiers: str) -> Made:
    del dossiers
    units = ("working_day",) * 7 + ("day", "month", "hour")
    unit = listed(units, "hash(i, 'unit') % 10")
    return {
        "procedure_code": procedure_of("i"),
        "title": "'Thủ tục ' || i",
        "agency_code": "'G15'",
        "service_level": data.one_of("service_level"),
        "is_approved": chance("approved", 70),
        "essential_number": "CASE WHEN i < 25 THEN i + 1 END",
        "has_fee": chance("fee", 50),
        "requires_result": f"CASE WHEN {chance('stated', 95)} THEN {chance('result', 80)} END",
        "is_for_citizens": chance("citizens", 60),
        "statutory_time": f"CASE {unit} WHEN 'month' THEN 1 + i % 3 ELSE 1 + i % 30 END",
        "statutory_unit": f"CASE WHEN {chance('limited', 95)} THEN {unit} END",
        "published_on": "DATE '2024-01-01' + (i % 900)::INT",
        "ended_on": f"CASE WHEN {chance('ended', 5)} THEN DATE '2026-07-01' + (i % 90)::INT END",
        "source_id": "'cong_dvcqg_thu_tuc'",
        "area_code": "'G22'",
    }, f"SELECT range AS i, 0 AS v FROM range({data.PROCEDURES})"


MADE: dict[str, Callable[[str], Made]] = {
    "dossier_event": _events,
    "rating": _ratings,
    "portal_dossier": _on_portal,
    "procedure": _procedures,
}


def write(folder: Path, rows: int) -> dict[str, Path]:
    """Write what goes with dossiers 0 to `rows` - 1; the files by record kind."""
    dossiers = data.facts(data.base_numbers(rows))
    common = {
        "dossier_code": "code",
        "agency_code": "agency",
        "area_code": "area",
        "source_id": listed((source for source, _ in data.places()), "place"),
    }
    files = {kind: folder / f"{kind}.parquet" for kind in MADE}
    with data.connect(folder) as connection:
        for kind, make in MADE.items():
            own, query = make(dossiers)
            kept = data.selected(records()[kind], common | own | data.lineage(0), query)
            target = literal(str(files[kind]))
            connection.execute(f"COPY ({kept}) TO {target} (FORMAT parquet, COMPRESSION zstd)")
    return files
